/* collector-page: the page and its interfaces over HTTP.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-page.h"

#include "collector-prometheus.h"
#include "collector-resources.h"
#include "collector-stream.h"
#include "collector-view.h"

#include <string.h>

#define RESOURCE "/mediaheartbeat/collector/page.html"
#define SESSIONS "/sessions"

/* A page of another site cannot send it without asking first. */
#define FORGET_HEADER "X-Mediaheartbeat"

struct _CollectorPage
{
  CollectorModel *model;
  gboolean anywhere;
  GBytes *html;
  char *policy; /* Content-Security-Policy of the page */
  CollectorStreams *streams;
};

/* ---- the file ---- */

/* The hash of what is between two tags of the page. */
static char *
hash_between (const char *html, const char *open, const char *close)
{
  const char *from = strstr (html, open);
  const char *to = from ? strstr (from, close) : NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_return_val_if_fail (to, NULL);
  from += strlen (open);
  g_checksum_update (checksum, (const guchar *) from, to - from);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

static char *
make_policy (GBytes *html)
{
  gsize length;
  const char *data = g_bytes_get_data (html, &length);
  g_autofree char *text = g_strndup (data, length);
  g_autofree char *script = hash_between (text, "<script>", "</script>");
  g_autofree char *style = hash_between (text, "<style>", "</style>");

  return g_strdup_printf (
      "default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; "
      "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'",
      script, style);
}

static gint64
real_time (void)
{
  return g_get_real_time () / 1000;
}

CollectorPage *
collector_page_new (CollectorModel *model, gboolean anywhere)
{
  CollectorPage *page = g_new0 (CollectorPage, 1);

  page->model = model;
  page->anywhere = anywhere;
  page->html = g_resource_lookup_data (
      collector_get_resource (), RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  page->policy = make_policy (page->html);
  page->streams = collector_streams_new (model, real_time);
  return page;
}

void
collector_page_free (CollectorPage *page)
{
  if (!page)
    return;
  collector_streams_free (page->streams);
  g_bytes_unref (page->html);
  g_free (page->policy);
  g_free (page);
}

/* ---- answers ---- */

static void
set_header (SoupServerMessage *message, const char *name, const char *value)
{
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), name, value);
}

static void
answer (SoupServerMessage *message, guint status, const char *type, char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (
      message, type, SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
answer_json (SoupServerMessage *message, char *text)
{
  answer (message, SOUP_STATUS_OK, "application/json", text);
}

static void
answer_refused (SoupServerMessage *message, guint status, const char *reason)
{
  answer (message, status, "text/plain; charset=utf-8",
      g_strconcat (reason, "\n", NULL));
}

static void
serve_page (CollectorPage *page, SoupServerMessage *message)
{
  gsize length;
  const char *data = g_bytes_get_data (page->html, &length);

  set_header (message, "Content-Security-Policy", page->policy);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (
      message, "text/html; charset=utf-8", SOUP_MEMORY_STATIC, data, length);
}

static GHashTable *
decode_query (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  return query ? soup_form_decode (query) : NULL;
}

static void
serve_list (CollectorPage *page, SoupServerMessage *message)
{
  g_autoptr (GHashTable) names = decode_query (message);
  g_autoptr (CollectorFilter) filter = collector_filter_new (names);

  answer_json (
      message, collector_view_list (page->model, filter, real_time ()));
}

/* @id: from the path; empty: the query has it. Browsers and libsoup take `..` for a
 * step up, in a path, even where it is escaped. */
static void
serve_session (CollectorPage *page, SoupServerMessage *message, const char *id)
{
  g_autoptr (GHashTable) names = *id ? NULL : decode_query (message);
  const char *asked = names ? g_hash_table_lookup (names, "id") : NULL;
  CollectorRecord *record = collector_model_find (
      page->model, asked ? asked : id);

  if (record)
    answer_json (
        message, collector_view_session (page->model, record, real_time ()));
  else
    answer_refused (
        message, SOUP_STATUS_NOT_FOUND, "There is no such session.");
}

static void
serve_changes (CollectorPage *page, SoupServerMessage *message)
{
  /* There is nothing to follow in an answer without a body. */
  if (strcmp (soup_server_message_get_method (message), "HEAD") == 0) {
    answer (message, SOUP_STATUS_OK, "text/event-stream", g_strdup (""));
    return;
  }
  if (!collector_streams_add (page->streams, message))
    answer_refused (
        message, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many pages are open.");
}

static void
serve_forget (CollectorPage *page, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (
      message);

  if (g_strcmp0 (soup_message_headers_get_one (headers, FORGET_HEADER),
          "forget") != 0) {
    answer_refused (message, SOUP_STATUS_FORBIDDEN,
        "This is for the page itself: header " FORGET_HEADER ": forget.");
    return;
  }
  collector_model_clear (page->model);
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

/* ---- who may look ---- */

static gboolean
is_address (const char *host, gboolean anywhere)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address && (anywhere || g_inet_address_get_is_loopback (address));
}

/* A site may give its own name this machine's address, and would then be
 * allowed to read everything here. It cannot do so with an address. */
static gboolean
check_host (CollectorPage *page, SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Host");
  g_autofree char *uri = g_strconcat ("http://", header, NULL);
  g_autoptr (GUri) parsed = header ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL)
                                   : NULL;
  const char *host = parsed ? g_uri_get_host (parsed) : NULL;

  return host &&
      (g_ascii_strcasecmp (host, "localhost") == 0 ||
          is_address (host, page->anywhere));
}

static gboolean
check_remote (CollectorPage *page, SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  if (page->anywhere)
    return TRUE;
  return G_IS_INET_SOCKET_ADDRESS (address) &&
      g_inet_address_get_is_loopback (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
check_viewer (CollectorPage *page, SoupServerMessage *message)
{
  if (check_remote (page, message) && check_host (page, message))
    return TRUE;
  answer_refused (message, SOUP_STATUS_FORBIDDEN,
      "The page is for this machine only, as http://127.0.0.1 or "
      "http://localhost.");
  return FALSE;
}

/* ---- the paths ---- */

/* The methods that a path takes; NULL: it is not the page's. */
static const char *
methods_of (const char *path)
{
  if (strcmp (path, "/forget") == 0)
    return "POST";
  if (strcmp (path, "/") == 0 || strcmp (path, SESSIONS) == 0 ||
      g_str_has_prefix (path, SESSIONS "/") || strcmp (path, "/changes") == 0 ||
      strcmp (path, "/metrics") == 0)
    return "GET, HEAD";
  return NULL;
}

static gboolean
check_method (SoupServerMessage *message, const char *methods)
{
  g_auto (GStrv) known = g_strsplit (methods, ", ", -1);

  if (g_strv_contains ((const char *const *) known,
          soup_server_message_get_method (message)))
    return TRUE;
  set_header (message, "Allow", methods);
  answer_refused (message, SOUP_STATUS_METHOD_NOT_ALLOWED,
      "This path does not take that method.");
  return FALSE;
}

static void
route (CollectorPage *page, SoupServerMessage *message, const char *path)
{
  if (strcmp (path, "/") == 0)
    serve_page (page, message);
  else if (strcmp (path, SESSIONS) == 0)
    serve_list (page, message);
  else if (g_str_has_prefix (path, SESSIONS "/"))
    serve_session (page, message, path + strlen (SESSIONS "/"));
  else if (strcmp (path, "/changes") == 0)
    serve_changes (page, message);
  else if (strcmp (path, "/metrics") == 0)
    answer (message, SOUP_STATUS_OK, "text/plain; version=0.0.4",
        collector_prometheus_new (page->model, real_time ()));
  else
    serve_forget (page, message);
}

gboolean
collector_page_handle (
    CollectorPage *page, SoupServerMessage *message, const char *path)
{
  const char *methods = methods_of (path);

  if (!methods)
    return FALSE;
  set_header (message, "Cache-Control", "no-store");
  set_header (message, "X-Content-Type-Options", "nosniff");
  set_header (message, "Cross-Origin-Resource-Policy", "same-origin");
  set_header (message, "Referrer-Policy", "no-referrer");
  if (check_viewer (page, message) && check_method (message, methods))
    route (page, message, path);
  return TRUE;
}
