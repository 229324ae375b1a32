/* mh-config: what an application has set, as plain values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-config.h"

#include <gio/gio.h>
#include <string.h>

#include "mh-property.h"

MhConfig *
mh_config_new (void)
{
  MhConfig *config = g_new0 (MhConfig, 1);

  g_atomic_ref_count_init (&config->refs);
  mh_property_init_all (config, MH_PROPERTY_IN_CONFIG);
  return config;
}

MhConfig *
mh_config_copy (const MhConfig *config)
{
  MhConfig *copy = g_memdup2 (config, sizeof *config);

  g_atomic_ref_count_init (&copy->refs);
  mh_property_own_all (copy, MH_PROPERTY_IN_CONFIG);
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
  mh_property_clear_all (config, MH_PROPERTY_IN_CONFIG);
  g_free (config);
}

gboolean
mh_config_set (
    MhConfig *config, const char *name, GVariant *value, GError **error)
{
  const MhProperty *property = mh_property_find (name);

  if (property && property->place == MH_PROPERTY_IN_CONFIG)
    return mh_property_set_variant (property, name, config, value, error);
  g_set_error (error, MH_ERROR, MH_ERROR_CONFIG,
      "there is no configuration value “%s”", name);
  return FALSE;
}

/* Returns: the digit of @value; '?': it has none. */
static char
auth_state_digit (GVariant *value)
{
  static const char *const nicks[] = { "unknown", "authenticated",
    "logged-out" };

  if (!value)
    return '0';
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64)) {
    gint64 state = g_variant_get_int64 (value);

    return state >= 0 && state <= 2 ? (char) ('0' + state) : '?';
  }
  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++) {
    if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
        g_str_equal (g_variant_get_string (value, NULL), nicks[i]))
      return (char) ('0' + i);
  }
  return '?';
}

static char *
make_customer_id (GVariant *entry)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) state = NULL;

  if (g_variant_is_of_type (entry, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (entry, NULL);
  if (!g_variant_is_of_type (entry, G_VARIANT_TYPE_VARDICT))
    return g_strdup ("");
  value = g_variant_lookup_value (entry, "value", NULL);
  state = g_variant_lookup_value (entry, "auth-state", NULL);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_strdup_printf ("%" G_GINT64_FORMAT ",%c",
        g_variant_get_int64 (value), auth_state_digit (state));
  if (!value || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_strdup ("");
  return g_strdup_printf (
      "%s,%c", g_variant_get_string (value, NULL), auth_state_digit (state));
}

GVariant *
mh_config_make_customer_ids (GVariant *values)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *entry;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &entry)) {
    g_autofree char *text = make_customer_id (entry);

    g_variant_builder_add (&builder, "{ss}", name, text);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* @text: `id,authState`; without the comma and what follows when it comes back. */
static int
split_customer_id (char *text)
{
  char *comma = strrchr (text, ',');

  if (!comma || comma == text || comma[1] < '0' || comma[1] > '2' || comma[2])
    return -1;
  *comma = '\0';
  return comma[1] - '0';
}

void
mh_config_for_each_customer_id (
    GVariant *ids, MhCustomerIdFunc func, gpointer user_data)
{
  gsize n = ids ? g_variant_n_children (ids) : 0;

  for (gsize i = 0; i < n; i++) {
    const char *name;
    g_autofree char *text = NULL;
    int auth_state;

    g_variant_get_child (ids, i, "{&ss}", &name, &text);
    auth_state = split_customer_id (text);
    func (name, text, auth_state, user_data);
  }
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

/* What may follow a server's path. */
typedef enum
{
  NOTHING_MORE,
  QUERY,
  ANYTHING_MORE,
} UriEnd;

static const char *
server_fault (GUri *uri, gboolean allow_http, UriEnd end)
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
  if (end == NOTHING_MORE &&
      (g_uri_get_query (uri) || g_uri_get_fragment (uri)))
    return "must not have a query or fragment";
  if (end == QUERY && g_uri_get_fragment (uri))
    return "must not have a fragment";
  if (http && !allow_http && !is_loopback (host))
    return "is plain http to a host other than loopback, "
           "which needs allow-http=true";
  return NULL;
}

static gboolean
check_uri (const char *server, gboolean allow_http, UriEnd end, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) cause = NULL;
  const char *fault;

  if (!server)
    return TRUE;
  uri = g_uri_parse (server, G_URI_FLAGS_HAS_PASSWORD, &cause);
  fault = uri ? server_fault (uri, allow_http, end) : cause->message;
  if (!fault)
    return TRUE;
  /* A password may be in there: it is not repeated. */
  if (uri &&
      (g_uri_get_userinfo (uri) ||
          (end != NOTHING_MORE && g_uri_get_query (uri))))
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

gboolean
mh_config_check_endpoint (
    const char *endpoint, gboolean allow_http, GError **error)
{
  return check_uri (endpoint, allow_http, ANYTHING_MORE, error);
}

/* The Media Edge API takes no session without these
 * (docs/design/wire-media-edge.md#names). */
static gboolean
check_edge (const MhConfig *config, GError **error)
{
  const struct
  {
    const char *name;
    const char *value;
  } needed[] = {
    { "channel", config->channel },
    { "player-name", config->player_name },
    { "datastream-id", config->datastream_id },
  };
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++) {
    if (needed[i].value && *needed[i].value)
      continue;
    g_string_append (missing, missing->len > 0 ? ", " : "");
    g_string_append (missing, needed[i].name);
  }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_CONFIG,
      "protocol=media-edge needs channel, player-name and datastream-id; not "
      "set: %s",
      missing->str);
  return FALSE;
}

/* What follows a line end would be a header of its own. The value may open a
 * door, so the message does not have it. */
static gboolean
config_check_authorization (const char *authorization, GError **error)
{
  for (const char *c = authorization; c && *c; c++) {
    if (g_ascii_isprint (*c))
      continue;
    g_set_error_literal (error, MH_ERROR, MH_ERROR_CONFIG,
        "authorization must be printable ASCII characters");
    return FALSE;
  }
  return TRUE;
}

/* Whether a server is asked for under the URI that is set, as it is. */
static gboolean
is_whole_uri (MhProtocolKind protocol)
{
  static const gboolean whole_uris[MH_N_PROTOCOLS] = {
#define ROW(kind, symbol, nick, title, whole) [MH_PROTOCOL_##kind] = whole,
    MH_PROTOCOLS (ROW)
#undef ROW
  };

  return whole_uris[protocol];
}

gboolean
mh_config_check_destination (const MhConfig *config, GError **error)
{
  if (!config->collection_server)
    return TRUE;
  if (!check_uri (config->collection_server, config->allow_http,
          is_whole_uri (config->protocol) ? QUERY : NOTHING_MORE, error))
    return FALSE;
  if (config->protocol == MH_PROTOCOL_MEDIA_EDGE)
    return check_edge (config, error);
  return config->protocol == MH_PROTOCOL_MEDIA_COLLECTION ||
      config_check_authorization (config->authorization, error);
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
