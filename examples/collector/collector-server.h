/* collector-server: the back end's side of the protocols.
 *
 * The endpoints of docs/design/wire-media-collection.md#requests over HTTP, for
 * the program and for tests in the same process; those of
 * docs/design/wire-media-edge.md#request are in collector-edge.
 *
 * May touch: GLib, GIO, json-glib, libsoup (in the .c only), the other
 * collector files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-report.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The longest body that is read. */
#define COLLECTOR_BODY_MAX (1024 * 1024)

/* How long a session may be silent unless it is said otherwise, seconds. */
#define COLLECTOR_EXPIRE_DEFAULT 600

/* Instead of a status: faults that are no answer at all. */
#define COLLECTOR_FAULT_SILENT 1 /* the connection stays open */
#define COLLECTOR_FAULT_CLOSE 2 /* the connection is closed */

/**
 * CollectorReportFunc:
 * @report: what happened
 * @user_data: from the options
 *
 * Called for each event accepted, in order, and for each request refused,
 * before the answer goes out. Must not free the server.
 */
typedef void (*CollectorReportFunc) (
    const CollectorReport *report, gpointer user_data);

/**
 * CollectorFaultFunc:
 * @path: the request's path
 * @user_data: from the options
 *
 * Called for each request before it is looked at.
 *
 * Returns: 0: treat the request as usual; a status: answer with that, without
 *   looking at the request; or one of the COLLECTOR_FAULT_….
 */
typedef guint (*CollectorFaultFunc) (const char *path, gpointer user_data);

/**
 * CollectorServerOptions:
 * @port: where to listen; 0: any free port
 * @listen_all: on all addresses; FALSE: on loopback only
 * @expire: seconds without an event after which a session is closed; 0: the
 *   default
 * @strict: whether Media Edge requests without the location hint of their
 *   session's start get a 404
 * @org_id: (nullable): whose cookies a Media Edge sessionStart is answered with,
 *   `…@AdobeOrg`, as Adobe's web SDK waits for them; NULL: without cookies. Not
 *   copied
 * @now: (nullable): the clock, microseconds; NULL: CLOCK_BOOTTIME
 * @report: (nullable): see #CollectorReportFunc
 * @fault: (nullable): see #CollectorFaultFunc
 * @user_data: passed to all three
 *
 * All zero is a good set of options.
 */
typedef struct
{
  guint16 port;
  gboolean listen_all;
  guint expire;
  gboolean strict;
  const char *org_id;
  gint64 (*now) (gpointer user_data);
  CollectorReportFunc report;
  CollectorFaultFunc fault;
  gpointer user_data;
} CollectorServerOptions;

/**
 * CollectorServer:
 *
 * Runs in the thread-default main context of the thread that made it; all
 * functions are to be called, and all callbacks come, in that thread.
 */
typedef struct _CollectorServer CollectorServer;

/**
 * collector_server_new:
 * @options: (nullable): see #CollectorServerOptions; copied
 * @error: %G_IO_ERROR of the socket: the port is in use, and so on
 *
 * Returns: (transfer full) (nullable): a server that listens; free with
 *   collector_server_free().
 */
CollectorServer *collector_server_new (
    const CollectorServerOptions *options, GError **error);

/**
 * collector_server_free:
 * @server: (nullable) (transfer full): a server
 *
 * Closes all connections, those of unanswered requests as well.
 */
void collector_server_free (CollectorServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorServer, collector_server_free)

/* collector-page.h; its header knows libsoup. */
typedef struct _CollectorPage CollectorPage;

/**
 * collector_server_set_page:
 * @server: a server
 * @page: (nullable): gets the requests that are for it; must outlive @server
 *
 * Faults are not for the page: it shows what they do.
 */
void collector_server_set_page (CollectorServer *server, CollectorPage *page);

/**
 * collector_server_restore:
 * @server: a server
 * @report: of an event that was accepted by a server before this one
 *
 * The session goes on from there, as if it had been this one. Not reported.
 *
 * Returns: whether the event is new; FALSE: it has been restored before.
 */
gboolean collector_server_restore (
    CollectorServer *server, const CollectorReport *report);

/**
 * collector_server_get_port:
 * @server: a server
 *
 * Returns: the port it listens on.
 */
guint16 collector_server_get_port (CollectorServer *server);

/**
 * collector_server_fail_next:
 * @server: a server
 * @count: how many requests; 0 ends the failing
 * @status: as a #CollectorFaultFunc returns it, but not 0
 * @...: names and values of headers for these answers, ended by NULL
 *
 * From now on, @count requests get @status, whatever they are; replaces what an
 * earlier call has left over. They do not reach the options' fault function.
 * Those that are answered are reported as refused.
 */
void collector_server_fail_next (CollectorServer *server, guint count,
    guint status, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
