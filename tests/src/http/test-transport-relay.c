/* Tests of mh-relay, mh-relay-link and mh-transport-relay: with another end that
 * the test works by hand, and with the helper program itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-relay.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mh-helper.h"
#include "mh-relay-link.h"
#include "mh-test-dir.h"
#include "mh-test-sanitizer.h"
#include "mh-test-server.h"

#define TIMEOUT MH_TIME_FROM_SEC (60)
#define CA TLS_DIR "/ca.pem"

static void
wait_until (const gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- the frames ---- */

static MhRequest *
new_request (char *uri)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("a\0b", 3);

  return mh_request_new ("POST", uri, body);
}

static void
assert_same (const MhRequest *a, const MhRequest *b)
{
  g_assert_cmpstr (a->method, ==, b->method);
  g_assert_cmpstr (a->uri, ==, b->uri);
  g_assert_true (g_bytes_equal (a->body, b->body));
  g_assert_cmpstr (a->content_type, ==, b->content_type);
  g_assert_cmpint (a->compressed, ==, b->compressed);
  g_assert_cmpstr (a->authorization, ==, b->authorization);
  g_assert_cmpstr (a->tls_database, ==, b->tls_database);
}

static void
assert_passes (const MhRequest *request)
{
  g_autoptr (GBytes) bytes = mh_relay_encode_request (7, request);
  guint32 number = 0;
  g_autoptr (MhRequest) back = mh_relay_decode_request (bytes, &number);

  g_assert_nonnull (back);
  g_assert_cmpuint (number, ==, 7);
  assert_same (request, back);
}

/* Paths and headers need not be UTF-8. */
static void
test_request (void)
{
  g_autoptr (MhRequest) request = new_request (g_strdup ("https://a.example/"));

  assert_passes (request);
  request->content_type = g_strdup ("application/x-ndjson");
  request->compressed = TRUE;
  request->authorization = g_strdup ("Bearer \xe4");
  request->tls_database = g_strdup ("/\xff/ca.pem");
  assert_passes (request);
}

static void
assert_answer (guint32 number, const MhAnswer *answer, gpointer user_data)
{
  const MhAnswer *wanted = user_data;

  g_assert_cmpuint (number, ==, 9);
  g_assert_cmpuint (answer->status, ==, wanted->status);
  g_assert_cmpstr (answer->location, ==, wanted->location);
  g_assert_cmpstr (answer->retry_after, ==, wanted->retry_after);
  g_assert_cmpint (answer->unsent, ==, wanted->unsent);
  g_assert_cmpint (answer->body != NULL, ==, wanted->body != NULL);
  if (answer->body)
    g_assert_true (g_bytes_equal (answer->body, wanted->body));
  g_assert_cmpint (answer->error != NULL, ==, wanted->error != NULL);
  if (answer->error) {
    g_assert_error (answer->error, MH_ERROR, wanted->error->code);
    g_assert_cmpstr (answer->error->message, ==, wanted->error->message);
  }
}

static void
test_answer (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("x", 1);
  g_autoptr (GError)
      error = g_error_new_literal (MH_ERROR, MH_ERROR_CONFIG, "no file \xff");
  MhAnswer answers[] = {
    { .status = 204 },
    { .status = 201, .location = "/\xff", .retry_after = "3", .body = body },
    { .unsent = TRUE, .error = error },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (GBytes) bytes = mh_relay_encode_answer (9, &answers[i]);

    g_assert_true (mh_relay_decode_answer (bytes, assert_answer, &answers[i]));
  }
}

static void
refuse_answer (guint32 number, const MhAnswer *answer, gpointer user_data)
{
}

/* Whatever is cut off or changed is refused, or is another request. */
static void
test_damaged (void)
{
  g_autoptr (MhRequest) request = new_request (g_strdup ("http://a/"));
  g_autoptr (GBytes) bytes = mh_relay_encode_request (7, request);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, length);
    g_autoptr (GBytes) cut = g_bytes_new (data, i);
    g_autoptr (GBytes) changed = NULL;
    g_autoptr (MhRequest) other = NULL;
    guint32 number;

    g_assert_null (mh_relay_decode_request (cut, &number));
    copy[i] ^= 0xff;
    changed = g_bytes_new (copy, length);
    other = mh_relay_decode_request (changed, &number);
    mh_relay_decode_answer (changed, refuse_answer, NULL);
  }
}

/* ---- the link ---- */

typedef struct
{
  int other; /* the other end */
  MhRelayLink *link;
  guint n_frames;
  gsize length; /* of the latest one */
  gboolean got;
  gboolean closed;
  gboolean frees; /* in the function */
} End;

static void
end_on_frame (MhRelayType type, GBytes *contents, gpointer user_data)
{
  End *end = user_data;

  g_assert_cmpint (type, ==, MH_RELAY_REQUEST);
  end->n_frames++;
  end->length = g_bytes_get_size (contents);
  end->got = TRUE;
  if (end->frees)
    g_clear_pointer (&end->link, mh_relay_link_free);
}

static void
end_on_closed (gpointer user_data)
{
  End *end = user_data;

  end->closed = TRUE;
  g_clear_pointer (&end->link, mh_relay_link_free);
}

static void
begin (End *end)
{
  static const MhRelayLinkFuncs funcs = { end_on_frame, end_on_closed };
  int fds[2];

  g_assert_cmpint (
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), ==, 0);
  end->other = fds[1];
  end->link = mh_relay_link_new (
      fds[0], g_main_context_default (), &funcs, end);
}

static void
put (End *end, const void *data, gsize length)
{
  g_assert_cmpint (
      send (end->other, data, length, MSG_NOSIGNAL), ==, (gssize) length);
}

/* Frames come in pieces, and several at once. */
static void
test_pieces (void)
{
  const guint32 frames[] = { MH_RELAY_REQUEST, 4, 0, MH_RELAY_REQUEST, 0 };
  const guint8 *bytes = (const guint8 *) frames;
  End end = { 0 };

  begin (&end);
  for (gsize i = 0; i < 12; i++) {
    g_assert_false (end.got);
    put (&end, bytes + i, 1);
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  g_assert_cmpuint (end.n_frames, ==, 1);
  g_assert_cmpuint (end.length, ==, 4);
  put (&end, frames, sizeof frames);
  while (end.n_frames < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (end.length, ==, 0);
  close (end.other);
  wait_until (&end.closed);
}

/* It is freed by the first of two. */
static void
test_freed (void)
{
  const guint32 frames[] = { MH_RELAY_REQUEST, 0, MH_RELAY_REQUEST, 0 };
  End end = { .frees = TRUE };

  begin (&end);
  put (&end, frames, sizeof frames);
  wait_until (&end.got);
  g_assert_cmpuint (end.n_frames, ==, 1);
  close (end.other);
}

/* No side can make the other one take memory without end. */
static void
test_too_long (void)
{
  const guint32 head[] = { MH_RELAY_REQUEST, G_MAXUINT32 };
  End end = { 0 };

  begin (&end);
  put (&end, head, sizeof head);
  wait_until (&end.closed);
  g_assert_cmpuint (end.n_frames, ==, 0);
  close (end.other);
}

/* More than a socket takes at once. */
static void
test_large (void)
{
  static const MhRelayLinkFuncs funcs = { end_on_frame, end_on_closed };
  const gsize length = 8 * 1024 * 1024;
  g_autofree guint8 *data = g_malloc0 (length);
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, length);
  End from = { 0 }, to = { 0 };

  begin (&from);
  to.link = mh_relay_link_new (
      from.other, g_main_context_default (), &funcs, &to);
  mh_relay_link_send (from.link, MH_RELAY_REQUEST, bytes);
  wait_until (&to.got);
  g_assert_cmpuint (to.length, ==, length);
  mh_relay_link_free (from.link);
  wait_until (&to.closed);
}

/* ---- the transport ---- */

typedef struct
{
  char *dir;
  MhTransport *transport;
  MhTestServer server;
  gboolean done;
  guint status;
  gboolean unsent;
  char *location;
  GError *error;
} Fixture;

static void
setup (Fixture *f)
{
  f->dir = mh_test_dir_new ();
  f->transport = mh_transport_relay_new (f->dir, TIMEOUT, 60);
}

static void
teardown (Fixture *f)
{
  mh_transport_close (f->transport);
  g_object_unref (f->transport);
  g_free (f->location);
  g_clear_error (&f->error);
  mh_test_dir_free (f->dir);
}

static void
on_answer (const MhAnswer *answer, gpointer user_data)
{
  Fixture *f = user_data;

  f->done = TRUE;
  f->status = answer->status;
  f->unsent = answer->unsent;
  g_free (f->location);
  f->location = g_strdup (answer->location);
  g_clear_error (&f->error);
  f->error = answer->error ? g_error_copy (answer->error) : NULL;
}

static void
send_to (Fixture *f, char *uri, const char *tls_database)
{
  g_autoptr (MhRequest) request = new_request (uri);

  request->tls_database = g_strdup (tls_database);
  f->done = FALSE;
  mh_transport_send (f->transport, request, on_answer, f);
  g_assert_false (f->done);
}

static void
test_sends (void)
{
  Fixture f = { 0 };

  setup (&f);
  mh_test_server_start (&f.server, mh_test_server_created);
  send_to (&f, mh_test_server_uri (&f.server), NULL);
  wait_until (&f.done);
  g_assert_no_error (f.error);
  g_assert_cmpuint (f.status, ==, 201);
  g_assert_nonnull (f.location);
  g_assert_cmpuint (f.server.n_requests, ==, 1);
  teardown (&f);
  mh_test_server_stop (&f.server);
}

static gboolean
unlock (gpointer user_data)
{
  close (GPOINTER_TO_INT (user_data));
  return G_SOURCE_REMOVE;
}

/* Another program is about to end: it does not listen any more, and has its lock
 * still. */
static void
test_ending (void)
{
  Fixture f = { 0 };
  g_autofree char *path = NULL;
  int lock;

  setup (&f);
  path = g_build_filename (f.dir, "helper.lock", NULL);
  lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (flock (lock, LOCK_EX), ==, 0);
  mh_test_server_start (&f.server, mh_test_server_created);
  send_to (&f, mh_test_server_uri (&f.server), NULL);
  g_timeout_add (500, unlock, GINT_TO_POINTER (lock));
  wait_until (&f.done);
  g_assert_no_error (f.error);
  g_assert_cmpuint (f.status, ==, 201);
  teardown (&f);
  mh_test_server_stop (&f.server);
}

/* A certificate is checked as in this process: by the system's CAs, or by those of
 * the file that is named. */
static void
test_tls (void)
{
  Fixture f = { 0 };

  if (MH_TEST_WITH_ASAN) {
    g_test_skip ("LeakSanitizer crashes when GnuTLS has been loaded late");
    return;
  }
  setup (&f);
  mh_test_server_start_tls_file (
      &f.server, mh_test_server_created, TLS_DIR "/server.pem");
  send_to (&f, mh_test_server_uri (&f.server), NULL);
  wait_until (&f.done);
  g_assert_error (f.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_nonnull (strstr (f.error->message, "certificate"));
  g_assert_cmpuint (f.server.n_requests, ==, 0);
  send_to (&f, mh_test_server_uri (&f.server), CA);
  wait_until (&f.done);
  g_assert_no_error (f.error);
  g_assert_cmpuint (f.status, ==, 201);
  send_to (&f, mh_test_server_uri (&f.server), "/nowhere/ca.pem");
  wait_until (&f.done);
  g_assert_error (f.error, MH_ERROR, MH_ERROR_CONFIG);
  teardown (&f);
  mh_test_server_stop (&f.server);
}

/* What is under way when the transport is closed is answered, once. */
static void
test_closed (void)
{
  Fixture f = { 0 };

  setup (&f);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  mh_transport_close (f.transport);
  g_assert_true (f.done);
  g_assert_true (f.unsent);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  teardown (&f);
}

static void
test_no_program (void)
{
  g_autofree char *helper = g_strdup (g_getenv ("MEDIAHEARTBEAT_HELPER"));
  Fixture f = { 0 };

  g_setenv ("MEDIAHEARTBEAT_HELPER", "/nowhere/helper", TRUE);
  setup (&f);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  g_assert_nonnull (strstr (f.error->message, "/nowhere/helper"));
  g_assert_null (strchr (f.error->message, '\n'));
  teardown (&f);
  g_setenv ("MEDIAHEARTBEAT_HELPER", helper, TRUE);
}

/* A program that ends and does not listen. */
static void
test_fails (void)
{
  g_autofree char *helper = g_strdup (g_getenv ("MEDIAHEARTBEAT_HELPER"));
  Fixture f = { 0 };

  g_setenv ("MEDIAHEARTBEAT_HELPER", "/bin/false", TRUE);
  setup (&f);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  g_assert_nonnull (strstr (f.error->message, "it has failed"));
  teardown (&f);
  g_setenv ("MEDIAHEARTBEAT_HELPER", helper, TRUE);
}

/* One that had not ended when its transport was closed is waited for by the next
 * start. */
static void
test_zombie (void)
{
  g_autofree char *helper = g_strdup (g_getenv ("MEDIAHEARTBEAT_HELPER"));
  Fixture f = { 0 };
  siginfo_t info = { 0 };
  pid_t pid, next;

  g_setenv ("MEDIAHEARTBEAT_HELPER", "/bin/true", TRUE);
  setup (&f);
  pid = mh_helper_start (f.dir, NULL);
  g_assert_cmpint (pid, >, 0);
  mh_helper_leave (pid);
  g_assert_cmpint (waitid (P_PID, (id_t) pid, &info, WEXITED | WNOWAIT), ==, 0);
  next = mh_helper_start (f.dir, NULL);
  g_assert_cmpint (next, >, 0);
  g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, -1);
  mh_helper_leave (next);
  teardown (&f);
  g_setenv ("MEDIAHEARTBEAT_HELPER", helper, TRUE);
}

static void
no_print (const char *text)
{
  g_error ("the application prints: %s", text);
}

/* A terminal or a pipe that takes nothing is left alone, and so are functions of the
 * application. */
static void
test_complain (void)
{
  int stderr_before = dup (STDERR_FILENO);
  int fds[2];
  char byte = 0;
  gsize n = 0;

  g_assert_cmpint (pipe (fds), ==, 0);
  fcntl (fds[1], F_SETFL, O_NONBLOCK);
  while (write (fds[1], &byte, 1) == 1)
    n++;
  fcntl (fds[1], F_SETFL, 0);
  dup2 (fds[1], STDERR_FILENO);
  g_set_printerr_handler (no_print);
  mh_helper_complain ("a test");
  g_set_printerr_handler (NULL);
  dup2 (stderr_before, STDERR_FILENO);
  close (fds[1]);
  for (; n > 0; n--)
    g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 0);
  close (fds[0]);
  close (stderr_before);
}

static void
test_directory (void)
{
  Fixture f = { 0 };

  setup (&f);
  g_chmod (f.dir, 0777);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  g_assert_nonnull (strstr (f.error->message, "everybody may write into it"));
  teardown (&f);
}

/* ---- a program that the test is ---- */

/* Listens in the directory of a fixture. */
typedef struct
{
  int dir_fd;
  int listener;
  int connection; /* -1: there is none */
} Program;

static void
program_listen (Program *program, Fixture *f)
{
  program->dir_fd = mh_relay_open_dir (f->dir, NULL);
  program->listener = mh_relay_listen (program->dir_fd, NULL);
  program->connection = -1;
}

static void
program_accept (Program *program)
{
  while ((program->connection = accept (program->listener, NULL, NULL)) < 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
program_end (Program *program)
{
  mh_relay_unlisten (program->dir_fd);
  close (program->dir_fd);
  close (program->listener);
  close (program->connection);
}

/* The frames of another version are not understood: the request fails, once. With
 * data, a hello without a version. */
static void
test_version (gconstpointer data)
{
  const guint32 hello[] = { MH_RELAY_HELLO, sizeof (guint32),
    MH_RELAY_VERSION + 1 };
  const guint32 bare[] = { MH_RELAY_HELLO, 0 };
  Fixture f = { 0 };
  Program program;
  char c;

  setup (&f);
  program_listen (&program, &f);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  program_accept (&program);
  if (data)
    g_assert_cmpint (
        write (program.connection, bare, sizeof bare), ==, sizeof bare);
  else
    g_assert_cmpint (
        write (program.connection, hello, sizeof hello), ==, sizeof hello);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  g_assert_nonnull (strstr (f.error->message, "another version"));
  g_assert_cmpint (read (program.connection, &c, 1), ==, 0);
  teardown (&f);
  program_end (&program);
}

/* The directory is bad when the program is to be started, and another process's
 * program is there before that is told. It ends, and the directory is bad again. */
static void
test_bad_again (void)
{
  Fixture f = { 0 };
  Program program;

  setup (&f);
  g_chmod (f.dir, 0777);
  send_to (&f, g_strdup ("http://127.0.0.1:9/"), NULL);
  g_chmod (f.dir, 0700);
  program_listen (&program, &f);
  program_accept (&program);
  g_chmod (f.dir, 0777);
  program_end (&program);
  wait_until (&f.done);
  g_assert_true (f.unsent);
  g_assert_nonnull (strstr (f.error->message, "everybody may write into it"));
  teardown (&f);
}

static void
skip (void)
{
  g_test_skip ("the kernel cannot start the helper program");
}

int
main (int argc, char *argv[])
{
  gboolean runs = g_getenv ("MH_TEST_WRAPPER") == NULL;

  g_test_init (&argc, &argv, NULL);
  /* The first: once a process. */
  g_test_add_func ("/relay/complain", test_complain);
  g_test_add_func ("/relay/request", test_request);
  g_test_add_func ("/relay/answer", test_answer);
  g_test_add_func ("/relay/damaged", test_damaged);
  g_test_add_func ("/relay/link/pieces", test_pieces);
  g_test_add_func ("/relay/link/freed", test_freed);
  g_test_add_func ("/relay/link/too-long", test_too_long);
  g_test_add_func ("/relay/link/large", test_large);
  g_test_add_func ("/relay/sends", runs ? test_sends : skip);
  g_test_add_func ("/relay/ending", runs ? test_ending : skip);
  g_test_add_func ("/relay/tls", runs ? test_tls : skip);
  g_test_add_func ("/relay/closed", runs ? test_closed : skip);
  g_test_add_func ("/relay/no-program", test_no_program);
  g_test_add_func ("/relay/fails", test_fails);
  g_test_add_func ("/relay/directory", test_directory);
  g_test_add_func ("/relay/zombie", test_zombie);
  g_test_add_func ("/relay/directory/again", test_bad_again);
  g_test_add_data_func ("/relay/version/other", NULL, test_version);
  g_test_add_data_func ("/relay/version/none", "", test_version);
  return g_test_run ();
}
