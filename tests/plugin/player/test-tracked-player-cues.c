/* Tests of plugin/player/mh-tracked-player-cues.c: calls that are due at a place,
 * between those of the monitor.
 *
 * The player is not running: the test is its worker, and says what time it is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#define GROUP 1
/* Of the seek. */
#define TARGET (2900 * GST_MSECOND)

typedef struct
{
  GstElement *bin;
  GstBus *bus;
  MhMailbox *mailbox;
  MhTrackedPlayer *player;
  GString *hits; /* `event@playhead`, of those that were asked for last */
} Fixture;

/* ---- the player ---- */

/* At 0 and 3 s. */
static void
add_chapters (MhCues *cues)
{
  MhMark *mark = g_new0 (MhMark, 1);

  mark->group = GROUP;
  mark->position = NAN;
  mark->chapters = mh_chapters_list_new ();
  mh_chapters_list_add (mark->chapters, "One", 0, 3);
  mh_chapters_list_add (mark->chapters, "Two", 3, INFINITY);
  g_assert_null (mh_cues_take (cues, mark, NULL));
}

/* A call of the application's, at 3.1 s. */
static void
add_call (MhCues *cues)
{
  MhMark *mark = g_new0 (MhMark, 1);

  mark->group = GROUP;
  mark->position = 3.1;
  mark->call = mh_call_new (MH_CALL_STATE_START);
  mark->call->text = g_strdup ("mute");
  g_assert_null (mh_cues_take (cues, mark, NULL));
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();

  settings->post_messages = TRUE;
  settings->preroll_wait = 0;
  settings->auto_chapters = TRUE;
  f->bin = gst_object_ref_sink (gst_bin_new (NULL));
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->bin, f->bus);
  f->mailbox = mh_mailbox_new (f->bin, FALSE, NULL);
  mh_mailbox_set_settings (f->mailbox, settings);
  f->player = mh_tracked_player_new (f->mailbox);
  f->hits = g_string_new (NULL);
  add_chapters (f->player->cues);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  mh_mailbox_unref (f->mailbox);
  gst_element_set_bus (f->bin, NULL);
  gst_object_unref (f->bus);
  gst_object_unref (f->bin);
  g_string_free (f->hits, TRUE);
}

/* @at: ms. As mh_tracked_player_process() does. */
static void
observe (Fixture *f, guint at, MhObservation observation)
{
  observation.at = MH_TIME_FROM_MSEC (at);
  mh_tracked_player_cue_observation (f->player, &observation);
  mh_monitor_observe (f->player->monitor, &observation);
  mh_tracked_player_carry_out (f->player);
  if (!mh_monitor_wants_info (f->player->monitor))
    return;
  mh_monitor_inform (f->player->monitor);
  mh_tracked_player_carry_out (f->player);
}

#define OBSERVE(f, at, type_, ...) \
  observe (f, at, \
      (MhObservation){ .type = MH_OBSERVED_##type_, \
          .target = GST_STATE_PLAYING, \
          .end = GST_CLOCK_TIME_NONE, \
          .rate = 1, \
          __VA_ARGS__ })

/* From 1000 ms on. */
static void
play (Fixture *f)
{
  OBSERVE (f, 0, STATE, .state = GST_STATE_PAUSED, .top = GST_STATE_READY);
  OBSERVE (
      f, 600, PAD_STREAM_START, .group = GROUP, .time = GST_CLOCK_TIME_NONE);
  OBSERVE (f, 600, SEGMENT, .time = 0);
  OBSERVE (f, 600, DATA, .time = 0);
  OBSERVE (f, 990, STREAM_START, .group = GROUP);
  OBSERVE (f, 995, STATE, .state = GST_STATE_PLAYING);
  OBSERVE (f, 1000, TOP_STATE, .state = GST_STATE_PLAYING);
}

/* To 2.9 s; what takes until 8000 ms, and is not settled for another 250 ms. */
static void
seek (Fixture *f)
{
  OBSERVE (f, 2000, SEEK, .seqnum = 5, .time = TARGET);
  OBSERVE (f, 2000, FLUSH_START, .seqnum = 5);
  OBSERVE (f, 2010, FLUSH_STOP, .seqnum = 5);
  OBSERVE (f, 2010, SEGMENT, .seqnum = 5, .time = TARGET);
  add_call (f->player->cues); /* the flush would have taken it */
  OBSERVE (f, 7990, DATA, .time = TARGET);
  OBSERVE (f, 8000, ASYNC_DONE, .seqnum = 0);
}

/* ---- the hits ---- */

static const char *
get_hits (Fixture *f)
{
  GstMessage *message;

  g_string_truncate (f->hits, 0);
  mh_notifier_drain (mh_mailbox_get_notifier (f->mailbox), f->bin);
  while ((message = gst_bus_pop (f->bus))) {
    const GstStructure *structure = gst_message_get_structure (message);
    double playhead = -1;

    if (gst_structure_get_double (structure, "playhead", &playhead))
      g_string_append_printf (f->hits, "%s%s@%.4g", f->hits->len > 0 ? " " : "",
          gst_structure_get_string (structure, "event"), playhead);
    gst_message_unref (message);
  }
  return f->hits->str;
}

/* What comes due while it is not settled whether the seek is over comes between the
 * play with which that has ended and the end of the session. */
static void
assert_all (Fixture *f)
{
  g_assert_cmpstr (get_hits (f), ==,
      "sessionStart@0 chapterStart@0 play@0 play@1 chapterSkip@1 "
      "pauseStart@2.9 play@2.9 chapterStart@3 stateStart@3.1 chapterSkip@3.2 "
      "sessionEnd@3.2");
}

static void
test_gone (Fixture *f, gconstpointer unused)
{
  play (f);
  seek (f);
  OBSERVE (f, 8300, GONE, .seqnum = 0);
  assert_all (f);
}

/* Until another element takes the lead, the session is this one's. */
static void
test_follow (Fixture *f, gconstpointer unused)
{
  play (f);
  seek (f);
  OBSERVE (f, 8300, LEAD, .leads = FALSE);
  assert_all (f);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add (
      "/tracked-player/cues/gone", Fixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/tracked-player/cues/follow", Fixture, NULL, set_up, test_follow,
      tear_down);
  return g_test_run ();
}
