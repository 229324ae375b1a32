/* Tests of mh-leader, and of a monitor that follows.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-leader.h"
#include "mh-sequence.h"

/* Two pipelines. */
static const int one, other;

/* What members, named by their owners' letters, are told: "-a+b"; "!a": it leads, and
 * there has been no other. */
static GString *told;

static void
on_lead (gpointer owner, gboolean leads, gboolean taken_over, gboolean alone,
    guint streams)
{
  g_string_append_c (told, taken_over ? '*' : alone ? '!' : leads ? '+' : '-');
  g_string_append (told, owner);
  if (taken_over)
    g_assert_cmpuint (streams, ==, 3);
}

static void
assert_told (const char *wanted)
{
  g_assert_cmpstr (told->str, ==, wanted);
  g_string_truncate (told, 0);
}

static gpointer
dup_name (gpointer owner)
{
  return g_strdup (owner);
}

static void
assert_leader (MhLeaderMember *member, const char *wanted)
{
  g_autofree char *name = mh_leader_dup (member, dup_name);

  g_assert_cmpstr (name, ==, wanted);
}

typedef struct
{
  MhLeaderMember *a, *b, *c;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  told = g_string_new (NULL);
  f->a = mh_leader_member_new (on_lead, (gpointer) "a");
  f->b = mh_leader_member_new (on_lead, (gpointer) "b");
  f->c = mh_leader_member_new (on_lead, (gpointer) "c");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_string_truncate (told, 0);
  mh_leader_member_free (f->a);
  mh_leader_member_free (f->b);
  mh_leader_member_free (f->c);
  g_string_free (told, TRUE);
}

/* ---- the registry ---- */

static void
test_alone (Fixture *f, gconstpointer data)
{
  assert_leader (f->a, "a");
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  mh_leader_join (f->b, &other, MH_LEADER_AUTO);
  assert_leader (f->a, "a");
  assert_leader (f->b, "b");
  mh_leader_leave (f->a);
  mh_leader_leave (f->a);
  assert_told ("");
}

static void
test_first (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  mh_leader_join (f->c, &one, MH_LEADER_AUTO);
  assert_told ("-b-c");
  assert_leader (f->c, "a");
  /* Again, on the way to PLAYING: nothing changes. */
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  assert_told ("");
  mh_leader_leave (f->a);
  assert_told ("+b");
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  assert_told ("-a");
  mh_leader_leave (f->c);
  assert_told ("+c");
}

static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  mh_leader_join (f->c, &other, MH_LEADER_AUTO);
  assert_told ("-b");
  mh_leader_join (f->a, &other, MH_LEADER_AUTO);
  assert_told ("+b-a");
  mh_leader_join (f->b, &other, MH_LEADER_AUTO);
  assert_told ("-b");
  assert_leader (f->b, "c");
}

static void
test_always (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  mh_leader_join (f->b, &one, MH_LEADER_ALWAYS);
  assert_told ("-a");
  mh_leader_join (f->c, &one, MH_LEADER_ALWAYS);
  assert_told ("");
  assert_leader (f->a, "b");
  assert_leader (f->c, "c");
  mh_leader_leave (f->b);
  assert_told ("");
  mh_leader_join (f->c, &one, MH_LEADER_AUTO);
  assert_told ("-c+a");
}

static void
test_never (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_NEVER);
  assert_told ("-a");
  assert_leader (f->a, NULL);
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  assert_told ("");
  assert_leader (f->a, "b");
  mh_leader_leave (f->b);
  mh_leader_leave (f->a);
  assert_told ("+a");
  assert_leader (f->a, "a");
}

/* A member is told that it was alone only if the pipeline had no other meanwhile,
 * whether that one led or not. */
static void
test_back_alone (Fixture *f, gconstpointer data)
{
  static const MhLeaderRank ranks[] = { MH_LEADER_AUTO, MH_LEADER_NEVER };

  mh_leader_join (f->a, &one, MH_LEADER_NEVER);
  mh_leader_join (f->a, &one, MH_LEADER_TRACER);
  assert_told ("-a!a");
  for (guint i = 0; i < G_N_ELEMENTS (ranks); i++) {
    mh_leader_join (f->a, &one, MH_LEADER_NEVER);
    mh_leader_join (f->b, &one, ranks[i]);
    mh_leader_leave (f->b);
    g_string_truncate (told, 0);
    mh_leader_join (f->a, &one, MH_LEADER_TRACER);
    assert_told ("+a");
  }
  mh_leader_join (f->a, &one, MH_LEADER_NEVER);
  mh_leader_leave (f->a);
  assert_told ("-a+a");
}

static void
test_tracer (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_TRACER);
  assert_told ("");
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  assert_told ("-a");
  mh_leader_leave (f->b);
  assert_told ("+a");
  mh_leader_join (f->b, &one, MH_LEADER_NEVER);
  assert_told ("-a-b");
  mh_leader_leave (f->b);
  assert_told ("+a+b");
}

/* Only the session of the one that leads, or has led, counts. */
static void
test_open (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_AUTO);
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  mh_leader_join (f->c, &one, MH_LEADER_AUTO);
  mh_leader_set_open (f->b, TRUE, 3);
  assert_told ("-b-c");
  mh_leader_leave (f->a);
  assert_told ("+b");
  mh_leader_set_open (f->b, TRUE, 3);
  mh_leader_leave (f->b);
  mh_leader_set_open (f->b, FALSE, 3); /* too late */
  assert_told ("*c");
  mh_leader_join (f->a, &one, MH_LEADER_ALWAYS);
  assert_told ("-c*a");
  mh_leader_set_open (f->a, FALSE, 3);
  mh_leader_leave (f->a);
  assert_told ("+c");
}

/* Who comes and leads in the place of another one, whose session is open, takes over;
 * not beside it, nor where nobody has led. */
static void
test_comes (Fixture *f, gconstpointer data)
{
  mh_leader_join (f->a, &one, MH_LEADER_TRACER);
  mh_leader_set_open (f->a, TRUE, 3);
  mh_leader_join (f->b, &one, MH_LEADER_AUTO);
  assert_told ("-a*b");
  mh_leader_join (f->b, &one, MH_LEADER_ALWAYS);
  mh_leader_join (f->c, &one, MH_LEADER_ALWAYS);
  assert_told ("");
  mh_leader_leave (f->c);
  mh_leader_leave (f->b);
  assert_told ("*a");
  mh_leader_join (f->a, &one, MH_LEADER_NEVER);
  mh_leader_join (f->c, &one, MH_LEADER_AUTO);
  assert_told ("-a");
}

/* ---- a monitor that follows ---- */

#define FOLLOWS "0 leads=0\n" MH_SEQUENCE_START

static void
test_follows (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      FOLLOWS "3000 own=paused>paused\n"
              "5000 own=playing>playing top=playing\n"
              "6000 seek=1:30 flush=1 unflush=1 segment=30 data\n"
              "6100 asyncdone\n"
              "9000 eos\n"
              "9100 own=paused>null\n"
              "9101 own=ready>null\n"
              "9102 own=null>null\n"
              "10000\n");
  mh_sequence_assert_calls (sequence, NULL);
  mh_sequence_assert_hits (sequence, NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "paused@3250",
      "playing@5000", "seeking@6000", "playing@6350", "ended@9000", "init@9102",
      NULL);
}

static void
test_takes_over (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, FOLLOWS "3000 leads=open\n4500\n");
  mh_sequence_assert_calls (
      sequence, "sessionStart@3000 ph=2", "play@3000 ph=2 r=1", NULL);
  mh_sequence_assert_hits (sequence, "sessionStart@3000 ph=2 resume",
      "play@3000 ph=2", "play@4000 ph=3", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", NULL);
}

/* It comes to a pipeline that plays, and that another element tracks. */
static void
test_comes_and_takes_over (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 really=playing pos=30\n"
      "1000 leads=open own=paused>playing\n"
      "1005 padgroup=1 segment=0 data\n"
      "1010 own=playing>playing\n"
      "2500\n");
  mh_sequence_assert_hits (sequence, "sessionStart@1000 ph=31.01 resume",
      "play@1010 ph=31.01", "play@2010 ph=32.01", NULL);
}

/* The element of a picture that follows a song comes while the song is played. */
static void
test_comes_for_next_item (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 really=playing pos=30\n"
      "1000 leads=open:1 own=paused>playing\n"
      "1005 padgroup=2 segment=0 data\n"
      "1010 own=playing>playing\n"
      "1500\n");
  mh_sequence_assert_hits (
      sequence, "sessionStart@1000 ph=31.01", "play@1010 ph=31.01", NULL);
}

/* Nothing has been asked of the pipeline for what follows: what has been there for
 * long does not count before the answer. */
static void
test_takes_over_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0 top=playing\n"
      "0 pos=30 own=paused>playing\n"
      "1 own=playing>playing\n"
      "5 padgroup=1 segment=0 data\n"
      "495 leads=open\n"
      "2000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@495 ph=30.495 resume",
      "play@495 ph=30.495", "play@1495 ph=31.495", NULL);
}

/* The leader had begun none: what is played has been since data came. */
static void
test_takes_over_unbegun (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0 top=playing\n"
      "0 pos=30 own=paused>playing\n"
      "1 own=playing>playing\n"
      "5 padgroup=1 segment=0 data\n"
      "495 leads=1\n"
      "2000\n");
  mh_sequence_assert_hits (sequence, "sessionStart@0 ph=30.005",
      "play@5 ph=30.005", "play@1005 ph=31.005", NULL);
}

/* Nobody waits for a pause to be told. */
static void
test_takes_over_paused (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      FOLLOWS "3000 own=paused>paused top=paused\n"
              "4000 leads=1\n"
              "6000 own=playing>playing top=playing\n"
              "6500\n");
  mh_sequence_assert_calls (
      sequence, "sessionStart@6000 ph=2", "play@6000 ph=2 r=1", NULL);
}

/* The first frame is still to come: nobody has had a session of this. */
static void
test_takes_over_at_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 leads=0\n"
      "0 own=paused>playing\n"
      "600 padgroup=1 segment=0 data\n"
      "700 leads=1\n"
      "990 group=1 top=paused+playing asyncdone\n"
      "995 own=playing>playing\n"
      "1000 top=playing\n"
      "1500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=0",
      "qoe@1000 startup=1000", "play@1000 ph=0 r=1", NULL);
}

/* A tracer, which begins to lead with the data: it plays already, and its clock has run. */
#define LEADS_WITH_DATA(at_) \
  "0 leads=0\n" \
  "0 own=paused>playing\n" \
  "5 top=paused+playing asyncdone\n" \
  "10 own=playing>playing top=playing\n" at_ \
  " leads=1 padgroup=1 segment=0 data\n"

static void
test_leads_with_data (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, LEADS_WITH_DATA ("9000") "10500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@0 ph=8.99",
      "qoe@9000 startup=9000", "play@9000 ph=8.99 r=1", NULL);
}

/* The pipeline played something else before: the viewer has not waited since its start. */
static void
test_leads_with_data_late (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, LEADS_WITH_DATA ("60000") "61500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@60000 ph=59.99",
      "qoe@60000 startup=0", "play@60000 ph=59.99 r=1", NULL);
}

static void
test_takes_over_seeking (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      FOLLOWS "3000 seek=1:30 flush=1\n"
              "3100 leads=1\n"
              "3500 unflush=1 segment=30 data asyncdone\n"
              "4500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@3100 ph=30",
      "seekStart@3100 ph=30 r=0", "play@3500 ph=30 r=1", NULL);
}

/* What stops, with the leader or for itself, begins nothing. */
static void
test_takes_over_stopping (void)
{
  static const char *const ends[] = {
    "3000 own=paused>null\n3001 leads=1\n3002 own=ready>null\n",
    "3000 own=paused>null\n3001 own=ready>null\n3002 leads=1\n",
    "3000 eos\n3001 leads=1\n3002 own=paused>null own=ready>null\n",
    "3000 error=a:1\n3001 own=paused>null\n3002 leads=1 own=ready>null\n",
    "3000 own=paused>paused\n3500 own=ready>null\n3501 leads=1\n",
    "3000 gone\n3001 leads=1\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();

    mh_sequence_play (sequence, FOLLOWS);
    mh_sequence_play (sequence, ends[i]);
    mh_sequence_play (sequence, "3600 own=null>null\n10000\n");
    mh_sequence_assert_calls (sequence, NULL);
  }
}

static void
test_takes_over_next_item (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      FOLLOWS "3000 eos\n"
              "3100 leads=1\n"
              "3200 own=paused>ready really=ready\n"
              "3201 own=ready>ready\n"
              "4000 own=paused>playing\n"
              "4000 padgroup=2 segment=0 data pos=0\n"
              "4100 group=2 top=paused+playing asyncdone own=playing>playing\n"
              "4100 top=playing\n"
              "4500\n");
  mh_sequence_assert_calls (sequence, "sessionStart@4000 ph=0",
      "qoe@4100 startup=100", "play@4100 ph=0 r=1", NULL);
}

static void
test_loses (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence, MH_SEQUENCE_START "3000 leads=0\n5000\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "sessionEnd@3000 ph=2 r=1", NULL);
  mh_sequence_play (sequence, "6000 leads=1\n6500\n");
  mh_sequence_assert_calls (
      sequence, "sessionStart@6000 ph=5", "play@6000 ph=5 r=1", NULL);
  mh_sequence_play (sequence, "7000 eos\n7001 leads=0\n8000\n");
  mh_sequence_assert_calls (sequence, "complete@7000 ph=6 r=1", NULL);
  mh_sequence_assert_states (sequence, "playing@1000", "ended@7000", NULL);
}

/* What was about to start is the other's to tell. */
static void
test_loses_at_start (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      "0 own=paused>playing\n"
      "500 leads=0\n"
      "600 padgroup=1 segment=0 data\n"
      "990 group=1 top=paused+playing asyncdone own=playing>playing\n"
      "1000 top=playing\n"
      "2000\n");
  mh_sequence_assert_calls (sequence, NULL);
}

/* A stop that is not decided yet is when it ended. */
static void
test_loses_stopping (void)
{
  g_autoptr (MhSequence) sequence = mh_sequence_new ();

  mh_sequence_play (sequence,
      MH_SEQUENCE_START "3000 own=paused>null\n"
                        "3100 leads=0\n"
                        "4000 own=ready>null own=null>null\n");
  mh_sequence_assert_calls (
      sequence, MH_SEQUENCE_START_CALLS, "sessionEnd@3000 ph=2 r=1", NULL);
}

#define TEST(name, function) \
  g_test_add ("/leader/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("alone", test_alone);
  TEST ("first-to-come", test_first);
  TEST ("elsewhere", test_elsewhere);
  TEST ("always", test_always);
  TEST ("never", test_never);
  TEST ("back-alone", test_back_alone);
  TEST ("tracer", test_tracer);
  TEST ("open", test_open);
  TEST ("comes", test_comes);
  g_test_add_func ("/leader/monitor/follows", test_follows);
  g_test_add_func ("/leader/monitor/takes-over", test_takes_over);
  g_test_add_func (
      "/leader/monitor/takes-over/comes", test_comes_and_takes_over);
  g_test_add_func (
      "/leader/monitor/takes-over/comes/next-item", test_comes_for_next_item);
  g_test_add_func ("/leader/monitor/takes-over/late", test_takes_over_late);
  g_test_add_func (
      "/leader/monitor/takes-over/unbegun", test_takes_over_unbegun);
  g_test_add_func ("/leader/monitor/takes-over/paused", test_takes_over_paused);
  g_test_add_func (
      "/leader/monitor/takes-over/at-start", test_takes_over_at_start);
  g_test_add_func ("/leader/monitor/with-data/soon", test_leads_with_data);
  g_test_add_func ("/leader/monitor/with-data/late", test_leads_with_data_late);
  g_test_add_func (
      "/leader/monitor/takes-over/seeking", test_takes_over_seeking);
  g_test_add_func (
      "/leader/monitor/takes-over/stopping", test_takes_over_stopping);
  g_test_add_func (
      "/leader/monitor/takes-over/next-item", test_takes_over_next_item);
  g_test_add_func ("/leader/monitor/loses", test_loses);
  g_test_add_func ("/leader/monitor/loses/at-start", test_loses_at_start);
  g_test_add_func ("/leader/monitor/loses/stopping", test_loses_stopping);
  return g_test_run ();
}
