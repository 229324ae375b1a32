/* Tests of mh-monitor: what holds whatever is observed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sequence.h"
#include "mh-test-share.h"

#define N_SEQUENCES 400
#define N_LINES 500

/* Each as likely as the others. */
static const char *const words[] = { "own=playing>playing",
  "own=playing>playing", "own=playing>playing", "own=paused>paused",
  "own=paused>paused", "own=paused>playing", "own=paused>ready",
  "own=paused>null", "own=ready>ready", "own=ready>null", "own=null>null",
  "own=null>playing", "top=playing", "top=playing", "top=playing", "top=paused",
  "top=paused+playing", "top=ready", "really=playing", "buf=0", "buf=50",
  "buf=99", "buf=100", "buf=100", "seek=1:10", "seek=2:-", "seek=3:30",
  "flush=1", "flush=2", "flush=3", "unflush=1", "unflush=3", "segment=0",
  "segment=10:2", "segment=30:-1", "segment=-", "data", "data", "data", "data",
  "padeos", "eos", "asyncdone", "asyncdone", "group=1", "group=2", "padgroup=1",
  "padgroup=2", "padgroup=3", "irate=0.5", "irate=1", "error=a:1", "error=b:2",
  "pos=0", "pos=20", "fill=0", "fill=100", "dry", "wet", "wet", "freeze",
  "thaw", "step=40", "step=4000", "leads=0", "leads=1", "leads=open", "live",
  "threshold=100", "threshold=2000", "late", "bitrate=1:64000:80000",
  "bitrate=1:96000", "fps=25", "fps=50", "fps=0", "dropped=100", "overdue=50",
  "bitrate=2:500000", "bitrate=2:0", "bitrate=container:300000",
  "bitrate=pad:128000", "bitrate=variant:200000", "bitrate=variant:1800000",
  "bitrate=variant2:900000", "bitrate=variant:0" };

/* Mostly moments, so that observations meet what waits; at times an hour. */
static double
random_gap (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 20)) {
    case 0:
      return g_rand_int_range (rand, 0, 60000);
    case 1:
      return g_rand_int (rand) % 20 ? 700 : 3600000;
    case 2:
    case 3:
    case 4:
      return 250;
    case 5:
    case 6:
      return 500;
    default:
      return g_rand_int_range (rand, 0, 300);
  }
}

/* The machine sleeps, after a moment or at once. Returns: when it wakes, ms. */
static double
sleep_random (MhSequence *sequence, GRand *rand, double at)
{
  char line[G_ASCII_DTOSTR_BUF_SIZE];

  if (g_rand_boolean (rand)) {
    at += random_gap (rand);
    mh_sequence_play (
        sequence, g_ascii_formatd (line, sizeof line, "%.0f", at));
  }
  at += random_gap (rand) + (g_rand_boolean (rand) ? 2000 : 8 * 3600 * 1000);
  mh_sequence_sleep (sequence, (gint64) at);
  return at;
}

static void
play_random (MhSequence *sequence, GRand *rand, gboolean calls)
{
  static const char *const names[] = { "sessionStart", "sessionEnd", "complete",
    "qoe" };
  g_autoptr (GString) line = g_string_new (NULL);
  double at = 0;

  for (guint i = 0; i < N_LINES; i++) {
    if (g_rand_int_range (rand, 0, 20) == 0)
      at = sleep_random (sequence, rand, at);
    at += random_gap (rand);
    g_string_printf (line, "%.0f %s", at,
        words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
    if (calls && g_rand_int_range (rand, 0, 20) == 0)
      g_string_printf (line, "%.0f call=%s", at,
          names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))]);
    if (g_rand_int_range (rand, 0, 20) == 0)
      g_string_append (line, " late");
    mh_sequence_play (sequence, line->str);
  }
}

/* The sequence itself asserts what is to hold of times. */
static void
test_refusals (void)
{
  for (guint32 seed = 0; seed < N_SEQUENCES / mh_test_share (); seed++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    GPtrArray *refusals = mh_sequence_get_refusals (sequence);

    play_random (sequence, rand, FALSE);
    if (refusals->len > 0)
      g_error ("seed %u: %s", seed, (char *) refusals->pdata[0]);
  }
}

/* The application's own sessions make no difference to that. */
static void
test_calls (void)
{
  for (guint32 seed = 0; seed < N_SEQUENCES / 4 / mh_test_share (); seed++) {
    g_autoptr (MhSequence) sequence = mh_sequence_new ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    GPtrArray *refusals = mh_sequence_get_refusals (sequence);

    play_random (sequence, rand, TRUE);
    if (refusals->len > 0)
      g_error ("seed %u: %s", seed, (char *) refusals->pdata[0]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/random/no-call-is-refused", test_refusals);
  g_test_add_func ("/monitor/random/own-calls", test_calls);
  return g_test_run ();
}
