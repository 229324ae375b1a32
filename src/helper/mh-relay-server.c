/* mh-relay-server: sends the requests of processes that are connected.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For accept4(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-relay-server.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mh-answer-memory.h"
#include "mh-config.h"
#include "mh-leftovers.h"
#include "mh-relay-link.h"

/* Looks for what was left after a process has gone: its locks may go a little
 * later than its connection. After the last look there is nothing to wait for. */
static const MhTime looks[] = { MH_TIME_FROM_MSEC (50), MH_TIME_FROM_MSEC (500),
  MH_TIME_FROM_SEC (3) };

/* Between two looks while processes are connected: a child of a process may have
 * its connection, and nothing else. */
#define LOOK_INTERVAL MH_TIME_FROM_SEC (5 * 60)

/* What no server has taken for so long is left to the next process: it may know
 * more, such as another authorization. */
#define GIVE_UP MH_TIME_FROM_SEC (60 * 60)

struct _MhRelayServer
{
  MhWorker *worker;
  int dir_fd;
  int listener; /* -1: there is none any more */
  int lock; /* -1: it is another program's */
  GSource *source; /* of the listener */
  void (*over) (gpointer user_data);
  gpointer user_data;
  MhAnswerMemory *memory;
  MhLeftovers *leftovers;
  GQueue clients; /* of Client.link */
  MhTimer timer; /* the next look, or the end */
  guint n_looks; /* since a process has gone */
};

/* A process that is connected. */
typedef struct
{
  MhRelayServer *server;
  MhRelayLink
      *relay; /* NULL: it is gone, and there are still answers to come */
  guint n_requests; /* without an answer */
  GList link;
} Client;

/* A request under way. */
typedef struct
{
  Client *client;
  guint32 number;
} Job;

static void
set_timer (MhRelayServer *self, MhTime from_now)
{
  MhTime now = mh_clock_now (mh_worker_get_clock (self->worker));

  mh_worker_set_timer (self->worker, &self->timer, mh_time_add (now, from_now));
}

/* ---- requests ---- */

static void
client_free_if_done (Client *client)
{
  if (!client->relay && client->n_requests == 0)
    g_free (client);
}

static void
relay_server_on_answer (const MhAnswer *answer, gpointer user_data)
{
  g_autofree Job *job = user_data;
  Client *client = job->client;

  client->n_requests--;
  if (client->relay) {
    g_autoptr (GBytes) bytes = mh_relay_encode_answer (job->number, answer);

    mh_relay_link_send (client->relay, MH_RELAY_ANSWER, bytes);
  }
  client_free_if_done (client);
}

/* The process may send where it does, and as it does: so may what was left. */
static void
note_request (MhRelayServer *self, const MhRequest *request)
{
  if (!mh_config_check_endpoint (request->uri, FALSE, NULL) &&
      mh_config_check_endpoint (request->uri, TRUE, NULL))
    mh_leftovers_allow_http (self->leftovers);
  if (request->authorization)
    mh_leftovers_set_access (
        self->leftovers, request->uri, request->authorization);
}

static void
send_request (Client *client, GBytes *contents)
{
  MhRelayServer *self = client->server;
  Job *job = g_new0 (Job, 1);
  g_autoptr (MhRequest)
      request = mh_relay_decode_request (contents, &job->number);

  if (!request) {
    g_free (job);
    return;
  }
  note_request (self, request);
  job->client = client;
  client->n_requests++;
  mh_answer_memory_send (self->memory, request, relay_server_on_answer, job);
}

static void
set_max_age (MhRelayServer *self, GBytes *contents)
{
  guint64 seconds = 0;

  if (g_bytes_get_size (contents) != sizeof seconds)
    return;
  memcpy (&seconds, g_bytes_get_data (contents, NULL), sizeof seconds);
  mh_leftovers_set_max_age (self->leftovers, (guint) MIN (seconds, G_MAXUINT));
}

/* ---- processes ---- */

static void
relay_server_on_frame (MhRelayType type, GBytes *contents, gpointer user_data)
{
  Client *client = user_data;

  switch (type) {
    case MH_RELAY_REQUEST:
      send_request (client, contents);
      break;
    case MH_RELAY_MAX_AGE:
      set_max_age (client->server, contents);
      break;
    case MH_RELAY_FORGET:
      mh_answer_memory_give_up (client->server->memory);
      mh_leftovers_forget (client->server->leftovers);
      break;
    case MH_RELAY_HELLO:
    case MH_RELAY_ANSWER:
      break;
  }
}

static void
look_soon (MhRelayServer *self)
{
  self->n_looks = 0;
  set_timer (self, looks[0]);
}

static void
relay_server_on_closed (gpointer user_data)
{
  Client *client = user_data;
  MhRelayServer *self = client->server;

  g_queue_unlink (&self->clients, &client->link);
  g_clear_pointer (&client->relay, mh_relay_link_free);
  client_free_if_done (client);
  look_soon (self);
}

static void
add_client (MhRelayServer *self, int fd)
{
  static const MhRelayLinkFuncs funcs = {
    .frame = relay_server_on_frame,
    .closed = relay_server_on_closed,
  };
  g_autoptr (GBytes) hello = mh_relay_new_hello (MH_RELAY_VERSION);
  Client *client;

  if (!mh_relay_is_ours (fd)) {
    close (fd);
    return;
  }
  client = g_new0 (Client, 1);
  client->server = self;
  client->link.data = client;
  client->relay = mh_relay_link_new (
      fd, mh_worker_get_context (self->worker), &funcs, client);
  g_queue_push_tail_link (&self->clients, &client->link);
  mh_relay_link_send (client->relay, MH_RELAY_HELLO, hello);
}

static gboolean
relay_server_on_connection (
    int listener, GIOCondition condition, gpointer user_data)
{
  MhRelayServer *self = user_data;
  int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd >= 0)
    add_client (self, fd);
  return G_SOURCE_CONTINUE;
}

/* From here on the socket may be another program's. */
static void
unlock_dir (MhRelayServer *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

/* With the last that have come. */
static void
stop_listening (MhRelayServer *self)
{
  if (self->listener < 0)
    return;
  mh_relay_unlisten (self->dir_fd);
  relay_server_on_connection (self->listener, G_IO_IN, self);
  if (self->source) {
    g_source_destroy (self->source);
    g_clear_pointer (&self->source, g_source_unref);
  }
  close (self->listener);
  self->listener = -1;
}

static void
listen_to (MhRelayServer *self, int listener)
{
  self->listener = listener;
  self->source = g_unix_fd_source_new (listener, G_IO_IN);
  g_source_set_callback (
      self->source, G_SOURCE_FUNC (relay_server_on_connection), self, NULL);
  g_source_attach (self->source, mh_worker_get_context (self->worker));
}

/* ---- the end ---- */

static gboolean
is_needed (MhRelayServer *self)
{
  return self->clients.length > 0 || mh_leftovers_is_busy (self->leftovers) ||
      self->n_looks < G_N_ELEMENTS (looks);
}

/* Where it cannot listen, it serves those that it has, and another one the rest. */
static void
go_on (MhRelayServer *self)
{
  int listener = mh_relay_listen (self->dir_fd, NULL);

  if (listener >= 0)
    listen_to (self, listener);
  else
    unlock_dir (self);
  look_soon (self);
}

/* A process that has found the socket just before is welcome; one that comes later
 * starts another program. */
static void
end_server (MhRelayServer *self)
{
  mh_worker_set_timer (self->worker, &self->timer, MH_TIME_NEVER);
  stop_listening (self);
  if (self->clients.length == 0)
    self->over (self->user_data);
  else
    go_on (self);
}

static void
relay_server_on_leftovers_done (gpointer user_data)
{
  MhRelayServer *self = user_data;

  if (!is_needed (self))
    end_server (self);
}

static gboolean
has_waited_too_long (MhRelayServer *self, MhTime now)
{
  return self->clients.length == 0 && mh_leftovers_is_busy (self->leftovers) &&
      now - mh_leftovers_get_progress (self->leftovers) > GIVE_UP;
}

static void
relay_server_on_timer (MhTime now, gpointer user_data)
{
  MhRelayServer *self = user_data;

  self->n_looks = MIN (self->n_looks + 1, G_N_ELEMENTS (looks));
  set_timer (self,
      self->n_looks < G_N_ELEMENTS (looks) ? looks[self->n_looks]
                                           : LOOK_INTERVAL);
  if (has_waited_too_long (self, now))
    mh_leftovers_give_up (self->leftovers);
  else
    mh_leftovers_look (self->leftovers);
}

/* ---- public ---- */

MhRelayServer *
mh_relay_server_new (MhWorker *worker, const char *dir, int dir_fd,
    int listener, int lock, void (*over) (gpointer user_data),
    gpointer user_data)
{
  MhRelayServer *self = g_new0 (MhRelayServer, 1);

  self->worker = worker;
  self->dir_fd = dir_fd;
  self->lock = lock;
  self->over = over;
  self->user_data = user_data;
  self->memory = mh_answer_memory_new ();
  self->leftovers = mh_leftovers_new (
      worker, dir, self->memory, relay_server_on_leftovers_done, self);
  self->timer.due = relay_server_on_timer;
  self->timer.user_data = self;
  listen_to (self, listener);
  look_soon (self);
  return self;
}

void
mh_relay_server_free (MhRelayServer *self)
{
  mh_answer_memory_free (self->memory);
  mh_leftovers_free (self->leftovers);
  unlock_dir (self);
  g_free (self);
}
