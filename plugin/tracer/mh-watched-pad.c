/* mh-watched-pad: a pad that the tracer watches.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-watched-pad.h"

/* How much is kept: some milliseconds' worth. */
#define MAX_KEPT 64

int mh_watched_pad_buckets[MH_WATCHED_PAD_BUCKETS];

/* What passed while it was not clear whether that counts. */
typedef struct
{
  GstEvent *event; /* NULL: data */
  GstClockTime pts; /* of that */
} Kept;

/* One for each pipeline that the pad has been in. A streaming thread may be in
 * its tap: it goes with the watch. */
typedef struct
{
  MhTap tap;
  MhMailbox *mailbox; /* a reference */
} Binding;

/* Looked up once: a pad that counts is asked for its watch with each push. */
static GQuark
watch_quark (void)
{
  static int quark; /* atomic: GQuark */

  if (G_UNLIKELY (MH_RELAXED_LOAD (quark) == 0))
    MH_RELAXED_STORE (
        quark, (int) g_quark_from_static_string ("mh-watched-pad"));
  return (GQuark) MH_RELAXED_LOAD (quark);
}

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  mh_tap_clear (&binding->tap);
  mh_mailbox_unref (binding->mailbox);
  g_free (binding);
}

static MhWatchedPad *
watch_new (GstPad *pad)
{
  MhWatchedPad *self = g_new0 (MhWatchedPad, 1);

  g_atomic_ref_count_init (&self->refs);
  self->pad = pad;
  g_mutex_init (&self->lock);
  g_queue_init (&self->kept);
  self->bindings = g_ptr_array_new_with_free_func (binding_free);
  return self;
}

MhWatchedPad *
mh_watched_pad_ref (MhWatchedPad *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  gst_clear_event (&kept->event);
  g_free (kept);
}

void
mh_watched_pad_unref (MhWatchedPad *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_queue_clear_full (&self->kept, kept_free);
  g_ptr_array_unref (self->bindings);
  g_mutex_clear (&self->lock);
  g_free (self);
}

MhWatchedPad *
mh_watched_pad_get (GstPad *pad)
{
  return g_object_get_qdata ((GObject *) pad, watch_quark ());
}

static void
watch_pad_gone (gpointer data)
{
  mh_watched_pad_release (data);
  mh_watched_pad_unref (data);
}

MhWatchedPad *
mh_watched_pad_ensure (GstPad *pad)
{
  MhWatchedPad *watch = mh_watched_pad_get (pad);

  if (watch)
    return watch;
  watch = watch_new (pad);
  /* Another thread may have been faster. */
  if (g_object_replace_qdata (
          G_OBJECT (pad), watch_quark (), NULL, watch, watch_pad_gone, NULL))
    return watch;
  mh_watched_pad_unref (watch);
  return mh_watched_pad_get (pad);
}

/* ---- whether there is anything to tell ---- */

static gboolean
is_open (MhWatchedPad *self)
{
  return MH_RELAXED_LOAD (self->tap) || MH_RELAXED_LOAD (self->waits);
}

/* Says what becomes of what passes from now on. */
static void
set_locked (MhWatchedPad *self, MhTap *tap, gboolean waits)
{
  gboolean before = is_open (self);
  int *bucket = &mh_watched_pad_buckets[mh_watched_pad_hash (self->pad)];

  __atomic_store_n (&self->tap, tap, __ATOMIC_RELEASE);
  MH_RELAXED_STORE (self->waits, waits);
  if (is_open (self) && !before)
    __atomic_fetch_add (bucket, 1, __ATOMIC_RELAXED);
  else if (!is_open (self) && before)
    __atomic_fetch_sub (bucket, 1, __ATOMIC_RELAXED);
}

void
mh_watched_pad_release (MhWatchedPad *self)
{
  GQueue kept;

  g_mutex_lock (&self->lock);
  set_locked (self, NULL, FALSE);
  MH_RELAXED_STORE (self->last, NULL);
  kept = self->kept;
  g_queue_init (&self->kept);
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&kept, kept_free);
}

/* ---- what passes ---- */

static void
keep_locked (MhWatchedPad *self, GstEvent *event, GstClockTime pts)
{
  const Kept *last = g_queue_peek_tail (&self->kept);
  Kept *kept;

  if (self->kept.length >= MAX_KEPT || (!event && last && !last->event))
    return;
  kept = g_new (Kept, 1);
  kept->event = event ? gst_event_ref (event) : NULL;
  kept->pts = pts;
  g_queue_push_tail (&self->kept, kept);
}

/* Returns: (nullable): the tap that is told, where this is not kept. */
static MhTap *
keep_event (MhWatchedPad *self, GstEvent *event, GstClockTime pts)
{
  MhTap *tap;

  g_mutex_lock (&self->lock);
  tap = self->tap;
  if (self->waits)
    keep_locked (self, event, pts);
  g_mutex_unlock (&self->lock);
  return tap;
}

void
mh_watched_pad_wait (MhWatchedPad *self, GstBuffer *buffer)
{
  MhTap *tap = keep_event (self, NULL, GST_BUFFER_PTS (buffer));

  if (tap)
    mh_tap_buffer (tap, buffer);
}

/* Since GStreamer 1.26 the hook comes twice for a sticky event: when it is given
 * to the pad, and when the pad passes it on. */
static gboolean
is_repeated (MhWatchedPad *self, GstEvent *event)
{
  guint32 seqnum = gst_event_get_seqnum (event);
  gboolean repeated = MH_RELAXED_LOAD (self->last) == event &&
      MH_RELAXED_LOAD (self->last_seqnum) == seqnum;

  MH_RELAXED_STORE (self->last_seqnum, seqnum);
  MH_RELAXED_STORE (self->last, GST_EVENT_IS_STICKY (event) ? event : NULL);
  return repeated;
}

static void
watch_tell (MhWatchedPad *self, GstEvent *event)
{
  MhTap *tap = __atomic_load_n (&self->tap, __ATOMIC_ACQUIRE);

  if (!tap)
    tap = keep_event (self, event, GST_CLOCK_TIME_NONE);
  if (tap)
    mh_tap_event (tap, event);
}

void
mh_watched_pad_event (MhWatchedPad *self, GstEvent *event)
{
  if (is_open (self) && !is_repeated (self, event))
    watch_tell (self, event);
}

gboolean
mh_watched_pad_begin (MhWatchedPad *self, GstEvent *event)
{
  if (is_repeated (self, event))
    return FALSE;
  g_mutex_lock (&self->lock);
  if (!is_open (self))
    set_locked (self, NULL, TRUE);
  g_mutex_unlock (&self->lock);
  watch_tell (self, event);
  return TRUE;
}

/* ---- the tap ---- */

/* What comes up from a sink says nothing of the data: that is left as it is. */
static Binding *
binding_new (MhMailbox *mailbox, gboolean downstream)
{
  Binding *binding = g_new0 (Binding, 1);

  binding->mailbox = mh_mailbox_ref (mailbox);
  binding->tap.mailbox = mailbox;
  if (downstream)
    mh_tap_init (&binding->tap, mailbox);
  return binding;
}

static Binding *
find_binding_locked (
    MhWatchedPad *self, MhMailbox *mailbox, gboolean downstream)
{
  Binding *binding;

  for (guint i = 0; i < self->bindings->len; i++) {
    binding = g_ptr_array_index (self->bindings, i);
    if (binding->mailbox == mailbox)
      return binding;
  }
  binding = binding_new (mailbox, downstream);
  g_ptr_array_add (self->bindings, binding);
  return binding;
}

static gboolean
watch_collect (GstPad *pad, GstEvent **event, gpointer events)
{
  g_ptr_array_add (events, gst_event_ref (*event));
  return TRUE;
}

/* What was kept has what follows on that. */
static gboolean
is_kept_locked (MhWatchedPad *self, GstEvent *event)
{
  for (const GList *l = self->kept.head; l; l = l->next) {
    const Kept *kept = l->data;

    if (kept->event && GST_EVENT_TYPE (kept->event) == GST_EVENT_TYPE (event))
      return TRUE;
  }
  return FALSE;
}

static void
tell_kept_locked (MhWatchedPad *self, MhTap *tap)
{
  for (const GList *l = self->kept.head; l; l = l->next) {
    const Kept *kept = l->data;

    if (kept->event)
      mh_tap_event (tap, kept->event);
    else if (MH_RELAXED_LOAD (tap->want_data))
      mh_tap_data (tap, kept->pts);
  }
}

/* @stickies: (nullable): NULL of a sink pad. From here on the tap is the
 * streaming thread's. Returns: what was kept. */
static GQueue
bind_locked (MhWatchedPad *self, MhMailbox *mailbox, GPtrArray *stickies)
{
  Binding *binding = find_binding_locked (self, mailbox, stickies != NULL);
  GQueue kept = self->kept;

  if (self->tap == &binding->tap)
    return (GQueue) G_QUEUE_INIT;
  if (stickies)
    mh_tap_reset (&binding->tap);
  for (guint i = 0; stickies && i < stickies->len; i++) {
    GstEvent *event = g_ptr_array_index (stickies, i);

    if (!is_kept_locked (self, event))
      mh_tap_event (&binding->tap, event);
  }
  tell_kept_locked (self, &binding->tap);
  g_queue_init (&self->kept);
  set_locked (self, &binding->tap, FALSE);
  return kept;
}

void
mh_watched_pad_bind (MhWatchedPad *self, GstPad *pad, MhMailbox *mailbox)
{
  g_autoptr (GPtrArray) stickies = NULL;
  GQueue kept;

  if (GST_PAD_IS_SRC (pad)) {
    stickies = g_ptr_array_new_with_free_func (
        (GDestroyNotify) gst_event_unref);
    gst_pad_sticky_events_foreach (pad, watch_collect, stickies);
  }
  g_mutex_lock (&self->lock);
  kept = bind_locked (self, mailbox, stickies);
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&kept, kept_free);
}
