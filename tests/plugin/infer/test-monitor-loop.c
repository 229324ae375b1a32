/* Tests of mh-monitor: media that is played in a loop, and what ends before its
 * end (docs/design/inference.md#loops and #end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

#define STOP "own=paused>null own=ready>null own=null>null"

static MhSequence *
play (const char *script)
{
  MhSequence *sequence = mh_sequence_new ();

  mh_sequence_play (sequence, "0 length=8\n" MH_SEQUENCE_START);
  mh_sequence_play (sequence, script);
  return sequence;
}

/* ---- rounds ---- */

/* As WebKit does it: SEGMENT_DONE while the last second is still to be rendered,
 * then a seek without a flush. */
static void
test_segment_done (void)
{
  g_autoptr (MhSequence) sequence = play ("8000 segdone=- segdone dry\n"
                                          "8010 seek=7:0\n"
                                          "8020 segment=0 data wet lead=-7\n"
                                          "9000 pos=0 lead=1\n"
                                          "11500\n");

  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "complete@9000 ph=8 r=1", "sessionStart@9000 ph=0", "qoe@9000 startup=0",
      "play@9000 ph=0 r=1", NULL);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@9000 ph=8", "sessionStart@9000 ph=0", "play@9000 ph=0",
      "play@10000 ph=1", NULL);
}

/* Each round anew; the last one ends by itself. */
static void
test_rounds (void)
{
  g_autoptr (MhSequence)
      sequence = play ("8000 segdone dry\n"
                       "8020 seek=7:0 segment=0 data wet lead=-7\n"
                       "9000 pos=0 lead=1\n"
                       "16000 segdone dry\n"
                       "16020 seek=8:0 segment=0 data wet lead=-7\n"
                       "17000 pos=0 lead=1\n"
                       "24000 padeos dry\n"
                       "25000 eos\n"
                       "25010 " STOP "\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@9000 ph=8", "sessionStart@9000 ph=0", "play@9000 ph=0",
      "play@10000 ph=1", "sessionComplete@17000 ph=8",
      "sessionStart@17000 ph=0", "play@17000 ph=0", "play@18000 ph=1",
      "sessionComplete@25000 ph=8", NULL);
}

/* A clip that is shorter than what is queued: the next round comes by when this one has
 * hardly begun. */
static void
test_short_round (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1005 length=2\n"
                       "1010 lead=1.98 segdone\n"
                       "1020 seek=7:0 segment=0 data lead=0.5\n"
                       "3000 pos=0 lead=1\n"
                       "3500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@3000 ph=2", "sessionStart@3000 ph=0", "play@3000 ph=0",
      NULL);
}

/* A seek with a flush at SEGMENT_DONE: what is queued is not played any more. */
static void
test_flushed_round (void)
{
  g_autoptr (MhSequence)
      sequence = play ("7500 lead=1.5 segdone=- segdone\n"
                       "7510 seek=9:0 flush=9 top=paused+playing\n"
                       "7511 unflush=9 segment=0 data pos=0\n"
                       "7520 asyncdone top=playing\n"
                       "8000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@7510 ph=6.51", "sessionStart@7510 ph=0",
      "play@7520 ph=0", NULL);
}

/* A kiosk's slot is over in the middle of a round, or just with one. */
static void
test_stop (void)
{
  static const char round[] = "8000 segdone dry\n"
                              "8020 seek=7:0 segment=0 data wet lead=-7\n";
  g_autoptr (MhSequence) middle = play (round);
  g_autoptr (MhSequence) end = play (round);

  mh_sequence_play (middle,
      "9000 pos=0 lead=1\n"
      "12000 " STOP "\n");
  mh_sequence_play (end, "8900 " STOP "\n");
  mh_sequence_assert_hits (middle, MH_SEQUENCE_START_HITS,
      "sessionComplete@9000 ph=8", "sessionStart@9000 ph=0", "play@9000 ph=0",
      "play@10000 ph=1", "sessionEnd@12000 ph=3", NULL);
  mh_sequence_assert_hits (
      end, MH_SEQUENCE_START_HITS, "sessionComplete@8900 ph=7.9", NULL);
}

/* A pause just before the end of a round moves that. */
static void
test_pause (void)
{
  g_autoptr (MhSequence)
      sequence = play ("8000 segdone dry\n"
                       "8020 seek=7:0 segment=0 data wet lead=-7\n"
                       "8500 own=paused>paused top=paused\n"
                       "12000 own=playing>playing top=playing\n"
                       "12500 pos=0 lead=1\n"
                       "12900\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8500 ph=7.5", "play@12000 ph=7.5",
      "sessionComplete@12500 ph=8", "sessionStart@12500 ph=0",
      "play@12500 ph=0", NULL);
}

/* A viewer seeks in between. */
static void
test_seek (void)
{
  g_autoptr (MhSequence)
      sequence = play ("8000 segdone dry\n"
                       "8020 seek=7:0 segment=0 data wet lead=-7\n"
                       "8100 lead=1 seek=9:3 flush=9 top=paused+playing\n"
                       "8110 unflush=9 segment=3 data\n"
                       "8200 asyncdone top=playing\n"
                       "9500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8100 ph=3", "play@8200 ph=3", NULL);
}

static void
test_twice_as_fast (void)
{
  g_autoptr (MhSequence)
      sequence = play ("3000 seek=7:2 flush=7 unflush=7 segment=2:2 data\n"
                       "3010 asyncdone\n"
                       "5500 segdone dry\n"
                       "5510 seek=8:0 segment=0:2 data wet lead=-7\n"
                       "6000 pos=0 lead=1\n"
                       "6800\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@3000 ph=2", "play@3010 ph=2.02", "sessionComplete@6000 ph=8",
      "sessionStart@6000 ph=0", "play@6000 ph=0", NULL);
}

/* The application seeks when all has been rendered, or never. */
static void
test_late (void)
{
  g_autoptr (MhSequence) sequence = play ("8000 segdone dry\n"
                                          "10000\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@9000 ph=8", NULL);
  mh_sequence_play (sequence,
      "10500 seek=7:0 segment=0 data wet pos=0\n"
      "11000\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@10500 ph=0", "play@10500 ph=0", NULL);
}

/* A part of it is repeated: that is one viewing. */
static void
test_part (void)
{
  g_autoptr (MhSequence) sequence = play ("1500 length=60\n"
                                          "5000 segdone\n"
                                          "5010 seek=7:2 segment=2 data\n"
                                          "6000 pos=2\n"
                                          "12500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=8", NULL);
}

/* What is rendered goes back when it comes to the end of the part. */
static void
test_part_end (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "10900 segdone\n"
                       "10910 seek=7:2 segment=2 data lead=-8\n"
                       "11900 pos=2 lead=1\n"
                       "12500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=2.1", NULL);
}

/* A part that is shorter than what is queued. */
static void
test_short_part (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "9600 segdone\n"
                       "9610 seek=7:8.8 segment=8.8 data lead=0.5\n"
                       "10000 lead=0.6 segdone\n"
                       "10010 seek=8:8.8 segment=8.8 data lead=0\n"
                       "10600 pos=8.8 lead=0.6\n"
                       "11400 pos=8.8\n"
                       "12500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=9.4", NULL);
}

/* A seek without a flush goes on elsewhere, and faster, when what was queued is over. */
static void
test_jump_ahead (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "10500 seek=7:30 segment=30:2 data lead=21\n"
                       "11500 pos=30 lead=1\n"
                       "12500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=31", NULL);
}

/* A stop where the data before a jump ends is no end of a round. */
static void
test_jump_stop (void)
{
  g_autoptr (MhSequence)
      sequence = play ("4000 seek=7:6 segment=6 data lead=4\n"
                       "4900 " STOP "\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionEnd@4900 ph=3.9", NULL);
}

/* It is played backwards before what was queued is over, and forwards again: the jump
 * is forgotten. */
static void
test_jump_backwards (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "4000 nopos seek=7:30 segment=30 data lead=20\n"
                       "4500 seek=8:- segment=3.5:-1 data\n"
                       "5500 seek=9:- segment=2.5 data\n"
                       "9000 own=paused>paused top=paused\n"
                       "9500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@9000 ph=6", NULL);
}

/* Another camera of the same media comes before that: there is no such place there. */
static void
test_jump_taken_over (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 length=60 mediaid=door\n" MH_SEQUENCE_START
      "4000 nopos seek=7:30 segment=30:2 data lead=20\n"
      "4500 padgroup=2 segment=3.5 data\n"
      "4800 group=2\n"
      "7000 own=paused>paused top=paused\n"
      "7500\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@7000 ph=6", NULL);
}

/* What is flushed is not played any more: what comes is at the other rate. */
static void
test_jump_flushed (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "4000 nopos seek=7:- segment=4:2 data\n"
                       "4500 flush=8\n"
                       "4510 unflush=8+keep segment=4:2:same data asyncdone\n"
                       "6000 own=paused>paused top=paused\n"
                       "7000\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "pauseStart@6000 ph=6.5", NULL);
}

/* It goes to just before the end, which has come before that is rendered; and so has
 * the next round, or not. */
static void
test_jump_to_end (void)
{
  static const char jump[] = "1500 length=60\n"
                             "10500 seek=7:58.5 segment=58.5 data lead=49\n"
                             "10590 lead=50.4\n"
                             "10600 segdone dry\n";
  g_autoptr (MhSequence) last = play (jump);
  g_autoptr (MhSequence) round = play (jump);

  mh_sequence_play (last,
      "11500 pos=58.5 lead=1.5\n"
      "14500\n");
  mh_sequence_play (round,
      "10620 seek=8:0 segment=0 data wet lead=-9\n"
      "11500 pos=58.5 lead=-57\n"
      "13000 pos=0 lead=1\n"
      "13900\n");
  mh_sequence_assert_hits (last, MH_SEQUENCE_START_HITS, "ping@12000 ph=59",
      "sessionComplete@13000 ph=60", NULL);
  mh_sequence_assert_hits (round, MH_SEQUENCE_START_HITS, "ping@12000 ph=59",
      "sessionComplete@13000 ph=60", "sessionStart@13000 ph=0",
      "play@13000 ph=0", NULL);
}

/* Only the rate changes, and what was queued is played as before. */
static void
test_faster_later (void)
{
  g_autoptr (MhSequence)
      sequence = play ("1500 length=60\n"
                       "11900 nopos seek=7:- segment=11.9:2 data\n"
                       "13000\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "ping@12000 ph=11", NULL);
}

/* Nothing but a SEGMENT from the end to the start. */
static void
test_jump (void)
{
  g_autoptr (MhSequence) sequence = play ("8000 segment=0 data wet lead=-7\n"
                                          "9000 pos=0 lead=1\n"
                                          "9900\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@9000 ph=8", "sessionStart@9000 ph=0", "play@9000 ph=0",
      NULL);
}

/* Media of no known length, of which the SEGMENT comes once more: another track was
 * selected, or the element was linked anew. */
static void
test_again (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "6000 padgroup=1 segment=0! data\n"
                        "9000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS, NULL);
}

/* A source of no known length repeats itself, and its SEGMENT comes once more while the
 * round before is still rendered: that is one round. */
static void
test_again_in_round (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "6000 segment=0 data wet lead=-5\n"
                        "6500 segment=0! data\n"
                        "7000 pos=0 lead=1\n"
                        "13500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@7000 ph=6", "sessionStart@7000 ph=0", "play@7000 ph=0",
      "play@8000 ph=1", NULL);
}

/* The same at its end, where a jump to the start would be a round. */
static void
test_again_at_end (void)
{
  g_autoptr (MhSequence) sequence = play ("7990 segment=0! data\n"
                                          "8000 padeos dry\n"
                                          "9000 eos\n"
                                          "9500\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@9000 ph=8", NULL);
}

/* From anywhere else that is a seek. */
static void
test_jump_from_middle (void)
{
  g_autoptr (MhSequence)
      sequence = play ("4000 seek=7:0 segment=0 data lead=-3\n"
                       "5000 pos=0 lead=1\n"
                       "12500\n");

  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 0);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
}

/* The pipeline is asked just when it has got there. */
static void
test_asked_early (void)
{
  g_autoptr (MhSequence)
      sequence = play ("8000 segdone dry\n"
                       "8020 seek=7:0 segment=0 data wet lead=-7\n"
                       "8600 pos=0 lead=1 buf=100\n"
                       "9700 buf=100\n"
                       "10500\n");

  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 2);
}

/* ---- a seek from the end to the start ---- */

static void
test_rewound (void)
{
  g_autoptr (MhSequence)
      sequence = play ("8700 seek=7:0 flush=7 top=paused+playing\n"
                       "8710 unflush=7 segment=0 data\n"
                       "8800 asyncdone top=playing\n"
                       "9500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@8700 ph=7.7", "sessionStart@8700 ph=0", "play@8800 ph=0",
      NULL);
}

/* The seek passes another branch: the SEGMENT tells. */
static void
test_rewound_unseen (void)
{
  g_autoptr (MhSequence) sequence = play ("8700 flush=7 top=paused+playing\n"
                                          "8710 unflush=7\n"
                                          "8720 segment=0 data\n"
                                          "8800 asyncdone top=playing\n"
                                          "9500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@8700 ph=7.7", "sessionStart@8720 ph=0", "play@8800 ph=0",
      NULL);
}

/* The pipeline stays paused at the start: no new session begins yet. */
static void
test_rewound_in_pause (void)
{
  g_autoptr (MhSequence) sequence = play ("8700 own=paused>paused top=paused\n"
                                          "9500 seek=7:0 flush=7\n"
                                          "9510 unflush=7 segment=0 data\n"
                                          "9600 asyncdone\n"
                                          "20000\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8700 ph=7.7", "sessionComplete@9500 ph=7.7", NULL);
  mh_sequence_play (sequence,
      "30000 own=playing>playing top=playing\n"
      "30500\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@30000 ph=0", "play@30000 ph=0", NULL);
}

/* Before the last second, and beyond the first one. */
static void
test_not_rewound (void)
{
  g_autoptr (MhSequence)
      early = play ("7000 seek=7:0 flush=7 unflush=7 segment=0 data\n"
                    "7100 asyncdone\n"
                    "7500\n");
  g_autoptr (MhSequence)
      far = play ("8700 seek=7:3 flush=7 unflush=7 segment=3 data\n"
                  "8800 asyncdone\n"
                  "9200\n");

  mh_sequence_assert_hits (early, MH_SEQUENCE_START_HITS,
      "pauseStart@7000 ph=0", "play@7100 ph=0.1", NULL);
  mh_sequence_assert_hits (far, MH_SEQUENCE_START_HITS, "pauseStart@8700 ph=3",
      "play@8800 ph=3.1", NULL);
}

/* ---- the end of the media ---- */

/* The file is cut off. */
static void
test_truncated (void)
{
  g_autoptr (MhSequence) sequence = play ("1500 length=20\n"
                                          "6600 padeos dry\n"
                                          "7600 eos\n"
                                          "7610 " STOP "\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionEnd@7600 ph=6.6", NULL);
}

/* Backwards to the start. */
static void
test_backwards (void)
{
  g_autoptr (MhSequence)
      sequence = play ("3000 seek=7:- flush=7 unflush=7 segment=2:-1 data\n"
                       "3010 asyncdone\n"
                       "5100 padeos dry eos\n"
                       "5110 " STOP "\n");

  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 0);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 1);
}

static void
test_live (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 live\n" MH_SEQUENCE_START "8000 padeos dry\n"
      "9000 eos\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 0);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 1);
}

/* The message comes late on a slow machine: what has been rendered is the data
 * that there was. */
static void
test_slow (void)
{
  g_autoptr (MhSequence) sequence = play ("8000 padeos dry\n"
                                          "10500 eos\n");

  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "sessionComplete@10500 ph=8", NULL);
}

/* ---- one viewing ---- */

/* Another camera, as the application says the same media. */
static void
test_cameras (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 live mediaid=door\n" MH_SEQUENCE_START "5000 padgroup=2\n"
      "5010 group=2 segment=0 data\n"
      "6000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete"), ==, 0);
}

/* The same where the application has started the session by itself. */
static void
test_cameras_called (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 live mediaid=door call=sessionStart\n" MH_SEQUENCE_START
      "5000 padgroup=2\n"
      "5010 group=2 segment=0 data\n"
      "6000\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
}

/* The same for media with an end: at its end it is played once more. */
static void
test_repeated (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 length=8 mediaid=clip\n" MH_SEQUENCE_START "8000 padgroup=2 dry\n"
      "9000 group=2 pos=0 segment=0 data wet\n"
      "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionComplete@9000 ph=8", "sessionStart@9000 ph=0", "play@9000 ph=0",
      NULL);
}

/* A source is restarted inside. */
static void
test_restarted (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 length=60\n" MH_SEQUENCE_START "5000 padgroup=2\n"
      "5010 group=2 segment=0 data pos=0\n"
      "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5010 ph=4.01", "sessionStart@5010 ph=0 resume",
      "play@5010 ph=0", "play@6010 ph=1", NULL);
}

/* The element is taken out with the video, and comes back with it. */
static void
test_video_off (void)
{
  g_autoptr (MhSequence) sequence = play (
      "3000 own=paused>playing own=ready>playing own=null>playing gone\n"
      "6000 own=paused>playing\n"
      "6010 padgroup=1 segment=0 data\n"
      "6020 own=playing>playing pos=5\n"
      "7500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@3000 ph=2", "sessionStart@6000 ph=5 resume", "play@6020 ph=5",
      "play@7020 ph=6", NULL);
}

/* With the pipeline: that is another viewing. */
static void
test_stopped (void)
{
  g_autoptr (MhSequence) sequence = play (
      "3000 " STOP " really=null\n"
      "6000 really=ready own=paused>playing pos=0\n"
      "6100 padgroup=1 segment=0 data\n"
      "6200 group=1 top=paused+playing asyncdone own=playing>playing\n"
      "6210 top=playing\n"
      "6500\n");

  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@3000 ph=2", "sessionStart@6000 ph=0", "play@6210 ph=0", NULL);
}

/* Another element takes over. */
static void
test_lead (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0\n" MH_SEQUENCE_START "5000 leads=open\n"
      "6500\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionStart@5000 ph=4 resume"), ==,
      1);
}

/* Played backwards, over and over: nothing comes to its end, but the playhead goes
 * back to the end of the media. */
static void
test_over_backwards (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=20\n"
                        "3000 seek=7:20 flush=7 top=paused+paused\n"
                        "3010 unflush=7 segment=20:-1 data\n"
                        "3020 asyncdone top=playing\n"
                        "22500 segdone\n"
                        "22520 seek=8:20 segment=20:-1 data\n"
                        "23020 pos=20\n"
                        "30000 own=paused>paused top=paused\n"
                        "31000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@3000 ph=20", "play@3020 ph=20", "ping@13020 ph=10",
      "ping@23020 ph=0", "pauseStart@30000 ph=13.02", NULL);
}

/* It begins to lead between the data of a flush and the end of that: its session has
 * not played before it has begun. */
static void
test_lead_in_flush (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0\n" MH_SEQUENCE_START "5000 flush=1 unflush=1 data\n"
      "5050 leads=1\n"
      "7000\n");
  mh_sequence_assert_calls (
      sequence, "sessionStart@5050 ph=4.05", "play@5050 ph=4.05 r=1", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/loop/segment-done", test_segment_done);
  g_test_add_func ("/monitor/loop/rounds", test_rounds);
  g_test_add_func ("/monitor/loop/short-round", test_short_round);
  g_test_add_func ("/monitor/loop/flushed-round", test_flushed_round);
  g_test_add_func ("/monitor/loop/stop", test_stop);
  g_test_add_func ("/monitor/loop/pause", test_pause);
  g_test_add_func ("/monitor/loop/seek", test_seek);
  g_test_add_func ("/monitor/loop/twice-as-fast", test_twice_as_fast);
  g_test_add_func ("/monitor/loop/over-backwards", test_over_backwards);
  g_test_add_func ("/monitor/loop/late", test_late);
  g_test_add_func ("/monitor/loop/part", test_part);
  g_test_add_func ("/monitor/loop/part-end", test_part_end);
  g_test_add_func ("/monitor/loop/short-part", test_short_part);
  g_test_add_func ("/monitor/loop/jump-ahead", test_jump_ahead);
  g_test_add_func ("/monitor/loop/jump-stop", test_jump_stop);
  g_test_add_func ("/monitor/loop/jump-backwards", test_jump_backwards);
  g_test_add_func ("/monitor/loop/jump-taken-over", test_jump_taken_over);
  g_test_add_func ("/monitor/loop/jump-flushed", test_jump_flushed);
  g_test_add_func ("/monitor/loop/jump-to-end", test_jump_to_end);
  g_test_add_func ("/monitor/loop/faster-later", test_faster_later);
  g_test_add_func ("/monitor/loop/jump", test_jump);
  g_test_add_func ("/monitor/loop/again", test_again);
  g_test_add_func ("/monitor/loop/again-in-round", test_again_in_round);
  g_test_add_func ("/monitor/loop/again-at-end", test_again_at_end);
  g_test_add_func ("/monitor/loop/jump-from-middle", test_jump_from_middle);
  g_test_add_func ("/monitor/loop/asked-early", test_asked_early);
  g_test_add_func ("/monitor/rewound/seen", test_rewound);
  g_test_add_func ("/monitor/rewound/unseen", test_rewound_unseen);
  g_test_add_func ("/monitor/rewound/in-pause", test_rewound_in_pause);
  g_test_add_func ("/monitor/rewound/not", test_not_rewound);
  g_test_add_func ("/monitor/end/truncated", test_truncated);
  g_test_add_func ("/monitor/end/backwards", test_backwards);
  g_test_add_func ("/monitor/end/live", test_live);
  g_test_add_func ("/monitor/end/slow", test_slow);
  g_test_add_func ("/monitor/viewing/cameras", test_cameras);
  g_test_add_func ("/monitor/viewing/cameras/called", test_cameras_called);
  g_test_add_func ("/monitor/viewing/repeated", test_repeated);
  g_test_add_func ("/monitor/viewing/restarted", test_restarted);
  g_test_add_func ("/monitor/viewing/video-off", test_video_off);
  g_test_add_func ("/monitor/viewing/stopped", test_stopped);
  g_test_add_func ("/monitor/viewing/lead", test_lead);
  g_test_add_func ("/monitor/viewing/lead-in-flush", test_lead_in_flush);
  return g_test_run ();
}
