/* bench-core: the core without a pipeline, and beside it what it is built on.
 *
 *   bench-core serve                  answers as a server does; prints its URI, and
 *                                     ends with its standard input
 *   bench-core sender URI N           N hits through a sender; of three to a session
 *   bench-core soup URI N             N requests with the same bodies, libsoup alone
 *   bench-core paced URI N SECONDS    N requests a second, libsoup alone, one by one
 *   bench-core store DIRECTORY N      N hits into a store, each durable
 *   bench-core sqlite DIRECTORY N     N rows of the same, SQLite alone
 *   bench-core trackers URI N SECONDS N trackers that play, and send their pings; or
 *                                     do not, where URI is "-"
 *
 * Each but the first prints one line of NAME=NUMBER pairs: `rate`, items a second;
 * `cpu`, microseconds of processor time for each. `trackers` prints `cpu` of a second,
 * `rss`, bytes in memory for each, `sent`, and how late pings were made, ms.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gio/gunixinputstream.h>
#include <libsoup/soup.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mh-sender.h"
#include "mh-service.h"
#include "mh-store.h"
#include "mh-tracker.h"
#include "mh-transport-soup.h"

#define PER_SESSION 3
/* As many as the sender has under way. */
#define AT_A_TIME MH_SENDER_MAX_IN_FLIGHT

#define BODY \
  "{\"eventType\":\"ping\",\"playerTime\":{\"playhead\":12.000551," \
  "\"ts\":1795939474751},\"qoeData\":{\"media.qoe.bitrate\":80000," \
  "\"media.qoe.droppedFrames\":0,\"media.qoe.timeToStart\":12}}"

static GMainLoop *loop;

static gint64
get_cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC +
      usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void
print_rate (guint n, gint64 since, gint64 cpu)
{
  g_print ("rate=%.1f cpu=%.2f\n",
      n * 1e6 / (double) (g_get_monotonic_time () - since),
      (double) (get_cpu () - cpu) / n);
}

/* ---- serve ---- */

static void
keep_connection (SoupServerMessage *message, gpointer user_data)
{
  soup_message_headers_set_encoding (
      soup_server_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

static void
serve_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  if (g_str_has_suffix (path, "/sessions")) {
    soup_message_headers_replace (
        soup_server_message_get_response_headers (message), "Location",
        "/api/v1/sessions/abc");
    soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
    return;
  }
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  g_signal_connect (
      message, "wrote-headers", G_CALLBACK (keep_connection), NULL);
}

static void
on_stdin (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (loop);
}

static void
serve (void)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  GInputStream *input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  GSList *uris;
  g_autofree char *uri = NULL;
  char byte;

  soup_server_add_handler (server, NULL, serve_request, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  uris = soup_server_get_uris (server);
  uri = g_uri_to_string (uris->data);
  uri[strlen (uri) - 1] = '\0';
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_print ("%s\n", uri);
  fflush (stdout);
  g_input_stream_read_async (input, &byte, 1, 0, NULL, on_stdin, NULL);
  g_main_loop_run (loop);
  g_object_unref (input);
  g_object_unref (server);
}

/* ---- sender ---- */

typedef struct
{
  MhSender *sender;
  GSource *timer; /* the sender's next turn */
  guint n_left;
} SenderRun;

/* The sender's clock goes on while the machine sleeps, a source's does not. */
static gint64
get_ready_time (MhSender *sender)
{
  MhTime deadline = mh_sender_next_deadline (sender);
  MhTime now = mh_clock_now (mh_clock_system ());

  return deadline == MH_TIME_NEVER
      ? -1
      : g_get_monotonic_time () + MAX (deadline - now, 0);
}

static gboolean
run_sender (gpointer user_data)
{
  SenderRun *run = user_data;

  mh_sender_run (run->sender);
  g_source_set_ready_time (run->timer, get_ready_time (run->sender));
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc func, gpointer user_data)
{
  return func (user_data);
}

static GSource *
make_timer (SenderRun *run)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_timer };
  GSource *timer = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (timer, run_sender, run, NULL);
  g_source_set_ready_time (timer, 0);
  g_source_attach (timer, NULL);
  return timer;
}

static void
sender_on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  SenderRun *run = user_data;

  if (--run->n_left == 0)
    g_main_loop_quit (loop);
}

/* As mh-spool does, which runs it on the worker. */
static void
sender_on_changed (gpointer user_data)
{
  SenderRun *run = user_data;

  g_source_set_ready_time (run->timer, 0);
}

static void
sender_on_dropped (
    gint64 session, guint n, const char *reason, gpointer user_data)
{
  g_error ("%u hits are dropped: %s", n, reason);
}

static void
fill_sender (MhSender *sender, const char *uri, guint n)
{
  g_autoptr (GBytes) body = g_bytes_new_static (BODY, sizeof BODY - 1);
  gint64 utc = g_get_real_time () / 1000;

  for (guint i = 0; i < n / PER_SESSION; i++) {
    gint64 session = mh_sender_open (sender, uri, MH_PROTOCOL_MEDIA_COLLECTION);

    mh_sender_enqueue (sender, session, MH_EVENT_SESSION_START, utc, body);
    for (guint j = 1; j < PER_SESSION; j++)
      mh_sender_enqueue (sender, session, MH_EVENT_PING, utc + j, body);
  }
}

static void
bench_sender (const char *uri, guint n)
{
  static const MhDelivery listener = {
    .sent = sender_on_sent,
    .dropped = sender_on_dropped,
    .changed = sender_on_changed,
  };
  MhStore *store = mh_store_new (n);
  MhTransport *transport = mh_transport_soup_new (MH_TIME_FROM_SEC (60), NULL);
  SenderRun run = { .n_left = n / PER_SESSION * PER_SESSION };
  gint64 since, cpu;

  run.sender = mh_sender_new (store, mh_clock_system (), &listener, &run);
  mh_sender_set_transport (run.sender, transport);
  fill_sender (run.sender, uri, n);
  since = g_get_monotonic_time ();
  cpu = get_cpu ();
  run.timer = make_timer (&run);
  g_main_loop_run (loop);
  print_rate (n, since, cpu);
  g_source_destroy (run.timer);
  g_source_unref (run.timer);
  mh_sender_free (run.sender);
  mh_transport_close (transport);
  g_object_unref (transport);
  mh_store_free (store);
}

/* ---- soup ---- */

typedef struct
{
  SoupSession *session;
  char *uri;
  GBytes *body;
  guint n_left; /* to be sent */
  guint n_open; /* without an answer */
  gboolean paced; /* more may come */
} SoupRun;

static void soup_send_one (SoupRun *run);

/* Keeps the connection, as mh-transport-soup does: the rest is what is compared. */
static void
soup_on_got_headers (SoupMessage *message, gpointer user_data)
{
  if (soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_set_content_length (
        soup_message_get_response_headers (message), 0);
}

static void
soup_on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoupRun *run = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (
      G_INPUT_STREAM (source), result, NULL);

  g_object_unref (source);
  run->n_open--;
  if (run->n_left > 0)
    soup_send_one (run);
  else if (run->n_open == 0 && !run->paced)
    g_main_loop_quit (loop);
}

static void
soup_on_headers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoupRun *run = user_data;
  g_autoptr (GError) error = NULL;
  GInputStream *stream = soup_session_send_finish (
      run->session, result, &error);

  if (!stream)
    g_error ("no answer: %s", error->message);
  g_input_stream_read_bytes_async (
      stream, 4096, G_PRIORITY_DEFAULT, NULL, soup_on_read, run);
}

static void
soup_send_one (SoupRun *run)
{
  /* The same part of all goes to each address as the sender's. */
  gboolean start = run->n_left % PER_SESSION == 0;
  g_autofree char *uri = g_strconcat (
      run->uri, "/api/v1/sessions", start ? "" : "/abc/events", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);

  run->n_left--;
  run->n_open++;
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_set_request_body_from_bytes (
      message, "application/json", run->body);
  g_signal_connect (
      message, "got-headers", G_CALLBACK (soup_on_got_headers), NULL);
  soup_session_send_async (
      run->session, message, G_PRIORITY_DEFAULT, NULL, soup_on_headers, run);
}

static void
bench_soup (const char *uri, guint n)
{
  SoupRun run = { .uri = g_strdup (uri), .n_left = n };
  gint64 since = g_get_monotonic_time ();
  gint64 cpu = get_cpu ();

  run.session = soup_session_new_with_options (
      "max-conns", 64, "max-conns-per-host", AT_A_TIME, NULL);
  run.body = g_bytes_new_static (BODY, sizeof BODY - 1);
  for (guint i = 0; i < MIN (n, AT_A_TIME); i++)
    soup_send_one (&run);
  g_main_loop_run (loop);
  print_rate (n, since, cpu);
  g_object_unref (run.session);
  g_bytes_unref (run.body);
  g_free (run.uri);
}

/* ---- paced ---- */

typedef struct
{
  SoupRun soup;
  guint n_sent;
  gboolean over;
} PacedRun;

static gboolean
paced_send_one (gpointer user_data)
{
  PacedRun *run = user_data;

  if (run->over)
    return G_SOURCE_REMOVE;
  run->soup.n_left = 1;
  soup_send_one (&run->soup);
  run->n_sent++;
  return G_SOURCE_CONTINUE;
}

static gboolean
paced_end (gpointer user_data)
{
  PacedRun *run = user_data;

  run->over = TRUE;
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
bench_paced (const char *uri, guint rate, guint seconds)
{
  PacedRun run = { { .uri = g_strdup (uri), .paced = TRUE } };
  gint64 since = g_get_monotonic_time ();
  gint64 cpu = get_cpu ();

  run.soup.session = soup_session_new_with_options (
      "max-conns", 64, "max-conns-per-host", AT_A_TIME, NULL);
  run.soup.body = g_bytes_new_static (BODY, sizeof BODY - 1);
  g_timeout_add (1000 / rate, paced_send_one, &run);
  g_timeout_add_seconds (seconds, paced_end, &run);
  g_main_loop_run (loop);
  print_rate (run.n_sent, since, cpu);
}

/* ---- store, sqlite ---- */

static void
bench_store (const char *dir, guint n)
{
  g_autoptr (GBytes) body = g_bytes_new_static (BODY, sizeof BODY - 1);
  MhStore *store = mh_store_new (n + 1);
  gint64 session, since, cpu;

  mh_store_attach (store, dir);
  session = mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  mh_store_append (store, session, MH_EVENT_SESSION_START, 1, body);
  if (!mh_store_commit (store))
    g_error ("%s cannot be written", dir);
  since = g_get_monotonic_time ();
  cpu = get_cpu ();
  for (guint i = 0; i < n; i++) {
    mh_store_append (store, session, MH_EVENT_PING, i + 2, body);
    mh_store_commit (store);
  }
  print_rate (n, since, cpu);
  mh_store_free (store);
}

static void
sqlite_do (sqlite3 *db, const char *text)
{
  if (sqlite3_exec (db, text, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", text, sqlite3_errmsg (db));
}

static sqlite3 *
sqlite_make (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "bare.db", NULL);
  sqlite3 *db;

  sqlite3_open (path, &db);
  sqlite_do (db, "PRAGMA journal_mode=WAL");
  sqlite_do (db, "PRAGMA synchronous=NORMAL");
  sqlite_do (db, "PRAGMA secure_delete=ON");
  sqlite_do (db,
      "CREATE TABLE hits (session INTEGER NOT NULL,"
      " seq INTEGER NOT NULL, event TEXT NOT NULL,"
      " ts INTEGER NOT NULL, body BLOB NOT NULL,"
      " PRIMARY KEY (session, seq))");
  return db;
}

static void
bench_sqlite (const char *dir, guint n)
{
  sqlite3 *db = sqlite_make (dir);
  gint64 since = g_get_monotonic_time ();
  gint64 cpu = get_cpu ();
  sqlite3_stmt *insert;

  sqlite3_prepare_v2 (
      db, "INSERT INTO hits VALUES (1, ?, 'ping', ?, ?)", -1, &insert, NULL);
  for (guint i = 0; i < n; i++) {
    sqlite3_bind_int64 (insert, 1, i);
    sqlite3_bind_int64 (insert, 2, i + 2);
    sqlite3_bind_blob (insert, 3, BODY, sizeof BODY - 1, SQLITE_STATIC);
    if (sqlite3_step (insert) != SQLITE_DONE)
      g_error ("%s", sqlite3_errmsg (db));
    sqlite3_reset (insert);
  }
  print_rate (n, since, cpu);
  sqlite3_finalize (insert);
  sqlite3_close (db);
}

/* ---- trackers ---- */

typedef struct
{
  MhTracker *tracker;
  MhTimer timer;
  guint number;
} Tracked;

static MhService *service;
static MhWorker *worker;
static Tracked *tracked;
static guint n_tracked;
static const char *server_uri;
static GArray *lateness; /* gint64: of each ping, us; the worker's */
static gboolean counts; /* the worker's */

static MhTime
now (void)
{
  return mh_clock_now (mh_clock_system ());
}

static void
tracked_on_hit (const MhHit *hit, gpointer user_data)
{
  gint64 late = now () - hit->at;

  if (counts && hit->event == MH_EVENT_PING)
    g_array_append_val (lateness, late);
}

static void
tracked_on_text (const char *text, gpointer user_data)
{
}

static void
tracked_set_timer (Tracked *self)
{
  mh_worker_set_timer (
      worker, &self->timer, mh_tracker_next_deadline (self->tracker));
}

static void
tracked_on_timer (MhTime at, gpointer user_data)
{
  Tracked *self = user_data;

  mh_tracker_advance (self->tracker, at);
  tracked_set_timer (self);
}

static MhMedia *
make_media (guint number)
{
  MhMedia *media = mh_media_new ();

  media->id = g_strdup_printf ("media-%u", number);
  media->name = g_strdup ("A name");
  media->length = 3600;
  media->stream_type = g_strdup ("vod");
  media->media_type = g_strdup ("video");
  return media;
}

static void
tracked_start (gpointer data)
{
  static const MhTrackerListener listener = {
    .hit = tracked_on_hit,
    .session_id = tracked_on_text,
    .warning = tracked_on_text,
  };
  Tracked *self = data;
  MhConfig *config = mh_config_new ();
  g_auto (MhCall) start = { MH_CALL_SESSION_START };
  const MhCall play = { MH_CALL_PLAY };
  MhCall playhead = { MH_CALL_PLAYHEAD };
  MhTime at = now ();

  config->collection_server = g_strdup (server_uri);
  /* All of them start within seconds, with some hits each. */
  config->queue_max_hits = MAX (config->queue_max_hits, 10 * n_tracked);
  config->queue_max_bytes = 256 * 1024 * 1024;
  start.media = make_media (self->number);
  playhead.playhead.rate = 1;
  self->tracker = mh_tracker_new (mh_clock_system (), &listener, self);
  self->timer.due = tracked_on_timer;
  self->timer.user_data = self;
  mh_tracker_set_service (self->tracker, service);
  mh_tracker_set_config (self->tracker, config);
  mh_config_unref (config);
  mh_tracker_call (self->tracker, &start, at, NULL);
  mh_tracker_call (self->tracker, &playhead, at, NULL);
  mh_tracker_call (self->tracker, &play, at, NULL);
  tracked_set_timer (self);
}

static void
tracked_stop_all (gpointer data)
{
  for (guint i = 0; i < n_tracked; i++) {
    mh_worker_set_timer (worker, &tracked[i].timer, MH_TIME_NEVER);
    mh_tracker_set_service (tracked[i].tracker, NULL);
  }
}

static void
begin_to_count (gpointer data)
{
  counts = TRUE;
}

static gint64
get_rss (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  pages = strtol (strchr (text, ' '), NULL, 10);
  return pages * sysconf (_SC_PAGESIZE);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Returns: how late that part of the pings was at most, ms. */
static double
get_quantile (double part)
{
  guint i = (guint) (part * (lateness->len - 1));

  return lateness->len ? (double) g_array_index (lateness, gint64, i) / 1000
                       : 0;
}

static gboolean
leave (gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
wait_for (gint64 usec)
{
  g_timeout_add ((guint) (usec / 1000), leave, NULL);
  g_main_loop_run (loop);
}

/* One after the other during ten seconds, as their pings are to be. */
static void
start_trackers (void)
{
  gint64 since = g_get_monotonic_time ();

  for (guint i = 0; i < n_tracked; i++) {
    gint64 wait = since + (gint64) i * 10 * G_USEC_PER_SEC / n_tracked -
        g_get_monotonic_time ();

    if (wait > 1000)
      wait_for (wait);
    tracked[i].number = i;
    mh_worker_invoke (worker, tracked_start, &tracked[i], NULL);
  }
}

static void
count_sent (gpointer data)
{
  guint64 *sent = data;

  for (guint i = 0; i < n_tracked; i++) {
    MhStats stats = { 0 };

    mh_tracker_get_stats (tracked[i].tracker, &stats);
    *sent += stats.sent;
    mh_stats_clear (&stats);
  }
}

static void
bench_trackers (const char *uri, guint n, guint seconds)
{
  gint64 rss, cpu, since;
  guint64 sent = 0;

  service = mh_service_acquire (NULL);
  worker = mh_service_get_worker (service);
  server_uri = g_str_equal (uri, "-") ? NULL : uri;
  n_tracked = n;
  tracked = g_new0 (Tracked, n);
  lateness = g_array_new (FALSE, FALSE, sizeof (gint64));
  rss = get_rss ();
  start_trackers ();
  wait_for (15 * G_USEC_PER_SEC);
  mh_worker_invoke (worker, begin_to_count, NULL, NULL);
  cpu = get_cpu ();
  since = g_get_monotonic_time ();
  wait_for (seconds * G_USEC_PER_SEC);
  cpu = get_cpu () - cpu;
  since = g_get_monotonic_time () - since;
  rss = get_rss () - rss;
  mh_worker_invoke_and_wait (
      worker, count_sent, &sent, NULL, MH_TIME_FROM_SEC (60));
  mh_worker_invoke_and_wait (
      worker, tracked_stop_all, NULL, NULL, MH_TIME_FROM_SEC (60));
  g_array_sort (lateness, compare);
  g_print ("cpu=%.1f rss=%.0f sent=%" G_GUINT64_FORMAT
           " pings=%u late50=%.3f late99=%.3f latest=%.3f\n",
      (double) cpu * 1e6 / (double) since, (double) rss / n, sent,
      lateness->len, get_quantile (0.5), get_quantile (0.99), get_quantile (1));
}

int
main (int argc, char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";
  guint n = argc > 3 ? (guint) strtoul (argv[3], NULL, 10) : 0;

  loop = g_main_loop_new (NULL, FALSE);
  if (g_str_equal (mode, "serve"))
    serve ();
  else if (g_str_equal (mode, "sender") && n > 0)
    bench_sender (argv[2], n);
  else if (g_str_equal (mode, "soup") && n > 0)
    bench_soup (argv[2], n);
  else if (g_str_equal (mode, "paced") && n > 0 && argc > 4)
    bench_paced (argv[2], n, (guint) strtoul (argv[4], NULL, 10));
  else if (g_str_equal (mode, "store") && n > 0)
    bench_store (argv[2], n);
  else if (g_str_equal (mode, "sqlite") && n > 0)
    bench_sqlite (argv[2], n);
  else if (g_str_equal (mode, "trackers") && n > 0 && argc > 4)
    bench_trackers (argv[2], n, (guint) strtoul (argv[4], NULL, 10));
  else
    return 2;
  g_main_loop_unref (loop);
  return 0;
}
