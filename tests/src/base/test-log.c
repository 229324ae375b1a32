/* Tests of mh-log.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"

static MhLogLevel threshold;
static GString *written;

static gboolean
wants (MhLogCategory category, MhLogLevel level)
{
  return category == MH_LOG_STORE && level <= threshold;
}

static void
write_entry (const MhLogEntry *entry)
{
  g_assert_cmpstr (entry->function, ==, "log_some");
  g_assert_cmpint (entry->line, >, 0);
  g_assert_true (g_str_has_suffix (entry->file, "test-log.c"));
  g_string_append_printf (written, "%d %s: %s\n", (int) entry->level,
      entry->object ? entry->object : "-", entry->text);
}

static const MhLogHook hook = { wants, write_entry };

static int n_evaluated;

static int
evaluate (void)
{
  return ++n_evaluated;
}

static void
log_some (void)
{
  mh_log (STORE, WARNING, "session 1", "lost %d", evaluate ());
  mh_log (STORE, DEBUG, NULL, "row %d", evaluate ());
  mh_log (HTTP, ERROR, NULL, "other %d", evaluate ());
}

/* Nothing is formatted, and no argument evaluated, without need. */
static void
test_none (void)
{
  mh_log_set_hook (NULL);
  n_evaluated = 0;
  log_some ();
  g_assert_cmpint (n_evaluated, ==, 0);
}

static void
test_levels (void)
{
  written = g_string_new (NULL);
  mh_log_set_hook (&hook);
  n_evaluated = 0;
  threshold = MH_LOG_WARNING;
  log_some ();
  g_assert_cmpstr (written->str, ==, "2 session 1: lost 1\n");
  threshold = MH_LOG_DEBUG;
  log_some ();
  g_assert_cmpstr (written->str, ==,
      "2 session 1: lost 1\n2 session 1: lost 2\n5 -: row 3\n");
  mh_log_set_hook (NULL);
  g_string_free (written, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/none", test_none);
  g_test_add_func ("/log/levels", test_levels);
  return g_test_run ();
}
