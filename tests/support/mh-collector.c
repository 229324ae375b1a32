/* mh-collector: the example collector in a thread of its own, for tests of
 * whole pipelines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-collector.h"

#include "collector-event.h"

/* What a player at NULL has left is delivered within that time. */
#define DELIVERY_WAIT (5 * G_TIME_SPAN_SECOND)

struct _MhCollector
{
  GMainContext *context;
  GThread *thread;
  char *uri;

  /* The thread only. */
  CollectorServer *server;
  gboolean quit;

  GMutex lock;
  GCond cond;
  GPtrArray *collected; /* lock: of MhCollected, which stay as they are */
};

/* What the thread is to do, while the caller waits. */
typedef struct
{
  MhCollector *self;
  guint count;
  guint status;
  const char *header;
  const char *value;
  gboolean done; /* the collector's lock */
} Errand;

static void
collected_free (gpointer data)
{
  MhCollected *collected = data;

  g_free (collected->session);
  g_free (collected->type);
  g_clear_pointer (&collected->event, json_object_unref);
  g_free (collected);
}

static void
read_event (MhCollected *collected, JsonObject *event)
{
  collected->type = g_strdup (
      json_object_get_string_member_with_default (event, "eventType", NULL));
  collected->event = json_object_ref (event);
  if (!collected->accepted)
    return;
  collected->playhead = collector_event_playhead (event);
  collected->ts = collector_event_ts (event);
  collected->resume = collector_event_is_true (event, "media.resume");
}

static void
on_report (const CollectorReport *report, gpointer user_data)
{
  MhCollector *self = user_data;
  MhCollected *collected;

  if (report->repeated)
    return;
  collected = g_new0 (MhCollected, 1);
  collected->accepted = report->accepted;
  collected->status = report->status;
  collected->session = g_strdup (report->session_id);
  collected->at = g_get_monotonic_time ();
  if (report->event)
    read_event (collected, report->event);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->collected, collected);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

static gpointer
run (gpointer data)
{
  MhCollector *self = data;
  const CollectorServerOptions options = {
    .report = on_report,
    .user_data = self,
  };
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = collector_server_new (&options, &error);
  g_assert_no_error (error);
  g_mutex_lock (&self->lock);
  self->uri = g_strdup_printf (
      "http://127.0.0.1:%u", collector_server_get_port (self->server));
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  while (!self->quit)
    g_main_context_iteration (self->context, TRUE);
  collector_server_free (self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

MhCollector *
mh_collector_new (void)
{
  MhCollector *self = g_new0 (MhCollector, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->collected = g_ptr_array_new_with_free_func (collected_free);
  self->context = g_main_context_new ();
  self->thread = g_thread_new ("collector", run, self);
  g_mutex_lock (&self->lock);
  while (!self->uri)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static gboolean
quit (gpointer data)
{
  ((MhCollector *) data)->quit = TRUE;
  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(): that may run in this thread. */
static void
invoke (MhCollector *self, GSourceFunc function, gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, function, data, NULL);
  g_source_attach (source, self->context);
}

void
mh_collector_free (MhCollector *self)
{
  invoke (self, quit, self);
  g_thread_join (self->thread);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->collected);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self->uri);
  g_free (self);
}

const char *
mh_collector_get_uri (MhCollector *self)
{
  return self->uri;
}

static gboolean
fail_next (gpointer data)
{
  Errand *errand = data;
  MhCollector *self = errand->self;

  collector_server_fail_next (self->server, errand->count, errand->status,
      errand->header, errand->value, NULL);
  g_mutex_lock (&self->lock);
  errand->done = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

void
mh_collector_fail_next (MhCollector *self, guint count, guint status,
    const char *header, const char *value)
{
  Errand errand = { self, count, status, header, value, FALSE };

  invoke (self, fail_next, &errand);
  g_mutex_lock (&self->lock);
  while (!errand.done)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* With the lock held. */
static char *
describe (MhCollector *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);

    g_string_append_printf (text, " %s/%u@%.3f",
        collected->type ? collected->type : "-", collected->status,
        collected->playhead);
  }
  return g_string_free (text, FALSE);
}

/* With the lock held. */
static const MhCollected *
find (MhCollector *self, const char *type, guint n)
{
  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);

    if (collected->accepted && g_strcmp0 (collected->type, type) == 0 &&
        --n == 0)
      return collected;
  }
  return NULL;
}

const MhCollected *
mh_collector_wait (MhCollector *self, const char *type, guint n)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  const MhCollected *found;

  g_mutex_lock (&self->lock);
  while (!(found = find (self, type, n))) {
    if (!g_cond_wait_until (&self->cond, &self->lock, until))
      g_error ("no %s number %u among:%s", type, n, describe (self));
  }
  g_mutex_unlock (&self->lock);
  return found;
}

/* With the lock held. */
static guint
count (MhCollector *self, gboolean accepted, const char *type)
{
  guint n = 0;

  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);

    n += collected->accepted == accepted &&
        (!type || g_strcmp0 (collected->type, type) == 0);
  }
  return n;
}

void
mh_collector_wait_refused (MhCollector *self, guint n)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;

  g_mutex_lock (&self->lock);
  while (count (self, FALSE, NULL) < n) {
    if (!g_cond_wait_until (&self->cond, &self->lock, until))
      g_error ("no %u refused among:%s", n, describe (self));
  }
  g_mutex_unlock (&self->lock);
}

guint
mh_collector_count (MhCollector *self, const char *type)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = count (self, TRUE, type);
  g_mutex_unlock (&self->lock);
  return n;
}

guint
mh_collector_count_refused (MhCollector *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = count (self, FALSE, NULL);
  g_mutex_unlock (&self->lock);
  return n;
}

const MhCollected *
mh_collector_nth (MhCollector *self, guint index)
{
  const MhCollected *collected = NULL;

  g_mutex_lock (&self->lock);
  if (index < self->collected->len)
    collected = g_ptr_array_index (self->collected, index);
  g_mutex_unlock (&self->lock);
  return collected;
}

/* With the lock held. */
static void
append_order (MhCollector *self, const char *session, GString *text)
{
  const char *last = NULL;

  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);

    if (!collected->accepted || !g_str_equal (collected->session, session) ||
        g_str_equal (collected->type, "ping") ||
        g_strcmp0 (collected->type, last) == 0)
      continue;
    last = collected->type;
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", last);
  }
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const MhCollected *one = *(const MhCollected *const *) a;
  const MhCollected *other = *(const MhCollected *const *) b;

  return (one->ts > other->ts) - (one->ts < other->ts);
}

/* With the lock held. Returns: (transfer full): the starts that were accepted, by their
 * time. */
static GPtrArray *
list_starts (MhCollector *self)
{
  GPtrArray *starts = g_ptr_array_new ();

  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);

    if (collected->accepted && g_str_equal (collected->type, "sessionStart"))
      g_ptr_array_add (starts, collected);
  }
  g_ptr_array_sort (starts, compare_starts);
  return starts;
}

const MhCollected *
mh_collector_nth_start (MhCollector *self, guint n)
{
  g_autoptr (GPtrArray) starts = NULL;

  g_mutex_lock (&self->lock);
  starts = list_starts (self);
  g_mutex_unlock (&self->lock);
  return n <= starts->len ? g_ptr_array_index (starts, n - 1) : NULL;
}

/* With the lock held. */
static char *
dup_order (MhCollector *self)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) starts = list_starts (self);

  for (guint i = 0; i < starts->len; i++) {
    MhCollected *start = g_ptr_array_index (starts, i);

    append_order (self, start->session, text);
  }
  return g_string_free (text, FALSE);
}

char *
mh_collector_dup_order (MhCollector *self)
{
  char *order;

  g_mutex_lock (&self->lock);
  order = dup_order (self);
  g_mutex_unlock (&self->lock);
  return order;
}

void
mh_collector_assert_sane (MhCollector *self)
{
  g_autoptr (GHashTable) last = g_hash_table_new (g_str_hash, g_str_equal);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->collected->len; i++) {
    MhCollected *collected = g_ptr_array_index (self->collected, i);
    MhCollected *before;

    if (!collected->accepted)
      continue;
    g_assert_cmpfloat (collected->playhead, >=, 0);
    before = g_hash_table_lookup (last, collected->session);
    g_assert_true (!before || before->ts < collected->ts);
    g_hash_table_insert (last, collected->session, collected);
  }
  g_mutex_unlock (&self->lock);
}

void
mh_collector_assert_order (MhCollector *self, const char *wanted)
{
  gint64 until = g_get_monotonic_time () + DELIVERY_WAIT;
  g_autofree char *order = NULL;

  g_mutex_lock (&self->lock);
  order = dup_order (self);
  while (!g_str_equal (order, wanted) &&
      g_cond_wait_until (&self->cond, &self->lock, until)) {
    g_free (order);
    order = dup_order (self);
  }
  g_mutex_unlock (&self->lock);
  g_assert_cmpstr (order, ==, wanted);
  g_assert_cmpuint (mh_collector_count_refused (self), ==, 0);
  mh_collector_assert_sane (self);
}

void
mh_collector_assert_order_but_play (MhCollector *self, const char *wanted)
{
  g_autofree char *order = mh_collector_dup_order (self);
  g_auto (GStrv) parts = g_strsplit (order, " play", -1);
  g_autofree char *rest = g_strjoinv ("", parts);

  g_assert_cmpstr (rest, ==, wanted);
}
