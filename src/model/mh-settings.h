/* mh-settings: what the element's properties say, as one immutable snapshot.
 *
 * The members that the core needs are in an MhConfig of their own.
 * src/model/mh-property-table.c has a row for each member, with its default.
 *
 * May touch: GLib, mh-config, mh-enums.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-enums.h"

G_BEGIN_DECLS

/* One member for each property that is not in @config; docs/reference/properties.md
 * says what they mean. Strings may be NULL, and are valid UTF-8. Immutable once
 * shared: change a copy (mh_settings_copy()). The reference count is atomic, so a
 * shared one may be read from any thread. */
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

/* Returns: (transfer full): the properties' defaults. */
MhSettings *mh_settings_new (void);
MhSettings *mh_settings_ref (MhSettings *settings);
void mh_settings_unref (MhSettings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhSettings, mh_settings_unref)

/* Returns: (transfer full): an equal one, with a configuration of its own; only the
 * caller holds it. */
MhSettings *mh_settings_copy (const MhSettings *settings);

G_END_DECLS
