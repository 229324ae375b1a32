/* Tests of mh-tracer-options: the tracer's parameters as text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "mh-tracer-options.h"

typedef struct
{
  GstElement *element;
  MhTracerOptions options;
  GString *warnings; /* one a line */
  char *path;
} Fixture;

static void
on_warning (const char *text, gpointer user_data)
{
  g_string_append_printf (user_data, "%s\n", text);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("mh-tracer-options-XXXXXX", &fixture->path, &error);

  g_assert_no_error (error);
  close (fd);
  fixture->element = gst_element_factory_make ("mediaheartbeat", NULL);
  g_assert_nonnull (fixture->element);
  gst_object_ref_sink (fixture->element);
  fixture->warnings = g_string_new (NULL);
  fixture->options = (MhTracerOptions){ G_OBJECT (fixture->element), NULL,
    on_warning, fixture->warnings };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_object_unref (fixture->element);
  g_string_free (fixture->warnings, TRUE);
  g_free (fixture->options.filter);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static void
assert_string (Fixture *fixture, const char *property, const char *wanted)
{
  g_autofree char *value = NULL;

  g_object_get (fixture->element, property, &value, NULL);
  g_assert_cmpstr (value, ==, wanted);
}

static void
assert_uint (Fixture *fixture, const char *property, guint wanted)
{
  guint value;

  g_object_get (fixture->element, property, &value, NULL);
  g_assert_cmpuint (value, ==, wanted);
}

static void
assert_customer_id (
    Fixture *fixture, const char *name, const char *value, int auth_state)
{
  g_autoptr (GstStructure) ids = NULL;
  g_autoptr (GstStructure) id = NULL;
  int found = -1;

  g_object_get (fixture->element, "customer-ids", &ids, NULL);
  g_assert_true (gst_structure_get (ids, name, GST_TYPE_STRUCTURE, &id, NULL));
  g_assert_cmpstr (gst_structure_get_string (id, "value"), ==, value);
  g_assert_true (gst_structure_get_int (id, "auth-state", &found));
  g_assert_cmpint (found, ==, auth_state);
}

static void
take_file (Fixture *fixture, int mode, const char *content)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, content, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (fixture->path, (mode_t) mode), ==, 0);
  mh_tracer_options_take_file (&fixture->options, fixture->path);
}

/* ---- text ---- */

static void
test_text (Fixture *fixture, gconstpointer data)
{
  double length;
  gboolean granular;
  int privacy;

  mh_tracer_options_take_text (&fixture->options,
      "collection-server=https://a.example:8443/x, media-id=12, "
      "media-name=\"A; name, with (all)\", idle-timeout=60, media-length=12.5, "
      "granular-ads=true, privacy=opt-out, filter=\"a* b\"");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
  assert_string (fixture, "collection-server", "https://a.example:8443/x");
  assert_string (fixture, "media-id", "12");
  assert_string (fixture, "media-name", "A; name, with (all)");
  assert_uint (fixture, "idle-timeout", 60);
  g_object_get (fixture->element, "media-length", &length, "granular-ads",
      &granular, "privacy", &privacy, NULL);
  g_assert_cmpfloat (length, ==, 12.5);
  g_assert_true (granular);
  g_assert_cmpint (privacy, ==, 1);
  g_assert_cmpstr (fixture->options.filter, ==, "a* b");
}

static void
test_metadata (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstStructure) metadata = NULL;

  mh_tracer_options_take_text (&fixture->options,
      "metadata=(structure)\"metadata\\,\\ room\\=\\(string\\)42\\;\"");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
  g_object_get (fixture->element, "metadata", &metadata, NULL);
  g_assert_cmpstr (gst_structure_get_string (metadata, "room"), ==, "42");
}

/* What is wrong is named, with its value; the rest counts. */
static void
test_wrong (Fixture *fixture, gconstpointer data)
{
  mh_tracer_options_take_text (&fixture->options,
      "nonsense=1, idle-timeout=soon, ping-interval=0, name=x, stats=y, "
      "privacy=maybe, channel=c");
  g_assert_cmpstr (fixture->warnings->str, ==,
      "nonsense: there is no such parameter\n"
      "idle-timeout=soon: that is no guint\n"
      "ping-interval=0 is out of range\n"
      "name: there is no such parameter\n"
      "stats: there is no such parameter\n"
      "privacy=maybe: that is no GstMediaHeartbeatPrivacy\n");
  assert_uint (fixture, "idle-timeout", 1800);
  assert_uint (fixture, "ping-interval", 10);
  assert_string (fixture, "channel", "c");
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "=", "a=b c=d", "channel=\"open" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_string_truncate (fixture->warnings, 0);
    mh_tracer_options_take_text (&fixture->options, texts[i]);
    g_assert_cmpstr (fixture->warnings->str, !=, "");
  }
  g_string_truncate (fixture->warnings, 0);
  mh_tracer_options_take_text (&fixture->options, "");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
}

/* ---- file ---- */

static void
test_file (Fixture *fixture, gconstpointer data)
{
  take_file (fixture, 0644,
      "# what is told to whom\n[mediaheartbeat]\n"
      "collection-server=https://a.example?x=1&y\nidle-timeout=60\n"
      "filter=playbin\nchannel=with, comma\n[other]\nchannel=no\n");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
  assert_string (fixture, "collection-server", "https://a.example?x=1&y");
  assert_string (fixture, "channel", "with, comma");
  assert_uint (fixture, "idle-timeout", 60);
  g_assert_cmpstr (fixture->options.filter, ==, "playbin");
}

static void
test_file_secret (Fixture *fixture, gconstpointer data)
{
  static const char *const secrets[] = { "visitor-id=me", "analytics-id=me",
    "marketing-cloud-user-id=me", "app-installation-id=me",
    "metadata=metadata, name=(string)me;",
    "customer-ids=customer-ids, crm=[id, value=me, auth-state=1];",
    "customer-ids=customer-ids, crm=(string)\"me,1\";" };
  g_autofree char *wanted = g_strdup_printf (
      "%s: says who the visitor is, and others may read it; chmod 600\n",
      fixture->path);

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    g_autofree char *contents = g_strdup_printf (
        "[mediaheartbeat]\n%s\nchannel=c\n", secrets[i]);

    g_string_truncate (fixture->warnings, 0);
    take_file (fixture, 0640, contents);
    g_assert_cmpstr (fixture->warnings->str, ==, wanted);
    assert_string (fixture, "visitor-id", NULL);
    assert_string (fixture, "channel", NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    g_autofree char *contents = g_strdup_printf (
        "[mediaheartbeat]\n%s\n", secrets[i]);

    g_string_truncate (fixture->warnings, 0);
    take_file (fixture, 0600, contents);
    g_assert_cmpstr (fixture->warnings->str, ==, "");
  }
  assert_string (fixture, "visitor-id", "me");
  assert_string (fixture, "analytics-id", "me");
  assert_customer_id (fixture, "crm", "me", 1);
}

/* Without brackets: GST_TRACERS ends its parameters at the first one. */
static void
test_customer_ids (Fixture *fixture, gconstpointer data)
{
  mh_tracer_options_take_text (&fixture->options,
      "customer-ids=[ids, crm=[id, value=\"me, too\", auth-state=1], "
      "shop=[id, value=A22, auth-state=logged-out]], channel=c");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
  assert_customer_id (fixture, "crm", "me, too", 1);
  assert_customer_id (fixture, "shop", "A22", 2);
  assert_string (fixture, "channel", "c");
  take_file (fixture, 0600,
      "[mediaheartbeat]\ncustomer-ids=ids, "
      "crm=(structure)[id, value=(string)4711, auth-state=(int)2];\n");
  g_assert_cmpstr (fixture->warnings->str, ==, "");
  assert_customer_id (fixture, "crm", "4711", 2);
}

/* A secret is not shown where it cannot be used. */
static void
test_file_secret_shown (Fixture *fixture, gconstpointer data)
{
  take_file (fixture, 0600,
      "[mediaheartbeat]\nmetadata=my name\ncustomer-ids=my name\n");
  g_assert_cmpstr (fixture->warnings->str, !=, "");
  g_assert_null (strstr (fixture->warnings->str, "my name"));
}

static void
test_file_broken (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "", "channel=c\n",
    "[other]\nchannel=c\n", "[mediaheartbeat\n", "\377\376" };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_string_truncate (fixture->warnings, 0);
    take_file (fixture, 0600, contents[i]);
    g_assert_true (g_str_has_prefix (fixture->warnings->str, fixture->path));
    assert_string (fixture, "channel", NULL);
  }
}

static void
test_file_none (Fixture *fixture, gconstpointer data)
{
  g_autofree char *big = g_strnfill (70000, '#');

  mh_tracer_options_take_file (&fixture->options, "/nowhere/at/all");
  g_assert_nonnull (strstr (fixture->warnings->str, "No such file"));
  g_string_truncate (fixture->warnings, 0);
  mh_tracer_options_take_file (&fixture->options, "/dev/zero");
  g_assert_nonnull (strstr (fixture->warnings->str, "not a file"));
  g_string_truncate (fixture->warnings, 0);
  take_file (fixture, 0600, big);
  g_assert_nonnull (strstr (fixture->warnings->str, "64 KiB"));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/tracer-options/text", test_text },
    { "/tracer-options/text/metadata", test_metadata },
    { "/tracer-options/text/customer-ids", test_customer_ids },
    { "/tracer-options/text/wrong", test_wrong },
    { "/tracer-options/text/unreadable", test_unreadable },
    { "/tracer-options/file", test_file },
    { "/tracer-options/file/secret", test_file_secret },
    { "/tracer-options/file/secret-shown", test_file_secret_shown },
    { "/tracer-options/file/broken", test_file_broken },
    { "/tracer-options/file/none", test_file_none },
  };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
