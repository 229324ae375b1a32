/* gstmediaheartbeat-props: the element's properties.
 *
 * What is set goes into a copy of the settings, which the observer gets as a
 * snapshot: nobody else has to lock anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

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
  /* What strings[] lists, in this order. */
  PROP_COLLECTION_SERVER,
  PROP_DATASTREAM_ID,
  PROP_TRACKING_SERVER,
  PROP_REPORT_SUITE,
  PROP_ORG_ID,
  PROP_VISITOR_ID,
  PROP_MARKETING_CLOUD_USER_ID,
  PROP_APP_INSTALLATION_ID,
  PROP_CHANNEL,
  PROP_PLAYER_NAME,
  PROP_APP_VERSION,
  PROP_MEDIA_ID,
  PROP_MEDIA_NAME,
  PROP_CONTENT_TYPE,
  PROP_STATE_DIR,
  /* What numbers[] lists, in this order. */
  PROP_PREROLL_WAIT,
  PROP_IDLE_TIMEOUT,
  PROP_SESSION_TIMEOUT,
  PROP_PING_INTERVAL,
  PROP_AD_PING_INTERVAL,
  PROP_QUEUE_MAX_HITS,
  PROP_QUEUE_MAX_BYTES,
  PROP_QUEUE_MAX_AGE,
  PROP_STALL_THRESHOLD,
  PROP_FLUSH_TIMEOUT,
  /* What booleans[] lists, in this order. */
  PROP_RESUMED,
  PROP_DOWNLOADED,
  PROP_GRANULAR_ADS,
  PROP_ALLOW_HTTP,
  PROP_POST_MESSAGES,
  /* The others. */
  PROP_PROTOCOL,
  PROP_MEDIA_LENGTH,
  PROP_MEDIA_TYPE,
  PROP_METADATA,
  PROP_PRIVACY,
  PROP_LEADER,
  PROP_PLAYBACK_STATE,
  PROP_INACTIVE_TIME,
  PROP_SESSION_ID,
  PROP_STATS,
};

#define IN_SETTINGS(member) FALSE, G_STRUCT_OFFSET (MhSettings, member)
#define IN_CONFIG(member) TRUE, G_STRUCT_OFFSET (MhConfig, member)

static const struct
{
  const char *name, *nick, *blurb;
  gboolean in_config;
  gsize offset;
} strings[] = {
  { "collection-server", "Collection server",
      "Base URI that heartbeats are sent to; none: they are only posted as "
      "messages",
      IN_CONFIG (collection_server) },
  { "datastream-id", "Datastream ID",
      "The Media Edge API's configId (protocol=media-edge)",
      IN_CONFIG (datastream_id) },
  { "tracking-server", "Tracking server",
      "Parameter analytics.trackingServer: the analytics tracking server",
      IN_CONFIG (tracking_server) },
  { "report-suite", "Report suite",
      "Parameter analytics.reportSuite: the report suite's ID",
      IN_CONFIG (report_suite) },
  { "org-id", "Organization ID",
      "Parameter visitor.marketingCloudOrgId: the Experience Cloud organization",
      IN_CONFIG (org_id) },
  { "visitor-id", "Visitor ID",
      "Parameter analytics.visitorId: a visitor ID of one's own",
      IN_CONFIG (visitor_id) },
  { "marketing-cloud-user-id", "Marketing Cloud user ID",
      "Parameter visitor.marketingCloudUserId: the Experience Cloud visitor",
      IN_CONFIG (marketing_cloud_user_id) },
  { "app-installation-id", "App installation ID",
      "Parameter appInstallationId; none: an id made once and kept in the state "
      "directory",
      IN_CONFIG (app_installation_id) },
  { "channel", "Channel",
      "Parameter media.channel: the distribution channel; none: \"unknown\"",
      IN_CONFIG (channel) },
  { "player-name", "Player name",
      "Parameter media.playerName; none: the program's name",
      IN_CONFIG (player_name) },
  { "app-version", "App version",
      "Parameter media.sdkVersion: the player's version",
      IN_CONFIG (app_version) },
  { "media-id", "Media ID",
      "What identifies the media; none: its URI without credentials and query",
      IN_SETTINGS (media_id) },
  { "media-name", "Media name",
      "The media's readable name; none: its title tag, or its file's name",
      IN_SETTINGS (media_name) },
  { "content-type", "Content type",
      "vod, live, linear, aod, podcast, audiobook, song, radio, or the "
      "application's own; none: vod, or live for a live pipeline",
      IN_SETTINGS (content_type) },
  { "state-dir", "State directory",
      "Where hits wait, and the installation's id is kept; none: "
      "gst-media-heartbeat in the XDG state directory",
      IN_CONFIG (state_dir) },
};

static const struct
{
  const char *name, *nick, *blurb;
  guint minimum, maximum, initial;
  gboolean in_config;
  gsize offset;
} numbers[] = {
  { "preroll-wait", "Pre-roll wait",
      "How long calls are held back for an ad break before the content (ms)", 0,
      60000, 250, IN_SETTINGS (preroll_wait) },
  { "idle-timeout", "Idle timeout",
      "Inactivity (paused, seeking, buffering, stalled) after which a session "
      "is closed, to be resumed when playback comes back (s)",
      1, G_MAXINT32, 1800, IN_CONFIG (idle_timeout) },
  { "session-timeout", "Session timeout",
      "How long a session may be before the next one continues it (s)", 1,
      G_MAXINT32, 86400, IN_CONFIG (session_timeout) },
  { "ping-interval", "Ping interval", "Time between heartbeats (s)", 1, 3600,
      10, IN_CONFIG (ping_interval) },
  { "ad-ping-interval", "Ad ping interval",
      "The same inside ads (granular-ads=true) (s)", 1, 3600, 1,
      IN_CONFIG (ad_ping_interval) },
  { "queue-max-hits", "Most hits in the queue",
      "How many hits may wait for delivery; what is too many is dropped, the "
      "oldest session first",
      1, G_MAXINT32, 10000, IN_CONFIG (queue_max_hits) },
  { "queue-max-bytes", "Most bytes in the queue",
      "How large the hits that wait may be together", 1, G_MAXINT32, 8 << 20,
      IN_CONFIG (queue_max_bytes) },
  { "queue-max-age", "Highest age in the queue", "How long hits may wait (s)",
      1, G_MAXINT32, 14 * 24 * 60 * 60, IN_CONFIG (queue_max_age) },
  { "stall-threshold", "Stall threshold",
      "How long playback may stand still before it counts as stalled (ms)", 100,
      600000, 2000, IN_SETTINGS (stall_threshold) },
  { "flush-timeout", "Flush timeout",
      "How long the last element to go to NULL may wait for delivery (ms)", 0,
      60000, 500, IN_SETTINGS (flush_timeout) },
};

static const struct
{
  const char *name, *nick, *blurb;
  gboolean initial;
  gboolean in_config;
  gsize offset;
} booleans[] = {
  { "resumed", "Resumed",
      "The next session resumes an earlier one: the application restores a "
      "position. Counts for one session each time that it is set",
      FALSE, IN_SETTINGS (resumed) },
  { "downloaded", "Downloaded",
      "Downloaded content: a ping every 50 s, sent as one batch", FALSE,
      IN_SETTINGS (downloaded) },
  { "granular-ads", "Granular ads", "Ping every ad-ping-interval inside ads",
      FALSE, IN_SETTINGS (granular_ads) },
  { "allow-http", "Allow HTTP", "Allow plain http to hosts other than loopback",
      FALSE, IN_CONFIG (allow_http) },
  { "post-messages", "Post messages",
      "Post an element message named media-heartbeat for each hit", TRUE,
      IN_SETTINGS (post_messages) },
};

/* Where the value of a table's row lives. */
static gpointer
field (MhSettings *settings, gboolean in_config, gsize offset)
{
  return in_config ? G_STRUCT_MEMBER_P (settings->config, offset)
                   : G_STRUCT_MEMBER_P (settings, offset);
}

/* ---- setting ---- */

/* Nothing but valid UTF-8 gets in; empty is not set. */
static void
set_string (char **where, const GValue *value)
{
  const char *text = g_value_get_string (value);

  g_free (*where);
  *where = text && *text ? g_utf8_make_valid (text, -1) : NULL;
}

static gboolean
set_listed (MhSettings *settings, guint id, const GValue *value)
{
  if (id >= PROP_COLLECTION_SERVER && id <= PROP_STATE_DIR) {
    guint i = id - PROP_COLLECTION_SERVER;

    set_string (
        field (settings, strings[i].in_config, strings[i].offset), value);
  } else if (id >= PROP_PREROLL_WAIT && id <= PROP_FLUSH_TIMEOUT) {
    guint i = id - PROP_PREROLL_WAIT;

    *(guint *) field (settings, numbers[i].in_config, numbers[i].offset) =
        g_value_get_uint (value);
  } else if (id >= PROP_RESUMED && id <= PROP_POST_MESSAGES) {
    guint i = id - PROP_RESUMED;

    *(gboolean *) field (settings, booleans[i].in_config, booleans[i].offset) =
        g_value_get_boolean (value);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void
set_value (MhSettings *settings, GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  if (set_listed (settings, id, value))
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
      g_clear_pointer (&settings->metadata, g_variant_unref);
      settings->metadata = mh_structure_to_metadata (
          gst_value_get_structure (value));
      break;
    case PROP_PRIVACY:
      settings->privacy = (MhPrivacy) g_value_get_enum (value);
      break;
    case PROP_LEADER:
      settings->leader = (MhLead) g_value_get_enum (value);
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
  settings->resumed_serial += id == PROP_RESUMED;
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

static gboolean
get_listed (MhSettings *settings, guint id, GValue *value)
{
  if (id >= PROP_COLLECTION_SERVER && id <= PROP_STATE_DIR) {
    guint i = id - PROP_COLLECTION_SERVER;

    g_value_set_string (value,
        *(char **) field (settings, strings[i].in_config, strings[i].offset));
  } else if (id >= PROP_PREROLL_WAIT && id <= PROP_FLUSH_TIMEOUT) {
    guint i = id - PROP_PREROLL_WAIT;

    g_value_set_uint (value,
        *(guint *) field (settings, numbers[i].in_config, numbers[i].offset));
  } else if (id >= PROP_RESUMED && id <= PROP_POST_MESSAGES) {
    guint i = id - PROP_RESUMED;

    g_value_set_boolean (value,
        *(gboolean *) field (
            settings, booleans[i].in_config, booleans[i].offset));
  } else {
    return FALSE;
  }
  return TRUE;
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
  if (get_listed (settings, id, value))
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
      if (settings->metadata)
        g_value_take_boxed (
            value, mh_structure_from_variant ("metadata", settings->metadata));
      break;
    case PROP_PRIVACY:
      g_value_set_enum (value, (int) settings->privacy);
      break;
    case PROP_LEADER:
      g_value_set_enum (value, (int) settings->leader);
      break;
    case PROP_PLAYBACK_STATE:
      g_value_set_enum (
          value, (int) mh_observer_get_playback_state (self->observer));
      break;
    case PROP_INACTIVE_TIME:
      g_value_set_uint64 (
          value, mh_observer_get_inactive_time (self->observer));
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

static void
install_listed (GObjectClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_object_class_install_property (klass, PROP_COLLECTION_SERVER + i,
        g_param_spec_string (
            strings[i].name, strings[i].nick, strings[i].blurb, NULL, FLAGS));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_object_class_install_property (klass, PROP_PREROLL_WAIT + i,
        g_param_spec_uint (numbers[i].name, numbers[i].nick, numbers[i].blurb,
            numbers[i].minimum, numbers[i].maximum, numbers[i].initial, FLAGS));
  for (guint i = 0; i < G_N_ELEMENTS (booleans); i++)
    g_object_class_install_property (klass, PROP_RESUMED + i,
        g_param_spec_boolean (booleans[i].name, booleans[i].nick,
            booleans[i].blurb, booleans[i].initial, FLAGS));
}

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
  G_STATIC_ASSERT (
      G_N_ELEMENTS (strings) == PROP_STATE_DIR - PROP_COLLECTION_SERVER + 1);
  G_STATIC_ASSERT (
      G_N_ELEMENTS (numbers) == PROP_FLUSH_TIMEOUT - PROP_PREROLL_WAIT + 1);
  G_STATIC_ASSERT (
      G_N_ELEMENTS (booleans) == PROP_POST_MESSAGES - PROP_RESUMED + 1);

  klass->set_property = set_property;
  klass->get_property = get_property;
  install_listed (klass);
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
  g_object_class_install_property (klass, PROP_PRIVACY,
      g_param_spec_enum ("privacy", "Privacy", "What the visitor has agreed to",
          MH_TYPE_PRIVACY, MH_PRIVACY_OPT_IN, FLAGS_PLAYING));
  g_object_class_install_property (klass, PROP_LEADER,
      g_param_spec_enum ("leader", "Leader",
          "Which of several elements of a pipeline tracks it: the first (auto), "
          "this one (yes), another one (no)",
          MH_TYPE_LEAD, MH_LEAD_AUTO, FLAGS));
  install_readable (klass);

  gst_type_mark_as_plugin_api (MH_TYPE_PROTOCOL_KIND, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_MEDIA_TYPE, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_PRIVACY, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_LEAD, 0);
  gst_type_mark_as_plugin_api (MH_TYPE_PLAYBACK_STATE, 0);
}
