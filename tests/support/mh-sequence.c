/* mh-sequence: a monitor fed with a written sequence of observations.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence-private.h"

#include <string.h>

#include <math.h>

static double
msec (MhTime t)
{
  return (double) t / MH_USEC_PER_MSEC;
}

static void G_GNUC_PRINTF (2, 3) note (GPtrArray *list, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (list, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* ---- what the monitor says ---- */

static void
on_hit (MhHit *hit, gpointer user_data)
{
  MhSequence *self = user_data;
  gboolean resume = FALSE;

  if (hit->event == MH_EVENT_SESSION_START)
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
  note (self->hits, "%s@%.10g ph=%.6g%s", mh_event_name (hit->event),
      msec (hit->at), hit->playhead, resume ? " resume" : "");
  mh_hit_free (hit);
}

static void
call_session (MhSequence *self, const MhCall *call, MhTime at)
{
  g_autoptr (GError) error = NULL;

  if (!mh_session_call (self->session, call,
          MAX (at, mh_session_get_now (self->session)), &error))
    note (self->refusals, "%s@%.10g: %s", mh_call_name (call->type), msec (at),
        error->message);
}

/* Time does not go back, and what mh_monitor_settled() has promised holds. A
 * stall is the exception: it is noticed late, and delays nothing. */
static void
assert_in_time (MhSequence *self, MhTime at, gboolean stall)
{
  g_assert_cmpint (at, >=, self->called_at);
  if (!stall)
    g_assert_cmpint (at, >=, self->floor);
  g_assert_cmpint (at, <=, self->now);
  self->called_at = at;
}

void
mh_sequence_set_length (MhSequence *self, double length)
{
  MhPlace place;

  mh_monitor_get_place (self->monitor, &place);
  self->player.length = length;
  mh_monitor_set_length (self->monitor, place.item, length);
}

static MhCall
make_session_start (void)
{
  MhCall call = { MH_CALL_SESSION_START };

  call.media = mh_media_new ();
  call.media->id = g_strdup ("id");
  call.media->name = g_strdup ("name");
  call.media->length = 60;
  call.media->stream_type = g_strdup ("vod");
  call.media->media_type = g_strdup ("video");
  call.media->preroll_wait = 0;
  return call;
}

static void
take_start (MhSequence *self, MhDecision *decision)
{
  g_auto (MhCall) start = make_session_start ();
  guint item = decision->place.item;
  MhTime at = decision->at;
  MhCall playhead;

  start.media->resumed = decision->resume != MH_RESUME_NO;
  assert_in_time (self, at, FALSE);
  mh_monitor_set_live (
      self->monitor, item, self->player.live, self->utc_offset);
  mh_monitor_set_length (self->monitor, item, self->player.length);
  mh_place_set_live (
      &decision->place, item, self->player.live, self->utc_offset);
  mh_place_playhead (&decision->place, at, &playhead);
  call_session (self, &playhead, at);
  note (self->calls, "sessionStart@%.10g ph=%.6g", msec (at),
      playhead.playhead.value);
  call_session (self, &start, at);
}

static void
note_qoe (MhSequence *self, const MhQoe *qoe, MhTime at)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!isnan (qoe->startup_time))
    g_string_append_printf (text, " startup=%.10g", qoe->startup_time);
  if (!isnan (qoe->bitrate))
    g_string_append_printf (text, " bitrate=%.10g", qoe->bitrate);
  if (!isnan (qoe->fps))
    g_string_append_printf (text, " fps=%.4g", qoe->fps);
  if (!isnan (qoe->dropped_frames))
    g_string_append_printf (text, " dropped=%.10g", qoe->dropped_frames);
  note (self->calls, "qoe@%.10g%s", msec (at), text->str);
}

static void
take_call (MhSequence *self, const MhDecision *decision)
{
  const MhCall *call = decision->call;
  MhTime at = decision->at;
  MhCall playhead;

  assert_in_time (self, at, call->type == MH_CALL_STALL_START);
  mh_place_playhead (&decision->place, at, &playhead);
  g_assert_true (isfinite (playhead.playhead.value));
  g_assert_cmpfloat (playhead.playhead.value, >=, 0);
  call_session (self, &playhead, at);
  if (call->type != MH_CALL_PLAYHEAD)
    call_session (self, call, at);
  switch (call->type) {
    case MH_CALL_PLAYHEAD:
      break;
    case MH_CALL_QOE:
      note_qoe (self, &call->qoe, at);
      break;
    case MH_CALL_ERROR:
      note (self->calls, "error@%.10g %s", msec (at), call->text);
      break;
    default:
      note (self->calls, "%s@%.10g ph=%.6g r=%g", mh_call_name (call->type),
          msec (at), playhead.playhead.value, playhead.playhead.rate);
      break;
  }
}

static void
take_state (MhSequence *self, MhPlaybackState state)
{
  static const char *const names[] = { "init", "playing", "paused", "seeking",
    "buffering", "stalled", "ended" };

  if (state == self->state)
    return;
  self->state = state;
  note (self->states, "%s@%.10g", names[state], msec (self->now));
}

static void
carry_out (MhSequence *self)
{
  MhDecision *decision;

  while ((decision = mh_monitor_take (self->monitor))) {
    switch (decision->type) {
      case MH_DECISION_START:
        take_start (self, decision);
        break;
      case MH_DECISION_CALL:
        take_call (self, decision);
        break;
      case MH_DECISION_STATE:
        take_state (self, decision->state);
        break;
    }
    mh_decision_free (decision);
  }
}

static void
clear_observation (gpointer observation)
{
  g_free (((MhObservation *) observation)->text);
}

MhSequence *
mh_sequence_new (void)
{
  const MhSessionListener session_listener = { .hit = on_hit };
  MhSequence *self = g_new0 (MhSequence, 1);

  self->monitor = mh_monitor_new ();
  self->session = mh_session_new (&session_listener, self);
  self->player = (Player){ .top = GST_STATE_READY,
    .pending = GST_STATE_VOID_PENDING,
    .target = GST_STATE_VOID_PENDING,
    .rate = 1,
    .multiplier = 1,
    .fill = -1,
    .length = -1,
    .says_position = TRUE,
    .lead = 1,
    .seqnum = G_MAXUINT32 };
  self->changed_at = MH_TIME_FROM_SEC (-1);
  self->answer_at = MH_TIME_NEVER;
  self->pending = g_array_new (FALSE, FALSE, sizeof (MhObservation));
  g_array_set_clear_func (self->pending, clear_observation);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->hits = g_ptr_array_new_with_free_func (g_free);
  self->states = g_ptr_array_new_with_free_func (g_free);
  self->refusals = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
mh_sequence_free (MhSequence *self)
{
  mh_monitor_free (self->monitor);
  mh_session_free (self->session);
  g_array_unref (self->pending);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->hits);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->refusals);
  g_free (self);
}

/* ---- the player ---- */

static gboolean
plays (const Player *player)
{
  return player->top == GST_STATE_PLAYING &&
      player->pending == GST_STATE_VOID_PENDING && !player->flushing;
}

void
mh_sequence_move_player (MhSequence *self, MhTime to)
{
  Player *player = &self->player;
  double rate = player->rate * player->multiplier;

  if (to <= player->at)
    return;
  if (plays (player)) {
    if (!player->frozen)
      player->position += rate * mh_time_seconds (to - player->at);
    if (player->dry && rate > 0)
      player->position = MIN (player->position, player->buffer_end);
    player->position = MAX (player->position, 0);
    if (!player->dry) {
      player->buffers++;
      player->buffer_end = player->position + player->lead;
    }
  }
  player->at = to;
}

static void
take_sample (MhSequence *self, gboolean ask, MhSample *sample)
{
  Player *player = &self->player;

  mh_sequence_move_player (self, self->now);
  *sample = (MhSample) MH_SAMPLE_INIT;
  sample->at = self->now;
  sample->buffers = player->buffers;
  sample->step = player->step;
  sample->buffer_end = (gint64) (player->buffer_end * GST_SECOND);
  sample->looked = !player->quiet;
  sample->state = player->top;
  sample->pending = player->pending;
  sample->target = player->target;
  if (!ask)
    return;
  sample->asked = TRUE;
  if (player->says_position && !player->flushing && !player->quiet) {
    sample->position = (gint64) (player->position * GST_SECOND);
    sample->position_at = self->now;
    sample->position_end = sample->buffer_end;
  }
}

/* ---- as mh-tracked-player does ---- */

static void
call_playhead (MhSequence *self, MhTime at)
{
  MhPlace place;
  MhCall playhead;

  mh_monitor_get_place (self->monitor, &place);
  if (!mh_place_reaches (&place, at))
    return;
  mh_place_playhead (&place, at, &playhead);
  call_session (self, &playhead, at);
}

static void
run_deadlines (MhSequence *self)
{
  MhTime settled = mh_monitor_settled (self->monitor);
  MhTime until = MIN (self->now, settled);
  MhTime deadline;

  self->floor = MAX (self->floor, until);
  while ((deadline = mh_session_next_deadline (self->session)) <= until) {
    MhTime before = MAX (deadline - 1, mh_session_get_now (self->session));

    if (mh_session_is_open (self->session))
      call_playhead (self, before);
    mh_session_advance (self->session, deadline);
  }
}

static void
inform (MhSequence *self)
{
  carry_out (self);
  if (mh_monitor_wants_info (self->monitor))
    mh_monitor_inform (self->monitor);
  carry_out (self);
  g_assert_false (mh_monitor_wants_info (self->monitor));
}

/* An answer that is there by now is of before: it does not count where the player
 * has changed since. */
static void
take_answer (MhSequence *self, MhSample *sample)
{
  const MhSample *answer = &self->answer;

  if (self->answer_at > self->now)
    return;
  self->answer_at = MH_TIME_NEVER;
  sample->percent = answer->percent;
  if (answer->at < self->changed_at)
    return;
  sample->asked = answer->asked;
  sample->position = answer->position;
  sample->position_at = answer->position_at;
  sample->position_end = answer->position_end;
}

/* It answers, and never soon after a change. */
static void
ask (MhSequence *self)
{
  gboolean position, percent;
  MhSample sample;

  if (self->answer_at != MH_TIME_NEVER)
    return;
  position = mh_monitor_asks (self->monitor, self->now);
  percent = mh_monitor_asks_percent (self->monitor, self->now);
  if (!position && !percent)
    return;
  g_assert_cmpint (self->now - self->changed_at, >=, MH_TIME_FROM_MSEC (100));
  self->questions += position;
  take_sample (self, position, &sample);
  if (percent && !self->player.quiet)
    sample.percent = self->player.fill;
  if (self->slow > 0) {
    self->answer = sample;
    self->answer_at = mh_time_add (self->now, self->slow);
    return;
  }
  mh_monitor_sample (self->monitor, &sample);
  inform (self);
}

void
mh_sequence_process (MhSequence *self)
{
  MhSample sample;

  mh_monitor_count_dropped (
      self->monitor, self->player.dropped, self->player.late);
  for (guint i = 0; i < self->pending->len; i++) {
    MhObservation *observation = &g_array_index (
        self->pending, MhObservation, i);

    if (mh_observation_is_change (observation->type))
      self->changed_at = observation->at;
    mh_monitor_observe (self->monitor, observation);
    inform (self);
  }
  g_array_set_size (self->pending, 0);
  take_sample (self, FALSE, &sample);
  take_answer (self, &sample);
  mh_monitor_sample (self->monitor, &sample);
  inform (self);
  ask (self);
  run_deadlines (self);
}

static MhTime
next_deadline (MhSequence *self)
{
  MhTime session = mh_session_next_deadline (self->session);
  MhTime deadline = MIN (
      mh_monitor_next_deadline (self->monitor), self->answer_at);

  return session <= mh_monitor_settled (self->monitor) ? MIN (deadline, session)
                                                       : deadline;
}

void
mh_sequence_pass_time (MhSequence *self, MhTime to)
{
  MhTime deadline;
  guint idle = 0;

  while ((deadline = next_deadline (self)) <= to) {
    /* A deadline that has passed and does not go away would keep the worker
     * spinning. */
    idle = deadline > self->now ? 0 : idle + 1;
    g_assert_cmpuint (idle, <, 4);
    self->now = MAX (self->now, deadline);
    self->wakeups++;
    mh_sequence_process (self);
  }
  self->now = to;
}

void
mh_sequence_make_call (MhSequence *self, const char *name)
{
  g_autoptr (MhCall) call = mh_call_parse (name, NULL, NULL);
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_CALL);

  g_assert_nonnull (call);
  mh_sequence_process (self);
  if (!mh_monitor_leads (self->monitor))
    return;
  if (call->type == MH_CALL_SESSION_START) {
    mh_call_clear (call);
    *call = make_session_start ();
  }
  if (mh_session_is_open (self->session))
    call_playhead (self, self->now);
  if (!mh_session_call (self->session, call, self->now, NULL))
    return;
  observation.at = self->now;
  observation.call = call->type;
  mh_monitor_observe (self->monitor, &observation);
  carry_out (self);
}

void
mh_sequence_sleep (MhSequence *self, gint64 until)
{
  mh_sequence_move_player (self, self->now);
  mh_monitor_sleep (self->monitor, self->now, MH_TIME_FROM_MSEC (until));
  carry_out (self);
  self->now = self->player.at = MH_TIME_FROM_MSEC (until);
  run_deadlines (self);
  mh_sequence_process (self);
}

/* ---- what came of it ---- */

static void
assert_list (GPtrArray *list, const char *what, va_list expected)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GString) wanted = g_string_new (NULL);
  const char *line;

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (got, "  %s\n", (char *) list->pdata[i]);
  while ((line = va_arg (expected, const char *)))
    g_string_append_printf (wanted, "  %s\n", line);
  if (!g_str_equal (got->str, wanted->str))
    g_test_message (
        "%s, expected:\n%sbut got:\n%s", what, wanted->str, got->str);
  g_assert_cmpstr (got->str, ==, wanted->str);
  g_ptr_array_set_size (list, 0);
}

void
mh_sequence_assert_calls (MhSequence *self, ...)
{
  va_list expected;

  va_start (expected, self);
  assert_list (self->calls, "calls", expected);
  va_end (expected);
  g_assert_cmpuint (self->refusals->len, ==, 0);
}

void
mh_sequence_assert_hits (MhSequence *self, ...)
{
  va_list expected;

  va_start (expected, self);
  assert_list (self->hits, "hits", expected);
  va_end (expected);
  g_assert_cmpuint (self->refusals->len, ==, 0);
}

void
mh_sequence_assert_states (MhSequence *self, ...)
{
  va_list expected;

  va_start (expected, self);
  assert_list (self->states, "states", expected);
  va_end (expected);
}

guint
mh_sequence_count_hits (MhSequence *self, const char *name)
{
  gsize length = strlen (name);
  guint n = 0;

  for (guint i = 0; i < self->hits->len; i++) {
    const char *hit = self->hits->pdata[i];

    n += g_str_has_prefix (hit, name) &&
        (hit[length] == '@' || hit[length] == '\0');
  }
  return n;
}

GPtrArray *
mh_sequence_get_refusals (MhSequence *self)
{
  return self->refusals;
}

guint
mh_sequence_count_wakeups (MhSequence *self)
{
  return self->wakeups;
}

guint
mh_sequence_count_questions (MhSequence *self)
{
  return self->questions;
}

MhMonitor *
mh_sequence_get_monitor (MhSequence *self)
{
  return self->monitor;
}
