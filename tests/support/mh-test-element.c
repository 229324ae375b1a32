/* mh-test-element: an element that is its own pipeline, with a bus.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-element.h"

void
mh_test_element_set_up (MhTestElement *f, gconstpointer data)
{
  f->element = gst_element_factory_make ("mediaheartbeat", NULL);
  g_assert_nonnull (f->element);
  gst_object_ref_sink (f->element);
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->element, f->bus);
  g_object_set (f->element, "preroll-wait", 0, "flush-timeout", 0, NULL);
}

void
mh_test_element_tear_down (MhTestElement *f, gconstpointer data)
{
  gst_element_set_state (f->element, GST_STATE_NULL);
  gst_element_set_bus (f->element, NULL);
  gst_object_unref (f->element);
  gst_object_unref (f->bus);
}
