/* collector-filter: the sessions that a reader of the list has asked for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-filter.h"

#include <string.h>

struct _CollectorFilter
{
  char *text; /* in lower case; NULL: any, also for those below */
  char *state;
  char *type;
  gint64 since; /* milliseconds; 0: ever */
  gboolean errors;
  gboolean trouble;
  gboolean dropped;
  gboolean wrong;
};

static char *
read_text (GHashTable *query, const char *name)
{
  const char *text = query ? g_hash_table_lookup (query, name) : NULL;

  return text && *text ? g_strdup (text) : NULL;
}

static gboolean
read_flag (GHashTable *query, const char *name)
{
  g_autofree char *text = read_text (query, name);

  return g_strcmp0 (text, "1") == 0;
}

CollectorFilter *
collector_filter_new (GHashTable *query)
{
  CollectorFilter *filter = g_new0 (CollectorFilter, 1);
  g_autofree char *text = read_text (query, "q");
  g_autofree char *since = read_text (query, "since");

  filter->text = text ? g_utf8_strdown (text, -1) : NULL;
  filter->state = read_text (query, "state");
  filter->type = read_text (query, "type");
  /* No more than there are seconds, so that milliseconds fit. */
  filter->since = since
      ? CLAMP (g_ascii_strtoll (since, NULL, 10), 0, G_MAXINT32) * 1000
      : 0;
  filter->errors = read_flag (query, "errors");
  filter->trouble = read_flag (query, "trouble");
  filter->dropped = read_flag (query, "dropped");
  filter->wrong = read_flag (query, "wrong");
  return filter;
}

void
collector_filter_free (CollectorFilter *filter)
{
  if (!filter)
    return;
  g_free (filter->text);
  g_free (filter->state);
  g_free (filter->type);
  g_free (filter);
}

static gboolean
has_text (CollectorRecord *record, const char *wanted)
{
  const char *const texts[] = { record->name, record->id, record->media,
    record->player, record->channel, record->visitor, record->protocol };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *lower = texts[i] ? g_utf8_strdown (texts[i], -1) : NULL;

    if (lower && strstr (lower, wanted))
      return TRUE;
  }
  return FALSE;
}

static gboolean
matches_texts (
    CollectorFilter *filter, CollectorRecord *record, gint64 now, gint64 expire)
{
  if (filter->state &&
      strcmp (filter->state, collector_record_state (record, now, expire)) != 0)
    return FALSE;
  if (filter->type && g_strcmp0 (filter->type, record->content_type) != 0)
    return FALSE;
  if (filter->since && now - record->heard > filter->since)
    return FALSE;
  return !filter->text || has_text (record, filter->text);
}

gboolean
collector_filter_matches (
    CollectorFilter *filter, CollectorRecord *record, gint64 now, gint64 expire)
{
  const CollectorMetrics *metrics = collector_record_metrics (record);

  if (!filter)
    return TRUE;
  if (filter->errors && metrics->errors == 0)
    return FALSE;
  if (filter->trouble && metrics->stalls == 0 && metrics->buffers == 0)
    return FALSE;
  if (filter->dropped &&
      (metrics->started || !collector_record_is_closed (record, now, expire)))
    return FALSE;
  if (filter->wrong && record->refused == 0 && record->late == 0 &&
      record->repeated == 0 && record->disorder == 0 && record->missing == 0 &&
      metrics->mistakes == 0)
    return FALSE;
  return matches_texts (filter, record, now, expire);
}
