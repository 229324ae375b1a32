/* mh-store-lock: which owners of a database are alive.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* F_OFD_SETLK */

#include "mh-store-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
mh_store_lock_open (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat status;

  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode) &&
      status.st_uid == geteuid ())
    return fd;
  if (fd >= 0) {
    close (fd);
    errno = EPERM;
  }
  g_set_error (error, MH_ERROR, MH_ERROR_STORAGE, "cannot use “%s”: %s", path,
      g_strerror (errno));
  return -1;
}

static int
control (int fd, int command, short type, gint64 byte, short *found)
{
  struct flock lock = {
    .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t) byte, .l_len = 1
  };

  if (fcntl (fd, command, &lock) < 0)
    return errno == EACCES ? EAGAIN : errno;
  if (found)
    *found = lock.l_type;
  return 0;
}

int
mh_store_lock_take (int fd, gint64 byte)
{
  return control (fd, F_OFD_SETLK, F_WRLCK, byte, NULL);
}

void
mh_store_lock_release (int fd, gint64 byte)
{
  control (fd, F_OFD_SETLK, F_UNLCK, byte, NULL);
}

gboolean
mh_store_lock_is_free (int fd, gint64 byte)
{
  short found = F_WRLCK;

  return control (fd, F_OFD_GETLK, F_WRLCK, byte, &found) == 0 &&
      found == F_UNLCK;
}
