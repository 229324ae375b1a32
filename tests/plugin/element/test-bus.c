/* Tests of where the element listens: on the bus of its pipeline, for as long as
 * it is in there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-element.h"

#define PATIENCE (10 * GST_SECOND)

typedef struct
{
  GstElement *pipeline;
  GstElement *heartbeat;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->pipeline = gst_parse_launch (
      "fakesrc format=time datarate=1000 sizetype=fixed sizemax=10 do-timestamp=1 ! "
      "mediaheartbeat name=heartbeat preroll-wait=0 flush-timeout=0 ! "
      "fakesink sync=true",
      NULL);
  g_assert_nonnull (f->pipeline);
  gst_object_ref_sink (f->pipeline);
  f->heartbeat = gst_bin_get_by_name (GST_BIN (f->pipeline), "heartbeat");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gst_element_set_state (f->pipeline, GST_STATE_NULL);
  gst_element_set_state (f->heartbeat, GST_STATE_NULL);
  gst_object_unref (f->heartbeat);
  gst_object_unref (f->pipeline);
}

static void
go (Fixture *f, GstState state)
{
  gst_element_set_state (f->pipeline, state);
  g_assert_cmpint (gst_element_get_state (f->pipeline, NULL, NULL, PATIENCE),
      ==, GST_STATE_CHANGE_SUCCESS);
}

static void
count (GstBus *bus, GstMessage *message, gpointer n)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_APPLICATION)
    g_atomic_int_inc ((int *) n);
}

/* Returns: whether anybody listens to what is posted there. This here does not,
 * it only hears it where another does. */
static gboolean
is_listened_to (GstBus *bus)
{
  int n = 0; /* atomic */
  gulong handler = g_signal_connect (
      bus, "sync-message", G_CALLBACK (count), &n);

  gst_bus_post (bus,
      gst_message_new_application (
          NULL, gst_structure_new_empty ("is-listened-to")));
  g_signal_handler_disconnect (bus, handler);
  return g_atomic_int_get (&n) > 0;
}

static void
test_while_it_runs (Fixture *f, gconstpointer data)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (f->pipeline);

  g_assert_false (is_listened_to (bus));
  for (guint i = 0; i < 2; i++) {
    go (f, GST_STATE_PLAYING);
    g_assert_true (is_listened_to (bus));
    go (f, GST_STATE_PAUSED);
    g_assert_true (is_listened_to (bus));
    go (f, GST_STATE_NULL);
    gst_bus_set_flushing (bus, FALSE);
    g_assert_false (is_listened_to (bus));
  }
}

/* The application keeps an element that it has taken out. */
static void
test_removed (Fixture *f, gconstpointer data)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (f->pipeline);

  go (f, GST_STATE_PLAYING);
  g_assert_true (gst_bin_remove (GST_BIN (f->pipeline), f->heartbeat));
  g_assert_false (is_listened_to (bus));
}

static GstBus *
replace_bus (Fixture *f)
{
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (f->pipeline, bus);
  return bus;
}

static void
test_replaced (Fixture *f, gconstpointer data)
{
  const GstState state = (GstState) GPOINTER_TO_INT (data);
  g_autoptr (GstBus) before = gst_element_get_bus (f->pipeline);
  g_autoptr (GstBus) after = NULL;

  go (f, state);
  g_assert_true (is_listened_to (before));
  after = replace_bus (f);
  go (f, state == GST_STATE_PLAYING ? GST_STATE_PAUSED : GST_STATE_PLAYING);
  g_assert_false (is_listened_to (before));
  g_assert_true (is_listened_to (after));
  go (f, GST_STATE_NULL);
  gst_bus_set_flushing (after, FALSE);
  g_assert_false (is_listened_to (after));
}

/* A pipeline need not have one. */
static void
test_taken_away (Fixture *f, gconstpointer data)
{
  g_autoptr (GstBus) before = gst_element_get_bus (f->pipeline);

  go (f, GST_STATE_PLAYING);
  gst_element_set_bus (f->pipeline, NULL);
  gst_element_set_state (f->pipeline, GST_STATE_PAUSED);
  g_assert_false (is_listened_to (before));
}

#define TEST(path, data, function) \
  g_test_add ("/bus/" path, Fixture, GINT_TO_POINTER (data), set_up, function, \
      tear_down)

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  TEST ("while-it-runs", 0, test_while_it_runs);
  TEST ("removed", 0, test_removed);
  TEST ("replaced/paused", GST_STATE_PAUSED, test_replaced);
  TEST ("replaced/playing", GST_STATE_PLAYING, test_replaced);
  TEST ("taken-away", 0, test_taken_away);
  return g_test_run ();
}
