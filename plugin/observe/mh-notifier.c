/* mh-outbox: what the application is to be told, in order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-outbox.h"

/* One of the two. */
typedef struct
{
  GstMessage *message;
  const char *property;
} News;

struct _MhOutbox
{
  gatomicrefcount refs;
  GWeakRef element;
  gboolean own;

  GMutex lock;
  GQueue queue; /* lock: of News */
  gboolean
      draining; /* lock: a thread is at it, and looks again before it ends */
  gboolean called; /* lock: a thread is on its way */
};

static void
news_free (gpointer data)
{
  News *news = data;

  gst_clear_message (&news->message);
  g_free (news);
}

MhOutbox *
mh_outbox_new (GstElement *element, gboolean own)
{
  MhOutbox *self = g_new0 (MhOutbox, 1);

  g_atomic_ref_count_init (&self->refs);
  g_weak_ref_init (&self->element, element);
  self->own = own;
  g_mutex_init (&self->lock);
  g_queue_init (&self->queue);
  return self;
}

MhOutbox *
mh_outbox_ref (MhOutbox *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_outbox_unref (MhOutbox *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_weak_ref_clear (&self->element);
  g_queue_clear_full (&self->queue, news_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mh_outbox_drain (MhOutbox *self, GstElement *element)
{
  News *news;

  g_mutex_lock (&self->lock);
  if (self->draining) {
    g_mutex_unlock (&self->lock);
    return;
  }
  self->draining = TRUE;
  while ((news = g_queue_pop_head (&self->queue))) {
    g_mutex_unlock (&self->lock);
    if (news->message)
      gst_element_post_message (element, g_steal_pointer (&news->message));
    else
      g_object_notify (G_OBJECT (element), news->property);
    news_free (news);
    g_mutex_lock (&self->lock);
  }
  self->draining = FALSE;
  g_mutex_unlock (&self->lock);
}

static void
drain_async (GstElement *element, gpointer user_data)
{
  MhOutbox *self = user_data;

  g_mutex_lock (&self->lock);
  self->called = FALSE;
  g_mutex_unlock (&self->lock);
  mh_outbox_drain (self, element);
}

static void
outbox_unref (gpointer data)
{
  mh_outbox_unref (data);
}

static void
release_async (GstElement *element, gpointer user_data)
{
  gst_object_unref (element);
}

void
mh_outbox_release (GstElement *element)
{
  gst_element_call_async (element, release_async, NULL, NULL);
}

static void
put (MhOutbox *self, GstElement *element, GstMessage *message,
    const char *property)
{
  News *news = g_new0 (News, 1);
  gboolean call;

  news->message = message;
  news->property = property;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->queue, news);
  call = !self->called;
  self->called = TRUE;
  g_mutex_unlock (&self->lock);
  if (call)
    gst_element_call_async (
        element, drain_async, mh_outbox_ref (self), outbox_unref);
}

void
mh_outbox_put_structure (MhOutbox *self, GstStructure *structure)
{
  GstElement *element = g_weak_ref_get (&self->element);

  if (!element) {
    gst_structure_free (structure);
    return;
  }
  put (self, element, gst_message_new_element (GST_OBJECT (element), structure),
      NULL);
  mh_outbox_release (element);
}

void
mh_outbox_put_warning (MhOutbox *self, const char *text)
{
  GstElement *element = self->own ? g_weak_ref_get (&self->element) : NULL;
  g_autoptr (GError) error = NULL;

  if (!element)
    return;
  error = g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "mediaheartbeat: %s", text);
  put (self, element,
      gst_message_new_warning (GST_OBJECT (element), error, NULL), NULL);
  mh_outbox_release (element);
}

void
mh_outbox_put_notify (MhOutbox *self, const char *property)
{
  GstElement *element = self->own ? g_weak_ref_get (&self->element) : NULL;

  if (!element)
    return;
  put (self, element, NULL, property);
  mh_outbox_release (element);
}
