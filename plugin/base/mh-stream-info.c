/* mh-stream-info: what a stream and the pipeline around it say of what is played.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-info.h"

void
mh_stream_info_clear (MhStreamInfo *info)
{
  g_clear_pointer (&info->uri, g_free);
  g_clear_pointer (&info->title, g_free);
  g_clear_pointer (&info->metadata, g_variant_unref);
  g_clear_pointer (&info->live_metadata, g_variant_unref);
  g_clear_pointer (&info->station, g_free);
  g_clear_pointer (&info->fallback_id, g_free);
}

/* A parser that knows the length of what it can seek in says where that ends.
 * While it only estimates, there is a duration and no end
 * (docs/design/inference.md#what-becomes-known-later). */
gboolean
mh_stream_info_is_complete (const MhStreamInfo *info)
{
  return !info->has_size ||
      (info->duration > 0 && info->seekable != MH_SEEKABLE_ENDLESS);
}
