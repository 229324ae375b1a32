/* mh-installation: names this installation of the player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-installation.h"

#include "mh-own-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "installation-id"
#define UUID_LENGTH 36

static gboolean
fail_why (GError **error, const char *what, const char *path, const char *why)
{
  g_set_error (
      error, MH_ERROR, MH_ERROR_CONFIG, "%s “%s”: %s", what, path, why);
  return FALSE;
}

static gboolean
fail (GError **error, const char *what, const char *path)
{
  return fail_why (error, what, path, g_strerror (errno));
}

/* No other user may put an id there, or anything else in its place. */
static gboolean
find_dir (const char *dir, GError **error)
{
  const char *why;
  struct stat status;

  if (g_mkdir_with_parents (dir, 0700) < 0)
    return fail (error, "cannot make the state directory", dir);
  if (stat (dir, &status) < 0)
    return fail (error, "cannot use the state directory", dir);
  why = mh_own_files_refuse_dir (&status);
  return !why || fail_why (error, "cannot use the state directory", dir, why);
}

/* Only this user and root can have put a file there: one of root's is that of an image,
 * or of a container that ran as root. */
static gboolean
is_trusted (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 &&
      (mh_own_files_is_safe (&status) ||
          (S_ISREG (status.st_mode) && status.st_uid == 0));
}

/* Returns: (nullable): the id in the file; NULL: there is none to be used. */
static char *
read_id (const char *path)
{
  char text[UUID_LENGTH + 1] = "";
  /* O_NONBLOCK: to open a pipe would wait until another process writes into it. */
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  gssize length;

  if (fd < 0)
    return NULL;
  length = is_trusted (fd) ? read (fd, text, UUID_LENGTH) : 0;
  close (fd);
  return length == UUID_LENGTH && g_uuid_string_is_valid (text)
      ? g_strdup (text)
      : NULL;
}

static gboolean
write_all (int fd, const char *path, const char *text, GError **error)
{
  gboolean written = write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (!written)
    fail (error, "cannot write", path);
  close (fd);
  return written;
}

/* Gives the file its name unless another process was faster. File systems
 * without hard links (vfat, many network ones) get a rename that may replace
 * the id of a process that came at the same moment: the last one stays. */
static gboolean
name_file (const char *temporary, const char *path, GError **error)
{
  if (link (temporary, path) == 0 || errno == EEXIST)
    return TRUE;
  if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
    return g_rename (temporary, path) == 0 || fail (error, "cannot name", path);
  return fail (error, "cannot make", path);
}

/* Makes the file as a whole or not at all: it is written elsewhere, and takes
 * its name only if no other process was faster. */
static gboolean
create_id (const char *dir, const char *path, gboolean replace, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *temporary = g_build_filename (
      dir, FILE_NAME ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  gboolean done;

  if (fd < 0)
    return fail (error, "cannot make a file in", dir);
  done = write_all (fd, temporary, id, error);
  if (done && replace)
    done = g_rename (temporary, path) == 0 ||
        fail (error, "cannot replace", path);
  else if (done)
    done = name_file (temporary, path, error);
  g_unlink (temporary);
  return done;
}

char *
mh_installation_dup_dir (const char *state_dir)
{
  g_autofree char *dir = state_dir
      ? g_strdup (state_dir)
      : g_build_filename (g_get_user_state_dir (), "gst-media-heartbeat", NULL);

  return g_canonicalize_filename (dir, NULL);
}

char *
mh_installation_dup_id (const char *state_dir, GError **error)
{
  g_autofree char *dir = mh_installation_dup_dir (state_dir);
  g_autofree char *path = g_build_filename (dir, FILE_NAME, NULL);
  char *id;

  if (!find_dir (dir, error))
    return NULL;
  id = read_id (path);
  if (id)
    return id;
  if (!create_id (dir, path, FALSE, error))
    return NULL;
  id = read_id (path);
  if (!id) {
    /* A file without an id in it is a broken one. That it is there is not
     * enough: another process may have made it since. */
    if (!create_id (dir, path, TRUE, error))
      return NULL;
    id = read_id (path);
  }
  if (!id)
    g_set_error (error, MH_ERROR, MH_ERROR_CONFIG, "cannot read “%s”", path);
  return id;
}

void
mh_installation_remove (const char *state_dir)
{
  g_autofree char *dir = mh_installation_dup_dir (state_dir);
  g_autofree char *path = g_build_filename (dir, FILE_NAME, NULL);

  g_unlink (path);
}
