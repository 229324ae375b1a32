/* mh-backoff: when to try again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-backoff.h"

#include "mh-protocol.h"

static MhTime
get_ceiling (guint attempt, MhTime base, MhTime cap)
{
  MhTime ceiling = base;

  for (guint i = 1; i < attempt && ceiling < cap; i++)
    ceiling *= 2;
  return MIN (ceiling, cap);
}

static MhTime
back_off (guint attempt, MhTime cap, double random)
{
  return (
      MhTime) (random * (double) get_ceiling (attempt, MH_BACKOFF_BASE, cap));
}

MhTime
mh_backoff_delay (guint attempt, MhTime retry_after, double random)
{
  g_return_val_if_fail (attempt >= 1, MH_BACKOFF_CAP);
  g_return_val_if_fail (random >= 0 && random < 1, MH_BACKOFF_CAP);

  return CLAMP (retry_after, 0, MH_PROTOCOL_RETRY_AFTER_MAX) +
      back_off (attempt, MH_BACKOFF_CAP, random);
}

MhTime
mh_backoff_server_delay (guint attempt, double random)
{
  g_return_val_if_fail (attempt >= 1, MH_BACKOFF_SERVER_CAP);
  g_return_val_if_fail (random >= 0 && random < 1, MH_BACKOFF_SERVER_CAP);

  return back_off (attempt, MH_BACKOFF_SERVER_CAP, random);
}

MhTime
mh_backoff_start_delay (guint attempt)
{
  return get_ceiling (attempt, MH_BACKOFF_START, MH_BACKOFF_START_CAP);
}
