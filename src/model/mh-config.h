/* mh-config: what an application has set, as plain values.
 *
 * The plugin fills it from the element's properties, the replay program from a
 * JSON file; the session takes its times from it, the protocols their
 * parameters, the sender its destination. src/model/mh-property.c has a row for
 * each member, with its default.
 *
 * May touch: GLib, mh-enums, mh-error.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-enums.h"
#include "mh-error.h"

G_BEGIN_DECLS

/**
 * MhSendMode:
 * @MH_SEND_ONLY_LIVE: hit by hit; what comes too late is given up
 * @MH_SEND_LIVE: hit by hit; what comes too late goes as @MH_SEND_REST
 * @MH_SEND_WHOLE: all of it as one batch, when it has ended
 * @MH_SEND_REST: what is left of it as one batch, now; it has ended
 *
 * How a session's hits are delivered.
 */
typedef enum
{
  MH_SEND_ONLY_LIVE,
  MH_SEND_LIVE,
  MH_SEND_WHOLE,
  MH_SEND_REST,
} MhSendMode;

/* Every string may be NULL (not set). Immutable once shared: to change a value,
 * copy the configuration first (mh_config_copy()). The reference count is atomic,
 * so a shared one may be read from any thread. */
typedef struct
{
  /*< private >*/
  gatomicrefcount refs;

  /*< public >*/
  /* Where to. NULL server: nothing goes over the network. */
  char *collection_server;
  MhProtocolKind protocol;
  char *datastream_id;
  char *tls_database; /* a file of CAs, in place of the system's */
  gboolean allow_http; /* plain http to other hosts than loopback */
  char *authorization; /* header of each request; never stored */
  MhFraming framing;
  char *body_type; /* media type of a body, in place of the framing's */
  gboolean compress;
  guint send_interval; /* s; 0: at once */

  /* Where hits wait, and how many. NULL: in the XDG state directory. */
  char *state_dir;
  guint queue_max_hits; /* > 0, default 10000 */
  guint queue_max_bytes; /* of their bodies, > 0, default 8 MiB */
  guint queue_max_age; /* s, > 0, default 14 days */
  MhLateDelivery late_delivery;
  gboolean consent_pending; /* nothing is sent before the visitor agrees */
  guint remember_max_age; /* s, > 0: of positions; default 30 days */

  /* Parameters of the sessionStart
   * (docs/design/wire-media-collection.md#parameters). */
  char *tracking_server; /* analytics.trackingServer */
  char *report_suite; /* analytics.reportSuite */
  char *org_id; /* visitor.marketingCloudOrgId */
  char *visitor_id; /* analytics.visitorId */
  char *analytics_id; /* analytics.aid */
  char *marketing_cloud_user_id; /* visitor.marketingCloudUserId */
  GVariant *customer_ids; /* visitor.customerIDs: a{ss}, see below */
  int location_hint; /* visitor.aamLocationHint; -1: not set */
  gboolean opt_out_share; /* analytics.optOutShare */
  gboolean opt_out_forwarding; /* analytics.optOutServerSideForwarding */
  char *app_installation_id; /* appInstallationId */
  char *channel; /* media.channel */
  char *player_name; /* media.playerName, media.ad.playerName */
  char *app_version; /* media.sdkVersion */

  /* Times of the session rules. */
  guint idle_timeout; /* s, > 0, default 1800 */
  guint session_timeout; /* s, > 0, default 86400 */
  guint ping_interval; /* s, > 0, default 10 */
  guint ad_ping_interval; /* s, > 0, default 1 */
} MhConfig;

/* Returns: (transfer full): a configuration with the defaults of
 * docs/reference/properties.md. */
MhConfig *mh_config_new (void);

/**
 * mh_config_copy:
 * @config: a configuration
 *
 * Returns: (transfer full): an equal one; only the caller holds it.
 */
MhConfig *mh_config_copy (const MhConfig *config);

MhConfig *mh_config_ref (MhConfig *config);
void mh_config_unref (MhConfig *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhConfig, mh_config_unref)

/**
 * mh_config_set:
 * @config: a configuration that only the caller holds
 * @name: a property name of the element ("tracking-server", "idle-timeout") or
 *   the wire's name of a parameter ("analytics.trackingServer")
 * @value: `s`, `x`, `b`, or `a{ss}` or `a{sv}` of customer IDs; for an enumeration
 *   its nick
 * @error: %MH_ERROR_CONFIG: no such name, wrong type, out of range
 *
 * Sets one value by its name, for configuration files.
 *
 * Returns: whether it was set.
 */
gboolean mh_config_set (
    MhConfig *config, const char *name, GVariant *value, GError **error);

/**
 * mh_config_make_customer_ids:
 * @values: `a{sv}`: for each ID an `a{sv}` with its `value` (`s` or a number) and
 *   `auth-state` (0 to 2, or `unknown`, `authenticated`, `logged-out`; without it
 *   0), or a text, `id,authState`
 *
 * Returns: (transfer full): `a{ss}` for #MhConfig: a text for each. The text of a
 *   malformed one cannot be parsed.
 */
GVariant *mh_config_make_customer_ids (GVariant *values);

/**
 * MhCustomerIdFunc:
 * @name: what kind of ID it is
 * @id: the ID, not empty; where it is malformed, the text that is set
 * @auth_state: 0 (unknown), 1 (authenticated) or 2 (logged out); -1: it is malformed
 */
typedef void (*MhCustomerIdFunc) (
    const char *name, const char *id, int auth_state, gpointer user_data);

/**
 * mh_config_for_each_customer_id:
 * @ids: (nullable): those of a configuration: texts, `id,authState` each
 * @func: is told of each, in order
 */
void mh_config_for_each_customer_id (
    GVariant *ids, MhCustomerIdFunc func, gpointer user_data);

/**
 * mh_config_check_endpoint:
 * @endpoint: what a session is sent to (MhProtocol)
 * @allow_http: whether plain http may go to any host
 * @error: %MH_ERROR_CONFIG with the reason
 *
 * An endpoint is a URI with https, or http to a loopback address (or to any host where
 * @allow_http), with a host, and without user information. NULL is fine: nothing is
 * sent. What an application may set is checked by mh_config_check_destination(): most
 * protocols allow no query and no fragment there.
 *
 * Returns: whether it may be used.
 */
gboolean mh_config_check_endpoint (
    const char *endpoint, gboolean allow_http, GError **error);

/**
 * mh_config_check_destination:
 * @error: %MH_ERROR_CONFIG with the reason
 *
 * Checks that something can be sent with @config: its server is one that its
 * protocol can use, and all is set that the back end takes nothing without
 * (docs/reference/properties.md). Without a server there is nothing to check.
 *
 * Returns: whether something can be sent.
 */
gboolean mh_config_check_destination (const MhConfig *config, GError **error);

/* What a visitor agrees to, in short: that this application (its player, its report
 * suite) reports to this server; and who the visitor is, where that is known.
 * Programs share a state directory: the consent that one has got is not the
 * others'. Returns: (transfer full): a text without anything of all that in it. */
char *mh_config_dup_consent (const MhConfig *config);

/**
 * mh_config_consents:
 * @config: the configuration of a visitor who has agreed
 * @consent: which consent is needed, as by mh_config_dup_consent()
 *
 * Returns: whether the visitor has given that consent: the application is the same,
 *   and so is the visitor, unless @consent names no visitor.
 */
gboolean mh_config_consents (const MhConfig *config, const char *consent);

/**
 * mh_config_server_is_local:
 * @server: (nullable): a collection server's base URI
 *
 * Returns: whether it is on a loopback address: a developer's own.
 */
gboolean mh_config_server_is_local (const char *server);

G_END_DECLS
