/* mh-test-chapters: files with chapters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-chapters.h"

#include "mh-player.h"
#include "mh-test-media.h"

/* Three seconds with chapters at 0, 1 and 2, but that the last has no name. */
static const char *const names[] = { "One", "Two", NULL };

static GstToc *
make_toc (GstTocEntryType type)
{
  GstToc *toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);
  GstTocEntry *edition = gst_toc_entry_new (GST_TOC_ENTRY_TYPE_EDITION, "e");

  gst_toc_entry_set_start_stop_times (edition, 0, 3 * GST_SECOND);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *uid = g_strdup_printf ("%u", i + 1);
    GstTocEntry *entry = gst_toc_entry_new (type, uid);

    gst_toc_entry_set_start_stop_times (
        entry, i * GST_SECOND, (i + 1) * GST_SECOND);
    if (names[i])
      gst_toc_entry_set_tags (
          entry, gst_tag_list_new (GST_TAG_TITLE, names[i], NULL));
    if (type == GST_TOC_ENTRY_TYPE_CHAPTER)
      gst_toc_entry_append_sub_entry (edition, entry);
    else
      gst_toc_append_entry (toc, entry);
  }
  if (type == GST_TOC_ENTRY_TYPE_CHAPTER)
    gst_toc_append_entry (toc, edition);
  else
    gst_toc_entry_unref (edition);
  return toc;
}

const char *
mh_test_chapters_file (
    const char *name, const char *description, GstTocEntryType type)
{
  const char *path = mh_test_media_file (name, "", 0);
  g_autofree char *text = g_strdup_printf (
      "audiotestsrc num-buffers=300 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! %s ! filesink location=%s",
      description, path);
  g_autoptr (GstToc) toc = make_toc (type);
  g_autoptr (GstElement) setter = NULL;
  g_autoptr (MhPlayer) player = mh_player_launch (NULL, "%s", text);

  setter = gst_bin_get_by_interface (
      GST_BIN (player->pipeline), GST_TYPE_TOC_SETTER);
  g_assert_nonnull (setter);
  gst_toc_setter_set_toc (GST_TOC_SETTER (setter), toc);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}
