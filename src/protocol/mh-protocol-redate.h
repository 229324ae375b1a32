/* mh-protocol-redate: the time of a hit that waits, where the wall clock that it
 * was made with turns out to have been wrong.
 *
 * May touch: GLib, mh-wall-jump; in the file the format of times. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MhProtocolClock:
 * @form: the beginning of the bodies that this row is for
 * @time: (nullable): the text in front of the time; %NULL ends the table
 * @last: whether the last such place in the body counts, and not the first
 * @text: whether the time is a text (mh_protocol_format_time()); otherwise
 *   milliseconds UTC
 * @playhead: the text in front of the playhead
 * @unit: what 1 of the playhead's number is, in seconds
 * @near: as in mh_wall_jump_move_playhead()
 *
 * Where a body says when it was.
 */
typedef struct
{
  const char *form;
  const char *time;
  gboolean last;
  gboolean text;
  const char *playhead;
  double unit;
  double near;
} MhProtocolClock;

/**
 * mh_protocol_redate:
 * @clocks: those of the protocol that has encoded @body
 * @body: a hit
 * @by: by how many milliseconds its time was wrong
 *
 * Returns: (transfer full): @body with the right time, and with the right playhead
 *   if that is the second of the UTC day; as it is where it is not understood.
 */
GBytes *mh_protocol_redate (
    const MhProtocolClock *clocks, GBytes *body, gint64 by);

G_END_DECLS
