/* Tests of mh-config.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-config.h"

#include <string.h>

static void
assert_set (MhConfig *config, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant)
      parsed = g_variant_ref_sink (g_variant_new_parsed (value));

  g_assert_true (mh_config_set (config, name, parsed, &error));
  g_assert_no_error (error);
}

static void
assert_not_set (MhConfig *config, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant)
      parsed = g_variant_ref_sink (g_variant_new_parsed (value));

  g_assert_false (mh_config_set (config, name, parsed, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_defaults (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  g_assert_null (config->collection_server);
  g_assert_cmpint (config->protocol, ==, MH_PROTOCOL_MEDIA_COLLECTION);
  g_assert_false (config->allow_http);
  g_assert_cmpuint (config->idle_timeout, ==, 1800);
  g_assert_cmpuint (config->session_timeout, ==, 86400);
  g_assert_cmpuint (config->ping_interval, ==, 10);
  g_assert_cmpuint (config->ad_ping_interval, ==, 1);
  g_assert_cmpint (config->location_hint, ==, -1);
  g_assert_null (config->customer_ids);
  g_assert_false (config->opt_out_share || config->opt_out_forwarding);
}

static void
test_copy (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autoptr (MhConfig) copy = NULL;

  assert_set (config, "channel", "'one'");
  assert_set (config, "customer-ids", "{'crm': 'one,1'}");
  mh_config_ref (config);
  copy = mh_config_copy (config);
  mh_config_unref (config);
  assert_set (copy, "channel", "'two'");
  g_assert_cmpstr (config->channel, ==, "one");
  g_assert_cmpstr (copy->channel, ==, "two");
  g_assert_true (copy->customer_ids == config->customer_ids);
  assert_set (copy, "customer-ids", "{'crm': 'two,1'}");
  g_assert_false (copy->customer_ids == config->customer_ids);
}

static void
test_set_names (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_set (config, "tracking-server", "'a'");
  g_assert_cmpstr (config->tracking_server, ==, "a");
  assert_set (config, "analytics.trackingServer", "'b'");
  g_assert_cmpstr (config->tracking_server, ==, "b");
  assert_set (config, "media.playerName", "'player'");
  g_assert_cmpstr (config->player_name, ==, "player");
  assert_set (config, "tls-database", "'/ca.pem'");
  g_assert_cmpstr (config->tls_database, ==, "/ca.pem");
  assert_set (config, "allow-http", "true");
  g_assert_true (config->allow_http);
  assert_set (config, "idle-timeout", "int64 1");
  g_assert_cmpuint (config->idle_timeout, ==, 1);
  assert_set (config, "idle-timeout", "int64 2147483647");
  g_assert_cmpuint (config->idle_timeout, ==, G_MAXINT32);
  assert_not_set (config, "idle-timeout", "int64 2147483648");
  assert_set (config, "late-delivery", "'drop'");
  g_assert_cmpint (config->late_delivery, ==, MH_LATE_DELIVERY_DROP);
  assert_not_set (config, "late-delivery", "'never'");
  assert_not_set (config, "late-delivery", "int64 1");
}

static void
test_set_identity (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_set (config, "analytics-id", "'a'");
  assert_set (config, "location-hint", "int64 9");
  assert_set (config, "opt-out-share", "true");
  assert_set (config, "opt-out-server-side-forwarding", "true");
  g_assert_cmpstr (config->analytics_id, ==, "a");
  g_assert_cmpint (config->location_hint, ==, 9);
  g_assert_true (config->opt_out_share && config->opt_out_forwarding);
  assert_set (config, "analytics.aid", "'b'");
  assert_set (config, "visitor.aamLocationHint", "int64 -1");
  assert_set (config, "analytics.optOutShare", "false");
  assert_set (config, "analytics.optOutServerSideForwarding", "false");
  assert_set (config, "visitor.customerIDs", "{'crm': 'i,1'}");
  g_assert_cmpstr (config->analytics_id, ==, "b");
  g_assert_cmpint (config->location_hint, ==, -1);
  g_assert_false (config->opt_out_share || config->opt_out_forwarding);
  g_assert_nonnull (config->customer_ids);
  assert_not_set (config, "location-hint", "int64 -2");
  assert_not_set (config, "location-hint", "int64 2147483648");
  assert_not_set (config, "location-hint", "9.5");
  assert_not_set (config, "customer-ids", "'crm=i,1'");
  assert_not_set (config, "customer-ids", "{'crm': 1}");
}

typedef struct
{
  char *id;
  int auth_state;
} CustomerId;

static void
take_customer_id (
    const char *name, const char *id, int auth_state, gpointer user_data)
{
  CustomerId *taken = user_data;

  g_assert_cmpstr (name, ==, "crm");
  g_assert_null (taken->id);
  taken->id = g_strdup (id);
  taken->auth_state = auth_state;
}

/* @id: NULL: it is malformed */
static void
assert_customer_id (const MhConfig *config, const char *id, int auth_state)
{
  CustomerId taken = { 0 };

  mh_config_for_each_customer_id (
      config->customer_ids, take_customer_id, &taken);
  g_assert_nonnull (taken.id);
  if (id)
    g_assert_cmpstr (taken.id, ==, id);
  g_assert_cmpint (taken.auth_state, ==, id ? auth_state : -1);
  g_free (taken.id);
}

/* As they come from a JSON file, or from nested structures. */
static void
test_make_customer_ids (void)
{
  static const struct
  {
    const char *value;
    const char *id;
    int auth_state;
  } rows[] = {
    { "<'i,1'>", "i", 1 },
    { "<{'value': <'i'>, 'auth-state': <int64 1>}>", "i", 1 },
    { "<{'value': <'a, b'>, 'auth-state': <'logged-out'>}>", "a, b", 2 },
    { "<{'value': <'i'>, 'auth-state': <'unknown'>}>", "i", 0 },
    { "<{'value': <'i'>}>", "i", 0 },
    { "<{'value': <int64 4711>}>", "4711", 0 },
    { "<{'value': <''>, 'auth-state': <int64 1>}>", NULL },
    { "<{'value': <'i'>, 'auth-state': <int64 3>}>", NULL },
    { "<{'value': <'i'>, 'auth-state': <int64 -1>}>", NULL },
    { "<{'value': <'i'>, 'auth-state': <'1'>}>", NULL },
    { "<{'value': <'i'>, 'auth-state': <true>}>", NULL },
    { "<{'value': <true>}>", NULL },
    { "<{'auth-state': <int64 1>}>", NULL },
    { "<true>", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MhConfig) config = mh_config_new ();
    g_autofree char *values = g_strdup_printf ("{'crm': %s}", rows[i].value);

    assert_set (config, "customer-ids", values);
    assert_customer_id (config, rows[i].id, rows[i].auth_state);
  }
}

static void
test_customer_id (void)
{
  static const struct
  {
    const char *text;
    const char *id;
    int auth_state;
  } rows[] = {
    { "one,0", "one", 0 },
    { "a@b.example,1", "a@b.example", 1 },
    { "with, comma,2", "with, comma", 2 },
    { ",,1", ",", 1 },
    { " ,1", " ", 1 },
    { "", NULL, 0 },
    { "one", NULL, 0 },
    { "one,", NULL, 0 },
    { ",1", NULL, 0 },
    { "one,3", NULL, 0 },
    { "one,-1", NULL, 0 },
    { "one,01", NULL, 0 },
    { "one,1 ", NULL, 0 },
    { "one, 1", NULL, 0 },
    { "one,authenticated", NULL, 0 },
    { "one,1,", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MhConfig) config = mh_config_new ();
    g_autofree char *values = g_strdup_printf ("{'crm': '%s'}", rows[i].text);

    assert_set (config, "customer-ids", values);
    assert_customer_id (config, rows[i].id, rows[i].auth_state);
  }
}

static void
test_set_refused (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_not_set (config, "no-such-thing", "'a'");
  assert_not_set (config, "", "'a'");
  assert_not_set (config, "channel", "int64 1");
  assert_not_set (config, "allow-http", "'true'");
  assert_not_set (config, "idle-timeout", "'1800'");
  assert_not_set (config, "idle-timeout", "1.5");
  assert_not_set (config, "idle-timeout", "int64 0");
  assert_not_set (config, "idle-timeout", "int64 -1");
  assert_not_set (config, "idle-timeout", "int64 4294967296");
  g_assert_cmpuint (config->idle_timeout, ==, 1800);
  g_assert_null (config->channel);
}

static gboolean
check_server (const char *server, gboolean allow_http, GError **error)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  config->collection_server = g_strdup (server);
  config->allow_http = allow_http;
  return mh_config_check_destination (config, error);
}

static void
test_server_fine (void)
{
  static const char *const servers[] = { "https://example.hb-api.omtrdc.net",
    "https://example.com/", "https://example.com:8443/below",
    "HTTPS://example.com", "http://localhost:8080", "http://LOCALHOST",
    "http://127.0.0.1:1", "http://127.1.2.3", "http://[::1]:8080" };

  g_assert_true (check_server (NULL, FALSE, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (check_server (servers[i], FALSE, &error));
    g_assert_no_error (error);
  }
  g_assert_true (check_server ("http://example.com", TRUE, NULL));
}

static void
test_server_refused (void)
{
  static const char *const servers[] = { "", "example.com", "/path",
    "ftp://example.com", "https://", "https:///path", "file:///etc/passwd",
    "http://example.com", "http://localhost.example.com", "http://10.0.0.1",
    "https://example.com/?a=b", "https://example.com/#a", "https://[::1",
    "https://user@example.com", "https://a b/" };

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (check_server (servers[i], FALSE, &error));
    g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  }
}

static void
test_server_password (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      check_server ("https://user:secret@example.com", FALSE, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_null (strstr (error->message, "secret"));
}

/* Somebody's, with one more thing set. */
static MhConfig *
make_player (const char *name, const char *value)
{
  MhConfig *config = mh_config_new ();

  assert_set (config, "collection-server", "'https://a.example'");
  assert_set (config, "player-name", "'player'");
  if (name)
    assert_set (config, name, value);
  return config;
}

static char *
dup_consent (const char *name, const char *value)
{
  g_autoptr (MhConfig) config = make_player (name, value);

  return mh_config_dup_consent (config);
}

static gboolean
consents (const char *name, const char *value, const char *consent)
{
  g_autoptr (MhConfig) config = make_player (name, value);

  return mh_config_consents (config, consent);
}

/* One's own only; and what is nobody's in particular is everybody's who uses
 * this application. */
static void
test_consent (void)
{
  static const char *const other[] = { "collection-server", "player-name",
    "report-suite", "org-id", "datastream-id" };
  g_autofree char *nobody = dup_consent (NULL, NULL);
  g_autofree char *somebody = dup_consent ("visitor-id", "'secret'");

  g_assert_null (strstr (somebody, "secret"));
  g_assert_null (strstr (nobody, "player"));
  g_assert_true (consents (NULL, NULL, nobody));
  g_assert_true (consents ("visitor-id", "'secret'", nobody));
  g_assert_true (consents ("visitor-id", "'secret'", somebody));
  g_assert_true (consents ("channel", "'c'", nobody));
  g_assert_false (consents (NULL, NULL, somebody));
  g_assert_false (consents ("visitor-id", "'other'", somebody));
  g_assert_false (consents ("analytics-id", "'secret'", somebody));
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    g_assert_false (consents (other[i], "'https://b.example'", nobody));
  g_assert_false (consents (NULL, NULL, ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
  g_test_add_func ("/config/copy", test_copy);
  g_test_add_func ("/config/set/names", test_set_names);
  g_test_add_func ("/config/set/identity", test_set_identity);
  g_test_add_func ("/config/set/refused", test_set_refused);
  g_test_add_func ("/config/customer-id", test_customer_id);
  g_test_add_func ("/config/customer-ids/make", test_make_customer_ids);
  g_test_add_func ("/config/server/fine", test_server_fine);
  g_test_add_func ("/config/server/refused", test_server_refused);
  g_test_add_func (
      "/config/server/password-not-repeated", test_server_password);
  g_test_add_func ("/config/consent", test_consent);
  return g_test_run ();
}
