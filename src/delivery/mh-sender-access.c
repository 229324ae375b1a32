/* mh-sender-access: how servers of several hits in a request are asked: with which
 * authorization, and how often.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

typedef struct
{
  char *authorization;
  MhTime interval;
} Access;

static void
access_free (gpointer data)
{
  Access *access = data;

  g_free (access->authorization);
  g_free (access);
}

void
mh_sender_access_init (MhSender *self)
{
  self->access = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, access_free);
}

void
mh_sender_access_clear (MhSender *self)
{
  g_hash_table_unref (self->access);
}

void
mh_sender_set_access (MhSender *sender, const char *server,
    const char *authorization, MhTime interval)
{
  Access *access = g_new0 (Access, 1);

  access->authorization = g_strdup (authorization);
  access->interval = interval;
  g_hash_table_insert (sender->access, g_strdup (server), access);
}

void
mh_sender_access_authorize (
    MhSender *self, const MhStoreSession *row, MhRequest *request)
{
  const Access *access = mh_protocol_get (row->protocol)->join
      ? g_hash_table_lookup (self->access, row->server)
      : NULL;

  if (access)
    request->authorization = g_strdup (access->authorization);
}

MhTime
mh_sender_access_get_interval (MhSender *self, const MhStoreSession *row)
{
  const Access *access = g_hash_table_lookup (self->access, row->server);

  return access ? access->interval : 0;
}
