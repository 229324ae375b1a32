/* collector-session: what a back end remembers of its sessions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-session.h"

#include "collector-event.h"

#include <string.h>

/* What can be open inside a session, and so be named by its end. */
typedef enum
{
  PART_NONE,
  PART_AD_BREAK,
  PART_AD,
  PART_CHAPTER,
} Part;

#define N_PARTS (PART_CHAPTER + 1)

struct _CollectorSession
{
  char *id;
  CollectorState state;
  gint64 last_ts; /* of its last event, milliseconds UTC */
  gint64 heard; /* when that arrived, microseconds */
  char *names[N_PARTS]; /* of what is open */
  char *subject; /* see collector_session_get_subject() */
  GList link; /* in the table's queue; its data is the session */
};

struct _CollectorSessions
{
  gint64 expire;
  GHashTable *by_id; /* owns the sessions */
  GQueue by_time; /* by link, the one heard of least recently first */
};

/* Events that change the state. */
static const struct
{
  const char *event;
  CollectorState state;
} transitions[] = {
  { "play", COLLECTOR_STATE_PLAYING },
  { "pauseStart", COLLECTOR_STATE_PAUSED },
  { "bufferStart", COLLECTOR_STATE_BUFFERING },
  { "sessionEnd", COLLECTOR_STATE_ENDED },
  { "sessionComplete", COLLECTOR_STATE_ENDED },
};

/* Events that are about something with a name. Those without a parameter for
 * it end what is open. */
static const struct
{
  const char *event;
  Part part;
  const char *name; /* parameter with its name */
  const char *fallback; /* the same where that is left out */
} subjects[] = {
  { "adBreakStart", PART_AD_BREAK, "media.ad.podFriendlyName", NULL },
  { "adBreakComplete", PART_AD_BREAK, NULL, NULL },
  { "adStart", PART_AD, "media.ad.name", "media.ad.id" },
  { "adComplete", PART_AD, NULL, NULL },
  { "adSkip", PART_AD, NULL, NULL },
  { "chapterStart", PART_CHAPTER, "media.chapter.friendlyName", NULL },
  { "chapterComplete", PART_CHAPTER, NULL, NULL },
  { "chapterSkip", PART_CHAPTER, NULL, NULL },
  { "stateStart", PART_NONE, "media.state.name", NULL },
  { "stateEnd", PART_NONE, "media.state.name", NULL },
};

const char *
collector_state_name (CollectorState state)
{
  switch (state) {
    case COLLECTOR_STATE_START:
      return "start";
    case COLLECTOR_STATE_PLAYING:
      return "playing";
    case COLLECTOR_STATE_PAUSED:
      return "paused";
    case COLLECTOR_STATE_BUFFERING:
      return "buffering";
    case COLLECTOR_STATE_ENDED:
      return "ended";
  }
  g_assert_not_reached ();
}

CollectorSession *
collector_session_new (void)
{
  CollectorSession *session = g_new0 (CollectorSession, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto (GStrv) groups = g_strsplit (uuid, "-", -1);

  session->id = g_strjoinv (NULL, groups);
  session->link.data = session;
  return session;
}

CollectorSession *
collector_session_new_known (const char *id)
{
  CollectorSession *session = g_new0 (CollectorSession, 1);

  session->id = g_strdup (id);
  session->link.data = session;
  return session;
}

void
collector_session_free (CollectorSession *session)
{
  if (!session)
    return;
  for (guint i = 0; i < N_PARTS; i++)
    g_free (session->names[i]);
  g_free (session->subject);
  g_free (session->id);
  g_free (session);
}

const char *
collector_session_get_id (CollectorSession *session)
{
  return session->id;
}

CollectorState
collector_session_get_state (CollectorSession *session)
{
  return session->state;
}

const char *
collector_session_get_subject (CollectorSession *session)
{
  return session->subject;
}

static void
update_state (CollectorSession *session, const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++) {
    if (strcmp (transitions[i].event, type) == 0)
      session->state = transitions[i].state;
  }
}

static void
update_subject (CollectorSession *session, const char *type, JsonObject *event)
{
  g_clear_pointer (&session->subject, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++) {
    char **open = &session->names[subjects[i].part];
    const char *name;

    if (strcmp (subjects[i].event, type) != 0)
      continue;
    if (!subjects[i].name) {
      session->subject = g_steal_pointer (open);
      return;
    }
    name = collector_event_get_string (event, "params", subjects[i].name);
    if (!name && subjects[i].fallback)
      name = collector_event_get_string (event, "params", subjects[i].fallback);
    session->subject = g_strdup (name);
    if (subjects[i].part != PART_NONE) {
      g_free (*open);
      *open = g_strdup (name);
    }
    return;
  }
}

gboolean
collector_session_accept (
    CollectorSession *session, JsonObject *event, gint64 now, char **reason)
{
  const char *type = collector_event_type (event);
  gint64 ts = collector_event_ts (event);

  if (ts <= session->last_ts) {
    *reason = g_strdup_printf (
        "playerTime: \"ts\" must be later than the last event's, %" G_GINT64_FORMAT
        ", not %" G_GINT64_FORMAT,
        session->last_ts, ts);
    return FALSE;
  }
  session->last_ts = ts;
  session->heard = now;
  update_state (session, type);
  update_subject (session, type, event);
  return TRUE;
}

void
collector_session_take (
    CollectorSession *session, JsonObject *event, gint64 now)
{
  const char *type = collector_event_type (event);
  gint64 ts = collector_event_ts (event);

  session->heard = now;
  if (ts < session->last_ts)
    return;
  session->last_ts = ts;
  update_state (session, type);
  update_subject (session, type, event);
}

CollectorSessions *
collector_sessions_new (gint64 expire)
{
  CollectorSessions *sessions = g_new0 (CollectorSessions, 1);

  sessions->expire = expire;
  sessions->by_id = g_hash_table_new_full (
      g_str_hash, g_str_equal, NULL, (GDestroyNotify) collector_session_free);
  g_queue_init (&sessions->by_time);
  return sessions;
}

void
collector_sessions_free (CollectorSessions *sessions)
{
  if (!sessions)
    return;
  g_hash_table_unref (sessions->by_id);
  g_free (sessions);
}

void
collector_sessions_add (CollectorSessions *sessions, CollectorSession *session)
{
  if (g_hash_table_size (sessions->by_id) >= COLLECTOR_SESSIONS_MAX) {
    CollectorSession *oldest = g_queue_pop_head_link (&sessions->by_time)->data;

    g_hash_table_remove (sessions->by_id, oldest->id);
  }
  g_hash_table_insert (sessions->by_id, session->id, session);
  g_queue_push_tail_link (&sessions->by_time, &session->link);
}

CollectorSession *
collector_sessions_find (
    CollectorSessions *sessions, const char *id, gint64 now, gboolean *open)
{
  CollectorSession *session = g_hash_table_lookup (sessions->by_id, id);

  *open = session && session->state != COLLECTOR_STATE_ENDED &&
      now - session->heard <= sessions->expire;
  return session;
}

void
collector_sessions_touch (
    CollectorSessions *sessions, CollectorSession *session)
{
  g_queue_unlink (&sessions->by_time, &session->link);
  g_queue_push_tail_link (&sessions->by_time, &session->link);
}
