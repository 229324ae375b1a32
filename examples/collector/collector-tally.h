/* collector-tally: metrics and lanes of events that arrive in any order.
 *
 * The newest events wait: as long as one may still arrive that belongs before
 * them, the sums are made again from what is settled. Adobe sorts in the same
 * way: docs/guide/collector.md#events-that-arrive-late.
 *
 * May touch: GLib, collector-lanes, collector-metrics, collector-step.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-lanes.h"
#include "collector-metrics.h"

G_BEGIN_DECLS

/* So many events, and so many milliseconds, one may arrive behind others. */
#define COLLECTOR_TALLY_EVENTS 10
#define COLLECTOR_TALLY_TIME 5000

/**
 * CollectorOrder:
 *
 * Where an event belongs, seen from those before it.
 */
typedef enum
{
  COLLECTOR_ORDER_NEXT, /* behind them */
  COLLECTOR_ORDER_SORTED, /* before some that came earlier */
  COLLECTOR_ORDER_BEHIND, /* the same, too late for that */
  COLLECTOR_ORDER_REPEATED, /* it is one of them, and does not count again */
} CollectorOrder;

typedef struct _CollectorTally CollectorTally;

/**
 * collector_tally_new:
 *
 * Returns: (transfer full): of a session without events; free with
 *   collector_tally_free().
 */
CollectorTally *collector_tally_new (void);
void collector_tally_free (CollectorTally *tally);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorTally, collector_tally_free)

/**
 * collector_tally_add:
 * @tally: of a session
 * @step: (transfer full): an event of it
 *
 * Returns: where it belongs.
 */
CollectorOrder collector_tally_add (CollectorTally *tally, CollectorStep *step);

/**
 * collector_tally_get_metrics:
 * @tally: of a session
 *
 * Returns: (transfer none): with all events so far; valid until the next one.
 */
const CollectorMetrics *collector_tally_get_metrics (CollectorTally *tally);

/**
 * collector_tally_get_lanes:
 * @tally: of a session
 *
 * Returns: (transfer none): with all events so far; valid until the next one.
 */
const CollectorLanes *collector_tally_get_lanes (CollectorTally *tally);

G_END_DECLS
