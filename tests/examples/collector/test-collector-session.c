/* Tests of collector-session: states, names, time stamps, expiry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-session.h"

#include "collector-event.h"

#define SECOND G_USEC_PER_SEC

/* @params: (nullable): JSON with ' for ". */
static JsonNode *
event_new (const char *type, gint64 ts, const char *params)
{
  g_autofree char *json = g_strdup_printf (
      "{'eventType': '%s', 'playerTime': {'playhead': 0, 'ts': %" G_GINT64_FORMAT
      "}%s%s}",
      type, ts, params ? ", 'params': " : "", params ? params : "");

  return json_from_string (g_strdelimit (json, "'", '"'), NULL);
}

static gboolean
send (CollectorSession *session, const char *type, gint64 ts, gint64 now,
    const char *params)
{
  g_autoptr (JsonNode) event = event_new (type, ts, params);
  g_autofree char *reason = NULL;
  gboolean accepted = collector_session_accept (
      session, json_node_get_object (event), now, &reason);

  g_assert_true (accepted == (reason == NULL));
  return accepted;
}

static const struct
{
  const char *event;
  const char *state;
} steps[] = {
  { "adBreakStart", "start" },
  { "play", "playing" },
  { "ping", "playing" },
  { "bufferStart", "buffering" },
  { "error", "buffering" },
  { "pauseStart", "paused" },
  { "bitrateChange", "paused" },
  { "play", "playing" },
  { "sessionComplete", "ended" },
};

static void
follows_the_player (void)
{
  g_autoptr (CollectorSession) session = collector_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_assert_true (send (session, steps[i].event, i + 1, 0, NULL));
    g_assert_cmpstr (
        collector_state_name (collector_session_get_state (session)), ==,
        steps[i].state);
  }
}

static void
names_what_ends (void)
{
  g_autoptr (CollectorSession) session = collector_session_new ();

  send (session, "adBreakStart", 1, 0, "{'media.ad.podFriendlyName': 'pod'}");
  send (session, "adStart", 2, 0, "{'media.ad.id': 'id'}");
  g_assert_cmpstr (collector_session_get_subject (session), ==, "id");
  send (session, "ping", 3, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, NULL);
  send (session, "adSkip", 4, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, "id");
  send (session, "adStart", 5, 0,
      "{'media.ad.id': 'id', 'media.ad.name': 'name'}");
  send (session, "adComplete", 6, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, "name");
  send (session, "adBreakComplete", 7, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, "pod");
  send (session, "chapterStart", 8, 0, "{'media.chapter.friendlyName': 'c'}");
  send (session, "chapterComplete", 9, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, "c");
  send (session, "chapterSkip", 10, 0, NULL);
  g_assert_cmpstr (collector_session_get_subject (session), ==, NULL);
  send (session, "stateEnd", 11, 0, "{'media.state.name': 'mute'}");
  g_assert_cmpstr (collector_session_get_subject (session), ==, "mute");
}

static void
wants_time_stamps_to_rise (void)
{
  g_autoptr (CollectorSession) session = collector_session_new ();

  g_assert_true (send (session, "play", 1000, 0, NULL));
  g_assert_false (send (session, "ping", 1000, 0, NULL));
  g_assert_false (send (session, "ping", 999, 0, NULL));
  g_assert_true (send (session, "ping", 1001, 0, NULL));
}

static void
refusal_changes_nothing (void)
{
  g_autoptr (CollectorSession) session = collector_session_new ();

  send (session, "play", 1000, 0, NULL);
  g_assert_false (send (session, "sessionEnd", 1000, 0, NULL));
  g_assert_cmpint (
      collector_session_get_state (session), ==, COLLECTOR_STATE_PLAYING);
}

static CollectorSession *
add_session (CollectorSessions *sessions, gint64 now)
{
  CollectorSession *session = collector_session_new ();

  send (session, "ping", 1, now, NULL);
  collector_sessions_add (sessions, session);
  return session;
}

static gboolean
is_open (CollectorSessions *sessions, const char *id, gint64 now)
{
  gboolean open;

  collector_sessions_find (sessions, id, now, &open);
  return open;
}

static void
expires_after_silence (void)
{
  g_autoptr (CollectorSessions) sessions = collector_sessions_new (10 * SECOND);
  CollectorSession *session = add_session (sessions, 5 * SECOND);
  const char *id = collector_session_get_id (session);

  g_assert_true (is_open (sessions, id, 15 * SECOND));
  g_assert_false (is_open (sessions, id, 15 * SECOND + 1));
  send (session, "ping", 2, 15 * SECOND, NULL);
  g_assert_true (is_open (sessions, id, 25 * SECOND));
  g_assert_false (is_open (sessions, id, 25 * SECOND + 1));
}

static void
closes_with_its_end (void)
{
  g_autoptr (CollectorSessions) sessions = collector_sessions_new (10 * SECOND);
  CollectorSession *session = add_session (sessions, 0);
  const char *id = collector_session_get_id (session);
  gboolean open;

  send (session, "sessionEnd", 2, 1, NULL);
  g_assert_true (collector_sessions_find (sessions, id, 1, &open) == session);
  g_assert_false (open);
}

static void
does_not_know_others (void)
{
  g_autoptr (CollectorSessions) sessions = collector_sessions_new (10 * SECOND);
  gboolean open = TRUE;

  add_session (sessions, 0);
  g_assert_null (collector_sessions_find (sessions, "0", 0, &open));
  g_assert_false (open);
}

static void
forgets_the_one_silent_longest (void)
{
  g_autoptr (CollectorSessions) sessions = collector_sessions_new (10 * SECOND);
  CollectorSession *first = add_session (sessions, 0);
  CollectorSession *second = add_session (sessions, 0);
  g_autofree char *first_id = g_strdup (collector_session_get_id (first));
  g_autofree char *second_id = g_strdup (collector_session_get_id (second));

  collector_sessions_touch (sessions, first);
  for (guint i = 2; i < COLLECTOR_SESSIONS_MAX; i++)
    add_session (sessions, 0);
  g_assert_true (is_open (sessions, second_id, 0));
  add_session (sessions, 0);
  g_assert_false (is_open (sessions, second_id, 0));
  g_assert_true (is_open (sessions, first_id, 0));
}

static void
ids_are_random (void)
{
  g_autoptr (CollectorSession) one = collector_session_new ();
  g_autoptr (CollectorSession) other = collector_session_new ();

  g_assert_true (g_regex_match_simple (
      "^[0-9a-f]{32}$", collector_session_get_id (one), 0, 0));
  g_assert_cmpstr (
      collector_session_get_id (one), !=, collector_session_get_id (other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/collector/session/" name, func)
  ADD ("follows-the-player", follows_the_player);
  ADD ("names-what-ends", names_what_ends);
  ADD ("wants-time-stamps-to-rise", wants_time_stamps_to_rise);
  ADD ("refusal-changes-nothing", refusal_changes_nothing);
  ADD ("expires-after-silence", expires_after_silence);
  ADD ("closes-with-its-end", closes_with_its_end);
  ADD ("does-not-know-others", does_not_know_others);
  ADD ("forgets-the-one-silent-longest", forgets_the_one_silent_longest);
  ADD ("ids-are-random", ids_are_random);
  return g_test_run ();
}
