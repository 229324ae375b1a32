/* mh-settings: what the element's properties say.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-settings.h"
#include "mh-text.h"

#include <string.h>

void
mh_stream_info_clear (MhStreamInfo *info)
{
  g_clear_pointer (&info->uri, g_free);
  g_clear_pointer (&info->title, g_free);
  g_clear_pointer (&info->metadata, g_variant_unref);
  g_clear_pointer (&info->fallback_id, g_free);
}

MhSettings *
mh_settings_new (void)
{
  MhSettings *self = g_new0 (MhSettings, 1);

  g_atomic_ref_count_init (&self->refs);
  self->config = mh_config_new ();
  self->media_length = -1;
  self->media_type = MH_MEDIA_TYPE_AUTO;
  self->preroll_wait = MH_PREROLL_WAIT_DEFAULT;
  self->stall_threshold = 2000;
  self->privacy = MH_PRIVACY_OPT_IN;
  self->leader = MH_LEAD_AUTO;
  self->flush_timeout = 500;
  self->post_messages = TRUE;
  self->auto_chapters = TRUE;
  self->auto_ads = TRUE;
  self->auto_metadata = TRUE;
  self->auto_states = TRUE;
  return self;
}

MhSettings *
mh_settings_copy (const MhSettings *self)
{
  MhSettings *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->refs);
  copy->config = mh_config_copy (self->config);
  copy->media_id = g_strdup (self->media_id);
  copy->media_name = g_strdup (self->media_name);
  copy->content_type = g_strdup (self->content_type);
  if (self->metadata)
    copy->metadata = g_variant_ref (self->metadata);
  return copy;
}

MhSettings *
mh_settings_ref (MhSettings *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_settings_unref (MhSettings *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mh_config_unref (self->config);
  g_free (self->media_id);
  g_free (self->media_name);
  g_free (self->content_type);
  g_clear_pointer (&self->metadata, g_variant_unref);
  g_free (self);
}

static void
check_required (
    const MhConfig *config, MhWarningFunc warning, gpointer user_data)
{
  if ((config->tracking_server && config->report_suite && config->org_id) ||
      mh_config_server_is_local (config->collection_server))
    return;
  warning ("tracking-server, report-suite and org-id are not all set: Adobe's "
           "servers refuse sessions without them",
      user_data);
}

/* By their names: the IDs themselves are nobody's business. */
static void
check_customer_ids (GVariant *ids, MhWarningFunc warning, gpointer user_data)
{
  GVariantIter iter;
  const char *name, *text;

  if (!ids)
    return;
  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &text)) {
    g_autofree char *id = NULL;
    g_autofree char *message = NULL;
    int auth_state;

    if (mh_config_parse_customer_id (text, &id, &auth_state))
      continue;
    message = g_strdup_printf (
        "customer-ids: “%s” is not \"id,authState\" with an authState of 0, 1 "
        "or 2; it is left out",
        name);
    warning (message, user_data);
  }
}

void
mh_settings_check (
    const MhSettings *self, MhWarningFunc warning, gpointer user_data)
{
  const MhConfig *config = self->config;
  g_autoptr (GError) error = NULL;

  check_customer_ids (config->customer_ids, warning, user_data);
  if (!mh_config_check_server (
          config->collection_server, config->allow_http, &error)) {
    g_autofree char *message = g_strdup_printf (
        "%s; nothing is sent", error->message);
    warning (message, user_data);
  } else if (config->collection_server) {
    if (config->protocol == MH_PROTOCOL_MEDIA_EDGE)
      warning ("protocol=media-edge: tracked, but not sent; it comes later",
          user_data);
    else
      check_required (config, warning, user_data);
  }
}

/* Required parameters must be there, even if only one's own server reads them
 * (wire-media-collection.md). */
static void
set_default (char **field, const char *value)
{
  if (!*field)
    *field = g_strdup (value);
}

MhConfig *
mh_settings_dup_config (const MhSettings *self)
{
  MhConfig *config = mh_config_copy (self->config);

  set_default (&config->player_name, g_get_prgname ());
  set_default (&config->player_name, "unknown");
  set_default (&config->channel, "unknown");
  set_default (&config->tracking_server, "");
  set_default (&config->report_suite, "");
  set_default (&config->org_id, "");
  config->consent_pending = self->privacy == MH_PRIVACY_UNKNOWN;
  if (self->privacy == MH_PRIVACY_OPT_OUT ||
      !mh_config_check_server (
          config->collection_server, config->allow_http, NULL))
    g_clear_pointer (&config->collection_server, g_free);
  return config;
}

/* By hand: a URI by the book has no '@' in its password, those in the wild do,
 * and a parser that takes the first for the end would leave the rest in. */
char *
mh_settings_strip_uri (const char *uri)
{
  const char *end = uri + strcspn (uri, "?#");
  const char *authority = strstr (uri, "://");
  const char *host;

  if (!authority || authority + 3 > end)
    return g_strndup (uri, end - uri);
  authority += 3;
  host = authority + strcspn (authority, "/?#");
  while (host > authority && host[-1] != '@')
    host--;
  return g_strdup_printf (
      "%.*s%.*s", (int) (authority - uri), uri, (int) (end - host), host);
}

/* The last part of a URI's path, readable. */
static char *
dup_base_name (const char *uri)
{
  g_autofree char *stripped = mh_settings_strip_uri (uri);
  g_autofree char *name = NULL;
  const char *slash;

  while (g_str_has_suffix (stripped, "/"))
    stripped[strlen (stripped) - 1] = '\0';
  slash = strrchr (stripped, '/');
  name = g_uri_unescape_string (slash ? slash + 1 : stripped, NULL);
  if (!name || !*name || !g_utf8_validate (name, -1, NULL))
    return NULL;
  return g_steal_pointer (&name);
}

static gboolean
is_set (const char *text)
{
  return text && *text;
}

/* The first of these that says something, valid and not too long. */
static char *
dup_first (const char *a, const char *b, const char *c, const char *d)
{
  const char *text = is_set (a) ? a : is_set (b) ? b : is_set (c) ? c : d;

  return mh_text_dup_fit (is_set (text) ? text : "unknown");
}

gboolean
mh_settings_remembers (
    const MhSettings *self, const char *stream_type, gboolean live)
{
  return self->remember && self->privacy == MH_PRIVACY_OPT_IN && !live &&
      g_strcmp0 (stream_type, "live") != 0 &&
      g_strcmp0 (stream_type, "linear") != 0;
}

MhMedia *
mh_settings_make_media (const MhSettings *self, const MhStreamInfo *info)
{
  MhMedia *media = mh_media_new ();
  g_autofree char *uri = info->uri ? mh_settings_strip_uri (info->uri) : NULL;
  g_autofree char *base = info->uri ? dup_base_name (info->uri) : NULL;
  MhMediaType type = self->media_type != MH_MEDIA_TYPE_AUTO ? self->media_type
                                                            : info->media_type;
  const char *title = self->auto_metadata ? info->title : NULL;

  media->id = dup_first (self->media_id, uri, info->fallback_id, NULL);
  media->name = dup_first (self->media_name, title, base, media->id);
  media->length = self->media_length >= 0  ? self->media_length
      : info->duration >= 0 && !info->live ? info->duration
                                           : MH_LENGTH_UNKNOWN;
  media->stream_type = dup_first (
      self->content_type, info->live ? "live" : "vod", NULL, NULL);
  media->media_type = g_strdup (
      type == MH_MEDIA_TYPE_AUDIO ? "audio" : "video");
  media->preroll_wait = self->preroll_wait;
  media->resumed = self->resumed;
  media->granular_ads = self->granular_ads;
  media->downloaded = self->downloaded;
  media->metadata = mh_metadata_merge (
      self->metadata, self->auto_metadata ? info->metadata : NULL);
  /* A pipeline's name is none of its media: the next time it plays another. */
  media->remember = mh_settings_remembers (
                        self, media->stream_type, info->live) &&
      (is_set (self->media_id) || is_set (info->uri));
  return media;
}
