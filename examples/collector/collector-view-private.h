/* collector-view-private: what the parts of collector-view share.
 *
 * collector-view.c          the list of sessions, and what changes
 * collector-view-session.c  one session: metrics, lanes, events
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-view.h"

G_BEGIN_DECLS

/* Members of the object that @builder is in; NULL and NAN are left out. */
void collector_view_add_text (
    JsonBuilder *builder, const char *name, const char *text);
void collector_view_add_int (
    JsonBuilder *builder, const char *name, gint64 value);
void collector_view_add_number (
    JsonBuilder *builder, const char *name, double value);
void collector_view_add_flag (
    JsonBuilder *builder, const char *name, gboolean value);

/* Finishes @builder. */
char *collector_view_finish (JsonBuilder *builder);

/* An object: the row of @record. */
void collector_view_add_row (JsonBuilder *builder, CollectorModel *model,
    CollectorRecord *record, gint64 now);

/* An object: @entry of a history. */
void collector_view_add_entry (
    JsonBuilder *builder, const CollectorEntry *entry);

G_END_DECLS
