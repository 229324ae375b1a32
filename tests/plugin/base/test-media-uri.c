/* Tests of mh-media-uri: IDs and names by URIs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media-uri.h"

#include <string.h>

static void
test_ids (void)
{
  static const struct
  {
    const char *uri, *id, *name;
    gboolean lasting;
  } uris[] = {
    { "file:///a/song%20one.ogg", "file:///a/song%20one.ogg", "song one.ogg",
        TRUE },
    { "https://me:secret@host/a/b.mp4?token=1#t=5", "https://host/a/b.mp4",
        "b.mp4", TRUE },
    { "mediasourceblob:https://host:8443/0b9d-11",
        "mediasourceblob:https://host:8443", "host:8443", FALSE },
    { "mediasourceblob:0b9d-11", "mediasourceblob:", NULL, FALSE },
    { "blob:https://host/0b9d-11", "blob:https://host", "host", FALSE },
    { "appsrc://", "appsrc://", "appsrc:", FALSE },
    { "fd://0", "fd://0", "0", FALSE },
    { "multifle:///tmp/clip.ts", "multifile:///tmp/clip.ts", "clip.ts", TRUE },
    { "multifle:s%2502d.jpg", "multifile:s%2502d.jpg", "s%02d.jpg", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autofree char *id = mh_media_uri_dup_id (uris[i].uri);
    g_autofree char *name = mh_media_uri_dup_name (uris[i].uri);

    g_assert_cmpstr (id, ==, uris[i].id);
    g_assert_cmpstr (name, ==, uris[i].name);
    g_assert_cmpint (
        mh_media_uri_is_lasting (uris[i].uri), ==, uris[i].lasting);
  }
}

/* Short, the same for the same media, and another for another. */
static void
test_data (void)
{
  g_autofree char *content = g_strnfill (100000, 'A');
  g_autofree char *uri = g_strconcat ("data:audio/wav;base64,", content, NULL);
  g_autofree char *other = g_strconcat (uri, "B", NULL);
  g_autofree char *id = mh_media_uri_dup_id (uri);
  g_autofree char *again = mh_media_uri_dup_id (uri);
  g_autofree char *other_id = mh_media_uri_dup_id (other);
  g_autofree char *name = mh_media_uri_dup_name (uri);

  g_assert_true (g_str_has_prefix (id, "data:audio/wav;sha256="));
  g_assert_cmpuint (strlen (id), <, 80);
  g_assert_cmpstr (id, ==, again);
  g_assert_cmpstr (id, !=, other_id);
  g_assert_cmpstr (name, ==, "audio/wav");
  g_assert_true (mh_media_uri_is_lasting (uri));
}

static void
test_fed (void)
{
  g_assert_true (mh_media_uri_is_fed ("mediasourceblob:https://host/1"));
  g_assert_false (mh_media_uri_is_fed ("https://host/1"));
  g_assert_false (mh_media_uri_is_fed (NULL));
}

static void
test_strip (void)
{
  static const char *const cases[][2] = {
    { "https://h/a", "https://h/a" },
    { "https://user:secret@h:1/a?b=c#d", "https://h:1/a" },
    { "https://user@h", "https://h" },
    { "file:///a%20b", "file:///a%20b" },
    { "https://h/a?x=https://u:p@y", "https://h/a" },
    /* Not URIs by the book. */
    { "https://u:secret@[h/b?c", "https://[h/b" },
    { "https://u:p@h/a b#c", "https://h/a b" },
    { "https://u:se@cret@h/a?b", "https://h/a" },
    { "https://u:se@cret@h a/b", "https://h a/b" },
    { "a b?c", "a b" },
    { "?", "" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *stripped = mh_media_uri_dup_id (cases[i][0]);

    g_assert_cmpstr (stripped, ==, cases[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media-uri/strip", test_strip);
  g_test_add_func ("/media-uri/ids", test_ids);
  g_test_add_func ("/media-uri/data", test_data);
  g_test_add_func ("/media-uri/fed", test_fed);
  return g_test_run ();
}
