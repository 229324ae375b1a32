/* mh-sender-answer: what becomes of a hit that was sent.
 *
 * A hit is marked in the store before it is sent. Where its answer is lost, with
 * the connection or with the process, it is sent again, and the server may have
 * had it: then it says that the session is unknown or closed, or that the event
 * is not later than the last one. What was sent before and meets such an answer
 * has arrived, however late it is. Only what was never sent expires, and makes
 * the player begin another session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-crash.h"
#include "mh-backoff.h"

/* The hit under way has arrived, or never will. */
static void
settle_hit (
    MhSender *self, SenderSession *session, gint64 hit, const char *session_id)
{
  const MhStoreSession *row;

  session->attempts = 0;
  session->unanswered = FALSE;
  session->unusable = 0;
  session->doubts = 0;
  mh_store_acknowledge (self->store, hit, session_id);
  MH_CRASH_POINT ("sender/acknowledged");
  row = mh_store_get_session (self->store, session->key);
  session->n_hits = row ? row->n_hits : session->n_hits - 1;
  mh_sender_set_state (self, session, STATE_READY);
}

static void
session_accepted (
    MhSender *self, SenderSession *session, Flight *flight, MhOutcome *outcome)
{
  gint64 key = session->key;
  const MhStoreSession *row = mh_store_get_session (self->store, key);

  mh_log (DELIVERY, DEBUG, NULL, "hits of %" G_GINT64_FORMAT ": %s was taken",
      key, mh_event_name (flight->event));
  session->last_accepted = mh_clock_now (self->clock);
  session->server->n_taken++;
  if (row && flight->event != MH_EVENT_SESSION_START) {
    session->confirmed = TRUE;
    g_hash_table_remove (self->rejections, row->server);
  }
  if (flight->event == MH_EVENT_SESSION_START)
    mh_store_set_sent_shift (self->store, key, flight->shift);
  mh_store_set_accepted (
      self->store, key, mh_clock_utc (self->clock) / MH_USEC_PER_MSEC);
  MH_CRASH_POINT ("sender/accepted");
  if (outcome->session_id)
    mh_store_set_text (self->store, key, MH_STORE_HINT, outcome->hint);
  settle_hit (self, session, flight->hit, outcome->session_id);
  if (outcome->session_id && self->listener.session_id)
    self->listener.session_id (key, outcome->session_id, self->user_data);
  if (self->listener.sent)
    self->listener.sent (key, flight->event, self->user_data);
}

/* The hit was sent before, and its answer was lost: the server had taken it. When
 * that was is not known. */
static void
session_arrived (
    MhSender *self, SenderSession *session, gint64 hit, MhEvent event)
{
  gint64 key = session->key;

  mh_log (DELIVERY, DEBUG, NULL,
      "hits of %" G_GINT64_FORMAT ": %s had arrived before", key,
      mh_event_name (event));
  settle_hit (self, session, hit, NULL);
  if (self->listener.sent)
    self->listener.sent (key, event, self->user_data);
}

gboolean
mh_sender_commit_sending (MhSender *self, const MhStoreHit *head, MhTime now)
{
  gboolean before = mh_store_was_sent (self->store, head->id);

  /* A repeated sessionStart begins another session, which has an answer. */
  if (head->event != MH_EVENT_SESSION_START)
    mh_store_set_sent (self->store, head->id, TRUE);
  if (mh_sender_commit (self, now))
    return TRUE;
  mh_store_set_sent (self->store, head->id, before);
  return FALSE;
}

static void
repeat_attempt (
    MhSender *self, SenderSession *session, const MhOutcome *outcome)
{
  MhTime delay;

  session->attempts++;
  delay = mh_backoff_delay (
      session->attempts, outcome->retry_after, self->random ());
  mh_log (DELIVERY, INFO, NULL,
      "hits of %" G_GINT64_FORMAT
      ": attempt %u has failed: %s; again in %.1f s",
      session->key, session->attempts, outcome->reason,
      mh_time_seconds (delay));
  if (session->unanswered && session->server->offline)
    mh_sender_set_state (self, session, STATE_HELD);
  else
    mh_sender_postpone (
        self, session, mh_time_add (mh_clock_now (self->clock), delay));
  if (self->listener.failed)
    self->listener.failed (session->key, outcome->reason, self->user_data);
}

void
mh_sender_note_try (SenderSession *session, Flight *flight)
{
  guint n_taken = session->server->n_taken;

  flight->works = n_taken > session->tried_at;
  session->tried_at = n_taken;
}

gboolean
mh_sender_retry (MhSender *self, SenderSession *session, const Flight *flight,
    const MhOutcome *outcome)
{
  gboolean wrong = outcome->kind == MH_OUTCOME_DOUBT
      ? ++session->doubts >= MH_PROTOCOL_TRIES && flight->works
      : outcome->tries > 0 && ++session->unusable >= outcome->tries;

  if (!wrong)
    repeat_attempt (self, session, outcome);
  return !wrong;
}

static void
session_refused (
    MhSender *self, SenderSession *session, Flight *flight, const char *reason)
{
  if (flight->event == MH_EVENT_SESSION_START) {
    mh_sender_refuse (self, session, reason);
    return;
  }
  settle_hit (self, session, flight->hit, NULL);
  mh_sender_tell_hit_refused (self, session, reason);
  mh_sender_tell_dropped (self, session->key, 1, reason);
}

/* The answer says that the hit was not taken this time; an earlier attempt may have
 * been taken. */
static void
note_untaken (MhSender *self, const Flight *flight)
{
  if (!flight->batch)
    mh_store_set_sent (self->store, flight->hit, flight->again);
}

static void
sender_handle_answer (MhSender *self, Flight *flight, const MhAnswer *answer)
{
  SenderSession *session = flight->session;
  g_auto (MhOutcome) outcome = { MH_OUTCOME_ACCEPTED };

  MH_CRASH_POINT ("sender/answered");
  flight->protocol->answer (flight->event, answer,
      mh_clock_utc (self->clock) / MH_USEC_PER_SEC, &outcome);
  mh_sender_note_wish (self, session, &outcome);
  session->unanswered = answer->status == 0;
  if (flight->again && outcome.repeated) {
    session_arrived (self, session, flight->hit, flight->event);
    return;
  }
  if (outcome.untaken)
    note_untaken (self, flight);
  switch (outcome.kind) {
    case MH_OUTCOME_ACCEPTED:
      session_accepted (self, session, flight, &outcome);
      return;
    case MH_OUTCOME_RETRY:
    case MH_OUTCOME_DOUBT:
      if (!mh_sender_retry (self, session, flight, &outcome))
        session_refused (self, session, flight, outcome.reason);
      return;
    case MH_OUTCOME_REFUSED:
    case MH_OUTCOME_SPLIT:
      session_refused (self, session, flight, outcome.reason);
      return;
    case MH_OUTCOME_STOP:
      mh_sender_refuse (self, session, outcome.reason);
      return;
    case MH_OUTCOME_EXPIRED:
      mh_sender_close_session (self, session, outcome.reason);
      return;
  }
  g_assert_not_reached ();
}

void
mh_sender_on_answer (const MhAnswer *answer, gpointer user_data)
{
  g_autoptr (Flight) flight = user_data;
  MhSender *self = flight->sender;

  if (!self)
    return;
  /* What is noted of the answer is by the clock of now. */
  mh_sender_check_clock (self);
  if (flight->joined) {
    mh_sender_join_on_answer (self, flight, answer);
    return;
  }
  if (answer->unsent)
    note_untaken (self, flight);
  if (self->closing) {
    mh_sender_set_state (self, flight->session, STATE_READY);
    return;
  }
  mh_sender_note_answer (self, flight->session, answer);
  if (flight->batch)
    mh_sender_handle_batch_answer (self, flight, answer);
  else
    sender_handle_answer (self, flight, answer);
  mh_sender_run (self);
}
