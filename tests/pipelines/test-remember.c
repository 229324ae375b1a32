/* Tests of whole pipelines: a player that is left in the middle of something,
 * and the next one that goes on there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#include <string.h>
#include <unistd.h>

/* Seconds: how long the file is, and where it is left. */
#define LENGTH 60
#define LEFT_AT 20.0

#define PLAYER \
  "filesrc location=\"%s\" ! wavparse ! mediaheartbeat name=heartbeat " \
  "remember=true ping-interval=1 ! fakesink sync=true"

/* What processes have in common. */
#define ENV_FILE "MH_TEST_FILE"
#define ENV_STATE "MH_TEST_STATE"

typedef enum
{
  LEAVE_KILLED,
  LEAVE_STOPPED,
  LEAVE_AT_END,
} Leave;

/* Silence, with a duration and seekable: nothing of it is live. */
static void
make_file (const char *path)
{
  static const guint8 header[] = { 'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A',
    'V', 'E', 'f', 'm', 't', ' ', 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0,
    0x40, 0x1f, 0, 0, 1, 0, 8, 0, 'd', 'a', 't', 'a' };
  guint32 size = LENGTH * 8000;
  gsize length = sizeof header + 4 + size;
  g_autofree guint8 *data = g_malloc (length);
  guint32 rest = GUINT32_TO_LE (length - 8);

  memcpy (data, header, sizeof header);
  memcpy (data + 4, &rest, 4);
  memset (data + sizeof header + 4, 0x80, size);
  size = GUINT32_TO_LE (size);
  memcpy (data + sizeof header, &size, 4);
  g_assert_true (
      g_file_set_contents (path, (char *) data, (gssize) length, NULL));
}

/* A file and a state directory for this test alone, in the environment. */
static void
prepare (const char *name)
{
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), name, NULL);
  g_autofree char *file = g_strconcat (dir, ".wav", NULL);

  make_file (file);
  g_setenv (ENV_FILE, file, TRUE);
  g_setenv (ENV_STATE, dir, TRUE);
}

static MhPlayer *
new_player (MhCollector *collector)
{
  MhPlayer *player = mh_player_launch (collector, PLAYER, g_getenv (ENV_FILE));

  g_object_set (player->heartbeat, "state-dir", g_getenv (ENV_STATE), NULL);
  return player;
}

/* It waits for the worker, which has by then done what came before. */
static double
get_position (MhPlayer *player)
{
  double position;

  g_object_get (player->heartbeat, "resume-position", &position, NULL);
  return position;
}

/* The same where it must be there by now. A worker that is very late to answer
 * is asked again. */
static double
expect_position (MhPlayer *player)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  double position;

  do
    position = get_position (player);
  while (position < 0 && g_get_monotonic_time () < until);
  g_assert_cmpfloat (position, >=, LEFT_AT + 0.9);
  g_assert_cmpfloat (position, <, LENGTH);
  return position;
}

static void
play_from (MhPlayer *player, double from)
{
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_seek (player, from);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
}

static void
leave (Leave how)
{
  MhPlayer *player = new_player (NULL);

  play_from (player, how == LEAVE_AT_END ? LENGTH - 2 : LEFT_AT);
  /* The second is made when it has played for a second. */
  mh_player_wait_hit (player, "play", 2);
  if (how == LEAVE_KILLED) {
    mh_player_wait_hit (player, "ping", 1);
    get_position (player);
    _exit (0);
  }
  if (how == LEAVE_AT_END)
    mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_free (player);
}

/* In a process of its own, without a server. */
static void
leave_elsewhere (Leave how, const char *name)
{
  prepare (name);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
expect_start (MhCollector *collector, gboolean resume, double playhead)
{
  const MhCollected *start = mh_collector_wait (collector, "sessionStart", 1);

  g_assert_cmpint (start->resume, ==, resume);
  mh_player_assert_near (start->playhead, playhead);
}

static void
test_resume (gconstpointer data)
{
  Leave how = (Leave) GPOINTER_TO_INT (data);
  g_autoptr (MhCollector) collector = NULL;
  g_autoptr (MhPlayer) player = NULL;
  double position;

  if (g_test_subprocess ()) {
    leave (how);
    return;
  }
  leave_elsewhere (how, how == LEAVE_KILLED ? "killed" : "stopped");
  collector = mh_collector_new ();
  player = new_player (collector);
  g_assert_cmpfloat (get_position (player), ==, -1);
  mh_player_go (player, GST_STATE_PAUSED);
  position = expect_position (player);
  play_from (player, position);
  expect_start (collector, TRUE, position);
  /* It is about what was before this session. */
  mh_player_wait_hit (player, "play", 2);
  g_assert_cmpfloat (get_position (player), ==, position);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "resumes"), ==, 1);
  mh_collector_assert_sane (collector);
}

static void
test_complete (void)
{
  g_autoptr (MhCollector) collector = NULL;
  g_autoptr (MhPlayer) player = NULL;

  if (g_test_subprocess ()) {
    leave (LEAVE_AT_END);
    return;
  }
  leave_elsewhere (LEAVE_AT_END, "complete");
  collector = mh_collector_new ();
  player = new_player (collector);
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_cmpfloat (get_position (player), ==, -1);
  play_from (player, LENGTH - 3);
  expect_start (collector, FALSE, LENGTH - 3);
  mh_player_go (player, GST_STATE_NULL);
}

/* Whoever begins at the beginning does not resume, and its first hits, which
 * have waited, come with their own times. */
static void
test_begin_anew (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = NULL;
  const MhCollected *start, *play;
  gint64 between;

  prepare ("anew");
  leave (LEAVE_STOPPED);
  player = new_player (collector);
  mh_player_go (player, GST_STATE_PLAYING);
  expect_position (player);
  mh_collector_wait (collector, "play", 2);
  expect_start (collector, FALSE, 0);
  start = mh_collector_wait (collector, "sessionStart", 1);
  play = mh_collector_wait (collector, "play", 1);
  mh_player_assert_near (play->playhead, 0);
  /* No two hits of a session share a time: the first may be 1 ms late. */
  between = mh_collector_wait (collector, "play", 2)->ts - play->ts;
  g_assert_cmpint (between, >=, 999);
  g_assert_cmpint (play->ts, >, start->ts);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (player->warnings->len, ==, 0);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* As a player does that finds out too late. Returns: whether it has been in
 * time. */
static gboolean
seek_soon (MhCollector *collector, double position)
{
  g_autoptr (MhPlayer) player = new_player (collector);
  gint64 began = g_get_monotonic_time ();
  gboolean in_time;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.1);
  mh_player_seek (player, position);
  in_time = g_get_monotonic_time () - began < 900 * 1000;
  mh_player_wait_hit (player, "play", 1);
  mh_player_wait_position (player, position);
  g_assert_cmpfloat (get_position (player), ==, position);
  mh_player_go (player, GST_STATE_NULL);
  return in_time;
}

static void
test_seek_soon (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = NULL;
  const MhCollected *start;
  gboolean in_time;
  double position;
  guint n = 0;

  prepare ("soon");
  do {
    leave (LEAVE_STOPPED);
    player = new_player (NULL);
    mh_player_go (player, GST_STATE_PAUSED);
    position = expect_position (player);
    g_clear_pointer (&player, mh_player_free);
    in_time = seek_soon (collector, position);
    start = mh_collector_wait (collector, "sessionStart", ++n);
  } while (!in_time && n < 5);
  if (!in_time) {
    g_test_skip ("this machine is too slow to be in time");
    return;
  }
  g_assert_true (start->resume);
  g_assert_cmpfloat (start->playhead, <, 1);
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_async_queue_push (user_data, object);
}

/* Known before there is data: whoever names the media need not wait. */
static void
test_notify (void)
{
  g_autoptr (MhPlayer) player = NULL;
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();

  prepare ("notify");
  for (guint i = 0; i < 2; i++) {
    g_clear_pointer (&player, mh_player_free);
    player = new_player (NULL);
    g_object_set (player->heartbeat, "media-id", "film", NULL);
    if (i == 0) {
      play_from (player, LEFT_AT);
      mh_player_wait_hit (player, "play", 2);
      continue;
    }
    g_signal_connect (player->heartbeat, "notify::resume-position",
        G_CALLBACK (on_notify), queue);
    mh_player_go (player, GST_STATE_READY);
    g_assert_nonnull (g_async_queue_timeout_pop (queue, MH_TEST_PATIENCE));
    expect_position (player);
    g_object_set (player->heartbeat, "media-id", "another", NULL);
    g_assert_nonnull (g_async_queue_timeout_pop (queue, MH_TEST_PATIENCE));
    g_assert_cmpfloat (get_position (player), ==, -1);
    mh_player_go (player, GST_STATE_NULL);
    g_assert_cmpfloat (get_position (player), ==, -1);
  }
}

/* To ask is not to keep, and what is not to be remembered is not. */
static void
test_nothing (void)
{
  g_autoptr (MhPlayer) player = NULL;

  prepare ("nothing");
  player = new_player (NULL);
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_cmpfloat (get_position (player), ==, -1);
  mh_player_go (player, GST_STATE_NULL);
  g_object_set (player->heartbeat, "remember", FALSE, NULL);
  play_from (player, LEFT_AT);
  g_assert_cmpfloat (get_position (player), ==, -1);
  mh_player_wait_hit (player, "play", 2);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_false (g_file_test (g_getenv (ENV_STATE), G_FILE_TEST_EXISTS));
}

static void
test_live (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc is-live=true ! audio/x-raw,rate=8000 ! mediaheartbeat "
      "name=heartbeat media-id=radio remember=true ! fakesink sync=true");

  prepare ("live");
  g_object_set (player->heartbeat, "state-dir", g_getenv (ENV_STATE), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 2);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_false (g_file_test (g_getenv (ENV_STATE), G_FILE_TEST_EXISTS));
}

static void
test_opt_out (void)
{
  g_autoptr (MhPlayer) player = NULL;

  prepare ("opt-out");
  leave (LEAVE_STOPPED);
  player = new_player (NULL);
  mh_player_go (player, GST_STATE_PAUSED);
  expect_position (player);
  gst_util_set_object_arg (G_OBJECT (player->heartbeat), "privacy", "opt-out");
  mh_player_go (player, GST_STATE_NULL);
  g_clear_pointer (&player, mh_player_free);
  player = new_player (NULL);
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_cmpfloat (get_position (player), ==, -1);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func (
      "/remember/resume/killed", GINT_TO_POINTER (LEAVE_KILLED), test_resume);
  g_test_add_data_func (
      "/remember/resume/stopped", GINT_TO_POINTER (LEAVE_STOPPED), test_resume);
  g_test_add_func ("/remember/complete", test_complete);
  g_test_add_func ("/remember/begin-anew", test_begin_anew);
  g_test_add_func ("/remember/seek-soon", test_seek_soon);
  g_test_add_func ("/remember/notify", test_notify);
  g_test_add_func ("/remember/nothing", test_nothing);
  g_test_add_func ("/remember/live", test_live);
  g_test_add_func ("/remember/opt-out", test_opt_out);
  return g_test_run ();
}
