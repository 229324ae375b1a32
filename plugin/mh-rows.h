/* mh-rows: the properties whose values are a string, a number or a boolean of
 * the settings, a row each.
 *
 * What else there is to a property is in gstmediaheartbeat-props.c; a row is all
 * that these need.
 *
 * May touch: GLib, mh-settings.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

#include "mh-settings.h"

G_BEGIN_DECLS

/* Their ids, and those of the other properties, which begin at 1. */
#define MH_ROWS_FIRST_ID 1000

/**
 * mh_rows_install:
 * @klass: an object's class
 * @flags: of all of them
 *
 * Installs a property for each row.
 */
void mh_rows_install (GObjectClass *klass, GParamFlags flags);

/**
 * mh_rows_set:
 * @settings: nobody else has them yet
 * @id: of the property
 * @value: its value
 *
 * Returns: whether that is a row.
 */
gboolean mh_rows_set (MhSettings *settings, guint id, const GValue *value);

/**
 * mh_rows_get:
 * @value: (out): the value of @id
 *
 * Returns: likewise.
 */
gboolean mh_rows_get (const MhSettings *settings, guint id, GValue *value);

G_END_DECLS
