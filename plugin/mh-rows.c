/* mh-rows: the properties whose values are a string, a number or a boolean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-rows.h"

typedef enum
{
  STRING, /* char *; NULL */
  INT, /* int; -1: not set */
  UINT, /* guint */
  BOOLEAN, /* gboolean */
} Kind;

typedef struct
{
  Kind kind;
  const char *name, *nick, *blurb;
  gboolean in_config; /* else in the settings themselves */
  gsize offset;
  guint minimum, maximum, initial; /* the latter of a boolean, too */
} Row;

#define IN_SETTINGS(member) FALSE, G_STRUCT_OFFSET (MhSettings, member)
#define IN_CONFIG(member) TRUE, G_STRUCT_OFFSET (MhConfig, member)

static const Row rows[] = {
  { STRING, "collection-server", "Collection server",
      "Base URI that heartbeats are sent to; none: they are only posted as "
      "messages",
      IN_CONFIG (collection_server) },
  { STRING, "datastream-id", "Datastream ID",
      "The Media Edge API's configId (protocol=media-edge)",
      IN_CONFIG (datastream_id) },
  { STRING, "tracking-server", "Tracking server",
      "Parameter analytics.trackingServer: the analytics tracking server",
      IN_CONFIG (tracking_server) },
  { STRING, "report-suite", "Report suite",
      "Parameter analytics.reportSuite: the report suite's ID",
      IN_CONFIG (report_suite) },
  { STRING, "org-id", "Organization ID",
      "Parameter visitor.marketingCloudOrgId: the Experience Cloud organization",
      IN_CONFIG (org_id) },
  { STRING, "visitor-id", "Visitor ID",
      "Parameter analytics.visitorId: a visitor ID of one's own",
      IN_CONFIG (visitor_id) },
  { STRING, "analytics-id", "Analytics ID",
      "Parameter analytics.aid: the legacy analytics visitor ID",
      IN_CONFIG (analytics_id) },
  { STRING, "marketing-cloud-user-id", "Marketing Cloud user ID",
      "Parameter visitor.marketingCloudUserId: the Experience Cloud visitor",
      IN_CONFIG (marketing_cloud_user_id) },
  { STRING, "app-installation-id", "App installation ID",
      "Parameter appInstallationId; none: an id made once and kept in the state "
      "directory",
      IN_CONFIG (app_installation_id) },
  { STRING, "channel", "Channel",
      "Parameter media.channel: the distribution channel; none: \"unknown\"",
      IN_CONFIG (channel) },
  { STRING, "player-name", "Player name",
      "Parameter media.playerName; none: the program's name",
      IN_CONFIG (player_name) },
  { STRING, "app-version", "App version",
      "Parameter media.sdkVersion: the player's version",
      IN_CONFIG (app_version) },
  { STRING, "media-id", "Media ID",
      "What identifies the media; none: its URI without credentials and query",
      IN_SETTINGS (media_id) },
  { STRING, "media-name", "Media name",
      "The media's readable name; none: its title tag, or its file's name",
      IN_SETTINGS (media_name) },
  { STRING, "content-type", "Content type",
      "vod, live, linear, aod, podcast, audiobook, song, radio, or the "
      "application's own; none: vod, or live for a live pipeline",
      IN_SETTINGS (content_type) },
  { STRING, "tls-database", "TLS database",
      "File of CAs (PEM) that certificates are checked by, in place of the "
      "system's",
      IN_CONFIG (tls_database) },
  { STRING, "state-dir", "State directory",
      "Where hits wait, and the installation's id is kept; none: "
      "gst-media-heartbeat in the XDG state directory",
      IN_CONFIG (state_dir) },
  { INT, "location-hint", "Location hint",
      "Parameter visitor.aamLocationHint: the Audience Manager region; -1: not "
      "known",
      IN_CONFIG (location_hint), .maximum = G_MAXINT },
  { UINT, "preroll-wait", "Pre-roll wait",
      "How long calls are held back for an ad break before the content (ms)",
      IN_SETTINGS (preroll_wait), 0, 60000, 250 },
  { UINT, "idle-timeout", "Idle timeout",
      "Inactivity (paused, seeking, buffering, stalled) after which a session "
      "is closed, to be resumed when playback comes back (s)",
      IN_CONFIG (idle_timeout), 1, G_MAXINT32, 1800 },
  { UINT, "session-timeout", "Session timeout",
      "How long a session may be before the next one continues it (s)",
      IN_CONFIG (session_timeout), 1, G_MAXINT32, 86400 },
  { UINT, "ping-interval", "Ping interval", "Time between heartbeats (s)",
      IN_CONFIG (ping_interval), 1, 3600, 10 },
  { UINT, "ad-ping-interval", "Ad ping interval",
      "The same inside ads (granular-ads=true) (s)",
      IN_CONFIG (ad_ping_interval), 1, 3600, 1 },
  { UINT, "queue-max-hits", "Most hits in the queue",
      "How many hits may wait for delivery; what is too many is dropped, the "
      "oldest session first",
      IN_CONFIG (queue_max_hits), 1, G_MAXINT32, 10000 },
  { UINT, "queue-max-bytes", "Most bytes in the queue",
      "How large the hits that wait may be together",
      IN_CONFIG (queue_max_bytes), 1, G_MAXINT32, 8 << 20 },
  { UINT, "queue-max-age", "Highest age in the queue",
      "How long hits may wait (s)", IN_CONFIG (queue_max_age), 1, G_MAXINT32,
      14 * 24 * 60 * 60 },
  { UINT, "remember-max-age", "Highest age of positions",
      "How long positions are remembered (s)", IN_CONFIG (remember_max_age), 1,
      G_MAXINT32, 30 * 24 * 60 * 60 },
  { UINT, "stall-threshold", "Stall threshold",
      "How long playback may stand still before it counts as stalled (ms)",
      IN_SETTINGS (stall_threshold), 100, 600000, 2000 },
  { UINT, "flush-timeout", "Flush timeout",
      "How long the last element to go to NULL may wait for delivery (ms)",
      IN_SETTINGS (flush_timeout), 0, 60000, 500 },
  { BOOLEAN, "remember", "Remember",
      "Keep where somebody was in the media, also for the next process; who goes "
      "on from there is reported as resuming",
      IN_SETTINGS (remember), .initial = FALSE },
  { BOOLEAN, "resumed", "Resumed",
      "The next session resumes an earlier one: the application restores a "
      "position. Counts for one session each time that it is set",
      IN_SETTINGS (resumed), .initial = FALSE },
  { BOOLEAN, "downloaded", "Downloaded",
      "Downloaded content: a ping every 50 s, sent as one batch",
      IN_SETTINGS (downloaded), .initial = FALSE },
  { BOOLEAN, "granular-ads", "Granular ads",
      "Ping every ad-ping-interval inside ads", IN_SETTINGS (granular_ads),
      .initial = FALSE },
  { BOOLEAN, "auto-chapters", "Automatic chapters",
      "Track the chapters of the stream's table of contents",
      IN_SETTINGS (auto_chapters), .initial = TRUE },
  { BOOLEAN, "auto-ads", "Automatic ads",
      "Track the ad breaks that a broadcast announces (SCTE-35 in MPEG-TS)",
      IN_SETTINGS (auto_ads), .initial = TRUE },
  { BOOLEAN, "auto-metadata", "Automatic metadata",
      "Take the media's name and metadata from the stream's tags, where the "
      "application says nothing",
      IN_SETTINGS (auto_metadata), .initial = TRUE },
  { BOOLEAN, "auto-states", "Automatic states",
      "Track whether the player is muted or shows subtitles, as its volume and "
      "its flags tell",
      IN_SETTINGS (auto_states), .initial = TRUE },
  { BOOLEAN, "allow-http", "Allow HTTP",
      "Allow plain http to hosts other than loopback", IN_CONFIG (allow_http),
      .initial = FALSE },
  { BOOLEAN, "opt-out-share", "Opt out of sharing",
      "Parameter analytics.optOutShare: what is reported is not to be shared",
      IN_CONFIG (opt_out_share), .initial = FALSE },
  { BOOLEAN, "opt-out-server-side-forwarding", "Opt out of forwarding",
      "Parameter analytics.optOutServerSideForwarding: the server is not to "
      "forward what is reported",
      IN_CONFIG (opt_out_forwarding), .initial = FALSE },
  { BOOLEAN, "post-messages", "Post messages",
      "Post an element message named media-heartbeat for each hit",
      IN_SETTINGS (post_messages), .initial = TRUE },
};

/* Where a row's value lives. */
static gpointer
field (const MhSettings *settings, const Row *row)
{
  return row->in_config ? G_STRUCT_MEMBER_P (settings->config, row->offset)
                        : G_STRUCT_MEMBER_P (settings, row->offset);
}

static const Row *
find (guint id)
{
  return id >= MH_ROWS_FIRST_ID && id - MH_ROWS_FIRST_ID < G_N_ELEMENTS (rows)
      ? &rows[id - MH_ROWS_FIRST_ID]
      : NULL;
}

static GParamSpec *
make_pspec (const Row *row, GParamFlags flags)
{
  switch (row->kind) {
    case STRING:
      return g_param_spec_string (
          row->name, row->nick, row->blurb, NULL, flags);
    case INT:
      return g_param_spec_int (
          row->name, row->nick, row->blurb, -1, (int) row->maximum, -1, flags);
    case UINT:
      return g_param_spec_uint (row->name, row->nick, row->blurb, row->minimum,
          row->maximum, row->initial, flags);
    case BOOLEAN:
      return g_param_spec_boolean (
          row->name, row->nick, row->blurb, row->initial != 0, flags);
  }
  g_assert_not_reached ();
}

void
mh_rows_install (GObjectClass *klass, GParamFlags flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_object_class_install_property (
        klass, MH_ROWS_FIRST_ID + i, make_pspec (&rows[i], flags));
}

/* Nothing but valid UTF-8 gets in; empty is not set. */
static void
set_string (char **where, const char *text)
{
  g_free (*where);
  *where = text && *text ? g_utf8_make_valid (text, -1) : NULL;
}

gboolean
mh_rows_set (MhSettings *settings, guint id, const GValue *value)
{
  const Row *row = find (id);
  gpointer where = row ? field (settings, row) : NULL;

  if (!row)
    return FALSE;
  switch (row->kind) {
    case STRING:
      set_string (where, g_value_get_string (value));
      break;
    case INT:
      *(int *) where = g_value_get_int (value);
      break;
    case UINT:
      *(guint *) where = g_value_get_uint (value);
      break;
    case BOOLEAN:
      *(gboolean *) where = g_value_get_boolean (value);
      break;
  }
  return TRUE;
}

gboolean
mh_rows_get (const MhSettings *settings, guint id, GValue *value)
{
  const Row *row = find (id);
  gpointer where = row ? field (settings, row) : NULL;

  if (!row)
    return FALSE;
  switch (row->kind) {
    case STRING:
      g_value_set_string (value, *(char **) where);
      break;
    case INT:
      g_value_set_int (value, *(int *) where);
      break;
    case UINT:
      g_value_set_uint (value, *(guint *) where);
      break;
    case BOOLEAN:
      g_value_set_boolean (value, *(gboolean *) where);
      break;
  }
  return TRUE;
}
