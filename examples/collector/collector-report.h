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
 * @repeated: of accepted events: it has come before, and counts no more
 * @status: of the answer
 * @protocol: what the request was written in: "media-collection", …; static
 * @arrival: when the request was complete, milliseconds UTC
 * @path: of the request; printable
 * @session_id: (nullable): the session; NULL where there is none or it is
 *   unknown
 * @state: the session's state after the event; of accepted events
 * @event: (nullable): the event as it came, also of a refused request if it
 *   was a JSON object; never NULL for an accepted event
 * @subject: (nullable): see collector_session_get_subject(); not made printable
 * @reason: (nullable): of a refusal: why, one printable line
 *
 * Valid during the call that it is passed to; a handler that needs @event longer takes
 * a reference.
 */
typedef struct
{
  gboolean accepted;
  gboolean repeated;
  guint status;
  const char *protocol;
  gint64 arrival;
  const char *path;
  const char *session_id;
  CollectorState state;
  JsonObject *event;
  const char *subject;
  const char *reason;
} CollectorReport;

G_END_DECLS
