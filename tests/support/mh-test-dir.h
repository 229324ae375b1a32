/* mh-test-dir: a directory for a test, and a store in it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-store.h"

/* Returns: (transfer full): a new directory; give it back with mh_test_dir_free(). */
char *mh_test_dir_new (void);

/* Removes it with all that is in there. */
void mh_test_dir_free (char *dir);

/* Returns: (transfer full): the body of @hit, which can be read. */
GBytes *mh_test_dir_dup_body (MhStore *store, const MhStoreHit *hit);

/* Returns: (transfer full): what the database of @dir holds, read without any code of
 * ours: a line for each session with hits, oldest first. */
char *mh_test_dir_dump_disk (const char *dir);

/* Returns: (transfer full): the same of what @store holds. It is empty then. */
char *mh_test_dir_take_out (MhStore *store);

/* Returns: the first value that SQL gives on the database of @dir. */
int mh_test_dir_get_number (const char *dir, const char *sql);

/* Runs SQL on the database of @dir. */
void mh_test_dir_exec (const char *dir, const char *sql);
