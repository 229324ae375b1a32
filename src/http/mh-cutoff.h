/* mh-cutoff: shuts down connections whose time is over, from its own thread.
 *
 * libsoup reads some parts of an answer in a loop, for as long as the server
 * sends them, and does not return to the main loop meanwhile. No timer of that
 * thread can end such a request, and a cancellable is not looked at. The socket
 * can be shut down from another thread.
 *
 * May touch: sockets, and one thread. Used by one thread; its own thread touches
 * the list of marks and shuts their sockets down, nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MhCutoff MhCutoff;

/* A connection and its time. Owned by the caller, zero before it is first used, and
 * removed before its memory goes. */
typedef struct
{
  /*< private >*/
  int fd; /* of its own */
  gint64 at; /* g_get_monotonic_time() */
  GList link;
  gboolean set;
} MhCutoffMark;

/* The thread is made with the first mark. Where it cannot be made, nothing is shut
 * down. */
MhCutoff *mh_cutoff_new (void);

/* Ends the thread and waits for that, which is short: it never blocks in a call. No
 * mark may be left. */
void mh_cutoff_free (MhCutoff *self);

/**
 * mh_cutoff_set:
 * @fd: a socket; it is duplicated, and may be closed at any time
 * @at: when it is shut down, in microseconds of g_get_monotonic_time()
 *
 * Has a socket shut down at a time, in place of what @mark was set to before.
 */
void mh_cutoff_set (MhCutoff *self, MhCutoffMark *mark, int fd, gint64 at);

/* Removes a mark. Its socket is not shut down after this has returned. */
void mh_cutoff_remove (MhCutoff *self, MhCutoffMark *mark);

G_END_DECLS
