/* mh-traced-pipeline-private: what mh-traced-pipeline.c and mh-traced-pipeline-look.c share.
 *
 * May touch: what mh-traced-pipeline.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-traced-pipeline.h"
#include "mh-tracked-player.h"
#include "mh-watched-pad.h"

G_BEGIN_DECLS

struct _MhTracedPipeline
{
  MhMailbox *mailbox;
  MhTrackedPlayer *player; /* of the mailbox */
  MhTap tap; /* of its states */
  char **filter; /* patterns of its name, or NULL */
  int asks; /* atomic: how many threads are about its URI */
  int messages; /* atomic: how many are kept for later */

  GMutex lock; /* of what follows; GStreamer is not called while it is held */
  MhWatchedPad *watch; /* where data is seen: a reference, or NULL */
  gboolean wanted; /* the filter lets it through */
  gboolean streams; /* it is on the way to PAUSED, or further */
  gboolean plays; /* it is to play, or has been since it was in NULL */
  gboolean playback; /* that is what it is */
  gboolean silent; /* it was given sinks that show nothing */
  gboolean failed; /* before there was anything to be seen */
  gboolean running; /* so it is tracked */
  guint asking; /* how many threads may still say what its URI is */

  GWeakRef pad; /* of the watch. mh-hook-work's only */
};

/* Returns: whether @name is what one of @patterns stands for. */
gboolean mh_traced_pipeline_matches (char **patterns, const char *name);

/* mh-traced-pipeline-look.c: nothing is looked at here, but by mh-hook-work. */

/* Whether it is wanted for its name. */
void mh_traced_pipeline_look_at_name (GstElement *pipeline);

/* Looks for the point where data is seen, if there is none. */
void mh_traced_pipeline_look (GstElement *pipeline);
/* Asks where its media comes from. */
void mh_traced_pipeline_ask_uri (MhTracedPipeline *self, GstElement *pipeline);
/* The pipeline is playback: it is tracked from the moment when it is to play, unless
 * an element tracks it already. */
void mh_traced_pipeline_track (GstElement *pipeline);
/* Takes what a message says that GStreamer has to be asked about. */
void mh_traced_pipeline_read_message (
    MhTracedPipeline *self, GstElement *pipeline, GstMessage *message);

G_END_DECLS
