/* collector-record: what is shown of one session, in whatever protocol it came.
 *
 * May touch: GLib, json-glib, collector-history, collector-report,
 * collector-tally.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-history.h"
#include "collector-report.h"
#include "collector-tally.h"

G_BEGIN_DECLS

/* An event that comes later than that after it happened is late, milliseconds:
 * within that, Adobe puts events in order. */
#define COLLECTOR_RECORD_LATE 5000

/* A session that is open and silent for longer is shown as silent; pings come
 * every 10 seconds. */
#define COLLECTOR_RECORD_SILENT 30000

/**
 * CollectorRecord:
 * @id: the session's id
 * @protocol: what it is written in; static
 * @start: (nullable): its sessionStart as JSON; NULL: its beginning was not seen
 * @name: (nullable): of the content
 * @media: (nullable): the content's id
 * @player: (nullable): the player's name
 * @channel: (nullable): the channel
 * @content_type: (nullable): "vod", "live", …
 * @stream_type: (nullable): "audio" or "video"
 * @visitor: (nullable): the best id of the visitor or installation
 * @resume_key: (nullable): equal for sessions that may resume one another; NULL
 *   where the visitor or the content is not told
 * @resumes: (nullable): id of the session that this one resumes
 * @resumed_by: (nullable): id of the session that resumes this one
 * @begun: when its first event came, milliseconds UTC
 * @heard: when its last event came
 * @downloaded: whether it was played without a network and sent later
 * @tally: metrics and lanes
 * @history: the events
 * @refused: events that were refused
 * @repeated: events that were there before
 * @late: events that came late
 * @disorder: events behind one that happened later
 * @missing: events whose numbers were left out, and which have not come
 * @next_seq: the number after the highest one, 0: none has come
 * @lag: the longest time from an event to its arrival, milliseconds
 * @bytes: of its accepted events as text
 * @head_size: of its texts but for the history, bytes
 * @serial: for #CollectorModel
 * @link: for #CollectorModel
 * @fat_link: for #CollectorModel
 * @fat: for #CollectorModel
 *
 * May be read.
 */
typedef struct
{
  char *id;
  const char *protocol;
  char *start;
  char *name;
  char *media;
  char *player;
  char *channel;
  char *content_type;
  char *stream_type;
  char *visitor;
  char *resume_key;
  char *resumes;
  char *resumed_by;
  gint64 begun;
  gint64 heard;
  gboolean downloaded;
  CollectorTally *tally;
  CollectorHistory *history;
  guint64 refused;
  guint64 repeated;
  guint64 late;
  guint64 disorder;
  guint64 missing;
  gint64 next_seq;
  gint64 lag;
  guint64 bytes;
  gsize head_size;
  guint64 serial;
  GList link;
  GList fat_link;
  gboolean fat;
} CollectorRecord;

/**
 * collector_record_new:
 * @id: the session's id
 * @report: what is known of it first
 *
 * Returns: (transfer full): a record without events; free with
 *   collector_record_free().
 */
CollectorRecord *collector_record_new (
    const char *id, const CollectorReport *report);
void collector_record_free (CollectorRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorRecord, collector_record_free)

/**
 * collector_record_add:
 * @record: a session
 * @report: an event of it, accepted or refused
 *
 * Returns: the event's flags, a set of #CollectorFlag.
 */
guint collector_record_add (
    CollectorRecord *record, const CollectorReport *report);

/**
 * collector_record_metrics:
 * @record: a session
 *
 * Returns: (transfer none): its metrics so far.
 */
const CollectorMetrics *collector_record_metrics (CollectorRecord *record);

/**
 * collector_record_state:
 * @record: a session
 * @now: milliseconds UTC
 * @expire: after how many milliseconds without an event a session is closed
 *
 * Returns: what to say of it: a collector_state_name(), or "silent" or "closed",
 *   which is what a time-out does; static.
 */
const char *collector_record_state (
    CollectorRecord *record, gint64 now, gint64 expire);

/**
 * collector_record_is_closed:
 * @record: a session
 * @now: milliseconds UTC
 * @expire: as above
 *
 * Returns: whether it has ended, or is closed for its silence.
 */
gboolean collector_record_is_closed (
    CollectorRecord *record, gint64 now, gint64 expire);

/**
 * collector_record_size:
 * @record: a session
 *
 * Returns: about how many bytes it takes.
 */
gsize collector_record_size (CollectorRecord *record);

/**
 * collector_record_entry:
 * @report: a request
 *
 * Returns: (transfer full): an entry for it, for collector_history_add(). The
 *   event may be anything where it was refused.
 */
CollectorEntry *collector_record_entry (const CollectorReport *report);

G_END_DECLS
