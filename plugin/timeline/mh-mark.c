/* mh-mark: what a stream says of itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mark.h"

#include <math.h>

#include "mh-error.h"
#include "mh-structure.h"
#include "mh-chapters.h"

gboolean
mh_mark_is_in (GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CUSTOM_UPSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    case GST_EVENT_CUSTOM_BOTH:
    case GST_EVENT_CUSTOM_BOTH_OOB:
      return gst_event_has_name (event, MH_MARK_EVENT);
    default:
      return FALSE;
  }
}

static MhMark *
mark_new (void)
{
  MhMark *self = g_new0 (MhMark, 1);

  self->position = NAN;
  self->running = GST_CLOCK_TIME_NONE;
  return self;
}

static MhCall *
parse_call (const GstStructure *structure, GError **error)
{
  const char *name = gst_structure_get_string (structure, MH_MARK_CALL);
  g_autoptr (GstStructure) details = gst_structure_copy (structure);
  g_autoptr (GVariant) arguments = NULL;

  if (!name) {
    g_set_error_literal (error, MH_ERROR, MH_ERROR_MALFORMED,
        "it has no field “" MH_MARK_CALL "” that names a call");
    return NULL;
  }
  gst_structure_remove_field (details, MH_MARK_CALL);
  arguments = mh_structure_to_variant (details, error);
  if (!arguments) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return mh_call_parse (name, arguments, error);
}

/* The number goes with the event wherever that goes, and never to another one
 * that gets its memory; a copy has none. */
static guint
number_event (GstEvent *event)
{
  static int last; /* atomic */
  GQuark quark = g_quark_from_static_string ("mh-mark-event");
  guint number = GPOINTER_TO_UINT (
      gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (event), quark));

  while (number == 0) {
    number = (guint) g_atomic_int_add (&last, 1) + 1;
    gst_mini_object_set_qdata (
        GST_MINI_OBJECT_CAST (event), quark, GUINT_TO_POINTER (number), NULL);
  }
  return number;
}

MhMark *
mh_mark_from_event (GstEvent *event, GError **error)
{
  MhCall *call = parse_call (gst_event_get_structure (event), error);
  MhMark *self;

  if (!call)
    return NULL;
  self = mark_new ();
  self->seqnum = gst_event_get_seqnum (event);
  self->event = number_event (event);
  self->sticky = GST_EVENT_IS_STICKY (event);
  self->call = call;
  return self;
}

MhMark *
mh_mark_from_toc (GstEvent *event)
{
  g_autoptr (GstToc) toc = NULL;
  MhMark *self = mark_new ();

  gst_event_parse_toc (event, &toc, NULL);
  self->chapters = mh_chapters_list_from_toc (toc);
  return self;
}

MhMark *
mh_mark_from_splice (MhScte35 *splice, GstClockTime running)
{
  MhMark *self = mark_new ();

  self->running = running;
  self->splice = splice;
  return self;
}

void
mh_mark_free (MhMark *self)
{
  if (!self)
    return;
  mh_call_free (self->call);
  g_clear_pointer (&self->chapters, g_ptr_array_unref);
  mh_scte35_free (self->splice);
  g_free (self);
}
