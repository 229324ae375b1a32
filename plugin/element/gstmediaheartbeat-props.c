/* gstmediaheartbeat-props: the element's properties.
 *
 * What is set goes into a copy of the settings, which the observer gets as a
 * snapshot: nobody else has to lock anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

#include "mh-rows.h"
#include "mh-structure.h"

/* Of those that count when a session starts. */
#define FLAGS \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define FLAGS_PLAYING \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)
#define FLAGS_READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

enum
{
  PROP_0,
  /* What mh-rows has not. */
  PROP_PROTOCOL,
  PROP_MEDIA_LENGTH,
  PROP_MEDIA_TYPE,
  PROP_METADATA,
  PROP_CUSTOMER_IDS,
  PROP_PRIVACY,
  PROP_LEADER,
  PROP_LATE_DELIVERY,
  PROP_PLAYBACK_STATE,
  PROP_INACTIVE_TIME,
  PROP_RESUME_POSITION,
  PROP_SESSION_ID,
  PROP_STATS,
};

/* ---- setting ---- */

static void
set_strings (GVariant **field, const GValue *value)
{
  g_clear_pointer (field, g_variant_unref);
  *field = mh_structure_to_metadata (gst_value_get_structure (value));
}

static void
set_value (MhSettings *settings, GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  if (mh_rows_set (settings, id, value))
    return;
  switch (id) {
    case PROP_PROTOCOL:
      settings->config->protocol = (MhProtocolKind) g_value_get_enum (value);
      break;
    case PROP_MEDIA_LENGTH:
      settings->media_length = g_value_get_double (value);
      break;
    case PROP_MEDIA_TYPE:
      settings->media_type = (MhMediaType) g_value_get_enum (value);
      break;
    case PROP_METADATA:
      set_strings (&settings->metadata, value);
      break;
    case PROP_CUSTOMER_IDS:
      set_strings (&settings->config->customer_ids, value);
      break;
    case PROP_PRIVACY:
      settings->privacy = (MhPrivacy) g_value_get_enum (value);
      settings->opt_outs += settings->privacy == MH_PRIVACY_OPT_OUT;
      break;
    case PROP_LEADER:
      settings->leader = (MhLead) g_value_get_enum (value);
      break;
    case PROP_LATE_DELIVERY:
      settings->config->late_delivery = (MhLateDelivery) g_value_get_enum (
          value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);
  MhSettings *settings;
  gboolean running;

  GST_OBJECT_LOCK (self);
  settings = mh_settings_copy (self->settings);
  set_value (settings, object, id, value, pspec);
  settings->resumed_serial += g_str_equal (pspec->name, "resumed");
  mh_settings_unref (self->settings);
  self->settings = settings;
  if (id != PROP_METADATA)
    self->settings_checked = FALSE;
  mh_observer_set_settings (self->observer, settings);
  running = GST_STATE (self) > GST_STATE_NULL;
  GST_OBJECT_UNLOCK (self);

  if (running)
    gst_media_heartbeat_check_settings (self);
}

static void
warn (const char *message, gpointer user_data)
{
  mh_observer_warn (user_data, message);
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
    mh_settings_check (settings, warn, self->observer);
}

/* ---- getting ---- */

static void
get_strings (GValue *value, const char *name, GVariant *strings)
{
  if (strings)
    g_value_take_boxed (value, mh_structure_from_variant (name, strings));
}

static void
get_stats (GstMediaHeartbeat *self, guint id, GValue *value)
{
  g_auto (MhStats) stats = { 0 };
  GstStructure *structure;

  mh_observer_get_stats (self->observer, &stats);
  if (id == PROP_SESSION_ID) {
    g_value_set_string (value, stats.session_id);
    return;
  }
  structure = gst_structure_new ("application/x-media-heartbeat-stats",
      "sessions", G_TYPE_UINT64, stats.sessions, "resumes", G_TYPE_UINT64,
      stats.resumes, "hits", G_TYPE_UINT64, stats.hits, "sent", G_TYPE_UINT64,
      stats.sent, "queued", G_TYPE_UINT64, stats.queued, "failed",
      G_TYPE_UINT64, stats.failed, "dropped", G_TYPE_UINT64, stats.dropped,
      "refused", G_TYPE_UINT64, stats.refused, "last-error", G_TYPE_STRING,
      stats.last_error, NULL);
  g_value_take_boxed (value, structure);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);
  g_autoptr (MhSettings) settings = NULL;

  GST_OBJECT_LOCK (self);
  settings = mh_settings_ref (self->settings);
  GST_OBJECT_UNLOCK (self);
  if (mh_rows_get (settings, id, value))
    return;
  switch (id) {
    case PROP_PROTOCOL:
      g_value_set_enum (value, (int) settings->config->protocol);
      break;
    case PROP_MEDIA_LENGTH:
      g_value_set_double (value, settings->media_length);
      break;
    case PROP_MEDIA_TYPE:
      g_value_set_enum (value, (int) settings->media_type);
      break;
    case PROP_METADATA:
      get_strings (value, pspec->name, settings->metadata);
      break;
    case PROP_CUSTOMER_IDS:
      get_strings (value, pspec->name, settings->config->customer_ids);
      break;
    case PROP_PRIVACY:
      g_value_set_enum (value, (int) settings->privacy);
      break;
    case PROP_LEADER:
      g_value_set_enum (value, (int) settings->leader);
      break;
    case PROP_LATE_DELIVERY:
      g_value_set_enum (value, (int) settings->config->late_delivery);
      break;
    case PROP_PLAYBACK_STATE:
      g_value_set_enum (
          value, (int) mh_observer_get_playback_state (self->observer));
      break;
    case PROP_INACTIVE_TIME:
      g_value_set_uint64 (
          value, mh_observer_get_inactive_time (self->observer));
      break;
    case PROP_RESUME_POSITION:
      g_value_set_double (
          value, mh_observer_get_resume_position (self->observer));
      break;
    case PROP_SESSION_ID:
    case PROP_STATS:
      get_stats (self, id, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
}

/* ---- installing ---- */

/* What the element tells: each but inactive-time with notify, from one of
 * GStreamer's threads. */
static void
install_readable (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_PLAYBACK_STATE,
      g_param_spec_enum ("playback-state", "Playback state",
          "What the player is doing, as far as can be seen from here",
          MH_TYPE_PLAYBACK_STATE, MH_PLAYBACK_INIT, FLAGS_READ));
  g_object_class_install_property (klass, PROP_INACTIVE_TIME,
      g_param_spec_uint64 ("inactive-time", "Inactive time",
          "For how long the player has been inactive (ns); 0 while it plays", 0,
          G_MAXUINT64, 0, FLAGS_READ));
  g_object_class_install_property (klass, PROP_RESUME_POSITION,
      g_param_spec_double ("resume-position", "Resume position",
          "Where somebody was in this media before (s), for the application to "
          "go there; -1: nowhere, or not known (remember=true)",
          -1, G_MAXDOUBLE, -1, FLAGS_READ));
  g_object_class_install_property (klass, PROP_SESSION_ID,
      g_param_spec_string ("session-id", "Session ID",
          "The server's ID of the current session, once known", NULL,
          FLAGS_READ));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counters: sessions, resumes, hits, sent, queued, failed (attempts), "
          "dropped, refused (calls), and last-error",
          GST_TYPE_STRUCTURE, FLAGS_READ));
}

void
gst_media_heartbeat_install_properties (GObjectClass *klass)
{
  klass->set_property = set_property;
  klass->get_property = get_property;
  mh_rows_install (klass, FLAGS);
  g_object_class_install_property (klass, PROP_PROTOCOL,
      g_param_spec_enum ("protocol", "Protocol",
          "What the collection server speaks", MH_TYPE_PROTOCOL_KIND,
          MH_PROTOCOL_MEDIA_COLLECTION, FLAGS));
  g_object_class_install_property (klass, PROP_MEDIA_LENGTH,
      g_param_spec_double ("media-length", "Media length",
          "Length of the media (s); -1: the stream's duration, or 86400 where "
          "it has none",
          -1, G_MAXDOUBLE, -1, FLAGS));
  g_object_class_install_property (klass, PROP_MEDIA_TYPE,
      g_param_spec_enum ("media-type", "Media type",
          "Whether it is audio or video", MH_TYPE_MEDIA_TYPE,
          MH_MEDIA_TYPE_AUTO, FLAGS));
  g_object_class_install_property (klass, PROP_METADATA,
      g_param_spec_boxed ("metadata", "Metadata",
          "Standard and custom metadata of the media, one string field each; "
          "counts from the next session on",
          GST_TYPE_STRUCTURE, FLAGS_PLAYING));
  g_object_class_install_property (klass, PROP_CUSTOMER_IDS,
      g_param_spec_boxed ("customer-ids", "Customer IDs",
          "Parameter visitor.customerIDs: who the visitor is elsewhere, a field "
          "name=\"id,authState\" each; authState is 0 (unknown), 1 "
          "(authenticated) or 2 (logged out)",
          GST_TYPE_STRUCTURE, FLAGS));
  g_object_class_install_property (klass, PROP_PRIVACY,
      g_param_spec_enum ("privacy", "Privacy", "What the visitor has agreed to",
          MH_TYPE_PRIVACY, MH_PRIVACY_OPT_IN, FLAGS_PLAYING));
  g_object_class_install_property (klass, PROP_LEADER,
      g_param_spec_enum ("leader", "Leader",
          "Which of several elements of a pipeline tracks it: the first (auto), "
          "this one (yes), another one (no)",
          MH_TYPE_LEAD, MH_LEAD_AUTO, FLAGS));
  g_object_class_install_property (klass, PROP_LATE_DELIVERY,
      g_param_spec_enum ("late-delivery", "Late delivery",
          "What becomes of hits that the back end has no session for any more: "
          "sent as downloaded content (batch), or given up (drop)",
          MH_TYPE_LATE_DELIVERY, MH_LATE_DELIVERY_BATCH, FLAGS));
  install_readable (klass);

  gst_type_mark_as_plugin_api (MH_TYPE_PROTOCOL_KIND, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_MEDIA_TYPE, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_PRIVACY, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_LEAD, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_LATE_DELIVERY, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_PLAYBACK_STATE, 0);
}
