/* player-output: the example player's lines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-output.h"

void
player_print (const char *what, const char *format, ...)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("%s.%03d  %-9s  %s\n", time,
      g_date_time_get_microsecond (now) / 1000, what, text);
}

void
player_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("mediaheartbeat-player: %s\n", text);
}
