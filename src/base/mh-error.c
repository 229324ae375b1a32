/* mh-error: the project's error domain.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-error.h"

G_DEFINE_QUARK (mh - error - quark, mh_error)
