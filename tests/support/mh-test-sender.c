/* mh-test-sender: a sender with all around it, worked by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-sender.h"

#include <string.h>

static double
half (void)
{
  return 0.5;
}

static void
on_session_id (gint64 session, const char *id, gpointer user_data)
{
  g_string_append_printf (((MhTestSender *) user_data)->told,
      "id:%" G_GINT64_FORMAT ":%s ", session, id);
}

static void
on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  MhTestSender *f = user_data;

  f->n_sent++;
  g_string_append_printf (
      f->told, "sent:%" G_GINT64_FORMAT ":%s ", session, mh_event_name (event));
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  MhTestSender *f = user_data;

  g_assert_nonnull (reason);
  f->n_dropped += n;
  g_string_append_printf (
      f->told, "dropped:%" G_GINT64_FORMAT ":%u ", session, n);
}

static void
on_refused (gint64 session, const char *reason, gpointer user_data)
{
  g_assert_nonnull (reason);
  g_string_append_printf (((MhTestSender *) user_data)->told,
      "refused:%" G_GINT64_FORMAT " ", session);
}

static void
on_expired (gint64 session, const char *reason, gpointer user_data)
{
  g_assert_nonnull (reason);
  g_string_append_printf (((MhTestSender *) user_data)->told,
      "expired:%" G_GINT64_FORMAT " ", session);
}

static void
on_failed (gint64 session, const char *reason, gpointer user_data)
{
  g_assert_nonnull (reason);
  g_string_append_printf (((MhTestSender *) user_data)->told,
      "failed:%" G_GINT64_FORMAT " ", session);
}

static void
on_changed (gpointer user_data)
{
  ((MhTestSender *) user_data)->n_changed++;
}

static const MhDelivery listener = {
  .session_id = on_session_id,
  .sent = on_sent,
  .dropped = on_dropped,
  .refused = on_refused,
  .expired = on_expired,
  .failed = on_failed,
  .changed = on_changed,
};

static void
start (MhTestSender *f)
{
  f->sender = mh_sender_new (f->store, &f->clock.clock, &listener, f);
  mh_sender_set_random (f->sender, half);
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
}

void
mh_test_sender_set_up (MhTestSender *f, gconstpointer max_hits)
{
  mh_test_clock_init (&f->clock);
  f->store = mh_store_new (GPOINTER_TO_UINT (max_hits));
  f->told = g_string_new (NULL);
  start (f);
}

void
mh_test_sender_restart (MhTestSender *f)
{
  mh_sender_free (f->sender);
  g_assert_finalize_object (f->transport);
  start (f);
}

void
mh_test_sender_tear_down (MhTestSender *f, gconstpointer max_hits)
{
  mh_sender_free (f->sender);
  g_assert_finalize_object (f->transport);
  mh_store_free (f->store);
  g_string_free (f->told, TRUE);
}

gint64
mh_test_sender_open (MhTestSender *f)
{
  return mh_sender_open (
      f->sender, MH_TEST_SERVER, MH_PROTOCOL_MEDIA_COLLECTION);
}

void
mh_test_sender_enqueue (
    MhTestSender *f, gint64 session, MhEvent event, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  mh_sender_enqueue (f->sender, session, event, 1, bytes);
}

void
mh_test_sender_send (
    MhTestSender *f, gint64 session, MhEvent event, const char *body)
{
  mh_test_sender_enqueue (f, session, event, body);
  mh_sender_run (f->sender);
}

void
mh_test_sender_pass (MhTestSender *f, MhTime time)
{
  mh_test_clock_advance (&f->clock, time);
  mh_sender_run (f->sender);
}

gint64
mh_test_sender_started (MhTestSender *f)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_transport_answer (f->transport, 0, 201, "/api/v1/sessions/sid", NULL);
  g_string_truncate (f->told, 0);
  return session;
}

void
mh_test_sender_answer (MhTestSender *f, guint index, guint status)
{
  mh_test_transport_answer (f->transport, index, status, NULL, NULL);
}

void
mh_test_sender_assert_last (MhTestSender *f, guint count, const char *body)
{
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, count);
  g_assert_cmpstr (mh_test_transport_body (f->transport, count - 1), ==, body);
}

void
mh_test_sender_assert_told (MhTestSender *f, const char *wanted)
{
  g_assert_cmpstr (f->told->str, ==, wanted);
  g_string_truncate (f->told, 0);
}

void
mh_test_sender_add (const char *path,
    void (*func) (MhTestSender *f, gconstpointer data), guint data)
{
  g_test_add (path, MhTestSender, GUINT_TO_POINTER (data),
      mh_test_sender_set_up, func, mh_test_sender_tear_down);
}
