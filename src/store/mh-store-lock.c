/* mh-store-lock: which owners of a database are alive.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* F_OFD_SETLK */

#include "mh-store-lock.h"

#include "mh-own-files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many files are closed in a child of fork(): more than a process has state
 * directories. */
#define MAX_OPEN 256

/* Atomic: a descriptor and 1, or 0. No lock: a child has the threads of its
 * parent no more, which might hold one. */
static int open_files[MAX_OPEN];

/* How many files this process has inherited from its parent. */
static int n_inherited;

static gboolean
replace (int before, int after)
{
  for (guint i = 0; i < MAX_OPEN; i++) {
    int expected = before;

    if (__atomic_compare_exchange_n (&open_files[i], &expected, after, FALSE,
            __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return TRUE;
  }
  return FALSE;
}

/* In the child, where only what a signal handler may do is allowed. */
static void
store_lock_let_go (void)
{
  for (guint i = 0; i < MAX_OPEN; i++) {
    int fd = __atomic_exchange_n (&open_files[i], 0, __ATOMIC_ACQ_REL) - 1;

    if (fd >= 0) {
      close (fd);
      __atomic_add_fetch (&n_inherited, 1, __ATOMIC_RELEASE);
    }
  }
}

static void
store_lock_watch_forks (void)
{
  static gsize done;

  if (g_once_init_enter (&done)) {
    pthread_atfork (NULL, NULL, store_lock_let_go);
    g_once_init_leave (&done, 1);
  }
}

gboolean
mh_store_lock_is_inherited (void)
{
  return __atomic_load_n (&n_inherited, __ATOMIC_ACQUIRE) > 0;
}

void
mh_store_lock_close (int fd)
{
  replace (fd + 1, 0);
  close (fd);
}

int
mh_store_lock_open (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat status;

  if (fd >= 0 && fstat (fd, &status) == 0 && mh_own_files_is_safe (&status)) {
    store_lock_watch_forks ();
    replace (0, fd + 1);
    return fd;
  }
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

int
mh_store_lock_share (int fd, gint64 byte)
{
  return control (fd, F_OFD_SETLK, F_RDLCK, byte, NULL);
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
