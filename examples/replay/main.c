/* mediaheartbeat-replay: runs a timeline of calls through the session rules.
 *
 * Reads calls as JSON lines, writes the hits as Media Collection events, one
 * line each with the member "session" added and time stamps as computed; with
 * --protocol the bodies of the requests, with these time stamps from 2026 on. For
 * tests, for trying out the rules, and for looking into a player's log. With
 * --fleet it reads nothing, and makes the traffic of many players.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector-json.h"
#include "fleet.h"
#include "mh-protocol.h"
#include "mh-timeline.h"

/* Exit codes. */
#define EXIT_DIFFERENT \
  1 /* a scenario differs; with --strict: a refused call;
                          * the server has not taken all of a fleet's hits */
#define EXIT_MALFORMED 2 /* input or configuration that is not understood */

/* 2026-11-28T20:00:00Z: where bodies of requests begin. */
#define FIRST_TS G_GINT64_CONSTANT (1795896000000)

static gboolean option_strict;
static gboolean option_version;
static char *option_protocol;
static char *option_config;
static char **option_scenarios;

/* Without --fleet. Any other number is one that was asked for. */
#define NO_FLEET G_MININT

static FleetOptions option_fleet = {
  .n_players = NO_FLEET, .seconds = 3600, .seed = 1
};

/* Stands in for a server that is not set: no body has it. */
#define NO_SERVER "https://collection-server.invalid"

typedef struct
{
  const MhConfig *config;
  const MhProtocol *protocol; /* NULL: Media Collection events */
  char *endpoint; /* where requests would go; NULL without a protocol */
  MhSessionTrail trail;
  guint n_refused;
  guint n_hits;
} Replay;

static void
pass_trail (Replay *replay, const MhHit *hit)
{
  g_autofree char *id = g_strdup_printf (
      "00000000-0000-4000-8000-%012u", replay->n_hits++);
  g_autofree char *session = g_strdup_printf (
      "00000000-0000-4000-9000-%012u", hit->session);

  if (hit->event == MH_EVENT_SESSION_START)
    mh_session_trail_begin (&replay->trail, session);
  mh_session_trail_pass (&replay->trail, hit, id);
}

/* The session's ID is its number. */
static MhRequest *
make_request (Replay *replay, const MhHit *hit, GBytes *encoded)
{
  g_autofree char *id = g_strdup_printf ("%u", hit->session);
  g_autoptr (GPtrArray) bodies = g_ptr_array_new ();

  g_ptr_array_add (bodies, encoded);
  return replay->protocol->join
      ? replay->protocol->join (replay->endpoint, bodies)
      : replay->protocol->request (replay->endpoint, hit->event, encoded,
            hit->event == MH_EVENT_SESSION_START ? NULL : id, NULL);
}

static void
print_body (Replay *replay, const MhHit *hit)
{
  g_autoptr (GBytes) encoded = NULL;
  g_autoptr (MhRequest) request = NULL;
  gsize length;
  const char *text;

  pass_trail (replay, hit);
  encoded = replay->protocol->encode (replay->config, hit, &replay->trail);
  request = make_request (replay, hit, encoded);
  text = g_bytes_get_data (request->body, &length);
  fwrite (text, 1, length, stdout);
  if (length > 0 && text[length - 1] != '\n')
    putchar ('\n');
}

static void
print_hit (MhHit *hit, gpointer user_data)
{
  Replay *replay = user_data;
  g_autofree char *text = NULL;

  hit->ts = MH_TIME_TO_MSEC (hit->at);
  if (replay->protocol) {
    hit->ts += FIRST_TS;
    print_body (replay, hit);
  } else {
    text = mh_protocol_collection_event_text (replay->config, hit, TRUE);
    fputs (text, stdout);
    putchar ('\n');
  }
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
  g_autoptr (JsonNode) root = mh_timeline_load (path, error);

  return root && set_from_json (config, root, error);
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

/* Bodies are written whatever is set; what the server would not take them for
 * is told. Returns: (transfer full) (nullable): where requests would go. */
static char *
dup_endpoint (const MhConfig *config, const MhProtocol *protocol)
{
  g_autoptr (MhConfig) copy = mh_config_copy (config);
  g_autoptr (GError) error = NULL;

  if (!protocol)
    return NULL;
  if (!copy->collection_server)
    copy->collection_server = g_strdup (NO_SERVER);
  if (!mh_config_check_destination (copy, &error))
    print_warning (error->message, NULL);
  return mh_protocol_dup_endpoint (copy);
}

static int
replay_input (const MhConfig *config, const MhProtocol *protocol)
{
  static const MhSessionListener listener = { print_hit, print_refused,
    print_warning };
  g_autofree char *endpoint = dup_endpoint (config, protocol);
  Replay replay = { config, protocol, endpoint };
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

/* What is sent is of the hour that is just over. */
static gint64
get_first_utc (void)
{
  return option_fleet.send
      ? g_get_real_time () - option_fleet.seconds * G_USEC_PER_SEC
      : FIRST_TS * 1000;
}

static gboolean
prepare_fleet (MhConfig *config, GError **error)
{
  if (!fleet_check_options (&option_fleet, error))
    return FALSE;
  if (option_fleet.send)
    return mh_config_check_destination (config, error);
  if (!config->collection_server)
    config->collection_server = g_strdup (NO_SERVER);
  return TRUE;
}

static int
run_fleet (MhConfig *config)
{
  g_autoptr (GError) error = NULL;

  if (option_fleet.send && !config->collection_server) {
    fprintf (stderr, "--send needs “collection-server” in --config\n");
    return EXIT_MALFORMED;
  }
  if (!prepare_fleet (config, &error) ||
      !fleet_run (&option_fleet, config, get_first_utc (), &error)) {
    fprintf (stderr, "%s\n", error->message);
    return g_error_matches (error, MH_ERROR, MH_ERROR_REFUSED) ? EXIT_DIFFERENT
                                                               : EXIT_MALFORMED;
  }
  return EXIT_SUCCESS;
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
    { "protocol", 'p', 0, G_OPTION_ARG_STRING, &option_protocol,
        "Write the bodies of this protocol's requests; needs no server",
        "NAME" },
    { "fleet", 'f', 0, G_OPTION_ARG_INT, &option_fleet.n_players,
        "Make the traffic of N players, and print figures", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &option_fleet.seconds,
        "How long the fleet plays, in its own time (3600)", "S" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &option_fleet.seed,
        "Another number makes other viewers of the fleet (1)", "NUMBER" },
    { "send", 0, 0, G_OPTION_ARG_NONE, &option_fleet.send,
        "Send the fleet's requests to the collection server", NULL },
    { "rate", 0, 0, G_OPTION_ARG_INT, &option_fleet.rate,
        "Send no more than R requests a second (0: as fast as it goes)", "R" },
    { "scenario", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK,
        add_scenario, "Compare the hits of these scenarios with those expected",
        "FILE..." },
    { "version", 0, 0, G_OPTION_ARG_NONE, &option_version,
        "Print the version and exit", NULL },
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

/* What --protocol names, which counts for @config, too; NULL without it. */
static gboolean
find_protocol (MhConfig *config, const MhProtocol **protocol, GError **error)
{
  *protocol = NULL;
  for (guint i = 0; option_protocol && i < MH_N_PROTOCOLS; i++) {
    config->protocol = (MhProtocolKind) i;
    *protocol = mh_protocol_get (config->protocol);
    if (g_str_equal ((*protocol)->name, option_protocol))
      return TRUE;
  }
  if (!option_protocol)
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_CONFIG, "there is no protocol “%s”",
      option_protocol);
  return FALSE;
}

static int
run (MhConfig *config, const MhProtocol *protocol)
{
  if (option_version) {
    puts ("mediaheartbeat-replay " MH_VERSION);
    return EXIT_SUCCESS;
  }
  if (option_fleet.n_players != NO_FLEET)
    return run_fleet (config);
  return *option_scenarios ? check_scenarios (config)
                           : replay_input (config, protocol);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MhConfig) config = mh_config_new ();
  const MhProtocol *protocol;
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
  if (!find_protocol (config, &protocol, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return EXIT_MALFORMED;
  }
  status = run (config, protocol);
  g_strfreev (option_scenarios);
  g_free (option_config);
  g_free (option_protocol);
  if (fflush (stdout) != 0 || ferror (stdout)) {
    fprintf (stderr, "standard output: %s\n", g_strerror (errno));
    return EXIT_MALFORMED;
  }
  return status;
}
