/* Tests of mh-property: the rows are whole, and what is made from them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-property.h"

#include <string.h>

/* ---- the rows ---- */

static gboolean
is_number (const MhProperty *row)
{
  return row->kind == MH_PROPERTY_INT || row->kind == MH_PROPERTY_UINT;
}

static void
test_rows (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  const MhProperty *row;

  for (guint i = 0; (row = mh_property_nth (i)); i++) {
    g_test_message ("%s", row->name);
    g_assert_true (g_hash_table_add (names, (gpointer) row->name));
    g_assert_true (mh_property_find (row->name) == row);
    if (row->wire)
      g_assert_true (mh_property_find (row->wire) == row);
    g_assert_cmpuint (strlen (row->nick), >, 0);
    g_assert_cmpuint (strlen (row->blurb), >, 0);
    g_assert_false (g_str_has_suffix (row->blurb, "."));
    g_assert_true ((row->type != NULL) == (row->kind == MH_PROPERTY_ENUM));
    if (is_number (row)) {
      g_assert_cmpint (row->minimum, <=, row->initial);
      g_assert_cmpint (row->initial, <=, row->maximum);
    }
  }
  g_assert_null (mh_property_find ("no-such-property"));
}

static void
test_pspecs (void)
{
  const MhProperty *row;

  for (guint i = 0; (row = mh_property_nth (i)); i++) {
    GParamSpec *pspec = g_param_spec_ref_sink (mh_property_make_pspec (
        row, G_TYPE_HASH_TABLE, G_PARAM_LAX_VALIDATION));
    const char *blurb = g_param_spec_get_blurb (pspec);

    g_assert_cmpstr (pspec->name, ==, row->name);
    g_assert_true (g_str_has_prefix (blurb, row->blurb));
    g_assert_true (!row->wire || strstr (blurb, row->wire));
    g_assert_true (!row->unit || strstr (blurb, row->unit));
    g_assert_true ((row->place == MH_PROPERTY_IN_PLAYER) ==
        ((pspec->flags & G_PARAM_WRITABLE) == 0));
    g_assert_true (pspec->flags & G_PARAM_LAX_VALIDATION);
    g_param_spec_unref (pspec);
  }
}

/* ---- the values ---- */

/* Sets @row to something else than its default; for a number the greatest. */
static void
set_other (const MhProperty *row, MhSettings *settings)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec = g_param_spec_ref_sink (
      mh_property_make_pspec (row, G_TYPE_HASH_TABLE, 0));

  g_value_init (&value, pspec->value_type);
  g_param_spec_unref (pspec);
  if (row->kind == MH_PROPERTY_STRING)
    g_value_set_string (&value, row->name);
  else if (row->kind == MH_PROPERTY_INT)
    g_value_set_int (&value, (int) row->maximum);
  else if (row->kind == MH_PROPERTY_UINT)
    g_value_set_uint (&value, (guint) row->maximum);
  else if (row->kind == MH_PROPERTY_BOOLEAN)
    g_value_set_boolean (&value, row->initial == 0);
  else if (row->kind == MH_PROPERTY_DOUBLE)
    g_value_set_double (&value, 12.5);
  else
    g_value_set_enum (&value, 1);
  mh_property_set (row, settings, &value);
}

static void
assert_other (const MhProperty *row, const MhSettings *settings)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec = g_param_spec_ref_sink (
      mh_property_make_pspec (row, G_TYPE_HASH_TABLE, 0));

  g_value_init (&value, pspec->value_type);
  mh_property_get (row, settings, &value);
  g_assert_false (g_param_value_defaults (pspec, &value));
  if (row->kind == MH_PROPERTY_STRING)
    g_assert_cmpstr (g_value_get_string (&value), ==, row->name);
  else if (row->kind == MH_PROPERTY_UINT)
    g_assert_cmpuint (g_value_get_uint (&value), ==, row->maximum);
  g_param_spec_unref (pspec);
}

/* No two rows share a member, and a copy has members of its own. */
static void
test_copy (void)
{
  MhSettings *settings = mh_settings_new ();
  g_autoptr (MhSettings) copy = NULL;
  const MhProperty *row;
  GVariant **strings;

  for (guint i = 0; (row = mh_property_nth (i)); i++) {
    if (row->place == MH_PROPERTY_IN_PLAYER)
      continue;
    strings = mh_property_strings (row, settings);
    if (strings)
      *strings = g_variant_ref_sink (
          g_variant_new_parsed ("{'one': %s}", row->name));
    else
      set_other (row, settings);
  }
  copy = mh_settings_copy (settings);
  mh_settings_unref (settings);
  for (guint i = 0; (row = mh_property_nth (i)); i++) {
    const char *text;

    if (row->place == MH_PROPERTY_IN_PLAYER)
      continue;
    strings = mh_property_strings (row, copy);
    if (!strings) {
      assert_other (row, copy);
      continue;
    }
    g_assert_true (g_variant_lookup (*strings, "one", "&s", &text));
    g_assert_cmpstr (text, ==, row->name);
  }
}

/* Structures in a file are customer IDs, and those alone. */
static void
test_structures (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  const MhProperty *row;

  for (guint i = 0; (row = mh_property_nth (i)); i++) {
    g_autoptr (GVariant) value = g_variant_ref_sink (
        g_variant_new_parsed ("{'crm': <{'value': <'i'>}>}"));

    if (row->place == MH_PROPERTY_IN_CONFIG)
      g_assert_cmpint (
          mh_property_set_variant (row, row->name, config, value, NULL), ==,
          row->kind == MH_PROPERTY_CUSTOMER_IDS);
  }
  g_assert_nonnull (config->customer_ids);
}

/* Text is made valid, and an empty one is none. */
static void
test_text (void)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();
  g_auto (GValue) value = G_VALUE_INIT;
  const MhProperty *row = mh_property_find ("media-id");

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "a\xff");
  mh_property_set (row, settings, &value);
  g_assert_true (g_utf8_validate (settings->media_id, -1, NULL));
  g_value_set_string (&value, "");
  mh_property_set (row, settings, &value);
  g_assert_null (settings->media_id);
}

/* The message names the property, the value and what is wanted. */
static void
test_refused (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_int64 (0));
  g_autoptr (GError) error = NULL;

  g_assert_false (mh_property_set_variant (mh_property_find ("idle-timeout"),
      "idle-timeout", config, value, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==,
      "idle-timeout is a whole number of seconds from 1 to 2147483647, not 0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/property/rows", test_rows);
  g_test_add_func ("/property/pspecs", test_pspecs);
  g_test_add_func ("/property/copy", test_copy);
  g_test_add_func ("/property/structures", test_structures);
  g_test_add_func ("/property/text", test_text);
  g_test_add_func ("/property/refused", test_refused);
  return g_test_run ();
}
