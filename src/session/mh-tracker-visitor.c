/* mh-tracker-visitor: a visitor who agrees, or does not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

void
mh_tracker_abandon (MhTracker *self, const char *reason)
{
  mh_resume_detector_discard (self->resume);
  mh_session_abandon (self->session);
  mh_tracker_clear_withheld (self);
  self->key = 0;
  if (self->service)
    mh_service_drop_all (self->service, self, reason);
  mh_tracker_set_session_id (self, NULL);
}

static gboolean
is_pending (const MhConfig *config, const MhConfig *visitor)
{
  g_autofree char *consent = mh_config_dup_consent (config);

  return visitor->consent_pending || !mh_config_consents (visitor, consent);
}

static void
set_pending (MhConfig **config, const MhConfig *visitor)
{
  MhConfig *copy = mh_config_copy (*config);

  copy->consent_pending = is_pending (*config, visitor);
  mh_config_unref (*config);
  *config = copy;
}

void
mh_tracker_set_consent (MhTracker *self, const MhConfig *visitor)
{
  set_pending (&self->config, visitor);
  /* What is not in the queue so far goes there as what the session took. */
  if (self->starts.is_withheld)
    set_pending (&self->current, visitor);
  if (!self->service)
    return;
  if (!visitor->consent_pending)
    mh_service_consent (self->service, visitor, self);
  else if (self->key)
    mh_service_withhold (self->service, self->key, self->current);
}

void
mh_tracker_forget_visitor (
    MhTracker *self, const MhConfig *config, const char *reason)
{
  mh_tracker_abandon (self, reason);
  if (self->service)
    mh_service_forget_visitor (self->service, config, reason);
}
