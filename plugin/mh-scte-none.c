/* mh-scte-none: without libgstmpegts nothing is known of SCTE-35.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-scte.h"

void
mh_scte_read (
    const GstStructure *structure, MhScteSplice found, gpointer user_data)
{
}
