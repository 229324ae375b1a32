/* mh-transport-relay: the transport of a process that cannot send.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-relay.h"

#include <unistd.h>

#include "mh-helper.h"
#include "mh-log.h"
#include "mh-relay-link.h"
#include "mh-soup-load.h"

/* How long the program may take until it listens; between two looks for it. */
#define START_WAIT MH_TIME_FROM_SEC (10)
#define LOOK_MSEC 10

/* How long an answer of the program may take beyond the request's own time. */
#define GRACE MH_TIME_FROM_SEC (2)

struct _MhTransportRelay
{
  GObject parent;

  char *dir;
  MhTime timeout;
  guint max_age;
  GMainContext *context;
  MhRelayLink *link;
  gboolean welcome; /* the program takes requests */
  GQueue flights; /* of Flight.link */
  guint32 n_requests;
  pid_t helper; /* -1: none that is not waited for */
  gboolean started; /* since it was last connected */
  GError *failure; /* why it could not be started */
  gint64 give_up_at; /* g_get_monotonic_time() */
  GSource
      *looker; /* while it is not connected and there is something to send */
  gboolean closed;
};

/* A request without an answer. */
typedef struct
{
  MhTransportRelay *transport;
  guint32 number;
  MhAnswerFunc done;
  gpointer user_data;
  GBytes *frame; /* NULL: it is written, and the server may have it */
  GSource *deadline;
  GList link;
} Flight;

static void mh_transport_relay_iface_init (MhTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MhTransportRelay, mh_transport_relay,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, mh_transport_relay_iface_init))

static void
clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
add_timeout (
    MhTransportRelay *self, guint msec, GSourceFunc func, gpointer data)
{
  GSource *source = g_timeout_source_new (msec);

  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  return source;
}

/* ---- flights ---- */

static void
relay_flight_done (Flight *flight, const MhAnswer *answer)
{
  g_queue_unlink (&flight->transport->flights, &flight->link);
  clear_source (&flight->deadline);
  flight->done (answer, flight->user_data);
  g_clear_pointer (&flight->frame, g_bytes_unref);
  g_free (flight);
}

static void
relay_flight_fail (Flight *flight, const GError *error)
{
  relay_flight_done (
      flight, &(MhAnswer){ .unsent = flight->frame != NULL, .error = error });
}

static gboolean
flight_fail_for (Flight *flight, const char *why)
{
  g_autoptr (GError)
      error = g_error_new_literal (MH_ERROR, MH_ERROR_TRANSPORT, why);

  relay_flight_fail (flight, error);
  return G_SOURCE_REMOVE;
}

/* Those that there are now: their functions may send others. */
static void
fail_all (MhTransportRelay *self, const GError *error)
{
  guint n = self->flights.length;

  g_object_ref (self);
  for (; n > 0 && self->flights.head; n--)
    relay_flight_fail (self->flights.head->data, error);
  g_object_unref (self);
}

static void
fail_all_for (MhTransportRelay *self, const char *why)
{
  g_autoptr (GError)
      error = g_error_new_literal (MH_ERROR, MH_ERROR_TRANSPORT, why);

  fail_all (self, error);
}

static gboolean
relay_on_deadline (gpointer user_data)
{
  return flight_fail_for (user_data, "the helper program does not answer");
}

static Flight *
relay_find_flight (MhTransportRelay *self, guint32 number)
{
  for (GList *link = self->flights.head; link; link = link->next) {
    Flight *flight = link->data;

    if (flight->number == number)
      return flight;
  }
  return NULL;
}

static void
relay_write_flight (MhTransportRelay *self, Flight *flight)
{
  mh_relay_link_send (self->link, MH_RELAY_REQUEST, flight->frame);
  g_clear_pointer (&flight->frame, g_bytes_unref);
}

/* ---- the connection ---- */

static void begin_looking (MhTransportRelay *self);
static void give_up (MhTransportRelay *self, const GError *error);

static void
disconnect (MhTransportRelay *self)
{
  g_clear_pointer (&self->link, mh_relay_link_free);
  self->welcome = FALSE;
}

static void
relay_on_welcome (MhTransportRelay *self)
{
  guint64 max_age = self->max_age;
  g_autoptr (GBytes) bytes = g_bytes_new (&max_age, sizeof max_age);

  mh_log (HTTP, DEBUG, NULL, "the helper program takes requests");
  self->welcome = TRUE;
  self->started = FALSE;
  mh_relay_link_send (self->link, MH_RELAY_MAX_AGE, bytes);
  for (GList *link = self->flights.head; link; link = link->next) {
    Flight *flight = link->data;

    if (flight->frame)
      relay_write_flight (self, flight);
  }
}

static void
relay_on_answer (guint32 number, const MhAnswer *answer, gpointer user_data)
{
  Flight *flight = relay_find_flight (user_data, number);

  if (flight)
    relay_flight_done (flight, answer);
}

/* It goes on as long as there are processes of its version. */
static void
relay_on_stranger (MhTransportRelay *self)
{
  g_autoptr (GError) error = g_error_new_literal (MH_ERROR, MH_ERROR_TRANSPORT,
      "libsoup 2 is in this process, and the helper program that runs is of "
      "another version");

  disconnect (self);
  give_up (self, error);
}

static void
relay_on_hello (MhTransportRelay *self, GBytes *contents)
{
  if (self->welcome)
    return;
  if (mh_relay_check_hello (contents))
    relay_on_welcome (self);
  else
    relay_on_stranger (self);
}

static void
relay_on_frame (MhRelayType type, GBytes *contents, gpointer user_data)
{
  MhTransportRelay *self = user_data;

  if (type == MH_RELAY_HELLO)
    relay_on_hello (self, contents);
  else if (type == MH_RELAY_ANSWER)
    mh_relay_decode_answer (contents, relay_on_answer, self);
}

/* A program that was about to end is no reason to fail. */
static void
relay_on_closed (gpointer user_data)
{
  MhTransportRelay *self = user_data;
  gboolean was_welcome = self->welcome;

  disconnect (self);
  if (was_welcome)
    fail_all_for (self, "the helper program has ended");
  else if (self->flights.length > 0)
    begin_looking (self);
}

static gboolean
try_to_connect (MhTransportRelay *self)
{
  static const MhRelayLinkFuncs funcs = {
    .frame = relay_on_frame,
    .closed = relay_on_closed,
  };
  int fd = self->link ? -1 : mh_relay_connect (self->dir);

  if (fd >= 0)
    self->link = mh_relay_link_new (fd, self->context, &funcs, self);
  return self->link != NULL;
}

/* What goes wrong is told later: the caller of a request is in the middle of it. */
static void
relay_start (MhTransportRelay *self)
{
  int fd;

  /* One of before that was not told: the program of another process was there. */
  g_clear_error (&self->failure);
  fd = mh_relay_open_dir (self->dir, &self->failure);
  if (fd < 0)
    return;
  close (fd);
  self->started = TRUE;
  self->helper = mh_helper_start (self->dir, &self->failure);
}

/* Returns: FALSE: there will be none. */
static gboolean
see_to_helper (MhTransportRelay *self, GError **error)
{
  if (self->failure) {
    g_propagate_error (error, g_steal_pointer (&self->failure));
    return FALSE;
  }
  if (!mh_helper_poll (&self->helper, error))
    return FALSE;
  if (!self->started && self->helper < 0)
    relay_start (self);
  if (g_get_monotonic_time () < self->give_up_at)
    return TRUE;
  g_set_error_literal (error, MH_ERROR, MH_ERROR_TRANSPORT,
      "libsoup 2 is in this process, and the helper program does not listen");
  return FALSE;
}

static void
give_up (MhTransportRelay *self, const GError *error)
{
  self->started = FALSE;
  clear_source (&self->looker);
  mh_log (HTTP, WARNING, NULL, "%s", error->message);
  mh_helper_complain (error->message);
  fail_all (self, error);
}

static gboolean
relay_on_look (gpointer user_data)
{
  MhTransportRelay *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean connected = try_to_connect (self);

  if (connected && mh_helper_poll (&self->helper, NULL) && self->helper < 0) {
    g_clear_pointer (&self->looker, g_source_unref);
    return G_SOURCE_REMOVE;
  }
  if (!connected && !see_to_helper (self, &error)) {
    give_up (self, error);
    return G_SOURCE_REMOVE;
  }
  return G_SOURCE_CONTINUE;
}

static void
begin_looking (MhTransportRelay *self)
{
  if (self->looker)
    return;
  self->give_up_at = g_get_monotonic_time () + START_WAIT;
  if (!try_to_connect (self) && !self->started && self->helper < 0)
    relay_start (self);
  self->looker = add_timeout (self, LOOK_MSEC, relay_on_look, self);
}

/* ---- the transport ---- */

static gboolean
relay_on_closed_send (gpointer user_data)
{
  return flight_fail_for (user_data, "the transport is closed");
}

static Flight *
relay_add_flight (MhTransportRelay *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  Flight *flight = g_new0 (Flight, 1);

  flight->transport = self;
  flight->number = ++self->n_requests;
  flight->done = done;
  flight->user_data = user_data;
  flight->frame = mh_relay_encode_request (flight->number, request);
  flight->link.data = flight;
  g_queue_push_tail_link (&self->flights, &flight->link);
  return flight;
}

static void
mh_transport_relay_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  MhTransportRelay *self = MH_TRANSPORT_RELAY (transport);
  Flight *flight = relay_add_flight (self, request, done, user_data);
  MhTime wait = self->timeout + START_WAIT + GRACE;

  if (self->closed) {
    flight->deadline = add_timeout (self, 0, relay_on_closed_send, flight);
    return;
  }
  flight->deadline = add_timeout (
      self, (guint) MH_TIME_TO_MSEC (wait), relay_on_deadline, flight);
  if (self->welcome)
    relay_write_flight (self, flight);
  else
    begin_looking (self);
}

static void
mh_transport_relay_close (MhTransport *transport)
{
  MhTransportRelay *self = MH_TRANSPORT_RELAY (transport);

  self->closed = TRUE;
  clear_source (&self->looker);
  disconnect (self);
  mh_helper_poll (&self->helper, NULL);
  mh_helper_leave (self->helper);
  self->helper = -1;
  fail_all_for (self, "the transport is closed");
}

static void
mh_transport_relay_finalize (GObject *object)
{
  MhTransportRelay *self = MH_TRANSPORT_RELAY (object);

  clear_source (&self->looker);
  disconnect (self);
  g_clear_error (&self->failure);
  g_main_context_unref (self->context);
  g_free (self->dir);
  G_OBJECT_CLASS (mh_transport_relay_parent_class)->finalize (object);
}

static void
mh_transport_relay_class_init (MhTransportRelayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mh_transport_relay_finalize;
}

static void
mh_transport_relay_iface_init (MhTransportInterface *iface)
{
  iface->send = mh_transport_relay_send;
  iface->close = mh_transport_relay_close;
}

static void
mh_transport_relay_init (MhTransportRelay *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->helper = -1;
}

gboolean
mh_transport_relay_is_needed (void)
{
  return mh_soup_is_shut_out ();
}

MhTransport *
mh_transport_relay_new (const char *dir, MhTime timeout, guint max_age)
{
  MhTransportRelay *self = g_object_new (MH_TYPE_TRANSPORT_RELAY, NULL);

  self->dir = g_strdup (dir);
  self->timeout = timeout;
  self->max_age = max_age;
  return MH_TRANSPORT (self);
}

void
mh_transport_relay_forget (const char *dir)
{
  int fd = mh_relay_connect (dir);

  if (fd < 0)
    return;
  if (!mh_relay_link_send_now (fd, MH_RELAY_FORGET))
    mh_log (HTTP, WARNING, NULL, "the helper program does not listen");
  close (fd);
}
