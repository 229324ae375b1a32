/* mh-protocol: what a hit looks like to a back end, and what its answers mean.
 * Here: what holds for every HTTP back end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"

#include <stdio.h>
#include <string.h>

#include "mh-protocol-collection.h"
#include "mh-retry.h"

/* How many bytes of a reason come from the server. */
#define REASON_QUOTE 150

void
mh_outcome_clear (MhOutcome *outcome)
{
  g_free (outcome->session_id);
  g_free (outcome->reason);
  *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED };
}

const MhProtocol *
mh_protocol_get (MhProtocolKind kind)
{
  switch (kind) {
    case MH_PROTOCOL_MEDIA_COLLECTION:
      return &mh_protocol_collection;
    case MH_PROTOCOL_MEDIA_EDGE:
      return NULL;
  }
  g_return_val_if_reached (NULL);
}

char *
mh_protocol_join (const char *server, const char *path)
{
  gsize length = strlen (server);

  while (length > 0 && server[length - 1] == '/')
    length--;
  return g_strdup_printf ("%.*s/%s", (int) length, server, path);
}

gboolean
mh_protocol_check_session_id (const char *id, gsize length)
{
  if (length < 1 || length > MH_SESSION_ID_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (id[i]) && id[i] != '_' && id[i] != '-')
      return FALSE;
  }
  return TRUE;
}

/* Seconds UTC of the three forms that RFC 9110 has for a date, -1 for what is
 * none of them. Not by strptime(): it goes by the locale. */
static gint64
parse_http_date (const char *text)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) date = NULL;
  char name[4] = "";
  int day, year, hour, minute, second, month;

  if (sscanf (text, "%*[A-Za-z], %2d %3s %4d %2d:%2d:%2d GMT", &day, name,
          &year, &hour, &minute, &second) != 6 &&
      sscanf (text, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT", &day,
          name, &year, &hour, &minute, &second) != 6 &&
      sscanf (text, "%*[A-Za-z] %3s %2d %2d:%2d:%2d %4d", name, &day, &hour,
          &minute, &second, &year) != 6)
    return -1;
  if (year < 100)
    year += 2000;
  for (month = 0; month < 12; month++) {
    if (g_str_equal (months[month], name))
      break;
  }
  /* NULL where any of them is out of range. */
  date = g_date_time_new_utc (year, month + 1, day, hour, minute, second);
  return date ? g_date_time_to_unix (date) : -1;
}

/* The server's wish in microseconds from now; 0 for none and for garbage. */
static MhTime
parse_retry_after (const char *header, gint64 utc_now)
{
  const gint64 most = MH_RETRY_AFTER_MAX / MH_USEC_PER_SEC;
  gint64 seconds;
  gsize digits;

  if (!header)
    return 0;
  header += strspn (header, " \t");
  digits = strspn (header, "0123456789");
  if (digits > 0) {
    if (header[digits + strspn (header + digits, " \t")])
      return 0;
    /* Saturates where the number is too long. */
    seconds = (gint64) MIN (
        g_ascii_strtoull (header, NULL, 10), (guint64) most);
  } else {
    gint64 date = parse_http_date (header);

    if (date < 0)
      return 0;
    seconds = CLAMP (date - utc_now, 0, most);
  }
  return MH_TIME_FROM_SEC (seconds);
}

/* Appends the beginning of what came from outside as one line of printable
 * text, or nothing if it is not text. */
static void
append_quote (GString *line, const char *text, gsize length)
{
  gsize most = MIN (length, REASON_QUOTE);
  gboolean space = FALSE, any = FALSE;
  const char *end, *p;

  /* A character that the cut has split is not the server's fault. */
  if (!g_utf8_validate_len (text, most, &end) &&
      (most == length ||
          g_utf8_get_char_validated (end, text + most - end) != (gunichar) -2))
    return;
  for (p = text; p < end; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (!g_unichar_isprint (c) || g_unichar_isspace (c)) {
      space = TRUE;
      continue;
    }
    g_string_append (line, !any ? ": " : space ? " " : "");
    g_string_append_unichar (line, c);
    any = TRUE;
    space = FALSE;
  }
}

/* For people: what @answer was. */
static char *
describe_answer (const MhAnswer *answer)
{
  GString *line = g_string_new (NULL);

  if (g_error_matches (answer->error, MH_ERROR, MH_ERROR_CONFIG)) {
    /* Not a server's doing, and not to be cut: people have to mend it. */
    g_string_append (line, answer->error->message);
  } else if (answer->status == 0) {
    g_string_append (line, "no answer");
    if (answer->error)
      append_quote (
          line, answer->error->message, strlen (answer->error->message));
  } else {
    g_string_append_printf (line, "HTTP %u", answer->status);
    if (answer->body) {
      gsize length;
      const char *text = g_bytes_get_data (answer->body, &length);

      if (length > 0)
        append_quote (line, text, length);
    }
  }
  return g_string_free (line, FALSE);
}

gboolean
mh_protocol_status_outcome (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  guint status = answer->status;
  gboolean refused = status >= 400 && status < 500 && status != 408 &&
      status != 425 && status != 429;

  if (status >= 200 && status < 300)
    return FALSE;
  *outcome = (MhOutcome){
    .kind = refused ? MH_OUTCOME_REFUSED : MH_OUTCOME_RETRY,
    .retry_after = refused ? 0
                           : parse_retry_after (answer->retry_after, utc_now),
    .reason = describe_answer (answer),
  };
  return TRUE;
}
