/* Tests of mh-monitor: end, error and stop
 * (docs/design/inference.md#attaching and #end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

#define STOP "own=paused>null own=ready>null own=null>null"
#define STOP_PAUSED "own=ready>null own=null>null"

/* Each item: what happens from 2000 ms on, and what hits come of it. */
static void
assert_end (const char *script, const char *first, const char *second,
    const char *third)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START);
  mh_sequence_play (sequence, script);
  mh_sequence_play (sequence, "100000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, first, second, third, NULL);
}

static void
test_eos (void)
{
  /* The EOS event is ahead of the end by what is queued. */
  assert_end ("8950 padeos dry\n"
              "10000 eos\n"
              "10001 " STOP "\n",
      "sessionComplete@10000 ph=8.95", NULL, NULL);
  /* The player stays as it is. */
  assert_end ("8950 padeos\n"
              "10000 eos freeze\n",
      "sessionComplete@10000 ph=8.95", NULL, NULL);
  assert_end ("10000 eos freeze\n"
              "11000 own=paused>paused top=paused\n"
              "12000 own=playing>playing top=playing\n",
      "sessionComplete@10000 ph=9", NULL, NULL);
}

/* Another stream is a little longer, and the pipeline has come to its end. */
static void
test_eos_of_longer (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "2000 length=4\n"
      "4800 padeos\n"
      "5000 eos\n"
      "6000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@5000 ph=4", NULL);
}

static void
test_stop_playing (void)
{
  assert_end ("9000 own=paused>null\n"
              "9001 own=ready>null\n"
              "9001 own=null>null\n",
      "sessionEnd@9000 ph=8", NULL, NULL);
}

/* Left in READY: decided soon after, not with NULL. */
static void
test_stop_ready (void)
{
  assert_end ("9000 own=paused>ready\n"
              "9001 own=ready>ready\n",
      "sessionEnd@9000 ph=8", NULL, NULL);
}

static void
test_stop_paused (void)
{
  assert_end ("5000 own=paused>paused top=paused\n"
              "9000 own=ready>null\n"
              "9001 own=null>null\n",
      "pauseStart@5000 ph=4", "sessionEnd@9000 ph=4", NULL);
}

/* Paused a moment before: no pause. */
static void
test_stop_soon_after_pause (void)
{
  assert_end ("5000 own=paused>paused top=paused\n"
              "5100 own=ready>null\n"
              "5101 own=null>null\n",
      "sessionEnd@5100 ph=4", NULL, NULL);
}

/* On its way down it was called back. */
static void
test_stop_undone (void)
{
  assert_end ("5000 own=paused>ready top=paused\n"
              "5500 own=playing>playing top=playing\n"
              "7000 own=paused>paused top=paused\n"
              "8000 " STOP_PAUSED "\n",
      "pauseStart@7000 ph=5.5", "sessionEnd@8000 ph=5.5", NULL);
}

static void
test_stop_buffering (void)
{
  assert_end ("5000 buf=0 own=paused>paused top=paused\n"
              "9000 own=ready>null\n"
              "9001 own=null>null\n",
      "bufferStart@5000 ph=4", "sessionEnd@9000 ph=4", NULL);
}

static void
test_stop_seeking (void)
{
  assert_end ("5000 seek=7:30 flush=7\n"
              "5010 unflush=7\n"
              "5100 own=paused>null own=ready>null\n"
              "5101 own=null>null\n",
      "sessionEnd@5100 ph=4", NULL, NULL);
  assert_end ("5000 seek=7:30 flush=7\n"
              "5010 unflush=7 segment=30\n"
              "5100 own=paused>null own=ready>null\n"
              "5101 own=null>null\n",
      "pauseStart@5000 ph=30", "sessionEnd@5100 ph=30", NULL);
}

/* Flushes on the way down are no seeks. */
static void
test_stop_flush (void)
{
  assert_end ("5000 own=paused>null\n"
              "5001 flush=9\n"
              "5002 own=ready>null own=null>null\n",
      "sessionEnd@5000 ph=4", NULL, NULL);
}

/* WebKit pauses at the end of the media, and leaves. */
static void
test_paused_at_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "7800 dry padeos\n"
                        "8800 own=paused>paused top=paused\n"
                        "12000 own=ready>null own=null>null\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8800 ph=7.8", "sessionComplete@12000 ph=7.8", NULL);
}

/* A pause before it is none of that. */
static void
test_paused_before_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "7800 dry padeos\n"
                        "8500 own=paused>paused top=paused\n"
                        "12000 own=ready>null own=null>null\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8500 ph=7.5", "sessionEnd@12000 ph=7.5", NULL);
}

/* Made ready in vain, as WebKit does, which plays only once there is data. */
static void
test_error_before_preroll (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "10 error=a:1 error=b:2\n"
      "500 own=ready>null own=null>null\n"
      "2000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@500 ph=0", "error@500 ph=0",
      "sessionEnd@500 ph=0", NULL);
}

/* The same where it only goes to READY. */
static void
test_error_before_preroll_ready (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "10 error=a:1\n"
      "500 own=ready>ready\n"
      "1499\n");
  mh_sequence_assert_hits (sequence, NULL);
  mh_sequence_play (sequence, "1500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@500 ph=0", "error@500 ph=0",
      "sessionEnd@500 ph=0", NULL);
}

/* What was made ready, and fails then without having been asked to play. */
static void
test_error_after_preroll (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "10 padgroup=1 segment=0 data group=1 top=paused asyncdone\n"
      "400 error=a:1\n"
      "500 own=ready>null own=null>null\n"
      "2000\n");
  mh_sequence_assert_hits (sequence, NULL);
}

/* Made ready in vain, and told to play nevertheless. */
static void
test_error_before_play (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "10 error=a:1 error=b:2 own=ready>paused\n"
      "20 own=paused>playing own=ready>playing own=null>null\n");
  mh_sequence_assert_hits (sequence, "sessionStart@20 ph=0", "error@20 ph=0",
      "sessionEnd@20 ph=0", NULL);
}

/* Long ago, that was about something else, and was told. */
static void
test_error_long_before (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "10 error=a:1 own=ready>paused\n"
      "5000 own=paused>playing own=ready>playing own=null>null\n");
  mh_sequence_assert_hits (sequence, "sessionStart@10 ph=0", "error@10 ph=0",
      "sessionEnd@10 ph=0", "sessionStart@5000 ph=0", "sessionEnd@5000 ph=0",
      NULL);
}

/* dispose() without NULL before. */
static void
test_gone (void)
{
  assert_end ("5000 gone\n", "sessionEnd@5000 ph=4", NULL, NULL);
}

/* READY → NULL and the extra NULL → NULL of a dispose end nothing twice. */
static void
test_null_twice (void)
{
  assert_end ("5000 " STOP "\n"
              "5001 own=null>null\n"
              "5002 own=null>null\n"
              "5003 gone\n",
      "sessionEnd@5000 ph=4", NULL, NULL);
}

static void
test_stop_before_data (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "300 own=ready>null own=null>null\n"
      "9000\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@0 ph=0", "sessionEnd@300 ph=0", NULL);
}

/* READY → PAUSED failed. */
static void
test_start_fails (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>paused\n"
      "1 own=ready>paused\n"
      "2 own=null>null\n"
      "9000\n");
  mh_sequence_assert_hits (sequence, NULL);
}

/* ---- errors ---- */

static void
test_error_before_change (void)
{
  assert_end ("5000 error=gst-resource-error-quark:9\n"
              "5001 " STOP "\n",
      "error@5000 ph=4", "sessionEnd@5001 ph=4.001", NULL);
}

/* gst-launch leaves from inside its own handler. */
static void
test_error_after_change (void)
{
  assert_end ("5000 own=paused>null\n"
              "5001 error=gst-resource-error-quark:9\n"
              "5002 own=ready>null\n"
              "5003 own=null>null\n",
      "error@5000 ph=4", "sessionEnd@5000 ph=4", NULL);
}

/* The first one counts: the next is the demuxer's echo. */
static void
test_errors (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 error=a:1 error=b:2\n"
                        "5001 error=c:3\n"
                        "5010 " STOP "\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, "error@5000 a:1",
      "sessionEnd@5010 ph=4.01 r=1", NULL);
}

/* With the playhead of its moment, not what was last reported: the pipeline is
 * asked from time to time. */
static void
test_error_playhead (void)
{
  assert_end ("5000 pos=20\n"
              "15000 error=a:1\n"
              "15001 " STOP "\n",
      "ping@12000 ph=27", "error@15000 ph=30", "sessionEnd@15001 ph=30.001");
}

static void
test_error_paused (void)
{
  assert_end ("4000 own=paused>paused top=paused\n"
              "6000 error=a:1\n"
              "6001 own=ready>null own=null>null\n",
      "pauseStart@4000 ph=3", "error@6000 ph=3", "sessionEnd@6001 ph=3");
}

/* A missing file in gst-launch: PAUSED is reached, then it fails. */
static void
test_error_at_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "2 error=gst-resource-error-quark:3\n"
      "2 error=gst-stream-error-quark:1\n"
      "3 own=ready>null own=null>null\n"
      "9000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0", "error@2 ph=0",
      "sessionEnd@3 ph=0", NULL);
}

static void
test_error_then_next_run (void)
{
  assert_end ("5000 error=a:1\n"
              "5001 own=paused>ready own=ready>ready\n"
              "6000 own=paused>paused pos=0\n",
      "error@5000 ph=4", "sessionEnd@5001 ph=4.001", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/error/before-play", test_error_before_play);
  g_test_add_func ("/monitor/stop/paused-at-end", test_paused_at_end);
  g_test_add_func ("/monitor/stop/paused-before-end", test_paused_before_end);
  g_test_add_func ("/monitor/error/before-preroll", test_error_before_preroll);
  g_test_add_func (
      "/monitor/error/before-preroll/ready", test_error_before_preroll_ready);
  g_test_add_func ("/monitor/error/after-preroll", test_error_after_preroll);
  g_test_add_func ("/monitor/error/long-before", test_error_long_before);
  g_test_add_func ("/monitor/stop/eos", test_eos);
  g_test_add_func ("/monitor/stop/eos-of-longer", test_eos_of_longer);
  g_test_add_func ("/monitor/stop/playing", test_stop_playing);
  g_test_add_func ("/monitor/stop/ready", test_stop_ready);
  g_test_add_func ("/monitor/stop/paused", test_stop_paused);
  g_test_add_func (
      "/monitor/stop/soon-after-pause", test_stop_soon_after_pause);
  g_test_add_func ("/monitor/stop/undone", test_stop_undone);
  g_test_add_func ("/monitor/stop/buffering", test_stop_buffering);
  g_test_add_func ("/monitor/stop/seeking", test_stop_seeking);
  g_test_add_func ("/monitor/stop/flush", test_stop_flush);
  g_test_add_func ("/monitor/stop/gone", test_gone);
  g_test_add_func ("/monitor/stop/null-twice", test_null_twice);
  g_test_add_func ("/monitor/stop/before-data", test_stop_before_data);
  g_test_add_func ("/monitor/stop/start-fails", test_start_fails);
  g_test_add_func ("/monitor/error/before-change", test_error_before_change);
  g_test_add_func ("/monitor/error/after-change", test_error_after_change);
  g_test_add_func ("/monitor/error/several", test_errors);
  g_test_add_func ("/monitor/error/playhead", test_error_playhead);
  g_test_add_func ("/monitor/error/paused", test_error_paused);
  g_test_add_func ("/monitor/error/at-start", test_error_at_start);
  g_test_add_func ("/monitor/error/then-next-run", test_error_then_next_run);
  return g_test_run ();
}
