/* mediaheartbeat-collector: shows on a terminal what a player reports.
 *
 * Options, output and the main loop; the rest is in the collector-* files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-line.h"
#include "collector-server.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

typedef struct
{
  int port;
  int expire;
  gboolean listen_all;
  gboolean json;
  gboolean version;
  char *port_file;
} Settings;

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
    { "json", 0, 0, G_OPTION_ARG_NONE, &settings->json,
        "Print accepted events as JSON, one per line, refusals on stderr",
        NULL },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &settings->port_file,
        "Write the port to FILE once listening", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &settings->version,
        "Print the version and exit", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext)
      context = g_option_context_new ("- show what a player reports");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "there is no argument “%s”", (*argv)[1]);
  else if (settings->port < 0 || settings->port > G_MAXUINT16)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--port must be 0 to %u", G_MAXUINT16);
  else if (settings->expire < 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--expire must be at least 1");
  else
    return TRUE;
  return FALSE;
}

static void
print_report (const CollectorReport *report, gpointer user_data)
{
  const Settings *settings = user_data;
  gboolean json = settings->json && report->accepted;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *line = json ? collector_line_new_json (report)
                               : collector_line_new (report, now);

  /* With --json, stdout is for programs. */
  fprintf (settings->json && !json ? stderr : stdout, "%s\n", line);
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
write_port (const char *file, guint16 port, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", port);

  /* Through a temporary file: who sees the file can read the whole number. */
  return !file || g_file_set_contents (file, text, -1, error);
}

static gboolean
run (Settings *settings, GError **error)
{
  const CollectorServerOptions options = {
    .port = (guint16) settings->port,
    .listen_all = settings->listen_all,
    .expire = (guint) settings->expire,
    .report = print_report,
    .user_data = settings,
  };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (CollectorServer) server = collector_server_new (&options, error);
  guint16 port;

  if (!server)
    return FALSE;
  g_unix_signal_add (SIGINT, quit, loop);
  g_unix_signal_add (SIGTERM, quit, loop);
  port = collector_server_get_port (server);
  if (!write_port (settings->port_file, port, error))
    return FALSE;
  printf ("collector listening on http://127.0.0.1:%u\n", port);
  g_main_loop_run (loop);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Settings settings = { .port = 8080, .expire = COLLECTOR_EXPIRE_DEFAULT };
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
  return fine ? 0 : 1;
}
