/* mediaheartbeat-collector: shows what a player reports, on a terminal and on a
 * page.
 *
 * Options, output and the main loop; the rest is in the collector-* files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-expect.h"
#include "collector-keep.h"
#include "collector-line.h"
#include "collector-model.h"
#include "collector-page.h"
#include "collector-server.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

/* How long the last answer may take to go out, milliseconds. */
#define LAST_ANSWER 300

/* What a player has left when it ends may come that much later, milliseconds. */
#define LAST_EVENT 3000

/* Tells a command where the collector is. */
#define ADDRESS_VARIABLE "MEDIAHEARTBEAT_COLLECTOR"

typedef struct
{
  int port;
  int expire;
  gboolean listen_all;
  gboolean page_all;
  gboolean json;
  gboolean strict;
  char *org_id;
  gboolean version;
  double tolerance;
  char *port_file;
  char *keep;
  char *expect;
  char **command; /* NULL: none */
} Settings;

/* Where a report goes. */
typedef struct
{
  const Settings *settings;
  GMainLoop *loop;
  CollectorModel *model;
  CollectorKeep *keep; /* NULL: nothing is kept */
  CollectorExpect *expect; /* NULL: nothing is compared */
  CollectorServer *server;
  GSubprocess *command; /* while it runs */
  gboolean command_failed;
  gboolean keep_failed;
  gboolean differs;
  guint ending; /* a timer, once all has been compared */
} Program;

/* It becomes part of a cookie's name. */
static gboolean
is_org_id (const char *id)
{
  return *id &&
      id[strspn (id, "@" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS)] == 0;
}

static gboolean
check_settings (const Settings *settings, GError **error)
{
  const char *fault = NULL;

  if (settings->port < 0 || settings->port > G_MAXUINT16)
    fault = "--port must be 0 to 65535";
  else if (settings->expire < 1)
    fault = "--expire must be at least 1";
  else if (!(settings->tolerance >= 0))
    fault = "--expect-tolerance must not be negative";
  else if (settings->keep && !*settings->keep)
    fault = "--keep needs the name of a file";
  else if (settings->page_all && !settings->listen_all)
    fault = "--page-all needs --listen-all";
  else if (settings->org_id && !is_org_id (settings->org_id))
    fault = "--org-id must be letters, digits and @, as …@AdobeOrg";
  else if (settings->command && !settings->expect)
    fault = "a command needs --expect";
  if (fault)
    g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, fault);
  return !fault;
}

static gboolean
parse_options (Settings *settings, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &settings->port,
        "Listen on port N (default 8080, 0: any free one)", "N" },
    { "expire", 0, 0, G_OPTION_ARG_INT, &settings->expire,
        "Close a session after this time without an event (default 600)",
        "SECONDS" },
    { "listen-all", 0, 0, G_OPTION_ARG_NONE, &settings->listen_all,
        "Listen on all addresses instead of loopback only", NULL },
    { "page-all", 0, 0, G_OPTION_ARG_NONE, &settings->page_all,
        "With --listen-all: show the page to other machines as well", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &settings->json,
        "Print accepted events as JSON, one per line, and refused and repeated "
        "ones on stderr",
        NULL },
    { "keep", 0, 0, G_OPTION_ARG_FILENAME, &settings->keep,
        "Keep what comes in FILE, and begin with what is there", "FILE" },
    { "expect", 0, 0, G_OPTION_ARG_FILENAME, &settings->expect,
        "Compare with the scenario in FILE, and end: 0 if all has come, 1 at "
        "the first difference",
        "FILE" },
    { "expect-tolerance", 0, 0, G_OPTION_ARG_DOUBLE, &settings->tolerance,
        "By how much times and playheads may differ (default 1)", "SECONDS" },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &settings->strict,
        "Answer 404 to Media Edge requests without their location hint", NULL },
    { "org-id", 0, 0, G_OPTION_ARG_STRING, &settings->org_id,
        "Give Adobe's web SDK on a page the cookies of this organisation",
        "ID" },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &settings->port_file,
        "Write the port to FILE once listening", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &settings->version,
        "Print the version and exit", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &settings->command,
        NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (
      "[-- COMMAND…] - show what a player reports");

  g_option_context_set_summary (context,
      "With --expect, COMMAND is the player: it is run, and finds the "
      "collector's address\nin " ADDRESS_VARIABLE ".");
  /* What follows the command is its own. */
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error) &&
      check_settings (settings, error);
}

/* ---- reports ---- */

static void
print_report (const Settings *settings, const CollectorReport *report)
{
  gboolean json = settings->json && report->accepted && !report->repeated;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *line = json ? collector_line_new_json (report)
                               : collector_line_new (report, now);

  /* With --json, stdout is for programs. */
  fprintf (settings->json && !json ? stderr : stdout, "%s\n", line);
}

static void
keep_report (Program *program, const CollectorReport *report)
{
  g_autoptr (GError) error = NULL;

  if (collector_keep_add (program->keep, report, &error)) {
    program->keep_failed = FALSE;
    return;
  }
  if (!program->keep_failed)
    g_printerr ("mediaheartbeat-collector: %s: %s; what comes is not kept\n",
        program->settings->keep, error->message);
  program->keep_failed = TRUE;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static void
compare_report (Program *program, const CollectorReport *report)
{
  CollectorVerdict verdict;

  if (program->ending)
    return;
  verdict = collector_expect_add (program->expect, report);
  program->differs = verdict != COLLECTOR_VERDICT_AGREES;
  if (verdict == COLLECTOR_VERDICT_OPEN)
    return;
  /* A command may still do what is not expected. */
  if (program->command && verdict == COLLECTOR_VERDICT_AGREES)
    return;
  if (program->command)
    g_subprocess_send_signal (program->command, SIGTERM);
  /* Not before the player has its answer. */
  program->ending = g_timeout_add (LAST_ANSWER, quit, program->loop);
}

static void
on_report (const CollectorReport *report, gpointer user_data)
{
  Program *program = user_data;

  print_report (program->settings, report);
  if (program->keep)
    keep_report (program, report);
  collector_model_add (program->model, report);
  if (program->expect)
    compare_report (program, report);
}

static void
on_forgotten (const char *id, gpointer user_data)
{
  collector_keep_forget (((Program *) user_data)->keep, id);
}

static void
on_kept (const CollectorReport *report, gpointer user_data)
{
  Program *program = user_data;
  CollectorReport again = *report;

  again.repeated = !collector_server_restore (program->server, report);
  collector_model_add (program->model, &again);
}

static gboolean
load_kept (Program *program, GError **error)
{
  if (!program->keep)
    return TRUE;
  collector_model_on_forgotten (program->model, on_forgotten, program);
  return collector_keep_load (program->keep, on_kept, program, error);
}

/* ---- the command ---- */

static void
on_command_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *program = user_data;
  GSubprocess *command = G_SUBPROCESS (source);

  g_subprocess_wait_finish (command, result, NULL);
  program->command_failed = !g_subprocess_get_successful (command);
  g_clear_object (&program->command);
  if (!program->ending)
    program->ending = g_timeout_add (
        program->differs ? LAST_EVENT : LAST_ANSWER, quit, program->loop);
}

static gboolean
run_command (Program *program, GError **error)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT);
  g_autofree char *address = g_strdup_printf (
      "http://127.0.0.1:%u", collector_server_get_port (program->server));

  if (!program->settings->command)
    return TRUE;
  g_subprocess_launcher_setenv (launcher, ADDRESS_VARIABLE, address, TRUE);
  program->command = g_subprocess_launcher_spawnv (
      launcher, (const char *const *) program->settings->command, error);
  if (!program->command)
    return FALSE;
  g_subprocess_wait_async (program->command, NULL, on_command_ended, program);
  return TRUE;
}

/* ---- running ---- */

static gboolean
write_port (const char *file, guint16 port, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", port);

  /* Through a temporary file: who sees the file can read the whole number. */
  return !file || g_file_set_contents (file, text, -1, error);
}

static gboolean
open_files (Program *program, GError **error)
{
  const Settings *settings = program->settings;

  if (settings->keep) {
    program->keep = collector_keep_new (settings->keep, error);
    if (!program->keep)
      return FALSE;
  }
  if (settings->expect) {
    program->expect = collector_expect_new (
        settings->expect, settings->tolerance, error);
    /* Until all has come. */
    program->differs = TRUE;
  }
  return !settings->expect || program->expect;
}

static gboolean
serve (Program *program, CollectorPage *page, GError **error)
{
  guint16 port = collector_server_get_port (program->server);

  collector_server_set_page (program->server, page);
  if (!load_kept (program, error) ||
      !write_port (program->settings->port_file, port, error))
    return FALSE;
  g_unix_signal_add (SIGINT, quit, program->loop);
  g_unix_signal_add (SIGTERM, quit, program->loop);
  printf ("collector listening on http://127.0.0.1:%u\n", port);
  if (!run_command (program, error))
    return FALSE;
  g_main_loop_run (program->loop);
  return TRUE;
}

static gboolean
run_server (Program *program, GError **error)
{
  const Settings *settings = program->settings;
  const CollectorServerOptions options = {
    .port = (guint16) settings->port,
    .listen_all = settings->listen_all,
    .expire = (guint) settings->expire,
    .strict = settings->strict,
    .org_id = settings->org_id,
    .report = on_report,
    .user_data = program,
  };
  g_autoptr (CollectorPage)
      page = collector_page_new (program->model, settings->page_all);
  gboolean fine = FALSE;

  program->server = collector_server_new (&options, error);
  if (program->server)
    fine = serve (program, page, error);
  g_clear_pointer (&program->server, collector_server_free);
  return fine;
}

static gboolean
explain (Program *program, GError **error)
{
  g_autofree char *text = NULL;

  if (!program->expect)
    return TRUE;
  text = collector_expect_explain (program->expect);
  if (!program->differs && program->command_failed) {
    g_set_error_literal (
        error, G_IO_ERROR, G_IO_ERROR_FAILED, "the command has failed");
    return FALSE;
  }
  if (!program->differs) {
    printf ("%s: agrees\n", program->settings->expect);
    return TRUE;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s",
      program->settings->expect, text);
  return FALSE;
}

static gboolean
run (const Settings *settings, GError **error)
{
  Program program = { .settings = settings };
  gboolean fine;

  program.loop = g_main_loop_new (NULL, FALSE);
  program.model = collector_model_new ((gint64) settings->expire * 1000);
  fine = open_files (&program, error) && run_server (&program, error) &&
      explain (&program, error);
  /* It is not waited for: who ends the collector ends the test. */
  if (program.command)
    g_subprocess_send_signal (program.command, SIGTERM);
  g_clear_object (&program.command);
  collector_model_free (program.model);
  g_clear_pointer (&program.keep, collector_keep_free);
  g_clear_pointer (&program.expect, collector_expect_free);
  g_main_loop_unref (program.loop);
  return fine;
}

int
main (int argc, char **argv)
{
  Settings settings = {
    .port = 8080,
    .expire = COLLECTOR_EXPIRE_DEFAULT,
    .tolerance = 1,
  };
  g_autoptr (GError) error = NULL;
  gboolean fine;

  setlocale (LC_ALL, "");
  /* Who reads through a pipe sees each line when it happens. */
  setvbuf (stdout, NULL, _IOLBF, 0);
  fine = parse_options (&settings, &argc, &argv, &error);
  if (fine && settings.version)
    printf ("mediaheartbeat-collector " MH_VERSION "\n");
  else if (fine)
    fine = run (&settings, &error);
  if (!fine)
    g_printerr ("mediaheartbeat-collector: %s\n", error->message);
  g_free (settings.port_file);
  g_free (settings.keep);
  g_free (settings.expect);
  g_strfreev (settings.command);
  return fine ? 0 : 1;
}
