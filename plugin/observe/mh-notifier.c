/* mh-notifier: what the application is to be told, in order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-notifier.h"

#include <pthread.h>

#include "mh-lock.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* One of the three. */
typedef struct
{
  GstMessage *message;
  char *warning;
  const char *property;
} Notification;

struct _MhNotifier
{
  gatomicrefcount refs;
  GWeakRef element;
  gboolean own;

  GMutex lock;
  GCond told;
  GQueue queue; /* lock: of Notification */
  GQueue tellers; /* lock: of GThread, for each of those in hand */
  guint waiting; /* lock: threads that want to tell the rest themselves */
  gboolean called; /* lock: a thread is on its way */
  GstElement *lent; /* lock: and has this reference to give back */
};

static void
notification_free (gpointer data)
{
  Notification *notification = data;

  gst_clear_message (&notification->message);
  g_free (notification->warning);
  g_free (notification);
}

MhNotifier *
mh_notifier_new (GstElement *element, gboolean own)
{
  MhNotifier *self = g_new0 (MhNotifier, 1);

  g_atomic_ref_count_init (&self->refs);
  g_weak_ref_init (&self->element, element);
  self->own = own;
  g_mutex_init (&self->lock);
  g_cond_init (&self->told);
  g_queue_init (&self->queue);
  g_queue_init (&self->tellers);
  return self;
}

static MhNotifier *
notifier_ref (MhNotifier *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_notifier_unref (MhNotifier *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_weak_ref_clear (&self->element);
  g_queue_clear_full (&self->queue, notification_free);
  g_cond_clear (&self->told);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
notifier_tell (GstElement *element, Notification *notification)
{
  if (notification->message)
    gst_element_post_message (
        element, g_steal_pointer (&notification->message));
  else if (notification->warning)
    GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
        ("mediaheartbeat: %s", notification->warning), (NULL));
  else
    g_object_notify (G_OBJECT (element), notification->property);
}

/* Takes one out and tells it. The lock is not held meanwhile. */
static void
tell_next_locked (MhNotifier *self, GstElement *element)
{
  Notification *notification = g_queue_pop_head (&self->queue);

  g_queue_push_head (&self->tellers, g_thread_self ());
  g_mutex_unlock (&self->lock);
  notifier_tell (element, notification);
  notification_free (notification);
  g_mutex_lock (&self->lock);
  g_queue_remove (&self->tellers, g_thread_self ());
  g_cond_broadcast (&self->told);
}

/* What this thread itself is at, further out, cannot be waited for. */
static gboolean
others_tell_locked (MhNotifier *self)
{
  for (GList *l = self->tellers.head; l; l = l->next) {
    if (l->data != g_thread_self ())
      return TRUE;
  }
  return FALSE;
}

/* What another thread has in hand is told before what follows. The handler that
 * it runs may wait for this thread: then it is not waited for any longer. */
static void
wait_for_others_locked (MhNotifier *self, gint64 wait)
{
  self->waiting++;
  while (others_tell_locked (self)) {
    if (!g_cond_wait_until (
            &self->told, &self->lock, g_get_monotonic_time () + wait))
      break;
  }
  self->waiting--;
}

void
mh_notifier_settle (MhNotifier *self, GstElement *element, gint64 wait)
{
  g_mutex_lock (&self->lock);
  wait_for_others_locked (self, wait);
  while (self->queue.length > 0)
    tell_next_locked (self, element);
  g_mutex_unlock (&self->lock);
}

void
mh_notifier_drain (MhNotifier *self, GstElement *element)
{
  g_mutex_lock (&self->lock);
  while (self->queue.length > 0 && self->waiting == 0 &&
      !others_tell_locked (self))
    tell_next_locked (self, element);
  g_mutex_unlock (&self->lock);
}

/* ---- references that are given back ---- */

/* Of all players of the process: each of them looks at its pipeline once a second,
 * at the same moment, and one thread gives back what all of them have taken. */
static GMutex release_lock; /* of what follows; nothing is called meanwhile */
static GQueue released = G_QUEUE_INIT; /* of GstElement */
static gboolean release_called; /* a thread is on its way */
static gboolean release_invoked; /* the worker will ask for one */

/* In a child of fork(): no thread is on its way there, and what waits is the
 * parent's. */
static void
release_forget (void)
{
  g_mutex_init (&release_lock);
  g_queue_init (&released);
  release_called = FALSE;
  release_invoked = FALSE;
}

static void
release_watch_forks (void)
{
  static gsize done;

  if (g_once_init_enter (&done)) {
    pthread_atfork (NULL, NULL, release_forget);
    g_once_init_leave (&done, 1);
  }
}

static GstElement *
release_take (void)
{
  MH_AUTO_LOCK (&release_lock);

  return g_queue_pop_head (&released);
}

static void
unref_async (GstElement *element, gpointer user_data)
{
  gst_object_unref (element);
}

/* Gives back all there is, and then the reference of @element that was taken. No other
 * thread is asked for from here: gst_deinit() holds that up until this one is done. */
static void
release_async (GstElement *element, gpointer user_data)
{
  GstElement *next;

  g_mutex_lock (&release_lock);
  release_called = FALSE;
  g_mutex_unlock (&release_lock);
  while ((next = release_take ()))
    gst_object_unref (next);
  gst_object_unref (element);
}

void
mh_notifier_release (GstElement *element)
{
  gboolean call;

  release_watch_forks ();
  g_mutex_lock (&release_lock);
  call = !release_called;
  release_called = TRUE;
  if (!call)
    g_queue_push_tail (&released, element);
  g_mutex_unlock (&release_lock);
  if (call)
    gst_element_call_async (element, release_async, NULL, NULL);
}

static void
do_nothing (gpointer data)
{
}

/* Leaves in @released those that have other owners. */
static GQueue
take_last_ones_locked (void)
{
  GQueue last = G_QUEUE_INIT;

  for (GList *next, *link = released.head; link; link = next) {
    next = link->next;
    if (GST_OBJECT_REFCOUNT_VALUE (link->data) > 1)
      continue;
    g_queue_unlink (&released, link);
    g_queue_push_tail_link (&last, link);
  }
  return last;
}

/* The application's code may take its time with a last reference: each of them has a
 * thread for itself. One thread gives back the others, and is woken once: a thread
 * that is told of one after the other would be done with each before the next comes. */
static void
release_rest (gpointer data)
{
  GstElement *element = NULL;
  GQueue last;

  g_mutex_lock (&release_lock);
  release_invoked = FALSE;
  last = take_last_ones_locked ();
  if (!release_called)
    element = g_queue_pop_head (&released);
  release_called = release_called || element;
  g_mutex_unlock (&release_lock);
  if (element)
    gst_element_call_async (element, release_async, NULL, NULL);
  while ((element = g_queue_pop_head (&last)))
    gst_element_call_async (element, unref_async, NULL, NULL);
}

/* release_rest() is what frees the invocation: so it also runs if the worker ends
 * before it comes to the invocation. */
void
mh_notifier_release_together (GstElement *element, MhWorker *worker)
{
  gboolean invoke;

  release_watch_forks ();
  g_mutex_lock (&release_lock);
  g_queue_push_tail (&released, element);
  invoke = !release_invoked;
  release_invoked = TRUE;
  g_mutex_unlock (&release_lock);
  if (invoke)
    mh_worker_invoke (worker, do_nothing, NULL, release_rest);
}

/* ---- threads that tell ---- */

static void
drain_async (GstElement *element, gpointer user_data)
{
  MhNotifier *self = user_data;
  GstElement *lent;

  g_mutex_lock (&self->lock);
  self->called = FALSE;
  lent = g_steal_pointer (&self->lent);
  g_mutex_unlock (&self->lock);
  mh_notifier_drain (self, element);
  gst_object_unref (lent);
}

/* Takes @element, and what @notification has. */
static void
put_notification (
    MhNotifier *self, GstElement *element, Notification notification)
{
  gboolean call;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (
      &self->queue, g_memdup2 (&notification, sizeof notification));
  call = !self->called;
  self->called = TRUE;
  if (call)
    self->lent = element;
  g_mutex_unlock (&self->lock);
  if (call)
    gst_element_call_async (element, drain_async, notifier_ref (self),
        (GDestroyNotify) mh_notifier_unref);
  else
    mh_notifier_release (element);
}

void
mh_notifier_put_structure (MhNotifier *self, GstStructure *structure)
{
  GstElement *element = g_weak_ref_get (&self->element);

  if (!element) {
    gst_structure_free (structure);
    return;
  }
  put_notification (self, element,
      (Notification){ .message = gst_message_new_element (
                          GST_OBJECT (element), structure) });
}

gboolean
mh_notifier_put_warning (MhNotifier *self, const char *text)
{
  GstElement *element = self->own ? g_weak_ref_get (&self->element) : NULL;

  if (!element) {
    GST_WARNING ("%s", text);
    return FALSE;
  }
  put_notification (
      self, element, (Notification){ .warning = g_strdup (text) });
  return TRUE;
}

void
mh_notifier_put_notify (MhNotifier *self, const char *property)
{
  GstElement *element = self->own ? g_weak_ref_get (&self->element) : NULL;

  if (!element)
    return;
  put_notification (self, element, (Notification){ .property = property });
}
