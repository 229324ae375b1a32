/* Tests of mh-session-trail.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-session-trail.h"

/* The next hit of @trail, @ts milliseconds after the first. */
static void
pass (MhSessionTrail *trail, MhEvent event, gint64 ts, gboolean seeking)
{
  g_autoptr (MhHit) hit = mh_hit_new (event, 0, 0, 0, NULL, NULL, NULL);

  hit->ts = 1000 + ts;
  hit->seeking = seeking;
  mh_session_trail_pass (trail, hit, mh_event_name (event));
}

static void
test_numbers (void)
{
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, "one");
  pass (&trail, MH_EVENT_SESSION_START, 0, FALSE);
  g_assert_cmpuint (trail.seq, ==, 0);
  g_assert_cmpstr (trail.id, ==, "sessionStart");
  pass (&trail, MH_EVENT_PING, 0, FALSE);
  g_assert_cmpuint (trail.seq, ==, 1);
  g_assert_cmpstr (trail.id, ==, "ping");
  mh_session_trail_begin (&trail, "two");
  g_assert_cmpstr (trail.session, ==, "two");
  pass (&trail, MH_EVENT_SESSION_START, 0, FALSE);
  g_assert_cmpuint (trail.seq, ==, 0);
}

static void
test_state (void)
{
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, "s");
  pass (&trail, MH_EVENT_SESSION_START, 0, FALSE);
  g_assert_cmpint (trail.state, ==, MH_EVENT_SESSION_START);
  pass (&trail, MH_EVENT_PLAY, 1, FALSE);
  g_assert_false (trail.played);
  pass (&trail, MH_EVENT_PING, 2, FALSE);
  g_assert_true (trail.played);
  g_assert_cmpint (trail.state, ==, MH_EVENT_PLAY);
  pass (&trail, MH_EVENT_PAUSE_START, 3, TRUE);
  g_assert_true (trail.seeking);
  pass (&trail, MH_EVENT_PING, 4, FALSE);
  g_assert_true (trail.seeking);
  pass (&trail, MH_EVENT_PAUSE_START, 5, FALSE);
  g_assert_false (trail.seeking);
  pass (&trail, MH_EVENT_ERROR, 6, FALSE);
  g_assert_false (trail.failed);
  pass (&trail, MH_EVENT_SESSION_END, 7, FALSE);
  g_assert_true (trail.failed);
}

static void
test_buffering (void)
{
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, "s");
  pass (&trail, MH_EVENT_SESSION_START, 0, FALSE);
  /* The start is no rebuffering. */
  pass (&trail, MH_EVENT_BUFFER_START, 1, FALSE);
  pass (&trail, MH_EVENT_PLAY, 300, FALSE);
  g_assert_cmpint (trail.buffered, ==, 0);
  pass (&trail, MH_EVENT_BUFFER_START, 1000, FALSE);
  pass (&trail, MH_EVENT_PING, 1500, FALSE);
  pass (&trail, MH_EVENT_PLAY, 1900, FALSE);
  g_assert_cmpint (trail.buffered, ==, 900);
  g_assert_cmpuint (trail.n_buffers, ==, 1);
  pass (&trail, MH_EVENT_PING, 1950, FALSE);
  g_assert_cmpint (trail.buffered, ==, 0);
  pass (&trail, MH_EVENT_PLAY, 2000, FALSE);
  g_assert_cmpint (trail.buffered, ==, 0);
  pass (&trail, MH_EVENT_BUFFER_START, 3000, FALSE);
  pass (&trail, MH_EVENT_PAUSE_START, 3050, FALSE);
  pass (&trail, MH_EVENT_PLAY, 3100, FALSE);
  g_assert_cmpint (trail.buffered, ==, 50);
  g_assert_cmpint (trail.buffered_total, ==, 950);
  g_assert_cmpuint (trail.n_buffers, ==, 2);
  pass (&trail, MH_EVENT_PAUSE_START, 4000, FALSE);
  pass (&trail, MH_EVENT_PLAY, 5000, FALSE);
  g_assert_cmpint (trail.buffered, ==, 0);
}

/* It is one starvation, whatever comes in it. */
static void
test_buffering_in_parts (void)
{
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, "s");
  pass (&trail, MH_EVENT_SESSION_START, 0, FALSE);
  pass (&trail, MH_EVENT_PLAY, 100, FALSE);
  pass (&trail, MH_EVENT_BUFFER_START, 1000, FALSE);
  pass (&trail, MH_EVENT_BUFFER_START, 1200, FALSE);
  pass (&trail, MH_EVENT_PAUSE_START, 1300, TRUE);
  pass (&trail, MH_EVENT_PING, 1350, FALSE);
  pass (&trail, MH_EVENT_BUFFER_START, 5000, FALSE);
  pass (&trail, MH_EVENT_PLAY, 5040, FALSE);
  g_assert_cmpint (trail.buffered, ==, 340);
  g_assert_cmpuint (trail.n_buffers, ==, 1);
}

static void
test_content (void)
{
  g_autoptr (MhHit) start = mh_hit_new (MH_EVENT_SESSION_START, 0, 0, 0,
      g_variant_new_parsed ("{'media.id': <'i'>, 'media.contentType': <'live'>,"
                            " 'media.streamType': <'audio'>}"),
      NULL, NULL);
  g_autoptr (MhHit) qoe = mh_hit_new (MH_EVENT_PLAY, 0, 0, 0, NULL, NULL,
      g_variant_new_parsed ("{'media.qoe.timeToStart': <int64 5>}"));
  MhSessionTrail trail;

  mh_session_trail_begin (&trail, "s");
  mh_session_trail_pass (&trail, start, "1");
  g_assert_cmpstr (trail.content, ==, "i");
  g_assert_true (trail.live && trail.audio && !trail.starts);
  mh_session_trail_pass (&trail, qoe, "2");
  g_assert_cmpstr (trail.content, ==, "i");
  g_assert_true (trail.starts);
  mh_session_trail_pass (&trail, qoe, "3");
  g_assert_false (trail.starts);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-trail/numbers", test_numbers);
  g_test_add_func ("/session-trail/state", test_state);
  g_test_add_func ("/session-trail/buffering", test_buffering);
  g_test_add_func (
      "/session-trail/buffering/in-parts", test_buffering_in_parts);
  g_test_add_func ("/session-trail/content", test_content);
  return g_test_run ();
}
