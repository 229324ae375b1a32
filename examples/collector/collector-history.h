/* collector-history: the events of a session as they came, for people.
 *
 * The newest ones by their own time; pings go first. Metrics do not need them.
 *
 * May touch: GLib, json-glib, collector-event, collector-step.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-step.h"

G_BEGIN_DECLS

/* Of one session. */
#define COLLECTOR_HISTORY_MAX 1000

/* The longest event, as text, that is kept as it came, bytes. */
#define COLLECTOR_HISTORY_TEXT_MAX (16 * 1024)

/**
 * CollectorFlag:
 *
 * What is to be noticed of an event's arrival.
 */
typedef enum
{
  COLLECTOR_FLAG_REPEATED = 1 << 0, /* it was there before */
  COLLECTOR_FLAG_LATE = 1 << 1, /* long after it happened */
  COLLECTOR_FLAG_REFUSED = 1 << 2,
  COLLECTOR_FLAG_DISORDER = 1 << 3, /* behind one that happened later */
  COLLECTOR_FLAG_GAP = 1 << 4, /* others are missing before it */
} CollectorFlag;

/**
 * CollectorEntry:
 * @ts: when it happened, milliseconds UTC
 * @arrival: when it came, milliseconds UTC
 * @playhead: seconds of content; -1 where it is not told
 * @kind: its type
 * @flags: a set of #CollectorFlag
 * @status: of the answer
 * @reason: (nullable): of a refusal
 * @text: (nullable): the event as JSON; NULL of a refusal without one
 * @size: of all this, bytes
 */
typedef struct
{
  gint64 ts;
  gint64 arrival;
  double playhead;
  CollectorStepKind kind;
  guint flags;
  guint status;
  char *reason;
  char *text;
  gsize size;
} CollectorEntry;

/**
 * CollectorHistory:
 * @entries: (element-type CollectorEntry): by their own time; those without one
 *   by that of their arrival
 * @size: of all, bytes
 * @forgotten: entries that are not kept any more
 *
 * May be read.
 */
typedef struct
{
  GPtrArray *entries;
  gsize size;
  guint64 forgotten;
} CollectorHistory;

/**
 * collector_history_new:
 *
 * Returns: (transfer full): an empty history; free with
 *   collector_history_free().
 */
CollectorHistory *collector_history_new (void);
void collector_history_free (CollectorHistory *history);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorHistory, collector_history_free)

/**
 * collector_history_text:
 * @event: (nullable): what came
 *
 * Returns: (transfer full) (nullable): @event as JSON. A very long one is cut:
 *   it loses members and the ends of strings, and has a member "cut" that is
 *   true.
 */
char *collector_history_text (JsonObject *event);

/**
 * collector_history_add:
 * @history: of a session
 * @entry: (transfer full): made with g_new0(); @size is filled in
 */
void collector_history_add (CollectorHistory *history, CollectorEntry *entry);

/**
 * collector_history_find:
 * @history: of a session
 * @kind: a type
 * @ts: a time
 *
 * Returns: (nullable) (transfer none): the entry that was not refused with that
 *   type and time.
 */
CollectorEntry *collector_history_find (
    CollectorHistory *history, CollectorStepKind kind, gint64 ts);

/**
 * collector_history_thin:
 * @history: of a session
 *
 * Forgets one entry, an old ping where there is one.
 *
 * Returns: whether there was one to forget.
 */
gboolean collector_history_thin (CollectorHistory *history);

G_END_DECLS
