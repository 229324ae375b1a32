/* Tests of mh-monitor: how often it wants to be woken, and the pipeline asked, and
 * that it knows where the media is all the same.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

#include <stdlib.h>

/* From here on a player that was started at 0 has settled. */
#define SETTLED 100
/* What is due while a player does what it does: pings. */
#define PINGS_A_MINUTE 6

/* Asserts how often the worker is woken, and the pipeline asked for its position, at
 * most in the ten minutes after @from, s. */
static void
assert_cost (MhSequence *sequence, guint from, guint wakeups, guint questions)
{
  g_autofree char *begin = g_strdup_printf ("%u000\n", from);
  g_autofree char *end = g_strdup_printf ("%u000\n", from + 600);

  mh_sequence_play (sequence, begin);
  wakeups += mh_sequence_count_wakeups (sequence);
  questions += mh_sequence_count_questions (sequence);
  mh_sequence_play (sequence, end);
  g_assert_cmpuint (mh_sequence_count_wakeups (sequence), <=, wakeups);
  g_assert_cmpuint (mh_sequence_count_questions (sequence), <=, questions);
}

/* One wake-up a second, pings included, but for those that come right after it. */
static void
test_playing (void)
{
  static const char *const starts[] = { "0", "60", "180", "333", "500", "950" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();
    g_autofree char *pause = g_strdup_printf (
        "10000 own=paused>paused top=paused\n"
        "12%03d own=playing>playing top=playing\n",
        atoi (starts[i]));

    mh_sequence_play (sequence, MH_SEQUENCE_START);
    mh_sequence_play (sequence, pause);
    assert_cost (sequence, SETTLED, 605, 10);
  }
}

/* Data that comes in bursts says little of the position. */
static void
test_bursts (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, "0 lead=10\n" MH_SEQUENCE_START);
  for (guint i = 1; i < 40; i++) {
    g_autofree char *line = g_strdup_printf (
        "%u000 lead=%u\n", 2 * i, i % 2 ? 4 : 10);

    mh_sequence_play (sequence, line);
  }
  g_assert_cmpuint (mh_sequence_count_questions (sequence), <=, 16);
}

static void
test_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, MH_SEQUENCE_START "10000 own=paused>paused top=paused\n");
  assert_cost (sequence, SETTLED, 10 * PINGS_A_MINUTE, 0);
}

/* After half an hour of a pause the session is closed. */
static void
test_inactive (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, MH_SEQUENCE_START "10000 own=paused>paused top=paused\n");
  assert_cost (sequence, 1811, 0, 0);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 1);
}

static void
test_ended (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 length=9\n" MH_SEQUENCE_START "9000 padeos dry\n"
      "10000 eos\n");
  assert_cost (sequence, SETTLED, 0, 0);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 1);
}

static void
test_closed (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 own=paused>null\n"
                        "10001 own=ready>null\n"
                        "10002 own=null>null\n");
  assert_cost (sequence, SETTLED, 0, 0);
}

/* The pipeline has lost some time, or has not told of a jump: the data shows it, and
 * from the next look on the playhead is right. */
static void
test_lost_time (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "150500 pos=149\n"
                        "152000 own=paused>paused top=paused\n"
                        "153000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "pause@152000 ph=150.5 r=0", NULL);
}

/* Little is noticed as well. */
static void
test_lost_little (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START "150500 pos=149.35\n153000\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "ping@152000 ph=150.85"), ==, 1);
}

/* It has lost some time with which the data has not: then it takes a while. */
static void
test_lost_time_unseen (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "150500 pos=149.4 lead=1.1\n"
                        "215000 own=paused>paused top=paused\n"
                        "216000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "pause@215000 ph=213.9 r=0", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/cost/playing", test_playing);
  g_test_add_func ("/monitor/cost/bursts", test_bursts);
  g_test_add_func ("/monitor/cost/paused", test_paused);
  g_test_add_func ("/monitor/cost/inactive", test_inactive);
  g_test_add_func ("/monitor/cost/ended", test_ended);
  g_test_add_func ("/monitor/cost/closed", test_closed);
  g_test_add_func ("/monitor/cost/lost-time", test_lost_time);
  g_test_add_func ("/monitor/cost/lost-time/little", test_lost_little);
  g_test_add_func ("/monitor/cost/lost-time/unseen", test_lost_time_unseen);
  return g_test_run ();
}
