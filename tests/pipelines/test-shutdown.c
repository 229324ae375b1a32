/* Tests of whole pipelines: what is left when the last element is gone.
 *
 * No thread, no file and no socket, whatever the server does, and however often:
 * what there is by then is compared with what there was before the first
 * element. Nobody waits for longer than flush-timeout, and what is not delivered
 * by then is by the next player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOPS 20

/* What a process of ours is told. */
#define ENV_SERVER "MH_TEST_SERVER"
#define ENV_STATE "MH_TEST_STATE"

/* Of the server in this process, or 0. */
static guint server_port;

/* ---- what there is ---- */

/* Threads of GLib's and GStreamer's that are started when somebody first needs
 * them and end when they please: those of pools (GIO's look-ups of names, tasks
 * of GStreamer's), which a task gives its own name, and of GIO's own main loop,
 * for TLS. */
static const char *const not_ours[] = { "pool-", "gmain", "gdbus",
  "audiotestsrc" };

/* Since when they are there is of no interest: they are left out. */
static gboolean
is_ours (const char *comm)
{
  for (guint i = 0; i < G_N_ELEMENTS (not_ours); i++) {
    if (g_str_has_prefix (comm, not_ours[i]))
      return FALSE;
  }
  return TRUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full): the names of @dir through @name, sorted. */
static char *
list (const char *path, char *(*name) (const char *dir, const char *entry))
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *entry;
  char *found;

  g_assert_nonnull (dir);
  while ((entry = g_dir_read_name (dir))) {
    if ((found = name (path, entry)))
      g_ptr_array_add (names, found);
  }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return g_strjoinv ("\n", (char **) names->pdata);
}

static char *
name_thread (const char *dir, const char *entry)
{
  g_autofree char *path = g_build_filename (dir, entry, "comm", NULL);
  char *comm = NULL;

  if (!g_file_get_contents (path, &comm, NULL, NULL))
    return NULL;
  g_strchomp (comm);
  if (!is_ours (comm))
    g_clear_pointer (&comm, g_free);
  return comm;
}

static guint
get_port (GSocketAddress *address)
{
  return address && G_IS_INET_SOCKET_ADDRESS (address)
      ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
      : 0;
}

/* The server's own ends of its connections are none of ours: it may keep one
 * whose other end has been reset. */
static char *
name_socket (int fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (dup (fd), NULL);
  g_autoptr (GSocketAddress) here = NULL;

  if (socket)
    here = g_socket_get_local_address (socket, NULL);
  return server_port > 0 && get_port (here) == server_port
      ? NULL
      : g_strdup ("socket");
}

static char *
name_file (const char *dir, const char *entry)
{
  g_autofree char *path = g_build_filename (dir, entry, NULL);
  char *target = g_file_read_link (path, NULL);

  /* The one that reads this. */
  if (target && g_str_has_suffix (target, "/fd"))
    g_clear_pointer (&target, g_free);
  else if (target && g_str_has_prefix (target, "socket:")) {
    g_free (target);
    target = name_socket (atoi (entry));
  }
  return target;
}

static char *
list_all (void)
{
  g_autofree char *threads = list ("/proc/self/task", name_thread);
  g_autofree char *files = list ("/proc/self/fd", name_file);

  return g_strconcat (threads, "\n", files, NULL);
}

/* A thread may take a moment to end, and so may the server in this process to
 * notice that nobody is at the other end. */
static void
assert_nothing_left (const char *before)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;

  for (;;) {
    g_autofree char *now = list_all ();

    if (g_str_equal (now, before))
      return;
    if (g_get_monotonic_time () > until)
      g_error ("before:\n%s\nand now:\n%s", before, now);
    g_thread_yield ();
  }
}

/* ---- servers ---- */

typedef enum
{
  SERVER_NONE,
  SERVER_GOOD,
  SERVER_DEAD, /* nobody is there */
  SERVER_SILENT, /* takes connections, and says nothing */
  SERVER_NO_TLS, /* where TLS is asked for */
} Server;

/* A socket that has not been listened to yet refuses; one that has takes
 * connections, accepted or not. */
static GSocket *
make_socket (gboolean listens, char **uri)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, FALSE, &error));
  g_socket_set_listen_backlog (socket, 3 * LOOPS);
  if (listens)
    g_assert_true (g_socket_listen (socket, &error));
  address = g_socket_get_local_address (socket, &error);
  *uri = g_strdup_printf ("http://127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  return g_steal_pointer (&socket);
}

typedef struct
{
  const char *name;
  Server server;
  const char *properties;
} Case;

static void
play_once (const Case *c, const char *uri)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=10 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone "
      "preroll-wait=0 flush-timeout=50 %s ! fakesink sync=true",
      c->properties);
  g_autofree char *state = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), c->name, NULL);

  if (!strstr (c->properties, "state-dir"))
    g_object_set (player->heartbeat, "state-dir", state, NULL);
  g_object_set (player->heartbeat, "collection-server", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  /* To wait for its answer would be to wait until it is given up. */
  if (c->server == SERVER_SILENT)
    g_assert_cmpuint (mh_player_get_stat (player, "failed"), ==, 0);
  mh_player_pump (player);
  g_assert_cmpuint (player->errors, ==, 0);
}

static void
test_nothing_left (gconstpointer data)
{
  const Case *c = data;
  MhCollector *collector = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *before = NULL;

  if (c->server == SERVER_GOOD || c->server == SERVER_NO_TLS) {
    collector = mh_collector_new ();
    uri = g_strdup (mh_collector_get_uri (collector));
    if (c->server == SERVER_NO_TLS) {
      g_free (uri);
      uri = g_strdup_printf (
          "https%s", mh_collector_get_uri (collector) + strlen ("http"));
    }
  } else if (c->server != SERVER_NONE) {
    socket = make_socket (c->server == SERVER_SILENT, &uri);
  }
  server_port = uri ? (guint) atoi (strrchr (uri, ':') + 1) : 0;
  before = list_all ();
  for (guint i = 0; i < LOOPS; i++)
    play_once (c, uri);
  assert_nothing_left (before);
  if (collector)
    mh_collector_free (collector);
}

/* ---- the rest ---- */

/* The end of each player is in time, and the next one that gets through takes
 * what they have left. */
static void
test_rest (void)
{
  static const Case c = { "rest", SERVER_GOOD, "" };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  const char *uri = mh_collector_get_uri (collector);

  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  for (guint i = 0; i < LOOPS; i++)
    play_once (&c, uri);
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  mh_collector_fail_next (collector, 0, 503, NULL, NULL);
  play_once (&c, uri);
  /* Those who come after it help where it had too little time. */
  while (mh_collector_count (collector, "sessionComplete") < LOOPS + 1)
    play_once (&c, uri);
  mh_collector_assert_sane (collector);
}

/* ---- exit() ---- */

/* In a process of its own, which ends while it plays. */
static void
play_and_exit (void)
{
  MhPlayer *player = mh_player_launch (NULL,
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "mediaheartbeat name=heartbeat media-id=tone preroll-wait=0 ! "
      "fakesink sync=true");

  g_object_set (player->heartbeat, "collection-server", g_getenv (ENV_SERVER),
      "state-dir", g_getenv (ENV_STATE), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  /* With the second of them, the first is safe. */
  mh_player_wait_hit (player, "play", 2);
  exit (0);
}

static void
test_exit (void)
{
  static const Case c = { "exit", SERVER_GOOD, "" };
  const guint times = 5;
  g_autoptr (MhCollector) collector = NULL;
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "exit", NULL);

  if (g_test_subprocess ()) {
    play_and_exit ();
    return;
  }
  collector = mh_collector_new ();
  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  g_setenv (ENV_SERVER, mh_collector_get_uri (collector), TRUE);
  g_setenv (ENV_STATE, dir, TRUE);
  for (guint i = 0; i < times; i++) {
    g_test_trap_subprocess (
        NULL, MH_TEST_PATIENCE, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
  }
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  mh_collector_fail_next (collector, 0, 503, NULL, NULL);
  play_once (&c, mh_collector_get_uri (collector));
  while (mh_collector_count (collector, "play") < times + 1)
    play_once (&c, mh_collector_get_uri (collector));
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), >, times);
  mh_collector_assert_sane (collector);
}

int
main (int argc, char *argv[])
{
  static const Case cases[] = {
    { "no-server", SERVER_NONE, "" },
    { "good", SERVER_GOOD, "" },
    { "dead", SERVER_DEAD, "" },
    { "silent", SERVER_SILENT, "" },
    { "no-tls", SERVER_NO_TLS, "" },
    { "full", SERVER_DEAD, "queue-max-hits=1" },
    { "no-state", SERVER_DEAD,
        "state-dir=/proc/self/nothing app-installation-id=one" },
  };

  /* The main loop and GLib's own thread have a file each, and keep it. */
  g_main_context_default ();
  g_source_unref (g_unix_signal_source_new (SIGHUP));
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat (
        "/shutdown/nothing-left/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_nothing_left);
  }
  g_test_add_func ("/shutdown/rest", test_rest);
  g_test_add_func ("/shutdown/exit", test_exit);
  return g_test_run ();
}
