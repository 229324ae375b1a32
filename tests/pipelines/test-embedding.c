/* Tests of whole pipelines: the element comes to one that plays, leaves it, and
 * lives in bins.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#include <string.h>

static GstElement *
make_heartbeat (MhCollector *collector)
{
  GstElement *heartbeat = gst_element_factory_make ("mediaheartbeat", NULL);

  g_object_set (
      heartbeat, "collection-server", mh_collector_get_uri (collector), NULL);
  return heartbeat;
}

/* No thread of the worker's is left when the last element is gone; it may take
 * a moment to end. */
static void
assert_no_worker (void)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  gboolean found;

  do {
    g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
    const char *name;

    found = FALSE;
    g_assert_nonnull (dir);
    while ((name = g_dir_read_name (dir))) {
      g_autofree char *path = g_build_filename (
          "/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;

      if (g_file_get_contents (path, &comm, NULL, NULL))
        found = found || g_str_has_prefix (comm, "mediaheartbeat");
    }
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_thread_yield ();
  } while (found);
}

/* ---- while it plays ---- */

/* Something to do while no data passes a pad. */
typedef struct
{
  void (*work) (GstElement *pipeline, GstElement *element);
  GstElement *pipeline;
  GstElement *element;
  GMutex lock;
  GCond cond;
  gboolean done;
} Job;

static GstPadProbeReturn
on_blocked (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Job *job = user_data;

  job->work (job->pipeline, job->element);
  g_mutex_lock (&job->lock);
  job->done = TRUE;
  g_cond_signal (&job->cond);
  g_mutex_unlock (&job->lock);
  return GST_PAD_PROBE_REMOVE;
}

/* Does @work as applications are told to: in the streaming thread, with the
 * pad behind @before blocked. */
static void
do_blocked (MhPlayer *player, const char *before, GstElement *element,
    void (*work) (GstElement *pipeline, GstElement *element))
{
  g_autoptr (GstElement)
      blocked = gst_bin_get_by_name (GST_BIN (player->pipeline), before);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (blocked, "src");
  Job job = { .work = work, .pipeline = player->pipeline, .element = element };

  g_mutex_init (&job.lock);
  g_cond_init (&job.cond);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_blocked, &job, NULL);
  g_mutex_lock (&job.lock);
  while (!job.done)
    g_cond_wait (&job.cond, &job.lock);
  g_mutex_unlock (&job.lock);
  g_mutex_clear (&job.lock);
  g_cond_clear (&job.cond);
}

static void
relink (GstElement *pipeline, gboolean with, GstElement *element)
{
  g_autoptr (GstElement)
      before = gst_bin_get_by_name (GST_BIN (pipeline), "before");
  g_autoptr (GstElement)
      behind = gst_bin_get_by_name (GST_BIN (pipeline), "behind");

  if (with) {
    gst_element_unlink (before, behind);
    g_assert_true (gst_element_link_many (before, element, behind, NULL));
  } else {
    gst_element_unlink_many (before, element, behind, NULL);
    g_assert_true (gst_element_link (before, behind));
  }
}

static void
insert (GstElement *pipeline, GstElement *element)
{
  g_assert_true (gst_bin_add (GST_BIN (pipeline), element));
  relink (pipeline, TRUE, element);
  g_assert_true (gst_element_sync_state_with_parent (element));
}

static void
stop_and_remove (GstElement *pipeline, GstElement *element)
{
  relink (pipeline, FALSE, element);
  gst_element_set_state (element, GST_STATE_NULL);
  g_assert_true (gst_bin_remove (GST_BIN (pipeline), element));
}

static void
remove_and_stop (GstElement *pipeline, GstElement *element)
{
  relink (pipeline, FALSE, element);
  g_assert_true (gst_bin_remove (GST_BIN (pipeline), element));
  gst_element_set_state (element, GST_STATE_NULL);
}

static void
just_remove (GstElement *pipeline, GstElement *element)
{
  relink (pipeline, FALSE, element);
  g_assert_true (gst_bin_remove (GST_BIN (pipeline), element));
}

/* A player without the element, of @seconds. */
static MhPlayer *
make_player (guint seconds)
{
  return mh_player_launch (NULL,
      "filesrc location=%s ! oggdemux ! vorbisdec ! queue name=before "
      "max-size-time=100000000 ! fakesink name=behind sync=true",
      mh_test_media_audio (seconds));
}

static void
test_insert (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (3);
  g_autoptr (GstElement)
      heartbeat = gst_object_ref_sink (make_heartbeat (collector));
  double position;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1);
  do_blocked (player, "before", heartbeat, insert);
  position = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, position);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
  assert_no_worker ();
}

/* A pipeline has gone to PLAYING before it had any sink (uridecodebin3): the clock runs,
 * and what the branch shows first is what is due by then. Its first buffer is so long
 * that it is still shown then: a sink that catches up says how far it has come. */
static void
test_first_branch (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, "identity identity");
  GstElement *heartbeat = make_heartbeat (collector);
  GstElement *branch = gst_parse_bin_from_description (
      "audiotestsrc num-buffers=2 samplesperbuffer=80000 "
      "! audio/x-raw,rate=8000 ! identity name=before "
      "! fakesink name=behind sync=true",
      FALSE, NULL);

  mh_player_go (player, GST_STATE_PLAYING);
  gst_element_set_base_time (player->pipeline,
      gst_element_get_base_time (player->pipeline) - 5 * GST_SECOND);
  g_assert_true (gst_bin_add (GST_BIN (branch), heartbeat));
  relink (branch, TRUE, heartbeat);
  g_assert_true (gst_bin_add (GST_BIN (player->pipeline), branch));
  g_assert_true (gst_element_sync_state_with_parent (branch));
  g_assert_cmpfloat (mh_collector_wait (collector, "play", 1)->playhead, >=, 5);
  g_assert_cmpfloat (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, >=, 5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_sane (collector);
}

static void
insert_and_remove (
    void (*take_out) (GstElement *pipeline, GstElement *element), guint times)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (5);
  g_autoptr (GstElement)
      heartbeat = gst_object_ref_sink (make_heartbeat (collector));

  mh_player_go (player, GST_STATE_PLAYING);
  for (guint i = 1; i <= times; i++) {
    double position;

    do_blocked (player, "before", heartbeat, insert);
    mh_collector_wait (collector, "sessionStart", i);
    mh_player_wait_position (player, 0.6 + mh_player_position (player));
    position = mh_player_position (player);
    do_blocked (player, "before", heartbeat, take_out);
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionEnd", i)->playhead, position);
  }
  gst_element_set_state (heartbeat, GST_STATE_NULL);
  assert_no_worker ();
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  g_assert_cmpuint (player->errors, ==, 0);
  mh_collector_assert_order (collector,
      times == 1 ? "sessionStart play sessionEnd"
                 : "sessionStart play sessionEnd sessionStart play sessionEnd");
}

static void
test_stop_and_remove (void)
{
  insert_and_remove (stop_and_remove, 1);
}

static void
test_remove_and_stop (void)
{
  insert_and_remove (remove_and_stop, 1);
}

static void
test_again (void)
{
  insert_and_remove (stop_and_remove, 2);
  insert_and_remove (remove_and_stop, 2);
}

/* Back to where it was, without having been stopped. */
static void
test_again_playing (void)
{
  insert_and_remove (just_remove, 2);
}

/* The last reference is the pipeline's. */
static void
test_remove_and_forget (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (3);
  GstElement *heartbeat = gst_object_ref_sink (make_heartbeat (collector));

  mh_player_go (player, GST_STATE_PLAYING);
  do_blocked (player, "before", heartbeat, insert);
  mh_collector_wait (collector, "play", 1);
  gst_object_unref (heartbeat);
  do_blocked (player, "before", heartbeat, stop_and_remove);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_pump (player); /* messages keep it, too */
  assert_no_worker ();
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* How long the pipeline was held up, microseconds. */
static gint64 removal_took;

static void
stop_and_remove_timed (GstElement *pipeline, GstElement *element)
{
  gint64 before;

  relink (pipeline, FALSE, element);
  gst_element_set_state (element, GST_STATE_NULL);
  before = g_get_monotonic_time ();
  g_assert_true (gst_bin_remove (GST_BIN (pipeline), element));
  removal_took = g_get_monotonic_time () - before;
}

#define REMOVAL_FLUSH 30000 /* ms: what the removal would wait for */

/* It was kept ready for the next item: the application that takes it out does
 * not wait for the server. */
static void
test_remove_while_silent (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (3);
  g_autoptr (GstElement)
      heartbeat = gst_object_ref_sink (make_heartbeat (collector));

  g_object_set (heartbeat, "flush-timeout", REMOVAL_FLUSH, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  do_blocked (player, "before", heartbeat, insert);
  mh_collector_wait (collector, "play", 1);
  mh_collector_fail_next (collector, 100, COLLECTOR_FAULT_SILENT, NULL, NULL);
  do_blocked (player, "before", heartbeat, stop_and_remove_timed);
  g_assert_cmpint (
      removal_took, <, REMOVAL_FLUSH * G_TIME_SPAN_MILLISECOND / 30);
  mh_collector_fail_next (collector, 0, 500, NULL, NULL);
}

/* ---- from one to another ---- */

static void
move (void (*take_out) (GstElement *pipeline, GstElement *element))
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) one = make_player (3);
  g_autoptr (MhPlayer) other = make_player (5);
  g_autoptr (GstElement)
      heartbeat = gst_object_ref_sink (make_heartbeat (collector));
  double position;

  mh_player_go (one, GST_STATE_PLAYING);
  mh_player_go (other, GST_STATE_PLAYING);
  do_blocked (one, "before", heartbeat, insert);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (one, 0.5);
  position = mh_player_position (one);
  do_blocked (one, "before", heartbeat, take_out);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, position);
  mh_player_seek (other, 2);
  mh_player_settle (other);
  do_blocked (other, "before", heartbeat, insert);
  position = mh_player_position (other);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 2)->playhead, position);
  /* The one that it has left is none of its business. */
  mh_player_wait_message (one, GST_MESSAGE_EOS);
  mh_player_go (one, GST_STATE_NULL);
  mh_player_wait_message (other, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 5);
  mh_player_go (other, GST_STATE_NULL);
  assert_no_worker ();
  mh_collector_assert_order (collector,
      "sessionStart play sessionEnd sessionStart play sessionComplete");
}

static void
test_move (void)
{
  move (stop_and_remove);
}

static void
test_move_playing (void)
{
  move (just_remove);
}

/* ---- a branch of a tee ---- */

static GstElement *
add_branch (MhPlayer *player, GstElement *heartbeat)
{
  g_autoptr (GstElement)
      tee = gst_bin_get_by_name (GST_BIN (player->pipeline), "tee");
  GstElement *branch = gst_bin_new (NULL);
  GstElement *queue = gst_element_factory_make ("queue", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (queue, "sink");

  /* Or the pipeline would have to pre-roll again. */
  g_object_set (sink, "sync", TRUE, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (branch), queue, heartbeat, sink, NULL);
  g_assert_true (gst_element_link_many (queue, heartbeat, sink, NULL));
  gst_element_add_pad (branch, gst_ghost_pad_new ("sink", pad));
  g_assert_true (gst_bin_add (GST_BIN (player->pipeline), branch));
  /* In this order: a branch that refuses data stops the whole tee. */
  g_assert_true (gst_element_sync_state_with_parent (branch));
  g_assert_true (gst_element_link (tee, branch));
  return branch;
}

static GstPadProbeReturn
drop_branch (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);

  gst_pad_unlink (pad, peer);
  return GST_PAD_PROBE_REMOVE;
}

/* Takes a branch out, in either order. */
static void
remove_branch (MhPlayer *player, GstElement *branch, gboolean stop_first)
{
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (branch, "sink");
  g_autoptr (GstPad) pad = gst_pad_get_peer (sinkpad);
  g_autoptr (GstElement)
      tee = gst_bin_get_by_name (GST_BIN (player->pipeline), "tee");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_IDLE, drop_branch, NULL, NULL);
  while (gst_pad_is_linked (sinkpad))
    g_thread_yield ();
  gst_element_release_request_pad (tee, pad);
  gst_object_ref (branch);
  if (stop_first)
    gst_element_set_state (branch, GST_STATE_NULL);
  g_assert_true (gst_bin_remove (GST_BIN (player->pipeline), branch));
  gst_element_set_state (branch, GST_STATE_NULL);
  gst_object_unref (branch);
}

static MhPlayer *
make_tee (void)
{
  return mh_player_launch (NULL,
      "filesrc location=%s ! oggdemux ! vorbisdec ! tee name=tee ! queue ! "
      "fakesink sync=true",
      mh_test_media_audio (5));
}

/* The leader's branch goes while the pipeline plays on: the other takes over.
 * Then that goes, too. */
static void
test_branches (gconstpointer data)
{
  gboolean stop_first = GPOINTER_TO_INT (data);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tee ();
  GstElement *heartbeats[2], *branches[2];
  double position;

  mh_player_go (player, GST_STATE_PLAYING);
  for (guint i = 0; i < 2; i++) {
    heartbeats[i] = gst_object_ref_sink (make_heartbeat (collector));
    branches[i] = add_branch (player, heartbeats[i]);
    mh_collector_wait (collector, "play", 1);
  }
  mh_player_wait_position (player, 1);
  position = mh_player_position (player);
  for (guint i = 0; i < 2; i++) {
    remove_branch (player, branches[i], stop_first);
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionEnd", i + 1)->playhead, position);
    if (i == 1)
      break;
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionStart", 2)->playhead, position);
    position = mh_collector_wait (collector, "play", 3)->playhead;
    mh_player_wait_position (player, position);
    position = mh_player_position (player);
  }
  assert_no_worker ();
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  g_assert_cmpuint (player->errors, ==, 0);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play sessionEnd sessionStart play sessionEnd");
  gst_object_unref (heartbeats[0]);
  gst_object_unref (heartbeats[1]);
}

/* Of a follower nobody notices anything. */
static void
test_branch_of_a_follower (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tee ();
  GstElement *heartbeats[2], *branches[2];

  mh_player_go (player, GST_STATE_PLAYING);
  for (guint i = 0; i < 2; i++) {
    heartbeats[i] = gst_object_ref_sink (make_heartbeat (collector));
    branches[i] = add_branch (player, heartbeats[i]);
    mh_collector_wait (collector, "play", 1);
  }
  mh_player_wait_position (player, 1);
  remove_branch (player, branches[1], FALSE);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  assert_no_worker ();
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
  gst_object_unref (heartbeats[0]);
  gst_object_unref (heartbeats[1]);
}

/* ---- in bins ---- */

/* Puts it into a bin with pads like its own. */
static GstElement *
wrap (GstElement *element)
{
  GstElement *bin = gst_bin_new (NULL);
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstPad) srcpad = gst_element_get_static_pad (element, "src");

  gst_bin_add (GST_BIN (bin), element);
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", sinkpad));
  gst_element_add_pad (bin, gst_ghost_pad_new ("src", srcpad));
  return bin;
}

static void
test_nested (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (3);
  g_autoptr (GstElement)
      bin = gst_object_ref_sink (wrap (wrap (make_heartbeat (collector))));
  double position;

  insert (player->pipeline, bin);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 0.6);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1);
  position = mh_player_position (player);
  /* The bin goes, and the element with it. */
  do_blocked (player, "before", bin, just_remove);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, position);
  gst_element_set_state (bin, GST_STATE_NULL);
  assert_no_worker ();
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

static GstElement *
make_sink (MhCollector *collector)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description (
      "mediaheartbeat name=heartbeat ! fakesink sync=true", TRUE, &error);
  g_autoptr (GstElement) heartbeat = NULL;

  g_assert_no_error (error);
  heartbeat = gst_bin_get_by_name (GST_BIN (bin), "heartbeat");
  g_object_set (
      heartbeat, "collection-server", mh_collector_get_uri (collector), NULL);
  return bin;
}

/* A player whose sinks have an element each: one session, item by item. */
static void
test_sinks (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *playbin = gst_element_factory_make (data, NULL);
  g_autofree char *video = gst_filename_to_uri (mh_test_media_video (2), NULL);
  g_autofree char *audio = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  g_autoptr (MhPlayer) player = mh_player_new (playbin, NULL, NULL);
  const char *items[] = { video, audio, video };

  g_object_set (playbin, "audio-sink", make_sink (collector), "video-sink",
      make_sink (collector), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++) {
    g_object_set (playbin, "uri", items[i], NULL);
    mh_player_go (player, GST_STATE_PLAYING);
    mh_player_wait_message (player, GST_MESSAGE_EOS);
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionComplete", i + 1)->playhead, 2);
    mh_player_go (player, GST_STATE_READY);
  }
  mh_player_go (player, GST_STATE_NULL);
  assert_no_worker ();
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete "
      "sessionStart play sessionComplete");
}

/* The same bin in one player, then in another. */
static void
test_sink_moves (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (GstElement) sink = gst_object_ref_sink (make_sink (collector));
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (5), NULL);

  for (guint i = 1; i <= 2; i++) {
    GstElement *playbin = gst_element_factory_make (data, NULL);
    g_autoptr (MhPlayer) player = mh_player_new (playbin, NULL, NULL);
    double position;

    g_object_set (playbin, "audio-sink", sink, "uri", uri, NULL);
    mh_player_go (player, GST_STATE_PLAYING);
    mh_collector_wait (collector, "play", i);
    mh_player_wait_position (player, 0.5);
    position = mh_player_position (player);
    mh_player_go (player, GST_STATE_NULL);
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionEnd", i)->playhead, position);
  }
  assert_no_worker ();
  mh_collector_assert_order (
      collector, "sessionStart play sessionEnd sessionStart play sessionEnd");
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/embedding/insert", test_insert);
  g_test_add_func ("/embedding/first-branch", test_first_branch);
  g_test_add_func ("/embedding/stop-and-remove", test_stop_and_remove);
  g_test_add_func ("/embedding/remove-and-stop", test_remove_and_stop);
  g_test_add_func ("/embedding/remove-and-forget", test_remove_and_forget);
  g_test_add_func ("/embedding/remove-while-silent", test_remove_while_silent);
  g_test_add_func ("/embedding/again", test_again);
  g_test_add_func ("/embedding/again-playing", test_again_playing);
  g_test_add_func ("/embedding/move", test_move);
  g_test_add_func ("/embedding/move-playing", test_move_playing);
  g_test_add_data_func (
      "/embedding/branches/stopped", GINT_TO_POINTER (TRUE), test_branches);
  g_test_add_data_func (
      "/embedding/branches/removed", GINT_TO_POINTER (FALSE), test_branches);
  g_test_add_func ("/embedding/branches/follower", test_branch_of_a_follower);
  g_test_add_func ("/embedding/nested", test_nested);
  mh_player_add_playbins ("/embedding/sinks", test_sinks);
  mh_player_add_playbins ("/embedding/sink-moves", test_sink_moves);
  return mh_test_media_run ();
}
