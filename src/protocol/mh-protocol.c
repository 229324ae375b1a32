/* mh-protocol: what a hit looks like to a back end, and what its answers mean.
 * Here: what holds for every HTTP back end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <stdio.h>
#include <string.h>

/* How many bytes of a reason come from the server. */
#define REASON_QUOTE 150

void
mh_outcome_clear (MhOutcome *outcome)
{
  g_free (outcome->session_id);
  g_free (outcome->hint);
  g_free (outcome->reason);
  *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED };
}

const MhProtocol *
mh_protocol_get (MhProtocolKind kind)
{
  static const MhProtocol *const protocols[MH_N_PROTOCOLS] = {
#define ROW(kind, symbol, nick, title, whole) \
  [MH_PROTOCOL_##kind] = &mh_protocol_##symbol,
    MH_PROTOCOLS (ROW)
#undef ROW
  };

  g_return_val_if_fail ((guint) kind < MH_N_PROTOCOLS, NULL);
  return protocols[kind];
}

char *
mh_protocol_dup_endpoint (const MhConfig *config)
{
  const MhProtocol *protocol = mh_protocol_get (config->protocol);

  return protocol && protocol->endpoint ? protocol->endpoint (config)
                                        : g_strdup (config->collection_server);
}

char *
mh_protocol_format_time (gint64 ts)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ts / 1000);
  g_autofree char *seconds =
      time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : NULL;

  return g_strdup_printf (
      "%s.%03dZ", seconds ? seconds : "1970-01-01T00:00:00", (int) (ts % 1000));
}

char *
mh_protocol_join (const char *server, const char *path)
{
  gsize length = strlen (server);

  while (length > 0 && server[length - 1] == '/')
    length--;
  return g_strdup_printf ("%.*s/%s", (int) length, server, path);
}

GBytes *
mh_protocol_frame (
    const char *begin, const char *between, const char *end, GPtrArray *bodies)
{
  GString *text = g_string_new (begin);

  for (guint i = 0; i < bodies->len; i++) {
    gsize length;
    const char *body = g_bytes_get_data (bodies->pdata[i], &length);

    if (i > 0)
      g_string_append (text, between);
    g_string_append_len (text, body, (gssize) length);
  }
  g_string_append (text, end);
  return g_string_free_to_bytes (text);
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

gboolean
mh_protocol_check_hint (const char *hint)
{
  gsize length = strspn (hint, "abcdefghijklmnopqrstuvwxyz0123456789");

  return length >= 1 && length <= MH_HINT_MAX && !hint[length];
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
  const gint64 most = MH_PROTOCOL_RETRY_AFTER_MAX / MH_USEC_PER_SEC;
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

char *
mh_protocol_describe (const MhAnswer *answer, const char *lacking)
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
    if (lacking)
      g_string_append_printf (line, ", %s", lacking);
    if (answer->body) {
      gsize length;
      const char *text = g_bytes_get_data (answer->body, &length);

      if (length > 0)
        append_quote (line, text, length);
    }
  }
  return g_string_free (line, FALSE);
}

/* ---- the server's own answers, and those of what is in between ---- */

/* The first character of @body that is not white space, 0 for none. */
static char
first_character (GBytes *body)
{
  gsize length = 0;
  const char *text = body ? g_bytes_get_data (body, &length) : NULL;
  gsize i = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;
  return i < length ? text[i] : '\0';
}

void
mh_protocol_refine_event_refusal (const MhAnswer *answer, MhOutcome *outcome)
{
  gboolean expired = answer->status == 404 || answer->status == 410;

  outcome->repeated = expired || answer->status == 400;
  if (expired)
    outcome->kind = MH_OUTCOME_EXPIRED;
}

gboolean
mh_protocol_is_own (const MhAnswer *answer)
{
  return first_character (answer->body) != '<';
}

static gboolean
is_refusal (const MhAnswer *answer)
{
  switch (answer->status) {
    case 413:
    case 414:
    case 415:
    case 422:
    case 431:
      return TRUE;
    case 400:
    case 404:
    case 410:
      return mh_protocol_is_own (answer);
    case 407:
    case 408:
    case 425:
    case 429:
      return FALSE;
    default:
      return answer->status >= 400 && answer->status < 500 &&
          first_character (answer->body) == '{';
  }
}

/* What a gateway says of a server that it has waited for leaves open whether the
 * hit got there; a server's own failure does so as well. */
static gboolean
leaves_open (guint status)
{
  return status < 200 || (status >= 500 && status != 503 && status != 511);
}

gboolean
mh_protocol_status_outcome (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  guint status = answer->status;
  gboolean refused = is_refusal (answer);

  if (status >= 200 && status < 300 &&
      (status == 201 || status == 204 ||
          first_character (answer->body) != '<')) {
    *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED };
    return FALSE;
  }
  *outcome = (MhOutcome){
    .kind = refused ? MH_OUTCOME_REFUSED : MH_OUTCOME_RETRY,
    .retry_after = refused ? 0
                           : parse_retry_after (answer->retry_after, utc_now),
    .untaken = !refused && !leaves_open (status),
    .reason = mh_protocol_describe (answer, NULL),
  };
  return TRUE;
}
