/* mh-settings-media: what is to be tracked: the media, from what the application
 * has set and what the stream itself tells; and whether what is set can work.
 *
 * May touch: GLib, mh-settings, mh-media, mh-metadata. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-media.h"
#include "mh-metadata.h"
#include "mh-settings.h"
#include "mh-stream-info.h"

G_BEGIN_DECLS

/* The length of live media, and of what has none
 * (docs/design/wire-media-collection.md#parameters). */
#define MH_LENGTH_UNKNOWN 86400.0

/**
 * mh_settings_check:
 * @settings: settings
 * @warning: told of everything that cannot work as it is set
 * @user_data: for @warning
 *
 * Says what of the settings cannot work; changes nothing.
 */
void mh_settings_check (
    const MhSettings *settings, MhWarningFunc warning, gpointer user_data);

/* Returns: (transfer full): a copy of the configuration for a session. It has no
 * server where nothing may be sent. */
MhConfig *mh_settings_dup_config (const MhSettings *settings);

/**
 * mh_settings_remembers:
 * @stream_type: (nullable): what the media is: "vod", "live", …
 * @live: whether it happens now
 *
 * Returns: whether the position of such media is to be kept.
 */
gboolean mh_settings_remembers (
    const MhSettings *settings, const char *stream_type, gboolean live);

/**
 * mh_settings_make_media:
 * @settings: what the application has set
 * @info: what was found for what it has not
 *
 * Returns: (transfer full): the media item to be tracked; valid.
 */
MhMedia *mh_settings_make_media (
    const MhSettings *settings, const MhStreamInfo *info);

G_END_DECLS
