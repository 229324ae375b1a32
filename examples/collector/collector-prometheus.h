/* collector-prometheus: the model's counters for Prometheus.
 *
 * May touch: GLib, collector-model.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-model.h"

G_BEGIN_DECLS

/**
 * collector_prometheus_new:
 * @model: what there is
 * @now: milliseconds UTC
 *
 * Returns: (transfer full): the text exposition format, version 0.0.4.
 */
char *collector_prometheus_new (CollectorModel *model, gint64 now);

G_END_DECLS
