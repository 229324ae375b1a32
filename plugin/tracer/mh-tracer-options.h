/* mh-tracer-options: the tracer's parameters: the element's properties and `filter`,
 * as text.
 *
 * Texts come from the environment and from a key file. What can be set, and to
 * what, is asked of an element: nothing is listed a second time.
 *
 * May touch: GStreamer, files, mh-error. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-error.h"

G_BEGIN_DECLS

/* Group of the key file, and name of the structure that the texts make. */
#define MH_TRACER_OPTIONS_GROUP "mediaheartbeat"

/**
 * MhTracerOptions:
 * @element: (transfer none): gets the properties
 * @filter: (transfer full) (nullable): the parameter of that name
 * @warning: told of everything that is wrong: the rest counts nevertheless
 * @user_data: for @warning
 */
typedef struct
{
  GObject *element;
  char *filter;
  MhWarningFunc warning;
  gpointer user_data;
} MhTracerOptions;

/**
 * mh_tracer_options_take_text:
 * @text: as in `GST_TRACERS="mediaheartbeattracer(TEXT)"`: name=value, separated by
 *   commas, in GstStructure's syntax
 *
 * Takes the parameters in; what is wrong with one is reported, and the others count.
 */
void mh_tracer_options_take_text (MhTracerOptions *options, const char *text);

/**
 * mh_tracer_options_take_file:
 * @path: a key file with the group `mediaheartbeat`, 64 KiB at most
 *
 * Takes parameters from a file. A file that identifies the visitor (visitor-id, analytics-id,
 * marketing-cloud-user-id, customer-ids, app-installation-id, metadata) must
 * belong to the user or to root and be private to its owner (0600); otherwise
 * nothing of it counts.
 */
void mh_tracer_options_take_file (MhTracerOptions *options, const char *path);

G_END_DECLS
