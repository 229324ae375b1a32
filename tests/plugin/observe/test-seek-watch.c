/* Tests of mh-seek-watch, with a mailbox that counts.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seek-watch.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);

#define SEQNUM 483
#define TARGET (10 * GST_SECOND)

/* ---- what stands for the mailbox ---- */

struct _MhMailbox
{
  int refs;
  guint told;
};

MhMailbox *
mh_mailbox_ref (MhMailbox *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
mh_mailbox_unref (MhMailbox *self)
{
  g_atomic_int_add (&self->refs, -1);
}

void
mh_mailbox_push (MhMailbox *self, const MhObservation *observation)
{
  g_assert_cmpint (observation->type, ==, MH_OBSERVED_SEEK);
  g_assert_cmpuint (observation->seqnum, ==, SEQNUM);
  g_assert_cmpuint (observation->time, ==, TARGET);
  self->told++;
}

/* ---- a player ---- */

typedef struct
{
  MhMailbox mailbox;
  MhSeekWatch *watch;
  GstElement *parent; /* of what follows */
  GstElement *filter; /* in the branch of the sound */
  GstElement *video; /* a bin */
  GstElement *sink; /* in that */
} Fixture;

static GstElement *
add (GstElement *bin, const char *factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  g_assert_nonnull (element);
  g_assert_true (gst_bin_add (GST_BIN (bin), element));
  return element;
}

/* @factory: of the parent */
static void
set_up (Fixture *self, gconstpointer factory)
{
  self->watch = mh_seek_watch_new (&self->mailbox);
  self->parent = gst_element_factory_make (factory, NULL);
  g_assert_nonnull (self->parent);
  gst_object_ref_sink (self->parent);
  self->filter = add (add (self->parent, "bin"), "identity");
  self->video = add (self->parent, "bin");
  self->sink = add (self->video, "fakesink");
}

/* Nothing is left that would tell of anything. */
static void
tear_down (Fixture *self, gconstpointer factory)
{
  mh_seek_watch_follow (self->watch, NULL);
  mh_seek_watch_free (self->watch);
  g_assert_cmpint (self->mailbox.refs, ==, 0);
  gst_object_unref (self->parent);
}

/* As a sink does that is sent an event. */
static void
push (GstElement *sink, GstEvent *event)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  gst_event_set_seqnum (event, SEQNUM);
  gst_pad_set_active (pad, TRUE);
  gst_pad_push_event (pad, event);
}

static void
seek (GstElement *sink)
{
  push (sink,
      gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
          GST_SEEK_TYPE_SET, TARGET, GST_SEEK_TYPE_NONE, 0));
}

/* ---- tests ---- */

static void
test_other_branch (Fixture *self, gconstpointer factory)
{
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 0);
  mh_seek_watch_follow (self->watch, self->filter);
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 1);
  push (self->sink, gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 1, 0, 0));
  g_assert_cmpuint (self->mailbox.told, ==, 1);
  mh_seek_watch_follow (self->watch, NULL);
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 1);
}

/* Sinks come and go while it plays. */
static void
test_sinks_change (Fixture *self, gconstpointer factory)
{
  GstElement *late;

  mh_seek_watch_follow (self->watch, self->filter);
  late = add (self->video, "fakesink");
  seek (late);
  g_assert_cmpuint (self->mailbox.told, ==, 1);
  gst_object_ref (self->sink);
  gst_bin_remove (GST_BIN (self->video), self->sink);
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 1);
  seek (late);
  g_assert_cmpuint (self->mailbox.told, ==, 2);
  gst_object_unref (self->sink);
}

/* The element goes on in another player, and the first one goes. */
static void
test_another_player (Fixture *self, gconstpointer factory)
{
  GstElement *before = self->parent;
  GstElement *sink = gst_object_ref (self->sink);

  mh_seek_watch_follow (self->watch, self->filter);
  self->parent = gst_object_ref_sink (gst_element_factory_make (factory, NULL));
  self->filter = add (self->parent, "identity");
  self->sink = add (self->parent, "fakesink");
  mh_seek_watch_follow (self->watch, self->filter);
  gst_object_unref (before);
  seek (sink);
  g_assert_cmpuint (self->mailbox.told, ==, 0);
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 1);
  gst_object_unref (sink);
}

/* The player goes before the element is told of anything. */
static void
test_player_gone (Fixture *self, gconstpointer factory)
{
  mh_seek_watch_follow (self->watch, self->filter);
  gst_object_unref (self->parent);
  self->parent = gst_object_ref_sink (gst_element_factory_make (factory, NULL));
  g_assert_cmpint (self->mailbox.refs, ==, 1);
}

static gpointer
add_late (gpointer video)
{
  return add (video, "fakesink");
}

/* A sink comes in the moment in which the element leaves. */
static void
test_leaves (Fixture *self, gconstpointer factory)
{
  for (guint i = 0; i < 300; i++) {
    GThread *thread;
    GstElement *late;

    mh_seek_watch_follow (self->watch, self->filter);
    thread = g_thread_new ("player", add_late, self->video);
    for (guint n = 0; n < i % 30; n++)
      g_thread_yield ();
    mh_seek_watch_follow (self->watch, NULL);
    late = g_thread_join (thread);
    seek (late);
    g_assert_cmpuint (self->mailbox.told, ==, 0);
    gst_bin_remove (GST_BIN (self->video), late);
  }
}

/* Elsewhere each sink gets the event, so that one passes the element. */
static void
test_no_playsink (Fixture *self, gconstpointer factory)
{
  mh_seek_watch_follow (self->watch, self->filter);
  seek (self->sink);
  g_assert_cmpuint (self->mailbox.told, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    const char *factory;
    void (*test) (Fixture *self, gconstpointer factory);
  } tests[] = {
    { "/seek-watch/other-branch", "playsink", test_other_branch },
    { "/seek-watch/sinks-change", "playsink", test_sinks_change },
    { "/seek-watch/another-player", "playsink", test_another_player },
    { "/seek-watch/player-gone", "playsink", test_player_gone },
    { "/seek-watch/leaves", "playsink", test_leaves },
    { "/seek-watch/no-playsink", "bin", test_no_playsink },
  };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].factory, set_up, tests[i].test,
        tear_down);
  return g_test_run ();
}
