/* Tests of collector-seen: what has come is known again, and memory is bounded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-seen.h"

static gboolean
add (CollectorSeen *seen, const char *session, const char *json)
{
  g_autoptr (JsonNode) event = json_from_string (json, NULL);

  return collector_seen_add (seen, session, json_node_get_object (event));
}

static void
knows_identities (void)
{
  g_autoptr (CollectorSeen) seen = collector_seen_new ();

  g_assert_true (add (seen, "s", "{\"id\":\"1\"}"));
  g_assert_false (add (seen, "s", "{\"id\":\"1\",\"sn\":7}"));
  g_assert_true (add (seen, "s", "{\"sn\":1}"));
  g_assert_false (add (seen, "s", "{\"sn\":1}"));
  g_assert_true (add (seen, "t", "{\"sn\":1}"));
  g_assert_true (add (seen, "s", "{}"));
  g_assert_true (add (seen, "s", "{}"));
}

static void
forgets_the_oldest (void)
{
  g_autoptr (CollectorSeen) seen = collector_seen_new ();
  g_autoptr (JsonObject) event = json_object_new ();

  for (int i = 0; i <= COLLECTOR_SEEN_MAX; i++) {
    json_object_set_int_member (event, "sn", i);
    g_assert_true (collector_seen_add (seen, "s", event));
  }
  g_assert_false (add (seen, "s", "{\"sn\":1}"));
  g_assert_true (add (seen, "s", "{\"sn\":0}"));
  g_assert_true (add (seen, "s", "{\"sn\":1}"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collector/seen/knows-identities", knows_identities);
  g_test_add_func ("/collector/seen/forgets-the-oldest", forgets_the_oldest);
  return g_test_run ();
}
