/* mh-property-table: all properties, a row each.
 *
 * The element's GObject properties, the tracer's parameters, the keys of
 * configuration files and docs/reference/properties.md are made from these rows,
 * and so are the defaults and copies of MhConfig and MhSettings. A new property
 * is a row here and a member there.
 *
 * May touch: GObject, mh-config, mh-settings, mh-enums. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

#include "mh-settings.h"

G_BEGIN_DECLS

/**
 * MhPropertyKind:
 * @MH_PROPERTY_STRING: a char *, valid UTF-8; NULL: not set
 * @MH_PROPERTY_INT: an int; -1: not set
 * @MH_PROPERTY_UINT: a guint
 * @MH_PROPERTY_UINT64: a guint64
 * @MH_PROPERTY_BOOLEAN: a gboolean
 * @MH_PROPERTY_DOUBLE: a double; -1: not set
 * @MH_PROPERTY_ENUM: an enumeration of mh-enums
 * @MH_PROPERTY_STRINGS: a #GVariant `a{ss}`; NULL: none. In the interface it is
 *   a structure of strings
 * @MH_PROPERTY_CUSTOMER_IDS: a #GVariant `a{ss}` as of
 *   mh_config_make_customer_ids(); NULL: none. In the interface it is a structure
 *   with a structure for each ID
 *
 * The type of a property's value.
 */
typedef enum
{
  MH_PROPERTY_STRING,
  MH_PROPERTY_INT,
  MH_PROPERTY_UINT,
  MH_PROPERTY_UINT64,
  MH_PROPERTY_BOOLEAN,
  MH_PROPERTY_DOUBLE,
  MH_PROPERTY_ENUM,
  MH_PROPERTY_STRINGS,
  MH_PROPERTY_CUSTOMER_IDS,
} MhPropertyKind;

/**
 * MhPropertyPlace:
 * @MH_PROPERTY_IN_CONFIG: a member of #MhConfig
 * @MH_PROPERTY_IN_SETTINGS: a member of #MhSettings
 * @MH_PROPERTY_IN_PLAYER: not kept: the element tells it, and it is read only
 *
 * Where a property's value lives.
 */
typedef enum
{
  MH_PROPERTY_IN_CONFIG,
  MH_PROPERTY_IN_SETTINGS,
  MH_PROPERTY_IN_PLAYER,
} MhPropertyPlace;

/**
 * MhPropertyCounts:
 * @MH_COUNTS_NEXT_SESSION: from the next session on
 * @MH_COUNTS_AT_ONCE: as soon as it is set
 * @MH_COUNTS_PAUSED: when the element goes from READY to PAUSED
 * @MH_COUNTS_END: when the process ends
 *
 * From when on a value that is set counts. Each may be set in any state.
 */
typedef enum
{
  MH_COUNTS_NEXT_SESSION,
  MH_COUNTS_AT_ONCE,
  MH_COUNTS_PAUSED,
  MH_COUNTS_END,
} MhPropertyCounts;

/**
 * MhProperty:
 * @place: where the value lives
 * @offset: and where in there, bytes
 * @kind: the type of the value
 * @name: the property's name
 * @nick: a name for people
 * @blurb: what it means, without unit, wire name and when it counts
 * @unit: (nullable): the unit of a number
 * @wire: (nullable): the parameter of the wire that it becomes
 *   (docs/design/wire-media-collection.md#parameters)
 * @counts: from when on it counts
 * @secret: whether the value tells of a visitor, or opens a door: it is neither
 *   logged nor repeated in a warning
 * @write_only: whether the interface does not give it back
 * @minimum: the least value of a number
 * @maximum: the greatest
 * @initial: the default of a number, a boolean or an enumeration
 * @type: the type of an enumeration
 *
 * One property.
 */
typedef struct
{
  MhPropertyPlace place;
  gsize offset;
  MhPropertyKind kind;
  const char *name;
  const char *nick;
  const char *blurb;
  const char *unit;
  const char *wire;
  MhPropertyCounts counts;
  gboolean secret;
  gboolean write_only;
  gint64 minimum;
  gint64 maximum;
  gint64 initial;
  GType (*type) (void);
} MhProperty;

/**
 * mh_property_nth:
 * @i: a number from 0 on
 *
 * Returns: (transfer none) (nullable): the row; NULL: there are less.
 */
const MhProperty *mh_property_nth (guint i);

/**
 * mh_property_find:
 * @name: a property's name, or the wire's of a parameter
 *
 * Returns: (transfer none) (nullable): its row.
 */
const MhProperty *mh_property_find (const char *name);

G_END_DECLS
