/* mh-enums: the enumerations of the interface, with their GTypes.
 *
 * Their nicks are what properties, parameters and files say. Each is registered
 * when it is first used.
 *
 * May touch: GObject.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* All protocols: P (kind, implementation, name, what it is, whether
 * collection-server is the whole URI of a request). The name is kept with what
 * waits for delivery: it stays as it is. A new one is a row here
 * (HACKING.md#a-new-protocol). */
#define MH_PROTOCOLS(P) \
  P (MEDIA_COLLECTION, collection, "media-collection", "Media Collection API", \
      FALSE) \
  P (MEDIA_EDGE, edge, "media-edge", "Media Edge API", FALSE) \
  P (EVENTS, events, "events", "Rows or CloudEvents, to one's own back end", \
      TRUE) \
  P (CMCD, cmcd, "cmcd", "Common Media Client Data (CMCD) version 2", TRUE)

/**
 * MhProtocolKind:
 *
 * What a server speaks: one value of %MH_PROTOCOLS, as %MH_PROTOCOL_MEDIA_EDGE.
 *
 * Since: 0.1
 */
typedef enum
{
#define MH_PROTOCOL_VALUE(kind, symbol, nick, title, whole) MH_PROTOCOL_##kind,
  MH_PROTOCOLS (MH_PROTOCOL_VALUE)
#undef MH_PROTOCOL_VALUE
  MH_N_PROTOCOLS,
} MhProtocolKind;

/**
 * MhFraming:
 * @MH_FRAMING_ROWS: flat objects, one a line
 * @MH_FRAMING_ROWS_ARRAY: flat objects in an array
 * @MH_FRAMING_CLOUDEVENTS: CloudEvents, each a request of its own
 * @MH_FRAMING_CLOUDEVENTS_BATCH: CloudEvents in an array
 *
 * How %MH_PROTOCOL_EVENTS puts hits together.
 *
 * Since: 0.1
 */
typedef enum
{
  MH_FRAMING_ROWS,
  MH_FRAMING_ROWS_ARRAY,
  MH_FRAMING_CLOUDEVENTS,
  MH_FRAMING_CLOUDEVENTS_BATCH,
} MhFraming;

/**
 * MhLateDelivery:
 * @MH_LATE_DELIVERY_BATCH: hits that the back end has no session for any more
 *   are sent as one batch
 * @MH_LATE_DELIVERY_DROP: they are given up
 *
 * Since: 0.1
 */
typedef enum
{
  MH_LATE_DELIVERY_BATCH,
  MH_LATE_DELIVERY_DROP,
} MhLateDelivery;

/**
 * MhMediaType:
 * @MH_MEDIA_TYPE_AUTO: from the stream: video where there is any
 * @MH_MEDIA_TYPE_AUDIO: audio
 * @MH_MEDIA_TYPE_VIDEO: video
 *
 * Since: 0.1
 */
typedef enum
{
  MH_MEDIA_TYPE_AUTO,
  MH_MEDIA_TYPE_AUDIO,
  MH_MEDIA_TYPE_VIDEO,
} MhMediaType;

/**
 * MhPrivacy:
 * @MH_PRIVACY_OPT_IN: hits are sent
 * @MH_PRIVACY_OPT_OUT: nothing is tracked or sent
 * @MH_PRIVACY_UNKNOWN: the visitor has not been asked yet
 *
 * Since: 0.1
 */
typedef enum
{
  MH_PRIVACY_OPT_IN,
  MH_PRIVACY_OPT_OUT,
  MH_PRIVACY_UNKNOWN,
} MhPrivacy;

/**
 * MhLead:
 * @MH_LEAD_AUTO: the first of a pipeline's elements tracks
 * @MH_LEAD_YES: this one does
 * @MH_LEAD_NO: this one does not
 *
 * Since: 0.1
 */
typedef enum
{
  MH_LEAD_AUTO,
  MH_LEAD_YES,
  MH_LEAD_NO,
} MhLead;

/**
 * MhPlaybackState:
 *
 * What the player is doing, as the property playback-state tells.
 *
 * Since: 0.1
 */
typedef enum
{
  MH_PLAYBACK_INIT,
  MH_PLAYBACK_PLAYING,
  MH_PLAYBACK_PAUSED,
  MH_PLAYBACK_SEEKING,
  MH_PLAYBACK_BUFFERING,
  MH_PLAYBACK_STALLED,
  MH_PLAYBACK_ENDED,
} MhPlaybackState;

GType mh_protocol_kind_get_type (void);
GType mh_framing_get_type (void);
GType mh_media_type_get_type (void);
GType mh_late_delivery_get_type (void);
GType mh_privacy_get_type (void);
GType mh_lead_get_type (void);
GType mh_playback_state_get_type (void);

G_END_DECLS
