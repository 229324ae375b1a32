/* mh-test-chapters: files with chapters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

/**
 * mh_test_chapters_file:
 * @name: the file's name
 * @description: an encoder, or a muxer behind one, that takes a table of contents
 * @type: %GST_TOC_ENTRY_TYPE_CHAPTER inside of an edition, or
 *   %GST_TOC_ENTRY_TYPE_TRACK
 *
 * Makes a file of three seconds of sound. Its chapters begin at 0, 1 and 2 s; they
 * are called "One" and "Two", and the third has no name.
 *
 * Returns: its path; static.
 */
const char *mh_test_chapters_file (
    const char *name, const char *description, GstTocEntryType type);
