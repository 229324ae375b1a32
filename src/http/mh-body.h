/* mh-body: reads the body of an answer.
 *
 * Most answers have none, or one that has come with the headers. That is read at
 * once, and not in another turn of the main loop. Room is made for a part at a time:
 * room for the longest body would cost more than the rest of a request.
 *
 * May touch: GLib and GIO. Any thread with a main context.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MhBodyFunc:
 * @body: (nullable): %NULL: it could not be read
 * @error: (nullable): why not
 */
typedef void (*MhBodyFunc) (
    GBytes *body, const GError *error, gpointer user_data);

/**
 * mh_body_read:
 * @stream: it must live until @done is called; it is not closed
 * @cancellable: (nullable): it must live until @done is called
 * @most: where the body is longer, the rest is not read
 * @done: called once, perhaps before this function returns
 */
void mh_body_read (GInputStream *stream, gsize most, GCancellable *cancellable,
    MhBodyFunc done, gpointer user_data);

G_END_DECLS
