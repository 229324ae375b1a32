/* Tests of mh-notifier: what is told in which order, by which thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
/* For RTLD_NEXT. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "mh-notifier.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);

/* Longer than any machine needs for what is to happen at once, and as long as is
 * bearable for what must not happen. */
#define LONG (10 * G_TIME_SPAN_SECOND)
#define SHORT (100 * G_TIME_SPAN_MILLISECOND)

static int releases; /* references are given back */

static void
assert_no_pool_thread (void)
{
  char name[16];

  if (!g_atomic_int_get (&releases))
    return;
  g_assert_cmpint (
      pthread_getname_np (pthread_self (), name, sizeof name), ==, 0);
  g_assert_false (g_str_has_prefix (name, "pool"));
}

static int calls; /* how often a thread was asked for */
static int at_once; /* that thread is done before the caller goes on */

typedef struct
{
  GstElement *element;
  GstElementCallAsyncFunc function;
  gpointer user_data;
} Call;

static gpointer
call_run (gpointer data)
{
  Call *call = data;

  call->function (call->element, call->user_data);
  return NULL;
}

static void
call_at_once (Call call, GDestroyNotify destroy)
{
  gst_object_ref (call.element);
  g_thread_join (g_thread_new ("at once", call_run, &call));
  if (destroy)
    destroy (call.user_data);
  gst_object_unref (call.element);
}

/* In front of GStreamer's own: one of its threads that called this would wait for
 * gst_deinit(), and that for the thread. */
void
gst_element_call_async (GstElement *element, GstElementCallAsyncFunc function,
    gpointer user_data, GDestroyNotify destroy)
{
  static void (*real) (
      GstElement *, GstElementCallAsyncFunc, gpointer, GDestroyNotify);

  assert_no_pool_thread ();
  g_atomic_int_inc (&calls);
  if (g_atomic_int_get (&at_once)) {
    call_at_once ((Call){ element, function, user_data }, destroy);
    return;
  }
  if (!real)
    *(void **) &real = dlsym (RTLD_NEXT, "gst_element_call_async");
  real (element, function, user_data, destroy);
}

typedef struct Fixture Fixture;

struct Fixture
{
  GstElement *element;
  GstBus *bus;
  MhNotifier *notifier;

  GMutex lock;
  GCond changed;
  GString *told; /* lock: names of the messages, as the handler gets them */
  gboolean in_hand; /* lock: the first is */
  gboolean settled; /* lock */
  gboolean gone; /* lock: no thread is with the element any more */
  void (*on_first) (Fixture *f); /* what the application does with it */
};

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Fixture *f = data;
  const GstStructure *structure = gst_message_get_structure (message);

  if (f->on_first && gst_structure_has_name (structure, "first"))
    f->on_first (f);
  g_mutex_lock (&f->lock);
  g_string_append_printf (f->told, "%s ", gst_structure_get_name (structure));
  g_mutex_unlock (&f->lock);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
set (Fixture *f, gboolean *what)
{
  g_mutex_lock (&f->lock);
  *what = TRUE;
  g_cond_broadcast (&f->changed);
  g_mutex_unlock (&f->lock);
}

/* Returns: whether it is so in time. */
static gboolean
wait_for (Fixture *f, const gboolean *what, gint64 wait)
{
  gint64 until = g_get_monotonic_time () + wait;
  gboolean so;

  g_mutex_lock (&f->lock);
  while (!*what && g_cond_wait_until (&f->changed, &f->lock, until))
    ;
  so = *what;
  g_mutex_unlock (&f->lock);
  return so;
}

static void
on_gone (gpointer data, GObject *element)
{
  Fixture *f = data;

  set (f, &f->gone);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->element = gst_object_ref_sink (
      gst_element_factory_make ("identity", NULL));
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->element, f->bus);
  gst_bus_set_sync_handler (f->bus, on_message, f, NULL);
  f->notifier = mh_notifier_new (f->element, TRUE);
  g_mutex_init (&f->lock);
  g_cond_init (&f->changed);
  f->told = g_string_new (NULL);
  g_object_weak_ref (G_OBJECT (f->element), on_gone, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  /* A thread that tells the last notification has a reference to the element. */
  mh_notifier_unref (f->notifier);
  gst_object_unref (f->element);
  g_assert_true (wait_for (f, &f->gone, LONG));
  gst_bus_set_sync_handler (f->bus, NULL, NULL, NULL);
  gst_object_unref (f->bus);
  g_string_free (f->told, TRUE);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->changed);
}

static void
put (Fixture *f, const char *name)
{
  mh_notifier_put_structure (f->notifier, gst_structure_new_empty (name));
}

static void
post (Fixture *f, const char *name)
{
  gst_element_post_message (f->element,
      gst_message_new_element (
          GST_OBJECT (f->element), gst_structure_new_empty (name)));
}

static void
expect (Fixture *f, const char *told)
{
  g_mutex_lock (&f->lock);
  g_assert_cmpstr (f->told->str, ==, told);
  g_mutex_unlock (&f->lock);
}

/* As the thread that posts the end of the stream does. */
static gpointer
settle_and_post (gpointer data)
{
  Fixture *f = data;

  mh_notifier_settle (f->notifier, f->element, LONG);
  post (f, "eos");
  set (f, &f->settled);
  return NULL;
}

/* The first notification is in the hand of another thread: the end waits for it,
 * and for what comes behind it. */
static void
linger (Fixture *f)
{
  set (f, &f->in_hand);
  g_assert_false (wait_for (f, &f->settled, SHORT));
}

static void
test_before_the_end (Fixture *f, gconstpointer data)
{
  GThread *thread;

  f->on_first = linger;
  put (f, "first");
  g_assert_true (wait_for (f, &f->in_hand, LONG));
  put (f, "second");
  put (f, "third");
  thread = g_thread_new ("end", settle_and_post, f);
  g_thread_join (thread);
  expect (f, "first second third eos ");
}

/* Two are at the end of something. */
static void
test_two_ends (Fixture *f, gconstpointer data)
{
  GThread *threads[2];

  f->on_first = linger;
  put (f, "first");
  g_assert_true (wait_for (f, &f->in_hand, LONG));
  for (guint i = 0; i < 20; i++)
    put (f, "more");
  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("end", settle_and_post, f);
  for (guint i = 0; i < 2; i++)
    g_thread_join (threads[i]);
  g_assert_true (g_str_has_prefix (f->told->str, "first more "));
  g_assert_true (g_str_has_suffix (f->told->str, "more eos eos "));
}

/* The application's handler waits for the thread that is at the end. */
static void
wait_for_end (Fixture *f)
{
  set (f, &f->in_hand);
  g_assert_true (wait_for (f, &f->settled, LONG));
}

static void
test_handler_waits (Fixture *f, gconstpointer data)
{
  f->on_first = wait_for_end;
  put (f, "first");
  g_assert_true (wait_for (f, &f->in_hand, LONG));
  put (f, "second");
  mh_notifier_settle (f->notifier, f->element, SHORT);
  expect (f, "second ");
  post (f, "eos");
  set (f, &f->settled);
}

/* The handler itself ends something: the notifications behind the one that it has are
 * told within it. */
static void
settle_within (Fixture *f)
{
  put (f, "second");
  mh_notifier_settle (f->notifier, f->element, LONG);
  expect (f, "second ");
  set (f, &f->settled);
}

static void
test_within_a_handler (Fixture *f, gconstpointer data)
{
  f->on_first = settle_within;
  put (f, "first");
  g_assert_true (wait_for (f, &f->settled, LONG));
}

/* Who need not be sure leaves it to the thread that is at it. */
static void
drain_meanwhile (Fixture *f)
{
  set (f, &f->in_hand);
  g_assert_true (wait_for (f, &f->settled, LONG));
}

static void
test_drain_does_not_wait (Fixture *f, gconstpointer data)
{
  f->on_first = drain_meanwhile;
  put (f, "first");
  g_assert_true (wait_for (f, &f->in_hand, LONG));
  put (f, "second");
  mh_notifier_drain (f->notifier, f->element);
  expect (f, "");
  set (f, &f->settled);
  mh_notifier_settle (f->notifier, f->element, LONG);
  expect (f, "first second ");
}

#define TEST(path, function) \
  g_test_add ("/notifier/" path, Fixture, NULL, set_up, function, tear_down)

/* A warning is what GST_ELEMENT_WARNING() posts: with the code, and with the
 * place in the source and the element's path for developers. */
static void
test_warning (Fixture *f, gconstpointer data)
{
  MhNotifier *other = mh_notifier_new (f->element, FALSE);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;

  gst_element_set_bus (f->element, bus);
  g_assert_false (mh_notifier_put_warning (other, "other"));
  g_assert_true (mh_notifier_put_warning (f->notifier, "100 %s"));
  message = gst_bus_timed_pop (bus, 10 * GST_SECOND);
  g_assert_nonnull (message);
  g_assert_true (GST_MESSAGE_SRC (message) == GST_OBJECT (f->element));
  gst_message_parse_warning (message, &error, &debug);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_cmpstr (error->message, ==, "mediaheartbeat: 100 %s");
  g_assert_nonnull (debug);
  g_assert_nonnull (strstr (debug, "mh-notifier.c"));
  g_assert_nonnull (strstr (debug, GST_OBJECT_NAME (f->element)));
  gst_message_unref (message);
  gst_element_set_bus (f->element, f->bus);
  gst_object_unref (bus);
  mh_notifier_unref (other);
}

/* ---- references ---- */

/* The second is given back while the first is still being disposed of. */
static void
on_first_gone (gpointer data, GObject *element)
{
  Fixture *f = data;

  g_assert_true (wait_for (f, &f->settled, LONG));
  set (f, &f->in_hand);
}

static void
on_second_gone (gpointer data, GObject *element)
{
  Fixture *f = data;

  set (f, &f->settled);
}

/* Returns: (transfer full): an element that only the caller holds. */
static GstElement *
make_element (Fixture *f, GWeakNotify on_gone_too)
{
  GstElement *element = gst_object_ref_sink (
      gst_element_factory_make ("identity", NULL));

  g_object_weak_ref (G_OBJECT (element), on_gone_too, f);
  return element;
}

typedef struct
{
  MhWorker *worker;
  GstElement *elements[3]; /* the first has the thread woken, and goes last */
} Releases;

static void
release_all (gpointer data)
{
  const Releases *batch = data;

  for (guint i = 0; i < G_N_ELEMENTS (batch->elements); i++)
    mh_notifier_release_together (batch->elements[i], batch->worker);
}

static void
releases_run (Fixture *f, Releases *batch)
{
  batch->worker = mh_worker_new (mh_clock_system ());
  g_atomic_int_set (&releases, 1);
  g_assert_true (mh_worker_start (batch->worker, NULL));
  mh_worker_invoke (batch->worker, release_all, batch, NULL);
  mh_worker_quit (batch->worker);
  g_assert_true (mh_worker_join (batch->worker, LONG));
  mh_worker_unref (batch->worker);
  g_atomic_int_set (&releases, 0);
}

static void
test_release_together (Fixture *f, gconstpointer data)
{
  Releases batch = { NULL,
    { gst_object_ref (f->element), make_element (f, on_first_gone),
        make_element (f, on_second_gone) } };

  releases_run (f, &batch);
  g_assert_true (wait_for (f, &f->in_hand, LONG));
}

/* However fast the thread is that gives them back. */
static void
test_release_one_call (Fixture *f, gconstpointer data)
{
  Releases batch = { NULL,
    { gst_object_ref (f->element), gst_object_ref (f->element),
        gst_object_ref (f->element) } };
  int before = g_atomic_int_get (&calls);

  g_atomic_int_set (&at_once, 1);
  releases_run (f, &batch);
  g_atomic_int_set (&at_once, 0);
  g_assert_cmpint (g_atomic_int_get (&calls) - before, ==, 1);
}

/* The worker does not come to it any more. */
static void
test_release_at_the_end (Fixture *f, gconstpointer data)
{
  MhWorker *worker = mh_worker_new (mh_clock_system ());

  mh_notifier_release_together (make_element (f, on_second_gone), worker);
  g_assert_false (wait_for (f, &f->settled, SHORT));
  mh_worker_unref (worker);
  g_assert_true (wait_for (f, &f->settled, LONG));
}

/* The parent's worker has not come to it: the child's is asked for all the same. */
static void
test_release_fork (Fixture *f, gconstpointer data)
{
  MhWorker *workers[2] = { mh_worker_new (mh_clock_system ()), NULL };
  int status;
  pid_t child;

  mh_notifier_release_together (gst_object_ref (f->element), workers[0]);
  child = fork ();
  if (child == 0) {
    workers[1] = mh_worker_new (mh_clock_system ());
    mh_notifier_release_together (f->element, workers[1]);
    if (!g_main_context_pending (mh_worker_get_context (workers[1])))
      _exit (1);
    /* Not _exit(): valgrind would report what the parent's threads have. */
    execlp ("true", "true", NULL);
    _exit (2);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  mh_worker_unref (workers[0]);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_DEBUG_CATEGORY_INIT (gst_media_heartbeat_debug, "mediaheartbeat", 0, "");
  g_test_init (&argc, &argv, NULL);
  TEST ("before-the-end", test_before_the_end);
  TEST ("two-ends", test_two_ends);
  TEST ("handler-waits", test_handler_waits);
  TEST ("within-a-handler", test_within_a_handler);
  TEST ("drain-does-not-wait", test_drain_does_not_wait);
  TEST ("warning", test_warning);
  TEST ("release/together", test_release_together);
  TEST ("release/one-call", test_release_one_call);
  TEST ("release/at-the-end", test_release_at_the_end);
  TEST ("release/fork", test_release_fork);
  return g_test_run ();
}
