/* mh-seek-watch: the SEEK events that pass the other branches of a player.
 *
 * playsink, which playbin and playbin3 have, gives a SEEK event to its video sink only. An
 * element in the branch of the sound sees the flush that follows, and not where the seek
 * goes (docs/design/inference.md#seeking). Therefore all sinks in playsink are watched.
 *
 * May touch: GStreamer, mailbox. Each function says whose thread it is for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-mailbox.h"

G_BEGIN_DECLS

typedef struct _MhSeekWatch MhSeekWatch;

/**
 * mh_seek_watch_new:
 * @mailbox: (transfer none): where SEEK events are told; kept alive
 *
 * Returns: (transfer full): a watch of nothing.
 */
MhSeekWatch *mh_seek_watch_new (MhMailbox *mailbox);

/* Frees @watch, one of nothing, when no pad tells it anything any more. */
void mh_seek_watch_free (MhSeekWatch *watch);

/**
 * mh_seek_watch_follow:
 * @element: (nullable) (transfer none): an element; not kept alive
 *
 * Watches the sinks of the playsink that @element is in, those that come to it later as
 * well, and nothing else. Where there is no playsink, each sink gets a SEEK event, and
 * nothing is watched. In a state change of @element, or when it is disposed of.
 */
void mh_seek_watch_follow (MhSeekWatch *watch, GstElement *element);

G_END_DECLS
