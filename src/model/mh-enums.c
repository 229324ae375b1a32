/* mh-enums: the enumerations of the interface.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-enums.h"

/* clang-format off */
/* Behind each value is a comma. */
#define DEFINE_ENUM(Name, name, ...) \
  GType \
  name##_get_type (void) \
  { \
    static gsize type; \
    static const GEnumValue values[] = { __VA_ARGS__ { 0, NULL, NULL } }; \
\
    if (g_once_init_enter (&type)) \
      g_once_init_leave (&type, g_enum_register_static (Name, values)); \
    return type; \
  }

#define PROTOCOL(kind, symbol, nick, title, whole) \
  { MH_PROTOCOL_##kind, title, nick },

DEFINE_ENUM ("GstMediaHeartbeatProtocol", mh_protocol_kind,
    MH_PROTOCOLS (PROTOCOL))

DEFINE_ENUM ("GstMediaHeartbeatFraming", mh_framing,
    { MH_FRAMING_ROWS, "Flat objects, one a line", "rows" },
    { MH_FRAMING_ROWS_ARRAY, "Flat objects in an array", "rows-array" },
    { MH_FRAMING_CLOUDEVENTS, "CloudEvents, one a request", "cloudevents" },
    { MH_FRAMING_CLOUDEVENTS_BATCH, "CloudEvents in an array",
        "cloudevents-batch" },)

DEFINE_ENUM ("GstMediaHeartbeatMediaType", mh_media_type,
    { MH_MEDIA_TYPE_AUTO, "Found from the stream", "auto" },
    { MH_MEDIA_TYPE_AUDIO, "Audio", "audio" },
    { MH_MEDIA_TYPE_VIDEO, "Video", "video" },)

DEFINE_ENUM ("GstMediaHeartbeatPrivacy", mh_privacy,
    { MH_PRIVACY_OPT_IN, "Hits are sent", "opt-in" },
    { MH_PRIVACY_OPT_OUT, "Nothing is tracked or sent", "opt-out" },
    { MH_PRIVACY_UNKNOWN, "Not asked yet", "unknown" },)

DEFINE_ENUM ("GstMediaHeartbeatLead", mh_lead,
    { MH_LEAD_AUTO, "The first of a pipeline's elements tracks", "auto" },
    { MH_LEAD_YES, "This one does", "yes" },
    { MH_LEAD_NO, "This one does not", "no" },)

DEFINE_ENUM ("GstMediaHeartbeatLateDelivery", mh_late_delivery,
    { MH_LATE_DELIVERY_BATCH, "Sent as downloaded content", "batch" },
    { MH_LATE_DELIVERY_DROP, "Given up", "drop" },)

DEFINE_ENUM ("GstMediaHeartbeatPlaybackState", mh_playback_state,
    { MH_PLAYBACK_INIT, "Not played yet", "init" },
    { MH_PLAYBACK_PLAYING, "Playing", "playing" },
    { MH_PLAYBACK_PAUSED, "Paused", "paused" },
    { MH_PLAYBACK_SEEKING, "Seeking", "seeking" },
    { MH_PLAYBACK_BUFFERING, "Buffering", "buffering" },
    { MH_PLAYBACK_STALLED, "Should play, but stands still", "stalled" },
    { MH_PLAYBACK_ENDED, "Played to its end", "ended" },)
/* clang-format on */
