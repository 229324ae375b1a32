/* mh-media-uri: makes an ID and a name of the media from its URI. The ID has no secrets
 * in it and is the same the next time; the name can be read.
 *
 * May touch: GLib. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mh_media_uri_dup_id:
 * @uri: any text
 *
 * Returns: (transfer full): what to call the media that is at @uri: that without user
 *   name, password, query and fragment, which may be secrets; of a `data:` URI, which is
 *   the media itself, its type and a digest; of a page's own object (`blob:`,
 *   `mediasourceblob:`), which has a new name each time, the page's origin.
 */
char *mh_media_uri_dup_id (const char *uri);

/**
 * mh_media_uri_dup_name:
 * @uri: any text
 *
 * Returns: (transfer full) (nullable): something to show: the last part of the
 *   path, unescaped; of a `data:` URI its type, and of a page's object the
 *   page's host. NULL: there is nothing.
 */
char *mh_media_uri_dup_name (const char *uri);

/**
 * mh_media_uri_is_lasting:
 * @uri: any text
 *
 * Returns: whether the same media is behind it the next time: not with a page's
 *   object, nor with what the application brings itself (`appsrc:`, `fd:`).
 */
gboolean mh_media_uri_is_lasting (const char *uri);

/**
 * mh_media_uri_is_fed:
 * @uri: (nullable): any text
 *
 * Returns: whether a page brings the data itself, when it likes to: Media Source
 *   Extensions.
 */
gboolean mh_media_uri_is_fed (const char *uri);

G_END_DECLS
