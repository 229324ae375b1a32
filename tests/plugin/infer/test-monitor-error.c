/* Tests of mh-monitor: an error is not the end
 * (docs/design/inference.md#end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

#define STOP "own=paused>null own=ready>null own=null>null"
#define SOURCE "gst-resource-error-quark:9"
#define FLOW "gst-stream-error-quark:1"

static MhSequence *
play (const char *script)
{
  MhSequence *sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START);
  mh_sequence_play (sequence, script);
  return sequence;
}

/* The source fails; what has been read before is played. At the end the demuxer
 * says that it has got no more. */
static void
test_buffered (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=20\n"
                       "5000 error=" SOURCE " error=" FLOW "\n"
                       "20000 padeos dry error=" FLOW "\n"
                       "21000 eos\n"
                       "21010 " STOP "\n"
                       "30000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "ping@12000 ph=11", "sessionComplete@21000 ph=20", NULL);
}

/* The same of media that is longer than that, and of media whose end is not known:
 * the source ends with the error. */
static void
test_buffered_short (void)
{
  g_autoptr (MhSequence) unknown = play ("5000 error=" SOURCE " padeos dry\n"
                                         "6000 eos\n");
  g_autoptr (MhSequence) sequence = play ("1500 length=60\n"
                                          "5000 error=" SOURCE "\n"
                                          "20000 padeos dry\n"
                                          "21000 eos\n"
                                          "21010 " STOP "\n"
                                          "30000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "ping@12000 ph=11", "sessionEnd@21000 ph=20", NULL);
  mh_sequence_assert_hits (unknown, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "sessionEnd@6000 ph=5", NULL);
}

/* No more data comes, and no message tells of it. */
static void
test_stands_still (void)
{
  g_autoptr (MhSequence) sequence = play ("5000 error=" SOURCE "\n"
                                          "9000 dry\n"
                                          "60000\n");

  /* The last data is played until 10000, which shows a little later. */
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "ping@12000 ph=9", "sessionEnd@20000 ph=9", NULL);
}

/* What moves again after that goes on with it. */
static void
test_resumes (void)
{
  g_autoptr (MhSequence) sequence = play ("5000 error=" SOURCE " dry\n"
                                          "30000 wet\n"
                                          "31000 buf=100\n"
                                          "33000 buf=100\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "ping@12000 ph=5", "sessionEnd@16000 ph=5",
      "sessionStart@31000 ph=6 resume", "play@31000 ph=6", "play@32000 ph=7",
      NULL);
}

/* And so does a player that seeks without a stop in between. */
static void
test_restarts (void)
{
  g_autoptr (MhSequence)
      sequence = play ("5000 error=" SOURCE " dry\n"
                       "30000 seek=8:0 flush=8 top=paused+playing\n"
                       "30010 unflush=8 segment=0 data wet\n"
                       "30100 asyncdone top=playing\n"
                       "32000\n");

  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionStart@30000 ph=0 resume"), ==,
      1);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "play@30100 ph=0"), ==, 1);
}

/* The server has hung up on a pause: the error shows then, the buffer plays on. */
static void
test_in_pause (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=7\n4000 own=paused>paused top=paused\n"
                       "6000 error=" SOURCE " error=" FLOW "\n"
                       "600000 own=playing>playing top=playing\n"
                       "603000 padeos dry\n"
                       "604000 eos\n");

  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "error@6000 ph=3"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "play@600000 ph=3"), ==, 1);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete@604000 ph=7"), ==, 1);
}

/* The same where the pipeline is paused in a seek, and the element stays in PLAYING. */
static void
test_in_lost_pause (void)
{
  g_autoptr (MhSequence)
      sequence = play ("2000 error=" FLOW "\n"
                       "3000 seek=5:4 flush=5 top=paused+paused\n"
                       "3004 target=paused\n"
                       "3010 unflush=5 segment=4 data\n"
                       "3011 asyncdone top=paused\n"
                       "60000 target=playing top=playing\n"
                       "61000\n");

  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "play@60000 ph=4"), ==, 1);
}

/* The same when it plays: the error shows with the first request. */
static void
test_after_pause (void)
{
  g_autoptr (MhSequence)
      sequence = play ("4000 own=paused>paused top=paused\n"
                       "6000 own=playing>playing top=playing\n"
                       "6010 error=" SOURCE "\n"
                       "9000 own=paused>paused top=paused\n"
                       "9900\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@4000 ph=3", "play@6000 ph=3", "error@6010 ph=3.01",
      "pauseStart@9000 ph=6", NULL);
}

/* An application that fills its buffer waits for what will not come. */
static void
test_buffering (void)
{
  g_autoptr (MhSequence)
      sequence = play ("5000 buf=20 own=paused>paused top=paused dry\n"
                       "7000 error=" SOURCE "\n"
                       "8000 buf=21\n"
                       "60000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "bufferStart@5000 ph=4", "error@7000 ph=4", "ping@15000 ph=4",
      "sessionEnd@18000 ph=4", NULL);
}

/* A branch that records fails, and is taken away. */
static void
test_branch (void)
{
  g_autoptr (MhSequence) sequence = play (
      "5000 error=gst-resource-error-quark:14@sink error=" FLOW "\n"
      "5100 top=paused+playing\n"
      "5150 asyncdone top=playing\n"
      "22500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "ping@12000 ph=10.95", "ping@22000 ph=20.95", NULL);
}

/* Two failures are two. */
static void
test_two (void)
{
  g_autoptr (MhSequence) sequence = play ("5000 error=a:1\n"
                                          "8000 error=b:2 error=" FLOW "\n"
                                          "8500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "error@8000 ph=7", NULL);
}

/* The next item fails, a while before the end of this one. */
static void
test_next_item (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=8\n"
                       "7500 error=gst-resource-error-quark:3 error=" FLOW "\n"
                       "8000 padeos dry\n"
                       "9000 eos\n"
                       "9010 " STOP "\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "error@7500 ph=6.5", "sessionComplete@9000 ph=8", NULL);
}

/* The same as playbin does it: it stands still there, and says nothing. */
static void
test_next_item_silent (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=8\n"
                       "7500 error=gst-resource-error-quark:3 error=" FLOW "\n"
                       "8000 dry\n"
                       "20000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "error@7500 ph=6.5", "sessionComplete@9000 ph=8", NULL);
}

/* Its failure is nothing that the item after it has to do with. */
static void
test_forgotten (void)
{
  g_autoptr (MhSequence) sequence = play ("1500 length=3\n3000 error=a:1\n"
                                          "4015 padgroup=4 dry\n"
                                          "4038 group=4 pos=0\n"
                                          "4039 segment=0\n"
                                          "4045 data wet\n"
                                          "4500 error=b:2\n"
                                          "4600\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, "error@3000 ph=2",
      "sessionComplete@4038 ph=3.038", "sessionStart@4038 ph=0.001",
      "play@4045 ph=0.001", "error@4500 ph=0.456", NULL);
}

/* The answer to a range is that there are none: nothing of the target was seen.
 * The player begins again, without a stop. */
static void
test_seek (void)
{
  g_autoptr (MhSequence)
      sequence = play ("5000 seek=7:30 flush=7 top=paused+playing\n"
                       "5010 unflush=7\n"
                       "5300 error=gst-resource-error-quark:11\n"
                       "6000 seek=8:0 flush=8\n"
                       "6010 unflush=8 segment=0 data\n"
                       "6100 asyncdone top=playing\n"
                       "8000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "error@5300 ph=4", "play@6100 ph=0", NULL);
  mh_sequence_assert_states (
      sequence, "playing@1000", "seeking@5000", "playing@6350", NULL);
}

/* The same where the pipeline is left as it is, or stopped. */
static void
test_seek_and_stop (void)
{
  g_autoptr (MhSequence)
      left = play ("5000 seek=7:30 flush=7 top=paused+playing\n"
                   "5010 unflush=7\n"
                   "5300 error=a:1\n"
                   "60000\n");
  g_autoptr (MhSequence)
      stopped = play ("5000 seek=7:30 flush=7 top=paused+playing\n"
                      "5010 unflush=7\n"
                      "5300 error=a:1\n"
                      "5301 " STOP "\n");

  mh_sequence_assert_hits (left, MH_SEQUENCE_START_HITS, "pauseStart@5000 ph=4",
      "error@5300 ph=4", "ping@15000 ph=4", "sessionEnd@15300 ph=4", NULL);
  mh_sequence_assert_hits (stopped, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=4", "error@5300 ph=4", "sessionEnd@5301 ph=4", NULL);
}

/* The viewer closes the window: that is no error, also where the sources say
 * that they cannot go on. */
static void
test_window (void)
{
  g_autoptr (MhSequence) sequence = play (
      "5000 error=gst-resource-error-quark:3@sink error=" FLOW "\n"
      "5050 " STOP "\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionEnd@5050 ph=4.05", NULL);
}

/* A file that is not there is one, and a sink that has shown nothing. */
static void
test_not_found (void)
{
  g_autoptr (MhSequence) file = play ("5000 error=gst-resource-error-quark:3\n"
                                      "5050 " STOP "\n");
  g_autoptr (MhSequence) sink = mh_sequence_new ();

  mh_sequence_assert_hits (file, MH_SEQUENCE_START_HITS, "error@5000 ph=4",
      "sessionEnd@5050 ph=4.05", NULL);
  mh_sequence_play (sink,
      "0 own=paused>playing\n"
      "20 error=gst-resource-error-quark:3@sink\n"
      "30 own=ready>null own=null>null\n");
  mh_sequence_assert_hits (
      sink, "sessionStart@0 ph=0", "error@20 ph=0", "sessionEnd@30 ph=0", NULL);
}

/* The pipeline has rendered nothing, and the application does not stop it. */
static void
test_never_played (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "20 error=a:1\n"
      "60000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0", "error@20 ph=0",
      "ping@10000 ph=0", "sessionEnd@10020 ph=0", NULL);
}

/* A decoder of several fails. */
static void
test_plays_all_the_same (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "20 error=a:1\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "11500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=0", "error@20 ph=0",
      "play@1000 ph=0", "play@2000 ph=1", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/error/buffered", test_buffered);
  g_test_add_func ("/monitor/error/buffered-short", test_buffered_short);
  g_test_add_func ("/monitor/error/stands-still", test_stands_still);
  g_test_add_func ("/monitor/error/resumes", test_resumes);
  g_test_add_func ("/monitor/error/restarts", test_restarts);
  g_test_add_func ("/monitor/error/in-pause", test_in_pause);
  g_test_add_func ("/monitor/error/in-lost-pause", test_in_lost_pause);
  g_test_add_func ("/monitor/error/after-pause", test_after_pause);
  g_test_add_func ("/monitor/error/buffering", test_buffering);
  g_test_add_func ("/monitor/error/branch", test_branch);
  g_test_add_func ("/monitor/error/two", test_two);
  g_test_add_func ("/monitor/error/next-item", test_next_item);
  g_test_add_func ("/monitor/error/next-item-silent", test_next_item_silent);
  g_test_add_func ("/monitor/error/forgotten", test_forgotten);
  g_test_add_func ("/monitor/error/seek", test_seek);
  g_test_add_func ("/monitor/error/seek-and-stop", test_seek_and_stop);
  g_test_add_func ("/monitor/error/window", test_window);
  g_test_add_func ("/monitor/error/not-found", test_not_found);
  g_test_add_func ("/monitor/error/never-played", test_never_played);
  g_test_add_func (
      "/monitor/error/plays-all-the-same", test_plays_all_the_same);
  return g_test_run ();
}
