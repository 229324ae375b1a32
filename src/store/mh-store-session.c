/* mh-store-session: what is kept of a session, in memory and in the database.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-session.h"

/* What is written once is read by later versions: names, not numbers. */
static const char *const protocol_names[] = {
#define NAME(kind, symbol, nick, title, whole) [MH_PROTOCOL_##kind] = nick,
  MH_PROTOCOLS (NAME)
#undef NAME
};

static const char *const mode_names[] = {
  [MH_SEND_ONLY_LIVE] = "only-live",
  [MH_SEND_LIVE] = "live",
  [MH_SEND_WHOLE] = "whole",
  [MH_SEND_REST] = "rest",
};

#define COLUMN(member, type) \
  { \
#member, MH_STORE_TYPE_##type, G_STRUCT_OFFSET(MhStoreSession, member), \
        NULL, 0 \
  }
#define NAMES(member, names) \
  { \
#member, MH_STORE_TYPE_NAME, G_STRUCT_OFFSET(MhStoreSession, member), \
        names, G_N_ELEMENTS(names) \
  }

const MhStoreColumnInfo mh_store_columns[MH_STORE_N_COLUMNS] = {
  [MH_STORE_ID] = COLUMN (id, NUMBER),
  [MH_STORE_SERVER] = COLUMN (server, TEXT),
  [MH_STORE_PROTOCOL] = NAMES (protocol, protocol_names),
  [MH_STORE_SESSION_ID] = COLUMN (session_id, TEXT),
  [MH_STORE_ACCEPTED] = COLUMN (accepted, NUMBER),
  [MH_STORE_ENDED] = COLUMN (ended, FLAG),
  [MH_STORE_MODE] = NAMES (mode, mode_names),
  [MH_STORE_TLS_DATABASE] = COLUMN (tls_database, TEXT),
  [MH_STORE_CONSENT] = COLUMN (consent, TEXT),
  [MH_STORE_SENT] = COLUMN (sent, NUMBER),
  [MH_STORE_HINT] = COLUMN (hint, TEXT),
  [MH_STORE_PLAYED] = COLUMN (played, FLAG),
  [MH_STORE_BOOT] = COLUMN (boot, TEXT),
  [MH_STORE_CLOCK] = COLUMN (clock, NUMBER),
  [MH_STORE_SHIFT] = COLUMN (shift, NUMBER),
  [MH_STORE_SENT_SHIFT] = COLUMN (sent_shift, NUMBER),
};

void
mh_store_session_copy (MhStoreSession *to, const MhStoreSession *from)
{
  *to = *from;
  to->start = from->start ? g_bytes_ref (from->start) : NULL;
  for (guint i = 0; i < MH_STORE_N_COLUMNS; i++) {
    const MhStoreColumnInfo *info = &mh_store_columns[i];

    if (info->type == MH_STORE_TYPE_TEXT)
      MH_STORE_MEMBER (to, info, char *) = g_strdup (
          MH_STORE_MEMBER (from, info, char *));
  }
}

gboolean
mh_store_session_set_text (
    MhStoreSession *session, MhStoreColumn column, const char *text)
{
  const MhStoreColumnInfo *info = &mh_store_columns[column];
  char **member = &MH_STORE_MEMBER (session, info, char *);

  g_return_val_if_fail (info->type == MH_STORE_TYPE_TEXT, FALSE);

  if (g_strcmp0 (*member, text) == 0)
    return FALSE;
  g_free (*member);
  *member = g_strdup (text);
  return TRUE;
}

gboolean
mh_store_session_is_begun (const MhStoreSession *session)
{
  return session->accepted > 0 || session->sent > 0;
}

void
mh_store_session_clear (MhStoreSession *session)
{
  for (guint i = 0; i < MH_STORE_N_COLUMNS; i++) {
    const MhStoreColumnInfo *info = &mh_store_columns[i];

    if (info->type == MH_STORE_TYPE_TEXT)
      g_clear_pointer (&MH_STORE_MEMBER (session, info, char *), g_free);
  }
  g_clear_pointer (&session->start, g_bytes_unref);
}
