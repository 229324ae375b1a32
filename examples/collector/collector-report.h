/* collector-report: what the server has to say of one event or request.
 *
 * May touch: GLib, json-glib, collector-session's states.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-session.h"

G_BEGIN_DECLS

/**
 * CollectorReport:
 * @status: of the answer: 201 and 204 for an accepted event, else the refusal
 * @path: of the request; printable
 * @session_id: (nullable): the session; NULL where there is none or it is
 *   unknown
 * @state: the session's state after the event; of accepted events
 * @event: (nullable): the event as it came, also of a refused request if it
 *   was a JSON object; never NULL for an accepted event
 * @subject: (nullable): see collector_session_get_subject(); not made printable
 * @reason: (nullable): of a refusal: why, one printable line
 *
 * Valid during the call that it is passed to; whoever needs @event longer takes
 * a reference.
 */
typedef struct
{
  guint status;
  const char *path;
  const char *session_id;
  CollectorState state;
  JsonObject *event;
  const char *subject;
  const char *reason;
} CollectorReport;

/**
 * collector_report_accepted:
 * @report: a report
 *
 * Returns: whether it is about an accepted event.
 */
static inline gboolean
collector_report_accepted (const CollectorReport *report)
{
  return report->status < 300;
}

G_END_DECLS
