/* Tests of mh-query-thread: answers that come, that come late, and that do not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE
#include "mh-query-thread.h"

#include <dlfcn.h>

/* How many threads cannot be made any more. */
static int no_threads;

/* In place of GLib's, which it calls. */
GThread *
g_thread_try_new (
    const char *name, GThreadFunc func, gpointer data, GError **error)
{
  GThread *(*real) (const char *, GThreadFunc, gpointer, GError **);

  if (no_threads > 0) {
    no_threads--;
    g_set_error_literal (
        error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN, "there are too many");
    return NULL;
  }
  *(void **) &real = dlsym (RTLD_NEXT, "g_thread_try_new");
  return real (name, func, data, error);
}

/* Answered when it may be, in the thread @by. */
typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean may_answer;
  gboolean answered;
  GThread *by;
  gboolean freed; /* without having been asked */
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
  g_atomic_pointer_set (&question->by, g_thread_self ());
  g_cond_broadcast (&question->cond);
  while (!question->may_answer)
    g_cond_wait (&question->cond, &question->lock);
  question->answered = TRUE;
  g_cond_broadcast (&question->cond);
  g_mutex_unlock (&question->lock);
}

static void
free_question (gpointer data)
{
  Question *question = data;

  g_mutex_lock (&question->lock);
  question->freed = TRUE;
  g_mutex_unlock (&question->lock);
}

static gboolean
ask (MhQueryThread *query_thread, Question *question)
{
  return mh_query_thread_ask (query_thread, answer, question, free_question);
}

static void
wait_asked (Question *question)
{
  g_mutex_lock (&question->lock);
  while (!question->by)
    g_cond_wait (&question->cond, &question->lock);
  g_mutex_unlock (&question->lock);
}

static void
wait_answered (Question *question)
{
  g_mutex_lock (&question->lock);
  question->may_answer = TRUE;
  g_cond_broadcast (&question->cond);
  while (!question->answered)
    g_cond_wait (&question->cond, &question->lock);
  g_mutex_unlock (&question->lock);
}

static void
test_answered (void)
{
  MhQueryThread *query_thread = mh_query_thread_new ();
  GThread *by = NULL;

  for (guint i = 0; i < 100; i++) {
    Question question;

    question_init (&question, TRUE);
    g_assert_true (ask (query_thread, &question));
    wait_answered (&question);
    g_assert_false (question.freed);
    g_assert_true (question.by != g_thread_self ());
    g_assert_true (i == 0 || question.by == by);
    by = question.by;
    question_clear (&question);
  }
  mh_query_thread_free (query_thread);
}

/* Whoever waits behind one that hangs is asked by another thread, as soon as it
 * has waited too long; and the end does not wait. */
static void
test_late (void)
{
  MhQueryThread *query_thread = mh_query_thread_new ();
  Question silent[3], question;

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++) {
    question_init (&silent[i], FALSE);
    g_assert_true (ask (query_thread, &silent[i]));
    while (!g_atomic_pointer_get (&silent[i].by))
      mh_query_thread_nudge (query_thread);
    wait_asked (&silent[i]);
  }
  question_init (&question, TRUE);
  g_assert_true (ask (query_thread, &question));
  while (!g_atomic_pointer_get (&question.by))
    mh_query_thread_nudge (query_thread);
  wait_answered (&question);
  question_clear (&question);
  mh_query_thread_free (query_thread);
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++) {
    g_assert_false (silent[i].answered);
    wait_answered (&silent[i]);
    question_clear (&silent[i]);
  }
}

/* What is left when it goes is freed. */
static void
test_left (void)
{
  MhQueryThread *query_thread = mh_query_thread_new ();
  Question silent, left;

  question_init (&silent, FALSE);
  question_init (&left, TRUE);
  g_assert_true (ask (query_thread, &silent));
  wait_asked (&silent);
  g_assert_true (ask (query_thread, &left));
  mh_query_thread_free (query_thread);
  g_assert_true (left.freed);
  g_assert_false (left.answered);
  wait_answered (&silent);
  question_clear (&silent);
  question_clear (&left);
}

/* The next one asks again: there may be threads by then. */
static void
test_no_threads (void)
{
  MhQueryThread *query_thread = mh_query_thread_new ();
  Question question;

  question_init (&question, TRUE);
  no_threads = 1;
  g_assert_false (ask (query_thread, &question));
  g_assert_true (question.freed);
  g_assert_true (ask (query_thread, &question));
  wait_answered (&question);
  question_clear (&question);
  mh_query_thread_free (query_thread);
}

static void
test_unused (void)
{
  mh_query_thread_free (mh_query_thread_new ());
  mh_query_thread_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query-thread/answered", test_answered);
  g_test_add_func ("/query-thread/late", test_late);
  g_test_add_func ("/query-thread/left", test_left);
  g_test_add_func ("/query-thread/no-threads", test_no_threads);
  g_test_add_func ("/query-thread/unused", test_unused);
  return g_test_run ();
}
