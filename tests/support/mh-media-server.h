/* mh-media-server: an HTTP server of one file, on loopback, in threads of its own,
 * that sends as it is told: without a length, slowly, late, or as a radio station
 * does.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

/**
 * MhMediaServed:
 * @path: the file
 * @type: its Content-Type
 * @length: whether the length is told
 * @ranges: whether a part may be asked for; with @length
 * @station: (nullable): a radio station's name: ICY headers, and, to who asks for
 *   it, the song of the moment in the stream, another one each time
 * @rate: bytes a second; 0: as fast as it goes
 * @delay: milliseconds before the answer
 *
 * What is served, and how.
 */
typedef struct
{
  const char *path;
  const char *type;
  gboolean length;
  gboolean ranges;
  const char *station;
  guint rate;
  guint delay;
} MhMediaServed;

typedef struct _MhMediaServer MhMediaServer;

/**
 * mh_media_server_new:
 * @served: copied; its strings are not
 *
 * Returns: (transfer full): a server on a free port of 127.0.0.1.
 */
MhMediaServer *mh_media_server_new (const MhMediaServed *served);

/* Ends what is being sent. */
void mh_media_server_free (MhMediaServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMediaServer, mh_media_server_free)

/* Returns: where the file is. */
const char *mh_media_server_get_uri (MhMediaServer *self);
