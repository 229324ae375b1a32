/* Tests of mh-json: what it writes, json-glib reads back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json.h"
#include "mh-text.h"

#include <float.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <math.h>

static void
assert_string (const char *text, const char *wanted)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  mh_json_append_string (json, text);
  g_assert_true (g_utf8_validate (json->str, json->len, NULL));
  node = json_from_string (json->str, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_node_get_string (node), ==, wanted);
}

static void
test_string (void)
{
  char all[128];

  for (int c = 1; c < 128; c++)
    all[c - 1] = (char) c;
  all[127] = '\0';
  assert_string (all, all);
  assert_string ("", "");
  assert_string ("L'été \"à\" \\ мểŧẳđαţả 🎬", "L'été \"à\" \\ мểŧẳđαţả 🎬");
  assert_string ("\xe2\x80\xa8", "\xe2\x80\xa8");
}

static void
test_string_one_line (void)
{
  g_autoptr (GString) json = g_string_new (NULL);

  mh_json_append_string (json, "a\nb\rc\t\x7f");
  g_assert_cmpstr (json->str, ==, "\"a\\u000ab\\u000dc\\u0009\\u007f\"");
}

static void
test_string_invalid (void)
{
  assert_string ("a\xff\"b", "a\xef\xbf\xbd\"b");
  assert_string ("\xc3", "\xef\xbf\xbd");
  assert_string ("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

/* A value has a bound, whatever it comes from. */
static void
test_string_long (void)
{
  g_autofree char *text = g_strnfill (1000000, 'x');
  g_autofree char *cut = g_strndup (text, MH_TEXT_MAX);

  assert_string (text, cut);
}

static void
assert_double (double value, const char *wanted)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  mh_json_append_double (json, value);
  if (wanted)
    g_assert_cmpstr (json->str, ==, wanted);
  g_assert_true (g_ascii_strtod (json->str, NULL) == value);
  node = json_from_string (json->str, &error);
  g_assert_no_error (error);
  g_assert_true (json_node_get_double (node) == value);
}

static void
test_double (void)
{
  assert_double (0, "0");
  assert_double (-0.0, "0");
  assert_double (30, "30");
  assert_double (-30, "-30");
  assert_double (1.1, "1.1");
  assert_double (86399.999999, "86399.999999");
  assert_double (0.1 + 0.2, "0.30000000000000004");
  assert_double (1e-7, "1e-07");
  assert_double (9007199254740992.0, "9007199254740992");
  assert_double (1e22, "1e+22");
  assert_double (DBL_MAX, NULL);
  assert_double (DBL_MIN, NULL);
}

static void
test_double_random (void)
{
  for (guint i = 0; i < 20000; i++)
    assert_double (
        ldexp (g_test_rand_double (), g_test_rand_int_range (-60, 60)), NULL);
}

static void
test_double_locale (void)
{
  static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE",
    "fr_FR" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    if (setlocale (LC_NUMERIC, names[i]))
      break;
  }
  if (i == G_N_ELEMENTS (names)) {
    g_test_skip ("no locale with a decimal comma");
    return;
  }
  assert_double (1.5, "1.5");
  setlocale (LC_NUMERIC, "C");
}

static void
test_integer (void)
{
  g_autoptr (GString) json = g_string_new (NULL);

  mh_json_append_integer (json, G_MAXINT64);
  mh_json_append_integer (json, G_MININT64);
  g_assert_cmpstr (json->str, ==, "9223372036854775807-9223372036854775808");
}

static void
assert_variant (const char *value, const char *wanted)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GVariant)
      parsed = g_variant_ref_sink (g_variant_new_parsed (value));

  mh_json_append_variant (json, parsed);
  g_assert_cmpstr (json->str, ==, wanted);
}

static void
test_variant (void)
{
  assert_variant ("'a'", "\"a\"");
  assert_variant ("int64 -7", "-7");
  assert_variant ("1.25", "1.25");
  assert_variant ("true", "true");
  assert_variant ("false", "false");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/string", test_string);
  g_test_add_func ("/json/string/one-line", test_string_one_line);
  g_test_add_func ("/json/string/invalid", test_string_invalid);
  g_test_add_func ("/json/string/long", test_string_long);
  g_test_add_func ("/json/double", test_double);
  g_test_add_func ("/json/double/random", test_double_random);
  g_test_add_func ("/json/double/locale", test_double_locale);
  g_test_add_func ("/json/integer", test_integer);
  g_test_add_func ("/json/variant", test_variant);
  return g_test_run ();
}
