/* collector-history: the events of a session as they came, for people.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-history.h"

#include "collector-json.h"

#include <string.h>

/* What is left of an event that is too long: so many members of an object, and
 * so many characters of a text. */
#define CUT_MEMBERS 32
#define CUT_TEXT 100
#define CUT_DEPTH 3

static void
entry_free (gpointer data)
{
  CollectorEntry *entry = data;

  g_free (entry->reason);
  g_free (entry->text);
  g_free (entry);
}

CollectorHistory *
collector_history_new (void)
{
  CollectorHistory *history = g_new0 (CollectorHistory, 1);

  history->entries = g_ptr_array_new_with_free_func (entry_free);
  return history;
}

void
collector_history_free (CollectorHistory *history)
{
  if (!history)
    return;
  g_ptr_array_unref (history->entries);
  g_free (history);
}

/* ---- text ---- */

static char *
cut_text (const char *text)
{
  glong length = g_utf8_strlen (text, -1);
  g_autofree char *start = g_utf8_substring (text, 0, MIN (length, CUT_TEXT));

  return g_strconcat (start, length > CUT_TEXT ? "…" : "", NULL);
}

static JsonNode *cut_node (JsonNode *node, guint depth);

static JsonObject *
cut_object (JsonObject *object, guint depth)
{
  JsonObject *cut = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  guint n = 0;

  json_object_iter_init_ordered (&iter, object);
  while (n++ < CUT_MEMBERS &&
      json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *short_name = cut_text (name);

    json_object_set_member (cut, short_name, cut_node (value, depth));
  }
  return cut;
}

static JsonNode *
cut_node (JsonNode *node, guint depth)
{
  g_autofree char *text = NULL;
  JsonNode *cut;

  if (JSON_NODE_HOLDS_OBJECT (node) && depth > 0) {
    cut = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (
        cut, cut_object (json_node_get_object (node), depth - 1));
    return cut;
  }
  if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
    return json_node_init_string (json_node_alloc (), "…");
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return json_node_copy (node);
  text = cut_text (json_node_get_string (node));
  return json_node_init_string (json_node_alloc (), text);
}

char *
collector_history_text (JsonObject *event)
{
  g_autoptr (JsonObject) cut = NULL;
  g_autofree char *text = NULL;

  if (!event)
    return NULL;
  text = collector_json_write_object (event);
  if (strlen (text) <= COLLECTOR_HISTORY_TEXT_MAX)
    return g_steal_pointer (&text);
  cut = cut_object (event, CUT_DEPTH);
  json_object_set_boolean_member (cut, "cut", TRUE);
  return collector_json_write_object (cut);
}

/* ---- entries ---- */

static CollectorEntry *
entry_at (CollectorHistory *history, guint index)
{
  return g_ptr_array_index (history->entries, index);
}

static gsize
length_of (const char *text)
{
  return text ? strlen (text) + 1 : 0;
}

void
collector_history_add (CollectorHistory *history, CollectorEntry *entry)
{
  guint place = history->entries->len;

  entry->size = sizeof *entry + length_of (entry->text) +
      length_of (entry->reason);
  while (place > 0 && entry_at (history, place - 1)->ts > entry->ts)
    place--;
  g_ptr_array_insert (history->entries, (int) place, entry);
  history->size += entry->size;
  if (history->entries->len > COLLECTOR_HISTORY_MAX)
    collector_history_thin (history);
}

CollectorEntry *
collector_history_find (
    CollectorHistory *history, CollectorStepKind kind, gint64 ts)
{
  for (guint i = history->entries->len; i > 0; i--) {
    CollectorEntry *entry = entry_at (history, i - 1);

    if (entry->ts < ts)
      return NULL;
    if (entry->ts == ts && entry->kind == kind &&
        !(entry->flags & COLLECTOR_FLAG_REFUSED))
      return entry;
  }
  return NULL;
}

gboolean
collector_history_thin (CollectorHistory *history)
{
  guint len = history->entries->len;
  guint oldest = 0;

  if (len == 0)
    return FALSE;
  /* Those with flags stay longer than others of their kind. */
  while (oldest < len &&
      (entry_at (history, oldest)->flags != 0 ||
          entry_at (history, oldest)->kind != COLLECTOR_STEP_PING))
    oldest++;
  if (oldest == len)
    oldest = 0;
  history->size -= entry_at (history, oldest)->size;
  history->forgotten++;
  g_ptr_array_remove_index (history->entries, oldest);
  return TRUE;
}
