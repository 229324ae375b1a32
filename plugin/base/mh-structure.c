/* mh-structure: GstStructure to and from the core's GVariants.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-structure.h"

#include <gio/gio.h>

#include "mh-error.h"

/* Languages have ideas of their own of what a number is. */
static GVariant *
variant_from_number (const GValue *value)
{
  switch (G_VALUE_TYPE (value)) {
    case G_TYPE_CHAR:
      return g_variant_new_int64 (g_value_get_schar (value));
    case G_TYPE_UCHAR:
      return g_variant_new_int64 (g_value_get_uchar (value));
    case G_TYPE_INT:
      return g_variant_new_int64 (g_value_get_int (value));
    case G_TYPE_UINT:
      return g_variant_new_int64 (g_value_get_uint (value));
    case G_TYPE_LONG:
      return g_variant_new_int64 (g_value_get_long (value));
    case G_TYPE_ULONG:
      return g_variant_new_uint64 (g_value_get_ulong (value));
    case G_TYPE_INT64:
      return g_variant_new_int64 (g_value_get_int64 (value));
    case G_TYPE_UINT64:
      return g_variant_new_uint64 (g_value_get_uint64 (value));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (g_value_get_double (value));
    case G_TYPE_FLOAT:
      return g_variant_new_double ((double) g_value_get_float (value));
    default:
      return NULL;
  }
}

static GVariant *
variant_from_value (const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value)) {
    const char *text = g_value_get_string (value);

    return g_variant_new_take_string (g_utf8_make_valid (text ? text : "", -1));
  }
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_variant_new_boolean (g_value_get_boolean (value));
  return variant_from_number (value);
}

GVariant *
mh_structure_to_variant (const GstStructure *structure, GError **error)
{
  GVariantBuilder builder;
  int n = structure ? gst_structure_n_fields (structure) : 0;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (int i = 0; i < n; i++) {
    const char *name = gst_structure_nth_field_name (structure, (guint) i);
    const GValue *value = gst_structure_get_value (structure, name);
    g_autoptr (GVariant) entry = NULL;

    if (GST_VALUE_HOLDS_STRUCTURE (value)) {
      entry = mh_structure_to_variant (gst_value_get_structure (value), error);
    } else {
      entry = variant_from_value (value);
      if (entry)
        g_variant_ref_sink (entry);
      else
        g_set_error (error, MH_ERROR, MH_ERROR_MALFORMED,
            "%s is of type %s, which no argument is", name,
            G_VALUE_TYPE_NAME (value));
    }
    if (!entry) {
      g_variant_builder_clear (&builder);
      return NULL;
    }
    g_variant_builder_add (&builder, "{sv}", name, entry);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static char *
dup_text (const GValue *value)
{
  GValue text = G_VALUE_INIT;
  char *valid = NULL;

  g_value_init (&text, G_TYPE_STRING);
  if (g_value_transform (value, &text) && g_value_get_string (&text))
    valid = g_utf8_make_valid (g_value_get_string (&text), -1);
  g_value_unset (&text);
  return valid;
}

GVariant *
mh_structure_to_metadata (const GstStructure *structure)
{
  GVariantBuilder builder;
  int n = structure ? gst_structure_n_fields (structure) : 0;

  if (n == 0)
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (int i = 0; i < n; i++) {
    const char *name = gst_structure_nth_field_name (structure, (guint) i);
    g_autofree char *text = dup_text (
        gst_structure_get_value (structure, name));

    if (text)
      g_variant_builder_add (&builder, "{ss}", name, text);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* What is of no type that an argument has is malformed. */
static GVariant *
variant_from_customer_id (const GValue *value)
{
  g_autofree char *text = NULL;
  GVariant *fields;

  if (!GST_VALUE_HOLDS_STRUCTURE (value)) {
    text = dup_text (value);
    return g_variant_ref_sink (g_variant_new_string (text ? text : ""));
  }
  fields = mh_structure_to_variant (gst_value_get_structure (value), NULL);
  return fields ? fields : g_variant_ref_sink (g_variant_new_string (""));
}

GVariant *
mh_structure_to_customer_ids (const GstStructure *structure)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) values = NULL;
  int n = structure ? gst_structure_n_fields (structure) : 0;

  if (n == 0)
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (int i = 0; i < n; i++) {
    const char *name = gst_structure_nth_field_name (structure, (guint) i);
    g_autoptr (GVariant) id = variant_from_customer_id (
        gst_structure_get_value (structure, name));

    g_variant_builder_add (&builder, "{sv}", name, id);
  }
  values = g_variant_ref_sink (g_variant_builder_end (&builder));
  return mh_config_make_customer_ids (values);
}

static void
structure_add_customer_id (
    const char *name, const char *id, int auth_state, gpointer structure)
{
  g_autoptr (GstStructure) inner = NULL;

  if (auth_state < 0) {
    gst_structure_set (structure, name, G_TYPE_STRING, id, NULL);
    return;
  }
  inner = gst_structure_new ("id", "value", G_TYPE_STRING, id, "auth-state",
      G_TYPE_INT, auth_state, NULL);
  gst_structure_set (structure, name, GST_TYPE_STRUCTURE, inner, NULL);
}

GstStructure *
mh_structure_from_customer_ids (GVariant *ids)
{
  GstStructure *structure = gst_structure_new_empty ("customer-ids");

  mh_config_for_each_customer_id (ids, structure_add_customer_id, structure);
  return structure;
}

GstStructure *
mh_structure_from_variant (const char *name, GVariant *variant)
{
  GstStructure *structure = gst_structure_new_empty (name);
  GVariantIter iter;
  GVariant *entry;

  if (!variant)
    return structure;
  g_variant_iter_init (&iter, variant);
  while ((entry = g_variant_iter_next_value (&iter))) {
    g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
    g_autoptr (GVariant) child = g_variant_get_child_value (entry, 1);
    g_autoptr (GVariant)
        value = g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT)
        ? g_variant_get_variant (child)
        : g_variant_ref (child);
    GValue field = G_VALUE_INIT;

    g_dbus_gvariant_to_gvalue (value, &field);
    gst_structure_take_value (
        structure, g_variant_get_string (key, NULL), &field);
    g_variant_unref (entry);
  }
  return structure;
}

static void
take_structure (GstStructure *structure, const char *field, GVariant *variant)
{
  g_autoptr (GstStructure) inner = NULL;

  if (!variant)
    return;
  inner = mh_structure_from_variant (field, variant);
  gst_structure_set (structure, field, GST_TYPE_STRUCTURE, inner, NULL);
}

GstStructure *
mh_structure_from_hit (const MhHit *hit)
{
  gboolean resume = FALSE;
  GstStructure *structure;

  if (hit->event == MH_EVENT_SESSION_START)
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
  structure = gst_structure_new ("media-heartbeat", "event", G_TYPE_STRING,
      mh_event_name (hit->event), "session", G_TYPE_UINT, hit->session,
      "playhead", G_TYPE_DOUBLE, hit->playhead, "timestamp", G_TYPE_UINT64,
      (guint64) hit->ts, "resume", G_TYPE_BOOLEAN, resume, NULL);
  take_structure (structure, "params", hit->params);
  take_structure (structure, "custom-metadata", hit->custom_metadata);
  take_structure (structure, "qoe-data", hit->qoe);
  return structure;
}
