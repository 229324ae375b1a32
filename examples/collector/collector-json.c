/* collector-json: text that is JSON, and nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-json.h"

#include <math.h>
#include <string.h>

/* Where the check has got to. The text is valid UTF-8 and ends with a NUL,
 * which no rule of the grammar accepts: nothing can run past it. */
typedef struct
{
  const char *at;
  guint depth;
  const char *fault; /* the first one found, NULL: none yet */
} Scanner;

static gboolean scan_value (Scanner *scanner);

static gboolean
fail (Scanner *scanner, const char *fault)
{
  if (!scanner->fault)
    scanner->fault = fault;
  return FALSE;
}

static void
skip_space (Scanner *scanner)
{
  scanner->at += strspn (scanner->at, " \t\r\n");
}

static gboolean
skip_char (Scanner *scanner, char c)
{
  if (*scanner->at != c)
    return FALSE;
  scanner->at++;
  return TRUE;
}

/* 0: there are no four digits. */
static guint
get_unit (const char *at)
{
  guint unit = 0;

  for (int i = 0; i < 4; i++) {
    if (!g_ascii_isxdigit (at[i]))
      return 0;
    unit = unit * 16 + (guint) g_ascii_xdigit_value (at[i]);
  }
  return unit;
}

/* A unit of UTF-16, in four digits. Two surrogates make a character; one by
 * itself makes none. */
static gboolean
scan_unit (Scanner *scanner)
{
  guint unit = get_unit (scanner->at);
  gboolean pair = (unit & 0xfc00) == 0xd800 &&
      strncmp (scanner->at + 4, "\\u", 2) == 0 &&
      (get_unit (scanner->at + 6) & 0xfc00) == 0xdc00;

  if ((unit & 0xf800) == 0xd800 && !pair)
    return fail (scanner, "half a character in a string");
  scanner->at += pair ? 10 : 4;
  return TRUE;
}

static gboolean
scan_escape (Scanner *scanner)
{
  if (*scanner->at != 'u') {
    if (!*scanner->at || !strchr ("\"\\/bfnrt", *scanner->at))
      return fail (scanner, "unknown escape in a string");
    scanner->at++;
    return TRUE;
  }
  scanner->at++;
  for (int i = 0; i < 4; i++) {
    if (!g_ascii_isxdigit (scanner->at[i]))
      return fail (scanner, "\\u without four hexadecimal digits");
  }
  if (strncmp (scanner->at, "0000", 4) == 0)
    return fail (scanner, "U+0000 in a string");
  return scan_unit (scanner);
}

static gboolean
scan_string (Scanner *scanner)
{
  if (!skip_char (scanner, '"'))
    return fail (scanner, "a string was expected");
  while (!skip_char (scanner, '"')) {
    if (!*scanner->at)
      return fail (scanner, "a string does not end");
    if ((guchar) *scanner->at < 0x20)
      return fail (scanner, "control character in a string");
    if (!skip_char (scanner, '\\'))
      scanner->at++;
    else if (!scan_escape (scanner))
      return FALSE;
  }
  return TRUE;
}

static gboolean
scan_digits (Scanner *scanner)
{
  if (!g_ascii_isdigit (*scanner->at))
    return fail (scanner, "a digit was expected");
  while (g_ascii_isdigit (*scanner->at))
    scanner->at++;
  return TRUE;
}

static gboolean
scan_fraction (Scanner *scanner, gboolean *whole)
{
  *whole = TRUE;
  if (skip_char (scanner, '.')) {
    *whole = FALSE;
    if (!scan_digits (scanner))
      return FALSE;
  }
  if (skip_char (scanner, 'e') || skip_char (scanner, 'E')) {
    *whole = FALSE;
    if (!skip_char (scanner, '+'))
      skip_char (scanner, '-');
    return scan_digits (scanner);
  }
  return TRUE;
}

static gboolean
scan_number (Scanner *scanner)
{
  const char *digits;
  gboolean whole;

  skip_char (scanner, '-');
  digits = scanner->at;
  if (*digits == '0' && g_ascii_isdigit (digits[1]))
    return fail (scanner, "a number begins with 0");
  if (!scan_digits (scanner) || !scan_fraction (scanner, &whole))
    return FALSE;
  /* strtoull saturates, and so is beyond the limit when it overflows. */
  if (whole ? g_ascii_strtoull (digits, NULL, 10) > G_MAXINT64
            : !isfinite (g_ascii_strtod (digits, NULL)))
    return fail (scanner, "a number is out of range");
  return TRUE;
}

static gboolean
scan_member (Scanner *scanner)
{
  skip_space (scanner);
  if (!scan_string (scanner))
    return FALSE;
  skip_space (scanner);
  if (!skip_char (scanner, ':'))
    return fail (scanner, "a colon was expected");
  return scan_value (scanner);
}

static gboolean
scan_container (Scanner *scanner, char last, gboolean (*item) (Scanner *))
{
  if (++scanner->depth > COLLECTOR_JSON_MAX_DEPTH)
    return fail (scanner, "nested too deep");
  scanner->at++;
  skip_space (scanner);
  if (!skip_char (scanner, last)) {
    do {
      if (!item (scanner))
        return FALSE;
      skip_space (scanner);
    } while (skip_char (scanner, ','));
    if (!skip_char (scanner, last))
      return fail (scanner, "a comma or closing bracket was expected");
  }
  scanner->depth--;
  return TRUE;
}

static gboolean
scan_word (Scanner *scanner)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_str_has_prefix (scanner->at, words[i])) {
      scanner->at += strlen (words[i]);
      return TRUE;
    }
  }
  return fail (scanner, "a value was expected");
}

static gboolean
scan_value (Scanner *scanner)
{
  skip_space (scanner);
  if (*scanner->at == '{')
    return scan_container (scanner, '}', scan_member);
  if (*scanner->at == '[')
    return scan_container (scanner, ']', scan_value);
  if (*scanner->at == '"')
    return scan_string (scanner);
  if (*scanner->at == '-' || g_ascii_isdigit (*scanner->at))
    return scan_number (scanner);
  return scan_word (scanner);
}

static gboolean
scan_text (const char *text, char **reason)
{
  Scanner scanner = { .at = text };

  if (scan_value (&scanner)) {
    skip_space (&scanner);
    if (!*scanner.at)
      return TRUE;
    fail (&scanner, "something follows the value");
  }
  *reason = g_strdup_printf (
      "the body is not JSON: %s at byte %" G_GSIZE_FORMAT, scanner.fault,
      (gsize) (scanner.at - text));
  return FALSE;
}

JsonNode *
collector_json_parse (const char *data, gsize length, char **reason)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  /* Also refuses NUL bytes, which would hide what follows them. */
  if (length > 0 && !g_utf8_validate_len (data, length, NULL)) {
    *reason = g_strdup ("the body is not UTF-8");
    return NULL;
  }
  text = g_strndup (data, length);
  if (!scan_text (text, reason))
    return NULL;
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, &error)) {
    *reason = g_strdup_printf ("the body is not JSON: %s", error->message);
    return NULL;
  }
  return json_parser_steal_root (parser);
}

/* ---- writing ---- */

static void
write_string (GString *text, const char *string)
{
  static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";

  g_string_append_c (text, '"');
  for (const char *c = string; *c; c++) {
    const char *known = NULL;

    for (guint i = 0; i + 1 < sizeof shorts && !known; i += 2)
      known = shorts[i] == *c ? &shorts[i + 1] : NULL;
    if (known)
      g_string_append_printf (text, "\\%c", *known);
    else if ((guchar) *c < 0x20 || *c == 0x7f)
      g_string_append_printf (text, "\\u%04x", *c);
    else
      g_string_append_c (text, *c);
  }
  g_string_append_c (text, '"');
}

static void
write_double (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number)) {
    g_string_append (text, "null");
    return;
  }
  g_ascii_dtostr (buffer, sizeof buffer, number);
  g_string_append (text, buffer);
  /* It stays a number with a fraction where it is read again. */
  if (!strpbrk (buffer, ".e"))
    g_string_append (text, ".0");
}

static void
write_value (GString *text, JsonNode *node)
{
  switch (json_node_get_value_type (node)) {
    case G_TYPE_STRING:
      write_string (text, json_node_get_string (node));
      break;
    case G_TYPE_INT64:
      g_string_append_printf (
          text, "%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    case G_TYPE_DOUBLE:
      write_double (text, json_node_get_double (node));
      break;
    default:
      g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
      break;
  }
}

static void write_node (GString *text, JsonNode *node);

static void
write_object (GString *text, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const char *before = "{";

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_string_append (text, before);
    write_string (text, name);
    g_string_append_c (text, ':');
    write_node (text, value);
    before = ",";
  }
  g_string_append (text, *before == '{' ? "{}" : "}");
}

static void
write_array (GString *text, JsonArray *array)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < json_array_get_length (array); i++) {
    if (i > 0)
      g_string_append_c (text, ',');
    write_node (text, json_array_get_element (array, i));
  }
  g_string_append_c (text, ']');
}

static void
write_node (GString *text, JsonNode *node)
{
  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      write_object (text, json_node_get_object (node));
      break;
    case JSON_NODE_ARRAY:
      write_array (text, json_node_get_array (node));
      break;
    case JSON_NODE_VALUE:
      write_value (text, node);
      break;
    case JSON_NODE_NULL:
      g_string_append (text, "null");
      break;
  }
}

char *
collector_json_write (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  write_node (text, node);
  return g_string_free (text, FALSE);
}

char *
collector_json_write_object (JsonObject *object)
{
  GString *text = g_string_new (NULL);

  write_object (text, object);
  return g_string_free (text, FALSE);
}
