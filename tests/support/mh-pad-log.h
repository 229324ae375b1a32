/* mh-pad-log: all that passes a pad, as text, so that two runs can be compared.
 *
 * What differs from run to run by nature is left out or numbered: seqnums and
 * IDs of groups and streams by when they first come. Questions of the element's own, which come
 * from its worker's thread, are left out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _MhPadLog MhPadLog;

/**
 * mh_pad_log_new:
 * @pad: (transfer none): a pad, from now on
 *
 * Returns: (transfer full): its log; free it when nothing passes any more.
 */
MhPadLog *mh_pad_log_new (GstPad *pad);
void mh_pad_log_free (MhPadLog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhPadLog, mh_pad_log_free)

/* Returns: (transfer full): data and events of each direction in order, then each
 * query that was asked, and each that was answered, once. */
char *mh_pad_log_dup_text (MhPadLog *self);

/**
 * mh_pad_log_ask:
 * @pad: (transfer none): a pad; its peer is asked
 *
 * Returns: (transfer full): what it says to every query there is that need not
 *   wait for the data.
 */
char *mh_pad_log_ask (GstPad *pad);

G_END_DECLS
