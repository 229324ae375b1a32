/* mh-test-share: how much of a long test is run, where all is slow.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/* Of a test that does the same at hundreds of places, or hundreds of times.
 * Returns: N if it is to do one of N of them, by the environment variable
 * MH_TEST_SHARE: in an emulator, with a sanitizer and in valgrind (tests/meson.build).
 * Otherwise 1, for all. */
guint mh_test_share (void);
