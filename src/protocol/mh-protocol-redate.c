/* mh-protocol-redate: the time of a hit that waits, where the wall clock that it
 * was made with turns out to have been wrong.
 *
 * A waiting hit may be another process's, so it is its text that is changed, in the
 * two places where its protocol has put the time and the playhead.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-redate.h"

#include "mh-protocol.h"
#include "mh-wall-jump.h"

#include <math.h>
#include <string.h>

/* A part of a text. */
typedef struct
{
  const char *start;
  const char *end;
} Span;

/* What follows the first or last @name, up to the end of a number, or of a text. */
static gboolean
find_value (const char *text, const char *name, gboolean last,
    const char *characters, Span *value)
{
  const char *found = last ? g_strrstr (text, name) : strstr (text, name);

  if (!found)
    return FALSE;
  value->start = found + strlen (name);
  value->end = value->start + strspn (value->start, characters);
  return value->end > value->start;
}

static gboolean
find_time (
    const char *text, const MhProtocolClock *clock, Span *value, gint64 *ts)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *copy = NULL;

  if (!find_value (text, clock->time, clock->last,
          clock->text ? "0123456789-:.TZ" : "-0123456789", value))
    return FALSE;
  copy = g_strndup (value->start, (gsize) (value->end - value->start));
  if (!clock->text)
    return g_ascii_string_to_signed (
        copy, 10, G_MININT64, G_MAXINT64, ts, NULL);
  time = g_date_time_new_from_iso8601 (copy, NULL);
  if (time)
    *ts = g_date_time_to_unix (time) * 1000 +
        g_date_time_get_microsecond (time) / 1000;
  return time != NULL;
}

/* To the microsecond, as hits have it. */
static void
append_number (GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text,
      g_ascii_formatd (
          digits, sizeof digits, "%.15g", rint (value * 1e6) / 1e6));
}

static void
append_playhead (GString *text, const MhProtocolClock *clock, Span value,
    gint64 ts, gint64 by)
{
  double playhead = g_ascii_strtod (value.start, NULL) * clock->unit;
  double moved = mh_wall_jump_move_playhead (playhead, ts, by, clock->near);

  if (moved == playhead)
    g_string_append_len (text, value.start, (gssize) (value.end - value.start));
  else if (clock->unit < 1 || clock->near >= 1)
    g_string_append_printf (
        text, "%" G_GINT64_FORMAT, (gint64) floor (moved / clock->unit));
  else
    append_number (text, moved);
}

static void
append_time (GString *text, const MhProtocolClock *clock, gint64 ts)
{
  g_autofree char *time = clock->text
      ? mh_protocol_format_time (MAX (ts, 0))
      : g_strdup_printf ("%" G_GINT64_FORMAT, ts);

  g_string_append (text, time);
}

/* The two places, in the order in which they come. */
static char *
write_anew (const char *text, const MhProtocolClock *clock, Span time,
    Span playhead, gint64 ts, gint64 by)
{
  GString *anew = g_string_sized_new (strlen (text) + 32);
  gboolean time_first = time.start < playhead.start;
  const char *at = text;

  for (guint i = 0; i < 2; i++) {
    gboolean is_time = (i == 0) == time_first;
    Span span = is_time ? time : playhead;

    g_string_append_len (anew, at, (gssize) (span.start - at));
    if (is_time)
      append_time (anew, clock, ts + by);
    else if (span.end > span.start)
      append_playhead (anew, clock, span, ts, by);
    at = span.end;
  }
  g_string_append (anew, at);
  return g_string_free (anew, FALSE);
}

/* Returns: (transfer full) (nullable): NULL: there is no time in it. */
static char *
redate_body (const char *text, const MhProtocolClock *clock, gint64 by)
{
  Span time, playhead;
  gint64 ts;

  if (!find_time (text, clock, &time, &ts))
    return NULL;
  /* Where there is none, it is an empty one, behind all. */
  if (!find_value (
          text, clock->playhead, clock->last, "-+.eE0123456789", &playhead))
    playhead.start = playhead.end = text + strlen (text);
  return write_anew (text, clock, time, playhead, ts, by);
}

GBytes *
mh_protocol_redate (const MhProtocolClock *clocks, GBytes *body, gint64 by)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = g_strndup (data ? data : "", length);
  char *redated = NULL;

  for (const MhProtocolClock *clock = clocks; clock->time && !redated;
       clock++) {
    if (g_str_has_prefix (text, clock->form))
      redated = redate_body (text, clock, by);
  }
  return redated ? g_bytes_new_take (redated, strlen (redated))
                 : g_bytes_ref (body);
}
