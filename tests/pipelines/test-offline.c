/* Tests of whole pipelines: a player that ends before the server has had all,
 * and the next one that delivers it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
/* For memmem(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "collector-event.h"
#include "mh-player.h"

#include <string.h>
#include <unistd.h>

/* Buffers of 10 ms. */
#define TONE_OF(buffers, properties) \
  "audiotestsrc num-buffers=" buffers " samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone " properties \
  " ! fakesink sync=true"
#define TONE(properties) TONE_OF ("150", properties)

/* What the first player's process is told. */
#define ENV_SERVER "MH_TEST_SERVER"
#define ENV_STATE "MH_TEST_STATE"

typedef struct
{
  const char *name;
  gboolean killed; /* the first player's process, while it plays */
  const char *wanted; /* what the server gets in the end */
} Case;

/* In a process of its own. It does not know that nothing gets through. */
static void
play_offline (const Case *c)
{
  /* One that is killed has not come to its end by then, however slow that is. */
  MhPlayer *player = mh_player_launch (NULL, "%s",
      c->killed ? TONE_OF ("6000", "flush-timeout=0")
                : TONE ("flush-timeout=0"));

  g_object_set (player->heartbeat, "collection-server", g_getenv (ENV_SERVER),
      "state-dir", g_getenv (ENV_STATE), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  /* A hit is safe a moment after it is told of. With the second of them the
   * first is. */
  mh_player_wait_hit (player, "play", 2);
  if (c->killed)
    _exit (0);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_wait_hit (player, "sessionComplete", 1);
  mh_player_free (player);
}

static void
test_next_process (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (MhCollector) collector = NULL;
  g_autoptr (MhPlayer) player = NULL;
  g_autofree char *order = NULL;
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), c->name, NULL);

  if (g_test_subprocess ()) {
    play_offline (c);
    return;
  }
  collector = mh_collector_new ();
  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  g_setenv (ENV_SERVER, mh_collector_get_uri (collector), TRUE);
  g_setenv (ENV_STATE, dir, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);

  mh_collector_fail_next (collector, 0, 503, NULL, NULL);
  player = mh_player_launch (collector, TONE (""));
  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", c->killed ? 1 : 2);
  /* Two of them are this player's own. */
  mh_collector_wait (collector, "play", 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  order = mh_collector_dup_order (collector);
  g_assert_cmpstr (order, ==, c->wanted);
  mh_collector_assert_sane (collector);
  /* They are not its own. */
  g_assert_cmpuint (mh_player_get_stat (player, "sent"), ==,
      mh_player_get_stat (player, "hits"));
  g_assert_cmpuint (player->warnings->len, ==, 0);
}

/* The state directory does not work: the stream and the heartbeats do. */
static void
test_no_state (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, TONE ("state-dir=/proc/self/nothing app-installation-id=one"));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_READY);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "sessionComplete", 2);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (player->errors, ==, 0);
  g_assert_cmpuint (mh_player_count_warnings (player, "in memory only"), ==, 1);
  g_assert_cmpuint (player->warnings->len, ==, 1);
}

/* Whoever sends nothing leaves nothing on the disk. */
static void
test_no_server (void)
{
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "unused", NULL);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL, TONE (""));

  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

/* ---- as a batch ---- */

static gboolean
has_flag (const MhCollected *collected, const char *flag)
{
  return collected->event && collector_event_is_true (collected->event, flag);
}

/* Returns: how many sessions were begun as downloaded content. */
static guint
count_batches (MhCollector *collector)
{
  const MhCollected *collected;
  guint n = 0;

  for (guint i = 0; (collected = mh_collector_nth (collector, i)); i++)
    n += collected->accepted &&
        g_strcmp0 (collected->type, "sessionStart") == 0 &&
        has_flag (collected, "media.downloaded");
  return n;
}

/* Nothing is sent before it is over, and then all of it. */
static void
test_downloaded (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, TONE ("downloaded=true"));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 2);
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (count_batches (collector), ==, 1);
  g_assert_cmpuint (mh_player_get_stat (player, "sent"), ==,
      mh_player_get_stat (player, "hits"));
  g_assert_cmpuint (player->warnings->len, ==, 0);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* The server closes a session: what was on its way goes as the rest of it, and
 * the player with another one. */
static void
test_late (gconstpointer data)
{
  const char *properties = data;
  gboolean batch = *properties == '\0';
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=300 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone "
      "ping-interval=1 %s ! fakesink sync=true",
      properties);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  mh_collector_fail_next (collector, 1, 404, NULL, NULL);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  g_assert_cmpuint (count_batches (collector), ==, batch ? 1 : 0);
  g_assert_cmpuint (mh_player_get_stat (player, "dropped"), ==, batch ? 0 : 1);
  g_assert_cmpuint (mh_player_get_stat (player, "sent") +
          mh_player_get_stat (player, "dropped"),
      ==, mh_player_get_stat (player, "hits"));
  mh_collector_assert_sane (collector);
}

/* ---- a visitor who opts out ---- */

static gboolean
directory_holds (const char *dir, const char *text)
{
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  while (files && !found && (name = g_dir_read_name (files))) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *data = NULL;
    gsize length;

    found = g_file_get_contents (path, &data, &length, NULL) &&
        memmem (data, length, text, strlen (text));
  }
  return found;
}

/* Whatever waits, of this player and of those before, is gone from the disk,
 * and so is what tells it apart. */
static void
test_opt_out (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "opt-out", NULL);
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, TONE_OF ("6000", "flush-timeout=0 media-name=very-private"));

  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  g_object_set (player->heartbeat, "state-dir", dir, NULL);
  for (guint i = 1; i <= 2; i++) {
    mh_player_go (player, GST_STATE_PLAYING);
    mh_player_wait_hit (player, "play", 2 * i);
    if (i == 1)
      mh_player_go (player, GST_STATE_NULL);
  }
  mh_collector_wait_refused (collector, 2);
  g_assert_true (directory_holds (dir, "very-private"));
  g_assert_true (g_file_test (id, G_FILE_TEST_EXISTS));
  gst_util_set_object_arg (G_OBJECT (player->heartbeat), "privacy", "opt-out");
  mh_player_go (player, GST_STATE_NULL);
  g_assert_false (directory_holds (dir, "very-private"));
  g_assert_false (g_file_test (id, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (mh_collector_count (collector, NULL), ==, 0);
}

int
main (int argc, char *argv[])
{
  static const Case cases[] = {
    { "/offline/ended", FALSE,
        "sessionStart play sessionComplete sessionStart play "
        "sessionComplete" },
    { "/offline/killed", TRUE,
        "sessionStart play sessionStart play sessionComplete" },
  };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, &cases[i], test_next_process);
  g_test_add_func ("/offline/no-state", test_no_state);
  g_test_add_func ("/offline/no-server", test_no_server);
  g_test_add_func ("/offline/downloaded", test_downloaded);
  g_test_add_func ("/offline/opt-out", test_opt_out);
  g_test_add_data_func ("/offline/late/batch", "", test_late);
  g_test_add_data_func ("/offline/late/drop", "late-delivery=drop", test_late);
  return g_test_run ();
}
