/* mh-structure: GstStructure to and from the core's GVariants, and a hit as the
 * element's message.
 *
 * May touch: GStreamer's structures, mh-config, mh-hit. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-config.h"
#include "mh-hit.h"

G_BEGIN_DECLS

/**
 * mh_structure_to_variant:
 * @structure: (nullable): strings, numbers, booleans and structures
 * @error: %MH_ERROR_MALFORMED: a field of another type
 *
 * Returns: (transfer full) (nullable): `a{sv}`; empty without a structure.
 */
GVariant *mh_structure_to_variant (
    const GstStructure *structure, GError **error);

/**
 * mh_structure_to_metadata:
 * @structure: (nullable): string fields; numbers and booleans become strings
 *
 * Returns: (transfer full) (nullable): `a{ss}`; NULL without any.
 */
GVariant *mh_structure_to_metadata (const GstStructure *structure);

/**
 * mh_structure_to_customer_ids:
 * @structure: (nullable): for each ID a structure with the fields `value` and
 *   `auth-state`, or a string `id,authState`
 *
 * Returns: (transfer full) (nullable): `a{ss}` as of
 *   mh_config_make_customer_ids(); NULL without any.
 */
GVariant *mh_structure_to_customer_ids (const GstStructure *structure);

/**
 * mh_structure_from_customer_ids:
 * @ids: (nullable): `a{ss}`
 *
 * Returns: (transfer full): a structure with a structure for each of @ids, and a
 *   string for each malformed one.
 */
GstStructure *mh_structure_from_customer_ids (GVariant *ids);

/**
 * mh_structure_from_variant:
 * @name: the structure's name
 * @variant: (nullable): `a{sv}` or `a{ss}`
 *
 * Returns: (transfer full): a structure of the same fields.
 */
GstStructure *mh_structure_from_variant (const char *name, GVariant *variant);

/**
 * mh_structure_from_hit:
 * @hit: a hit, stamped
 *
 * The element message `media-heartbeat`: `event` string, `session` uint,
 * `playhead` double (s), `timestamp` uint64 (ms UTC), `resume` boolean (whether
 * the event starts a session flagged as a resume) and, each only where there
 * is something in it, the structures `params`, `custom-metadata` and
 * `qoe-data`, with the names of
 * docs/design/wire-media-collection.md#parameters.
 *
 * Returns: (transfer full): its structure.
 */
GstStructure *mh_structure_from_hit (const MhHit *hit);

G_END_DECLS
