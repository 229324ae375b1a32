/* Tests of mh-spool: when a state directory has something to do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"
#include "mh-spool.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"
#include "mh-test-vfs.h"

#define SEC(s) MH_TIME_FROM_SEC (s)

typedef struct
{
  char *dir;
  MhTestClock clock;
  MhWorker *worker;
  MhTestTransport *transport;
  MhSpool *spool; /* NULL at first */
  GString *told;
} Fixture;

static void
on_session_id (gint64 session, const char *id, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "id:%s ", id);
}

static void
on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  g_string_append_printf (
      ((Fixture *) user_data)->told, "sent:%s ", mh_event_name (event));
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "dropped%s:%u ",
      session ? "" : "-orphans", n);
}

static void
on_refused (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "refused ");
}

static void
on_expired (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "expired ");
}

static void
on_failed (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "failed ");
}

static void
on_problem (const char *message, gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "problem ");
}

static const MhDelivery listener = {
  .session_id = on_session_id,
  .sent = on_sent,
  .dropped = on_dropped,
  .refused = on_refused,
  .expired = on_expired,
  .failed = on_failed,
  .problem = on_problem,
};

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = mh_test_dir_new ();
  mh_test_clock_init (&f->clock);
  f->worker = mh_worker_new (&f->clock.clock);
  f->transport = mh_test_transport_new ();
  f->told = g_string_new (NULL);
}

static void
close_spool (Fixture *f)
{
  mh_spool_close (f->spool);
  g_assert_null (mh_spool_end (f->spool));
  f->spool = NULL;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->spool)
    close_spool (f);
  mh_worker_unref (f->worker);
  g_assert_finalize_object (f->transport);
  mh_test_dir_free (f->dir);
  g_string_free (f->told, TRUE);
}

static void
open_spool (Fixture *f, guint max_hits, guint max_age)
{
  const MhStoreLimits limits = { max_hits, 1 << 20, max_age };
  MhStore *store = mh_store_new (max_hits);

  mh_store_set_limits (store, &limits);
  f->spool = mh_spool_new (f->worker, store, f->dir, &listener, f);
  mh_spool_begin (f->spool);
  mh_sender_set_transport (
      mh_spool_get_sender (f->spool), MH_TRANSPORT (f->transport));
}

static gint64
now_ms (Fixture *f)
{
  return mh_clock_utc (&f->clock.clock) / MH_USEC_PER_MSEC;
}

static void
turn (Fixture *f)
{
  mh_worker_run_timers (f->worker);
  while (g_main_context_iteration (mh_worker_get_context (f->worker), FALSE))
    ;
}

static gint64
open_session (Fixture *f)
{
  return mh_sender_open (mh_spool_get_sender (f->spool), "https://a.example",
      MH_PROTOCOL_MEDIA_COLLECTION);
}

static void
enqueue (Fixture *f, gint64 session, MhEvent event)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  mh_sender_enqueue (
      mh_spool_get_sender (f->spool), session, event, now_ms (f), body);
  mh_spool_queue_run (f->spool);
}

static void
assert_told (Fixture *f, const char *wanted)
{
  g_assert_cmpstr (f->told->str, ==, wanted);
  g_string_truncate (f->told, 0);
}

/* A process with a store of its own. */
static MhStore *
new_process (Fixture *f, guint n_hits, const char *session_id)
{
  MhStore *store = mh_store_new (1000);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 key;

  mh_store_attach (store, f->dir);
  key = mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  for (guint i = 0; i < n_hits; i++)
    mh_store_append (store, key, i ? MH_EVENT_PLAY : MH_EVENT_SESSION_START,
        now_ms (f) + i, body);
  if (session_id) {
    mh_store_set_accepted (store, key, now_ms (f));
    mh_store_acknowledge (store, mh_store_head (store, key)->id, session_id);
  }
  g_assert_true (mh_store_commit (store));
  return store;
}

/* What has been made in a turn is there before any of it is sent. */
static void
test_commit_first (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gint64 session;

  open_spool (f, 100, 1000);
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  enqueue (f, session, MH_EVENT_PLAY);
  before = mh_test_dir_dump_disk (f->dir);
  g_assert_cmpstr (before, ==, "");
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  after = mh_test_dir_dump_disk (f->dir);
  g_assert_nonnull (strstr (after, "sessionStart"));
  g_assert_nonnull (strstr (after, "play"));
}

/* And after an answer, what it has brought is there before the next is sent. */
static void
test_commit_answer (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;
  gint64 session;

  open_spool (f, 100, 1000);
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  enqueue (f, session, MH_EVENT_PLAY);
  turn (f);
  mh_test_transport_answer (f->transport, 0, 201, "/s/sid", NULL);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  disk = mh_test_dir_dump_disk (f->dir);
  g_assert_nonnull (strstr (disk, " sid "));
  g_assert_null (strstr (disk, "sessionStart"));
}

static void
test_sync (Fixture *f, gconstpointer data)
{
  MhStore *store;

  open_spool (f, 100, 1000);
  store = mh_spool_get_store (f->spool);
  turn (f);
  g_assert_false (mh_store_needs_sync (store));
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_true (mh_store_needs_sync (store));
  /* Others do not put it off. */
  mh_test_clock_advance (&f->clock, SEC (1) / 2);
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  mh_test_clock_advance (&f->clock, SEC (1) / 2);
  turn (f);
  g_assert_false (mh_store_needs_sync (store));
}

/* What is there at the start, and what comes to be there. */
static void
test_orphans (Fixture *f, gconstpointer data)
{
  MhStore *other = new_process (f, 1, NULL);

  mh_store_free (new_process (f, 2, NULL));
  open_spool (f, 100, 100000);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_transport_answer (f->transport, 0, 201, "/s/sid", NULL);
  mh_test_transport_answer (f->transport, 1, 204, NULL, NULL);
  assert_told (f, "id:sid sent:sessionStart sent:play ");
  mh_test_clock_advance (&f->clock, SEC (300));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  mh_store_free (other);
  mh_test_clock_advance (&f->clock, SEC (300));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 3);
  mh_test_transport_answer (f->transport, 2, 201, "/s/sid", NULL);
  assert_told (f, "id:sid sent:sessionStart ");
}

/* The time since the last event that was taken counts from process to process. */
static void
test_orphans_expire (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 3, "sid"));
  mh_test_clock_advance (&f->clock, SEC (599));
  open_spool (f, 100, 100000);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  close_spool (f);
  mh_test_clock_advance (&f->clock, SEC (2));
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  open_spool (f, 100, 100000);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  assert_told (f, "dropped:2 expired ");
}

static void
test_orphans_too_many (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 3, NULL));
  mh_store_free (new_process (f, 3, NULL));
  open_spool (f, 4, 100000);
  assert_told (f, "dropped-orphans:3 ");
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
}

/* More than are read at once; some of them cannot be read. They count once, and
 * the others arrive. */
static void
test_orphans_damaged_rows (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;
  guint n_told = 0;

  mh_store_free (new_process (f, 50, NULL));
  open_spool (f, 100, 100000);
  mh_test_dir_exec (f->dir, "DELETE FROM hits WHERE seq IN (2, 40, 41)");
  turn (f);
  for (guint i = 0; i < 47; i++) {
    g_assert_cmpuint (mh_test_transport_count (f->transport), ==, i + 1);
    g_assert_cmpuint (mh_store_count_loaded (mh_spool_get_store (f->spool)), <=,
        MH_STORE_WINDOW);
    if (i == 0)
      mh_test_transport_answer (f->transport, i, 201, "/s/sid", NULL);
    else
      mh_test_transport_answer (f->transport, i, 204, NULL, NULL);
    if (i == 0)
      assert_told (f, "dropped:1 id:sid sent:sessionStart ");
    else if (strstr (f->told->str, "dropped") && ++n_told)
      assert_told (f, "sent:play dropped:2 ");
    else
      assert_told (f, "sent:play ");
  }
  g_assert_cmpuint (n_told, ==, 1);
  disk = mh_test_dir_dump_disk (f->dir);
  g_assert_cmpstr (disk, ==, "");
}

/* What a process has left is to go as a batch. */
static void
make_batch (Fixture *f)
{
  mh_test_dir_exec (f->dir, "UPDATE sessions SET mode = 'whole'");
  mh_test_dir_exec (f->dir,
      "UPDATE hits SET body = CAST ('{\"eventType\":\"play\",\"playerTime\":"
      "{\"playhead\":0,\"ts\":1}}' AS BLOB)");
  mh_test_dir_exec (
      f->dir, "UPDATE starts SET body = (SELECT body FROM hits LIMIT 1)");
}

/* What is left of a session that goes as a batch: the same. */
static void
test_orphans_damaged_batch (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 50, NULL));
  make_batch (f);
  open_spool (f, 100, 100000);
  mh_test_dir_exec (f->dir, "DELETE FROM hits WHERE seq IN (2, 40, 41)");
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  assert_told (f, "dropped:3 ");
  mh_test_transport_answer (f->transport, 0, 201, NULL, NULL);
  g_assert_nonnull (strstr (f->told->str, "sent:sessionStart sent:play"));
  g_assert_cmpuint (strlen (f->told->str), ==,
      strlen ("sent:sessionStart ") + 46 * strlen ("sent:play "));
  g_string_truncate (f->told, 0);
}

/* The disk cannot be read for some time: what is there is sent afterwards. With
 * data, as a batch. */
static void
test_orphans_unreadable (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 3, NULL));
  if (data)
    make_batch (f);
  open_spool (f, 100, 100000);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, 0, TRUE);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  assert_told (f, "problem ");
  for (guint i = 0; i < 10; i++) {
    mh_test_clock_advance (&f->clock, SEC (10));
    turn (f);
  }
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  assert_told (f, "");
  g_assert_false (mh_sender_is_busy (mh_spool_get_sender (f->spool)));
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  for (guint i = 0; i < 100 && mh_test_transport_count (f->transport) == 0;
       i++) {
    mh_test_clock_advance (&f->clock, SEC (1));
    turn (f);
  }
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_transport_answer (f->transport, 0, 201, data ? NULL : "/s/sid", NULL);
  if (data) {
    assert_told (f, "sent:sessionStart sent:play sent:play ");
    return;
  }
  mh_test_transport_answer (f->transport, 1, 204, NULL, NULL);
  mh_test_transport_answer (f->transport, 2, 204, NULL, NULL);
  assert_told (f, "id:sid sent:sessionStart sent:play sent:play ");
}

static void
test_too_old (Fixture *f, gconstpointer data)
{
  gint64 session;

  mh_store_free (new_process (f, 3, NULL));
  mh_test_clock_advance (&f->clock, SEC (1001));
  open_spool (f, 100, 1000);
  assert_told (f, "dropped:3 expired ");
  mh_sender_set_transport (mh_spool_get_sender (f->spool), NULL);
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  turn (f);
  mh_test_clock_advance (&f->clock, SEC (1000));
  enqueue (f, session, MH_EVENT_PING);
  turn (f);
  assert_told (f, "");
  mh_test_clock_advance (&f->clock, SEC (301));
  turn (f);
  /* Its player goes on with another one. */
  assert_told (f, "dropped:2 expired ");
}

static void
begin_player (Fixture *f, const MhConfig *config, gpointer player)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 session = mh_spool_open (f->spool, config, FALSE, &listener, player);

  mh_spool_enqueue (
      f->spool, session, MH_EVENT_SESSION_START, now_ms (f), body);
  turn (f);
}

/* One player's sessions are given up, by its name or for their age: another's hit,
 * which waits for their answer, goes then. */
static void
test_given_up_before (Fixture *f, gconstpointer drops)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  Fixture other = { .told = f->told };

  config->protocol = MH_PROTOCOL_EVENTS;
  config->collection_server = g_strdup ("https://a.example/in");
  open_spool (f, 100, 250);
  begin_player (f, config, &other);
  mh_test_clock_advance (&f->clock, SEC (200));
  begin_player (f, config, f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  if (drops)
    mh_spool_drop_all (f->spool, &other, "for a reason");
  else
    mh_test_clock_advance (&f->clock, SEC (100));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
}

/* What a process has left that was allowed plain http. */
static void
test_orphans_http (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 2, NULL));
  mh_test_dir_exec (f->dir, "UPDATE sessions SET server = 'http://a.example'");
  open_spool (f, 100, 1000);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  /* Nor does it go where it is not wanted with the next process. */
  close_spool (f);
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  open_spool (f, 100, 1000);
  mh_sender_allow_http (mh_spool_get_sender (f->spool));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_transport_answer_all (f->transport);
  turn (f);
  assert_told (f, "id:sid-0 sent:sessionStart sent:play ");
}

/* Until then it grows old like others. */
static void
test_orphans_http_too_old (Fixture *f, gconstpointer data)
{
  mh_store_free (new_process (f, 2, NULL));
  mh_test_dir_exec (f->dir, "UPDATE sessions SET server = 'http://a.example'");
  mh_test_clock_advance (&f->clock, SEC (1001));
  open_spool (f, 100, 1000);
  turn (f);
  assert_told (f, "dropped:2 ");
}

/* Rows that nobody can have stored. */
static void
test_orphans_damaged (Fixture *f, gconstpointer data)
{
  static const char *const changes[] = {
    "UPDATE sessions SET server = 'ftp://a.example'",
    "UPDATE sessions SET server = 'https://me:word@a.example'",
    "UPDATE sessions SET session_id = '../../other'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    mh_store_free (new_process (f, 3, "sid"));
    mh_test_dir_exec (f->dir, changes[i]);
    open_spool (f, 100, 1000);
    turn (f);
    assert_told (f, "dropped:2 ");
    close_spool (f);
    g_assert_finalize_object (f->transport);
    f->transport = mh_test_transport_new ();
  }
}

/* Another process holds the database: nothing is sent before it is safe, or
 * before it is clear that it will not be. Then it is tried again. */
static void
test_busy (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "hits.db", NULL);
  g_autofree char *disk = NULL;
  sqlite3 *other = NULL;
  guint seconds;

  open_spool (f, 100, 1000);
  turn (f);
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  assert_told (f, "");
  for (seconds = 0; mh_test_transport_count (f->transport) == 0; seconds++) {
    mh_test_clock_advance (&f->clock, SEC (1));
    turn (f);
  }
  g_assert_cmpuint (seconds, <, 10);
  assert_told (f, "problem ");
  /* Not told again for as long as it lasts. */
  mh_test_clock_advance (&f->clock, SEC (60));
  turn (f);
  assert_told (f, "");
  sqlite3_exec (other, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (other);
  mh_test_clock_advance (&f->clock, SEC (600));
  turn (f);
  g_assert_true (mh_store_is_safe (mh_spool_get_store (f->spool)));
  disk = mh_test_dir_dump_disk (f->dir);
  g_assert_nonnull (strstr (disk, "sessionStart"));
  assert_told (f, "");
}

static char *
dup_rows (Fixture *f, const char *table)
{
  g_autofree char *path = g_build_filename (f->dir, "hits.db", NULL);
  g_autofree char *query = g_strdup_printf ("SELECT count(*) FROM %s", table);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  char *n;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, query, -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return n;
}

static void
assert_nothing_kept (Fixture *f)
{
  static const char *const tables[] = { "hits", "starts", "sessions" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *n = dup_rows (f, tables[i]);

    g_assert_cmpstr (n, ==, "0");
  }
}

/* Others are in the way just then: what cannot be removed at once is not to be
 * found, and sent, later. */
static void
test_forget_busy (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "hits.db", NULL);
  sqlite3 *other = NULL;

  open_spool (f, 100, 100000);
  turn (f);
  mh_store_free (new_process (f, 2, NULL));
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  mh_spool_forget_all (f->spool, "a test");
  turn (f);
  sqlite3_exec (other, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (other);
  mh_test_clock_advance (&f->clock, SEC (2));
  turn (f);
  assert_nothing_kept (f);
  mh_test_clock_advance (&f->clock, SEC (300));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
}

/* Nor has this version to know what it is that it removes; what a living
 * process has is that one's. */
static void
test_forget_unknown (Fixture *f, gconstpointer data)
{
  MhStore *living;
  g_autofree char *n = NULL;

  mh_store_free (new_process (f, 2, NULL));
  mh_test_dir_exec (f->dir, "UPDATE sessions SET protocol = 'later'");
  open_spool (f, 100, 100000);
  mh_store_free (new_process (f, 2, NULL));
  mh_test_dir_exec (f->dir, "UPDATE sessions SET mode = 'later'");
  mh_spool_forget_all (f->spool, "a test");
  turn (f);
  assert_nothing_kept (f);
  living = new_process (f, 2, NULL);
  mh_spool_forget_all (f->spool, "a test");
  turn (f);
  n = dup_rows (f, "hits");
  g_assert_cmpstr (n, ==, "2");
  mh_store_free (living);
}

/* The same hits are in what was set aside. */
static void
test_forget_set_aside (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "hits.db.corrupt-1",
    "hits.db.corrupt-1-wal", "hits.db.corrupt-12" };

  open_spool (f, 100, 100000);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (f->dir, names[i], NULL);

    g_assert_true (g_file_set_contents (path, "hits", -1, NULL));
  }
  mh_spool_forget_all (f->spool, "a test");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (f->dir, names[i], NULL);

    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
}

/* Where nothing can be kept, it is kept in memory for the next one. */
static void
test_memory (Fixture *f, gconstpointer data)
{
  MhStore *store;
  char *problem;

  mh_test_dir_free (f->dir);
  f->dir = g_strdup ("/proc/self/nothing");
  open_spool (f, 100, 100000);
  assert_told (f, "problem ");
  problem = mh_spool_take_problem (f->spool);
  g_assert_nonnull (problem);
  g_free (problem);
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_clock_advance (&f->clock, SEC (10000));
  turn (f);
  assert_told (f, "");
  mh_spool_close (f->spool);
  store = mh_spool_end (f->spool);
  g_assert_nonnull (store);
  f->spool = mh_spool_new (f->worker, store, f->dir, &listener, f);
  g_assert_cmpuint (mh_store_count (store), ==, 1);
  mh_store_remove_session (store, 1);
}

/* The directory works again before the time of the next try, which may be ten
 * minutes away: what is in memory is not lost with the process. */
static void
test_memory_end (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (g_chmod (f->dir, 0777), ==, 0);
  open_spool (f, 100, 100000);
  assert_told (f, "problem ");
  mh_sender_set_transport (mh_spool_get_sender (f->spool), NULL);
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_false (mh_store_is_safe (mh_spool_get_store (f->spool)));
  g_assert_cmpint (g_chmod (f->dir, 0700), ==, 0);
  close_spool (f);
  g_assert_cmpint (
      mh_test_dir_get_number (f->dir, "SELECT count(*) FROM hits"), ==, 1);
}

/* Other processes are in the way until after its end: what it has is not given up. */
static void
test_busy_end (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "hits.db", NULL);
  sqlite3 *other = NULL;
  MhStore *left;

  open_spool (f, 100, 1000);
  turn (f);
  mh_sender_set_transport (mh_spool_get_sender (f->spool), NULL);
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  while (mh_store_is_safe (mh_spool_get_store (f->spool))) {
    mh_test_clock_advance (&f->clock, SEC (2));
    turn (f);
  }
  mh_spool_close (f->spool);
  left = mh_spool_end (g_steal_pointer (&f->spool));
  g_assert_nonnull (left);
  g_assert_cmpuint (mh_store_count (left), ==, 1);
  sqlite3_exec (other, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (other);
  g_assert_true (mh_store_save (left));
  mh_store_free (left);
  g_assert_cmpint (
      mh_test_dir_get_number (f->dir, "SELECT count(*) FROM hits"), ==, 1);
}

/* An opt-out while the directory cannot be used: the last try removes all. */
static void
test_forget_end (Fixture *f, gconstpointer data)
{
  g_autofree char *aside = g_build_filename (f->dir, "hits.db.corrupt-1", NULL);

  mh_store_free (new_process (f, 2, NULL));
  g_assert_true (g_file_set_contents (aside, "hits", -1, NULL));
  g_assert_cmpint (g_chmod (f->dir, 0777), ==, 0);
  open_spool (f, 100, 100000);
  mh_spool_forget_all (f->spool, "a test");
  g_assert_cmpint (g_chmod (f->dir, 0700), ==, 0);
  close_spool (f);
  assert_nothing_kept (f);
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
}

/* A ping that has made room for another session is told of, once. */
static void
test_full_ping (Fixture *f, gconstpointer data)
{
  gint64 session;

  open_spool (f, 4, 100000);
  mh_sender_set_transport (mh_spool_get_sender (f->spool), NULL);
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  enqueue (f, session, MH_EVENT_PLAY);
  enqueue (f, session, MH_EVENT_PING);
  enqueue (f, session, MH_EVENT_PING);
  turn (f);
  assert_told (f, "");
  enqueue (f, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  assert_told (f, "dropped:1 ");
  g_assert_cmpuint (mh_store_count (mh_spool_get_store (f->spool)), ==, 4);
  mh_sender_drop (mh_spool_get_sender (f->spool), session, "no more of it");
  assert_told (f, "dropped:3 ");
}

/* ---- the log ---- */

static GString *logged;

static gboolean
wants (MhLogCategory category, MhLogLevel level)
{
  return level <= MH_LOG_DEBUG;
}

static void
write_entry (const MhLogEntry *entry)
{
  g_assert_null (strchr (entry->text, '\n'));
  g_string_append_printf (logged, "%s\n", entry->text);
}

static void
assert_logged (const char *part)
{
  if (!strstr (logged->str, part))
    g_error ("“%s” is not in: %s", part, logged->str);
}

/* Why something has not arrived, without a debugger; and nothing of a visitor. */
static void
test_log (Fixture *f, gconstpointer data)
{
  static const MhLogHook hook = { wants, write_entry };
  gint64 session;

  logged = g_string_new (NULL);
  mh_log_set_hook (&hook);
  mh_store_free (new_process (f, 2, "secret-id"));
  open_spool (f, 100, 100000);
  turn (f);
  assert_logged (": 1 taken over from a process that is gone");
  mh_test_transport_answer (f->transport, 0, 503, NULL, NULL);
  assert_logged (": attempt 1 has failed: ");
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  turn (f);
  mh_test_transport_answer (f->transport, 1, 400, NULL, NULL);
  assert_logged (": the server refuses the session: ");
  session = open_session (f);
  enqueue (f, session, MH_EVENT_SESSION_START);
  enqueue (f, session, MH_EVENT_PLAY);
  turn (f);
  mh_test_transport_answer (f->transport, 2, 201, "/s/another-secret", NULL);
  assert_logged (": sessionStart was taken");
  mh_test_transport_answer (f->transport, 3, 404, NULL, NULL);
  assert_logged (": the session has expired: ");
  assert_logged (": 1 dropped: ");
  mh_test_clock_advance (&f->clock, SEC (60));
  turn (f);
  mh_test_transport_answer (f->transport, 4, 0, NULL, NULL);
  assert_logged ("no answer from the server, failures in a row: 1; all");
  g_assert_null (strstr (logged->str, "secret"));
  mh_log_set_hook (NULL);
  g_string_free (logged, TRUE);
}

#define TEST(name, function) \
  g_test_add ("/spool/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_vfs_register ();
  TEST ("commit/before-sending", test_commit_first);
  TEST ("commit/answer", test_commit_answer);
  TEST ("sync", test_sync);
  TEST ("orphans", test_orphans);
  TEST ("orphans/expire", test_orphans_expire);
  TEST ("orphans/too-many", test_orphans_too_many);
  TEST ("orphans/plain-http", test_orphans_http);
  TEST ("orphans/plain-http/too-old", test_orphans_http_too_old);
  TEST ("orphans/damaged", test_orphans_damaged);
  TEST ("orphans/damaged-rows", test_orphans_damaged_rows);
  TEST ("orphans/damaged-rows/batch", test_orphans_damaged_batch);
  TEST ("orphans/unreadable", test_orphans_unreadable);
  g_test_add ("/spool/orphans/unreadable/batch", Fixture, "batch", set_up,
      test_orphans_unreadable, tear_down);
  TEST ("too-old", test_too_old);
  TEST ("given-up-before/too-old", test_given_up_before);
  g_test_add ("/spool/given-up-before/dropped", Fixture, "dropped", set_up,
      test_given_up_before, tear_down);
  TEST ("busy", test_busy);
  TEST ("forget/busy", test_forget_busy);
  TEST ("forget/unknown", test_forget_unknown);
  TEST ("forget/set-aside", test_forget_set_aside);
  TEST ("memory", test_memory);
  TEST ("memory/end", test_memory_end);
  TEST ("busy/end", test_busy_end);
  TEST ("forget/end", test_forget_end);
  TEST ("full/ping", test_full_ping);
  TEST ("log", test_log);
  return g_test_run ();
}
