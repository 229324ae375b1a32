/* Tests of mh-text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-text.h"

#include <string.h>

static void
assert_fit (const char *text, const char *wanted)
{
  g_autofree char *fit = mh_text_dup_fit (text);

  g_assert_cmpstr (fit, ==, wanted);
  g_assert_cmpuint (strlen (fit), <=, MH_TEXT_MAX);
  g_assert_true (g_utf8_validate (fit, -1, NULL));
}

static void
test_short (void)
{
  assert_fit ("", "");
  assert_fit ("мета", "мета");
  assert_fit ("a\xff"
              "b",
      "a\xef\xbf\xbd"
      "b");
  assert_fit ("\xc3", "\xef\xbf\xbd");
}

/* Characters of 1 to 4 bytes, and each place that the cut may come at. */
static void
test_long (void)
{
  static const char *const characters[] = { "a", "é", "€", "🎬" };

  for (guint i = 0; i < G_N_ELEMENTS (characters); i++) {
    for (guint before = 0; before < 4; before++) {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) wanted = g_string_new (NULL);

      for (guint j = 0; j < before; j++)
        g_string_append_c (text, '.');
      while (text->len <= 2 * MH_TEXT_MAX) {
        if (text->len + strlen (characters[i]) > MH_TEXT_MAX &&
            wanted->len == 0)
          g_string_assign (wanted, text->str);
        g_string_append (text, characters[i]);
      }
      g_assert_cmpuint (wanted->len, >, MH_TEXT_MAX - 4);
      assert_fit (text->str, wanted->str);
      assert_fit (wanted->str, wanted->str);
    }
  }
}

/* What stands for a bad byte is longer than that. */
static void
test_long_and_bad (void)
{
  g_autofree char *text = g_strnfill (2 * MH_TEXT_MAX, '\xff');
  g_autofree char *fit = mh_text_dup_fit (text);

  g_assert_true (g_utf8_validate (fit, -1, NULL));
  g_assert_cmpuint (strlen (fit), ==, MH_TEXT_MAX / 3 * 3);
}

static void
test_media_type (void)
{
  static const char *const right[] = { "text/plain", "a/b", "a/b;", "a/b ;c=d",
    "application/vnd.x-y+json; charset=\"a b\"" };
  static const char *const wrong[] = { "", "/", "a", "a/", "/b", "a /b", "a/ b",
    "a/b/c", "a/b c", "a/b,c/d", "a/b;\tc", "a/b\n", "a/b\r\nX: y",
    "\xc3\xa9/b", "a/b; \xc3\xa9" };

  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    g_assert_true (mh_text_is_media_type (right[i]));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (mh_text_is_media_type (wrong[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/short", test_short);
  g_test_add_func ("/text/long", test_long);
  g_test_add_func ("/text/long/bad", test_long_and_bad);
  g_test_add_func ("/text/media-type", test_media_type);
  return g_test_run ();
}
