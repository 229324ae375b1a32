/* Tests of mh-controls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-controls.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);

typedef struct
{
  int refs;
  int rings; /* atomic, as is what follows */
  int moving;
  MhControls *controls;
  GstElement *crowded; /* is given a volume at the n-th handler from here */
  int handlers;
} Owner;

static gpointer
ref_owner (gpointer data)
{
  Owner *owner = data;

  g_atomic_int_inc (&owner->refs);
  if (owner->crowded && --owner->handlers == 0)
    gst_bin_add (GST_BIN (g_steal_pointer (&owner->crowded)),
        gst_element_factory_make ("volume", NULL));
  return owner;
}

static void
unref_owner (gpointer data)
{
  Owner *owner = data;

  g_atomic_int_add (&owner->refs, -1);
}

static void
on_changed (gpointer data, gboolean moving)
{
  Owner *owner = data;

  if (moving)
    g_atomic_int_inc (&owner->moving);
  else
    g_atomic_int_inc (&owner->rings);
}

static void
set_up (Owner *owner, gconstpointer data)
{
  static const MhControlsOwner funcs = { ref_owner, unref_owner, on_changed };

  owner->controls = mh_controls_new (&funcs, owner);
}

/* Nothing is left that would tell of anything. */
static void
tear_down (Owner *owner, gconstpointer data)
{
  mh_controls_set_top (owner->controls, NULL);
  g_assert_cmpint (owner->refs, ==, 0);
  mh_controls_free (owner->controls);
}

static gboolean
is_muted (Owner *owner)
{
  MhControlsView view;

  mh_controls_look (owner->controls, &view);
  g_assert_false (view.captions);
  return view.muted;
}

static GstElement *
launch (const char *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_launch (description, &error);

  g_assert_no_error (error);
  return element;
}

static void
set (GstElement *pipeline, const char *name, const char *property,
    const char *value)
{
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (pipeline), name);

  gst_util_set_object_arg (G_OBJECT (element), property, value);
}

static void
test_playbin (Owner *owner, gconstpointer factory)
{
  g_autoptr (GstElement) playbin = gst_element_factory_make (factory, NULL);

  gst_object_ref_sink (playbin);
  mh_controls_set_top (owner->controls, playbin);
  g_assert_false (is_muted (owner));
  g_object_set (playbin, "mute", TRUE, NULL);
  g_assert_cmpint (owner->rings, ==, 1);
  g_assert_true (is_muted (owner));
  g_object_set (playbin, "mute", FALSE, "volume", 0.0, NULL);
  g_assert_cmpint (owner->moving, ==, 1);
  g_assert_true (is_muted (owner));
  g_object_set (playbin, "volume", 0.001, NULL);
  g_assert_false (is_muted (owner));
  owner->rings = 0;
  gst_util_set_object_arg (G_OBJECT (playbin), "flags", "audio+text");
  g_assert_cmpint (owner->rings, ==, 1);
  /* Nor is it watched any more. */
  mh_controls_set_top (owner->controls, NULL);
  g_object_set (playbin, "mute", TRUE, NULL);
  g_assert_cmpint (owner->rings, ==, 1);
  g_assert_false (is_muted (owner));
}

static void
test_volume (Owner *owner, gconstpointer description)
{
  g_autoptr (GstElement) pipeline = launch (description);

  mh_controls_set_top (owner->controls, pipeline);
  g_assert_false (is_muted (owner));
  set (pipeline, "v", "mute", "true");
  g_assert_cmpint (owner->rings, ==, 1);
  g_assert_true (is_muted (owner));
}

static void
test_none (Owner *owner, gconstpointer description)
{
  g_autoptr (GstElement) pipeline = launch (description);

  mh_controls_set_top (owner->controls, pipeline);
  set (pipeline, "v", "mute", "true");
  set (pipeline, "v", "volume", "0");
  g_assert_cmpint (owner->rings + owner->moving, ==, 0);
  g_assert_false (is_muted (owner));
}

/* One comes, another comes, the first goes again. */
static void
test_changes (Owner *owner, gconstpointer data)
{
  g_autoptr (GstElement) pipeline = launch ("identity ! fakesink");
  GstElement *bin = gst_bin_new (NULL);
  GstElement *first = gst_element_factory_make ("volume", NULL);
  GstElement *second = gst_element_factory_make ("volume", NULL);

  mh_controls_set_top (owner->controls, pipeline);
  g_assert_false (is_muted (owner));
  g_object_set (first, "mute", TRUE, NULL);
  gst_bin_add (GST_BIN (bin), first);
  gst_bin_add (GST_BIN (pipeline), bin);
  g_assert_cmpint (owner->rings, ==, 1);
  g_assert_true (is_muted (owner));
  gst_bin_add (GST_BIN (pipeline), second);
  g_assert_cmpint (owner->rings, ==, 2);
  g_assert_false (is_muted (owner));
  gst_object_ref (bin);
  gst_bin_remove (GST_BIN (pipeline), bin);
  g_assert_cmpint (owner->rings, ==, 3);
  g_assert_false (is_muted (owner));
  g_object_set (second, "volume", 0.0, NULL);
  g_assert_true (is_muted (owner));
  owner->rings = owner->moving = 0;
  g_object_set (first, "mute", FALSE, "volume", 0.5, NULL);
  g_assert_cmpint (owner->rings + owner->moving, ==, 0);
  gst_object_unref (bin);
}

/* Whose last reference is given up here or there: nothing is kept alive. */
static void
test_gone (Owner *owner, gconstpointer description)
{
  GstElement *pipeline = launch (description);

  mh_controls_set_top (owner->controls, pipeline);
  set (pipeline, "v", "mute", "true");
  g_object_add_weak_pointer (G_OBJECT (pipeline), (gpointer *) &pipeline);
  gst_object_unref (pipeline);
  g_assert_null (pipeline);
  g_assert_false (is_muted (owner));
}

/* Something is put into the pipeline before, as by another thread, while the
 * next one is looked through: that is nothing to this one. */
static void
test_moves (Owner *owner, gconstpointer data)
{
  g_autoptr (GstElement) before = launch ("identity ! fakesink");
  g_autoptr (GstElement) pipeline = launch ("volume name=v ! fakesink");

  mh_controls_set_top (owner->controls, before);
  set (pipeline, "v", "mute", "true");
  owner->crowded = before;
  owner->handlers = 3; /* of the pipeline two, and then one of its volume */
  mh_controls_set_top (owner->controls, pipeline);
  g_assert_null (owner->crowded);
  g_assert_true (is_muted (owner));
  owner->rings = 0;
  set (pipeline, "v", "mute", "false");
  g_assert_cmpint (owner->rings, ==, 1);
}

static gpointer
toggle (gpointer data)
{
  GstElement *volume = data;

  for (guint i = 0; i < 500; i++)
    g_object_set (volume, "mute", i % 2 == 0, NULL);
  gst_object_unref (volume);
  return NULL;
}

/* Muted by one thread, taken out and put in by another. */
static void
test_threads (Owner *owner, gconstpointer data)
{
  g_autoptr (GstElement) pipeline = launch ("volume name=v ! fakesink");
  GstElement *volume = gst_bin_get_by_name (GST_BIN (pipeline), "v");
  GThread *thread = g_thread_new ("toggle", toggle, gst_object_ref (volume));

  for (guint i = 0; i < 50; i++) {
    mh_controls_set_top (owner->controls, pipeline);
    gst_bin_remove (GST_BIN (pipeline), volume);
    is_muted (owner);
    gst_bin_add (GST_BIN (pipeline), volume);
    is_muted (owner);
    mh_controls_set_top (owner->controls, NULL);
  }
  g_thread_join (thread);
  mh_controls_set_top (owner->controls, pipeline);
  g_assert_false (is_muted (owner));
  g_object_set (volume, "mute", TRUE, NULL);
  g_assert_true (is_muted (owner));
  gst_object_unref (volume);
}

#define CASE(path, data, func) \
  g_test_add ("/controls/" path, Owner, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  CASE ("playbin", "playbin", test_playbin);
  CASE ("playbin3", "playbin3", test_playbin);
  CASE ("volume", "volume name=v ! fakesink", test_volume);
  CASE (
      "volume/nested", "( ( volume name=v ) identity ) identity", test_volume);
  CASE ("volume/and-sink", "volume name=v ! pulsesink", test_volume);
  CASE ("playbin/nested", "( playbin name=v ) identity", test_volume);
  CASE ("playsink", "playsink name=v identity", test_volume);
  CASE ("source", "pulsesrc name=v ! fakesink", test_none);
  CASE ("several", "volume name=v ! volume ! fakesink", test_none);
  CASE ("several/nested", "( volume name=v ) volume", test_none);
  CASE ("changes", NULL, test_changes);
  CASE ("moves", NULL, test_moves);
  CASE ("gone", "volume name=v ! fakesink", test_gone);
  CASE ("gone/playbin", "( playbin name=v ) identity", test_gone);
  CASE ("threads", NULL, test_threads);
  return g_test_run ();
}
