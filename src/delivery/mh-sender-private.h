/* mh-sender-private: what the files of the sender share.
 *
 * mh-sender.c           whose turn it is, and what is sent then; whether the visitor
 *                       has agreed to it
 * mh-sender-answer.c    what becomes of a hit that was sent
 * mh-sender-batch.c     sessions that are sent as a whole
 * mh-sender-join.c      several hits in a request
 * mh-sender-load.c      bodies that are on the disk only
 * mh-sender-lost.c      sessions that are given up
 * mh-sender-server.c    servers: those that do not answer, or want to be left alone;
 *                       authorization, and how often one is asked
 * mh-sender-suspects.c  which hit goes alone
 * mh-sender-wait.c      until when hits wait for others, also pings of many sessions
 *
 * May touch: what mh-sender.h may. For those files only; on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sender.h"

#include "mh-time-queue.h"
#include "mh-log.h"
#include "mh-protocol.h"
#include "mh-suspects.h"

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
  State state; /* set by mh_sender_set_state() only */
  guint n_hits; /* in the store, as far as is known here */
  guint attempts; /* that the head of the queue has failed */
  gboolean unanswered; /* the last of them for want of an answer */
  guint unusable; /* of them by an answer that makes no sense */
  guint doubts; /* of them by one that leaves open what is wrong */
  guint tried_at; /* the latest request: SenderServer.n_taken */
  gboolean ended; /* no hit will come any more */
  gboolean confirmed; /* an event after the start was accepted */
  gboolean urgent; /* one of its hits does not wait for others */
  gboolean gathered; /* its head waits for the tick, and is noted as sent */
  MhTime next_at; /* as SenderJoin's, where a request has one session's hits */
  gboolean refused; /* one of its hits, as the listener was told */
  gboolean missed; /* a hit has come since the store dropped the session */
  MhTime last_accepted; /* MH_TIME_NONE: nothing yet */
  Flight *flight; /* while in flight; owned by the answer that is to come */
  GList link; /* in the queue of its state */
  MhTimeNode node; /* in MhSender.postponed, while it is */
} SenderSession;

/* A hit under way. */
typedef struct
{
  SenderSession *session; /* NULL: it is gone */
  gint64 hit;
  MhEvent event;
  gboolean begins; /* nothing of its session was sent before */
} JoinedHit;

/* What is known of a server that gets several hits in a request. */
typedef struct
{
  Flight *flight; /* one at a time, so that the rest goes together */
  guint limit; /* hits in the next request; 0: as many as may be */
  gsize max_bytes; /* of their bodies; 0: MH_SENDER_JOIN_BYTES */
  MhTime next_at; /* not before that: so that there are some together */
  MhTime retry_at; /* not before that, whatever it is */
  guint failures; /* one after the other, for the back-off */
  MhSuspects suspects; /* mh-sender-suspects.c */
  MhTimeNode node; /* in MhSender.joins, while sessions wait for a time */
} SenderJoin;

/* What is known of a server, for all sessions that go there. */
struct _SenderServer
{
  char *name;
  guint n_sessions; /* it is gone with the last */
  guint n_in_flight; /* of them */
  gboolean answers; /* it has answered one of its sessions */
  gboolean silent; /* the latest attempt has had no answer */
  gboolean offline; /* nor have those before it, as in mh-backoff.h */
  guint failures; /* one after the other, for the back-off */
  guint n_taken; /* hits, or whole sessions, of those that go one by one */
  MhTime retry_at; /* it wants to be left alone until then: not SenderJoin's */
  MhTime probe_at; /* while silent: when the next may try */
  SenderSession *probe; /* the one that does: ready or in flight */
  GQueue held; /* of SenderSession.link: the others */
  MhTimeNode node; /* in MhSender.silent, while it waits for probe_at */
  SenderJoin join; /* mh-sender-join.c */
};

/* A request under way. Owned by the answer that is to come, so that it does not
 * matter whether the sender still exists by then. */
struct _Flight
{
  MhSender *sender; /* NULL: the answer does not matter any more */
  SenderSession *session;
  const MhProtocol *protocol;
  gint64 hit;
  MhEvent event;
  gboolean again; /* it may have arrived before */
  gboolean works; /* the server has taken a hit, of another session, since the
                   * try before; not of those that go together */
  gint64 shift; /* what was added to its times, ms; not of a batch */
  gboolean batch; /* all that the session has, instead */
  guint left_out; /* of a batch: rows that cannot be sent */
  GArray *joined; /* of JoinedHit: all that it has, NULL for others */
  MhTime next_at; /* beside it: SenderJoin's, once the server has taken them */
};

struct _MhSender
{
  MhStore *store;
  const MhClock *clock;
  MhDelivery listener;
  gpointer user_data;
  MhRandomFunc random;
  MhTransport *transport;
  GHashTable *sessions; /* &SenderSession.key → itself, owned */
  GQueue ready;
  GQueue in_flight;
  MhTimeQueue *postponed;
  GHashTable *servers; /* SenderServer.name → itself, owned */
  MhTimeQueue *silent; /* those of them that wait for a time */
  MhTimeQueue *joins; /* those whose sessions wait for one */
  GHashTable *access; /* server → Access, mh-sender-server.c */
  guint n_offline;
  GHashTable *rejections; /* server → how many sessions in a row it has taken
                           * and not known any more: their back-off */
  gboolean changed; /* since the listener was told */
  MhTime held_until; /* the store could not commit; MH_TIME_NONE: it could */
  gboolean closing; /* its transport: there are no answers that count */
  gboolean paused; /* nothing more is sent for now */
  gboolean hurried; /* the process goes: hits do not wait for others */
  gboolean allow_http; /* for sessions that are adopted */
  gboolean lost; /* the store may have dropped some since it was looked at */
};

/* mh-sender.c */

/* Moves a session from the container of its state to that of @state; POSTPONED is
 * mh_sender_postpone()'s. */
void mh_sender_set_state (MhSender *self, SenderSession *session, State state);
/* @n hits of @session have been dropped: the listener is told, and the log. */
void mh_sender_tell_dropped (
    MhSender *self, gint64 session, guint n, const char *reason);
/* A hit of @session is refused: the listener is told of the first. */
void mh_sender_tell_hit_refused (
    MhSender *self, SenderSession *session, const char *reason);
/* Tells the listener that something has changed since it was told last, if it has. */
void mh_sender_tell_changed (MhSender *self);

/* How long to leave the store alone while other processes are in the way. */
#define MH_SENDER_HOLD MH_TIME_FROM_SEC (1)

/* Lets the session wait until @until. */
void mh_sender_postpone (MhSender *self, SenderSession *session, MhTime until);

/* What is sent is safe in the store first. Returns: FALSE: not now. */
gboolean mh_sender_commit (MhSender *self, MhTime now);

/* Hands a request to the transport, which answers @flight. */
void mh_sender_transmit (MhSender *self, MhRequest *request, Flight *flight);

/* mh-sender-answer.c */

/* For the transport: @user_data is a Flight. */
void mh_sender_on_answer (const MhAnswer *answer, gpointer user_data);

/* Commits as mh_sender_commit() does, and notes that @head is sent now. */
gboolean mh_sender_commit_sending (
    MhSender *self, const MhStoreHit *head, MhTime now);

/* @flight, of @session, is sent now. */
void mh_sender_note_try (SenderSession *session, Flight *flight);

/* The answer to @flight, of @session, was a retry or a doubt. Has the attempt
 * repeated. Returns: FALSE: it is refused instead: it has had this answer often
 * enough, and for a doubt the server has taken something of another session between
 * the last two tries. */
gboolean mh_sender_retry (MhSender *self, SenderSession *session,
    const Flight *flight, const MhOutcome *outcome);

/* mh-sender-load.c */

/* The body of a hit of @session, from the disk where it is only there. Returns:
 * NULL: the hit is gone, or it is not the session's turn any more. */
GBytes *mh_sender_load (MhSender *self, SenderSession *session, gint64 hit);

/* The body of the session's sessionStart, which there is. */
GBytes *mh_sender_load_start (MhSender *self, SenderSession *session);

/* Hits that turned out to be damaged are given up. */
void mh_sender_settle_losses (MhSender *self);

/* mh-sender-server.c */

/* A session's server, as the store has it. */
void mh_sender_take_server (MhSender *self, SenderSession *session);
/* The session goes: so does its server, with the last session. */
void mh_sender_leave_server (MhSender *self, SenderSession *session);
/* @data: a SenderServer. */
void mh_sender_server_free (gpointer data);

/* For mh_sender_set_state(): the session's state was @before. */
void mh_sender_server_note_state (
    MhSender *self, SenderSession *session, State before);

/* Whether it must not send now: then it is held, or postponed to when its server may
 * be asked again. */
gboolean mh_sender_hold (MhSender *self, SenderSession *session, MhTime now);

/* Lets a session of a server that is silent have its try, if it is time for
 * one. Returns: whether there may be another. */
gboolean mh_sender_probe (MhSender *self, MhTime now);

/* Lets each server that is silent be tried now, whatever time it is. */
void mh_sender_hurry_servers (MhSender *self);

/* Notes what an answer says of the session's server. Call it before the session
 * deals with the answer. */
void mh_sender_note_answer (
    MhSender *self, SenderSession *session, const MhAnswer *answer);

/* Notes for how long the server of @session asks to be left alone, if it does: until
 * then none of its sessions is sent. Not of an answer to several hits. */
void mh_sender_note_wish (
    MhSender *self, SenderSession *session, const MhOutcome *outcome);

/* @data: an Access. */
void mh_sender_access_free (gpointer data);

/* What the server of a session is asked with. */
void mh_sender_access_authorize (
    MhSender *self, const MhStoreSession *row, MhRequest *request);

/* For how long hits are collected. */
MhTime mh_sender_access_get_interval (
    MhSender *self, const MhStoreSession *row);

/* mh-sender-suspects.c */

/* The hit that goes alone. Returns: FALSE: no hit has to. */
gboolean mh_sender_suspects_pick (
    MhSender *self, SenderServer *server, JoinedHit *picked);

/* mh-sender-join.c */

/* A request's worth of hits, if the server takes no more. */
#define MH_SENDER_JOIN_HITS 500
#define MH_SENDER_JOIN_BYTES (512 * 1024)

/* Takes the turn of a session whose protocol has several hits in a request. Returns:
 * FALSE: not now. */
gboolean mh_sender_join_turn (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now);

/* Whether hits of @other may go with those of @session, and it has some. */
gboolean mh_sender_join_goes_with (
    MhSender *self, SenderSession *session, SenderSession *other);

/* No answer to @flight is waited for any more, if it is what sessions that are held
 * wait for: they have their turn. */
void mh_sender_join_end_flight (
    MhSender *self, SenderServer *server, const Flight *flight);

/* The answer to a request with several hits has come. */
void mh_sender_join_on_answer (
    MhSender *self, Flight *flight, const MhAnswer *answer);
/* For mh_sender_on_answer(): it owns the request that it is given. */
void mh_sender_flight_free (Flight *flight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flight, mh_sender_flight_free)

/* mh-sender-wait.c */

/* Lets the sessions of a server have their turn that wait for a time or an answer,
 * unless the server is silent. */
void mh_sender_join_release (MhSender *self, SenderServer *server);

/* Whether it must not send now: then it is held. @row: the session, as the store has
 * it. */
gboolean mh_sender_join_must_wait (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now);

/* A hit has come for a session that waits for others. */
void mh_sender_join_note_hit (
    MhSender *self, SenderSession *session, MhEvent event);

/* Lets sessions go whose time has come, or that only wait for others. */
void mh_sender_join_run (MhSender *self, MhTime now);
/* Lets all of them go now: nothing is collected any longer. */
void mh_sender_join_hurry (MhSender *self);

/* @flight goes now; its sessions are in flight already. */
void mh_sender_join_note_sent (MhSender *self, Flight *flight, MhTime now);
/* The server has taken it. @session: one that has its hits in it. */
void mh_sender_join_note_taken (const Flight *flight, SenderSession *session);
/* It is sent again, or what it has is: that does not wait for others if it did not
 * before. */
void mh_sender_join_note_failed (const Flight *flight);

/* Whether @head, all that @session has, is a ping that waits for those of other sessions:
 * a request that comes alone costs several times as much as one behind another. Only
 * where many sessions go to one server, and not for what has been sent before. */
gboolean mh_sender_may_gather (MhSender *self, const SenderSession *session,
    const MhStoreSession *row, const MhStoreHit *head);
/* Lets it wait: for an eighth of a second at most, and not longer than until another
 * hit of the session comes. Returns: FALSE: not now. */
gboolean mh_sender_gather (
    MhSender *self, SenderSession *session, const MhStoreHit *head, MhTime now);

/* mh-sender-batch.c */

/* Whether the session, or what is left of it, is sent as a batch. */
gboolean mh_sender_is_batch (const MhStoreSession *row);

/* The back end takes no more of it: what waits goes as a batch, if that is
 * wanted; otherwise it expires. */
void mh_sender_close_session (
    MhSender *self, SenderSession *session, const char *reason);

/* Whether it is over, and so long ago that the back end would not take it for
 * something that happens now. */
gboolean mh_sender_is_past (MhSender *self, const SenderSession *session,
    const MhStoreSession *row, const MhStoreHit *head);

/* Takes the turn of a session that is sent as a batch. Returns: FALSE: not now. */
gboolean mh_sender_batch_turn (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now);
/* The answer to a batch has come. */
void mh_sender_handle_batch_answer (
    MhSender *self, const Flight *flight, const MhAnswer *answer);

/* mh-sender-lost.c */

/* Forgets a session of which nothing is left. */
void mh_sender_forget (MhSender *self, SenderSession *session);

/* Drops all that a session has. Returns its key: it is gone by then. */
gint64 mh_sender_give_up (
    MhSender *self, SenderSession *session, const char *reason);

/* The server takes nothing of the session: gives it up, and tells the listener,
 * which makes no more hits for it. */
void mh_sender_refuse (
    MhSender *self, SenderSession *session, const char *reason);
/* The server does not know the session any more: gives it up, and tells the listener,
 * which begins another one. */
void mh_sender_expire_session (
    MhSender *self, SenderSession *session, const char *reason);

/* Counts a session that the server has taken and not known any more, for the
 * back-off; not once it has accepted an event of it. */
void mh_sender_count_rejection (MhSender *self, SenderSession *session);

/* The store has dropped a session, or what all of it needs. */
void mh_sender_lose (MhSender *self, SenderSession *session);

/* Takes a hit for a session that the store has dropped. */
void mh_sender_enqueue_lost (
    MhSender *self, SenderSession *session, MhEvent event);

/* Deals with the sessions that the store has dropped. Without a transport nothing
 * else does, as no session has its turn. */
void mh_sender_settle_lost (MhSender *self);

G_END_DECLS
