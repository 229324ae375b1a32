/* Tests of plugin/player/mh-tracked-player-ask.c: when the pipeline is asked what is
 * played.
 *
 * The player is not running: the test is its worker, and nothing is really asked.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

typedef struct
{
  GstElement *bin;
  MhMailbox *mailbox;
  MhTrackedPlayer *player;
  MhTime ago; /* how long what is observed is ago */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();

  f->bin = gst_object_ref_sink (gst_bin_new (NULL));
  f->mailbox = mh_mailbox_new (f->bin, FALSE, NULL);
  mh_mailbox_set_settings (f->mailbox, settings);
  f->player = mh_tracked_player_new (f->mailbox);
  mh_mailbox_set_quiet (f->mailbox, FALSE);
  f->player->query_thread = mh_query_thread_new ();
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  mh_query_thread_free (g_steal_pointer (&f->player->query_thread));
  mh_mailbox_unref (f->mailbox);
  gst_object_unref (f->bin);
}

/* As mh_tracked_player_process() does. */
static void
observe (Fixture *f, MhObservation observation)
{
  observation.at = mh_clock_system_now () - f->ago;
  mh_monitor_observe (f->player->monitor, &observation);
  mh_tracked_player_carry_out (f->player);
  if (mh_monitor_wants_info (f->player->monitor))
    mh_monitor_inform (f->player->monitor);
  mh_tracked_player_carry_out (f->player);
  mh_tracked_player_prepare_info (f->player, &observation);
}

#define OBSERVE(f, type_, ...) \
  observe (f, \
      (MhObservation){ .type = MH_OBSERVED_##type_, \
          .target = GST_STATE_PLAYING, \
          .end = GST_CLOCK_TIME_NONE, \
          .rate = 1, \
          __VA_ARGS__ })

static gboolean
wants_info (Fixture *f)
{
  return (f->player->asked.wants & MH_ASK_INFO) != 0;
}

/* What the first item is has to be known before its data comes as well. */
static void
test_first (Fixture *f, gconstpointer unused)
{
  OBSERVE (f, STATE, .state = GST_STATE_PAUSED, .top = GST_STATE_READY);
  g_assert_false (wants_info (f));
  g_assert_true (f->player->asked.wants & MH_ASK_URI);
  OBSERVE (f, PAD_STREAM_START, .group = 1, .time = GST_CLOCK_TIME_NONE);
  g_assert_true (wants_info (f));
  f->player->asked.wants = 0;
  f->player->asked.asks = MH_ASK_INFO;
  OBSERVE (f, DATA, .time = 0);
  g_assert_true (wants_info (f));
}

/* The item of group 1 plays, and nothing is wanted of the pipeline any more. */
static void
play (Fixture *f)
{
  OBSERVE (f, STATE, .state = GST_STATE_PAUSED, .top = GST_STATE_READY);
  OBSERVE (f, PAD_STREAM_START, .group = 1, .time = GST_CLOCK_TIME_NONE);
  OBSERVE (f, SEGMENT, .time = 0);
  OBSERVE (f, DATA, .time = 0);
  OBSERVE (f, STREAM_START, .group = 1);
  OBSERVE (f, STATE, .state = GST_STATE_PLAYING);
  OBSERVE (f, TOP_STATE, .state = GST_STATE_PLAYING);
  f->player->asked.wants = 0;
}

/* When its data comes the source may be gone, and the player name the one after it. */
static void
test_next (Fixture *f, gconstpointer unused)
{
  play (f);
  OBSERVE (f, PAD_STREAM_START, .group = 2, .time = GST_CLOCK_TIME_NONE);
  g_assert_true (wants_info (f));
  f->player->asked.wants = 0;
  OBSERVE (f, SEGMENT, .time = 0);
  OBSERVE (f, DATA, .time = 0); /* its tags and its length are known by now */
  g_assert_true (wants_info (f));
}

/* The answer that is on its way is about the item before. */
static void
test_again (Fixture *f, gconstpointer unused)
{
  play (f);
  f->player->asked.asks = MH_ASK_INFO;
  OBSERVE (f, PAD_STREAM_START, .group = 2, .time = GST_CLOCK_TIME_NONE);
  g_assert_true (wants_info (f));
}

/* Another variant of the same item; and where another element leads, that one asks. */
static void
test_none (Fixture *f, gconstpointer unused)
{
  play (f);
  OBSERVE (f, PAD_STREAM_START, .group = 1, .time = GST_CLOCK_TIME_NONE);
  g_assert_false (wants_info (f));
  OBSERVE (f, LEAD, .leads = FALSE);
  OBSERVE (f, PAD_STREAM_START, .group = 2, .time = GST_CLOCK_TIME_NONE);
  g_assert_false (wants_info (f));
}

/* The session as well: its pings come every ten seconds. */
static void
play_session (Fixture *f)
{
  const MhCall call = { MH_CALL_PLAY };
  MhTracker *tracker = f->player->tracker;
  MhTime at;

  play (f);
  at = mh_clock_system_now () - f->ago;
  g_assert_true (mh_tracker_call (tracker, &call, at, NULL));
  /* It waits a moment before it begins (a pre-roll may come). */
  mh_tracker_advance (tracker, at + MH_TIME_FROM_SEC (1) / 2);
  g_assert_cmpint (mh_tracker_get_inactive_since (tracker), ==, MH_TIME_NONE);
}

/* A button that was used before a ping was due, whose state is not known yet. */
static void
test_due (Fixture *f, gconstpointer unused)
{
  MhAsked *asked = &f->player->asked;
  MhTime due;

  f->ago = MH_TIME_FROM_SEC (11);
  play_session (f);
  due = mh_tracker_next_deadline (f->player->tracker);
  g_assert_cmpint (due, <, mh_clock_system_now ());
  g_assert_false (mh_tracked_player_hold_start (f->player, TRUE));
  asked->asks = MH_ASK_CONTROLS;
  asked->controls_asked_at = due - 1;
  asked->controls_at = due - 1;
  asked->controls_since = mh_clock_system_now ();
  g_assert_true (mh_tracked_player_hold_start (f->player, TRUE));
  /* Nor does it go before it where another one is used meanwhile. */
  mh_tracked_player_want_controls (f->player, due + 1);
  g_assert_true (mh_tracked_player_hold_start (f->player, TRUE));
  /* Not where nothing comes of it, as it is being stopped or hangs. */
  g_assert_false (mh_tracked_player_hold_start (f->player, FALSE));
  asked->controls_since -= MH_TIME_FROM_SEC (1);
  g_assert_false (mh_tracked_player_hold_start (f->player, TRUE));
  /* One that was used later comes later: a volume that moves holds up nothing. */
  asked->controls_since = mh_clock_system_now ();
  asked->controls_asked_at = due;
  asked->controls_at = due;
  g_assert_false (mh_tracked_player_hold_start (f->player, TRUE));
}

/* While nothing is due, nothing waits. */
static void
test_not_due (Fixture *f, gconstpointer unused)
{
  play_session (f);
  f->player->asked.asks = MH_ASK_CONTROLS;
  f->player->asked.controls_at = mh_clock_system_now ();
  f->player->asked.controls_asked_at = f->player->asked.controls_at;
  f->player->asked.controls_since = f->player->asked.controls_at;
  g_assert_false (mh_tracked_player_hold_start (f->player, TRUE));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tracked-player/ask/first", Fixture, NULL, set_up, test_first,
      tear_down);
  g_test_add (
      "/tracked-player/ask/next", Fixture, NULL, set_up, test_next, tear_down);
  g_test_add ("/tracked-player/ask/again", Fixture, NULL, set_up, test_again,
      tear_down);
  g_test_add (
      "/tracked-player/ask/none", Fixture, NULL, set_up, test_none, tear_down);
  g_test_add (
      "/tracked-player/ask/due", Fixture, NULL, set_up, test_due, tear_down);
  g_test_add ("/tracked-player/ask/not-due", Fixture, NULL, set_up,
      test_not_due, tear_down);
  return g_test_run ();
}
