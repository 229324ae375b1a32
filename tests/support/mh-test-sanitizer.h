/* mh-test-sanitizer: which sanitizer a test is built with.
 *
 * gcc says it otherwise than clang.
 *
 * May touch: nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define MH_TEST_WITH_ASAN 1
#else
#define MH_TEST_WITH_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define MH_TEST_WITH_TSAN 1
#else
#define MH_TEST_WITH_TSAN 0
#endif
