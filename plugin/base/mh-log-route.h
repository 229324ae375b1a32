/* mh-log-route: writes the log of the core and of the plugin to GStreamer's log.
 *
 * `mediaheartbeat` is the category of the element and its player;
 * `mediaheartbeat-tracer`, `-session`, `-store`, `-delivery` and `-http` are those of
 * the folders. `GST_DEBUG=mediaheartbeat*:5` shows all of them.
 *
 * gst_deinit() frees all categories, and the worker may still send what is left then.
 * From there on nothing is written.
 *
 * May touch: GStreamer's log, mh-log.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
GST_DEBUG_CATEGORY_EXTERN (mh_log_tracer);

/* Makes the categories, and has the core write to them. Call it when the plugin is
 * loaded or an element is registered; it does something once. */
void mh_log_route_init (void);

G_END_DECLS
