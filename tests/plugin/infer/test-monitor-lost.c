/* Tests of mh-monitor: a pipeline that has lost its state, and is paused before it
 * has got it back (docs/design/inference.md#the-whole-pipelines-state). The
 * element stays in PLAYING all the while.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* As logged of playbin: a flushing seek, and PAUSED before it is done. */
static void
test_seek (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 seek=5:10 flush=5 top=paused+paused\n"
                        "3004 target=paused\n"
                        "3010 unflush=5 segment=10 data\n"
                        "3011 asyncdone top=paused\n"
                        "7000 target=playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "seekStart@3000 ph=10 r=0", "play@7000 ph=10 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@3000 ph=10", "play@7000 ph=10", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "seeking@3000",
      "paused@3261", "playing@7000", NULL);
}

/* Put back after the end, and paused before it has prerolled: it plays when it is told to,
 * and what was wanted for a moment was not. */
static void
test_replay (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 eos\n"
                        "6000 seek=5:10 flush=5 top=paused+paused\n"
                        "6004 target=paused\n"
                        "6010 unflush=5 segment=10 data\n"
                        "6011 asyncdone top=paused\n"
                        "16000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@5000 ph=4", NULL);
  mh_sequence_play (sequence,
      "17000 target=playing top=playing\n"
      "18500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@17000 ph=10",
      "play@17000 ph=10", "play@18000 ph=11", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "ended@5000",
      "init@6000", "paused@6510", "playing@17000", NULL);
}

/* The same, and it is stopped without having played. */
static void
test_replay_stopped (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 eos\n"
                        "6000 seek=5:10 flush=5 top=paused+paused\n"
                        "6004 target=paused\n"
                        "6010 unflush=5 segment=10 data\n"
                        "6011 asyncdone top=paused\n"
                        "9000 own=paused>null top=paused+null\n"
                        "9001 own=ready>null own=null>null\n"
                        "10000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@5000 ph=4", NULL);
}

/* The same over a network: paused by the player, to fill its buffer. */
static void
test_replay_buffering (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 eos\n"
                        "6000 seek=5:10 flush=5 top=paused+paused\n"
                        "6004 unflush=5 buf=0\n"
                        "6005 target=paused\n"
                        "6010 segment=10 data\n"
                        "6011 asyncdone top=paused\n"
                        "9000 buf=100\n"
                        "9001 target=playing top=playing\n"
                        "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@5000 ph=4", "sessionStart@6000 ph=10",
      "bufferStart@6004 ph=10", "play@9001 ph=10", NULL);
}

/* A server that takes two seconds to answer a range. */
static void
test_seek_slow (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 seek=5:10 flush=5 top=paused+paused\n"
                        "3010 unflush=5\n"
                        "4000 target=paused\n"
                        "5000 segment=10 data\n"
                        "5011 asyncdone top=paused\n"
                        "20000 target=playing top=playing\n"
                        "21000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@3000 ph=10", "ping@13000 ph=10", "play@20000 ph=10", NULL);
}

/* The same where the application keeps all messages: found by looking. */
static void
test_seek_hidden_bus (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing really=paused+playing padgroup=1 segment=0 data\n"
      "10 own=playing>playing really=playing\n"
      "3000 seek=5:10 flush=5 really=paused+paused\n"
      "3004 target=paused\n"
      "3010 unflush=5 segment=10 data really=paused\n"
      "7000 target=playing really=playing\n"
      "9000\n");
  mh_sequence_assert_states (sequence, "playing@110", "seeking@3000",
      "paused@3510", "playing@7010", NULL);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "play"), ==, 3);
}

/* A sink that is added to a pipeline that plays, or video that is switched on
 * again. */
static void
test_sink_added (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 top=paused+paused\n"
                        "3002 target=paused\n"
                        "3010 asyncdone top=paused\n"
                        "7000 target=playing top=playing\n"
                        "9000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "pause@3010 ph=2 r=0", "play@7000 ph=2 r=1", NULL);
}

/* It gets its state back: nothing has happened. */
static void
test_not_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 top=paused+playing\n"
                        "3800 asyncdone top=playing\n"
                        "5000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
}

/* The application pauses because the buffer is empty after the seek: part of the
 * seek. */
static void
test_buffering (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 seek=5:10 flush=5 top=paused+paused\n"
                        "3010 unflush=5 segment=10\n"
                        "3020 buf=0 target=paused\n"
                        "3030 data asyncdone top=paused\n"
                        "5000 buf=100\n"
                        "5001 target=playing top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@3000 ph=10", "play@5001 ph=10", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "seeking@3000", "playing@5251", NULL);
}

/* It comes to a pipeline that is paused, or that has lost its state as its first sink
 * was added: the SEGMENT does not say where that is. */
static void
test_comes_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 top=paused pos=8 own=paused>paused\n"
      "10 padgroup=1 group=1 segment=0 data\n"
      "20 own=playing>playing top=playing pos=8\n"
      "1200\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@20 ph=8", "play@20 ph=8", "play@1020 ph=9", NULL);
}

/* The same as the tracer sees it: the pipeline has come to PLAYING without sinks. */
static void
test_data_comes_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing own=playing>playing top=playing\n"
      "500 top=paused+paused padgroup=1 group=1 segment=0 data\n"
      "510 asyncdone top=playing pos=0.5\n"
      "1600\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0.5", "play@510 ph=0.5",
      "play@1510 ph=1.5", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/lost/seek", test_seek);
  g_test_add_func ("/monitor/lost/replay", test_replay);
  g_test_add_func ("/monitor/lost/replay/stopped", test_replay_stopped);
  g_test_add_func ("/monitor/lost/replay/buffering", test_replay_buffering);
  g_test_add_func ("/monitor/lost/seek/slow", test_seek_slow);
  g_test_add_func ("/monitor/lost/seek/hidden-bus", test_seek_hidden_bus);
  g_test_add_func ("/monitor/lost/sink-added", test_sink_added);
  g_test_add_func ("/monitor/lost/not-paused", test_not_paused);
  g_test_add_func ("/monitor/lost/buffering", test_buffering);
  g_test_add_func ("/monitor/lost/comes-late", test_comes_late);
  g_test_add_func ("/monitor/lost/data-comes-late", test_data_comes_late);
  return g_test_run ();
}
