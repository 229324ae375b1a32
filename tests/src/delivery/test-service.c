/* Tests of mh-service.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service.h"

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-server.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"
#include "mh-backoff.h"
#include "mh-transport-soup.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER "https://a.example"
#define LONG MH_TIME_FROM_SEC (60)

/* Hears of deliveries: a word for each. */
typedef struct
{
  GString *told;
} Ear;

static void
hear_session_id (gint64 session, const char *id, gpointer user_data)
{
  g_string_append_printf (((Ear *) user_data)->told, "id:%s ", id);
}

static void
hear_sent (gint64 session, MhEvent event, gpointer user_data)
{
  g_string_append_printf (
      ((Ear *) user_data)->told, "sent:%s ", mh_event_name (event));
}

static void
hear_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  g_string_append_printf (((Ear *) user_data)->told, "dropped:%u ", n);
}

static void
hear_refused (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Ear *) user_data)->told, "refused ");
}

static void
hear_expired (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Ear *) user_data)->told, "expired ");
}

static void
hear_failed (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append (((Ear *) user_data)->told, "failed ");
}

static void
hear_problem (const char *message, gpointer user_data)
{
  g_string_append (((Ear *) user_data)->told, "problem ");
}

static const MhDelivery delivery = { hear_session_id, hear_sent, hear_dropped,
  hear_refused, hear_expired, hear_failed, hear_problem };

static gint64
open_at (
    MhService *service, const char *server, const char *state_dir, Ear *ear)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  config->collection_server = g_strdup (server);
  config->state_dir = g_strdup (state_dir);
  return mh_service_open (service, config, FALSE, &delivery, ear);
}

static void
assert_told (Ear *ear, const char *wanted)
{
  g_assert_cmpstr (ear->told->str, ==, wanted);
  g_string_truncate (ear->told, 0);
}

static void
enqueue (MhService *service, gint64 session, MhEvent event)
{
  const char *name = mh_event_name (event);
  g_autoptr (GBytes) body = g_bytes_new_static (name, strlen (name));

  mh_service_enqueue (service, session, event, g_get_real_time () / 1000, body);
}

/* ---- without a thread ---- */

typedef struct
{
  MhTestClock clock;
  MhTestTransport *transport;
  MhService *service;
  Ear ear;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  mh_test_clock_init (&f->clock);
  f->transport = mh_test_transport_new ();
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  f->ear.told = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_service_free_for_test (f->service);
  g_assert_finalize_object (f->transport);
  g_string_free (f->ear.told, TRUE);
}

/* What the worker would do by now. */
static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
}

static gint64
open_session (Fixture *f)
{
  return open_at (f->service, SERVER, NULL, &f->ear);
}

static void
answer (Fixture *f, guint index, guint status, const char *location)
{
  mh_test_transport_answer (f->transport, index, status, location, NULL);
  turn (f);
}

static void
test_deliver (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  enqueue (f->service, session, MH_EVENT_PLAY);
  enqueue (f->service, session, MH_EVENT_SESSION_END);
  /* Not within the call that makes the hit. */
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  answer (f, 0, 201, "/sessions/one");
  answer (f, 1, 204, NULL);
  answer (f, 2, 204, NULL);
  assert_told (&f->ear, "id:one sent:sessionStart sent:play sent:sessionEnd ");
  /* All is told: it hears no more of that session. */
  enqueue (f->service, session, MH_EVENT_PING);
  turn (f);
  assert_told (&f->ear, "");
}

/* Named by a path that means the same to every process. */
static void
test_tls_database (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *wanted = g_build_filename (here, "cas", "our.pem", NULL);

  config->collection_server = g_strdup (SERVER);
  config->tls_database = g_strdup ("cas/our.pem");
  for (guint i = 0; i < 2; i++) {
    gint64 session = mh_service_open (
        f->service, config, FALSE, &delivery, &f->ear);

    enqueue (f->service, session, MH_EVENT_SESSION_START);
    turn (f);
    g_assert_cmpstr (mh_test_transport_request (f->transport, i)->tls_database,
        ==, i ? NULL : wanted);
    g_clear_pointer (&config->tls_database, g_free);
  }
  mh_test_transport_answer_all (f->transport);
}

static void
test_retry (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  turn (f);
  answer (f, 0, 0, NULL);
  assert_told (&f->ear, "failed ");
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_clock_advance (&f->clock, LONG);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  answer (f, 1, 201, "/sessions/one");
  assert_told (&f->ear, "id:one sent:sessionStart ");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  enqueue (f->service, session, MH_EVENT_PLAY);
  turn (f);
  answer (f, 0, 400, NULL);
  assert_told (&f->ear, "dropped:2 refused ");
  /* Each later one is told of as well, up to the last, and then no more. */
  enqueue (f->service, session, MH_EVENT_PING);
  turn (f);
  enqueue (f->service, session, MH_EVENT_SESSION_END);
  turn (f);
  assert_told (&f->ear, "dropped:1 dropped:1 ");
  enqueue (f->service, session, MH_EVENT_PING);
  assert_told (&f->ear, "");
}

/* The end comes before the refusal: the reason is told all the same. */
static void
test_refused_late (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  enqueue (f->service, session, MH_EVENT_SESSION_END);
  turn (f);
  answer (f, 0, 400, NULL);
  assert_told (&f->ear, "dropped:2 refused ");
}

static void
test_expired (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  turn (f);
  answer (f, 0, 201, "/sessions/one");
  enqueue (f->service, session, MH_EVENT_PLAY);
  turn (f);
  answer (f, 1, 404, NULL);
  assert_told (&f->ear, "id:one sent:sessionStart expired dropped:1 ");
}

/* Nothing gets through: so many hits wait, and no more. */
static void
test_bound (Fixture *f, gconstpointer data)
{
  gint64 session = open_session (f);

  enqueue (f->service, session, MH_EVENT_SESSION_START);
  for (guint i = 1; i < 10000; i++)
    enqueue (f->service, session, MH_EVENT_PING);
  assert_told (&f->ear, "");
  enqueue (f->service, session, MH_EVENT_PING);
  assert_told (&f->ear, "dropped:1 ");
}

static void
test_forget (Fixture *f, gconstpointer data)
{
  Ear other = { g_string_new (NULL) };
  gint64 first = open_session (f);
  gint64 second = open_at (f->service, SERVER, NULL, &other);

  enqueue (f->service, first, MH_EVENT_SESSION_START);
  enqueue (f->service, second, MH_EVENT_SESSION_START);
  mh_service_forget (f->service, &f->ear);
  turn (f);
  mh_test_transport_answer_all (f->transport);
  turn (f);
  assert_told (&f->ear, "");
  assert_told (&other, "id:sid-1 sent:sessionStart ");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  g_string_free (other.told, TRUE);
}

/* ---- no transport ---- */

static guint n_made;

static MhTransport *
make_none (MhTime timeout, GError **error)
{
  n_made++;
  g_set_error_literal (
      error, MH_ERROR, MH_ERROR_TRANSPORT, "a test has no network");
  return NULL;
}

static MhTransport *
make_one (MhTime timeout, GError **error)
{
  n_made++;
  g_assert_cmpint (timeout, ==, MH_TIME_FROM_SEC (5));
  return MH_TRANSPORT (mh_test_transport_new ());
}

/* Whoever sends nothing needs none. */
static void
test_transport_lazy (Fixture *f, gconstpointer data)
{
  n_made = 0;
  mh_service_set_transport_func_for_test (f->service, make_one);
  turn (f);
  g_assert_cmpuint (n_made, ==, 0);
  open_session (f);
  open_session (f);
  g_assert_cmpuint (n_made, ==, 1);
  g_assert_null (mh_service_get_error (f->service));
}

/* Hits are kept, nothing is said of them, and it is not tried over and over. */
static void
test_transport_none (Fixture *f, gconstpointer data)
{
  n_made = 0;
  mh_service_set_transport_func_for_test (f->service, make_none);
  g_assert_null (mh_service_get_error (f->service));
  for (guint i = 0; i < 3; i++) {
    gint64 session = open_session (f);

    g_assert_error (
        mh_service_get_error (f->service), MH_ERROR, MH_ERROR_TRANSPORT);
    enqueue (f->service, session, MH_EVENT_SESSION_START);
    enqueue (f->service, session, MH_EVENT_SESSION_END);
    turn (f);
    mh_test_clock_advance (&f->clock, LONG);
    turn (f);
  }
  g_assert_cmpuint (n_made, ==, 1);
  assert_told (&f->ear, "");
}

static MhTestTransport *made[2];

static MhTransport *
make_kept (MhTime timeout, GError **error)
{
  g_assert_cmpuint (n_made, <, G_N_ELEMENTS (made));
  made[n_made] = mh_test_transport_new ();
  return g_object_ref (MH_TRANSPORT (made[n_made++]));
}

/* A request may be under way whose connection is still being made. */
static void
test_transport_forget (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  n_made = 0;
  mh_service_set_transport_func_for_test (f->service, make_kept);
  enqueue (f->service, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_cmpuint (mh_test_transport_waiting (made[0]), ==, 1);
  mh_service_forget_visitor (f->service, config, "a test");
  g_assert_true (mh_test_transport_is_closed (made[0]));
  g_assert_cmpuint (n_made, ==, 2);
  enqueue (f->service, open_session (f), MH_EVENT_SESSION_START);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (made[0]), ==, 1);
  g_assert_cmpuint (mh_test_transport_count (made[1]), ==, 1);
  for (guint i = 0; i < n_made; i++)
    g_object_unref (made[i]);
}

/* ---- on the disk ---- */

static void
assert_has_db (const char *dir, gboolean has)
{
  g_autofree char *path = g_build_filename (dir, "hits.db", NULL);

  g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, has);
}

/* Each element may have a state directory of its own. */
static void
test_directories (Fixture *f, gconstpointer data)
{
  char *top = mh_test_dir_new ();
  g_autofree char *one = g_build_filename (top, "one", NULL);
  g_autofree char *two = g_build_filename (top, "two", NULL);
  g_autofree char *again = g_build_filename (top, "two", "..", "one/", NULL);
  g_autofree char *disk = NULL;
  gint64 keys[3];

  mh_service_set_durable_for_test (f->service);
  turn (f);
  assert_has_db (one, FALSE);
  keys[0] = open_at (f->service, SERVER, one, &f->ear);
  assert_has_db (one, TRUE);
  assert_has_db (two, FALSE);
  keys[1] = open_at (f->service, SERVER, two, &f->ear);
  assert_has_db (two, TRUE);
  keys[2] = open_at (f->service, SERVER, again, &f->ear);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (keys[i], !=, keys[(i + 1) % 3]);
    enqueue (f->service, keys[i], MH_EVENT_SESSION_START);
  }
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 3);
  disk = mh_test_dir_dump_disk (two);
  g_assert_cmpint (strchr (disk, '\n') - disk, ==, (gssize) strlen (disk) - 1);
  mh_test_transport_answer_all (f->transport);
  turn (f);
  assert_told (&f->ear,
      "id:sid-0 sent:sessionStart id:sid-1 sent:sessionStart "
      "id:sid-2 sent:sessionStart ");
  mh_service_drop_all (f->service, &f->ear, "a test");
  mh_service_free_for_test (f->service);
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  mh_test_dir_free (top);
}

/* Everything is delivered as if it did. */
static void
test_directory_fails (Fixture *f, gconstpointer data)
{
  gint64 session;

  mh_service_set_durable_for_test (f->service);
  session = open_at (f->service, SERVER, "/proc/self/nothing", &f->ear);
  assert_told (&f->ear, "problem ");
  enqueue (f->service, session, MH_EVENT_SESSION_START);
  turn (f);
  answer (f, 0, 201, "/sessions/one");
  assert_told (&f->ear, "id:one sent:sessionStart ");
}

static guint
count_sockets (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
    g_autofree char *target = g_file_read_link (path, NULL);

    n += target && g_str_has_prefix (target, "socket:");
  }
  return n;
}

/* The network is watched while a server is offline, and not any longer. */
static void
test_network (Fixture *f, gconstpointer data)
{
  guint before = count_sockets (), last = 0;
  gint64 session;

  mh_service_set_durable_for_test (f->service);
  session = open_at (f->service, SERVER, "/proc/self/nothing", &f->ear);
  enqueue (f->service, session, MH_EVENT_SESSION_START);
  turn (f);
  for (guint i = 0; i < MH_BACKOFF_OFFLINE_AFTER; i++) {
    g_assert_cmpuint (count_sockets (), ==, before);
    answer (f, last++, 0, NULL);
    while (mh_test_transport_count (f->transport) == last &&
        i + 1 < MH_BACKOFF_OFFLINE_AFTER) {
      mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (1));
      turn (f);
    }
  }
  if (count_sockets () == before)
    g_test_skip ("netlink is not allowed here");
  else
    g_assert_cmpuint (count_sockets (), ==, before + 1);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (30 * 60));
  turn (f);
  answer (f, last, 201, "/sessions/one");
  g_assert_cmpuint (count_sockets (), ==, before);
}

/* What another process has lost counts for whoever plays now. */
static void
test_unclaimed (Fixture *f, gconstpointer data)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = mh_store_new (10);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 key = mh_store_add_session (
      store, SERVER, MH_PROTOCOL_MEDIA_COLLECTION);

  for (guint i = 0; i < 3; i++)
    mh_store_append (store, key, MH_EVENT_SESSION_START, 1, body);
  mh_store_attach (store, dir);
  mh_store_free (store);
  mh_service_set_durable_for_test (f->service);
  open_at (f->service, SERVER, dir, &f->ear);
  assert_told (&f->ear, "dropped:3 ");
  mh_service_free_for_test (f->service);
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  mh_test_dir_free (dir);
}

/* ---- positions ---- */

/* -1: not known */
static double
get_position (MhService *service, const MhConfig *config)
{
  MhPosition position;

  return mh_service_get_position (service, config, "id", &position)
      ? position.playhead
      : -1;
}

static char *
put_position (MhService *service, const MhConfig *config, gint64 utc)
{
  const MhPosition position = { 600, FALSE, utc / MH_USEC_PER_MSEC };
  char *problem;

  mh_service_put_position (service, config, "id", &position, &problem);
  return problem;
}

/* A session of a process that is gone. */
static void
leave_session (Fixture *f, const char *dir)
{
  g_autoptr (MhStore) store = mh_store_new (10);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  mh_store_append (store,
      mh_store_add_session (store, SERVER, MH_PROTOCOL_MEDIA_COLLECTION),
      MH_EVENT_SESSION_START, f->clock.utc / MH_USEC_PER_MSEC, body);
  mh_store_attach (store, dir);
}

/* To ask for one leaves nothing, and to keep one sends nothing: not even what
 * another process has left, before there is something to be sent. */
static void
test_positions (Fixture *f, gconstpointer data)
{
  char *top = mh_test_dir_new ();
  g_autoptr (MhConfig) config = mh_config_new ();

  config->state_dir = g_build_filename (top, "state", NULL);
  mh_service_set_durable_for_test (f->service);
  g_assert_cmpfloat (get_position (f->service, config), ==, -1);
  g_assert_false (g_file_test (config->state_dir, G_FILE_TEST_EXISTS));
  leave_session (f, config->state_dir);
  g_assert_null (put_position (f->service, config, f->clock.utc));
  g_assert_cmpfloat (get_position (f->service, config), ==, 600);
  for (guint i = 0; i < 20; i++) {
    turn (f);
    mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (60));
  }
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  open_at (f->service, SERVER, config->state_dir, &f->ear);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_transport_answer_all (f->transport);
  turn (f);
  mh_service_free_for_test (f->service);
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  mh_test_dir_free (top);
}

/* Nor is there any use for libsoup. */
static void
test_positions_lazy (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  n_made = 0;
  mh_service_set_transport_func_for_test (f->service, make_one);
  put_position (f->service, config, f->clock.utc);
  turn (f);
  g_assert_cmpuint (n_made, ==, 0);
  g_assert_cmpfloat (get_position (f->service, config), ==, 600);
}

/* ---- the process's own ---- */

static void
test_users (void)
{
  MhService *first = mh_service_acquire (NULL);
  MhService *second = mh_service_acquire (NULL);
  gint64 before = g_get_monotonic_time ();

  g_assert_true (first == second);
  mh_service_release (first);
  mh_service_release (second);
  /* There is nothing to wait for. */
  mh_service_end_for_test (LONG);
  g_assert_cmpint (g_get_monotonic_time () - before, <, LONG);
  /* And again, with a thread of its own. */
  for (guint i = 0; i < 50; i++) {
    mh_service_release (mh_service_acquire (NULL));
    mh_service_end_for_test (0);
  }
}

typedef struct
{
  MhService *service;
  const char *server;
  const char *state_dir;
  Ear *ear;
} Deliver;

static void
deliver (gpointer data)
{
  Deliver *what = data;
  gint64 session = open_at (
      what->service, what->server, what->state_dir, what->ear);

  enqueue (what->service, session, MH_EVENT_SESSION_START);
  enqueue (what->service, session, MH_EVENT_SESSION_END);
}

static void
forget (gpointer data)
{
  Deliver *what = data;

  mh_service_forget (what->service, what->ear);
}

static void
go_on (gpointer data)
{
  mh_service_go_on (data);
}

/* What one user leaves behind is delivered for the next one, even if it cannot
 * be kept on the disk. */
static void
test_leftovers (gconstpointer state_dir)
{
  MhTestServer server;
  Ear ear = { g_string_new (NULL) };
  g_autofree char *uri = NULL;
  Deliver what = { .state_dir = state_dir, .ear = &ear };
  const char *wanted = state_dir ? "problem " : "";
  MhService *next;

  mh_test_server_start (&server, mh_test_server_created);
  uri = mh_test_server_uri (&server);
  what.server = uri;
  what.service = mh_service_acquire (NULL);
  mh_worker_invoke (mh_service_get_worker (what.service), deliver, &what, NULL);
  mh_worker_invoke (mh_service_get_worker (what.service), forget, &what, NULL);
  mh_service_release (what.service);
  /* The server answers nothing meanwhile: this thread is busy. */
  mh_service_end_for_test (MH_TIME_FROM_MSEC (20));
  assert_told (&ear, wanted);

  next = mh_service_acquire (NULL);
  mh_worker_invoke (mh_service_get_worker (next), go_on, next, NULL);
  /* The request that was given up may have come through as well. */
  while (g_strcmp0 (server.body, "sessionEnd") != 0)
    g_main_context_iteration (NULL, TRUE);
  assert_told (&ear, "");
  mh_service_release (next);
  mh_service_end_for_test (LONG);
  mh_test_server_stop (&server);
  g_string_free (ear.told, TRUE);
}

/* For a worker. */
typedef struct
{
  MhService *service;
  MhConfig *config;
  double found;
} Ask;

static void
ask_and_put (gpointer data)
{
  Ask *ask = data;
  g_autofree char *problem = NULL;

  ask->found = get_position (ask->service, ask->config);
  problem = put_position (ask->service, ask->config, g_get_real_time ());
  g_assert_nonnull (problem);
}

/* What cannot be kept on the disk is kept by the process. */
static void
test_positions_leftover (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  Ask ask = { .config = config };

  config->state_dir = g_strdup ("/proc/self/nothing");
  for (guint i = 0; i < 3; i++) {
    ask.service = mh_service_acquire (NULL);
    g_assert_true (mh_worker_invoke_and_wait (
        mh_service_get_worker (ask.service), ask_and_put, &ask, NULL, LONG));
    g_assert_cmpfloat (ask.found, ==, i == 0 ? -1 : 600);
    mh_service_release (ask.service);
    mh_service_end_for_test (0);
  }
}

/* A user who comes soon takes it over as it is: what is under way goes on, and
 * is not sent a second time. */
static void
test_linger (void)
{
  MhTestServer server;
  Ear ear = { g_string_new (NULL) };
  g_autofree char *uri = NULL;
  Deliver what = { .ear = &ear };
  MhService *first = mh_service_acquire (NULL);

  mh_test_server_start (&server, mh_test_server_created);
  uri = mh_test_server_uri (&server);
  what.server = uri;
  what.service = first;
  mh_worker_invoke (mh_service_get_worker (first), deliver, &what, NULL);
  mh_worker_invoke (mh_service_get_worker (first), forget, &what, NULL);
  for (guint i = 0; i < 20; i++) {
    MhService *next;

    mh_service_release (first);
    next = mh_service_acquire (NULL);
    g_assert_true (next == first);
  }
  mh_service_release (first);
  while (g_strcmp0 (server.body, "sessionEnd") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (server.n_requests, ==, 2);
  mh_service_end_for_test (LONG);
  mh_test_server_stop (&server);
  g_string_free (ear.told, TRUE);
}

static guint n_late;

static gboolean
go_on_answering (gpointer message)
{
  n_late++;
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

/* Two of them take longer than a service stays without a user, each one less than
 * a request may take. */
static void
answer_late (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  mh_test_server_created (server, message, path, query, user_data);
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 2700, go_on_answering,
      g_object_ref (message), g_object_unref);
}

static void
deliver_three (gpointer data)
{
  Deliver *what = data;
  gint64 session = open_at (
      what->service, what->server, what->state_dir, what->ear);

  enqueue (what->service, session, MH_EVENT_SESSION_START);
  enqueue (what->service, session, MH_EVENT_PING);
  enqueue (what->service, session, MH_EVENT_SESSION_END);
}

/* What can be sent is sent, for as long as the process's end would wait. */
static void
test_linger_long (void)
{
  MhTestServer server;
  Ear ear = { g_string_new (NULL) };
  g_autofree char *uri = NULL;
  Deliver what = { .ear = &ear };

  mh_test_server_start (&server, answer_late);
  uri = mh_test_server_uri (&server);
  what.server = uri;
  what.service = mh_service_acquire (NULL);
  mh_service_set_patience (what.service, MH_TIME_FROM_SEC (60));
  mh_worker_invoke (
      mh_service_get_worker (what.service), deliver_three, &what, NULL);
  mh_worker_invoke (mh_service_get_worker (what.service), forget, &what, NULL);
  mh_service_release (what.service);
  while (n_late < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (server.body, ==, "sessionEnd");
  mh_service_end_for_test (0);
  mh_test_server_stop (&server);
  g_string_free (ear.told, TRUE);
}

/* ---- an opt-out while nothing plays ---- */

static MhConfig *
get_config (gpointer user_data)
{
  return user_data ? mh_config_ref (user_data) : NULL;
}

typedef struct
{
  MhService *service;
  MhConfig *config;
} OptOut;

static void
opt_out (gpointer data)
{
  OptOut *what = data;

  mh_service_forget_soon (what->service, get_config, what->config,
      what->config ? (GDestroyNotify) mh_config_unref : NULL);
}

/* Not before a moment has passed, but in any case before the end. */
static void
test_opt_out (gconstpointer data)
{
  gboolean at_once = GPOINTER_TO_INT (data);
  char *dir = mh_test_dir_new ();
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);
  MhConfig *config = mh_config_new ();
  OptOut what = { mh_service_acquire (NULL), config };

  config->state_dir = g_strdup (dir);
  g_assert_true (g_file_set_contents (id, "id", -1, NULL));
  mh_worker_invoke (mh_service_get_worker (what.service), opt_out, &what, NULL);
  mh_service_release (what.service);
  while (!at_once && g_file_test (id, G_FILE_TEST_EXISTS))
    g_thread_yield ();
  mh_service_end_for_test (LONG);
  g_assert_false (g_file_test (id, G_FILE_TEST_EXISTS));
  mh_test_dir_free (dir);
}

/* ---- in a child ---- */

typedef struct
{
  Ear *ear;
  gboolean over;
} Heard;

static void
look_for_end (gpointer data)
{
  Heard *heard = data;

  heard->over = strstr (heard->ear->told->str, "sent:sessionEnd") != NULL;
}

/* The worker has dealt with the last answer. */
static void
wait_for_rest (MhService *service, Ear *ear)
{
  Heard heard = { ear, FALSE };

  while (!heard.over) {
    g_main_context_iteration (NULL, FALSE);
    g_assert_true (mh_worker_invoke_and_wait (
        mh_service_get_worker (service), look_for_end, &heard, NULL, LONG));
  }
}

static void
skip_fork (void)
{
  g_test_skip ("qemu aborts where a child of fork() makes a thread");
}

/* Where the worker waits while the process forks. */
typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean is_there; /* lock */
  gboolean may_go; /* lock */
} Stop;

static void
stand_still (gpointer data)
{
  Stop *stop = data;

  g_mutex_lock (&stop->lock);
  stop->is_there = TRUE;
  g_cond_signal (&stop->cond);
  while (!stop->may_go)
    g_cond_wait (&stop->cond, &stop->lock);
  g_mutex_unlock (&stop->lock);
}

static void
do_nothing (gpointer data)
{
}

/* A lock of GLib that the worker holds at that moment, as it gives back what the
 * last answer was made of, would stay locked in the child. */
static pid_t
fork_at_rest (MhService *service)
{
  Stop stop = { 0 };
  pid_t child;

  mh_worker_invoke (mh_service_get_worker (service), stand_still, &stop, NULL);
  g_mutex_lock (&stop.lock);
  while (!stop.is_there)
    g_cond_wait (&stop.cond, &stop.lock);
  g_mutex_unlock (&stop.lock);
  child = fork ();
  if (child == 0)
    return 0;
  g_mutex_lock (&stop.lock);
  stop.may_go = TRUE;
  g_cond_signal (&stop.cond);
  g_mutex_unlock (&stop.lock);
  /* It has left the lock when it comes to this. */
  mh_worker_invoke_and_wait (
      mh_service_get_worker (service), do_nothing, NULL, NULL, LONG);
  g_mutex_clear (&stop.lock);
  g_cond_clear (&stop.cond);
  return child;
}

/* It gets a service of its own, without the disk, which its parent uses. GIO's
 * threads are the parent's, too: what it sends does not always arrive, but nothing
 * waits for that. */
static void
test_fork (void)
{
  MhTestServer server;
  Ear ear = { g_string_new (NULL) };
  g_autofree char *uri = NULL;
  char *dir = mh_test_dir_new ();
  Deliver what = { .ear = &ear, .state_dir = dir };
  MhService *service = mh_service_acquire (NULL);
  pid_t child;
  int status;

  mh_test_server_start (&server, mh_test_server_created);
  uri = mh_test_server_uri (&server);
  what.server = uri;
  what.service = service;
  mh_worker_invoke (mh_service_get_worker (service), deliver, &what, NULL);
  while (g_strcmp0 (server.body, "sessionEnd") != 0)
    g_main_context_iteration (NULL, TRUE);
  wait_for_rest (service, &ear);
  child = fork_at_rest (service);
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    alarm (30);
    if (mh_worker_is_here (mh_service_get_worker (service)))
      _exit (1);
    mh_service_release (service);
    what.service = mh_service_acquire (NULL);
    if (what.service == service ||
        !mh_worker_is_here (mh_service_get_worker (what.service)))
      _exit (2);
    mh_worker_invoke_and_wait (
        mh_service_get_worker (what.service), deliver, &what, NULL, LONG);
    mh_service_release (what.service);
    mh_service_end_for_test (MH_TIME_FROM_MSEC (100));
    if (!strstr (ear.told->str, "problem"))
      _exit (3);
    /* Not _exit(): valgrind would report what the threads of the parent have
     * allocated, as those threads do not exist here. */
    execlp ("true", "true", NULL);
    _exit (4);
  }
  while (waitpid (child, &status, WNOHANG) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (status, ==, 0);
  mh_worker_invoke (mh_service_get_worker (service), forget, &what, NULL);
  mh_service_release (service);
  mh_service_end_for_test (LONG);
  mh_test_server_stop (&server);
  mh_test_dir_free (dir);
  g_string_free (ear.told, TRUE);
}

/* ---- too little of everything ---- */

static void
test_no_files (void)
{
  struct rlimit limit, none;
  g_autoptr (GError) error = NULL;
  MhService *service;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  none = limit;
  none.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  g_assert_null (mh_service_acquire (&error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_MFILE);
  service = mh_service_acquire (NULL);
  g_assert_nonnull (service);
  mh_service_release (service);
  mh_service_end_for_test (0);
}

static gpointer
come_and_go (gpointer data)
{
  for (guint i = 0; i < 100; i++) {
    MhService *service = mh_service_acquire (NULL);

    mh_service_release (service);
  }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, come_and_go, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

#define TEST(name, function) \
  g_test_add ("/service/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("deliver", test_deliver);
  TEST ("tls-database", test_tls_database);
  TEST ("retry", test_retry);
  TEST ("refused", test_refused);
  TEST ("refused/late", test_refused_late);
  TEST ("expired", test_expired);
  TEST ("bound", test_bound);
  TEST ("forget", test_forget);
  TEST ("directories", test_directories);
  TEST ("directories/fail", test_directory_fails);
  TEST ("directories/unclaimed", test_unclaimed);
  TEST ("network", test_network);
  TEST ("positions", test_positions);
  TEST ("positions/lazy", test_positions_lazy);
  TEST ("transport/lazy", test_transport_lazy);
  TEST ("transport/none", test_transport_none);
  TEST ("transport/forget", test_transport_forget);
  g_test_add_func ("/service/users", test_users);
  g_test_add_data_func ("/service/leftovers/disk", NULL, test_leftovers);
  g_test_add_data_func (
      "/service/leftovers/memory", "/proc/self/nothing", test_leftovers);
  g_test_add_func ("/service/positions/leftover", test_positions_leftover);
  g_test_add_func ("/service/linger", test_linger);
  g_test_add_func ("/service/linger/long", test_linger_long);
  g_test_add_data_func (
      "/service/opt-out/soon", GINT_TO_POINTER (FALSE), test_opt_out);
  g_test_add_data_func (
      "/service/opt-out/before-the-end", GINT_TO_POINTER (TRUE), test_opt_out);
  g_test_add_func (
      "/service/fork", g_getenv ("MH_TEST_WRAPPER") ? skip_fork : test_fork);
  g_test_add_func ("/service/no-files", test_no_files);
  g_test_add_func ("/service/threads", test_threads);
  return g_test_run ();
}
