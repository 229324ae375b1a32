/* Tests of mh-monitor: stalls, the cases of the tables in
 * docs/design/inference.md#stalls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* ---- no alarm ---- */

static void
assert_no_alarm (const char *script)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, script);
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
}

/* playbin with pulsesink: the clock stands still at first, and the queues are
 * full; 1.75 s were seen, up to 4 are allowed. */
static void
test_sink_start (void)
{
  assert_no_alarm (MH_SEQUENCE_START "1001 dry freeze\n"
                                     "4990 wet thaw\n"
                                     "20000\n");
}

/* Quiet for a second is normal with a queue behind the element. */
static void
test_queue (void)
{
  assert_no_alarm (MH_SEQUENCE_START "10000 dry\n"
                                     "11000 wet\n"
                                     "20000\n");
}

/* The network is silent for a minute, and as much is buffered. */
static void
test_minute_buffered (void)
{
  assert_no_alarm ("0 lead=60\n" MH_SEQUENCE_START "10000 dry\n"
                   "69500 wet\n"
                   "80000\n");
}

/* HLS before the demuxer: a fragment every 6 s, while the position moves. */
static void
test_fragments (void)
{
  assert_no_alarm ("0 lead=10\n" MH_SEQUENCE_START "7000 dry\n"
                   "13000 wet\n"
                   "13001 dry\n"
                   "19000 wet\n"
                   "19001 dry\n"
                   "25000 wet\n"
                   "30000\n");
}

/* A still picture every 4 s, with durations: the position moves. */
static void
test_quarter_fps (void)
{
  assert_no_alarm ("0 step=4000 lead=4\n" MH_SEQUENCE_START "7000 dry\n"
                   "11000 wet\n"
                   "11001 dry\n"
                   "15000 wet\n"
                   "20000\n");
}

/* Every 5 s and no durations: the position stands still in between; from the
 * second gap on that is known to be the stream's rhythm. */
static void
test_sparse (void)
{
  assert_no_alarm ("0 step=5000 lead=0\n" MH_SEQUENCE_START "7000 dry\n"
                   "12000 wet\n"
                   "12001 dry\n"
                   "17000 wet\n"
                   "20000\n");
}

/* A closed valve downstream: no position moves, but data goes on. */
static void
test_valve (void)
{
  assert_no_alarm (MH_SEQUENCE_START "10000 freeze\n"
                                     "30000\n");
}

/* The data has ended, and what was queued still plays. */
static void
test_pad_eos (void)
{
  assert_no_alarm ("0 lead=5\n" MH_SEQUENCE_START "10000 padeos dry\n"
                   "14900\n");
}

/* The last second of an item in gapless playback. */
static void
test_gapless (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 padgroup=2 dry\n"
                        "11040 group=2 pos=0 segment=0 data wet\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "complete@11040 ph=10 r=1", "sessionStart@11040 ph=0",
      "qoe@11040 startup=0", "play@11040 ph=0 r=1", NULL);
}

/* Not while paused, nor while seeking. */
static void
test_not_playing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused dry\n"
                        "15000 own=playing>playing top=playing wet\n"
                        "20000 seek=7:30 flush=7 top=paused+paused\n"
                        "29000 unflush=7 segment=30 data\n"
                        "29010 asyncdone top=playing\n"
                        "34000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@5000 ph=4 r=0", "play@15000 ph=4 r=1", "seekStart@20000 ph=30 r=0",
      "play@29010 ph=30 r=1", NULL);
}

/* Too short for a stall. The sink drops what comes late, so that the position
 * jumps to where it would have been. */
static void
test_catch_up (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 threshold=10000 lead=0\n" MH_SEQUENCE_START "6000 dry freeze\n"
      "7700 wet thaw pos=6.7\n"
      "9000 own=paused>null\n"
      "9001 own=ready>null\n"
      "10000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "sessionEnd@9000 ph=8 r=1", NULL);
}

/* What is answered while it stands still comes to the worker when all the data that
 * was missing has passed: the position is of before, and no place to go on from. */
static void
test_catch_up_answered (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 threshold=10000 lead=0 slow=60\n" MH_SEQUENCE_START "6000 dry\n"
      "7640 wet pos=6.64\n"
      "7900 own=paused>null\n"
      "7901 own=ready>null\n"
      "9000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "sessionEnd@7900 ph=6.9 r=1", NULL);
}

/* What comes between two looks at the pad is told with what the pad has counted by
 * then: @script, after data that stopped for 1.76 s and is there again, and the hits
 * of it. */
static void
assert_caught_up (const char *script, const char *first, const char *second)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 threshold=10000 lead=0\n" MH_SEQUENCE_START "6000 dry\n"
      "7760 wet pos=6.76\n");
  mh_sequence_play (sequence, script);
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, first, second, NULL);
}

static void
test_catch_up_events (void)
{
  assert_caught_up ("7900 own=paused>paused top=paused\n8500\n",
      "pauseStart@7900 ph=6.9", NULL);
  assert_caught_up ("7900 error=a:1\n7950\n", "error@7900 ph=6.9", NULL);
  assert_caught_up ("7900 eos\n7950\n", "sessionComplete@7900 ph=6.9", NULL);
  assert_caught_up ("7900 gone\n7950\n", "sessionEnd@7900 ph=6.9", NULL);
  assert_caught_up ("7900 leads=0\n7950\n", "sessionEnd@7900 ph=6.9", NULL);
  assert_caught_up ("7900 flush=9 top=paused+playing\n7950 error=a:1\n",
      "pauseStart@7900 ph=6.9", "error@7950 ph=6.9");
}

/* The same where the data has stopped since the pad was looked at. */
static void
assert_stopped (const char *script, const char *first, const char *second)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, "0 threshold=10000 lead=0\n" MH_SEQUENCE_START "6100 dry\n");
  mh_sequence_play (sequence, script);
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, first, second, NULL);
}

static void
test_stopped_events (void)
{
  assert_stopped ("6900 own=paused>paused top=paused\n7500\n",
      "pauseStart@6900 ph=5.1", NULL);
  assert_stopped ("6900 error=a:1\n6950\n", "error@6900 ph=5.1", NULL);
  assert_stopped ("6900 eos\n6950\n", "sessionComplete@6900 ph=5.1", NULL);
  assert_stopped ("6900 gone\n6950\n", "sessionEnd@6900 ph=5.1", NULL);
  assert_stopped ("6900 leads=0\n6950\n", "sessionEnd@6900 ph=5.1", NULL);
  assert_stopped ("6900 flush=9 top=paused+playing\n6950 error=a:1\n",
      "pauseStart@6900 ph=5.1", "error@6950 ph=5.1");
  assert_stopped ("6900 flush=9 top=paused+playing\n9500\n",
      "pauseStart@6900 ph=5.1", NULL);
}

/* The pipeline plays on after the end of this data, as others are longer: a stop
 * right after the answer that says so. */
static void
test_beyond_and_stop (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=-0.5\n" MH_SEQUENCE_START "1950 own=paused>null own=ready>null\n"
      "2500\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "sessionEnd@1950 ph=0.95 r=1", NULL);
}

/* ---- alarm ---- */

/* http hangs; what is queued still plays for a second. */
static void
test_hang (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "12999\n");
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
  mh_sequence_play (sequence,
      "18000 wet\n"
      "20000 own=paused>paused top=paused\n"
      "21000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "stallComplete@18350 ph=10 r=1",
      "pause@20000 ph=12 r=0", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=10",
      "pauseStart@20000 ph=12", NULL);
  mh_sequence_assert_states (
      sequence, "stalled@13000", "playing@18350", "paused@20250", NULL);
}

/* It stops right after a look, and what is queued still plays for less than it takes to
 * the next. */
static void
test_between_looks (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0.2\n" MH_SEQUENCE_START "10100 dry\n"
      "12299\n");
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
  mh_sequence_play (sequence, "16000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "stallStart@10300 ph=9.3 r=0", NULL);
  mh_sequence_assert_states (sequence, "stalled@12500", NULL);
}

/* The first 5 s: 4 s instead of 2. */
static void
test_hang_at_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 dry\n"
                        "15000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "stallStart@4000 ph=3 r=0", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "stalled@8000", NULL);
}

/* The very first gap of a sparse stream without durations: the one false
 * alarm that is left. */
static void
test_sparse_first (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "1001 dry\n"
      "6000 wet step=5000\n"
      "6001 dry\n"
      "11001 wet\n"
      "12000\n");
  mh_sequence_assert_states (
      sequence, "playing@1000", "stalled@5100", "playing@6450", NULL);
}

/* Twice the step, when that is longer. */
static void
test_low_fps (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 step=4000 lead=0\n" MH_SEQUENCE_START "10000 dry\n"
      "17999\n");
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
  mh_sequence_play (sequence, "18500\n");
  mh_sequence_assert_states (sequence, "stalled@18000", NULL);
}

/* Without a position data is all there is. */
static void
test_without_position (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos\n" MH_SEQUENCE_START "10000 dry\n"
      "20000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "stallStart@10000 ph=9 r=0", NULL);
}

static void
test_threshold (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 threshold=400 lead=0\n" MH_SEQUENCE_START "10000 dry\n"
      "11000\n");
  mh_sequence_assert_states (sequence, "playing@1000", "stalled@10400", NULL);
}

/* ---- what ends one ---- */

/* The pause first: the player is never active in between. */
static void
test_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "19000 own=paused>paused top=paused\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "pause@19000 ph=10 r=0",
      "stallComplete@19000 ph=10 r=0", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "stalled@13000", "paused@19250", NULL);
}

/* So that a session closed by inactivity is not resumed for a moment. */
static void
test_pause_after_idle_timeout (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "2000000 own=paused>paused top=paused\n"
                        "2001000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 1);
}

static void
test_seek (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "19000 seek=7:30 flush=7 top=paused+paused\n"
                        "19010 unflush=7 segment=30 data wet\n"
                        "19100 asyncdone top=playing\n"
                        "21000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "seekStart@19000 ph=30 r=0",
      "stallComplete@19000 ph=30 r=0", "play@19100 ph=30 r=1", NULL);
}

/* A flush that is over before it counts as a seek is none: the data after it ends the
 * stall. */
static void
test_flush (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "19000 flush=7 unflush=7 data asyncdone\n"
                        "20500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "stallComplete@19000 ph=10 r=1", NULL);
}

static void
test_stop (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "19000 own=paused>null own=ready>null own=null>null\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "sessionEnd@19000 ph=10 r=0", NULL);
}

/* ---- the machine sleeps ---- */

/* What was played on, nobody has seen: inactive, closed after half an hour of
 * it, and a resume when it goes on. */
static void
test_sleep (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
  mh_sequence_sleep (sequence, 8 * 3600 * 1000);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 1);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionEnd@1809000 ph=8"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "ping"), ==, 180);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 0);
  mh_sequence_play (sequence, "28805000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  mh_sequence_assert_states (
      sequence, "playing@1000", "stalled@9000", "playing@28800250", NULL);
}

/* When it wakes up, nothing plays on: that the position is not where it was expected
 * to be is no progress. */
static void
test_sleep_and_stand (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START "9100 pos=8.4 dry freeze\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "72000\n");
  mh_sequence_assert_states (sequence, "playing@1000", "stalled@9100", NULL);
}

/* A nap is inactive time, no more. */
static void
test_nap (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START "9000\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "72500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=8",
      "ping@22000 ph=8", "ping@32000 ph=8", "ping@42000 ph=8",
      "ping@52000 ph=8", "ping@62000 ph=8", "ping@72000 ph=11", NULL);
}

/* In pause nothing is special about it: it is no stall either. */
static void
test_sleep_in_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, MH_SEQUENCE_START "5000 own=paused>paused top=paused\n9000\n");
  mh_sequence_sleep (sequence, 8 * 3600 * 1000);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionEnd@1805000 ph=4"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  mh_sequence_play (sequence, "28805000 own=playing>playing top=playing\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 2);
  mh_sequence_assert_states (
      sequence, "playing@1000", "paused@5250", "playing@28805000", NULL);
}

/* It fell asleep when it had just been paused: that is what it was, and no stall. The
 * pause is dated before the sleep, so nothing may have been told of that. */
static void
test_sleep_just_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, MH_SEQUENCE_START "5000 own=paused>paused top=paused\n5100\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "70000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "pause@5000 ph=4 r=0", NULL);
}

/* It fell asleep when it was about to play: in the moment after buffering that may be
 * one of several. It has not played meanwhile. */
static void
test_sleep_just_playing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=0 own=paused>paused top=paused\n"
                        "8000 buf=100 own=playing>playing top=playing\n"
                        "8100\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "70000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "bufferStart@5000 ph=4 r=0", "play@69000 ph=4.1 r=1", NULL);
}

/* The same where the data that a seek goes on with has come just before. */
static void
test_sleep_just_sought (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START
      "5000 seek=1:30 flush=1 unflush=1 segment=30 data top=playing\n"
      "5100\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "70000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@5000 ph=30 r=0", "play@69000 ph=30.1 r=1", NULL);
}

/* The same at the start, where it is not known yet what is played. */
static void
test_sleep_just_started (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "600 own=playing>playing top=playing padgroup=1 data\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "70000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@69000 startup=69000", "play@69000 ph=0 r=1", NULL);
}

/* It fell asleep before the last of the data was played, and it has not come to its end
 * before it woke. */
static void
test_sleep_near_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (
      sequence, MH_SEQUENCE_START "8500 lead=0\n9000 padeos dry freeze\n");
  mh_sequence_sleep (sequence, 69000);
  mh_sequence_play (sequence, "75000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@9000 ph=8 r=0", "complete@69000 ph=8 r=0", NULL);
}

/* What was observed in the moment before, and is seen only after it: inactive all the
 * same, and not told before what is settled. */
static void
test_sleep_unseen (void)
{
  static const char *const lines[] = {
    "9000 late own=paused>paused top=paused\n", "9000 late eos\n",
    "9000 late own=paused>null own=ready>null own=null>null",
    "9000 late error=a:1\n", "9000 late padgroup=2 group=2 data\n",
    "9000 late seek=1:30 flush=1 unflush=1 segment=30 data\n"
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();

    mh_sequence_play (sequence, MH_SEQUENCE_START);
    mh_sequence_play (sequence, lines[i]);
    mh_sequence_sleep (sequence, 69000);
    mh_sequence_play (sequence, "75000\n");
    g_assert_cmpuint (mh_sequence_count_hits (sequence, "ping"), >=, 5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/stall/no/sink-start", test_sink_start);
  g_test_add_func ("/monitor/stall/no/queue", test_queue);
  g_test_add_func ("/monitor/stall/no/minute-buffered", test_minute_buffered);
  g_test_add_func ("/monitor/stall/no/fragments", test_fragments);
  g_test_add_func ("/monitor/stall/no/quarter-fps", test_quarter_fps);
  g_test_add_func ("/monitor/stall/no/sparse", test_sparse);
  g_test_add_func ("/monitor/stall/no/valve", test_valve);
  g_test_add_func ("/monitor/stall/no/pad-eos", test_pad_eos);
  g_test_add_func ("/monitor/stall/no/gapless", test_gapless);
  g_test_add_func ("/monitor/stall/no/not-playing", test_not_playing);
  g_test_add_func ("/monitor/stall/no/catch-up", test_catch_up);
  g_test_add_func (
      "/monitor/stall/no/catch-up/answered", test_catch_up_answered);
  g_test_add_func ("/monitor/stall/no/catch-up/events", test_catch_up_events);
  g_test_add_func ("/monitor/stall/no/stopped/events", test_stopped_events);
  g_test_add_func ("/monitor/stall/no/beyond", test_beyond_and_stop);
  g_test_add_func ("/monitor/stall/yes/hang", test_hang);
  g_test_add_func ("/monitor/stall/yes/between-looks", test_between_looks);
  g_test_add_func ("/monitor/stall/yes/hang-at-start", test_hang_at_start);
  g_test_add_func ("/monitor/stall/yes/sparse-first", test_sparse_first);
  g_test_add_func ("/monitor/stall/yes/low-fps", test_low_fps);
  g_test_add_func (
      "/monitor/stall/yes/without-position", test_without_position);
  g_test_add_func ("/monitor/stall/yes/threshold", test_threshold);
  g_test_add_func ("/monitor/stall/end/pause", test_pause);
  g_test_add_func (
      "/monitor/stall/end/idle-timeout", test_pause_after_idle_timeout);
  g_test_add_func ("/monitor/stall/end/seek", test_seek);
  g_test_add_func ("/monitor/stall/end/flush", test_flush);
  g_test_add_func ("/monitor/stall/end/stop", test_stop);
  g_test_add_func ("/monitor/sleep/playing", test_sleep);
  g_test_add_func ("/monitor/sleep/stand", test_sleep_and_stand);
  g_test_add_func ("/monitor/sleep/nap", test_nap);
  g_test_add_func ("/monitor/sleep/paused", test_sleep_in_pause);
  g_test_add_func ("/monitor/sleep/just-paused", test_sleep_just_paused);
  g_test_add_func ("/monitor/sleep/near-end", test_sleep_near_end);
  g_test_add_func ("/monitor/sleep/unseen", test_sleep_unseen);
  g_test_add_func ("/monitor/sleep/just-playing", test_sleep_just_playing);
  g_test_add_func ("/monitor/sleep/just-sought", test_sleep_just_sought);
  g_test_add_func ("/monitor/sleep/just-started", test_sleep_just_started);
  return g_test_run ();
}
