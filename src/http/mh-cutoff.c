/* mh-cutoff: shuts down connections whose time is over, from its own thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cutoff.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

struct _MhCutoff
{
  GThread *thread; /* NULL: none yet */

  GMutex lock;
  GCond changed;
  GQueue marks; /* lock: of MhCutoffMark.link */
  gint64 wakes_at; /* lock: when the thread looks again */
  gboolean quit; /* lock */
};

MhCutoff *
mh_cutoff_new (void)
{
  MhCutoff *self = g_new0 (MhCutoff, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->wakes_at = G_MAXINT64;
  return self;
}

/* Shuts down what is due. Returns: when the next is. */
static gint64
shut_down_locked (MhCutoff *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = G_MAXINT64;

  for (GList *link = self->marks.head; link; link = link->next) {
    MhCutoffMark *mark = link->data;

    if (mark->at <= now) {
      shutdown (mark->fd, SHUT_RDWR);
      mark->at = G_MAXINT64;
    }
    next = MIN (next, mark->at);
  }
  return next;
}

static gpointer
cutoff_run (gpointer data)
{
  MhCutoff *self = data;

  g_mutex_lock (&self->lock);
  while (!self->quit) {
    self->wakes_at = shut_down_locked (self);
    if (self->wakes_at == G_MAXINT64)
      g_cond_wait (&self->changed, &self->lock);
    else
      g_cond_wait_until (&self->changed, &self->lock, self->wakes_at);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

void
mh_cutoff_free (MhCutoff *self)
{
  g_assert (self->marks.length == 0);
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread)
    g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
mh_cutoff_set (MhCutoff *self, MhCutoffMark *mark, int fd, gint64 at)
{
  mh_cutoff_remove (self, mark);
  mark->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  if (mark->fd < 0)
    return;
  mark->set = TRUE;
  mark->at = at;
  mark->link.data = mark;
  g_mutex_lock (&self->lock);
  g_queue_push_tail_link (&self->marks, &mark->link);
  /* Requests have the same time to live: the thread is hardly ever woken. */
  if (at < self->wakes_at)
    g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  if (!self->thread)
    self->thread = g_thread_try_new (
        "mediaheartbeat-c", cutoff_run, self, NULL);
}

void
mh_cutoff_remove (MhCutoff *self, MhCutoffMark *mark)
{
  if (!mark->set)
    return;
  g_mutex_lock (&self->lock);
  g_queue_unlink (&self->marks, &mark->link);
  g_mutex_unlock (&self->lock);
  mark->set = FALSE;
  close (mark->fd);
}
