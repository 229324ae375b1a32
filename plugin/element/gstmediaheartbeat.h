/* gstmediaheartbeat: the pass-through element `mediaheartbeat`.
 *
 * Hands what it sees to its mailbox. Decides nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-seek-watch.h"
#include "mh-tap.h"
#include "mh-tracked-player.h"

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
  MhMailbox *mailbox;
  MhTrackedPlayer *player; /* of the mailbox */

  MhTap tap;

  GstBus *bus; /* OBJECT_LOCK: the topmost parent's, or NULL */
  gulong bus_handler; /* OBJECT_LOCK */

  /* State changes only. */
  GstElement *top; /* not owned: to tell whether it is another one */
  GWeakRef watched; /* the topmost parent, where it is a bin */
  gulong removed_handler;
  MhSeekWatch *seek_watch;

  int lost; /* atomic: it was taken out of it */

  MhSettings *settings; /* OBJECT_LOCK */
  gboolean settings_checked; /* OBJECT_LOCK: and complained about */
};

/* gstmediaheartbeat-bus.c: state changes only */

/* Listens on the bus that @top, where the element is, has by now. */
void gst_media_heartbeat_follow_bus (GstMediaHeartbeat *self, GstElement *top);
/* Finds out where it is now, listens there and joins the others. */
void gst_media_heartbeat_follow_top (GstMediaHeartbeat *self);
/* @stay: the pipeline goes on, and may want it again. */
void gst_media_heartbeat_leave_top (GstMediaHeartbeat *self, gboolean stay);

/* gstmediaheartbeat-properties.c */

/* Installs the properties; get and set are the class's from then on. */
void gst_media_heartbeat_install_properties (GObjectClass *object_class);

/* Tells of every property that cannot work as it is set. */
void gst_media_heartbeat_check_settings (GstMediaHeartbeat *self);

G_END_DECLS
