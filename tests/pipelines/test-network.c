/* Tests of whole pipelines: a server that is away, or does not behave.
 * Playback is never disturbed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#define TONE(properties) \
  "audiotestsrc num-buffers=200 samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone " properties \
  " ! fakesink sync=true"

/* Beyond what was asked for, on a loaded machine under valgrind. */
#define MARGIN (10 * G_TIME_SPAN_SECOND)

/* ---- servers that are none ---- */

/* A port that is taken, but where nobody listens. */
static char *
make_closed_server (GSocket **socket)
{
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (*socket, address, FALSE, &error));
  bound = g_socket_get_local_address (*socket, &error);
  return g_strdup_printf ("http://127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

static void
assert_plays_unharmed (MhPlayer *player)
{
  gint64 before = g_get_monotonic_time ();

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_wait_hit (player, "play", 1);
  mh_player_wait_hit (player, "sessionComplete", 1);
  g_assert_cmpint (
      g_get_monotonic_time () - before, <, 2 * G_TIME_SPAN_SECOND + MARGIN);
  g_assert_cmpuint (player->errors, ==, 0);
}

/* Held for as long as the program lives: what is left behind is tried again by
 * the elements of the tests that follow. */
static GSocket *closed;

static void
test_unreachable (void)
{
  g_autofree char *uri = make_closed_server (&closed);
  g_autoptr (MhPlayer)
      player = mh_player_launch (NULL, TONE ("flush-timeout=300"));
  gint64 before;

  g_object_set (player->heartbeat, "collection-server", uri, NULL);
  assert_plays_unharmed (player);
  mh_player_wait_warning (player, "cannot be delivered");
  before = g_get_monotonic_time ();
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpint (g_get_monotonic_time () - before, <,
      300 * G_TIME_SPAN_MILLISECOND + MARGIN);
  mh_player_pump (player);
  /* Once, although it was tried more often. */
  g_assert_cmpuint (player->warnings->len, ==, 1);
  g_assert_cmpuint (mh_player_get_stat (player, "sent"), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==,
      mh_player_get_stat (player, "hits"));
  g_assert_cmpuint (mh_player_get_stat (player, "failed"), >=, 1);
}

static gboolean
on_connection (GThreadedSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer user_data)
{
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (connection));
  static const char garbage[] = "\x00\xff\xfe HTTP, or what?\r\n\r\n\n\n";

  g_atomic_int_inc ((int *) user_data);
  g_output_stream_write_all (output, garbage, sizeof garbage, NULL, NULL, NULL);
  return TRUE;
}

typedef struct
{
  GMainContext *context;
  gint quit;
} Loop;

static gpointer
run_loop (gpointer data)
{
  Loop *loop = data;

  while (!g_atomic_int_get (&loop->quit))
    g_main_context_iteration (loop->context, TRUE);
  return NULL;
}

/* What answers is no HTTP server. */
static void
test_garbage (void)
{
  Loop loop = { g_main_context_new (), 0 };
  GSocketService *service;
  GThread *thread;
  guint16 port;
  int connections = 0;
  g_autofree char *uri = NULL;
  MhPlayer *player = mh_player_launch (NULL, TONE ("flush-timeout=0"));

  g_main_context_push_thread_default (loop.context);
  service = g_threaded_socket_service_new (4);
  g_signal_connect (service, "run", G_CALLBACK (on_connection), &connections);
  port = g_socket_listener_add_any_inet_port (
      G_SOCKET_LISTENER (service), NULL, NULL);
  g_socket_service_start (service);
  g_main_context_pop_thread_default (loop.context);
  thread = g_thread_new ("garbage", run_loop, &loop);

  uri = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_object_set (player->heartbeat, "collection-server", uri, NULL);
  assert_plays_unharmed (player);
  mh_player_wait_warning (player, "cannot be delivered");
  mh_player_free (player);
  g_assert_cmpint (g_atomic_int_get (&connections), >=, 1);

  g_atomic_int_set (&loop.quit, TRUE);
  g_main_context_wakeup (loop.context);
  g_thread_join (thread);
  g_socket_service_stop (service);
  g_object_unref (service);
  g_main_context_unref (loop.context);
}

/* ---- servers that fail at times ---- */

typedef struct
{
  const char *name;
  guint status;
  const char *header;
  const char *value;
  guint after; /* how many requests are accepted before */
} Fault;

static void
assert_all_in_order (MhCollector *collector, const char *wanted)
{
  g_autofree char *order = mh_collector_dup_order (collector);

  g_assert_cmpstr (order, ==, wanted);
  mh_collector_assert_sane (collector);
}

/* What fails for a while is delivered in the end: everything, in order. */
static void
test_retried (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));

  if (fault->after == 0)
    mh_collector_fail_next (
        collector, 2, fault->status, fault->header, fault->value);
  mh_player_go (player, GST_STATE_PLAYING);
  if (fault->after > 0) {
    mh_collector_wait (collector, "play", 1);
    mh_collector_fail_next (
        collector, 2, fault->status, fault->header, fault->value);
  }
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  assert_all_in_order (collector, "sessionStart play sessionComplete");
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_player_get_stat (player, "failed"), ==, 2);
  g_assert_cmpuint (mh_player_get_stat (player, "dropped"), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
  g_assert_cmpuint (mh_player_count_warnings (player, "wait"), ==, 1);
  g_assert_cmpuint (player->errors, ==, 0);
}

/* The server says when to come back. */
static void
test_retry_after (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));
  const MhCollected *refused, *start;

  mh_collector_fail_next (collector, 1, 503, "Retry-After", "2");
  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  refused = mh_collector_nth (collector, 0);
  g_assert_cmpuint (refused->status, ==, 503);
  g_assert_cmpint (start->at - refused->at, >=, 2 * G_TIME_SPAN_SECOND);
  /* It still says when it was. */
  g_assert_cmpfloat (start->playhead, <, MH_PLAYHEAD_TOLERANCE);
  mh_collector_wait (collector, "sessionComplete", 1);
}

/* The session is gone: it goes on as another. */
static void
test_expired (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, TONE ("ping-interval=1 late-delivery=drop"));
  const MhCollected *first, *second;

  mh_player_go (player, GST_STATE_PLAYING);
  first = mh_collector_wait (collector, "sessionStart", 1);
  mh_collector_wait (collector, "play", 1);
  mh_collector_fail_next (collector, 1, GPOINTER_TO_UINT (data), NULL, NULL);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_true (second->resume);
  g_assert_cmpstr (first->session, !=, second->session);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  assert_all_in_order (
      collector, "sessionStart play sessionStart play sessionComplete");
  g_assert_cmpuint (mh_player_get_stat (player, "resumes"), ==, 1);
  g_assert_cmpuint (player->warnings->len, ==, 0);
}

/* One hit that the server does not like is dropped; the others go on. */
static void
test_bad_event (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_collector_fail_next (collector, 1, 400, NULL, NULL);
  mh_collector_wait_refused (collector, 1);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "dropped"), ==, 1);
  g_assert_cmpuint (mh_player_get_stat (player, "failed"), ==, 0);
  assert_all_in_order (collector, "sessionStart play sessionComplete");
}

static void
test_refused_start (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, TONE ("ping-interval=1"));

  mh_collector_fail_next (collector, 1, GPOINTER_TO_UINT (data), NULL, NULL);
  assert_plays_unharmed (player);
  mh_player_wait_warning (player, "refused the session");
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (player->warnings->len, ==, 1);
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "dropped"), ==,
      mh_player_get_stat (player, "hits"));
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
  /* The next session is tried. */
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_all_in_order (collector, "sessionStart play sessionComplete");
}

/* Nothing comes back: given up after a while, and tried again. */
static void
test_silence (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));
  gint64 before;

  mh_collector_fail_next (collector, 1, COLLECTOR_FAULT_SILENT, NULL, NULL);
  assert_plays_unharmed (player);
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_all_in_order (collector, "sessionStart play sessionComplete");
  before = g_get_monotonic_time ();
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpint (g_get_monotonic_time () - before, <, MARGIN);
}

/* Nor does a server that is silent at the end hold up the player for longer
 * than it may; the next one to come delivers what is left. */
static void
test_silence_at_the_end (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  MhPlayer *player = mh_player_launch (collector, TONE ("flush-timeout=200"));
  gint64 before;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_collector_fail_next (collector, 1, COLLECTOR_FAULT_SILENT, NULL, NULL);
  before = g_get_monotonic_time ();
  mh_player_free (player);
  g_assert_cmpint (g_get_monotonic_time () - before, <,
      200 * G_TIME_SPAN_MILLISECOND + MARGIN);
  mh_collector_fail_next (collector, 0, 500, NULL, NULL);

  player = mh_player_launch (NULL, TONE (""));
  mh_player_go (player, GST_STATE_READY);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_free (player);
  assert_all_in_order (collector, "sessionStart play sessionEnd");
}

/* While another plays on, nobody waits. */
static void
test_no_wait_for_others (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  MhPlayer *other = mh_player_launch (collector, TONE (""));
  MhPlayer *player = mh_player_launch (collector, TONE ("flush-timeout=60000"));
  gint64 before;

  mh_player_go (other, GST_STATE_PLAYING);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  mh_collector_fail_next (collector, 1, COLLECTOR_FAULT_SILENT, NULL, NULL);
  before = g_get_monotonic_time ();
  mh_player_free (player);
  g_assert_cmpint (g_get_monotonic_time () - before, <, MARGIN);
  mh_collector_fail_next (collector, 0, 500, NULL, NULL);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_free (other);
}

static void
add_tests (void)
{
  static const Fault faults[] = {
    { "500-at-start", 500, NULL, NULL, 0 },
    { "500-later", 500, NULL, NULL, 1 },
    { "503-with-retry-after", 503, "Retry-After", "1", 1 },
    { "429", 429, NULL, NULL, 1 },
    { "408", 408, NULL, NULL, 1 },
    { "closed-at-start", COLLECTOR_FAULT_CLOSE, NULL, NULL, 0 },
    { "closed-later", COLLECTOR_FAULT_CLOSE, NULL, NULL, 1 },
    { "200-without-id", 200, NULL, NULL, 0 },
    { "201-without-id", 201, NULL, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *name = g_strdup_printf (
        "/network/retried/%s", faults[i].name);

    g_test_add_data_func (name, &faults[i], test_retried);
  }
  g_test_add_func ("/network/unreachable", test_unreachable);
  g_test_add_func ("/network/garbage", test_garbage);
  g_test_add_func ("/network/retry-after", test_retry_after);
  g_test_add_data_func (
      "/network/expired/404", GUINT_TO_POINTER (404), test_expired);
  g_test_add_data_func (
      "/network/expired/410", GUINT_TO_POINTER (410), test_expired);
  g_test_add_func ("/network/bad-event", test_bad_event);
  g_test_add_data_func (
      "/network/refused-start/400", GUINT_TO_POINTER (400), test_refused_start);
  g_test_add_func ("/network/silence", test_silence);
  g_test_add_func ("/network/silence/at-the-end", test_silence_at_the_end);
  g_test_add_func ("/network/no-wait-for-others", test_no_wait_for_others);
}

int
main (int argc, char *argv[])
{
  int result;

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  result = g_test_run ();
  g_clear_object (&closed);
  return result;
}
