/* mh-gst: what is looked up of any object of GStreamer's.
 *
 * May touch: GStreamer's types. Asks no object anything. To look a property up, GLib holds
 * the lock of its properties for a moment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * mh_gst_has_property:
 * @object: (transfer none): of any class, also of one that may have no such property
 * @type: what the property has to hold
 *
 * Returns: whether g_object_get() may be called for it.
 */
static inline gboolean
mh_gst_has_property (gpointer object, const char *name, GType type)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (object), name);

  return pspec && g_type_is_a (pspec->value_type, type);
}

/**
 * mh_gst_is_sink:
 * @object: (nullable) (transfer none): any object
 *
 * Returns: whether data ends there: it is a sink, and not a bin around one.
 */
static inline gboolean
mh_gst_is_sink (gpointer object)
{
  return GST_IS_ELEMENT (object) && !GST_IS_BIN (object) &&
      GST_OBJECT_FLAG_IS_SET (object, GST_ELEMENT_FLAG_SINK);
}

/**
 * mh_gst_dup_first_string:
 * @object: (transfer none): any object
 * @names: properties that it may have, in the order in which they are asked for
 * @n: how many these are
 *
 * Returns: (transfer full) (nullable): the first that is set.
 */
static inline char *
mh_gst_dup_first_string (gpointer object, const char *const names[], guint n)
{
  char *text = NULL;

  for (guint i = 0; i < n && !text; i++) {
    if (mh_gst_has_property (object, names[i], G_TYPE_STRING))
      g_object_get (object, names[i], &text, NULL);
  }
  return text;
}

/**
 * mh_gst_is_playsink:
 * @object: (transfer none): any object
 *
 * Returns: whether it is what playbin and playbin3 have their sinks and filters in.
 */
static inline gboolean
mh_gst_is_playsink (gpointer object)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (object), "GstPlaySink");
}

G_END_DECLS
