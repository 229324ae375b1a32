/* mh-store-db-session: sessions to and from their rows, as the table of columns
 * says (mh-store-session).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

char *
mh_store_db_make_session_sql (const char *format)
{
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) places = g_string_new (NULL);
  g_autoptr (GString) statement = g_string_new (format);

  for (guint i = 0; i < MH_STORE_N_COLUMNS; i++) {
    const char *separator = i ? ", " : "";

    g_string_append_printf (
        columns, "%s%s", separator, mh_store_columns[i].name);
    g_string_append_printf (places, "%s?", separator);
  }
  g_string_replace (statement, "$columns", columns->str, 0);
  g_string_replace (statement, "$places", places->str, 0);
  return g_string_free (g_steal_pointer (&statement), FALSE);
}

/* ---- writing ---- */

static int
bind_column (sqlite3_stmt *statement, int place, const MhStoreColumnInfo *info,
    const MhStoreSession *session)
{
  switch (info->type) {
    case MH_STORE_TYPE_TEXT:
      return sqlite3_bind_text (statement, place,
          MH_STORE_MEMBER (session, info, char *), -1, SQLITE_STATIC);
    case MH_STORE_TYPE_NUMBER:
      return sqlite3_bind_int64 (
          statement, place, MH_STORE_MEMBER (session, info, gint64));
    case MH_STORE_TYPE_FLAG:
      return sqlite3_bind_int (
          statement, place, MH_STORE_MEMBER (session, info, gboolean));
    case MH_STORE_TYPE_NAME:
      return sqlite3_bind_text (statement, place,
          info->names[MH_STORE_MEMBER (session, info, guint)], -1,
          SQLITE_STATIC);
  }
  g_assert_not_reached ();
}

static int
store_db_put_session (MhStoreDb *db, const MhStoreSession *session)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_prepare (db, MH_SQL_PUT_SESSION, &statement);

  if (status != SQLITE_OK)
    return status;
  status = sqlite3_bind_int64 (statement, 1, db->owner);
  for (int i = 0; i < MH_STORE_N_COLUMNS && status == SQLITE_OK; i++)
    status = bind_column (statement, i + 2, &mh_store_columns[i], session);
  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return status == SQLITE_DONE ? SQLITE_OK : status;
}

void
mh_store_db_put_session (MhStoreDb *db, const MhStoreSession *session)
{
  if (db->status == SQLITE_OK)
    db->status = store_db_put_session (db, session);
}

/* ---- reading ---- */

static gboolean
read_name (const MhStoreColumnInfo *info, const char *name, guint *value)
{
  for (guint i = 0; i < info->n_names; i++) {
    if (g_strcmp0 (info->names[i], name) == 0) {
      *value = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* Returns: FALSE: this version does not know what is there. */
static gboolean
read_column (sqlite3_stmt *statement, int place, const MhStoreColumnInfo *info,
    MhStoreSession *session)
{
  switch (info->type) {
    case MH_STORE_TYPE_TEXT:
      MH_STORE_MEMBER (session, info, char *) = g_strdup (
          (const char *) sqlite3_column_text (statement, place));
      return TRUE;
    case MH_STORE_TYPE_NUMBER:
      MH_STORE_MEMBER (session, info, gint64) = sqlite3_column_int64 (
          statement, place);
      return TRUE;
    case MH_STORE_TYPE_FLAG:
      MH_STORE_MEMBER (session, info, gboolean) = sqlite3_column_int (
                                                      statement, place) != 0;
      return TRUE;
    case MH_STORE_TYPE_NAME:
      return read_name (info,
          (const char *) sqlite3_column_text (statement, place),
          &MH_STORE_MEMBER (session, info, guint));
  }
  g_assert_not_reached ();
}

gboolean
mh_store_db_take_session (sqlite3_stmt *statement, MhStoreSession *session)
{
  gboolean known = TRUE;

  for (int i = 0; i < MH_STORE_N_COLUMNS; i++)
    known &= read_column (statement, i, &mh_store_columns[i], session);
  session->has_start = sqlite3_column_int (statement, MH_STORE_N_COLUMNS) != 0;
  return known && session->server;
}
