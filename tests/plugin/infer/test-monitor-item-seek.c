/* Tests of mh-monitor: a seek, and the streams of the next item, or of another part of
 * this one, that come with it (docs/design/inference.md#items).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"

/* A seek just before the next item begins is no jump to it. */
static void
test_gapless_after_seek (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "1500 length=60\n"
      "8000 seek=7:59 flush=7 top=paused+paused\n"
      "8010 unflush=7 segment=59 data top=paused+playing asyncdone top=playing\n"
      "8900 padgroup=4 group=4 pos=0 segment=0 data\n"
      "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8000 ph=59", "play@8010 ph=59",
      "sessionComplete@8900 ph=59.89", "sessionStart@8900 ph=0",
      "play@8900 ph=0", NULL);
}

/* A seek to just before the end: the next item comes to the pad with its data. */
static void
test_gapless_in_seek (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "1500 length=60\n"
      "8000 seek=7:59.9 flush=7 top=paused+paused\n"
      "8010 unflush=7 segment=59.9 data\n"
      "8015 padgroup=4\n"
      "8020 top=paused+playing asyncdone top=playing\n"
      "8130 group=4 pos=0 segment=0 data\n"
      "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8000 ph=59.9", "sessionComplete@8130 ph=60",
      "sessionStart@8130 ph=0", "play@8130 ph=0", "play@9130 ph=1", NULL);
}

/* The same, when ASYNC_DONE does not come before its message. */
static void
test_gapless_in_seek_early (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 lead=0\n" MH_SEQUENCE_START "1500 length=60\n"
      "8000 seek=7:59.9 flush=7\n"
      "8010 unflush=7 segment=59.9 data\n"
      "8015 padgroup=4\n"
      "8130 group=4 pos=0 segment=0 data\n"
      "9500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@8000 ph=59.9", "sessionComplete@8130 ph=59.905",
      "sessionStart@8130 ph=0", "play@8130 ph=0", "play@9130 ph=1", NULL);
}

/* Back in the first item although the next one had come to the element. */
static void
test_seek_back (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 padgroup=2\n"
                        "5500 seek=7:1 flush=7\n"
                        "5510 unflush=7 padgroup=1 segment=1 data\n"
                        "5600 asyncdone\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5500 ph=1", "play@5600 ph=1.09", NULL);
}

/* splitmuxsrc begins its streams anew after a seek. */
static void
test_seek_begins_group (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:9 flush=7 top=paused+paused\n"
                        "5010 unflush=7 padgroup=2 group=2\n"
                        "5015 segment=9 data\n"
                        "5020 top=paused+playing asyncdone top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=9", "play@5020 ph=9", NULL);
}

/* The pad's stamps of before the flush are not where the data ends. */
static void
test_seek_begins_group_end (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=20\n"
                        "5000 seek=7:9 flush=7 top=paused+paused\n"
                        "5010 unflush=7 padgroup=2 group=2\n"
                        "5015 segment=9 data\n"
                        "5020 top=paused+playing asyncdone top=playing\n"
                        "15020 dry padgroup=3\n"
                        "15900 group=3\n");
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "sessionComplete@15900 ph=20"), ==, 1);
}

/* Scrubbing there: the streams begin anew when the next seek has been asked for. */
static void
test_seeks_begin_group (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "5000 seek=7:9 flush=7 top=paused+paused\n"
                        "5010 unflush=7\n"
                        "5015 seek=8:12 padgroup=2 group=2\n"
                        "5016 flush=8\n"
                        "5020 unflush=8 segment=12 data\n"
                        "5025 top=paused+playing asyncdone top=playing\n"
                        "7000\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=12", "play@5025 ph=12", NULL);
}

/* A seek to 3 s, asked for at 5 s, goes to 3 s of the next item. */
static void
assert_in_next (const char *script)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, script);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5001 ph=3", "play@5002 ph=3",
      "play@6002 ph=4", NULL);
}

/* playbin3 seeks in the next item when that has come to the pad. */
static void
test_seek_in_next (void)
{
  assert_in_next (
      MH_SEQUENCE_START "4500 padgroup=2 segment=0 data\n"
                        "5000 seek=7:3 flush=7 top=paused+paused\n"
                        "5001 unflush=7 segment=3 group=2 data\n"
                        "5002 top=paused+playing asyncdone top=playing\n"
                        "6500\n");
}

/* The same, when the message comes after the data. */
static void
test_seek_in_next_late (void)
{
  assert_in_next (
      MH_SEQUENCE_START "4500 padgroup=2 segment=0 data\n"
                        "5000 seek=7:3 flush=7 top=paused+paused\n"
                        "5001 unflush=7 segment=3 data group=2\n"
                        "5002 top=paused+playing asyncdone top=playing\n"
                        "6500\n");
}

/* And with a second seek, when the playhead is at the target of the first. */
static void
test_seek_twice_in_next (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=8\n"
                        "4500 padgroup=2 segment=0 data\n"
                        "5000 seek=7:1 flush=7 top=paused+paused\n"
                        "5001 unflush=7 segment=1\n"
                        "5020 seek=8:2 flush=8\n"
                        "5021 unflush=8 segment=2 group=2 data\n"
                        "5022 top=paused+playing asyncdone top=playing\n"
                        "6500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "sessionEnd@5000 ph=4", "sessionStart@5021 ph=2", "play@5022 ph=2",
      "play@6022 ph=3", NULL);
}

/* A pad in front of the sink knows nothing of the next item, which playbin has
 * prepared by then, and seeks in. */
static void
test_seek_in_prepared (void)
{
  assert_in_next ("0 lead=0\n" MH_SEQUENCE_START "1500 length=8\n"
                  "5000 seek=7:3 flush=7:5 top=paused+paused\n"
                  "5001 unflush=7 padgroup=4 segment=3 group=4 data\n"
                  "5002 top=paused+playing asyncdone top=playing\n"
                  "6500\n");
}

/* What is made for the seek, what was made before the item, what is sought forwards,
 * and what is far from the end is a part of the same item (splitmuxsrc). */
static void
test_seek_in_other_part (void)
{
  static const char *const seeks[] = {
    "1500 length=8\n5000 seek=7:3 flush=7:5\n5001 unflush=7 padgroup=6",
    "1500 length=8\n5000 seek=7:3 flush=7:5\n5001 unflush=7 padgroup=5",
    "1500 length=8\n5000 seek=7:3 flush=7:-1\n5001 unflush=7 padgroup=-2",
    "1500 length=8\n5000 seek=7:7 flush=7:5\n5001 unflush=7 padgroup=4",
    "1500 length=60\n5000 seek=7:3 flush=7:5\n5001 unflush=7 padgroup=4",
  };

  for (guint i = 0; i < G_N_ELEMENTS (seeks); i++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();
    g_autofree char *text = g_strconcat (MH_SEQUENCE_START, seeks[i],
        " segment=3 data asyncdone top=playing\n6500\n", NULL);

    mh_sequence_play (sequence, text);
    g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionEnd"), ==, 0);
    g_assert_cmpuint (mh_sequence_count_hits (sequence, "pauseStart"), ==, 1);
  }
}

/* A seek to 3 s, asked for at 5 s, stays in the item. */
static void
assert_in_part (const char *script)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, script);
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@5000 ph=3", "play@5002 ph=3", NULL);
}

/* The next part of a recording had come to the pad. */
static void
test_seek_in_part (void)
{
  assert_in_part (
      MH_SEQUENCE_START "1500 length=60\n"
                        "4500 padgroup=2 segment=0 data\n"
                        "5000 seek=7:3 flush=7 top=paused+paused\n"
                        "5001 unflush=7 segment=3 group=2 data\n"
                        "5002 top=paused+playing asyncdone top=playing\n"
                        "6500\n");
}

/* The same, with a queue behind the element: the message comes after the data. */
static void
test_seek_in_part_late (void)
{
  assert_in_part (
      MH_SEQUENCE_START "1500 length=60\n"
                        "4500 padgroup=2 segment=0 data\n"
                        "5000 seek=7:3 flush=7 top=paused+paused\n"
                        "5001 unflush=7 segment=3 data group=2\n"
                        "5002 top=paused+playing asyncdone top=playing\n"
                        "6500\n");
}

/* After a seek, splitmuxsrc begins its streams anew at the next of its parts as well,
 * without a SEGMENT: here near the end of the media. */
static void
test_part_without_segment (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=6\n"
                        "2500 seek=7:1.2 flush=7 top=paused+paused\n"
                        "2510 unflush=7 segment=1.2 data top=paused+playing\n"
                        "2511 asyncdone top=playing\n"
                        "2600 padgroup=4 data\n"
                        "3500 group=4\n"
                        "4500\n");
  mh_sequence_assert_hits (sequence, MH_SEQUENCE_START_HITS,
      "pauseStart@2500 ph=1.2", "play@2511 ph=1.2", NULL);
}

/* The next seek, before the sinks have got there. */
static void
test_seek_after_part (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "1500 length=6\n"
                        "2500 seek=7:1.2 flush=7 top=paused+paused\n"
                        "2510 unflush=7 segment=1.2 data top=paused+playing\n"
                        "2511 asyncdone top=playing\n"
                        "2600 padgroup=4 data\n"
                        "3000 seek=8:3 flush=8 top=paused+paused\n"
                        "3010 unflush=8 group=4 segment=3 data\n"
                        "3011 top=paused+playing asyncdone top=playing\n"
                        "4500\n");
  g_assert_cmpuint (mh_sequence_count_hits (sequence, "sessionStart"), ==, 1);
  g_assert_cmpuint (
      mh_sequence_count_hits (sequence, "pauseStart@3000 ph=3"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/monitor/items/gapless-after-seek", test_gapless_after_seek);
  g_test_add_func ("/monitor/items/gapless-in-seek", test_gapless_in_seek);
  g_test_add_func (
      "/monitor/items/gapless-in-seek-early", test_gapless_in_seek_early);
  g_test_add_func ("/monitor/items/seek-back", test_seek_back);
  g_test_add_func ("/monitor/items/seek-begins-group", test_seek_begins_group);
  g_test_add_func (
      "/monitor/items/seek-begins-group-end", test_seek_begins_group_end);
  g_test_add_func ("/monitor/items/seeks-begin-group", test_seeks_begin_group);
  g_test_add_func ("/monitor/items/seek-in-next", test_seek_in_next);
  g_test_add_func ("/monitor/items/seek-in-next-late", test_seek_in_next_late);
  g_test_add_func (
      "/monitor/items/seek-twice-in-next", test_seek_twice_in_next);
  g_test_add_func ("/monitor/items/seek-in-prepared", test_seek_in_prepared);
  g_test_add_func (
      "/monitor/items/seek-in-other-part", test_seek_in_other_part);
  g_test_add_func ("/monitor/items/seek-in-part", test_seek_in_part);
  g_test_add_func ("/monitor/items/seek-in-part-late", test_seek_in_part_late);
  g_test_add_func (
      "/monitor/items/part-without-segment", test_part_without_segment);
  g_test_add_func ("/monitor/items/seek-after-part", test_seek_after_part);
  return g_test_run ();
}
