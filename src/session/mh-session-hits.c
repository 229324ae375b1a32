/* mh-session-hits: what a hit of the session holds
 * (docs/design/session-rules.md#hits).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"
#include "mh-session-private.h"

#include <math.h>

/* What each start hit says by itself; metadata cannot override it. */
static const char *const session_params[] = { "media.id", "media.name",
  "media.length", "media.contentType", "media.streamType", "media.resume",
  "media.downloaded", NULL };
static const char *const ad_params[] = { "media.ad.id", "media.ad.name",
  "media.ad.length", "media.ad.podPosition", NULL };
static const char *const chapter_params[] = { "media.chapter.friendlyName",
  "media.chapter.index", "media.chapter.length", "media.chapter.offset", NULL };

static const char *const *
own_params (MhEvent event)
{
  return event == MH_EVENT_SESSION_START ? session_params
      : event == MH_EVENT_AD_START       ? ad_params
                                         : chapter_params;
}

static gboolean
same_variant (GVariant *a, GVariant *b)
{
  return a == b || (a && b && g_variant_equal (a, b));
}

/* Makes a hit. @params and @custom are taken. Its callers see to it that none is
 * made while the session is closed. */
static void
emit_hit (MhSession *self, MhEvent event, MhTime t, GVariant *params,
    GVariant *custom, GVariant *qoe)
{
  MhHit *hit = mh_hit_new (event, self->number,
      mh_session_get_playhead (self, t), t, params, custom, qoe);

  mh_log (SESSION, DEBUG, NULL, "session %u: hit %s, playhead %.3f",
      self->number, mh_event_name (event), hit->playhead);
  hit->seeking = self->seeking;
  self->listener.hit (hit, self->user_data);
}

/* The QoE object that a hit carries becomes the one last reported. */
static GVariant *
report_qoe (MhSession *self, GVariant *qoe)
{
  GVariant *reported = qoe ? g_variant_ref (qoe) : NULL;

  g_clear_pointer (&self->reported_qoe, g_variant_unref);
  self->reported_qoe = reported;
  return qoe;
}

/* QoE goes with a hit when it differs from what was last reported. */
static GVariant *
changed_qoe (MhSession *self)
{
  return same_variant (self->qoe, self->reported_qoe)
      ? NULL
      : report_qoe (self, self->qoe);
}

static void
session_add_string (
    GVariantBuilder *params, const char *name, const char *value)
{
  g_variant_builder_add (params, "{sv}", name, g_variant_new_string (value));
}

static void
add_double (GVariantBuilder *params, const char *name, double value)
{
  g_variant_builder_add (params, "{sv}", name, g_variant_new_double (value));
}

static void
add_int (GVariantBuilder *params, const char *name, gint64 value)
{
  g_variant_builder_add (params, "{sv}", name, g_variant_new_int64 (value));
}

static void
add_boolean (GVariantBuilder *params, const char *name, gboolean value)
{
  g_variant_builder_add (params, "{sv}", name, g_variant_new_boolean (value));
}

/* Sorts metadata into standard parameters, added to @params, and the rest. */
static GVariant *
sort_metadata (MhEvent event, GVariant *metadata, GVariantBuilder *params)
{
  const char *const *own = own_params (event);
  GVariantBuilder custom;
  GVariantIter iter;
  const char *key, *value;

  if (!metadata)
    return NULL;
  g_variant_builder_init (&custom, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, metadata);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value)) {
    const char *standard = mh_metadata_standard_name (key);

    if (!standard)
      g_variant_builder_add (&custom, "{ss}", key, value);
    else if (!g_strv_contains (own, standard))
      session_add_string (params, standard, value);
  }
  return g_variant_builder_end (&custom);
}

static void
emit_start (MhSession *self, MhEvent event, MhTime t, GVariantBuilder *params,
    GVariant *metadata)
{
  GVariant *custom = sort_metadata (event, metadata, params);

  emit_hit (self, event, t, g_variant_builder_end (params), custom,
      changed_qoe (self));
}

void
mh_session_emit (MhSession *self, MhEvent event, MhTime t)
{
  if (!self->closed)
    emit_hit (self, event, t, NULL, NULL, changed_qoe (self));
}

void
mh_session_emit_session_start (MhSession *self, MhTime t, gboolean resume)
{
  const MhMedia *media = self->media;
  GVariantBuilder params;

  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  session_add_string (&params, "media.id", media->id);
  session_add_string (&params, "media.name", media->name);
  add_double (&params, "media.length", media->length);
  session_add_string (&params, "media.contentType", media->stream_type);
  session_add_string (&params, "media.streamType", media->media_type);
  add_boolean (&params, "media.resume", resume);
  add_boolean (&params, "media.downloaded", media->downloaded);
  emit_start (self, MH_EVENT_SESSION_START, t, &params, media->metadata);
}

void
mh_session_emit_ad_break_start (MhSession *self, MhTime t)
{
  GVariantBuilder params;

  if (self->closed)
    return;
  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  session_add_string (
      &params, "media.ad.podFriendlyName", self->ad_break->name);
  add_int (&params, "media.ad.podIndex", self->ad_break->position);
  add_double (&params, "media.ad.podSecond", self->ad_break->start_time);
  emit_start (self, MH_EVENT_AD_BREAK_START, t, &params, NULL);
}

void
mh_session_emit_ad_start (MhSession *self, MhTime t)
{
  GVariantBuilder params;

  if (self->closed)
    return;
  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  session_add_string (&params, "media.ad.id", self->ad->id);
  session_add_string (&params, "media.ad.name", self->ad->name);
  add_double (&params, "media.ad.length", self->ad->length);
  add_int (&params, "media.ad.podPosition", self->ad->position);
  emit_start (self, MH_EVENT_AD_START, t, &params, self->ad->metadata);
}

void
mh_session_emit_chapter_start (MhSession *self, MhTime t)
{
  const MhChapter *chapter = self->chapter;
  GVariantBuilder params;

  if (self->closed)
    return;
  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  session_add_string (&params, "media.chapter.friendlyName", chapter->name);
  add_int (&params, "media.chapter.index", chapter->position);
  add_double (&params, "media.chapter.length", chapter->length);
  add_double (&params, "media.chapter.offset", chapter->start_time);
  emit_start (self, MH_EVENT_CHAPTER_START, t, &params, chapter->metadata);
}

void
mh_session_emit_state (
    MhSession *self, MhEvent event, const char *name, MhTime t)
{
  GVariantBuilder params;

  if (self->closed)
    return;
  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  session_add_string (&params, "media.state.name", name);
  emit_start (self, event, t, &params, NULL);
}

void
mh_session_emit_error (
    MhSession *self, const char *id, const char *source, MhTime t)
{
  GVariantBuilder builder;
  GVariantIter iter;
  g_autoptr (GVariant) qoe = NULL;
  GVariant *entry;

  if (self->closed)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (self->qoe) {
    g_variant_iter_init (&iter, self->qoe);
    while ((entry = g_variant_iter_next_value (&iter))) {
      g_variant_builder_add_value (&builder, entry);
      g_variant_unref (entry);
    }
  }
  session_add_string (&builder, "media.qoe.errorID", id);
  session_add_string (
      &builder, "media.qoe.errorSource", source ? source : "player");
  qoe = g_variant_ref_sink (g_variant_builder_end (&builder));
  emit_hit (self, MH_EVENT_ERROR, t, NULL, NULL, report_qoe (self, qoe));
}

void
mh_session_emit_bitrate_change (MhSession *self, MhTime t)
{
  if (!self->closed)
    emit_hit (self, MH_EVENT_BITRATE_CHANGE, t, NULL, NULL,
        report_qoe (self, self->qoe));
}

/* Integers on the wire (docs/design/wire-media-collection.md#parameters); below
 * 2^53. */
static void
session_add_qoe (GVariantBuilder *builder, const char *name, double value)
{
  if (!isnan (value))
    add_int (builder, name, (gint64) MIN (rint (value), 9e15));
}

GVariant *
mh_session_qoe_params (const MhQoe *qoe)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  session_add_qoe (&builder, "media.qoe.bitrate", qoe->bitrate);
  session_add_qoe (&builder, "media.qoe.droppedFrames", qoe->dropped_frames);
  session_add_qoe (&builder, "media.qoe.framesPerSecond", qoe->fps);
  session_add_qoe (&builder, "media.qoe.timeToStart", qoe->startup_time);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
session_forward_warning (const char *message, gpointer user_data)
{
  MhSession *self = user_data;

  if (self->listener.warning)
    self->listener.warning (message, self->user_data);
}

GVariant *
mh_session_clean_metadata (MhSession *self, MhEvent event, GVariant *metadata)
{
  const char *const *own = own_params (event);
  GVariant *clean = mh_metadata_clean (metadata, session_forward_warning, self);
  GVariantIter iter;
  const char *key;

  if (!clean)
    return NULL;
  g_variant_iter_init (&iter, clean);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, NULL)) {
    const char *standard = mh_metadata_standard_name (key);

    if (standard && g_strv_contains (own, standard))
      mh_warn (session_forward_warning, self,
          "metadata “%s” is dropped: %s has a parameter of its own of that "
          "name",
          key, mh_event_name (event));
  }
  return clean;
}
