/* collector-text: text from outside, made safe to show.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-text.h"

static gboolean
is_printable (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return g_unichar_isprint (c) && type != G_UNICODE_LINE_SEPARATOR &&
      type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

static void
append_escaped (GString *line, gunichar c)
{
  if (c <= 0xffff) {
    g_string_append_printf (line, "\\u%04x", c);
    return;
  }
  c -= 0x10000;
  g_string_append_printf (
      line, "\\u%04x\\u%04x", 0xd800 + (c >> 10), 0xdc00 + (c & 0x3ff));
}

char *
collector_text_printable (const char *text, glong max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  const char *at = valid;

  for (; *at && max != 0; at = g_utf8_next_char (at), max--) {
    gunichar c = g_utf8_get_char (at);

    if (is_printable (c))
      g_string_append_unichar (line, c);
    else
      append_escaped (line, c);
  }
  if (*at)
    g_string_append (line, "…");
  return g_string_free (line, FALSE);
}

gboolean
collector_text_refuse (char **reason, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  *reason = collector_text_printable (text, -1);
  return FALSE;
}
