/* mh-settings-media: what is to be tracked, from what is set and what was found out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-settings-media.h"

#include "mh-media-uri.h"
#include "mh-text.h"

#include <string.h>

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

/* Where warnings go. */
typedef struct
{
  MhWarningFunc warning;
  gpointer user_data;
} Warner;

/* Names the ID in the warning, and does not show it: it is private. */
static void
check_customer_id (
    const char *name, const char *id, int auth_state, gpointer user_data)
{
  const Warner *warner = user_data;

  if (auth_state < 0)
    mh_warn (warner->warning, warner->user_data,
        "customer-ids: “%s” is not [id, value=ID, auth-state=N] with an ID and "
        "0, 1 or 2; it is left out",
        name);
}

/* Adobe's APIs have no such header. The value may open a door, so the message
 * does not have it. */
static void
settings_check_authorization (
    const MhConfig *config, MhWarningFunc warning, gpointer user_data)
{
  if (config->authorization &&
      (config->protocol == MH_PROTOCOL_MEDIA_COLLECTION ||
          config->protocol == MH_PROTOCOL_MEDIA_EDGE))
    warning ("authorization is not sent: protocol=events and cmcd have it",
        user_data);
}

static void
check_body_type (const char *type, MhWarningFunc warning, gpointer user_data)
{
  g_autofree char *shown = NULL;

  if (!type || mh_text_is_media_type (type))
    return;
  shown = g_strescape (type, NULL);
  mh_warn (warning, user_data,
      "body-content-type: “%s” is not a media type such as "
      "\"application/json\"; that of the framing is used",
      shown);
}

static void
check_headers (
    const MhConfig *config, MhWarningFunc warning, gpointer user_data)
{
  if (!config->collection_server)
    return;
  settings_check_authorization (config, warning, user_data);
  if (config->protocol == MH_PROTOCOL_EVENTS)
    check_body_type (config->body_type, warning, user_data);
}

void
mh_settings_check (
    const MhSettings *self, MhWarningFunc warning, gpointer user_data)
{
  const MhConfig *config = self->config;
  Warner warner = { warning, user_data };
  g_autoptr (GError) error = NULL;

  mh_config_for_each_customer_id (
      config->customer_ids, check_customer_id, &warner);
  check_headers (config, warning, user_data);
  if (!mh_config_check_destination (config, &error))
    mh_warn (warning, user_data, "%s; nothing is sent", error->message);
  else if (config->collection_server &&
      config->protocol == MH_PROTOCOL_MEDIA_COLLECTION)
    check_required (config, warning, user_data);
}

/* Required parameters must be there, even if only one's own server reads them
 * (docs/design/wire-media-collection.md#parameters). */
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
  gboolean fit = mh_config_check_destination (config, NULL);

  set_default (&config->player_name, g_get_prgname ());
  set_default (&config->player_name, "unknown");
  if (self->config->protocol == MH_PROTOCOL_MEDIA_COLLECTION)
    set_default (&config->channel, "unknown");
  set_default (&config->tracking_server, "");
  set_default (&config->report_suite, "");
  set_default (&config->org_id, "");
  config->consent_pending = self->privacy == MH_PRIVACY_UNKNOWN;
  if (self->privacy == MH_PRIVACY_OPT_OUT || !fit)
    g_clear_pointer (&config->collection_server, g_free);
  return config;
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

/* A radio's title is that of the song of the moment. */
static const char *
get_title (const MhStreamInfo *info)
{
  return info->live && info->is_radio ? info->station : info->title;
}

static double
get_length (const MhSettings *self, const MhStreamInfo *info)
{
  if (self->media_length >= 0)
    return self->media_length;
  return info->duration > 0 && !info->live ? info->duration : MH_LENGTH_UNKNOWN;
}

/* Whether the media's ID is the same the next time. A pipeline's name is none of its
 * media: the next time it plays another, and so may a page's object be. */
static gboolean
has_lasting_id (const MhSettings *self, const MhStreamInfo *info)
{
  return is_set (self->media_id) ||
      (is_set (info->uri) && mh_media_uri_is_lasting (info->uri));
}

MhMedia *
mh_settings_make_media (const MhSettings *self, const MhStreamInfo *info)
{
  MhMedia *media = mh_media_new ();
  g_autofree char *uri = info->uri ? mh_media_uri_dup_id (info->uri) : NULL;
  g_autofree char *base = info->uri ? mh_media_uri_dup_name (info->uri) : NULL;
  MhMediaType type = self->media_type != MH_MEDIA_TYPE_AUTO ? self->media_type
                                                            : info->media_type;
  const char *title = self->auto_metadata ? get_title (info) : NULL;

  media->id = dup_first (self->media_id, uri, info->fallback_id, NULL);
  media->name = dup_first (self->media_name, title, base, media->id);
  media->length = get_length (self, info);
  media->stream_type = dup_first (
      self->content_type, info->live ? "live" : "vod", NULL, NULL);
  media->media_type = g_strdup (
      type == MH_MEDIA_TYPE_AUDIO ? "audio" : "video");
  media->preroll_wait = self->preroll_wait;
  media->resumed = self->resumed;
  media->granular_ads = self->granular_ads;
  media->downloaded = self->downloaded;
  media->metadata = mh_metadata_merge (self->metadata,
      !self->auto_metadata ? NULL
          : info->live     ? info->live_metadata
                           : info->metadata);
  media->remember = has_lasting_id (self, info) &&
      mh_settings_remembers (self, media->stream_type, info->live);
  return media;
}
