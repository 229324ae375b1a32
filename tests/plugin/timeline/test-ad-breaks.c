/* Tests of plugin/timeline/mh-ad-breaks.c and plugin/timeline/mh-scte35.c, and of
 * what plugin/timeline/mh-cues.c makes of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "mh-cues.h"

#define ITEM 7

static MhCues *
make_cues (void)
{
  MhCues *cues = mh_cues_new ();

  mh_cues_begin (cues, TRUE, TRUE, 600);
  return cues;
}

/* Times of this test are ms. */
static void
tell (MhCues *cues, gint64 at, double value, double rate)
{
  const MhMotion motion = { MH_TIME_FROM_MSEC (at), value, rate };

  mh_cues_tell (cues, ITEM, &motion);
}

static MhMark *
make_mark (guint32 event, double position)
{
  MhMark *mark = g_new0 (MhMark, 1);

  mark->group = ITEM;
  mark->position = position;
  mark->running = GST_CLOCK_TIME_NONE;
  mark->splice = mh_scte35_new ();
  mark->splice->event = event;
  return mark;
}

static void
out (MhCues *cues, guint32 event, double position, double duration,
    gboolean auto_return)
{
  MhMark *mark = make_mark (event, position);

  mark->splice->out = TRUE;
  mark->splice->duration = duration;
  mark->splice->auto_return = auto_return;
  g_assert_null (mh_cues_take (cues, mark, NULL));
}

static void
in (MhCues *cues, guint32 event, double position)
{
  g_assert_null (mh_cues_take (cues, make_mark (event, position), NULL));
}

static void
describe (GString *text, const MhCue *cue)
{
  g_string_append_printf (
      text, "%s%s", text->len > 0 ? ", " : "", mh_call_name (cue->call->type));
  if (cue->call->type == MH_CALL_AD_BREAK_START)
    g_string_append_printf (text, " %s %d %g", cue->call->ad_break->name,
        (int) cue->call->ad_break->position, cue->call->ad_break->start_time);
  else if (cue->call->type == MH_CALL_AD_START)
    g_string_append_printf (
        text, " %s %g", cue->call->ad->id, cue->call->ad->length);
  g_string_append_printf (text, "@%d", (int) MH_TIME_TO_MSEC (cue->at));
  if (!isnan (cue->left))
    g_string_append_printf (text, " left %g", cue->left);
}

/* What is due until then: this, and nothing else. */
static void
assert_due (MhCues *cues, gint64 until, const char *wanted)
{
  g_autoptr (GString) got = g_string_new (NULL);
  MhCue cue;

  while (mh_cues_pop (cues, MH_TIME_FROM_MSEC (until), &cue)) {
    g_assert_true (mh_call_check (cue.call, NULL));
    describe (got, &cue);
    mh_cue_clear (&cue);
  }
  g_assert_cmpstr (got->str, ==, wanted);
}

static void
assert_end (MhCues *cues, const char *wanted)
{
  g_autoptr (GString) got = g_string_new (NULL);
  MhCue cue;

  while (mh_cues_pop_rest (cues, &cue)) {
    describe (got, &cue);
    mh_cue_clear (&cue);
  }
  g_assert_cmpstr (got->str, ==, wanted);
}

#define OPEN(n, event, start, length, at) \
  "adBreakStart Ad break " n " " n " " start "@" at ", adStart " event \
  " " length "@" at
#define CLOSE(at) "adComplete@" at ", adBreakComplete@" at

/* ---- as announced ---- */

static void
test_auto_return (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  /* And again, as broadcasters do. */
  out (cues, 7, 3, 2, TRUE);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (4000));
  tell (cues, 4100, 3.1, 1);
  assert_due (cues, 4100, OPEN ("1", "7", "3", "2", "4000"));
  out (cues, 7, 3, 2, TRUE);
  tell (cues, 6300, 5.3, 1);
  assert_due (cues, 6300, CLOSE ("6000"));
  out (cues, 7, 3, 2, TRUE);
  assert_due (cues, 9000, "");
  /* Its number may come again, later. */
  out (cues, 7, 33, 2, TRUE);
  assert_due (
      cues, 50000, OPEN ("2", "7", "33", "2", "34000") ", " CLOSE ("36000"));
}

static void
test_until_told (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, FALSE);
  assert_due (cues, 4000, OPEN ("1", "7", "3", "2", "4000"));
  tell (cues, 7000, 6, 1);
  assert_due (cues, 7000, "");
  in (cues, 7, 8);
  assert_due (cues, 8999, "");
  assert_due (cues, 9000, CLOSE ("9000"));
}

/* Both known before either is due. */
static void
test_both_ahead (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, -1, FALSE);
  in (cues, 7, 8);
  assert_due (
      cues, 9000, OPEN ("1", "7", "3", "0", "4000") ", " CLOSE ("9000"));
}

static void
test_immediate (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 50, 1);
  out (cues, 7, NAN, -1, FALSE);
  assert_due (cues, 1000, OPEN ("1", "7", "50", "0", "1000"));
  tell (cues, 3000, 52, 1);
  in (cues, 7, NAN);
  assert_due (cues, 3000, CLOSE ("3000"));
}

static void
test_cancel (void)
{
  g_autoptr (MhCues) cues = make_cues ();
  MhMark *mark = make_mark (7, NAN);

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  out (cues, 8, 30, 2, TRUE);
  mark->splice->cancel = TRUE;
  mh_cues_take (cues, mark, NULL);
  assert_due (cues, 20000, "");
  assert_due (cues, 31000, OPEN ("1", "8", "30", "2", "31000"));
}

static void
test_moved (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  out (cues, 7, 5, 4, TRUE);
  assert_due (
      cues, 99000, OPEN ("1", "7", "5", "4", "6000") ", " CLOSE ("10000"));
}

/* One break after the other, none of which says when it is over; and ads in an
 * opportunity for them. */
static void
test_neighbours (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, -1, FALSE);
  out (cues, 8, 5, 10, TRUE);
  out (cues, 9, 5, 4, TRUE);
  out (cues, 10, 9, 6, TRUE);
  assert_due (cues, 99000,
      OPEN ("1", "7", "3", "0", "4000") ", " CLOSE ("6000") ", " OPEN (
          "2", "8", "5", "10", "6000") ", " CLOSE ("16000"));
}

/* ---- how the media goes ---- */

static void
test_fast (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 2);
  out (cues, 7, 4, 2, TRUE);
  assert_due (
      cues, 9000, OPEN ("1", "7", "4", "2", "3000") ", " CLOSE ("4000"));
}

static void
test_pause (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  out (cues, 7, 3, 2, TRUE);
  tell (cues, 1000, 2.5, 0);
  assert_due (cues, 99000, "");
  tell (cues, 99000, 2.5, 1);
  assert_due (cues, 99500, OPEN ("1", "7", "3", "2", "99500"));
}

static void
test_backwards (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  assert_due (cues, 4000, OPEN ("1", "7", "3", "2", "4000"));
  tell (cues, 5000, 4, 1);
  tell (cues, 5000, 4, -1);
  out (cues, 8, 1, 1, TRUE);
  assert_due (cues, 9000, "adSkip@6000, adBreakComplete@6000");
}

static void
test_seek_away (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  out (cues, 8, 20, 2, TRUE);
  assert_due (cues, 4000, OPEN ("1", "7", "3", "2", "4000"));
  tell (cues, 5000, 4, 1);
  mh_cues_flush (cues);
  tell (cues, 5000, 10, 0);
  assert_due (cues, 5000, "adSkip@5000 left 4, adBreakComplete@5000 left 4");
  tell (cues, 6000, 10, 1);
  assert_due (cues, 99000, "");
  /* Back, and it is announced again. */
  tell (cues, 7000, 11, 1);
  mh_cues_flush (cues);
  tell (cues, 7000, 2, 0);
  out (cues, 7, 3, 2, TRUE);
  tell (cues, 8000, 2, 1);
  assert_due (cues, 9000, OPEN ("2", "7", "3", "2", "9000"));
}

static void
test_seek_within (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 20, TRUE);
  assert_due (cues, 4000, OPEN ("1", "7", "3", "20", "4000"));
  mh_cues_flush (cues);
  tell (cues, 5000, 13, 0);
  tell (cues, 5000, 13, 1);
  assert_due (cues, 14999, "");
  assert_due (cues, 15000, CLOSE ("15000"));
}

/* Nobody joins a break that is over by now. */
static void
test_too_late (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 50, 1);
  out (cues, 7, 3, 20, TRUE);
  assert_due (cues, 99000, "");
  out (cues, 8, 45, 20, TRUE);
  assert_due (cues, 1000, OPEN ("1", "8", "45", "20", "1000"));
}

static void
test_end (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  assert_due (cues, 4000, OPEN ("1", "7", "3", "2", "4000"));
  tell (cues, 5900, 4.9, 1);
  assert_end (cues, CLOSE ("5900"));
  mh_cues_leave (cues);
  mh_cues_begin (cues, TRUE, TRUE, 600);
  out (cues, 7, 3, -1, FALSE);
  tell (cues, 9000, 3, 1);
  assert_due (cues, 9000, OPEN ("1", "7", "3", "0", "9000"));
  assert_end (cues, ""); /* the session's rules know what to do with it */
}

static void
test_theirs (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 0, 1);
  out (cues, 7, 3, 2, TRUE);
  mh_cues_note (cues, MH_CALL_AD_BREAK_START);
  assert_due (cues, 9000, "");
  mh_cues_begin (cues, TRUE, FALSE, 600);
  out (cues, 8, 9, 2, TRUE);
  assert_due (cues, 19000, "");
}

static void
test_bounded (void)
{
  g_autoptr (MhCues) cues = make_cues ();
  guint n = 0;
  MhCue cue;

  tell (cues, 0, 0, 1);
  for (guint i = 0; i < 1000; i++)
    out (cues, i, 10 + i * 10, 5, TRUE);
  while (mh_cues_pop (cues, MH_TIME_FROM_SEC (100000), &cue)) {
    n++;
    mh_cue_clear (&cue);
  }
  g_assert_cmpuint (n, ==, 64 * 4);
}

/* ---- the broadcast's clock ---- */

static void
test_map (void)
{
  MhScte35Map map = { 0 };

  /* Announced eight, four and no seconds ahead. */
  g_assert_cmpfloat (mh_scte35_map_place (&map, 3608, 0), ==, 0);
  g_assert_cmpfloat (mh_scte35_map_place (&map, 3608, 4), ==, 4);
  g_assert_cmpfloat (mh_scte35_map_place (&map, 3608, 8), ==, 8);
  /* By then it is known. */
  g_assert_cmpfloat (mh_scte35_map_place (&map, 3638, 30), ==, 38);
  g_assert_cmpfloat (mh_scte35_map_place (&map, 3668, 60), ==, 68);
  /* Another clock. */
  g_assert_cmpfloat (mh_scte35_map_place (&map, 90000, 70), ==, 70);
  g_assert_cmpfloat (mh_scte35_map_place (&map, 10, 80), ==, 80);
}

static void
test_of_message (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 10, 1);
  for (guint i = 0; i < 2; i++) {
    MhMark *mark = make_mark (7 + i, 12 + i * 20);

    mark->of_message = TRUE;
    mark->group = 0;
    mark->splice->out = TRUE;
    mark->splice->duration = 2;
    mark->splice->auto_return = TRUE;
    mark->splice->pts = 3612 + i * 30;
    mh_cues_take (cues, mark, NULL);
  }
  assert_due (cues, 99000,
      OPEN ("1", "7", "12", "2", "3000") ", " CLOSE ("5000") ", " OPEN (
          "2", "8", "42", "2", "33000") ", " CLOSE ("35000"));
}

/* ---- segmentation descriptors ---- */

/* A provider's ad, 30 s, Ad-ID ABCD0123. */
static const guint8 descriptor[] = { 2, 28, 'C', 'U', 'E', 'I', 0, 0, 0, 42,
  0x7f, 0xff, 0, 0, 0x29, 0x32, 0xe0, 3, 8, 'A', 'B', 'C', 'D', '0', '1', '2',
  '3', 0x30, 1, 1 };

static void
test_segmentation (void)
{
  guint8 copy[sizeof descriptor];
  MhScte35 *splice;

  splice = mh_scte35_parse_segmentation (descriptor, sizeof descriptor);
  g_assert_nonnull (splice);
  g_assert_cmpuint (splice->event, ==, 42);
  g_assert_true (splice->out);
  g_assert_true (splice->auto_return);
  g_assert_false (splice->cancel);
  g_assert_cmpfloat (splice->duration, ==, 30);
  g_assert_cmpstr (splice->id, ==, "ABCD0123");
  mh_scte35_free (splice);

  memcpy (copy, descriptor, sizeof copy);
  copy[27] = 0x31; /* its end */
  copy[19] = 0x01; /* binary */
  splice = mh_scte35_parse_segmentation (copy, sizeof copy);
  g_assert_false (splice->out);
  g_assert_cmpstr (splice->id, ==, "0142434430313233");
  mh_scte35_free (splice);

  copy[27] = 0x10; /* a programme */
  g_assert_null (mh_scte35_parse_segmentation (copy, sizeof copy));
  copy[10] = 0xff; /* cancelled */
  splice = mh_scte35_parse_segmentation (copy, sizeof copy);
  g_assert_true (splice->cancel);
  mh_scte35_free (splice);
}

static void
test_segmentation_hostile (void)
{
  guint8 copy[sizeof descriptor];

  for (gsize length = 0; length < sizeof descriptor - 2; length++) {
    g_autofree guint8 *cut = g_memdup2 (descriptor, length);

    g_assert_null (mh_scte35_parse_segmentation (cut, length));
  }
  for (guint i = 0; i < sizeof descriptor; i++) {
    memcpy (copy, descriptor, sizeof copy);
    for (guint value = 0; value < 256; value++) {
      g_autofree guint8 *exact = NULL;

      copy[i] = (guint8) value;
      exact = g_memdup2 (copy, sizeof copy);
      mh_scte35_free (mh_scte35_parse_segmentation (exact, sizeof copy));
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ad-breaks/auto-return", test_auto_return);
  g_test_add_func ("/ad-breaks/until-told", test_until_told);
  g_test_add_func ("/ad-breaks/both-ahead", test_both_ahead);
  g_test_add_func ("/ad-breaks/immediate", test_immediate);
  g_test_add_func ("/ad-breaks/cancel", test_cancel);
  g_test_add_func ("/ad-breaks/moved", test_moved);
  g_test_add_func ("/ad-breaks/neighbours", test_neighbours);
  g_test_add_func ("/ad-breaks/fast", test_fast);
  g_test_add_func ("/ad-breaks/pause", test_pause);
  g_test_add_func ("/ad-breaks/backwards", test_backwards);
  g_test_add_func ("/ad-breaks/seek/away", test_seek_away);
  g_test_add_func ("/ad-breaks/seek/within", test_seek_within);
  g_test_add_func ("/ad-breaks/too-late", test_too_late);
  g_test_add_func ("/ad-breaks/end", test_end);
  g_test_add_func ("/ad-breaks/theirs-count-instead", test_theirs);
  g_test_add_func ("/ad-breaks/bounded", test_bounded);
  g_test_add_func ("/ad-breaks/clock", test_map);
  g_test_add_func ("/ad-breaks/clock/of-a-message", test_of_message);
  g_test_add_func ("/ad-breaks/segmentation", test_segmentation);
  g_test_add_func (
      "/ad-breaks/segmentation/hostile", test_segmentation_hostile);
  return g_test_run ();
}
