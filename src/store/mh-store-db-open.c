/* mh-store-db-open: finding, making, checking and closing the database.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

#include "mh-crash.h"
#include "mh-own-files.h"
#include "mh-store-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "hits.db"
#define LOCK_NAME "hits.lock"
#define SET_ASIDE_NAME FILE_NAME ".corrupt-" /* and a number */

/* This byte of the lock file is held by the process that makes, changes or replaces
 * the database, and shared by those that only open it. The other bytes are the
 * owners'. */
#define DOOR 0

/* SQLite's statuses are codes of a byte and more: these are ours. */
#define STATUS_NEWER (-1)
#define STATUS_UNFINISHED (-2) /* its tables are still to be made, or changed */
#define STATUS_TOLD (-3) /* there is an error already */

static gboolean
fail (GError **error, const char *what, const char *path, const char *why)
{
  g_set_error (
      error, MH_ERROR, MH_ERROR_STORAGE, "%s “%s”: %s", what, path, why);
  return FALSE;
}

static gboolean
fail_errno (GError **error, const char *what, const char *path)
{
  return fail (error, what, path, g_strerror (errno));
}

/* ---- what was checked ---- */

/* Larger files are not looked through: that would keep the worker from all
 * players for too long. Damage shows where it is read. */
#define MAX_CHECKED (16 << 20)

/* Files whose pages were in order when this process last looked, and that it has
 * not closed since: what fails after that, such as a disk that is full, is tried
 * again and again. The worker's thread. */
static struct
{
  dev_t device;
  ino_t inode;
} checked[8];

static guint n_checked;

static gboolean
needs_check (MhStoreDb *db)
{
  struct stat status;

  for (guint i = 0; i < G_N_ELEMENTS (checked); i++) {
    if (checked[i].inode == db->inode && checked[i].device == db->device &&
        db->inode != 0)
      return FALSE;
  }
  return lstat (db->path, &status) < 0 || status.st_size <= MAX_CHECKED;
}

static void
note_checked (MhStoreDb *db)
{
  checked[n_checked].device = db->device;
  checked[n_checked].inode = db->inode;
  n_checked = (n_checked + 1) % G_N_ELEMENTS (checked);
}

/* A file that turns out to be damaged or is closed, or another one of that
 * number. */
static void
forget_checked (MhStoreDb *db)
{
  for (guint i = 0; i < G_N_ELEMENTS (checked); i++) {
    if (checked[i].inode == db->inode && checked[i].device == db->device)
      checked[i].inode = 0;
  }
}

/* ---- files ---- */

/* No other user may put files there: what follows relies on it. */
static gboolean
find_directory (MhStoreDb *db, const char *dir, GError **error)
{
  const char *why;
  char *real;
  struct stat status;

  if (g_mkdir_with_parents (dir, 0700) < 0)
    return fail_errno (error, "cannot make the state directory", dir);
  real = realpath (dir, NULL);
  if (!real || stat (real, &status) < 0) {
    free (real);
    return fail_errno (error, "cannot use the state directory", dir);
  }
  db->dir = g_strdup (real);
  db->path = g_build_filename (real, FILE_NAME, NULL);
  free (real);
  why = mh_own_files_refuse_dir (&status);
  return !why || fail (error, "cannot use the state directory", dir, why);
}

/* Never opens a file that is there: to close it again would take SQLite's locks
 * away from other stores of this process. */
static gboolean
find_file (MhStoreDb *db, GError **error)
{
  int fd = open (
      db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat status;
  gboolean is_new = FALSE;

  /* SQLite gives the files beside it the same mode. */
  if (fd >= 0) {
    MH_CRASH_POINT ("db/made-file");
    fchmod (fd, 0600);
    close (fd);
    is_new = TRUE;
  } else if (errno != EEXIST) {
    return fail_errno (error, "cannot make", db->path);
  }
  if (lstat (db->path, &status) < 0)
    return fail_errno (error, "cannot use", db->path);
  if (!mh_own_files_is_safe (&status))
    return fail (
        error, "cannot use", db->path, "it is not a file of one's own");
  if ((status.st_mode & 077) && chmod (db->path, 0600) < 0)
    return fail_errno (error, "cannot protect", db->path);
  db->device = status.st_dev;
  db->inode = status.st_ino;
  /* Its number may have been another file's. */
  if (is_new)
    forget_checked (db);
  return TRUE;
}

gboolean
mh_store_db_has_moved (MhStoreDb *db)
{
  struct stat status;

  return lstat (db->path, &status) < 0 || status.st_dev != db->device ||
      status.st_ino != db->inode;
}

/* The log first: a new database that found an old log beside it would take it
 * for its own. */
static void
rename_files (const char *from, const char *to)
{
  static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *old = g_strconcat (from, suffixes[i], NULL);
    g_autofree char *new = g_strconcat (to, suffixes[i], NULL);

    g_rename (old, new);
    MH_CRASH_POINT ("db/renaming");
  }
}

/* By the process that is alone behind the door. */
static char *
set_aside (MhStoreDb *db)
{
  g_autofree char *name = NULL;
  struct stat status;
  guint n = 0;

  if (mh_store_db_has_moved (db))
    return g_strdup_printf ("“%s” was damaged; it is made anew", db->path);
  do {
    g_free (name);
    name = g_strdup_printf ("%s/" SET_ASIDE_NAME "%u", db->dir, ++n);
  } while (lstat (name, &status) == 0);
  rename_files (db->path, name);
  return g_strdup_printf (
      "“%s” was damaged: it is kept as “%s” and made anew", db->path, name);
}

void
mh_store_db_remove_set_aside (MhStoreDb *db)
{
  g_autoptr (GDir) dir = g_dir_open (db->dir, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (db->dir, name, NULL);

    if (g_str_has_prefix (name, SET_ASIDE_NAME))
      g_unlink (path);
  }
}

/* ---- the door ---- */

/* Another process that opens the file is through in a moment. */
static gboolean
enter_door (MhStoreDb *db, gboolean alone, GError **error)
{
  const guint step = 5;

  for (guint waited = 0;; waited += step) {
    errno = alone ? mh_store_lock_take (db->lock, DOOR)
                  : mh_store_lock_share (db->lock, DOOR);
    if (errno == 0)
      return TRUE;
    if (errno != EAGAIN || waited >= MH_STORE_DB_PATIENCE_MS)
      return fail_errno (error, "cannot lock", db->path);
    g_usleep (step * 1000);
  }
}

static void
leave_door (MhStoreDb *db)
{
  mh_store_lock_release (db->lock, DOOR);
}

/* ---- connecting ---- */

/* The first value that a statement gives. */
static int
ask (MhStoreDb *db, const char *sql, int *number, char **text)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (db->sqlite, sql, -1, &statement, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  if (status == SQLITE_ROW) {
    if (number)
      *number = sqlite3_column_int (statement, 0);
    if (text)
      *text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
    status = SQLITE_OK;
  }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE ? SQLITE_OK : status;
}

/* NORMAL: a commit is not lost with the process, but a power cut may take those
 * since the last mh_store_db_sync(). Without a log (file systems that cannot map
 * memory) each is on the disk. */
static int
set_up (MhStoreDb *db)
{
  g_autofree char *mode = NULL;
  int status = ask (db, "PRAGMA journal_mode=WAL", NULL, &mode);

  if (status == SQLITE_OK)
    status = mh_store_db_tell (db,
        g_strcmp0 (mode, "wal") == 0 ? "PRAGMA synchronous=NORMAL"
                                     : "PRAGMA synchronous=FULL");
  /* The log grows to 1000 pages before SQLite begins it anew. Cutting it each time
   * costs more than writing it. A longer one, which readers have caused, is cut to
   * that. */
  if (status == SQLITE_OK)
    status = mh_store_db_tell (db, "PRAGMA journal_size_limit=4194304");
  /* What is removed is not to be read any more. */
  if (status == SQLITE_OK)
    status = mh_store_db_tell (db, "PRAGMA secure_delete=ON");
  return status;
}

/* A page that cannot be read counts as a damaged one there. */
static int
check_pages (MhStoreDb *db)
{
  static const char *const code = "error code=";
  g_autofree char *verdict = NULL;
  const char *found;
  int status = ask (db, "PRAGMA quick_check(1)", NULL, &verdict);

  if (status != SQLITE_OK || g_strcmp0 (verdict, "ok") == 0)
    return status;
  found = verdict ? strstr (verdict, code) : NULL;
  status = found ? atoi (found + strlen (code)) : SQLITE_CORRUPT;
  if (verdict && strstr (verdict, "failed to get page"))
    status = SQLITE_IOERR_READ;
  return status == SQLITE_OK ? SQLITE_CORRUPT : status;
}

/* This project makes no views and triggers. A view in the place of a table may have
 * no end. */
static int
check_schema (MhStoreDb *db)
{
  int n = 0;
  int status = ask (db,
      "SELECT count(*) FROM sqlite_schema WHERE type IN ('view', 'trigger')",
      &n, NULL);

  return status == SQLITE_OK && n > 0 ? SQLITE_CORRUPT : status;
}

static int
check_version (MhStoreDb *db, gboolean alone, int *version)
{
  int status = ask (db, "PRAGMA user_version", version, NULL);

  if (status != SQLITE_OK)
    return status;
  if (*version > mh_store_db_newest_version ())
    return STATUS_NEWER;
  if (*version < 0)
    return SQLITE_NOTADB;
  return *version < mh_store_db_newest_version () && !alone ? STATUS_UNFINISHED
                                                            : SQLITE_OK;
}

static int
check (MhStoreDb *db, gboolean alone, int *version)
{
  int status = check_version (db, alone, version);

  if (status != SQLITE_OK)
    return status;
  status = check_schema (db);
  if (status != SQLITE_OK || !needs_check (db))
    return status;
  status = check_pages (db);
  if (status == SQLITE_OK)
    note_checked (db);
  return status;
}

/* What reads each table: a statement that does not fit is told here, as what fails later
 * is taken for a disk that is full. */
static int
check_tables (MhStoreDb *db)
{
  static const MhSql readers[] = { MH_SQL_OWNERS, MH_SQL_ADOPTED, MH_SQL_HITS,
    MH_SQL_START, MH_SQL_POSITION, MH_SQL_FAILURES };
  sqlite3_stmt *statement;
  int status = SQLITE_OK;

  for (guint i = 0; i < G_N_ELEMENTS (readers) && status == SQLITE_OK; i++)
    status = mh_store_db_prepare (db, readers[i], &statement);
  return status;
}

static int
connect_to (MhStoreDb *db, gboolean alone)
{
  int version = 0;
  int status = sqlite3_open_v2 (db->path, &db->sqlite,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, NULL);

  if (status != SQLITE_OK)
    return status;
  sqlite3_extended_result_codes (db->sqlite, 1);
  sqlite3_busy_timeout (db->sqlite, MH_STORE_DB_PATIENCE_MS);
  sqlite3_db_config (db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  status = check (db, alone, &version);
  MH_CRASH_POINT ("db/connected");
  if (status == SQLITE_OK)
    status = set_up (db);
  if (status == SQLITE_OK)
    status = mh_store_db_migrate (db, version);
  return status == SQLITE_OK ? check_tables (db) : status;
}

/* The lock comes before others can see the owner: from then on it is alive. Ids
 * whose byte is held belonged to an owner of a file that is gone. */
static int
become_owner (MhStoreDb *db)
{
  gboolean taken = FALSE;
  int refusal;

  mh_store_db_begin (db, FALSE);
  while (db->status == SQLITE_OK && !taken) {
    db->status = mh_store_db_run (db, MH_SQL_ADD_OWNER, "");
    if (db->status != SQLITE_OK)
      break;
    db->owner = sqlite3_last_insert_rowid (db->sqlite);
    /* An owner's number is half of an id; no count has come that far. */
    if (db->owner < 1 || db->owner > G_MAXINT32) {
      db->status = SQLITE_CORRUPT;
      break;
    }
    refusal = mh_store_lock_take (db->lock, db->owner);
    taken = refusal == 0;
    if (refusal == EAGAIN)
      db->status = mh_store_db_run (db, MH_SQL_REMOVE_OWNER, "i", db->owner);
    else if (!taken)
      db->status = SQLITE_IOERR_LOCK;
  }
  MH_CRASH_POINT ("db/owner");
  mh_store_db_end (db, NULL);
  return db->status;
}

/* A plain error is a statement that does not fit: the tables are not ours. */
static gboolean
is_corrupt (int status)
{
  return status == SQLITE_ERROR ||
      (status > 0 &&
          ((status & 0xff) == SQLITE_CORRUPT ||
              (status & 0xff) == SQLITE_NOTADB));
}

static int
try_file (MhStoreDb *db, gboolean alone, GError **error)
{
  int status;

  if (!find_file (db, error))
    return STATUS_TOLD;
  status = connect_to (db, alone);
  return status == SQLITE_OK ? become_owner (db) : status;
}

static int
open_alone (MhStoreDb *db, char **note, GError **error)
{
  int status = try_file (db, TRUE, error);

  if (!is_corrupt (status))
    return status;
  forget_checked (db);
  mh_store_db_disconnect (db);
  *note = set_aside (db);
  return try_file (db, TRUE, error);
}

static int
pass_door (MhStoreDb *db, gboolean alone, char **note, GError **error)
{
  int status;

  if (!enter_door (db, alone, error))
    return STATUS_TOLD;
  status = alone ? open_alone (db, note, error) : try_file (db, FALSE, error);
  leave_door (db);
  return status;
}

/* Together with other processes that start: to look through a large file takes each a
 * while. Nothing is made, changed or replaced then. */
static gboolean
open_file (MhStoreDb *db, char **note, GError **error)
{
  int status = pass_door (db, FALSE, note, error);

  if (status == STATUS_UNFINISHED || is_corrupt (status)) {
    forget_checked (db);
    mh_store_db_disconnect (db);
    status = pass_door (db, TRUE, note, error);
  }
  if (status == STATUS_TOLD)
    return FALSE;
  if (status == STATUS_NEWER)
    return fail (error, "cannot use", db->path, "a newer version has made it");
  return mh_store_db_result (db, status, error) == MH_STORE_DB_DONE;
}

static void
db_free (MhStoreDb *db)
{
  mh_store_db_disconnect (db);
  /* Not before: with it, others may take what is in there. */
  if (db->lock >= 0)
    mh_store_lock_close (db->lock);
  g_free (db->dir);
  g_free (db->path);
  g_free (db);
}

MhStoreDb *
mh_store_db_open (const char *dir, char **note, GError **error)
{
  MhStoreDb *db = g_new0 (MhStoreDb, 1);
  g_autofree char *lock = NULL;
  gboolean opened = FALSE;

  *note = NULL;
  db->lock = -1;
  if (mh_store_lock_is_inherited ()) {
    /* SQLite has state of the process for a file, and would take it for its
     * own. */
    fail (error, "cannot use", dir,
        "this process was forked from one that keeps heartbeats");
    db_free (db);
    return NULL;
  }
  if (find_directory (db, dir, error)) {
    lock = g_build_filename (db->dir, LOCK_NAME, NULL);
    db->lock = mh_store_lock_open (lock, error);
  }
  if (db->lock >= 0)
    opened = open_file (db, note, error);
  if (opened)
    return db;
  g_clear_pointer (note, g_free);
  db_free (db);
  return NULL;
}

void
mh_store_db_close (MhStoreDb *db)
{
  if (!db)
    return;
  forget_checked (db);
  /* Without it, its sessions are orphans at once. */
  mh_store_db_run (db, MH_SQL_REMOVE_OWNER, "i", db->owner);
  MH_CRASH_POINT ("db/closing");
  db_free (db);
}

char *
mh_store_db_set_aside (MhStoreDb *db)
{
  char *note;

  forget_checked (db);
  mh_store_db_disconnect (db);
  if (enter_door (db, TRUE, NULL)) {
    note = set_aside (db);
    leave_door (db);
  } else {
    note = g_strdup_printf ("“%s” is damaged", db->path);
  }
  db_free (db);
  return note;
}
