/* Tests of mh-mailbox, with a worker's thread and a reader that does nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-error.h"
#include "mh-mailbox-reader.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);

/* As many as are kept while the mailbox is not open. */
#define MAX_HELD 1000

typedef struct
{
  MhMailbox *mailbox;
  MhWorker *worker;
  GstElement *element;
  GPtrArray *seen; /* names of what was taken */
  GPtrArray *texts; /* and what it says */
  GstClockTime end; /* of the data before the latest */
  MhTime at; /* of the latest */
  int changes;
  gboolean open; /* when it was taken */
  guint processed; /* how often */
  guint impatient; /* how often of these */
  guint cut_short; /* how often of these something was held */
  guint called;
  guint looked_up;
  guint refuse; /* the next so many calls */
  gboolean held; /* what is in the queue waits for an answer */
  gboolean answers_soon; /* which comes right after that */
  gboolean *freed;

  GMutex lock; /* of what follows */
  GCond cond;
  MhQuestion answer; /* the latest */
  guint answers;
} Fixture;

/* ---- a reader ---- */

static void
release (gpointer data)
{
  Fixture *self = data;

  self->held = FALSE;
  mh_mailbox_set_held (self->mailbox, FALSE);
}

static void
process (gpointer reader, gboolean patient)
{
  Fixture *self = reader;
  GQueue taken = G_QUEUE_INIT;
  MhObservation *observation;

  self->processed++;
  self->impatient += !patient;
  mh_mailbox_take (self->mailbox, &taken, &self->changes, &self->open);
  while ((observation = g_queue_pop_head (&taken))) {
    g_ptr_array_add (
        self->seen, g_strdup (mh_observation_name (observation->type)));
    self->end = observation->end;
    g_assert_cmpint (observation->at, >=, self->at);
    self->at = observation->at;
    if (observation->text)
      g_ptr_array_add (self->texts, g_strdup (observation->text));
    mh_mailbox_free_observation (observation);
  }
  self->cut_short += !patient && self->held;
  self->held &= patient;
  mh_mailbox_set_held (self->mailbox, self->held);
  if (self->held && self->answers_soon)
    mh_worker_invoke (self->worker, release, self, NULL);
}

static gboolean
call (gpointer reader, const MhCall *the_call, GError **error)
{
  Fixture *self = reader;

  self->called++;
  if (self->refuse == 0)
    return TRUE;
  self->refuse--;
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED, "not now");
  return FALSE;
}

static void
answer (gpointer reader, MhQuestion *question)
{
  Fixture *self = reader;

  g_mutex_lock (&self->lock);
  self->answers++;
  self->answer = *question;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

static void
look_up_resume (gpointer reader)
{
  Fixture *self = reader;

  self->looked_up++;
  mh_mailbox_set_resume_position (self->mailbox, 42);
  mh_mailbox_set_resume_asked (self->mailbox, FALSE);
}

static gboolean
is_held (gpointer reader)
{
  Fixture *self = reader;

  return self->held;
}

static void
free_reader (gpointer reader)
{
  Fixture *self = reader;

  if (self->freed)
    *self->freed = TRUE;
}

static const MhMailboxReader funcs = {
  .process = process,
  .call = call,
  .answer = answer,
  .look_up_resume = look_up_resume,
  .is_held = is_held,
  .is_asking = is_held,
  .free = free_reader,
};

static void
set_up (Fixture *self, gconstpointer data)
{
  self->element = gst_object_ref_sink (gst_bin_new (NULL));
  self->worker = mh_worker_new (mh_clock_system ());
  g_assert_true (mh_worker_start (self->worker, NULL));
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->mailbox = mh_mailbox_new (self->element, FALSE, NULL);
  self->seen = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  mh_mailbox_set_reader (self->mailbox, &funcs, self);
}

/* ---- the worker ---- */

static void
first (gpointer data)
{
  process (data, TRUE);
}

static void
do_nothing (gpointer data)
{
}

/* Until it has come to the end of what it has been told so far. */
static void
run_worker (Fixture *self)
{
  g_assert_true (mh_worker_invoke_and_wait (
      self->worker, do_nothing, NULL, NULL, MH_TIME_FROM_SEC (60)));
}

/* In one go: the worker comes to it when all of it is there. */
static void
in_worker (Fixture *self, void (*function) (gpointer data))
{
  g_assert_true (mh_worker_invoke_and_wait (
      self->worker, function, self, NULL, MH_TIME_FROM_SEC (60)));
}

static void
open_mailbox (Fixture *self)
{
  mh_mailbox_open (self->mailbox, self->worker, self, first, self, NULL);
}

static void
close_mailbox (Fixture *self)
{
  g_assert_true (mh_mailbox_close (self->mailbox) == self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  mh_mailbox_close (self->mailbox);
  mh_mailbox_unref (self->mailbox);
  mh_worker_quit (self->worker);
  g_assert_true (mh_worker_join (self->worker, MH_TIME_FROM_SEC (60)));
  mh_worker_unref (self->worker);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  gst_object_unref (self->element);
  g_ptr_array_unref (self->seen);
  g_ptr_array_unref (self->texts);
}

static void
push (Fixture *self, MhObservationType type)
{
  const MhObservation observation = MH_OBSERVATION_INIT (type);

  mh_mailbox_push (self->mailbox, &observation);
}

static void
push_text (Fixture *self, const char *text)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_ERROR);
  g_autofree char *copy = g_strdup (text);

  observation.text = copy;
  mh_mailbox_push (self->mailbox, &observation);
}

static MhCall *
make_call (void)
{
  const MhCall pause = { MH_CALL_PAUSE };

  return mh_call_copy (&pause);
}

static MhMark *
make_mark (void)
{
  MhMark *mark = g_new0 (MhMark, 1);

  mark->call = make_call ();
  return mark;
}

/* ---- the queue ---- */

static void
test_order (Fixture *self, gconstpointer data)
{
  open_mailbox (self);
  run_worker (self);
  push_text (self, "one");
  push_text (self, "two");
  push (self, MH_OBSERVED_DATA);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, 3);
  g_assert_cmpstr (self->texts->pdata[0], ==, "one");
  g_assert_cmpstr (self->texts->pdata[1], ==, "two");
  g_assert_cmpstr (
      self->seen->pdata[2], ==, mh_observation_name (MH_OBSERVED_DATA));
  g_assert_true (self->open);
}

static void
push_ten (gpointer data)
{
  for (guint i = 0; i < 10; i++)
    push (data, MH_OBSERVED_DATA);
}

/* However much is put in, the worker is told once until it has looked. */
static void
test_told_once (Fixture *self, gconstpointer data)
{
  open_mailbox (self);
  run_worker (self);
  in_worker (self, push_ten);
  run_worker (self);
  g_assert_cmpuint (self->processed, ==, 2);
  push (self, MH_OBSERVED_DATA);
  run_worker (self);
  g_assert_cmpuint (self->processed, ==, 3);
  g_assert_cmpuint (self->seen->len, ==, 11);
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  open_mailbox (self);
  push (self, MH_OBSERVED_STATE);
  push (self, MH_OBSERVED_MARK);
  push (self, MH_OBSERVED_FLUSH_STOP);
  run_worker (self);
  g_assert_true (mh_observation_is_change (MH_OBSERVED_STATE));
  g_assert_true (mh_observation_is_change (MH_OBSERVED_FLUSH_STOP));
  g_assert_cmpint (self->changes, ==, 2);
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  push (self, MH_OBSERVED_DATA);
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, 0);
  push (self, MH_OBSERVED_DATA);
  close_mailbox (self);
  push (self, MH_OBSERVED_DATA);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, 1);
  g_assert_false (self->open);
  g_assert_null (mh_mailbox_close (self->mailbox));
}

/* What is held comes with the opening; not more than there is room for. */
static void
test_hold (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  push_text (self, "of another run");
  mh_mailbox_hold (self->mailbox);
  push_text (self, "first");
  for (guint i = 0; i < MAX_HELD; i++)
    push (self, MH_OBSERVED_DATA);
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, MAX_HELD);
  g_assert_cmpstr (self->texts->pdata[0], ==, "first");
  close_mailbox (self);
  push (self, MH_OBSERVED_DATA);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, MAX_HELD);
}

static void
push_each (Fixture *self, const MhObservationType *types, guint n)
{
  for (guint i = 0; i < n; i++)
    push (self, types[i]);
}

/* A seek in PAUSED, as a pipeline with a sink tells of it. @name: of the seek */
static void
push_seek (Fixture *self, const char *name)
{
  static const MhObservationType follows[] = { MH_OBSERVED_FLUSH_START,
    MH_OBSERVED_TOP_STATE, MH_OBSERVED_FLUSH_STOP, MH_OBSERVED_SEGMENT,
    MH_OBSERVED_DATA, MH_OBSERVED_BITRATE, MH_OBSERVED_ASYNC_DONE,
    MH_OBSERVED_TOP_STATE };
  MhObservation seek = MH_OBSERVATION_INIT (MH_OBSERVED_SEEK);
  g_autofree char *copy = g_strdup (name);

  seek.text = copy;
  mh_mailbox_push (self->mailbox, &seek);
  push_each (self, follows, G_N_ELEMENTS (follows));
}

static void
assert_tail (Fixture *self, const char *wanted)
{
  g_autofree char *all = NULL;

  g_ptr_array_add (self->seen, NULL);
  all = g_strjoinv (" ", (char **) self->seen->pdata);
  g_ptr_array_set_size (self->seen, (int) self->seen->len - 1);
  if (!g_str_has_suffix (all, wanted))
    g_test_message ("%s", all);
  g_assert_true (g_str_has_suffix (all, wanted));
}

/* An editor seeks for as long as it likes before it plays for the first time. */
static void
test_hold_seeks (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  push (self, MH_OBSERVED_STATE);
  push (self, MH_OBSERVED_PAD_STREAM_START);
  for (guint i = 0; i < 3 * MAX_HELD; i++)
    push_seek (self, "earlier");
  push_seek (self, "last");
  push (self, MH_OBSERVED_STATE);
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, <=, MAX_HELD);
  g_assert_cmpstr (self->seen->pdata[0], ==, "state");
  g_assert_cmpstr (self->seen->pdata[1], ==, "pad-stream-start");
  assert_tail (self,
      "seek flush-start top-state flush-stop segment data "
      "bitrate async-done top-state state");
  g_assert_cmpstr (self->texts->pdata[self->texts->len - 1], ==, "last");
}

/* However much a stream says of itself, what happens with it is kept; and whatever that
 * is, the states. */
static void
test_hold_room (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  for (guint i = 0; i < MAX_HELD; i++)
    mh_mailbox_push_mark (self->mailbox, make_mark ());
  push_seek (self, "after marks");
  for (guint i = 0; i < MAX_HELD; i++)
    push (self, MH_OBSERVED_DATA);
  for (guint i = 0; i < 3; i++)
    push (self, MH_OBSERVED_STATE);
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, MAX_HELD + 3);
  assert_tail (self, "data state state state");
  g_assert_cmpstr (self->texts->pdata[0], ==, "after marks");
}

/* It is bounded all the same. */
static void
test_hold_bound (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  for (guint i = 0; i < 3 * MAX_HELD; i++) {
    push (self, MH_OBSERVED_STATE);
    push_seek (self, "any");
  }
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, <, 2 * MAX_HELD);
}

/* Each sink has its own stream, each element its own buffer. */
static void
push_things (Fixture *self)
{
  for (guint i = 1; i <= 2; i++) {
    MhObservation bitrate = MH_OBSERVATION_INIT (MH_OBSERVED_BITRATE);
    MhObservation fill = MH_OBSERVATION_INIT (MH_OBSERVED_BUFFERING);

    bitrate.bitrate.source = i;
    bitrate.bitrate.bitrate = 1000;
    mh_mailbox_push (self->mailbox, &bitrate);
    fill.source = i;
    mh_mailbox_push (self->mailbox, &fill);
  }
}

static void
test_hold_things (Fixture *self, gconstpointer data)
{
  guint things = 0;

  mh_mailbox_hold (self->mailbox);
  push_things (self);
  for (guint i = 0; i < MAX_HELD; i++)
    push (self, MH_OBSERVED_SEGMENT);
  push (self, MH_OBSERVED_FLUSH_START);
  open_mailbox (self);
  run_worker (self);
  for (guint i = 0; i < self->seen->len; i++)
    things += g_str_equal (self->seen->pdata[i], "bitrate") ||
        g_str_equal (self->seen->pdata[i], "buffering");
  g_assert_cmpuint (things, ==, 4);
  g_assert_cmpuint (self->seen->len, ==, 4 + 2);
}

static void
close_and_leave (gpointer data)
{
  Fixture *self = data;

  push (self, MH_OBSERVED_DATA);
  close_mailbox (self);
  mh_mailbox_unref (self->mailbox);
  g_assert_false (*self->freed);
}

/* What is on its way to the worker keeps the mailbox, and with it its reader. */
static void
test_freed_last (Fixture *self, gconstpointer data)
{
  gboolean freed = FALSE;

  self->freed = &freed;
  open_mailbox (self);
  run_worker (self);
  in_worker (self, close_and_leave);
  run_worker (self);
  g_assert_true (freed);
  g_assert_cmpuint (self->seen->len, ==, 1);
  self->freed = NULL;
  self->mailbox = mh_mailbox_new (self->element, FALSE, NULL);
  mh_mailbox_set_reader (self->mailbox, &funcs, self);
}

/* ---- calls ---- */

/* In order with what was put in before. */
static void
test_call (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_mailbox (self);
  run_worker (self);
  push (self, MH_OBSERVED_DATA);
  g_assert_true (mh_mailbox_track (self->mailbox, make_call (), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (self->seen->len, ==, 1);
  self->refuse = 1;
  g_assert_false (mh_mailbox_track (self->mailbox, make_call (), &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "not now");
  g_assert_cmpuint (self->called, ==, 2);
}

static void
test_call_while_closed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mh_mailbox_track (self->mailbox, make_call (), &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  g_assert_cmpuint (self->called, ==, 0);
}

/* A session that waits for an answer is given a moment; then the call is made
 * without that. */
static void
test_call_waits_for_an_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_mailbox (self);
  run_worker (self);
  self->held = TRUE;
  g_assert_true (mh_mailbox_track (self->mailbox, make_call (), &error));
  g_assert_cmpuint (self->called, ==, 1);
  g_assert_cmpuint (self->cut_short, ==, 1);
}

/* The answer ends the wait. */
static void
test_answer_ends_the_wait (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_mailbox (self);
  run_worker (self);
  self->held = TRUE;
  self->answers_soon = TRUE;
  g_assert_true (mh_mailbox_track (self->mailbox, make_call (), &error));
  g_assert_cmpuint (self->called, ==, 1);
  g_assert_cmpuint (self->impatient, ==, 1);
  g_assert_cmpuint (self->cut_short, ==, 0);
}

/* ---- several of one pipeline ---- */

/* A call goes to the one that is tracked, what a stream says of itself does
 * not. */
static void
test_leader (Fixture *self, gconstpointer data)
{
  Fixture other = { 0 };

  set_up (&other, NULL);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_AUTO);
  mh_mailbox_join (other.mailbox, self->element, MH_LEADER_AUTO);
  open_mailbox (self);
  open_mailbox (&other);
  run_worker (self);
  run_worker (&other);
  g_ptr_array_set_size (other.seen, 0);
  mh_mailbox_push_mark (other.mailbox, make_mark ());
  run_worker (self);
  run_worker (&other);
  g_assert_cmpuint (self->seen->len, ==, 1);
  g_assert_cmpuint (other.seen->len, ==, 0);
  mh_mailbox_push_mark (other.mailbox, g_new0 (MhMark, 1));
  run_worker (&other);
  g_assert_cmpuint (other.seen->len, ==, 1);
  g_assert_true (mh_mailbox_track (other.mailbox, make_call (), NULL));
  g_assert_cmpuint (self->called, ==, 1);
  g_assert_cmpuint (other.called, ==, 0);
  mh_mailbox_leave (other.mailbox);
  mh_mailbox_leave (self->mailbox);
  tear_down (&other, NULL);
}

static void
assert_seen (Fixture *self, const char *wanted)
{
  g_autofree char *seen = NULL;

  open_mailbox (self);
  run_worker (self);
  close_mailbox (self);
  run_worker (self);
  g_ptr_array_add (self->seen, NULL);
  seen = g_strjoinv (" ", (char **) self->seen->pdata);
  g_assert_cmpstr (seen, ==, wanted);
  g_ptr_array_set_size (self->seen, 0);
}

/* It turns out late what is to be tracked: that has been so since its data came. */
static void
test_leads_late (Fixture *self, gconstpointer data)
{
  for (guint run = 0; run < 2; run++) {
    mh_mailbox_hold (self->mailbox);
    mh_mailbox_leave (self->mailbox);
    mh_mailbox_join (self->mailbox, self->element, MH_LEADER_NEVER);
    push (self, MH_OBSERVED_STATE);
    push (self, MH_OBSERVED_DATA);
    push (self, MH_OBSERVED_EOS);
    push (self, MH_OBSERVED_DATA);
    mh_mailbox_join (self->mailbox, self->element, MH_LEADER_TRACER);
    assert_seen (self, "lead state lead data eos data");
  }
  mh_mailbox_leave (self->mailbox);
}

/* Each run begins with that it does not lead, which the worker may have taken together
 * with the end of the run before. */
static void
test_leads_late_again (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_NEVER);
  assert_seen (self, "lead");
  mh_mailbox_hold (self->mailbox);
  push (self, MH_OBSERVED_DATA);
  push (self, MH_OBSERVED_STATE);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_TRACER);
  assert_seen (self, "lead data state");
  mh_mailbox_leave (self->mailbox);
}

/* There has been another one, and what it did is not done again. */
static void
test_leads_after_other (Fixture *self, gconstpointer data)
{
  Fixture other = { 0 };

  set_up (&other, NULL);
  mh_mailbox_hold (self->mailbox);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_NEVER);
  push (self, MH_OBSERVED_DATA);
  mh_mailbox_join (other.mailbox, self->element, MH_LEADER_AUTO);
  mh_mailbox_leave (other.mailbox);
  push (self, MH_OBSERVED_STATE);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_TRACER);
  assert_seen (self, "lead data state lead");
  mh_mailbox_leave (self->mailbox);
  tear_down (&other, NULL);
}

/* However much there is, it is told. */
static void
test_leads_when_full (Fixture *self, gconstpointer data)
{
  mh_mailbox_hold (self->mailbox);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_NEVER);
  for (guint i = 0; i < MAX_HELD; i++)
    push (self, MH_OBSERVED_TOP_STATE);
  mh_mailbox_join (self->mailbox, self->element, MH_LEADER_TRACER);
  open_mailbox (self);
  run_worker (self);
  g_assert_cmpuint (self->seen->len, ==, MAX_HELD + 1);
  g_assert_cmpstr (self->seen->pdata[MAX_HELD], ==, "lead");
  close_mailbox (self);
  run_worker (self);
  mh_mailbox_leave (self->mailbox);
}

/* ---- questions ---- */

/* @changes: how many changes the pipeline had when the question was made. */
static void
ask_after (Fixture *self, guint asks, guint changes)
{
  MhQueryThread *query_thread = mh_query_thread_new ();
  MhQuestion *question = mh_mailbox_question_new (asks);
  guint answers = self->answers;

  question->id = 7;
  question->changes = changes;
  g_assert_true (mh_mailbox_ask (self->mailbox, query_thread, question));
  g_mutex_lock (&self->lock);
  while (self->answers == answers)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
  mh_query_thread_free (query_thread);
}

static void
ask (Fixture *self, guint asks)
{
  ask_after (self, asks, self->changes);
}

static void
test_question (Fixture *self, gconstpointer data)
{
  open_mailbox (self);
  run_worker (self);
  ask (self, MH_ASK_INFO | MH_ASK_POSITION);
  g_assert_cmpuint (self->answer.id, ==, 7);
  g_assert_cmpint (self->answer.info_at, !=, MH_TIME_NONE);
  g_assert_cmpint (self->answer.position, ==, -1);
  g_assert_cmpint (self->answer.position_at, !=, MH_TIME_NONE);
}

/* A pipeline that stops, or has changed, is not asked. */
static void
test_question_comes_too_late (Fixture *self, gconstpointer data)
{
  guint changes;

  open_mailbox (self);
  run_worker (self);
  mh_mailbox_set_quiet (self->mailbox, TRUE);
  g_assert_false (mh_mailbox_may_ask (self->mailbox));
  ask (self, MH_ASK_INFO | MH_ASK_POSITION);
  g_assert_cmpint (self->answer.info_at, ==, MH_TIME_NONE);
  g_assert_cmpint (self->answer.position_at, ==, MH_TIME_NONE);
  mh_mailbox_set_quiet (self->mailbox, FALSE);
  changes = self->changes;
  push (self, MH_OBSERVED_STATE);
  ask_after (self, MH_ASK_INFO | MH_ASK_POSITION, changes);
  g_assert_cmpint (self->answer.info_at, !=, MH_TIME_NONE);
  g_assert_cmpint (self->answer.position_at, ==, MH_TIME_NONE);
}

/* What has come by then goes with what a playhead is taken with, and with an
 * answer. */
static void
test_end (Fixture *self, gconstpointer data)
{
  MhFlow *flow = mh_mailbox_get_flow (self->mailbox);
  GstSegment segment;
  g_autoptr (GstEvent) event = NULL;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  event = gst_event_new_segment (&segment);
  mh_stream_note_event (mh_mailbox_get_stream (self->mailbox), event);
  open_mailbox (self);
  push (self, MH_OBSERVED_ERROR);
  run_worker (self);
  g_assert_cmpuint (self->end, ==, GST_CLOCK_TIME_NONE);
  mh_atomic64_store (&flow->pts, 2 * GST_SECOND);
  mh_atomic64_store (&flow->duration, GST_SECOND);
  push (self, MH_OBSERVED_ERROR);
  run_worker (self);
  g_assert_cmpuint (self->end, ==, 3 * GST_SECOND);
  push (self, MH_OBSERVED_SEGMENT);
  run_worker (self);
  g_assert_cmpuint (self->end, ==, GST_CLOCK_TIME_NONE);
  ask (self, MH_ASK_POSITION);
  g_assert_cmpint (self->answer.position_end, ==, 3 * GST_SECOND);
}

/* ---- what comes back ---- */

static void
test_properties (Fixture *self, gconstpointer data)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();

  mh_mailbox_set_playback_state (self->mailbox, MH_PLAYBACK_PAUSED);
  g_assert_cmpint (
      mh_mailbox_get_playback_state (self->mailbox), ==, MH_PLAYBACK_PAUSED);
  g_assert_cmpuint (mh_mailbox_get_inactive_time (self->mailbox), ==, 0);
  mh_mailbox_set_inactive_since (
      self->mailbox, mh_clock_now (mh_clock_system ()) - MH_TIME_FROM_SEC (5));
  g_assert_cmpuint (
      mh_mailbox_get_inactive_time (self->mailbox), >=, 5 * GST_SECOND);
  settings->remember = TRUE;
  mh_mailbox_set_settings (self->mailbox, settings);
  g_assert_cmpfloat (mh_mailbox_get_resume_position (self->mailbox), ==, -1);
  open_mailbox (self);
  run_worker (self);
  mh_mailbox_set_resume_asked (self->mailbox, TRUE);
  g_assert_cmpfloat (mh_mailbox_get_resume_position (self->mailbox), ==, 42);
  g_assert_cmpuint (self->looked_up, ==, 1);
}

/* The controls of a pipeline that it comes to may show something. */
static void
test_ring (Fixture *self, gconstpointer data)
{
  MhTime before = mh_clock_now (mh_clock_system ());

  open_mailbox (self);
  run_worker (self);
  g_assert_cmpint (mh_mailbox_get_ring (self->mailbox), ==, MH_RING_NOT);
  mh_mailbox_set_top (self->mailbox, self->element);
  g_assert_cmpint (mh_mailbox_get_ring (self->mailbox), ==, MH_RING);
  run_worker (self);
  g_assert_cmpuint (self->processed, ==, 2);
  g_assert_cmpint (mh_mailbox_take_ring (self->mailbox), >=, before);
  g_assert_cmpint (mh_mailbox_get_ring (self->mailbox), ==, MH_RING_NOT);
  mh_mailbox_set_top (self->mailbox, NULL);
  g_assert_cmpint (mh_mailbox_get_ring (self->mailbox), ==, MH_RING_NOT);
}

#define ADD(path, function) \
  g_test_add ("/mailbox/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  GST_DEBUG_CATEGORY_INIT (gst_media_heartbeat_debug, "mediaheartbeat", 0, "");
  ADD ("order", test_order);
  ADD ("told-once", test_told_once);
  ADD ("changes", test_changes);
  ADD ("closed", test_closed);
  ADD ("hold", test_hold);
  ADD ("hold/seeks", test_hold_seeks);
  ADD ("hold/room", test_hold_room);
  ADD ("hold/bound", test_hold_bound);
  ADD ("hold/things", test_hold_things);
  ADD ("freed-last", test_freed_last);
  ADD ("call", test_call);
  ADD ("call-while-closed", test_call_while_closed);
  ADD ("call-waits-for-an-answer", test_call_waits_for_an_answer);
  ADD ("answer-ends-the-wait", test_answer_ends_the_wait);
  ADD ("leader", test_leader);
  ADD ("leads-late", test_leads_late);
  ADD ("leads-late/again", test_leads_late_again);
  ADD ("leads-late/after-other", test_leads_after_other);
  ADD ("leads-late/full", test_leads_when_full);
  ADD ("question", test_question);
  ADD ("end", test_end);
  ADD ("question-comes-too-late", test_question_comes_too_late);
  ADD ("properties", test_properties);
  ADD ("ring", test_ring);
  return g_test_run ();
}
