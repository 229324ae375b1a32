/* Tests of collector-server: the endpoints, through HTTP in one process.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-server.h"

#include <libsoup/soup.h>
#include <string.h>

#define JSON "application/json"
#define SESSIONS "/api/v1/sessions"
#define DOWNLOADED "/api/v1/downloaded"
#define EVENT(type, ts) \
  "{\"eventType\":\"" type "\",\"playerTime\":{\"playhead\":0,\"ts\":" #ts "}}"
#define START(rest) \
  "{\"eventType\":\"sessionStart\",\"playerTime\":{\"playhead\":0,\"ts\":1}," \
  "\"params\":{\"analytics.trackingServer\":\"a\"," \
  "\"analytics.reportSuite\":\"b\",\"visitor.marketingCloudOrgId\":\"c\"," \
  "\"media.id\":\"d\",\"media.length\":60,\"media.contentType\":\"vod\"," \
  "\"media.playerName\":\"e\",\"media.channel\":\"f\"" rest "}}"
#define START_DOWNLOADED START (",\"media.downloaded\":true")

typedef struct
{
  CollectorServer *server;
  SoupSession *client;
  gint64 now; /* what the server takes for the time, microseconds */
  guint fault; /* what its fault function returns */
  guint faults; /* how often that was called */
  GString *reports; /* one word per report, each followed by a space */
} Fixture;

/* A request on its way, and what became of it. */
typedef struct
{
  SoupMessage *message;
  GBytes *body;
  GError *error;
  gboolean done;
} Call;

static gint64
fixture_now (gpointer user_data)
{
  return ((Fixture *) user_data)->now;
}

static guint
fixture_fault (const char *path, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->faults++;
  return fixture->fault;
}

static void
fixture_report (const CollectorReport *report, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (report->accepted)
    g_string_append_printf (fixture->reports, "%s:%s ",
        json_object_get_string_member (report->event, "eventType"),
        collector_state_name (report->state));
  else
    g_string_append_printf (fixture->reports, "%u ", report->status);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const CollectorServerOptions options = {
    .expire = 600,
    .now = fixture_now,
    .report = fixture_report,
    .fault = fixture_fault,
    .user_data = fixture,
  };
  g_autoptr (GError) error = NULL;

  fixture->reports = g_string_new (NULL);
  fixture->server = collector_server_new (&options, &error);
  g_assert_no_error (error);
  fixture->client = soup_session_new ();
  soup_session_set_proxy_resolver (fixture->client, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->client);
  g_object_unref (fixture->client);
  collector_server_free (fixture->server);
  g_string_free (fixture->reports, TRUE);
}

static void
call_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;

  call->body = soup_session_send_and_read_finish (
      SOUP_SESSION (source), result, &call->error);
  call->done = TRUE;
}

static void
call_init (Fixture *fixture, Call *call, const char *method, const char *path)
{
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s",
      collector_server_get_port (fixture->server), path);

  *call = (Call){ .message = soup_message_new (method, uri) };
  /* On a connection that was used before, the client would try a request
   * again when that is closed. */
  soup_message_add_flags (call->message, SOUP_MESSAGE_NEW_CONNECTION);
}

static void
call_begin (Fixture *fixture, Call *call, GCancellable *cancellable)
{
  soup_session_send_and_read_async (fixture->client, call->message,
      G_PRIORITY_DEFAULT, cancellable, call_done, call);
}

static void
call_wait (Call *call)
{
  while (!call->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
call_clear (Call *call)
{
  g_clear_object (&call->message);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_error (&call->error);
}

static char *
text_of (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return g_strndup (data ? data : "", length);
}

/* Returns the status. @type, and with it the body, @answer, and @header with its
 * @value are optional. */
static guint
send_full (Fixture *fixture, const char *method, const char *path,
    const char *type, const char *body, gsize length, char **answer,
    const char *header, char **value)
{
  Call call;
  guint status;

  call_init (fixture, &call, method, path);
  if (type) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, length);

    soup_message_set_request_body_from_bytes (call.message, type, bytes);
  }
  call_begin (fixture, &call, NULL);
  call_wait (&call);
  g_assert_no_error (call.error);
  status = soup_message_get_status (call.message);
  if (answer)
    *answer = text_of (call.body);
  if (value)
    *value = g_strdup (soup_message_headers_get_one (
        soup_message_get_response_headers (call.message), header));
  call_clear (&call);
  return status;
}

static guint
post (Fixture *fixture, const char *path, const char *body)
{
  return send_full (
      fixture, "POST", path, JSON, body, strlen (body), NULL, NULL, NULL);
}

/* Returns the path to send its events to. */
static char *
start_session (Fixture *fixture)
{
  g_autofree char *location = NULL;
  g_autofree char *answer = NULL;

  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, START (""),
                        strlen (START ("")), &answer, "Location", &location),
      ==, 201);
  g_assert_cmpstr (answer, ==, "");
  g_assert_true (
      g_regex_match_simple ("^/api/v1/sessions/[0-9a-f]{32}$", location, 0, 0));
  return g_strconcat (location, "/events", NULL);
}

static void
runs_a_session (Fixture *fixture, gconstpointer data)
{
  g_autofree char *events = start_session (fixture);

  g_assert_cmpuint (post (fixture, events, EVENT ("play", 2)), ==, 204);
  g_assert_cmpuint (post (fixture, events, EVENT ("pauseStart", 3)), ==, 204);
  g_assert_cmpuint (post (fixture, events, EVENT ("ping", 3)), ==, 400);
  g_assert_cmpuint (post (fixture, events, EVENT ("sessionEnd", 4)), ==, 204);
  g_assert_cmpuint (post (fixture, events, EVENT ("ping", 5)), ==, 410);
  g_assert_cmpstr (fixture->reports->str, ==,
      "sessionStart:start play:playing pauseStart:paused 400 sessionEnd:ended "
      "410 ");
}

static void
keeps_sessions_apart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = start_session (fixture);
  g_autofree char *other = start_session (fixture);

  g_assert_cmpuint (post (fixture, one, EVENT ("sessionEnd", 2)), ==, 204);
  g_assert_cmpuint (post (fixture, other, EVENT ("play", 2)), ==, 204);
}

static void
expires_sessions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *events = start_session (fixture);

  fixture->now = 600 * G_USEC_PER_SEC;
  g_assert_cmpuint (post (fixture, events, EVENT ("play", 2)), ==, 204);
  fixture->now += 600 * G_USEC_PER_SEC + 1;
  g_assert_cmpuint (post (fixture, events, EVENT ("ping", 3)), ==, 410);
}

static void
does_not_know_others (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (
      post (fixture, SESSIONS "/0123/events", EVENT ("play", 2)), ==, 404);
  g_assert_cmpuint (
      post (fixture, SESSIONS "//events", EVENT ("play", 2)), ==, 404);
}

static void
wants_events_where_they_belong (Fixture *fixture, gconstpointer data)
{
  g_autofree char *events = start_session (fixture);

  g_assert_cmpuint (post (fixture, events, START ("")), ==, 400);
  g_assert_cmpuint (post (fixture, SESSIONS, EVENT ("play", 2)), ==, 400);
}

static void
tells_the_reason (Fixture *fixture, gconstpointer data)
{
  const char *body = START (",\"media.resume\":1");
  g_autofree char *answer = NULL;
  g_autofree char *type = NULL;

  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, body,
                        strlen (body), &answer, "Content-Type", &type),
      ==, 400);
  g_assert_cmpstr (type, ==, JSON);
  g_assert_cmpstr (answer, ==,
      "{\"status\":400,\"reason\":\"params: \\\"media.resume\\\" must be true or "
      "false, not 1\"}");
}

static void
takes_a_batch (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (post (fixture, DOWNLOADED,
                        "[" START_DOWNLOADED "," EVENT ("play", 2) "," EVENT (
                            "sessionComplete", 3) "]"),
      ==, 201);
  g_assert_cmpstr (fixture->reports->str, ==,
      "sessionStart:start play:playing sessionComplete:ended ");
}

static const char *const bad_batches[] = {
  "[]",
  "{}",
  START_DOWNLOADED,
  "[" START ("") "]",
  "[" START (",\"media.downloaded\":false") "]",
  "[" EVENT ("play", 2) "]",
  "[" START_DOWNLOADED "," START_DOWNLOADED "]",
  "[" START_DOWNLOADED "," EVENT ("play", 2) "," EVENT ("ping", 2) "]",
  "[" START_DOWNLOADED "," EVENT ("sessionEnd", 2) "," EVENT ("ping", 3) "]",
  "[" START_DOWNLOADED ",5]",
};

static void
refuses_whole_batches (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_batches); i++) {
    g_string_truncate (fixture->reports, 0);
    g_assert_cmpuint (post (fixture, DOWNLOADED, bad_batches[i]), ==, 400);
    g_assert_cmpstr (fixture->reports->str, ==, "400 ");
  }
}

static void
gives_schemas (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL;
  g_autoptr (JsonNode) schema = NULL;

  g_assert_cmpuint (send_full (fixture, "GET", "/api/v1/schemas/play", NULL,
                        NULL, 0, &answer, NULL, NULL),
      ==, 200);
  schema = json_from_string (answer, NULL);
  g_assert_cmpstr (
      json_object_get_string_member (json_node_get_object (schema), "title"),
      ==, "play");
  g_assert_cmpuint (send_full (fixture, "GET", "/api/v1/schemas/seek", NULL,
                        NULL, 0, NULL, NULL, NULL),
      ==, 404);
}

static const char *const unknown_paths[] = {
  "/api/v1",
  "/api/v1/",
  "/api/v2/sessions",
  "/api/v1/sessions/",
  "/api/v1/sessions/x",
  "/api/v1/sessions/x/events/y",
  "/api/v1/schemas",
  "/%1b%5b2J%ff",
};

static void
has_no_other_paths (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (unknown_paths); i++)
    g_assert_cmpuint (post (fixture, unknown_paths[i], START ("")), ==, 404);
  g_assert_cmpuint (post (fixture, "/", START ("")), ==, 405);
}

static void
refuses_other_methods (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { SESSIONS, SESSIONS "/x/events",
    DOWNLOADED };
  g_autofree char *allow = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_clear_pointer (&allow, g_free);
    g_assert_cmpuint (send_full (fixture, "PUT", paths[i], JSON, "{}", 2, NULL,
                          "Allow", &allow),
        ==, 405);
    g_assert_cmpstr (allow, ==, "POST");
  }
  g_assert_cmpuint (post (fixture, "/api/v1/schemas/play", "{}"), ==, 405);
}

static void
wants_json (Fixture *fixture, gconstpointer data)
{
  const char *body = START ("");
  static const struct
  {
    const char *type;
    guint status;
  } types[] = {
    { "application/json; charset=utf-8", 201 },
    { "Application/JSON", 201 },
    { "text/plain", 400 },
    { "application/jsonp", 400 },
    { NULL, 400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, types[i].type, body,
                          strlen (body), NULL, NULL, NULL),
        ==, types[i].status);
  g_assert_cmpuint (post (fixture, SESSIONS, ""), ==, 400);
  g_assert_cmpuint (post (fixture, SESSIONS, "{'a':1}"), ==, 400);
}

static void
limits_the_body (Fixture *fixture, gconstpointer data)
{
  g_autofree char *body = g_strnfill (2 * COLLECTOR_BODY_MAX, ' ');
  const char *start = START ("");

  memcpy (body, start, strlen (start));
  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, body,
                        COLLECTOR_BODY_MAX, NULL, NULL, NULL),
      ==, 201);
  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, body,
                        COLLECTOR_BODY_MAX + 1, NULL, NULL, NULL),
      ==, 413);
  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, body,
                        2 * COLLECTOR_BODY_MAX, NULL, NULL, NULL),
      ==, 413);
  g_assert_cmpstr (fixture->reports->str, ==, "sessionStart:start 413 413 ");
}

static void
survives_nesting_bomb (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bomb = g_strnfill (100000, '[');

  g_assert_cmpuint (post (fixture, SESSIONS, bomb), ==, 400);
  g_free (start_session (fixture));
}

static void
fails_the_next (Fixture *fixture, gconstpointer data)
{
  g_autofree char *value = NULL;
  const char *body = START ("");

  collector_server_fail_next (
      fixture->server, 2, 503, "Retry-After", "7", NULL);
  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, body,
                        strlen (body), NULL, "Retry-After", &value),
      ==, 503);
  g_assert_cmpstr (value, ==, "7");
  g_assert_cmpuint (post (fixture, SESSIONS, body), ==, 503);
  g_free (start_session (fixture));
  g_assert_cmpstr (fixture->reports->str, ==, "503 503 sessionStart:start ");
}

static void
fakes_success (Fixture *fixture, gconstpointer data)
{
  g_autofree char *location = NULL;

  collector_server_fail_next (fixture->server, 1, 201, NULL);
  g_assert_cmpuint (send_full (fixture, "POST", SESSIONS, JSON, START (""),
                        strlen (START ("")), NULL, "Location", &location),
      ==, 201);
  g_assert_null (location);
  g_assert_cmpstr (fixture->reports->str, ==, "201 ");
}

static void
asks_the_fault_function (Fixture *fixture, gconstpointer data)
{
  fixture->fault = 429;
  g_assert_cmpuint (post (fixture, SESSIONS, START ("")), ==, 429);
  fixture->fault = 0;
  g_assert_cmpuint (post (fixture, SESSIONS, START ("")), ==, 201);
  g_assert_cmpuint (fixture->faults, ==, 2);
}

static void
leaves_unanswered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Call call;

  fixture->fault = COLLECTOR_FAULT_SILENT;
  call_init (fixture, &call, "GET", "/");
  call_begin (fixture, &call, cancellable);
  while (fixture->faults == 0)
    g_main_context_iteration (NULL, TRUE);
  fixture->fault = 0;
  /* Another request has all the time of its own way there and back. */
  g_assert_cmpuint (post (fixture, SESSIONS, START ("")), ==, 201);
  g_assert_false (call.done);
  g_cancellable_cancel (cancellable);
  call_wait (&call);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  call_clear (&call);
}

static void
is_freed_with_unanswered_requests (Fixture *fixture, gconstpointer data)
{
  Call call;

  fixture->fault = COLLECTOR_FAULT_SILENT;
  call_init (fixture, &call, "GET", "/");
  call_begin (fixture, &call, NULL);
  while (fixture->faults == 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&fixture->server, collector_server_free);
  call_wait (&call);
  g_assert_nonnull (call.error);
  call_clear (&call);
}

static void
closes_the_connection (Fixture *fixture, gconstpointer data)
{
  Call call;

  collector_server_fail_next (fixture->server, 1, COLLECTOR_FAULT_CLOSE, NULL);
  call_init (fixture, &call, "GET", "/");
  call_begin (fixture, &call, NULL);
  call_wait (&call);
  g_assert_nonnull (call.error);
  g_assert_cmpstr (fixture->reports->str, ==, "");
  call_clear (&call);
  g_free (start_session (fixture));
}

static void
says_that_the_port_is_taken (Fixture *fixture, gconstpointer data)
{
  const CollectorServerOptions options = {
    .port = collector_server_get_port (fixture->server),
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (collector_server_new (&options, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
starts_without_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CollectorServer) server = collector_server_new (NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (collector_server_get_port (server), !=, 0);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/collector/server/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("runs-a-session", runs_a_session);
  add ("keeps-sessions-apart", keeps_sessions_apart);
  add ("expires-sessions", expires_sessions);
  add ("does-not-know-others", does_not_know_others);
  add ("wants-events-where-they-belong", wants_events_where_they_belong);
  add ("tells-the-reason", tells_the_reason);
  add ("takes-a-batch", takes_a_batch);
  add ("refuses-whole-batches", refuses_whole_batches);
  add ("gives-schemas", gives_schemas);
  add ("has-no-other-paths", has_no_other_paths);
  add ("refuses-other-methods", refuses_other_methods);
  add ("wants-json", wants_json);
  add ("limits-the-body", limits_the_body);
  add ("survives-nesting-bomb", survives_nesting_bomb);
  add ("fails-the-next", fails_the_next);
  add ("fakes-success", fakes_success);
  add ("asks-the-fault-function", asks_the_fault_function);
  add ("leaves-unanswered", leaves_unanswered);
  add ("is-freed-with-unanswered-requests", is_freed_with_unanswered_requests);
  add ("closes-the-connection", closes_the_connection);
  add ("says-that-the-port-is-taken", says_that_the_port_is_taken);
  g_test_add_func (
      "/collector/server/starts-without-options", starts_without_options);
  return g_test_run ();
}
