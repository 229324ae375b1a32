/* Tests of mh-monitor: what is told of the quality of experience.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* MH_SEQUENCE_START, with what is observed before it plays. */
#define START_WITH(what_) \
  "0 own=paused>playing\n" \
  "600 padgroup=1 segment=0 data\n" \
  "700 " what_ "\n" \
  "990 group=1 top=paused+playing asyncdone\n" \
  "995 own=playing>playing\n" \
  "1000 top=playing\n"

/* What is known when it starts goes with the time that it took. */
static void
test_from_the_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH ("bitrate=1:31696 bitrate=2:26174") "10000 bitrate=1:31700\n"
                                                     "20000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=57870", "play@1000 ph=0 r=1", NULL);
}

/* The first is no change, whenever it comes. */
static void
test_first (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 bitrate=1:80000\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@5000 startup=1000 bitrate=80000", NULL);
}

/* But of variants only switches are told, and the one before may have come too
 * early for the element. */
static void
test_first_variant (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 bitrate=variant:1800000\n"
                        "20000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@5000 startup=1000 bitrate=1800000", "bitrateChange@5000 ph=4 r=1",
      NULL);
}

/* A switch of variants, and one to where it was. */
static void
test_switch (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 bitrate=variant:1800000\n"
                        "10000 bitrate=variant:200000\n"
                        "12000 bitrate=variant:0\n"
                        "14000 bitrate=variant:200000\n"
                        "20000 bitrate=variant:201000\n"
                        "30000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@2000 startup=1000 bitrate=1800000",
      "qoe@10000 startup=1000 bitrate=200000", "bitrateChange@10000 ph=9 r=1",
      NULL);
}

/* Several in a second: the last one, when that is over; none, where that is
 * what there was. */
static void
test_interval (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2000 bitrate=variant:1800000\n"
                        "10000 bitrate=variant:200000\n"
                        "10100 bitrate=variant:900000\n"
                        "10200 bitrate=variant:1800000\n"
                        "15000 bitrate=variant:200000\n"
                        "15100 bitrate=variant:900000\n"
                        "15200 bitrate=variant:200000\n"
                        "30000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@2000 startup=1000 bitrate=1800000",
      "qoe@10000 startup=1000 bitrate=200000", "bitrateChange@10000 ph=9 r=1",
      "qoe@11000 startup=1000 bitrate=1800000", "bitrateChange@11000 ph=10 r=1",
      "qoe@15000 startup=1000 bitrate=200000", "bitrateChange@15000 ph=14 r=1",
      NULL);
}

/* A variable bitrate (mp3), as a parser counts it: it goes with the hits that
 * there are. */
static void
test_counted (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH ("bitrate=1:0:256000") "1249 bitrate=1:91017:256000\n"
                                        "1328 bitrate=1:85962:256000\n"
                                        "1628 bitrate=1:79816:256000\n"
                                        "2984 bitrate=1:74982:256000\n"
                                        "11019 bitrate=1:73160:256000\n"
                                        "20000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=256000", "play@1000 ph=0 r=1",
      "qoe@2000 startup=1000 bitrate=79816",
      "qoe@3000 startup=1000 bitrate=74982",
      "qoe@11019 startup=1000 bitrate=73160", NULL);
}

/* DASH, whose demuxers do not tell: the tags jump. */
static void
test_jump (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH (
          "bitrate=variant:0 bitrate=1:31696:36144 bitrate=2:81576:84156") "4000 bitrate=2:1655631\n"
                                                                           "4001 bitrate=2:82828:1632880\n"
                                                                           "4100 bitrate=2:363217:1632880\n"
                                                                           "6100 bitrate=2:906083:1617852\n"
                                                                           "9000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=84156", "play@1000 ph=0 r=1",
      "qoe@4001 startup=1000 bitrate=1632880",
      "bitrateChange@4001 ph=3.001 r=1", NULL);
}

/* While it does not play nothing is told, nor while that is undecided. */
static void
test_not_playing (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2000 bitrate=variant:1800000\n"
                        "10000 own=paused>paused top=paused\n"
                        "10001 bitrate=variant:200000\n"
                        "20000 own=playing>playing top=playing\n"
                        "30000 buf=0 own=paused>paused top=paused\n"
                        "30001 bitrate=variant:1800000\n"
                        "30100 own=playing>playing top=playing\n"
                        "32000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@2000 startup=1000 bitrate=1800000", "pause@10000 ph=9 r=0",
      "play@20000 ph=9 r=1", "qoe@20000 startup=1000 bitrate=200000",
      "bitrateChange@20000 ph=9 r=1", "qoe@30100 startup=1000 bitrate=1800000",
      "bitrateChange@30100 ph=19 r=1", NULL);
}

/* It is not dated before a change that has been told. */
static void
test_stall (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "2000 bitrate=variant:1800000\n"
      "10000 dry\n"
      "11000 bitrate=variant:200000\n"
      "14000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@2000 startup=1000 bitrate=1800000",
      "qoe@11000 startup=1000 bitrate=200000", "bitrateChange@11000 ph=9 r=1",
      "stallStart@11000 ph=9 r=0", NULL);
}

/* Who tells of it knows better. */
static void
test_theirs (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "2000 bitrate=variant:1800000\n"
                        "6000 call=qoe\n"
                        "10000 bitrate=variant:200000\n"
                        "12000 padgroup=2\n"
                        "13000 group=2 segment=0 data pos=0\n"
                        "13100 bitrate=variant:1800000\n"
                        "14000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@2000 startup=1000 bitrate=1800000", "complete@13000 ph=12 r=1",
      "sessionStart@13000 ph=0", "qoe@13000 startup=0", "play@13000 ph=0 r=1",
      "qoe@14000 startup=0 bitrate=1800000", NULL);
}

/* Gapless: what is told of the next item is not about this one, however early
 * it comes. */
static void
test_next_item (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH (
          "bitrate=variant:1800000 bitrate=1:31696") "8000 bitrate=variant2:900000\n"
                                                     "12000 padgroup=2\n"
                                                     "12990 bitrate=1:64000\n"
                                                     "13000 group=2 segment=0 data pos=0\n"
                                                     "14000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=1800000", "play@1000 ph=0 r=1",
      "complete@13000 ph=12 r=1", "sessionStart@13000 ph=0",
      "qoe@13000 startup=0 bitrate=900000", "play@13000 ph=0 r=1", NULL);
}

/* Another run knows nothing of it. */
static void
test_next_run (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH (
          "bitrate=1:80000") "5000 own=paused>ready\n"
                             "5001 own=ready>ready top=ready pos=0\n"
                             "6000 own=paused>playing\n"
                             "6600 padgroup=2 segment=0 data\n"
                             "6990 group=2 top=paused+playing asyncdone\n"
                             "6995 own=playing>playing\n"
                             "7000 top=playing\n"
                             "8000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=80000", "play@1000 ph=0 r=1",
      "sessionEnd@5000 ph=4 r=1", "sessionStart@6000 ph=0",
      "qoe@7000 startup=1000", "play@7000 ph=0 r=1", NULL);
}

/* Without messages there is what passes the element. */
static void
test_hidden_bus (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "600 padgroup=1 segment=0 bitrate=pad:80000 data\n"
      "990 really=playing own=playing>playing\n"
      "5000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@990 startup=990 bitrate=80000", "play@990 ph=0 r=1", NULL);
}

/* Another one that begins to lead tells it again. */
static void
test_lead (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0\n" START_WITH (
          "bitrate=variant:1800000") "5000 leads=1\n"
                                     "10000 bitrate=variant:200000\n"
                                     "12000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@5000 ph=4",
      "play@5000 ph=4 r=1", "qoe@5100 bitrate=1800000",
      "qoe@10000 bitrate=200000", "bitrateChange@10000 ph=9 r=1", NULL);
}

/* ---- frames ---- */

/* Of the video that passes, from the start and where it changes. */
static void
test_frame_rate (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH ("fps=25") "5000 fps=25\n"
                            "6000 fps=50\n"
                            "6100 fps=0\n"
                            "20000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 fps=25", "play@1000 ph=0 r=1",
      "qoe@6000 startup=1000 fps=50", NULL);
}

/* Where sound passes, the sink of the video tells. */
static void
test_frame_rate_of_sink (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH (
          "bitrate=1:31696 bitrate=2:0:0:29.97") "5000 bitrate=1:31696\n"
                                                 "9000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 fps=29.97", "play@1000 ph=0 r=1", NULL);
}

/* What passes is the next item's before that is seen. */
static void
test_frame_rate_of_next (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH ("fps=25") "12000 padgroup=2 fps=50\n"
                            "13000 group=2 segment=0 data pos=0\n"
                            "20000 padgroup=3\n"
                            "21000 group=3 segment=0 data pos=0\n"
                            "22000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 fps=25", "play@1000 ph=0 r=1",
      "complete@13000 ph=12 r=1", "sessionStart@13000 ph=0",
      "qoe@13000 startup=0 fps=50", "play@13000 ph=0 r=1",
      "complete@21000 ph=8 r=1", "sessionStart@21000 ph=0",
      "qoe@21000 startup=0 fps=50", "play@21000 ph=0 r=1", NULL);
}

/* A film, and then a song: no sink tells of video any more. */
static void
test_no_frames_next (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH (
          "bitrate=1:64000 bitrate=2:64000:0:25") "12000 padgroup=2\n"
                                                  "12990 bitrate=1:64000\n"
                                                  "13000 group=2 segment=0 data pos=0\n"
                                                  "14000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 bitrate=128000 fps=25", "play@1000 ph=0 r=1",
      "complete@13000 ph=12 r=1", "sessionStart@13000 ph=0",
      "qoe@13000 startup=0 bitrate=64000", "play@13000 ph=0 r=1", NULL);
}

/* At most once a second, with the last of them at the end. */
static void
test_dropped (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      START_WITH ("fps=25") "5000 dropped=1 fps=25\n"
                            "5100 dropped=2 fps=25\n"
                            "5200 dropped=3 fps=25\n"
                            "9000 dropped=3\n"
                            "9900 dropped=7 fps=25\n"
                            "10000 dropped=8 eos\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 fps=25", "play@1000 ph=0 r=1",
      "qoe@5000 startup=1000 fps=25 dropped=1",
      "qoe@6000 startup=1000 fps=25 dropped=3",
      "qoe@9900 startup=1000 fps=25 dropped=7",
      "qoe@10000 startup=1000 fps=25 dropped=8", "complete@10000 ph=9 r=1",
      NULL);
}

/* Each item has its own. */
static void
test_dropped_of_next (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 dropped=10 fps=25\n"
                        "12000 padgroup=2\n"
                        "13000 dropped=12 group=2 segment=0 data pos=0\n"
                        "15000 dropped=13 fps=25\n"
                        "16000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@5000 startup=1000 fps=25 dropped=10",
      "qoe@13000 startup=1000 fps=25 dropped=12", "complete@13000 ph=12 r=1",
      "sessionStart@13000 ph=0", "qoe@13000 startup=0 fps=25",
      "play@13000 ph=0 r=1", "qoe@15000 startup=0 fps=25 dropped=1", NULL);
}

/* A run of which the worker sees nothing before it plays: the frames are its own. */
#define SEEN_LATE(what_) \
  "0 late own=paused>playing\n" \
  "600 late padgroup=1 segment=0 data\n" \
  "990 late group=1 top=paused+playing asyncdone\n" \
  "995 late own=playing>playing\n" \
  "1000 " what_ " top=playing\n"

static void
test_dropped_unseen (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      SEEN_LATE ("dropped=4") "5000 own=paused>ready\n"
                              "5001 own=ready>ready top=ready pos=0\n"
                              "6000 late own=paused>playing\n"
                              "6600 late padgroup=2 segment=0 data\n"
                              "6990 late group=2 top=paused+playing asyncdone\n"
                              "6995 late own=playing>playing\n"
                              "7000 dropped=6 top=playing\n"
                              "9000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000 dropped=4", "play@1000 ph=0 r=1",
      "sessionEnd@5000 ph=4 r=1", "sessionStart@6000 ph=0",
      "qoe@7000 startup=1000 dropped=2", "play@7000 ph=0 r=1", NULL);
}

/* Both ways to know are never added up. */
static void
test_dropped_once (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 dropped=2 overdue=2 fps=25\n"
                        "6000 overdue=3\n"
                        "8000\n");
  mh_sequence_assert_calls (sequence, MH_SEQUENCE_START_CALLS,
      "qoe@5000 startup=1000 fps=25 dropped=2", NULL);
}

/* Without messages there is what goes upstream through the element. */
static void
test_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "600 padgroup=1 fps=25 segment=0 data\n"
      "990 really=playing own=playing>playing\n"
      "5000 overdue=2 fps=25\n"
      "6000\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@990 startup=990 fps=25", "play@990 ph=0 r=1",
      "qoe@5000 startup=990 fps=25 dropped=2", NULL);
}

/* The application's count, to the end. */
static void
test_dropped_theirs (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 call=qoe\n"
                        "6000 dropped=2 fps=25\n"
                        "10000 eos\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "complete@10000 ph=9 r=1", NULL);
}

/* What of it gets to the hits. */
static void
test_hits (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 bitrate=variant:1800000\n"
                        "5000 bitrate=variant:200000\n"
                        "8000\n");
  mh_sequence_assert_hits (
      sequence, MH_SEQUENCE_START_HITS, "bitrateChange@5000 ph=4", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/qoe/from-the-start", test_from_the_start);
  g_test_add_func ("/monitor/qoe/first", test_first);
  g_test_add_func ("/monitor/qoe/first-variant", test_first_variant);
  g_test_add_func ("/monitor/qoe/switch", test_switch);
  g_test_add_func ("/monitor/qoe/interval", test_interval);
  g_test_add_func ("/monitor/qoe/counted", test_counted);
  g_test_add_func ("/monitor/qoe/jump", test_jump);
  g_test_add_func ("/monitor/qoe/not-playing", test_not_playing);
  g_test_add_func ("/monitor/qoe/stall", test_stall);
  g_test_add_func ("/monitor/qoe/theirs", test_theirs);
  g_test_add_func ("/monitor/qoe/next-item", test_next_item);
  g_test_add_func ("/monitor/qoe/next-run", test_next_run);
  g_test_add_func ("/monitor/qoe/hidden-bus", test_hidden_bus);
  g_test_add_func ("/monitor/qoe/lead", test_lead);
  g_test_add_func ("/monitor/qoe/frame-rate", test_frame_rate);
  g_test_add_func ("/monitor/qoe/frame-rate/of-sink", test_frame_rate_of_sink);
  g_test_add_func ("/monitor/qoe/frame-rate/of-next", test_frame_rate_of_next);
  g_test_add_func ("/monitor/qoe/frame-rate/no-next", test_no_frames_next);
  g_test_add_func ("/monitor/qoe/dropped", test_dropped);
  g_test_add_func ("/monitor/qoe/dropped/of-next", test_dropped_of_next);
  g_test_add_func ("/monitor/qoe/dropped/unseen", test_dropped_unseen);
  g_test_add_func ("/monitor/qoe/dropped/once", test_dropped_once);
  g_test_add_func ("/monitor/qoe/dropped/late", test_late);
  g_test_add_func ("/monitor/qoe/dropped/theirs", test_dropped_theirs);
  g_test_add_func ("/monitor/qoe/hits", test_hits);
  return g_test_run ();
}
