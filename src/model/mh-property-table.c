/* mh-property-table: the rows.
 *
 * A blurb stands alone: it is a sentence's part that gst-inspect-1.0 shows
 * without the others. The unit, the wire's name and from when on the value
 * counts are added to it.
 *
 * Since: 0.1, all of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-property-table.h"

#define CONFIG(member) MH_PROPERTY_IN_CONFIG, G_STRUCT_OFFSET (MhConfig, member)
#define SETTINGS(member) \
  MH_PROPERTY_IN_SETTINGS, G_STRUCT_OFFSET (MhSettings, member)
#define PLAYER MH_PROPERTY_IN_PLAYER, 0
#define DAY (24 * 60 * 60)

static const MhProperty rows[] = {
  /* Where to, and how. */
  { CONFIG (collection_server), MH_PROPERTY_STRING, "collection-server",
      "Collection server",
      "Base URI of the server that heartbeats are sent to; if it is not set, "
      "they are only posted as messages" },
  { CONFIG (protocol), MH_PROPERTY_ENUM, "protocol", "Protocol",
      "What the collection server speaks",
      .initial = MH_PROTOCOL_MEDIA_COLLECTION,
      .type = mh_protocol_kind_get_type },
  { CONFIG (datastream_id), MH_PROPERTY_STRING, "datastream-id",
      "Datastream ID",
      "The Media Edge API's configId; protocol=media-edge needs it" },
  { CONFIG (authorization), MH_PROPERTY_STRING, "authorization",
      "Authorization",
      "The Authorization header of the requests, as \"Bearer …\" "
      "(protocol=events or cmcd); it is never stored or shown",
      .secret = TRUE, .write_only = TRUE },
  { CONFIG (framing), MH_PROPERTY_ENUM, "framing", "Framing",
      "How heartbeats are put together in a request (protocol=events)",
      .initial = MH_FRAMING_ROWS, .type = mh_framing_get_type },
  { CONFIG (body_type), MH_PROPERTY_STRING, "body-content-type",
      "Body content type",
      "The Content-Type of the requests; if it is not set, the framing's "
      "(protocol=events)" },
  { CONFIG (compress), MH_PROPERTY_BOOLEAN, "compress", "Compress",
      "Compress the requests with gzip (protocol=events)" },
  { CONFIG (send_interval), MH_PROPERTY_UINT, "send-interval", "Send interval",
      "How long heartbeats are collected before they are sent together; the "
      "start and the end of a session and errors are sent at once "
      "(protocol=events or cmcd)",
      "s", .maximum = 3600 },
  { CONFIG (tls_database), MH_PROPERTY_STRING, "tls-database", "TLS database",
      "File of CA certificates (PEM) that the server's certificate is checked "
      "by, in place of the system's" },
  { CONFIG (allow_http), MH_PROPERTY_BOOLEAN, "allow-http", "Allow HTTP",
      "Allow plain http to hosts other than loopback" },
  { SETTINGS (post_messages), MH_PROPERTY_BOOLEAN, "post-messages",
      "Post messages",
      "Post an element message named media-heartbeat for each heartbeat",
      .initial = TRUE },

  /* Whose data it is, and what the server is to do with it. */
  { CONFIG (tracking_server), MH_PROPERTY_STRING, "tracking-server",
      "Tracking server", "The analytics tracking server",
      .wire = "analytics.trackingServer" },
  { CONFIG (report_suite), MH_PROPERTY_STRING, "report-suite", "Report suite",
      "The ID of the report suite", .wire = "analytics.reportSuite" },
  { CONFIG (org_id), MH_PROPERTY_STRING, "org-id", "Organization ID",
      "The Experience Cloud organization",
      .wire = "visitor.marketingCloudOrgId" },
  { CONFIG (channel), MH_PROPERTY_STRING, "channel", "Channel",
      "The distribution channel; if it is not set, \"unknown\"",
      .wire = "media.channel" },
  { CONFIG (player_name), MH_PROPERTY_STRING, "player-name", "Player name",
      "The name of the player; if it is not set, the program's name",
      .wire = "media.playerName" },
  { CONFIG (app_version), MH_PROPERTY_STRING, "app-version", "App version",
      "The version of the player", .wire = "media.sdkVersion" },
  { CONFIG (app_installation_id), MH_PROPERTY_STRING, "app-installation-id",
      "App installation ID",
      "What tells one installation from another; if it is not set, an ID that "
      "is made once and kept in the state directory",
      .wire = "appInstallationId", .secret = TRUE },
  { CONFIG (visitor_id), MH_PROPERTY_STRING, "visitor-id", "Visitor ID",
      "An ID of the visitor that the application has made",
      .wire = "analytics.visitorId", .secret = TRUE },
  { CONFIG (analytics_id), MH_PROPERTY_STRING, "analytics-id", "Analytics ID",
      "The legacy analytics visitor ID", .wire = "analytics.aid",
      .secret = TRUE },
  { CONFIG (marketing_cloud_user_id), MH_PROPERTY_STRING,
      "marketing-cloud-user-id", "Marketing Cloud user ID",
      "The Experience Cloud ID of the visitor",
      .wire = "visitor.marketingCloudUserId", .secret = TRUE },
  { CONFIG (customer_ids), MH_PROPERTY_CUSTOMER_IDS, "customer-ids",
      "Customer IDs",
      "IDs of the visitor in other systems: for each a field "
      "name=[id, value=ID, auth-state=1], where auth-state is 0 (unknown), 1 "
      "(authenticated) or 2 (logged out); name=\"ID,1\" says the same",
      .wire = "visitor.customerIDs", .secret = TRUE },
  { CONFIG (location_hint), MH_PROPERTY_INT, "location-hint", "Location hint",
      "The Audience Manager region; -1: not known",
      .wire = "visitor.aamLocationHint", .minimum = -1, .maximum = G_MAXINT,
      .initial = -1 },

  /* What is played. */
  { SETTINGS (media_id), MH_PROPERTY_STRING, "media-id", "Media ID",
      "What identifies the media; if it is not set, its URI without "
      "credentials and query" },
  { SETTINGS (media_name), MH_PROPERTY_STRING, "media-name", "Media name",
      "The readable name of the media; if it is not set, its title tag, or the "
      "name of its file" },
  { SETTINGS (media_length), MH_PROPERTY_DOUBLE, "media-length", "Media length",
      "Length of the media; -1: the stream's duration, or 86400 where it has "
      "none",
      "s", .initial = -1 },
  { SETTINGS (media_type), MH_PROPERTY_ENUM, "media-type", "Media type",
      "Whether the media is audio or video", .initial = MH_MEDIA_TYPE_AUTO,
      .type = mh_media_type_get_type },
  { SETTINGS (content_type), MH_PROPERTY_STRING, "content-type", "Content type",
      "vod, live, linear, aod, podcast, audiobook, song, radio, or a word of "
      "the application's own; if it is not set, vod, or live for a live "
      "pipeline" },
  { SETTINGS (metadata), MH_PROPERTY_STRINGS, "metadata", "Metadata",
      "Standard and custom metadata of the media, one string field each",
      .secret = TRUE },
  { SETTINGS (auto_metadata), MH_PROPERTY_BOOLEAN, "auto-metadata",
      "Automatic metadata",
      "Take the name and metadata of the media from the stream's tags, where "
      "the application says nothing",
      .initial = TRUE },
  { SETTINGS (auto_chapters), MH_PROPERTY_BOOLEAN, "auto-chapters",
      "Automatic chapters",
      "Track the chapters of the stream's table of contents", .initial = TRUE },
  { SETTINGS (auto_ads), MH_PROPERTY_BOOLEAN, "auto-ads", "Automatic ads",
      "Track the ad breaks that a broadcast announces (SCTE-35 in MPEG-TS)",
      .initial = TRUE },
  { SETTINGS (auto_states), MH_PROPERTY_BOOLEAN, "auto-states",
      "Automatic states",
      "Track whether the player is muted or shows subtitles, as its volume and "
      "its flags tell",
      .initial = TRUE },
  { SETTINGS (downloaded), MH_PROPERTY_BOOLEAN, "downloaded", "Downloaded",
      "Downloaded content: a ping every 50 s, sent as one batch" },
  { SETTINGS (leader), MH_PROPERTY_ENUM, "leader", "Leader",
      "Which of several elements of a pipeline tracks it: the first (auto), "
      "this one (yes), another one (no)",
      .counts = MH_COUNTS_PAUSED, .initial = MH_LEAD_AUTO,
      .type = mh_lead_get_type },

  /* The session rules. */
  { CONFIG (idle_timeout), MH_PROPERTY_UINT, "idle-timeout", "Idle timeout",
      "How long playback may be inactive (paused, seeking, buffering, stalled) "
      "before the session is closed; the next one resumes it",
      "s", .minimum = 1, .maximum = G_MAXINT32, .initial = 1800 },
  { CONFIG (session_timeout), MH_PROPERTY_UINT, "session-timeout",
      "Session timeout",
      "How long a session may be before the next one continues it", "s",
      .minimum = 1, .maximum = G_MAXINT32, .initial = DAY },
  { CONFIG (ping_interval), MH_PROPERTY_UINT, "ping-interval", "Ping interval",
      "Time between heartbeats", "s", .minimum = 1, .maximum = 3600,
      .initial = 10 },
  { CONFIG (ad_ping_interval), MH_PROPERTY_UINT, "ad-ping-interval",
      "Ad ping interval", "Time between heartbeats in ads (granular-ads=true)",
      "s", .minimum = 1, .maximum = 3600, .initial = 1 },
  { SETTINGS (granular_ads), MH_PROPERTY_BOOLEAN, "granular-ads",
      "Granular ads", "Send a heartbeat every ad-ping-interval in ads" },
  { SETTINGS (preroll_wait), MH_PROPERTY_UINT, "preroll-wait", "Pre-roll wait",
      "How long calls are held back for an ad break before the content", "ms",
      .maximum = 60000, .initial = 250 },
  { SETTINGS (stall_threshold), MH_PROPERTY_UINT, "stall-threshold",
      "Stall threshold",
      "How long playback may stand still before it counts as stalled", "ms",
      .counts = MH_COUNTS_AT_ONCE, .minimum = 100, .maximum = 600000,
      .initial = 2000 },

  /* Resuming. */
  { SETTINGS (remember), MH_PROPERTY_BOOLEAN, "remember", "Remember",
      "Keep the last position in the media, also for the next process; a "
      "session that goes on from there is reported as resumed" },
  { CONFIG (remember_max_age), MH_PROPERTY_UINT, "remember-max-age",
      "Highest age of positions", "How long positions are remembered", "s",
      .minimum = 1, .maximum = G_MAXINT32, .initial = 30 * DAY },
  { SETTINGS (resumed), MH_PROPERTY_BOOLEAN, "resumed", "Resumed",
      "The next session resumes an earlier one: the application restores a "
      "position. Counts for one session each time that it is set" },

  /* Consent. */
  { SETTINGS (privacy), MH_PROPERTY_ENUM, "privacy", "Privacy",
      "What the visitor has agreed to", .counts = MH_COUNTS_AT_ONCE,
      .initial = MH_PRIVACY_OPT_IN, .type = mh_privacy_get_type },
  { CONFIG (opt_out_share), MH_PROPERTY_BOOLEAN, "opt-out-share",
      "Opt out of sharing", "The server must not share what is reported",
      .wire = "analytics.optOutShare" },
  { CONFIG (opt_out_forwarding), MH_PROPERTY_BOOLEAN,
      "opt-out-server-side-forwarding", "Opt out of forwarding",
      "The server must not forward what is reported",
      .wire = "analytics.optOutServerSideForwarding" },

  /* What waits for delivery. */
  { CONFIG (state_dir), MH_PROPERTY_STRING, "state-dir", "State directory",
      "Where heartbeats wait for delivery, and the installation's ID and "
      "positions are kept; if it is not set, gst-media-heartbeat in the XDG "
      "state directory" },
  { CONFIG (queue_max_hits), MH_PROPERTY_UINT, "queue-max-hits",
      "Most heartbeats in the queue",
      "How many heartbeats may wait for delivery; beyond that the oldest "
      "session's are dropped",
      .minimum = 1, .maximum = G_MAXINT32, .initial = 10000 },
  { CONFIG (queue_max_bytes), MH_PROPERTY_UINT, "queue-max-bytes",
      "Most bytes in the queue",
      "How large all heartbeats that wait for delivery may be together",
      "bytes", .minimum = 1, .maximum = G_MAXINT32, .initial = 8 << 20 },
  { CONFIG (queue_max_age), MH_PROPERTY_UINT, "queue-max-age",
      "Highest age in the queue", "How long a heartbeat may wait for delivery",
      "s", .minimum = 1, .maximum = G_MAXINT32, .initial = 14 * DAY },
  { CONFIG (late_delivery), MH_PROPERTY_ENUM, "late-delivery", "Late delivery",
      "What becomes of heartbeats that the server has no session for any more: "
      "sent as downloaded content (batch), or given up (drop)",
      .initial = MH_LATE_DELIVERY_BATCH, .type = mh_late_delivery_get_type },
  { SETTINGS (flush_timeout), MH_PROPERTY_UINT, "flush-timeout",
      "Flush timeout", "How long the end of the process may wait for delivery",
      "ms", .counts = MH_COUNTS_END, .maximum = 60000, .initial = 500 },

  /* What the element tells. */
  { PLAYER, MH_PROPERTY_ENUM, "playback-state", "Playback state",
      "What the player is doing, as far as can be seen from here",
      .initial = MH_PLAYBACK_INIT, .type = mh_playback_state_get_type },
  { PLAYER, MH_PROPERTY_UINT64, "inactive-time", "Inactive time",
      "How long the player has been inactive; 0 while it plays", "ns" },
  { PLAYER, MH_PROPERTY_DOUBLE, "resume-position", "Resume position",
      "The last position in this media, for the application to go there; -1: "
      "none, or not known (remember=true)",
      "s", .initial = -1 },
  { PLAYER, MH_PROPERTY_STRING, "session-id", "Session ID",
      "The server's ID of the current session, once known" },
  { PLAYER, MH_PROPERTY_STRINGS, "stats", "Statistics",
      "Counters: sessions, resumes, hits, sent, queued, failed (attempts), "
      "dropped, refused (calls); delivery, and last-error" },
};

const MhProperty *
mh_property_nth (guint i)
{
  return i < G_N_ELEMENTS (rows) ? &rows[i] : NULL;
}

const MhProperty *
mh_property_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_str_equal (rows[i].name, name) || g_strcmp0 (rows[i].wire, name) == 0)
      return &rows[i];
  }
  return NULL;
}
