/* mh-json-check: whether text is JSON, by the grammar and nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json-check.h"

#include <math.h>
#include <string.h>

/* Where the check has got to, and how many levels there may be below. */
typedef struct
{
  const char *at;
  const char *end;
  guint levels;
} JsonCheck;

static gboolean check_value (JsonCheck *check);

/* NUL is at the end, and nowhere in JSON. */
static char
peek (const JsonCheck *check)
{
  return check->at < check->end ? *check->at : '\0';
}

static gboolean
skip (JsonCheck *check, char c)
{
  if (check->at == check->end || *check->at != c)
    return FALSE;
  check->at++;
  return TRUE;
}

static void
skip_space (JsonCheck *check)
{
  while (peek (check) && strchr (" \t\r\n", *check->at))
    check->at++;
}

static gboolean
check_unicode_escape (JsonCheck *check)
{
  guint character = 0;

  for (guint i = 0; i < 4; i++) {
    if (!g_ascii_isxdigit (peek (check)))
      return FALSE;
    character = character * 16 + (guint) g_ascii_xdigit_value (*check->at++);
  }
  return character != 0 && (character < 0xd800 || character > 0xdfff);
}

static gboolean
check_escape (JsonCheck *check)
{
  if (skip (check, 'u'))
    return check_unicode_escape (check);
  if (!peek (check) || !strchr ("\"\\/bfnrt", *check->at))
    return FALSE;
  check->at++;
  return TRUE;
}

static gboolean
check_string (JsonCheck *check)
{
  if (!skip (check, '"'))
    return FALSE;
  while (!skip (check, '"')) {
    if ((guchar) peek (check) < 0x20)
      return FALSE;
    if (!skip (check, '\\'))
      check->at++;
    else if (!check_escape (check))
      return FALSE;
  }
  return TRUE;
}

static gboolean
skip_digits (JsonCheck *check)
{
  const char *first = check->at;

  while (g_ascii_isdigit (peek (check)))
    check->at++;
  return check->at > first;
}

/* Returns: whether a number of this grammar has a value. */
static gboolean
is_in_range (const char *number, const char *end, gboolean whole)
{
  g_autofree char *text = g_strndup (number, (gsize) (end - number));

  if (whole)
    return g_ascii_string_to_signed (
        text, 10, G_MININT64, G_MAXINT64, NULL, NULL);
  return isfinite (g_ascii_strtod (text, NULL));
}

static gboolean
json_check_number (JsonCheck *check)
{
  const char *number = check->at;
  gboolean whole = TRUE;

  skip (check, '-');
  if (!skip (check, '0') && !skip_digits (check))
    return FALSE;
  if (skip (check, '.')) {
    whole = FALSE;
    if (!skip_digits (check))
      return FALSE;
  }
  if (skip (check, 'e') || skip (check, 'E')) {
    whole = FALSE;
    if (!skip (check, '+'))
      skip (check, '-');
    if (!skip_digits (check))
      return FALSE;
  }
  return is_in_range (number, check->at, whole);
}

static gboolean
check_member (JsonCheck *check)
{
  skip_space (check);
  if (!check_string (check))
    return FALSE;
  skip_space (check);
  return skip (check, ':') && check_value (check);
}

static gboolean
check_container (
    JsonCheck *check, char last, gboolean (*check_item) (JsonCheck *))
{
  if (check->levels == 0)
    return FALSE;
  check->levels--;
  check->at++;
  skip_space (check);
  if (!skip (check, last)) {
    do {
      if (!check_item (check))
        return FALSE;
      skip_space (check);
    } while (skip (check, ','));
    if (!skip (check, last))
      return FALSE;
  }
  check->levels++;
  return TRUE;
}

static gboolean
check_word (JsonCheck *check)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i]);

    if ((gsize) (check->end - check->at) >= length &&
        memcmp (check->at, words[i], length) == 0) {
      check->at += length;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
check_value (JsonCheck *check)
{
  skip_space (check);
  switch (peek (check)) {
    case '{':
      return check_container (check, '}', check_member);
    case '[':
      return check_container (check, ']', check_value);
    case '"':
      return check_string (check);
    case 't':
    case 'f':
    case 'n':
      return check_word (check);
    default:
      return json_check_number (check);
  }
}

gboolean
mh_json_check_object (const char *text, gsize length, guint max_depth)
{
  JsonCheck check = { text, text + length, max_depth };

  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  skip_space (&check);
  if (peek (&check) != '{' || !check_value (&check))
    return FALSE;
  skip_space (&check);
  return check.at == check.end;
}
