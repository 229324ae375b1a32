/* mh-sender-private: shared by mh-sender*.c only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sender.h"

#include "mh-heap.h"
#include "mh-protocol.h"

G_BEGIN_DECLS

/* What a session waits for; each has its own container, so that nothing ever
 * has to look at all sessions. */
typedef enum
{
  STATE_IDLE, /* a hit */
  STATE_READY, /* its turn: in MhSender.ready */
  STATE_IN_FLIGHT, /* an answer: in MhSender.in_flight */
  STATE_POSTPONED, /* a time: in MhSender.postponed */
  STATE_HELD, /* its server to be back: in SenderServer.held */
} State;

typedef struct _Flight Flight;
typedef struct _SenderServer SenderServer;

typedef struct
{
  gint64 key;
  SenderServer *server;
  State state; /* set by session_set_state() only */
  guint n_hits; /* in the store, as far as is known here */
  guint attempts; /* that the head of the queue has failed */
  gboolean unanswered; /* the last of them for want of an answer */
  guint unusable; /* of them by an answer that makes no sense */
  gboolean ended; /* no hit will come any more */
  gboolean confirmed; /* an event after the start was accepted */
  gboolean missed; /* a hit has come since the store dropped the session */
  MhTime last_accepted; /* MH_TIME_NONE: nothing yet */
  Flight *flight; /* while in flight; owned by whom answers it */
  GList link; /* in the queue of its state */
  MhHeapNode node; /* in the heap, while postponed */
} SenderSession;

/* What is known of a server, for all sessions that go there. */
struct _SenderServer
{
  char *name;
  guint n_sessions; /* it is gone with the last */
  gboolean silent; /* the latest attempt has had no answer */
  gboolean offline; /* nor have those before it, as in mh-retry.h */
  guint failures; /* one after the other, for the back-off */
  MhTime probe_at; /* while silent: when the next may try */
  SenderSession *probe; /* the one that does: ready or in flight */
  GQueue held; /* of SenderSession.link: the others */
  MhHeapNode node; /* in MhSender.silent, while it waits for probe_at */
};

/* A request under way. Owned by the answer that is to come, so that it does not
 * matter whether the sender still exists by then. */
struct _Flight
{
  MhSender *sender; /* NULL: nobody is interested any more */
  SenderSession *session;
  const MhProtocol *protocol;
  gint64 hit;
  MhEvent event;
  gboolean batch; /* all that the session has, instead */
  guint left_out; /* of a batch: rows that cannot be sent */
};

struct _MhSender
{
  MhStore *store;
  const MhClock *clock;
  MhSenderListener listener;
  gpointer user_data;
  MhRandomFunc random;
  MhTransport *transport;
  GHashTable *sessions; /* &SenderSession.key → itself, owned */
  GQueue ready;
  GQueue in_flight;
  MhHeap *postponed;
  GHashTable *servers; /* SenderServer.name → itself, owned */
  MhHeap *silent; /* those of them that wait for a time */
  guint n_offline;
  GHashTable *rejections; /* server → how many sessions in a row it has taken
                           * and not known any more: their back-off */
  gboolean changed; /* since the listener was told */
  MhTime held_until; /* the store could not commit; MH_TIME_NONE: it could */
  gboolean allow_http; /* for sessions that are adopted */
  gboolean lost; /* the store may have dropped some since it was looked at */
};

void mh_sender_set_state (MhSender *self, SenderSession *session, State state);
void mh_sender_tell_dropped (
    MhSender *self, gint64 session, guint n, const char *reason);
void mh_sender_tell_changed (MhSender *self);

/* Nothing is left of a session. */
void mh_sender_forget (MhSender *self, SenderSession *session);

/* Drops all that a session has. Returns its key: it is gone by then. */
gint64 mh_sender_give_up (
    MhSender *self, SenderSession *session, const char *reason);

void mh_sender_refuse (
    MhSender *self, SenderSession *session, const char *reason);
void mh_sender_expire_session (
    MhSender *self, SenderSession *session, const char *reason);

void mh_sender_count_rejection (MhSender *self, SenderSession *session);

/* The attempt has failed, and is to be repeated. */
void mh_sender_retry (
    MhSender *self, SenderSession *session, const MhOutcome *outcome);
void mh_sender_transmit (MhSender *self, MhRequest *request, Flight *flight);

/* mh-sender-server.c */

/* A session's server, as the store has it. */
void mh_sender_take_server (MhSender *self, SenderSession *session);
void mh_sender_leave_server (MhSender *self, SenderSession *session);
void mh_sender_server_free (gpointer data);

/* For mh_sender_set_state(): the session's state was @before. */
void mh_sender_server_note_state (
    MhSender *self, SenderSession *session, State before);

/* Whether it must not send now: then it is held. */
gboolean mh_sender_hold (MhSender *self, SenderSession *session, MhTime now);

/* Lets a session of a server that is silent have its try, if it is time for
 * one. Returns: whether there may be another. */
gboolean mh_sender_probe (MhSender *self, MhTime now);

/* Now, whatever time it is. */
void mh_sender_hurry_servers (MhSender *self);

/* Before the session is told of it. */
void mh_sender_note_answer (
    MhSender *self, SenderSession *session, const MhAnswer *answer);

/* mh-sender-batch.c */

gboolean mh_sender_is_batch (const MhStoreSession *row);

/* The back end takes no more of it: what waits goes as a batch, if that is
 * wanted; otherwise it expires. */
void mh_sender_close_session (
    MhSender *self, SenderSession *session, const char *reason);

/* Whether it is over, and so long ago that the back end would not take it for
 * something that happens now. */
gboolean mh_sender_is_past (MhSender *self, const SenderSession *session,
    const MhStoreSession *row, const MhStoreHit *head);
void mh_sender_send_batch (
    MhSender *self, SenderSession *session, const MhStoreSession *row);
void mh_sender_handle_batch_answer (
    MhSender *self, const Flight *flight, const MhAnswer *answer);

/* The store has dropped a session, or what all of it needs. */
void mh_sender_lose (MhSender *self, SenderSession *session);

/* A hit for a session that the store has dropped. */
void mh_sender_enqueue_lost (
    MhSender *self, SenderSession *session, MhEvent event);

void mh_sender_settle_lost (MhSender *self);

G_END_DECLS
