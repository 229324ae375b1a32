/* collector-record: what is shown of one session, in whatever protocol it came.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-record.h"

#include "collector-event.h"

#include <string.h>

/* What a record takes by itself, with its sums, about. */
#define RECORD_SIZE 6000

/* As much of a foreign text as a row has, characters: a list of them all stays
 * short. The sessionStart has the whole. */
#define HEAD_TEXT_MAX 300

/* What tells one visitor or installation from another, the best first. */
static const char *const visitors[] = {
  "appInstallationId",
  "visitor.marketingCloudUserId",
  "analytics.visitorId",
  "analytics.aid",
};

CollectorRecord *
collector_record_new (const char *id, const CollectorReport *report)
{
  CollectorRecord *record = g_new0 (CollectorRecord, 1);

  record->id = g_strdup (id);
  record->protocol = report->protocol;
  record->begun = report->arrival;
  record->heard = report->arrival;
  record->tally = collector_tally_new ();
  record->history = collector_history_new ();
  record->link.data = record;
  record->fat_link.data = record;
  record->head_size = strlen (id);
  return record;
}

void
collector_record_free (CollectorRecord *record)
{
  if (!record)
    return;
  g_free (record->id);
  g_free (record->start);
  g_free (record->name);
  g_free (record->media);
  g_free (record->player);
  g_free (record->channel);
  g_free (record->content_type);
  g_free (record->stream_type);
  g_free (record->visitor);
  g_free (record->resume_key);
  g_free (record->resumes);
  g_free (record->resumed_by);
  collector_tally_free (record->tally);
  collector_history_free (record->history);
  g_free (record);
}

/* ---- the head ---- */

static void
read_text (char **field, JsonObject *event, const char *member)
{
  const char *text = collector_event_get_string (event, "params", member);

  glong length = text ? g_utf8_strlen (text, -1) : 0;

  if (length == 0)
    return;
  g_free (*field);
  *field = g_utf8_substring (text, 0, MIN (length, HEAD_TEXT_MAX));
  if (length > HEAD_TEXT_MAX) {
    g_autofree char *start = *field;

    *field = g_strconcat (start, "…", NULL);
  }
}

/* Returns: (nullable): which of them the event has. */
static const char *
find_visitor (JsonObject *event)
{
  for (guint i = 0; i < G_N_ELEMENTS (visitors); i++) {
    const char *text = collector_event_get_string (
        event, "params", visitors[i]);

    if (text && *text)
      return visitors[i];
  }
  return NULL;
}

/* Also makes the key, of the whole texts, but of one length. Without a visitor
 * there is none: the sessions may be anybody's. */
static void
read_visitor (CollectorRecord *record, JsonObject *event)
{
  const char *media = collector_event_get_string (event, "params", "media.id");
  const char *visitor = find_visitor (event);
  g_autofree char *both = NULL;

  if (!visitor)
    return;
  if (!record->visitor)
    read_text (&record->visitor, event, visitor);
  if (!media || !*media || record->resume_key)
    return;
  both = g_strdup_printf (
      "%s\n%s", collector_event_get_string (event, "params", visitor), media);
  record->resume_key = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, both, -1);
}

/* The head of a session is its sessionStart. */
static void
read_start (CollectorRecord *record, JsonObject *event)
{
  g_free (record->start);
  record->start = collector_history_text (event);
  record->head_size = strlen (record->id) + strlen (record->start);
  read_text (&record->name, event, "media.name");
  read_text (&record->media, event, "media.id");
  read_text (&record->player, event, "media.playerName");
  read_text (&record->channel, event, "media.channel");
  read_text (&record->content_type, event, "media.contentType");
  read_text (&record->stream_type, event, "media.streamType");
  read_visitor (record, event);
  record->downloaded = collector_event_is_true (event, "media.downloaded");
}

/* ---- events ---- */

/* Reads out of what may be anything. */
static JsonNode *
member_of (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

static void
read_entry (CollectorEntry *entry, JsonObject *event)
{
  JsonNode *type = member_of (event, "eventType");
  JsonNode *time = event ? json_object_get_member (event, "playerTime") : NULL;
  JsonObject *when = time && JSON_NODE_HOLDS_OBJECT (time)
      ? json_node_get_object (time)
      : NULL;
  JsonNode *ts = member_of (when, "ts");
  JsonNode *playhead = member_of (when, "playhead");

  if (type && json_node_get_value_type (type) == G_TYPE_STRING)
    entry->kind = collector_step_kind (json_node_get_string (type));
  if (ts && json_node_get_value_type (ts) == G_TYPE_INT64)
    entry->ts = json_node_get_int (ts);
  if (playhead)
    entry->playhead = json_node_get_double (playhead);
}

CollectorEntry *
collector_record_entry (const CollectorReport *report)
{
  CollectorEntry *entry = g_new0 (CollectorEntry, 1);

  entry->ts = report->arrival;
  entry->arrival = report->arrival;
  entry->kind = COLLECTOR_STEP_OTHER;
  entry->playhead = -1;
  entry->status = report->status;
  entry->reason = report->accepted ? NULL : g_strdup (report->reason);
  entry->text = collector_history_text (report->event);
  entry->flags = report->accepted ? 0 : COLLECTOR_FLAG_REFUSED;
  read_entry (entry, report->event);
  return entry;
}

/* Why a refused event may have come: once more after a lost answer, or behind
 * one that happened later. */
static guint
explain_refusal (CollectorRecord *record, const CollectorEntry *entry)
{
  const CollectorMetrics *metrics = collector_record_metrics (record);

  if (entry->kind == COLLECTOR_STEP_OTHER)
    return 0;
  if (collector_history_find (record->history, entry->kind, entry->ts))
    return COLLECTOR_FLAG_REPEATED;
  return metrics->events > 0 && entry->ts < metrics->last_ts
      ? COLLECTOR_FLAG_DISORDER
      : 0;
}

/* Numbers rise by one. One that comes late fills a gap. */
static guint
count_missing (CollectorRecord *record, gint64 seq)
{
  gint64 next = record->next_seq;

  if (seq < next) {
    if (seq >= 0 && record->missing > 0)
      record->missing--;
    return 0;
  }
  record->next_seq = seq + 1;
  /* What was before the first one that came is not known. */
  if (next == 0 || seq == next)
    return 0;
  record->missing += (guint64) (seq - next);
  return COLLECTOR_FLAG_GAP;
}

static guint
take (CollectorRecord *record, const CollectorReport *report)
{
  CollectorStep *step = collector_step_new (report->event);
  gboolean start = step->kind == COLLECTOR_STEP_SESSION_START;
  guint gap = count_missing (record, step->seq);
  CollectorOrder order = collector_tally_add (record->tally, step);

  if (order == COLLECTOR_ORDER_REPEATED)
    return COLLECTOR_FLAG_REPEATED;
  if (start)
    read_start (record, report->event);
  return gap | (order == COLLECTOR_ORDER_NEXT ? 0 : COLLECTOR_FLAG_DISORDER);
}

static void
count (CollectorRecord *record, const CollectorEntry *entry)
{
  guint flags = entry->flags;

  record->refused += flags & COLLECTOR_FLAG_REFUSED ? 1 : 0;
  record->repeated += flags & COLLECTOR_FLAG_REPEATED ? 1 : 0;
  record->late += flags & COLLECTOR_FLAG_LATE ? 1 : 0;
  record->disorder += flags & COLLECTOR_FLAG_DISORDER ? 1 : 0;
  if (flags & COLLECTOR_FLAG_REFUSED)
    return;
  record->heard = MAX (record->heard, entry->arrival);
  record->bytes += entry->text ? strlen (entry->text) : 0;
  if (!(flags & COLLECTOR_FLAG_REPEATED))
    record->lag = MAX (record->lag, entry->arrival - entry->ts);
}

guint
collector_record_add (CollectorRecord *record, const CollectorReport *report)
{
  CollectorEntry *entry = collector_record_entry (report);
  guint flags;

  if (report->repeated)
    entry->flags |= COLLECTOR_FLAG_REPEATED;
  else if (report->accepted)
    entry->flags |= take (record, report);
  else
    entry->flags |= explain_refusal (record, entry);
  /* What was played without a network is sent when there is one. */
  if (report->accepted && !report->repeated && !record->downloaded &&
      entry->arrival - entry->ts > COLLECTOR_RECORD_LATE)
    entry->flags |= COLLECTOR_FLAG_LATE;
  flags = entry->flags;
  count (record, entry);
  collector_history_add (record->history, entry);
  return flags;
}

/* ---- answers ---- */

const CollectorMetrics *
collector_record_metrics (CollectorRecord *record)
{
  return collector_tally_get_metrics (record->tally);
}

gboolean
collector_record_is_closed (CollectorRecord *record, gint64 now, gint64 expire)
{
  return collector_record_metrics (record)->state == COLLECTOR_STATE_ENDED ||
      record->downloaded || now - record->heard > expire;
}

const char *
collector_record_state (CollectorRecord *record, gint64 now, gint64 expire)
{
  CollectorState state = collector_record_metrics (record)->state;

  if (state == COLLECTOR_STATE_ENDED)
    return collector_state_name (state);
  if (collector_record_is_closed (record, now, expire))
    return "closed";
  if (now - record->heard > COLLECTOR_RECORD_SILENT)
    return "silent";
  return collector_state_name (state);
}

gsize
collector_record_size (CollectorRecord *record)
{
  return RECORD_SIZE + record->head_size + record->history->size;
}
