/* Tests of mh-json-check: what is JSON, and what only some parsers take for it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json-check.h"

#include <string.h>

#define DEPTH 4

static const char *const accepted[] = {
  "{}",
  " { \"a\" : [ 1 , -2.5e3 , 0 , 1E+2 , true , false , null , \"\" ] }\r\n\t",
  "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uFFFF\xc3\xa9\x7f\"}",
  "{\"a\":[9223372036854775807,-9223372036854775808,1e308]}",
  "{\"a\":[[[]],[{}],{\"b\":{}}]}",
};

static const char *const refused[] = {
  /* No object, or more than one. */
  "",
  " ",
  "[]",
  "1",
  "\"a\"",
  "null",
  "{}{}",
  "{} x",
  "{},",
  "{",
  "{}}",
  /* What json-glib has taken for JSON. */
  "/* c */{}",
  "{}// c",
  "var x = {};",
  "{};",
  "{'a':1}",
  "{a:1}",
  "{\"a\":1,}",
  "{\"a\":[1,]}",
  "{\"a\":0x10}",
  "{\"a\":01}",
  "\xef\xbb\xbf{}",
  /* Numbers. */
  "{\"a\":+1}",
  "{\"a\":1.}",
  "{\"a\":.5}",
  "{\"a\":1e}",
  "{\"a\":-}",
  "{\"a\":NaN}",
  "{\"a\":Infinity}",
  "{\"a\":9223372036854775808}",
  "{\"a\":-9223372036854775809}",
  "{\"a\":1e999}",
  /* Strings. */
  "{\"a\":\"\\x41\"}",
  "{\"a\":\"\\u12\"}",
  "{\"a\":\"\\u0000\"}",
  "{\"a\":\"\\ud83c\"}",
  "{\"a\":\"\n\"}",
  "{\"a\":\"\xff\"}",
  "{\"a\":\"b",
  "{\"a\":\"b\\",
  "{\"a\":\"b\\u",
  /* Words and punctuation. */
  "{\"a\":tru",
  "{\"a\":True}",
  "{\"a\":}",
  "{\"a\"}",
  "{\"a\" 1}",
  "{1:1}",
  "{\"a\":[}",
  "{\"a\":[1 2]}",
  /* One level more. */
  "{\"a\":[[[[]]]]}",
};

/* In memory of just this size: a byte too far is found by the sanitizers. */
static gboolean
check (const char *text, gsize length)
{
  g_autofree char *copy = g_memdup2 (text, length);

  return mh_json_check_object (copy, length, DEPTH);
}

static void
test_accepted (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_test_message ("%u", i);
    g_assert_true (check (accepted[i], strlen (accepted[i])));
  }
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_test_message ("%u", i);
    g_assert_false (check (refused[i], strlen (refused[i])));
  }
}

/* A part of an object is none. */
static void
test_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    for (gsize n = 0; n < (gsize) (strrchr (accepted[i], '}') - accepted[i]);
         n++)
      g_assert_false (check (accepted[i], n));
  }
}

static void
test_nul (void)
{
  g_assert_false (check ("{}\0", 3));
  g_assert_false (check ("{\"\0\":1}", 7));
  g_assert_false (check ("{\0}", 3));
}

static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');

  memcpy (deep, "{\"a\":", 5);
  g_assert_false (check (deep, 1000000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-check/accepted", test_accepted);
  g_test_add_func ("/json-check/refused", test_refused);
  g_test_add_func ("/json-check/cut", test_cut);
  g_test_add_func ("/json-check/nul", test_nul);
  g_test_add_func ("/json-check/deep", test_deep);
  return g_test_run ();
}
