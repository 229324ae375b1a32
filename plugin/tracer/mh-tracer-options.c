/* mh-tracer-options: the tracer's parameters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracer-options.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mh-property.h"

#define MAX_FILE (64 * 1024)

/* ---- one parameter ---- */

static gboolean
is_secret (const char *name)
{
  const MhProperty *property = mh_property_find (name);

  return property && property->secret;
}

/* A secret is not repeated in a warning. */
static const char *
get_shown_text (const char *name, const char *text)
{
  return is_secret (name) ? "…" : text;
}

static void
options_set_property (
    MhTracerOptions *self, GParamSpec *pspec, const char *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  if (pspec->value_type == G_TYPE_STRING)
    g_value_set_string (&value, text);
  else if (!gst_value_deserialize (&value, text)) {
    mh_warn (self->warning, self->user_data, "%s=%s: that is no %s",
        pspec->name, get_shown_text (pspec->name, text),
        g_type_name (pspec->value_type));
    return;
  }
  if (g_param_value_validate (pspec, &value)) {
    mh_warn (self->warning, self->user_data, "%s=%s is out of range",
        pspec->name, get_shown_text (pspec->name, text));
    return;
  }
  g_object_set_property (self->element, pspec->name, &value);
}

static GParamSpec *
find_property (GObject *object, const char *name)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (object), name);

  /* Not what all elements have. */
  return pspec && pspec->owner_type == G_OBJECT_TYPE (object) &&
          (pspec->flags & G_PARAM_WRITABLE)
      ? pspec
      : NULL;
}

static void
options_take (MhTracerOptions *self, const char *name, const char *text)
{
  GParamSpec *pspec = find_property (self->element, name);

  if (g_str_equal (name, "filter")) {
    g_free (self->filter);
    self->filter = g_strdup (text);
  } else if (pspec) {
    options_set_property (self, pspec, text);
  } else {
    mh_warn (
        self->warning, self->user_data, "%s: there is no such parameter", name);
  }
}

/* ---- a text ---- */

static gboolean
options_take_field (GQuark field, const GValue *value, gpointer user_data)
{
  MhTracerOptions *self = user_data;
  const char *name = g_quark_to_string (field);
  g_autofree char *text = NULL;

  if (G_VALUE_HOLDS_STRING (value))
    options_take (self, name, g_value_get_string (value));
  else if ((text = gst_value_serialize (value)))
    options_take (self, name, text);
  return TRUE;
}

void
mh_tracer_options_take_text (MhTracerOptions *self, const char *text)
{
  g_autofree char *whole = g_strdup_printf (
      MH_TRACER_OPTIONS_GROUP ", %s", text);
  g_autoptr (GstStructure) structure = NULL;

  if (!*text)
    return;
  structure = gst_structure_from_string (whole, NULL);
  if (structure)
    gst_structure_foreach (structure, options_take_field, self);
  else
    mh_warn (self->warning, self->user_data,
        "the parameters cannot be read; name=value, separated by commas, and "
        "quotes where a value has characters other than letters, digits and "
        "_-+/:.");
}

/* ---- a file ---- */

static gboolean
fail (GError **error, const char *path, const char *reason)
{
  g_set_error (error, MH_ERROR, MH_ERROR_CONFIG, "%s: %s", path, reason);
  return FALSE;
}

/* Reads the file, and tells what it is: the file that was opened, whatever its name
 * stands for by now. */
static gboolean
read_file (const char *path, GString *data, struct stat *info, GError **error)
{
  char buffer[4096];
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize n;

  if (fd < 0)
    return fail (error, path, g_strerror (errno));
  if (fstat (fd, info) < 0 || !S_ISREG (info->st_mode)) {
    close (fd);
    return fail (error, path, "not a file");
  }
  while ((n = read (fd, buffer, sizeof buffer)) > 0 && data->len <= MAX_FILE)
    g_string_append_len (data, buffer, n);
  close (fd);
  if (n < 0)
    return fail (error, path, g_strerror (errno));
  return data->len <= MAX_FILE || fail (error, path, "longer than 64 KiB");
}

static gboolean
has_secrets (char **keys)
{
  for (guint i = 0; keys[i]; i++) {
    if (is_secret (keys[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_private (const struct stat *info)
{
  return (info->st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
      (info->st_uid == geteuid () || info->st_uid == 0);
}

/* Returns: (transfer full) (nullable): the file's parameters. */
static char **
options_load (GKeyFile *file, const char *path, GError **error)
{
  g_autoptr (GString) data = g_string_new (NULL);
  g_auto (GStrv) keys = NULL;
  struct stat info;

  if (!read_file (path, data, &info, error))
    return NULL;
  if (!g_key_file_load_from_data (
          file, data->str, data->len, G_KEY_FILE_NONE, error) ||
      !(keys = g_key_file_get_keys (
            file, MH_TRACER_OPTIONS_GROUP, NULL, error))) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  if (has_secrets (keys) && !is_private (&info)) {
    fail (error, path,
        "says who the visitor is, and others may read it; chmod 600");
    return NULL;
  }
  return g_steal_pointer (&keys);
}

void
mh_tracer_options_take_file (MhTracerOptions *self, const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) keys = options_load (file, path, &error);

  if (!keys) {
    self->warning (error->message, self->user_data);
    return;
  }
  for (guint i = 0; keys[i]; i++) {
    g_autofree char *text = g_key_file_get_string (
        file, MH_TRACER_OPTIONS_GROUP, keys[i], &error);

    if (text)
      options_take (self, keys[i], text);
    else
      self->warning (error->message, self->user_data);
    g_clear_error (&error);
  }
}
