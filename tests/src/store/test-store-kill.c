/* Tests of mh-store: processes that are killed.
 *
 * The program runs itself as processes that append to a store, adopt what others
 * have left and deliver it, and say so in a pipe; they are killed at any moment.
 * Whatever a process said that it had accepted was delivered by one of them in
 * the end, or is there.
 *
 * MH_TEST_WRAPPER is a command that runs such a program where the kernel cannot,
 * such as `qemu-arm -L DIR` for one that is made for another machine.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-dir.h"
#include "mh-test-share.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 1000000

/* What a process says. */
typedef enum
{
  SAYS_ACCEPTED, /* a hit is committed */
  SAYS_DELIVERED, /* a hit is going to be acknowledged */
} Says;

typedef struct
{
  guint process;
  guint session;
  guint hit;
  Says what;
} Record;

/* The command that starts this program, with room for its arguments. */
static GPtrArray *command;

/* ---- the process that is killed ---- */

static void
say (const Record *record)
{
  if (write (STDOUT_FILENO, record, sizeof *record) != sizeof *record)
    _exit (0);
}

static void
append (MhStore *store, gint64 key, const Record *record)
{
  g_autoptr (GBytes) body = g_bytes_new (record, sizeof *record);

  g_assert_cmpuint (
      mh_store_append (store, key, MH_EVENT_PLAY, record->hit, body), ==, 0);
}

/* A session of some turns of some hits. */
static void
play (MhStore *store, guint process, guint session, GRand *rand)
{
  gint64 key = mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  guint n_turns = (guint) g_rand_int_range (rand, 1, 5);
  Record record = { process, session, 0, SAYS_ACCEPTED };

  for (guint i = 0; i < n_turns; i++) {
    guint n_hits = (guint) g_rand_int_range (rand, 1, 6);

    for (guint j = 0; j < n_hits; j++, record.hit++)
      append (store, key, &record);
    while (!mh_store_commit (store))
      ;
    g_assert_true (mh_store_is_safe (store));
    record.hit -= n_hits;
    for (guint j = 0; j < n_hits; j++, record.hit++)
      say (&record);
    if (g_rand_int_range (rand, 0, 10) == 0)
      mh_store_sync (store);
  }
}

/* The next hit of one that is gone. */
static void
deliver (MhStore *store, GArray *orphans)
{
  while (orphans->len > 0) {
    gint64 key = g_array_index (orphans, gint64, 0);
    const MhStoreHit *hit = mh_store_head (store, key);
    Record record;

    if (hit) {
      g_autoptr (GBytes) body = mh_test_dir_dup_body (store, hit);

      memcpy (&record, g_bytes_get_data (body, NULL), sizeof record);
      record.what = SAYS_DELIVERED;
      say (&record);
      mh_store_acknowledge (store, hit->id, NULL);
      return;
    }
    mh_store_remove_session (store, key);
    g_array_remove_index (orphans, 0);
  }
}

static int
be_killed (const char *dir, guint process)
{
  g_autoptr (MhStore) store = mh_store_new (MANY);
  g_autoptr (GRand) rand = g_rand_new_with_seed (process);
  g_autoptr (GArray) orphans = NULL;
  guint dropped;

  /* Another one that opens it may be in the way for a moment. */
  for (mh_store_attach (store, dir); !mh_store_is_safe (store);)
    mh_store_recover (store);
  orphans = mh_store_adopt (store, &dropped);
  for (guint session = 0;; session++) {
    play (store, process, session, rand);
    deliver (store, orphans);
  }
  return 0;
}

/* ---- the one that kills ---- */

typedef struct
{
  pid_t pid;
  int pipe;
  GHashTable *last; /* session → the hit that it has delivered last, + 1 */
} Process;

typedef struct
{
  char *dir;
  GHashTable *accepted; /* set of Records, without what */
  GHashTable *delivered;
  guint n_started;
} Fixture;

static guint
record_hash (gconstpointer data)
{
  const Record *record = data;

  return (record->process * 1009 + record->session) * 1009 + record->hit;
}

static gboolean
record_equal (gconstpointer a, gconstpointer b)
{
  const Record *one = a, *other = b;

  return one->process == other->process && one->session == other->session &&
      one->hit == other->hit;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = mh_test_dir_new ();
  f->accepted = g_hash_table_new_full (record_hash, record_equal, g_free, NULL);
  f->delivered = g_hash_table_new_full (
      record_hash, record_equal, g_free, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_hash_table_unref (f->accepted);
  g_hash_table_unref (f->delivered);
  mh_test_dir_free (f->dir);
}

static void
make_command (const char *program)
{
  const char *wrapper = g_getenv ("MH_TEST_WRAPPER");
  g_auto (GStrv) words = NULL;

  command = g_ptr_array_new_with_free_func (g_free);
  if (wrapper)
    g_assert_true (g_shell_parse_argv (wrapper, NULL, &words, NULL));
  for (guint i = 0; words && words[i]; i++)
    g_ptr_array_add (command, g_strdup (words[i]));
  g_ptr_array_add (command, g_strdup (program));
}

/* Between fork() and exec() nothing may be allocated: it is done before. */
static void
fill_in_command (const char *dir, const char *number)
{
  static guint own = 0;

  if (own == 0)
    own = command->len;
  g_ptr_array_set_size (command, (int) own);
  g_ptr_array_add (command, g_strdup ("be-killed"));
  g_ptr_array_add (command, g_strdup (dir));
  g_ptr_array_add (command, g_strdup (number));
  g_ptr_array_add (command, NULL);
}

static void
start (Fixture *f, Process *process)
{
  g_autofree char *number = g_strdup_printf ("%u", f->n_started++);
  int ends[2];

  fill_in_command (f->dir, number);
  g_assert_cmpint (pipe (ends), ==, 0);
  process->pid = fork ();
  if (process->pid == 0) {
    dup2 (ends[1], STDOUT_FILENO);
    close (ends[0]);
    close (ends[1]);
    execvp (g_ptr_array_index (command, 0), (char **) command->pdata);
    _exit (127);
  }
  g_assert_cmpint (process->pid, >, 0);
  close (ends[1]);
  process->pipe = ends[0];
  process->last = g_hash_table_new (NULL, NULL);
}

/* Within a process, the hits of a session are delivered in order. */
static void
note_delivered (Process *process, const Record *record)
{
  gpointer session = GUINT_TO_POINTER (
      record->process * 100000 + record->session);
  guint last = GPOINTER_TO_UINT (g_hash_table_lookup (process->last, session));

  if (last > 0)
    g_assert_cmpuint (record->hit, ==, last);
  g_hash_table_insert (
      process->last, session, GUINT_TO_POINTER (record->hit + 1));
}

static gboolean
hear (Fixture *f, Process *process)
{
  Record record;
  gssize length = read (process->pipe, &record, sizeof record);

  if (length != sizeof record) {
    g_assert_cmpint (length, ==, 0);
    return FALSE;
  }
  if (record.what == SAYS_DELIVERED)
    note_delivered (process, &record);
  g_hash_table_add (record.what == SAYS_DELIVERED ? f->delivered : f->accepted,
      g_memdup2 (&record, sizeof record));
  return TRUE;
}

static void
end (Fixture *f, Process *process)
{
  int status;

  kill (process->pid, SIGKILL);
  while (hear (f, process))
    ;
  close (process->pipe);
  g_hash_table_unref (process->last);
  g_assert_cmpint (waitpid (process->pid, &status, 0), ==, process->pid);
  /* It did not end by itself, for any reason. */
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

/* Lets it live for a while: some hits, or part of the way to the first. */
static void
let_live (Fixture *f, Process *process)
{
  struct pollfd waiting = { process->pipe, POLLIN, 0 };

  if (g_test_rand_int_range (0, 4) == 0) {
    poll (&waiting, 1, g_test_rand_int_range (0, 15));
    return;
  }
  for (int i = g_test_rand_int_range (1, 150); i > 0; i--)
    g_assert_true (hear (f, process));
}

static void
check_left (Fixture *f, MhStore *store, gint64 key)
{
  gint64 last = -1;
  const MhStoreHit *hit;

  while ((hit = mh_store_head (store, key))) {
    g_autoptr (GBytes) body = mh_test_dir_dup_body (store, hit);
    const Record *record = g_bytes_get_data (body, NULL);

    if (last >= 0)
      g_assert_cmpint (record->hit, ==, last + 1);
    last = record->hit;
    g_hash_table_add (f->delivered, g_memdup2 (record, sizeof *record));
    mh_store_acknowledge (store, hit->id, NULL);
  }
}

static void
check_all (Fixture *f)
{
  g_autoptr (MhStore) store = mh_store_new (MANY);
  g_autoptr (GArray) keys = NULL;
  GHashTableIter iter;
  gpointer record;
  guint dropped, n_left;

  mh_store_attach (store, f->dir);
  g_assert_true (mh_store_is_safe (store));
  g_assert_null (mh_store_take_problem (store));
  keys = mh_store_adopt (store, &dropped);
  g_assert_cmpuint (dropped, ==, 0);
  n_left = mh_store_count (store);
  for (guint i = 0; i < keys->len; i++)
    check_left (f, store, g_array_index (keys, gint64, i));
  g_hash_table_iter_init (&iter, f->accepted);
  while (g_hash_table_iter_next (&iter, &record, NULL))
    g_assert_true (g_hash_table_contains (f->delivered, record));
  g_test_message ("%u processes killed, %u hits accepted, %u found or "
                  "delivered, %u of them found in the end",
      f->n_started, g_hash_table_size (f->accepted),
      g_hash_table_size (f->delivered), n_left);
}

static void
test_one_at_a_time (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 200 / mh_test_share (); i++) {
    Process process;

    start (f, &process);
    let_live (f, &process);
    end (f, &process);
  }
  check_all (f);
  g_assert_cmpuint (
      g_hash_table_size (f->accepted), >, 1000 / mh_test_share ());
}

static void
test_several (Fixture *f, gconstpointer data)
{
  Process processes[3];

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    start (f, &processes[i]);
  for (guint i = 0; i < MAX (60 / mh_test_share (), 9); i++) {
    Process *process = &processes[i % G_N_ELEMENTS (processes)];

    let_live (f, process);
    end (f, process);
    start (f, process);
  }
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    end (f, &processes[i]);
  check_all (f);
}

int
main (int argc, char **argv)
{
  int status;

  if (argc == 4 && g_str_equal (argv[1], "be-killed"))
    return be_killed (argv[2], (guint) atoi (argv[3]));
  g_test_init (&argc, &argv, NULL);
  make_command (argv[0]);
  g_test_add ("/store-kill/one-at-a-time", Fixture, NULL, set_up,
      test_one_at_a_time, tear_down);
  g_test_add (
      "/store-kill/several", Fixture, NULL, set_up, test_several, tear_down);
  status = g_test_run ();
  g_ptr_array_unref (command);
  return status;
}
