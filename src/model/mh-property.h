/* mh-property: what is made from the rows of mh-property-table: a GObject
 * property, values that are set and got, defaults and copies.
 *
 * May touch: GObject, mh-property-table. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

#include "mh-property-table.h"

G_BEGIN_DECLS

/**
 * mh_property_make_pspec:
 * @property: a row
 * @structure_type: the type that %MH_PROPERTY_STRINGS and
 *   %MH_PROPERTY_CUSTOMER_IDS have in the interface
 * @flags: besides those for reading and writing
 *
 * Returns: (transfer floating): its specification. The blurb says the unit, the
 *   wire's name and from when on the value counts as well.
 */
GParamSpec *mh_property_make_pspec (
    const MhProperty *property, GType structure_type, GParamFlags flags);

/**
 * mh_property_set:
 * @property: a row that is kept, for which mh_property_strings() returns NULL
 * @settings: only the caller holds them
 * @value: a valid value of the specification's type
 *
 * Sets one value. Text becomes valid UTF-8; an empty one is not set.
 */
void mh_property_set (
    const MhProperty *property, MhSettings *settings, const GValue *value);

/**
 * mh_property_get:
 * @property: a row that is kept, for which mh_property_strings() returns NULL
 * @settings: settings
 * @value: (out): initialized to the specification's type
 *
 * Reads the value of a property.
 */
void mh_property_get (
    const MhProperty *property, const MhSettings *settings, GValue *value);

/**
 * mh_property_strings:
 * @property: a row that is kept
 * @settings: settings
 *
 * Returns: (transfer none) (nullable): where the value of a row of
 *   %MH_PROPERTY_STRINGS or %MH_PROPERTY_CUSTOMER_IDS lives; NULL: the row is of
 *   another kind.
 */
GVariant **mh_property_strings (
    const MhProperty *property, const MhSettings *settings);

/**
 * mh_property_set_variant:
 * @property: a row of %MH_PROPERTY_IN_CONFIG
 * @name: what the caller calls it, for the message
 * @config: only the caller holds it
 * @value: `s`, `x`, `b`, or `a{ss}`; for an enumeration its nick; for customer IDs
 *   `a{sv}` as well
 * @error: %MH_ERROR_CONFIG: wrong type, out of range
 *
 * Sets one value as a configuration file has it.
 *
 * Returns: whether it was set.
 */
gboolean mh_property_set_variant (const MhProperty *property, const char *name,
    MhConfig *config, GVariant *value, GError **error);

/**
 * mh_property_init_all:
 * @values: an MhConfig or MhSettings, as @place says, all zero
 *
 * Sets the defaults.
 */
void mh_property_init_all (gpointer values, MhPropertyPlace place);

/**
 * mh_property_own_all:
 * @values: the bytes of another one
 *
 * Makes copies of what the members point to, or takes references.
 */
void mh_property_own_all (gpointer values, MhPropertyPlace place);

/**
 * mh_property_clear_all:
 * @values: one at its end
 *
 * Frees what the members point to.
 */
void mh_property_clear_all (gpointer values, MhPropertyPlace place);

G_END_DECLS
