/* fuzz-batch: rows as a disk may give them back, put together as a batch.
 *
 * Lines: "1" where the session was begun before, the sessionStart, and each of
 * the hits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "fuzz.h"
#include "mh-protocol-private.h"

static void
bytes_unref (gpointer data)
{
  g_bytes_unref (data);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *resume = fuzz_take_line (&data, &size);
  g_autofree char *start_line = fuzz_take_line (&data, &size);
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (bytes_unref);
  g_autoptr (GBytes) start = NULL;
  g_autoptr (GBytes) batch = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  guint left_out = 0;
  char *line;

  if (!start_line)
    return 0;
  start = g_bytes_new (start_line, strlen (start_line));
  while ((line = fuzz_take_line (&data, &size)))
    g_ptr_array_add (hits, g_bytes_new_take (line, strlen (line)));
  batch = mh_protocol_collection_batch_encode (
      start, strcmp (resume, "1") == 0, hits, &left_out);
  if (!batch)
    return 0;
  /* Whatever the rows were, this is JSON, and nothing is in it twice. */
  text = g_strndup (g_bytes_get_data (batch, NULL), g_bytes_get_size (batch));
  node = json_from_string (text, NULL);
  g_assert_true (node && JSON_NODE_HOLDS_ARRAY (node));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==,
      1 + hits->len - left_out);
  return 0;
}
