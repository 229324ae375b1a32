/* Tests of mh-transport-soup and mh-soup-pool: by which CAs a server is checked.
 * The certificates are those of tests/tls/.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-soup-pool.h"
#include "mh-transport-soup.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mh-test-dir.h"
#include "mh-test-server.h"

#define LONG MH_TIME_FROM_SEC (120)

/* Of GTask's pool. A handshake has one of them for as long as it waits for the other
 * side. */
#define N_THREADS 10

/* LeakSanitizer crashes when GnuTLS has been loaded late. What else is wrong is
 * still found. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

typedef struct
{
  char *dir;
  MhTransport *transport;
  MhTestServer server;
} Fixture;

static char *
certificate (const char *name)
{
  return g_build_filename (TLS_DIR, name, NULL);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* @data: the server's certificate. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = certificate (data);
  g_autoptr (GError) error = NULL;

  f->dir = mh_test_dir_new ();
  f->transport = mh_transport_soup_new (LONG, &error);
  g_assert_no_error (error);
  mh_test_server_start_tls_file (&f->server, mh_test_server_created, path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_transport_close (f->transport);
  settle ();
  g_object_unref (f->transport);
  mh_test_server_stop (&f->server);
  mh_test_dir_free (f->dir);
}

typedef struct
{
  gboolean done;
  guint status;
  GError *error;
} Result;

static void
on_done (const MhAnswer *answer, gpointer user_data)
{
  Result *result = user_data;

  g_assert_false (result->done);
  result->done = TRUE;
  result->status = answer->status;
  result->error = answer->error ? g_error_copy (answer->error) : NULL;
}

static void
send_to (Fixture *f, char *uri, const char *tls_database, Result *result)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (MhRequest) request = mh_request_new ("POST", uri, body);

  request->tls_database = g_strdup (tls_database);
  mh_transport_send (f->transport, request, on_done, result);
}

static Result
ask (Fixture *f, const char *tls_database)
{
  Result result = { 0 };

  send_to (f, mh_test_server_uri (&f->server), tls_database, &result);
  while (!result.done)
    g_main_context_iteration (NULL, TRUE);
  return result;
}

static void
assert_accepted (Fixture *f, const char *tls_database)
{
  guint before = f->server.n_requests;
  Result result = ask (f, tls_database);

  g_assert_no_error (result.error);
  g_assert_cmpuint (result.status, ==, 201);
  g_assert_cmpuint (f->server.n_requests, ==, before + 1);
}

/* Nothing is sent to it. */
static void
assert_refused (Fixture *f, const char *tls_database, MhError code)
{
  guint before = f->server.n_requests;
  Result result = ask (f, tls_database);

  g_assert_error (result.error, MH_ERROR, (int) code);
  g_assert_cmpuint (result.status, ==, 0);
  g_assert_cmpuint (f->server.n_requests, ==, before);
  g_test_message ("%s", result.error->message);
  if (code == MH_ERROR_CONFIG) {
    g_assert_true (g_str_has_prefix (result.error->message, "tls-database “"));
    g_assert_nonnull (strstr (result.error->message, tls_database));
    g_assert_null (strchr (result.error->message, '\n'));
  }
  g_clear_error (&result.error);
}

static void
test_known (Fixture *f, gconstpointer data)
{
  g_autofree char *ca = certificate ("ca.pem");

  assert_accepted (f, ca);
  assert_accepted (f, ca);
  /* Only for those that have named it. */
  assert_refused (f, NULL, MH_ERROR_TRANSPORT);
}

/* A certificate for another host, or of another time, vouched for as it may be. */
static void
test_unfit (Fixture *f, gconstpointer data)
{
  g_autofree char *ca = certificate ("ca.pem");

  assert_refused (f, ca, MH_ERROR_TRANSPORT);
  assert_refused (f, NULL, MH_ERROR_TRANSPORT);
}

static void
write_ca (const char *path, const char *name)
{
  g_autofree char *source = certificate (name);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (source, &text, &length, NULL));
  g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
}

static void
test_odd_name (Fixture *f, gconstpointer data)
{
  Result result = ask (f, "/not\nhere\xff.pem");

  g_assert_error (result.error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_cmpstr (result.error->message, ==,
      "tls-database “/not here\357\277\275.pem” cannot be used: "
      "No such file or directory");
  g_clear_error (&result.error);
}

static void
test_unusable (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "ca.pem", NULL);
  g_autofree char *pipe = g_build_filename (f->dir, "pipe", NULL);
  g_autofree char *large = g_strnfill (MH_SOUP_POOL_MAX_BYTES + 1, '\n');

  assert_refused (f, path, MH_ERROR_CONFIG);
  assert_refused (f, "", MH_ERROR_CONFIG);
  assert_refused (f, "tests/tls/ca.pem", MH_ERROR_CONFIG);
  assert_refused (f, f->dir, MH_ERROR_CONFIG);
  assert_refused (f, "/dev/zero", MH_ERROR_CONFIG);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_refused (f, pipe, MH_ERROR_CONFIG);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_refused (f, path, MH_ERROR_CONFIG);
  g_assert_true (g_file_set_contents (path, "garbage\n", -1, NULL));
  assert_refused (f, path, MH_ERROR_CONFIG);
  g_assert_true (g_file_set_contents (path,
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", -1,
      NULL));
  assert_refused (f, path, MH_ERROR_CONFIG);
  g_assert_true (g_file_set_contents (path, large, -1, NULL));
  assert_refused (f, path, MH_ERROR_CONFIG);
  /* Each time it is looked at anew. */
  write_ca (path, "ca.pem");
  assert_accepted (f, path);
}

/* The CA has a successor. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "ca.pem", NULL);

  write_ca (path, "other.pem");
  assert_refused (f, path, MH_ERROR_TRANSPORT);
  write_ca (path, "ca.pem");
  assert_accepted (f, path);
}

/* More than are kept, all under way at once. The server is in the same process: where
 * clients have all threads, it waits for one until the pool grows, and sometimes the
 * pool does not grow at all. */
static void
test_many (Fixture *f, gconstpointer data)
{
  const guint n = 2 * MH_SOUP_POOL_MAX_FILES;
  g_autofree Result *results = g_new0 (Result, n);

  g_assert_cmpuint (n, <, N_THREADS);
  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < n; i++) {
      g_autofree char *name = g_strdup_printf ("%u.pem", i);
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      write_ca (path, i % 2 ? "ca.pem" : "other.pem");
      results[i] = (Result){ 0 };
      send_to (f, mh_test_server_uri (&f->server), path, &results[i]);
    }
    for (guint i = 0; i < n; i++) {
      while (!results[i].done)
        g_main_context_iteration (NULL, TRUE);
      if (i % 2)
        g_assert_no_error (results[i].error);
      else
        g_assert_error (results[i].error, MH_ERROR, MH_ERROR_TRANSPORT);
      g_clear_error (&results[i].error);
    }
  }
}

static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autofree char *ca = certificate ("ca.pem");
  Result results[3] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    send_to (f, mh_test_server_uri (&f->server), i ? ca : NULL, &results[i]);
  mh_transport_close (f->transport);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    while (!results[i].done)
      g_main_context_iteration (NULL, TRUE);
    g_assert_error (results[i].error, MH_ERROR, MH_ERROR_TRANSPORT);
    g_clear_error (&results[i].error);
  }
}

/* Where there is no TLS there is nothing to check. */
static void
test_http (Fixture *f, gconstpointer data)
{
  MhTestServer server;
  Result result = { 0 };

  mh_test_server_start (&server, mh_test_server_created);
  send_to (f, mh_test_server_uri (&server), "/nothing/here", &result);
  while (!result.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (result.error);
  g_assert_cmpuint (result.status, ==, 201);
  mh_test_server_stop (&server);
}

#define TEST(name, pem, func) \
  g_test_add ("/transport-tls/" name, Fixture, pem, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  /* .ci/packages has glib-networking: without it there is no delivery. */
  g_assert_true (g_tls_backend_supports_tls (g_tls_backend_get_default ()));
  TEST ("known", "server.pem", test_known);
  TEST ("wrong-host", "other.pem", test_unfit);
  TEST ("expired", "expired.pem", test_unfit);
  TEST ("file/unusable", "server.pem", test_unusable);
  TEST ("file/odd-name", "server.pem", test_odd_name);
  TEST ("file/changed", "server.pem", test_changed);
  TEST ("file/many", "server.pem", test_many);
  TEST ("closed", "server.pem", test_closed);
  TEST ("http", "server.pem", test_http);
  return g_test_run ();
}
