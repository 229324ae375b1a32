/* Tests of mh-stall.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stall.h"

#define MS(ms) MH_TIME_FROM_MSEC (ms)

/* Has played since 0 ms, with data up to and a threshold of 2 s. */
static MhStall
make (void)
{
  MhStall stall = { .threshold = MS (2000) };

  mh_stall_reset (&stall, 0, 1, TRUE);
  return stall;
}

static void
assert_feed (MhStall *stall, gint64 ms, gint64 position, guint64 buffers,
    gint64 step_ms, gboolean changes)
{
  g_assert_cmpint (mh_stall_feed (stall, MS (ms), TRUE, position, buffers,
                       (guint64) step_ms * 1000000),
      ==, changes);
}

static void
test_threshold (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 0, FALSE);
  assert_feed (&stall, 10500, 500, 2, 0, FALSE);
  assert_feed (&stall, 11999, 500, 2, 0, FALSE);
  assert_feed (&stall, 12000, 500, 2, 0, TRUE);
  g_assert_true (stall.stalled);
  g_assert_cmpint (stall.progress_at, ==, MS (10000));
  assert_feed (&stall, 20000, 500, 2, 0, FALSE);
  g_assert_true (stall.stalled);
}

/* Either of the two is enough to end it, or to keep it from beginning. */
static void
test_progress (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 500, 2, 0, FALSE);
  assert_feed (&stall, 12000, 500, 2, 0, TRUE);
  assert_feed (&stall, 12100, 501, 2, 0, TRUE);
  g_assert_false (stall.stalled);
  g_assert_cmpint (stall.progress_at, ==, MS (12100));
  assert_feed (&stall, 14100, 501, 2, 0, TRUE);
  assert_feed (&stall, 14200, 501, 3, 0, TRUE);
  g_assert_false (stall.stalled);
}

/* The first seconds of playing, by when progress was last seen. */
static void
test_start (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 3999, -1, 1, 0, FALSE);
  assert_feed (&stall, 4000, -1, 1, 0, TRUE);
  stall = make ();
  assert_feed (&stall, 4999, -1, 2, 0, FALSE);
  assert_feed (&stall, 8998, -1, 2, 0, FALSE);
  assert_feed (&stall, 8999, -1, 2, 0, TRUE);
  stall = make ();
  assert_feed (&stall, 5000, -1, 2, 0, FALSE);
  assert_feed (&stall, 7000, -1, 2, 0, TRUE);
}

/* A seek in it begins no new period. */
static void
test_reset (void)
{
  MhStall stall = make ();

  mh_stall_reset (&stall, MS (20000), 7, FALSE);
  assert_feed (&stall, 21999, -1, 7, 0, FALSE);
  assert_feed (&stall, 22000, -1, 7, 0, TRUE);
  mh_stall_reset (&stall, MS (30000), 8, TRUE);
  g_assert_false (stall.stalled);
  assert_feed (&stall, 33999, -1, 8, 0, FALSE);
  assert_feed (&stall, 34000, -1, 8, 0, TRUE);
}

/* It has stood still while the machine slept, and data from before that is no
 * progress. */
static void
test_sleep (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 500, 2, 0, FALSE);
  mh_stall_sleep (&stall, MS (10100));
  g_assert_true (stall.stalled);
  g_assert_cmpint (stall.progress_at, ==, MS (10100));
  g_assert_false (mh_stall_wake (&stall, 3));
  assert_feed (&stall, 90000, 510, 3, 0, FALSE);
  g_assert_true (stall.stalled);
  g_assert_true (mh_stall_wake (&stall, 4));
  assert_feed (&stall, 90100, 520, 4, 0, TRUE);
  g_assert_false (stall.stalled);
}

/* Twice the stream's rhythm. */
static void
test_step (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 5000, FALSE);
  assert_feed (&stall, 19999, -1, 2, 5000, FALSE);
  assert_feed (&stall, 20000, -1, 2, 5000, TRUE);
}

/* Steps of hours hide no stall for ever. */
static void
test_step_bounded (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 36000000, FALSE);
  g_assert_false (mh_stall_feed (&stall, MS (29999), TRUE, -1, 2, G_MAXUINT64));
  g_assert_true (mh_stall_feed (&stall, MS (30000), TRUE, -1, 2, G_MAXUINT64));
}

/* The answer of before the data is nothing to compare with. */
static void
test_old_position (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 100, 2, 0, FALSE);
  assert_feed (&stall, 10500, -1, 3, 0, FALSE);
  assert_feed (&stall, 11000, 900, 3, 0, FALSE);
  g_assert_cmpint (stall.progress_at, ==, MS (10500));
  assert_feed (&stall, 12500, 900, 3, 0, TRUE);
}

/* It does not say any more: no progress. */
static void
test_position_fails (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 100, 2, 0, FALSE);
  assert_feed (&stall, 10500, -1, 2, 0, FALSE);
  assert_feed (&stall, 11000, 100, 2, 0, FALSE);
  assert_feed (&stall, 12000, -1, 2, 0, TRUE);
}

/* Data stops, and what is queued still plays for a while: that is progress, although
 * there was no answer before. One that is where it was expected to be stands still. */
static void
test_expected (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 0, FALSE);
  mh_stall_expect (&stall, 9000000000, MS (10000), 1);
  assert_feed (&stall, 11000, 10000000000, 2, 0, FALSE);
  g_assert_cmpint (stall.progress_at, ==, MS (11000));
  assert_feed (&stall, 12000, -1, 3, 0, FALSE);
  mh_stall_expect (&stall, 9000000000, MS (12000), 1);
  assert_feed (&stall, 13000, 9010000000, 3, 0, FALSE);
  assert_feed (&stall, 14000, 9010000000, 3, 0, TRUE);
  g_assert_cmpint (stall.progress_at, ==, MS (12000));
}

/* Data was seen at 10 and at 11 s, and the media stands since some time in between:
 * as long as it has played at its rate. */
static void
test_came_to_a_stand (void)
{
  static const struct
  {
    double rate;
    gint64 position; /* ms; 9000 at 10 s */
    gint64 since; /* ms */
  } cases[] = {
    { 1, 9300, 10300 },
    { 2, 9600, 10300 },
    { -1, 8700, 10300 },
    { 1, 10200, 11200 },
    { 1, 5000, 10000 }, /* that was wrong before, or it has jumped */
    { 1, 15000, 11500 },
    { 0, 9300, 11500 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    MhStall stall = make ();
    gint64 expected = 9000 + (gint64) (1000 * cases[i].rate);

    assert_feed (&stall, 10000, -1, 2, 0, FALSE);
    mh_stall_expect (&stall, 9000000000, MS (10000), cases[i].rate);
    assert_feed (&stall, 11000, -1, 3, 0, FALSE);
    mh_stall_expect (&stall, expected * 1000000, MS (11000), cases[i].rate);
    g_assert_false (mh_stall_feed (
        &stall, MS (11500), TRUE, cases[i].position * 1000000, 3, 0));
    g_assert_cmpint (stall.progress_at, ==, MS (cases[i].since));
    g_assert_false (mh_stall_feed (&stall, MS (cases[i].since + 1999), TRUE,
        cases[i].position * 1000000, 3, 0));
    g_assert_true (mh_stall_feed (&stall, MS (cases[i].since + 2000), TRUE,
        cases[i].position * 1000000, 3, 0));
  }
}

/* No data is there to go on, so that it is where it was expected to be, for longer
 * than since data was seen. */
static void
test_held (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 0, FALSE);
  assert_feed (&stall, 11000, -1, 3, 0, FALSE);
  mh_stall_expect (&stall, 9300000000, MS (10300), 1);
  assert_feed (&stall, 11500, 9300000000, 3, 0, FALSE);
  g_assert_cmpint (stall.progress_at, ==, MS (10300));
  assert_feed (&stall, 12299, 9300000000, 3, 0, FALSE);
  assert_feed (&stall, 12300, 9300000000, 3, 0, TRUE);
}

static void
test_interval (void)
{
  MhStall stall = { .threshold = MS (2000) };

  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (500));
  stall.threshold = MS (60000);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (500));
  stall.threshold = MS (400);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (100));
  stall.threshold = MS (1);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (20));
}

/* Half as often while data comes, at moments that are the same for all, and never
 * twice within a moment. */
static void
test_next_look (void)
{
  MhStall stall = { .threshold = MS (2000) };

  g_assert_cmpint (mh_stall_next_look (&stall, MS (7000)), ==, MS (8000));
  g_assert_cmpint (mh_stall_next_look (&stall, MS (7001)), ==, MS (8000));
  g_assert_cmpint (mh_stall_next_look (&stall, MS (6999)), ==, MS (8000));
  g_assert_cmpint (mh_stall_next_look (&stall, MS (7500)), ==, MS (9000));
  stall.threshold = MS (400);
  g_assert_cmpint (mh_stall_next_look (&stall, MS (7010)), ==, MS (7200));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stall/threshold", test_threshold);
  g_test_add_func ("/stall/progress", test_progress);
  g_test_add_func ("/stall/start", test_start);
  g_test_add_func ("/stall/reset", test_reset);
  g_test_add_func ("/stall/sleep", test_sleep);
  g_test_add_func ("/stall/step", test_step);
  g_test_add_func ("/stall/step-bounded", test_step_bounded);
  g_test_add_func ("/stall/old-position", test_old_position);
  g_test_add_func ("/stall/position-fails", test_position_fails);
  g_test_add_func ("/stall/expected", test_expected);
  g_test_add_func ("/stall/came-to-a-stand", test_came_to_a_stand);
  g_test_add_func ("/stall/held", test_held);
  g_test_add_func ("/stall/interval", test_interval);
  g_test_add_func ("/stall/next-look", test_next_look);
  return g_test_run ();
}
