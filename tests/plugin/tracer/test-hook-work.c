/* Tests of mh-hook-work: a thread for what a tracer's hook must not do itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-hook-work.h"

#define SOON MH_TIME_FROM_MSEC (20)
#define LATE MH_TIME_FROM_SEC (30)

static GMutex lock; /* of what work needs */
static GString *done;
static int busy;
static char a[] = "a", b[] = "b", c[] = "c", d[] = "d";

static void
append (gpointer text)
{
  g_mutex_lock (&lock);
  g_string_append (done, text);
  g_mutex_unlock (&lock);
}

static void
append_and_put (gpointer text)
{
  append (text);
  mh_hook_work_put (append, c);
  g_atomic_int_set (&busy, 0);
}

static void
test_order (void)
{
  for (guint i = 0; i < 100; i++)
    mh_hook_work_put (append, i % 2 ? b : a);
  g_assert_true (mh_hook_work_wait (NULL, LATE));
  g_assert_cmpuint (done->len, ==, 100);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (done->str[i], ==, i % 2 ? 'b' : 'a');
}

/* Nothing to wait for. */
static void
test_idle (void)
{
  g_assert_true (mh_hook_work_wait (NULL, 0));
  g_assert_true (mh_hook_work_wait (&busy, 0));
}

/* Who holds what it needs comes back all the same, and it is done after that. */
static void
test_held (void)
{
  g_mutex_lock (&lock);
  mh_hook_work_put (append, a);
  g_assert_false (mh_hook_work_wait (NULL, SOON));
  g_mutex_unlock (&lock);
  g_assert_true (mh_hook_work_wait (NULL, LATE));
  g_assert_cmpstr (done->str, ==, "a");
}

/* What one waits for that is asked keeps nothing else waiting. */
static void
test_ask (void)
{
  g_atomic_int_set (&busy, 1);
  g_mutex_lock (&lock);
  mh_hook_work_ask (append_and_put, b);
  g_assert_true (mh_hook_work_wait (NULL, LATE));
  g_assert_false (mh_hook_work_wait (&busy, SOON));
  g_mutex_unlock (&lock);
  g_assert_true (mh_hook_work_wait (&busy, LATE));
  g_assert_cmpstr (done->str, ==, "bc");
}

static void
test_finish (void)
{
  mh_hook_work_ask (append_and_put, a);
  mh_hook_work_put (append, b);
  g_assert_true (mh_hook_work_finish (LATE));
  g_assert_cmpuint (done->len, ==, 3);
  mh_hook_work_put (append, d); /* it goes on if it has to */
  g_assert_true (mh_hook_work_wait (NULL, LATE));
  g_assert_cmpint (done->str[3], ==, 'd');
}

/* Nor does the end wait for ever. */
static void
test_finish_held (void)
{
  g_mutex_lock (&lock);
  mh_hook_work_ask (append_and_put, b);
  g_assert_false (mh_hook_work_finish (SOON));
  g_mutex_unlock (&lock);
  g_assert_true (mh_hook_work_finish (LATE));
  g_assert_cmpstr (done->str, ==, "bc");
}

static void
run (gconstpointer func)
{
  done = g_string_new (NULL);
  ((void (*) (void)) func) ();
  g_string_free (done, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/hook-work/order", test_order, run);
  g_test_add_data_func ("/hook-work/idle", test_idle, run);
  g_test_add_data_func ("/hook-work/held", test_held, run);
  g_test_add_data_func ("/hook-work/ask", test_ask, run);
  g_test_add_data_func ("/hook-work/finish", test_finish, run);
  g_test_add_data_func ("/hook-work/finish-held", test_finish_held, run);
  return g_test_run ();
}
