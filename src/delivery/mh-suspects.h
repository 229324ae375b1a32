/* mh-suspects: hits that a server has answered in a way that leaves open whether
 * the server fails or the hit is one that it will never take.
 *
 * The answer to that is another hit. As long as the server takes none, it fails,
 * and all wait. Once it has taken one, the suspects have another try: the first
 * that the server refuses then is wrong. Before another one is given up, the server
 * has to take a hit again. Pure: no I/O, no clock.
 *
 * May touch: GLib, and in the file a limit of mh-protocol.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 hit;
  gint64 session;
} MhSuspect;

/**
 * MhSuspects:
 * @list: (element-type MhSuspect) (nullable): the oldest first
 * @tries: how often one of them has failed since the server took a hit. When one is
 *   given up and others are left, it is set so high that a hit that is no suspect is
 *   tried next
 * @works: whether the server is known to work: it has taken a hit since the last of
 *   these came to the list, since one was given up while others were left, and since
 *   mh_suspects_interrupt(). A suspect that fails then is given up
 *
 * All zero is none.
 */
typedef struct
{
  GArray *list;
  guint tries;
  gboolean works;
} MhSuspects;

/* Forgets all of them, and frees the list. */
void mh_suspects_clear (MhSuspects *self);

/* Returns: how many there are. */
guint mh_suspects_count (const MhSuspects *self);

/* @index: 0 for the one that was the first to fail. */
MhSuspect mh_suspects_get (const MhSuspects *self, guint index);

/* Returns: whether @hit is one of them. */
gboolean mh_suspects_contains (const MhSuspects *self, gint64 hit);

/* Returns: whether the next to be tried is a hit that is no suspect, if there is
 * one. Otherwise it is the first suspect. One try in six is another's, so that hits
 * mostly keep their order when the server is back. */
gboolean mh_suspects_wants_other (const MhSuspects *self);

/**
 * mh_suspects_fail:
 * @hit: has failed, alone in its request
 *
 * Returns: whether it is to be given up; then it is no suspect any more.
 */
gboolean mh_suspects_fail (MhSuspects *self, gint64 session, gint64 hit);

/**
 * mh_suspects_take:
 * @hit: the server has taken it
 *
 * A suspect that the server takes is none any more.
 */
void mh_suspects_take (MhSuspects *self, gint64 hit);

/* A request has failed for another reason, or one with several hits has: it is not
 * known any more that the server works. */
void mh_suspects_interrupt (MhSuspects *self);

/**
 * mh_suspects_forget:
 * @hit: is not there any more, whatever the server thinks of it
 *
 * A suspect whose hit has gone is none any more.
 */
void mh_suspects_forget (MhSuspects *self, gint64 hit);

G_END_DECLS
