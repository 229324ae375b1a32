/* mh-settings: what the element's properties say.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-settings.h"

#include "mh-property.h"

MhSettings *
mh_settings_new (void)
{
  MhSettings *self = g_new0 (MhSettings, 1);

  g_atomic_ref_count_init (&self->refs);
  self->config = mh_config_new ();
  mh_property_init_all (self, MH_PROPERTY_IN_SETTINGS);
  return self;
}

MhSettings *
mh_settings_copy (const MhSettings *self)
{
  MhSettings *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->refs);
  copy->config = mh_config_copy (self->config);
  mh_property_own_all (copy, MH_PROPERTY_IN_SETTINGS);
  return copy;
}

MhSettings *
mh_settings_ref (MhSettings *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_settings_unref (MhSettings *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mh_config_unref (self->config);
  mh_property_clear_all (self, MH_PROPERTY_IN_SETTINGS);
  g_free (self);
}
