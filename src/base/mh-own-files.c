/* mh-own-files: which files and directories belong to this user alone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-own-files.h"

#include <unistd.h>

const char *
mh_own_files_refuse_dir (const struct stat *status)
{
  if (status->st_uid != geteuid ())
    return "it belongs to another user";
  if (status->st_mode & S_IWOTH)
    return "everybody may write into it";
  return NULL;
}

gboolean
mh_own_files_is_safe (const struct stat *status)
{
  return S_ISREG (status->st_mode) && status->st_uid == geteuid ();
}
