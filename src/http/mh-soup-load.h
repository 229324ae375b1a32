/* mh-soup-load: libsoup 3, loaded when it is first needed, not linked to.
 *
 * libsoup 3 aborts a process that holds libsoup 2, as soon as it is loaded. An
 * application of that kind must survive this plugin, so code that needs libsoup
 * asks here first, and gets an error instead.
 *
 * May touch: libsoup's header (types, and what functions look like; calling one
 * by its name would link to it) and the dynamic linker. Any thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The functions that are used, without `soup_`. */
#define MH_SOUP_FUNCTIONS(F) \
  F (auth_manager_get_type) \
  F (content_decoder_get_type) \
  F (message_add_flags) \
  F (message_get_connection_id) \
  F (message_get_request_headers) \
  F (message_get_response_headers) \
  F (message_get_status) \
  F (message_headers_get_one) \
  F (message_headers_replace) \
  F (message_headers_set_encoding) \
  F (message_new_from_uri) \
  F (message_set_request_body_from_bytes) \
  F (session_abort) \
  F (session_new_with_options) \
  F (session_remove_feature_by_type) \
  F (session_send_async) \
  F (session_send_finish) \
  F (session_set_timeout)

#define MH_SOUP_FIELD(name) __typeof__ (soup_##name) *name;

/* libsoup's functions, named as there: `soup->session_abort` is
 * soup_session_abort(). */
typedef struct
{
  MH_SOUP_FUNCTIONS (MH_SOUP_FIELD)
} MhSoup;

#undef MH_SOUP_FIELD

/**
 * mh_soup_load:
 * @error: %MH_ERROR_TRANSPORT: libsoup 2 is in the process, or libsoup 3 is not
 *   installed or too old
 *
 * Loads libsoup 3, or takes the one that is in the process. It is not unloaded
 * any more; where that failed, the next call looks again.
 *
 * Returns: (nullable) (transfer none): libsoup's functions, the same each time.
 */
const MhSoup *mh_soup_load (GError **error);

/* Returns: whether mh_soup_load() fails as libsoup 2 is in the process: then
 * another process can send. */
gboolean mh_soup_is_shut_out (void);

G_END_DECLS
