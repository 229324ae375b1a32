/* collector-seen: the identities of events that have come, to know one that
 * comes again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-seen.h"

#include <string.h>

struct _CollectorSeen
{
  GHashTable *keys; /* of pointers into ring */
  gint64 *ring; /* the newest ones, COLLECTOR_SEEN_MAX at most */
  guint used;
  guint next; /* the place of the next one */
};

CollectorSeen *
collector_seen_new (void)
{
  CollectorSeen *seen = g_new0 (CollectorSeen, 1);

  seen->keys = g_hash_table_new (g_int64_hash, g_int64_equal);
  seen->ring = g_new0 (gint64, COLLECTOR_SEEN_MAX);
  return seen;
}

void
collector_seen_free (CollectorSeen *seen)
{
  if (!seen)
    return;
  g_hash_table_unref (seen->keys);
  g_free (seen->ring);
  g_free (seen);
}

/* (nullable): the identity as text. An id and a number are never equal. */
static char *
identity_of (JsonObject *event)
{
  if (json_object_has_member (event, "id"))
    return g_strconcat ("i", json_object_get_string_member (event, "id"), NULL);
  if (json_object_has_member (event, "sn"))
    return g_strdup_printf (
        "n%" G_GINT64_FORMAT, json_object_get_int_member (event, "sn"));
  return NULL;
}

/* Players choose the texts: the sum must not be easy to hit twice. */
static gint64
sum_up (const char *session, const char *identity)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  gint64 key;

  g_checksum_update (
      checksum, (const guchar *) session, (gssize) strlen (session) + 1);
  g_checksum_update (
      checksum, (const guchar *) identity, (gssize) strlen (identity));
  g_checksum_get_digest (checksum, digest, &length);
  memcpy (&key, digest, sizeof key);
  return key;
}

gboolean
collector_seen_add (CollectorSeen *seen, const char *session, JsonObject *event)
{
  g_autofree char *identity = identity_of (event);
  gint64 *place = &seen->ring[seen->next];
  gint64 key;

  if (!identity)
    return TRUE;
  key = sum_up (session, identity);
  if (g_hash_table_contains (seen->keys, &key))
    return FALSE;
  if (seen->used == COLLECTOR_SEEN_MAX)
    g_hash_table_remove (seen->keys, place);
  else
    seen->used++;
  *place = key;
  g_hash_table_add (seen->keys, place);
  seen->next = (seen->next + 1) % COLLECTOR_SEEN_MAX;
  return TRUE;
}
