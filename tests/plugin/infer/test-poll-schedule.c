/* Tests of mh-poll-schedule.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-poll-schedule.h"

#define MS(ms) MH_TIME_FROM_MSEC (ms)

/* Each change begins anew, whatever was due. */
static void
test_change (void)
{
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;

  g_assert_cmpint (poll.due, ==, MH_TIME_NEVER);
  mh_poll_schedule_change (&poll, MS (1000));
  g_assert_cmpint (poll.due, ==, MS (1100));
  mh_poll_schedule_change (&poll, MS (1099));
  g_assert_cmpint (poll.due, ==, MS (1199));
  mh_poll_schedule_want (&poll, MS (1100));
  g_assert_cmpint (poll.due, ==, MS (1199));
}

/* Asks and gets answers, as long as the gaps are those; from the second on they end
 * at whole seconds. Returns: when it is due then, ms. */
static gint64
assert_gaps (MhPollSchedule *poll, gint64 at, MhPollAnswer answer,
    const gint64 gaps[], guint n)
{
  for (guint i = 0; i < n; i++) {
    mh_poll_schedule_ask (poll, MS (at));
    g_assert_cmpint (poll->due, ==, MS (at + 1000));
    mh_poll_schedule_answer (poll, MS (at), answer, 1);
    at += gaps[i];
    if (gaps[i] >= 1000)
      at = (at + 999) / 1000 * 1000;
    g_assert_cmpint (poll->due, ==, MS (at));
  }
  return at;
}

static void
test_rarely (void)
{
  static const gint64 gaps[] = { 250, 500, 1000, 2000, 4000, 8000, 8000 };
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;
  gint64 at;

  mh_poll_schedule_change (&poll, MS (1000));
  at = assert_gaps (&poll, 1100, MH_POLL_NEAR, gaps, G_N_ELEMENTS (gaps));
  /* It was not where it should have been: soon once more. */
  mh_poll_schedule_answer (&poll, MS (at), MH_POLL_OFF, 1);
  g_assert_cmpint (poll.due, ==, MS (at + 250));
}

/* Once a minute, while each answer is what was expected. */
static void
test_exact (void)
{
  static const gint64 gaps[] = { 250, 500, 1000, 2000, 4000, 8000, 16000, 32000,
    64000, 64000 };
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;
  gint64 at;

  mh_poll_schedule_change (&poll, MS (1000));
  at = assert_gaps (&poll, 1100, MH_POLL_EXACT, gaps, G_N_ELEMENTS (gaps));
  mh_poll_schedule_answer (&poll, MS (at), MH_POLL_NEAR, 1);
  g_assert_cmpint (poll.due, ==, MS (at + 8000));
}

/* What does not fit is asked about, but not more often than without that. */
static void
test_doubt (void)
{
  static const gint64 gaps[] = { 250, 500, 1000, 2000, 4000, 8000, 16000 };
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;
  gint64 at;

  mh_poll_schedule_change (&poll, MS (1000));
  at = assert_gaps (&poll, 1100, MH_POLL_EXACT, gaps, G_N_ELEMENTS (gaps));
  mh_poll_schedule_take_lead (&poll, MS (at - 15000), 2);
  g_assert_cmpint (poll.due, ==, MS (at - 8000));
  mh_poll_schedule_ask (&poll, MS (at - 8000));
  mh_poll_schedule_take_lead (&poll, MS (at - 7900), 2);
  g_assert_cmpint (poll.due, ==, MS (at - 7000));
}

/* Data that moves as the position does raises none; nor does data that there is
 * nothing to compare with. */
static void
test_lead (void)
{
  static const struct
  {
    MhPollAnswer answer;
    double then, now;
    gboolean doubt;
  } cases[] = {
    { MH_POLL_NEAR, 1, 1.09, FALSE },
    { MH_POLL_NEAR, 1, 1.11, TRUE },
    { MH_POLL_NEAR, 1, 0.89, TRUE },
    { MH_POLL_NEAR, 1, NAN, FALSE },
    { MH_POLL_NEAR, NAN, 2, FALSE },
    { MH_POLL_STANDS, 1, 2, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;

    mh_poll_schedule_answer (&poll, MS (1000), cases[i].answer, cases[i].then);
    g_assert_cmpint (poll.answered_at, ==, MS (1000));
    poll.due = MH_TIME_NEVER;
    mh_poll_schedule_take_lead (&poll, MS (9000), cases[i].now);
    g_assert_cmpint (poll.due, ==, cases[i].doubt ? MS (9000) : MH_TIME_NEVER);
  }
}

/* A doubt is no reason to ask before a change has settled. */
static void
test_doubt_unsettled (void)
{
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;

  mh_poll_schedule_change (&poll, MS (1000));
  mh_poll_schedule_answer (&poll, MS (1100), MH_POLL_EXACT, 1);
  mh_poll_schedule_change (&poll, MS (5000));
  mh_poll_schedule_take_lead (&poll, MS (5010), 2);
  g_assert_cmpint (poll.due, ==, MS (5100));
}

/* What stands still is asked once; who needs it may ask again. */
static void
test_standing (void)
{
  MhPollSchedule poll = MH_POLL_SCHEDULE_INIT;

  mh_poll_schedule_change (&poll, MS (1000));
  mh_poll_schedule_answer (&poll, MS (1100), MH_POLL_STANDS, 1);
  g_assert_cmpint (poll.due, ==, MH_TIME_NEVER);
  mh_poll_schedule_want (&poll, MS (5000));
  g_assert_cmpint (poll.due, ==, MS (5000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poll-schedule/change", test_change);
  g_test_add_func ("/poll-schedule/rarely", test_rarely);
  g_test_add_func ("/poll-schedule/exact", test_exact);
  g_test_add_func ("/poll-schedule/doubt", test_doubt);
  g_test_add_func ("/poll-schedule/doubt/lead", test_lead);
  g_test_add_func ("/poll-schedule/doubt/unsettled", test_doubt_unsettled);
  g_test_add_func ("/poll-schedule/standing", test_standing);
  return g_test_run ();
}
