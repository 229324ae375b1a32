/* mh-scte35: what a broadcast says of its advertising, as a plain value.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-scte35.h"

#include <math.h>

/* A clock that is further off is another one. */
#define FAR 120.0
#define TICKS 90000.0

MhScte35 *
mh_scte35_new (void)
{
  MhScte35 *self = g_new0 (MhScte35, 1);

  self->duration = -1;
  self->pts = NAN;
  return self;
}

void
mh_scte35_free (MhScte35 *self)
{
  if (!self)
    return;
  g_free (self->id);
  g_free (self);
}

/* ---- segmentation descriptors ---- */

/* Reads as far as there is something to read. */
typedef struct
{
  const guint8 *data;
  gsize left;
  gboolean failed;
} Reader;

static guint64
read_bytes (Reader *reader, gsize n)
{
  guint64 value = 0;

  if (reader->failed || reader->left < n) {
    reader->failed = TRUE;
    return 0;
  }
  for (gsize i = 0; i < n; i++)
    value = value << 8 | reader->data[i];
  reader->data += n;
  reader->left -= n;
  return value;
}

static gboolean
is_printable (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (data[i]))
      return FALSE;
  }
  return TRUE;
}

/* Most are ASCII (Ad-ID, ISCI, URIs), some binary. */
static char *
read_upid (Reader *reader)
{
  guint type = (guint) read_bytes (reader, 1);
  gsize length = (gsize) read_bytes (reader, 1);
  const guint8 *data = reader->data;
  GString *text;

  if (reader->failed || reader->left < length) {
    reader->failed = TRUE;
    return NULL;
  }
  reader->data += length;
  reader->left -= length;
  if (type == 0 || length == 0)
    return NULL;
  if (is_printable (data, length))
    return g_strndup ((const char *) data, length);
  text = g_string_new (NULL);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

/* SCTE-35, table 23: those that start and end something, the end being the
 * start's number and one. */
static gboolean
is_about_ads (guint type)
{
  return type == 0x22 || type == 0x23 || (type >= 0x30 && type <= 0x3b) ||
      (type >= 0x44 && type <= 0x47);
}

static void
skip_components (Reader *reader)
{
  gsize n = (gsize) read_bytes (reader, 1);

  for (gsize i = 0; i < n && !reader->failed; i++)
    read_bytes (reader, 6);
}

MhScte35 *
mh_scte35_parse_segmentation (const guint8 *data, gsize length)
{
  Reader reader = { data, length, FALSE };
  g_autoptr (MhScte35) self = mh_scte35_new ();
  guint tag = (guint) read_bytes (&reader, 1);
  gsize inside = (gsize) read_bytes (&reader, 1);
  guint flags, type;

  if (reader.failed || tag != 2 || inside > reader.left)
    return NULL;
  reader.left = inside;
  if (read_bytes (&reader, 4) != 0x43554549) /* "CUEI" */
    return NULL;
  self->event = (guint32) read_bytes (&reader, 4);
  self->cancel = (read_bytes (&reader, 1) & 0x80) != 0;
  if (self->cancel)
    return reader.failed ? NULL : g_steal_pointer (&self);
  flags = (guint) read_bytes (&reader, 1);
  if (!(flags & 0x80))
    skip_components (&reader);
  if (flags & 0x40)
    self->duration = (double) read_bytes (&reader, 5) / TICKS;
  self->id = read_upid (&reader);
  type = (guint) read_bytes (&reader, 1);
  if (reader.failed || !is_about_ads (type))
    return NULL;
  self->out = type % 2 == 0;
  self->auto_return = self->duration >= 0;
  return g_steal_pointer (&self);
}

/* ---- the clock ---- */

double
mh_scte35_map_place (MhScte35Map *self, double pts, double here)
{
  double offset = pts - here;

  if (!self->known || offset < self->offset || offset > self->offset + FAR)
    self->offset = offset;
  self->known = TRUE;
  return pts - self->offset;
}
