/* mh-test-share: see mh-test-share.h
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-share.h"

guint
mh_test_share (void)
{
  const char *text = g_getenv ("MH_TEST_SHARE");
  guint64 share = text ? g_ascii_strtoull (text, NULL, 10) : 1;

  g_assert_cmpuint (share, >=, 1);
  g_assert_cmpuint (share, <=, 100);
  return (guint) share;
}
