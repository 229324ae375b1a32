/* mediaheartbeat-replay: runs a timeline of calls through the session rules.
 *
 * Reads calls as JSON lines, writes the hits as Media Collection events, one
 * line each with the member "session" added and time stamps as computed. For
 * tests, for trying out the rules, and for looking into a player's log.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector-json.h"
#include "mh-protocol-collection.h"
#include "mh-timeline.h"

/* Exit codes. */
#define EXIT_DIFFERENT 1 /* a scenario differs; with --strict: a refused call */
#define EXIT_MALFORMED 2 /* input or configuration that is not understood */

static gboolean option_strict;
static char *option_config;
static char **option_scenarios;

typedef struct
{
  const MhConfig *config;
  guint n_refused;
} Replay;

static void
print_hit (MhHit *hit, gpointer user_data)
{
  Replay *replay = user_data;
  g_autofree char *text = NULL;

  hit->ts = MH_TIME_TO_MSEC (hit->at);
  text = mh_protocol_collection_event_text (replay->config, hit, TRUE);
  fputs (text, stdout);
  putchar ('\n');
  mh_hit_free (hit);
}

static void
print_refused (
    const MhCall *call, MhTime at, const GError *error, gpointer user_data)
{
  Replay *replay = user_data;

  replay->n_refused++;
  fprintf (stderr, "refused: %s at %" G_GINT64_FORMAT ": %s\n",
      mh_call_name (call->type), MH_TIME_TO_MSEC (at), error->message);
}

static void
print_warning (const char *message, gpointer user_data)
{
  fprintf (stderr, "warning: %s\n", message);
}

static gboolean
set_from_json (MhConfig *config, JsonNode *root, GError **error)
{
  g_autoptr (GVariant) values = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;
  gboolean done = TRUE;

  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error_literal (error, MH_ERROR, MH_ERROR_CONFIG, "not a JSON object");
    return FALSE;
  }
  values = json_gvariant_deserialize (root, "a{sv}", error);
  if (!values)
    return FALSE;
  g_variant_ref_sink (values);
  g_variant_iter_init (&iter, values);
  while (done && g_variant_iter_next (&iter, "{&sv}", &name, &value)) {
    done = mh_config_set (config, name, value, error);
    g_variant_unref (value);
  }
  return done;
}

static gboolean
load_config (MhConfig *config, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;
  if (!json_parser_get_root (parser)) {
    g_set_error_literal (error, MH_ERROR, MH_ERROR_CONFIG, "the file is empty");
    return FALSE;
  }
  return set_from_json (config, json_parser_get_root (parser), error);
}

/* One line of input. */
static gboolean
replay_line (
    MhTimeline *timeline, const char *line, gsize length, GError **error)
{
  g_autofree char *reason = NULL;
  g_autoptr (JsonNode) node = collector_json_parse (line, length, &reason);

  if (!node) {
    g_set_error_literal (error, MH_ERROR, MH_ERROR_MALFORMED, reason);
    return FALSE;
  }
  return mh_timeline_call (timeline, node, error);
}

static int
replay_input (const MhConfig *config)
{
  static const MhSessionListener listener = { print_hit, print_refused,
    print_warning };
  Replay replay = { config, 0 };
  g_autoptr (MhTimeline)
      timeline = mh_timeline_new (config, &listener, &replay);
  char *line = NULL; /* getline()'s, not GLib's */
  size_t size = 0;
  ssize_t length;
  int status = EXIT_SUCCESS;

  for (guint number = 1; (length = getline (&line, &size, stdin)) >= 0;
       number++) {
    g_autoptr (GError) error = NULL;

    if (strspn (line, " \t\r\n") == (size_t) length)
      continue;
    if (!replay_line (timeline, line, (gsize) length, &error)) {
      fprintf (stderr, "line %u: %s\n", number, error->message);
      status = EXIT_MALFORMED;
      break;
    }
  }
  if (ferror (stdin)) {
    fprintf (stderr, "standard input: %s\n", g_strerror (errno));
    status = EXIT_MALFORMED;
  }
  free (line);
  if (status == EXIT_SUCCESS && option_strict && replay.n_refused > 0)
    status = EXIT_DIFFERENT;
  return status;
}

static int
check_scenarios (const MhConfig *config)
{
  for (guint i = 0; option_scenarios[i]; i++) {
    g_autoptr (GError) error = NULL;

    if (!mh_scenario_check (option_scenarios[i], config, &error)) {
      printf ("%s: %s\n", option_scenarios[i], error->message);
      return g_error_matches (error, MH_ERROR, MH_ERROR_REFUSED)
          ? EXIT_DIFFERENT
          : EXIT_MALFORMED;
    }
    printf ("%s: agrees\n", option_scenarios[i]);
  }
  return EXIT_SUCCESS;
}

/* --scenario FILE... : what is left on the command line are more of them. */
static gboolean
add_scenario (
    const char *name, const char *value, gpointer data, GError **error)
{
  GStrvBuilder *scenarios = data;

  g_strv_builder_add (scenarios, value);
  return TRUE;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GStrvBuilder) scenarios = g_strv_builder_new ();
  g_auto (GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "strict", 's', 0, G_OPTION_ARG_NONE, &option_strict,
        "Exit with 1 if a call was refused", NULL },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &option_config,
        "Configuration: a JSON object of property or parameter names", "FILE" },
    { "scenario", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK,
        add_scenario, "Compare the hits of these scenarios with those expected",
        "FILE..." },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL,
        NULL },
    { NULL },
  };
  g_autoptr (GOptionContext)
      context = g_option_context_new ("— a timeline of calls in, the hits out");
  GOptionGroup *group = g_option_group_new ("", "", "", scenarios, NULL);

  g_option_context_set_summary (context,
      "Reads calls as JSON lines from standard input and writes a line of JSON "
      "for each hit.");
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (rest)
    g_strv_builder_addv (scenarios, (const char **) rest);
  option_scenarios = g_strv_builder_end (scenarios);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MhConfig) config = mh_config_new ();
  int status;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return EXIT_MALFORMED;
  }
  if (option_config && !load_config (config, option_config, &error)) {
    fprintf (stderr, "%s: %s\n", option_config, error->message);
    return EXIT_MALFORMED;
  }
  status = *option_scenarios ? check_scenarios (config) : replay_input (config);
  g_strfreev (option_scenarios);
  g_free (option_config);
  if (fflush (stdout) != 0 || ferror (stdout)) {
    fprintf (stderr, "standard output: %s\n", g_strerror (errno));
    return EXIT_MALFORMED;
  }
  return status;
}
