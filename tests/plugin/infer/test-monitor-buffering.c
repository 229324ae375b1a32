/* Tests of mh-monitor: buffering (docs/design/inference.md#buffering).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* The application pauses within a millisecond; percents are not monotonic. */
static void
test_buffering (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=0\n"
                        "5001 own=paused>paused top=paused\n"
                        "5100 buf=10\n"
                        "5300 buf=9\n"
                        "5400 buf=0\n"
                        "6000 buf=41\n"
                        "7449 buf=100\n"
                        "7450 own=playing>playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "bufferStart@5001 ph=4.001 r=0", "play@7450 ph=4.001 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5001 ph=4.001", "play@7450 ph=4.001", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "buffering@5251", "playing@7700", NULL);
}

/* The percent may be above 0 when the application pauses. */
static void
test_buffering_late_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=10\n"
                        "5900 buf=60\n"
                        "6000 own=paused>paused top=paused\n"
                        "7000 buf=100\n"
                        "7001 own=playing>playing top=playing\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@6000 ph=5", "play@7001 ph=5", NULL);
}

/* R2: more than a second after it began to buffer, a pause is the user's. */
static void
test_pause_while_low (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=10\n"
                        "6001 own=paused>paused top=paused\n"
                        "7000 buf=100\n"
                        "9000 own=playing>playing top=playing\n"
                        "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@6001 ph=5.001", "play@9000 ph=5.001", NULL);
}

/* 0 to 100 % many times a second is one period. */
static void
test_flapping (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();
  g_autoptr (GString) flaps = g_string_new (NULL);

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (flaps,
        "%u buf=0 own=paused>paused top=paused\n"
        "%u buf=100 own=playing>playing top=playing\n",
        5000 + i * 100, 5050 + i * 100);
  mh_sequence_play (sequence, MH_SEQUENCE_START);
  mh_sequence_play (sequence, flaps->str);
  mh_sequence_play (sequence, "9000\n");
  /* Each too short to count. */
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
}

static void
test_flapping_long (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();
  g_autoptr (GString) flaps = g_string_new (NULL);

  for (guint i = 0; i < 10; i++)
    g_string_append_printf (flaps,
        "%u buf=0 own=paused>paused top=paused\n"
        "%u buf=100 own=playing>playing top=playing\n",
        5000 + i * 500, 5300 + i * 500);
  mh_sequence_play (sequence, MH_SEQUENCE_START);
  mh_sequence_play (sequence, flaps->str);
  mh_sequence_play (sequence, "11000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5000 ph=4", "play@9800 ph=5.8", NULL);
}

/* Two elements buffer: the lowest counts, whichever told last. */
static void
test_two (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=20@1\n"
                        "5001 buf=100@2\n"
                        "5002 own=paused>paused top=paused\n"
                        "5500 buf=50@2\n"
                        "6000 buf=100@1\n"
                        "7000 buf=100@2\n"
                        "7001 own=playing>playing top=playing\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5002 ph=4.002", "play@7001 ph=4.002", NULL);
}

/* The user pauses when the last is full. */
static void
test_two_full (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=20@1 buf=30@2\n"
                        "5100 buf=100@2\n"
                        "5200 buf=100@1\n"
                        "5300 own=paused>paused top=paused\n"
                        "8000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@5300 ph=4.3", NULL);
}

/* One that told before a flush, and nothing since, fills no more. */
static void
test_two_flushed (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=20@1 buf=30@2\n"
                        "5001 own=paused>paused top=paused\n"
                        "5500 seek=9:30 flush=9 unflush=9 segment=30\n"
                        "5600 buf=40@2\n"
                        "5700 data asyncdone buf=100@2\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5001 ph=4.001", "play@5700 ph=30", "pauseStart@5700 ph=30",
      NULL);
}

/* Another run knows nothing of those of the one before. */
static void
test_two_runs (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2000 buf=20@1\n"
                        "2500 own=paused>ready\n"
                        "2501 own=ready>ready\n"
                        "4000 own=paused>playing\n"
                        "4600 padgroup=2 segment=0 data\n"
                        "4990 group=2 top=paused+playing asyncdone\n"
                        "5000 own=playing>playing top=playing\n"
                        "5200 own=paused>paused top=paused\n"
                        "7000\n");
  g_assert_cmpint (mh_sequence_count_hits (sequence, "bufferStart"), ==, 0);
  g_assert_cmpint (mh_sequence_count_hits (sequence, "pauseStart"), ==, 1);
}

/* R3: it leaves no trace but that no PLAYING comes. */
static void
test_user_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 buf=0\n"
                        "4001 own=paused>paused top=paused\n"
                        "5376 buf=100\n"
                        "7003 own=playing>playing top=playing\n"
                        "7500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "bufferStart@4001 ph=3.001 r=0", "bufferComplete@5376 ph=3.001 r=0",
      "pause@5376 ph=3.001 r=0", "play@7003 ph=3.001 r=1", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "buffering@4251",
      "paused@5876", "playing@7003", NULL);
}

static void
test_user_pause_hesitation (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 buf=0\n"
                        "4001 own=paused>paused top=paused\n"
                        "5376 buf=100\n"
                        "5875 own=playing>playing top=playing\n"
                        "7500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@4001 ph=3.001", "play@5875 ph=3.001", NULL);
}

/* R4. */
static void
test_paused_stays (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 own=paused>paused top=paused\n"
                        "6000 buf=10\n"
                        "7000 buf=100\n"
                        "7500 buf=10\n"
                        "9000 buf=100\n"
                        "9001 own=playing>playing top=playing\n"
                        "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@4000 ph=3", "play@9001 ph=3", NULL);
}

/* R5: an application that ignores it, or a live stream. */
static void
test_ignored (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();
  g_autoptr (GString) flaps = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (flaps, "%u buf=%u\n", 4000 + i * 100, i % 5 * 25);
  mh_sequence_play (sequence, MH_SEQUENCE_START);
  mh_sequence_play (sequence, flaps->str);
  mh_sequence_play (sequence,
      "16000 own=paused>paused top=paused\n"
      "17000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "pause@16000 ph=15 r=0", NULL);
}

/* R5, and data really ends: the stall rule decides. */
static void
test_ignored_stall (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 buf=0 dry\n"
                        "18000 buf=100 wet\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "stallComplete@18500 ph=10 r=1", NULL);
}

/* Ready, and empty; nobody wants to play yet. */
#define START_OF_HLS \
  "0 own=paused>paused\n" \
  "100 buf=0\n" \
  "390 padgroup=1 segment=0 data\n" \
  "400 group=1 top=paused asyncdone\n"

/* R6: HLS, seen from the start. */
static void
test_initial (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_OF_HLS "2000 buf=50\n"
                   "5700 buf=100\n"
                   "5701 own=playing>playing\n"
                   "5702 top=playing\n"
                   "6000\n");
  /* Nobody wants to play yet, as far as can be seen; but it plays as soon as it
   * can, so that was what the viewer has waited for. */
  mh_sequence_assert_calls (sequence, "sessionStart@5701 ph=0",
      "qoe@5702 startup=5702", "play@5702 ph=0 r=1", NULL);
  mh_sequence_assert_states (sequence, "buffering@350", "playing@5702", NULL);
}

/* The same with a buffer that is empty again before the player plays. */
static void
test_initial_flapping (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_OF_HLS "5700 buf=100 buf=0\n"
                   "5702 own=playing>playing\n"
                   "5703 top=playing\n"
                   "5704 buf=100\n"
                   "6000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@5702 ph=0",
      "qoe@5703 startup=5703", "play@5703 ph=0 r=1", NULL);
}

/* The same where nobody has seen the message that it pauses for: the element was
 * not there yet. */
static void
test_initial_unseen (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "5 padgroup=1 segment=0 data target=paused\n"
      "10 group=1 top=paused asyncdone\n"
      "5000 buf=20\n"
      "5700 buf=100\n"
      "5701 own=playing>playing\n"
      "5702 top=playing\n"
      "7000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@5701 ph=0",
      "qoe@5702 startup=5702", "play@5702 ph=0 r=1", NULL);
}

/* The same where the application wants PLAYING and sets PAUSED to buffer. */
static void
test_initial_wanted (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "100 buf=0 target=paused\n"
      "390 padgroup=1 segment=0 data\n"
      "400 group=1 top=paused asyncdone\n"
      "5700 buf=100\n"
      "5701 own=playing>playing\n"
      "5702 top=playing\n"
      "7000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "bufferStart@100 ph=0 r=0", "qoe@5702 startup=5702", "play@5702 ph=0 r=1",
      NULL);
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0",
      "bufferStart@100 ph=0", "play@5702 ph=0", "play@6702 ph=1", NULL);
}

/* R6: paused only when it has been so for 500 ms. */
static void
test_initial_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "100 buf=0\n"
      "390 padgroup=1 segment=0 data\n"
      "400 group=1 top=paused asyncdone\n"
      "1000 target=paused\n"
      "2000 buf=100\n"
      "2499\n");
  mh_sequence_assert_states (sequence, "buffering@390", NULL);
  mh_sequence_play (sequence, "4000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "bufferStart@100 ph=0 r=0", "bufferComplete@2000 ph=0 r=0",
      "pause@2000 ph=0 r=0", NULL);
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0",
      "bufferStart@100 ph=0", "pauseStart@2000 ph=0", NULL);
}

/* Buffering before anybody wants to play is none of the session's, but what
 * is left of it from then on. */
static void
test_initial_then_wanted (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "100 buf=10\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused asyncdone\n"
      "2000 own=playing>playing top=paused+playing\n"
      "3000 buf=100\n"
      "3010 own=paused>paused top=paused\n"
      "5000 own=playing>playing top=playing\n"
      "5500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@2000 ph=0",
      "bufferStart@2000 ph=0 r=0", "bufferComplete@3010 ph=0 r=0",
      "pause@3010 ph=0 r=0", "qoe@5000 startup=3000", "play@5000 ph=0 r=1",
      NULL);
}

/* R1: a stray BUFFERING after PLAYING → PAUSED on the way down. */
static void
test_shutdown (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>null\n"
                        "5001 buf=0\n"
                        "5002 own=ready>null\n"
                        "5003 own=null>null\n"
                        "5028 buf=0\n"
                        "9000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionEnd@5000 ph=4", NULL);
}

/* A seek while it buffers is part of the buffering. */
static void
test_seek_inside (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 buf=0 own=paused>paused top=paused\n"
                        "6000 seek=7:30 flush=7\n"
                        "6010 unflush=7 segment=30 data\n"
                        "6100 asyncdone\n"
                        "8000 buf=100\n"
                        "8001 own=playing>playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5000 ph=4", "play@8001 ph=30", NULL);
}

/* A page leaves the pipeline without data: WebKit pauses it where the data ends,
 * and no element says why. It has no frame to be paused at. */
static void
test_dry (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "7800 dry\n"
                        "9000 own=paused>paused really=playing+paused\n"
                        "12000 data wet top=paused asyncdone\n"
                        "12100 own=playing>playing top=playing\n"
                        "14000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@9000 ph=7.8", "play@12100 ph=7.8", NULL);
}

/* A pause at that moment has one: data has come in time. */
static void
test_not_dry (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "7800 lead=0.02\n"
                        "8000 dry\n"
                        "8020 own=paused>paused really=playing+paused\n"
                        "8025 top=paused asyncdone\n"
                        "14000 wet own=playing>playing top=playing\n"
                        "15000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8020 ph=7.02", "play@14000 ph=7.02", NULL);
}

/* Who pauses after it has stood still for long has not paused for that. */
static void
test_dry_for_long (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "7800 dry\n"
                        "15000 own=paused>paused really=playing+paused\n"
                        "16000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "pauseStart"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/buffering/pause", test_buffering);
  g_test_add_func ("/monitor/buffering/late-pause", test_buffering_late_pause);
  g_test_add_func ("/monitor/buffering/pause-while-low", test_pause_while_low);
  g_test_add_func ("/monitor/buffering/two", test_two);
  g_test_add_func ("/monitor/buffering/two/full", test_two_full);
  g_test_add_func ("/monitor/buffering/two/flushed", test_two_flushed);
  g_test_add_func ("/monitor/buffering/two/runs", test_two_runs);
  g_test_add_func ("/monitor/buffering/flapping", test_flapping);
  g_test_add_func ("/monitor/buffering/flapping-long", test_flapping_long);
  g_test_add_func ("/monitor/buffering/user-pause", test_user_pause);
  g_test_add_func (
      "/monitor/buffering/user-pause-hesitation", test_user_pause_hesitation);
  g_test_add_func ("/monitor/buffering/paused-stays", test_paused_stays);
  g_test_add_func ("/monitor/buffering/ignored", test_ignored);
  g_test_add_func ("/monitor/buffering/ignored-stall", test_ignored_stall);
  g_test_add_func ("/monitor/buffering/initial", test_initial);
  g_test_add_func (
      "/monitor/buffering/initial-flapping", test_initial_flapping);
  g_test_add_func ("/monitor/buffering/initial-unseen", test_initial_unseen);
  g_test_add_func ("/monitor/buffering/initial-wanted", test_initial_wanted);
  g_test_add_func ("/monitor/buffering/initial-pause", test_initial_pause);
  g_test_add_func (
      "/monitor/buffering/initial-then-wanted", test_initial_then_wanted);
  g_test_add_func ("/monitor/buffering/shutdown", test_shutdown);
  g_test_add_func ("/monitor/buffering/seek-inside", test_seek_inside);
  g_test_add_func ("/monitor/buffering/dry", test_dry);
  g_test_add_func ("/monitor/buffering/not-dry", test_not_dry);
  g_test_add_func ("/monitor/buffering/dry-for-long", test_dry_for_long);
  return g_test_run ();
}
