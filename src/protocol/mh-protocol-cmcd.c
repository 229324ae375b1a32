/* mh-protocol-cmcd: Common Media Client Data, version 2, event mode
 * (docs/design/wire-cmcd.md).
 *
 * Each hit is a line: a dictionary of structured fields (RFC 8941), its keys in
 * alphabetical order. So the members of a line are written in this order here.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <math.h>
#include <string.h>

/* The longest values that the standard takes. */
#define MAX_CONTENT 128
#define MAX_TEXT 64

/* Reverse DNS name that keys of our own begin with. */
#define OWN "org.gst-mediaheartbeat-"

/* ---- values ---- */

static void
add_key (GString *line, const char *key)
{
  if (line->len > 0)
    g_string_append_c (line, ',');
  g_string_append (line, key);
}

/* The string of a structured field is ASCII: what is none is percent-encoded,
 * and '%' as well, so that it can be read back. Returns: how long it would be
 * without quotes and backslashes, or 0 where there is no room for it. */
static guint
append_character (GString *text, guchar c, guint room)
{
  gboolean plain = c >= 0x20 && c < 0x7f && c != '%';

  if (room < (plain ? 1 : 3))
    return 0;
  if (!plain)
    g_string_append_printf (text, "%%%02X", c);
  else if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", c);
  else
    g_string_append_c (text, (char) c);
  return plain ? 1 : 3;
}

static void
append_string (GString *line, const char *value, guint most)
{
  g_string_append_c (line, '"');
  for (const guchar *c = (const guchar *) value; *c; c++) {
    guint length = append_character (line, *c, most);

    if (length == 0)
      break;
    most -= length;
  }
  g_string_append_c (line, '"');
}

static void
cmcd_add_string (GString *line, const char *key, const char *value, guint most)
{
  if (!value || !*value)
    return;
  add_key (line, key);
  g_string_append_c (line, '=');
  append_string (line, value, most);
}

static void
add_token (GString *line, const char *key, const char *token)
{
  add_key (line, key);
  g_string_append_printf (line, "=%s", token);
}

static void
add_integer (GString *line, const char *key, gint64 value)
{
  add_key (line, key);
  g_string_append_printf (line, "=%" G_GINT64_FORMAT, value);
}

/* A list of one number, of the stream of this kind. */
static void
add_number_of (
    GString *line, const char *key, gint64 value, const MhSessionTrail *trail)
{
  add_key (line, key);
  g_string_append_printf (
      line, "=(%" G_GINT64_FORMAT ";%c)", value, trail->audio ? 'a' : 'v');
}

/* -1: it is not known. */
static gint64
get_qoe (const MhHit *hit, const char *name)
{
  gint64 value = -1;

  if (hit->qoe)
    g_variant_lookup (hit->qoe, name, "x", &value);
  return MAX (value, -1);
}

/* ---- what an event is called ---- */

static gboolean
is_about_state (const MhHit *hit)
{
  return hit->event == MH_EVENT_STATE_START || hit->event == MH_EVENT_STATE_END;
}

static const char *
state_event (const MhHit *hit)
{
  const char *name = mh_hit_get_text (hit->params, "media.state.name");
  gboolean on = hit->event == MH_EVENT_STATE_START;

  if (g_str_equal (name, "mute"))
    return on ? "m" : "um";
  if (g_str_equal (name, "fullScreen"))
    return on ? "pe" : "pc";
  return "ce";
}

/* The table of docs/design/wire-cmcd.md#events; "ce" is a custom event, which
 * is called by its name. */
static const char *
event_token (const MhHit *hit)
{
  static const char *const tokens[MH_N_EVENTS] = {
    [MH_EVENT_SESSION_START] = "ps",
    [MH_EVENT_SESSION_COMPLETE] = "ps",
    [MH_EVENT_SESSION_END] = "ps",
    [MH_EVENT_AD_BREAK_START] = "abs",
    [MH_EVENT_AD_BREAK_COMPLETE] = "abe",
    [MH_EVENT_AD_START] = "as",
    [MH_EVENT_AD_COMPLETE] = "ae",
    [MH_EVENT_AD_SKIP] = "sk",
    [MH_EVENT_PLAY] = "ps",
    [MH_EVENT_PING] = "t",
    [MH_EVENT_BUFFER_START] = "ps",
    [MH_EVENT_PAUSE_START] = "ps",
    [MH_EVENT_ERROR] = "e",
  };

  if (is_about_state (hit))
    return state_event (hit);
  if (hit->event == MH_EVENT_BITRATE_CHANGE)
    return get_qoe (hit, "media.qoe.bitrate") >= 0 ? "bc" : "ce";
  return tokens[hit->event] ? tokens[hit->event] : "ce";
}

/* The table of docs/design/wire-cmcd.md#player-states. */
static const char *
player_state (const MhHit *hit, const MhSessionTrail *trail)
{
  if (hit->event == MH_EVENT_SESSION_COMPLETE)
    return "e";
  if (hit->event == MH_EVENT_SESSION_END)
    return trail->failed ? "f" : "q";
  if (trail->state == MH_EVENT_PLAY)
    return "p";
  if (trail->state != MH_EVENT_SESSION_START && trail->seeking)
    return "k";
  if (trail->state == MH_EVENT_PAUSE_START)
    return "a";
  return trail->state == MH_EVENT_BUFFER_START && trail->played ? "r" : "s";
}

/* ---- lines ---- */

static void
add_buffering (GString *line, const MhSessionTrail *trail)
{
  if (trail->buffered == 0)
    return;
  add_key (line, "bs");
  add_number_of (line, "bsa", trail->n_buffers, trail);
  add_number_of (line, "bsd", trail->buffered, trail);
  add_number_of (line, "bsda", trail->buffered_total, trail);
}

static void
add_own (GString *line, const MhHit *hit)
{
  gboolean resume = FALSE;

  if (hit->event == MH_EVENT_AD_START)
    cmcd_add_string (
        line, OWN "ad", mh_hit_get_text (hit->params, "media.ad.id"), MAX_TEXT);
  if (hit->event == MH_EVENT_CHAPTER_START)
    cmcd_add_string (line, OWN "chapter",
        mh_hit_get_text (hit->params, "media.chapter.friendlyName"), MAX_TEXT);
  if (hit->params)
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
  if (resume)
    add_token (line, OWN "resume", "y");
  if (is_about_state (hit) && g_str_equal (state_event (hit), "ce"))
    cmcd_add_string (line, OWN "state",
        mh_hit_get_text (hit->params, "media.state.name"), MAX_TEXT);
}

/* Keys from "b" to "m". */
static void
add_first (GString *line, const MhHit *hit, const MhSessionTrail *trail)
{
  const char *event = event_token (hit);
  gint64 bitrate = get_qoe (hit, "media.qoe.bitrate");
  gint64 dropped = get_qoe (hit, "media.qoe.droppedFrames");

  if (bitrate >= 0)
    add_number_of (line, "br", (bitrate + 500) / 1000, trail);
  add_buffering (line, trail);
  if (g_str_equal (event, "ce"))
    cmcd_add_string (line, "cen", mh_event_name (hit->event), MAX_TEXT);
  cmcd_add_string (line, "cid", trail->content, MAX_CONTENT);
  if (dropped >= 0)
    add_integer (line, "dfa", dropped);
  add_token (line, "e", event);
  if (hit->event == MH_EVENT_ERROR) {
    const char *id = mh_hit_get_text (hit->qoe, "media.qoe.errorID");

    add_key (line, "ec=(");
    append_string (line, *id ? id : "unknown", MAX_TEXT);
    g_string_append_c (line, ')');
  }
  if (trail->starts)
    add_integer (line, "msd", get_qoe (hit, "media.qoe.timeToStart"));
}

/* Keys from "p" to "v". */
static void
add_last (GString *line, const MhHit *hit, const MhSessionTrail *trail)
{
  gboolean whole = hit->event == MH_EVENT_SESSION_START ||
      hit->event == MH_EVENT_PING ||
      (hit->event == MH_EVENT_PLAY && !trail->played);

  if (hit->event != MH_EVENT_SESSION_START)
    add_integer (line, "pt", (gint64) MIN (rint (hit->playhead * 1000), 9e15));
  if (whole)
    add_token (line, "sf", "o");
  cmcd_add_string (line, "sid", trail->session, MAX_TEXT);
  add_integer (line, "sn", trail->seq);
  if (whole)
    add_token (line, "st", trail->live ? "l" : "v");
  add_token (line, "sta", player_state (hit, trail));
  add_integer (line, "ts", hit->ts);
  add_token (line, "v", "2");
}

static GBytes *
cmcd_encode (
    const MhConfig *config, const MhHit *hit, const MhSessionTrail *trail)
{
  GString *line = g_string_sized_new (160);

  add_first (line, hit, trail);
  add_own (line, hit);
  add_last (line, hit, trail);
  return g_string_free_to_bytes (line);
}

/* ---- requests and answers ---- */

/* The standard has no line end after the last line. */
static MhRequest *
cmcd_join (const char *server, GPtrArray *bodies)
{
  g_autoptr (GBytes) body = mh_protocol_frame ("", "\n", "", bodies);
  MhRequest *request = mh_request_new ("POST", g_strdup (server), body);

  request->content_type = g_strdup ("application/cmcd");
  return request;
}

static guint
cmcd_join_limit (const char *server)
{
  return MH_PROTOCOL_MOST_HITS;
}

static void
cmcd_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  mh_protocol_events_answer (event, answer, utc_now, outcome);
  /* A page does not come from the receiver: that stays a retry. */
  if (answer->status == 410 && mh_protocol_is_own (answer))
    outcome->kind = MH_OUTCOME_STOP;
}

static const MhProtocolClock clocks[] = {
  { "", ",ts=", TRUE, FALSE, ",pt=", 0.001, 0.05 },
  { NULL },
};

const MhProtocol mh_protocol_cmcd = {
  .name = "cmcd",
  .encode = cmcd_encode,
  .clocks = clocks,
  .join = cmcd_join,
  .join_limit = cmcd_join_limit,
  .one_session = TRUE,
  .answer = cmcd_answer,
};
