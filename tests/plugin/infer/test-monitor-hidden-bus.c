/* Tests of mh-monitor: applications that keep the pipeline's messages to
 * themselves (docs/design/inference.md#bus-messages).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* As MH_SEQUENCE_START, without a message: playing is seen at the next look. */
#define DARK_START \
  "0 own=paused>playing\n" \
  "600 padgroup=1 segment=0 data\n" \
  "990 really=paused+playing\n" \
  "995 own=playing>playing\n" \
  "1000 really=playing\n"
/* What of it is due up to 2095 ms. */
#define DARK_START_HITS \
  "sessionStart@0 ph=0.095", "play@1095 ph=0.095", "play@2095 ph=1.095"

static void
assert_hits (const char *script, const char *first, const char *second,
    const char *third)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, DARK_START);
  mh_sequence_play (sequence, script);
  mh_sequence_assert_hits (
      sequence, DARK_START_HITS, first, second, third, NULL);
}

static void
test_start (void)
{
  assert_hits ("3000\n", NULL, NULL, NULL);
}

static void
test_pause (void)
{
  assert_hits ("4000 own=paused>paused really=paused\n"
               "6000 own=playing>playing really=playing\n"
               "7000\n",
      "pauseStart@4000 ph=3", "play@6000 ph=3", NULL);
}

static void
test_seek (void)
{
  assert_hits ("4000 seek=7:30 flush=7 really=paused+playing\n"
               "4010 unflush=7 segment=30\n"
               "4100 data\n"
               "4110 really=playing\n"
               "6000\n",
      "pauseStart@4000 ph=30", "play@4100 ph=30", NULL);
}

/* The pipeline has come to PLAYING without data: what comes first is what is due. */
static void
test_data_comes_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing own=playing>playing really=playing\n"
      "2500 padgroup=1 segment=0 data pos=2.5\n"
      "4600\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=2.5",
      "play@2500 ph=2.5", "play@3500 ph=3.5", NULL);
}

/* ---- the end ---- */

/* The position stands still where the data ends. */
static void
test_end (void)
{
  assert_hits ("5000 padeos dry\n"
               "9000\n",
      "sessionComplete@6100 ph=5", NULL, NULL);
}

/* The same where nobody says where it is. */
static void
test_end_no_position (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 nopos\n" DARK_START "5000 padeos dry\n"
      "9000\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
}

/* Whoever keeps the message acts on it at once. */
static void
test_end_stop (void)
{
  assert_hits ("5000 padeos dry\n"
               "6010 own=paused>null own=ready>null own=null>null\n"
               "9000\n",
      "sessionComplete@6010 ph=5.01", NULL, NULL);
}

/* What is queued behind the element has yet to play. */
static void
test_no_end_stop (void)
{
  assert_hits ("4000 lead=2\n"
               "4500 padeos dry\n"
               "5000 own=paused>null own=ready>null own=null>null\n"
               "9000\n",
      "sessionEnd@5000 ph=4", NULL, NULL);
}

/* Nothing moves, but not where the data ends: another branch has stalled. */
static void
test_no_end_stall (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      DARK_START "9000 lead=5\n"
                 "9500 padeos dry\n"
                 "10000 freeze\n"
                 "14000\n");
  mh_sequence_assert_hits (sequence, DARK_START_HITS, "ping@12095 ph=9", NULL);
  mh_sequence_assert_states (sequence, "playing@1195", "stalled@12000", NULL);
}

/* With messages, that of the end may still be kept: it is overdue. */
static void
test_end_overdue (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 padeos dry\n"
                        "9000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@6000 ph=5", NULL);
}

/* An end that was taken for one is not told a second time. */
static void
test_end_late_message (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 padeos dry\n"
                        "9000 eos\n"
                        "9001 own=paused>null own=ready>null own=null>null\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@6000 ph=5", NULL);
}

static void
test_replay (void)
{
  assert_hits ("5000 padeos dry\n"
               "8000 seek=7:0 flush=7 really=paused+playing pos=0\n"
               "8010 unflush=7 segment=0 data wet\n"
               "8020 really=playing\n"
               "8500\n",
      "sessionComplete@6100 ph=5", "sessionStart@8000 ph=0.09",
      "play@8110 ph=0.09");
}

/* ---- items ---- */

static void
test_gapless (void)
{
  assert_hits ("4000 padgroup=2 dry\n"
               "5000 pos=0 segment=0 data wet\n"
               "5900\n",
      "sessionComplete@5000 ph=4", "sessionStart@5000 ph=0", "play@5000 ph=0");
}

/* A first item that is over soon after it has begun to be played. */
static void
test_gapless_short (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      DARK_START "1150 padgroup=2 dry\n"
                 "1200 pos=0 segment=0 data wet\n"
                 "1500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0.095",
      "play@1095 ph=0.095", "sessionComplete@1200 ph=0.2",
      "sessionStart@1200 ph=0", "play@1200 ph=0", NULL);
}

/* Another variant of the same item. */
static void
test_same_group (void)
{
  assert_hits ("4000 padgroup=1 segment=0! data\n"
               "5000\n",
      NULL, NULL, NULL);
}

/* ---- buffering ---- */

static void
test_buffering (void)
{
  assert_hits ("4000 fill=0 own=paused>paused really=paused\n"
               "5000 fill=60\n"
               "6000 fill=100\n"
               "6001 own=playing>playing really=playing\n"
               "7000\n",
      "bufferStart@4000 ph=3", "play@6001 ph=3", NULL);
}

/* A user's pause, although the peer can tell of its buffer. */
static void
test_buffer_full (void)
{
  assert_hits ("4000 fill=100 own=paused>paused really=paused\n"
               "6000 own=playing>playing really=playing\n"
               "7000\n",
      "pauseStart@4000 ph=3", "play@6000 ph=3", NULL);
}

/* The user has paused while it filled. */
static void
test_buffering_to_pause (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      DARK_START "4000 fill=0 own=paused>paused really=paused\n"
                 "6000 fill=100\n"
                 "9000\n");
  mh_sequence_assert_states (
      sequence, "playing@1195", "buffering@4250", "paused@6600", NULL);
}

/* Where messages come, the peer's answer is not asked for. */
static void
test_messages_count (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "4000 fill=0 own=paused>paused top=paused\n"
                        "5000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@4000 ph=3", NULL);
}

/* Before the first frame a pause is none, and nothing waits for the answer that says
 * what it is for: it counts from then on. */
static void
test_fill_before_first_frame (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 fill=0\n"
      "0 own=paused>playing\n"
      "600 padgroup=1 segment=0 data\n"
      "1700 own=playing>playing really=paused+playing\n"
      "1900 own=paused>playing\n"
      "1950 fps=25\n"
      "2500\n");
  mh_sequence_assert_calls (
      sequence, "sessionStart@0 ph=0", "bufferStart@2000 ph=0 r=0", NULL);
}

/* Nor does it count from before a session that the application has begun since. */
static void
test_fill_after_own_session (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "600 padgroup=1 segment=0 data\n"
      "1000 own=playing>playing really=playing\n"
      "3000 call=sessionEnd fill=0\n"
      "4000 own=paused>paused really=paused\n"
      "4050 call=sessionStart\n"
      "5000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000", "play@1000 ph=0 r=1",
      "bufferStart@4050 ph=3 r=0", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/hidden-bus/start", test_start);
  g_test_add_func ("/monitor/hidden-bus/pause", test_pause);
  g_test_add_func ("/monitor/hidden-bus/seek", test_seek);
  g_test_add_func ("/monitor/hidden-bus/data-comes-late", test_data_comes_late);
  g_test_add_func ("/monitor/hidden-bus/end", test_end);
  g_test_add_func ("/monitor/hidden-bus/end/no-position", test_end_no_position);
  g_test_add_func ("/monitor/hidden-bus/end/stop", test_end_stop);
  g_test_add_func ("/monitor/hidden-bus/end/not-yet", test_no_end_stop);
  g_test_add_func ("/monitor/hidden-bus/end/stall", test_no_end_stall);
  g_test_add_func ("/monitor/hidden-bus/end/overdue", test_end_overdue);
  g_test_add_func (
      "/monitor/hidden-bus/end/late-message", test_end_late_message);
  g_test_add_func ("/monitor/hidden-bus/end/replay", test_replay);
  g_test_add_func ("/monitor/hidden-bus/gapless", test_gapless);
  g_test_add_func ("/monitor/hidden-bus/gapless/short", test_gapless_short);
  g_test_add_func ("/monitor/hidden-bus/same-group", test_same_group);
  g_test_add_func ("/monitor/hidden-bus/buffering", test_buffering);
  g_test_add_func ("/monitor/hidden-bus/buffering/full", test_buffer_full);
  g_test_add_func (
      "/monitor/hidden-bus/buffering/to-pause", test_buffering_to_pause);
  g_test_add_func (
      "/monitor/hidden-bus/buffering/messages", test_messages_count);
  g_test_add_func ("/monitor/hidden-bus/fill-before-first-frame",
      test_fill_before_first_frame);
  g_test_add_func ("/monitor/hidden-bus/fill-after-own-session",
      test_fill_after_own_session);
  return g_test_run ();
}
