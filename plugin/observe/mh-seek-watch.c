/* mh-seek-watch: the SEEK events that pass the other branches of a player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seek-watch.h"

#include "mh-gst.h"
#include "mh-lock.h"

typedef struct
{
  GWeakRef pad;
  gulong id;
} Probe;

/* Probes and handlers have a reference each. */
struct _MhSeekWatch
{
  MhMailbox *mailbox; /* set once */

  /* State changes only. */
  GWeakRef playsink;
  gulong handlers[2]; /* of that */

  GMutex lock; /* of what follows; never held while GStreamer is called */
  GPtrArray *probes; /* of Probe */
  gconstpointer followed; /* the playsink; only to tell whether it still is */
  guint serial; /* of the search for sinks that counts */
};

/* ---- references ---- */

static void
seek_watch_clear (gpointer data)
{
  MhSeekWatch *self = data;

  mh_mailbox_unref (self->mailbox);
  g_weak_ref_clear (&self->playsink);
  g_ptr_array_unref (self->probes);
  g_mutex_clear (&self->lock);
}

static void
seek_watch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, seek_watch_clear);
}

static void
seek_watch_unref_by_closure (gpointer data, GClosure *closure)
{
  seek_watch_unref (data);
}

/* ---- probes ---- */

static void
probe_free (gpointer data)
{
  Probe *probe = data;
  GstPad *pad = g_weak_ref_get (&probe->pad);

  if (pad) {
    gst_pad_remove_probe (pad, probe->id);
    gst_object_unref (pad);
  }
  g_weak_ref_clear (&probe->pad);
  g_free (probe);
}

static GPtrArray *
make_probes (void)
{
  return g_ptr_array_new_with_free_func (probe_free);
}

MhSeekWatch *
mh_seek_watch_new (MhMailbox *mailbox)
{
  MhSeekWatch *self = g_atomic_rc_box_new0 (MhSeekWatch);

  self->mailbox = mh_mailbox_ref (mailbox);
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->playsink, NULL);
  self->probes = make_probes ();
  return self;
}

void
mh_seek_watch_free (MhSeekWatch *self)
{
  seek_watch_unref (self);
}

/* In the thread that seeks; and in that of the sink, for QOS events. */
static GstPadProbeReturn
seek_watch_on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  MhSeekWatch *self = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  MhObservation observation;

  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK &&
      mh_observation_from_event (event, &observation))
    mh_mailbox_push (self->mailbox, &observation);
  return GST_PAD_PROBE_OK;
}

/* ---- sinks ---- */

typedef struct
{
  MhSeekWatch *watch;
  GPtrArray *probes;
} Search;

static void
search_consider (const GValue *item, gpointer user_data)
{
  Search *search = user_data;
  GstElement *element = g_value_get_object (item);
  GstPad *pad = mh_gst_is_sink (element)
      ? gst_element_get_static_pad (element, "sink")
      : NULL;
  Probe *probe;

  if (!pad)
    return;
  probe = g_new0 (Probe, 1);
  g_weak_ref_init (&probe->pad, pad);
  probe->id = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      seek_watch_on_event, g_atomic_rc_box_acquire (search->watch),
      seek_watch_unref);
  g_ptr_array_add (search->probes, probe);
  gst_object_unref (pad);
}

/* Returns: (transfer full): a probe at each sink. */
static GPtrArray *
search_all (MhSeekWatch *self, GstBin *playsink)
{
  Search search = { self, make_probes () };
  GstIterator *all = gst_bin_iterate_recurse (playsink);

  while (gst_iterator_foreach (all, search_consider, &search) ==
      GST_ITERATOR_RESYNC) {
    g_ptr_array_set_size (search.probes, 0);
    gst_iterator_resync (all);
  }
  gst_iterator_free (all);
  return search.probes;
}

/* A handler may still run when it has been disconnected.
 * Returns: whether @playsink is followed. @serial: (out): of this search. */
static gboolean
seek_watch_begin_search (MhSeekWatch *self, GstBin *playsink, guint *serial)
{
  gboolean followed;

  g_mutex_lock (&self->lock);
  followed = self->followed == playsink;
  if (followed)
    *serial = ++self->serial;
  g_mutex_unlock (&self->lock);
  return followed;
}

/* Two threads may search: the later one has seen more. */
static void
seek_watch_search (MhSeekWatch *self, GstBin *playsink)
{
  g_autoptr (GPtrArray) probes = NULL;
  guint serial;

  if (!seek_watch_begin_search (self, playsink, &serial))
    return;
  probes = search_all (self, playsink);
  g_mutex_lock (&self->lock);
  if (serial == self->serial) {
    GPtrArray *before = self->probes;

    self->probes = g_steal_pointer (&probes);
    probes = before;
  }
  g_mutex_unlock (&self->lock);
}

/* In any thread, at any state, with locks of others held. */
static void
seek_watch_on_children (
    GstBin *playsink, GstBin *parent, GstElement *element, gpointer user_data)
{
  if (mh_gst_is_sink (element))
    seek_watch_search (user_data, playsink);
}

/* ---- playsink ---- */

/* Returns: (transfer full) (nullable) */
static GstObject *
find_playsink (GstElement *element)
{
  GstObject *object = element ? gst_object_get_parent (GST_OBJECT (element))
                              : NULL;

  while (object && !mh_gst_is_playsink (object)) {
    GstObject *parent = gst_object_get_parent (object);

    gst_object_unref (object);
    object = parent;
  }
  return object;
}

static gulong
add_handler (MhSeekWatch *self, GstObject *playsink, const char *signal)
{
  return g_signal_connect_data (playsink, signal,
      G_CALLBACK (seek_watch_on_children), g_atomic_rc_box_acquire (self),
      seek_watch_unref_by_closure, 0);
}

/* Ends the watch. */
static void
seek_watch_leave (MhSeekWatch *self)
{
  GstObject *playsink = g_weak_ref_get (&self->playsink);
  g_autoptr (GPtrArray) probes = NULL;

  if (playsink) {
    for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
      g_signal_handler_disconnect (playsink, self->handlers[i]);
    gst_object_unref (playsink);
  }
  g_weak_ref_set (&self->playsink, NULL);
  g_mutex_lock (&self->lock);
  self->followed = NULL;
  self->serial++;
  probes = g_steal_pointer (&self->probes);
  self->probes = make_probes ();
  g_mutex_unlock (&self->lock);
}

void
mh_seek_watch_follow (MhSeekWatch *self, GstElement *element)
{
  GstObject *playsink = find_playsink (element);

  seek_watch_leave (self);
  if (!playsink)
    return;
  g_weak_ref_set (&self->playsink, playsink);
  g_mutex_lock (&self->lock);
  self->followed = playsink;
  g_mutex_unlock (&self->lock);
  self->handlers[0] = add_handler (self, playsink, "deep-element-added");
  self->handlers[1] = add_handler (self, playsink, "deep-element-removed");
  seek_watch_search (self, GST_BIN (playsink));
  gst_object_unref (playsink);
}
