/* player-heartbeat: everything that the example player has to do with the
 * element `mediaheartbeat`.
 *
 * This is the file to read for using the element in another application.
 *
 * May touch: GStreamer, player-output.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * player_heartbeat_new:
 * @description: (nullable): properties as in a gst-launch-1.0 description:
 *   `media-id=x idle-timeout=3`
 * @settings: (nullable): more of them, one `name=value` each
 * @metadata: (nullable): lists `a.media.show=My show,key=value`; a backslash
 *   in front of a comma makes it part of the value
 * @error: %G_OPTION_ERROR_BAD_VALUE: what of it makes no sense;
 *   %GST_CORE_ERROR_MISSING_PLUGIN: the plugin is not installed
 *
 * Returns: (transfer floating) (nullable): the element.
 */
GstElement *player_heartbeat_new (const char *description,
    const char *const *settings, const char *const *metadata, GError **error);

/**
 * player_heartbeat_set_resumed:
 * @heartbeat: the element, below PAUSED
 * @resumed: whether the next session resumes an earlier one: the viewer comes
 *   back to where they left it
 */
void player_heartbeat_set_resumed (GstElement *heartbeat, gboolean resumed);

/**
 * player_heartbeat_track:
 * @heartbeat: the element
 * @call: one of the calls that docs/reference/calls.md lists
 * @details: (nullable): its arguments
 *
 * Reports what no pipeline shows. Where it is refused (before the session
 * starts, for one), a warning on the bus says why.
 *
 * Returns: whether it was accepted.
 */
gboolean player_heartbeat_track (
    GstElement *heartbeat, const char *call, const GstStructure *details);

/**
 * player_heartbeat_set_muted:
 * @heartbeat: the element
 * @muted: whether the player is muted
 *
 * Reports a player state. The element sees this one by itself as well; who tells
 * of it has the say.
 */
void player_heartbeat_set_muted (GstElement *heartbeat, gboolean muted);

/**
 * player_heartbeat_is_used:
 * @heartbeat: the element
 *
 * Returns: whether the stream goes through it, once the pipeline is prerolled.
 */
gboolean player_heartbeat_is_used (GstElement *heartbeat);

/**
 * player_heartbeat_print:
 * @heartbeat: the element
 * @message: any message of the bus
 * @started: (out): whether it says that a session started which is not the
 *   continuation of another
 *
 * Prints what the element has to say.
 *
 * Returns: whether @message is one of the element's own.
 */
gboolean player_heartbeat_print (
    GstElement *heartbeat, GstMessage *message, gboolean *started);

/**
 * player_heartbeat_print_stats:
 * @heartbeat: the element
 *
 * Prints what came of it all.
 */
void player_heartbeat_print_stats (GstElement *heartbeat);

G_END_DECLS
