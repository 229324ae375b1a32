/* Tests of mh-monitor: from one item to the next
 * (docs/design/inference.md#items), and the sessions that the application
 * starts and ends itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* STREAM_START at the pad a second before the message, no EOS; the position
 * jumps back. */
static void
test_gapless (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3015 padgroup=4 dry\n"
                        "4038 group=4 pos=0\n"
                        "4039 segment=0\n"
                        "4045 data wet\n"
                        "6000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "complete@4038 ph=3.015 r=1", "sessionStart@4038 ph=0.001",
      "qoe@4045 startup=7", "play@4045 ph=0.001 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@4038 ph=3.015", "sessionStart@4038 ph=0.001",
      "play@4045 ph=0.001", "play@5045 ph=1.001", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "init@4038", "playing@4145", NULL);
}

/* The position has jumped when the message is looked at. */
static void
test_gapless_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "8000 padgroup=4\n"
                        "9001 pos=0 buf=100\n"
                        "9002 group=4 segment=0 data\n"
                        "10500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@9002 ph=8", "sessionStart@9002 ph=0.001",
      "play@9002 ph=0.001", "play@10002 ph=1.001", NULL);
}

/* The sink comes to the next item last: until then the pipeline tells of the
 * one before. */
static void
test_gapless_position (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3015 padgroup=4\n"
                        "4038 group=4\n"
                        "4039 segment=0\n"
                        "4045 data\n"
                        "4100 buf=100\n"
                        "4300 pos=0.2\n"
                        "6000 own=paused>paused top=paused\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@4038 ph=3.015", "sessionStart@4038 ph=0",
      "play@4045 ph=0", "play@5045 ph=0.945", "pauseStart@6000 ph=1.9", NULL);
}

/* In a sink bin (gst-play --gapless) the element has no lead, and how far the
 * data has come was last looked at some time ago. The last buffer is still shown
 * when the next item is told of. */
static void
test_gapless_in_sink (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0.046\n" MH_SEQUENCE_START "3987 padgroup=4 group=4 pos=0\n"
      "3989 segment=0 data\n"
      "4500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@3987 ph=3.033", "sessionStart@3987 ph=0.002",
      "play@3989 ph=0.002", NULL);
}

/* concat: group ids are not monotonic. */
static void
test_concat (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "600 padgroup=2 segment=0 data\n"
      "990 group=2 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "3000 padgroup=1\n"
      "4030 group=1 pos=0 segment=0 data\n"
      "5000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "complete@4030 ph=3 r=1", "sessionStart@4030 ph=0", "qoe@4030 startup=0",
      "play@4030 ph=0 r=1", NULL);
}

/* A queue behind the element holds all items before the sinks have the first: no
 * message of the pipeline tells of an item yet, but its elements have told of their
 * states. */
static void
test_all_ahead (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing heard\n"
      "500 padgroup=1 segment=0 data\n"
      "600 padgroup=2 segment=0 data\n"
      "700 padgroup=3 segment=0 data\n"
      "980 group=1\n"
      "990 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing pos=0\n"
      "1300 group=2 pos=0\n"
      "1600 group=3 pos=0\n"
      "1700\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0", "play@1000 ph=0",
      "sessionComplete@1300 ph=0.3", "sessionStart@1300 ph=0", "play@1300 ph=0",
      "sessionComplete@1600 ph=0.3", "sessionStart@1600 ph=0", "play@1600 ph=0",
      NULL);
}

/* Items that are over before the pipeline has said where they are: they were played
 * all the same. */
static void
test_short (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 padgroup=2 slow=250 lead=0\n"
                        "4000 group=2 pos=0 segment=0 data\n"
                        "4300 padgroup=3 group=3 pos=0 segment=0 data\n"
                        "4600 padeos eos\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@4000 ph=3", "sessionStart@4000 ph=0", "play@4000 ph=0",
      "sessionComplete@4300 ph=0.3", "sessionStart@4300 ph=0", "play@4300 ph=0",
      "sessionComplete@4600 ph=0.3", NULL);
}

/* A stop is no reason to doubt it, either. */
static void
test_short_stop (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 padgroup=2 slow=250 lead=0\n"
                        "4000 group=2 pos=0 segment=0 data\n"
                        "4300 own=paused>null own=ready>null own=null>null\n"
                        "8000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@4000 ph=3", "sessionStart@4000 ph=0", "play@4000 ph=0",
      "sessionEnd@4300 ph=0.3", NULL);
}

static gboolean
prepare (MhSequence *sequence, MhObservationType type, guint group)
{
  MhObservation next = MH_OBSERVATION_INIT (type);
  MhMonitor *monitor = mh_sequence_get_monitor (sequence);

  next.group = group;
  mh_monitor_prepare (monitor, &next);
  return mh_monitor_wants_info (monitor);
}

/* What a session is about is to be known before the item that it is about is over. */
static void
test_short_info (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 padgroup=2 slow=250 lead=0\n"
                        "4000 group=2 pos=0 segment=0 data\n"
                        "4200\n");
  g_assert_false (prepare (sequence, MH_OBSERVED_STREAM_START, 2));
  g_assert_false (prepare (sequence, MH_OBSERVED_DATA, 0));
  g_assert_true (prepare (sequence, MH_OBSERVED_STREAM_START, 3));
  mh_monitor_inform (mh_sequence_get_monitor (sequence));
  g_assert_false (prepare (sequence, MH_OBSERVED_EOS, 0));
}

/* Same group: a variant switch. */
static void
test_same_group (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 padgroup=1 segment=4 data\n"
                        "5100 group=1\n"
                        "6000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS, NULL);
}

/* input-selector: the SEGMENT of the other stream says 0, its data where it is. */
static void
test_exchanged (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=60\n"
                        "5000 padgroup=2 group=2 segment=0 data=4.04\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5000 ph=4 resume", "play@5000 ph=4",
      "play@6000 ph=5", NULL);
}

/* playbin3: time stamps go on from one item to the next, the position does not. */
static void
test_stamps_go_on (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=4\n"
                        "4500 padgroup=2\n"
                        "5000 group=2 pos=0 segment=0 data=4\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@5000 ph=4", "sessionStart@5000 ph=0", "play@5000 ph=0",
      "play@6000 ph=1", NULL);
}

/* The same after an item that is shorter than it was said to be. */
static void
test_stamps_go_on_early (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=60\n"
                        "4500 padgroup=2\n"
                        "5000 group=2 pos=0 segment=0 data=4\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5000 ph=0 resume", "play@5000 ph=0",
      "play@6000 ph=1", NULL);
}

/* An exchange with a queue behind the element. */
static void
test_exchanged_ahead (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=60\n"
                        "4000 padgroup=2 segment=0 data=4.04\n"
                        "5000 group=2\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5000 ph=4 resume", "play@5000 ph=4",
      "play@6000 ph=5", NULL);
}

/* Where a stream went on that was exchanged says nothing of the rounds of a loop. */
static void
test_exchanged_in_loop (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=20\n"
                        "5000 padgroup=2 group=2 segment=0 data=4.04\n"
                        "5500 length=20\n"
                        "20000 segdone dry\n"
                        "20020 seek=7:0 segment=0 data wet lead=-19\n"
                        "20990 asyncdone\n"
                        "21000 nopos lead=1\n"
                        "21020 data\n"
                        "22500\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "play@22000 ph=1"), ==, 1);
}

/* READY, another URI, PLAYING: from EOS and from mid-stream. */
static void
test_ready (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 own=paused>ready top=paused\n"
                        "5001 own=ready>ready top=ready\n"
                        "5002 own=null>ready\n"
                        "5100 own=paused>playing pos=0\n"
                        "5200 padgroup=2 segment=0 data\n"
                        "5300 top=paused+playing asyncdone group=2\n"
                        "5301 own=playing>playing\n"
                        "5302 top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5100 ph=0", "play@5302 ph=0",
      "play@6302 ph=1", NULL);
}

static void
test_ready_after_eos (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START
      "3950 padeos\n"
      "5000 eos\n"
      "5001 own=paused>ready top=paused own=ready>ready own=null>ready\n"
      "5100 own=paused>playing pos=0\n"
      "5200 padgroup=2 segment=0 data\n"
      "5300 top=paused+playing asyncdone group=2\n"
      "5301 own=playing>playing\n"
      "5302 top=playing\n"
      "6000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@5000 ph=3.95", "sessionStart@5100 ph=0",
      "play@5302 ph=0", NULL);
}

/* A new session, not a resume. */
static void
test_replay_by_seek (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3950 padeos freeze\n"
                        "5000 eos\n"
                        "60000 seek=7:0 flush=7 top=paused+paused\n"
                        "60010 unflush=7\n"
                        "60020 segment=0 data\n"
                        "60100 top=paused+playing asyncdone top=playing thaw\n"
                        "62000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@5000 ph=3.95", "sessionStart@60000 ph=0",
      "play@60100 ph=0", "play@61100 ph=1", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "ended@5000",
      "init@60000", "playing@60100", NULL);
}

/* Two flush pairs are one replay. */
static void
test_replay_two_pairs (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 eos\n"
                        "60000 seek=7:20 flush=7 top=paused+paused\n"
                        "60010 unflush=7\n"
                        "60020 flush=7\n"
                        "60030 unflush=7 segment=20 data\n"
                        "60100 top=paused+playing asyncdone top=playing\n"
                        "60500\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "complete@5000 ph=4 r=1", "sessionStart@60000 ph=20",
      "qoe@60100 startup=100", "play@60100 ph=20 r=1", NULL);
}

/* Put back to the start at its end and left there: nobody plays. */
static void
test_replay_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 eos\n"
                        "5010 own=paused>paused top=paused\n"
                        "6000 seek=7:0 flush=7\n"
                        "6030 unflush=7 segment=0 data\n"
                        "6100 asyncdone\n"
                        "20000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@5000 ph=4", NULL);
  mh_sequence_play (sequence,
      "30000 own=playing>playing top=playing\n"
      "30500\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@30000 ph=0", "play@30000 ph=0", NULL);
}

/* instant-uri: FLUSH pair of different seqnums, no SEEK, a new group. */
static void
test_instant_uri (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START
      "5000 flush=50 top=paused+paused\n"
      "5020 unflush=51\n"
      "5100 padgroup=2\n"
      "5110 segment=0 data\n"
      "5150 group=2 top=paused+playing asyncdone top=playing\n"
      "7000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "sessionEnd@5000 ph=4 r=1", "sessionStart@5100 ph=0",
      "qoe@5150 startup=50", "play@5150 ph=0 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5100 ph=0", "play@5150 ph=0",
      "play@6150 ph=1", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "init@5100", "playing@5150", NULL);
}

/* The same, when the next one takes its time: a seek until it is known. */
static void
test_instant_uri_slow (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START
      "5000 flush=50 top=paused+paused\n"
      "5020 unflush=51\n"
      "8000 padgroup=2 segment=0 data\n"
      "8150 group=2 top=paused+playing asyncdone top=playing\n"
      "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "sessionEnd@8000 ph=4", "sessionStart@8000 ph=0",
      "play@8150 ph=0", NULL);
}

/* The same after the end (gst-play-1.0 --instant-uri): the flush looks like a
 * replay, and the group that follows is what it has begun. */
static void
test_instant_uri_after_eos (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3900 lead=0.015\n"
                        "3985 padeos\n"
                        "4000 eos\n"
                        "4001 flush=50 top=paused+paused unflush=51\n"
                        "4004 padgroup=2 group=2 pos=0\n"
                        "4006 segment=0 data\n"
                        "4007 top=paused+playing asyncdone top=playing\n"
                        "5500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@4000 ph=3", "sessionStart@4001 ph=0", "play@4007 ph=0",
      "play@5007 ph=1", NULL);
}

/* ---- the application's own calls ---- */

static void
test_own_end_and_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 call=sessionEnd\n"
                        "6000 own=paused>paused top=paused\n"
                        "8000 own=playing>playing top=playing\n"
                        "9000 call=sessionStart\n"
                        "9500 own=paused>paused top=paused\n"
                        "9900\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@9000 startup=0", "play@9000 ph=6 r=1", "pause@9500 ph=6.5 r=0",
      NULL);
}

static void
test_own_start_while_stalled (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "10000 dry\n"
                        "15000 call=sessionEnd\n"
                        "16000 call=sessionStart\n"
                        "18000 wet\n"
                        "19000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "stallStart@11000 ph=10 r=0", "qoe@16000 startup=0",
      "play@16000 ph=10 r=1", NULL);
}

/* What it starts in READY is for the run that follows. */
static void
test_own_start_in_ready (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 call=sessionStart\n"
      "1000 own=paused>playing\n"
      "1600 padgroup=1 segment=0 data\n"
      "1990 group=1 top=paused+playing asyncdone own=playing>playing\n"
      "2000 top=playing\n"
      "2500 own=paused>null own=ready>null own=null>null\n"
      "3000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0", "play@2000 ph=0",
      "sessionEnd@2500 ph=0.5", NULL);
}

static void
test_own_start_never_played (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 call=sessionStart\n"
      "1000 own=null>null\n"
      "3000\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@0 ph=0", "sessionEnd@1000 ph=0", NULL);
}

/* Before the data that would have started one; and once it has ended its own,
 * nobody else starts another for this item. */
static void
test_own_start_first (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "100 call=sessionStart\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused+playing asyncdone own=playing>playing\n"
      "1000 top=playing\n"
      "1500 call=complete\n"
      "9000 eos\n"
      "9001 own=paused>null own=ready>null own=null>null\n");
  mh_sequence_assert_hits (sequence, "sessionStart@100 ph=0", "play@1000 ph=0",
      "sessionComplete@1500 ph=0.5", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/items/gapless", test_gapless);
  g_test_add_func ("/monitor/items/gapless-late", test_gapless_late);
  g_test_add_func ("/monitor/items/gapless-position", test_gapless_position);
  g_test_add_func ("/monitor/items/gapless-in-sink", test_gapless_in_sink);
  g_test_add_func ("/monitor/items/concat", test_concat);
  g_test_add_func ("/monitor/items/all-ahead", test_all_ahead);
  g_test_add_func ("/monitor/items/short", test_short);
  g_test_add_func ("/monitor/items/short/stop", test_short_stop);
  g_test_add_func ("/monitor/items/short/info", test_short_info);
  g_test_add_func ("/monitor/items/same-group", test_same_group);
  g_test_add_func ("/monitor/items/exchanged", test_exchanged);
  g_test_add_func ("/monitor/items/stamps-go-on", test_stamps_go_on);
  g_test_add_func (
      "/monitor/items/stamps-go-on-early", test_stamps_go_on_early);
  g_test_add_func ("/monitor/items/exchanged-ahead", test_exchanged_ahead);
  g_test_add_func ("/monitor/items/exchanged-in-loop", test_exchanged_in_loop);
  g_test_add_func ("/monitor/items/ready", test_ready);
  g_test_add_func ("/monitor/items/ready-after-eos", test_ready_after_eos);
  g_test_add_func ("/monitor/items/replay/seek", test_replay_by_seek);
  g_test_add_func ("/monitor/items/replay/two-pairs", test_replay_two_pairs);
  g_test_add_func ("/monitor/items/replay/paused", test_replay_paused);
  g_test_add_func ("/monitor/items/instant-uri", test_instant_uri);
  g_test_add_func ("/monitor/items/instant-uri-slow", test_instant_uri_slow);
  g_test_add_func (
      "/monitor/items/instant-uri-after-eos", test_instant_uri_after_eos);
  g_test_add_func ("/monitor/calls/end-and-start", test_own_end_and_start);
  g_test_add_func (
      "/monitor/calls/start-while-stalled", test_own_start_while_stalled);
  g_test_add_func ("/monitor/calls/start-in-ready", test_own_start_in_ready);
  g_test_add_func (
      "/monitor/calls/start-never-played", test_own_start_never_played);
  g_test_add_func ("/monitor/calls/start-first", test_own_start_first);
  return g_test_run ();
}
