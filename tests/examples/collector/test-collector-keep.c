/* Tests of collector-keep: what came is there after a restart.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-keep.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  GString *seen; /* what was loaded */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("collector-keep-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "kept.db", NULL);
  fixture->seen = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3; i++) {
    static const char *const ends[] = { "", "-wal", "-shm" };
    g_autofree char *path = g_strconcat (fixture->path, ends[i], NULL);

    g_unlink (path);
  }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_string_free (fixture->seen, TRUE);
}

static CollectorKeep *
open_file (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CollectorKeep *keep = collector_keep_new (fixture->path, &error);

  g_assert_no_error (error);
  return keep;
}

static void
add (CollectorKeep *keep, const char *session, const char *type, gint64 ts,
    guint status)
{
  g_autofree char *text = g_strdup_printf (
      "{\"eventType\":\"%s\",\"playerTime\":{\"playhead\":1.5,"
      "\"ts\":%" G_GINT64_FORMAT "}}",
      type, ts);
  g_autoptr (JsonNode) event = json_from_string (text, NULL);
  const CollectorReport report = {
    .accepted = status < 400,
    .status = status,
    .protocol = "media-collection",
    .arrival = ts + 5,
    .path = "/here",
    .session_id = session,
    .event = json_node_get_object (event),
    .reason = status < 400 ? NULL : "a reason",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (collector_keep_add (keep, &report, &error));
}

static void
note (const CollectorReport *report, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->seen,
      "%" G_GINT64_FORMAT " %u %s %s %s %s %s\n", report->arrival,
      report->status, report->protocol, report->path,
      report->session_id ? report->session_id : "-",
      json_object_get_string_member (report->event, "eventType"),
      report->reason ? report->reason : "-");
}

static void
load (Fixture *fixture, CollectorKeep *keep)
{
  g_autoptr (GError) error = NULL;

  g_string_truncate (fixture->seen, 0);
  g_assert_true (collector_keep_load (keep, note, fixture, &error));
  g_assert_no_error (error);
}

static void
keeps_all_in_order (Fixture *fixture, gconstpointer data)
{
  CollectorKeep *keep = open_file (fixture);

  add (keep, "a", "sessionStart", 100, 201);
  add (keep, "b", "sessionStart", 50, 201);
  add (keep, "a", "play", 200, 400);
  add (keep, NULL, "ping", 300, 404);
  collector_keep_free (keep);
  keep = open_file (fixture);
  load (fixture, keep);
  g_assert_cmpstr (fixture->seen->str, ==,
      "105 201 media-collection /here a sessionStart -\n"
      "55 201 media-collection /here b sessionStart -\n"
      "205 400 media-collection /here a play a reason\n"
      "305 404 media-collection /here - ping a reason\n");
  collector_keep_free (keep);
}

static void
keeps_what_tells_no_playhead (Fixture *fixture, gconstpointer data)
{
  CollectorKeep *keep = open_file (fixture);
  g_autoptr (JsonNode) event = json_from_string (
      "{\"eventType\":\"sessionStart\",\"playerTime\":{\"ts\":100}}", NULL);
  const CollectorReport report = {
    .accepted = TRUE,
    .status = 204,
    .protocol = "cmcd",
    .arrival = 105,
    .path = "/cmcd",
    .session_id = "a",
    .event = json_node_get_object (event),
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (collector_keep_add (keep, &report, &error));
  load (fixture, keep);
  g_assert_cmpstr (
      fixture->seen->str, ==, "105 204 cmcd /cmcd a sessionStart -\n");
  collector_keep_free (keep);
}

static void
copy (const char *from, const char *to, const char *end)
{
  g_autofree char *source = g_strconcat (from, end, NULL);
  g_autofree char *target = g_strconcat (to, end, NULL);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (source, &text, &length, NULL));
  g_assert_true (g_file_set_contents (target, text, (gssize) length, NULL));
}

/* As a process that was killed leaves it: nothing is written at the end. */
static void
is_there_without_a_close (Fixture *fixture, gconstpointer data)
{
  CollectorKeep *writer = open_file (fixture);
  g_autofree char *path = g_strdup (fixture->path);
  CollectorKeep *reader;

  add (writer, "a", "sessionStart", 100, 201);
  g_free (fixture->path);
  fixture->path = g_build_filename (fixture->folder, "found.db", NULL);
  copy (path, fixture->path, "");
  copy (path, fixture->path, "-wal");
  reader = open_file (fixture);
  load (fixture, reader);
  g_assert_nonnull (strstr (fixture->seen->str, " a sessionStart"));
  collector_keep_free (reader);
  collector_keep_free (writer);
  g_unlink (path);
}

static void
forgets_a_session (Fixture *fixture, gconstpointer data)
{
  CollectorKeep *keep = open_file (fixture);

  add (keep, "a", "sessionStart", 100, 201);
  add (keep, "b", "sessionStart", 200, 201);
  add (keep, "a", "play", 300, 204);
  collector_keep_forget (keep, "a");
  load (fixture, keep);
  g_assert_cmpstr (fixture->seen->str, ==,
      "205 201 media-collection /here b sessionStart -\n");
  collector_keep_free (keep);
}

static void
bounds_refused (Fixture *fixture, gconstpointer data)
{
  CollectorKeep *keep = open_file (fixture);
  guint lines = 0;

  add (keep, "a", "sessionStart", 100, 201);
  for (int i = 0; i < COLLECTOR_KEEP_REFUSED_MAX + 50; i++)
    add (keep, "a", "ping", 200 + i, 400);
  load (fixture, keep);
  for (const char *at = fixture->seen->str; *at; at++)
    lines += *at == '\n';
  g_assert_cmpuint (lines, ==, COLLECTOR_KEEP_REFUSED_MAX + 1);
  g_assert_null (strstr (fixture->seen->str, "\n205 400"));
  collector_keep_free (keep);
}

static void
refuses_other_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
      fixture->path, "This is a letter, and no database at all.", -1, NULL));
  g_assert_null (collector_keep_new (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) \
  g_test_add ("/collector/keep/" #name, Fixture, NULL, set_up, name, tear_down)
  ADD (keeps_all_in_order);
  ADD (keeps_what_tells_no_playhead);
  ADD (is_there_without_a_close);
  ADD (forgets_a_session);
  ADD (bounds_refused);
  ADD (refuses_other_files);
  return g_test_run ();
}
