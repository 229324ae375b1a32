/* quiet: a tracer for the tests, mhquiet(log=FILE), that notes where the plugin
 * asks a pipeline for its position too soon after a change.
 *
 * pulsesink's clock must not be read soon after a stream runs again
 * (docs/design/inference.md#position). Whatever program it is
 * in, a question in one of the plugin's threads that comes within QUIET after a
 * flush, ASYNC_DONE or a change of state is a line in FILE.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE
#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/gsttracer.h>

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define PACKAGE "gst-media-heartbeat"

/* µs: half as long as the plugin waits, as its thread may note a change late. */
#define QUIET 50000

typedef struct
{
  GstTracer parent_instance;

  int log;
} MhQuiet;

typedef struct
{
  GstTracerClass parent_class;
} MhQuietClass;

static GType mh_quiet_get_type (void);

G_DEFINE_TYPE (MhQuiet, mh_quiet, GST_TYPE_TRACER)

/* The latest change of any pipeline, g_get_monotonic_time(): a test's program
 * has one. */
static gint64 changed_at; /* under the lock */
static const char *change;
static GMutex lock;

static gboolean
is_ours (void)
{
  char name[16] = "";

  pthread_getname_np (pthread_self (), name, sizeof name);
  return g_str_has_prefix (name, "mediaheartbeat");
}

static void
note (const char *what)
{
  g_mutex_lock (&lock);
  changed_at = g_get_monotonic_time ();
  change = what;
  g_mutex_unlock (&lock);
}

static void
on_changed_state (GObject *self, GstClockTime ts, GstElement *element,
    GstStateChange transition, GstStateChangeReturn result)
{
  /* GstPlay sets PAUSED anew for each BUFFERING message: that is no change. */
  if (GST_IS_PIPELINE (element) &&
      GST_STATE_TRANSITION_NEXT (transition) >= GST_STATE_PAUSED &&
      GST_STATE_TRANSITION_NEXT (transition) !=
          GST_STATE_TRANSITION_CURRENT (transition))
    note ("a change of state");
}

static void
on_post_message (
    GObject *self, GstClockTime ts, GstElement *element, GstMessage *message)
{
  if (GST_IS_PIPELINE (element) &&
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE)
    note ("ASYNC_DONE");
}

static void
on_push_event (GObject *self, GstClockTime ts, GstPad *pad, GstEvent *event)
{
  if (event && GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    note ("a flush");
}

static void
on_query (
    GObject *object, GstClockTime ts, GstElement *element, GstQuery *query)
{
  MhQuiet *self = (MhQuiet *) object;
  g_autofree char *line = NULL;
  gint64 since;

  if (GST_QUERY_TYPE (query) != GST_QUERY_POSITION ||
      !GST_IS_PIPELINE (element) || !is_ours ())
    return;
  g_mutex_lock (&lock);
  since = g_get_monotonic_time () - changed_at;
  line = g_strdup_printf ("%s a question %d us after %s\n",
      since < QUIET ? "BAD" : "ok", (int) MIN (since, G_MAXINT), change);
  g_mutex_unlock (&lock);
  if (write (self->log, line, strlen (line)) < 0)
    g_printerr ("mhquiet: the log cannot be written\n");
}

static void
mh_quiet_constructed (GObject *object)
{
  MhQuiet *self = (MhQuiet *) object;
  g_autofree char *params = NULL;
  g_autofree char *text = NULL;
  GstStructure *structure;

  G_OBJECT_CLASS (mh_quiet_parent_class)->constructed (object);
  g_object_get (self, "params", &params, NULL);
  text = g_strdup_printf ("mhquiet,%s", params ? params : "");
  structure = gst_structure_from_string (text, NULL);
  self->log = structure && gst_structure_get_string (structure, "log")
      ? open (gst_structure_get_string (structure, "log"),
            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
      : -1;
  if (structure)
    gst_structure_free (structure);
  if (self->log < 0)
    g_error ("mhquiet(log=FILE): there is no such file");
  gst_tracing_register_hook (GST_TRACER (self), "element-change-state-post",
      G_CALLBACK (on_changed_state));
  gst_tracing_register_hook (GST_TRACER (self), "element-post-message-pre",
      G_CALLBACK (on_post_message));
  gst_tracing_register_hook (
      GST_TRACER (self), "pad-push-event-pre", G_CALLBACK (on_push_event));
  gst_tracing_register_hook (
      GST_TRACER (self), "element-query-pre", G_CALLBACK (on_query));
}

static void
mh_quiet_class_init (MhQuietClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = mh_quiet_constructed;
}

static void
mh_quiet_init (MhQuiet *self)
{
  self->log = -1;
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  return gst_tracer_register (plugin, "mhquiet", mh_quiet_get_type ());
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, mhquiet,
    "Notes questions that come too soon", plugin_init, MH_VERSION, "LGPL",
    PACKAGE, PACKAGE)
