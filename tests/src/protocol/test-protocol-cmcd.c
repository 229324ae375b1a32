/* Tests of mh-protocol-cmcd.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <string.h>

#define SESSION "0f6f2a5e-8d55-4c2e-9a53-7b9d1f0f6a11"
#define TS G_GINT64_CONSTANT (1795896000000)

/* The next hit of a session. */
static char *
encode (MhSessionTrail *trail, MhEvent event, gboolean seeking, double playhead,
    gint64 at, const char *params, const char *qoe)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autoptr (MhHit) hit = mh_hit_new (event, 0, playhead, 0,
      params ? g_variant_new_parsed (params) : NULL, NULL,
      qoe ? g_variant_new_parsed (qoe) : NULL);
  g_autoptr (GBytes) body = NULL;

  hit->ts = TS + at;
  hit->seeking = seeking;
  mh_session_trail_pass (trail, hit, "id");
  body = mh_protocol_cmcd.encode (config, hit, trail);
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

/* The session of docs/design/wire-cmcd.md#examples. */
static const struct
{
  MhEvent event;
  double playhead;
  gint64 at;
  const char *params;
  const char *qoe;
} session[] = {
  { MH_EVENT_SESSION_START, 0, 0,
      "{'media.id': <'clip-1'>, 'media.contentType': <'vod'>,"
      " 'media.streamType': <'video'>, 'media.resume': <false>}" },
  { MH_EVENT_PLAY, 0, 480, NULL,
      "{'media.qoe.bitrate': <int64 3200000>,"
      " 'media.qoe.timeToStart': <int64 480>}" },
  { MH_EVENT_PING, 10, 10480 },
  { MH_EVENT_BUFFER_START, 11.2, 12100 },
  { MH_EVENT_PLAY, 11.2, 13000 },
  { MH_EVENT_BITRATE_CHANGE, 14, 17000, NULL,
      "{'media.qoe.bitrate': <int64 4499999>,"
      " 'media.qoe.timeToStart': <int64 480>}" },
  { MH_EVENT_AD_BREAK_START, 15, 18000 },
  { MH_EVENT_AD_START, 15, 18001, "{'media.ad.id': <'ad-1'>}" },
  { MH_EVENT_AD_COMPLETE, 15, 33000 },
  { MH_EVENT_AD_BREAK_COMPLETE, 15, 34001 },
  { MH_EVENT_CHAPTER_START, 15, 35000,
      "{'media.chapter.friendlyName': <'Chapter 1'>}" },
  { MH_EVENT_STATE_START, 17, 38000, "{'media.state.name': <'mute'>}" },
  { MH_EVENT_ERROR, 18, 39000, NULL,
      "{'media.qoe.errorID': <'gst-resource-error-quark:3'>}" },
  { MH_EVENT_SESSION_END, 18, 41000 },
};

static void
test_examples (void)
{
  g_autofree char *document = NULL;
  MhSessionTrail trail;
  const char *next;

  g_assert_true (g_file_get_contents (
      SOURCE_DIR "/docs/design/wire-cmcd.md", &document, NULL, NULL));
  next = strstr (document, "## Examples\n\n") + strlen ("## Examples\n\n");
  mh_session_trail_begin (&trail, SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (session); i++) {
    g_autofree char *line = encode (&trail, session[i].event, FALSE,
        session[i].playhead, session[i].at, session[i].params, session[i].qoe);
    g_autofree char *wanted = g_strndup (next + 4, strcspn (next, "\n") - 4);

    g_assert_cmpstr (line, ==, wanted);
    next += strcspn (next, "\n") + 1;
  }
  g_assert_cmpint (*next, ==, '\n');
}

/* Takes @line. */
static void
assert_has (char *line, const char *wanted)
{
  g_autofree char *owned = line;
  g_autofree char *between = g_strdup_printf (",%s,", line);
  g_autofree char *one = g_strdup_printf (",%s,", wanted);

  if (!strstr (between, one))
    g_error ("%s is not in %s", wanted, owned);
}

static void
test_states (void)
{
  static const struct
  {
    MhEvent event;
    gboolean seeking;
    const char *wanted;
  } rows[] = {
    { MH_EVENT_SESSION_START, FALSE, "sta=s" },
    { MH_EVENT_BUFFER_START, FALSE, "sta=s" },
    { MH_EVENT_PAUSE_START, FALSE, "sta=a" },
    { MH_EVENT_PLAY, FALSE, "sta=p" },
    { MH_EVENT_PAUSE_START, TRUE, "sta=k" },
    { MH_EVENT_BUFFER_START, TRUE, "sta=k" },
    { MH_EVENT_PING, TRUE, "sta=k" },
    { MH_EVENT_PLAY, FALSE, "sta=p" },
    { MH_EVENT_BUFFER_START, FALSE, "sta=r" },
    { MH_EVENT_PING, FALSE, "sta=r" },
    { MH_EVENT_ERROR, FALSE, "ec=(\"unknown\")" },
    { MH_EVENT_PING, FALSE, "sta=r" },
    { MH_EVENT_SESSION_END, FALSE, "sta=q" },
  };
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_has (encode (&trail, rows[i].event, rows[i].seeking, 1, i * 1000,
                    NULL, NULL),
        rows[i].wanted);
  mh_session_trail_begin (&trail, SESSION);
  assert_has (
      encode (&trail, MH_EVENT_SESSION_COMPLETE, FALSE, 1, 0, NULL, NULL),
      "sta=e");
}

static void
test_values (void)
{
  MhSessionTrail trail;
  g_autofree char *id = g_strnfill (200, 'x');
  g_autofree char *params = g_strdup_printf (
      "{'media.id': <'a\"\\\\b%%\xc3\xa4%s'>, 'media.contentType': <'live'>,"
      " 'media.streamType': <'audio'>, 'media.resume': <true>}",
      id);
  g_autofree char *line = NULL;
  const char *begin, *end;

  mh_session_trail_begin (&trail, SESSION);
  line = encode (&trail, MH_EVENT_SESSION_START, FALSE, 0, 0, params,
      "{'media.qoe.bitrate': <int64 96000>,"
      " 'media.qoe.droppedFrames': <int64 0>}");
  g_assert_true (
      g_str_has_prefix (line, "br=(96;a),cid=\"a\\\"\\\\b%25%C3%A4xxx"));
  begin = strstr (line, "cid=\"") + 5;
  end = strstr (begin, "\",dfa=0,e=ps,");
  g_assert_nonnull (end);
  /* Two backslashes are not of the text. */
  g_assert_cmpint (end - begin, ==, 128 + 2);
  g_assert_nonnull (strstr (line, ",org.gst-mediaheartbeat-resume=y,"));
  g_assert_nonnull (strstr (line, ",st=l,"));
  assert_has (encode (&trail, MH_EVENT_BITRATE_CHANGE, FALSE, 0, 1, NULL, NULL),
      "cen=\"bitrateChange\"");
  assert_has (encode (&trail, MH_EVENT_STATE_END, FALSE, 0, 1,
                  "{'media.state.name': <'fullScreen'>}", NULL),
      "e=pc");
  assert_has (encode (&trail, MH_EVENT_STATE_END, FALSE, 0, 1,
                  "{'media.state.name': <'mine'>}", NULL),
      "org.gst-mediaheartbeat-state=\"mine\"");
}

static void
test_request (void)
{
  g_autoptr (GPtrArray)
      bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (MhRequest) request = NULL;

  g_ptr_array_add (bodies, g_bytes_new_static ("a=1", 3));
  g_ptr_array_add (bodies, g_bytes_new_static ("b=2", 3));
  request = mh_protocol_cmcd.join ("https://h.example/cmcd?x", bodies);
  g_assert_cmpstr (request->uri, ==, "https://h.example/cmcd?x");
  g_assert_cmpstr (request->content_type, ==, "application/cmcd");
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL),
      g_bytes_get_size (request->body), "a=1\nb=2", 7);
}

static MhOutcomeKind
kind_of (guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_cmcd.answer (MH_EVENT_PING,
      &(MhAnswer){ .status = status, .body = body }, 0, &outcome);
  return outcome.kind;
}

static void
test_answers (void)
{
  g_assert_cmpint (kind_of (204, ""), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (kind_of (410, ""), ==, MH_OUTCOME_STOP);
  g_assert_cmpint (kind_of (410, "<html>"), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (429, ""), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (500, ""), ==, MH_OUTCOME_DOUBT);
  g_assert_cmpint (kind_of (400, ""), ==, MH_OUTCOME_SPLIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmcd/line/examples", test_examples);
  g_test_add_func ("/cmcd/line/states", test_states);
  g_test_add_func ("/cmcd/line/values", test_values);
  g_test_add_func ("/cmcd/request", test_request);
  g_test_add_func ("/cmcd/answers", test_answers);
  return g_test_run ();
}
