/* mh-observer-resume: where somebody was in what is played, for an application
 * that goes there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

/* Whoever reads it waits for the worker, not for a pipeline that does not
 * answer it. */
#define WAIT MH_TIME_FROM_SEC (1)

static void
set_position (MhObserver *self, double position)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->resume_position != position;
  self->resume_position = position;
  g_mutex_unlock (&self->lock);
  if (changed)
    mh_outbox_put_notify (self->outbox, "resume-position");
}

static gboolean
is_known (MhObserver *self, MhSettings *settings, const char *id)
{
  return self->resume_known && self->resume_settings == settings &&
      g_strcmp0 (self->resume_id, id) == 0;
}

static void
set_known (MhObserver *self, MhSettings *settings, const char *id)
{
  mh_settings_ref (settings);
  g_clear_pointer (&self->resume_settings, mh_settings_unref);
  self->resume_settings = settings;
  g_free (self->resume_id);
  self->resume_id = g_strdup (id);
  self->resume_known = TRUE;
}

/* Of a session that is open it says what was so when it began. */
void
mh_observer_update_resume (MhObserver *self, MhSettings *settings)
{
  g_auto (MhStreamInfo) info = { 0 };
  g_autoptr (MhMedia) media = NULL;
  double position = -1;

  if (!settings->remember) {
    self->resume_known = FALSE;
    set_position (self, -1);
    return;
  }
  if (mh_tracker_is_open (self->tracker)) {
    self->resume_known = FALSE;
    return;
  }
  /* Live media is not kept: it need not be known for what it is yet. */
  if (!settings->media_id)
    info.uri = mh_observer_ask_uri (self);
  media = mh_settings_make_media (settings, &info);
  if (is_known (self, settings, media->id))
    return;
  set_known (self, settings, media->id);
  if (media->remember)
    position = mh_tracker_get_resume_position (
        self->tracker, settings->config, media->id);
  set_position (self, position);
}

void
mh_observer_clear_resume (MhObserver *self)
{
  g_clear_pointer (&self->resume_settings, mh_settings_unref);
  g_clear_pointer (&self->resume_id, g_free);
}

static void
look_up (gpointer data)
{
  MhObserver *self = data;

  self->resume_known = FALSE;
  mh_observer_process (self);
}

double
mh_observer_get_resume_position (MhObserver *self)
{
  MhWorker *worker = NULL;
  double position;

  g_mutex_lock (&self->lock);
  if (self->service && self->settings->remember)
    worker = mh_worker_ref (mh_service_get_worker (self->service));
  g_mutex_unlock (&self->lock);
  if (!worker)
    return -1;
  mh_worker_invoke_and_wait (
      worker, look_up, mh_observer_ref (self), mh_observer_unref_data, WAIT);
  mh_worker_unref (worker);
  g_mutex_lock (&self->lock);
  position = self->resume_position;
  g_mutex_unlock (&self->lock);
  return position;
}
