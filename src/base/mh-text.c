/* mh-text: what any string must be before it goes out: UTF-8, and bounded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-text.h"

#include <string.h>

char *
mh_text_dup_fit (const char *text)
{
  /* More than is kept, and not all of it: a tag may hold a whole film. */
  gsize length = strnlen (text, MH_TEXT_MAX + 4);
  char *fit = g_utf8_make_valid (text, (gssize) length);

  if (strlen (fit) > MH_TEXT_MAX)
    *g_utf8_find_prev_char (fit, fit + MH_TEXT_MAX + 1) = '\0';
  return fit;
}

/* Returns: how many characters at the beginning of @text are a token's. */
static gsize
count_token (const char *text)
{
  gsize n = 0;

  while (text[n] &&
      (g_ascii_isalnum (text[n]) || strchr ("!#$%&'*+-.^_`|~", text[n])))
    n++;
  return n;
}

gboolean
mh_text_is_media_type (const char *text)
{
  gsize type = count_token (text);
  gsize subtype = text[type] == '/' ? count_token (text + type + 1) : 0;
  const char *rest;

  if (type == 0 || subtype == 0)
    return FALSE;
  rest = text + type + 1 + subtype;
  for (const char *c = rest; *c; c++) {
    if (!g_ascii_isprint (*c))
      return FALSE;
  }
  rest += strspn (rest, " ");
  return !*rest || *rest == ';';
}
