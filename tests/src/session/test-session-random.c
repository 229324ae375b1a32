/* Random calls at random times: what must hold for the hits whatever happens.
 *
 * Two sessions get the same calls. "Steady" is advanced to each call's time
 * before it; "jumpy" is spared the calls that steady has refused, and is
 * advanced at random times in between. Their hits must be the same.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"
#include "mh-test-share.h"

#define ROUNDS 240
#define CALLS 2500 /* in a round */

/* Starts of media items, by what is special about them. */
#define START(more) "sessionStart {'media': <{" MEDIA_MEMBERS more "}>}"

static const char *const texts[] = {
  START (", 'prerollWaitingTime': <0>"),
  START (", 'prerollWaitingTime': <0>, 'granularAdTracking': <true>"),
  START (", 'prerollWaitingTime': <15000>"),
  START (", 'resumed': <true>"),
  "sessionStart {'downloaded': <true>, 'media': <{" MEDIA_MEMBERS
  ", 'granularAdTracking': <true>}>}",
  "sessionStart",
  "complete",
  "sessionEnd",
  "play",
  "play",
  "play",
  "pause",
  "pause",
  "bufferStart",
  "bufferComplete",
  "seekStart",
  "seekComplete",
  "stallStart",
  "stallComplete",
  "error {'id': <'e'>}",
  AD_BREAK_START ("b1"),
  AD_BREAK_START ("b2"),
  AD_BREAK_START (""),
  "adBreakComplete",
  AD_START ("a1"),
  AD_START ("a2"),
  "adComplete",
  "adSkip",
  CHAPTER_START ("c1"),
  CHAPTER_START ("c2"),
  "chapterComplete",
  "chapterSkip",
  QOE (1000),
  QOE (2000),
  QOE (-1),
  "bitrateChange",
  STATE_START ("0"),
  STATE_START ("1"),
  STATE_START ("2"),
  STATE_START ("3"),
  STATE_START ("4"),
  STATE_START ("5"),
  STATE_START ("6"),
  STATE_START ("7"),
  STATE_START ("8"),
  STATE_START ("9"),
  STATE_START ("10"),
  STATE_START ("11"),
  STATE_END ("0"),
  STATE_END ("1"),
  STATE_END ("2"),
  STATE_END ("11"),
  PLAYHEAD (0, 1),
  PLAYHEAD (30, 0),
  PLAYHEAD (12.5, -1),
  "expire",
  "advance",
};

static const MhTimeouts timeouts[] = {
  MH_TIMEOUTS_INIT,
  { MH_TIME_FROM_SEC (60), MH_TIME_FROM_SEC (600), MH_TIME_FROM_SEC (10),
      MH_TIME_FROM_SEC (1) },
  { MH_TIME_FROM_SEC (5), MH_TIME_FROM_SEC (7), MH_TIME_FROM_SEC (3),
      MH_TIME_FROM_SEC (2) },
  { MH_TIME_FROM_SEC (30), MH_TIME_FROM_SEC (30), MH_TIME_FROM_SEC (30),
      MH_TIME_FROM_SEC (30) },
};

/* What the hits of a session have said so far. */
typedef struct
{
  MhSession *session;
  GPtrArray *hits;
  const MhTimeouts *timeouts;
  const MhMedia *media; /* of the item */
  const MhMedia *starting; /* while sessionStart is called */
  guint n_sessions;
  guint n_expires; /* made, and not yet answered by a new session */
  gboolean in_session; /* not before, after, or closed */
  gboolean in_break;
  gboolean in_ad;
  gboolean in_chapter;
  gboolean reported; /* a playback state, in this item */
  guint states_on; /* a bit for each */
  guint states_used;
  MhTime began;
  MhTime ad_began;
  MhTime last; /* hit */
  MhTime last_playback; /* hit or ping, or the beginning */
  MhTime held_until;
} Watched;

static MhTime
ping_interval (const Watched *self)
{
  if (self->media->downloaded)
    return MH_TIME_FROM_SEC (50);
  return self->in_ad && self->media->granular_ads ? self->timeouts->ad_ping
                                                  : self->timeouts->ping;
}

static void
check_session_start (Watched *self, const MhHit *hit)
{
  gboolean resume = FALSE;

  if (self->in_session) {
    /* Only these begin one without an end of the one before. */
    g_assert_cmpuint (self->n_expires, >, 0);
    self->n_expires--;
  }
  g_assert_cmpuint (hit->session, ==, self->n_sessions);
  g_assert_true (g_variant_lookup (hit->params, "media.resume", "b", &resume));
  if (self->starting) {
    g_assert_true (resume == self->starting->resumed);
    self->media = self->starting;
    self->reported = FALSE;
    self->states_used = 0;
  } else {
    g_assert_true (resume);
  }
  self->n_sessions++;
  self->in_session = TRUE;
  self->in_break = FALSE;
  self->in_ad = FALSE;
  self->in_chapter = FALSE;
  self->states_on = 0;
  self->began = hit->at;
  self->last_playback = hit->at;
}

static void
check_playback (Watched *self, const MhHit *hit)
{
  MhTime gap = hit->at - self->last_playback;

  /* An ad's first comes when the interval has just become shorter. */
  if (hit->at != self->ad_began)
    g_assert_cmpint (gap, <=, ping_interval (self));
  /* In play state init, the first and the flushed "state" is a ping. */
  if (hit->event != MH_EVENT_PING)
    self->reported = TRUE;
  else if (self->reported)
    g_assert_cmpint (gap, ==, ping_interval (self));
  self->last_playback = hit->at;
}

static void
check_state (Watched *self, const MhHit *hit)
{
  const char *name = NULL;
  guint bit;

  g_assert_true (
      g_variant_lookup (hit->params, "media.state.name", "&s", &name));
  bit = 1u << g_ascii_strtoull (name, NULL, 10);
  g_assert_true (
      !(self->states_on & bit) == (hit->event == MH_EVENT_STATE_START));
  self->states_on ^= bit;
  self->states_used |= bit;
  g_assert_cmpint (__builtin_popcount (self->states_used), <=, 10);
}

/* Events that open or close something, or need it open. */
static void
check_nesting (Watched *self, const MhHit *hit)
{
  switch (hit->event) {
    case MH_EVENT_AD_BREAK_START:
    case MH_EVENT_AD_BREAK_COMPLETE:
      g_assert_true (
          self->in_break == (hit->event == MH_EVENT_AD_BREAK_COMPLETE));
      g_assert_false (self->in_ad);
      self->in_break = !self->in_break;
      break;
    case MH_EVENT_AD_START:
      g_assert_true (self->in_break && !self->in_ad);
      self->in_ad = TRUE;
      self->ad_began = hit->at;
      break;
    case MH_EVENT_AD_COMPLETE:
    case MH_EVENT_AD_SKIP:
      g_assert_true (self->in_ad);
      self->in_ad = FALSE;
      break;
    case MH_EVENT_CHAPTER_START:
      g_assert_false (self->in_chapter);
      self->in_chapter = TRUE;
      break;
    case MH_EVENT_CHAPTER_COMPLETE:
    case MH_EVENT_CHAPTER_SKIP:
      g_assert_true (self->in_chapter);
      self->in_chapter = FALSE;
      break;
    case MH_EVENT_STATE_START:
    case MH_EVENT_STATE_END:
      check_state (self, hit);
      break;
    default:
      break;
  }
}

static void
check_hit (Watched *self, const MhHit *hit)
{
  g_assert_cmpint (hit->at, >=, self->last);
  self->last = hit->at;
  if (hit->event == MH_EVENT_SESSION_START) {
    check_session_start (self, hit);
    return;
  }
  g_assert_true (self->in_session);
  g_assert_cmpuint (hit->session + 1, ==, self->n_sessions);
  check_nesting (self, hit);
  if (mh_event_ends_session (hit->event))
    self->in_session = FALSE;
  else if (hit->event == MH_EVENT_PLAY || hit->event == MH_EVENT_PING ||
      hit->event == MH_EVENT_PAUSE_START || hit->event == MH_EVENT_BUFFER_START)
    check_playback (self, hit);
}

static void
watch_hit (MhHit *hit, gpointer user_data)
{
  Watched *self = user_data;

  check_hit (self, hit);
  g_ptr_array_add (self->hits, hit);
}

static void
watch_refused (
    const MhCall *call, MhTime at, const GError *error, gpointer user_data)
{
  Watched *self = user_data;

  if (call->type == MH_CALL_EXPIRE)
    self->n_expires--;
}

static void
watched_init (Watched *self, const MhTimeouts *values)
{
  static const MhSessionListener listener = { watch_hit, watch_refused, NULL };

  *self = (Watched){ .timeouts = values, .ad_began = MH_TIME_NONE };
  self->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) mh_hit_free);
  self->session = mh_session_new (&listener, self);
  mh_session_set_timeouts (self->session, values);
}

static void
watched_clear (Watched *self)
{
  mh_session_free (self->session);
  g_ptr_array_unref (self->hits);
}

/* What must have happened by now, where calls are not held back. */
static void
check_nothing_is_late (const Watched *self, MhTime now)
{
  MhTime since = mh_session_get_inactive_since (self->session);
  MhTime deadline = mh_session_next_deadline (self->session);

  g_assert_cmpint (deadline, >, now);
  if (now < self->held_until)
    return;
  if (!self->in_session) {
    g_assert_cmpint (deadline, ==, MH_TIME_NEVER);
    return;
  }
  g_assert_true (mh_session_is_open (self->session));
  g_assert_cmpint (now - self->last_playback, <, ping_interval (self));
  g_assert_cmpint (now - self->began, <, self->timeouts->session);
  if (since != MH_TIME_NONE)
    g_assert_cmpint (now - since, <, self->timeouts->idle);
}

/* Makes a call; a refused one must change nothing that can be seen. */
static gboolean
watched_call (Watched *self, const MhCall *call, MhTime now)
{
  g_autoptr (GError) error = NULL;
  MhTime deadline = mh_session_next_deadline (self->session);
  guint n_hits = self->hits->len;

  if (call->type == MH_CALL_SESSION_START)
    self->starting = call->media;
  else if (call->type == MH_CALL_EXPIRE)
    self->n_expires++;
  if (mh_session_call (self->session, call, now, &error)) {
    if (self->starting)
      self->held_until = now + MH_TIME_FROM_MSEC (call->media->preroll_wait);
    else if (call->type == MH_CALL_COMPLETE ||
        call->type == MH_CALL_SESSION_END ||
        call->type == MH_CALL_AD_BREAK_START)
      self->held_until = now;
  } else {
    self->n_expires -= call->type == MH_CALL_EXPIRE;
    g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
    g_assert_cmpuint (self->hits->len, ==, n_hits);
    g_assert_cmpint (mh_session_next_deadline (self->session), ==, deadline);
  }
  self->starting = NULL;
  check_nothing_is_late (self, now);
  return error == NULL;
}

/* Mostly short; now and then beyond the limits. */
static MhTime
random_span (const MhTimeouts *values)
{
  gint32 kind = g_test_rand_int_range (0, 10000);

  if (kind < 3000)
    return 0;
  if (kind < 5000)
    return MH_TIME_FROM_MSEC (1);
  if (kind < 7500)
    return g_test_rand_int_range (0, MH_USEC_PER_SEC);
  if (kind < 9900)
    return MH_TIME_FROM_MSEC (g_test_rand_int_range (0, 12000));
  if (kind < 9998)
    return (MhTime) (g_test_rand_double () * 1.2 * (double) values->idle);
  return (MhTime) (g_test_rand_double () * 1.2 * (double) values->session);
}

static const MhCall *
random_call (GPtrArray *calls)
{
  const MhCall *call;

  /* Ends are rare, so that items come to something. */
  do {
    call = g_ptr_array_index (calls, g_test_rand_int_range (0, calls->len));
  } while (
      (call->type == MH_CALL_COMPLETE || call->type == MH_CALL_SESSION_END) &&
      g_test_rand_int_range (0, 4) > 0);
  return call;
}

static void
advance_at_random (Watched *self, MhTime now)
{
  MhTime from = mh_session_get_now (self->session);

  while (from != MH_TIME_NONE && g_test_rand_int_range (0, 3) > 0) {
    from += (MhTime) (g_test_rand_double () * (double) (now - from));
    mh_session_advance (self->session, from);
  }
}

static gboolean
same_variant (GVariant *a, GVariant *b)
{
  return a == b || (a && b && g_variant_equal (a, b));
}

static void
check_same_hits (GPtrArray *a, GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const MhHit *one = g_ptr_array_index (a, i);
    const MhHit *other = g_ptr_array_index (b, i);

    g_assert_cmpint (one->event, ==, other->event);
    g_assert_cmpuint (one->session, ==, other->session);
    g_assert_cmpint (one->at, ==, other->at);
    g_assert_true (one->playhead == other->playhead);
    g_assert_true (same_variant (one->params, other->params));
    g_assert_true (same_variant (one->qoe, other->qoe));
  }
}

static void
run_round (GPtrArray *calls, const MhTimeouts *values, guint *n_accepted)
{
  Watched steady, jumpy;
  MhTime now = 0;

  watched_init (&steady, values);
  watched_init (&jumpy, values);
  for (guint i = 0; i < CALLS; i++) {
    const MhCall *call = random_call (calls);

    now += random_span (values);
    mh_session_advance (steady.session, now);
    if (!watched_call (&steady, call, now))
      continue;
    (*n_accepted)++;
    advance_at_random (&jumpy, now);
    /* Nothing of a restart may be taken for that of a sessionStart. */
    if (call->type == MH_CALL_SESSION_START)
      mh_session_advance (jumpy.session, now);
    g_assert_true (watched_call (&jumpy, call, now));
    g_assert_cmpint (mh_session_next_deadline (jumpy.session), ==,
        mh_session_next_deadline (steady.session));
  }
  mh_session_advance (jumpy.session, now);
  check_same_hits (steady.hits, jumpy.hits);
  watched_clear (&steady);
  watched_clear (&jumpy);
}

static void
invariants (void)
{
  g_autoptr (GPtrArray)
      calls = g_ptr_array_new_with_free_func ((GDestroyNotify) mh_call_free);
  guint n_rounds = ROUNDS / mh_test_share ();
  guint n_accepted = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (calls, mh_recorder_parse (texts[i]));
  for (guint i = 0; i < n_rounds; i++)
    run_round (calls, &timeouts[i % G_N_ELEMENTS (timeouts)], &n_accepted);
  g_test_message ("%u of %u calls were accepted", n_accepted, n_rounds * CALLS);
  g_assert_cmpuint (n_accepted, >, n_rounds * CALLS / 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/random/invariants", invariants);
  return g_test_run ();
}
