/* Tests of the signal `track`: every call with every argument, what is refused
 * and how that is told, and calls of several threads at once.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>

#include <stdio.h>
#include <string.h>

#include "mh-call.h"
#include "mh-enums.h"
#include "mh-test-element.h"

#define PATIENCE (60 * GST_SECOND)

#define MEDIA(more) \
  "media=(structure)[media, id=(string)i, name=(string)n, length=60.5, " \
  "streamType=(string)vod, mediaType=(string)video, " \
  "prerollWaitingTime=0" more "]"
#define START "details, " MEDIA ("")

static void
set_up (MhTestElement *f, gconstpointer data)
{
  mh_test_element_set_up (f, data);
  gst_element_set_state (f->element, GST_STATE_READY);
}

static gboolean
track (MhTestElement *f, const char *name, const GstStructure *details)
{
  gboolean accepted;

  g_signal_emit_by_name (f->element, "track", name, details, &accepted);
  return accepted;
}

static gboolean
track_text (MhTestElement *f, const char *name, const char *text)
{
  g_autoptr (GstStructure)
      details = text ? gst_structure_from_string (text, NULL) : NULL;

  g_assert_true (!text || details);
  return track (f, name, details);
}

/* ---- every call ---- */

/* Waits for the message of a hit. */
static GstStructure *
wait_hit (MhTestElement *f, const char *event)
{
  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_ELEMENT);
    const GstStructure *hit;

    if (!message)
      g_error ("no hit %s", event);
    hit = gst_message_get_structure (message);
    if (g_strcmp0 (gst_structure_get_string (hit, "event"), event) == 0)
      return gst_structure_copy (hit);
  }
}

/* @text: as a structure, named like the field of @hit that must have all of
 * its fields. */
static void
assert_has (const GstStructure *hit, const char *text)
{
  g_autoptr (GstStructure) wanted = gst_structure_from_string (text, NULL);
  const GValue *value = gst_structure_get_value (
      hit, gst_structure_get_name (wanted));
  g_autofree char *got = gst_structure_to_string (hit);

  g_test_message ("%s in %s", text, got);
  g_assert_true (value && GST_VALUE_HOLDS_STRUCTURE (value));
  g_assert_true (
      gst_structure_is_subset (gst_value_get_structure (value), wanted));
}

/* One session and the beginning of another, with every call and argument. */
static const struct
{
  const char *name;
  const char *details;
  const char *event; /* the hit that comes of it, or NULL */
  const char *wanted[2]; /* what that must hold */
} calls[] = {
  { "sessionStart",
      "details, " MEDIA (
          ", resumed=true, granularAdTracking=true") ", "
                                                     "metadata=(structure)[metadata, a.media.show=(string)s, "
                                                     "own=(string)o], downloaded=true",
      "sessionStart",
      { "params, media.id=(string)i, media.name=(string)n, media.length=60.5, "
        "media.contentType=(string)vod, media.streamType=(string)video, "
        "media.resume=true, media.downloaded=true, media.show=(string)s",
          "custom-metadata, own=(string)o" } },
  { "play", NULL, "play" },
  { "pause", NULL, "pauseStart" },
  { "bufferStart", NULL, "bufferStart" },
  { "bufferComplete", NULL, "pauseStart" },
  { "play", "details", "play" },
  { "seekStart", NULL, "pauseStart" },
  { "seekComplete", NULL, "play" },
  { "stallStart", NULL, NULL },
  { "stallComplete", NULL, NULL },
  { "qoe",
      "details, bitrate=1000, startupTime=20, fps=25.0, "
      "droppedFrames=3",
      NULL },
  { "bitrateChange", NULL, "bitrateChange",
      { "qoe-data, media.qoe.bitrate=(gint64)1000, "
        "media.qoe.timeToStart=(gint64)20, "
        "media.qoe.framesPerSecond=(gint64)25, "
        "media.qoe.droppedFrames=(gint64)3" } },
  { "error", "details, id=(string)e1", "error",
      { "qoe-data, media.qoe.errorID=(string)e1, "
        "media.qoe.errorSource=(string)player" } },
  { "error", "details, id=(string)e2, source=(string)external", "error",
      { "qoe-data, media.qoe.errorID=(string)e2, "
        "media.qoe.errorSource=(string)external" } },
  { "adBreakStart", "details, name=(string)b, position=2, startTime=1.5",
      "adBreakStart",
      { "params, media.ad.podFriendlyName=(string)b, "
        "media.ad.podIndex=(gint64)2, media.ad.podSecond=1.5" } },
  { "adStart",
      "details, id=(string)a1, name=(string)One, position=1, length=15, "
      "metadata=(structure)[metadata, "
      "a.media.ad.advertiser=(string)v, own=(string)o]",
      "adStart",
      { "params, media.ad.id=(string)a1, media.ad.name=(string)One, "
        "media.ad.podPosition=(gint64)1, media.ad.length=15.0, "
        "media.ad.advertiser=(string)v",
          "custom-metadata, own=(string)o" } },
  { "adComplete", NULL, "adComplete" },
  { "adStart",
      "details, id=(string)a2, name=(string)Two, position=2, length=1.5",
      "adStart" },
  { "adSkip", NULL, "adSkip" },
  { "adBreakComplete", NULL, "adBreakComplete" },
  { "chapterStart",
      "details, name=(string)c, position=3, length=20.0, "
      "startTime=5, metadata=(structure)[metadata, own=(string)o]",
      "chapterStart",
      { "params, media.chapter.friendlyName=(string)c, "
        "media.chapter.index=(gint64)3, media.chapter.length=20.0, "
        "media.chapter.offset=5.0",
          "custom-metadata, own=(string)o" } },
  { "chapterComplete", NULL, "chapterComplete" },
  { "chapterStart",
      "details, name=(string)d, position=4, length=1, startTime=0",
      "chapterStart" },
  { "chapterSkip", NULL, "chapterSkip" },
  { "stateStart", "details, name=(string)mute", "stateStart",
      { "params, media.state.name=(string)mute" } },
  { "stateEnd", "details, name=(string)mute", "stateEnd",
      { "params, media.state.name=(string)mute" } },
  { "playhead", "details, value=12.5, rate=1", NULL },
  { "advance", NULL, NULL },
  { "expire", NULL, "sessionStart", { "params, media.resume=true" } },
  { "sessionEnd", NULL, "sessionEnd" },
  { "sessionStart", START, "sessionStart", { "params, media.resume=false" } },
  { "complete", NULL, "sessionComplete" },
};

static void
test_every_call (MhTestElement *f, gconstpointer data)
{
  gboolean made[MH_N_CALLS] = { FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autoptr (GstStructure) hit = NULL;

    g_test_message ("%s", calls[i].name);
    g_assert_true (track_text (f, calls[i].name, calls[i].details));
    if (calls[i].event)
      hit = wait_hit (f, calls[i].event);
    for (guint w = 0; w < 2 && calls[i].wanted[w]; w++)
      assert_has (hit, calls[i].wanted[w]);
    for (guint type = 0; type < MH_N_CALLS; type++)
      made[type] |= g_str_equal (mh_call_name (type), calls[i].name);
  }
  for (guint type = 0; type < MH_N_CALLS; type++)
    g_assert_true (made[type]);
}

/* ---- refused ---- */

/* The warning that comes of a call, whole. */
static void
assert_refused (MhTestElement *f, const char *name, const GstStructure *details,
    const char *text)
{
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (track (f, name, details));
  message = gst_bus_timed_pop_filtered (f->bus, PATIENCE, GST_MESSAGE_WARNING);
  if (!message)
    g_error ("no warning: %s", text);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_cmpstr (error->message, ==, text);
}

static void
assert_refused_text (
    MhTestElement *f, const char *name, const char *details, const char *reason)
{
  g_autoptr (GstStructure) structure = NULL;
  g_autofree char *text = g_strdup_printf (
      "mediaheartbeat: %s is refused: %s", name, reason);

  if (details)
    structure = gst_structure_from_string (details, NULL);
  g_assert_true (!details || structure);
  assert_refused (f, name, structure, text);
}

/* What another type is called, and a value of one. */
static const struct
{
  char type;
  const char *wanted;
  const char *value;
  const char *printed;
} kinds[] = {
  { 's', "a string", "(int)1", "1" },
  { 'n', "a number", "(string)x", "'x'" },
  { 'i', "a whole number", "(double)1.5", "1.5" },
  { 'b', "a boolean", "(int)1", "1" },
  { 'm', "a set of names and strings", "(string)x", "'x'" },
  { 'M', "a set of members", "(string)x", "'x'" },
};

static const struct
{
  const char *call;
  const char *argument;
  char type;
  const char *misspelt;
} arguments[] = {
  { "sessionStart", "media", 'M', "Media" },
  { "sessionStart", "metadata", 'm', "meta-data" },
  { "sessionStart", "downloaded", 'b', "Downloaded" },
  { "error", "id", 's', "ID" },
  { "error", "source", 's', "error-source" },
  { "adBreakStart", "name", 's', "friendly_name" },
  { "adBreakStart", "position", 'i', "Position" },
  { "adBreakStart", "startTime", 'n', "start-time" },
  { "adStart", "id", 's', "ad-id" },
  { "adStart", "name", 's', "ad_name" },
  { "adStart", "position", 'i', "pod-position" },
  { "adStart", "length", 'n', "Length" },
  { "adStart", "metadata", 'm', "meta_data" },
  { "chapterStart", "name", 's', "Name" },
  { "chapterStart", "position", 'i', "index" },
  { "chapterStart", "length", 'n', "duration" },
  { "chapterStart", "startTime", 'n', "start_time" },
  { "chapterStart", "metadata", 'm', "metaData" },
  { "qoe", "bitrate", 'n', "bit-rate" },
  { "qoe", "startupTime", 'n', "startup-time" },
  { "qoe", "fps", 'n', "frames_per_second" },
  { "qoe", "droppedFrames", 'n', "dropped-frames" },
  { "stateStart", "name", 's', "state" },
  { "stateEnd", "name", 's', "state" },
  { "playhead", "value", 'n', "position" },
  { "playhead", "rate", 'n', "Rate" },
};

/* Of another type, and spelt in another way. */
static void
test_wrong_arguments (MhTestElement *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++) {
    const char *call = arguments[i].call;
    g_autofree char *misspelt = g_strdup_printf (
        "details, %s=(int)1", arguments[i].misspelt);
    g_autofree char *unknown = g_strdup_printf (
        "%s: %s has no argument “%s”", call, call, arguments[i].misspelt);
    g_autofree char *details = NULL, *reason = NULL;
    guint k = 0;

    while (kinds[k].type != arguments[i].type)
      k++;
    details = g_strdup_printf (
        "details, %s=%s", arguments[i].argument, kinds[k].value);
    reason = g_strdup_printf ("%s: %s is %s, not %s", call,
        arguments[i].argument, kinds[k].wanted, kinds[k].printed);
    assert_refused_text (f, call, details, reason);
    assert_refused_text (f, call, misspelt, unknown);
  }
}

/* There is a session, nothing is open in it, and it plays. */
static const struct
{
  const char *name;
  const char *details;
  const char *reason;
} refusals[] = {
  { "Play", NULL, "there is no call “Play”" },
  { "ad-start", NULL, "there is no call “ad-start”" },
  { "ad_start", NULL, "there is no call “ad_start”" },
  { "", NULL, "there is no call “”" },
  { "play", "details, x=(int)1", "play: play has no argument “x”" },
  { "sessionStart", START, "a session is open" },
  { "sessionStart", "details, media=(structure)[media, mediaId=(string)x]",
      "sessionStart: media has no argument “mediaId”" },
  { "sessionStart", "details, media=(structure)[media, length=(string)x]",
      "sessionStart: length is a number, not 'x'" },
  { "adBreakComplete", NULL, "no open ad break" },
  { "adStart", "details, id=(string)a, name=(string)a, position=1, length=1",
      "no open ad break" },
  { "adComplete", NULL, "no open ad" },
  { "adSkip", NULL, "no open ad" },
  { "adBreakStart", "details, position=1, startTime=0",
      "name is missing or empty" },
  { "adBreakStart", "details, name=(string)b, position=0, startTime=0",
      "position is missing or less than 1" },
  { "adBreakStart", "details, name=(string)b, position=1, startTime=-1",
      "startTime is missing or not a number of at least 0" },
  { "chapterStart", "details, name=(string)c, position=1, startTime=0",
      "length is missing or not a number of at least 0" },
  { "chapterStart",
      "details, metadata=(structure)[metadata, k=(int)1], name=(string)c",
      "chapterStart: metadata: k is a string, not 1" },
  { "chapterStart", "details, length=(fraction)1/2",
      "length is of type GstFraction, which no argument is" },
  { "chapterComplete", NULL, "no open chapter" },
  { "chapterSkip", NULL, "no open chapter" },
  { "bufferComplete", NULL, "not buffering" },
  { "seekComplete", NULL, "not seeking" },
  { "stallComplete", NULL, "not stalled" },
  { "qoe", "details, fps=-1", "fps is missing or not a number of at least 0" },
  { "error", NULL, "id is missing or empty" },
  { "error", "details, id=(string)e, source=(string)server",
      "source is neither player nor external, but “server”" },
  { "stateStart", NULL, "name is missing or empty" },
  { "stateEnd", "details, name=(string)mute", "that state is not on" },
};

static void
test_refusals (MhTestElement *f, gconstpointer data)
{
  assert_refused_text (f, "play", NULL, "no session");
  assert_refused_text (f, "sessionStart",
      "details, media=(structure)[media, id=(string)i]",
      "name is missing or empty");
  g_assert_true (track_text (f, "sessionStart", START));
  g_assert_true (track_text (f, "play", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    assert_refused_text (
        f, refusals[i].name, refusals[i].details, refusals[i].reason);
}

/* While calls are held back nobody knows yet: a warning says it later. */
static void
test_refused_later (MhTestElement *f, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (track_text (f, "sessionStart",
      "details, media=(structure)[media, id=(string)i, name=(string)n, "
      "length=60, streamType=(string)vod, mediaType=(string)video, "
      "prerollWaitingTime=60000]"));
  g_assert_true (track_text (f, "chapterComplete", NULL));
  g_assert_true (track_text (f, "sessionEnd", NULL));
  message = gst_bus_timed_pop_filtered (f->bus, PATIENCE, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_cmpstr (error->message, ==,
      "mediaheartbeat: chapterComplete is refused: no open chapter");
}

/* ---- threads ---- */

#define N_THREADS 8 /* 10 names of states a session */
#define N_ROUNDS 60

typedef struct
{
  MhTestElement *fixture;
  guint number;
} Caller;

/* Its own state goes on and off, and there is an error of its own. */
static gpointer
call_many (gpointer data)
{
  Caller *caller = data;
  g_autofree char *name = g_strdup_printf ("state%u", caller->number);
  g_autoptr (GstStructure)
      state = gst_structure_new ("details", "name", G_TYPE_STRING, name, NULL);

  for (guint i = 0; i < N_ROUNDS; i++) {
    g_autofree char *id = g_strdup_printf ("%u.%u", caller->number, i);
    g_autoptr (GstStructure) problem = gst_structure_new ("details", "id",
        G_TYPE_STRING, id, "source", G_TYPE_STRING, "external", NULL);

    g_assert_true (track (caller->fixture, "stateStart", state));
    g_assert_true (track (caller->fixture, "error", problem));
    g_assert_true (track (caller->fixture, "stateEnd", state));
    g_assert_false (track (caller->fixture, "stateEnd", state));
  }
  return NULL;
}

/* What is next of a thread, and whether that is it. */
static void
check_hit (const GstStructure *hit, guint *next)
{
  static const char *const events[] = { "stateStart", "error", "stateEnd" };
  const char *event = gst_structure_get_string (hit, "event");
  g_autoptr (GstStructure) inner = NULL;
  const char *text;
  guint thread, round;

  gst_structure_get (hit, g_str_equal (event, "error") ? "qoe-data" : "params",
      GST_TYPE_STRUCTURE, &inner, NULL);
  if (g_str_equal (event, "error")) {
    text = gst_structure_get_string (inner, "media.qoe.errorID");
    g_assert_cmpint (sscanf (text, "%u.%u", &thread, &round), ==, 2);
    g_assert_cmpuint (round, ==, next[thread] / 3);
  } else {
    text = gst_structure_get_string (inner, "media.state.name");
    g_assert_cmpint (sscanf (text, "state%u", &thread), ==, 1);
  }
  g_assert_cmpuint (thread, <, N_THREADS);
  g_assert_cmpstr (event, ==, events[next[thread]++ % 3]);
}

static void
test_threads (MhTestElement *f, gconstpointer data)
{
  GThread *threads[N_THREADS];
  Caller callers[N_THREADS];
  guint next[N_THREADS] = { 0 };

  g_assert_true (track_text (f, "sessionStart", START));
  gst_structure_free (wait_hit (f, "sessionStart"));
  for (guint i = 0; i < N_THREADS; i++) {
    callers[i] = (Caller){ f, i };
    threads[i] = g_thread_new (NULL, call_many, &callers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_THREADS * N_ROUNDS * 3; i++) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_ELEMENT);

    g_assert_nonnull (message);
    check_hit (gst_message_get_structure (message), next);
  }
}

/* ---- calls of the element itself ---- */

static void
wait_playing (MhTestElement *f)
{
  int state = MH_PLAYBACK_INIT;

  while (state != MH_PLAYBACK_PLAYING) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
        f->bus, PATIENCE, GST_MESSAGE_PROPERTY_NOTIFY);

    g_assert_nonnull (message);
    g_object_get (f->element, "playback-state", &state, NULL);
  }
}

static guint64
count_refused (MhTestElement *f)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 refused = G_MAXUINT64;

  g_object_get (f->element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "refused", &refused));
  return refused;
}

/* The element sees that it plays, and the session is in an ad break without an
 * ad: its own `play` is refused there, and is no mistake of the application's. */
static void
test_refused_of_ours (void)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "fakesrc format=time datarate=1000 sizetype=fixed sizemax=10 do-timestamp=1 ! "
      "mediaheartbeat name=heartbeat preroll-wait=0 flush-timeout=0 ! "
      "fakesink sync=true",
      NULL);
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (pipeline), "heartbeat");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  MhTestElement f = { .element = element, .bus = bus };

  gst_element_add_property_notify_watch (element, "playback-state", FALSE);
  gst_element_set_state (pipeline, GST_STATE_READY);
  g_assert_true (track_text (&f, "sessionStart", START));
  g_assert_true (track_text (
      &f, "adBreakStart", "details, name=(string)b, position=1, startTime=0"));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_playing (&f);
  g_assert_cmpuint (count_refused (&f), ==, 0);
  g_assert_false (track_text (&f, "play", NULL));
  g_assert_cmpuint (count_refused (&f), ==, 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

#define TEST(name, function) \
  g_test_add ("/track/" name, MhTestElement, NULL, set_up, function, \
      mh_test_element_tear_down)

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  TEST ("every-call", test_every_call);
  TEST ("refused/arguments", test_wrong_arguments);
  TEST ("refused/reasons", test_refusals);
  TEST ("refused/later", test_refused_later);
  TEST ("threads", test_threads);
  g_test_add_func ("/track/refused/of-ours", test_refused_of_ours);
  return g_test_run ();
}
