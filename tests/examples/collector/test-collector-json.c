/* Tests of collector-json: what is JSON and what only json-glib takes for it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-json.h"

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
  return g_test_run ();
}
