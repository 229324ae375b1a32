/* mh-test-element: an element that is its own pipeline, with a bus.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

/**
 * MhTestElement:
 * @element: a `mediaheartbeat` without any wait, in NULL
 * @bus: its bus, with what was posted since
 *
 * A fixture.
 */
typedef struct
{
  GstElement *element;
  GstBus *bus;
} MhTestElement;

void mh_test_element_set_up (MhTestElement *f, gconstpointer data);
void mh_test_element_tear_down (MhTestElement *f, gconstpointer data);
