/* gstmediaheartbeat-properties: the element's properties, made from the table of
 * src/model/mh-property-table.c.
 *
 * What is set goes into a copy of the settings, which the mailbox gets as a
 * snapshot, so that no other thread has to take a lock.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

#include "mh-settings-media.h"
#include "mh-property.h"
#include "mh-structure.h"

/* A property's ID is its row's number, from 1 on. */
static const MhProperty *
props_find (guint id)
{
  return mh_property_nth (id - 1);
}

/* ---- setting ---- */

static void
props_set_strings (GVariant **field, MhPropertyKind kind, const GValue *value)
{
  const GstStructure *structure = gst_value_get_structure (value);

  g_clear_pointer (field, g_variant_unref);
  *field = kind == MH_PROPERTY_CUSTOMER_IDS
      ? mh_structure_to_customer_ids (structure)
      : mh_structure_to_metadata (structure);
}

/* What is counted besides the value itself. */
static void
props_count (MhSettings *settings, const char *name)
{
  /* Where the visitor's things are may become known after the opt-out. */
  if (settings->privacy == MH_PRIVACY_OPT_OUT &&
      (g_str_equal (name, "privacy") || g_str_equal (name, "state-dir")))
    settings->opt_outs++;
  if (g_str_equal (name, "resumed"))
    settings->resumed_serial++;
}

static void
props_set_value (
    MhSettings *settings, const MhProperty *property, const GValue *value)
{
  GVariant **strings = mh_property_strings (property, settings);

  if (strings)
    props_set_strings (strings, property->kind, value);
  else
    mh_property_set (property, settings, value);
  props_count (settings, property->name);
}

static void
gst_media_heartbeat_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);
  MhSettings *settings;
  gboolean running, opts_out;

  GST_OBJECT_LOCK (self);
  settings = mh_settings_copy (self->settings);
  props_set_value (settings, props_find (id), value);
  opts_out = settings->opt_outs != self->settings->opt_outs;
  mh_settings_unref (self->settings);
  self->settings = settings;
  if (!g_str_equal (pspec->name, "metadata"))
    self->settings_checked = FALSE;
  mh_mailbox_set_settings (self->mailbox, settings);
  running = GST_STATE (self) > GST_STATE_NULL;
  GST_OBJECT_UNLOCK (self);

  if (opts_out)
    mh_tracked_player_obey_opt_out (self->player);
  if (running)
    gst_media_heartbeat_check_settings (self);
}

static void
props_warn (const char *message, gpointer user_data)
{
  mh_notifier_put_warning (user_data, message);
}

void
gst_media_heartbeat_check_settings (GstMediaHeartbeat *self)
{
  g_autoptr (MhSettings) settings = NULL;
  gboolean checked;

  GST_OBJECT_LOCK (self);
  settings = mh_settings_ref (self->settings);
  checked = self->settings_checked;
  self->settings_checked = TRUE;
  GST_OBJECT_UNLOCK (self);
  /* Not again for each item that is played with them. */
  if (!checked)
    mh_settings_check (
        settings, props_warn, mh_mailbox_get_notifier (self->mailbox));
}

/* ---- getting ---- */

static void
props_get_stats (GstMediaHeartbeat *self, GValue *value)
{
  g_auto (MhStats) stats = { 0 };

  mh_tracked_player_get_stats (self->player, &stats);
  g_value_take_boxed (value,
      gst_structure_new ("application/x-media-heartbeat-stats", "sessions",
          G_TYPE_UINT64, stats.sessions, "resumes", G_TYPE_UINT64,
          stats.resumes, "hits", G_TYPE_UINT64, stats.hits, "sent",
          G_TYPE_UINT64, stats.sent, "queued", G_TYPE_UINT64, stats.queued,
          "failed", G_TYPE_UINT64, stats.failed, "dropped", G_TYPE_UINT64,
          stats.dropped, "refused", G_TYPE_UINT64, stats.refused, "delivery",
          G_TYPE_STRING, stats.delivery, "last-error", G_TYPE_STRING,
          stats.last_error, NULL));
}

static void
props_get_session_id (GstMediaHeartbeat *self, GValue *value)
{
  g_auto (MhStats) stats = { 0 };

  mh_tracked_player_get_stats (self->player, &stats);
  g_value_set_string (value, stats.session_id);
}

/* What no setting has: each but inactive-time with notify, from one of
 * GStreamer's threads. */
static void
props_get_told (GstMediaHeartbeat *self, const char *name, GValue *value)
{
  MhMailbox *mailbox = self->mailbox;

  if (g_str_equal (name, "playback-state"))
    g_value_set_enum (value, (int) mh_mailbox_get_playback_state (mailbox));
  else if (g_str_equal (name, "inactive-time"))
    g_value_set_uint64 (value, mh_mailbox_get_inactive_time (mailbox));
  else if (g_str_equal (name, "resume-position"))
    g_value_set_double (value, mh_mailbox_get_resume_position (mailbox));
  else if (g_str_equal (name, "session-id"))
    props_get_session_id (self, value);
  else if (g_str_equal (name, "stats"))
    props_get_stats (self, value);
}

static void
props_get_strings (GValue *value, const MhProperty *property, GVariant *strings)
{
  if (strings)
    g_value_take_boxed (value,
        property->kind == MH_PROPERTY_CUSTOMER_IDS
            ? mh_structure_from_customer_ids (strings)
            : mh_structure_from_variant (property->name, strings));
}

static void
gst_media_heartbeat_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);
  const MhProperty *property = props_find (id);
  g_autoptr (MhSettings) settings = NULL;
  GVariant **strings;

  GST_OBJECT_LOCK (self);
  settings = mh_settings_ref (self->settings);
  GST_OBJECT_UNLOCK (self);
  if (property->place == MH_PROPERTY_IN_PLAYER)
    props_get_told (self, pspec->name, value);
  else if ((strings = mh_property_strings (property, settings)))
    props_get_strings (value, property, *strings);
  else
    mh_property_get (property, settings, value);
}

/* ---- installing ---- */

/* In which states GStreamer's users may set it for it to count as the blurb
 * says. */
static GParamFlags
props_mutable (const MhProperty *property)
{
  if (property->place == MH_PROPERTY_IN_PLAYER)
    return 0;
  return property->counts == MH_COUNTS_PAUSED ? GST_PARAM_MUTABLE_READY
                                              : GST_PARAM_MUTABLE_PLAYING;
}

void
gst_media_heartbeat_install_properties (GObjectClass *klass)
{
  const MhProperty *property;

  klass->set_property = gst_media_heartbeat_set_property;
  klass->get_property = gst_media_heartbeat_get_property;
  for (guint i = 0; (property = mh_property_nth (i)); i++) {
    g_object_class_install_property (klass, i + 1,
        mh_property_make_pspec (
            property, GST_TYPE_STRUCTURE, props_mutable (property)));
    if (property->type)
      gst_type_mark_as_plugin_api (property->type (), 0);
  }
}
