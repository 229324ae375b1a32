/* Tests of whole pipelines: players that are killed.
 *
 * The program runs itself as players of many short sessions, which tell in a
 * pipe what is accepted: a call's hit is when the call after it has returned, as
 * the worker commits at the end of its turn. They are killed at any moment, and
 * the next takes over. In the end the server has had all that was accepted, in
 * order, and what it has had twice was on its way when somebody was killed.
 *
 * MH_TEST_KILLS says how many are killed, 20 without it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#include "collector-event.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_KILLS 20

/* Of a player at once: one of a session at most. */
#define MAX_IN_FLIGHT 32

/* A call of a session of a player. */
typedef struct
{
  guint player;
  guint session;
  guint call;
} Record;

static const char *program;

/* ---- the player ---- */

static void
say (const Record *record)
{
  if (write (STDOUT_FILENO, record, sizeof *record) != sizeof *record)
    _exit (0);
}

/* An `error` has an ID of its own. Returns: whether the worker has answered: after
 * a second the call returns without that. */
static gboolean
track (MhPlayer *player, const Record *record)
{
  gint64 began = g_get_monotonic_time ();
  g_autofree char *id = g_strdup_printf ("%u", record->call);
  g_autoptr (GstStructure)
      details = gst_structure_new ("details", "id", G_TYPE_STRING, id, NULL);
  gboolean accepted = FALSE;

  g_signal_emit_by_name (
      player->heartbeat, "track", "error", details, &accepted);
  g_assert_true (accepted);
  return g_get_monotonic_time () - began < G_TIME_SPAN_SECOND;
}

static void
play_session (MhPlayer *player, Record *record, GRand *rand)
{
  g_autofree char *id = g_strdup_printf (
      "%u-%u", record->player, record->session);
  guint n_calls = (guint) g_rand_int_range (rand, 2, 10);
  guint n_starts = player->hits->len;

  g_object_set (player->heartbeat, "media-id", id, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "sessionStart", 1);
  g_assert_cmpuint (n_starts, ==, 0);
  for (record->call = 0; record->call < n_calls; record->call++) {
    gboolean answered = track (player, record);

    if (record->call > 0 && answered) {
      record->call--;
      say (record);
      record->call++;
    }
  }
  mh_player_go (player, GST_STATE_NULL);
  mh_player_pump (player);
  /* The database works: otherwise nothing of this is accepted. */
  g_assert_cmpuint (player->warnings->len, ==, 0);
  g_ptr_array_set_size (player->hits, 0);
}

/* @sessions: how many; 0: until it is killed. */
static int
be_player (const char *uri, const char *dir, guint number, guint sessions)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (number);
  Record record = { number, 0, 0 };
  MhPlayer *player;

  gst_init (NULL, NULL);
  player = mh_player_launch (NULL,
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "mediaheartbeat name=heartbeat preroll-wait=0 flush-timeout=%u ! "
      "fakesink sync=true",
      sessions > 0 ? 60000 : 0);
  g_object_set (
      player->heartbeat, "collection-server", uri, "state-dir", dir, NULL);
  for (; sessions == 0 || record.session < sessions; record.session++)
    play_session (player, &record, rand);
  mh_player_free (player);
  return 0;
}

/* ---- the one that kills ---- */

typedef struct
{
  pid_t pid;
  int pipe;
} Process;

typedef struct
{
  MhCollector *collector;
  char *dir;
  GHashTable *accepted; /* media ID → how many calls are */
  guint n_accepted;
  guint n_started;
} Fixture;

static void
start (Fixture *f, Process *process, const char *sessions)
{
  g_autofree char *number = g_strdup_printf ("%u", f->n_started++);
  const char *uri = mh_collector_get_uri (f->collector);
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  process->pid = fork ();
  if (process->pid == 0) {
    dup2 (ends[1], STDOUT_FILENO);
    close (ends[0]);
    close (ends[1]);
    execl (program, program, "be-player", uri, f->dir, number, sessions, NULL);
    _exit (127);
  }
  g_assert_cmpint (process->pid, >, 0);
  close (ends[1]);
  process->pipe = ends[0];
}

static gboolean
hear (Fixture *f, Process *process)
{
  Record record;
  gssize length = read (process->pipe, &record, sizeof record);
  char *id;

  if (length != sizeof record) {
    g_assert_cmpint (length, ==, 0);
    return FALSE;
  }
  id = g_strdup_printf ("%u-%u", record.player, record.session);
  g_hash_table_insert (f->accepted, id, GUINT_TO_POINTER (record.call + 1));
  f->n_accepted++;
  return TRUE;
}

/* Up to some calls of its sessions and a part of the way to the next, or part of
 * the way to its first. */
static void
let_live (Fixture *f, Process *process)
{
  struct pollfd waiting = { process->pipe, POLLIN, 0 };
  int n = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (1, 40);

  while (n-- > 0)
    g_assert_true (hear (f, process));
  poll (&waiting, 1, g_test_rand_int_range (0, 20));
}

static void
end (Fixture *f, Process *process, gboolean killed)
{
  int status;

  if (killed)
    kill (process->pid, SIGKILL);
  while (hear (f, process))
    ;
  close (process->pipe);
  g_assert_cmpint (waitpid (process->pid, &status, 0), ==, process->pid);
  if (killed)
    g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

/* ---- what the server has had ---- */

typedef struct
{
  GHashTable *media; /* the server's session → media ID */
  GHashTable *next; /* media ID → the call that comes next */
  guint n_calls;
  guint n_twice;
} Account;

static const char *
get_string (
    const MhCollected *collected, const char *object, const char *member)
{
  return collected->event
      ? collector_event_get_string (collected->event, object, member)
      : NULL;
}

static void
add_call (Account *account, const char *media, guint call, gboolean accepted)
{
  guint next = GPOINTER_TO_UINT (g_hash_table_lookup (account->next, media));

  if (call + 1 == next) {
    account->n_twice++;
    return;
  }
  g_assert_true (accepted);
  /* None is left out, and none comes before another one. */
  g_assert_cmpuint (call, ==, next);
  g_hash_table_insert (
      account->next, g_strdup (media), GUINT_TO_POINTER (call + 1));
  account->n_calls++;
}

static void
add_collected (Account *account, const MhCollected *collected)
{
  const char *id;

  if (g_strcmp0 (collected->type, "sessionStart") == 0) {
    id = get_string (collected, "params", "media.id");
    g_assert_nonnull (id);
    g_hash_table_insert (
        account->media, g_strdup (collected->session), g_strdup (id));
  } else if (g_strcmp0 (collected->type, "error") == 0) {
    const char *media = g_hash_table_lookup (
        account->media, collected->session);

    id = get_string (collected, "qoeData", "media.qoe.errorID");
    g_assert_true (media && id);
    add_call (account, media, (guint) atoi (id), collected->accepted);
  }
}

static void
check_all (Fixture *f, guint n_kills)
{
  Account account = { g_hash_table_new_full (
                          g_str_hash, g_str_equal, g_free, g_free),
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), 0, 0 };
  const MhCollected *collected;
  GHashTableIter iter;
  gpointer media, n;

  for (guint i = 0; (collected = mh_collector_nth (f->collector, i)); i++) {
    /* It has had that one already: no time is said twice, and nothing comes
     * after the end. */
    if (!collected->accepted)
      g_assert_true (collected->status == 400 || collected->status == 410);
    add_collected (&account, collected);
  }
  g_hash_table_iter_init (&iter, f->accepted);
  while (g_hash_table_iter_next (&iter, &media, &n)) {
    gpointer next = g_hash_table_lookup (account.next, media);

    if (GPOINTER_TO_UINT (next) < GPOINTER_TO_UINT (n))
      g_error ("session %s: %u calls were accepted, %u have arrived",
          (const char *) media, GPOINTER_TO_UINT (n), GPOINTER_TO_UINT (next));
  }
  g_test_message ("%u players killed, %u hits accepted in %u sessions, %u "
                  "delivered, %u of them twice, none lost",
      n_kills, f->n_accepted, g_hash_table_size (f->accepted), account.n_calls,
      account.n_twice);
  g_assert_cmpuint (account.n_twice, <=, n_kills * MAX_IN_FLIGHT);
  g_hash_table_unref (account.media);
  g_hash_table_unref (account.next);
}

static void
test_killed (void)
{
  const char *kills = g_getenv ("MH_TEST_KILLS");
  guint n_kills = kills ? (guint) atoi (kills) : DEFAULT_KILLS;
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), "killed", NULL);
  Fixture f = { collector, dir,
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), 0, 0 };
  Process process;

  for (guint i = 0; i < n_kills; i++) {
    start (&f, &process, "0");
    let_live (&f, &process);
    end (&f, &process, TRUE);
  }
  /* The last one ends when all is delivered. */
  start (&f, &process, "2");
  end (&f, &process, FALSE);
  check_all (&f, n_kills);
  g_assert_cmpuint (f.n_accepted, >, 0);
  g_hash_table_unref (f.accepted);
}

int
main (int argc, char *argv[])
{
  program = argv[0];
  if (argc == 6 && g_str_equal (argv[1], "be-player"))
    return be_player (
        argv[2], argv[3], (guint) atoi (argv[4]), (guint) atoi (argv[5]));
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kill/players", test_killed);
  return g_test_run ();
}
