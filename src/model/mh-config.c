/* mh-config: what an application has set, as plain values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-config.h"

#include <gio/gio.h>
#include <string.h>

/* One settable value: its names and where it lives. */
typedef struct
{
  const char *name; /* the element's property */
  const char *wire; /* the parameter that it becomes, or NULL */
  enum
  {
    VALUE_STRING,
    VALUE_SECONDS,
    VALUE_NUMBER,
    VALUE_BOOLEAN,
    VALUE_HINT,
    VALUE_CUSTOMER_IDS,
  } type;
  gsize offset;
} ConfigValue;

#define STRING(name, wire, field) \
  { \
    name, wire, VALUE_STRING, G_STRUCT_OFFSET (MhConfig, field) \
  }
#define SECONDS(name, field) \
  { \
    name, NULL, VALUE_SECONDS, G_STRUCT_OFFSET (MhConfig, field) \
  }
#define NUMBER(name, field) \
  { \
    name, NULL, VALUE_NUMBER, G_STRUCT_OFFSET (MhConfig, field) \
  }
#define BOOLEAN(name, field) \
  { \
    name, NULL, VALUE_BOOLEAN, G_STRUCT_OFFSET (MhConfig, field) \
  }

#define VALUE(type, name, wire, field) \
  { \
    name, wire, VALUE_##type, G_STRUCT_OFFSET (MhConfig, field) \
  }

static const ConfigValue config_values[] = {
  STRING ("collection-server", NULL, collection_server),
  STRING ("datastream-id", NULL, datastream_id),
  STRING ("tls-database", NULL, tls_database),
  BOOLEAN ("allow-http", allow_http),
  STRING ("state-dir", NULL, state_dir),
  NUMBER ("queue-max-hits", queue_max_hits),
  NUMBER ("queue-max-bytes", queue_max_bytes),
  SECONDS ("queue-max-age", queue_max_age),
  SECONDS ("remember-max-age", remember_max_age),
  STRING ("tracking-server", "analytics.trackingServer", tracking_server),
  STRING ("report-suite", "analytics.reportSuite", report_suite),
  STRING ("org-id", "visitor.marketingCloudOrgId", org_id),
  STRING ("visitor-id", "analytics.visitorId", visitor_id),
  STRING ("analytics-id", "analytics.aid", analytics_id),
  VALUE (CUSTOMER_IDS, "customer-ids", "visitor.customerIDs", customer_ids),
  VALUE (HINT, "location-hint", "visitor.aamLocationHint", location_hint),
  VALUE (BOOLEAN, "opt-out-share", "analytics.optOutShare", opt_out_share),
  VALUE (BOOLEAN, "opt-out-server-side-forwarding",
      "analytics.optOutServerSideForwarding", opt_out_forwarding),
  STRING ("marketing-cloud-user-id", "visitor.marketingCloudUserId",
      marketing_cloud_user_id),
  STRING ("app-installation-id", "appInstallationId", app_installation_id),
  STRING ("channel", "media.channel", channel),
  STRING ("player-name", "media.playerName", player_name),
  STRING ("app-version", "media.sdkVersion", app_version),
  SECONDS ("idle-timeout", idle_timeout),
  SECONDS ("session-timeout", session_timeout),
  SECONDS ("ping-interval", ping_interval),
  SECONDS ("ad-ping-interval", ad_ping_interval),
};

MhConfig *
mh_config_new (void)
{
  MhConfig *config = g_new0 (MhConfig, 1);

  g_atomic_ref_count_init (&config->refs);
  config->protocol = MH_PROTOCOL_MEDIA_COLLECTION;
  config->queue_max_hits = 10000;
  config->queue_max_bytes = 8 << 20;
  config->queue_max_age = 14 * 24 * 60 * 60;
  config->remember_max_age = 30 * 24 * 60 * 60;
  config->idle_timeout = 1800;
  config->session_timeout = 86400;
  config->ping_interval = 10;
  config->ad_ping_interval = 1;
  config->location_hint = -1;
  return config;
}

MhConfig *
mh_config_copy (const MhConfig *config)
{
  MhConfig *copy = g_memdup2 (config, sizeof *config);

  g_atomic_ref_count_init (&copy->refs);
  for (guint i = 0; i < G_N_ELEMENTS (config_values); i++) {
    if (config_values[i].type == VALUE_STRING) {
      char **field = G_STRUCT_MEMBER_P (copy, config_values[i].offset);
      *field = g_strdup (*field);
    }
  }
  if (copy->customer_ids)
    g_variant_ref (copy->customer_ids);
  return copy;
}

MhConfig *
mh_config_ref (MhConfig *config)
{
  g_atomic_ref_count_inc (&config->refs);
  return config;
}

void
mh_config_unref (MhConfig *config)
{
  if (!g_atomic_ref_count_dec (&config->refs))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (config_values); i++) {
    if (config_values[i].type == VALUE_STRING)
      g_free (G_STRUCT_MEMBER (char *, config, config_values[i].offset));
  }
  g_clear_pointer (&config->customer_ids, g_variant_unref);
  g_free (config);
}

static const ConfigValue *
find_value (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (config_values); i++) {
    if (g_str_equal (config_values[i].name, name) ||
        g_strcmp0 (config_values[i].wire, name) == 0)
      return &config_values[i];
  }
  return NULL;
}

static gboolean
wrong_type (
    const char *name, const char *wanted, GVariant *value, GError **error)
{
  g_autofree char *text = g_variant_print (value, FALSE);

  g_set_error (
      error, MH_ERROR, MH_ERROR_CONFIG, "%s is %s, not %s", name, wanted, text);
  return FALSE;
}

static gboolean
set_number (guint *field, const char *name, const char *wanted, GVariant *value,
    GError **error)
{
  gint64 number;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return wrong_type (name, wanted, value, error);
  number = g_variant_get_int64 (value);
  if (number < 1 || number > G_MAXUINT) {
    g_autofree char *at_least = g_strdup_printf ("%s of at least 1", wanted);

    return wrong_type (name, at_least, value, error);
  }
  *field = (guint) number;
  return TRUE;
}

static gboolean
set_hint (int *field, const char *name, GVariant *value, GError **error)
{
  gint64 hint;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return wrong_type (name, "a whole number", value, error);
  hint = g_variant_get_int64 (value);
  if (hint < -1 || hint > G_MAXINT)
    return wrong_type (name, "a number of at least -1", value, error);
  *field = (int) hint;
  return TRUE;
}

static gboolean
set_customer_ids (
    GVariant **field, const char *name, GVariant *value, GError **error)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("a{ss}")))
    return wrong_type (name, "a set of names and strings", value, error);
  g_clear_pointer (field, g_variant_unref);
  *field = g_variant_ref (value);
  return TRUE;
}

gboolean
mh_config_set (
    MhConfig *config, const char *name, GVariant *value, GError **error)
{
  const ConfigValue *entry = find_value (name);

  if (!entry) {
    g_set_error (error, MH_ERROR, MH_ERROR_CONFIG,
        "there is no configuration value “%s”", name);
    return FALSE;
  }
  switch (entry->type) {
    case VALUE_STRING: {
      char **field = G_STRUCT_MEMBER_P (config, entry->offset);

      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        return wrong_type (name, "a string", value, error);
      g_free (*field);
      *field = g_variant_dup_string (value, NULL);
      return TRUE;
    }
    case VALUE_SECONDS:
    case VALUE_NUMBER:
      return set_number (G_STRUCT_MEMBER_P (config, entry->offset), name,
          entry->type == VALUE_SECONDS ? "a whole number of seconds"
                                       : "a whole number",
          value, error);
    case VALUE_BOOLEAN:
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
        return wrong_type (name, "a boolean", value, error);
      G_STRUCT_MEMBER (gboolean, config, entry->offset) =
          g_variant_get_boolean (value);
      return TRUE;
    case VALUE_HINT:
      return set_hint (
          G_STRUCT_MEMBER_P (config, entry->offset), name, value, error);
    case VALUE_CUSTOMER_IDS:
      return set_customer_ids (
          G_STRUCT_MEMBER_P (config, entry->offset), name, value, error);
  }
  g_assert_not_reached ();
}

gboolean
mh_config_parse_customer_id (const char *text, char **id, int *auth_state)
{
  const char *comma = strrchr (text, ',');

  if (!comma || comma == text || comma[1] < '0' || comma[1] > '2' || comma[2])
    return FALSE;
  *id = g_strndup (text, (gsize) (comma - text));
  *auth_state = comma[1] - '0';
  return TRUE;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address && g_inet_address_get_is_loopback (address);
}

static const char *
server_fault (GUri *uri, gboolean allow_http)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);
  gboolean http = g_str_equal (scheme, "http");

  if (!http && !g_str_equal (scheme, "https"))
    return "is neither https nor http";
  if (!host || !*host)
    return "has no host";
  if (strpbrk (host, " \t\r\n"))
    return "has a host with a space in it";
  if (g_uri_get_userinfo (uri))
    return "must not hold a user name or password";
  if (g_uri_get_query (uri) || g_uri_get_fragment (uri))
    return "must not have a query or fragment";
  if (http && !allow_http && !is_loopback (host))
    return "is plain http to a host other than loopback, "
           "which needs allow-http=true";
  return NULL;
}

gboolean
mh_config_check_server (const char *server, gboolean allow_http, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) cause = NULL;
  const char *fault;

  if (!server)
    return TRUE;
  uri = g_uri_parse (server, G_URI_FLAGS_HAS_PASSWORD, &cause);
  fault = uri ? server_fault (uri, allow_http) : cause->message;
  if (!fault)
    return TRUE;
  /* A password may be in there: it is not repeated. */
  if (uri && g_uri_get_userinfo (uri))
    g_set_error (
        error, MH_ERROR, MH_ERROR_CONFIG, "collection-server %s", fault);
  else if (uri)
    g_set_error (error, MH_ERROR, MH_ERROR_CONFIG, "collection-server “%s” %s",
        server, fault);
  else
    g_set_error (error, MH_ERROR, MH_ERROR_CONFIG,
        "collection-server “%s” is not a URI: %s", server, fault);
  return FALSE;
}

/* The end of each is part of it: "ab", "c" are not "a", "bc". */
static char *
dup_checksum (const char *const *texts, guint n)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < n; i++) {
    const char *text = texts[i] ? texts[i] : "";

    g_checksum_update (
        checksum, (const guchar *) text, (gssize) strlen (text) + 1);
  }
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
dup_application (const MhConfig *config)
{
  const char *const texts[] = { config->collection_server, config->report_suite,
    config->org_id, config->datastream_id, config->player_name };

  return dup_checksum (texts, G_N_ELEMENTS (texts));
}

/* NULL: it is not known. */
static char *
dup_visitor (const MhConfig *config)
{
  const char *const texts[] = { config->visitor_id, config->analytics_id,
    config->marketing_cloud_user_id };

  if (!texts[0] && !texts[1] && !texts[2])
    return NULL;
  return dup_checksum (texts, G_N_ELEMENTS (texts));
}

char *
mh_config_dup_consent (const MhConfig *config)
{
  g_autofree char *application = dup_application (config);
  g_autofree char *visitor = dup_visitor (config);

  return visitor ? g_strconcat (application, "/", visitor, NULL)
                 : g_steal_pointer (&application);
}

gboolean
mh_config_consents (const MhConfig *config, const char *consent)
{
  g_autofree char *application = dup_application (config);
  g_autofree char *own = mh_config_dup_consent (config);

  return g_str_equal (consent, application) || g_str_equal (consent, own);
}

gboolean
mh_config_server_is_local (const char *server)
{
  g_autoptr (GUri) uri = server ? g_uri_parse (server, G_URI_FLAGS_NONE, NULL)
                                : NULL;

  return uri && g_uri_get_host (uri) && is_loopback (g_uri_get_host (uri));
}
