/* collector-line: one report as a line of output.
 *
 * May touch: GLib, json-glib, collector-report, collector-event,
 * collector-text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-report.h"

G_BEGIN_DECLS

/**
 * collector_line_new:
 * @report: what happened
 * @arrival: when, in the time zone to show
 *
 * Time, session, its state, event type, playhead and what matters most of the
 * rest, in columns; of a refusal: the status and the reason.
 *
 * Returns: (transfer full): a line for people, printable, without its end.
 */
char *collector_line_new (const CollectorReport *report, GDateTime *arrival);

/**
 * collector_line_new_json:
 * @report: an accepted event
 *
 * Returns: (transfer full): a line for programs, without its end: the event's
 *   own members as they came, and before them "session" (the whole id) and
 *   "state".
 */
char *collector_line_new_json (const CollectorReport *report);

G_END_DECLS
