/* Tests of mh-store.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store.h"

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
test_session (void)
{
  g_autoptr (MhStore) store = mh_store_new (10);
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
test_order (void)
{
  g_autoptr (MhStore) store = mh_store_new (10);
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
test_acknowledge_id (void)
{
  g_autoptr (MhStore) store = mh_store_new (10);
  gint64 a = add (store);

  append (store, a, MH_EVENT_SESSION_START, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  mh_store_acknowledge (store, mh_store_head (store, a)->id, "one");
  g_assert_cmpstr (mh_store_get_session (store, a)->session_id, ==, "one");
  mh_store_acknowledge (store, mh_store_head (store, a)->id, NULL);
  g_assert_cmpstr (mh_store_get_session (store, a)->session_id, ==, "one");
}

static void
test_acknowledge_gone (void)
{
  g_autoptr (MhStore) store = mh_store_new (10);
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
test_remove (void)
{
  g_autoptr (MhStore) store = mh_store_new (10);
  gint64 keys[] = { add (store), add (store), add (store) };
  g_autoptr (GArray) left = NULL;

  append (store, keys[1], MH_EVENT_PING, 1);
  append (store, keys[1], MH_EVENT_PLAY, 2);
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
test_full_oldest_session (void)
{
  g_autoptr (MhStore) store = mh_store_new (4);
  gint64 idle = add (store);
  gint64 a = add (store);
  gint64 b = add (store);
  gint64 c = add (store);

  append (store, b, MH_EVENT_PLAY, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  append (store, a, MH_EVENT_PLAY, 3);
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
test_full_not_itself (void)
{
  g_autoptr (MhStore) store = mh_store_new (3);
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

static void
test_full_pings_first (void)
{
  g_autoptr (MhStore) store = mh_store_new (4);
  gint64 a = add (store);

  append (store, a, MH_EVENT_SESSION_START, 1);
  append (store, a, MH_EVENT_PING, 2);
  append (store, a, MH_EVENT_PLAY, 3);
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
test_full_oldest_hit (void)
{
  g_autoptr (MhStore) store = mh_store_new (2);
  gint64 a = add (store);

  append (store, a, MH_EVENT_PLAY, 1);
  append (store, a, MH_EVENT_PLAY, 2);
  g_assert_cmpuint (append (store, a, MH_EVENT_PLAY, 3), ==, 1);
  g_assert_cmpint (head_ts (store, a), ==, 2);
  g_assert_cmpuint (mh_store_get_session (store, a)->n_hits, ==, 2);
}

/* Always full, with many sessions: must not look at all of them each time. */
static void
test_full_many (void)
{
  g_autoptr (MhStore) store = mh_store_new (10000);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/session", test_session);
  g_test_add_func ("/store/order", test_order);
  g_test_add_func ("/store/acknowledge/session-id", test_acknowledge_id);
  g_test_add_func ("/store/acknowledge/gone", test_acknowledge_gone);
  g_test_add_func ("/store/remove", test_remove);
  g_test_add_func ("/store/full/oldest-session", test_full_oldest_session);
  g_test_add_func ("/store/full/not-itself", test_full_not_itself);
  g_test_add_func ("/store/full/pings-first", test_full_pings_first);
  g_test_add_func ("/store/full/oldest-hit", test_full_oldest_hit);
  g_test_add_func ("/store/full/many-sessions", test_full_many);
  return g_test_run ();
}
