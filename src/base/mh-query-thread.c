/* mh-asker: asks what may never answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-asker.h"

/* Between the asker and a thread of its. */
typedef struct
{
  gatomicrefcount refs;
  GMutex lock;
  GCond cond; /* of what follows */
  MhAskFunc ask; /* lock: NULL: there is no question */
  gpointer question; /* lock */
  GDestroyNotify free_func; /* lock */
  gboolean left; /* lock: nobody waits for an answer, nor asks any more */
} Desk;

struct _MhAsker
{
  Desk *desk; /* NULL while there is no thread */
  GThread *thread;
};

static void
desk_unref (Desk *desk)
{
  if (!g_atomic_ref_count_dec (&desk->refs))
    return;
  g_mutex_clear (&desk->lock);
  g_cond_clear (&desk->cond);
  g_free (desk);
}

static void
serve_locked (Desk *desk)
{
  MhAskFunc ask = desk->ask;

  g_mutex_unlock (&desk->lock);
  ask (desk->question);
  g_mutex_lock (&desk->lock);
  desk->ask = NULL;
  g_cond_signal (&desk->cond);
}

static gpointer
run (gpointer data)
{
  Desk *desk = data;
  gboolean served = FALSE;

  g_mutex_lock (&desk->lock);
  while (!desk->left) {
    served = desk->ask != NULL;
    if (served)
      serve_locked (desk);
    else
      g_cond_wait (&desk->cond, &desk->lock);
  }
  g_mutex_unlock (&desk->lock);
  /* Too late for whoever has asked. */
  if (served)
    desk->free_func (desk->question);
  desk_unref (desk);
  return NULL;
}

MhAsker *
mh_asker_new (void)
{
  return g_new0 (MhAsker, 1);
}

static void
leave (MhAsker *self)
{
  g_clear_pointer (&self->thread, g_thread_unref);
  g_clear_pointer (&self->desk, desk_unref);
}

/* Returns: whether there is a thread. */
static gboolean
begin (MhAsker *self)
{
  if (self->desk)
    return TRUE;
  self->desk = g_new0 (Desk, 1);
  g_atomic_ref_count_init (&self->desk->refs);
  g_mutex_init (&self->desk->lock);
  g_cond_init (&self->desk->cond);
  g_atomic_ref_count_inc (&self->desk->refs);
  self->thread = g_thread_try_new ("mediaheartbeat?", run, self->desk, NULL);
  if (self->thread)
    return TRUE;
  desk_unref (self->desk); /* its own */
  leave (self);
  return FALSE;
}

void
mh_asker_free (MhAsker *self)
{
  if (!self)
    return;
  if (self->desk) {
    g_mutex_lock (&self->desk->lock);
    self->desk->left = TRUE;
    g_cond_signal (&self->desk->cond);
    g_mutex_unlock (&self->desk->lock);
    g_thread_join (g_steal_pointer (&self->thread));
    leave (self);
  }
  g_free (self);
}

gboolean
mh_asker_ask (MhAsker *self, MhAskFunc ask, gpointer question,
    GDestroyNotify free_func, MhTime patience)
{
  gint64 until = g_get_monotonic_time () + patience;
  gboolean answered;
  Desk *desk;

  if (!begin (self)) {
    free_func (question);
    return FALSE;
  }
  desk = self->desk;
  g_mutex_lock (&desk->lock);
  desk->ask = ask;
  desk->question = question;
  desk->free_func = free_func;
  g_cond_signal (&desk->cond);
  while (desk->ask && g_cond_wait_until (&desk->cond, &desk->lock, until))
    ;
  answered = desk->ask == NULL;
  desk->left = !answered;
  g_mutex_unlock (&desk->lock);
  if (!answered)
    leave (self);
  return answered;
}
