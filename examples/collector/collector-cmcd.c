/* collector-cmcd: the back end's side of CMCD, version 2, in event mode.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-cmcd.h"

#include "collector-event.h"
#include "collector-events.h"
#include "collector-limits.h"
#include "collector-text.h"

#include <string.h>

#define OWN "org.gst-mediaheartbeat-"
#define MAX_QUOTED 64

static const char *const media_types[] = { "application/cmcd", NULL };

/* ---- lines ---- */

/* The text in quotes at @at, which goes behind it; NULL: it has no end. */
static char *
take_string (const char **at)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *c = *at + 1;

  for (; *c && *c != '"'; c++) {
    if (*c == '\\' && !*++c)
      return NULL;
    g_string_append_c (text, *c);
  }
  if (!*c)
    return NULL;
  *at = c + 1;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The same of a list in parentheses; its strings may have some of their own. */
static char *
take_list (const char **at)
{
  const char *begin = *at;

  while (**at && **at != ')') {
    if (**at == '"') {
      g_autofree char *text = take_string (at);

      if (!text)
        return NULL;
    } else {
      (*at)++;
    }
  }
  if (!**at)
    return NULL;
  (*at)++;
  return g_strndup (begin, (gsize) (*at - begin));
}

static char *
take_value (const char **at)
{
  gsize length;
  char *value;

  if (**at != '=')
    return g_strdup ("?1");
  (*at)++;
  if (**at == '"')
    return take_string (at);
  if (**at == '(')
    return take_list (at);
  length = strcspn (*at, ",");
  value = length > 0 ? g_strndup (*at, length) : NULL;
  *at += length;
  return value;
}

static char *
take_key (const char **at)
{
  gsize length = strcspn (*at, "=,");
  char *key = length > 0 ? g_strndup (*at, length) : NULL;

  *at += length;
  return key;
}

GHashTable *
collector_cmcd_parse (const char *line, char **reason)
{
  g_autoptr (GHashTable)
      keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (const char *at = line;;) {
    g_autofree char *key = take_key (&at);
    g_autofree char *value = key ? take_value (&at) : NULL;

    if (!value || (*at && *at != ',')) {
      g_autofree char *quoted = collector_text_printable (at, MAX_QUOTED);

      *reason = g_strdup_printf ("cannot be read from here on: %s", quoted);
      return NULL;
    }
    g_hash_table_replace (
        keys, g_steal_pointer (&key), g_steal_pointer (&value));
    if (!*at)
      return g_steal_pointer (&keys);
    at++;
  }
}

/* ---- events ---- */

static const char *
get (GHashTable *keys, const char *key)
{
  const char *value = g_hash_table_lookup (keys, key);

  return value ? value : "";
}

static const char *
player_event (GHashTable *keys)
{
  static const char *const names[][2] = { { "s", "sessionStart" },
    { "p", "play" }, { "a", "pauseStart" }, { "k", "pauseStart" },
    { "w", "pauseStart" }, { "r", "bufferStart" }, { "e", "sessionComplete" },
    { "q", "sessionEnd" }, { "f", "sessionEnd" } };

  /* The state is "starting" until something plays. */
  if (strcmp (get (keys, "sta"), "s") == 0 &&
      strcmp (get (keys, "sn"), "0") != 0)
    return "bufferStart";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (strcmp (names[i][0], get (keys, "sta")) == 0)
      return names[i][1];
  }
  return NULL;
}

/* NULL: one that the page has no place for. */
static const char *
event_type (GHashTable *keys)
{
  static const char *const names[][2] = { { "t", "ping" },
    { "bc", "bitrateChange" }, { "e", "error" }, { "m", "stateStart" },
    { "um", "stateEnd" }, { "pe", "stateStart" }, { "pc", "stateEnd" },
    { "abs", "adBreakStart" }, { "abe", "adBreakComplete" },
    { "as", "adStart" }, { "ae", "adComplete" }, { "sk", "adSkip" } };
  static const char *const custom[] = { "chapterStart", "chapterComplete",
    "chapterSkip", "stateStart", "stateEnd", "bitrateChange", NULL };
  const char *event = get (keys, "e");

  if (strcmp (event, "ps") == 0)
    return player_event (keys);
  if (strcmp (event, "ce") == 0)
    return g_strv_contains (custom, get (keys, "cen")) ? get (keys, "cen")
                                                       : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (strcmp (names[i][0], event) == 0)
      return names[i][1];
  }
  return NULL;
}

static void
add_text (
    JsonObject *event, const char *object, const char *param, const char *text)
{
  g_autofree char *plain = g_uri_unescape_string (text, NULL);

  if (!*text)
    return;
  if (!plain || !g_utf8_validate (plain, -1, NULL))
    json_object_set_string_member (
        collector_events_object (event, object), param, "?");
  else
    json_object_set_string_member (
        collector_events_object (event, object), param, plain);
}

/* Of a list of one number, or a number. */
static void
add_number (JsonObject *event, const char *param, const char *text, gint64 unit)
{
  gint64 value;

  if (!*text)
    return;
  value = g_ascii_strtoll (*text == '(' ? text + 1 : text, NULL, 10);
  json_object_set_int_member (collector_events_object (event, "qoeData"), param,
      CLAMP (value, 0, G_MAXINT32) * unit);
}

static void
add_start (JsonObject *event, GHashTable *keys)
{
  add_text (event, "params", "media.id", get (keys, "cid"));
  json_object_set_string_member (collector_events_object (event, "params"),
      "media.contentType", *get (keys, "st") == 'l' ? "live" : "vod");
  if (*get (keys, OWN "resume"))
    json_object_set_boolean_member (
        collector_events_object (event, "params"), "media.resume", TRUE);
}

static void
add_state (JsonObject *event, GHashTable *keys)
{
  const char *token = get (keys, "e");
  const char *name = g_str_has_suffix (token, "m") ? "mute"
      : *token == 'p'                              ? "fullScreen"
                                                   : get (keys, OWN "state");

  add_text (event, "params", "media.state.name", name);
}

static void
add_details (JsonObject *event, GHashTable *keys)
{
  const char *type = collector_event_type (event);
  const char *error = get (keys, "ec");

  if (strcmp (type, "sessionStart") == 0)
    add_start (event, keys);
  if (g_str_has_prefix (type, "state"))
    add_state (event, keys);
  add_text (event, "params", "media.ad.id", get (keys, OWN "ad"));
  add_text (
      event, "params", "media.chapter.friendlyName", get (keys, OWN "chapter"));
  add_number (event, "media.qoe.bitrate", get (keys, "br"), 1000);
  add_number (event, "media.qoe.droppedFrames", get (keys, "dfa"), 1);
  add_number (event, "media.qoe.timeToStart", get (keys, "msd"), 1);
  if (*error) {
    g_autofree char *text = NULL;
    const char *at = error + 1;

    text = *at == '"' ? take_string (&at) : g_strdup (error);
    add_text (event, "qoeData", "media.qoe.errorID", text ? text : error);
  }
}

/* ---- checks ---- */

static gboolean
refuse (char **reason, const char *key, const char *fault)
{
  *reason = g_strdup_printf ("%s %s", key, fault);
  return FALSE;
}

static gboolean
check_there (GHashTable *keys, char **reason)
{
  static const char *const needed[] = { "e", "sid", "sn", "ts", "v" };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++) {
    if (!*get (keys, needed[i]))
      return refuse (reason, needed[i], "is missing");
  }
  return TRUE;
}

/* A whole number that is not negative; one that is missing is 0. */
static gboolean
read_number (GHashTable *keys, const char *key, gint64 *number, char **reason)
{
  const char *text = get (keys, key);

  *number = 0;
  return !*text ||
      g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, number, NULL) ||
      refuse (reason, key, "must be a whole number that is not negative");
}

static gboolean
check_token (
    GHashTable *keys, const char *key, const char *const *known, char **reason)
{
  return g_strv_contains (known, get (keys, key)) ||
      refuse (reason, key, "is none that CMCD has");
}

/* What the standard has, more than the page has a place for. */
static gboolean
check_tokens (GHashTable *keys, char **reason)
{
  static const char *const events[] = { "abe", "abs", "ae", "as", "b", "bc",
    "c", "ce", "e", "h", "m", "pc", "pe", "pr", "ps", "rr", "sk", "t", "um",
    NULL };
  static const char *const states[] = { "a", "d", "e", "f", "k", "p", "q", "r",
    "s", "w", NULL };

  if (!check_token (keys, "e", events, reason))
    return FALSE;
  if (strcmp (get (keys, "e"), "ps") == 0 && !*get (keys, "sta"))
    return refuse (reason, "sta", "is missing");
  if (strcmp (get (keys, "e"), "ce") == 0 && !*get (keys, "cen"))
    return refuse (reason, "cen", "is missing");
  return !*get (keys, "sta") || check_token (keys, "sta", states, reason);
}

static gboolean
check_line (GHashTable *keys, gint64 *ts, gint64 *pt, char **reason)
{
  gint64 sn;

  if (!check_there (keys, reason) ||
      !collector_limits_check_id ("sid", get (keys, "sid"), reason) ||
      !read_number (keys, "ts", ts, reason) ||
      !collector_limits_check_time ("ts", *ts, reason) ||
      !read_number (keys, "sn", &sn, reason) ||
      !read_number (keys, "pt", pt, reason) ||
      !collector_limits_check_number ("pt", (double) *pt / 1000, reason))
    return FALSE;
  if (strcmp (get (keys, "v"), "2") != 0)
    return refuse (reason, "v", "must be 2");
  return check_tokens (keys, reason);
}

/* @event: (out): NULL: it is none that is shown. Returns: whether the line is as
 * the standard wants it. */
static gboolean
read_line (GHashTable *keys, JsonObject **event, char **reason)
{
  const char *type;
  double playhead = -1;
  gint64 ts, pt;

  if (!check_line (keys, &ts, &pt, reason))
    return FALSE;
  type = event_type (keys);
  if (!type)
    return TRUE;
  if (*get (keys, "pt"))
    playhead = (double) pt / 1000;
  *event = collector_events_new (type, playhead, ts);
  json_object_set_int_member (
      *event, "sn", g_ascii_strtoll (get (keys, "sn"), NULL, 10));
  add_details (*event, keys);
  return TRUE;
}

/* ---- requests ---- */

/* Of each line its keys, and, as "event", what it reports. */
static gboolean
read_lines (char **lines, GPtrArray *all, GPtrArray *events, char **reason)
{
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *fault = NULL;
    GHashTable *keys = collector_cmcd_parse (lines[i], &fault);
    JsonObject *event = NULL;

    if (keys)
      g_ptr_array_add (all, keys);
    if (!keys || !read_line (keys, &event, &fault)) {
      *reason = g_strdup_printf ("line %u: %s", i + 1, fault);
      return FALSE;
    }
    g_ptr_array_add (events, event);
  }
  return TRUE;
}

static void
event_free (gpointer event)
{
  if (event)
    json_object_unref (event);
}

/* Without the end of the last line, which older players write; NULL: it is no
 * text. */
static char *
read_body (CollectorExchange *exchange)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (exchange->message));
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  if (length > 0 && !g_utf8_validate_len (data, length, NULL))
    return NULL;
  if (length > 0 && data[length - 1] == '\n')
    length--;
  return g_strndup (data ? data : "", length);
}

void
collector_cmcd_handle (CollectorExchange *exchange)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_hash_table_unref);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (event_free);
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;
  g_auto (GStrv) lines = NULL;

  exchange->protocol = "cmcd";
  if (!collector_exchange_check_method (exchange, "POST") ||
      !collector_exchange_check_type (exchange, media_types))
    return;
  text = read_body (exchange);
  if (!text) {
    collector_exchange_refuse (
        exchange, SOUP_STATUS_BAD_REQUEST, "the body is not UTF-8");
    return;
  }
  lines = g_strsplit (text, "\n", -1);
  if (!read_lines (lines, all, events, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  soup_server_message_set_status (
      exchange->message, SOUP_STATUS_NO_CONTENT, NULL);
  for (guint i = 0; i < events->len; i++) {
    if (events->pdata[i])
      collector_events_take (exchange, get (all->pdata[i], "sid"),
          events->pdata[i], SOUP_STATUS_NO_CONTENT);
  }
}
