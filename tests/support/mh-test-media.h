/* mh-test-media: files to play, made on the spot.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/* Runs the tests, as g_test_run(), with a temporary directory for this program's
 * files. Once, after gst_init(). */
int mh_test_media_run (void);

/**
 * mh_test_media_audio:
 * @seconds: how long
 *
 * Returns: path of an Ogg Vorbis file, made at the first call; static.
 */
const char *mh_test_media_audio (guint seconds);

/**
 * mh_test_media_video:
 * @seconds: how long
 *
 * Returns: path of an Ogg file with Theora and Vorbis; static.
 */
const char *mh_test_media_video (guint seconds);

/**
 * mh_test_media_file:
 * @name: its name
 * @data: what it holds
 * @length: how many bytes of it
 *
 * Returns: path of a file with that content; static.
 */
const char *mh_test_media_file (
    const char *name, gconstpointer data, gsize length);
