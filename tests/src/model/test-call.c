/* Tests of mh-call: calls from their names and details, copies, checks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-call.h"

#include <math.h>

static GVariant *
details_new (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *details = g_variant_parse (
      G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return details;
}

static MhCall *
parse (const char *name, const char *text)
{
  g_autoptr (GVariant) details = text ? details_new (text) : NULL;
  g_autoptr (GError) error = NULL;
  MhCall *call = mh_call_parse (name, details, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mh_call_name (call->type), ==, name);
  return call;
}

static void
names (void)
{
  g_assert_cmpstr (mh_call_name (MH_CALL_SESSION_START), ==, "sessionStart");
  g_assert_cmpstr (mh_call_name (MH_CALL_ADVANCE), ==, "advance");
  for (guint i = 0; i < MH_N_CALLS; i++) {
    g_autoptr (MhCall) call = parse (mh_call_name (i), NULL);
    g_autoptr (MhCall) same = parse (mh_call_name (i), "{}");

    g_assert_cmpint (call->type, ==, i);
    g_assert_cmpint (same->type, ==, i);
  }
  mh_call_free (NULL);
}

/* Without arguments, a call that needs them is invalid. */
static void
missing_arguments (void)
{
  static const MhCallType need_some[] = { MH_CALL_SESSION_START, MH_CALL_ERROR,
    MH_CALL_AD_BREAK_START, MH_CALL_AD_START, MH_CALL_CHAPTER_START,
    MH_CALL_STATE_START, MH_CALL_STATE_END, MH_CALL_PLAYHEAD };

  for (guint i = 0; i < MH_N_CALLS; i++) {
    g_autoptr (MhCall) call = parse (mh_call_name (i), NULL);
    g_autoptr (GError) error = NULL;
    gboolean needs = FALSE;

    for (guint j = 0; j < G_N_ELEMENTS (need_some); j++)
      needs |= need_some[j] == (MhCallType) i;
    g_assert_true (mh_call_check (call, &error) == !needs);
    if (needs)
      g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  }
}

static void
session_start (void)
{
  g_autoptr (MhCall) call = parse ("sessionStart",
      "{'media': <{'id': <'i'>, 'name': <'n'>, 'length': <60.5>, "
      "'streamType': <'vod'>, 'mediaType': <'video'>, 'resumed': <true>, "
      "'prerollWaitingTime': <100>, 'granularAdTracking': <true>}>, "
      "'metadata': <{'k': 'v'}>, 'downloaded': <true>}");
  const MhMedia *media = call->media;
  const char *value = NULL;

  g_assert_cmpstr (media->id, ==, "i");
  g_assert_cmpstr (media->name, ==, "n");
  g_assert_cmpfloat (media->length, ==, 60.5);
  g_assert_cmpstr (media->stream_type, ==, "vod");
  g_assert_cmpstr (media->media_type, ==, "video");
  g_assert_cmpfloat (media->preroll_wait, ==, 100);
  g_assert_true (media->resumed && media->granular_ads && media->downloaded);
  g_assert_true (g_variant_lookup (media->metadata, "k", "&s", &value));
  g_assert_cmpstr (value, ==, "v");
  g_assert_true (mh_call_check (call, NULL));
}

static void
ads_and_chapters (void)
{
  g_autoptr (MhCall) ad_break = parse (
      "adBreakStart", "{'name': <'b'>, 'position': <2>, 'startTime': <1.5>}");
  g_autoptr (MhCall) ad = parse ("adStart",
      "{'id': <'i'>, 'name': <'a'>, 'position': <3>, 'length': <15>, "
      "'metadata': <{'k': <'v'>}>}");
  g_autoptr (MhCall) chapter = parse ("chapterStart",
      "{'name': <'c'>, 'position': <4>, 'length': <20>, 'startTime': <5>, "
      "'metadata': <{'k': 'v'}>}");

  g_assert_cmpstr (ad_break->ad_break->name, ==, "b");
  g_assert_cmpint (ad_break->ad_break->position, ==, 2);
  g_assert_cmpfloat (ad_break->ad_break->start_time, ==, 1.5);
  g_assert_cmpstr (ad->ad->id, ==, "i");
  g_assert_cmpstr (ad->ad->name, ==, "a");
  g_assert_cmpint (ad->ad->position, ==, 3);
  g_assert_cmpfloat (ad->ad->length, ==, 15);
  g_assert_cmpstr (g_variant_get_type_string (ad->ad->metadata), ==, "a{ss}");
  g_assert_cmpstr (chapter->chapter->name, ==, "c");
  g_assert_cmpint (chapter->chapter->position, ==, 4);
  g_assert_cmpfloat (chapter->chapter->length, ==, 20);
  g_assert_cmpfloat (chapter->chapter->start_time, ==, 5);
  g_assert_nonnull (chapter->chapter->metadata);
}

static void
qoe_text_playhead (void)
{
  g_autoptr (MhCall) qoe = parse ("qoe",
      "{'bitrate': <1>, 'startupTime': <2>, 'fps': <3.5>, "
      "'droppedFrames': <4>}");
  g_autoptr (MhCall) unknown = parse ("qoe", "{'fps': <25>}");
  g_autoptr (MhCall) problem = parse ("error", "{'id': <'e'>}");
  g_autoptr (MhCall) state = parse ("stateStart", "{'name': <'mute'>}");
  g_autoptr (MhCall)
      playhead = parse ("playhead", "{'value': <-1.5>, 'rate': <2>}");

  g_assert_cmpfloat (qoe->qoe.bitrate, ==, 1);
  g_assert_cmpfloat (qoe->qoe.startup_time, ==, 2);
  g_assert_cmpfloat (qoe->qoe.fps, ==, 3.5);
  g_assert_cmpfloat (qoe->qoe.dropped_frames, ==, 4);
  g_assert_true (isnan (unknown->qoe.bitrate));
  g_assert_true (isnan (unknown->qoe.startup_time));
  g_assert_true (isnan (unknown->qoe.dropped_frames));
  g_assert_cmpfloat (unknown->qoe.fps, ==, 25);
  g_assert_cmpstr (problem->text, ==, "e");
  g_assert_cmpstr (state->text, ==, "mute");
  g_assert_cmpfloat (playhead->playhead.value, ==, -1.5);
  g_assert_cmpfloat (playhead->playhead.rate, ==, 2);
}

/* Numbers may be of any type. */
static void
number_types (void)
{
  static const char *const numbers[] = { "7.0", "int64 7", "uint64 7", "7",
    "uint32 7", "int16 7", "uint16 7", "byte 7" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *text = g_strdup_printf (
        "{'position': <%s>, 'startTime': <%s>, 'name': <'b'>}", numbers[i],
        numbers[i]);
    g_autoptr (MhCall) call = parse ("adBreakStart", text);

    g_assert_cmpint (call->ad_break->position, ==, 7);
    g_assert_cmpfloat (call->ad_break->start_time, ==, 7);
  }
}

static void
malformed (void)
{
  static const struct
  {
    const char *name;
    const char *details;
    const char *message;
  } rows[] = {
    { "", NULL, "there is no call “”" },
    { "Play", NULL, "there is no call “Play”" },
    { "play", "{'x': <1>}", "play: play has no argument “x”" },
    { "sessionStart", "{'id': <'i'>}",
        "sessionStart: sessionStart has no argument “id”" },
    { "sessionStart", "{'media': <{'x': <1>}>}",
        "sessionStart: media has no argument “x”" },
    { "sessionStart", "{'media': <'i'>}",
        "sessionStart: media is a set of members, not 'i'" },
    { "sessionStart", "{'media': <{'id': <1>}>}",
        "sessionStart: id is a string, not 1" },
    { "sessionStart", "{'media': <{'id': <'i'>, 'length': <'1'>}>}",
        "sessionStart: length is a number, not '1'" },
    { "sessionStart", "{'downloaded': <1>}",
        "sessionStart: downloaded is a boolean, not 1" },
    { "sessionStart", "{'metadata': <'v'>}",
        "sessionStart: metadata is a set of names and strings, not 'v'" },
    { "sessionStart", "{'metadata': <{'j': <'v'>, 'k': <1>}>}",
        "sessionStart: metadata: k is a string, not 1" },
    { "adStart", "{'metadata': <{'k': 'v'}>, 'position': <1.5>}",
        "adStart: position is a whole number, not 1.5" },
    { "adStart", "{'position': <nan>}",
        "adStart: position is a whole number, not nan" },
    { "adStart", "{'position': <inf>}",
        "adStart: position is a whole number, not inf" },
    { "adStart", "{'position': <1e17>}",
        "adStart: position is a whole number, not 1e+17" },
    { "adStart", "{'position': <true>}",
        "adStart: position is a whole number, not true" },
    { "playhead", "{'value': <true>, 'rate': <1>}",
        "playhead: value is a number, not true" },
    { "error", "{'id': <'e'>, 'name': <'n'>}",
        "error: error has no argument “name”" },
    { "error", "{'id': <'e'>, 'source': <1>}",
        "error: source is a string, not 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GVariant)
        details = rows[i].details ? details_new (rows[i].details) : NULL;
    g_autoptr (GError) error = NULL;

    g_assert_null (mh_call_parse (rows[i].name, details, &error));
    g_assert_error (error, MH_ERROR, MH_ERROR_MALFORMED);
    g_assert_cmpstr (error->message, ==, rows[i].message);
    g_assert_null (mh_call_parse (rows[i].name, details, NULL));
  }
}

/* An argument that is given twice: the last one counts, none is lost. */
static void
repeated_arguments (void)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) details = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MhCall) call = NULL;
  const char *value = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < 2; i++) {
    const char *text = i == 0 ? "first" : "second";

    g_variant_builder_add (&builder, "{sv}", "id", g_variant_new_string (text));
    g_variant_builder_add (
        &builder, "{sv}", "metadata", g_variant_new_parsed ("{'k': %s}", text));
  }
  details = g_variant_ref_sink (g_variant_builder_end (&builder));
  call = mh_call_parse ("adStart", details, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (call->ad->id, ==, "second");
  g_assert_true (g_variant_lookup (call->ad->metadata, "k", "&s", &value));
  g_assert_cmpstr (value, ==, "second");
}

/* Who noticed an error: one of two, or not said. */
static void
error_source (void)
{
  static const struct
  {
    const char *details;
    const char *source;
    const char *reason;
  } rows[] = {
    { "{'id': <'e'>}", NULL, NULL },
    { "{'id': <'e'>, 'source': <'player'>}", "player", NULL },
    { "{'id': <'e'>, 'source': <'external'>}", "external", NULL },
    { "{'id': <'e'>, 'source': <'Player'>}", "Player",
        "source is neither player nor external, but “Player”" },
    { "{'id': <'e'>, 'source': <''>}", "",
        "source is neither player nor external, but “”" },
    { "{'id': <''>, 'source': <'player'>}", "player",
        "id is missing or empty" },
    { "{'source': <'external'>}", "external", "id is missing or empty" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    MhCall *call = parse ("error", rows[i].details);
    g_autoptr (MhCall) copy = mh_call_copy (call);
    g_autoptr (GError) error = NULL;

    mh_call_free (call);
    g_assert_cmpstr (copy->source, ==, rows[i].source);
    g_assert_true (mh_call_check (copy, &error) == !rows[i].reason);
    if (rows[i].reason) {
      g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
      g_assert_cmpstr (error->message, ==, rows[i].reason);
    }
  }
}

/* Each differs from each other in one thing. */
static void
equal (void)
{
#define MEMBERS \
  "'id': <'i'>, 'name': <'n'>, 'length': <1>, 'streamType': <'vod'>, " \
  "'mediaType': <'audio'>"
#define AD "'id': <'i'>, 'name': <'n'>, 'position': <1>, 'length': <15>"
  static const struct
  {
    const char *name;
    const char *details;
  } rows[] = {
    { "sessionStart", "{'media': <{" MEMBERS "}>}" },
    { "sessionStart", "{'media': <{" MEMBERS ", 'resumed': <true>}>}" },
    { "sessionStart", "{'media': <{" MEMBERS "}>, 'downloaded': <true>}" },
    { "adStart", "{" AD "}" },
    { "adStart", "{" AD ", 'metadata': <{'k': 'v'}>}" },
    { "adStart", "{" AD ", 'metadata': <{'k': 'w'}>}" },
    { "adStart", "{'id': <'i'>, 'name': <'n'>, 'position': <1>}" },
    { "adStart", "{'id': <'i'>, 'name': <'n'>, 'position': <2>}" },
    { "adBreakStart", "{'name': <'n'>, 'position': <1>}" },
    { "adBreakStart", "{'name': <'n'>, 'position': <1>, 'startTime': <2>}" },
    { "chapterStart", "{'name': <'n'>, 'position': <1>}" },
    { "chapterStart", "{'name': <'m'>, 'position': <1>}" },
    { "error", "{'id': <'e'>}" },
    { "error", "{'id': <'e'>, 'source': <'external'>}" },
    { "stateStart", "{'name': <'mute'>}" },
    { "stateEnd", "{'name': <'mute'>}" },
    { "stateEnd", "{'name': <'fullScreen'>}" },
    { "qoe", "{'bitrate': <1>}" },
    { "qoe", "{'bitrate': <2>}" },
    { "adComplete", "{}" },
    { "adSkip", "{}" },
  };
#undef MEMBERS
#undef AD

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MhCall) one = parse (rows[i].name, rows[i].details);

    for (guint j = 0; j < G_N_ELEMENTS (rows); j++) {
      g_autoptr (MhCall) other = parse (rows[j].name, rows[j].details);

      g_assert_true (mh_call_equal (one, other) == (i == j));
    }
  }
}

static void
check_numbers (void)
{
  static const struct
  {
    double value;
    double rate;
    gboolean valid;
  } rows[] = {
    { 0, 0, TRUE },
    { -1, -1, TRUE },
    { NAN, 1, FALSE },
    { 1, NAN, FALSE },
    { INFINITY, 1, FALSE },
    { 1, -INFINITY, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const MhCall call = { .type = MH_CALL_PLAYHEAD,
      .playhead = { rows[i].value, rows[i].rate } };

    g_assert_true (mh_call_check (&call, NULL) == rows[i].valid);
  }
}

/* A copy lives on without its original. */
static void
copies (void)
{
  for (guint i = 0; i < MH_N_CALLS; i++) {
    MhCall *call = parse (mh_call_name (i), NULL);
    g_autoptr (MhCall) copy = mh_call_copy (call);

    mh_call_free (call);
    g_assert_cmpint (copy->type, ==, i);
  }
  {
    MhCall *call = parse ("stateStart", "{'name': <'mute'>}");
    g_autoptr (MhCall) copy = mh_call_copy (call);
    g_auto (MhCall) on_stack = { .type = MH_CALL_STATE_START,
      .text = g_strdup (call->text) };

    mh_call_free (call);
    g_assert_cmpstr (copy->text, ==, "mute");
    g_assert_cmpstr (on_stack.text, ==, "mute");
  }
}

static void
list (void)
{
  g_auto (GStrv) texts = mh_call_list ();

  g_assert_cmpuint (g_strv_length (texts), ==, MH_N_CALLS);
  g_assert_cmpstr (texts[MH_CALL_PLAY], ==, "play ()");
  g_assert_cmpstr (texts[MH_CALL_STATE_START], ==, "stateStart (name: string)");
  g_assert_cmpstr (texts[MH_CALL_AD_START], ==,
      "adStart (id: string, name: string, position: integer, length: number, "
      "metadata: metadata)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/names", names);
  g_test_add_func ("/call/missing-arguments", missing_arguments);
  g_test_add_func ("/call/session-start", session_start);
  g_test_add_func ("/call/ads-and-chapters", ads_and_chapters);
  g_test_add_func ("/call/qoe-text-playhead", qoe_text_playhead);
  g_test_add_func ("/call/number-types", number_types);
  g_test_add_func ("/call/malformed", malformed);
  g_test_add_func ("/call/repeated-arguments", repeated_arguments);
  g_test_add_func ("/call/error-source", error_source);
  g_test_add_func ("/call/equal", equal);
  g_test_add_func ("/call/check-numbers", check_numbers);
  g_test_add_func ("/call/copies", copies);
  g_test_add_func ("/call/list", list);
  return g_test_run ();
}
