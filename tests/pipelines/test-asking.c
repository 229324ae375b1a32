/* Tests of whole pipelines: what the pipeline is asked, when, and by whom. With
 * the element, and with --traced as the first argument with the tracer alone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE
#include "mh-player.h"
#include "mh-test-media.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* For how long after a change nothing may ask where the media is, µs: half as
 * long as it is in the plugin, as the threads here may note a change late. */
#define QUIET 50000
/* What hangs ends the test, seconds. */
#define HANG 60

static gboolean traced;

/* ---- threads that cannot be made ---- */

static int no_threads;

/* In place of GLib's, which it calls. */
GThread *
g_thread_try_new (
    const char *name, GThreadFunc func, gpointer data, GError **error)
{
  GThread *(*real) (const char *, GThreadFunc, gpointer, GError **);

  if (g_strcmp0 (name, "mediaheartbeat?") == 0 &&
      g_atomic_int_get (&no_threads)) {
    g_set_error_literal (
        error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN, "there are too many");
    return NULL;
  }
  *(void **) &real = dlsym (RTLD_NEXT, "g_thread_try_new");
  return real (name, func, data, error);
}

/* ---- a worker that does not get on ---- */

static int stand, stands; /* atomic: whether it is to; whether it does */

gboolean
g_main_context_iteration (GMainContext *context, gboolean may_block)
{
  gboolean (*real) (GMainContext *, gboolean);

  while (context && g_atomic_int_get (&stand)) {
    g_atomic_int_set (&stands, TRUE);
    g_poll (NULL, 0, 1);
  }
  *(void **) &real = dlsym (RTLD_NEXT, "g_main_context_iteration");
  return real (context, may_block);
}

/* ---- an application's own pipeline ---- */

/**
 * Owner:
 * @mutex: the application's, held while it changes the state, and needed for
 *   whatever is asked where @locks
 * @patience: how long each answer takes, µs
 * @questions: for the position, but for those of the test's own
 * @shortest: how soon after a change they came at least
 * @too_soon: of these, soon after a change
 * @foreign: of these, in threads that are not the plugin's
 */
typedef struct
{
  GstPipeline parent_instance;

  GMutex mutex;
  gboolean locks;
  gint64 patience;
  GMutex lock; /* of what follows */
  GCond cond;
  gboolean closed;
  gint64 changed_at;
  guint questions;
  gint64 shortest;
  guint too_soon;
  guint foreign;
} Owner;

typedef struct
{
  GstPipelineClass parent_class;
} OwnerClass;

static GType owner_get_type (void);

G_DEFINE_TYPE (Owner, owner, GST_TYPE_PIPELINE)

static GPrivate test_asks = G_PRIVATE_INIT (NULL);

static void
note_change (Owner *self)
{
  g_mutex_lock (&self->lock);
  self->changed_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

static void
note_question_locked (Owner *self)
{
  char name[16] = "";

  pthread_getname_np (pthread_self (), name, sizeof name);
  self->questions++;
  self->foreign += strcmp (name, "mediaheartbeat?") != 0;
  self->shortest = MIN (
      self->shortest, g_get_monotonic_time () - self->changed_at);
  self->too_soon += g_get_monotonic_time () - self->changed_at < QUIET;
}

static void
take_time_locked (Owner *self)
{
  gint64 until = g_get_monotonic_time () + self->patience;

  while (self->patience > 0 && !self->closed &&
      g_cond_wait_until (&self->cond, &self->lock, until))
    ;
}

static gboolean
owner_query (GstElement *element, GstQuery *query)
{
  Owner *self = (Owner *) element;
  /* That one is GStreamer's own, in the change of the state. */
  gboolean locks = self->locks && GST_QUERY_TYPE (query) != GST_QUERY_LATENCY;
  gboolean answered;

  if (g_private_get (&test_asks))
    return GST_ELEMENT_CLASS (owner_parent_class)->query (element, query);
  g_mutex_lock (&self->lock);
  if (GST_QUERY_TYPE (query) == GST_QUERY_POSITION)
    note_question_locked (self);
  take_time_locked (self);
  g_mutex_unlock (&self->lock);
  if (locks)
    g_mutex_lock (&self->mutex);
  answered = GST_ELEMENT_CLASS (owner_parent_class)->query (element, query);
  if (locks)
    g_mutex_unlock (&self->mutex);
  return answered;
}

static gboolean
owner_post_message (GstElement *element, GstMessage *message)
{
  if ((GST_MESSAGE_TYPE (message) == GST_MESSAGE_STATE_CHANGED &&
          GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (element)) ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE)
    note_change ((Owner *) element);
  return GST_ELEMENT_CLASS (owner_parent_class)
      ->post_message (element, message);
}

static GstStateChangeReturn
owner_change_state (GstElement *element, GstStateChange transition)
{
  GstStateChangeReturn result;

  note_change ((Owner *) element);
  result = GST_ELEMENT_CLASS (owner_parent_class)
               ->change_state (element, transition);
  note_change ((Owner *) element);
  return result;
}

static void
owner_init (Owner *self)
{
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->shortest = G_MAXINT64;
}

static void
owner_finalize (GObject *object)
{
  Owner *self = (Owner *) object;

  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (owner_parent_class)->finalize (object);
}

static void
owner_class_init (OwnerClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = owner_finalize;
  element_class->query = owner_query;
  element_class->post_message = owner_post_message;
  element_class->change_state = owner_change_state;
}

/* ---- a player with it ---- */

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer owner)
{
  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
    case GST_EVENT_SEGMENT:
      note_change (owner);
      break;
    default:
      break;
  }
  return GST_PAD_PROBE_OK;
}

static MhPlayer *
make_player (Owner **owner)
{
  GstElement *pipeline = g_object_new (owner_get_type (), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) heartbeat = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  GstElement *bin = gst_parse_bin_from_description (traced
          ? "audiotestsrc num-buffers=2000 samplesperbuffer=441 ! "
            "audio/x-raw,rate=44100 ! fakesink name=sink sync=true"
          : "audiotestsrc num-buffers=2000 samplesperbuffer=441 ! "
            "audio/x-raw,rate=44100 ! volume name=volume ! mediaheartbeat name=heartbeat ! "
            "fakesink name=sink sync=true",
      FALSE, &error);

  g_assert_no_error (error);
  gst_bin_add (GST_BIN (pipeline), bin);
  heartbeat = gst_bin_get_by_name (GST_BIN (bin), "heartbeat");
  sink = gst_bin_get_by_name (GST_BIN (bin), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      on_event, pipeline, NULL);
  *owner = (Owner *) pipeline;
  return mh_player_new (pipeline, heartbeat, NULL);
}

static double
get_position (MhPlayer *player)
{
  double position;

  g_private_set (&test_asks, GINT_TO_POINTER (1));
  position = mh_player_position (player);
  g_private_set (&test_asks, NULL);
  return position;
}

static void
wait_position (MhPlayer *player, double seconds)
{
  g_private_set (&test_asks, GINT_TO_POINTER (1));
  mh_player_wait_position (player, seconds);
  g_private_set (&test_asks, NULL);
}

static void
go (Owner *owner, GstState state)
{
  g_mutex_lock (&owner->mutex);
  gst_element_set_state (GST_ELEMENT (owner), state);
  g_mutex_unlock (&owner->mutex);
  gst_element_get_state (
      GST_ELEMENT (owner), NULL, NULL, MH_TEST_PATIENCE * GST_USECOND);
}

/* ---- the tests ---- */

/* A thread that changes the state may hold a lock that an answer needs. */
static void
test_mutex (void)
{
  Owner *owner;
  g_autoptr (MhPlayer) player = make_player (&owner);

  owner->locks = TRUE;
  alarm (HANG);
  go (owner, GST_STATE_PLAYING);
  for (guint i = 1; i <= 5; i++) {
    wait_position (player, 0.2 * i);
    go (owner, GST_STATE_PAUSED);
    go (owner, GST_STATE_PLAYING);
  }
  go (owner, GST_STATE_READY);
  go (owner, GST_STATE_PLAYING);
  wait_position (player, 0.2);
  go (owner, GST_STATE_NULL);
  alarm (0);
  g_assert_cmpuint (owner->foreign, ==, 0);
}

/* A sink's clock must not be read soon after the stream runs again; and a
 * pipeline that plays undisturbed is hardly asked at all. */
static void
test_quiet (void)
{
  Owner *owner;
  g_autoptr (MhPlayer) player = make_player (&owner);
  guint questions;

  go (owner, GST_STATE_PLAYING);
  wait_position (player, 0.4);
  for (guint i = 1; i <= 6; i++) {
    if (i % 3 == 0)
      go (owner, GST_STATE_PAUSED);
    mh_player_seek (player, 2 * i);
    mh_player_settle (player);
    go (owner, GST_STATE_PLAYING);
    wait_position (player, 2 * i + 0.3);
  }
  questions = owner->questions;
  wait_position (player, 17);
  g_test_message (
      "%u questions, %u in the last seconds, after %" G_GINT64_FORMAT
      " µs at least",
      owner->questions, owner->questions - questions, owner->shortest);
  g_assert_cmpuint (owner->too_soon, ==, 0);
  g_assert_cmpuint (owner->foreign, ==, 0);
  g_assert_cmpuint (questions, >, 0);
  g_assert_cmpuint (owner->questions - questions, <, 8);
  go (owner, GST_STATE_NULL);
}

static gboolean
track (MhPlayer *player, const char *name)
{
  gboolean accepted;

  g_signal_emit_by_name (player->heartbeat, "track", name, NULL, &accepted);
  return accepted;
}

/* What the application is told of its call is the truth, and at once. */
static void
test_slow (void)
{
  Owner *owner;
  g_autoptr (MhPlayer) player = make_player (&owner);
  gint64 began, longest = 0;

  owner->patience = 1500000;
  go (owner, GST_STATE_PLAYING);
  for (guint i = 0; i < 5; i++) {
    wait_position (player, get_position (player) + 0.15);
    began = g_get_monotonic_time ();
    g_assert_false (track (player, "adComplete"));
    longest = MAX (longest, g_get_monotonic_time () - began);
  }
  mh_player_wait_warning (player, "adComplete is refused");
  g_test_message ("the longest took %" G_GINT64_FORMAT " µs", longest);
  g_assert_cmpint (longest, <, 500000);
  g_mutex_lock (&owner->lock);
  owner->closed = TRUE;
  g_cond_broadcast (&owner->cond);
  g_mutex_unlock (&owner->lock);
}

/* One that could not ask asks again. */
static void
test_no_threads (void)
{
  Owner *owner;
  g_autoptr (MhPlayer) player = make_player (&owner);
  g_autoptr (GstElement)
      volume = gst_bin_get_by_name (GST_BIN (owner), "volume");

  g_object_set (volume, "mute", TRUE, NULL);
  g_atomic_int_set (&no_threads, TRUE);
  go (owner, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 1);
  g_atomic_int_set (&no_threads, FALSE);
  go (owner, GST_STATE_READY);
  go (owner, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "stateStart", 1);
}

/* A call of which it was said that it is accepted is made, whatever else the
 * worker has to wait for when it comes to it at last. */
static void
test_late (void)
{
  Owner *owner;
  g_autoptr (MhPlayer) player = make_player (&owner);
  g_autoptr (GstElement)
      volume = gst_bin_get_by_name (GST_BIN (owner), "volume");
  g_autoptr (GstStructure)
      details = gst_structure_new ("details", "id", G_TYPE_STRING, "1", NULL);
  gboolean accepted;

  go (owner, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 1);
  g_atomic_int_set (&stand, TRUE);
  g_object_set (player->heartbeat, "report-suite", "another", NULL);
  while (!g_atomic_int_get (&stands))
    g_thread_yield ();
  g_object_set (volume, "mute", TRUE, NULL);
  g_signal_emit_by_name (
      player->heartbeat, "track", "error", details, &accepted);
  g_atomic_int_set (&stand, FALSE);
  g_assert_true (accepted);
  mh_player_wait_hit (player, "error", 1);
}

int
main (int argc, char *argv[])
{
  traced = argc > 1 && g_str_equal (argv[1], "--traced");
  if (traced)
    g_setenv ("GST_TRACERS",
        "mediaheartbeattracer(collection-server=http://127.0.0.1:9)", TRUE);
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/asking/mutex", test_mutex);
  g_test_add_func ("/asking/quiet", test_quiet);
  if (!traced) {
    g_test_add_func ("/asking/slow", test_slow);
    g_test_add_func ("/asking/no-threads", test_no_threads);
    g_test_add_func ("/asking/late", test_late);
  }
  return g_test_run ();
}
