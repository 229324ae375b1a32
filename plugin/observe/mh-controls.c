/* mh-controls: a player's volume, its mute button and its subtitles, watched.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-controls.h"

#include "mh-gst.h"
#include "mh-notifier.h"

/* GstPlayFlags, which no header has: text streams are shown. */
#define FLAG_TEXT (1 << 2)

typedef struct
{
  GWeakRef object;
  gulong id;
} Handler;

struct _MhControls
{
  const MhControlsOwner *funcs;
  gpointer owner;
  GWeakRef volume; /* whose volume counts */
  GWeakRef playsink; /* in it, or itself: where subtitles go */

  GMutex lock; /* of what follows; no property is read while it is held */
  GPtrArray *top_handlers; /* of Handler: those of the topmost parent */
  GPtrArray *handlers; /* those of what is named above */
  gconstpointer top; /* only compared with */
  guint serial; /* of the search for them that counts */
};

/* A handler has them for as long as it is there: it keeps their owner. */
static void
controls_unref_owner (gpointer data, GClosure *closure)
{
  MhControls *self = data;

  self->funcs->unref (self->owner);
}

/* Not the worker's: the object may have been given up by all others. */
static void
controls_handler_free (gpointer data)
{
  Handler *handler = data;
  GObject *object = g_weak_ref_get (&handler->object);

  if (object) {
    g_signal_handler_disconnect (object, handler->id);
    g_object_unref (object);
  }
  g_weak_ref_clear (&handler->object);
  g_free (handler);
}

static void
add_handler (MhControls *self, GPtrArray *handlers, gpointer object,
    const char *signal, GCallback callback)
{
  Handler *handler = g_new0 (Handler, 1);

  self->funcs->ref (self->owner);
  g_weak_ref_init (&handler->object, object);
  handler->id = g_signal_connect_data (
      object, signal, callback, self, controls_unref_owner, 0);
  g_ptr_array_add (handlers, handler);
}

MhControls *
mh_controls_new (const MhControlsOwner *funcs, gpointer owner)
{
  MhControls *self = g_new0 (MhControls, 1);

  self->funcs = funcs;
  self->owner = owner;
  g_weak_ref_init (&self->volume, NULL);
  g_weak_ref_init (&self->playsink, NULL);
  g_mutex_init (&self->lock);
  self->top_handlers = g_ptr_array_new_with_free_func (controls_handler_free);
  self->handlers = g_ptr_array_new_with_free_func (controls_handler_free);
  return self;
}

void
mh_controls_free (MhControls *self)
{
  g_ptr_array_unref (self->top_handlers);
  g_ptr_array_unref (self->handlers);
  g_weak_ref_clear (&self->volume);
  g_weak_ref_clear (&self->playsink);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ---- what they belong to ---- */

/* Its type is that of a library that the plugin is not linked to: where that is
 * not loaded, no element has a volume. */
static gboolean
has_volume (gpointer element)
{
  GType type = g_type_from_name ("GstStreamVolume");

  return type != 0 && g_type_is_a (G_OBJECT_TYPE (element), type);
}

/* The volume of an element in a bin that has one is the bin's. */
static gboolean
is_within_another (GstElement *element, GstElement *top)
{
  GstObject *parent = gst_object_get_parent (GST_OBJECT (element));
  gboolean within = FALSE;

  while (parent && parent != GST_OBJECT (top) && !within) {
    GstObject *next = gst_object_get_parent (parent);

    within = has_volume (parent);
    gst_object_unref (parent);
    parent = next;
  }
  g_clear_pointer (&parent, gst_object_unref);
  return within;
}

/* What was found so far: the only one of its kind. */
typedef struct
{
  GstElement *top;
  GstElement *filter, *sink; /* references */
  guint filters, sinks;
} Search;

static void
search_clear (Search *search)
{
  gst_clear_object (&search->filter);
  gst_clear_object (&search->sink);
  search->filters = search->sinks = 0;
}

static void
controls_consider (const GValue *item, gpointer user_data)
{
  Search *search = user_data;
  GstElement *element = g_value_get_object (item);

  /* What is recorded at (pulsesrc) is not what is heard. */
  if (!has_volume (element) ||
      GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE) ||
      is_within_another (element, search->top))
    return;
  if (GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK)) {
    search->sinks++;
    gst_object_replace ((GstObject **) &search->sink, GST_OBJECT (element));
  } else {
    search->filters++;
    gst_object_replace ((GstObject **) &search->filter, GST_OBJECT (element));
  }
}

/* A sink's volume is that of the machine's mixer: an element that the player has
 * for the purpose counts more. Of several none does: they may be those of a
 * crossfade. Returns: (transfer full) (nullable) */
static GstElement *
find_volume (GstElement *top)
{
  Search search = { top };
  GstElement *found = NULL;
  GstIterator *all;

  if (has_volume (top))
    return gst_object_ref (top);
  if (!GST_IS_BIN (top))
    return NULL;
  all = gst_bin_iterate_recurse (GST_BIN (top));
  while (gst_iterator_foreach (all, controls_consider, &search) ==
      GST_ITERATOR_RESYNC) {
    search_clear (&search);
    gst_iterator_resync (all);
  }
  gst_iterator_free (all);
  if (search.filters == 1)
    found = gst_object_ref (search.filter);
  else if (search.filters == 0 && search.sinks == 1)
    found = gst_object_ref (search.sink);
  search_clear (&search);
  return found;
}

/* playbin's and playbin3's alike: while it has a pad for text it shows that, if
 * the flags say so. Returns: (transfer full) (nullable) */
static GstElement *
find_playsink (GstElement *volume)
{
  g_autoptr (GstElement) child = NULL;

  if (mh_gst_is_playsink (volume))
    return gst_object_ref (volume);
  if (!GST_IS_BIN (volume))
    return NULL;
  child = gst_bin_get_by_name (GST_BIN (volume), "playsink");
  return child && mh_gst_is_playsink (child) ? g_steal_pointer (&child) : NULL;
}

/* ---- being told ---- */

static void
controls_on_volume (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  MhControls *self = user_data;

  self->funcs->changed (self->owner, TRUE);
}

/* @what: the property that has another value, or the pad that came or went. */
static void
controls_on_switch (GObject *object, gpointer what, gpointer user_data)
{
  MhControls *self = user_data;

  self->funcs->changed (self->owner, FALSE);
}

static void
watch_volume (MhControls *self, GPtrArray *handlers, GstElement *volume)
{
  if (mh_gst_has_property (volume, "volume", G_TYPE_DOUBLE))
    add_handler (self, handlers, volume, "notify::volume",
        G_CALLBACK (controls_on_volume));
  if (mh_gst_has_property (volume, "mute", G_TYPE_BOOLEAN))
    add_handler (self, handlers, volume, "notify::mute",
        G_CALLBACK (controls_on_switch));
  if (mh_gst_has_property (volume, "flags", G_TYPE_FLAGS))
    add_handler (self, handlers, volume, "notify::flags",
        G_CALLBACK (controls_on_switch));
}

static void
watch_playsink (MhControls *self, GPtrArray *handlers, GstElement *playsink)
{
  add_handler (
      self, handlers, playsink, "pad-added", G_CALLBACK (controls_on_switch));
  add_handler (
      self, handlers, playsink, "pad-removed", G_CALLBACK (controls_on_switch));
}

/* Looks for what counts in @top, and watches that instead of what did so far.
 * Two threads may be at it: the later one has seen more, unless it is still
 * about the parent before. */
static void
controls_search (MhControls *self, GstElement *top)
{
  g_autoptr (GPtrArray)
      handlers = g_ptr_array_new_with_free_func (controls_handler_free);
  g_autoptr (GstElement) volume = NULL;
  g_autoptr (GstElement) playsink = NULL;
  guint serial;

  g_mutex_lock (&self->lock);
  serial = self->top == top ? ++self->serial : self->serial;
  g_mutex_unlock (&self->lock);
  volume = find_volume (top);
  playsink = volume ? find_playsink (volume) : NULL;
  if (volume)
    watch_volume (self, handlers, volume);
  if (playsink)
    watch_playsink (self, handlers, playsink);
  g_mutex_lock (&self->lock);
  if (serial == self->serial && self->top == top) {
    GPtrArray *before = self->handlers;

    self->handlers = g_steal_pointer (&handlers);
    handlers = before;
    g_weak_ref_set (&self->volume, volume);
    g_weak_ref_set (&self->playsink, playsink);
  }
  g_mutex_unlock (&self->lock);
}

/* In any thread, at any state, with locks of others held. */
static void
controls_on_children (
    GstBin *top, GstBin *parent, GstElement *element, gpointer user_data)
{
  MhControls *self = user_data;

  if (!has_volume (element) && !mh_gst_is_playsink (element))
    return;
  controls_search (self, GST_ELEMENT (top));
  self->funcs->changed (self->owner, FALSE);
}

void
mh_controls_set_top (MhControls *self, GstElement *top)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) top_before = NULL;
  GPtrArray *handlers = g_ptr_array_new_with_free_func (controls_handler_free);

  /* One with a volume of its own may have anything in it. */
  if (top && GST_IS_BIN (top) && !has_volume (top)) {
    add_handler (self, handlers, top, "deep-element-added",
        G_CALLBACK (controls_on_children));
    add_handler (self, handlers, top, "deep-element-removed",
        G_CALLBACK (controls_on_children));
  }
  g_mutex_lock (&self->lock);
  self->top = top;
  top_before = g_steal_pointer (&self->top_handlers);
  self->top_handlers = handlers;
  before = g_steal_pointer (&self->handlers);
  self->handlers = g_ptr_array_new_with_free_func (controls_handler_free);
  g_weak_ref_set (&self->volume, NULL);
  g_weak_ref_set (&self->playsink, NULL);
  g_mutex_unlock (&self->lock);
  if (top)
    controls_search (self, top);
}

/* ---- asking ---- */

static gboolean
ask_muted (GstElement *volume)
{
  gboolean mute = FALSE;
  double value = 1;

  if (mh_gst_has_property (volume, "mute", G_TYPE_BOOLEAN))
    g_object_get (volume, "mute", &mute, NULL);
  if (mh_gst_has_property (volume, "volume", G_TYPE_DOUBLE))
    g_object_get (volume, "volume", &value, NULL);
  return mute || value <= 0;
}

static gboolean
ask_captions (GstElement *playsink)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (playsink, "text_sink");
  guint flags = 0;

  if (!pad || !mh_gst_has_property (playsink, "flags", G_TYPE_FLAGS))
    return FALSE;
  g_object_get (playsink, "flags", &flags, NULL);
  return (flags & FLAG_TEXT) != 0;
}

void
mh_controls_look (MhControls *self, MhControlsView *view)
{
  GstElement *volume = g_weak_ref_get (&self->volume);
  GstElement *playsink = g_weak_ref_get (&self->playsink);

  view->muted = volume && ask_muted (volume);
  view->captions = playsink && ask_captions (playsink);
  if (volume)
    mh_notifier_release (volume);
  if (playsink)
    mh_notifier_release (playsink);
}
