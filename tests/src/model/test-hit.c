/* Tests of mh-hit.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-hit.h"

#include <math.h>

static void
test_event_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint event = 0; event < MH_N_EVENTS; event++) {
    const char *name = mh_event_name (event);

    g_assert_nonnull (name);
    g_assert_true (g_hash_table_add (seen, (gpointer) name));
  }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 19);
  g_assert_cmpstr (mh_event_name (MH_EVENT_SESSION_START), ==, "sessionStart");
  g_assert_cmpstr (mh_event_name (MH_EVENT_STATE_END), ==, "stateEnd");
}

static void
test_event_ends (void)
{
  for (guint event = 0; event < MH_N_EVENTS; event++)
    g_assert_cmpint (mh_event_ends_session (event), ==,
        event == MH_EVENT_SESSION_COMPLETE || event == MH_EVENT_SESSION_END);
}

static double
playhead_of (double playhead)
{
  g_autoptr (MhHit)
      hit = mh_hit_new (MH_EVENT_PING, 0, playhead, 0, NULL, NULL, NULL);

  return hit->playhead;
}

static void
test_playhead (void)
{
  g_assert_cmpfloat (playhead_of (1.1 + 0.1), ==, 1.2);
  g_assert_cmpfloat (playhead_of (1.0000004), ==, 1);
  g_assert_cmpfloat (playhead_of (1.0000006), ==, 1.000001);
  g_assert_cmpfloat (playhead_of (-3), ==, 0);
  g_assert_cmpfloat (playhead_of (NAN), ==, 0);
  g_assert_cmpfloat (playhead_of (INFINITY), ==, 0);
}

static void
test_containers (void)
{
  GVariant *params = g_variant_new_parsed ("{'media.length': <1.5>}");
  g_autoptr (MhHit) hit = mh_hit_new (MH_EVENT_PLAY, 3, 1, 42, params,
      g_variant_new ("a{ss}", NULL), g_variant_new ("a{sv}", NULL));

  g_assert_cmpuint (hit->session, ==, 3);
  g_assert_cmpint (hit->at, ==, 42);
  g_assert_cmpint (hit->ts, ==, 0);
  g_assert_true (hit->params == params);
  g_assert_false (g_variant_is_floating (hit->params));
  g_assert_null (hit->custom_metadata);
  g_assert_null (hit->qoe);
}

static void
test_free_null (void)
{
  mh_hit_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hit/event/names", test_event_names);
  g_test_add_func ("/hit/event/ends-session", test_event_ends);
  g_test_add_func ("/hit/playhead/rounded", test_playhead);
  g_test_add_func ("/hit/containers", test_containers);
  g_test_add_func ("/hit/free-null", test_free_null);
  return g_test_run ();
}
