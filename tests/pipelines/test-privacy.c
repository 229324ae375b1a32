/* Tests of whole pipelines: what the visitor has not agreed to yet.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

/* Buffers of 10 ms. */
#define TONE(properties) \
  "audiotestsrc num-buffers=150 samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone " properties \
  " ! fakesink sync=true"

#define ONE_SESSION "sessionStart play sessionComplete"

/* What the first player's process is told. */
#define ENV_SERVER "MH_TEST_SERVER"
#define ENV_STATE "MH_TEST_STATE"

static char *
dup_dir (const char *name)
{
  return g_build_filename (g_getenv ("XDG_STATE_HOME"), name, NULL);
}

static void
set_privacy (MhPlayer *player, const char *privacy)
{
  gst_util_set_object_arg (G_OBJECT (player->heartbeat), "privacy", privacy);
}

/* To its end. */
static void
play (MhPlayer *player)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
}

static void
make_id (const char *dir, const char *path)
{
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "id", -1, NULL));
}

static void
wait_until_gone (const char *path)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;

  while (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_thread_yield ();
  }
}

/* An element that is never started, whose state directory is set before the
 * opt-out, or after it. */
static GstElement *
make_element (const char *before, const char *after)
{
  GstElement *element = gst_object_ref_sink (
      gst_element_factory_make ("mediaheartbeat", NULL));

  if (before)
    g_object_set (element, "state-dir", before, NULL);
  gst_util_set_object_arg (G_OBJECT (element), "privacy", "opt-out");
  if (after)
    g_object_set (element, "state-dir", after, NULL);
  return element;
}

/* The visitor agrees while the player plays: all that it has done goes out. */
static void
test_opt_in (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, TONE ("privacy=unknown"));
  g_autofree char *dir = dup_dir ("opt-in");

  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 2);
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), >=, 3);
  set_privacy (player, "opt-in");
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (mh_player_get_stat (player, "sent"), ==,
      mh_player_get_stat (player, "hits"));
  g_assert_cmpuint (player->warnings->len, ==, 0);
  mh_collector_assert_order (collector, ONE_SESSION);
}

static void
play_unasked (void)
{
  MhPlayer *player = mh_player_launch (
      NULL, TONE ("privacy=unknown flush-timeout=0"));

  g_object_set (player->heartbeat, "collection-server", g_getenv (ENV_SERVER),
      "state-dir", g_getenv (ENV_STATE), NULL);
  play (player);
  mh_player_free (player);
}

static MhPlayer *
make_next (MhCollector *collector, const char *dir)
{
  MhPlayer *player = mh_player_launch (collector, TONE (""));

  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  return player;
}

/* The visitor has been asked between two runs. Another program, with the same
 * state directory, has its own visitors. */
static void
test_next_process (void)
{
  g_autoptr (MhCollector) collector = NULL;
  g_autoptr (MhPlayer) other = NULL;
  g_autoptr (MhPlayer) next = NULL;
  g_autofree char *dir = dup_dir ("next-process");

  if (g_test_subprocess ()) {
    play_unasked ();
    return;
  }
  collector = mh_collector_new ();
  g_setenv (ENV_SERVER, mh_collector_get_uri (collector), TRUE);
  g_setenv (ENV_STATE, dir, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  other = make_next (collector, dir);
  g_object_set (other->heartbeat, "player-name", "another", NULL);
  play (other);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (other, GST_STATE_NULL);
  mh_collector_assert_order (collector, ONE_SESSION);
  next = make_next (collector, dir);
  play (next);
  mh_collector_wait (collector, "sessionComplete", 3);
  mh_player_go (next, GST_STATE_NULL);
  mh_player_pump (next);
  g_assert_cmpuint (next->warnings->len, ==, 0);
  mh_collector_assert_order (
      collector, ONE_SESSION " " ONE_SESSION " " ONE_SESSION);
}

/* The visitor does not agree. */
static void
test_opt_out (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, TONE ("privacy=unknown"));
  g_autofree char *dir = dup_dir ("opt-out");

  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  play (player);
  mh_player_go (player, GST_STATE_READY);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==,
      mh_player_get_stat (player, "hits"));
  set_privacy (player, "opt-out");
  play (player);
  set_privacy (player, "opt-in");
  mh_player_go (player, GST_STATE_READY);
  play (player);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  mh_collector_assert_order (collector, ONE_SESSION);
}

/* While nobody plays. What was before is gone, and not on its way either when
 * the next one begins; nor is it where the visitor agrees again at once. */
static void
test_opt_out_between (gconstpointer data)
{
  gboolean again = GPOINTER_TO_INT (data);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));
  g_autofree char *dir = dup_dir (again ? "between-again" : "between");

  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  play (player);
  mh_collector_wait_refused (collector, 1);
  mh_player_go (player, GST_STATE_NULL);
  set_privacy (player, "opt-out");
  if (again)
    set_privacy (player, "opt-in");
  mh_collector_fail_next (collector, 0, 503, NULL, NULL);
  play (player);
  if (!again) {
    mh_player_go (player, GST_STATE_READY);
    set_privacy (player, "opt-in");
    play (player);
  }
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 2);
  mh_collector_assert_sane (collector);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
}

/* The visitor opts out in a settings page, while nothing plays, nor ever does
 * again. */
static void
test_opt_out_at_rest (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));
  g_autoptr (GstElement) page = NULL;
  g_autofree char *dir = dup_dir ("at-rest");
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);

  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  play (player);
  mh_collector_wait_refused (collector, 1);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_true (g_file_test (id, G_FILE_TEST_EXISTS));
  page = make_element (dir, NULL);
  wait_until_gone (id);
  mh_collector_fail_next (collector, 0, 503, NULL, NULL);
  play (player);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
}

/* Properties come one after the other: what is in the directory of all
 * applications is not this one's. */
static void
test_opt_out_order (void)
{
  g_autofree char *common = g_build_filename (g_getenv ("XDG_STATE_HOME"),
      "gst-media-heartbeat", "installation-id", NULL);
  g_autofree char *common_dir = g_path_get_dirname (common);
  g_autofree char *dir = dup_dir ("order");
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);
  g_autofree char *next_dir = dup_dir ("order-next");
  g_autofree char *next_id = g_build_filename (
      next_dir, "installation-id", NULL);
  g_autoptr (GstElement) element = NULL;

  make_id (common_dir, common);
  make_id (dir, id);
  make_id (next_dir, next_id);
  element = make_element (NULL, dir);
  wait_until_gone (id);
  g_assert_true (g_file_test (common, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (next_id, G_FILE_TEST_EXISTS));
  /* The opt-out holds wherever its things are. */
  g_object_set (element, "state-dir", next_dir, NULL);
  wait_until_gone (next_id);
  g_assert_true (g_file_test (common, G_FILE_TEST_EXISTS));
}

static void
trace (void)
{
  g_assert_null (g_getenv ("MEDIAHEARTBEAT_CONFIG"));
}

/* The tracer of a program that plays nothing. */
static void
test_opt_out_tracer (void)
{
  g_autofree char *dir = dup_dir ("traced");
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);
  g_autofree char *tracers = g_strdup_printf (
      "mediaheartbeattracer(privacy=opt-out,state-dir=\"%s\")", dir);

  if (g_test_subprocess ()) {
    trace ();
    return;
  }
  make_id (dir, id);
  g_setenv ("GST_TRACERS", tracers, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("GST_TRACERS");
  g_test_trap_assert_passed ();
  g_assert_false (g_file_test (id, G_FILE_TEST_EXISTS));
}

/* What is made after the visitor has taken it back waits again. */
static void
test_withdrawn (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE (""));
  g_autofree char *dir = dup_dir ("withdrawn");

  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  set_privacy (player, "unknown");
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_READY);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), >=, 1);
  g_assert_cmpuint (mh_collector_count (collector, "sessionComplete"), ==, 0);
  set_privacy (player, "opt-in");
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, ONE_SESSION);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/privacy/opt-in", test_opt_in);
  g_test_add_func ("/privacy/next-process", test_next_process);
  g_test_add_func ("/privacy/opt-out", test_opt_out);
  g_test_add_data_func ("/privacy/opt-out/between", GINT_TO_POINTER (FALSE),
      test_opt_out_between);
  g_test_add_data_func ("/privacy/opt-out/between-again",
      GINT_TO_POINTER (TRUE), test_opt_out_between);
  g_test_add_func ("/privacy/opt-out/at-rest", test_opt_out_at_rest);
  g_test_add_func ("/privacy/opt-out/order", test_opt_out_order);
  g_test_add_func ("/privacy/opt-out/tracer", test_opt_out_tracer);
  g_test_add_func ("/privacy/withdrawn", test_withdrawn);
  return g_test_run ();
}
