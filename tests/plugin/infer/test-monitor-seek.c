/* Tests of mh-monitor: seeks and rates
 * (docs/design/inference.md#seeking).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

static void
test_playing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=483:10 flush=483 top=paused+paused\n"
                        "5010 unflush=483\n"
                        "5046 segment=10 data\n"
                        "5090 top=paused+playing asyncdone\n"
                        "5091 top=playing\n"
                        "7000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@5000 ph=10 r=0", "play@5090 ph=9.999 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@5090 ph=9.999", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "seeking@5000", "playing@5340", NULL);
}

/* The other branch: FLUSH_START to SEGMENT, but no SEEK. */
static void
test_other_branch (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=483 top=paused+paused\n"
                        "5010 unflush=483\n"
                        "5046 segment=10 data\n"
                        "5091 top=paused+playing asyncdone top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@5091 ph=10", NULL);
}

/* The segment does not come for longer than it is waited for: where the seek began is
 * what is known. The second flush comes when the playhead would be beyond that. */
static void
test_other_branch_lost (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=483 top=paused+paused\n"
                        "5010 unflush=483\n"
                        "6500 flush=483\n"
                        "6510 unflush=483\n"
                        "9000 segment=10 data top=playing\n"
                        "9091 asyncdone\n"
                        "10000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "play@9000 ph=10", NULL);
}

/* The same, and the segment is slow to come: more than half a second after the
 * flush the first data is the end. */
static void
test_other_branch_slow (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=483 top=paused+paused\n"
                        "5010 unflush=483\n"
                        "6000 segment=10 data top=playing\n"
                        "6091 asyncdone\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@6000 ph=10", NULL);
}

/* So slow that it is told before anybody knows where it goes. */
static void
test_other_branch_very_slow (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=483 top=paused+paused\n"
                        "5010 unflush=483\n"
                        "8000 segment=10 data top=playing\n"
                        "8091 asyncdone\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "play@8000 ph=10", NULL);
}

/* It returns to pause. */
static void
test_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 own=paused>paused top=paused\n"
                        "5000 seek=7:10 flush=7 top=paused+paused\n"
                        "5010 unflush=7 segment=10 data\n"
                        "5100 top=paused asyncdone\n"
                        "13000 own=playing>playing top=playing\n"
                        "14000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@4000 ph=3 r=0", "seekStart@5000 ph=10 r=0",
      "seekComplete@5100 ph=10 r=0", "play@13000 ph=10 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@4000 ph=3", "pauseStart@5000 ph=10", "pauseStart@5100 ph=10",
      "play@13000 ph=10", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "paused@4250",
      "seeking@5000", "paused@5350", "playing@13000", NULL);
}

/* A pause just before a seek belongs to the seek. */
static void
test_pause_before (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused\n"
                        "5200 seek=7:10 flush=7\n"
                        "5210 unflush=7 segment=10 data\n"
                        "5300 asyncdone own=playing>playing top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@5300 ph=10", NULL);
}

/* Began in play, ends in pause: nothing that would say play in between. */
static void
test_pause_inside (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10 flush=7\n"
                        "5005 own=paused>paused\n"
                        "5010 unflush=7 segment=10 data\n"
                        "5050 asyncdone top=paused\n"
                        "7000 seek=8:20 flush=8\n"
                        "7010 unflush=8 segment=20 data\n"
                        "7050 asyncdone\n"
                        "8000 own=playing>playing top=playing\n"
                        "9000 seek=9:30 flush=9\n"
                        "9010 unflush=9 segment=30 data\n"
                        "9050 asyncdone\n"
                        "9500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@5000 ph=10 r=0", "play@8000 ph=20 r=1",
      "seekStart@9000 ph=30 r=0", "play@9050 ph=30.04 r=1", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "seeking@5000",
      "paused@5300", "seeking@7000", "paused@7300", "playing@8000",
      "seeking@9000", "playing@9300", NULL);
}

/* Two seeks that share a sequence number: the latest target counts. */
static void
test_one_seqnum (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=9:30 flush=9 unflush=9 segment=30\n"
                        "5500 seek=9:40 flush=9 unflush=9 segment=40\n"
                        "6000 own=paused>null\n"
                        "6001 own=ready>null\n"
                        "6002 own=null>null\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=30", "sessionEnd@6000 ph=40", NULL);
}

/* queue2, playbin3: two pairs with the same seqnum. */
static void
test_two_pairs (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10 flush=7 top=paused+paused\n"
                        "5001 unflush=7\n"
                        "5020 flush=7\n"
                        "5046 unflush=7\n"
                        "5092 segment=10 data\n"
                        "5500 top=paused+playing asyncdone top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@5500 ph=10", NULL);
}

/* Twenty in a row: the first's start, the last's target. */
static void
test_scrub (guint apart, gboolean each_done)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START);
  for (guint i = 0; i < 20; i++) {
    guint at = 5000 + i * apart;
    g_autofree char *lines = g_strdup_printf (
        "%u seek=%u:%u flush=%u top=paused+paused\n"
        "%u unflush=%u segment=%u data\n"
        "%u%s\n",
        at, 100 + i, 20 + i, 100 + i, at + 10, 100 + i, 20 + i, at + 20,
        each_done || i == 19 ? " asyncdone top=playing" : "");

    mh_sequence_play (sequence, lines);
  }
  mh_sequence_play (sequence, "14000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "pauseStart"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "play"), ==, 3);
  if (apart == 100)
    mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
        "pauseStart@5000 ph=20", "play@6920 ph=39", NULL);
}

static void
test_scrub_fast (void)
{
  test_scrub (100, TRUE);
}

static void
test_scrub_back_to_back (void)
{
  test_scrub (25, FALSE);
}

static void
test_scrub_slow (void)
{
  test_scrub (260, TRUE);
}

/* Sinks with async=false: no ASYNC_DONE. Over with the first data, which is
 * known half a second after the flush. */
static void
test_no_async_done (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10 flush=7\n"
                        "5010 unflush=7\n"
                        "5040 segment=10\n"
                        "5050 data\n"
                        "5509\n");
  mh_sequence_assert_states (sequence, "playing@1000", "seeking@5000", NULL);
  mh_sequence_play (sequence, "7000\n");
  mh_sequence_assert_states (sequence, "playing@5510", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@5050 ph=10", NULL);
}

/* No ping may come in between the data and the moment when it is known. */
static void
test_no_async_done_ping (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10 flush=7\n"
                        "14800 unflush=7\n"
                        "14850 segment=10 data\n"
                        "16000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@14850 ph=10", NULL);
}

/* It plays only after the data has come. */
static void
test_no_async_done_play (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 own=paused>paused top=paused\n"
                        "5000 seek=7:10 flush=7\n"
                        "5010 unflush=7 segment=10 data\n"
                        "5400 own=playing>playing top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@4000 ph=3", "pauseStart@5000 ph=10", "play@5400 ph=10", NULL);
}

/* A SEEK that nothing comes of: `seek returned 0`. */
static void
test_unseekable (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
}

/* No flush: the old data goes on until the new segment. */
static void
test_not_flushing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10\n"
                        "5075 segment=10 pos=10 data\n"
                        "6000 own=paused>paused top=paused\n"
                        "6500\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "pause@6000 ph=10.925 r=0", NULL);
}

/* SEGMENT start=stop, 4 bytes, EOS, ASYNC_DONE, EOS message. */
static void
test_past_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:60 flush=7 top=paused+paused\n"
                        "5010 unflush=7\n"
                        "5050 segment=60.024 data padeos\n"
                        "5060 top=paused+playing asyncdone\n"
                        "5061 top=playing freeze\n"
                        "5062 eos\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=60", "sessionComplete@5062 ph=60.024", NULL);
}

/* There is nothing beyond the end. */
static void
test_past_known_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2500 length=20\n"
                        "5000 seek=7:60 flush=7 top=paused+paused\n"
                        "5010 unflush=7\n"
                        "5050 segment=20 data padeos\n"
                        "5060 top=paused+playing asyncdone\n"
                        "5061 top=playing freeze\n"
                        "5062 eos\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=20", "sessionComplete@5062 ph=20", NULL);
}

/* A file that has grown since. */
static void
test_past_old_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2500 length=20\n"
                        "5000 seek=7:60 flush=7 top=paused+paused\n"
                        "5010 unflush=7\n"
                        "5050 segment=60 data=60\n"
                        "5060 top=paused+playing asyncdone\n"
                        "5061 top=playing\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=60", "play@5060 ph=59.999", NULL);
}

/* The same in a pause, and the file is over HTTP: the flush comes once more. */
static void
test_past_old_end_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2500 length=20\n"
                        "4000 own=paused>paused top=paused\n"
                        "5000 seek=7:60 flush=7 top=paused+paused\n"
                        "5010 unflush=7 segment=60 flush=7 unflush=7\n"
                        "5050 segment=60 data=60\n"
                        "5060 top=paused asyncdone\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@4000 ph=3", "pauseStart@5000 ph=60", "pauseStart@5060 ph=60",
      NULL);
}

/* Buffering right after a seek is part of it, whatever the application does. */
static void
test_buffering_after (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:10 flush=7 top=paused+paused\n"
                        "5010 unflush=7 segment=10 data\n"
                        "5050 buf=9\n"
                        "5051 own=paused>paused\n"
                        "5100 asyncdone top=paused\n"
                        "5200 buf=0\n"
                        "6000 buf=62\n"
                        "7000 buf=10\n"
                        "8000 buf=100\n"
                        "8001 own=playing>playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=10", "play@8001 ph=10", NULL);
}

/* ---- rate ---- */

static void
test_rate (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:- flush=7\n"
                        "5010 unflush=7 segment=4:2 data\n"
                        "5100 asyncdone\n"
                        "8000 own=paused>paused top=paused\n"
                        "8500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@5000 ph=4 r=0", "play@5100 ph=4.18 r=2",
      "pause@8000 ph=9.98 r=0", NULL);
}

static void
test_reverse (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "21000 seek=7:20 flush=7 top=paused+paused\n"
                        "21010 unflush=7 segment=20:-1 data\n"
                        "21100 asyncdone top=playing\n"
                        "24000 own=paused>paused top=paused\n"
                        "24500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@21000 ph=20 r=0", "play@21100 ph=20 r=-1",
      "pause@24000 ph=17.1 r=0", NULL);
}

/* A multiplier, told 25 times, each time the whole of it. */
static void
test_instant_rate (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 irate=0.5\n"
                        "5010 irate=0.5 irate=0.5\n"
                        "5020 irate=0.5\n"
                        "9000 own=paused>paused top=paused\n"
                        "10000 own=playing>playing top=playing\n"
                        "11000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@9000 ph=6 r=0", "play@10000 ph=6 r=0.5", NULL);
}

/* Also where it is all there is to go by. */
static void
test_instant_rate_without_position (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos\n" MH_SEQUENCE_START "5000 irate=0.5\n"
      "5010 irate=0.5\n"
      "9000 own=paused>paused top=paused\n"
      "10000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@9000 ph=6", NULL);
}

/* With a flush that resets the running time a sink forgets the multiplier. */
static void
test_instant_rate_flushed (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos\n" MH_SEQUENCE_START "5000 irate=2\n"
      "8000 seek=7:20 flush=7\n"
      "8010 unflush=7 segment=20:2 data asyncdone\n"
      "12010 own=paused>paused top=paused\n"
      "13000 seek=8:40 flush=8\n"
      "13010 unflush=8 segment=40 data asyncdone\n"
      "14000 own=playing>playing top=playing\n"
      "16000 own=paused>paused top=paused\n"
      "17000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8000 ph=20", "play@8010 ph=20", "pauseStart@12010 ph=28",
      "pauseStart@13000 ph=40", "pauseStart@13010 ph=40", "play@14000 ph=40",
      "pauseStart@16000 ph=42", NULL);
}

/* Data is replaced by other data, and the running time goes on (Media Source Extensions
 * in WebKit): the SEGMENT is from where it is. */
static void
test_replaced (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=7 top=paused+paused\n"
                        "5010 unflush=7+keep segment=4.1\n"
                        "5050 data top=paused+playing asyncdone top=playing\n"
                        "8000 own=paused>paused top=paused\n"
                        "9000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@8000 ph=6.95", NULL);
}

/* The same of a source that sends its whole segment again; and in the last second,
 * where a seek to the start would be the next round. */
static void
test_replaced_again (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 length=9.5\n" MH_SEQUENCE_START
      "5000 flush=7\n5010 unflush=7+keep segment=0:1:same data asyncdone\n"
      "10000 flush=8\n"
      "10010 unflush=8+keep segment=0:1:same data asyncdone\n"
      "10300 own=paused>paused top=paused\n"
      "11000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@10300 ph=9.28", NULL);
}

/* In a pause it is not even shown. */
static void
test_replaced_in_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>paused top=paused\n"
                        "6000 flush=7\n"
                        "6010 unflush=7+keep segment=0:1:same data asyncdone\n"
                        "8000 own=playing>playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@5000 ph=4 r=0", "play@8000 ph=4 r=1", NULL);
}

/* Another branch of a source that seeks and lets the running time go on (rtspsrc). */
static void
test_keeps_time (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 flush=7\n"
                        "5010 unflush=7+keep pos=20 segment=20 data asyncdone\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=20", "play@5010 ph=20", NULL);
}

/* The application has ended its session itself: a seek is still shown, and so is the
 * end that comes before its target. */
static void
test_end_inside (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 call=sessionEnd\n"
                        "4000 seek=7:60 flush=7\n"
                        "4010 eos\n"
                        "9000\n");
  mh_sequence_assert_states (
      sequence, "playing@1000", "seeking@4000", "ended@4010", NULL);
}

/* The application begins a session of its own while the data after a seek has come and
 * ASYNC_DONE has not: nothing is dated before that. */
static void
test_own_session_inside (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 call=sessionEnd\n"
                        "4000 seek=1:10 flush=1\n"
                        "4010 unflush=1 segment=10\n"
                        "4240 data\n"
                        "4453 call=sessionStart\n"
                        "5000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@4453 ph=10 r=0", "qoe@4453 startup=0", "play@4453 ph=10 r=1",
      NULL);
}

/* What the worker sees late, it sees in its order. */
static void
test_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START
      "5000 seek=7:20 flush=7 top=paused+paused late\n"
      "5010 unflush=7 segment=20 data top=paused+playing asyncdone top=playing "
      "late\n"
      "6010 own=paused>paused top=paused late\n"
      "8000 own=playing>playing top=playing\n"
      "8500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=20", "play@5010 ph=20", "pauseStart@6010 ph=21",
      "play@8000 ph=21", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/seek/late", test_late);
  g_test_add_func ("/monitor/seek/playing", test_playing);
  g_test_add_func ("/monitor/seek/one-seqnum", test_one_seqnum);
  g_test_add_func ("/monitor/seek/other-branch", test_other_branch);
  g_test_add_func ("/monitor/seek/other-branch-lost", test_other_branch_lost);
  g_test_add_func ("/monitor/seek/other-branch-slow", test_other_branch_slow);
  g_test_add_func (
      "/monitor/seek/other-branch/very-slow", test_other_branch_very_slow);
  g_test_add_func ("/monitor/seek/paused", test_paused);
  g_test_add_func ("/monitor/seek/pause-before", test_pause_before);
  g_test_add_func ("/monitor/seek/pause-inside", test_pause_inside);
  g_test_add_func ("/monitor/seek/two-pairs", test_two_pairs);
  g_test_add_func ("/monitor/seek/scrub/fast", test_scrub_fast);
  g_test_add_func ("/monitor/seek/scrub/back-to-back", test_scrub_back_to_back);
  g_test_add_func ("/monitor/seek/scrub/slow", test_scrub_slow);
  g_test_add_func ("/monitor/seek/no-async-done", test_no_async_done);
  g_test_add_func ("/monitor/seek/no-async-done/ping", test_no_async_done_ping);
  g_test_add_func ("/monitor/seek/no-async-done/play", test_no_async_done_play);
  g_test_add_func ("/monitor/seek/unseekable", test_unseekable);
  g_test_add_func ("/monitor/seek/not-flushing", test_not_flushing);
  g_test_add_func ("/monitor/seek/past-end", test_past_end);
  g_test_add_func ("/monitor/seek/past-known-end", test_past_known_end);
  g_test_add_func ("/monitor/seek/past-old-end", test_past_old_end);
  g_test_add_func ("/monitor/seek/buffering-after", test_buffering_after);
  g_test_add_func ("/monitor/rate/instant-flushed", test_instant_rate_flushed);
  g_test_add_func ("/monitor/seek/replaced", test_replaced);
  g_test_add_func ("/monitor/seek/replaced/again", test_replaced_again);
  g_test_add_func ("/monitor/seek/replaced/in-pause", test_replaced_in_pause);
  g_test_add_func (
      "/monitor/seek/past-old-end/paused", test_past_old_end_paused);
  g_test_add_func ("/monitor/seek/keeps-time", test_keeps_time);
  g_test_add_func ("/monitor/seek/end-inside", test_end_inside);
  g_test_add_func ("/monitor/rate/double", test_rate);
  g_test_add_func ("/monitor/rate/reverse", test_reverse);
  g_test_add_func ("/monitor/rate/instant", test_instant_rate);
  g_test_add_func ("/monitor/rate/instant-without-position",
      test_instant_rate_without_position);
  g_test_add_func ("/monitor/seek/own-session-inside", test_own_session_inside);
  return g_test_run ();
}
