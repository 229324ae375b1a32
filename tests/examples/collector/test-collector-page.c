/* Tests of collector-page and collector-stream, through HTTP in one process:
 * who may look, and what is pushed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-page.h"
#include "collector-server.h"
#include "collector-stream.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  CollectorModel *model;
  CollectorPage *page;
  CollectorServer *server;
  SoupSession *client;
} Fixture;

/* An answer; what is not told is NULL. */
typedef struct
{
  guint status;
  char *body;
  char *policy;
  gboolean done;
  GBytes *bytes;
} Answer;

static void
set_up (Fixture *fixture, gconstpointer anywhere)
{
  g_autoptr (GError) error = NULL;

  fixture->model = collector_model_new (600000);
  fixture->page = collector_page_new (fixture->model, anywhere != NULL);
  fixture->server = collector_server_new (NULL, &error);
  g_assert_no_error (error);
  collector_server_set_page (fixture->server, fixture->page);
  fixture->client = soup_session_new ();
  soup_session_set_proxy_resolver (fixture->client, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->client);
  g_object_unref (fixture->client);
  collector_server_free (fixture->server);
  collector_page_free (fixture->page);
  collector_model_free (fixture->model);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GError) error = NULL;

  answer->bytes = soup_session_send_and_read_finish (
      SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
  answer->done = TRUE;
}

static SoupMessage *
new_message (Fixture *fixture, const char *method, const char *path,
    const char *header, const char *value)
{
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s",
      collector_server_get_port (fixture->server), path);
  SoupMessage *message = soup_message_new (method, uri);

  if (header)
    soup_message_headers_replace (
        soup_message_get_request_headers (message), header, value);
  return message;
}

static Answer
ask (Fixture *fixture, const char *method, const char *path, const char *header,
    const char *value)
{
  g_autoptr (SoupMessage)
      message = new_message (fixture, method, path, header, value);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  Answer answer = { 0 };

  soup_session_send_and_read_async (
      fixture->client, message, G_PRIORITY_DEFAULT, NULL, on_answer, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  answer.status = soup_message_get_status (message);
  answer.body = g_strndup (
      g_bytes_get_data (answer.bytes, NULL), g_bytes_get_size (answer.bytes));
  answer.policy = g_strdup (
      soup_message_headers_get_one (headers, "Content-Security-Policy"));
  g_bytes_unref (answer.bytes);
  return answer;
}

static void
answer_clear (Answer *answer)
{
  g_free (answer->body);
  g_free (answer->policy);
}

static guint
status_of (Fixture *fixture, const char *method, const char *path,
    const char *header, const char *value)
{
  Answer answer = ask (fixture, method, path, header, value);

  answer_clear (&answer);
  return answer.status;
}

static void
add_session (Fixture *fixture, const char *id)
{
  g_autoptr (JsonNode) event = json_from_string (
      "{\"eventType\":\"sessionStart\",\"playerTime\":{\"playhead\":0,\"ts\":1}}",
      NULL);
  const CollectorReport report = {
    .accepted = TRUE,
    .status = 201,
    .protocol = "media-collection",
    .arrival = 2,
    .path = "/",
    .session_id = id,
    .event = json_node_get_object (event),
  };

  collector_model_add (fixture->model, &report);
}

static void
serves_page_and_json (Fixture *fixture, gconstpointer data)
{
  Answer page = ask (fixture, "GET", "/", NULL, NULL);
  Answer list;

  add_session (fixture, "one");
  list = ask (fixture, "GET", "/sessions", NULL, NULL);
  g_assert_cmpuint (page.status, ==, 200);
  g_assert_nonnull (strstr (page.body, "<title>"));
  g_assert_nonnull (strstr (page.policy, "default-src 'none'"));
  g_assert_null (strstr (page.policy, "unsafe"));
  g_assert_nonnull (strstr (list.body, "\"id\":\"one\""));
  g_assert_cmpuint (
      status_of (fixture, "GET", "/sessions/one", NULL, NULL), ==, 200);
  g_assert_cmpuint (
      status_of (fixture, "GET", "/sessions/two", NULL, NULL), ==, 404);
  g_assert_cmpuint (
      status_of (fixture, "GET", "/metrics", NULL, NULL), ==, 200);
  answer_clear (&page);
  answer_clear (&list);
}

/* Players of some protocols name their sessions themselves. */
static void
finds_any_id (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "a b/\303\274?x#y&z=%41", "<script>", "%",
    "\"'" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *escaped = g_uri_escape_string (ids[i], NULL, FALSE);
    g_autofree char *path = g_strconcat ("/sessions/", escaped, NULL);

    add_session (fixture, ids[i]);
    g_test_message ("%s", path);
    g_assert_cmpuint (status_of (fixture, "GET", path, NULL, NULL), ==, 200);
  }
}

/* In a path, these would lead out of it. */
static void
finds_id_with_dots (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "../x", "..", ".", "a/../b", "a/..", "+" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *escaped = g_uri_escape_string (ids[i], NULL, FALSE);
    g_autofree char *path = g_strconcat ("/sessions/?id=", escaped, NULL);
    g_autofree char *text = g_strdup_printf ("\"id\":\"%s\"", ids[i]);
    Answer answer;

    add_session (fixture, ids[i]);
    answer = ask (fixture, "GET", path, NULL, NULL);
    g_test_message ("%s", path);
    g_assert_cmpuint (answer.status, ==, 200);
    g_assert_nonnull (strstr (answer.body, text));
    answer_clear (&answer);
  }
  g_assert_cmpuint (
      status_of (fixture, "GET", "/sessions/?id=none", NULL, NULL), ==, 404);
  g_assert_cmpuint (
      status_of (fixture, "GET", "/sessions/", NULL, NULL), ==, 404);
}

static void
policy_has_hash_of_script (Fixture *fixture, gconstpointer data)
{
  Answer page = ask (fixture, "GET", "/", NULL, NULL);
  const char *from = strstr (page.body, "<script>") + strlen ("<script>");
  const char *to = strstr (from, "</script>");
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *hash = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) from, to - from);
  g_checksum_get_digest (checksum, digest, &length);
  hash = g_base64_encode (digest, length);
  g_assert_nonnull (strstr (page.policy, hash));
  /* Nothing else is a script, and nothing comes from elsewhere. */
  g_assert_null (strstr (to + 1, "<script"));
  g_assert_null (strstr (page.body, "innerHTML"));
  g_assert_null (strstr (page.body, " onclick="));
  g_assert_null (strstr (page.body, "src=\"http"));
  answer_clear (&page);
}

static void
leaves_other_paths_alone (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (
      status_of (fixture, "POST", "/sessions", NULL, NULL), ==, 405);
  g_assert_cmpuint (
      status_of (fixture, "POST", "/api/v1/sessions", NULL, NULL), ==, 400);
  g_assert_cmpuint (status_of (fixture, "GET", "/other", NULL, NULL), ==, 404);
}

static void
checks_host (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *host;
    guint status;
    guint anywhere; /* where other machines may look */
  } rows[] = {
    { "127.0.0.1", 200, 200 },
    { "127.0.0.1:8080", 200, 200 },
    { "LOCALHOST:1", 200, 200 },
    { "[::1]:8080", 200, 200 },
    { "192.168.1.5", 403, 200 },
    { "evil.example.com", 403, 403 },
    { "127.0.0.1.evil.example.com", 403, 403 },
    { "localhost.evil.example.com", 403, 403 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint status = status_of (
        fixture, "GET", "/sessions", "Host", rows[i].host);

    g_test_message ("%s", rows[i].host);
    g_assert_cmpuint (status, ==, data ? rows[i].anywhere : rows[i].status);
  }
}

static void
forgets_when_asked_to (Fixture *fixture, gconstpointer data)
{
  add_session (fixture, "one");
  g_assert_cmpuint (status_of (fixture, "GET", "/forget", NULL, NULL), ==, 405);
  g_assert_cmpuint (
      status_of (fixture, "POST", "/forget", NULL, NULL), ==, 403);
  g_assert_cmpuint (fixture->model->by_heard.length, ==, 1);
  g_assert_cmpuint (
      status_of (fixture, "POST", "/forget", "X-Mediaheartbeat", "forget"), ==,
      204);
  g_assert_cmpuint (fixture->model->by_heard.length, ==, 0);
}

/* ---- changes ---- */

/* A client that reads, and goes when it is told to. */
typedef struct
{
  GSocketConnection *connection;
  GString *text;
  char buffer[4096];
  GCancellable *cancellable;
} Reader;

static void read_on (Reader *reader);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (
      G_INPUT_STREAM (source), result, &error);
  Reader *reader = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_assert_no_error (error);
  g_string_append_len (reader->text, reader->buffer, length);
  if (length > 0)
    read_on (reader);
}

static void
read_on (Reader *reader)
{
  g_input_stream_read_async (
      g_io_stream_get_input_stream (G_IO_STREAM (reader->connection)),
      reader->buffer, sizeof reader->buffer, G_PRIORITY_DEFAULT,
      reader->cancellable, on_read, reader);
}

static void
reader_open (Fixture *fixture, Reader *reader)
{
  static const char request[] = "GET /changes HTTP/1.1\r\n"
                                "Host: 127.0.0.1\r\n\r\n";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  reader->connection = g_socket_client_connect_to_host (client, "127.0.0.1",
      collector_server_get_port (fixture->server), NULL, &error);
  g_assert_no_error (error);
  reader->text = g_string_new (NULL);
  reader->cancellable = g_cancellable_new ();
  g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (reader->connection)), request,
      strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  read_on (reader);
}

static void
reader_wait (Reader *reader, const char *part)
{
  while (!strstr (reader->text->str, part))
    g_main_context_iteration (NULL, TRUE);
}

static void
reader_close (Reader *reader)
{
  g_cancellable_cancel (reader->cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_io_stream_close (G_IO_STREAM (reader->connection), NULL, NULL);
  g_object_unref (reader->connection);
  g_object_unref (reader->cancellable);
  g_string_free (reader->text, TRUE);
}

static void
pushes_changes (Fixture *fixture, gconstpointer data)
{
  Reader reader;

  add_session (fixture, "one");
  reader_open (fixture, &reader);
  reader_wait (&reader, "event: list\ndata: {");
  g_assert_nonnull (strstr (reader.text->str, "\"id\":\"one\""));
  add_session (fixture, "two");
  reader_wait (&reader, "event: change\ndata: {");
  reader_wait (&reader, "\"id\":\"two\"");
  g_assert_null (
      strstr (strstr (reader.text->str, "event: change"), "\"id\":\"one\""));
  reader_close (&reader);
}

static void
frees_place_of_who_has_gone (Fixture *fixture, gconstpointer data)
{
  Reader readers[COLLECTOR_STREAMS_MAX];
  Reader last;

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++) {
    reader_open (fixture, &readers[i]);
    reader_wait (&readers[i], "event: list");
  }
  g_assert_cmpuint (
      status_of (fixture, "GET", "/changes", NULL, NULL), ==, 503);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    reader_close (&readers[i]);
  /* Soon, and long before there is something to write. */
  for (gboolean found = FALSE; !found;) {
    reader_open (fixture, &last);
    reader_wait (&last, "\r\n\r\n");
    found = g_str_has_prefix (last.text->str, "HTTP/1.1 200");
    reader_close (&last);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) \
  g_test_add ("/collector/page/" #name, Fixture, NULL, set_up, name, tear_down)
  ADD (serves_page_and_json);
  ADD (finds_any_id);
  ADD (finds_id_with_dots);
  ADD (policy_has_hash_of_script);
  ADD (leaves_other_paths_alone);
  ADD (checks_host);
  g_test_add ("/collector/page/checks_host_anywhere", Fixture, "anywhere",
      set_up, checks_host, tear_down);
  ADD (forgets_when_asked_to);
  ADD (pushes_changes);
  ADD (frees_place_of_who_has_gone);
  return g_test_run ();
}
