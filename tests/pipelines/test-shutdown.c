/* Tests of whole pipelines: what is left when the last element is gone.
 *
 * No thread, no file and no socket some seconds later, whatever the server does,
 * and however often: what there is by then is compared with what there was before
 * the first element. No player waits, only the process's end does, and not for
 * longer than flush-timeout. What is not delivered by then is by the next player.
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

/* That of the tests before this one. */
static void
wait_for_worker (void)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;

  for (;;) {
    g_autofree char *threads = list ("/proc/self/task", name_thread);

    if (!strstr (threads, "mediaheartbeat"))
      return;
    g_assert_cmpint (g_get_monotonic_time (), <, until);
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
  wait_for_worker ();
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

/* ---- one after the other ---- */

#define N_PLAYS 200

/* Returns: how long it took from the first state change to the last. */
static gint64
play_briefly (const char *uri, const char *heartbeat)
{
  g_autofree char *description = g_strdup_printf (
      "audiotestsrc num-buffers=3 samplesperbuffer=44 ! "
      "audio/x-raw,rate=44100 ! %s ! fakesink name=sink",
      heartbeat);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (pipeline), "heartbeat");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  gint64 began = g_get_monotonic_time ();

  if (element)
    g_object_set (element, "collection-server", uri, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return g_get_monotonic_time () - began;
}

static gint64
play_many (const char *uri, const char *heartbeat)
{
  gint64 took = 0;

  for (guint i = 0; i < N_PLAYS; i++)
    took += play_briefly (uri, heartbeat);
  return took / N_PLAYS;
}

/* Each is one session at the server, to the end, and none is another's. */
static void
test_zapping (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *state = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "zapping", NULL);
  g_autofree char *heartbeat = g_strdup_printf (
      "mediaheartbeat name=heartbeat media-id=tone preroll-wait=0 "
      "flush-timeout=0 state-dir=%s",
      state);
  const char *uri = mh_collector_get_uri (collector);
  gint64 with, without;

  play_briefly (uri, heartbeat);
  with = play_many (uri, heartbeat);
  without = play_many (uri, "identity");
  g_test_message ("%d us a play, %d us without", (int) with, (int) without);
  mh_collector_wait (collector, "sessionComplete", N_PLAYS + 1);
  for (guint i = 0; mh_collector_nth (collector, i); i++) {
    g_assert_true (mh_collector_nth (collector, i)->accepted);
    g_assert_false (mh_collector_nth (collector, i)->resume);
  }
  g_assert_cmpuint (
      mh_collector_count (collector, "sessionStart"), ==, N_PLAYS + 1);
  mh_collector_assert_sane (collector);
}

#define NULL_FLUSH 60000 /* ms: what NULL would wait for, if it waited */

/* How long NULL took after a short play, microseconds. */
static gint64
time_null (const char *uri, const char *state)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=10 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone "
      "preroll-wait=0 ! fakesink sync=true");
  gint64 began;

  g_object_set (player->heartbeat, "collection-server", uri, "state-dir", state,
      "flush-timeout", NULL_FLUSH, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  began = g_get_monotonic_time ();
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  return g_get_monotonic_time () - began;
}

/* The server says nothing: NULL does not wait for that. The machine may be
 * slow, so this is held against what NULL could have waited for. */
static void
test_null (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (GSocket) socket = make_socket (TRUE, &uri);
  g_autofree char *state = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "null", NULL);
  gint64 shortest = G_MAXINT64;

  for (guint i = 0; i < 10; i++)
    shortest = MIN (shortest, time_null (uri, state));
  g_test_message ("%d us", (int) shortest);
  g_assert_cmpint (shortest, <, NULL_FLUSH * G_TIME_SPAN_MILLISECOND / 1000);
}

/* ---- the end of a process ---- */

typedef enum
{
  END_MAIN, /* the end of main() */
  END_EXIT, /* exit() */
  END_DEINIT, /* after gst_deinit() */
  END_STREAMING, /* exit() in a streaming thread, with its locks held */
  END_SIGNAL, /* exit() in a signal's handler */
} End;

#define ENV_FLUSH "MH_TEST_FLUSH"

static void
exit_here (int signal)
{
  exit (0);
}

static GstPadProbeReturn
exit_in_probe (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  exit (0);
}

static void
exit_in_streaming_thread (MhPlayer *player)
{
  g_autoptr (GstPad)
      pad = gst_element_get_static_pad (player->heartbeat, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, exit_in_probe, NULL, NULL);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static void
play_and_end (End end)
{
  gboolean whole = end <= END_DEINIT;
  MhPlayer *player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=%d samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone "
      "preroll-wait=0 ! fakesink sync=true",
      whole ? 10 : -1);

  gst_util_set_object_arg (
      G_OBJECT (player->heartbeat), "flush-timeout", g_getenv (ENV_FLUSH));
  g_object_set (player->heartbeat, "collection-server", g_getenv (ENV_SERVER),
      "state-dir", g_getenv (ENV_STATE), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  if (whole) {
    mh_player_wait_message (player, GST_MESSAGE_EOS);
    mh_player_free (player);
  } else {
    mh_player_wait_hit (player, "play", 1);
  }
  if (end == END_STREAMING)
    exit_in_streaming_thread (player);
  if (end == END_SIGNAL) {
    signal (SIGUSR1, exit_here);
    raise (SIGUSR1);
  }
  if (end == END_DEINIT)
    gst_deinit ();
  if (end != END_MAIN)
    exit (0);
}

/* Returns: how long it took the subprocess in all. */
static gint64
run_to_its_end (const char *uri, const char *name, const char *flush)
{
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), name, NULL);
  gint64 began = g_get_monotonic_time ();

  g_setenv (ENV_SERVER, uri, TRUE);
  g_setenv (ENV_STATE, dir, TRUE);
  g_setenv (ENV_FLUSH, flush, TRUE);
  g_test_trap_subprocess (
      NULL, MH_TEST_PATIENCE, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  return g_get_monotonic_time () - began;
}

/* What was played is delivered before the process is gone. */
static void
test_end (gconstpointer data)
{
  End end = (End) GPOINTER_TO_INT (data);
  g_autoptr (MhCollector) collector = NULL;

  if (g_test_subprocess ()) {
    play_and_end (end);
    return;
  }
  collector = mh_collector_new ();
  run_to_its_end (mh_collector_get_uri (collector), "end", "30000");
  if (end <= END_DEINIT)
    g_assert_cmpuint (mh_collector_count (collector, "sessionComplete"), ==, 1);
  mh_collector_assert_sane (collector);
}

/* A server that says nothing is waited for as long as it was set. */
static void
test_end_silent (gconstpointer data)
{
  const gint64 flush = 20 * G_TIME_SPAN_SECOND;
  g_autofree char *uri = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (g_test_subprocess ()) {
    play_and_end ((End) GPOINTER_TO_INT (data));
    return;
  }
  socket = make_socket (TRUE, &uri);
  g_assert_cmpint (run_to_its_end (uri, "end-silent", "50"), <, flush);
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
  for (guint i = END_MAIN; i <= END_SIGNAL; i++) {
    static const char *const names[] = { "main", "exit", "deinit", "streaming",
      "signal" };
    g_autofree char *path = g_strconcat ("/shutdown/end/", names[i], NULL);
    g_autofree char *silent = g_strconcat (
        "/shutdown/end-silent/", names[i], NULL);

    g_test_add_data_func (path, GINT_TO_POINTER (i), test_end);
    g_test_add_data_func (silent, GINT_TO_POINTER (i), test_end_silent);
  }
  g_test_add_func ("/shutdown/zapping", test_zapping);
  g_test_add_func ("/shutdown/null", test_null);
  g_test_add_func ("/shutdown/rest", test_rest);
  g_test_add_func ("/shutdown/exit", test_exit);
  return g_test_run ();
}
