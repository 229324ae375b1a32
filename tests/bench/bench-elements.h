/* bench-elements: elements with as little in them as can be, to measure others
 * against.
 *
 *   benchsource   a source pad that the caller pushes to
 *   benchminimal  passes on buffers, lists and all else
 *   benchsink     drops what it gets; says that it keeps time
 *
 * and a tracer that does nothing.
 *
 * May touch: GStreamer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * bench_elements_register:
 *
 * Makes the three known to gst_element_factory_make(), in this process.
 */
void bench_elements_register (void);

/**
 * bench_tracer_install:
 *
 * From here on GStreamer calls functions that do nothing wherever the tracer
 * `mediaheartbeat` has some that do.
 */
void bench_tracer_install (void);

G_END_DECLS
