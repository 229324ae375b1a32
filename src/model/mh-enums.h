/* mh-enums: the enumerations of the element's properties.
 *
 * May touch: GObject, mh-config, mh-monitor's playback state.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-monitor.h"

G_BEGIN_DECLS

/**
 * MhMediaType:
 * @MH_MEDIA_TYPE_AUTO: from the stream: video where there is any
 * @MH_MEDIA_TYPE_AUDIO: audio
 * @MH_MEDIA_TYPE_VIDEO: video
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
 */
typedef enum
{
  MH_LEAD_AUTO,
  MH_LEAD_YES,
  MH_LEAD_NO,
} MhLead;

#define MH_TYPE_PROTOCOL_KIND (mh_protocol_kind_get_type ())
#define MH_TYPE_MEDIA_TYPE (mh_media_type_get_type ())
#define MH_TYPE_PRIVACY (mh_privacy_get_type ())
#define MH_TYPE_LEAD (mh_lead_get_type ())
#define MH_TYPE_LATE_DELIVERY (mh_late_delivery_get_type ())
#define MH_TYPE_PLAYBACK_STATE (mh_playback_state_get_type ())

GType mh_protocol_kind_get_type (void);
GType mh_media_type_get_type (void);
GType mh_late_delivery_get_type (void);
GType mh_privacy_get_type (void);
GType mh_lead_get_type (void);
GType mh_playback_state_get_type (void);

G_END_DECLS
