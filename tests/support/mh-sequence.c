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
on_start (MhTime at, gpointer user_data)
{
  MhSequence *self = user_data;
  g_auto (MhCall) start = make_session_start ();
  MhCall playhead;

  assert_in_time (self, at, FALSE);
  mh_monitor_set_live (self->monitor, self->player.live, self->utc_offset);
  mh_monitor_playhead (self->monitor, at, &playhead);
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
on_call (const MhCall *call, MhTime at, gpointer user_data)
{
  MhSequence *self = user_data;

  /* What the playhead is for only shows with the next call. */
  if (call->type != MH_CALL_PLAYHEAD)
    assert_in_time (self, at, call->type == MH_CALL_STALL_START);
  call_session (self, call, at);
  switch (call->type) {
    case MH_CALL_PLAYHEAD:
      g_assert_true (isfinite (call->playhead.value));
      g_assert_cmpfloat (call->playhead.value, >=, 0);
      self->playhead_at = at;
      self->playhead = call->playhead.value;
      self->playhead_rate = call->playhead.rate;
      break;
    case MH_CALL_QOE:
      note_qoe (self, &call->qoe, at);
      break;
    case MH_CALL_ERROR:
      note (self->calls, "error@%.10g %s", msec (at), call->text);
      break;
    default:
      /* Each of the others has had the playhead of its moment before it. */
      g_assert_cmpint (self->playhead_at, ==, at);
      note (self->calls, "%s@%.10g ph=%.6g r=%g", mh_call_name (call->type),
          msec (at), self->playhead, self->playhead_rate);
      break;
  }
}

static void
on_state (MhPlaybackState state, gpointer user_data)
{
  static const char *const names[] = { "init", "playing", "paused", "seeking",
    "buffering", "stalled", "ended" };
  MhSequence *self = user_data;

  if (state == self->state)
    return;
  self->state = state;
  note (self->states, "%s@%.10g", names[state], msec (self->now));
}

MhSequence *
mh_sequence_new (void)
{
  static const MhMonitorListener monitor_listener = { on_start, on_call,
    on_state };
  const MhSessionListener session_listener = { .hit = on_hit };
  MhSequence *self = g_new0 (MhSequence, 1);

  self->monitor = mh_monitor_new (&monitor_listener, self);
  self->session = mh_session_new (&session_listener, self);
  self->player = (Player){ .top = GST_STATE_READY,
    .pending = GST_STATE_VOID_PENDING,
    .target = GST_STATE_VOID_PENDING,
    .rate = 1,
    .multiplier = 1,
    .fill = -1,
    .says_position = TRUE,
    .lead = 1 };
  self->pending = g_array_new (FALSE, FALSE, sizeof (MhObservation));
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
take_sample (MhSequence *self, gboolean look, MhSample *sample)
{
  Player *player = &self->player;

  mh_sequence_move_player (self, self->now);
  *sample = (MhSample) MH_SAMPLE_INIT;
  sample->at = self->now;
  sample->buffers = player->buffers;
  sample->step = player->step;
  if (player->quiet)
    look = FALSE;
  else
    look = look || mh_monitor_wants_position (self->monitor, player->buffers);
  if (look) {
    sample->looked = TRUE;
    sample->state = player->top;
    sample->pending = player->pending;
    sample->target = player->target;
    if (player->says_position && !player->flushing)
      sample->position = (gint64) (player->position * GST_SECOND);
  }
  sample->buffer_end = (gint64) (player->buffer_end * GST_SECOND);
  if (!player->quiet && mh_monitor_wants_percent (self->monitor))
    sample->percent = player->fill;
}

/* ---- as the observer does ---- */

static void
run_deadlines (MhSequence *self)
{
  MhTime settled = mh_monitor_settled (self->monitor);
  MhTime until = MIN (self->now, settled);
  MhTime deadline;

  self->floor = MAX (self->floor, until);
  while ((deadline = mh_session_next_deadline (self->session)) <= until) {
    MhTime before = MAX (deadline - 1, mh_session_get_now (self->session));
    MhCall playhead;

    mh_monitor_playhead (self->monitor, before, &playhead);
    if (mh_session_is_open (self->session))
      call_session (self, &playhead, before);
    mh_session_advance (self->session, deadline);
  }
}

static void
add_position (MhObservation *observation, const MhSample *sample)
{
  switch (observation->type) {
    case MH_OBSERVED_STATE:
    case MH_OBSERVED_TOP_STATE:
    case MH_OBSERVED_BUFFERING:
    case MH_OBSERVED_EOS:
    case MH_OBSERVED_ERROR:
    case MH_OBSERVED_LEAD:
      if (observation->position < 0 &&
          sample->at - observation->at <= MH_TIME_FROM_MSEC (100))
        observation->position = sample->position;
      break;
    default:
      break;
  }
}

static gboolean
is_worth_a_look (GArray *pending)
{
  for (guint i = 0; i < pending->len; i++) {
    MhObservationType type = g_array_index (pending, MhObservation, i).type;

    if (type != MH_OBSERVED_BITRATE && type != MH_OBSERVED_FRAME_RATE)
      return TRUE;
  }
  return FALSE;
}

void
mh_sequence_process (MhSequence *self)
{
  MhSample sample;

  take_sample (self,
      is_worth_a_look (self->pending) ||
          mh_session_next_deadline (self->session) <= self->now ||
          mh_monitor_wants_look (self->monitor),
      &sample);
  mh_monitor_count_dropped (
      self->monitor, self->player.dropped, self->player.late);
  for (guint i = 0; i < self->pending->len; i++) {
    MhObservation *observation = &g_array_index (
        self->pending, MhObservation, i);

    add_position (observation, &sample);
    mh_monitor_observe (self->monitor, observation);
    g_free (observation->text);
  }
  g_array_set_size (self->pending, 0);
  mh_monitor_sample (self->monitor, &sample);
  run_deadlines (self);
}

static MhTime
next_deadline (MhSequence *self)
{
  MhTime session = mh_session_next_deadline (self->session);
  MhTime deadline = mh_monitor_next_deadline (self->monitor);

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
    mh_sequence_process (self);
  }
  self->now = to;
}

void
mh_sequence_make_call (MhSequence *self, const char *name)
{
  g_autoptr (MhCall) call = mh_call_parse (name, NULL, NULL);
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_CALL);
  MhCall playhead;

  g_assert_nonnull (call);
  mh_sequence_process (self);
  if (!mh_monitor_leads (self->monitor))
    return;
  if (call->type == MH_CALL_SESSION_START) {
    mh_call_clear (call);
    *call = make_session_start ();
  }
  mh_monitor_playhead (self->monitor, self->now, &playhead);
  if (mh_session_is_open (self->session))
    call_session (self, &playhead, self->now);
  if (!mh_session_call (self->session, call, self->now, NULL))
    return;
  observation.at = self->now;
  observation.call = call->type;
  mh_monitor_observe (self->monitor, &observation);
}

void
mh_sequence_sleep (MhSequence *self, gint64 until)
{
  mh_sequence_move_player (self, self->now);
  mh_monitor_sleep (self->monitor, self->now);
  self->now = self->player.at = MH_TIME_FROM_MSEC (until);
  run_deadlines (self);
  mh_sequence_process (self);
}

void
mh_sequence_observe (
    MhSequence *self, const MhObservation *observation, MhTime at)
{
  MhObservation copy = *observation;

  mh_sequence_pass_time (self, at);
  copy.at = at;
  copy.text = g_strdup (observation->text);
  g_array_append_val (self->pending, copy);
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

MhMonitor *
mh_sequence_get_monitor (MhSequence *self)
{
  return self->monitor;
}
