/* Tests of the element's properties, messages, signal and states.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>

#include <string.h>

#include "mh-test-element.h"

#define PATIENCE (60 * GST_SECOND)

/* ---- properties ---- */

static const char *const readable[] = { "name", "parent", "playback-state",
  "inactive-time", "resume-position", "session-id", "stats" };

static gboolean
is_ours (GParamSpec *pspec)
{
  return pspec->owner_type != G_TYPE_OBJECT &&
      pspec->owner_type != GST_TYPE_OBJECT &&
      pspec->owner_type != GST_TYPE_ELEMENT;
}

static gboolean
has (const char *const *names, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++) {
    if (g_str_equal (names[i], name))
      return TRUE;
  }
  return FALSE;
}

static void
test_defaults (MhTestElement *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *value;
  } defaults[] = {
    { "protocol", "media-collection" },
    { "media-length", "-1" },
    { "location-hint", "-1" },
    { "opt-out-share", "false" },
    { "opt-out-server-side-forwarding", "false" },
    { "media-type", "auto" },
    { "resumed", "false" },
    { "downloaded", "false" },
    { "granular-ads", "false" },
    { "auto-chapters", "true" },
    { "auto-ads", "true" },
    { "auto-metadata", "true" },
    { "auto-states", "true" },
    { "idle-timeout", "1800" },
    { "session-timeout", "86400" },
    { "ping-interval", "10" },
    { "ad-ping-interval", "1" },
    { "queue-max-hits", "10000" },
    { "queue-max-bytes", "8388608" },
    { "queue-max-age", "1209600" },
    { "remember", "false" },
    { "remember-max-age", "2592000" },
    { "late-delivery", "batch" },
    { "stall-threshold", "2000" },
    { "privacy", "opt-in" },
    { "leader", "auto" },
    { "allow-http", "false" },
    { "framing", "rows" },
    { "compress", "false" },
    { "send-interval", "0" },
    { "post-messages", "true" },
    { "preroll-wait", "250" },
    { "flush-timeout", "500" },
    { "playback-state", "init" },
    { "inactive-time", "0" },
    { "resume-position", "-1" },
  };
  g_autoptr (GstElement) element = gst_object_ref_sink (
      gst_element_factory_make ("mediaheartbeat", NULL));

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++) {
    GParamSpec *pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (element), defaults[i].name);
    GValue value = G_VALUE_INIT, wanted = G_VALUE_INIT;

    g_assert_nonnull (pspec);
    g_value_init (&value, pspec->value_type);
    g_value_init (&wanted, pspec->value_type);
    g_object_get_property (G_OBJECT (element), defaults[i].name, &value);
    g_assert_true (gst_value_deserialize (&wanted, defaults[i].value));
    g_assert_cmpint (gst_value_compare (&value, &wanted), ==, GST_VALUE_EQUAL);
    g_assert_true (g_param_value_defaults (pspec, &value));
    g_value_unset (&value);
    g_value_unset (&wanted);
  }
}

static void
set_and_get (MhTestElement *f, GParamSpec *pspec, const char *text)
{
  GValue value = G_VALUE_INIT, got = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  g_value_init (&got, pspec->value_type);
  g_assert_true (gst_value_deserialize (&value, text));
  g_object_set_property (G_OBJECT (f->element), pspec->name, &value);
  g_object_get_property (G_OBJECT (f->element), pspec->name, &got);
  g_assert_cmpint (gst_value_compare (&value, &got), ==, GST_VALUE_EQUAL);
  g_value_unset (&value);
  g_value_unset (&got);
}

/* Each value of a type that there is. */
static void
try_property (MhTestElement *f, GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_STRING (pspec)) {
    set_and_get (f, pspec, "one");
    set_and_get (f, pspec, "två & „три“");
    g_object_set (f->element, pspec->name, NULL, NULL);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    g_autofree char *low = g_strdup_printf (
        "%u", G_PARAM_SPEC_UINT (pspec)->minimum);
    g_autofree char *high = g_strdup_printf (
        "%u", G_PARAM_SPEC_UINT (pspec)->maximum);

    set_and_get (f, pspec, low);
    set_and_get (f, pspec, high);
  } else if (G_IS_PARAM_SPEC_INT (pspec)) {
    set_and_get (f, pspec, "-1");
    set_and_get (f, pspec, "0");
    set_and_get (f, pspec, "2147483647");
  } else if (G_IS_PARAM_SPEC_BOOLEAN (pspec)) {
    set_and_get (f, pspec, "true");
    set_and_get (f, pspec, "false");
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    set_and_get (f, pspec, "0");
    set_and_get (f, pspec, "12.5");
    set_and_get (f, pspec, "-1");
  } else if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    GEnumClass *klass = G_PARAM_SPEC_ENUM (pspec)->enum_class;

    for (guint i = 0; i < klass->n_values; i++)
      set_and_get (f, pspec, klass->values[i].value_nick);
  } else {
    g_autofree char *text = g_strdup_printf (
        "%s, one=(string)1, two=(string)2", pspec->name);

    g_assert_true (g_str_equal (pspec->name, "metadata") ||
        g_str_equal (pspec->name, "customer-ids"));
    set_and_get (f, pspec, text);
    g_object_set (f->element, pspec->name, NULL, NULL);
  }
}

static void
test_settable (MhTestElement *f, gconstpointer data)
{
  guint n;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (
      G_OBJECT_GET_CLASS (f->element), &n);

  for (guint i = 0; i < n; i++) {
    g_assert_nonnull (g_param_spec_get_blurb (pspecs[i]));
    if (!is_ours (pspecs[i]) ||
        has (readable, G_N_ELEMENTS (readable), pspecs[i]->name) ||
        g_str_equal (pspecs[i]->name, "authorization"))
      continue;
    g_assert_cmpuint (
        pspecs[i]->flags & G_PARAM_READWRITE, ==, G_PARAM_READWRITE);
    try_property (f, pspecs[i]);
  }
}

/* What opens the door of a server is not told to a program that asks. */
static void
test_write_only (MhTestElement *f, gconstpointer data)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (f->element), "authorization");

  g_assert_cmpuint (pspec->flags & G_PARAM_READWRITE, ==, G_PARAM_WRITABLE);
  g_object_set (f->element, "authorization", "Bearer one", NULL);
}

static void
test_ranges (MhTestElement *f, gconstpointer data)
{
  static const char *const positive[] = { "idle-timeout", "session-timeout",
    "ping-interval", "ad-ping-interval", "queue-max-hits", "queue-max-bytes",
    "queue-max-age", "remember-max-age", "stall-threshold" };
  guint value;

  for (guint i = 0; i < G_N_ELEMENTS (positive); i++) {
    GParamSpec *pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (f->element), positive[i]);

    g_assert_cmpuint (G_PARAM_SPEC_UINT (pspec)->minimum, >, 0);
    g_object_set (f->element, positive[i], 700, NULL);
  }
  g_object_get (f->element, "idle-timeout", &value, NULL);
  g_assert_cmpuint (value, ==, 700);
}

static void
test_garbage_strings (MhTestElement *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autofree char *long_text = g_strnfill (1 << 20, 'x');

  g_object_set (f->element, "media-id", "", NULL);
  g_object_get (f->element, "media-id", &text, NULL);
  g_assert_null (text);
  g_object_set (f->element, "media-id", "\xff\xfe ok \xc3", NULL);
  g_object_get (f->element, "media-id", &text, NULL);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, " ok "));
  g_object_set (f->element, "media-name", long_text, "channel", "\x80",
      "player-name", "\n\t\"\\", "content-type", "", NULL);
}

/* ---- what it says ---- */

/* Waits for a warning with @text. */
static char *
wait_warning (MhTestElement *f, const char *text)
{
  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_WARNING);
    g_autoptr (GError) error = NULL;

    if (!message)
      g_error ("no warning of %s", text);
    gst_message_parse_warning (message, &error, NULL);
    if (strstr (error->message, text))
      return g_strdup (error->message);
  }
}

static void
test_bad_servers (MhTestElement *f, gconstpointer data)
{
  static const char *const servers[] = { "nonsense", "ftp://a.example",
    "http://a.example", "https://", "https://a.example?q", "http:///x",
    "https://a.example#f", "::::", "https://[bad", "file:///etc/passwd" };

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autofree char *warning = NULL;

    g_test_message ("%s", servers[i]);
    g_object_set (f->element, "collection-server", servers[i], NULL);
    gst_element_set_state (f->element, GST_STATE_READY);
    warning = wait_warning (f, "collection-server");
    g_assert_nonnull (strstr (warning, servers[i]));
    g_assert_nonnull (strstr (warning, "nothing is sent"));
    gst_element_set_state (f->element, GST_STATE_NULL);
  }
}

/* What holds a password is not repeated. */
static void
test_secret_server (MhTestElement *f, gconstpointer data)
{
  g_autofree char *warning = NULL;

  g_object_set (
      f->element, "collection-server", "https://user:secret@a.example", NULL);
  gst_element_set_state (f->element, GST_STATE_READY);
  warning = wait_warning (f, "collection-server");
  g_assert_null (strstr (warning, "secret"));
}

/* An entry that is none is named, the others count, and none is told. */
static void
test_customer_ids (MhTestElement *f, gconstpointer data)
{
  g_autoptr (GstStructure)
      ids = gst_structure_new ("ids", "crm", G_TYPE_STRING, "secret,1", "shop",
          G_TYPE_STRING, "secret", "forum", G_TYPE_INT, 7, NULL);
  g_autofree char *shop = NULL, *forum = NULL;

  g_object_set (f->element, "customer-ids", ids, NULL);
  gst_element_set_state (f->element, GST_STATE_READY);
  shop = wait_warning (f, "customer-ids: “shop” is not");
  forum = wait_warning (f, "customer-ids: “forum” is not");
  g_assert_null (strstr (shop, "secret"));
  g_assert_null (gst_bus_pop_filtered (f->bus, GST_MESSAGE_WARNING));
}

/* Waits for the message of a hit. */
static GstStructure *
wait_hit (MhTestElement *f, const char *event)
{
  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_ELEMENT);
    const GstStructure *structure;

    if (!message)
      g_error ("no hit %s", event);
    structure = gst_message_get_structure (message);
    g_assert_true (gst_structure_has_name (structure, "media-heartbeat"));
    if (g_strcmp0 (gst_structure_get_string (structure, "event"), event) == 0)
      return gst_structure_copy (structure);
  }
}

static gboolean
track (MhTestElement *f, const char *name, const char *details)
{
  g_autoptr (GstStructure) structure = NULL;
  gboolean accepted;

  if (details) {
    structure = gst_structure_from_string (details, NULL);
    g_assert_nonnull (structure);
  }
  g_signal_emit_by_name (f->element, "track", name, structure, &accepted);
  return accepted;
}

static gboolean
track_start (MhTestElement *f)
{
  g_autoptr (GstStructure)
      media = gst_structure_new ("media", "id", G_TYPE_STRING, "one", "name",
          G_TYPE_STRING, "One", "length", G_TYPE_INT, 60, "streamType",
          G_TYPE_STRING, "vod", "mediaType", G_TYPE_STRING, "video", NULL);
  g_autoptr (GstStructure) details = gst_structure_new (
      "details", "media", GST_TYPE_STRUCTURE, media, NULL);
  gboolean accepted;

  gst_structure_set (media, "prerollWaitingTime", G_TYPE_INT, 0, NULL);
  gst_structure_set (details, "media", GST_TYPE_STRUCTURE, media, NULL);
  g_signal_emit_by_name (
      f->element, "track", "sessionStart", details, &accepted);
  return accepted;
}

/* Why nothing is sent is in the statistics, too. */
static void
test_last_error (MhTestElement *f, gconstpointer data)
{
  static const struct
  {
    const char *property, *value, *told;
  } rows[] = {
    { "collection-server", "ftp://a.example", "collection-server" },
    { "authorization", "Bearer\nx", "authorization" },
  };

  gst_util_set_object_arg (G_OBJECT (f->element), "protocol", "events");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GstStructure) stats = NULL;
    const char *error;

    g_object_set (f->element, "collection-server", "https://a.example", NULL);
    g_object_set (f->element, rows[i].property, rows[i].value, NULL);
    gst_element_set_state (f->element, GST_STATE_READY);
    g_assert_true (track_start (f));
    g_object_get (f->element, "stats", &stats, NULL);
    error = gst_structure_get_string (stats, "last-error");
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error, rows[i].told));
    g_assert_nonnull (strstr (error, "nothing is sent"));
    g_assert_true (track (f, "sessionEnd", NULL));
    gst_element_set_state (f->element, GST_STATE_NULL);
  }
}

static guint64
get_stat (MhTestElement *f, const char *name)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = 0;

  g_object_get (f->element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, name, &value));
  return value;
}

static void
test_messages (MhTestElement *f, gconstpointer data)
{
  g_autoptr (GstStructure) start = NULL;
  g_autoptr (GstStructure) play = NULL;
  guint64 first, second;
  guint session;
  double playhead;

  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_true (track_start (f));
  g_assert_true (track (f, "play", NULL));
  start = wait_hit (f, "sessionStart");
  play = wait_hit (f, "play");
  g_assert_true (
      gst_structure_get (start, "session", G_TYPE_UINT, &session, "playhead",
          G_TYPE_DOUBLE, &playhead, "timestamp", G_TYPE_UINT64, &first, NULL));
  g_assert_cmpuint (session, ==, 0);
  g_assert_cmpfloat (playhead, ==, 0);
  g_assert_true (
      gst_structure_has_field_typed (start, "params", GST_TYPE_STRUCTURE));
  g_assert_true (gst_structure_get_uint64 (play, "timestamp", &second));
  g_assert_cmpuint (first, <, second);
  g_assert_cmpuint (get_stat (f, "sessions"), ==, 1);
  g_assert_cmpuint (get_stat (f, "hits"), ==, 2);
  /* Nothing to deliver to. */
  g_assert_cmpuint (get_stat (f, "queued"), ==, 0);
  g_assert_true (track (f, "sessionEnd", NULL));
  gst_structure_free (wait_hit (f, "sessionEnd"));
}

static GstBusSyncReply
on_sync_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  MhTestElement *f = user_data;
  const GstStructure *hit = gst_message_get_structure (message);
  gint64 until = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  if (!gst_message_has_name (message, "media-heartbeat") ||
      g_strcmp0 (gst_structure_get_string (hit, "event"), "sessionStart") != 0)
    return GST_BUS_PASS;
  while (get_stat (f, "hits") < 3) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_thread_yield ();
  }
  return GST_BUS_PASS;
}

/* A handler of the application's may take its time: tracking goes on, as it is
 * not the worker that calls it. */
static void
test_slow_handler (MhTestElement *f, gconstpointer data)
{
  gst_bus_set_sync_handler (f->bus, on_sync_message, f, NULL);
  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_true (track_start (f));
  g_assert_true (track (f, "play", NULL));
  g_assert_true (track (f, "pause", NULL));
  gst_structure_free (wait_hit (f, "pauseStart"));
  gst_bus_set_sync_handler (f->bus, NULL, NULL, NULL);
}

static void
test_no_messages (MhTestElement *f, gconstpointer data)
{
  g_object_set (f->element, "post-messages", FALSE, NULL);
  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_true (track_start (f));
  g_assert_true (track (f, "sessionEnd", NULL));
  gst_element_set_state (f->element, GST_STATE_NULL);
  g_assert_null (gst_bus_pop_filtered (f->bus, GST_MESSAGE_ELEMENT));
  g_assert_cmpuint (get_stat (f, "hits"), ==, 2);
}

static void
test_refused_calls (MhTestElement *f, gconstpointer data)
{
  g_autofree char *warning = NULL;

  g_assert_false (track (f, "play", NULL)); /* in NULL */
  warning = wait_warning (f, "play is refused");
  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_false (track (f, "play", NULL));
  g_free (wait_warning (f, "play is refused"));
  g_assert_false (track (f, "nonsense", NULL));
  g_free (wait_warning (f, "nonsense is refused"));
  g_assert_false (track (f, "play", "details, what=(int)1;"));
  g_assert_false (track (f, "sessionStart", "details, id=(int)1;"));
  g_assert_false (track (f, "sessionStart", "details, x=(fraction)1/2;"));
  g_free (wait_warning (f, "sessionStart is refused"));
}

static void
test_privacy (MhTestElement *f, gconstpointer data)
{
  gst_util_set_object_arg (G_OBJECT (f->element), "privacy", "opt-out");
  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_false (track_start (f));
  g_free (wait_warning (f, "privacy is opt-out"));
  g_assert_cmpuint (get_stat (f, "hits"), ==, 0);
}

/* ---- threads ---- */

#define N_THREADS 6
#define N_CALLS 200

static gpointer
track_many (gpointer data)
{
  MhTestElement *f = data;

  for (guint i = 0; i < N_CALLS; i++) {
    g_assert_true (track (f, i % 2 ? "pause" : "play", NULL));
    track (f, "qoe", "details, bitrate=(int)1000;");
    if (i % 20 == 0)
      get_stat (f, "hits");
  }
  return NULL;
}

static void
test_track_threads (MhTestElement *f, gconstpointer data)
{
  GThread *threads[N_THREADS];
  guint64 last = 0, ts;

  gst_element_set_state (f->element, GST_STATE_READY);
  g_assert_true (track_start (f));
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, track_many, f);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (track (f, "sessionEnd", NULL));
  gst_element_set_state (f->element, GST_STATE_NULL);
  /* Every hit told, in order. */
  for (guint64 n = get_stat (f, "hits"); n > 0; n--) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_ELEMENT);

    g_assert_nonnull (message);
    g_assert_true (gst_structure_get_uint64 (
        gst_message_get_structure (message), "timestamp", &ts));
    g_assert_cmpuint (ts, >, last);
    last = ts;
  }
}

static gpointer
set_many (gpointer data)
{
  MhTestElement *f = data;

  for (guint i = 0; i < 300; i++) {
    g_autofree char *id = NULL;
    g_autoptr (GstStructure) metadata = gst_structure_new (
        "metadata", "n", G_TYPE_INT, (int) i, NULL);

    g_object_set (f->element, "media-id", i % 2 ? "a" : "b", "metadata",
        metadata, "ping-interval", 1 + i, NULL);
    g_object_get (f->element, "media-id", &id, NULL);
    g_assert_true (g_str_equal (id, "a") || g_str_equal (id, "b"));
  }
  return NULL;
}

static void
test_set_threads (MhTestElement *f, gconstpointer data)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, set_many, f);
  for (guint i = 0; i < 50; i++) {
    gst_element_set_state (f->element, GST_STATE_PLAYING);
    gst_element_set_state (f->element, GST_STATE_NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* ---- states ---- */

static void
test_up_and_down (MhTestElement *f, gconstpointer data)
{
  static const GstState states[] = { GST_STATE_PLAYING, GST_STATE_READY,
    GST_STATE_PAUSED, GST_STATE_NULL };

  for (guint i = 0; i < 200; i++) {
    for (guint s = 0; s < G_N_ELEMENTS (states); s++)
      g_assert_cmpint (gst_element_set_state (f->element, states[s]), !=,
          GST_STATE_CHANGE_FAILURE);
  }
}

/* Which GStreamer would lose where an element goes that is not in NULL. */
static void
remove_pads (GstElement *element, GstPad *pads[2])
{
  static const char *const names[] = { "sink", "src" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    pads[i] = gst_element_get_static_pad (element, names[i]);
    gst_element_remove_pad (element, pads[i]);
  }
}

static void
on_freed (gpointer data, GObject *object)
{
  g_atomic_int_set ((int *) data, TRUE);
}

/* GStreamer wants elements in NULL when they go, and says so where they are
 * not. */
static void
test_freed (gconstpointer data)
{
  GstState state = (GstState) GPOINTER_TO_INT (data);
  GstElement *element = gst_object_ref_sink (
      gst_element_factory_make ("mediaheartbeat", NULL));
  GstPad *pads[2];
  int freed = FALSE;

  g_object_weak_ref (G_OBJECT (element), on_freed, &freed);
  g_object_set (element, "flush-timeout", 0, NULL);
  gst_element_set_state (element, state);
  remove_pads (element, pads);
  if (state > GST_STATE_NULL)
    g_test_expect_message (
        "GStreamer", G_LOG_LEVEL_CRITICAL, "*Trying to dispose*");
  gst_object_unref (element);
  /* Somebody may be on the way with its news, or ask its pads, and be the last
   * to hold it. */
  while (!g_atomic_int_get (&freed))
    g_thread_yield ();
  for (guint i = 0; i < G_N_ELEMENTS (pads); i++)
    gst_object_unref (pads[i]);
  g_test_assert_expected_messages ();
}

#define TEST(name, function) \
  g_test_add ("/interface/" name, MhTestElement, NULL, mh_test_element_set_up, \
      function, mh_test_element_tear_down)

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  TEST ("properties/defaults", test_defaults);
  TEST ("properties/settable", test_settable);
  TEST ("properties/write-only", test_write_only);
  TEST ("properties/ranges", test_ranges);
  TEST ("properties/garbage", test_garbage_strings);
  TEST ("properties/servers", test_bad_servers);
  TEST ("properties/secret", test_secret_server);
  TEST ("properties/privacy", test_privacy);
  TEST ("properties/last-error", test_last_error);
  TEST ("properties/customer-ids", test_customer_ids);
  TEST ("properties/threads", test_set_threads);
  TEST ("messages", test_messages);
  TEST ("messages/slow-handler", test_slow_handler);
  TEST ("messages/none", test_no_messages);
  TEST ("track/refused", test_refused_calls);
  TEST ("track/threads", test_track_threads);
  TEST ("states/up-and-down", test_up_and_down);
  g_test_add_data_func (
      "/interface/freed/null", GINT_TO_POINTER (GST_STATE_NULL), test_freed);
  g_test_add_data_func (
      "/interface/freed/ready", GINT_TO_POINTER (GST_STATE_READY), test_freed);
  g_test_add_data_func ("/interface/freed/paused",
      GINT_TO_POINTER (GST_STATE_PAUSED), test_freed);
  g_test_add_data_func ("/interface/freed/playing",
      GINT_TO_POINTER (GST_STATE_PLAYING), test_freed);
  return g_test_run ();
}
