/* mh-soup-pool: libsoup's sessions, one for each set of CAs that servers are
 * checked by.
 *
 * A certificate is always verified: by the system's CAs, or by those of a file
 * that the application has named. There is no other way: where the file cannot be
 * used, nothing is sent.
 *
 * May touch: libsoup, by way of mh-soup-load, GIO, and the files that it is told of.
 * Used by one thread, as libsoup's sessions are.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-soup-load.h"
#include "mh-time.h"

G_BEGIN_DECLS

/* So many files of CAs have a session that is kept. Where there are more, the session
 * that was used longest ago goes, and its connections with it. */
#define MH_SOUP_POOL_MAX_FILES 4

/* A longer file is not taken for one of CAs: the system's own is a quarter of it. */
#define MH_SOUP_POOL_MAX_BYTES (1024 * 1024)

typedef struct _MhSoupPool MhSoupPool;

/**
 * mh_soup_pool_new:
 * @soup: libsoup's functions
 * @timeout: of its sockets, microseconds; libsoup has whole seconds
 *
 * Returns: (transfer full): a pool; free with mh_soup_pool_free().
 */
MhSoupPool *mh_soup_pool_new (const MhSoup *soup, MhTime timeout);

/* A session that was taken from the pool may still be in use. */
void mh_soup_pool_free (MhSoupPool *pool);

/**
 * mh_soup_pool_get:
 * @tls_database: (nullable): absolute path of a file of CAs (PEM); NULL: the
 *   system's
 * @error: %MH_ERROR_CONFIG: the file cannot be used; with the property's name
 *   and the path
 *
 * Reads the file when it is first needed, again after mh_soup_pool_doubt(), and each
 * time for as long as it cannot be used.
 *
 * Returns: (nullable) (transfer full): a session that knows these CAs and no
 *   others.
 */
SoupSession *mh_soup_pool_get (
    MhSoupPool *pool, const char *tls_database, GError **error);

/**
 * mh_soup_pool_doubt:
 * @session: a session of the pool
 *
 * Call it when a server's certificate has been refused: if @session has its CAs from a
 * file, the file is read again the next time, as it may have changed.
 */
void mh_soup_pool_doubt (MhSoupPool *pool, SoupSession *session);

/* Gives up the requests that are under way, and closes all connections. */
void mh_soup_pool_close (MhSoupPool *pool);

G_END_DECLS
