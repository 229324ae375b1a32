/* mh-crash: named places at which a test kills the process.
 *
 * MH_CRASH_POINT ("sender/sent") is nothing at all, unless the core is compiled
 * with MH_CRASH_POINTS, as it is for one test (tests/src/delivery/test-crash.c)
 * and never for the plugin. There it calls what that test defines. A place gets a
 * name if disk, server and memory differ there as they do at no other place.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#ifdef MH_CRASH_POINTS

/* The test's. @name is one of the section mh_crash_points, which has those of
 * the whole program. */
void mh_crash_point (const char *name);

#define MH_CRASH_POINT(name) \
  do { \
    static const char *const mh_crash_name \
        __attribute__ ((section ("mh_crash_points"), used)) = name; \
\
    mh_crash_point (mh_crash_name); \
  } while (0)

#else

#define MH_CRASH_POINT(name) ((void) 0)

#endif
