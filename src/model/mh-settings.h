/* mh-settings: what the element's properties say, as one immutable snapshot,
 * and what is to be tracked once the stream's own answers are known.
 *
 * May touch: GLib, mh-config, mh-media, mh-enums. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-enums.h"
#include "mh-media.h"
#include "mh-metadata.h"

G_BEGIN_DECLS

/* wire-media-collection.md: the length of live media, and of what has none. */
#define MH_LENGTH_UNKNOWN 86400.0

/**
 * MhSettings:
 *
 * One member for each property that is not in @config; design.md says what
 * they mean. Strings may be NULL, and are valid UTF-8. Immutable once shared.
 */
typedef struct
{
  /*< private >*/
  gatomicrefcount refs;

  /*< public >*/
  MhConfig *config;
  char *media_id;
  char *media_name;
  double media_length; /* s, -1: the stream's */
  char *content_type;
  MhMediaType media_type;
  gboolean remember;
  gboolean resumed;
  guint resumed_serial; /* how often it was set: it counts for one session */
  GVariant *metadata; /* a{ss} */
  gboolean downloaded;
  gboolean granular_ads;
  gboolean auto_chapters;
  gboolean auto_ads;
  gboolean auto_metadata;
  gboolean auto_states;
  guint preroll_wait; /* ms */
  guint stall_threshold; /* ms */
  MhPrivacy privacy;
  guint opt_outs; /* how often it was set to opt-out */
  MhLead leader;
  guint flush_timeout; /* ms */
  gboolean post_messages;
} MhSettings;

/**
 * MhStreamInfo:
 * @uri: (nullable): where the stream comes from, as the source says
 * @title: (nullable): its title tag
 * @metadata: (nullable): `a{ss}`: what else its tags say
 * @fallback_id: (nullable): what to call it without either
 * @duration: seconds, -1: unknown
 * @live: whether it happens now
 * @media_type: %MH_MEDIA_TYPE_AUTO: not known
 *
 * What was found out about what is played.
 */
typedef struct
{
  char *uri;
  char *title;
  GVariant *metadata;
  char *fallback_id;
  double duration;
  gboolean live;
  MhMediaType media_type;
} MhStreamInfo;

void mh_stream_info_clear (MhStreamInfo *info);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhStreamInfo, mh_stream_info_clear)

/**
 * mh_settings_new:
 *
 * Returns: (transfer full): the properties' defaults.
 */
MhSettings *mh_settings_new (void);
MhSettings *mh_settings_ref (MhSettings *settings);
void mh_settings_unref (MhSettings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhSettings, mh_settings_unref)

/**
 * mh_settings_copy:
 *
 * Returns: (transfer full): an equal one, with a configuration of its own, that
 *   nobody else holds.
 */
MhSettings *mh_settings_copy (const MhSettings *settings);

/**
 * mh_settings_check:
 * @settings: settings
 * @warning: told of everything that cannot work as it is set
 * @user_data: for @warning
 */
void mh_settings_check (
    const MhSettings *settings, MhWarningFunc warning, gpointer user_data);

/**
 * mh_settings_dup_config:
 *
 * Returns: (transfer full): the configuration that a session may go by: without
 *   a server where nothing may be sent.
 */
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

/**
 * mh_settings_strip_uri:
 * @uri: any text
 *
 * Returns: (transfer full): @uri without user name, password, query and
 *   fragment: what identifies the media without telling secrets.
 */
char *mh_settings_strip_uri (const char *uri);

G_END_DECLS
