/* collector-page: the page and its interfaces over HTTP.
 *
 * May touch: GLib, GIO, libsoup, collector-prometheus, collector-stream,
 * collector-view.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-model.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * CollectorPage:
 *
 * docs/guide/collector.md#interfaces has the paths. All of them are for this
 * machine only: requests from elsewhere, and those for a host name that is not
 * of this machine, are refused.
 */
typedef struct _CollectorPage CollectorPage;

/**
 * collector_page_new:
 * @model: what is shown; must outlive the page
 * @anywhere: TRUE: other machines may look as well, by this one's address
 *
 * Returns: (transfer full): a page; free with collector_page_free() when
 *   nothing is served any more.
 */
CollectorPage *collector_page_new (CollectorModel *model, gboolean anywhere);
void collector_page_free (CollectorPage *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorPage, collector_page_free)

/**
 * collector_page_handle:
 * @page: a page
 * @message: a request, complete
 * @path: its path
 *
 * Returns: whether it was for the page, and is answered.
 */
gboolean collector_page_handle (
    CollectorPage *page, SoupServerMessage *message, const char *path);

G_END_DECLS
