/* mh-sequence-private: what the files of the sequence share.
 *
 * mh-sequence.c       stands in for mh-tracked-player, with the pipeline
 * mh-sequence-text.c  reads what is written down
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sequence.h"
#include "mh-session.h"

G_BEGIN_DECLS

/* The player, as it is. */
typedef struct
{
  GstState own;
  GstState top;
  GstState pending;
  GstState target;
  gboolean quiet; /* stops: it is not asked */
  MhTime at; /* of the following */
  double position;
  double rate;
  double multiplier;
  double buffer_end;
  guint64 buffers;
  gboolean says_position;
  gboolean heard; /* messages of its elements reach us */
  gboolean flushing;
  gboolean dry;
  int fill; /* percent; -1: nobody says */
  gboolean frozen;
  double lead;
  GstClockTime step;
  guint64 dropped;
  guint64 late;
  gboolean live;
  double length; /* s; -1: not known */
  guint32 seqnum; /* of the latest seek, or no seek's */
} Player;

struct _MhSequence
{
  MhMonitor *monitor;
  MhSession *session;
  Player player;
  MhTime now;
  gint64 utc_offset; /* of live media */
  MhTime floor; /* settled up to here */
  MhTime called_at; /* time of the latest call */
  MhTime changed_at; /* since when the player has been as it is */
  MhTime slow; /* how long an answer of the player is on its way */
  MhSample answer; /* on its way */
  MhTime answer_at; /* when it is there; MH_TIME_NEVER: there is none */
  guint questions; /* for its position */
  guint wakeups;
  MhPlaybackState state;
  GArray *pending; /* of MhObservation */
  GPtrArray *calls;
  GPtrArray *hits;
  GPtrArray *states;
  GPtrArray *refusals;
};

/* Moves the player to a moment. */
void mh_sequence_move_player (MhSequence *self, MhTime to);
/* Lets time pass up to and including a moment, from deadline to deadline. */
void mh_sequence_pass_time (MhSequence *self, MhTime to);
/* The worker sees what is pending. */
void mh_sequence_process (MhSequence *self);
/* It is known how long the media is. */
void mh_sequence_set_length (MhSequence *self, double length);
/* The application calls. */
void mh_sequence_make_call (MhSequence *self, const char *name);

G_END_DECLS
