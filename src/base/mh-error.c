/* mh-error: the project's error domain, and warnings.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-error.h"

G_DEFINE_QUARK (mh - error - quark, mh_error)

void
mh_warn (MhWarningFunc warning, gpointer user_data, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  warning (message, user_data);
}
