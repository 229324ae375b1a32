/* mh-observer-ask: what the pipeline is asked.
 *
 * The worker has other players to see to: a pipeline that does not answer (one
 * that has hung, a sink that talks to slow hardware) is waited for once, and then
 * not asked again before it has answered.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* Most answers take microseconds, the slowest on a busy machine some hundred
 * milliseconds. */
#define PATIENCE MH_TIME_FROM_SEC (1)

typedef struct _Question Question;

/* With room for all answers there are. */
struct _Question
{
  MhObserver *observer; /* a reference */
  void (*ask) (Question *question);
  gboolean look;
  gboolean percent;
  guint group;
  MhSample sample;
  MhStreamInfo info;
  MhControlsView view;
};

static Question *
question_new (MhObserver *observer, void (*ask) (Question *question))
{
  Question *self = g_new0 (Question, 1);

  self->observer = mh_observer_ref (observer);
  self->ask = ask;
  self->sample = (MhSample) MH_SAMPLE_INIT;
  return self;
}

static void
question_free (Question *self)
{
  mh_stream_info_clear (&self->info);
  mh_observer_unref (self->observer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
question_free_data (gpointer data)
{
  question_free (data);
}

/* Not on the worker. */
static void
ask (gpointer data)
{
  Question *question = data;

  question->ask (question);
  g_atomic_int_set (&question->observer->asking, FALSE);
}

/* Returns: (transfer full) (nullable): @question, if it has an answer. */
static Question *
get_answer (Question *question)
{
  MhObserver *observer = question->observer;

  if (!observer->asker || g_atomic_int_get (&observer->quiet) != 0 ||
      g_atomic_int_get (&observer->asking)) {
    question_free (question);
    return NULL;
  }
  g_atomic_int_set (&observer->asking, TRUE);
  if (mh_asker_ask (
          observer->asker, ask, question, question_free_data, PATIENCE))
    return question;
  GST_WARNING ("the pipeline does not answer");
  return NULL;
}

/* ---- the questions ---- */

static void
ask_sample (Question *question)
{
  MhStream *stream = question->observer->stream;

  if (question->look)
    mh_stream_look (stream, &question->sample);
  if (question->percent)
    question->sample.percent = mh_stream_ask_percent (stream);
}

void
mh_observer_ask_sample (
    MhObserver *self, gboolean look, gboolean percent, MhSample *sample)
{
  g_autoptr (Question) question = NULL;

  if (!look && !percent)
    return;
  question = question_new (self, ask_sample);
  question->look = look;
  question->percent = percent;
  question->sample = *sample;
  question = get_answer (question);
  if (question)
    *sample = question->sample;
}

static void
ask_info (Question *question)
{
  mh_stream_find_out (
      question->observer->stream, TRUE, question->group, &question->info);
}

void
mh_observer_ask_info (MhObserver *self, guint group, MhStreamInfo *info)
{
  g_autoptr (Question) question = question_new (self, ask_info);

  question->group = group;
  question = get_answer (question);
  if (question) {
    *info = question->info;
    question->info = (MhStreamInfo){ 0 };
  } else {
    mh_stream_find_out (self->stream, FALSE, group, info);
  }
}

static void
ask_uri (Question *question)
{
  question->info.uri = mh_stream_dup_uri (question->observer->stream, TRUE);
}

char *
mh_observer_ask_uri (MhObserver *self)
{
  g_autoptr (Question) question = get_answer (question_new (self, ask_uri));

  return question ? g_steal_pointer (&question->info.uri)
                  : mh_stream_dup_uri (self->stream, FALSE);
}

static void
ask_controls (Question *question)
{
  mh_controls_look (question->observer->controls, &question->view);
}

gboolean
mh_observer_ask_controls (MhObserver *self, MhControlsView *view)
{
  g_autoptr (Question)
      question = get_answer (question_new (self, ask_controls));

  if (question)
    *view = question->view;
  return question != NULL;
}
