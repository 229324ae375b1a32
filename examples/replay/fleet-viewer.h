/* fleet-viewer: a viewer who watches one item after the other, as the calls that
 * a player would make.
 *
 * The viewer watches films and live channels, pauses, seeks, sees ads, has to wait
 * for data, leaves early or stays to the end, and comes back after a while.
 * docs/guide/back-ends.md#what-a-fleet-needs says how often.
 *
 * May touch: GLib, mh-call, fleet-random. Pure: the same seed makes the same calls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fleet-random.h"
#include "mh-call.h"
#include "mh-time.h"

G_BEGIN_DECLS

/**
 * FleetPhase:
 * @FLEET_AWAY: nothing is played
 * @FLEET_AD: an ad is played
 * @FLEET_WATCHING: the content is played
 * @FLEET_PAUSED: the viewer has paused it
 * @FLEET_REBUFFERING: it waits for data
 * @FLEET_SEEKING: the viewer has moved to another position
 */
typedef enum
{
  FLEET_AWAY,
  FLEET_AD,
  FLEET_WATCHING,
  FLEET_PAUSED,
  FLEET_REBUFFERING,
  FLEET_SEEKING,
} FleetPhase;

/**
 * FleetViewer:
 * @next_at: when fleet_viewer_step() is due
 *
 * Filled in by fleet_viewer_init(); nothing in it has to be freed.
 */
typedef struct
{
  MhTime next_at;

  /*< private >*/
  FleetRandom random;
  FleetPhase phase;
  double day_second;
  double bitrate;
  double position; /* seconds of content, when the phase began */
  double stretch; /* seconds of content up to @next_at */
  double stop_at; /* where the viewer leaves */
  double break_at; /* where the next ads are */
  MhCallType incident; /* what happens next, if neither comes first */
  guint n_breaks;
  guint ad; /* the number of the ad in its break */
  guint n_ads;
  gboolean live;
  gboolean to_the_end;
} FleetViewer;

typedef void (*FleetCallFunc) (const MhCall *call, gpointer user_data);

/**
 * fleet_viewer_init:
 * @viewer: filled in
 * @seed: makes this viewer another one than the others
 * @first_at: when the first item begins
 * @day_second: the second of the UTC day at time 0, where live content is
 */
void fleet_viewer_init (
    FleetViewer *viewer, guint64 seed, MhTime first_at, double day_second);

/**
 * fleet_viewer_step:
 * @viewer: a viewer
 * @call: told of each call, at the time @next_at
 * @user_data: for @call
 *
 * Does what is due at @next_at, and sets that to the next time.
 */
void fleet_viewer_step (
    FleetViewer *viewer, FleetCallFunc call, gpointer user_data);

/**
 * fleet_viewer_leave:
 * @viewer: a viewer
 * @call: told of the end, if something is played
 * @user_data: for @call
 *
 * The viewer goes away for good.
 */
void fleet_viewer_leave (
    FleetViewer *viewer, FleetCallFunc call, gpointer user_data);

G_END_DECLS
