/* mh-json: JSON as text, written front to back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json.h"
#include "mh-text.h"

#include <math.h>

/* Up to here every whole number is a double of its own. */
#define EXACT_INTEGERS 9007199254740992.0

/* Appends @text, which is UTF-8, escaped. */
static void
append_escaped (GString *json, const char *text)
{
  const char *run = text, *p;

  for (p = text; *p; p++) {
    guchar c = (guchar) *p;

    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
      continue;
    g_string_append_len (json, run, p - run);
    if (c == '"' || c == '\\') {
      g_string_append_c (json, '\\');
      g_string_append_c (json, (char) c);
    } else {
      g_string_append_printf (json, "\\u%04x", c);
    }
    run = p + 1;
  }
  g_string_append_len (json, run, p - run);
}

void
mh_json_append_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  if (mh_text_is_fit (text)) {
    append_escaped (json, text);
  } else {
    g_autofree char *fit = mh_text_dup_fit (text);

    append_escaped (json, fit);
  }
  g_string_append_c (json, '"');
}

void
mh_json_append_integer (GString *json, gint64 value)
{
  g_string_append_printf (json, "%" G_GINT64_FORMAT, value);
}

void
mh_json_append_double (GString *json, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (isfinite (value));

  if (fabs (value) <= EXACT_INTEGERS && value == rint (value)) {
    mh_json_append_integer (json, (gint64) value);
    return;
  }
  /* 15 digits show what was meant (1.1), 17 are always enough. */
  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_formatd (text, sizeof text, "%.17g", value);
  g_string_append (json, text);
}

void
mh_json_append_variant (GString *json, GVariant *value)
{
  switch (g_variant_classify (value)) {
    case G_VARIANT_CLASS_STRING:
      mh_json_append_string (json, g_variant_get_string (value, NULL));
      return;
    case G_VARIANT_CLASS_INT64:
      mh_json_append_integer (json, g_variant_get_int64 (value));
      return;
    case G_VARIANT_CLASS_DOUBLE:
      mh_json_append_double (json, g_variant_get_double (value));
      return;
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (json, g_variant_get_boolean (value) ? "true" : "false");
      return;
    /* GLib's enum, not ours: the others are a caller's mistake. */
    default:
      g_return_if_reached ();
  }
}
