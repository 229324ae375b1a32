/* mh-timeline: calls written as JSON, run through a session.
 *
 * One object {"at": ms, "call": name, …arguments} is one call; a scenario file
 * is {"name", "calls": [...], "expect": [...]}.
 *
 * May touch: json-glib, mh-session, mh-protocol-collection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "mh-config.h"
#include "mh-session.h"

G_BEGIN_DECLS

typedef struct _MhTimeline MhTimeline;

/**
 * mh_timeline_new:
 * @config: times of the session come from it
 * @listener: what to tell; see #MhSessionListener
 * @user_data: for @listener
 *
 * Returns: (transfer full): a session that is driven by JSON calls.
 */
MhTimeline *mh_timeline_new (const MhConfig *config,
    const MhSessionListener *listener, gpointer user_data);
void mh_timeline_free (MhTimeline *timeline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhTimeline, mh_timeline_free)

/**
 * mh_timeline_call:
 * @timeline: a timeline
 * @node: one call as JSON
 * @error: %MH_ERROR_MALFORMED: not a call; %MH_ERROR_REFUSED never: those go to
 *   the listener, at once or when a call was held back, later
 *
 * Returns: FALSE where the input is malformed.
 */
gboolean mh_timeline_call (
    MhTimeline *timeline, JsonNode *node, GError **error);

/**
 * mh_timeline_load:
 * @path: a file of JSON
 * @error: the file cannot be read, or is not JSON
 *
 * Reads a file as strictly as the lines of the standard input are read.
 *
 * Returns: (transfer full) (nullable): its value.
 */
JsonNode *mh_timeline_load (const char *path, GError **error);

/**
 * mh_scenario_check:
 * @path: a scenario file
 * @config: as for mh_timeline_new()
 * @error: %MH_ERROR_MALFORMED: it is not a scenario; what cannot be read, or the
 *   first difference
 *
 * Runs a scenario's calls and compares the hits with those expected.
 *
 * Returns: whether they agree.
 */
gboolean mh_scenario_check (
    const char *path, const MhConfig *config, GError **error);

G_END_DECLS
