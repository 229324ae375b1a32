/* mh-leader: which of several elements that observe one pipeline tracks it.
 *
 * A pipeline is one player, however many elements watch it: one of them leads,
 * the others follow and are ready to take over. One registry per process, by
 * topmost parent; asked at state changes only.
 *
 * May touch: GLib. Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MhLeaderRank:
 * @MH_LEADER_TRACER: leads where there is no other member that may
 * @MH_LEADER_NEVER: does not lead
 * @MH_LEADER_AUTO: leads if it is the first of these to have come
 * @MH_LEADER_ALWAYS: leads, with all others of this rank
 *
 * Whether a member leads. Members of a lower rank than another one do not.
 */
typedef enum
{
  MH_LEADER_TRACER,
  MH_LEADER_NEVER,
  MH_LEADER_AUTO,
  MH_LEADER_ALWAYS,
} MhLeaderRank;

/**
 * MhLeaderFunc:
 * @owner: the member's
 * @leads: whether it leads from now on
 * @taken_over: with @leads: whether the member that led before has a session
 *   open (mh_leader_set_open())
 * @alone: with @leads: whether the pipeline has had no other member since this one
 *   ceased to lead: no other can have led meanwhile
 * @streams: with @taken_over: which streams that one plays
 *
 * Called in the thread that joins or leaves, under the registry's lock, so that
 * one call comes after the other. It must not call a function of this file, and
 * not wait. The member that ceases to lead is told before the one that begins to. A
 * member that comes has led itself: it is told that it leads only where it has taken
 * over.
 */
typedef void (*MhLeaderFunc) (gpointer owner, gboolean leads,
    gboolean taken_over, gboolean alone, guint streams);

typedef struct _MhLeaderMember MhLeaderMember;

/**
 * mh_leader_member_new:
 * @func: told of changes
 * @owner: for @func; not kept alive
 *
 * Returns: (transfer full): a member of nothing yet, which leads itself.
 */
MhLeaderMember *mh_leader_member_new (MhLeaderFunc func, gpointer owner);

/**
 * mh_leader_member_free:
 * @member: a member that leaves; it is not told anything any more
 */
void mh_leader_member_free (MhLeaderMember *member);

/**
 * mh_leader_join:
 * @member: a member; it leaves where it was
 * @top: the topmost parent that it belongs to, only compared with
 * @rank: whether it may lead there
 *
 * If @member belongs to @top already, its rank changes, and its place in the order of
 * joining stays.
 */
void mh_leader_join (
    MhLeaderMember *member, gconstpointer top, MhLeaderRank rank);

/**
 * mh_leader_leave:
 * @member: a member, of something or not
 *
 * The member belongs to no pipeline from here on, and leads itself again.
 */
void mh_leader_leave (MhLeaderMember *member);

/**
 * mh_leader_set_open:
 * @open: whether it has a session open
 * @streams: group of the streams that it plays; 0: unknown
 *
 * The member that takes over is told of it. Nothing happens if @member does not lead,
 * or belongs to no pipeline.
 */
void mh_leader_set_open (MhLeaderMember *member, gboolean open, guint streams);

/**
 * mh_leader_dup:
 * @ref: takes a reference to an owner; under the lock, like a #MhLeaderFunc
 *
 * Returns: (transfer full) (nullable): the owner of the member that leads where
 *   @member is, which may be its own; NULL: no member leads there.
 */
gpointer mh_leader_dup (MhLeaderMember *member, gpointer (*ref) (gpointer));

G_END_DECLS
