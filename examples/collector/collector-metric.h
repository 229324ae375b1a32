/* collector-metric: the metrics by name, each with its rule.
 *
 * One table for the JSON, the page and the documents.
 *
 * May touch: GLib, collector-metrics.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-metrics.h"

G_BEGIN_DECLS

/**
 * CollectorOutcome:
 * @metrics: of the session
 * @closed: whether the session is over
 * @silence: where a time-out has closed it: seconds since its last event;
 *   negative otherwise
 *
 * What a metric is computed of.
 */
typedef struct
{
  const CollectorMetrics *metrics;
  gboolean closed;
  double silence;
} CollectorOutcome;

/**
 * CollectorMetric:
 * @id: in the JSON
 * @key: Adobe's context data variable; NULL where it has none
 * @name: for people
 * @unit: "s", "count", "ms", "kbit/s", "ratio", "flag" or "text"
 * @rule: what is computed, for people
 * @value: (nullable): computes it; not a number: there is none
 * @text: (nullable): instead of @value where it is a text: (transfer full)
 *   (nullable)
 */
typedef struct
{
  const char *id;
  const char *key;
  const char *name;
  const char *unit;
  const char *rule;
  double (*value) (const CollectorOutcome *outcome);
  char *(*text) (const CollectorOutcome *outcome);
} CollectorMetric;

/* In the order in which they are shown; the last one has no id. */
extern const CollectorMetric collector_metric_all[];

/**
 * collector_metric_find:
 * @id: of a metric
 *
 * Returns: (nullable): the metric.
 */
const CollectorMetric *collector_metric_find (const char *id);

G_END_DECLS
