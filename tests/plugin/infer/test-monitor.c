/* Tests of mh-monitor: start-up, pause and playhead. The sequences are those
 * logged for docs/design/inference.md#attaching, #buffering, #position
 * and #live-media.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* ---- start-up ---- */

/* Everything is seen from the start. */
static void
test_start_launch (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "5 top=ready+paused\n"
      "15 padgroup=1 segment=0 data\n"
      "20 group=1 top=paused+playing\n"
      "21 asyncdone\n"
      "22 own=playing>playing\n"
      "23 top=playing\n"
      "3000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@23 startup=23", "play@23 ph=0 r=1", NULL);
  mh_sequence_assert_hits (
      sequence, "sessionStart@0 ph=0", "play@23 ph=0", "play@1023 ph=1", NULL);
  mh_sequence_assert_states (sequence, "playing@23", NULL);
}

/* The element comes to the player when that is half-way up: both states from
 * a streaming thread, and data in the same moment. */
static void
test_start_playbin_filter (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "40 own=null>playing own=paused>playing\n"
      "40 padgroup=3 segment=0 data\n"
      "70 group=3 top=paused+playing\n"
      "71 asyncdone own=playing>playing\n"
      "72 top=playing\n"
      "2000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@40 ph=0",
      "qoe@72 startup=32", "play@72 ph=0 r=1", NULL);
}

/* The application keeps all messages to itself
 * (docs/design/inference.md#bus-messages). */
static void
test_start_without_messages (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing really=ready+paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 really=paused+playing\n"
      "995 own=playing>playing\n"
      "1000 really=playing\n"
      "3000\n");
  /* Found by looking, every 100 ms. */
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0.095",
      "qoe@1095 startup=1095", "play@1095 ph=0.095 r=1", NULL);
}

/* A sink with async=false: it plays before there is data. */
static void
test_start_async_false (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing top=paused+playing\n"
      "1 own=playing>playing\n"
      "2 top=playing nopos\n"
      "800 padgroup=1 segment=0 data\n"
      "3000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@800 startup=800", "play@800 ph=0 r=1", NULL);
}

/* Nothing is told before data comes, but not for ever. */
static void
test_start_without_data (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "1 own=playing>playing\n"
      "9999\n");
  mh_sequence_assert_calls (sequence, NULL);
  mh_sequence_play (sequence, "20000\n");
  /* udp that never starts: no stall, the session is inactive as it is. */
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0", NULL);
  mh_sequence_assert_states (sequence, NULL);
}

/* Data, but no frame: the session starts a second later. */
static void
test_start_without_frame (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "100 padgroup=1 segment=0 data\n"
      "1099\n");
  mh_sequence_assert_calls (sequence, NULL);
  mh_sequence_play (sequence, "1100\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0", NULL);
}

static void
test_preroll_only (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "60000 own=ready>null\n"
      "60001 own=null>null\n"
      "61000\n");
  mh_sequence_assert_calls (sequence, NULL);
  mh_sequence_assert_hits (sequence, NULL);
}

/* Pre-rolled, put to where the viewer left off, and played. */
static void
test_preroll_seek_play (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "2000 seek=5:30 flush=5\n"
      "2010 unflush=5 segment=30 data\n"
      "2050 asyncdone\n"
      "5000 own=playing>playing\n"
      "5002 top=playing\n"
      "6000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@5000 ph=30",
      "qoe@5002 startup=2", "play@5002 ph=30 r=1", NULL);
  mh_sequence_assert_states (sequence, "paused@500", "playing@5002", NULL);
}

/* Pre-rolled, stepped on by some frames, and played. */
static void
test_preroll_step_play (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "2000 pos=0.5 asyncdone\n"
      "2200 pos=1.5 asyncdone\n"
      "5000 own=playing>playing\n"
      "5002 top=playing\n"
      "6500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@5000 ph=1.5",
      "play@5002 ph=1.5", "play@6002 ph=2.5", NULL);
}

/* Pre-rolled, put somewhere else, stepped on there, and played. */
static void
test_preroll_seek_step_play (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "2000 seek=5:30 flush=5\n"
      "2010 unflush=5 segment=30 data\n"
      "2050 asyncdone\n"
      "3000 pos=31 asyncdone\n"
      "5000 own=playing>playing\n"
      "5002 top=playing\n"
      "5800\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@5000 ph=31", "play@5002 ph=31", NULL);
}

/* oggdemux flushes in push mode before anything plays. */
static void
test_flush_before_playing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "100 padgroup=1 segment=0 data\n"
      "110 flush=77\n"
      "120 unflush=77\n"
      "150 segment=0 data\n"
      "990 group=1 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "2500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
}

/* ---- pause ---- */

static void
test_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused\n"
                        "5001 top=paused\n"
                        "24000 own=playing>playing\n"
                        "24001 top=playing\n"
                        "27000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@5000 ph=4.001 r=0", "play@24000 ph=4.001 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4.001", "ping@15000 ph=4.001", "play@24000 ph=4.001",
      NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "paused@5250", "playing@24000", NULL);
}

/* R7. */
static void
test_pause_short (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused\n"
                        "5249 own=playing>playing top=playing\n"
                        "6000 own=paused>paused top=paused\n"
                        "6251 own=playing>playing top=playing\n"
                        "7000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@6000 ph=4.751 r=0", "play@6251 ph=4.751 r=1", NULL);
}

/* HLS variant switch in playbin: PAUSED for a millisecond. */
static void
test_variant_switch (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 padgroup=1\n"
                        "5001 own=paused>paused\n"
                        "5002 own=playing>playing segment=4 data\n"
                        "5003 group=1\n"
                        "9000 own=paused>paused late\n"
                        "9001 own=playing>playing\n"
                        "10000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
}

/* The worker was busy for two seconds: all the same, and at the same times. */
static void
test_late_worker (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused late\n"
                        "6000 own=playing>playing top=playing late\n"
                        "7000 own=paused>paused top=paused\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "play@6000 ph=4", "pauseStart@7000 ph=5", NULL);
}

/* What was due before the pause has the playhead of then. */
static void
test_due_before_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 fps=25 late\n"
                        "2600 own=paused>paused top=paused\n"
                        "2900\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@2600 ph=1.6", NULL);
}

/* Pings go on in pause: a server would take silence for the end. */
static void
test_pings (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 own=paused>paused\n"
                        "603000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "ping"), ==, 60);
}

/* Half an hour but for a minute is a pause; half an hour is the end of the
 * session, and what goes on after that resumes it where it was. */
static void
test_pause_long (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused\n"
                        "1745000 own=playing>playing top=playing\n"
                        "1746000 own=paused>paused top=paused\n"
                        "1746500\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "play@1745000 ph=4"), ==, 1);
  mh_sequence_play (sequence,
      "3600000 own=playing>playing top=playing\n"
      "3600500\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionEnd@3546000 ph=5"), ==, 1);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionStart@3600000 ph=5 resume"), ==,
      1);
}

/* ---- playhead ---- */

/* The position is that of the moment of each hit. */
static void
test_position_jumps (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 pos=40\n"
                        "9000 own=paused>paused top=paused\n"
                        "9500\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@9000 ph=44", NULL);
}

/* It does not say: by the clock. */
static void
test_position_unknown (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos\n" MH_SEQUENCE_START "5000 own=paused>paused top=paused\n"
      "8000 own=playing>playing top=playing\n"
      "9000 own=paused>paused top=paused\n"
      "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "play@8000 ph=4", "pauseStart@9000 ph=5", NULL);
}

/* Nor does it run beyond the data that has been seen. */
static void
test_position_limit (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos threshold=60000\n" MH_SEQUENCE_START "5000 dry\n"
      "9000 own=paused>paused top=paused\n"
      "9500\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@9000 ph=5", NULL);
}

/* Live: the second of the day, across midnight, also in pause. */
static void
test_live (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 live utc=86390000\n" MH_SEQUENCE_START
      "5000 own=paused>paused top=paused\n"
      "20000 own=playing>playing top=playing\n"
      "20500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=86390",
      "qoe@1000 startup=1000", "play@1000 ph=86391 r=1",
      "pause@5000 ph=86395 r=1", "play@20000 ph=10 r=1", NULL);
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=86390",
      "play@1000 ph=86391", "play@2000 ph=86392", "pauseStart@5000 ph=86395",
      "ping@15000 ph=5", "play@20000 ph=10", NULL);
}

/* The worker comes to it late: where it is by then is not where it began. */
static void
test_start_late_worker (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 pos=8 own=paused>playing\n"
      "600 padgroup=1 segment=8 data\n"
      "990 group=1 top=paused+playing asyncdone late\n"
      "995 own=playing>playing late\n"
      "1000 top=playing late\n"
      "1400 buf=100\n"
      "1500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=8",
      "qoe@1000 startup=1000", "play@1000 ph=8 r=1", NULL);
}

/* Nobody says where it is: where its segment begins. */
static void
test_start_no_position (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos own=paused>playing\n"
      "600 padgroup=1 segment=8 data\n"
      "990 group=1 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "1500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=8",
      "qoe@1000 startup=1000", "play@1000 ph=8 r=1", NULL);
}

/* Ready at the start, and sought elsewhere; that is not answered in time. */
static void
test_start_sought (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "2000 flush=7 top=paused+paused nopos\n"
      "2010 unflush=7 segment=8 data\n"
      "2020 top=paused asyncdone\n"
      "3030 own=playing>playing\n"
      "3031 top=playing\n"
      "3500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@3030 ph=8",
      "qoe@3031 startup=1", "play@3031 ph=8 r=1", NULL);
}

/* Told to make ready and, before it is, to play: nobody says when, but not
 * before it was last seen not to be. */
static void
test_asked_while_making_ready (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "100 padgroup=1\n"
      "300 target=playing\n"
      "600 segment=0 data\n"
      "990 group=1 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "1500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@500 ph=0",
      "qoe@1000 startup=900", "play@1000 ph=0 r=1", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/start/launch", test_start_launch);
  g_test_add_func ("/monitor/start/playbin-filter", test_start_playbin_filter);
  g_test_add_func (
      "/monitor/start/without-messages", test_start_without_messages);
  g_test_add_func ("/monitor/start/sought", test_start_sought);
  g_test_add_func ("/monitor/start/late-worker", test_start_late_worker);
  g_test_add_func ("/monitor/start/no-position", test_start_no_position);
  g_test_add_func (
      "/monitor/start/asked-while-ready", test_asked_while_making_ready);
  g_test_add_func ("/monitor/start/async-false", test_start_async_false);
  g_test_add_func ("/monitor/start/without-data", test_start_without_data);
  g_test_add_func ("/monitor/start/without-frame", test_start_without_frame);
  g_test_add_func ("/monitor/start/preroll-only", test_preroll_only);
  g_test_add_func ("/monitor/start/preroll-seek-play", test_preroll_seek_play);
  g_test_add_func ("/monitor/start/preroll-step-play", test_preroll_step_play);
  g_test_add_func (
      "/monitor/start/preroll-seek-step-play", test_preroll_seek_step_play);
  g_test_add_func ("/monitor/start/flush", test_flush_before_playing);
  g_test_add_func ("/monitor/pause/resume", test_pause);
  g_test_add_func ("/monitor/pause/short", test_pause_short);
  g_test_add_func ("/monitor/pause/variant-switch", test_variant_switch);
  g_test_add_func ("/monitor/pause/late-worker", test_late_worker);
  g_test_add_func (
      "/monitor/late-worker/due-before-pause", test_due_before_pause);
  g_test_add_func ("/monitor/pause/pings", test_pings);
  g_test_add_func ("/monitor/pause/long", test_pause_long);
  g_test_add_func ("/monitor/playhead/jumps", test_position_jumps);
  g_test_add_func ("/monitor/playhead/unknown", test_position_unknown);
  g_test_add_func ("/monitor/playhead/limit", test_position_limit);
  g_test_add_func ("/monitor/playhead/live", test_live);
  return g_test_run ();
}
