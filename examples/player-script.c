/* player-script: actions at given times.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-script.h"

#include <math.h>
#include <string.h>

/* A day: more than any script needs, less than any timer can take. */
#define MAX_SECONDS 86400.0

typedef struct
{
  gint64 at; /* µs since the start */
  PlayerAction action;
} Step;

struct _PlayerScript
{
  GArray *steps; /* of Step */
  guint next;
  gint64 start; /* µs, monotonic */
  guint timer; /* 0: none */
  PlayerActionFunc func;
  gpointer user_data;
};

static const struct
{
  const char *name;
  PlayerActionType type;
  gboolean takes_value;
  double minimum, maximum;
} actions[] = {
  { "pause", PLAYER_PAUSE },
  { "play", PLAYER_PLAY },
  { "seek", PLAYER_SEEK, TRUE, 0, MAX_SECONDS },
  { "skip", PLAYER_SKIP, TRUE, -MAX_SECONDS, MAX_SECONDS },
  { "rate", PLAYER_RATE, TRUE, -64, 64 },
  { "volume", PLAYER_VOLUME, TRUE, 0, 1 },
  { "mute", PLAYER_MUTE },
  { "next", PLAYER_NEXT },
  { "quit", PLAYER_QUIT },
};

/* ---- parsing ---- */

static gboolean
parse_number (const char *text, double minimum, double maximum, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value) &&
      *value >= minimum && *value <= maximum;
}

static gboolean
parse_action (const char *text, PlayerAction *action)
{
  const char *value = strchr (text, '=');
  gsize length = value ? (gsize) (value - text) : strlen (text);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (strlen (actions[i].name) != length ||
        strncmp (actions[i].name, text, length) != 0)
      continue;
    action->type = actions[i].type;
    if (!actions[i].takes_value)
      return !value;
    return value &&
        parse_number (value + 1, actions[i].minimum, actions[i].maximum,
            &action->value) &&
        (action->type != PLAYER_RATE || action->value != 0);
  }
  return FALSE;
}

static gboolean
parse_step (char *text, Step *step)
{
  char *colon = strchr (text, ':');
  double seconds;

  if (!colon)
    return FALSE;
  *colon = '\0';
  if (!parse_number (text, 0, MAX_SECONDS, &seconds))
    return FALSE;
  *colon = ':';
  step->at = (gint64) (seconds * G_USEC_PER_SEC);
  return parse_action (colon + 1, &step->action);
}

PlayerScript *
player_script_parse (const char *text, GError **error)
{
  g_autoptr (PlayerScript) self = g_new0 (PlayerScript, 1);
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  gint64 last = 0;

  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  for (guint i = 0; parts[i]; i++) {
    g_autofree char *part = g_strdup (g_strstrip (parts[i]));
    Step step = { 0 };

    if (!parse_step (part, &step)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "“%s” in the script is not SECONDS:ACTION, where ACTION is pause, "
          "play, seek=S, skip=±S, rate=R, volume=0..1, mute, next or quit",
          parts[i]);
      return NULL;
    }
    if (step.at < last) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "“%s” in the script comes before what precedes it", parts[i]);
      return NULL;
    }
    last = step.at;
    g_array_append_val (self->steps, step);
  }
  return g_steal_pointer (&self);
}

void
player_script_free (PlayerScript *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_array_unref (self->steps);
  g_free (self);
}

/* ---- running ---- */

static gboolean on_timer (gpointer user_data);

static void
set_timer (PlayerScript *self)
{
  const Step *step;
  gint64 wait;

  if (self->next == self->steps->len)
    return;
  step = &g_array_index (self->steps, Step, self->next);
  wait = self->start + step->at - g_get_monotonic_time ();
  /* Rounded up: never too early. */
  self->timer = g_timeout_add (
      (guint) ((MAX (wait, 0) + 999) / 1000), on_timer, self);
}

static gboolean
on_timer (gpointer user_data)
{
  PlayerScript *self = user_data;
  const Step *step = &g_array_index (self->steps, Step, self->next);

  self->timer = 0;
  self->next++;
  set_timer (self);
  self->func (&step->action, self->user_data);
  return G_SOURCE_REMOVE;
}

void
player_script_start (
    PlayerScript *self, PlayerActionFunc func, gpointer user_data)
{
  g_return_if_fail (self->start == 0);

  self->func = func;
  self->user_data = user_data;
  self->start = g_get_monotonic_time ();
  set_timer (self);
}
