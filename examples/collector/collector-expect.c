/* collector-expect: compares what arrives with what a scenario expects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-expect.h"

#include "collector-event.h"
#include "collector-json.h"
#include "collector-text.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define MAX_SHOWN 200

/* One event that is expected. */
typedef struct
{
  guint session; /* the how manieth of those that begin */
  guint index; /* of its events */
  JsonObject *hit; /* owned by the file */
  gboolean came;
} Wanted;

/* A session, in the order of their beginnings. */
typedef struct
{
  char *id;
  guint events;
} Seen;

struct _CollectorExpect
{
  JsonNode *file;
  double tolerance;
  GArray *wanted; /* Wanted */
  GHashTable *listed; /* sessions all of whose events are in the file */
  guint sessions; /* that the file has */
  GArray *seen; /* Seen */
  gint64 begun; /* ts of the first event of all */
  guint missing;
  char *difference; /* NULL: none yet */
};

/* ---- the file ---- */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", what);
  return FALSE;
}

static gboolean
is_number (JsonObject *hit, const char *name)
{
  JsonNode *node = json_object_get_member (hit, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static guint
read_index (JsonObject *hit, const char *name)
{
  return (guint) CLAMP (json_object_get_int_member (hit, name), 0, G_MAXINT32);
}

static gboolean
read_hit (CollectorExpect *expect, JsonNode *node, GError **error)
{
  Wanted wanted = { 0 };
  JsonNode *type;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "an expected event must be an object");
  wanted.hit = json_node_get_object (node);
  type = json_object_get_member (wanted.hit, "eventType");
  if (!type || !JSON_NODE_HOLDS_VALUE (type) ||
      json_node_get_value_type (type) != G_TYPE_STRING ||
      !is_number (wanted.hit, "session") || !is_number (wanted.hit, "ts") ||
      !is_number (wanted.hit, "playhead"))
    return fail (
        error, "an expected event needs session, eventType, playhead and ts");
  wanted.session = read_index (wanted.hit, "session");
  if (json_object_has_member (wanted.hit, "index")) {
    wanted.index = read_index (wanted.hit, "index");
  } else {
    gpointer key = GUINT_TO_POINTER (wanted.session + 1);
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (expect->listed, key));

    wanted.index = n;
    g_hash_table_insert (expect->listed, key, GUINT_TO_POINTER (n + 1));
  }
  expect->sessions = MAX (expect->sessions, wanted.session + 1);
  g_array_append_val (expect->wanted, wanted);
  return TRUE;
}

static gboolean
read_file (CollectorExpect *expect, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;
  JsonNode *hits = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  expect->file = collector_json_parse (text, length, &reason);
  if (!expect->file)
    return fail (error, reason);
  if (JSON_NODE_HOLDS_OBJECT (expect->file))
    hits = json_object_get_member (
        json_node_get_object (expect->file), "expect");
  if (!hits || !JSON_NODE_HOLDS_ARRAY (hits) ||
      json_array_get_length (json_node_get_array (hits)) == 0)
    return fail (error, "there is no array \"expect\" with events");
  for (guint i = 0; i < json_array_get_length (json_node_get_array (hits));
       i++) {
    if (!read_hit (expect,
            json_array_get_element (json_node_get_array (hits), i), error))
      return FALSE;
  }
  expect->missing = expect->wanted->len;
  return TRUE;
}

static void
clear_seen (gpointer seen)
{
  g_free (((Seen *) seen)->id);
}

CollectorExpect *
collector_expect_new (const char *path, double tolerance, GError **error)
{
  g_autoptr (CollectorExpect) expect = g_new0 (CollectorExpect, 1);

  expect->tolerance = tolerance;
  expect->wanted = g_array_new (FALSE, TRUE, sizeof (Wanted));
  expect->listed = g_hash_table_new (NULL, NULL);
  expect->seen = g_array_new (FALSE, TRUE, sizeof (Seen));
  g_array_set_clear_func (expect->seen, clear_seen);
  if (read_file (expect, path, error))
    return g_steal_pointer (&expect);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

void
collector_expect_free (CollectorExpect *expect)
{
  if (!expect)
    return;
  g_clear_pointer (&expect->file, json_node_unref);
  g_array_unref (expect->wanted);
  g_hash_table_unref (expect->listed);
  g_array_unref (expect->seen);
  g_free (expect->difference);
  g_free (expect);
}

/* ---- comparing ---- */

static void differ (CollectorExpect *expect, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
differ (CollectorExpect *expect, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (expect->difference)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  expect->difference = collector_text_printable (text, -1);
}

static char *
show (JsonNode *node)
{
  g_autofree char *text = node ? json_to_string (node, FALSE) : NULL;

  return text ? collector_text_printable (text, MAX_SHOWN)
              : g_strdup ("not there");
}

/* 30 and 30.0 are the same. */
static gboolean
is_equal (JsonNode *a, JsonNode *b)
{
  g_autoptr (JsonNode) number = NULL;

  if (!b)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (a) && JSON_NODE_HOLDS_VALUE (b) &&
      json_node_get_value_type (a) != G_TYPE_STRING &&
      json_node_get_value_type (b) != G_TYPE_STRING &&
      json_node_get_value_type (a) != G_TYPE_BOOLEAN &&
      json_node_get_value_type (b) != G_TYPE_BOOLEAN)
    return fabs (json_node_get_double (a) - json_node_get_double (b)) < 1e-6;
  return json_node_equal (a, b);
}

static void
compare_members (CollectorExpect *expect, const char *where, const char *part,
    JsonObject *hit, JsonObject *event)
{
  JsonNode *wanted = json_object_get_member (hit, part);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!wanted || !JSON_NODE_HOLDS_OBJECT (wanted))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (wanted));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *found = collector_event_get (event, part, name);

    if (!is_equal (value, found)) {
      g_autofree char *there = show (found);
      g_autofree char *here = show (value);

      differ (expect, "%s: %s: \"%s\" is %s, not %s", where, part, name, there,
          here);
    }
  }
}

static void
compare_times (CollectorExpect *expect, const char *where, JsonObject *hit,
    JsonObject *event)
{
  double playhead = json_object_get_double_member (hit, "playhead");
  double at = json_object_get_double_member (hit, "ts") / 1000;
  double came = (double) (collector_event_ts (event) - expect->begun) / 1000;
  double told = collector_event_playhead (event);

  if (told >= 0 && fabs (told - playhead) > expect->tolerance)
    differ (expect, "%s: the playhead is %.3f s, not %.3f s", where, told,
        playhead);
  else if (fabs (came - at) > expect->tolerance)
    differ (expect, "%s: it is at %.3f s, not at %.3f s", where, came, at);
}

static void
compare_event (CollectorExpect *expect, const Wanted *wanted, JsonObject *event)
{
  const char *type = json_object_get_string_member (wanted->hit, "eventType");
  g_autofree char *where = g_strdup_printf (
      "session %u, event %u, %s", wanted->session, wanted->index, type);

  if (strcmp (type, collector_event_type (event)) != 0) {
    differ (expect, "%s: %s came instead", where, collector_event_type (event));
    return;
  }
  compare_times (expect, where, wanted->hit, event);
  compare_members (expect, where, "params", wanted->hit, event);
  compare_members (expect, where, "customMetadata", wanted->hit, event);
  compare_members (expect, where, "qoeData", wanted->hit, event);
}

/* The session's place among those that have begun. */
static guint
find_session (CollectorExpect *expect, const char *id)
{
  Seen added = { NULL };

  for (guint i = 0; i < expect->seen->len; i++) {
    if (strcmp (g_array_index (expect->seen, Seen, i).id, id) == 0)
      return i;
  }
  added.id = g_strdup (id);
  g_array_append_val (expect->seen, added);
  return expect->seen->len - 1;
}

static void
compare_with_file (
    CollectorExpect *expect, guint session, guint index, JsonObject *event)
{
  guint listed = GPOINTER_TO_UINT (
      g_hash_table_lookup (expect->listed, GUINT_TO_POINTER (session + 1)));

  for (guint i = 0; i < expect->wanted->len; i++) {
    Wanted *wanted = &g_array_index (expect->wanted, Wanted, i);

    if (wanted->session != session || wanted->index != index || wanted->came)
      continue;
    wanted->came = TRUE;
    expect->missing--;
    compare_event (expect, wanted, event);
    return;
  }
  if (session >= expect->sessions || (listed > 0 && index >= listed))
    differ (expect, "session %u, event %u: %s came, and nothing is expected",
        session, index, collector_event_type (event));
}

CollectorVerdict
collector_expect_add (CollectorExpect *expect, const CollectorReport *report)
{
  guint session;

  if (!report->accepted) {
    differ (expect, "refused %u: %s", report->status, report->reason);
  } else if (!report->repeated && !expect->difference) {
    session = find_session (expect, report->session_id);
    if (expect->begun == 0)
      expect->begun = collector_event_ts (report->event);
    compare_with_file (expect, session,
        g_array_index (expect->seen, Seen, session).events++, report->event);
  }
  if (expect->difference)
    return COLLECTOR_VERDICT_DIFFERS;
  return expect->missing == 0 ? COLLECTOR_VERDICT_AGREES
                              : COLLECTOR_VERDICT_OPEN;
}

char *
collector_expect_explain (CollectorExpect *expect)
{
  if (expect->difference)
    return g_strdup (expect->difference);
  for (guint i = 0; i < expect->wanted->len; i++) {
    const Wanted *wanted = &g_array_index (expect->wanted, Wanted, i);

    if (!wanted->came)
      return g_strdup_printf ("session %u, event %u, %s: it has not come",
          wanted->session, wanted->index,
          json_object_get_string_member (wanted->hit, "eventType"));
  }
  return g_strdup ("all has come");
}
