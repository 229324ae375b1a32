/* mh-test-vfs: a disk that fails when it is told to.
 *
 * It is SQLite's own way to the disk, but for one operation, or all from that
 * one on.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/**
 * MhTestFault:
 * @MH_TEST_FAULT_ERROR: an I/O error
 * @MH_TEST_FAULT_FULL: no space is left, for what needs some
 * @MH_TEST_FAULT_TORN: half of what is written gets there, then an error
 * @MH_TEST_FAULT_SHORT: what is read is not there
 */
typedef enum
{
  MH_TEST_FAULT_ERROR,
  MH_TEST_FAULT_FULL,
  MH_TEST_FAULT_TORN,
  MH_TEST_FAULT_SHORT,
} MhTestFault;

/* From now on SQLite uses it, in this process. */
void mh_test_vfs_register (void);

/**
 * mh_test_vfs_fail:
 * @fault: how
 * @n: which operation, 0: the next; negative: none
 * @for_good: and all that follow
 *
 * Only operations count that @fault can happen to.
 */
void mh_test_vfs_fail (MhTestFault fault, int n, gboolean for_good);

/* Returns: whether it came to that. */
gboolean mh_test_vfs_has_failed (void);
