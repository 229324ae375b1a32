/* mh-media-uri: what a URI says of the media that it is of.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media-uri.h"

#include <string.h>

/* How many hexadecimal digits of a digest stand for a data: URI. */
#define DIGEST 32
/* How many characters of its type at most. */
#define TYPE_MAX 80

/* By hand: a URI by the book has no '@' in its password, those in the wild do,
 * and a parser that takes the first for the end would leave the rest in. */
static char *
dup_stripped (const char *uri)
{
  const char *end = uri + strcspn (uri, "?#");
  const char *authority = strstr (uri, "://");
  const char *host;

  if (!authority || authority + 3 > end)
    return g_strndup (uri, end - uri);
  authority += 3;
  host = authority + strcspn (authority, "/?#");
  while (host > authority && host[-1] != '@')
    host--;
  return g_strdup_printf (
      "%.*s%.*s", (int) (authority - uri), uri, (int) (end - host), host);
}

static gboolean
has_scheme (const char *uri, const char *scheme)
{
  gsize length = strlen (scheme);

  return g_ascii_strncasecmp (uri, scheme, length) == 0 && uri[length] == ':';
}

static gboolean
is_blob (const char *uri)
{
  return has_scheme (uri, "blob") || mh_media_uri_is_fed (uri);
}

/* ---- data: ---- */

/* Returns: (transfer full): `audio/wav` of `data:audio/wav;base64,…`. */
static char *
dup_data_type (const char *uri)
{
  const char *type = uri + strlen ("data:");
  gsize length = strcspn (type, ";,");

  return length > 0 ? g_strndup (type, MIN (length, TYPE_MAX))
                    : g_strdup ("text/plain");
}

static char *
dup_data_id (const char *uri)
{
  g_autofree char *type = dup_data_type (uri);
  g_autofree char *digest = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, uri, -1);

  return g_strdup_printf ("data:%s;sha256=%.*s", type, DIGEST, digest);
}

/* ---- a page's object ---- */

/* `mediasourceblob:https://host/a-new-one-each-time`, without that. */
static char *
dup_origin (const char *uri)
{
  g_autofree char *stripped = dup_stripped (uri);
  char *authority = strstr (stripped, "://");
  char *path = authority ? strchr (authority + 3, '/') : NULL;

  if (path)
    *path = '\0';
  else if (!authority)
    strchr (stripped, ':')[1] = '\0';
  return g_steal_pointer (&stripped);
}

static char *
dup_host (const char *uri)
{
  g_autofree char *origin = dup_origin (uri);
  const char *authority = strstr (origin, "://");

  return authority && authority[3] ? g_strdup (authority + 3) : NULL;
}

/* ---- public ---- */

/* multifilesrc calls its own scheme like this. */
static const char slip[] = "multifle:";

static char *
dup_spelled (char *stripped)
{
  char *right;

  if (!g_str_has_prefix (stripped, slip))
    return stripped;
  right = g_strconcat ("multifile:", stripped + strlen (slip), NULL);
  g_free (stripped);
  return right;
}

char *
mh_media_uri_dup_id (const char *uri)
{
  if (has_scheme (uri, "data"))
    return dup_data_id (uri);
  if (is_blob (uri))
    return dup_origin (uri);
  return dup_spelled (dup_stripped (uri));
}

/* A relative location has no slash (multifilesrc). */
static const char *
find_last_part (const char *uri)
{
  const char *slash = strrchr (uri, '/');

  if (slash)
    return slash + 1;
  return g_str_has_prefix (uri, slip) ? uri + strlen (slip) : uri;
}

static char *
dup_last_part (const char *uri)
{
  g_autofree char *stripped = dup_stripped (uri);
  g_autofree char *name = NULL;

  while (g_str_has_suffix (stripped, "/"))
    stripped[strlen (stripped) - 1] = '\0';
  name = g_uri_unescape_string (find_last_part (stripped), NULL);
  if (!name || !*name || !g_utf8_validate (name, -1, NULL))
    return NULL;
  return g_steal_pointer (&name);
}

char *
mh_media_uri_dup_name (const char *uri)
{
  if (has_scheme (uri, "data"))
    return dup_data_type (uri);
  return is_blob (uri) ? dup_host (uri) : dup_last_part (uri);
}

gboolean
mh_media_uri_is_lasting (const char *uri)
{
  return !is_blob (uri) && !has_scheme (uri, "appsrc") &&
      !has_scheme (uri, "fd");
}

gboolean
mh_media_uri_is_fed (const char *uri)
{
  return uri && has_scheme (uri, "mediasourceblob");
}
