/* fuzz: what libFuzzer, or fuzz-main, calls with one input after the other.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: 0. Whatever @data is: no crash, no leak, and what is asserted
 * within holds. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Returns: (transfer full): the next line of *@data, without its end; NULL:
 * there is none. */
char *fuzz_take_line (const guint8 **data, gsize *size);

G_END_DECLS
