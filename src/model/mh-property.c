/* mh-property: what is made from the rows of mh-property-table.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-property.h"

/* Where a row's value lives. */
static gpointer
property_field (const MhProperty *self, const MhSettings *settings)
{
  return self->place == MH_PROPERTY_IN_CONFIG
      ? G_STRUCT_MEMBER_P (settings->config, self->offset)
      : G_STRUCT_MEMBER_P (settings, self->offset);
}

/* Whether its value is a GVariant a{ss}. */
static gboolean
property_has_strings (const MhProperty *self)
{
  return self->kind == MH_PROPERTY_STRINGS ||
      self->kind == MH_PROPERTY_CUSTOMER_IDS;
}

/* ---- the specification ---- */

static const char *
property_counts (const MhProperty *self)
{
  static const char *const texts[] = {
    [MH_COUNTS_NEXT_SESSION] = "from the next session on",
    [MH_COUNTS_AT_ONCE] = "at once",
    [MH_COUNTS_PAUSED] = "from the next change to PAUSED on",
    [MH_COUNTS_END] = "when the process ends",
  };

  return self->place == MH_PROPERTY_IN_PLAYER ? NULL : texts[self->counts];
}

/* What stands in brackets: unit, wire, counts. It lives as long as the type. */
static const char *
property_blurb (const MhProperty *self)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  g_autofree char *blurb = NULL;

  if (self->unit)
    g_ptr_array_add (notes, g_strdup (self->unit));
  if (self->wire)
    g_ptr_array_add (notes, g_strdup_printf ("parameter %s", self->wire));
  if (property_counts (self))
    g_ptr_array_add (notes, g_strdup (property_counts (self)));
  if (notes->len == 0)
    return self->blurb;
  g_ptr_array_add (notes, NULL);
  list = g_strjoinv ("; ", (char **) notes->pdata);
  blurb = g_strdup_printf ("%s (%s)", self->blurb, list);
  return g_intern_string (blurb);
}

GParamSpec *
mh_property_make_pspec (
    const MhProperty *self, GType structure_type, GParamFlags flags)
{
  const char *name = self->name;
  const char *nick = self->nick;
  const char *blurb = property_blurb (self);

  flags |= G_PARAM_STATIC_STRINGS;
  if (!self->write_only)
    flags |= G_PARAM_READABLE;
  if (self->place != MH_PROPERTY_IN_PLAYER)
    flags |= G_PARAM_WRITABLE;
  switch (self->kind) {
    case MH_PROPERTY_STRING:
      return g_param_spec_string (name, nick, blurb, NULL, flags);
    case MH_PROPERTY_INT:
      return g_param_spec_int (name, nick, blurb, (int) self->minimum,
          (int) self->maximum, (int) self->initial, flags);
    case MH_PROPERTY_UINT:
      return g_param_spec_uint (name, nick, blurb, (guint) self->minimum,
          (guint) self->maximum, (guint) self->initial, flags);
    case MH_PROPERTY_UINT64:
      return g_param_spec_uint64 (name, nick, blurb, 0, G_MAXUINT64, 0, flags);
    case MH_PROPERTY_BOOLEAN:
      return g_param_spec_boolean (
          name, nick, blurb, self->initial != 0, flags);
    case MH_PROPERTY_DOUBLE:
      return g_param_spec_double (
          name, nick, blurb, -1, G_MAXDOUBLE, (double) self->initial, flags);
    case MH_PROPERTY_ENUM:
      return g_param_spec_enum (
          name, nick, blurb, self->type (), (int) self->initial, flags);
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      return g_param_spec_boxed (name, nick, blurb, structure_type, flags);
  }
  g_assert_not_reached ();
}

/* ---- values of the interface ---- */

static void
property_set_string (char **where, const char *text)
{
  g_free (*where);
  *where = text && *text ? g_utf8_make_valid (text, -1) : NULL;
}

void
mh_property_set (
    const MhProperty *self, MhSettings *settings, const GValue *value)
{
  gpointer where = property_field (self, settings);

  switch (self->kind) {
    case MH_PROPERTY_STRING:
      property_set_string (where, g_value_get_string (value));
      return;
    case MH_PROPERTY_INT:
      *(int *) where = g_value_get_int (value);
      return;
    case MH_PROPERTY_UINT:
      *(guint *) where = g_value_get_uint (value);
      return;
    case MH_PROPERTY_UINT64:
      *(guint64 *) where = g_value_get_uint64 (value);
      return;
    case MH_PROPERTY_BOOLEAN:
      *(gboolean *) where = g_value_get_boolean (value);
      return;
    case MH_PROPERTY_DOUBLE:
      *(double *) where = g_value_get_double (value);
      return;
    case MH_PROPERTY_ENUM:
      *(int *) where = g_value_get_enum (value);
      return;
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      break;
  }
  g_assert_not_reached ();
}

void
mh_property_get (
    const MhProperty *self, const MhSettings *settings, GValue *value)
{
  gconstpointer where = property_field (self, settings);

  switch (self->kind) {
    case MH_PROPERTY_STRING:
      g_value_set_string (value, *(char *const *) where);
      return;
    case MH_PROPERTY_INT:
      g_value_set_int (value, *(const int *) where);
      return;
    case MH_PROPERTY_UINT:
      g_value_set_uint (value, *(const guint *) where);
      return;
    case MH_PROPERTY_UINT64:
      g_value_set_uint64 (value, *(const guint64 *) where);
      return;
    case MH_PROPERTY_BOOLEAN:
      g_value_set_boolean (value, *(const gboolean *) where);
      return;
    case MH_PROPERTY_DOUBLE:
      g_value_set_double (value, *(const double *) where);
      return;
    case MH_PROPERTY_ENUM:
      g_value_set_enum (value, *(const int *) where);
      return;
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      break;
  }
  g_assert_not_reached ();
}

GVariant **
mh_property_strings (const MhProperty *self, const MhSettings *settings)
{
  return property_has_strings (self) ? property_field (self, settings) : NULL;
}

/* ---- values of a file ---- */

static gboolean
property_refuse (
    const char *name, const char *wanted, GVariant *value, GError **error)
{
  g_autofree char *text = g_variant_print (value, FALSE);

  g_set_error (
      error, MH_ERROR, MH_ERROR_CONFIG, "%s is %s, not %s", name, wanted, text);
  return FALSE;
}

/* What is wanted, for the message. */
static char *
property_describe (const MhProperty *self)
{
  const char *seconds = g_strcmp0 (self->unit, "s") == 0 ? " of seconds" : "";

  switch (self->kind) {
    case MH_PROPERTY_STRING:
      return g_strdup ("a string");
    case MH_PROPERTY_BOOLEAN:
      return g_strdup ("a boolean");
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      return g_strdup ("a set of names and strings");
    case MH_PROPERTY_ENUM:
      return g_strdup_printf ("a name of %s", g_type_name (self->type ()));
    default:
      return g_strdup_printf ("a whole number%s from %" G_GINT64_FORMAT
                              " to %" G_GINT64_FORMAT,
          seconds, self->minimum, self->maximum);
  }
}

static gboolean
property_take_nick (const MhProperty *self, int *where, const char *nick)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (self->type ());
  const GEnumValue *value = g_enum_get_value_by_nick (klass, nick);

  if (value)
    *where = value->value;
  return value != NULL;
}

static gboolean
property_take_number (const MhProperty *self, gpointer where, gint64 number)
{
  if (number < self->minimum || number > self->maximum)
    return FALSE;
  if (self->kind == MH_PROPERTY_INT)
    *(int *) where = (int) number;
  else
    *(guint *) where = (guint) number;
  return TRUE;
}

/* The value is of the type that property_type() says. */
static gboolean
property_take (const MhProperty *self, gpointer where, GVariant *value)
{
  switch (self->kind) {
    case MH_PROPERTY_STRING:
      property_set_string (where, g_variant_get_string (value, NULL));
      return TRUE;
    case MH_PROPERTY_ENUM:
      return property_take_nick (
          self, where, g_variant_get_string (value, NULL));
    case MH_PROPERTY_BOOLEAN:
      *(gboolean *) where = g_variant_get_boolean (value);
      return TRUE;
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      g_clear_pointer ((GVariant **) where, g_variant_unref);
      *(GVariant **) where = g_variant_ref (value);
      return TRUE;
    default:
      return property_take_number (self, where, g_variant_get_int64 (value));
  }
}

static const GVariantType *
property_type (const MhProperty *self)
{
  switch (self->kind) {
    case MH_PROPERTY_STRING:
    case MH_PROPERTY_ENUM:
      return G_VARIANT_TYPE_STRING;
    case MH_PROPERTY_BOOLEAN:
      return G_VARIANT_TYPE_BOOLEAN;
    case MH_PROPERTY_STRINGS:
    case MH_PROPERTY_CUSTOMER_IDS:
      return G_VARIANT_TYPE ("a{ss}");
    default:
      return G_VARIANT_TYPE_INT64;
  }
}

gboolean
mh_property_set_variant (const MhProperty *self, const char *name,
    MhConfig *config, GVariant *value, GError **error)
{
  g_autofree char *wanted = NULL;
  g_autoptr (GVariant) strings = NULL;

  g_assert (self->place == MH_PROPERTY_IN_CONFIG);
  if (self->kind == MH_PROPERTY_CUSTOMER_IDS &&
      g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    value = strings = mh_config_make_customer_ids (value);
  if (g_variant_is_of_type (value, property_type (self)) &&
      property_take (self, G_STRUCT_MEMBER_P (config, self->offset), value))
    return TRUE;
  wanted = property_describe (self);
  return property_refuse (name, wanted, value, error);
}

/* ---- all of them ---- */

static void
property_init (const MhProperty *self, gpointer where)
{
  switch (self->kind) {
    case MH_PROPERTY_INT:
    case MH_PROPERTY_UINT:
    case MH_PROPERTY_BOOLEAN:
    case MH_PROPERTY_ENUM:
      *(int *) where = (int) self->initial;
      break;
    case MH_PROPERTY_DOUBLE:
      *(double *) where = (double) self->initial;
      break;
    default: /* zero is not set */
      break;
  }
}

static void
property_own (const MhProperty *self, gpointer where)
{
  if (self->kind == MH_PROPERTY_STRING)
    *(char **) where = g_strdup (*(char **) where);
  else if (property_has_strings (self) && *(GVariant **) where)
    g_variant_ref (*(GVariant **) where);
}

static void
property_clear (const MhProperty *self, gpointer where)
{
  if (self->kind == MH_PROPERTY_STRING)
    g_clear_pointer ((char **) where, g_free);
  else if (property_has_strings (self))
    g_clear_pointer ((GVariant **) where, g_variant_unref);
}

static void
property_for_all (gpointer values, MhPropertyPlace place,
    void (*call) (const MhProperty *self, gpointer where))
{
  const MhProperty *self;

  for (guint i = 0; (self = mh_property_nth (i)); i++) {
    if (self->place == place)
      call (self, G_STRUCT_MEMBER_P (values, self->offset));
  }
}

void
mh_property_init_all (gpointer values, MhPropertyPlace place)
{
  property_for_all (values, place, property_init);
}

void
mh_property_own_all (gpointer values, MhPropertyPlace place)
{
  property_for_all (values, place, property_own);
}

void
mh_property_clear_all (gpointer values, MhPropertyPlace place)
{
  property_for_all (values, place, property_clear);
}
