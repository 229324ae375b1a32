/* mh-text: what any string must be before it goes out: UTF-8, and bounded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-text.h"

#include <string.h>

gboolean
mh_text_is_fit (const char *text)
{
  gsize length = strnlen (text, MH_TEXT_MAX + 1);

  return length <= MH_TEXT_MAX && g_utf8_validate_len (text, length, NULL);
}

char *
mh_text_dup_fit (const char *text)
{
  /* More than is kept, and not all of it: it may be a film that somebody put
   * into a tag. */
  gsize length = strnlen (text, MH_TEXT_MAX + 4);
  char *fit = g_utf8_make_valid (text, (gssize) length);

  if (strlen (fit) > MH_TEXT_MAX)
    *g_utf8_find_prev_char (fit, fit + MH_TEXT_MAX + 1) = '\0';
  return fit;
}
