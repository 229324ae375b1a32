/* collector-tally: metrics and lanes of events that arrive in any order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-tally.h"

/* The sums up to some event. */
typedef struct
{
  CollectorMetrics *metrics;
  CollectorLanes *lanes;
} Sums;

struct _CollectorTally
{
  Sums settled; /* up to the events that wait */
  Sums current; /* with them */
  GPtrArray *waiting; /* steps, by their time */
};

static void
sums_clear (Sums *sums)
{
  g_clear_pointer (&sums->metrics, collector_metrics_free);
  g_clear_pointer (&sums->lanes, collector_lanes_free);
}

static void
sums_add (Sums *sums, const CollectorStep *step)
{
  gboolean playing = sums->metrics->state == COLLECTOR_STATE_PLAYING;
  gboolean main = collector_metrics_is_main (sums->metrics);
  double dt = collector_metrics_add (sums->metrics, step);

  collector_lanes_add (
      sums->lanes, step, playing ? dt : 0, main ? dt : 0, sums->metrics);
}

CollectorTally *
collector_tally_new (void)
{
  CollectorTally *tally = g_new0 (CollectorTally, 1);

  tally->settled.metrics = collector_metrics_new ();
  tally->settled.lanes = collector_lanes_new ();
  tally->current.metrics = collector_metrics_new ();
  tally->current.lanes = collector_lanes_new ();
  tally->waiting = g_ptr_array_new_with_free_func (
      (GDestroyNotify) collector_step_free);
  return tally;
}

void
collector_tally_free (CollectorTally *tally)
{
  if (!tally)
    return;
  sums_clear (&tally->settled);
  sums_clear (&tally->current);
  g_ptr_array_unref (tally->waiting);
  g_free (tally);
}

static CollectorStep *
waiting_at (CollectorTally *tally, guint index)
{
  return g_ptr_array_index (tally->waiting, index);
}

static gboolean
is_repeated (CollectorTally *tally, const CollectorStep *step)
{
  for (guint i = 0; i < tally->waiting->len; i++) {
    const CollectorStep *other = waiting_at (tally, i);

    if (other->ts == step->ts && other->kind == step->kind &&
        g_strcmp0 (other->name, step->name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What can no longer have something before it. */
static void
settle (CollectorTally *tally)
{
  guint len = tally->waiting->len;
  gint64 newest = waiting_at (tally, len - 1)->ts;
  guint done = 0;

  while (len - done > COLLECTOR_TALLY_EVENTS ||
      newest - waiting_at (tally, done)->ts > COLLECTOR_TALLY_TIME)
    sums_add (&tally->settled, waiting_at (tally, done++));
  g_ptr_array_remove_range (tally->waiting, 0, done);
}

static void
compute_again (CollectorTally *tally)
{
  sums_clear (&tally->current);
  tally->current.metrics = collector_metrics_copy (tally->settled.metrics);
  tally->current.lanes = collector_lanes_copy (tally->settled.lanes);
  for (guint i = 0; i < tally->waiting->len; i++)
    sums_add (&tally->current, waiting_at (tally, i));
}

static guint
find_place (CollectorTally *tally, const CollectorStep *step)
{
  guint place = tally->waiting->len;

  while (place > 0 && waiting_at (tally, place - 1)->ts > step->ts)
    place--;
  return place;
}

CollectorOrder
collector_tally_add (CollectorTally *tally, CollectorStep *step)
{
  const CollectorMetrics *settled = tally->settled.metrics;
  CollectorOrder order = COLLECTOR_ORDER_NEXT;
  guint place;

  if (!step->identified && is_repeated (tally, step)) {
    collector_step_free (step);
    return COLLECTOR_ORDER_REPEATED;
  }
  if (settled->events > 0 && step->ts < settled->last_ts)
    order = COLLECTOR_ORDER_BEHIND;
  place = find_place (tally, step);
  if (place < tally->waiting->len && order == COLLECTOR_ORDER_NEXT)
    order = COLLECTOR_ORDER_SORTED;
  g_ptr_array_insert (tally->waiting, (int) place, step);
  if (place + 1 == tally->waiting->len)
    sums_add (&tally->current, step);
  else
    compute_again (tally);
  settle (tally);
  return order;
}

const CollectorMetrics *
collector_tally_get_metrics (CollectorTally *tally)
{
  return tally->current.metrics;
}

const CollectorLanes *
collector_tally_get_lanes (CollectorTally *tally)
{
  return tally->current.lanes;
}
