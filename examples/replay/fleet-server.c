/* fleet-server: a server that takes everything, in the time of a fleet.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet-server.h"

#include <string.h>

/* Session IDs are as long as Adobe's. */
#define ID_FORMAT "%064" G_GINT64_MODIFIER "x"

/* What a request is about, as far as the answer depends on it. */
typedef enum
{
  ASKED_EVENT,
  ASKED_COLLECTION_START,
  ASKED_EDGE_START,
} Asked;

typedef struct
{
  MhTimeNode node;
  FleetPlayer *player;
  Asked what;
  MhAnswerFunc done;
  gpointer user_data;
} Question;

struct _FleetServer
{
  MhTimeQueue *questions;
  guint64 n_sessions;
};

FleetServer *
fleet_server_new (void)
{
  FleetServer *self = g_new0 (FleetServer, 1);

  self->questions = mh_time_queue_new ();
  return self;
}

void
fleet_server_free (FleetServer *self)
{
  mh_time_queue_free (self->questions);
  g_free (self);
}

static Asked
find_what (const MhRequest *request)
{
  if (g_str_has_suffix (request->uri, "/api/v1/sessions"))
    return ASKED_COLLECTION_START;
  return strstr (request->uri, "/va/v1/sessionStart") ? ASKED_EDGE_START
                                                      : ASKED_EVENT;
}

void
fleet_server_ask (FleetServer *self, FleetPlayer *player,
    const MhRequest *request, MhTime now, MhAnswerFunc done, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->player = player;
  question->what = find_what (request);
  question->done = done;
  question->user_data = user_data;
  mh_time_queue_set (self->questions, &question->node, now + FLEET_LATENCY);
}

MhTime
fleet_server_next (FleetServer *self)
{
  return mh_time_queue_next (self->questions);
}

static void
answer_collection_start (FleetServer *self, const Question *question)
{
  g_autofree char *location = g_strdup_printf (
      "/api/v1/sessions/" ID_FORMAT, ++self->n_sessions);
  const MhAnswer answer = { .status = 201, .location = location };

  question->done (&answer, question->user_data);
}

static void
answer_edge_start (FleetServer *self, const Question *question)
{
  char *text = g_strdup_printf (
      "{\"requestId\":\"r\",\"handle\":["
      "{\"payload\":[{\"sessionId\":\"" ID_FORMAT "\"}],"
      "\"type\":\"media-analytics:new-session\",\"eventIndex\":0},"
      "{\"payload\":[{\"scope\":\"EdgeNetwork\",\"hint\":\"irl1\","
      "\"ttlSeconds\":1800}],\"type\":\"locationHint:result\"}]}",
      ++self->n_sessions);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
  const MhAnswer answer = { .status = 200, .body = body };

  question->done (&answer, question->user_data);
}

static void
answer_event (const Question *question)
{
  const MhAnswer answer = { .status = 204 };

  question->done (&answer, question->user_data);
}

static void
give_answer (FleetServer *self, const Question *question)
{
  switch (question->what) {
    case ASKED_EVENT:
      answer_event (question);
      return;
    case ASKED_COLLECTION_START:
      answer_collection_start (self, question);
      return;
    case ASKED_EDGE_START:
      answer_edge_start (self, question);
      return;
  }
  g_assert_not_reached ();
}

FleetPlayer *
fleet_server_answer (FleetServer *self, MhTime until)
{
  MhTimeNode *node = mh_time_queue_pop (self->questions, until);
  g_autofree Question *question = MH_TIME_NODE_ENTRY (node, Question, node);

  if (!question)
    return NULL;
  give_answer (self, question);
  return question->player;
}
