/* mh-text: what any string must be before it goes out: UTF-8, and bounded.
 *
 * May touch: GLib only. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of a value, at most. Adobe documents no bound of its own; servers bound
 * what they take. */
#define MH_TEXT_MAX 4096

/**
 * mh_text_dup_fit:
 * @text: any string
 *
 * Returns: (transfer full): @text, U+FFFD in place of what is not UTF-8, and cut
 *   at the end of a character where it is longer than %MH_TEXT_MAX bytes.
 */
char *mh_text_dup_fit (const char *text);

/**
 * mh_text_is_media_type:
 * @text: any string
 *
 * Returns: whether it is a media type as RFC 9110 has it: a type, a slash and a
 *   subtype, perhaps with parameters after a semicolon. The parameters are only
 *   checked for characters that a header cannot have.
 */
gboolean mh_text_is_media_type (const char *text);

G_END_DECLS
