/* mh-protocol-events: each hit as an object of its own, for data bases, log
 * pipelines and event brokers (docs/design/wire-events.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <gio/gio.h>
#include <string.h>

#include "mh-json.h"
#include "mh-text.h"

/* ---- members ---- */

/* One parameter of a hit and the member that it becomes, of its own type. */
typedef struct
{
  const char *param;
  const char *name;
} Row;

/* The table of docs/design/wire-events.md#members. */
static const Row rows[] = {
  { "media.id", "content_id" },
  { "media.name", "content_name" },
  { "media.contentType", "content_type" },
  { "media.streamType", "stream_type" },
  { "media.length", "length" },
  { "media.resume", "resume" },
  { "media.downloaded", NULL },
  { "media.ad.podFriendlyName", "ad_break_name" },
  { "media.ad.podIndex", "ad_break_index" },
  { "media.ad.podSecond", "ad_break_offset" },
  { "media.ad.id", "ad_id" },
  { "media.ad.name", "ad_name" },
  { "media.ad.length", "ad_length" },
  { "media.ad.podPosition", "ad_position" },
  { "media.chapter.friendlyName", "chapter_name" },
  { "media.chapter.index", "chapter_index" },
  { "media.chapter.offset", "chapter_offset" },
  { "media.chapter.length", "chapter_length" },
  { "media.state.name", "state_name" },
  { "media.qoe.errorID", "error_id" },
  { "media.qoe.errorSource", "error_source" },
  { "media.qoe.bitrate", "bitrate" },
  { "media.qoe.droppedFrames", "dropped_frames" },
  { "media.qoe.framesPerSecond", "fps" },
  { "media.qoe.timeToStart", "time_to_start" },
};

static const Row *
events_find_row (const char *param)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_str_equal (rows[i].param, param))
      return &rows[i];
  }
  return NULL;
}

/* What is empty is not known. */
static void
add_text (JsonObject *object, const char *name, const char *value)
{
  if (value && *value)
    mh_json_add_text (object, name, value);
}

/* @values: (nullable): a{sv} */
static void
events_add_values (JsonObject *object, GVariant *values)
{
  GVariantIter iter;
  const char *param;
  GVariant *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &param, &value)) {
    const Row *row = events_find_row (param);

    if (!row || !row->name)
      continue;
    if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      add_text (object, row->name, g_variant_get_string (value, NULL));
    else
      mh_json_add_variant (object, row->name, value);
  }
}

/* Without what all names of its kind begin with. */
static const char *
metadata_name (const char *param)
{
  if (g_str_has_prefix (param, "media.ad."))
    return param + strlen ("media.ad.");
  return g_str_has_prefix (param, "media.") ? param + strlen ("media.") : param;
}

static void
add_standard_metadata (JsonObject *metadata, GVariant *params)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, params);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value)) {
    if (!events_find_row (name) &&
        g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      mh_json_add_text (
          metadata, metadata_name (name), g_variant_get_string (value, NULL));
  }
}

static void
events_add_metadata (JsonObject *object, const MhHit *hit)
{
  JsonObject *metadata = json_object_new ();
  GVariantIter iter;
  const char *name, *text;

  if (hit->params)
    add_standard_metadata (metadata, hit->params);
  if (hit->custom_metadata) {
    g_variant_iter_init (&iter, hit->custom_metadata);
    while (g_variant_iter_next (&iter, "{&s&s}", &name, &text))
      mh_json_add_text (metadata, name, text);
  }
  mh_json_add_object (object, "metadata", metadata);
}

static void
events_add_customer_id (
    const char *name, const char *id, int auth_state, gpointer customers)
{
  if (auth_state >= 0)
    mh_json_add_text (customers, name, id);
}

static void
events_add_customer_ids (JsonObject *object, GVariant *ids)
{
  JsonObject *customers = json_object_new ();

  mh_config_for_each_customer_id (ids, events_add_customer_id, customers);
  mh_json_add_object (object, "customer_ids", customers);
}

/* Adds what is known of the playback, but for the time and the session. */
static void
add_facts (JsonObject *object, const MhConfig *config, const MhHit *hit)
{
  events_add_values (object, hit->params);
  if (hit->event == MH_EVENT_SESSION_START) {
    add_text (object, "player", config->player_name);
    add_text (object, "channel", config->channel);
    add_text (object, "app_version", config->app_version);
    add_text (object, "library_version", MH_PROTOCOL_LIBRARY);
    add_text (object, "visitor_id", config->visitor_id);
    events_add_customer_ids (object, config->customer_ids);
  }
  events_add_values (object, hit->qoe);
  events_add_metadata (object, hit);
}

/* ---- the two forms ---- */

static void
add_row (JsonObject *row, const MhConfig *config, const MhHit *hit,
    const MhSessionTrail *trail)
{
  mh_json_add_text (row, "id", trail->id);
  mh_json_add_text (row, "session", trail->session);
  mh_json_add_integer (row, "seq", trail->seq);
  mh_json_add_integer (row, "ts", hit->ts);
  mh_json_add_text (row, "type", mh_event_name (hit->event));
  mh_json_add_number (row, "playhead", hit->playhead);
  add_text (row, "installation", config->app_installation_id);
  add_facts (row, config, hit);
}

/* A URI of the installation, which is mostly a UUID. */
static char *
make_source (const char *installation)
{
  g_autofree char *escaped = g_uri_escape_string (
      installation && *installation ? installation : "unknown", NULL, FALSE);

  return g_strconcat (strlen (escaped) == MH_SESSION_TRAIL_ID_SIZE - 1
          ? "urn:uuid:"
          : "urn:x-gst-media-heartbeat:",
      escaped, NULL);
}

static void
add_cloud_event (JsonObject *event, const MhConfig *config, const MhHit *hit,
    const MhSessionTrail *trail)
{
  JsonObject *data = json_object_new ();
  g_autofree char *source = make_source (config->app_installation_id);
  g_autofree char *type = g_strconcat (
      "gst-media-heartbeat.", mh_event_name (hit->event), NULL);
  g_autofree char *time = mh_protocol_format_time (hit->ts);
  g_autofree char *sequence = g_strdup_printf ("%010u", trail->seq);

  mh_json_add_text (event, "specversion", "1.0");
  mh_json_add_text (event, "id", trail->id);
  mh_json_add_text (event, "source", source);
  mh_json_add_text (event, "type", type);
  mh_json_add_text (event, "subject", trail->session);
  mh_json_add_text (event, "time", time);
  mh_json_add_text (event, "datacontenttype", "application/json");
  mh_json_add_text (event, "sequence", sequence);
  mh_json_add_integer (data, "seq", trail->seq);
  mh_json_add_number (data, "playhead", hit->playhead);
  add_facts (data, config, hit);
  mh_json_add_object (event, "data", data);
}

static GBytes *
events_encode (
    const MhConfig *config, const MhHit *hit, const MhSessionTrail *trail)
{
  g_autoptr (JsonObject) event = json_object_new ();

  if (config->framing == MH_FRAMING_CLOUDEVENTS ||
      config->framing == MH_FRAMING_CLOUDEVENTS_BATCH)
    add_cloud_event (event, config, hit, trail);
  else
    add_row (event, config, hit, trail);
  return mh_json_to_bytes (event);
}

/* ---- requests ---- */

/* How hits are put together. */
static const struct
{
  const char *name;
  const char *type;
  const char *begin, *between, *end;
  guint most;
} framings[] = {
  [MH_FRAMING_ROWS] = { "rows", "application/x-ndjson", "", "\n", "\n",
      MH_PROTOCOL_MOST_HITS },
  [MH_FRAMING_ROWS_ARRAY] = { "rows-array", "application/json", "[", ",", "]",
      MH_PROTOCOL_MOST_HITS },
  [MH_FRAMING_CLOUDEVENTS] = { "cloudevents", "application/cloudevents+json",
      "", "", "", 1 },
  [MH_FRAMING_CLOUDEVENTS_BATCH] = { "cloudevents-batch",
      "application/cloudevents-batch+json", "[", ",", "]",
      MH_PROTOCOL_MOST_HITS },
};

/* @type: (nullable): what was set, or kept with a session. */
static const char *
choose_type (const char *type, guint framing)
{
  return type && mh_text_is_media_type (type) ? type : framings[framing].type;
}

/* What a stored hit's request needs is in the fragment, which goes nowhere:
 * the framing, whether it is compressed, and its media type. */
static char *
events_endpoint (const MhConfig *config)
{
  const char *type = choose_type (config->body_type, config->framing);
  g_autofree char *escaped = g_uri_escape_string (type, "/+", FALSE);

  return g_strdup_printf ("%s#%s,%s,%s", config->collection_server,
      framings[config->framing].name, config->compress ? "gzip" : "plain",
      escaped);
}

/* The parts of the fragment: framing, compression, type. */
static char **
split_fragment (const char *server)
{
  const char *fragment = strchr (server, '#');

  return g_strsplit (fragment ? fragment + 1 : "", ",", 3);
}

/* The first for what another version has written. */
static guint
find_framing (char **parts)
{
  for (guint i = 0; parts[0] && i < G_N_ELEMENTS (framings); i++) {
    if (g_str_equal (framings[i].name, parts[0]))
      return i;
  }
  return MH_FRAMING_ROWS;
}

/* NULL: it is sent as it is. */
static GBytes *
compress (GBytes *body)
{
  g_autoptr (GConverter) gzip = G_CONVERTER (
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  gsize length, room, read, written;
  const guint8 *text = g_bytes_get_data (body, &length);
  g_autofree guint8 *packed = NULL;

  /* What cannot be packed grows by five bytes for each 16 KiB. */
  room = length + length / 1024 + 128;
  packed = g_malloc (room);
  if (g_converter_convert (gzip, text, length, packed, room,
          G_CONVERTER_INPUT_AT_END, &read, &written,
          NULL) != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new (packed, written);
}

static MhRequest *
events_join (const char *server, GPtrArray *bodies)
{
  g_auto (GStrv) parts = split_fragment (server);
  guint framing = find_framing (parts);
  g_autoptr (GBytes) plain = mh_protocol_frame (framings[framing].begin,
      framings[framing].between, framings[framing].end, bodies);
  g_autofree char *type =
      g_strv_length (parts) > 2 ? g_uri_unescape_string (parts[2], NULL) : NULL;
  gboolean wanted = g_strv_length (parts) > 1 && g_str_equal (parts[1], "gzip");
  g_autoptr (GBytes) packed = wanted ? compress (plain) : NULL;
  MhRequest *request = mh_request_new ("POST",
      g_strndup (server, strcspn (server, "#")), packed ? packed : plain);

  request->content_type = g_strdup (choose_type (type, framing));
  request->compressed = packed != NULL;
  return request;
}

static guint
events_join_limit (const char *server)
{
  g_auto (GStrv) parts = split_fragment (server);

  return framings[find_framing (parts)].most;
}

/* ---- answers ---- */

/* Something in the request is wrong: with one hit less it may be right. */
static gboolean
is_about_body (guint status)
{
  return status == 400 || status == 413 || status == 414 || status == 415 ||
      status == 422 || status == 431;
}

void
mh_protocol_events_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  if (!mh_protocol_status_outcome (answer, utc_now, outcome))
    return;
  if (outcome->kind == MH_OUTCOME_REFUSED) {
    /* All others are about the URL or the authorization: all would be lost
     * for a mistake in a setting. */
    outcome->kind = is_about_body (answer->status) ? MH_OUTCOME_SPLIT
                                                   : MH_OUTCOME_RETRY;
    outcome->too_long = answer->status == 413;
  } else if (answer->status == 500) {
    /* Some servers have no other word for a body that they cannot read. */
    outcome->kind = MH_OUTCOME_DOUBT;
  }
}

static const MhProtocolClock clocks[] = {
  { "{\"specversion\"", "\"time\":\"", FALSE, TRUE, "\"playhead\":", 1, 0.05 },
  { "{\"id\"", "\"ts\":", FALSE, FALSE, "\"playhead\":", 1, 0.05 },
  { NULL },
};

const MhProtocol mh_protocol_events = {
  .name = "events",
  .endpoint = events_endpoint,
  .encode = events_encode,
  .clocks = clocks,
  .join = events_join,
  .join_limit = events_join_limit,
  .answer = mh_protocol_events_answer,
};
