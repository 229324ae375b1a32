/* mh-watched-pad: a pad that the tracer watches.
 *
 * A source pad that is given sound or pictures may be the one whose data counts. That
 * depends on the elements behind the pad, which a hook must not look at. The watch
 * therefore keeps what passes until mh-traced-pipeline has looked, and then gives it to a tap,
 * or throws it away.
 *
 * A watch lives as long as its pad, so a hook that is called for a pad may use the
 * watch of that pad. A tap that is bound to the watch lives as long as the watch.
 *
 * May touch: GStreamer, tap, mailbox.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-tap.h"

G_BEGIN_DECLS

/**
 * MhWatchedPad:
 * @tap: (nullable): atomic: is told of what passes
 * @waits: atomic: what passes is kept until it is clear whether it counts
 */
typedef struct
{
  MhTap *tap;
  gboolean waits;

  /*< private >*/
  gatomicrefcount refs;
  gconstpointer pad; /* only compared with */

  /* What was told last, if that is sticky. Atomic. */
  gconstpointer last;
  guint32 last_seqnum;

  /* Never held while GStreamer is called, but for an event's contents: a hook
   * may come with the pad's own lock held. */
  GMutex lock;
  GQueue kept; /* lock: of what passed meanwhile */
  GPtrArray *bindings; /* lock: the taps, and whose they are */
} MhWatchedPad;

#define MH_WATCHED_PAD_BUCKETS 1024 /* a power of two */

/* How many pads of a hash value have a watch to be asked for data. Atomic. Every
 * push of the process looks here: nearly all of them find 0, in a few
 * instructions. */
extern int mh_watched_pad_buckets[MH_WATCHED_PAD_BUCKETS];

static inline guint
mh_watched_pad_hash (gconstpointer pad)
{
  return (guint) ((guintptr) pad / 16 * 2654435761u) &
      (MH_WATCHED_PAD_BUCKETS - 1);
}

/* Returns: (transfer none) (nullable): what watches @pad, or did. */
MhWatchedPad *mh_watched_pad_get (GstPad *pad);

/* Finds the watch of a pad, for each push of the process: fast. Returns: NULL: nothing
 * is wanted of the pad; a watch that nothing is wanted of may come as well. */
static inline MhWatchedPad *
mh_watched_pad_find (GstPad *pad)
{
  if (G_LIKELY (MH_RELAXED_LOAD (
                    mh_watched_pad_buckets[mh_watched_pad_hash (pad)]) == 0))
    return NULL;
  return mh_watched_pad_get (pad);
}

/* Returns: (transfer none): what watches @pad from now on. */
MhWatchedPad *mh_watched_pad_ensure (GstPad *pad);

MhWatchedPad *mh_watched_pad_ref (MhWatchedPad *watch);
void mh_watched_pad_unref (MhWatchedPad *watch);

/**
 * mh_watched_pad_begin:
 * @event: the CAPS event that is pushed at the pad
 *
 * Gives the event to the tap. Where there is no tap, keeps the event, and what passes
 * from here on.
 *
 * Returns: FALSE where this very event has come before.
 */
gboolean mh_watched_pad_begin (MhWatchedPad *watch, GstEvent *event);

/**
 * mh_watched_pad_event:
 * @event: any event that is pushed at the pad downstream
 *
 * Gives the event to the taps, or keeps it while it is not known whether the pad
 * counts.
 */
void mh_watched_pad_event (MhWatchedPad *watch, GstEvent *event);

/* Keeps a buffer, or gives it to the tap, while the watch waits. */
void mh_watched_pad_wait (MhWatchedPad *watch, GstBuffer *buffer);

/**
 * mh_watched_pad_bind:
 * @pad: (transfer none): the pad of @watch
 * @mailbox: where what passes is observed for
 *
 * Gives what the pad has got (its sticky events), and what was kept, to a tap of
 * that mailbox, and from here on what passes. Does nothing where that is so
 * already. Must not be called from a hook.
 */
void mh_watched_pad_bind (MhWatchedPad *watch, GstPad *pad, MhMailbox *mailbox);

/* Throws away what was kept, and ignores what passes until the next CAPS event. */
void mh_watched_pad_release (MhWatchedPad *watch);

static inline void
mh_watched_pad_buffer (MhWatchedPad *watch, GstBuffer *buffer)
{
  MhTap *tap = __atomic_load_n (&watch->tap, __ATOMIC_ACQUIRE);

  if (tap)
    mh_tap_buffer (tap, buffer);
  else if (MH_RELAXED_LOAD (watch->waits))
    mh_watched_pad_wait (watch, buffer);
}

static inline void
mh_watched_pad_list (MhWatchedPad *watch, GstBufferList *list)
{
  MhTap *tap = __atomic_load_n (&watch->tap, __ATOMIC_ACQUIRE);

  if (tap)
    mh_tap_list (tap, list);
  else if (MH_RELAXED_LOAD (watch->waits) && gst_buffer_list_length (list) > 0)
    mh_watched_pad_wait (watch, gst_buffer_list_get (list, 0));
}

G_END_DECLS
