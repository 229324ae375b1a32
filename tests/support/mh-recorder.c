/* mh-recorder: a session whose hits are kept as short texts, for tests.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#include <string.h>

struct _MhRecorder
{
  MhSession *session;
  GPtrArray *lines;
  gboolean full;
};

/* The parameter that names what a hit is about. */
static const struct
{
  MhEvent event;
  const char *param;
} names[] = {
  { MH_EVENT_AD_BREAK_START, "media.ad.podFriendlyName" },
  { MH_EVENT_AD_START, "media.ad.name" },
  { MH_EVENT_CHAPTER_START, "media.chapter.friendlyName" },
  { MH_EVENT_STATE_START, "media.state.name" },
  { MH_EVENT_STATE_END, "media.state.name" },
};

static void
append_time (GString *line, MhTime at)
{
  g_string_append_printf (line, "@%" G_GINT64_FORMAT, MH_TIME_TO_MSEC (at));
  if (at % MH_USEC_PER_MSEC != 0)
    g_string_append_printf (line, ".%03d", (int) (at % MH_USEC_PER_MSEC));
}

static void
append_params (GString *line, const MhHit *hit)
{
  gboolean resume = FALSE;
  const char *name;

  if (!hit->params)
    return;
  g_variant_lookup (hit->params, "media.resume", "b", &resume);
  if (resume)
    g_string_append (line, " resume");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (names[i].event == hit->event &&
        g_variant_lookup (hit->params, names[i].param, "&s", &name))
      g_string_append_printf (line, " %s", name);
  }
}

static void
append_full (GString *line, const char *title, GVariant *value)
{
  g_autofree char *text = value ? g_variant_print (value, FALSE) : NULL;

  if (text)
    g_string_append_printf (line, " %s=%s", title, text);
}

static void
append_qoe (GString *line, GVariant *qoe)
{
  const char *separator = " qoe(";
  const char *name;
  GVariant *value;
  GVariantIter iter;

  if (!qoe)
    return;
  g_variant_iter_init (&iter, qoe);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value)) {
    g_autofree char *text = g_variant_print (value, FALSE);

    g_string_append_printf (
        line, "%s%s=%s", separator, strrchr (name, '.') + 1, text);
    separator = " ";
  }
  g_string_append_c (line, ')');
}

static void
record_hit (MhHit *hit, gpointer user_data)
{
  MhRecorder *self = user_data;
  GString *line = g_string_new (NULL);

  g_string_printf (line, "%u %s", hit->session, mh_event_name (hit->event));
  append_time (line, hit->at);
  if (hit->playhead != 0) {
    char playhead[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd (playhead, sizeof playhead, "%.12g", hit->playhead);
    g_string_append_printf (line, " ph=%s", playhead);
  }
  if (self->full) {
    append_full (line, "params", hit->params);
    append_full (line, "custom", hit->custom_metadata);
  } else {
    append_params (line, hit);
  }
  append_qoe (line, hit->qoe);
  g_ptr_array_add (self->lines, g_string_free (line, FALSE));
  mh_hit_free (hit);
}

static void
record_refused (
    const MhCall *call, MhTime at, const GError *error, gpointer user_data)
{
  MhRecorder *self = user_data;
  GString *line = g_string_new ("refused ");

  g_string_append (line, mh_call_name (call->type));
  append_time (line, at);
  g_string_append_printf (line, ": %s", error->message);
  g_ptr_array_add (self->lines, g_string_free (line, FALSE));
}

static void
record_warning (const char *message, gpointer user_data)
{
  MhRecorder *self = user_data;

  g_ptr_array_add (self->lines, g_strconcat ("warning: ", message, NULL));
}

MhRecorder *
mh_recorder_new (void)
{
  static const MhSessionListener listener = { record_hit, record_refused,
    record_warning };
  MhRecorder *self = g_new0 (MhRecorder, 1);

  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->session = mh_session_new (&listener, self);
  return self;
}

void
mh_recorder_free (MhRecorder *self)
{
  mh_session_free (self->session);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

MhSession *
mh_recorder_session (MhRecorder *self)
{
  return self->session;
}

void
mh_recorder_set_full (MhRecorder *self, gboolean full)
{
  self->full = full;
}

MhCall *
mh_recorder_parse (const char *text)
{
  const char *space = strchr (text, ' ');
  g_autofree char *name = space ? g_strndup (text, space - text) : NULL;
  g_autoptr (GVariant) details = NULL;
  g_autoptr (GError) error = NULL;
  MhCall *call;

  if (space) {
    details = g_variant_parse (
        G_VARIANT_TYPE_VARDICT, space, NULL, NULL, &error);
    g_assert_no_error (error);
  }
  call = mh_call_parse (name ? name : text, details, &error);
  g_assert_no_error (error);
  return call;
}

void
mh_recorder_call (MhRecorder *self, gint64 at, const char *text)
{
  g_autoptr (MhCall) call = mh_recorder_parse (text);
  g_autoptr (GError) error = NULL;
  gboolean accepted;

  accepted = mh_session_call (
      self->session, call, MH_TIME_FROM_MSEC (at), &error);
  g_assert_no_error (error);
  g_assert_true (accepted);
}

void
mh_recorder_refuse (
    MhRecorder *self, gint64 at, const char *text, const char *reason)
{
  g_autoptr (MhCall) call = mh_recorder_parse (text);
  g_autoptr (GError) error = NULL;
  MhTime deadline;
  guint n_lines;

  mh_recorder_advance (self, at);
  deadline = mh_session_next_deadline (self->session);
  n_lines = self->lines->len;
  g_assert_false (
      mh_session_call (self->session, call, MH_TIME_FROM_MSEC (at), &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, reason);
  g_assert_cmpuint (self->lines->len, ==, n_lines);
  g_assert_cmpint (mh_session_next_deadline (self->session), ==, deadline);
}

gboolean
mh_recorder_try (MhRecorder *self, gint64 at, const char *text)
{
  g_autoptr (MhCall) call = mh_recorder_parse (text);

  return mh_session_call (self->session, call, MH_TIME_FROM_MSEC (at), NULL);
}

void
mh_recorder_advance (MhRecorder *self, gint64 at)
{
  mh_session_advance (self->session, MH_TIME_FROM_MSEC (at));
}

gint64
mh_recorder_get_deadline (MhRecorder *self)
{
  MhTime deadline = mh_session_next_deadline (self->session);

  return deadline == MH_TIME_NEVER ? -1 : MH_TIME_TO_MSEC (deadline);
}

void
mh_recorder_drop_pings (MhRecorder *self, guint n)
{
  guint found = 0;

  for (guint i = self->lines->len; i > 0; i--) {
    if (strstr (g_ptr_array_index (self->lines, i - 1), " ping@")) {
      g_ptr_array_remove_index (self->lines, i - 1);
      found++;
    }
  }
  g_assert_cmpuint (found, ==, n);
}

char *
mh_recorder_take (MhRecorder *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (
        text, "%s | ", (const char *) g_ptr_array_index (self->lines, i));
  g_ptr_array_set_size (self->lines, 0);
  return g_string_free (text, FALSE);
}

void
mh_recorder_expectv (MhRecorder *self, const char *const *lines)
{
  g_autofree char *got = mh_recorder_take (self);
  g_autoptr (GString) wanted = g_string_new (NULL);

  for (; *lines; lines++)
    g_string_append_printf (wanted, "%s | ", *lines);
  g_assert_cmpstr (got, ==, wanted->str);
}
