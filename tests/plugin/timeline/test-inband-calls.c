/* Tests of plugin/timeline/mh-inband-calls.c and of what plugin/timeline/mh-cues.c
 * makes of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cues.h"
#include "mh-error.h"

#define ITEM 7

static MhCall *
make_call (MhCallType type)
{
  return mh_call_parse (mh_call_name (type), NULL, NULL);
}

static MhMark *
make_mark (MhCallType type, double position)
{
  static guint32 seqnum;
  MhMark *mark = g_new0 (MhMark, 1);

  mark->group = ITEM;
  mark->seqnum = ++seqnum;
  mark->position = position;
  mark->call = make_call (type);
  return mark;
}

static void
add (MhCues *cues, MhCallType type, double position)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mh_cues_take (cues, make_mark (type, position), &error));
  g_assert_no_error (error);
}

/* Times of this test are ms. */
static void
tell (MhCues *cues, gint64 at, double value, double rate)
{
  const MhMotion motion = { MH_TIME_FROM_MSEC (at), value, rate };

  mh_cues_tell (cues, ITEM, &motion);
}

static void
assert_pop (MhCues *cues, gint64 until, MhCallType type, gint64 at)
{
  g_auto (MhCue) cue = MH_CUE_INIT;

  g_assert_true (mh_cues_pop (cues, MH_TIME_FROM_MSEC (until), &cue));
  g_assert_cmpstr (mh_call_name (cue.call->type), ==, mh_call_name (type));
  g_assert_cmpint (cue.at, ==, MH_TIME_FROM_MSEC (at));
}

static void
assert_nothing (MhCues *cues, gint64 until)
{
  g_auto (MhCue) cue = MH_CUE_INIT;

  g_assert_false (mh_cues_pop (cues, MH_TIME_FROM_MSEC (until), &cue));
}

/* ---- lines ---- */

static void
test_motion (void)
{
  const MhMotion forward = { 1000000, 10, 1 };
  const MhMotion fast = { 1000000, 10, 2 };
  const MhMotion backward = { 1000000, 10, -1 };
  const MhMotion still = { 1000000, 10, 0 };

  g_assert_cmpint (mh_motion_reach (&forward, 12), ==, 3000000);
  g_assert_cmpint (mh_motion_reach (&forward, 9.5), ==, 500000);
  g_assert_cmpint (mh_motion_reach (&fast, 12), ==, 2000000);
  g_assert_cmpint (mh_motion_reach (&backward, 8), ==, 3000000);
  g_assert_cmpint (mh_motion_reach (&backward, 12), ==, -1000000);
  g_assert_cmpint (mh_motion_reach (&still, 10), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_motion_reach (&forward, INFINITY), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_motion_reach (&forward, 1e30), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_motion_reach (&forward, -1e30), ==, 1000000);
  g_assert_cmpfloat (mh_motion_get (&fast, 2000000), ==, 12);
}

/* ---- when ---- */

static void
test_due (gconstpointer data)
{
  double rate = *(const double *) data;
  g_autoptr (MhCues) cues = mh_cues_new ();
  gint64 second = (gint64) (1000 / ABS (rate));
  int direction = rate > 0 ? 1 : -1;

  add (cues, MH_CALL_AD_BREAK_START, 100 + 2 * direction);
  add (cues, MH_CALL_AD_BREAK_COMPLETE, 100 + 5 * direction);
  tell (cues, 10000, 100, rate);
  g_assert_cmpint (
      mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (10000 + 2 * second));
  assert_nothing (cues, 10000 + 2 * second - 1);
  /* Noticed late, and dated to when it was. */
  tell (cues, 10000 + 3 * second, 100 + 3 * direction, rate);
  assert_pop (
      cues, 10000 + 3 * second, MH_CALL_AD_BREAK_START, 10000 + 2 * second);
  assert_nothing (cues, 10000 + 3 * second);
  assert_pop (
      cues, 10000 + 9 * second, MH_CALL_AD_BREAK_COMPLETE, 10000 + 5 * second);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
}

static void
test_standing_still (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  add (cues, MH_CALL_AD_BREAK_START, 12);
  add (cues, MH_CALL_AD_START, 12);
  tell (cues, 1000, 11, 1);
  tell (cues, 1500, 11.5, 0);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
  assert_nothing (cues, 100000);
  /* A minute later it plays on: not a moment before that. */
  tell (cues, 61500, 12.5, 1);
  assert_pop (cues, 61500, MH_CALL_AD_BREAK_START, 61500);
  assert_pop (cues, 61500, MH_CALL_AD_START, 61500);
}

static void
test_order (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  add (cues, MH_CALL_AD_COMPLETE, 20);
  add (cues, MH_CALL_AD_BREAK_START, 12);
  add (cues, MH_CALL_AD_START, 12);
  add (cues, MH_CALL_AD_BREAK_COMPLETE, 20);
  tell (cues, 0, 0, 1);
  assert_pop (cues, 20000, MH_CALL_AD_BREAK_START, 12000);
  assert_pop (cues, 20000, MH_CALL_AD_START, 12000);
  assert_pop (cues, 20000, MH_CALL_AD_COMPLETE, 20000);
  assert_pop (cues, 20000, MH_CALL_AD_BREAK_COMPLETE, 20000);
}

/* What is marked when the media is there already is late, not lost; nor is it
 * dated to before anybody could have known. */
static void
test_late (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  tell (cues, 5000, 5, 1);
  add (cues, MH_CALL_AD_BREAK_START, 2);
  g_assert_cmpint (mh_cues_deadline (cues), <=, MH_TIME_FROM_MSEC (5000));
  tell (cues, 5100, 5.1, 1);
  assert_pop (cues, 5100, MH_CALL_AD_BREAK_START, 5000);
}

static void
test_at_once (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();
  MhCall *call = mh_cues_take (cues, make_mark (MH_CALL_AD_SKIP, NAN), NULL);

  g_assert_cmpint (call->type, ==, MH_CALL_AD_SKIP);
  mh_call_free (call);
}

/* ---- what does not come ---- */

static void
test_flush (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  add (cues, MH_CALL_AD_BREAK_START, 12);
  mh_cues_flush (cues);
  tell (cues, 0, 0, 1);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
  /* What comes after it counts. */
  add (cues, MH_CALL_AD_BREAK_START, 11);
  assert_pop (cues, 20000, MH_CALL_AD_BREAK_START, 11000);
}

static void
test_once (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();
  const gboolean sticky[] = { TRUE, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (sticky); i++) {
    MhMark *first = make_mark (MH_CALL_AD_BREAK_START, 12);
    MhMark *again = make_mark (MH_CALL_AD_BREAK_START, 13);
    MhMark *after = make_mark (MH_CALL_AD_BREAK_START, 14);

    again->seqnum = after->seqnum = first->seqnum;
    again->place = 1; /* another element of the pipeline */
    first->sticky = again->sticky = after->sticky = sticky[i];
    mh_cues_take (cues, first, NULL);
    mh_cues_take (cues, again, NULL);
    tell (cues, 0, 0, 1);
    assert_pop (cues, 20000, MH_CALL_AD_BREAK_START, 12000);
    assert_nothing (cues, 20000);
    /* Data that is played again has it again, pads that are linked again do
     * not. */
    mh_cues_flush (cues);
    mh_cues_take (cues, after, NULL);
    if (!sticky[i])
      assert_pop (cues, 20000, MH_CALL_AD_BREAK_START, 14000);
    assert_nothing (cues, 20000);
  }
}

static void
test_next_item (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();
  MhMark *next = make_mark (MH_CALL_AD_BREAK_START, 0);
  const MhMotion motion = { MH_TIME_FROM_MSEC (6000), 0, 1 };
  g_auto (MhCue) rest = MH_CUE_INIT;

  next->group = ITEM + 1;
  add (cues, MH_CALL_AD_BREAK_COMPLETE, 60.2);
  mh_cues_take (cues, next, NULL);
  tell (cues, 5000, 59, 1);
  assert_nothing (cues, 6000);
  /* Its end is where all of it has been rendered. */
  tell (cues, 6000, 60, 1);
  g_assert_true (mh_cues_pop_rest (cues, &rest));
  g_assert_cmpint (rest.call->type, ==, MH_CALL_AD_BREAK_COMPLETE);
  g_assert_cmpint (rest.at, ==, MH_TIME_FROM_MSEC (6000));
  mh_cue_clear (&rest);
  g_assert_false (mh_cues_pop_rest (cues, &rest));
  mh_cues_leave (cues);
  mh_cues_tell (cues, ITEM + 1, &motion);
  assert_pop (cues, 6000, MH_CALL_AD_BREAK_START, 6000);
}

static void
test_leave (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  tell (cues, 0, 0, 1);
  add (cues, MH_CALL_AD_BREAK_START, 12);
  mh_cues_leave (cues);
  assert_nothing (cues, 20000);
}

static void
test_bounded (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1000; i++)
    add (cues, MH_CALL_AD_SKIP, i);
  mh_cues_take (cues, make_mark (MH_CALL_AD_SKIP, 1), &error);
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
}

/* ---- before the play ---- */

/* Nothing can be played in a break without an ad: then it opens only after the
 * play. */
static void
test_can_open (void)
{
  g_autoptr (MhCues) cues = mh_cues_new ();

  tell (cues, 0, 0, 1);
  g_assert_true (mh_cues_can_open (cues, 0));
  add (cues, MH_CALL_AD_BREAK_START, 0);
  g_assert_false (mh_cues_can_open (cues, 0));
  add (cues, MH_CALL_AD_START, 0);
  g_assert_true (mh_cues_can_open (cues, 0));
  add (cues, MH_CALL_SESSION_END, 1);
  g_assert_true (mh_cues_can_open (cues, 0));
  add (cues, MH_CALL_SESSION_END, 0);
  g_assert_false (mh_cues_can_open (cues, 0));
}

int
main (int argc, char *argv[])
{
  static const double rates[] = { 1, 2, 0.5, -1, -2 };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inband-calls/motion", test_motion);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autofree char *name = g_strdup_printf (
        "/inband-calls/due/at-rate-%g", rates[i]);

    g_test_add_data_func (name, &rates[i], test_due);
  }
  g_test_add_func (
      "/inband-calls/not-while-it-stands-still", test_standing_still);
  g_test_add_func ("/inband-calls/order", test_order);
  g_test_add_func ("/inband-calls/late", test_late);
  g_test_add_func ("/inband-calls/at-once", test_at_once);
  g_test_add_func ("/inband-calls/flush-drops-what-waits", test_flush);
  g_test_add_func ("/inband-calls/once", test_once);
  g_test_add_func ("/inband-calls/next-item-waits", test_next_item);
  g_test_add_func ("/inband-calls/left-with-its-item", test_leave);
  g_test_add_func ("/inband-calls/bounded", test_bounded);
  g_test_add_func ("/inband-calls/before-the-play", test_can_open);
  return g_test_run ();
}
