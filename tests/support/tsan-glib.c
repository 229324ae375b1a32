/* tsan-glib: tells ThreadSanitizer what GLib's and GStreamer's locks and
 * reference counts order.
 *
 * Debian's GLib is not instrumented, and its locks are futexes: to the sanitizer
 * everything they guard is a race. This is preloaded in the set-up `tsan` of the
 * tests; each function does what the library's does, and says so.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <dlfcn.h>
#include <gst/gst.h>

/* The sanitizer's, where the program has it. */
void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));
void __tsan_write1 (void *address) __attribute__ ((weak));

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release)
    __tsan_release ((void *) address);
}

/* What the library writes without a lock. */
static void
write_to (gpointer address)
{
  if (__tsan_write1)
    __tsan_write1 (address);
}

/* The library's function of the same name. */
#define REAL(function) \
  static __typeof__ (&function) real; \
  if (!real) \
  *(void **) &real = dlsym (RTLD_NEXT, #function)

/* ---- locks ---- */

#define LOCK(function, type) \
  void function (type *lock) \
  { \
    REAL (function); \
    real (lock); \
    acquire (lock); \
  }

#define TRYLOCK(function, type) \
  gboolean function (type *lock) \
  { \
    REAL (function); \
    gboolean locked = real (lock); \
    if (locked) \
      acquire (lock); \
    return locked; \
  }

#define UNLOCK(function, type) \
  void function (type *lock) \
  { \
    REAL (function); \
    release (lock); \
    real (lock); \
  }

LOCK (g_mutex_lock, GMutex)
TRYLOCK (g_mutex_trylock, GMutex)
UNLOCK (g_mutex_unlock, GMutex)
LOCK (g_rec_mutex_lock, GRecMutex)
TRYLOCK (g_rec_mutex_trylock, GRecMutex)
UNLOCK (g_rec_mutex_unlock, GRecMutex)
LOCK (g_rw_lock_writer_lock, GRWLock)
UNLOCK (g_rw_lock_writer_unlock, GRWLock)
LOCK (g_rw_lock_reader_lock, GRWLock)
UNLOCK (g_rw_lock_reader_unlock, GRWLock)

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  release (mutex);
  real (cond, mutex);
  acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  REAL (g_cond_wait_until);
  gboolean woken;

  release (mutex);
  woken = real (cond, mutex, end_time);
  acquire (mutex);
  return woken;
}

gboolean (g_once_init_enter) (volatile void *location)
{
  REAL (g_once_init_enter);
  gboolean mine = real (location);

  if (!mine)
    acquire ((gconstpointer) location);
  return mine;
}

void (g_once_init_leave) (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  release ((gconstpointer) location);
  real (location, result);
}

/* ---- sources: what was done before one is attached is done before it is
 * dispatched ---- */

typedef struct
{
  GSourceFuncs funcs; /* first: what a source points to */
  const GSourceFuncs *original;
} Watched;

static Watched watched[64];
static int n_watched; /* atomic */

static gboolean
watched_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  const Watched *kind = (const Watched *) source->source_funcs;

  acquire (source);
  return kind->original->dispatch (source, callback, data);
}

/* The same kind may get more than one place, if two threads are at it: that
 * does no harm. A place that is not ready yet has no original. */
static void
watch (GSource *source)
{
  const GSourceFuncs *original = source->source_funcs;
  int n = MIN (g_atomic_int_get (&n_watched), (int) G_N_ELEMENTS (watched));
  Watched *kind;

  if (original->dispatch == watched_dispatch)
    return;
  for (int i = 0; i < n; i++) {
    if (g_atomic_pointer_get (&watched[i].original) == original) {
      source->source_funcs = (GSourceFuncs *) &watched[i];
      return;
    }
  }
  n = g_atomic_int_add (&n_watched, 1);
  if (n >= (int) G_N_ELEMENTS (watched))
    return;
  kind = &watched[n];
  kind->funcs = *original;
  kind->funcs.dispatch = watched_dispatch;
  g_atomic_pointer_set (&kind->original, original);
  source->source_funcs = (GSourceFuncs *) kind;
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  REAL (g_source_attach);
  watch (source);
  release (source);
  return real (source, context);
}

/* ---- queues between threads ---- */

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  REAL (g_async_queue_push);
  release (queue);
  real (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  REAL (g_async_queue_pop);
  gpointer data = real (queue);

  acquire (queue);
  return data;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  REAL (g_async_queue_timeout_pop);
  gpointer data = real (queue, timeout);

  acquire (queue);
  return data;
}

gboolean
gst_bus_post (GstBus *bus, GstMessage *message)
{
  REAL (gst_bus_post);
  release (bus);
  return real (bus, message);
}

GstMessage *
gst_bus_timed_pop_filtered (
    GstBus *bus, GstClockTime timeout, GstMessageType types)
{
  REAL (gst_bus_timed_pop_filtered);
  GstMessage *message = real (bus, timeout, types);

  acquire (bus);
  return message;
}

/* ---- pools of threads: what was done before work is put is done before the work
 * is ---- */

/* Is not freed: GLib does not say when the last thread leaves a pool. */
typedef struct
{
  GFunc func;
  gpointer user_data;
} WatchedPool;

static void
watched_work (gpointer data, gpointer user_data)
{
  const WatchedPool *watched_pool = user_data;

  acquire (watched_pool);
  watched_pool->func (data, watched_pool->user_data);
}

GThreadPool *
g_thread_pool_new (GFunc func, gpointer user_data, gint max_threads,
    gboolean exclusive, GError **error)
{
  REAL (g_thread_pool_new);
  WatchedPool *watched_pool = g_new (WatchedPool, 1);

  watched_pool->func = func;
  watched_pool->user_data = user_data;
  return real (watched_work, watched_pool, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  REAL (g_thread_pool_push);
  if (pool->func == watched_work)
    release (pool->user_data);
  return real (pool, data, error);
}

/* ---- reference counts: what was done before the last one goes is done before
 * the object does ---- */

#define UNREF(function, type) \
  void function (type object) \
  { \
    REAL (function); \
    release (object); \
    acquire (object); \
    real (object); \
  }

UNREF (g_object_unref, gpointer)
UNREF (gst_object_unref, gpointer)
UNREF (gst_mini_object_unref, GstMiniObject *)
UNREF (g_bytes_unref, GBytes *)
UNREF (g_variant_unref, GVariant *)
UNREF (g_main_context_unref, GMainContext *)
UNREF (g_source_unref, GSource *)

gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  gboolean last;

  release (count);
  last = real (count);
  acquire (count);
  return last;
}

/* ---- boxes with a reference count: only one of the two kinds may be shared by
 * threads, and the other one's count is a plain variable in front of the box ---- */

static gpointer
get_count (gpointer box)
{
  return (guint8 *) box - 1;
}

gpointer (g_rc_box_acquire) (gpointer box)
{
  REAL (g_rc_box_acquire);
  write_to (get_count (box));
  return real (box);
}

void
g_rc_box_release (gpointer box)
{
  REAL (g_rc_box_release);
  write_to (get_count (box));
  real (box);
}

void
g_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  REAL (g_rc_box_release_full);
  write_to (get_count (box));
  real (box, clear);
}

void
g_atomic_rc_box_release (gpointer box)
{
  REAL (g_atomic_rc_box_release);
  release (box);
  acquire (box);
  real (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);
  release (box);
  acquire (box);
  real (box, clear);
}
