/* Tests of mh-store.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-dir.h"

/* Each test runs in memory, and again with a database beside it. */
typedef struct
{
  char *dir; /* NULL: in memory */
  MhStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer durable)
{
  if (durable)
    f->dir = mh_test_dir_new ();
}

/* The database has followed whatever the test has done. */
static void
tear_down (Fixture *f, gconstpointer durable)
{
  g_autofree char *disk = NULL;
  g_autofree char *memory = NULL;

  if (f->dir) {
    g_assert_true (mh_store_is_safe (f->store));
    g_assert_true (mh_store_commit (f->store));
    disk = mh_test_dir_dump_disk (f->dir);
    memory = mh_test_dir_take_out (f->store);
    g_assert_cmpstr (disk, ==, memory);
    g_assert_null (mh_store_take_problem (f->store));
  }
  mh_store_free (f->store);
  g_clear_pointer (&f->dir, mh_test_dir_free);
}

static MhStore *
new_store (Fixture *f, guint max_hits)
{
  f->store = mh_store_new (max_hits);
  if (f->dir)
    mh_store_attach (f->store, f->dir);
  return f->store;
}

/* Now and then, as a worker would. */
static void
commit (Fixture *f)
{
  g_assert_true (mh_store_commit (f->store));
}

static guint
append (MhStore *store, gint64 session, MhEvent event, gint64 ts)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  return mh_store_append (store, session, event, ts, body);
}

static gint64
add (MhStore *store)
{
  return mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
}

/* The time stamp of the oldest hit, -1 without one. */
static gint64
head_ts (MhStore *store, gint64 session)
{
  const MhStoreHit *head = mh_store_head (store, session);

  return head ? head->ts : -1;
}

static void
test_session (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);
  gint64 b = mh_store_add_session (
      store, "https://b.example", MH_PROTOCOL_MEDIA_EDGE);
  const MhStoreSession *row = mh_store_get_session (store, b);

  g_assert_cmpint (a, >, 0);
  g_assert_cmpint (b, >, a);
  g_assert_cmpint (row->key, ==, b);
  g_assert_cmpstr (row->server, ==, "https://b.example");
  g_assert_cmpint (row->protocol, ==, MH_PROTOCOL_MEDIA_EDGE);
  g_assert_null (row->session_id);
  g_assert_cmpuint (row->n_hits, ==, 0);
  g_assert_null (mh_store_get_session (store, b + 1));
  g_assert_null (mh_store_head (store, b));
  g_assert_null (mh_store_head (store, b + 1));
}

static void
test_order (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);
  gint64 b = add (store);
  gint64 last = 0;

  for (gint64 ts = 1; ts <= 3; ts++) {
    g_assert_cmpuint (append (store, a, MH_EVENT_PING, ts), ==, 0);
    g_assert_cmpuint (append (store, b, MH_EVENT_PLAY, 10 * ts), ==, 0);
  }
  g_assert_cmpuint (mh_store_count (store), ==, 6);
  for (gint64 ts = 1; ts <= 3; ts++) {
    const MhStoreHit *head = mh_store_head (store, a);

    g_assert_cmpint (head->id, >, last);
    g_assert_cmpint (head->session, ==, a);
    g_assert_cmpint (head->event, ==, MH_EVENT_PING);
    g_assert_cmpint (head->ts, ==, ts);
    last = head->id;
    mh_store_acknowledge (store, head->id, NULL);
  }
  g_assert_null (mh_store_head (store, a));
  g_assert_cmpint (head_ts (store, b), ==, 10);
  g_assert_cmpuint (mh_store_count (store), ==, 3);
  g_assert_cmpuint (mh_store_get_session (store, a)->n_hits, ==, 0);
  g_assert_cmpuint (mh_store_get_session (store, b)->n_hits, ==, 3);
}

static void
test_acknowledge_id (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);

  append (store, a, MH_EVENT_SESSION_START, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  commit (f);
  mh_store_acknowledge (store, mh_store_head (store, a)->id, "one");
  g_assert_cmpstr (mh_store_get_session (store, a)->session_id, ==, "one");
  mh_store_acknowledge (store, mh_store_head (store, a)->id, NULL);
  g_assert_cmpstr (mh_store_get_session (store, a)->session_id, ==, "one");
}

static void
test_acknowledge_gone (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);
  gint64 id;

  append (store, a, MH_EVENT_SESSION_START, 1);
  id = mh_store_head (store, a)->id;
  mh_store_acknowledge (store, id, NULL);
  mh_store_acknowledge (store, id, "late");
  mh_store_acknowledge (store, 999, NULL);
  g_assert_null (mh_store_get_session (store, a)->session_id);
}

static void
test_remove (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 keys[] = { add (store), add (store), add (store) };
  g_autoptr (GArray) left = NULL;

  append (store, keys[1], MH_EVENT_PING, 1);
  append (store, keys[1], MH_EVENT_PLAY, 2);
  commit (f);
  append (store, keys[2], MH_EVENT_PLAY, 3);
  g_assert_cmpuint (mh_store_remove_session (store, keys[1]), ==, 2);
  g_assert_cmpuint (mh_store_remove_session (store, keys[1]), ==, 0);
  g_assert_cmpuint (mh_store_count (store), ==, 1);
  left = mh_store_dup_sessions (store);
  g_assert_cmpuint (left->len, ==, 2);
  g_assert_cmpint (g_array_index (left, gint64, 0), ==, keys[0]);
  g_assert_cmpint (g_array_index (left, gint64, 1), ==, keys[2]);
}

static void
test_full_oldest_session (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 4);
  gint64 idle = add (store);
  gint64 a = add (store);
  gint64 b = add (store);
  gint64 c = add (store);

  append (store, b, MH_EVENT_PLAY, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  append (store, a, MH_EVENT_PLAY, 3);
  commit (f);
  append (store, c, MH_EVENT_PLAY, 4);
  g_assert_cmpuint (append (store, c, MH_EVENT_PLAY, 5), ==, 2);
  g_assert_null (mh_store_get_session (store, a));
  /* It takes no room. */
  g_assert_nonnull (mh_store_get_session (store, idle));
  g_assert_cmpuint (append (store, c, MH_EVENT_PLAY, 6), ==, 0);
  g_assert_cmpuint (append (store, c, MH_EVENT_PLAY, 7), ==, 1);
  g_assert_null (mh_store_get_session (store, b));
  g_assert_cmpint (head_ts (store, c), ==, 4);
  g_assert_cmpuint (mh_store_count (store), ==, 4);
}

static void
test_full_not_itself (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 3);
  gint64 a = add (store);
  gint64 b = add (store);

  append (store, a, MH_EVENT_PLAY, 1);
  append (store, b, MH_EVENT_PLAY, 2);
  append (store, b, MH_EVENT_PLAY, 3);
  g_assert_cmpuint (append (store, a, MH_EVENT_PLAY, 4), ==, 2);
  g_assert_null (mh_store_get_session (store, b));
  g_assert_cmpint (head_ts (store, a), ==, 1);
  g_assert_cmpuint (mh_store_count (store), ==, 2);
}

/* A player whose stream is away tries again and again, with the server away as
 * well: that never pushes out what was played. */
static void
test_full_never_played (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 50);
  gint64 real = add (store);
  gint64 last = 0;

  append (store, real, MH_EVENT_SESSION_START, 1);
  append (store, real, MH_EVENT_PLAY, 2);
  for (gint64 ts = 3; ts <= 40; ts++)
    append (store, real, MH_EVENT_PING, ts);
  append (store, real, MH_EVENT_SESSION_COMPLETE, 41);
  for (guint i = 0; i < 1000; i++) {
    last = add (store);
    append (store, last, MH_EVENT_SESSION_START, 50);
    append (store, last, MH_EVENT_ERROR, 51);
    append (store, last, MH_EVENT_SESSION_END, 52);
    commit (f);
    g_assert_cmpuint (mh_store_count (store), <=, 50);
  }
  g_assert_nonnull (mh_store_get_session (store, real));
  g_assert_cmpuint (mh_store_get_session (store, real)->n_hits, ==, 41);
  g_assert_cmpuint (mh_store_get_session (store, last)->n_hits, ==, 3);
  g_assert_cmpuint (mh_store_get_session (store, last - 1)->n_hits, ==, 3);
  g_assert_null (mh_store_get_session (store, last - 3));
}

static guint
take_losses (MhStore *store, gint64 session)
{
  g_autoptr (GArray) losses = mh_store_take_losses (store);
  guint n = 0;

  for (guint i = 0; losses && i < losses->len; i++) {
    const MhStoreLoss *loss = &g_array_index (losses, MhStoreLoss, i);

    g_assert_cmpint (loss->session, ==, session);
    g_assert_cmpstr (loss->reason, ==, "the queue was full");
    n += loss->n;
  }
  return n;
}

/* Where all that waits was played, the first that fails gets a few pings' room,
 * and those that follow have that. */
static void
test_full_of_played (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 20);
  gint64 first = add (store), second = add (store);
  guint n_lost;

  append (store, first, MH_EVENT_PING, 1);
  for (gint64 ts = 2; ts <= 10; ts++)
    append (store, first, ts == 3 ? MH_EVENT_PLAY : MH_EVENT_PING, ts);
  for (gint64 ts = 11; ts <= 20; ts++)
    append (store, second, ts == 12 ? MH_EVENT_PLAY : MH_EVENT_PING, ts);
  for (guint i = 0; i < 100; i++) {
    gint64 failed = add (store);

    append (store, failed, MH_EVENT_SESSION_START, 50);
    append (store, failed, MH_EVENT_ERROR, 51);
    append (store, failed, MH_EVENT_SESSION_END, 52);
    commit (f);
    g_assert_cmpuint (mh_store_count (store), <=, 20);
  }
  n_lost = take_losses (store, first);
  g_assert_cmpuint (n_lost, ==, 3);
  g_assert_cmpuint (mh_store_get_session (store, first)->n_hits, ==, 7);
  g_assert_cmpuint (mh_store_get_session (store, second)->n_hits, ==, 10);
  /* The next to be sent may be on its way. */
  g_assert_cmpint (head_ts (store, first), ==, 1);
}

/* One that does play in the end is one of the others from then on, however its
 * first hits have gone. */
static void
test_full_played_late (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 4);
  gint64 slow = add (store);
  gint64 failed = add (store);
  gint64 next = add (store);

  append (store, slow, MH_EVENT_SESSION_START, 1);
  mh_store_acknowledge (store, mh_store_head (store, slow)->id, "sid");
  append (store, slow, MH_EVENT_BUFFER_START, 2);
  append (store, slow, MH_EVENT_PLAY, 3);
  append (store, failed, MH_EVENT_SESSION_START, 4);
  append (store, failed, MH_EVENT_SESSION_END, 5);
  g_assert_cmpuint (append (store, next, MH_EVENT_SESSION_START, 6), ==, 2);
  g_assert_null (mh_store_get_session (store, failed));
  g_assert_cmpuint (mh_store_get_session (store, slow)->n_hits, ==, 2);
  append (store, next, MH_EVENT_PLAY, 7);
  /* Then the oldest goes, as ever. */
  g_assert_cmpuint (append (store, next, MH_EVENT_PLAY, 8), ==, 2);
  g_assert_null (mh_store_get_session (store, slow));
}

static void
test_full_pings_first (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 4);
  gint64 a = add (store);

  append (store, a, MH_EVENT_SESSION_START, 1);
  append (store, a, MH_EVENT_PING, 2);
  append (store, a, MH_EVENT_PLAY, 3);
  commit (f);
  append (store, a, MH_EVENT_PING, 4);
  g_assert_cmpuint (append (store, a, MH_EVENT_PLAY, 5), ==, 1);
  g_assert_cmpuint (append (store, a, MH_EVENT_PLAY, 6), ==, 1);
  for (gint64 ts = 1; ts <= 6; ts++) {
    if (ts == 2 || ts == 4)
      continue;
    g_assert_cmpint (head_ts (store, a), ==, ts);
    mh_store_acknowledge (store, mh_store_head (store, a)->id, NULL);
  }
  g_assert_cmpuint (mh_store_count (store), ==, 0);
}

static void
test_full_oldest_hit (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 2);
  gint64 a = add (store);

  append (store, a, MH_EVENT_PLAY, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  g_assert_cmpuint (append (store, a, MH_EVENT_PLAY, 3), ==, 1);
  g_assert_cmpint (head_ts (store, a), ==, 2);
  g_assert_cmpuint (mh_store_get_session (store, a)->n_hits, ==, 2);
}

/* Always full, with many sessions: must not look at all of them each time. */
static void
test_full_many (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10000);
  guint dropped = 0;
  gint64 key = 0;

  for (guint i = 0; i < 100000; i++) {
    key = add (store);
    dropped += append (store, key, MH_EVENT_PLAY, i);
  }
  g_assert_cmpuint (dropped, ==, 90000);
  g_assert_cmpuint (mh_store_count (store), ==, 10000);
  g_assert_nonnull (mh_store_get_session (store, key - 9999));
  g_assert_null (mh_store_get_session (store, key - 10000));
}

static void
append_long (
    MhStore *store, gint64 session, gint64 ts, gsize length, guint dropped)
{
  g_autofree char *text = g_strnfill (length, 'x');
  g_autoptr (GBytes) body = g_bytes_new (text, length);

  g_assert_cmpuint (
      mh_store_append (store, session, MH_EVENT_PLAY, ts, body), ==, dropped);
}

static void
test_full_bytes (Fixture *f, gconstpointer data)
{
  const MhStoreLimits limits = { 10, 100, 0 };
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);
  gint64 b = add (store);

  mh_store_set_limits (store, &limits);
  append_long (store, a, 1, 30, 0);
  append_long (store, a, 2, 30, 0);
  append_long (store, b, 3, 40, 0);
  commit (f);
  append_long (store, b, 4, 1, 2);
  g_assert_null (mh_store_get_session (store, a));
  append_long (store, b, 5, 60, 1);
  g_assert_cmpint (head_ts (store, b), ==, 4);
  /* All others could go, and it would not fit. */
  append_long (store, b, 6, 101, 1);
  g_assert_cmpuint (mh_store_count (store), ==, 2);
}

static void
test_old (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 keys[] = { add (store), add (store), add (store), add (store) };
  g_autoptr (GArray) old = NULL;

  append (store, keys[0], MH_EVENT_PLAY, 10);
  append (store, keys[1], MH_EVENT_PLAY, 5);
  append (store, keys[1], MH_EVENT_PLAY, 20);
  append (store, keys[2], MH_EVENT_PLAY, 9);
  old = mh_store_dup_old (store, 10);
  g_assert_cmpuint (old->len, ==, 2);
  g_assert_cmpint (g_array_index (old, gint64, 0), ==, keys[1]);
  g_assert_cmpint (g_array_index (old, gint64, 1), ==, keys[2]);
}

static void
test_accepted (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 10);
  gint64 a = add (store);

  append (store, a, MH_EVENT_SESSION_START, 1);
  append (store, a, MH_EVENT_SESSION_END, 2);
  commit (f);
  mh_store_set_accepted (store, a, 17);
  mh_store_acknowledge (store, mh_store_head (store, a)->id, "one");
  mh_store_set_accepted (store, a + 1, 18);
  g_assert_cmpint (mh_store_get_session (store, a)->accepted, ==, 17);
  g_assert_true (mh_store_get_session (store, a)->ended);
  g_assert_false (mh_store_get_session (store, a)->adopted);
}

/* Whatever is done, and whenever it is written. */
static void
test_random (Fixture *f, gconstpointer data)
{
  MhStore *store = new_store (f, 50);
  gint64 keys[8] = { 0 };

  for (guint i = 0; i < 2000; i++) {
    gint64 *key = &keys[g_test_rand_int_range (0, G_N_ELEMENTS (keys))];

    if (!mh_store_get_session (store, *key))
      *key = add (store);
    switch (g_test_rand_int_range (0, 10)) {
      case 0:
        mh_store_remove_session (store, *key);
        break;
      case 1:
        commit (f);
        break;
      case 2:
      case 3:
      case 4:
        if (mh_store_head (store, *key))
          mh_store_acknowledge (
              store, mh_store_head (store, *key)->id, i % 3 ? NULL : "id");
        break;
      default:
        append (store, *key, i % 2 ? MH_EVENT_PING : MH_EVENT_PLAY, i);
        break;
    }
  }
}

#define TEST(name, function) \
  g_test_add ( \
      "/store/memory/" name, Fixture, NULL, set_up, function, tear_down); \
  g_test_add ("/store/disk/" name, Fixture, "disk", set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("session", test_session);
  TEST ("order", test_order);
  TEST ("acknowledge/session-id", test_acknowledge_id);
  TEST ("acknowledge/gone", test_acknowledge_gone);
  TEST ("remove", test_remove);
  TEST ("full/oldest-session", test_full_oldest_session);
  TEST ("full/not-itself", test_full_not_itself);
  TEST ("full/never-played", test_full_never_played);
  TEST ("full/played-late", test_full_played_late);
  TEST ("full/of-played", test_full_of_played);
  TEST ("full/pings-first", test_full_pings_first);
  TEST ("full/oldest-hit", test_full_oldest_hit);
  TEST ("full/bytes", test_full_bytes);
  TEST ("old", test_old);
  TEST ("accepted", test_accepted);
  TEST ("random", test_random);
  TEST ("full/many-sessions", test_full_many);
  return g_test_run ();
}
