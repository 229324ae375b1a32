/* collector-prometheus: the model's counters for Prometheus.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-prometheus.h"

#include <string.h>

#define PREFIX "mediaheartbeat_collector_"

/* Every state that a session can be in. */
static const char *const states[] = { "start", "playing", "paused", "buffering",
  "silent", "closed", "ended" };

static void
add_head (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text,
      "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name,
      type);
}

static void
add_counter (GString *text, const char *name, const char *help, guint64 value)
{
  add_head (text, name, "counter", help);
  g_string_append_printf (
      text, PREFIX "%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void
add_states (GString *text, CollectorModel *model, gint64 now)
{
  guint64 counts[G_N_ELEMENTS (states)] = { 0 };

  for (GList *at = model->by_heard.head; at; at = at->next) {
    const char *state = collector_record_state (at->data, now, model->expire);

    for (guint i = 0; i < G_N_ELEMENTS (states); i++)
      counts[i] += strcmp (states[i], state) == 0 ? 1 : 0;
  }
  add_head (text, "sessions", "gauge", "Sessions that are shown, by state.");
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_string_append_printf (text,
        PREFIX "sessions{state=\"%s\"} %" G_GUINT64_FORMAT "\n", states[i],
        counts[i]);
}

static void
add_events (GString *text, const CollectorTotals *totals)
{
  add_head (text, "events_total", "counter", "Accepted events, by type.");
  for (guint i = 0; i <= COLLECTOR_STEP_OTHER; i++)
    g_string_append_printf (text,
        PREFIX "events_total{type=\"%s\"} %" G_GUINT64_FORMAT "\n",
        collector_step_name (i), totals->events[i]);
}

static void
add_protocols (GString *text, const CollectorTotals *totals)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  add_head (text, "protocol_events_total", "counter",
      "Accepted events, by the protocol that they came in.");
  g_hash_table_iter_init (&iter, totals->protocols);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_append_printf (text,
        PREFIX "protocol_events_total{protocol=\"%s\"} %" G_GSIZE_FORMAT "\n",
        (const char *) key, GPOINTER_TO_SIZE (value));
}

static void
add_refusals (GString *text, const CollectorTotals *totals)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  add_head (text, "refusals_total", "counter",
      "Refused requests, by the status of the answer.");
  g_hash_table_iter_init (&iter, totals->refusals);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_append_printf (text,
        PREFIX "refusals_total{status=\"%u\"} %" G_GSIZE_FORMAT "\n",
        GPOINTER_TO_UINT (key), GPOINTER_TO_SIZE (value));
}

static void
add_lags (GString *text, const CollectorTotals *totals)
{
  guint64 sum = 0;

  add_head (text, "event_lag_seconds", "histogram",
      "Time from an event to its arrival.");
  for (guint i = 0; i < COLLECTOR_MODEL_BUCKETS; i++) {
    sum += totals->lags[i];
    g_string_append_printf (text,
        PREFIX "event_lag_seconds_bucket{le=\"%g\"} %" G_GUINT64_FORMAT "\n",
        (double) collector_model_buckets[i] / 1000, sum);
  }
  sum += totals->lags[COLLECTOR_MODEL_BUCKETS];
  g_string_append_printf (text,
      PREFIX "event_lag_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT
             "\n" PREFIX "event_lag_seconds_sum %.3f\n" PREFIX
             "event_lag_seconds_count %" G_GUINT64_FORMAT "\n",
      sum, totals->lag_sum / 1000, sum);
}

char *
collector_prometheus_new (CollectorModel *model, gint64 now)
{
  const CollectorTotals *totals = &model->totals;
  GString *text = g_string_new (NULL);

  add_states (text, model, now);
  add_counter (
      text, "sessions_total", "Sessions that were begun.", totals->sessions);
  add_counter (text, "sessions_forgotten_total",
      "Sessions that are not shown any more.", totals->forgotten);
  add_events (text, totals);
  add_protocols (text, totals);
  add_refusals (text, totals);
  add_counter (text, "events_repeated_total", "Events that were there before.",
      totals->repeated);
  add_counter (text, "events_late_total",
      "Events that came more than 5 seconds after they happened.",
      totals->late);
  add_counter (text, "events_out_of_order_total",
      "Events that came behind one that happened later.", totals->disorder);
  add_lags (text, totals);
  return g_string_free (text, FALSE);
}
