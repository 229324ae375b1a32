/* mh-sequence: what is written down of a player, read.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence-private.h"

#include <math.h>
#include <string.h>

static GstState
parse_state (const char *text)
{
  static const char *const names[] = { "void", "null", "ready", "paused",
    "playing" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (names[i], text))
      return (GstState) i;
  }
  g_error ("“%s” is no state", text);
}

static GstClockTime
parse_time (const char *text)
{
  return g_str_equal (text, "-") ? GST_CLOCK_TIME_NONE
                                 : (GstClockTime) (atof (text) * GST_SECOND);
}

/* `a` or `a+b`, whichever the character between them. */
static char *
split (char *text, char at)
{
  char *second = strchr (text, at);

  if (second)
    *second++ = '\0';
  return second;
}

/* Returns: what follows a colon; 0: none. */
static guint
split_group (char *text)
{
  char *group = split (text, ':');

  return group ? (guint) atoi (group) : 0;
}

static void
parse_top (MhSequence *self, char *value)
{
  char *pending = split (value, '+');

  self->player.top = parse_state (value);
  self->player.pending = pending ? parse_state (pending)
                                 : GST_STATE_VOID_PENDING;
}

/* The element's own state, with what the element does then. */
static void
parse_own (MhSequence *self, MhObservation *observation, char *value)
{
  Player *player = &self->player;
  char *target = split (value, '>');

  observation->state = parse_state (value);
  if (target)
    player->target = parse_state (target);
  observation->target = player->target;
  observation->top = player->top;
  player->own = observation->state;
  player->quiet = player->own < GST_STATE_PAUSED ||
      (player->own == GST_STATE_PAUSED && player->target < GST_STATE_PAUSED);
}

/* Returns: whether @name is about the player, not observed by anybody. */
static gboolean
set_player (MhSequence *self, const char *name, char *value)
{
  Player *player = &self->player;

  if (g_str_equal (name, "really"))
    parse_top (self, value);
  else if (g_str_equal (name, "target"))
    player->target = parse_state (value);
  else if (g_str_equal (name, "heard"))
    player->heard = TRUE;
  else if (g_str_equal (name, "pos"))
    player->position = atof (value);
  else if (g_str_equal (name, "nopos"))
    player->says_position = FALSE;
  else if (g_str_equal (name, "dry") || g_str_equal (name, "wet"))
    player->dry = name[0] == 'd';
  else if (g_str_equal (name, "freeze") || g_str_equal (name, "thaw"))
    player->frozen = name[0] == 'f';
  else if (g_str_equal (name, "slow"))
    self->slow = MH_TIME_FROM_MSEC (atoi (value));
  else if (g_str_equal (name, "lead"))
    player->lead = atof (value);
  else if (g_str_equal (name, "fill"))
    player->fill = atoi (value);
  else if (g_str_equal (name, "step"))
    player->step = (GstClockTime) (atof (value) * GST_MSECOND);
  else if (g_str_equal (name, "dropped"))
    player->dropped = g_ascii_strtoull (value, NULL, 10);
  else if (g_str_equal (name, "overdue"))
    player->late = g_ascii_strtoull (value, NULL, 10);
  else if (g_str_equal (name, "live"))
    player->live = TRUE;
  else if (g_str_equal (name, "length"))
    mh_sequence_set_length (self, atof (value));
  else if (g_str_equal (name, "mediaid"))
    mh_monitor_set_media_id (self->monitor, value);
  else if (g_str_equal (name, "threshold"))
    mh_monitor_set_stall_threshold (
        self->monitor, MH_TIME_FROM_MSEC (atoi (value)));
  else if (g_str_equal (name, "utc"))
    self->utc_offset = MH_TIME_FROM_MSEC (g_ascii_strtoll (value, NULL, 10));
  else
    return FALSE;
  return TRUE;
}

static MhObservationType
parse_type (const char *name)
{
  static const char *const names[] = { "own", "top", "buf", "seek", "flush",
    "unflush", "segment", "data", "padeos", "eos", "asyncdone", "group",
    "padgroup", "irate", "error", "call", "gone", "leads", "bitrate", "", "fps",
    "segdone" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (names[i], name))
      return (MhObservationType) i;
  }
  g_error ("“%s” cannot be observed", name);
}

/* `variant:BITRATE`, `container:…`, `pad:…` or, of a sink, `1:…`; NOMINAL and
 * FPS may follow. */
static void
parse_bitrate (MhObservation *observation, char *value)
{
  MhBitrateReport *report = &observation->bitrate;
  char *bitrate = split (value, ':');
  char *nominal = split (bitrate, ':');
  char *fps = nominal ? split (nominal, ':') : NULL;

  if (g_str_equal (value, "container"))
    report->origin = MH_BITRATE_CONTAINER;
  else if (g_str_equal (value, "pad"))
    report->origin = MH_BITRATE_PAD;
  else if (g_str_has_prefix (value, "variant"))
    report->origin = MH_BITRATE_VARIANT;
  else
    report->origin = MH_BITRATE_STREAM;
  report->source = g_str_hash (value);
  report->bitrate = atof (bitrate);
  report->nominal = nominal ? atof (nominal) : 0;
  observation->frame_rate = fps ? atof (fps) : 0;
}

static GstClockTime
get_end (const Player *player)
{
  return player->buffer_end > 0
      ? (GstClockTime) (player->buffer_end * GST_SECOND)
      : GST_CLOCK_TIME_NONE;
}

/* @value: (nullable): where it begins */
static void
parse_data (Player *player, MhObservation *observation, const char *value)
{
  observation->time = value ? parse_time (value) : GST_CLOCK_TIME_NONE;
  player->buffers++;
  player->buffer_end = MAX (player->buffer_end, player->position);
}

/* `TIME:RATE`; `:same` may follow, and `!` for one that is sent once more. */
static void
parse_segment (Player *player, MhObservation *observation, char *value)
{
  char *rate;

  observation->again = split (value, '!') != NULL;
  rate = split (value, ':');
  observation->same = rate && split (rate, ':');
  observation->time = parse_time (value);
  observation->seqnum = player->seqnum;
  observation->rate = rate ? atof (rate) : 1;
  player->rate = observation->rate;
  if (player->flushing && GST_CLOCK_TIME_IS_VALID (observation->time))
    player->position = (double) observation->time / GST_SECOND;
  player->buffer_end = player->position;
  player->flushing = FALSE;
}

static void
parse_value (MhSequence *self, MhObservation *observation, char *value)
{
  Player *player = &self->player;
  char *second;

  switch (observation->type) {
    case MH_OBSERVED_STATE:
      parse_own (self, observation, value);
      break;
    case MH_OBSERVED_TOP_STATE:
      parse_top (self, value);
      observation->state = player->top;
      observation->pending = player->pending;
      break;
    case MH_OBSERVED_BUFFERING:
      second = split (value, '@');
      observation->percent = atoi (value);
      observation->source = second ? (guint64) atoi (second) : 1;
      break;
    case MH_OBSERVED_SEEK:
      second = split (value, ':');
      observation->seqnum = (guint32) atoi (value);
      observation->time = parse_time (second);
      player->seqnum = observation->seqnum;
      break;
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_FLUSH_STOP:
      observation->keeps_time = split (value, '+') != NULL;
      observation->group = split_group (value);
      observation->seqnum = (guint32) atoi (value);
      player->flushing = !observation->keeps_time;
      if (player->flushing)
        player->multiplier = 1;
      break;
    case MH_OBSERVED_SEGMENT:
      parse_segment (player, observation, value);
      break;
    case MH_OBSERVED_DATA:
      parse_data (player, observation, value);
      break;
    case MH_OBSERVED_PAD_STREAM_START:
      observation->time = (GstClockTime) (player->buffer_end * GST_SECOND);
      G_GNUC_FALLTHROUGH;
    case MH_OBSERVED_STREAM_START:
      observation->group = (guint) atoi (value);
      break;
    case MH_OBSERVED_PAD_EOS:
      observation->time = (GstClockTime) (player->buffer_end * GST_SECOND);
      break;
    case MH_OBSERVED_INSTANT_RATE:
      observation->rate = atof (value);
      player->multiplier = observation->rate;
      break;
    case MH_OBSERVED_LEAD:
      observation->group = split_group (value);
      observation->leads = !g_str_equal (value, "0");
      observation->taken_over = g_str_equal (value, "open");
      break;
    case MH_OBSERVED_ERROR:
      second = split (value, '@');
      observation->from_sink = second != NULL;
      observation->text = g_strdup (value);
      break;
    case MH_OBSERVED_SEGMENT_DONE:
      if (value)
        observation->end = GST_CLOCK_TIME_NONE;
      break;
    case MH_OBSERVED_BITRATE:
      parse_bitrate (observation, value);
      break;
    case MH_OBSERVED_FRAME_RATE:
      observation->frame_rate = atof (value);
      break;
    default:
      break;
  }
}

/* Returns: whether the worker shall see this now. */
static gboolean
play_word (MhSequence *self, char *word)
{
  MhObservation observation;
  char *value = split (word, '=');

  if (g_str_equal (word, "late"))
    return FALSE;
  if (set_player (self, word, value))
    return TRUE;
  if (g_str_equal (word, "call")) {
    mh_sequence_make_call (self, value);
    return TRUE;
  }
  observation = (MhObservation) MH_OBSERVATION_INIT (parse_type (word));
  observation.at = self->now;
  observation.end = get_end (&self->player);
  observation.heard = self->player.heard;
  parse_value (self, &observation, value);
  g_array_append_val (self->pending, observation);
  return TRUE;
}

static void
play_line (MhSequence *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  MhTime at = (MhTime) rint (atof (words[0]) * MH_USEC_PER_MSEC);
  gboolean now = TRUE;

  g_assert_cmpint (at, >=, self->now);
  if (self->pending->len > 0)
    self->now = at;
  else
    mh_sequence_pass_time (self, at);
  mh_sequence_move_player (self, at);
  for (guint i = 1; words[i]; i++) {
    if (*words[i])
      now = play_word (self, words[i]) && now;
  }
  if (now && self->pending->len > 0)
    mh_sequence_process (self);
}

void
mh_sequence_play (MhSequence *self, const char *script)
{
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    if (*lines[i])
      play_line (self, lines[i]);
  }
}
