/* Tests of mh-json: what json-glib writes of it, json-glib reads back, and what
 * it writes is JSON.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json.h"
#include "mh-json-check.h"
#include "mh-text.h"

#include <float.h>
#include <locale.h>
#include <math.h>

static char *
to_text (JsonObject *object)
{
  g_autoptr (GBytes) bytes = mh_json_to_bytes (object);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_true (mh_json_check_object (text, length, 3));
  return g_strndup (text, length);
}

static void
assert_object (JsonObject *object, const char *wanted)
{
  g_autofree char *text = to_text (object);

  g_assert_cmpstr (text, ==, wanted);
}

/* As a member's value and as its name. */
static void
assert_string (const char *string, const char *wanted)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  mh_json_add_text (object, string, string);
  text = to_text (object);
  g_assert_null (strpbrk (text, "\r\n\t\x7f"));
  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  g_assert_cmpstr (
      json_object_get_string_member (json_node_get_object (node), wanted), ==,
      wanted);
}

static void
test_string (void)
{
  char all[128] = { '\0' };

  for (int c = 1; c < 128; c++)
    all[c - 1] = c == 0x1f ? ' ' : (char) c;
  assert_string (all, all);
  assert_string ("", "");
  assert_string ("L'été \"à\" \\ мểŧẳđαţả 🎬", "L'été \"à\" \\ мểŧẳđαţả 🎬");
  assert_string ("\xe2\x80\xa8", "\xe2\x80\xa8");
}

static void
test_string_invalid (void)
{
  assert_string ("a\xff\"b", "a\xef\xbf\xbd\"b");
  assert_string ("\xc3", "\xef\xbf\xbd");
  assert_string ("a\x1f", "a ");
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

/* @wanted: (nullable): NULL where it is enough that it is read as @value. */
static void
assert_number (double value, const char *wanted)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  const char *number;

  mh_json_add_number (object, "n", value);
  text = to_text (object);
  g_assert_true (g_str_has_prefix (text, "{\"n\":"));
  number = text + strlen ("{\"n\":");
  *strchr (text, '}') = '\0';
  if (wanted)
    g_assert_cmpstr (number, ==, wanted);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (number, NULL), value,
      fabs (value) < 1e-4 ? 6e-7 : G_MINDOUBLE);
}

static void
test_number (void)
{
  assert_number (0, "0");
  assert_number (-0.0, "0");
  assert_number (30, "30");
  assert_number (-30, "-30");
  assert_number (12.5, "12.5");
  assert_number (-10.48, "-10.48");
  assert_number (1e-8, "0");
  assert_number (-1e-8, "0");
  assert_number (9007199254740992.0, "9007199254740992");
  assert_number (1e17, "100000000000000000");
}

static void
test_number_beyond (void)
{
  g_autoptr (JsonObject) object = json_object_new ();

  mh_json_add_number (object, "a", 1e22);
  mh_json_add_number (object, "b", -DBL_MAX);
  mh_json_add_number (object, "c", INFINITY);
  mh_json_add_number (object, "d", NAN);
  assert_object (
      object, "{\"a\":9223372036854774784,\"b\":-9223372036854774784}");
}

/* Each of the smallest, for what json-glib makes of an exponent. */
static void
test_number_random (void)
{
  for (guint i = 0; i < 1000; i++)
    assert_number (i / 1e6, NULL);
  for (guint i = 0; i < 20000; i++)
    assert_number (
        ldexp (g_test_rand_double (), g_test_rand_int_range (-60, 60)), NULL);
}

static void
test_number_locale (void)
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
  assert_number (1.5, "1.5");
  setlocale (LC_NUMERIC, "C");
}

static void
test_integer (void)
{
  g_autoptr (JsonObject) object = json_object_new ();

  mh_json_add_integer (object, "a", G_MAXINT64);
  mh_json_add_integer (object, "b", G_MININT64);
  assert_object (
      object, "{\"a\":9223372036854775807,\"b\":-9223372036854775808}");
}

static void
test_variant (void)
{
  static const char *const values[] = { "'a'", "int64 -7", "1.25", "true",
    "false" };
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GVariant)
        value = g_variant_ref_sink (g_variant_new_parsed (values[i]));
    char name[] = { (char) ('a' + i), '\0' };

    mh_json_add_variant (object, name, value);
  }
  assert_object (
      object, "{\"a\":\"a\",\"b\":-7,\"c\":1.25,\"d\":true,\"e\":false}");
}

static void
test_first_counts (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *inner = json_object_new ();

  mh_json_add_integer (inner, "i", 1);
  mh_json_add_integer (object, "a", 1);
  mh_json_add_text (object, "b", NULL);
  mh_json_add_text (object, "a", "x");
  mh_json_add_boolean (object, "b", TRUE);
  mh_json_add_object (object, "a", json_object_ref (inner));
  mh_json_add_list (object, "a", json_object_ref (inner));
  mh_json_add_object (object, "empty", json_object_new ());
  mh_json_add_object (object, "c", json_object_ref (inner));
  mh_json_add_list (object, "d", inner);
  assert_object (
      object, "{\"a\":1,\"b\":true,\"c\":{\"i\":1},\"d\":[{\"i\":1}]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/string", test_string);
  g_test_add_func ("/json/string/invalid", test_string_invalid);
  g_test_add_func ("/json/string/long", test_string_long);
  g_test_add_func ("/json/number", test_number);
  g_test_add_func ("/json/number/beyond", test_number_beyond);
  g_test_add_func ("/json/number/random", test_number_random);
  g_test_add_func ("/json/number/locale", test_number_locale);
  g_test_add_func ("/json/integer", test_integer);
  g_test_add_func ("/json/variant", test_variant);
  g_test_add_func ("/json/first-counts", test_first_counts);
  return g_test_run ();
}
