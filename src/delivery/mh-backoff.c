/* mh-retry: when to try again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-retry.h"

static MhTime
back_off (guint attempt, MhTime cap, double random)
{
  MhTime ceiling = MH_RETRY_BASE;

  for (guint i = 1; i < attempt && ceiling < cap; i++)
    ceiling *= 2;
  return (MhTime) (random * (double) MIN (ceiling, cap));
}

MhTime
mh_retry_delay (guint attempt, MhTime retry_after, double random)
{
  g_return_val_if_fail (attempt >= 1, MH_RETRY_CAP);
  g_return_val_if_fail (random >= 0 && random < 1, MH_RETRY_CAP);

  return CLAMP (retry_after, 0, MH_RETRY_AFTER_MAX) +
      back_off (attempt, MH_RETRY_CAP, random);
}

MhTime
mh_retry_server_delay (guint attempt, double random)
{
  g_return_val_if_fail (attempt >= 1, MH_RETRY_SERVER_CAP);
  g_return_val_if_fail (random >= 0 && random < 1, MH_RETRY_SERVER_CAP);

  return back_off (attempt, MH_RETRY_SERVER_CAP, random);
}
