/* gstmediaheartbeat: the pass-through element `mediaheartbeat`.
 *
 * Hands what it sees to its observer. Decides nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-tap.h"

G_BEGIN_DECLS

#define GST_TYPE_MEDIA_HEARTBEAT (gst_media_heartbeat_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMediaHeartbeat, gst_media_heartbeat, GST, MEDIA_HEARTBEAT, GstElement)

GST_ELEMENT_REGISTER_DECLARE (mediaheartbeat);

struct _GstMediaHeartbeat
{
  GstElement parent_instance;

  GstPad *sinkpad;
  GstPad *srcpad;
  MhObserver *observer;

  MhTap tap;

  /* State changes only. */
  GstBus *bus; /* the topmost parent's, or NULL */
  gulong bus_handler;
  GstElement *top; /* not owned: to tell whether it is another one */
  GWeakRef watched; /* the same, where it is a bin */
  gulong removed_handler;

  int lost; /* atomic: it was taken out of it */

  MhSettings *settings; /* OBJECT_LOCK */
  gboolean settings_checked; /* OBJECT_LOCK: and complained about */
};

/* gstmediaheartbeat-top.c: state changes only */

/* Finds out where it is now, listens there and joins the others. */
void gst_media_heartbeat_follow_top (GstMediaHeartbeat *self);
/* @stay: the pipeline goes on, and may want it again. */
void gst_media_heartbeat_leave_top (GstMediaHeartbeat *self, gboolean stay);

/* gstmediaheartbeat-props.c */

/* Installs the properties; get and set are the class's from then on. */
void gst_media_heartbeat_install_properties (GObjectClass *object_class);

/* Tells of every property that cannot work as it is set. */
void gst_media_heartbeat_check_settings (GstMediaHeartbeat *self);

G_END_DECLS
