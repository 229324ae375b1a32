/* fuzz-line: inputs that are lines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "fuzz.h"

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
