/* Tests of mh-leftovers and mh-relay-server: what becomes of what was left, with a
 * clock and a transport worked by hand in the place of mh-answer-memory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-leftovers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "mh-relay-server.h"
#include "mh-relay.h"
#include "mh-store.h"
#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"
#include "mh-test-vfs.h"

#define SEC(s) MH_TIME_FROM_SEC (s)
#define MINUTES(m) MH_TIME_FROM_SEC (60 * (m))

/* ---- in the place of mh-answer-memory ---- */

struct _MhAnswerMemory
{
  GPtrArray *transports; /* of MhTestTransport: one for each spool */
  gpointer late; /* for come_late(), at the end of the third */
  guint n_late;
};

static void come_late (gpointer data, GObject *transport);

static MhAnswerMemory *memory;

MhAnswerMemory *
mh_answer_memory_new (void)
{
  memory = g_new0 (MhAnswerMemory, 1);
  memory->transports = g_ptr_array_new_with_free_func (g_object_unref);
  return memory;
}

void
mh_answer_memory_free (MhAnswerMemory *self)
{
  g_ptr_array_unref (self->transports);
  g_free (self);
  memory = NULL;
}

MhTransport *
mh_answer_memory_new_transport (MhAnswerMemory *self)
{
  MhTestTransport *transport = mh_test_transport_new ();

  if (self->late && ++self->n_late == 3)
    g_object_weak_ref (G_OBJECT (transport), come_late, self->late);
  else
    g_ptr_array_add (self->transports, g_object_ref (transport));
  return MH_TRANSPORT (transport);
}

void
mh_answer_memory_send (MhAnswerMemory *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  g_assert_not_reached ();
}

void
mh_answer_memory_give_up (MhAnswerMemory *self)
{
}

/* That of the spool there is. */
static MhTestTransport *
get_transport (void)
{
  return memory->transports->pdata[memory->transports->len - 1];
}

/* ---- the fixture ---- */

typedef struct
{
  char *dir;
  MhTestClock clock;
  MhWorker *worker;
  MhLeftovers *leftovers; /* or a server */
  MhRelayServer *server;
  int dir_fd;
  gboolean over;
} Fixture;

static void
on_over (gpointer user_data)
{
  ((Fixture *) user_data)->over = TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = mh_test_dir_new ();
  f->dir_fd = -1;
  mh_test_clock_init (&f->clock);
  f->worker = mh_worker_new (&f->clock.clock);
}

static void
turn (Fixture *f)
{
  mh_worker_run_timers (f->worker);
  while (g_main_context_iteration (mh_worker_get_context (f->worker), FALSE))
    ;
}

static void
pass (Fixture *f, MhTime span)
{
  mh_test_clock_advance (&f->clock, span);
  turn (f);
}

static void
begin (Fixture *f)
{
  f->leftovers = mh_leftovers_new (
      f->worker, f->dir, mh_answer_memory_new (), on_over, f);
}

/* Returns: a descriptor that has the lock of the program; -1: another one has. */
static int
lock (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->dir, "helper.lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  return -1;
}

static void
begin_server (Fixture *f)
{
  f->dir_fd = mh_relay_open_dir (f->dir, NULL);
  f->server = mh_relay_server_new (f->worker, f->dir, f->dir_fd,
      mh_relay_listen (f->dir_fd, NULL), lock (f), on_over, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->leftovers) {
    mh_leftovers_give_up (f->leftovers);
    turn (f);
    mh_leftovers_free (f->leftovers);
    mh_answer_memory_free (memory);
  }
  if (f->server)
    mh_relay_server_free (f->server);
  if (f->dir_fd >= 0)
    close (f->dir_fd);
  mh_worker_unref (f->worker);
  mh_test_dir_free (f->dir);
}

/* A process is gone that has left a session of two hits. */
static void
leave (Fixture *f, const char *server, MhProtocolKind protocol)
{
  MhStore *store = mh_store_new (10);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 ts = mh_clock_utc (&f->clock.clock) / MH_USEC_PER_MSEC;
  gint64 key;

  mh_store_attach (store, f->dir);
  key = mh_store_add_session (store, server, protocol);
  mh_store_append (store, key, MH_EVENT_SESSION_START, ts, body);
  mh_store_append (store, key, MH_EVENT_PLAY, ts, body);
  g_assert_true (mh_store_commit (store));
  mh_store_free (store);
}

static void
leave_plain (Fixture *f)
{
  leave (f, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
}

/* ---- servers that are away ---- */

/* When to try again outlives any number of looks. */
static void
test_retry_after (Fixture *f, gconstpointer data)
{
  begin (f);
  leave_plain (f);
  mh_leftovers_look (f->leftovers);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 1);
  mh_test_transport_answer (get_transport (), 0, 503, NULL, "600");
  for (guint i = 0; i < 9; i++) {
    pass (f, MINUTES (1));
    mh_leftovers_look (f->leftovers);
    turn (f);
  }
  g_assert_cmpuint (memory->transports->len, ==, 1);
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 1);
  pass (f, MINUTES (2));
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 2);
}

/* A look that nobody has asked for: what it finds is authorized, too. */
static void
test_access (Fixture *f, gconstpointer data)
{
  const char *uri = "https://a.example/events";
  const MhRequest *request;

  begin (f);
  leave_plain (f);
  mh_leftovers_look (f->leftovers);
  turn (f);
  mh_test_transport_answer (get_transport (), 0, 503, NULL, "1000");
  mh_leftovers_set_access (f->leftovers, uri, "Bearer mh");
  leave (f, uri, MH_PROTOCOL_EVENTS);
  pass (f, MINUTES (5));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 2);
  request = mh_test_transport_request (get_transport (), 1);
  g_assert_cmpstr (request->uri, ==, uri);
  g_assert_cmpstr (request->authorization, ==, "Bearer mh");
}

/* Returns: how many minutes the program waits for a server. */
static guint
wait_for_end (Fixture *f)
{
  guint n = 0;

  for (; !f->over && n < 180 * 12; n++) {
    pass (f, SEC (5));
    if (f->over || !memory->transports->len)
      continue;
    while (mh_test_transport_waiting (get_transport ()) > 0)
      mh_test_transport_answer (get_transport (),
          mh_test_transport_count (get_transport ()) - 1, 503, NULL, NULL);
  }
  return n / 12;
}

/* What no server takes is left to the next process. */
static void
test_gives_up (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;
  guint minutes;

  leave_plain (f);
  begin_server (f);
  minutes = wait_for_end (f);
  g_assert_cmpuint (minutes, >=, 60);
  g_assert_cmpuint (minutes, <=, 70);
  g_assert_cmpuint (memory->transports->len, ==, 1);
  disk = mh_test_dir_dump_disk (f->dir);
  g_assert_nonnull (strstr (disk, "sessionStart"));
}

/* ---- a server without work ---- */

static void
wait_over (Fixture *f)
{
  for (guint i = 0; i < 60 && !f->over; i++)
    pass (f, SEC (1));
  g_assert_true (f->over);
}

/* For a process that plays for half an hour the database is opened a few times. */
static void
test_idle (Fixture *f, gconstpointer data)
{
  int client;

  begin_server (f);
  client = mh_relay_connect (f->dir);
  g_assert_cmpint (client, >=, 0);
  for (guint i = 0; i < 30; i++)
    pass (f, MINUTES (1));
  g_assert_false (f->over);
  g_assert_cmpuint (memory->transports->len, <, 12);
  close (client);
  wait_over (f);
}

/* A process that comes while the program ends. */
typedef struct
{
  Fixture *fixture;
  int fd;
} Late;

/* The directory that the program has is none any more. */
static void
connect_late (gpointer data)
{
  Late *late = data;
  int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

  late->fd = mh_relay_connect (late->fixture->dir);
  dup2 (null, late->fixture->dir_fd);
  close (null);
}

/* The spool is closed, and what comes next is its end. */
static void
come_late (gpointer data, GObject *transport)
{
  mh_worker_invoke (((Late *) data)->fixture->worker, connect_late, data, NULL);
}

/* Where it cannot listen once more, it serves who is there, and another program may
 * take its place. */
static void
test_cannot_listen (Fixture *f, gconstpointer data)
{
  Late late = { f, -1 };
  char byte;
  int fd;

  begin_server (f);
  memory->late = &late;
  g_assert_cmpint (lock (f), ==, -1);
  for (guint i = 0; i < 60 && late.fd < 0; i++)
    pass (f, SEC (1));
  g_assert_cmpint (read (late.fd, &byte, 1), ==, 1);
  g_assert_false (f->over);
  fd = lock (f);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  close (late.fd);
  wait_over (f);
}

/* ---- an opt-out ---- */

/* The disk cannot be written when the visitor opts out: it is done as soon as it
 * can, and before that the program does not end. */
static void
test_forget (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;

  begin (f);
  leave_plain (f);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, 0, TRUE);
  mh_leftovers_forget (f->leftovers);
  for (guint i = 0; i < 100; i++) {
    pass (f, MINUTES (1));
    mh_leftovers_give_up (f->leftovers);
  }
  g_assert_false (f->over);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  for (guint i = 0; i < 20 * 60 && !f->over; i++)
    pass (f, SEC (1));
  g_assert_true (f->over);
  disk = mh_test_dir_dump_disk (f->dir);
  g_assert_cmpstr (disk, ==, "");
  mh_leftovers_look (f->leftovers);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 0);
}

/* A request may be under way whose connection is still being made. */
static void
test_forget_under_way (Fixture *f, gconstpointer data)
{
  MhTestTransport *before;

  begin (f);
  leave_plain (f);
  mh_leftovers_look (f->leftovers);
  turn (f);
  before = get_transport ();
  g_assert_cmpuint (mh_test_transport_waiting (before), ==, 1);
  mh_leftovers_forget (f->leftovers);
  g_assert_true (mh_test_transport_is_closed (before));
  for (guint i = 0; i < 20 * 60 && !f->over; i++)
    pass (f, SEC (1));
  g_assert_cmpuint (mh_test_transport_count (get_transport ()), ==, 0);
}

#define TEST(name, function) \
  g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_vfs_register ();
  TEST ("/leftovers/retry-after", test_retry_after);
  TEST ("/leftovers/access", test_access);
  TEST ("/leftovers/forget", test_forget);
  TEST ("/leftovers/forget/under-way", test_forget_under_way);
  TEST ("/relay-server/idle", test_idle);
  TEST ("/relay-server/cannot-listen", test_cannot_listen);
  TEST ("/relay-server/gives-up", test_gives_up);
  return g_test_run ();
}
