/* collector-rules: which events there are and what may be in them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-rules.h"

#include <string.h>

#define REQUIRED(member, kind) \
  { \
    .name = member, .type = COLLECTOR_TYPE_##kind, .required = TRUE \
  }
#define OPTIONAL(member, kind) \
  { \
    .name = member, .type = COLLECTOR_TYPE_##kind \
  }
#define RANGE(member, kind, least, most) \
  { \
    .name = member, .type = COLLECTOR_TYPE_##kind, .required = TRUE, \
    .minimum = least, .maximum = most \
  }
#define CHOICE(member, list) \
  { \
    .name = member, .type = COLLECTOR_TYPE_STRING, .choices = list \
  }
#define END \
  { \
    .name = NULL \
  }

static const char *const stream_types[] = { "audio", "video", NULL };

const CollectorRule collector_rules_player_time[] = {
  RANGE ("playhead", NUMBER, 0, G_MAXINT64),
  RANGE ("ts", INTEGER, 1, G_MAXINT64),
  END,
};

const CollectorRule collector_rules_qoe[] = {
  OPTIONAL ("media.qoe.bitrate", INTEGER),
  OPTIONAL ("media.qoe.droppedFrames", INTEGER),
  OPTIONAL ("media.qoe.framesPerSecond", INTEGER),
  OPTIONAL ("media.qoe.timeToStart", INTEGER),
  OPTIONAL ("media.qoe.errorID", STRING),
  OPTIONAL ("media.qoe.errorSource", STRING),
  END,
};

const CollectorRule collector_rules_customer_id[] = {
  REQUIRED ("id", STRING),
  RANGE ("authState", INTEGER, 0, 2),
  END,
};

static const CollectorRule session_start[] = {
  REQUIRED ("analytics.trackingServer", STRING),
  REQUIRED ("analytics.reportSuite", STRING),
  REQUIRED ("visitor.marketingCloudOrgId", STRING),
  OPTIONAL ("analytics.enableSSL", BOOLEAN),
  OPTIONAL ("analytics.visitorId", STRING),
  OPTIONAL ("analytics.aid", STRING),
  OPTIONAL ("visitor.marketingCloudUserId", STRING),
  OPTIONAL ("visitor.aamLocationHint", INTEGER),
  OPTIONAL ("visitor.customerIDs", CUSTOMER_IDS),
  OPTIONAL ("appInstallationId", STRING),
  REQUIRED ("media.id", STRING),
  OPTIONAL ("media.name", STRING),
  REQUIRED ("media.length", NUMBER),
  REQUIRED ("media.contentType", STRING),
  CHOICE ("media.streamType", stream_types),
  REQUIRED ("media.playerName", STRING),
  REQUIRED ("media.channel", STRING),
  OPTIONAL ("media.resume", BOOLEAN),
  OPTIONAL ("media.downloaded", BOOLEAN),
  OPTIONAL ("media.sdkVersion", STRING),
  OPTIONAL ("media.libraryVersion", STRING),
  OPTIONAL ("analytics.optOutServerSideForwarding", BOOLEAN),
  OPTIONAL ("analytics.optOutShare", BOOLEAN),
  OPTIONAL ("media.show", STRING),
  OPTIONAL ("media.season", STRING),
  OPTIONAL ("media.episode", STRING),
  OPTIONAL ("media.assetId", STRING),
  OPTIONAL ("media.genre", STRING),
  OPTIONAL ("media.firstAirDate", STRING),
  OPTIONAL ("media.firstDigitalDate", STRING),
  OPTIONAL ("media.rating", STRING),
  OPTIONAL ("media.originator", STRING),
  OPTIONAL ("media.network", STRING),
  OPTIONAL ("media.showType", STRING),
  OPTIONAL ("media.adLoad", STRING),
  OPTIONAL ("media.pass.mvpd", STRING),
  OPTIONAL ("media.pass.auth", STRING),
  OPTIONAL ("media.dayPart", STRING),
  OPTIONAL ("media.feed", STRING),
  OPTIONAL ("media.streamFormat", STRING),
  OPTIONAL ("media.artist", STRING),
  OPTIONAL ("media.album", STRING),
  OPTIONAL ("media.label", STRING),
  OPTIONAL ("media.author", STRING),
  OPTIONAL ("media.station", STRING),
  OPTIONAL ("media.publisher", STRING),
  END,
};

static const CollectorRule ad_break_start[] = {
  OPTIONAL ("media.ad.podFriendlyName", STRING),
  REQUIRED ("media.ad.podIndex", INTEGER),
  REQUIRED ("media.ad.podSecond", NUMBER),
  END,
};

static const CollectorRule ad_start[] = {
  REQUIRED ("media.ad.id", STRING),
  OPTIONAL ("media.ad.name", STRING),
  REQUIRED ("media.ad.length", NUMBER),
  RANGE ("media.ad.podPosition", INTEGER, 1, G_MAXINT64),
  REQUIRED ("media.ad.playerName", STRING),
  OPTIONAL ("media.ad.advertiser", STRING),
  OPTIONAL ("media.ad.campaignId", STRING),
  OPTIONAL ("media.ad.creativeId", STRING),
  OPTIONAL ("media.ad.placementId", STRING),
  OPTIONAL ("media.ad.siteId", STRING),
  OPTIONAL ("media.ad.creativeURL", STRING),
  END,
};

static const CollectorRule chapter_start[] = {
  REQUIRED ("media.chapter.index", INTEGER),
  REQUIRED ("media.chapter.offset", NUMBER),
  REQUIRED ("media.chapter.length", NUMBER),
  OPTIONAL ("media.chapter.friendlyName", STRING),
  END,
};

static const CollectorRule player_state[] = {
  REQUIRED ("media.state.name", STRING),
  END,
};

static const CollectorEventRules event_rules[] = {
  { "sessionStart", session_start, TRUE },
  { "sessionComplete", NULL, FALSE },
  { "sessionEnd", NULL, FALSE },
  { "adBreakStart", ad_break_start, FALSE },
  { "adBreakComplete", NULL, FALSE },
  { "adStart", ad_start, TRUE },
  { "adComplete", NULL, FALSE },
  { "adSkip", NULL, FALSE },
  { "chapterStart", chapter_start, TRUE },
  { "chapterComplete", NULL, FALSE },
  { "chapterSkip", NULL, FALSE },
  { "play", NULL, FALSE },
  { "ping", NULL, FALSE },
  { "bufferStart", NULL, FALSE },
  { "pauseStart", NULL, FALSE },
  { "bitrateChange", NULL, FALSE },
  { "error", NULL, FALSE },
  { "stateStart", player_state, FALSE },
  { "stateEnd", player_state, FALSE },
};

const CollectorEventRules *
collector_rules_for_event (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (event_rules); i++) {
    if (strcmp (event_rules[i].name, name) == 0)
      return &event_rules[i];
  }
  return NULL;
}

const CollectorRule *
collector_rules_find (const CollectorRule *rules, const char *name)
{
  for (; rules && rules->name; rules++) {
    if (strcmp (rules->name, name) == 0)
      return rules;
  }
  return NULL;
}

gboolean
collector_rules_any_required (const CollectorRule *rules)
{
  for (; rules && rules->name; rules++) {
    if (rules->required)
      return TRUE;
  }
  return FALSE;
}

gboolean
collector_rules_is_key (const char *key)
{
  const char *at = key;

  while (g_ascii_isalnum (*at) || *at == '_' || *at == '.')
    at++;
  return at != key && !*at;
}

gboolean
collector_rules_limited (const CollectorRule *rule)
{
  return rule->minimum != 0 || rule->maximum != 0;
}
