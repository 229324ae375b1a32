/* mediaheartbeat-player: a small player for terminals that reports what it
 * plays.
 *
 * Options and the main loop. player-heartbeat.c shows what the plugin asks of an
 * application, player-timeline.c what an application may tell it,
 * player-playback.c the player around it.
 *
 * Exit codes: 0 fine, 1 could not play, 2 wrong usage.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-heartbeat.h"
#include "player-output.h"
#include "player-playback.h"
#include "player-script.h"
#include "player-terminal.h"
#include "player-timeline.h"

#include <glib-unix.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>

enum
{
  EXIT_FINE = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2,
};

/* What the command line says. */
typedef struct
{
  gboolean video, fake, loop, timeline, version;
  double resume;
  char *script;
  char *heartbeat;
  char **settings;
  char **metadata;
  char **files;
} Options;

typedef struct
{
  GMainLoop *loop;
  const Options *options;
  GstElement *heartbeat;
  PlayerScript *script;
  PlayerTimeline *timeline;
  PlayerPlayback *playback;
  gboolean quit; /* before the loop runs as well */
  gboolean failed;
} Player;

static void
options_clear (Options *options)
{
  g_free (options->script);
  g_free (options->heartbeat);
  g_strfreev (options->settings);
  g_strfreev (options->metadata);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- usage ---- */

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "video", 0, 0, G_OPTION_ARG_NONE, &options->video,
        "Make the element playbin's video-filter, not its audio-filter, and so "
        "report video",
        NULL },
    { "fake", 0, 0, G_OPTION_ARG_NONE, &options->fake,
        "Play to nowhere, at normal speed: no hardware needed", NULL },
    { "loop", 0, 0, G_OPTION_ARG_NONE, &options->loop, "Begin again at the end",
        NULL },
    { "resume", 0, 0, G_OPTION_ARG_DOUBLE, &options->resume,
        "Go on with the first item where it was left earlier", "SECONDS" },
    { "script", 0, 0, G_OPTION_ARG_STRING, &options->script,
        "Do this without keys, e.g. 2:pause,8:play,12:seek=30,20:rate=2,25:quit",
        "SECONDS:ACTION,…" },
    { "timeline", 0, 0, G_OPTION_ARG_NONE, &options->timeline,
        "Report an ad break with two ads, a chapter and a while of silence, as "
        "player.py and player.js do",
        NULL },
    { "heartbeat", 0, 0, G_OPTION_ARG_STRING, &options->heartbeat,
        "The element's properties, as for gst-launch-1.0", "DESCRIPTION" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->settings,
        "Set one of the element's properties; may be repeated", "NAME=VALUE" },
    { "metadata", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->metadata,
        "Metadata of the media, e.g. \"a.media.show=My show,myKey=value\"; may "
        "be repeated",
        "KEY=VALUE,…" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version,
        "Print the version and exit", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files,
        NULL, "FILE|URI…" },
    { NULL },
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context, "Plays files and URIs and reports it through mediaheartbeat.");
  g_option_context_set_description (
      context, "Keys: " PLAYER_TERMINAL_HELP ".\n");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  return context;
}

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = make_context (options);

  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (!options->files && !options->version)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "there is nothing to play; see --help");
  else if (!isfinite (options->resume) || options->resume < 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--resume takes seconds from the beginning");
  else
    return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable): URIs of what may be files as well. */
static char **
make_uris (char **files, GError **error)
{
  g_autoptr (GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);

  for (; *files; files++) {
    char *uri = gst_uri_is_valid (*files) ? g_strdup (*files)
                                          : gst_filename_to_uri (*files, error);

    if (!uri)
      return NULL;
    g_ptr_array_add (uris, uri);
  }
  g_ptr_array_add (uris, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&uris), FALSE);
}

/* ---- running ---- */

static void
on_started (gpointer user_data)
{
  Player *player = user_data;

  if (player->script)
    player_script_start (player->script, player_playback_act, player->playback);
  if (player->options->timeline)
    player->timeline = player_timeline_new (
        player->playback, player->heartbeat, player->options->resume);
}

static void
on_done (gboolean failed, gpointer user_data)
{
  Player *player = user_data;

  player->failed = failed;
  player->quit = TRUE;
  g_main_loop_quit (player->loop);
}

static gboolean
on_signal (gpointer user_data)
{
  const PlayerAction quit = { PLAYER_QUIT };

  player_playback_act (&quit, ((Player *) user_data)->playback);
  return G_SOURCE_CONTINUE;
}

/* Returns: whether everything was fine. */
static gboolean
run (Player *player)
{
  g_autoptr (PlayerTerminal)
      terminal = player_terminal_new (player_playback_act, player->playback);
  const int signals[] = { SIGHUP, SIGINT, SIGTERM };

  /* For good: a second one does not cut off what the first one began. */
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_unix_signal_add (signals[i], on_signal, player);
  if (terminal)
    player_print ("player", "keys: %s", PLAYER_TERMINAL_HELP);
  player_playback_start (player->playback);
  if (!player->quit)
    g_main_loop_run (player->loop);
  g_clear_pointer (&player->timeline, player_timeline_free);
  return !player->failed;
}

/* Returns: an exit code; not EXIT_FINE: the error is set, or has been printed. */
static int
play (const Options *options, GError **error)
{
  g_auto (GStrv) uris = NULL;
  g_autoptr (PlayerScript) script = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (PlayerPlayback) playback = NULL;
  Player player = { .loop = loop, .options = options };
  PlayerPlaybackOptions playback_options = {
    .video = options->video,
    .fake = options->fake,
    .loop = options->loop,
    .resume = options->resume,
    .started = on_started,
    .done = on_done,
    .user_data = &player,
  };

  uris = make_uris (options->files, error);
  if (!uris)
    return EXIT_USAGE;
  if (options->script) {
    player.script = script = player_script_parse (options->script, error);
    if (!script)
      return EXIT_USAGE;
  }
  playback_options.uris = (const char *const *) uris;
  playback_options.heartbeat = player.heartbeat = player_heartbeat_new (
      options->heartbeat, (const char *const *) options->settings,
      (const char *const *) options->metadata, error);
  if (!playback_options.heartbeat)
    return g_error_matches (
               *error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
        ? EXIT_FAILED
        : EXIT_USAGE;
  player.playback = playback = player_playback_new (&playback_options, error);
  return playback && run (&player) ? EXIT_FINE : EXIT_FAILED;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  int code = EXIT_FINE;

  setlocale (LC_ALL, "");
  /* Who reads through a pipe sees each line when it happens. */
  setvbuf (stdout, NULL, _IOLBF, 0);
  if (!parse_options (&options, &argc, &argv, &error))
    code = EXIT_USAGE;
  else if (options.version)
    g_print ("mediaheartbeat-player " MH_VERSION "\n");
  else
    code = play (&options, &error);
  if (error)
    player_complain ("%s", error->message);
  return code;
}
