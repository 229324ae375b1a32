/* test-transport-resumed: TLS sessions that GIO takes up again.
 *
 * GIO remembers what somebody in the process has once agreed on with a server,
 * and does not check its certificate again. It does not where g_test_init() has
 * been called: so this is a program that just fails.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-soup.h"

#include <gio/gio.h>

#define LONG MH_TIME_FROM_SEC (120)

/* LeakSanitizer crashes when GnuTLS has been loaded late. What else is wrong is
 * still found. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

/* A server that takes up TLS sessions again, and the URI of it. */
static GSubprocess *
start_server (GDataInputStream **output, char **uri)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *server;

  /* What is for this program is not for Python. */
  g_subprocess_launcher_unsetenv (launcher, "LD_PRELOAD");
  server = g_subprocess_launcher_spawn (launcher, &error, "python3",
      TLS_DIR "/server.py", TLS_DIR "/server.pem", NULL);
  g_assert_no_error (error);
  *output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  port = g_data_input_stream_read_line (*output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (port);
  *uri = g_strdup_printf ("https://127.0.0.1:%s/x", port);
  return server;
}

typedef struct
{
  gboolean done;
  guint status;
  char *message;
} Result;

static void
on_done (const MhAnswer *answer, gpointer user_data)
{
  Result *result = user_data;

  result->done = TRUE;
  result->status = answer->status;
  result->message = answer->error ? g_strdup (answer->error->message) : NULL;
}

static void
assert_answer (MhTransport *transport, const char *uri,
    const char *tls_database, guint status)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (MhRequest) request = mh_request_new ("POST", g_strdup (uri), body);
  Result result = { 0 };

  request->tls_database = g_strdup (tls_database);
  mh_transport_send (transport, request, on_done, &result);
  while (!result.done)
    g_main_context_iteration (NULL, TRUE);
  g_print ("%u %s\n", result.status, result.message ? result.message : "");
  g_assert_cmpuint (result.status, ==, status);
  if (status == 0)
    g_assert_cmpstr (
        result.message, ==, "the server's certificate is from an unknown CA");
  g_free (result.message);
  /* What is left of it. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (GError) error = NULL;
  MhTransport *transport;
  guint n_requests = 0;
  char *line;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  server = start_server (&output, &uri);
  transport = mh_transport_soup_new (LONG, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++) {
    assert_answer (transport, uri, TLS_DIR "/ca.pem", 201);
    assert_answer (transport, uri, NULL, 0);
    assert_answer (transport, uri, NULL, 0);
  }
  mh_transport_close (transport);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (transport);

  /* None of those that were refused has come. */
  g_subprocess_force_exit (server);
  while ((line = g_data_input_stream_read_line (output, NULL, NULL, NULL))) {
    n_requests++;
    g_free (line);
  }
  g_assert_cmpuint (n_requests, ==, 3);
  return 0;
}
