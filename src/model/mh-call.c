/* mh-call: what can happen to a session, and how it is read.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-call-private.h"

#include <math.h>
#include <string.h>

static gboolean
malformed (
    const char *argument, const char *wanted, GVariant *value, GError **error)
{
  g_autofree char *text = g_variant_print (value, FALSE);

  g_set_error (error, MH_ERROR, MH_ERROR_MALFORMED, "%s is %s, not %s",
      argument, wanted, text);
  return FALSE;
}

static gboolean
call_get_number (GVariant *value, double *number)
{
  switch (g_variant_classify (value)) {
    case G_VARIANT_CLASS_DOUBLE:
      *number = g_variant_get_double (value);
      return TRUE;
    case G_VARIANT_CLASS_INT64:
      *number = (double) g_variant_get_int64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *number = (double) g_variant_get_uint64 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *number = g_variant_get_int32 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *number = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT16:
      *number = g_variant_get_int16 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT16:
      *number = g_variant_get_uint16 (value);
      return TRUE;
    case G_VARIANT_CLASS_BYTE:
      *number = g_variant_get_byte (value);
      return TRUE;
    default:
      return FALSE;
  }
}

static gboolean
parse_integer (const char *name, GVariant *value, gint64 *field, GError **error)
{
  double number;

  /* 2^53: beyond it a double no longer holds every whole number. */
  if (!call_get_number (value, &number) || number != floor (number) ||
      fabs (number) > 9007199254740992.0)
    return malformed (name, "a whole number", value, error);
  *field = (gint64) number;
  return TRUE;
}

static gboolean
parse_metadata (
    const char *name, GVariant *value, GVariant **field, GError **error)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key;
  GVariant *entry;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a{ss}"))) {
    *field = g_variant_ref (value);
    return TRUE;
  }
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return malformed (name, "a set of names and strings", value, error);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &entry)) {
    if (!g_variant_is_of_type (entry, G_VARIANT_TYPE_STRING)) {
      malformed (key, "a string", entry, error);
      g_prefix_error (error, "%s: ", name);
      g_variant_unref (entry);
      g_variant_builder_clear (&builder);
      return FALSE;
    }
    g_variant_builder_add (
        &builder, "{ss}", key, g_variant_get_string (entry, NULL));
  }
  *field = g_variant_ref_sink (g_variant_builder_end (&builder));
  return TRUE;
}

static gboolean parse_arguments (const char *of, const Argument *arguments,
    GVariant *details, gpointer into, GError **error);

static gboolean
parse_argument (
    const Argument *argument, GVariant *value, gpointer into, GError **error)
{
  gpointer field = G_STRUCT_MEMBER_P (into, argument->offset);

  switch (argument->type) {
    case ARGUMENT_STRING:
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        return malformed (argument->name, "a string", value, error);
      g_free (*(char **) field);
      *(char **) field = g_variant_dup_string (value, NULL);
      return TRUE;
    case ARGUMENT_NUMBER:
      return call_get_number (value, field) ||
          malformed (argument->name, "a number", value, error);
    case ARGUMENT_INTEGER:
      return parse_integer (argument->name, value, field, error);
    case ARGUMENT_BOOLEAN:
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
        return malformed (argument->name, "a boolean", value, error);
      *(gboolean *) field = g_variant_get_boolean (value);
      return TRUE;
    case ARGUMENT_METADATA:
      g_clear_pointer ((GVariant **) field, g_variant_unref);
      return parse_metadata (argument->name, value, field, error);
    case ARGUMENT_MEDIA:
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
        return malformed (argument->name, "a set of members", value, error);
      return parse_arguments (
          "media", mh_call_media_members, value, into, error);
  }
  g_assert_not_reached ();
}

static gboolean
parse_arguments (const char *of, const Argument *arguments, GVariant *details,
    gpointer into, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, details);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value)) {
    const Argument *argument = arguments;

    while (argument->name && !g_str_equal (argument->name, name))
      argument++;
    if (!argument->name) {
      g_set_error (error, MH_ERROR, MH_ERROR_MALFORMED,
          "%s has no argument “%s”", of, name);
      g_variant_unref (value);
      return FALSE;
    }
    if (!parse_argument (argument, value, into, error)) {
      g_variant_unref (value);
      return FALSE;
    }
  }
  return TRUE;
}

/* ---- values ---- */

/* What a value is made, kept and checked with, where it is not in the call itself. */
typedef struct
{
  gpointer (*make) (void);
  gpointer (*ref) (gpointer value);
  void (*unref) (gpointer value);
  gboolean (*check) (gconstpointer value, GError **error);
} Box;

#define BOX(type) \
  { \
    (gpointer (*) (void)) type##_new, (gpointer (*) (gpointer)) type##_ref, \
        (void (*) (gpointer)) type##_unref, \
        (gboolean (*) (gconstpointer, GError **)) type##_check \
  }

static const Box boxes[VALUE_PLAYHEAD + 1] = {
  [VALUE_MEDIA] = BOX (mh_media),
  [VALUE_AD_BREAK] = BOX (mh_ad_break),
  [VALUE_AD] = BOX (mh_ad),
  [VALUE_CHAPTER] = BOX (mh_chapter),
};

/* Returns: (nullable): NULL: the value is in the call. */
static const Box *
find_box (const MhCall *call)
{
  const Box *box = &boxes[mh_call_rows[call->type].value];

  return box->make ? box : NULL;
}

/* Makes the call's value, not valid yet; returns what arguments go into. */
static gpointer
init_value (MhCall *call)
{
  ValueKind kind = mh_call_rows[call->type].value;
  const Box *box = find_box (call);

  if (box)
    return call->boxed = box->make ();
  if (kind == VALUE_QOE) {
    call->qoe = (MhQoe) MH_QOE_INIT;
  } else if (kind == VALUE_PLAYHEAD) {
    call->playhead.value = NAN;
    call->playhead.rate = NAN;
  }
  return call;
}

MhCall *
mh_call_new (MhCallType type)
{
  MhCall *call = g_new0 (MhCall, 1);

  call->type = type;
  return call;
}

MhCall *
mh_call_parse (const char *name, GVariant *details, GError **error)
{
  g_autoptr (MhCall) call = NULL;
  guint type = 0;
  gpointer into;

  g_return_val_if_fail (
      !details || g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT), NULL);

  while (type < MH_N_CALLS && !g_str_equal (mh_call_rows[type].name, name))
    type++;
  if (type == MH_N_CALLS) {
    g_set_error (
        error, MH_ERROR, MH_ERROR_MALFORMED, "there is no call “%s”", name);
    return NULL;
  }
  call = mh_call_new ((MhCallType) type);
  into = init_value (call);
  if (details &&
      !parse_arguments (
          name, mh_call_rows[type].arguments, details, into, error)) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer (&call);
}

static gboolean
call_check_text (const MhCall *call, GError **error)
{
  if (call->text && *call->text)
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_REFUSED, "%s is missing or empty",
      mh_call_rows[call->type].arguments[0].name);
  return FALSE;
}

static gboolean
check_source (const char *source, GError **error)
{
  if (!source || g_str_equal (source, "player") ||
      g_str_equal (source, "external"))
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_REFUSED,
      "source is neither player nor external, but “%s”", source);
  return FALSE;
}

static gboolean
check_playhead (const MhCall *call, GError **error)
{
  if (isfinite (call->playhead.value) && isfinite (call->playhead.rate))
    return TRUE;
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED,
      "value or rate is missing or not a number");
  return FALSE;
}

gboolean
mh_call_check (const MhCall *call, GError **error)
{
  const Box *box = find_box (call);

  if (box)
    return box->check (call->boxed, error);
  switch (mh_call_rows[call->type].value) {
    case VALUE_QOE:
      return mh_qoe_check (&call->qoe, error);
    case VALUE_TEXT:
      return call_check_text (call, error);
    case VALUE_ERROR:
      return call_check_text (call, error) &&
          check_source (call->source, error);
    case VALUE_PLAYHEAD:
      return check_playhead (call, error);
    default:
      return TRUE;
  }
}

static gboolean equal_arguments (
    const Argument *arguments, gconstpointer a, gconstpointer b);

static gboolean
equal_metadata (GVariant *a, GVariant *b)
{
  return a && b ? g_variant_equal (a, b) : a == b;
}

static gboolean
equal_argument (const Argument *argument, gconstpointer a, gconstpointer b)
{
  gconstpointer field = (const guint8 *) a + argument->offset;
  gconstpointer other = (const guint8 *) b + argument->offset;

  switch (argument->type) {
    case ARGUMENT_STRING:
      return g_strcmp0 (*(char *const *) field, *(char *const *) other) == 0;
    case ARGUMENT_METADATA:
      return equal_metadata (
          *(GVariant *const *) field, *(GVariant *const *) other);
    case ARGUMENT_NUMBER: /* of which one may be NaN */
      return memcmp (field, other, sizeof (double)) == 0;
    case ARGUMENT_INTEGER:
      return memcmp (field, other, sizeof (gint64)) == 0;
    case ARGUMENT_BOOLEAN:
      return memcmp (field, other, sizeof (gboolean)) == 0;
    case ARGUMENT_MEDIA:
      return equal_arguments (mh_call_media_members, field, other);
  }
  g_assert_not_reached ();
}

static gboolean
equal_arguments (const Argument *arguments, gconstpointer a, gconstpointer b)
{
  for (; arguments->name; arguments++) {
    if (!equal_argument (arguments, a, b))
      return FALSE;
  }
  return TRUE;
}

/* Returns: what its arguments are in. */
static gconstpointer
get_value (const MhCall *call)
{
  return find_box (call) ? call->boxed : call;
}

gboolean
mh_call_equal (const MhCall *a, const MhCall *b)
{
  return a->type == b->type &&
      equal_arguments (
          mh_call_rows[a->type].arguments, get_value (a), get_value (b));
}

/* Whether it is about a text: of an error there is a source as well. */
static gboolean
has_text (const MhCall *call)
{
  ValueKind kind = mh_call_rows[call->type].value;

  return kind == VALUE_TEXT || kind == VALUE_ERROR;
}

MhCall *
mh_call_copy (const MhCall *call)
{
  MhCall *copy = g_memdup2 (call, sizeof *call);
  const Box *box = find_box (call);

  if (box) {
    box->ref (copy->boxed);
  } else if (has_text (call)) {
    copy->text = g_strdup (call->text);
    copy->source = g_strdup (call->source);
  }
  return copy;
}

void
mh_call_clear (MhCall *call)
{
  const Box *box = find_box (call);

  if (box) {
    g_clear_pointer (&call->boxed, box->unref);
  } else if (has_text (call)) {
    g_clear_pointer (&call->text, g_free);
    g_clear_pointer (&call->source, g_free);
  }
}

void
mh_call_free (MhCall *call)
{
  if (!call)
    return;
  mh_call_clear (call);
  g_free (call);
}
