/* Tests of mh-structure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-structure.h"

#include "mh-error.h"

static void
assert_variant (const char *structure_text, const char *variant_text)
{
  g_autoptr (GstStructure)
      structure = gst_structure_from_string (structure_text, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (structure);
  variant = mh_structure_to_variant (structure, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT));
  text = g_variant_print (variant, FALSE);
  g_assert_cmpstr (text, ==, variant_text);
}

static void
test_to_variant (void)
{
  g_autoptr (GVariant) empty = mh_structure_to_variant (NULL, NULL);

  g_assert_cmpuint (g_variant_n_children (empty), ==, 0);
  assert_variant ("s", "{}");
  assert_variant ("s, a=(string)b", "{'a': <'b'>}");
  assert_variant ("s, a=(int)-1, b=(uint)4294967295, c=(gint64)5",
      "{'a': <int64 -1>, 'b': <int64 4294967295>, 'c': <int64 5>}");
  assert_variant ("s, a=(double)1.5, b=(float)0.5, c=(boolean)true",
      "{'a': <1.5>, 'b': <0.5>, 'c': <true>}");
  assert_variant (
      "s, m=(structure)\"t, a=(string)b\\;\"", "{'m': <{'a': <'b'>}>}");
}

/* Whichever a language comes with. */
static void
test_to_variant_numbers (void)
{
  static const GType types[] = { G_TYPE_CHAR, G_TYPE_UCHAR, G_TYPE_INT,
    G_TYPE_UINT, G_TYPE_LONG, G_TYPE_ULONG, G_TYPE_INT64, G_TYPE_UINT64,
    G_TYPE_FLOAT, G_TYPE_DOUBLE };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GstStructure) structure = gst_structure_new_empty ("s");
    g_autoptr (GVariant) variant = NULL;
    g_autoptr (GVariant) number = NULL;
    g_autofree char *text = NULL;
    GValue seven = G_VALUE_INIT, value = G_VALUE_INIT;

    g_value_init (&seven, G_TYPE_INT);
    g_value_set_int (&seven, 7);
    g_value_init (&value, types[i]);
    g_assert_true (g_value_transform (&seven, &value));
    gst_structure_take_value (structure, "a", &value);
    variant = mh_structure_to_variant (structure, NULL);
    g_assert_nonnull (variant);
    number = g_variant_lookup_value (variant, "a", NULL);
    text = g_variant_print (number, FALSE);
    g_assert_cmpstr (text, ==, i < 8 ? "7" : "7.0");
  }
}

static void
test_to_variant_strings (void)
{
  g_autoptr (GstStructure)
      structure = gst_structure_new ("s", "a", G_TYPE_STRING, NULL, NULL);
  g_autoptr (GVariant) variant = mh_structure_to_variant (structure, NULL);
  const char *text;

  g_assert_true (g_variant_lookup (variant, "a", "&s", &text));
  g_assert_cmpstr (text, ==, "");
}

static void
test_to_variant_refused (void)
{
  static const char *const texts[] = { "s, a=(fraction)1/2",
    "s, b=(int)1, a=(int)[1,2]", "s, a=<1, 2>",
    "s, m=(structure)\"t, a=(fraction)1/2\\;\"" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GstStructure)
        structure = gst_structure_from_string (texts[i], NULL);
    g_autoptr (GError) error = NULL;

    g_assert_nonnull (structure);
    g_assert_null (mh_structure_to_variant (structure, &error));
    g_assert_error (error, MH_ERROR, MH_ERROR_MALFORMED);
    g_assert_nonnull (strstr (error->message, "a is of type"));
  }
}

static void
test_to_metadata (void)
{
  g_autoptr (GstStructure) structure = gst_structure_from_string (
      "s, a=(string)b, n=(int)5, d=(double)1.5, t=(boolean)true", NULL);
  g_autoptr (GstStructure) empty = gst_structure_new_empty ("s");
  g_autoptr (GVariant) metadata = mh_structure_to_metadata (structure);
  g_autofree char *text = g_variant_print (metadata, FALSE);

  g_assert_cmpstr (
      text, ==, "{'a': 'b', 'n': '5', 'd': '1.500000', 't': 'TRUE'}");
  g_assert_null (mh_structure_to_metadata (NULL));
  g_assert_null (mh_structure_to_metadata (empty));
}

static void
test_from_variant (void)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (
      "{'a': <'b'>, 'n': <int64 5>, 'd': <1.5>, 't': <true>}"));
  g_autoptr (GVariant)
      strings = g_variant_ref_sink (g_variant_new_parsed ("{'a.b': 'c'}"));
  g_autoptr (GstStructure) structure = mh_structure_from_variant ("s", variant);
  g_autoptr (GstStructure) names = mh_structure_from_variant ("s", strings);
  g_autoptr (GstStructure) none = mh_structure_from_variant ("s", NULL);
  g_autofree char *text = gst_structure_to_string (structure);

  g_assert_cmpstr (
      text, ==, "s, a=(string)b, n=(gint64)5, d=(double)1.5, t=(boolean)true;");
  g_assert_cmpstr (gst_structure_get_string (names, "a.b"), ==, "c");
  g_assert_cmpint (gst_structure_n_fields (none), ==, 0);
}

/* What is read is told in one form, whichever it was set in. */
static void
test_customer_ids (void)
{
  static const struct
  {
    const char *set;
    const char *told; /* NULL: the same */
  } rows[] = {
    { "customer-ids, crm=(structure)[id, value=(string)\"4711\\,\\ x\", "
      "auth-state=(int)1;];",
        NULL },
    { "customer-ids, crm=[id, value=(string)4711, auth-state=logged-out]",
        "customer-ids, crm=(structure)[id, value=(string)4711, "
        "auth-state=(int)2;];" },
    { "ids, crm=[any, value=i], shop=(string)\"s,1\"",
        "customer-ids, crm=(structure)[id, value=(string)i, "
        "auth-state=(int)0;], shop=(structure)[id, value=(string)s, "
        "auth-state=(int)1;];" },
    { "ids, a=[id, auth-state=1], b=(int)7, c=[id, value=i, "
      "auth-state=(fraction)1/2]",
        "customer-ids, a=(string)\"\", b=(string)7, c=(string)\"\";" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GstStructure)
        set = gst_structure_from_string (rows[i].set, NULL);
    g_autoptr (GVariant) ids = mh_structure_to_customer_ids (set);
    g_autoptr (GstStructure) told = mh_structure_from_customer_ids (ids);
    g_autofree char *text = gst_structure_serialize (
        told, GST_SERIALIZE_FLAG_NONE);

    g_assert_cmpstr (text, ==, rows[i].told ? rows[i].told : rows[i].set);
  }
  g_assert_null (mh_structure_to_customer_ids (NULL));
}

static void
test_from_hit (void)
{
  g_autoptr (MhHit) hit = mh_hit_new (MH_EVENT_SESSION_START, 2, 1.5, 0,
      g_variant_new_parsed ("{'media.id': <'x'>, 'media.resume': <true>}"),
      g_variant_new_parsed ("{'own': 'y'}"),
      g_variant_new_parsed ("{'media.qoe.bitrate': <int64 5>}"));
  g_autoptr (GstStructure) structure = NULL;
  g_autoptr (GstStructure) inner = NULL;
  const char *event = NULL;
  guint session;
  guint64 timestamp;
  double playhead;
  gboolean resume;

  hit->ts = 1700000000000;
  structure = mh_structure_from_hit (hit);
  g_assert_true (gst_structure_has_name (structure, "media-heartbeat"));
  event = gst_structure_get_string (structure, "event");
  g_assert_cmpstr (event, ==, "sessionStart");
  g_assert_true (gst_structure_get (structure, "session", G_TYPE_UINT, &session,
      "playhead", G_TYPE_DOUBLE, &playhead, "timestamp", G_TYPE_UINT64,
      &timestamp, "resume", G_TYPE_BOOLEAN, &resume, NULL));
  g_assert_cmpuint (session, ==, 2);
  g_assert_cmpfloat (playhead, ==, 1.5);
  g_assert_cmpuint (timestamp, ==, 1700000000000);
  g_assert_true (resume);
  g_assert_true (gst_structure_get (
      structure, "params", GST_TYPE_STRUCTURE, &inner, NULL));
  g_assert_cmpstr (gst_structure_get_string (inner, "media.id"), ==, "x");
  g_clear_pointer (&inner, gst_structure_free);
  g_assert_true (gst_structure_get (
      structure, "custom-metadata", GST_TYPE_STRUCTURE, &inner, NULL));
  g_assert_cmpstr (gst_structure_get_string (inner, "own"), ==, "y");
  g_assert_true (gst_structure_has_field_typed (
      structure, "qoe-data", GST_TYPE_STRUCTURE));
}

/* Fields only where there is something in them; no resume but of a start. */
static void
test_from_plain_hit (void)
{
  g_autoptr (MhHit) hit = mh_hit_new (MH_EVENT_PING, 0, 0, 0,
      g_variant_new_parsed ("{'media.resume': <true>}"), NULL, NULL);
  g_autoptr (GstStructure) structure = mh_structure_from_hit (hit);
  gboolean resume = TRUE;

  g_assert_true (gst_structure_get_boolean (structure, "resume", &resume));
  g_assert_false (resume);
  g_assert_false (gst_structure_has_field (structure, "custom-metadata"));
  g_assert_false (gst_structure_has_field (structure, "qoe-data"));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/structure/to-variant/types", test_to_variant);
  g_test_add_func ("/structure/to-variant/numbers", test_to_variant_numbers);
  g_test_add_func ("/structure/to-variant/strings", test_to_variant_strings);
  g_test_add_func ("/structure/to-variant/refused", test_to_variant_refused);
  g_test_add_func ("/structure/to-metadata", test_to_metadata);
  g_test_add_func ("/structure/from-variant", test_from_variant);
  g_test_add_func ("/structure/customer-ids", test_customer_ids);
  g_test_add_func ("/structure/from-hit/all", test_from_hit);
  g_test_add_func ("/structure/from-hit/plain", test_from_plain_hit);
  return g_test_run ();
}
