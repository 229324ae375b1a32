/* mh-stream-item: what has passed of each item, and what the pads told meanwhile. An
 * item may be played long after that.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

static void
clear_item (MhStreamItem *item)
{
  mh_tags_clear (&item->tags);
  mh_stream_info_clear (&item->answers);
  item->answers = (MhStreamInfo){ 0 };
  g_clear_pointer (&item->stream, g_free);
  item->is_answered = FALSE;
}

void
mh_stream_free_item (MhStreamItem *item)
{
  if (item)
    clear_item (item);
  g_free (item);
}

MhStreamItem *
mh_stream_find_item_locked (MhStream *self, guint group)
{
  for (guint i = 0; i < MIN (self->n_items, MH_STREAM_GROUPS); i++) {
    if (self->items[i]->group == group)
      return self->items[i];
  }
  return NULL;
}

static MhStreamItem *
add_item_locked (MhStream *self, guint group)
{
  MhStreamItem **item = &self->items[self->n_items++ % MH_STREAM_GROUPS];

  if (!*item)
    *item = g_new0 (MhStreamItem, 1);
  clear_item (*item);
  (*item)->group = group;
  return *item;
}

void
mh_stream_pass_item_locked (MhStream *self, guint group, const char *stream)
{
  MhStreamItem *item = mh_stream_find_item_locked (self, group);

  if (!item)
    item = add_item_locked (self, group);
  g_free (item->stream);
  item->stream = g_strdup (stream);
}

/* CAPS come after the stream has begun. */
static void
take_media_type (MhStreamInfo *to, const MhStreamInfo *from)
{
  if (from->media_type != MH_MEDIA_TYPE_AUTO)
    to->media_type = from->media_type;
}

static void
copy_answers (MhStreamInfo *to, const MhStreamInfo *from)
{
  g_free (to->uri);
  to->uri = g_strdup (from->uri);
  to->duration = from->duration;
  to->seekable = from->seekable;
  to->says_live = from->says_live;
  take_media_type (to, from);
}

/* What was told first stays, and what was not known then is added. */
static void
add_answers (MhStreamInfo *to, const MhStreamInfo *from)
{
  take_media_type (to, from);
  if (to->seekable == MH_SEEKABLE_UNKNOWN &&
      g_strcmp0 (to->uri, from->uri) == 0)
    to->seekable = from->seekable;
}

/* What passes has been asked, and another item is played, of which nothing is known. */
static void
forget_answers (MhStreamInfo *info)
{
  g_clear_pointer (&info->uri, g_free);
  info->duration = -1;
  info->seekable = MH_SEEKABLE_UNKNOWN;
  info->says_live = FALSE;
}

/* What has passed may be asked about again when its source is gone, or the player
 * names the next item (playbin's current-uri): what was told first stays. */
static gboolean
knows_better (
    const MhStreamInfo *told, const char *stream, const MhStreamInfo *info)
{
  gboolean lost_length = info->duration < 0 && told->duration >= 0 &&
      g_strcmp0 (info->uri, told->uri) == 0;

  return lost_length || mh_stream_is_of_first (stream, told->uri, info->uri);
}

/* Returns: whether what passes has been told of; @told: (out): what. */
static gboolean
dup_answers (MhStream *self, guint passing, MhStreamInfo *told)
{
  MH_AUTO_LOCK (&self->lock);
  const MhStreamItem *item = mh_stream_find_item_locked (self, passing);

  if (!item || !item->is_answered)
    return FALSE;
  copy_answers (told, &item->answers);
  return TRUE;
}

static void
keep_answers_locked (
    MhStream *self, guint passing, gboolean known, MhStreamInfo *info)
{
  MhStreamItem *item = passing == self->group
      ? mh_stream_find_item_locked (self, passing)
      : NULL;

  if (!item)
    return;
  if (known) {
    add_answers (&item->answers, info);
    info->has_size = FALSE; /* its length would be another's */
  } else {
    copy_answers (&item->answers, info);
    item->is_answered = TRUE;
  }
}

static void
get_answers_locked (
    MhStream *self, guint passing, guint group, MhStreamInfo *info)
{
  const MhStreamItem *item = mh_stream_find_item_locked (self, group);
  gboolean has_passed = item && passing != 0 && passing != group;

  if (item && item->is_answered)
    copy_answers (info, &item->answers);
  else if (has_passed)
    forget_answers (info);
  if (has_passed)
    info->has_size = FALSE; /* it is asked no more: no length is waited for */
}

void
mh_stream_attribute (MhStream *self, const char *stream, guint passing,
    guint group, MhStreamInfo *info)
{
  g_auto (MhStreamInfo) told = { 0 };
  /* Without the lock, which is the streaming threads' as well: URIs may be long. */
  gboolean known = dup_answers (self, passing, &told) &&
      knows_better (&told, stream, info);

  g_mutex_lock (&self->lock);
  keep_answers_locked (self, passing, known, info);
  get_answers_locked (self, passing, group, info);
  g_mutex_unlock (&self->lock);
}
