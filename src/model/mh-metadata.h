/* mh-metadata: the application's names and values, and which of them are
 * standard parameters.
 *
 * Metadata is a GVariant of type `a{ss}`.
 *
 * May touch: GLib, mh-error, mh-text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-error.h"

G_BEGIN_DECLS

/* A bound, as mh-text's is: a stream's tags or an application's mistake must not fill the queue
 * or make the back end refuse a session. */
#define MH_METADATA_MAX_ENTRIES 100

/**
 * mh_metadata_clean:
 * @metadata: (nullable): `a{ss}`
 * @warning: told of each entry that is dropped or cut
 * @user_data: for @warning
 *
 * Drops entries whose key does not match [a-zA-Z0-9_.]+
 * (docs/design/session-rules.md#hits), all but the last of those that become
 * the same parameter, and those beyond %MH_METADATA_MAX_ENTRIES; makes values
 * fit, as by mh_text_dup_fit().
 *
 * Returns: (transfer full) (nullable): what is left, NULL for nothing.
 */
GVariant *mh_metadata_clean (
    GVariant *metadata, MhWarningFunc warning, gpointer user_data);

/**
 * mh_metadata_merge:
 * @first: (nullable): `a{ss}`
 * @more: (nullable): `a{ss}`
 *
 * Where both have the same parameter, under whichever of its names, that of
 * @first counts; it comes first, so that it also counts where all of it is too
 * much (mh_metadata_clean()).
 *
 * Returns: (transfer full) (nullable): what both say.
 */
GVariant *mh_metadata_merge (GVariant *first, GVariant *more);

/**
 * mh_metadata_standard_name:
 * @key: a clean key
 *
 * A key that begins with `media.` is a parameter under its own name, one of
 * the SDK's `a.media.…` names under that of the table in
 * docs/design/wire-media-collection.md#standard-metadata.
 *
 * Returns: (nullable): the parameter's name, NULL for custom metadata.
 */
const char *mh_metadata_standard_name (const char *key);

G_END_DECLS
