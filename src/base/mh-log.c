/* mh-log: what the core does, for a log.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"

static const MhLogHook *the_hook; /* atomic */

void
mh_log_set_hook (const MhLogHook *hook)
{
  g_atomic_pointer_set (&the_hook, hook);
}

gboolean
mh_log_wants (MhLogCategory category, MhLogLevel level)
{
  const MhLogHook *hook = g_atomic_pointer_get (&the_hook);

  return hook && hook->wants (category, level);
}

void
mh_log_write (const MhLogEntry *entry, const char *format, ...)
{
  const MhLogHook *hook = g_atomic_pointer_get (&the_hook);
  g_autofree char *text = NULL;
  MhLogEntry whole = *entry;
  va_list arguments;

  if (!hook)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  whole.text = text;
  hook->write (&whole);
}
