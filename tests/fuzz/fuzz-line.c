/* fuzz-line: inputs that are lines, and what LeakSanitizer need not tell of.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "fuzz.h"

/* json-glib 1.6 loses what it has read so far of objects within others when the
 * rest is broken. LeakSanitizer calls this; here only, as a leak of ours may have
 * the same function in its trace. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:json_parser_load_from_data\n";
}

char *
fuzz_take_line (const guint8 **data, gsize *size)
{
  const guint8 *end = *size > 0 ? memchr (*data, '\n', *size) : NULL;
  gsize length = end ? (gsize) (end - *data) : *size;
  char *line;

  if (*size == 0)
    return NULL;
  line = g_strndup ((const char *) *data, length);
  length += end != NULL;
  *data += length;
  *size -= length;
  return line;
}
