/* fuzz-main: runs inputs where there is no libFuzzer.
 *
 *   fuzz-NAME RUNS FOLDER
 *
 * Each file of the folder as it is, and then RUNS times one of them with a few
 * of its bytes changed, doubled or gone: always the same ones.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MAX_CHANGES 8
#define MAX_SPAN 16

static void
add_file (GPtrArray *corpus, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, &error))
    g_error ("%s", error->message);
  g_ptr_array_add (corpus, g_byte_array_new_take ((guint8 *) data, length));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
byte_array_unref (gpointer data)
{
  g_byte_array_unref (data);
}

/* Returns: (transfer full): of GByteArray, in the order of the files' names. */
static GPtrArray *
load (const char *folder)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func (byte_array_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  if (!dir)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    add_file (corpus, folder, g_ptr_array_index (names, i));
  if (corpus->len == 0)
    g_error ("%s is empty", folder);
  return corpus;
}

static void
change (GByteArray *data, GRand *rand)
{
  guint at = (guint) g_rand_int_range (rand, 0, (gint32) data->len);
  guint span = (guint) g_rand_int_range (rand, 1, MAX_SPAN);
  guint8 byte = (guint8) g_rand_int (rand);

  span = MIN (span, data->len - at);
  switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      data->data[at] = byte;
      break;
    case 1:
      data->data[at] ^= (guint8) (1 << byte % 8);
      break;
    case 2:
      g_byte_array_remove_range (data, at, span);
      break;
    default: {
      g_autofree guint8 *copy = g_memdup2 (data->data + at, span);

      g_byte_array_append (data, copy, span);
      break;
    }
  }
}

static void
run_changed (GPtrArray *corpus, GRand *rand)
{
  GByteArray *seed = g_ptr_array_index (
      corpus, g_rand_int_range (rand, 0, (gint32) corpus->len));
  g_autoptr (GByteArray) data = g_byte_array_sized_new (seed->len);
  guint changes = (guint) g_rand_int_range (rand, 1, MAX_CHANGES);

  g_byte_array_append (data, seed->data, seed->len);
  for (guint i = 0; i < changes && data->len > 0; i++)
    change (data, rand);
  LLVMFuzzerTestOneInput (data->data, data->len);
}

int
main (int argc, char **argv)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) corpus = NULL;
  gulong runs;

  if (argc != 3)
    g_error ("usage: %s RUNS FOLDER", argv[0]);
  runs = strtoul (argv[1], NULL, 10);
  corpus = load (argv[2]);
  for (guint i = 0; i < corpus->len; i++) {
    GByteArray *data = g_ptr_array_index (corpus, i);

    LLVMFuzzerTestOneInput (data->data, data->len);
  }
  for (gulong i = 0; i < runs; i++)
    run_changed (corpus, rand);
  g_print ("%u inputs, and %lu that were changed\n", corpus->len, runs);
  return 0;
}
