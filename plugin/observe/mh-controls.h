/* mh-controls: a player's volume, its mute button and its subtitles, watched.
 *
 * They belong to the topmost parent where that has a volume of its own (playbin
 * and its like), else to the one element in it that has (`volume`, a sink).
 * The application changes them in any thread, maybe with locks held that a question
 * would need. Therefore that thread only notes that something has changed.
 *
 * May touch: GStreamer, notifier. Each function says whose thread it is for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MhControlsOwner:
 * @ref: takes a reference to an owner
 * @unref: gives it back
 * @changed: a control may have changed; @moving: it may change again with each
 *   buffer of a stream. Any thread, with locks of others held; it may not wait.
 */
typedef struct
{
  gpointer (*ref) (gpointer owner);
  void (*unref) (gpointer owner);
  void (*changed) (gpointer owner, gboolean moving);
} MhControlsOwner;

/**
 * MhControlsView:
 * @muted: nothing is to be heard: muted, or the volume is 0
 * @captions: there are subtitles, and they are shown
 */
typedef struct
{
  gboolean muted;
  gboolean captions;
} MhControlsView;

typedef struct _MhControls MhControls;

/**
 * mh_controls_new:
 * @funcs: (transfer none): static
 * @owner: for @funcs; kept alive by what is watched, and only by that
 *
 * Returns: (transfer full): controls of nothing.
 */
MhControls *mh_controls_new (const MhControlsOwner *funcs, gpointer owner);

/**
 * mh_controls_free:
 * @controls: controls of nothing
 */
void mh_controls_free (MhControls *controls);

/**
 * mh_controls_set_top:
 * @top: (nullable) (transfer none): the topmost parent; not kept alive
 *
 * Watches what it has from here on, and nothing else. Any thread but the
 * worker's.
 */
void mh_controls_set_top (MhControls *controls, GstElement *top);

/**
 * mh_controls_look:
 * @view: (out): what they show now; nothing where there are none
 *
 * Reads the player's properties. In the query thread, without a lock held.
 */
void mh_controls_look (MhControls *controls, MhControlsView *view);

G_END_DECLS
