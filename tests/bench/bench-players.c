/* bench-players: players that play, are paused, have ended or are closed, and
 * what the process uses meanwhile.
 *
 *   bench-players [OPTION...] ELEMENT [PROPERTY=VALUE...]
 *
 * Makes pipelines with ELEMENT in front of a sink that keeps time, brings them to
 * a state, waits until they have settled, and counts for some seconds. It prints
 * one line of NAME=NUMBER pairs:
 *
 *   wakeups   of the plugin's own threads, a second: how often they have gone to
 *             sleep and were woken (voluntary_ctxt_switches)
 *   switches  the same of all threads of the process
 *   cpu       microseconds of processor time, a second
 *   own       of it, what neither a pipeline nor the main thread has used: the
 *             plugin's worker, and the threads that tell the application
 *   rss       KiB in memory, at the end
 *   started   milliseconds from the first state change to the last
 *   stopped   milliseconds for all of them to go to NULL
 *   late50, late99, latest
 *             milliseconds from when a ping was due until its message came: of
 *             half of them, of 99 %, of all; 0 without any
 *
 * The players' messages are taken where they are posted: a watch for each of 200
 * buses in one main context would cost more than all that is counted here. The sound
 * is silence, which costs the pipeline little.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>
#include <string.h>
#include <sys/resource.h>

#define SOURCE \
  "audiotestsrc wave=silence samplesperbuffer=4410 num-buffers=%d " \
  "! audio/x-raw,format=S16LE,rate=44100,channels=1"

static int n_players = 1;
static int seconds = 20;
static int settle = 20;
static char *state = NULL;
static GMainLoop *loop;

static GMutex lock;
static GArray *lateness; /* lock: gint64: of each ping, ms */
static gboolean is_counting; /* lock */

static const GOptionEntry entries[] = {
  { "players", 'n', 0, G_OPTION_ARG_INT, &n_players, "How many", "N" },
  { "seconds", 't', 0, G_OPTION_ARG_INT, &seconds, "How long to count", "S" },
  { "settle", 's', 0, G_OPTION_ARG_INT, &settle,
      "How long to wait before that; the players start during the first half",
      "S" },
  { "state", 0, 0, G_OPTION_ARG_STRING, &state,
      "playing, paused, ended or closed", "STATE" },
  { NULL },
};

/* ---- what is counted ---- */

typedef struct
{
  guint64 own; /* switches of the plugin's threads */
  guint64 all;
  guint64 cpu; /* us */
  guint64 others; /* us, of the threads of the pipelines and the main thread */
  gint64 at; /* us */
} Counts;

/* Returns: the number after @key in @text; 0: there is none. */
static guint64
find_number (const char *text, const char *key)
{
  const char *found = strstr (text, key);

  return found ? g_ascii_strtoull (found + strlen (key), NULL, 10) : 0;
}

/* A thread of GThreadPool is one that gst_element_call_async() has made. */
static gboolean
is_own (const char *status)
{
  return g_str_has_prefix (status, "Name:\tmediaheartbeat") ||
      g_str_has_prefix (status, "Name:\tpool");
}

/* Returns: (transfer full) (nullable): a file of a thread, which may have ended. */
static char *
read_of_thread (const char *task, const char *name)
{
  g_autofree char *path = g_build_filename (
      "/proc/self/task", task, name, NULL);
  char *text;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static void
count_thread (const char *task, Counts *counts)
{
  g_autofree char *status = read_of_thread (task, "status");
  g_autofree char *used = read_of_thread (task, "schedstat"); /* ns first */

  if (!status)
    return;
  if (!is_own (status))
    counts->others += used ? g_ascii_strtoull (used, NULL, 10) / 1000 : 0;
  else if (g_str_has_prefix (status, "Name:\tmediaheartbeat"))
    counts->own += find_number (status, "\nvoluntary_ctxt_switches:\t");
}

static guint64
usec (const struct timeval *time)
{
  return (guint64) time->tv_sec * G_USEC_PER_SEC + (guint64) time->tv_usec;
}

static void
count (Counts *counts)
{
  GDir *dir = g_dir_open ("/proc/self/task", 0, NULL);
  struct rusage usage;
  const char *task;

  memset (counts, 0, sizeof *counts);
  while ((task = g_dir_read_name (dir)))
    count_thread (task, counts);
  g_dir_close (dir);
  getrusage (RUSAGE_SELF, &usage);
  counts->all = (guint64) usage.ru_nvcsw;
  counts->cpu = usec (&usage.ru_utime) + usec (&usage.ru_stime);
  counts->at = g_get_monotonic_time ();
}

static guint64
get_rss (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  return find_number (status, "\nVmRSS:");
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Returns: how late that part of the pings was at most, ms. */
static gint64
get_quantile (double part)
{
  guint i = (guint) (part * (lateness->len - 1));

  return lateness->len ? g_array_index (lateness, gint64, i) : 0;
}

static void
print_lateness (void)
{
  g_mutex_lock (&lock);
  g_array_sort (lateness, compare);
  g_print (" pings=%u late50=%" G_GINT64_FORMAT " late99=%" G_GINT64_FORMAT
           " latest=%" G_GINT64_FORMAT "\n",
      lateness->len, get_quantile (0.5), get_quantile (0.99), get_quantile (1));
  g_mutex_unlock (&lock);
}

static void
set_counting (gboolean counting)
{
  g_mutex_lock (&lock);
  is_counting = counting;
  g_mutex_unlock (&lock);
}

static void
print_counts (const Counts *from, const Counts *to, double started)
{
  double span = (double) (to->at - from->at) / G_USEC_PER_SEC;
  /* A thread that has ended takes its number with it. */
  guint64 own = to->own - MIN (to->own, from->own);
  double cpu = (double) (to->cpu - from->cpu);

  g_print ("wakeups=%.3f switches=%.3f cpu=%.1f own=%.1f rss=%" G_GUINT64_FORMAT
           " started=%.1f",
      (double) own / span, (double) (to->all - from->all) / span, cpu / span,
      (cpu - (double) (to->others - from->others)) / span, get_rss (), started);
}

/* ---- the players ---- */

static gboolean
state_is (const char *name)
{
  return g_strcmp0 (state, name) == 0;
}

static GstElement *
make_player (const char *element)
{
  g_autofree char *source = g_strdup_printf (
      SOURCE, state_is ("ended") ? settle * 5 / 2 : -1);
  g_autofree char *description = g_strdup_printf (
      "%s ! %s ! fakesink sync=true", source, element);
  g_autoptr (GError) error = NULL;
  GstElement *player = gst_parse_launch (description, &error);

  if (error)
    g_error ("%s: %s", description, error->message);
  return player;
}

static gboolean
leave (gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* Lets the main context run, as a player's does. */
static void
run_for (double span)
{
  g_timeout_add ((guint) (span * 1000), leave, NULL);
  g_main_loop_run (loop);
}

static void
note_ping (const GstStructure *hit)
{
  gint64 now = g_get_real_time () / 1000;
  guint64 due = 0;
  gint64 late;

  gst_structure_get_uint64 (hit, "timestamp", &due);
  late = now - (gint64) due;
  g_mutex_lock (&lock);
  if (is_counting)
    g_array_append_val (lateness, late);
  g_mutex_unlock (&lock);
}

/* A message that is dropped here would be kept from the element. */
static GstBusSyncReply
take_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  const GstStructure *hit = gst_message_get_structure (message);
  GstMessage *before;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      gst_structure_has_name (hit, "media-heartbeat") &&
      g_strcmp0 (gst_structure_get_string (hit, "event"), "ping") == 0)
    note_ping (hit);
  while ((before = gst_bus_pop (bus)))
    gst_message_unref (before);
  return GST_BUS_PASS;
}

static GPtrArray *
start_players (const char *element)
{
  GPtrArray *players = g_ptr_array_new ();

  for (int i = 0; i < n_players; i++) {
    GstElement *player = make_player (element);
    GstBus *bus = gst_element_get_bus (player);

    gst_bus_set_sync_handler (bus, take_message, NULL, NULL);
    gst_object_unref (bus);
    gst_element_set_state (player, GST_STATE_PLAYING);
    g_ptr_array_add (players, player);
    if (n_players > 1)
      run_for (settle / 2.0 / n_players);
  }
  return players;
}

static void
set_states (GPtrArray *players, GstState to)
{
  for (guint i = 0; i < players->len; i++)
    gst_element_set_state (players->pdata[i], to);
}

static void
stop_player (gpointer player, gpointer user_data)
{
  gst_element_set_state (player, GST_STATE_NULL);
  gst_object_unref (player);
}

/* Each player has some descriptors. */
static void
allow_many_files (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
run (const char *element)
{
  gint64 since = g_get_monotonic_time ();
  GPtrArray *players = start_players (element);
  double started = (double) (g_get_monotonic_time () - since) / 1000;
  Counts from, to;

  if (state_is ("paused"))
    run_for (3);
  if (state_is ("paused"))
    set_states (players, GST_STATE_PAUSED);
  else if (state_is ("closed"))
    set_states (players, GST_STATE_NULL);
  run_for (settle);
  count (&from);
  set_counting (TRUE);
  run_for (seconds);
  set_counting (FALSE);
  count (&to);
  print_counts (&from, &to, started);
  since = g_get_monotonic_time ();
  g_ptr_array_foreach (players, stop_player, NULL);
  g_print (" stopped=%.1f", (double) (g_get_monotonic_time () - since) / 1000);
  print_lateness ();
  g_ptr_array_unref (players);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext)
      context = g_option_context_new ("ELEMENT [PROPERTY=VALUE...]");
  g_autoptr (GError) error = NULL;
  g_autofree char *element = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 2) {
    g_printerr ("%s\n", error ? error->message : "there is no element");
    return 2;
  }
  element = g_strjoinv (" ", argv + 1);
  allow_many_files ();
  loop = g_main_loop_new (NULL, FALSE);
  lateness = g_array_new (FALSE, FALSE, sizeof (gint64));
  run (element);
  g_array_unref (lateness);
  g_main_loop_unref (loop);
  return 0;
}
