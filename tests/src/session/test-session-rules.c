/* Tests of mh-session-calls: each row of the table of calls, accepted and
 * refused.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#define S SESSION_START
#define B AD_BREAK_START ("b")
#define A AD_START ("a")
#define C CHAPTER_START ("c")

/* One call after some others, which are made at 1, 2, 3 … ms; it is made at
 * 100 ms. Only the hits that it makes are compared. */
typedef struct
{
  const char *path;
  const char *setup[12];
  const char *call;
  const char *refusal; /* NULL: accepted */
  const char *hits[8];
} Row;

static const Row accepted_rows[] = {
  { "session-start", { NULL }, S, NULL, { "0 sessionStart@100" } },
  { "session-start/after-end", { S, "sessionEnd" }, S, NULL,
      { "1 sessionStart@100" } },
  { "session-start/audio", { NULL },
      "sessionStart {'media': <{'id': <'i'>, 'name': <'n'>, 'length': <0>, "
      "'streamType': <'aod'>, 'mediaType': <'audio'>}>}",
      NULL, { "0 sessionStart@100" } },
  { "play", { S }, "play", NULL, { "0 play@100" } },
  { "play/again", { S, "play" }, "play", NULL, { NULL } },
  { "play/clears-buffering", { S, "bufferStart" }, "play", NULL,
      { "0 play@100" } },
  { "play/clears-seeking", { S, "play", "seekStart" }, "play", NULL,
      { "0 play@100" } },
  { "play/in-an-ad", { S, B, A, "pause" }, "play", NULL, { "0 play@100" } },
  { "pause", { S, "play" }, "pause", NULL, { "0 pauseStart@100" } },
  { "pause/from-init", { S }, "pause", NULL, { "0 pauseStart@100" } },
  { "pause/in-an-ad", { S, B, A }, "pause", NULL, { "0 pauseStart@100" } },
  { "pause/while-stalled", { S, "play", "stallStart" }, "pause", NULL,
      { "0 pauseStart@100" } },
  { "buffer-start", { S, "play" }, "bufferStart", NULL,
      { "0 bufferStart@100" } },
  { "buffer-start/in-an-ad", { S, B, A }, "bufferStart", NULL,
      { "0 bufferStart@100" } },
  { "buffer-complete", { S, "play", "bufferStart" }, "bufferComplete", NULL,
      { "0 play@100" } },
  { "buffer-complete/in-pause", { S, "pause", "bufferStart" }, "bufferComplete",
      NULL, { "0 pauseStart@100" } },
  { "buffer-complete/from-init", { S, "bufferStart" }, "bufferComplete", NULL,
      { "0 pauseStart@100" } },
  { "seek-start", { S, "play" }, "seekStart", NULL, { "0 pauseStart@100" } },
  { "seek-start/in-pause", { S, "pause" }, "seekStart", NULL,
      { "0 pauseStart@100" } },
  { "seek-complete", { S, "play", "seekStart" }, "seekComplete", NULL,
      { "0 play@100" } },
  { "seek-complete/in-pause", { S, "pause", "seekStart" }, "seekComplete", NULL,
      { "0 pauseStart@100" } },
  { "seek-complete/from-init", { S, "seekStart" }, "seekComplete", NULL,
      { "0 pauseStart@100" } },
  { "stall-start", { S, "play" }, "stallStart", NULL, { NULL } },
  { "stall-start/between-ads", { S, B }, "stallStart", NULL, { NULL } },
  { "stall-complete", { S, "play", "stallStart" }, "stallComplete", NULL,
      { NULL } },
  { "complete", { S, "play" }, "complete", NULL, { "0 sessionComplete@100" } },
  { "complete/closes-what-is-open", { S, C, B, A }, "complete", NULL,
      { "0 adSkip@100", "0 adBreakComplete@100", "0 chapterSkip@100",
          "0 sessionComplete@100" } },
  { "complete/closes-an-empty-break", { S, B }, "complete", NULL,
      { "0 adBreakComplete@100", "0 sessionComplete@100" } },
  { "complete/closes-a-chapter", { S, C }, "complete", NULL,
      { "0 chapterSkip@100", "0 sessionComplete@100" } },
  { "session-end", { S }, "sessionEnd", NULL, { "0 sessionEnd@100" } },
  { "session-end/closes-what-is-open", { S, C, B, A }, "sessionEnd", NULL,
      { "0 adSkip@100", "0 adBreakComplete@100", "0 chapterSkip@100",
          "0 sessionEnd@100" } },
  { "session-end/leaves-states", { S, STATE_START ("s") }, "sessionEnd", NULL,
      { "0 sessionEnd@100" } },
  { "error", { S, "play" }, "error {'id': <'e'>}", NULL,
      { "0 error@100 qoe(errorID='e' errorSource='player')" } },
  { "ad-break-start", { S }, B, NULL, { "0 adBreakStart@100 b" } },
  { "ad-break-start/closes-the-open-one", { S, B, A }, AD_BREAK_START ("b2"),
      NULL,
      { "0 adSkip@100", "0 adBreakComplete@100", "0 adBreakStart@100 b2" } },
  { "ad-break-start/other-position", { S, B },
      "adBreakStart {'name': <'b'>, 'position': <2>, 'startTime': <0>}", NULL,
      { "0 adBreakComplete@100", "0 adBreakStart@100 b" } },
  { "ad-break-start/other-start-time", { S, B },
      "adBreakStart {'name': <'b'>, 'position': <1>, 'startTime': <1>}", NULL,
      { "0 adBreakComplete@100", "0 adBreakStart@100 b" } },
  { "ad-break-start/same-again-later", { S, B, "adBreakComplete" }, B, NULL,
      { "0 adBreakStart@100 b" } },
  { "ad-break-complete", { S, "play", B }, "adBreakComplete", NULL,
      { "0 adBreakComplete@100", "0 play@100" } },
  { "ad-break-complete/in-pause", { S, "pause", B }, "adBreakComplete", NULL,
      { "0 adBreakComplete@100", "0 pauseStart@100" } },
  { "ad-break-complete/skips-the-ad", { S, B, A }, "adBreakComplete", NULL,
      { "0 adSkip@100", "0 adBreakComplete@100", "0 play@100" } },
  { "ad-break-complete/from-init", { S, B }, "adBreakComplete", NULL,
      { "0 adBreakComplete@100", "0 ping@100" } },
  { "ad-start/plays-from-init", { S, B }, A, NULL,
      { "0 adStart@100 a", "0 play@100" } },
  { "ad-start/in-play", { S, "play", B }, A, NULL,
      { "0 adStart@100 a", "0 play@100" } },
  { "ad-start/in-pause", { S, "pause", B }, A, NULL,
      { "0 adStart@100 a", "0 pauseStart@100" } },
  { "ad-start/in-init-buffering", { S, "bufferStart", B }, A, NULL,
      { "0 adStart@100 a", "0 bufferStart@100" } },
  { "ad-start/in-init-seeking", { S, "seekStart", B }, A, NULL,
      { "0 adStart@100 a", "0 pauseStart@100" } },
  { "ad-start/leaves-init-buffering", { S, "bufferStart", B, A },
      "bufferComplete", NULL, { "0 pauseStart@100" } },
  { "ad-start/leaves-init-seeking", { S, "seekStart", B, A }, "seekComplete",
      NULL, { "0 pauseStart@100" } },
  { "ad-start/skips-the-open-one", { S, B, A }, AD_START ("a2"), NULL,
      { "0 adSkip@100", "0 adStart@100 a2", "0 play@100" } },
  { "ad-start/same-again-later", { S, B, A, "adComplete" }, A, NULL,
      { "0 adStart@100 a", "0 play@100" } },
  { "ad-complete", { S, B, A }, "adComplete", NULL, { "0 adComplete@100" } },
  { "ad-skip", { S, B, A }, "adSkip", NULL, { "0 adSkip@100" } },
  { "chapter-start", { S }, C, NULL, { "0 chapterStart@100 c" } },
  { "chapter-start/skips-the-open-one", { S, C }, CHAPTER_START ("c2"), NULL,
      { "0 chapterSkip@100", "0 chapterStart@100 c2" } },
  { "chapter-start/other-length", { S, C },
      "chapterStart {'name': <'c'>, 'position': <1>, 'length': <21>, "
      "'startTime': <0>}",
      NULL, { "0 chapterSkip@100", "0 chapterStart@100 c" } },
  { "chapter-start/between-ads", { S, B }, C, NULL,
      { "0 chapterStart@100 c" } },
  { "chapter-complete", { S, C }, "chapterComplete", NULL,
      { "0 chapterComplete@100" } },
  { "chapter-skip", { S, C }, "chapterSkip", NULL, { "0 chapterSkip@100" } },
  { "qoe", { S }, QOE (1000), NULL, { NULL } },
  { "qoe/nothing-known", { S }, "qoe", NULL, { NULL } },
  { "bitrate-change", { S }, "bitrateChange", NULL, { "0 bitrateChange@100" } },
  { "state-start", { S }, STATE_START ("s"), NULL, { "0 stateStart@100 s" } },
  { "state-start/again", { S, STATE_START ("s"), STATE_END ("s") },
      STATE_START ("s"), NULL, { "0 stateStart@100 s" } },
  { "state-end", { S, STATE_START ("s"), STATE_START ("t") }, STATE_END ("s"),
      NULL, { "0 stateEnd@100 s" } },
  { "playhead", { S }, PLAYHEAD (5, 1), NULL, { NULL } },
  { "playhead/without-session", { NULL }, PLAYHEAD (5, 1), NULL, { NULL } },
  { "expire", { S, "play", C, B, A, STATE_START ("s") }, "expire", NULL,
      { "1 sessionStart@100 resume", "1 chapterStart@100 c",
          "1 adBreakStart@100 b", "1 adStart@100 a", "1 stateStart@100 s",
          "1 play@100" } },
  { "expire/in-pause", { S, "pause" }, "expire", NULL,
      { "1 sessionStart@100 resume", "1 pauseStart@100" } },
  { "expire/in-init", { S }, "expire", NULL,
      { "1 sessionStart@100 resume", "1 ping@100" } },
  { "advance", { S }, "advance", NULL, { NULL } },
  { "advance/without-session", { NULL }, "advance", NULL, { NULL } },
};

#define NO_SESSION(call) \
  { \
    "no-session", { NULL }, call, "no session", \
    { \
      NULL \
    } \
  }
#define BETWEEN_ADS(call) \
  { \
    "between-ads", { S, "play", B }, call, "in an ad break without an ad", \
    { \
      NULL \
    } \
  }
#define REFUSED(path, call, reason, ...) \
  { \
    path, { __VA_ARGS__ }, call, reason, \
    { \
      NULL \
    } \
  }
#define MEDIA(id, name, length, stream, type) \
  "sessionStart {'media': <{'id': <'" id "'>, 'name': <'" name \
  "'>, 'length': <" length ">, 'streamType': <'" stream \
  "'>, 'mediaType': <'" type "'>}>}"

static const Row refused_rows[] = {
  REFUSED ("open", S, "a session is open", S),
  REFUSED ("open-in-ad", S, "a session is open", S, C, B, A),
  REFUSED ("media", MEDIA ("", "n", "1", "vod", "video"),
      "id is missing or empty", NULL),
  REFUSED ("media", MEDIA ("i", "", "1", "vod", "video"),
      "name is missing or empty", NULL),
  REFUSED ("media", MEDIA ("i", "n", "1", "", "video"),
      "streamType is missing or empty", NULL),
  REFUSED ("media", MEDIA ("i", "n", "-1", "vod", "video"),
      "length is missing or not a number of at least 0", NULL),
  REFUSED ("media", MEDIA ("i", "n", "1", "vod", "text"),
      "mediaType is neither audio nor video, but “text”", NULL),
  REFUSED ("media", "sessionStart", "id is missing or empty", NULL),
  NO_SESSION ("play"),
  NO_SESSION ("pause"),
  NO_SESSION ("bufferStart"),
  NO_SESSION ("bufferComplete"),
  NO_SESSION ("seekStart"),
  NO_SESSION ("seekComplete"),
  NO_SESSION ("stallStart"),
  NO_SESSION ("stallComplete"),
  NO_SESSION ("complete"),
  NO_SESSION ("sessionEnd"),
  NO_SESSION ("error {'id': <'e'>}"),
  NO_SESSION (B),
  NO_SESSION ("adBreakComplete"),
  NO_SESSION (A),
  NO_SESSION ("adComplete"),
  NO_SESSION ("adSkip"),
  NO_SESSION (C),
  NO_SESSION ("chapterComplete"),
  NO_SESSION ("chapterSkip"),
  NO_SESSION (QOE (1)),
  NO_SESSION ("bitrateChange"),
  NO_SESSION (STATE_START ("s")),
  NO_SESSION (STATE_END ("s")),
  NO_SESSION ("expire"),
  REFUSED ("after-end", "play", "no session", S, "play", "sessionEnd"),
  REFUSED ("after-end", "sessionEnd", "no session", S, "complete"),
  BETWEEN_ADS ("play"),
  BETWEEN_ADS ("pause"),
  BETWEEN_ADS ("bufferStart"),
  BETWEEN_ADS ("bufferComplete"),
  BETWEEN_ADS ("seekStart"),
  BETWEEN_ADS ("seekComplete"),
  REFUSED ("between-ads/after-one", "play", "in an ad break without an ad", S,
      B, A, "adComplete"),
  REFUSED ("between-ads/buffering", "bufferComplete",
      "in an ad break without an ad", S, "bufferStart", B),
  REFUSED ("between-ads/seeking", "seekComplete",
      "in an ad break without an ad", S, "seekStart", B),
  REFUSED ("pause/buffering", "pause", "buffering", S, "play", "bufferStart"),
  REFUSED ("pause/seeking", "pause", "seeking", S, "play", "seekStart"),
  REFUSED ("buffer-start/buffering", "bufferStart", "buffering", S, "play",
      "bufferStart"),
  REFUSED ("buffer-start/seeking", "bufferStart", "seeking", S, "seekStart"),
  REFUSED ("seek-start/buffering", "seekStart", "buffering", S, "bufferStart"),
  REFUSED ("seek-start/seeking", "seekStart", "seeking", S, "seekStart"),
  REFUSED ("buffer-complete", "bufferComplete", "not buffering", S, "play"),
  REFUSED ("buffer-complete/seeking", "bufferComplete", "not buffering", S,
      "seekStart"),
  REFUSED ("seek-complete", "seekComplete", "not seeking", S, "play"),
  REFUSED ("seek-complete/buffering", "seekComplete", "not seeking", S,
      "bufferStart"),
  REFUSED ("seek-complete/after-play", "seekComplete", "not seeking", S,
      "seekStart", "play"),
  REFUSED ("stall-start", "stallStart", "already stalled", S, "stallStart"),
  REFUSED ("stall-complete", "stallComplete", "not stalled", S, "play"),
  REFUSED ("error", "error {'id': <''>}", "id is missing or empty", S),
  REFUSED ("ad-break-start", "adBreakStart {'position': <1>}",
      "name is missing or empty", S),
  REFUSED ("ad-break-start",
      "adBreakStart {'name': <'b'>, 'position': <0>, 'startTime': <0>}",
      "position is missing or less than 1", S, B, A),
  REFUSED ("ad-break-start",
      "adBreakStart {'name': <'b'>, 'position': <1>, 'startTime': <-1>}",
      "startTime is missing or not a number of at least 0", S),
  REFUSED ("ad-break-start/equal", B, "equal to the open ad break", S, B, A),
  REFUSED ("ad-break-complete", "adBreakComplete", "no open ad break", S),
  REFUSED ("ad-break-complete/again", "adBreakComplete", "no open ad break", S,
      B, "adBreakComplete"),
  REFUSED ("ad-start/no-break", A, "no open ad break", S, "play"),
  REFUSED ("ad-start/id",
      "adStart {'name': <'a'>, 'position': <1>, 'length': <1>}",
      "id is missing or empty", S, B, A),
  REFUSED ("ad-start/name",
      "adStart {'id': <'a'>, 'position': <1>, 'length': <1>}",
      "name is missing or empty", S, B),
  REFUSED ("ad-start/position",
      "adStart {'id': <'a'>, 'name': <'a'>, 'position': <0>, 'length': <1>}",
      "position is missing or less than 1", S, B),
  REFUSED ("ad-start/length",
      "adStart {'id': <'a'>, 'name': <'a'>, 'position': <1>, 'length': <-1>}",
      "length is missing or not a number of at least 0", S, B),
  REFUSED ("ad-start/equal", A, "equal to the open ad", S, B, A),
  REFUSED ("ad-complete", "adComplete", "no open ad", S, B),
  REFUSED (
      "ad-complete/again", "adComplete", "no open ad", S, B, A, "adComplete"),
  REFUSED ("ad-skip", "adSkip", "no open ad", S, B, A, "adSkip"),
  REFUSED ("chapter-start/name",
      "chapterStart {'position': <1>, 'length': <1>, 'startTime': <0>}",
      "name is missing or empty", S),
  REFUSED ("chapter-start/position",
      "chapterStart {'name': <'c'>, 'position': <0>, 'length': <1>, "
      "'startTime': <0>}",
      "position is missing or less than 1", S, C),
  REFUSED ("chapter-start/length",
      "chapterStart {'name': <'c'>, 'position': <1>, 'length': <-1>, "
      "'startTime': <0>}",
      "length is missing or not a number of at least 0", S),
  REFUSED ("chapter-start/start-time",
      "chapterStart {'name': <'c'>, 'position': <1>, 'length': <1>}",
      "startTime is missing or not a number of at least 0", S),
  REFUSED ("chapter-start/equal", C, "equal to the open chapter", S, C),
  REFUSED ("chapter-complete", "chapterComplete", "no open chapter", S),
  REFUSED ("chapter-skip", "chapterSkip", "no open chapter", S, C,
      "chapterComplete"),
  REFUSED ("qoe", QOE (-1), "bitrate is missing or not a number of at least 0",
      S, QOE (5)),
  REFUSED ("qoe", "qoe {'droppedFrames': <-1>}",
      "droppedFrames is missing or not a number of at least 0", S),
  REFUSED ("qoe", "qoe {'fps': <-1>}",
      "fps is missing or not a number of at least 0", S),
  REFUSED ("qoe", "qoe {'startupTime': <-1>}",
      "startupTime is missing or not a number of at least 0", S),
  REFUSED ("state-start/name", "stateStart {'name': <''>}",
      "name is missing or empty", S),
  REFUSED ("state-start/on", STATE_START ("s"), "that state is on", S,
      STATE_START ("s")),
  REFUSED ("state-start/eleventh", STATE_START ("s11"),
      "10 state names are used already", S, STATE_START ("s1"),
      STATE_START ("s2"), STATE_START ("s3"), STATE_START ("s4"),
      STATE_START ("s5"), STATE_START ("s6"), STATE_START ("s7"),
      STATE_START ("s8"), STATE_START ("s9"), STATE_START ("s10")),
  REFUSED ("state-end/unknown", STATE_END ("s"), "that state is not on", S),
  REFUSED ("state-end/off", STATE_END ("s"), "that state is not on", S,
      STATE_START ("s"), STATE_END ("s")),
  REFUSED ("playhead", "playhead {'value': <5>}",
      "value or rate is missing or not a number", S, PLAYHEAD (1, 1)),
};

static void
set_up (MhRecorder *recorder, const Row *row)
{
  for (guint i = 0; row->setup[i]; i++)
    mh_recorder_call (recorder, i + 1, row->setup[i]);
}

static void
accepts (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  g_autofree char *before = NULL;

  set_up (recorder, row);
  before = mh_recorder_take (recorder);
  mh_recorder_call (recorder, 100, row->call);
  mh_recorder_expectv (recorder, row->hits);
}

/* What shows everything that a session has kept: the restart, the clocks. */
static char *
probe (MhRecorder *recorder)
{
  mh_recorder_try (recorder, 200, "expire");
  mh_recorder_try (recorder, 300, "bitrateChange");
  mh_recorder_try (recorder, 400, "adComplete");
  mh_recorder_try (recorder, 400, "adBreakComplete");
  mh_recorder_try (recorder, 400, "seekComplete");
  mh_recorder_try (recorder, 400, "bufferComplete");
  mh_recorder_try (recorder, 400, "stallComplete");
  mh_recorder_advance (recorder, 2000000);
  mh_recorder_try (recorder, 2000000, "play");
  mh_recorder_try (recorder, 2000000, "sessionEnd");
  mh_recorder_try (recorder, 2000000, S);
  return mh_recorder_take (recorder);
}

static void
refuses (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  g_autoptr (MhRecorder) without = mh_recorder_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *wanted = NULL;

  set_up (recorder, row);
  set_up (without, row);
  before = mh_recorder_take (recorder);
  g_free (mh_recorder_take (without));
  mh_recorder_refuse (recorder, 100, row->call, row->refusal);
  mh_recorder_advance (without, 100);
  after = probe (recorder);
  wanted = probe (without);
  g_assert_cmpstr (after, ==, wanted);
}

static void
ten_states (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  g_autofree char *hits = NULL;

  mh_recorder_call (recorder, 0, S);
  for (guint i = 1; i <= 10; i++) {
    g_autofree char *start = g_strdup_printf ("stateStart {'name': <'%u'>}", i);
    g_autofree char *end = g_strdup_printf ("stateEnd {'name': <'%u'>}", i);

    mh_recorder_call (recorder, i, start);
    mh_recorder_call (recorder, i, end);
  }
  hits = mh_recorder_take (recorder);
  mh_recorder_refuse (
      recorder, 11, STATE_START ("11"), "10 state names are used already");
  /* Names in use may come again, in whatever order. */
  mh_recorder_call (recorder, 12, STATE_START ("10"));
  mh_recorder_call (recorder, 13, STATE_START ("2"));
  mh_recorder_call (recorder, 14, STATE_START ("1"));
  mh_recorder_call (recorder, 15, STATE_END ("10"));
  mh_recorder_expect (recorder, "0 stateStart@12 10", "0 stateStart@13 2",
      "0 stateStart@14 1", "0 stateEnd@15 10");
  /* They outlive a restart, the limit does too. */
  mh_recorder_call (recorder, 16, "expire");
  mh_recorder_expect (recorder, "1 sessionStart@16 resume", "1 stateStart@16 1",
      "1 stateStart@16 2", "1 ping@16");
  mh_recorder_refuse (
      recorder, 17, STATE_START ("11"), "10 state names are used already");
  /* But not the item. */
  mh_recorder_call (recorder, 18, "sessionEnd");
  mh_recorder_call (recorder, 19, S);
  mh_recorder_call (recorder, 20, STATE_START ("11"));
  mh_recorder_expect (
      recorder, "1 sessionEnd@18", "2 sessionStart@19", "2 stateStart@20 11");
}

/* Nothing of an item passes on to the next. */
static void
new_item (void)
{
  static const char *const setup[] = { S, C, B, A, "pause", "stallStart",
    STATE_START ("s"), QOE (1000), "bitrateChange", PLAYHEAD (7, 1) };
  static const char *const ends[] = { "complete", "sessionEnd" };

  for (guint e = 0; e < G_N_ELEMENTS (ends); e++) {
    g_autoptr (MhRecorder) recorder = mh_recorder_new ();
    g_autofree char *hits = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (setup); i++)
      mh_recorder_call (recorder, i, setup[i]);
    mh_recorder_call (recorder, 100, ends[e]);
    hits = mh_recorder_take (recorder);
    mh_recorder_advance (recorder, 99999999);
    g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, -1);
    g_assert_false (mh_session_is_open (mh_recorder_session (recorder)));
    mh_recorder_call (recorder, 100000000, S);
    mh_recorder_call (recorder, 100000010, "expire");
    mh_recorder_expect (recorder, "1 sessionStart@100000000",
        "2 sessionStart@100000010 resume", "2 ping@100000010");
    mh_recorder_call (recorder, 100000020, "stallStart");
    mh_recorder_call (recorder, 100000030, B);
    mh_recorder_call (recorder, 100000040, C);
    mh_recorder_expect (
        recorder, "2 adBreakStart@100000030 b", "2 chapterStart@100000040 c");
  }
}

static void
add_rows (const char *what, const Row *rows, guint n, GTestDataFunc test)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf (
        "/session-rules/%s/%s-%u", what, rows[i].path, i);

    g_test_add_data_func (path, &rows[i], test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("accepts", accepted_rows, G_N_ELEMENTS (accepted_rows), accepts);
  add_rows ("refuses", refused_rows, G_N_ELEMENTS (refused_rows), refuses);
  g_test_add_func ("/session-rules/ten-states", ten_states);
  g_test_add_func ("/session-rules/new-item", new_item);
  return g_test_run ();
}
