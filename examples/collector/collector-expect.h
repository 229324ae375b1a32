/* collector-expect: compares what arrives with what a scenario expects.
 *
 * docs/guide/collector.md#comparing-with-a-scenario has the form of the file.
 *
 * May touch: GLib, json-glib, collector-event, collector-report.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-report.h"

G_BEGIN_DECLS

/**
 * CollectorVerdict:
 *
 * What is known so far.
 */
typedef enum
{
  COLLECTOR_VERDICT_OPEN, /* not all has come */
  COLLECTOR_VERDICT_AGREES,
  COLLECTOR_VERDICT_DIFFERS,
} CollectorVerdict;

typedef struct _CollectorExpect CollectorExpect;

/**
 * collector_expect_new:
 * @path: of a scenario
 * @tolerance: by how many seconds times and playheads may differ
 * @error: of the file, or %G_IO_ERROR_INVALID_DATA
 *
 * Returns: (transfer full) (nullable): what it expects; free with
 *   collector_expect_free().
 */
CollectorExpect *collector_expect_new (
    const char *path, double tolerance, GError **error);
void collector_expect_free (CollectorExpect *expect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorExpect, collector_expect_free)

/**
 * collector_expect_add:
 * @expect: what is expected
 * @report: what came
 *
 * A refusal is a difference. What comes after the first difference does not
 * matter.
 *
 * Returns: what is known now.
 */
CollectorVerdict collector_expect_add (
    CollectorExpect *expect, const CollectorReport *report);

/**
 * collector_expect_explain:
 * @expect: what is expected
 *
 * Returns: (transfer full): one line: the first difference, or what has not
 *   come.
 */
char *collector_expect_explain (CollectorExpect *expect);

G_END_DECLS
