/* Tests of delivery: a process that is killed at a given place, for each of the
 * places in the core (mh-crash.h), with each protocol.
 *
 * A process of its own plays one of the scenarios against a server that it plays
 * as well, tells in a pipe what is accepted and what the server has had, and
 * kills itself when it has come to the place for the n-th time. Another one
 * comes after it, plays, and delivers what is there. In the end the server has
 * had all that was accepted, in order, and twice no more than what was in the
 * request that was on its way at that moment. What comes twice with a protocol
 * that joins hits is the same, byte for byte: so its ID tells.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mh-crash.h"
#include "mh-protocol.h"
#include "mh-service.h"
#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-share.h"
#include "mh-test-turn.h"
#include "mh-transport.h"

/* A place is tried at the first times that it is come to (in an emulator the
 * first one), and the last. */
#define FIRST_TIMES 3

#define MAX_POINTS 64
#define MAX_SESSIONS 8
#define MAX_HITS 64

/* All there are: those of the code are the same, and each of them is come to. */
static const char *const points[] = {
  "db/adopting",
  "db/closing",
  "db/connected",
  "db/made-file",
  "db/migrated",
  "db/migrating",
  "db/owner",
  "db/removing-session",
  "db/renaming",
  "sender/accepted",
  "sender/accepted-batch",
  "sender/accepted-joined",
  "sender/acknowledged",
  "sender/acknowledged-joined",
  "sender/answered",
  "sender/answered-batch",
  "sender/answered-joined",
  "sender/failed-joined",
  "sender/gave-up",
  "sender/is-rest",
  "sender/sending",
  "sender/sending-batch",
  "sender/sending-joined",
  "sender/sent",
  "sender/sent-batch",
  "sender/sent-joined",
  "sender/split-joined",
  "sender/stopped-joined",
  "service/enqueued",
  "service/forgotten",
  "service/opened",
  "spool/adopted",
  "spool/ending",
  "spool/forgetting",
  "store/acknowledging",
  "store/adopted",
  "store/committed",
  "store/dropped-hit",
  "store/dropped-ping",
  "store/dropped-session",
  "store/read-window",
  "store/reading-orphan",
  "store/scrubbing",
  "store/set-aside",
  "store/syncing",
  "store/writing",
  "store/written",
};

/* Sessions by the process that begins them. */
enum
{
  OLD, /* the one before, whose sessions are orphans */
  OLD_OTHER,
  FIRST, /* the one that is killed */
  SECOND,
  THIRD,
  LATER, /* the one that comes after it */
};

typedef enum
{
  SAYS_ACCEPTED, /* a hit is safe */
  SAYS_RECEIVED, /* the server has had it */
  SAYS_PASSED, /* how often it has come to point number .session */
} Says;

typedef struct
{
  Says what;
  guint session;
  guint hit;
  guint request; /* that has brought it to the server, from 1 on */
  guint sum; /* of its text there */
} Record;

/* ---- in the process: what it says, and where it ends ---- */

static int pipe_end = -1;
static MhProtocolKind protocol; /* that is spoken */
static const char *fatal_point; /* NULL: none */
static guint fatal_time;
static guint passed[MAX_POINTS];

static void
say_record (const Record *record)
{
  if (write (pipe_end, record, sizeof *record) != sizeof *record)
    _exit (1);
}

static void
say (Says what, guint session, guint hit)
{
  const Record record = { what, session, hit };

  say_record (&record);
}

static guint
find_point (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    if (g_str_equal (points[i], name))
      return i;
  }
  g_error ("“%s” is not in the list of this test", name);
}

void
mh_crash_point (const char *name)
{
  if (passed[find_point (name)]++ == fatal_time &&
      g_strcmp0 (fatal_point, name) == 0)
    raise (SIGKILL);
}

/* ---- in the process: the server ---- */

#define TEST_TYPE_SERVER (test_server_get_type ())
G_DECLARE_FINAL_TYPE (TestServer, test_server, TEST, SERVER, GObject)

typedef struct
{
  MhAnswerFunc done;
  gpointer user_data;
  gboolean starts;
  gboolean poisoned;
} Asked;

struct _TestServer
{
  GObject parent;

  GArray *asked; /* of Asked, without an answer */
  guint n_requests;
  gboolean mute; /* nothing gets through */
  guint refuses; /* the status of its answers to a start, or 0 */
  const char *poison; /* what it refuses, with status poison_status; or NULL */
  guint poison_status;
};

/* What is between this hit and the next one in a joined request. */
static guint
sum_of (const char *text)
{
  g_autofree char *line = g_strndup (text, strcspn (text, "\n"));

  return mh_protocol_get (protocol)->join ? g_str_hash (line) : 0;
}

static const char *
find_number (const char *text)
{
  return strstr (text, "\"n\":");
}

/* What each body has in it. */
static void
note_received (TestServer *self, const char *body)
{
  Record record = { SAYS_RECEIVED, .request = ++self->n_requests };
  const char *at = find_number (body);

  /* A rest begins with a start that it had before. */
  if (strstr (body, "\"media.resume\":true") ||
      strstr (body, "\"hasResume\":true"))
    at = find_number (at + 1);
  for (; at; at = find_number (at + 1)) {
    guint n = (guint) atoi (at + strlen ("\"n\":"));

    record.session = n / 100;
    record.hit = n % 100;
    record.sum = sum_of (at);
    say_record (&record);
  }
}

static void
test_server_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  TestServer *self = TEST_SERVER (transport);
  Asked asked = { done, user_data };
  g_autofree char *body = g_strndup (
      g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));

  asked.starts = g_str_has_suffix (request->uri, "/sessions") ||
      strstr (request->uri, "/va/v1/sessionStart");
  asked.poisoned = self->poison && strstr (body, self->poison);
  if (!self->mute && !asked.poisoned && !(asked.starts && self->refuses))
    note_received (self, body);
  g_array_append_val (self->asked, asked);
}

static void
answer_first (TestServer *self, guint status)
{
  static const char start[] =
      "{\"handle\":[{\"payload\":[{\"sessionId\":\"sid\"}],"
      "\"type\":\"media-analytics:new-session\"},"
      "{\"payload\":[{\"scope\":\"EdgeNetwork\",\"hint\":\"irl1\"}],"
      "\"type\":\"locationHint:result\"}]}";
  g_autoptr (GBytes) body = g_bytes_new_static (start, strlen (start));
  g_autoptr (GError) error = NULL;
  Asked asked = g_array_index (self->asked, Asked, 0);
  MhAnswer answer = { .status = status };

  g_array_remove_index (self->asked, 0);
  if (status == 0)
    error = g_error_new_literal (MH_ERROR, MH_ERROR_TRANSPORT, "no answer");
  answer.error = error;
  if (status == 201)
    answer.location = "/api/v1/sessions/sid";
  if (status == 200)
    answer.body = body;
  asked.done (&answer, asked.user_data);
}

static guint
status_of_start (TestServer *self)
{
  if (self->refuses)
    return self->refuses;
  return protocol == MH_PROTOCOL_MEDIA_EDGE ? 200 : 201;
}

static void
answer_next (TestServer *self)
{
  const Asked *asked = &g_array_index (self->asked, Asked, 0);

  if (self->mute)
    answer_first (self, 0);
  else if (asked->poisoned)
    answer_first (self, self->poison_status);
  else
    answer_first (self, asked->starts ? status_of_start (self) : 204);
}

static void
test_server_close (MhTransport *transport)
{
  TestServer *self = TEST_SERVER (transport);

  while (self->asked->len > 0)
    answer_first (self, 0);
}

static void
test_server_iface_init (MhTransportInterface *iface)
{
  iface->send = test_server_send;
  iface->close = test_server_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestServer, test_server, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, test_server_iface_init))

static void
test_server_finalize (GObject *object)
{
  g_array_unref (TEST_SERVER (object)->asked);
  G_OBJECT_CLASS (test_server_parent_class)->finalize (object);
}

static void
test_server_class_init (TestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_server_finalize;
}

static void
test_server_init (TestServer *self)
{
  self->asked = g_array_new (FALSE, FALSE, sizeof (Asked));
}

/* ---- in the process: the player ---- */

typedef struct
{
  MhTestClock clock;
  TestServer *server;
  MhService *service;
  MhConfig *config;
  guint next_hit[MAX_SESSIONS];
  guint accepted[MAX_SESSIONS];
  gint64 keys[MAX_SESSIONS];
} World;

static void
hear_text (gint64 session, const char *text, gpointer user_data)
{
}

static void
hear_sent (gint64 session, MhEvent event, gpointer user_data)
{
}

static void
hear_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
}

static void
hear_problem (const char *message, gpointer user_data)
{
  /* What had to be made anew is in order again. */
  g_assert_nonnull (strstr (message, "damaged"));
}

static const MhDelivery delivery = {
  .session_id = hear_text,
  .sent = hear_sent,
  .dropped = hear_dropped,
  .refused = hear_text,
  .expired = hear_text,
  .failed = hear_text,
  .problem = hear_problem,
};

static void
begin (World *world, const char *dir, guint minutes)
{
  *world = (World){ 0 };
  mh_test_clock_init (&world->clock);
  mh_test_clock_advance (&world->clock, MH_TIME_FROM_SEC (minutes * 60));
  world->server = g_object_new (TEST_TYPE_SERVER, NULL);
  world->service = mh_service_new_for_test (
      &world->clock.clock, MH_TRANSPORT (world->server));
  mh_service_set_durable_for_test (world->service);
  world->config = mh_config_new ();
  world->config->collection_server = g_strdup ("https://a.example");
  world->config->state_dir = g_strdup (dir);
  world->config->protocol = protocol;
  world->config->datastream_id = g_strdup ("ds-1");
}

static void
finish (World *world)
{
  mh_service_free_for_test (world->service);
  mh_config_unref (world->config);
  g_assert_finalize_object (world->server);
}

static char *
make_collection_hit (MhEvent event, guint number, gint64 ts)
{
  return g_strdup_printf ("{\"eventType\":\"%s\",\"n\":%u,"
                          "\"playerTime\":{\"ts\":%" G_GINT64_FORMAT "}}",
      mh_event_name (event), number, ts);
}

static char *
make_edge_hit (MhEvent event, guint number, gint64 ts)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ts / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.000Z");

  return g_strdup_printf (
      "{\"events\":[{\"xdm\":{\"eventType\":\"media.%s\","
      "\"timestamp\":\"%s\",\"mediaCollection\":{%s\"playhead\":0,"
      "\"n\":%u}}}]}",
      mh_event_name (event), text,
      event == MH_EVENT_SESSION_START ? "\"sessionDetails\":{\"name\":\"f\"},"
                                      : "",
      number);
}

/* Its ID is its number: it is made once, when the hit is. */
static char *
make_row (MhEvent event, guint number, gint64 ts)
{
  return g_strdup_printf ("{\"n\":%u,\"type\":\"%s\","
                          "\"ts\":%" G_GINT64_FORMAT "}",
      number, mh_event_name (event), ts);
}

static char *
make_hit (MhEvent event, guint number, gint64 ts)
{
  if (protocol == MH_PROTOCOL_MEDIA_COLLECTION)
    return make_collection_hit (event, number, ts);
  return protocol == MH_PROTOCOL_MEDIA_EDGE ? make_edge_hit (event, number, ts)
                                            : make_row (event, number, ts);
}

static void
enqueue (World *world, guint session, MhEvent event)
{
  guint hit = world->next_hit[session]++;
  gint64 ts = mh_clock_utc (&world->clock.clock) / MH_USEC_PER_MSEC;
  g_autofree char *text = make_hit (event, session * 100 + hit, ts);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  mh_service_enqueue (world->service, world->keys[session], event, ts, body);
}

static void
open_session (World *world, guint session, gboolean whole)
{
  world->keys[session] = mh_service_open (
      world->service, world->config, whole, &delivery, world);
  enqueue (world, session, MH_EVENT_SESSION_START);
}

static void
run (World *world)
{
  mh_test_turn (mh_service_get_worker (world->service));
}

/* The worker's turn. What there is by then is safe after it. */
static void
turn (World *world)
{
  run (world);
  for (guint i = 0; i < MAX_SESSIONS; i++) {
    for (; world->accepted[i] < world->next_hit[i]; world->accepted[i]++)
      say (SAYS_ACCEPTED, i, world->accepted[i]);
  }
}

static void
answer_all (World *world)
{
  turn (world);
  while (world->server->asked->len > 0) {
    answer_next (world->server);
    turn (world);
    if (world->server->mute)
      return;
  }
}

static void
let_pass (World *world, guint seconds)
{
  mh_test_clock_advance (&world->clock, MH_TIME_FROM_SEC (seconds));
  turn (world);
}

/* ---- scenarios ---- */

static void
open_playing (World *world, guint session, gboolean whole)
{
  open_session (world, session, whole);
  enqueue (world, session, MH_EVENT_PLAY);
}

static void
enqueue_and_turn (World *world, guint session, MhEvent event)
{
  enqueue (world, session, event);
  turn (world);
}

static void
enqueue_and_answer (World *world, guint session, MhEvent event)
{
  enqueue (world, session, event);
  answer_all (world);
}

/* Some of it arrives while it is played, and some afterwards. */
static void
play (World *world)
{
  open_playing (world, FIRST, FALSE);
  turn (world);
  enqueue_and_answer (world, FIRST, MH_EVENT_PING);
  let_pass (world, 1);
  enqueue (world, FIRST, MH_EVENT_PING);
  enqueue_and_answer (world, FIRST, MH_EVENT_SESSION_COMPLETE);
  world->server->mute = TRUE;
  open_playing (world, SECOND, FALSE);
  answer_all (world);
  enqueue_and_turn (world, SECOND, MH_EVENT_SESSION_END);
}

/* Six hits at most: sessions go for the sake of the last one, and pings. */
static void
play_full (World *world)
{
  world->server->mute = TRUE;
  world->config->queue_max_hits = 6;
  for (guint i = FIRST; i <= THIRD; i++) {
    open_playing (world, i, FALSE);
    turn (world);
    enqueue_and_answer (world, i, MH_EVENT_PING);
  }
  enqueue_and_turn (world, THIRD, MH_EVENT_PING);
  enqueue (world, THIRD, MH_EVENT_PAUSE_START);
  enqueue_and_turn (world, THIRD, MH_EVENT_PING);
  enqueue_and_turn (world, THIRD, MH_EVENT_PLAY);
}

static void
play_batch (World *world)
{
  open_playing (world, FIRST, TRUE);
  turn (world);
  enqueue_and_answer (world, FIRST, MH_EVENT_SESSION_COMPLETE);
  open_playing (world, SECOND, TRUE);
  turn (world);
}

/* The server has closed the session by the time that the rest comes. */
static void
play_late (World *world)
{
  open_session (world, FIRST, FALSE);
  answer_all (world);
  enqueue_and_answer (world, FIRST, MH_EVENT_PLAY);
  let_pass (world, 11 * 60);
  enqueue (world, FIRST, MH_EVENT_PAUSE_START);
  enqueue_and_answer (world, FIRST, MH_EVENT_PLAY);
}

static void
play_refused (World *world)
{
  world->server->refuses = 400;
  open_playing (world, FIRST, FALSE);
  answer_all (world);
  world->server->refuses = 0;
  open_session (world, SECOND, FALSE);
  answer_all (world);
}

static void
play_forgotten (World *world)
{
  world->server->mute = TRUE;
  open_playing (world, FIRST, FALSE);
  turn (world);
  mh_service_forget_visitor (world->service, world->config, "opted out");
  turn (world);
}

/* Without the log, and with the file's first pages gone, nothing is left. */
static void
damage (const char *dir)
{
  g_autofree char *zeroes = g_malloc0 (100000);
  g_autofree char *path = g_build_filename (dir, "hits.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (write (fd, zeroes, 100000), ==, 100000);
  close (fd);
  g_assert_cmpint (truncate (log, 0), ==, 0);
}

/* What the store has read so far, it has to read again. */
static void
write_elsewhere (World *world)
{
  g_autoptr (MhStore) other = mh_store_new (10);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"n\":0}", 7);
  gint64 key;

  mh_store_attach (other, world->config->state_dir);
  key = mh_store_add_session (
      other, world->config->collection_server, MH_PROTOCOL_MEDIA_COLLECTION);
  mh_store_append (other, key, MH_EVENT_SESSION_START,
      mh_clock_utc (&world->clock.clock) / MH_USEC_PER_MSEC, body);
}

static void
play_damaged (World *world)
{
  world->server->mute = TRUE;
  open_session (world, FIRST, FALSE);
  turn (world);
  let_pass (world, 1);
  write_elsewhere (world);
  damage (world->config->state_dir);
  enqueue_and_turn (world, FIRST, MH_EVENT_PLAY);
  let_pass (world, 1);
}

/* Several hits of two sessions in one request; one whose answer is lost, and which
 * goes once more with what has come since; and a third session in the rest. */
static void
play_together (World *world)
{
  open_session (world, FIRST, FALSE);
  turn (world);
  enqueue (world, FIRST, MH_EVENT_PLAY);
  open_playing (world, SECOND, FALSE);
  enqueue_and_turn (world, FIRST, MH_EVENT_PING);
  answer_all (world);
  world->server->mute = TRUE;
  enqueue (world, SECOND, MH_EVENT_PING);
  enqueue_and_answer (world, FIRST, MH_EVENT_PAUSE_START);
  world->server->mute = FALSE;
  open_session (world, THIRD, FALSE);
  enqueue (world, FIRST, MH_EVENT_SESSION_END);
  let_pass (world, 3);
  answer_all (world);
  world->server->mute = TRUE;
  enqueue (world, SECOND, MH_EVENT_SESSION_COMPLETE);
  enqueue_and_answer (world, THIRD, MH_EVENT_PLAY);
}

/* A hit that the server refuses: the second one of FIRST. */
#define POISON_NUMBER 201

G_STATIC_ASSERT (POISON_NUMBER == FIRST * 100 + 1);

static void
poison_server (World *world, guint status)
{
  world->server->poison = "{\"n\":" G_STRINGIFY (POISON_NUMBER) ",";
  world->server->poison_status = status;
}

/* One hit among those of two sessions is refused, and with it each request that
 * has it: they are sent in halves. */
static void
play_poison (World *world)
{
  poison_server (world, 400);
  open_session (world, FIRST, FALSE);
  turn (world);
  enqueue (world, FIRST, MH_EVENT_PLAY);
  enqueue (world, FIRST, MH_EVENT_PING);
  open_playing (world, SECOND, FALSE);
  enqueue_and_answer (world, SECOND, MH_EVENT_PING);
  enqueue_and_answer (world, SECOND, MH_EVENT_SESSION_END);
}

/* The server wants no more of one session (CMCD's 410). */
static void
play_stopped (World *world)
{
  poison_server (world, 410);
  open_session (world, FIRST, FALSE);
  answer_all (world);
  enqueue (world, FIRST, MH_EVENT_PLAY);
  enqueue (world, FIRST, MH_EVENT_PING);
  open_playing (world, SECOND, FALSE);
  answer_all (world);
  enqueue_and_answer (world, SECOND, MH_EVENT_SESSION_END);
}

typedef struct
{
  const char *name;
  void (*play) (World *world);
  enum
  {
    ALL_OF_IT, /* whatever is accepted arrives */
    LATEST, /* of the session that is played; of the others, all or nothing;
             * but for pings */
    NOTHING, /* the visitor has opted out */
    BUT_POISON, /* all but what the server refuses */
  } arrives;
  guint but; /* which sessions need not: their file is damaged, or the server
              * refuses them; a bit each */
  gboolean orphans; /* somebody was there before */
  gboolean damaged; /* and the disk is bad */
  guint later; /* the next process comes, minutes; 0: after one */
  guint n_pings; /* that are left as well: more than are read at once */
  MhProtocolKind protocol;
} Scenario;

static const Scenario scenarios[] = {
  { "plain", play },
  { "orphans", play, .orphans = TRUE },
  { "orphans/later", play, .orphans = TRUE, .later = 60 },
  { "orphans/many", play, .orphans = TRUE, .n_pings = 40 },
  { "full", play_full, .arrives = LATEST, .orphans = TRUE },
  { "batch", play_batch },
  { "late", play_late, .later = 12 },
  { "refused", play_refused, .but = 1 << FIRST },
  { "forgotten", play_forgotten, .arrives = NOTHING, .orphans = TRUE },
  { "damaged/before", play, .but = 1 << OLD | 1 << OLD_OTHER, .orphans = TRUE,
      .damaged = TRUE },
  { "damaged/meanwhile", play_damaged, .but = 1 << FIRST },
  { "media-edge/plain", play, .protocol = MH_PROTOCOL_MEDIA_EDGE },
  { "media-edge/orphans", play, .orphans = TRUE,
      .protocol = MH_PROTOCOL_MEDIA_EDGE },
  { "media-edge/batch", play_batch, .protocol = MH_PROTOCOL_MEDIA_EDGE },
  { "media-edge/late", play_late, .later = 12,
      .protocol = MH_PROTOCOL_MEDIA_EDGE },
  { "media-edge/refused", play_refused, .but = 1 << FIRST,
      .protocol = MH_PROTOCOL_MEDIA_EDGE },
  { "events/plain", play, .protocol = MH_PROTOCOL_EVENTS },
  { "events/orphans", play, .orphans = TRUE, .later = 60,
      .protocol = MH_PROTOCOL_EVENTS },
  { "events/together", play_together, .orphans = TRUE,
      .protocol = MH_PROTOCOL_EVENTS },
  { "events/full", play_full, .arrives = LATEST, .orphans = TRUE,
      .protocol = MH_PROTOCOL_EVENTS },
  { "events/forgotten", play_forgotten, .arrives = NOTHING, .orphans = TRUE,
      .protocol = MH_PROTOCOL_EVENTS },
  { "events/poison", play_poison, .arrives = BUT_POISON,
      .protocol = MH_PROTOCOL_EVENTS },
  { "cmcd/together", play_together, .orphans = TRUE,
      .protocol = MH_PROTOCOL_CMCD },
  { "cmcd/poison", play_poison, .arrives = BUT_POISON,
      .protocol = MH_PROTOCOL_CMCD },
  { "cmcd/stopped", play_stopped, .but = 1 << FIRST,
      .protocol = MH_PROTOCOL_CMCD },
};

/* ---- the processes ---- */

/* Leaves two sessions behind, one of which the server knows. */
static void
be_before (const Scenario *scenario, const char *dir)
{
  World world;

  begin (&world, dir, 0);
  open_session (&world, OLD, FALSE);
  answer_all (&world);
  world.server->mute = TRUE;
  enqueue (&world, OLD, MH_EVENT_PLAY);
  for (guint i = 0; i < scenario->n_pings; i++)
    enqueue (&world, OLD, MH_EVENT_PING);
  open_session (&world, OLD_OTHER, FALSE);
  enqueue (&world, OLD_OTHER, MH_EVENT_PLAY);
  turn (&world);
  if (scenario->damaged)
    damage (dir);
}

static void
be_killed (const Scenario *scenario, const char *dir)
{
  World world;

  begin (&world, dir, 0);
  scenario->play (&world);
  finish (&world);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    if (passed[i] > 0)
      say (SAYS_PASSED, i, passed[i]);
  }
}

static void
be_later (const Scenario *scenario, const char *dir)
{
  World world;

  begin (&world, dir, MAX (scenario->later, 1));
  if (scenario->arrives == NOTHING)
    mh_service_forget_visitor (world.service, world.config, "opted out");
  open_session (&world, LATER, FALSE);
  enqueue (&world, LATER, MH_EVENT_PLAY);
  enqueue (&world, LATER, MH_EVENT_SESSION_END);
  answer_all (&world);
  finish (&world);
}

typedef void (*Process) (const Scenario *scenario, const char *dir);

/* ---- the one that looks on ---- */

typedef struct
{
  gboolean accepted[MAX_SESSIONS][MAX_HITS];
  gint received[MAX_SESSIONS][MAX_HITS]; /* how often */
  guint sums[MAX_SESSIONS][MAX_HITS];
  guint passed[MAX_POINTS];
  guint n_accepted;
  guint n_twice;
} Report;

/* What one process has sent of a session. */
typedef struct
{
  gint first[MAX_SESSIONS]; /* -1: nothing */
  gint last[MAX_SESSIONS];
  guint last_request; /* of all */
  guint request[MAX_SESSIONS]; /* the last one that had something of it */
  gint first_in_it[MAX_SESSIONS]; /* in that one */
} Sent;

static void
note_request (Sent *sent, const Record *record)
{
  if (record->request != sent->request[record->session])
    sent->first_in_it[record->session] = (gint) record->hit;
  sent->request[record->session] = record->request;
  sent->last_request = record->request;
}

static void
note_sent (Sent *sent, Report *report, const Record *record)
{
  gint *last = &sent->last[record->session];
  guint *sum = &report->sums[record->session][record->hit];

  /* In order; a gap is what was dropped before. */
  g_assert_cmpint ((gint) record->hit, >, *last);
  if (*last < 0)
    sent->first[record->session] = (gint) record->hit;
  *last = (gint) record->hit;
  note_request (sent, record);
  if (report->received[record->session][record->hit]++ > 0)
    g_assert_cmpuint (record->sum, ==, *sum);
  *sum = record->sum;
}

static void
read_records (int fd, Report *report, Sent *sent)
{
  Record record;

  *sent = (Sent){ 0 };
  for (guint i = 0; i < MAX_SESSIONS; i++)
    sent->first[i] = sent->last[i] = -1;
  while (read (fd, &record, sizeof record) == sizeof record) {
    switch (record.what) {
      case SAYS_ACCEPTED:
        report->accepted[record.session][record.hit] = TRUE;
        report->n_accepted++;
        break;
      case SAYS_RECEIVED:
        note_sent (sent, report, &record);
        break;
      case SAYS_PASSED:
        report->passed[record.session] = record.hit;
        break;
    }
  }
}

/* Returns: whether it was killed; otherwise it has come to its end. */
static gboolean
run_process (Process process, const Scenario *scenario, const char *dir,
    Report *report, Sent *sent)
{
  int ends[2], status;
  pid_t pid;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  if (pid == 0) {
    close (ends[0]);
    pipe_end = ends[1];
    process (scenario, dir);
    _exit (0);
  }
  close (ends[1]);
  read_records (ends[0], report, sent);
  close (ends[0]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (WIFSIGNALED (status)) {
    g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
    return TRUE;
  }
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  return FALSE;
}

/* Nothing arrives twice but what was in the last request: each session has one at
 * a time, or all of them have, where hits are joined. */
static void
check_twice (Report *report, const Sent *killed, const Sent *later)
{
  for (guint i = 0; i < MAX_SESSIONS; i++) {
    gint twice = killed->last[i] - later->first[i] + 1;

    if (later->first[i] < 0 || killed->last[i] < 0 || twice <= 0)
      continue;
    report->n_twice += (guint) twice;
    if (mh_protocol_get (protocol)->join)
      g_assert_cmpuint (killed->request[i], ==, killed->last_request);
    g_assert_cmpint (later->first[i], >=, killed->first_in_it[i]);
  }
}

/* Of play_full(): start, play, ping, ping, pause, ping, play. */
static gboolean
is_ping (guint hit)
{
  return hit == 2 || hit == 3 || hit == 5;
}

/* Whether that hit must have arrived. */
static gboolean
must_arrive (
    const Scenario *scenario, const Sent *later, guint session, guint hit)
{
  switch (scenario->arrives) {
    case ALL_OF_IT:
      return (scenario->but & 1u << session) == 0;
    case LATEST:
      return !is_ping (hit) && (session == THIRD || later->first[session] >= 0);
    case NOTHING:
      return session == LATER;
    case BUT_POISON:
      return session * 100 + hit != POISON_NUMBER;
  }
  g_assert_not_reached ();
}

static void
check_all (const Scenario *scenario, const Report *report, const Sent *later)
{
  for (guint i = 0; i < MAX_SESSIONS; i++) {
    for (guint j = 0; j < MAX_HITS; j++) {
      if (report->accepted[i][j] && report->received[i][j] == 0 &&
          must_arrive (scenario, later, i, j))
        g_error ("%s: hit %u of session %u is lost", scenario->name, j, i);
    }
  }
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (report->received[LATER][i], ==, 1);
}

static void
check_disk (const Scenario *scenario, const char *dir)
{
  g_autofree char *left = mh_test_dir_dump_disk (dir);
  g_autofree char *id = g_build_filename (dir, "installation-id", NULL);

  g_assert_cmpstr (left, ==, "");
  if (scenario->arrives == NOTHING)
    g_assert_false (g_file_test (id, G_FILE_TEST_EXISTS));
}

/* Plays @scenario up to the @n-th time at @point; NULL: to its end. */
static void
play_and_check (
    const Scenario *scenario, const char *point, guint n, Report *report)
{
  char *dir = mh_test_dir_new ();
  Sent before, killed, later;
  Report of_before = { 0 };

  protocol = scenario->protocol;
  if (scenario->orphans)
    run_process (be_before, scenario, dir, &of_before, &before);
  if (scenario->arrives == NOTHING)
    of_before = (Report){ 0 };
  *report = of_before;
  fatal_point = point;
  fatal_time = n;
  g_assert_true (run_process (be_killed, scenario, dir, report, &killed) ==
      (point != NULL));
  fatal_point = NULL;
  run_process (be_later, scenario, dir, report, &later);
  if (scenario->arrives == NOTHING) {
    for (guint i = 0; i < LATER; i++)
      g_assert_cmpint (later.first[i], ==, -1);
  }
  check_twice (report, &killed, &later);
  check_all (scenario, report, &later);
  check_disk (scenario, dir);
  mh_test_dir_free (dir);
}

/* Whether the scenario is killed at that place. Where all is slow it is at one of
 * some places, which differ by scenario. */
static gboolean
is_tried (const Scenario *scenario, guint point)
{
  guint share = MAX (1, mh_test_share () / 2);

  return (point + (guint) (scenario - scenarios)) % share == 0;
}

static void
test_scenario (gconstpointer data)
{
  const Scenario *scenario = data;
  guint first_times = mh_test_share () > 1 ? 1 : FIRST_TIMES;
  guint n_kills = 0, n_points = 0, n_accepted = 0, n_twice = 0;
  Report whole, report;

  play_and_check (scenario, NULL, 0, &whole);
  g_assert_cmpuint (whole.n_twice, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    guint times = is_tried (scenario, i) ? whole.passed[i] : 0;

    n_points += times > 0;
    for (guint n = 0; n < times;
         n = n + 1 < first_times ? n + 1 : MAX (times - 1, n + 1)) {
      play_and_check (scenario, points[i], n, &report);
      n_kills++;
      n_accepted += report.n_accepted;
      n_twice += report.n_twice;
    }
  }
  g_test_message ("%u processes killed at %u places: %u hits accepted, %u "
                  "arrived twice, none is lost",
      n_kills, n_points, n_accepted, n_twice);
}

/* ---- the places ---- */

extern const char *const __start_mh_crash_points[];
extern const char *const __stop_mh_crash_points[];

/* The list is the code's, and some scenario comes to each. */
static void
test_points (void)
{
  guint in_code[G_N_ELEMENTS (points)] = { 0 };
  guint reached[G_N_ELEMENTS (points)] = { 0 };

  for (const char *const *name = __start_mh_crash_points;
       name < __stop_mh_crash_points; name++)
    in_code[find_point (*name)]++;
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++) {
    Report report;

    play_and_check (&scenarios[i], NULL, 0, &report);
    for (guint j = 0; j < G_N_ELEMENTS (points); j++)
      reached[j] += report.passed[j];
  }
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    if (in_code[i] != 1 || reached[i] == 0)
      g_error ("“%s” is %u times in the code, and was come to %u times",
          points[i], in_code[i], reached[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash/points", test_points);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++) {
    g_autofree char *path = g_strconcat ("/crash/", scenarios[i].name, NULL);

    g_test_add_data_func (path, &scenarios[i], test_scenario);
  }
  return g_test_run ();
}
