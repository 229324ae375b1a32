/* Tests of collector-json: what is JSON and what only json-glib takes for it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-json.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *text;
} Case;

static const Case accepted[] = {
  { "object", "{\"a\": [1, -2.5e3, true, false, null, \"\"]}" },
  { "empty-object", " {} " },
  { "scalar", "0" },
  { "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"" },
  { "largest-integer", "[9223372036854775807, -9223372036854775807]" },
  { "deepest",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" },
};

static const Case rejected[] = {
  { "nothing", "" },
  { "space-only", " \n" },
  { "comment", "/* c */ {}" },
  { "line-comment", "{} // c" },
  { "single-quotes", "{'a': 1}" },
  { "bare-name", "{a: 1}" },
  { "assignment", "var x = {};" },
  { "trailing-comma", "[1,]" },
  { "trailing-garbage", "{} x" },
  { "second-value", "{}{}" },
  { "leading-zero", "[01]" },
  { "hexadecimal", "[0x10]" },
  { "plus", "[+1]" },
  { "no-digit-after-point", "[1.]" },
  { "no-digit-before-point", "[.5]" },
  { "no-exponent", "[1e]" },
  { "not-a-number", "[NaN]" },
  { "integer-too-large", "[9223372036854775808]" },
  { "integer-much-too-large", "[99999999999999999999999]" },
  { "number-too-large", "[1e400]" },
  { "unknown-escape", "\"\\x41\"" },
  { "short-escape", "\"\\u12\"" },
  { "nul-escape", "\"a\\u0000b\"" },
  { "lone-surrogate", "\"\\ud800\"" },
  { "control-character", "\"a\nb\"" },
  { "unterminated-string", "\"a" },
  { "unterminated-escape", "\"a\\" },
  { "unterminated-object", "{\"a\": 1" },
  { "no-colon", "{\"a\" 1}" },
  { "wrong-bracket", "[1}" },
  { "invalid-utf8", "\"\xff\"" },
  { "byte-order-mark", "\xef\xbb\xbf{}" },
  { "too-deep",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" },
};

static void
accepts (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *reason = NULL;
  g_autoptr (JsonNode)
      node = collector_json_parse (test->text, strlen (test->text), &reason);

  g_assert_cmpstr (reason, ==, NULL);
  g_assert_nonnull (node);
}

static void
rejects (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *reason = NULL;
  g_autoptr (JsonNode)
      node = collector_json_parse (test->text, strlen (test->text), &reason);

  g_assert_null (node);
  g_assert_true (g_str_has_prefix (reason, "the body is not "));
}

static void
rejects_nul_byte (void)
{
  g_autofree char *reason = NULL;

  g_assert_null (collector_json_parse ("{}\0{}", 5, &reason));
  g_assert_cmpstr (reason, ==, "the body is not UTF-8");
}

static void
rejects_nesting_bomb (void)
{
  g_autofree char *bomb = g_strnfill (100000, '[');
  g_autofree char *reason = NULL;

  g_assert_null (collector_json_parse (bomb, 100000, &reason));
  g_assert_cmpstr (
      reason, ==, "the body is not JSON: nested too deep at byte 32");
}

static void
keeps_integers_apart_from_numbers (void)
{
  g_autofree char *reason = NULL;
  g_autoptr (JsonNode) node = collector_json_parse ("[5, 5.0]", 8, &reason);
  JsonArray *array = json_node_get_array (node);

  g_assert_true (json_node_get_value_type (json_array_get_element (array, 0)) ==
      G_TYPE_INT64);
  g_assert_true (json_node_get_value_type (json_array_get_element (array, 1)) ==
      G_TYPE_DOUBLE);
}

/* Read and written, these are the same text. */
static const char *const written[] = { "1e+22", "1e-10", "0.5", "5.0", "-7",
  "[]", "{}", "[true,false,null]", "{\"a\":[{\"b\":1.5}]}",
  "\"\\\"\\\\\\n\\u0001\\u007f\xc3\xa4\"" };

static void
writes_what_it_reads (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (written); i++) {
    g_autofree char *reason = NULL;
    g_autoptr (JsonNode)
        node = collector_json_parse (written[i], strlen (written[i]), &reason);
    g_autofree char *text = NULL;

    g_assert_cmpstr (reason, ==, NULL);
    text = collector_json_write (node);
    g_assert_cmpstr (text, ==, written[i]);
  }
}

static void
writes_no_infinity (void)
{
  g_autoptr (JsonNode)
      node = json_node_init_double (json_node_alloc (), INFINITY);
  g_autofree char *text = collector_json_write (node);

  g_assert_cmpstr (text, ==, "null");
}

/* Half a character is no UTF-8. */
static void
wants_whole_characters (void)
{
  static const char *const halves[] = { "\"\\ud83d\"", "\"\\ude00\"",
    "\"\\ud83d\\u0041\"", "\"\\ude00\\ud83d\"", "\"\\ud83d\\ud83d\"" };
  g_autofree char *none = NULL;
  g_autoptr (JsonNode)
      pair = collector_json_parse ("\"\\ud83d\\ude00\"", 14, &none);

  g_assert_cmpstr (json_node_get_string (pair), ==, "\xf0\x9f\x98\x80");
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++) {
    g_autofree char *reason = NULL;

    g_assert_null (
        collector_json_parse (halves[i], strlen (halves[i]), &reason));
    g_assert_nonnull (strstr (reason, "half a character"));
  }
}

static void
add (const char *prefix, const Case *test, GTestDataFunc func)
{
  g_autofree char *path = g_strconcat (
      "/collector/json/", prefix, test->name, NULL);

  g_test_add_data_func (path, test, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    add ("accepts-", &accepted[i], accepts);
  for (guint i = 0; i < G_N_ELEMENTS (rejected); i++)
    add ("rejects-", &rejected[i], rejects);
  g_test_add_func ("/collector/json/rejects-nul-byte", rejects_nul_byte);
  g_test_add_func (
      "/collector/json/rejects-nesting-bomb", rejects_nesting_bomb);
  g_test_add_func ("/collector/json/keeps-integers-apart-from-numbers",
      keeps_integers_apart_from_numbers);
  g_test_add_func (
      "/collector/json/writes-what-it-reads", writes_what_it_reads);
  g_test_add_func ("/collector/json/writes-no-infinity", writes_no_infinity);
  g_test_add_func (
      "/collector/json/wants-whole-characters", wants_whole_characters);
  return g_test_run ();
}
