/* collector-model: all sessions that are shown, and what was counted.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-model.h"

#include <string.h>

const gint64 collector_model_buckets[COLLECTOR_MODEL_BUCKETS] = { 100, 500,
  1000, 5000, 10000, 60000, 600000 };

CollectorModel *
collector_model_new (gint64 expire)
{
  CollectorModel *model = g_new0 (CollectorModel, 1);

  model->expire = expire;
  model->by_id = g_hash_table_new_full (
      g_str_hash, g_str_equal, NULL, (GDestroyNotify) collector_record_free);
  model->by_resume = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, NULL);
  model->strangers = collector_history_new ();
  model->totals.protocols = g_hash_table_new (g_str_hash, g_str_equal);
  model->totals.refusals = g_hash_table_new (NULL, NULL);
  g_queue_init (&model->by_heard);
  g_queue_init (&model->fat);
  return model;
}

void
collector_model_free (CollectorModel *model)
{
  if (!model)
    return;
  g_hash_table_unref (model->by_resume);
  g_hash_table_unref (model->by_id);
  g_hash_table_unref (model->totals.protocols);
  g_hash_table_unref (model->totals.refusals);
  collector_history_free (model->strangers);
  g_free (model);
}

void
collector_model_on_forgotten (CollectorModel *model,
    void (*callback) (const char *id, gpointer user_data), gpointer user_data)
{
  model->forgotten = callback;
  model->user_data = user_data;
}

CollectorRecord *
collector_model_find (CollectorModel *model, const char *id)
{
  return id ? g_hash_table_lookup (model->by_id, id) : NULL;
}

/* ---- forgetting ---- */

/* Its neighbours keep its id: they tell that there was one. */
static void
forget (CollectorModel *model, CollectorRecord *record)
{
  if (record->resume_key &&
      g_hash_table_lookup (model->by_resume, record->resume_key) == record)
    g_hash_table_remove (model->by_resume, record->resume_key);
  if (model->forgotten)
    model->forgotten (record->id, model->user_data);
  model->size -= collector_record_size (record);
  model->totals.forgotten++;
  model->serial++;
  g_queue_unlink (&model->by_heard, &record->link);
  if (record->fat)
    g_queue_unlink (&model->fat, &record->fat_link);
  g_hash_table_remove (model->by_id, record->id);
}

static void
set_fat (CollectorModel *model, CollectorRecord *record, gboolean fat)
{
  if (record->fat)
    g_queue_unlink (&model->fat, &record->fat_link);
  if (fat)
    g_queue_push_tail_link (&model->fat, &record->fat_link);
  record->fat = fat;
}

/* Events go before sessions do: all but one of the session that has been silent
 * for longest. It takes no longer when there are many sessions. */
static gboolean
thin (CollectorModel *model)
{
  CollectorRecord *record = g_queue_peek_head (&model->fat);

  if (!record)
    return FALSE;
  model->size -= collector_record_size (record);
  while (record->history->entries->len > 1)
    collector_history_thin (record->history);
  model->size += collector_record_size (record);
  set_fat (model, record, FALSE);
  return TRUE;
}

static void
make_room (CollectorModel *model)
{
  while (model->by_heard.length > COLLECTOR_MODEL_SESSIONS_MAX ||
      (model->size > COLLECTOR_MODEL_SIZE_MAX && model->by_heard.length > 1 &&
          !thin (model)))
    forget (model, model->by_heard.head->data);
}

void
collector_model_clear (CollectorModel *model)
{
  while (model->by_heard.head)
    forget (model, model->by_heard.head->data);
  while (collector_history_thin (model->strangers))
    continue;
  model->serial++;
}

/* ---- counting ---- */

static void
increment (GHashTable *counts, gconstpointer key)
{
  gpointer value = g_hash_table_lookup (counts, key);

  g_hash_table_insert (
      counts, (gpointer) key, GSIZE_TO_POINTER (GPOINTER_TO_SIZE (value) + 1));
}

static void
count_lag (CollectorTotals *totals, gint64 lag)
{
  guint bucket = 0;

  while (
      bucket < COLLECTOR_MODEL_BUCKETS && lag > collector_model_buckets[bucket])
    bucket++;
  totals->lags[bucket]++;
  totals->lag_sum += (double) MAX (lag, 0);
}

static void
count_accepted (CollectorTotals *totals, const CollectorReport *report)
{
  const char *type = json_object_get_string_member (report->event, "eventType");
  JsonObject *time = json_object_get_object_member (
      report->event, "playerTime");

  totals->events[collector_step_kind (type)]++;
  increment (totals->protocols, report->protocol);
  count_lag (totals, report->arrival - json_object_get_int_member (time, "ts"));
}

static void
count (CollectorTotals *totals, const CollectorReport *report, guint flags)
{
  if (report->accepted && !(flags & COLLECTOR_FLAG_REPEATED))
    count_accepted (totals, report);
  else if (!report->accepted)
    increment (totals->refusals, GUINT_TO_POINTER (report->status));
  totals->repeated += flags & COLLECTOR_FLAG_REPEATED ? 1 : 0;
  totals->late += flags & COLLECTOR_FLAG_LATE ? 1 : 0;
  totals->disorder += flags & COLLECTOR_FLAG_DISORDER ? 1 : 0;
}

/* ---- adding ---- */

static CollectorRecord *
begin (CollectorModel *model, const CollectorReport *report)
{
  CollectorRecord *record = collector_record_new (report->session_id, report);

  g_hash_table_insert (model->by_id, record->id, record);
  g_queue_push_tail_link (&model->by_heard, &record->link);
  model->size += collector_record_size (record);
  model->totals.sessions++;
  return record;
}

/* When a session has begun. The newest one of the same content and visitor is
 * the one that it resumes. */
static void
link_resumed (CollectorModel *model, CollectorRecord *record)
{
  CollectorRecord *before = g_hash_table_lookup (
      model->by_resume, record->resume_key);

  if (before && collector_record_metrics (record)->resumed) {
    record->resumes = g_strdup (before->id);
    g_free (before->resumed_by);
    before->resumed_by = g_strdup (record->id);
    before->serial = model->serial;
  }
  g_hash_table_replace (
      model->by_resume, g_strdup (record->resume_key), record);
}

static void
add_stranger (CollectorModel *model, const CollectorReport *report)
{
  collector_history_add (model->strangers, collector_record_entry (report));
  while (model->strangers->entries->len > COLLECTOR_MODEL_STRANGERS_MAX)
    collector_history_thin (model->strangers);
}

static void
touch (CollectorModel *model, CollectorRecord *record, gboolean heard)
{
  record->serial = model->serial;
  if (!heard)
    return;
  g_queue_unlink (&model->by_heard, &record->link);
  g_queue_push_tail_link (&model->by_heard, &record->link);
}

void
collector_model_add (CollectorModel *model, const CollectorReport *report)
{
  CollectorRecord *record = collector_model_find (model, report->session_id);
  gboolean had_key;
  gsize before;
  guint flags;

  model->serial++;
  if (!record && report->accepted &&
      strlen (report->session_id) <= COLLECTOR_MODEL_ID_MAX)
    record = begin (model, report);
  if (!record) {
    count (&model->totals, report, 0);
    add_stranger (model, report);
    return;
  }
  had_key = record->resume_key != NULL;
  before = collector_record_size (record);
  flags = collector_record_add (record, report);
  model->size += collector_record_size (record) - before;
  count (&model->totals, report, flags);
  touch (model, record, report->accepted);
  set_fat (model, record, record->history->entries->len > 1);
  if (record->resume_key && !had_key)
    link_resumed (model, record);
  make_room (model);
}
