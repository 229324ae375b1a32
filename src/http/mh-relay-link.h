/* mh-relay-link: one end of a connection between a process and the helper
 * program: frames in and out, in a main context, without waiting.
 *
 * A frame is its type and its length, four bytes each, and its contents.
 *
 * May touch: GLib, a socket. Of the thread that runs the context.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-relay.h"

G_BEGIN_DECLS

typedef struct _MhRelayLink MhRelayLink;

/**
 * MhRelayLinkFuncs:
 * @frame: a frame has come. It may free the link
 * @closed: the other side is gone, or has sent what is no frame: nothing more
 *   comes. It may free the link
 */
typedef struct
{
  void (*frame) (MhRelayType type, GBytes *contents, gpointer user_data);
  void (*closed) (gpointer user_data);
} MhRelayLinkFuncs;

/**
 * mh_relay_link_new:
 * @fd: (transfer full): a socket that does not block
 * @context: where @funcs are called
 * @funcs: (transfer none): static
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a link; free with mh_relay_link_free().
 */
MhRelayLink *mh_relay_link_new (int fd, GMainContext *context,
    const MhRelayLinkFuncs *funcs, gpointer user_data);

/**
 * mh_relay_link_free:
 * @self: (nullable): a link
 *
 * Closes it. What has not been written yet is not written any more.
 */
void mh_relay_link_free (MhRelayLink *self);

/**
 * mh_relay_link_send:
 * @contents: (nullable): of the frame; NULL: nothing
 *
 * Writes a frame, now or when the other side has room for it. Calls nothing.
 */
void mh_relay_link_send (MhRelayLink *self, MhRelayType type, GBytes *contents);

/**
 * mh_relay_link_send_now:
 * @fd: a socket that has just been connected
 *
 * Writes a frame without contents, for who has nothing else to say.
 *
 * Returns: whether it is written.
 */
gboolean mh_relay_link_send_now (int fd, MhRelayType type);

G_END_DECLS
