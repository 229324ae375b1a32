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
 * @accepted: whether the event counts; FALSE: the request was refused
 * @status: of the answer
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
  gboolean accepted;
  guint status;
  const char *path;
  const char *session_id;
  CollectorState state;
  JsonObject *event;
  const char *subject;
  const char *reason;
} CollectorReport;

G_END_DECLS
