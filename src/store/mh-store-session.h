/* mh-store-session: what is kept of a session, in memory and in the database.
 *
 * One structure for both, and a table of those of its members that the database
 * has. A new column is an entry and a member here, a row in the table
 * (mh-store-session.c), and a step in migrations[] (mh-store-db-schema.c): it is
 * written, read, copied and freed from then on.
 *
 * May touch: GLib, mh-config's kinds. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"

G_BEGIN_DECLS

/* The columns of the database, by their place in the table. */
typedef enum
{
  MH_STORE_ID,
  MH_STORE_SERVER,
  MH_STORE_PROTOCOL,
  MH_STORE_SESSION_ID,
  MH_STORE_ACCEPTED,
  MH_STORE_ENDED,
  MH_STORE_MODE,
  MH_STORE_TLS_DATABASE,
  MH_STORE_CONSENT,
  MH_STORE_SENT,
  MH_STORE_HINT,
  MH_STORE_PLAYED,
  MH_STORE_BOOT,
  MH_STORE_CLOCK,
  MH_STORE_SHIFT,
  MH_STORE_SENT_SHIFT,
} MhStoreColumn;

#define MH_STORE_N_COLUMNS (MH_STORE_SENT_SHIFT + 1)

/**
 * MhStoreSession:
 * @key: names the session in its store, > 0
 * @id: names it in the database, whichever process owns it; 0: it is not there
 * @server: base URI that its hits go to
 * @protocol: what that server speaks
 * @session_id: (nullable): the server's id, once known
 * @accepted: when the server took its latest hit, milliseconds UTC; 0: none yet
 * @ended: whether its last hit ends it
 * @mode: how it is sent
 * @tls_database: (nullable): the file of CAs that @server's certificate is
 *   checked by; NULL: the system's
 * @consent: (nullable): what the visitor has to agree to before anything of it
 *   is sent (mh_config_dup_consent())
 * @sent: the place of the hit that was sent last, whose answer may have been
 *   lost; 0: none
 * @hint: (nullable): which part of the server the session belongs to, as the
 *   server has said; NULL: it has said nothing
 * @played: whether one of its hits was a play
 * @boot: (nullable): names the boot of the machine that its times are of; NULL:
 *   it cannot be named
 * @clock: milliseconds from CLOCK_BOOTTIME to UTC, as its times were made with
 * @shift: by how many milliseconds that has turned out to be wrong: to be added
 *   to its hits' times
 * @sent_shift: how much of it is to be added to what the bodies of hits say that
 *   are sent one by one: from when on the server has one of them
 *   (mh_store_session_is_begun()), it stays as it is. What is sent as a batch is
 *   another session for the server: there @shift counts
 * @has_start: whether the body of its sessionStart is kept, also when that has
 *   arrived; see mh_store_load_start()
 * @start: (nullable): that body, where it is in memory
 * @adopted: whether its player is gone with another process
 * @n_hits: how many of its hits wait
 *
 * Owned by the store; valid until the session is removed.
 */
typedef struct
{
  gint64 key;
  gint64 id;
  char *server;
  MhProtocolKind protocol;
  char *session_id;
  gint64 accepted;
  gboolean ended;
  MhSendMode mode;
  char *tls_database;
  char *consent;
  gint64 sent;
  char *hint;
  gboolean played;
  char *boot;
  gint64 clock;
  gint64 shift;
  gint64 sent_shift;

  /* The database has these in other tables, or not at all. */
  gboolean has_start;
  GBytes *start;
  gboolean adopted;
  guint n_hits;
} MhStoreSession;

/**
 * MhStoreFailures:
 * @n: how many starts of a media item have failed since it last played
 * @ts: when the latest did, milliseconds UTC
 */
typedef struct
{
  guint n;
  gint64 ts;
} MhStoreFailures;

typedef enum
{
  MH_STORE_TYPE_TEXT, /* char *, or NULL */
  MH_STORE_TYPE_NUMBER, /* gint64 */
  MH_STORE_TYPE_FLAG, /* gboolean */
  MH_STORE_TYPE_NAME, /* an enumeration, written by name */
} MhStoreType;

/**
 * MhStoreColumnInfo:
 * @name: of the column
 * @type: of the member
 * @offset: of the member
 * @names: of a %MH_STORE_TYPE_NAME: by value
 * @n_names: how many there are
 */
typedef struct
{
  const char *name;
  MhStoreType type;
  gsize offset;
  const char *const *names;
  guint n_names;
} MhStoreColumnInfo;

extern const MhStoreColumnInfo mh_store_columns[MH_STORE_N_COLUMNS];

/* The member of @session that is the column @info. */
#define MH_STORE_MEMBER(session, info, type) \
  G_STRUCT_MEMBER (type, (session), (info)->offset)

/**
 * mh_store_session_copy:
 * @to: a session that is all zero
 * @from: what its columns are set to
 *
 * Copies all columns that the table has.
 */
void mh_store_session_copy (MhStoreSession *to, const MhStoreSession *from);

/**
 * mh_store_session_set_text:
 * @column: one of text
 * @text: (nullable): copied
 *
 * Returns: whether it was another one.
 */
gboolean mh_store_session_set_text (
    MhStoreSession *session, MhStoreColumn column, const char *text);

/* Returns: whether the server has, or may have, one of its hits. */
gboolean mh_store_session_is_begun (const MhStoreSession *session);

/* Frees what is in it. */
void mh_store_session_clear (MhStoreSession *session);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhStoreSession, mh_store_session_clear)

G_END_DECLS
