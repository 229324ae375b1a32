/* Tests of mh-asker: answers that come, that come late, and that do not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-asker.h"

#define LONG MH_TIME_FROM_SEC (60)
#define SHORT MH_TIME_FROM_MSEC (10)

/* Answered when it may be, in the thread @by. */
typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean may_answer;
  gboolean answered;
  GThread *by;
  GThread *freed_by; /* NULL: the asker's owner has it */
} Question;

static void
question_init (Question *question, gboolean may_answer)
{
  *question = (Question){ .may_answer = may_answer };
  g_mutex_init (&question->lock);
  g_cond_init (&question->cond);
}

static void
question_clear (Question *question)
{
  g_mutex_clear (&question->lock);
  g_cond_clear (&question->cond);
}

static void
answer (gpointer data)
{
  Question *question = data;

  g_mutex_lock (&question->lock);
  question->by = g_thread_self ();
  g_cond_broadcast (&question->cond);
  while (!question->may_answer)
    g_cond_wait (&question->cond, &question->lock);
  question->answered = TRUE;
  g_mutex_unlock (&question->lock);
}

static void
free_question (gpointer data)
{
  Question *question = data;

  g_mutex_lock (&question->lock);
  question->freed_by = g_thread_self ();
  g_cond_broadcast (&question->cond);
  g_mutex_unlock (&question->lock);
}

/* Returns: who has freed it. */
static GThread *
let_answer (Question *question)
{
  GThread *freed_by;

  g_mutex_lock (&question->lock);
  question->may_answer = TRUE;
  g_cond_broadcast (&question->cond);
  while (!question->freed_by)
    g_cond_wait (&question->cond, &question->lock);
  freed_by = question->freed_by;
  g_mutex_unlock (&question->lock);
  return freed_by;
}

static void
test_answered (void)
{
  MhAsker *asker = mh_asker_new ();
  GThread *by = NULL;

  for (guint i = 0; i < 100; i++) {
    Question question;

    question_init (&question, TRUE);
    g_assert_true (
        mh_asker_ask (asker, answer, &question, free_question, LONG));
    g_assert_true (question.answered);
    g_assert_null (question.freed_by);
    g_assert_true (question.by != g_thread_self ());
    g_assert_true (i == 0 || question.by == by);
    by = question.by;
    question_clear (&question);
  }
  mh_asker_free (asker);
}

/* The next question does not wait for it, nor does the end. */
static void
test_late (void)
{
  MhAsker *asker = mh_asker_new ();
  Question silent[2], question;

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++) {
    question_init (&silent[i], FALSE);
    g_assert_false (
        mh_asker_ask (asker, answer, &silent[i], free_question, SHORT));
    question_init (&question, TRUE);
    g_assert_true (
        mh_asker_ask (asker, answer, &question, free_question, LONG));
    question_clear (&question);
  }
  mh_asker_free (asker);
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++) {
    GThread *freed_by = let_answer (&silent[i]);

    g_assert_true (silent[i].answered);
    g_assert_true (freed_by == silent[i].by);
    /* Its thread has let go of it. */
    g_mutex_lock (&silent[i].lock);
    g_mutex_unlock (&silent[i].lock);
    question_clear (&silent[i]);
  }
}

static void
test_unused (void)
{
  mh_asker_free (mh_asker_new ());
  mh_asker_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/asker/answered", test_answered);
  g_test_add_func ("/asker/late", test_late);
  g_test_add_func ("/asker/unused", test_unused);
  return g_test_run ();
}
