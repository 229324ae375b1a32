/* mh-test-vfs: a disk that fails when it is told to.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* behind it */
} File;

/* What an operation does. */
typedef enum
{
  OPEN,
  READ,
  WRITE,
  OTHER,
} Operation;

static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static MhTestFault fault;
static int countdown = -1;
static gboolean for_good;
static gboolean failed;

static gboolean
can_happen (Operation operation)
{
  switch (fault) {
    case MH_TEST_FAULT_ERROR:
      return TRUE;
    case MH_TEST_FAULT_FULL:
      return operation == WRITE || operation == OPEN;
    case MH_TEST_FAULT_TORN:
      return operation == WRITE;
    case MH_TEST_FAULT_SHORT:
      return operation == READ;
  }
  g_assert_not_reached ();
}

static gboolean
fails (Operation operation)
{
  if (countdown < 0 || !can_happen (operation))
    return FALSE;
  if (countdown > 0) {
    countdown--;
    return FALSE;
  }
  failed = TRUE;
  if (!for_good)
    countdown = -1;
  return TRUE;
}

static int
code (int error)
{
  return fault == MH_TEST_FAULT_FULL ? SQLITE_FULL : error;
}

#define REAL(file) (((File *) (file))->real)

static int
on_close (sqlite3_file *file)
{
  return REAL (file)->pMethods->xClose (REAL (file));
}

static int
on_read (sqlite3_file *file, void *data, int amount, sqlite3_int64 offset)
{
  if (fails (READ)) {
    memset (data, 0, (size_t) amount);
    return fault == MH_TEST_FAULT_SHORT ? SQLITE_IOERR_SHORT_READ
                                        : SQLITE_IOERR_READ;
  }
  return REAL (file)->pMethods->xRead (REAL (file), data, amount, offset);
}

static int
on_write (
    sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
  if (fails (WRITE)) {
    if (fault == MH_TEST_FAULT_TORN)
      REAL (file)->pMethods->xWrite (REAL (file), data, amount / 2, offset);
    return code (SQLITE_IOERR_WRITE);
  }
  return REAL (file)->pMethods->xWrite (REAL (file), data, amount, offset);
}

static int
on_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  if (fails (OTHER))
    return SQLITE_IOERR_TRUNCATE;
  return REAL (file)->pMethods->xTruncate (REAL (file), size);
}

static int
on_sync (sqlite3_file *file, int flags)
{
  if (fails (OTHER))
    return SQLITE_IOERR_FSYNC;
  return REAL (file)->pMethods->xSync (REAL (file), flags);
}

static int
on_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  if (fails (OTHER))
    return SQLITE_IOERR_FSTAT;
  return REAL (file)->pMethods->xFileSize (REAL (file), size);
}

static int
on_lock (sqlite3_file *file, int level)
{
  if (fails (OTHER))
    return SQLITE_IOERR_LOCK;
  return REAL (file)->pMethods->xLock (REAL (file), level);
}

static int
on_unlock (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xUnlock (REAL (file), level);
}

static int
on_check_reserved (sqlite3_file *file, int *result)
{
  return REAL (file)->pMethods->xCheckReservedLock (REAL (file), result);
}

static int
on_control (sqlite3_file *file, int operation, void *argument)
{
  return REAL (file)->pMethods->xFileControl (REAL (file), operation, argument);
}

static int
on_sector_size (sqlite3_file *file)
{
  return REAL (file)->pMethods->xSectorSize (REAL (file));
}

static int
on_characteristics (sqlite3_file *file)
{
  return REAL (file)->pMethods->xDeviceCharacteristics (REAL (file));
}

static int
on_shm_map (
    sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  if (fails (extend ? WRITE : OTHER))
    return code (SQLITE_IOERR_SHMMAP);
  return REAL (file)->pMethods->xShmMap (
      REAL (file), page, size, extend, memory);
}

static int
on_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  if ((flags & SQLITE_SHM_LOCK) && fails (OTHER))
    return SQLITE_IOERR_SHMLOCK;
  return REAL (file)->pMethods->xShmLock (REAL (file), offset, n, flags);
}

static void
on_shm_barrier (sqlite3_file *file)
{
  REAL (file)->pMethods->xShmBarrier (REAL (file));
}

static int
on_shm_unmap (sqlite3_file *file, int remove)
{
  return REAL (file)->pMethods->xShmUnmap (REAL (file), remove);
}

static const sqlite3_io_methods methods = { 2, on_close, on_read, on_write,
  on_truncate, on_sync, on_file_size, on_lock, on_unlock, on_check_reserved,
  on_control, on_sector_size, on_characteristics, on_shm_map, on_shm_lock,
  on_shm_barrier, on_shm_unmap, NULL, NULL };

static int
on_open (sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
  File *own = (File *) file;
  int status;

  own->base.pMethods = NULL;
  own->real = (sqlite3_file *) &own[1];
  if (fails (OPEN))
    return code (SQLITE_CANTOPEN);
  status = real_vfs->xOpen (real_vfs, name, own->real, flags, out_flags);
  if (own->real->pMethods)
    own->base.pMethods = &methods;
  return status;
}

static int
on_delete (sqlite3_vfs *self, const char *name, int sync)
{
  if (fails (OTHER))
    return SQLITE_IOERR_DELETE;
  return real_vfs->xDelete (real_vfs, name, sync);
}

void
mh_test_vfs_register (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "mh-test";
  vfs.szOsFile = (int) sizeof (File) + real_vfs->szOsFile;
  vfs.xOpen = on_open;
  vfs.xDelete = on_delete;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}

void
mh_test_vfs_fail (MhTestFault how, int n, gboolean from_then_on)
{
  fault = how;
  countdown = n;
  for_good = from_then_on;
  failed = FALSE;
}

gboolean
mh_test_vfs_has_failed (void)
{
  return failed;
}
