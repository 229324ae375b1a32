/* collector-model: all sessions that are shown, and what was counted.
 *
 * Its memory is bounded whatever comes: the session heard of least recently
 * loses its events first, and then goes.
 *
 * Reads no clock. Times are milliseconds UTC.
 *
 * May touch: GLib, json-glib, collector-record.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-limits.h"
#include "collector-record.h"

G_BEGIN_DECLS

/* So many sessions have metrics. */
#define COLLECTOR_MODEL_SESSIONS_MAX 20000

/* So much do they take in all, about, bytes. */
#define COLLECTOR_MODEL_SIZE_MAX (192 * 1024 * 1024)

/* A session of a longer name is counted, but not shown, bytes. */
#define COLLECTOR_MODEL_ID_MAX COLLECTOR_ID_MAX

/* So many refused requests are kept that belong to no session. */
#define COLLECTOR_MODEL_STRANGERS_MAX 100

/* Upper bounds of the histogram of the time from event to arrival, ms; above
 * the last there is one more. */
#define COLLECTOR_MODEL_BUCKETS 7
extern const gint64 collector_model_buckets[COLLECTOR_MODEL_BUCKETS];

/**
 * CollectorTotals:
 * @sessions: sessions that were begun
 * @forgotten: of these, those that are not shown any more
 * @events: accepted events but the repeated ones, by #CollectorStepKind
 * @protocols: (element-type utf8 gpointer): accepted events by protocol
 * @refusals: (element-type guint gpointer): refused requests by their status
 * @repeated: events that were there before
 * @late: events that came late
 * @disorder: events behind one that happened later
 * @lags: accepted events by the time from event to arrival, one for each
 *   bucket and one for what is longer
 * @lag_sum: these times in all, milliseconds
 */
typedef struct
{
  guint64 sessions;
  guint64 forgotten;
  guint64 events[COLLECTOR_STEP_OTHER + 1];
  GHashTable *protocols;
  GHashTable *refusals;
  guint64 repeated;
  guint64 late;
  guint64 disorder;
  guint64 lags[COLLECTOR_MODEL_BUCKETS + 1];
  double lag_sum;
} CollectorTotals;

/**
 * CollectorModel:
 * @expire: after how many milliseconds without an event a session is closed
 * @by_heard: (element-type CollectorRecord): the sessions, the one heard of
 *   least recently first
 * @strangers: (element-type CollectorEntry): refused requests that belong to no
 *   session, the oldest first
 * @totals: what was counted
 * @serial: of the last change; a record's serial is that of its last one
 *
 * The fields above may be read; what follows them is private.
 */
typedef struct
{
  gint64 expire;
  GQueue by_heard;
  CollectorHistory *strangers;
  CollectorTotals totals;
  guint64 serial;
  /*< private >*/
  GHashTable *by_id; /* owns the records */
  GHashTable *by_resume; /* resume_key → the newest record */
  GQueue fat; /* those with events to lose, in the order of by_heard */
  gsize size;
  void (*forgotten) (const char *id, gpointer user_data);
  gpointer user_data;
} CollectorModel;

/**
 * collector_model_new:
 * @expire: after how many milliseconds without an event a session is closed
 *
 * Returns: (transfer full): an empty model; free with collector_model_free().
 */
CollectorModel *collector_model_new (gint64 expire);
void collector_model_free (CollectorModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorModel, collector_model_free)

/**
 * collector_model_on_forgotten:
 * @model: a model
 * @callback: (nullable): called with the id of each session that goes
 * @user_data: for @callback
 */
void collector_model_on_forgotten (CollectorModel *model,
    void (*callback) (const char *id, gpointer user_data), gpointer user_data);

/**
 * collector_model_add:
 * @model: a model
 * @report: what came, accepted or refused
 */
void collector_model_add (CollectorModel *model, const CollectorReport *report);

/**
 * collector_model_find:
 * @model: a model
 * @id: (nullable): anything
 *
 * Returns: (nullable) (transfer none): the session of that id.
 */
CollectorRecord *collector_model_find (CollectorModel *model, const char *id);

/**
 * collector_model_clear:
 * @model: a model
 *
 * Forgets all sessions and refusals; the counters go on.
 */
void collector_model_clear (CollectorModel *model);

G_END_DECLS
