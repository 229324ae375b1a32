/* Tests of mh-sender, with a store on the disk and mh-transport-soup, against a
 * server that fails at each request of a session in turn. The time-outs and the
 * clock are worked by hand; the sockets are real.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"
#include "mh-sender.h"
#include "mh-transport-soup.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "mh-hostile.h"
#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-share.h"

/* A session: its hits are ten seconds apart. */
static const MhEvent events[] = { MH_EVENT_SESSION_START, MH_EVENT_PLAY,
  MH_EVENT_PING, MH_EVENT_PING, MH_EVENT_PAUSE_START,
  MH_EVENT_SESSION_COMPLETE };

#define N_HITS G_N_ELEMENTS (events)

/* Never comes by itself: mh_transport_soup_time_out_for_test(). */
#define TIMEOUT MH_TIME_FROM_SEC (3600)

/* What became of the hits of some sessions. */
typedef struct
{
  guint faults;
  guint accepted; /* by the sender */
  guint delivered; /* taken by the server, once or more */
  guint duplicated;
  guint dropped; /* given up, and told of */
  guint failed; /* attempts that were repeated */
  guint refused;
  guint expired;
} Figures;

typedef struct
{
  MhHostile server;
  MhProtocolKind protocol; /* that of open_session() */
  MhTestClock clock;
  char *dir;
  MhStore *store;
  MhTransport *transport;
  MhSender *sender;
  gint64 base; /* of the hits' times, ms */
  Figures figures;
} Fixture;

static double
half (void)
{
  return 0.5;
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->figures.dropped += n;
}

static void
on_refused (gint64 session, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->figures.refused++;
}

static void
on_expired (gint64 session, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->figures.expired++;
}

static void
on_failed (gint64 session, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->figures.failed++;
}

static void
enqueue (Fixture *f, gint64 session, guint index)
{
  gint64 ts = f->base + 10000 * index;
  g_autofree char *time = mh_protocol_format_time (ts);
  g_autofree char *text = f->protocol == MH_PROTOCOL_MEDIA_EDGE
      ? g_strdup_printf (
            "{\"events\":[{\"xdm\":{\"eventType\":\"media.%s\",\"timestamp\":"
            "\"%s\",\"mediaCollection\":{\"playhead\":%u}}}]}",
            mh_event_name (events[index]), time, 10 * index)
      : g_strdup_printf (
            "{\"eventType\":\"%s\",\"playerTime\":{\"playhead\":%u,"
            "\"ts\":%" G_GINT64_FORMAT "}}",
            mh_event_name (events[index]), 10 * index, ts);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  mh_sender_enqueue (f->sender, session, events[index], ts, body);
  f->figures.accepted++;
}

static void
open_session (Fixture *f, MhSendMode mode)
{
  g_autofree char *server = g_strdup_printf ("http://127.0.0.1:%u%s",
      f->server.port,
      f->protocol == MH_PROTOCOL_MEDIA_EDGE ? "?configId=ds" : "");
  gint64 session = mh_sender_open (f->sender, server, f->protocol);

  mh_store_set_mode (f->store, session, mode);
  for (guint i = 0; i < N_HITS; i++)
    enqueue (f, session, i);
}

static void
set_up (Fixture *f)
{
  static const MhDelivery listener = {
    .dropped = on_dropped,
    .refused = on_refused,
    .expired = on_expired,
    .failed = on_failed,
  };
  g_autoptr (GError) error = NULL;

  mh_hostile_start (&f->server);
  mh_test_clock_init (&f->clock);
  f->base = f->clock.utc / MH_USEC_PER_MSEC;
  f->dir = mh_test_dir_new ();
  f->store = mh_store_new (1000);
  mh_store_attach (f->store, f->dir);
  g_assert_true (mh_store_is_safe (f->store));
  f->transport = mh_transport_soup_new (TIMEOUT, &error);
  g_assert_no_error (error);
  f->sender = mh_sender_new (f->store, &f->clock.clock, &listener, f);
  mh_sender_set_random (f->sender, half);
  mh_sender_set_transport (f->sender, f->transport);
}

static void
tear_down (Fixture *f)
{
  g_autofree char *left = NULL;

  /* Nothing is left of what was delivered or dropped. */
  left = mh_test_dir_dump_disk (f->dir);
  g_assert_cmpstr (left, ==, "");
  mh_sender_free (f->sender);
  g_object_unref (f->transport);
  mh_store_free (f->store);
  mh_hostile_stop (&f->server);
  mh_test_dir_free (f->dir);
}

/* Until nothing is under way. */
static void
settle (Fixture *f)
{
  while (mh_sender_is_busy (f->sender)) {
    if (f->server.stuck) {
      f->server.stuck = FALSE;
      mh_transport_soup_time_out_for_test (MH_TRANSPORT_SOUP (f->transport));
    } else {
      g_main_context_iteration (NULL, TRUE);
    }
  }
}

static void
deliver (Fixture *f)
{
  mh_sender_run (f->sender);
  settle (f);
  while (mh_store_count (f->store) > 0) {
    MhTime next = mh_sender_next_deadline (f->sender);

    g_assert_cmpint (next, <, MH_TIME_NEVER);
    /* One fault does not make it wait for long: what the server asks for, and
     * half a second or so. */
    g_assert_cmpint (next - f->clock.now, <, MH_TIME_FROM_SEC (102));
    mh_test_clock_advance (&f->clock, MAX (next - f->clock.now, 0));
    if (!mh_hostile_is_listening (&f->server))
      mh_hostile_listen (&f->server);
    mh_sender_run (f->sender);
    settle (f);
  }
}

/* ---- what the server has got ---- */

static void
add_ts (GArray *times, gint64 ts)
{
  /* The start of a batch with the rest of a session is a hit of its own. */
  if (ts % 10000 != 9999)
    g_array_append_val (times, ts);
}

static void
add_time (GArray *times, JsonNode *node)
{
  JsonObject *time = json_object_get_object_member (
      json_node_get_object (node), "playerTime");

  add_ts (times, json_object_get_int_member (time, "ts"));
}

static void
add_edge_time (GArray *times, JsonObject *event, const char *name)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (
      json_object_get_string_member (event, name), NULL);

  add_ts (times,
      g_date_time_to_unix (time) * 1000 +
          g_date_time_get_microsecond (time) / 1000);
}

/* An event of the Media Edge API, or a batch. */
static void
add_edge_times (GArray *times, JsonArray *requested)
{
  JsonObject *xdm = json_object_get_object_member (
      json_array_get_object_element (requested, 0), "xdm");
  JsonArray *batch;

  if (!json_object_has_member (xdm, "mediaDownloadedEvents")) {
    add_edge_time (times, xdm, "timestamp");
    return;
  }
  batch = json_object_get_array_member (xdm, "mediaDownloadedEvents");
  for (guint i = 0; i < json_array_get_length (batch); i++)
    add_edge_time (
        times, json_array_get_object_element (batch, i), "mediaEventTimestamp");
}

/* The times of all hits in a body. */
static GArray *
read_times (const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (body, &error);
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_assert_no_error (error);
  if (JSON_NODE_HOLDS_OBJECT (root) &&
      json_object_has_member (json_node_get_object (root), "events")) {
    add_edge_times (times,
        json_object_get_array_member (json_node_get_object (root), "events"));
  } else if (JSON_NODE_HOLDS_OBJECT (root)) {
    add_time (times, root);
  } else {
    JsonArray *array = json_node_get_array (root);

    for (guint i = 0; i < json_array_get_length (array); i++)
      add_time (times, json_array_get_element (array, i));
  }
  return times;
}

/* In order, none twice but for all of a request whose answer got lost, which
 * comes once more before anything else. */
static void
check_taken (Fixture *f)
{
  gint64 last = -1;

  for (guint i = 0; i < f->server.taken->len; i++) {
    const char *body = f->server.taken->pdata[i];
    g_autoptr (GArray) times = read_times (body);

    g_assert_cmpuint (times->len, >, 0);
    if (i > 0 && g_str_equal (body, f->server.taken->pdata[i - 1])) {
      f->figures.duplicated += times->len;
      continue;
    }
    for (guint t = 0; t < times->len; t++) {
      gint64 ts = g_array_index (times, gint64, t);

      g_assert_cmpint (ts, >, last);
      last = ts;
    }
    f->figures.delivered += times->len;
  }
}

/* ---- faults ---- */

static void
run (Fixture *f, MhSendMode mode)
{
  set_up (f);
  open_session (f, mode);
  deliver (f);
  check_taken (f);
  for (guint i = 0; i < G_N_ELEMENTS (f->server.faults); i++)
    f->figures.faults += f->server.faults[i].fault != MH_FAULT_NONE;
  g_assert_cmpuint (f->server.n_done, ==, f->figures.faults);
  g_assert_cmpuint (f->figures.delivered + f->figures.dropped, ==, N_HITS);
  tear_down (f);
}

static gboolean
is_final (MhFault fault)
{
  return fault >= MH_FAULT_400;
}

/* Whether its answer counts, bad as it may be. */
static gboolean
is_answered (MhFault fault)
{
  return fault == MH_FAULT_ENDLESS_BODY || fault >= MH_FAULT_500;
}

/* Whether the server has taken what it was sent, and could not say so. */
static gboolean
is_doubtful (MhFault fault)
{
  return fault != MH_FAULT_REFUSED && fault != MH_FAULT_CUT_LINE &&
      !is_answered (fault);
}

static void
check_single (
    const Figures *got, MhProtocolKind protocol, MhFault fault, guint n)
{
  /* The one answer of which more than its status counts: with Media Edge, the ID
   * is in the body. */
  gboolean lacks_id = n == 0 &&
      (fault == MH_FAULT_CUT_LINE ||
          (fault == MH_FAULT_ENDLESS_BODY &&
              protocol == MH_PROTOCOL_MEDIA_EDGE));
  gboolean repeated = lacks_id ||
      (!is_final (fault) && fault != MH_FAULT_ENDLESS_BODY &&
          fault != MH_FAULT_CUT_LINE);
  guint refused = 0, expired = 0, dropped = 0;

  if (is_final (fault) && n == 0) {
    /* Nothing of it can be sent; 404 is about the server, not a session. */
    refused = 1;
    dropped = N_HITS;
  } else if (fault == MH_FAULT_400) {
    dropped = 1;
  } else if (is_final (fault)) {
    /* The rest comes too late. */
    expired = 1;
  }
  g_assert_cmpuint (got->refused, ==, refused);
  g_assert_cmpuint (got->expired, ==, expired);
  g_assert_cmpuint (got->dropped, ==, dropped);
  g_assert_cmpuint (
      got->duplicated, ==, is_doubtful (fault) || lacks_id ? 1 : 0);
  g_assert_cmpuint (got->failed, ==, repeated ? 1 : 0);
}

static void
add_figures (Figures *sum, const Figures *more)
{
  sum->faults += more->faults;
  sum->accepted += more->accepted;
  sum->delivered += more->delivered;
  sum->duplicated += more->duplicated;
  sum->dropped += more->dropped;
  sum->failed += more->failed;
}

static void
print_figures (const char *name, const Figures *figures)
{
  g_test_message ("%-32s faults %3u  accepted %3u  delivered %3u  "
                  "duplicated %3u  given up %3u  repeated %3u",
      name, figures->faults, figures->accepted, figures->delivered,
      figures->duplicated, figures->dropped, figures->failed);
}

static void
check_each_request (MhProtocolKind protocol, MhFault fault, guint step)
{
  Figures sum = { 0 };

  for (guint n = 0; n < N_HITS; n += n == 0 ? 1 : step) {
    Fixture f = { .server.faults = { { n, fault } }, .protocol = protocol };

    run (&f, MH_SEND_LIVE);
    check_single (&f.figures, protocol, fault, n);
    add_figures (&sum, &f.figures);
  }
  print_figures (mh_fault_name (fault), &sum);
}

/* @data: the fault. At each request of a session in turn. */
static void
test_each_request (gconstpointer data)
{
  check_each_request (MH_PROTOCOL_MEDIA_COLLECTION,
      (MhFault) GPOINTER_TO_UINT (data), mh_test_share ());
}

/* The start, and two events. */
static void
test_media_edge (gconstpointer data)
{
  check_each_request (
      MH_PROTOCOL_MEDIA_EDGE, (MhFault) GPOINTER_TO_UINT (data), 3);
}

/* @data: the fault. At the batch with what is left of a session that the server
 * does not know any more. */
static void
test_rest (gconstpointer data)
{
  MhFault fault = (MhFault) GPOINTER_TO_UINT (data);
  Fixture f = { .server.faults = { { 2, MH_FAULT_404 }, { 3, fault } } };
  g_autofree char *name = g_strdup_printf (
      "404, then %s", mh_fault_name (fault));

  run (&f, MH_SEND_LIVE);
  g_assert_cmpuint (f.figures.expired, ==, 1);
  g_assert_cmpuint (f.figures.dropped, ==, is_final (fault) ? N_HITS - 2 : 0);
  g_assert_cmpuint (
      f.figures.duplicated, ==, is_doubtful (fault) ? N_HITS - 2 : 0);
  print_figures (name, &f.figures);
}

/* The same of downloaded content. */
static void
test_whole (gconstpointer data)
{
  MhFault fault = (MhFault) GPOINTER_TO_UINT (data);
  Fixture f = { .server.faults = { { 0, fault } } };
  g_autofree char *name = g_strdup_printf (
      "downloaded, %s", mh_fault_name (fault));

  run (&f, MH_SEND_WHOLE);
  g_assert_cmpuint (f.figures.dropped, ==, is_final (fault) ? N_HITS : 0);
  g_assert_cmpuint (f.figures.duplicated, ==, is_doubtful (fault) ? N_HITS : 0);
  print_figures (name, &f.figures);
}

/* ---- without sessions ---- */

/* Each hit alone: the next one comes when the one before is settled. */
static void
deliver_one_by_one (Fixture *f, MhProtocolKind protocol)
{
  g_autofree char *server = g_strdup_printf (
      "http://127.0.0.1:%u/in", f->server.port);
  gint64 session = mh_sender_open (f->sender, server, protocol);

  for (guint i = 0; i < N_HITS; i++) {
    enqueue (f, session, i);
    deliver (f);
  }
}

static guint
count_dropped (MhProtocolKind protocol, MhFault fault, guint n)
{
  if (fault == MH_FAULT_400)
    return 1;
  /* The receiver wants nothing more of the session. */
  if (fault == MH_FAULT_410 && protocol == MH_PROTOCOL_CMCD)
    return N_HITS - n;
  return 0;
}

static void
check_joined (MhProtocolKind protocol, MhFault fault)
{
  Figures sum = { 0 };

  for (guint n = 0; n < N_HITS; n += 2) {
    Fixture f = { .server.faults = { { n, fault } } };

    set_up (&f);
    deliver_one_by_one (&f, protocol);
    check_taken (&f);
    f.figures.faults = f.server.n_done;
    g_assert_cmpuint (f.figures.faults, ==, 1);
    g_assert_cmpuint (
        f.figures.dropped, ==, count_dropped (protocol, fault, n));
    g_assert_cmpuint (f.figures.delivered + f.figures.dropped, ==, N_HITS);
    g_assert_cmpuint (f.figures.duplicated, ==, is_doubtful (fault) ? 1 : 0);
    g_assert_cmpuint (f.figures.expired, ==, 0);
    add_figures (&sum, &f.figures);
    tear_down (&f);
  }
  print_figures (mh_fault_name (fault), &sum);
}

/* @data: the fault. */
static void
test_events (gconstpointer data)
{
  check_joined (MH_PROTOCOL_EVENTS, (MhFault) GPOINTER_TO_UINT (data));
}

static void
test_cmcd (gconstpointer data)
{
  check_joined (MH_PROTOCOL_CMCD, (MhFault) GPOINTER_TO_UINT (data));
}

static void
add_tests (const char *where, GTestDataFunc func)
{
  for (guint i = MH_FAULT_REFUSED; i < MH_N_FAULTS; i++) {
    g_autofree char *name = g_strdelimit (
        g_strdup (mh_fault_name ((MhFault) i)), " ", '-');
    g_autofree char *path = g_strconcat (
        "/sender-faults/", where, "/", name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), func);
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  add_tests ("each-request", test_each_request);
  add_tests ("rest", test_rest);
  add_tests ("downloaded", test_whole);
  add_tests ("media-edge", test_media_edge);
  add_tests ("events", test_events);
  add_tests ("cmcd", test_cmcd);
  return g_test_run ();
}
