/* mh-player: a pipeline with a mediaheartbeat in it, and what it says.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#include <string.h>

static void
structure_free (gpointer data)
{
  gst_structure_free (data);
}

MhPlayer *
mh_player_new (
    GstElement *pipeline, GstElement *heartbeat, MhCollector *collector)
{
  MhPlayer *self = g_new0 (MhPlayer, 1);

  self->pipeline = pipeline;
  self->bus = gst_element_get_bus (pipeline);
  self->hits = g_ptr_array_new_with_free_func (structure_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  if (heartbeat)
    self->heartbeat = gst_object_ref (heartbeat);
  if (heartbeat && collector)
    g_object_set (
        heartbeat, "collection-server", mh_collector_get_uri (collector), NULL);
  return self;
}

MhPlayer *
mh_player_launch (MhCollector *collector, const char *description, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GstElement) heartbeat = NULL;
  GstElement *pipeline;
  va_list arguments;

  va_start (arguments, description);
  text = g_strdup_vprintf (description, arguments);
  va_end (arguments);
  pipeline = gst_parse_launch_full (
      text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_assert_no_error (error);
  heartbeat = gst_bin_get_by_name (GST_BIN (pipeline), "heartbeat");
  return mh_player_new (pipeline, heartbeat, collector);
}

static GstElement *
make_sink (void)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "sync", TRUE, NULL);
  return sink;
}

MhPlayer *
mh_player_playbin (MhCollector *collector, const char *factory,
    const char *filter, const char *path)
{
  GstElement *playbin = gst_element_factory_make (factory, NULL);
  GstElement *heartbeat = gst_element_factory_make (
      "mediaheartbeat", "heartbeat");
  g_autofree char *uri = path ? gst_filename_to_uri (path, NULL) : NULL;
  MhPlayer *self;

  g_assert_nonnull (playbin);
  g_assert_nonnull (heartbeat);
  self = mh_player_new (playbin, heartbeat, collector);
  g_object_set (playbin, "uri", uri, filter, heartbeat, "audio-sink",
      make_sink (), "video-sink", make_sink (), NULL);
  return self;
}

void
mh_player_free (MhPlayer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->heartbeat);
  gst_object_unref (self->pipeline);
  gst_object_unref (self->bus);
  g_ptr_array_unref (self->hits);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

/* For as long as the process's end would wait. */
static void
wait_until_delivered (MhPlayer *self)
{
  gint64 until;
  guint flush;

  g_object_get (self->heartbeat, "flush-timeout", &flush, NULL);
  until = g_get_monotonic_time () + flush * G_TIME_SPAN_MILLISECOND;
  while (mh_player_get_stat (self, "queued") > 0 &&
      g_get_monotonic_time () < until)
    g_poll (NULL, 0, 1); /* the worker and the server need the machine */
}

void
mh_player_go (MhPlayer *self, GstState state)
{
  GstStateChangeReturn result = gst_element_set_state (self->pipeline, state);

  if (result == GST_STATE_CHANGE_ASYNC)
    result = gst_element_get_state (
        self->pipeline, NULL, NULL, MH_TEST_PATIENCE * GST_USECOND);
  g_assert_true (result == GST_STATE_CHANGE_SUCCESS ||
      result == GST_STATE_CHANGE_NO_PREROLL);
  if (state == GST_STATE_NULL && self->heartbeat)
    wait_until_delivered (self);
}

static void
take_warning (MhPlayer *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  g_test_message ("warning: %s", error->message);
  g_ptr_array_add (self->warnings, g_strdup (error->message));
}

static void
take (MhPlayer *self, GstMessage *message)
{
  const GstStructure *structure;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      self->errors++;
      break;
    case GST_MESSAGE_WARNING:
      if (GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (self->heartbeat))
        take_warning (self, message);
      break;
    case GST_MESSAGE_ELEMENT:
      structure = gst_message_get_structure (message);
      if (gst_structure_has_name (structure, "media-heartbeat"))
        g_ptr_array_add (self->hits, gst_structure_copy (structure));
      break;
    default:
      break;
  }
}

/* Waits for the next message, and takes it in. */
static GstMessage *
next_message (MhPlayer *self, gint64 until, const char *what)
{
  gint64 left = MAX (until - g_get_monotonic_time (), 0);
  GstMessage *message = gst_bus_timed_pop (
      self->bus, (GstClockTime) left * GST_USECOND);

  if (!message)
    g_error ("waited in vain for %s", what);
  take (self, message);
  return message;
}

void
mh_player_pump (MhPlayer *self)
{
  GstMessage *message;

  while ((message = gst_bus_pop (self->bus))) {
    take (self, message);
    gst_message_unref (message);
  }
}

void
mh_player_wait_message (MhPlayer *self, GstMessageType types)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  gboolean found = FALSE;

  while (!found) {
    GstMessage *message = next_message (
        self, until, gst_message_type_get_name (types));

    found = (GST_MESSAGE_TYPE (message) & types) != 0 &&
        (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
            GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (self->pipeline));
    gst_message_unref (message);
  }
}

static const GstStructure *
find_hit (MhPlayer *self, const char *event, guint n)
{
  for (guint i = 0; i < self->hits->len; i++) {
    const GstStructure *hit = g_ptr_array_index (self->hits, i);

    if (g_strcmp0 (gst_structure_get_string (hit, "event"), event) == 0 &&
        --n == 0)
      return hit;
  }
  return NULL;
}

const GstStructure *
mh_player_wait_hit (MhPlayer *self, const char *event, guint n)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  const GstStructure *hit;

  while (!(hit = find_hit (self, event, n)))
    gst_message_unref (next_message (self, until, event));
  return hit;
}

guint
mh_player_count_warnings (MhPlayer *self, const char *text)
{
  guint n = 0;

  for (guint i = 0; i < self->warnings->len; i++)
    n += strstr (g_ptr_array_index (self->warnings, i), text) != NULL;
  return n;
}

void
mh_player_wait_warning (MhPlayer *self, const char *text)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;

  while (mh_player_count_warnings (self, text) == 0)
    gst_message_unref (next_message (self, until, text));
}

void
mh_player_seek (MhPlayer *self, double seconds)
{
  g_assert_true (gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
      (gint64) (seconds * GST_SECOND)));
}

double
mh_player_seek_from (MhPlayer *self, double *least, double target)
{
  gint64 asked = g_get_monotonic_time ();

  *least = mh_player_position (self);
  mh_player_seek (self, target);
  return *least + (double) (g_get_monotonic_time () - asked) / G_USEC_PER_SEC;
}

static void
on_about_to_finish (GstElement *playbin, gpointer uri)
{
  g_object_set (playbin, "uri", uri, NULL);
  g_signal_handlers_disconnect_by_func (playbin, on_about_to_finish, uri);
}

void
mh_player_give_next (MhPlayer *self, char *uri)
{
  g_signal_connect (
      self->pipeline, "about-to-finish", G_CALLBACK (on_about_to_finish), uri);
}

void
mh_player_settle (MhPlayer *self)
{
  g_assert_cmpint (gst_element_get_state (self->pipeline, NULL, NULL,
                       MH_TEST_PATIENCE * GST_USECOND),
      ==, GST_STATE_CHANGE_SUCCESS);
}

double
mh_player_position (MhPlayer *self)
{
  gint64 position = -1;

  g_assert_true (
      gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position));
  return (double) position / GST_SECOND;
}

/* Waits on the pipeline's own clock: as long as playing takes. */
void
mh_player_wait_position (MhPlayer *self, double seconds)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  double left;

  while ((left = seconds - mh_player_position (self)) > 0) {
    g_autoptr (GstClock) clock = gst_element_get_clock (self->pipeline);
    GstClockID id = gst_clock_new_single_shot_id (clock,
        gst_clock_get_time (clock) + (GstClockTime) (left * GST_SECOND) +
            GST_MSECOND);

    g_assert_cmpint (g_get_monotonic_time (), <, until);
    gst_clock_id_wait (id, NULL);
    gst_clock_id_unref (id);
  }
}

guint64
mh_player_get_stat (MhPlayer *self, const char *name)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = 0;

  g_object_get (self->heartbeat, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, name, &value));
  return value;
}

void
mh_player_add_playbins (const char *path, GTestDataFunc function)
{
  static const char *const factories[] = { "playbin", "playbin3" };

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    g_autofree char *full = g_strconcat (path, "/", factories[i], NULL);

    g_test_add_data_func (full, factories[i], function);
  }
}
