/* mh-answer-memory: remembers what came of the requests that were sent for processes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-answer-memory.h"

#include "mh-relay.h"
#include "mh-transport-soup.h"

/* So many requests are remembered: more than one process has under way. */
#define MAX_SENT 64

struct _MhAnswerMemory
{
  MhTransport *transport;
  GQueue sent; /* of Sent, the oldest first */
};

/* A request of a process. */
typedef struct
{
  MhAnswerMemory *memory;
  char *name; /* of its URI and body */
  GBytes *answer; /* NULL: it is under way */
  MhAnswerFunc done;
  gpointer user_data;
  GPtrArray *waiting; /* of Waiter: they want the same answer */
  gboolean forgotten; /* it is not in the queue any more */
} Sent;

#define MH_TYPE_MEMORY_TRANSPORT (mh_memory_transport_get_type ())
G_DECLARE_FINAL_TYPE (
    MhMemoryTransport, mh_memory_transport, MH, MEMORY_TRANSPORT, GObject)

struct _MhMemoryTransport
{
  GObject parent;

  MhAnswerMemory *memory;
  MhTransport *transport;
  GQueue waiters; /* of Waiter.link */
};

/* A request that was sent before. */
typedef struct
{
  MhMemoryTransport *transport;
  MhAnswerFunc done;
  gpointer user_data;
  GBytes *answer; /* NULL: that is to come */
  Sent *sent; /* what it waits for, without an answer */
  GSource *idle; /* with one */
  GList link;
} Waiter;

static void mh_memory_transport_iface_init (MhTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MhMemoryTransport, mh_memory_transport,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, mh_memory_transport_iface_init))

/* ---- what was sent ---- */

static char *
memory_dup_name (const MhRequest *request)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length;
  const guchar *body = g_bytes_get_data (request->body, &length);

  g_checksum_update (sum, (const guchar *) request->uri, -1);
  g_checksum_update (sum, (const guchar *) "\n", 1);
  if (length > 0)
    g_checksum_update (sum, body, (gssize) length);
  return g_strdup (g_checksum_get_string (sum));
}

static void
sent_free (Sent *sent)
{
  g_free (sent->name);
  g_clear_pointer (&sent->answer, g_bytes_unref);
  g_ptr_array_unref (sent->waiting);
  g_free (sent);
}

/* What is under way goes with its answer. */
static void
memory_forget (Sent *sent)
{
  g_queue_remove (&sent->memory->sent, sent);
  sent->forgotten = TRUE;
  if (sent->answer)
    sent_free (sent);
}

static Sent *
memory_find (MhAnswerMemory *self, const char *name)
{
  for (GList *link = self->sent.head; link; link = link->next) {
    if (g_str_equal (((Sent *) link->data)->name, name))
      return link->data;
  }
  return NULL;
}

static Sent *
memory_remember (MhAnswerMemory *self, const MhRequest *request)
{
  Sent *sent = g_new0 (Sent, 1);
  Sent *before;

  sent->memory = self;
  sent->name = memory_dup_name (request);
  sent->waiting = g_ptr_array_new ();
  before = memory_find (self, sent->name);
  if (before)
    memory_forget (before);
  if (self->sent.length >= MAX_SENT)
    memory_forget (self->sent.head->data);
  g_queue_push_tail (&self->sent, sent);
  return sent;
}

/* ---- the answers ---- */

static void
waiter_done (Waiter *waiter, const MhAnswer *answer)
{
  g_queue_unlink (&waiter->transport->waiters, &waiter->link);
  if (waiter->sent)
    g_ptr_array_remove (waiter->sent->waiting, waiter);
  if (waiter->idle) {
    g_source_destroy (waiter->idle);
    g_source_unref (waiter->idle);
  }
  waiter->done (answer, waiter->user_data);
  g_clear_pointer (&waiter->answer, g_bytes_unref);
  g_free (waiter);
}

/* Those who are told may send the same once more, and that is another request: what
 * is given, or has failed, is out of the queue by then. An attempt that has failed
 * says nothing of the next. */
static void
memory_on_answer (const MhAnswer *answer, gpointer user_data)
{
  Sent *sent = user_data;
  MhAnswerFunc done = sent->done;
  gpointer done_data = sent->user_data;

  if (!sent->forgotten && (sent->waiting->len > 0 || answer->status == 0))
    memory_forget (sent);
  if (!sent->forgotten) {
    /* From here on whatever is sent may free it. */
    sent->answer = mh_relay_encode_answer (0, answer);
    done (answer, done_data);
    return;
  }
  done (answer, done_data);
  while (sent->waiting->len > 0)
    waiter_done (g_ptr_array_index (sent->waiting, 0), answer);
  sent_free (sent);
}

static void
memory_tell (guint32 number, const MhAnswer *answer, gpointer user_data)
{
  waiter_done (user_data, answer);
}

static gboolean
memory_on_idle (gpointer user_data)
{
  Waiter *waiter = user_data;

  mh_relay_decode_answer (waiter->answer, memory_tell, waiter);
  return G_SOURCE_REMOVE;
}

/* ---- the transport ---- */

/* Waits for the answer, or gives that which there was, later. */
static void
wait_for (
    MhMemoryTransport *self, Sent *sent, MhAnswerFunc done, gpointer user_data)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->transport = self;
  waiter->done = done;
  waiter->user_data = user_data;
  waiter->link.data = waiter;
  g_queue_push_tail_link (&self->waiters, &waiter->link);
  if (!sent->answer) {
    waiter->sent = sent;
    g_ptr_array_add (sent->waiting, waiter);
    return;
  }
  waiter->answer = g_bytes_ref (sent->answer);
  waiter->idle = g_idle_source_new ();
  g_source_set_callback (waiter->idle, memory_on_idle, waiter, NULL);
  g_source_attach (waiter->idle, g_main_context_get_thread_default ());
  memory_forget (sent);
}

static void
mh_memory_transport_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  MhMemoryTransport *self = MH_MEMORY_TRANSPORT (transport);
  g_autofree char *name = memory_dup_name (request);
  Sent *sent = memory_find (self->memory, name);

  if (sent)
    wait_for (self, sent, done, user_data);
  else
    mh_transport_send (self->transport, request, done, user_data);
}

static void
mh_memory_transport_close (MhTransport *transport)
{
  MhMemoryTransport *self = MH_MEMORY_TRANSPORT (transport);
  g_autoptr (GError) error = g_error_new_literal (
      MH_ERROR, MH_ERROR_TRANSPORT, "the transport is closed");

  while (self->waiters.head)
    waiter_done (self->waiters.head->data, &(MhAnswer){ .error = error });
  mh_transport_close (self->transport);
}

static void
mh_memory_transport_finalize (GObject *object)
{
  MhMemoryTransport *self = MH_MEMORY_TRANSPORT (object);

  g_object_unref (self->transport);
  G_OBJECT_CLASS (mh_memory_transport_parent_class)->finalize (object);
}

static void
mh_memory_transport_class_init (MhMemoryTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mh_memory_transport_finalize;
}

static void
mh_memory_transport_iface_init (MhTransportInterface *iface)
{
  iface->send = mh_memory_transport_send;
  iface->close = mh_memory_transport_close;
}

static void
mh_memory_transport_init (MhMemoryTransport *self)
{
}

/* ---- public ---- */

void
mh_answer_memory_send (MhAnswerMemory *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  Sent *sent = memory_remember (self, request);

  sent->done = done;
  sent->user_data = user_data;
  mh_transport_send (self->transport, request, memory_on_answer, sent);
}

void
mh_answer_memory_give_up (MhAnswerMemory *self)
{
  g_autoptr (MhTransport) old = self->transport;

  self->transport = mh_transport_soup_new (MH_REQUEST_TIMEOUT, NULL);
  mh_transport_close (old);
  while (self->sent.head)
    memory_forget (self->sent.head->data);
}

MhTransport *
mh_answer_memory_new_transport (MhAnswerMemory *self)
{
  MhMemoryTransport *transport = g_object_new (MH_TYPE_MEMORY_TRANSPORT, NULL);

  transport->memory = self;
  transport->transport = mh_transport_soup_new (MH_REQUEST_TIMEOUT, NULL);
  return MH_TRANSPORT (transport);
}

MhAnswerMemory *
mh_answer_memory_new (void)
{
  MhAnswerMemory *self = g_new0 (MhAnswerMemory, 1);

  self->transport = mh_transport_soup_new (MH_REQUEST_TIMEOUT, NULL);
  return self;
}

void
mh_answer_memory_free (MhAnswerMemory *self)
{
  mh_transport_close (self->transport);
  g_object_unref (self->transport);
  while (self->sent.head)
    memory_forget (self->sent.head->data);
  g_free (self);
}
