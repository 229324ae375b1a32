/* mh-retry: when to try again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-retry.h"

MhTime
mh_retry_delay (guint attempt, MhTime retry_after, double random)
{
  MhTime ceiling = MH_RETRY_BASE;

  g_return_val_if_fail (attempt >= 1, MH_RETRY_CAP);
  g_return_val_if_fail (random >= 0 && random < 1, MH_RETRY_CAP);

  for (guint i = 1; i < attempt && ceiling < MH_RETRY_CAP; i++)
    ceiling *= 2;
  ceiling = MIN (ceiling, MH_RETRY_CAP);
  return CLAMP (retry_after, 0, MH_RETRY_AFTER_MAX) +
      (MhTime) (random * (double) ceiling);
}
