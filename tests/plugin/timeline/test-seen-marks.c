/* Tests of mh-seen-marks, and of what mh-mark says of an event for it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seen-marks.h"

/* Places of a pipeline. */
#define SOUND 1
#define PICTURE 2

typedef struct
{
  MhSeenMarks *seen;
  guint32 seqnum;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->seen = mh_seen_marks_new ();
  f->seqnum = gst_util_seqnum_next ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_seen_marks_free (f->seen);
}

/* All of one test have one sequence number. */
static GstEvent *
make_event (Fixture *f, const char *structure, GstEventType type)
{
  GstEvent *event = gst_event_new_custom (
      type, gst_structure_from_string (structure, NULL));

  gst_event_set_seqnum (event, f->seqnum);
  return event;
}

static GstEvent *
make (Fixture *f, const char *structure)
{
  return make_event (f, structure, GST_EVENT_CUSTOM_DOWNSTREAM);
}

/* Returns: whether it counts. */
static gboolean
comes_to (Fixture *f, GstEvent *event, guint64 place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MhMark) mark = mh_mark_from_event (event, &error);

  g_assert_no_error (error);
  mark->place = place;
  return mh_seen_marks_is_new (f->seen, mark);
}

#define START "media-heartbeat,call=stateStart,name=mute"
#define END "media-heartbeat,call=stateEnd,name=mute"
#define OTHER "media-heartbeat,call=stateStart,name=fullScreen"

static void
test_different_calls (Fixture *f, gconstpointer data)
{
  g_autoptr (GstEvent) start = make (f, START);
  g_autoptr (GstEvent) end = make (f, END);
  g_autoptr (GstEvent) other = make (f, OTHER);

  g_assert_true (comes_to (f, start, SOUND));
  g_assert_true (comes_to (f, end, SOUND));
  g_assert_true (comes_to (f, other, SOUND));
}

/* The end of each of the ads of a break is the same call. */
static void
test_same_call_again (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstEvent) start = make (f, START);
    g_autoptr (GstEvent) end = make (f, END);

    g_assert_true (comes_to (f, start, SOUND));
    g_assert_true (comes_to (f, end, SOUND));
  }
}

/* Over several branches, to one element or to more. */
static void
test_same_event (Fixture *f, gconstpointer data)
{
  g_autoptr (GstEvent) start = make (f, START);
  g_autoptr (GstEvent) end = make (f, END);

  g_assert_true (comes_to (f, start, SOUND));
  g_assert_true (comes_to (f, end, SOUND));
  g_assert_false (comes_to (f, start, SOUND));
  g_assert_false (comes_to (f, start, PICTURE));
  g_assert_false (comes_to (f, end, PICTURE));
}

/* The n-th of a place is the n-th of another. */
static void
test_copies (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstEvent) event = make (f, START);

    g_assert_true (comes_to (f, event, SOUND));
  }
  for (guint i = 0; i < 4; i++) {
    g_autoptr (GstEvent) event = make (f, START);
    g_autoptr (GstEvent) copy = gst_event_copy (event);

    g_assert_true (comes_to (f, copy, PICTURE) == (i == 3));
  }
}

/* Where a pad with an offset is linked anew, it passes on another copy. */
static void
test_sticky (Fixture *f, gconstpointer data)
{
  g_autoptr (GstEvent)
      start = make_event (f, START, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY);
  g_autoptr (GstEvent) copy = gst_event_copy (start);
  g_autoptr (GstEvent)
      end = make_event (f, END, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY);

  g_assert_true (comes_to (f, start, SOUND));
  g_assert_false (comes_to (f, copy, SOUND));
  g_assert_true (comes_to (f, end, SOUND));
  mh_seen_marks_flush (f->seen);
  g_assert_false (comes_to (f, copy, SOUND));
}

/* Data that is played again has it again. */
static void
test_flush (Fixture *f, gconstpointer data)
{
  g_autoptr (GstEvent) event = make (f, START);

  g_assert_true (comes_to (f, event, SOUND));
  mh_seen_marks_flush (f->seen);
  g_assert_true (comes_to (f, event, SOUND));
  g_assert_false (comes_to (f, event, PICTURE));
}

/* Nothing is kept of an event that is gone, whatever gets its memory. */
static void
test_memory (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GstEvent) event = make (f, START);

    g_assert_true (comes_to (f, event, SOUND));
  }
}

#define TEST(path, function) \
  g_test_add ("/seen-marks/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  TEST ("different-calls", test_different_calls);
  TEST ("same-call-again", test_same_call_again);
  TEST ("same-event", test_same_event);
  TEST ("copies", test_copies);
  TEST ("sticky", test_sticky);
  TEST ("flush", test_flush);
  TEST ("memory", test_memory);
  return g_test_run ();
}
