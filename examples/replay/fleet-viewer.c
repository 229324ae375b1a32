/* fleet-viewer: a viewer who watches one item after the other.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet-viewer.h"

#define N_FILMS 500
#define N_CHANNELS 40

/* Seconds of content from one ad break to the next. */
#define BREAK_EVERY 900

/* How often something happens in an hour of watching. */
static const struct
{
  MhCallType call;
  double hourly;
  gboolean live; /* whether it does in live content */
} incidents[] = {
  { MH_CALL_PAUSE, 1.5, TRUE },
  { MH_CALL_BUFFER_START, 1, TRUE },
  { MH_CALL_SEEK_START, 1.5, FALSE },
  { MH_CALL_BITRATE_CHANGE, 4, TRUE },
  { MH_CALL_ERROR, 0.05, TRUE },
};

static const double bitrates[] = { 800000, 1600000, 3200000, 6000000 };

/* Who hears of the calls. */
typedef struct
{
  FleetCallFunc call;
  gpointer user_data;
} Listener;

static void
make (const Listener *listener, const MhCall *call)
{
  listener->call (call, listener->user_data);
}

static void
make_plain (const Listener *listener, MhCallType type)
{
  const MhCall call = { type };

  make (listener, &call);
}

static void
make_playhead (FleetViewer *self, const Listener *listener, double rate)
{
  MhCall call = { MH_CALL_PLAYHEAD };

  call.playhead.value = self->live ? fmod (self->position, 86400)
                                   : self->position;
  call.playhead.rate = rate;
  make (listener, &call);
}

static void
make_qoe (FleetViewer *self, const Listener *listener, double startup_time)
{
  MhCall call = { MH_CALL_QOE, .qoe = MH_QOE_INIT };

  self->bitrate =
      bitrates[fleet_random_below (&self->random, G_N_ELEMENTS (bitrates))];
  call.qoe.bitrate = self->bitrate;
  call.qoe.fps = 25;
  call.qoe.dropped_frames = 0;
  call.qoe.startup_time = startup_time;
  make (listener, &call);
}

static void
stay (FleetViewer *self, FleetPhase phase, double seconds)
{
  self->phase = phase;
  self->next_at = mh_time_add (
      self->next_at, (MhTime) (seconds * MH_USEC_PER_SEC) + 1);
}

/* ---- watching ---- */

static double
draw_incident (FleetViewer *self)
{
  double first = G_MAXDOUBLE;

  for (guint i = 0; i < G_N_ELEMENTS (incidents); i++) {
    double at = fleet_random_wait (&self->random, 3600 / incidents[i].hourly);

    if (at >= first || (self->live && !incidents[i].live))
      continue;
    first = at;
    self->incident = incidents[i].call;
  }
  return first;
}

/* Up to the next thing that happens. */
static void
go_on (FleetViewer *self)
{
  double stretch = draw_incident (self);

  stretch = MIN (stretch, self->stop_at - self->position);
  stretch = MIN (stretch, self->break_at - self->position);
  self->stretch = MAX (stretch, 0);
  stay (self, FLEET_WATCHING, self->stretch);
}

static void
watch (FleetViewer *self, const Listener *listener)
{
  make_playhead (self, listener, 1);
  make_plain (listener, MH_CALL_PLAY);
  go_on (self);
}

/* ---- ads ---- */

static void
start_ad (FleetViewer *self, const Listener *listener)
{
  guint number = fleet_random_below (&self->random, 100);
  MhCall call = { MH_CALL_AD_START };
  MhAd *ad = mh_ad_new ();

  ad->id = g_strdup_printf ("ad-%02u", number);
  ad->name = g_strdup_printf ("Ad %u", number);
  ad->position = self->ad;
  ad->length = 15 + 5 * (number % 4);
  call.ad = ad;
  make (listener, &call);
  stay (self, FLEET_AD, ad->length);
  mh_ad_unref (ad);
}

static void
start_break (FleetViewer *self, const Listener *listener)
{
  MhCall call = { MH_CALL_AD_BREAK_START };
  MhAdBreak *ad_break = mh_ad_break_new ();

  ad_break->name = g_strdup (self->n_breaks == 0 ? "pre-roll" : "mid-roll");
  ad_break->position = ++self->n_breaks;
  ad_break->start_time = self->position;
  call.ad_break = ad_break;
  make_playhead (self, listener, 0);
  make (listener, &call);
  mh_ad_break_unref (ad_break);
  self->break_at += BREAK_EVERY;
  self->ad = 1;
  self->n_ads = 1 + fleet_random_below (&self->random, 3);
  start_ad (self, listener);
}

static void
end_ad (FleetViewer *self, const Listener *listener)
{
  make_plain (listener, MH_CALL_AD_COMPLETE);
  if (self->ad++ < self->n_ads) {
    start_ad (self, listener);
    return;
  }
  make_plain (listener, MH_CALL_AD_BREAK_COMPLETE);
  watch (self, listener);
}

/* ---- incidents ---- */

/* Mostly for a moment; sometimes for so long that the session is closed. */
static double
draw_pause (FleetViewer *self)
{
  guint kind = fleet_random_below (&self->random, 100);

  if (kind < 80)
    return fleet_random_wait (&self->random, 60);
  if (kind < 95)
    return fleet_random_wait (&self->random, 600);
  return 1800 + fleet_random_wait (&self->random, 1200);
}

static void
start_pause (FleetViewer *self, const Listener *listener)
{
  make_playhead (self, listener, 0);
  make_plain (listener, MH_CALL_PAUSE);
  stay (self, FLEET_PAUSED, draw_pause (self));
}

static void
start_rebuffering (FleetViewer *self, const Listener *listener)
{
  make_playhead (self, listener, 0);
  make_plain (listener, MH_CALL_BUFFER_START);
  stay (self, FLEET_REBUFFERING, fleet_random_between (&self->random, 1, 9));
}

static void
start_seek (FleetViewer *self, const Listener *listener)
{
  make_plain (listener, MH_CALL_SEEK_START);
  self->position = fleet_random_between (&self->random, 0, self->stop_at);
  make_playhead (self, listener, 0);
  stay (self, FLEET_SEEKING, fleet_random_between (&self->random, 0.2, 2));
}

static void
fail (FleetViewer *self, const Listener *listener)
{
  MhCall call = { MH_CALL_ERROR };

  call.text = (char *) "decode-error";
  make (listener, &call);
  go_on (self);
}

static void
change_bitrate (FleetViewer *self, const Listener *listener)
{
  make_qoe (self, listener, NAN);
  make_plain (listener, MH_CALL_BITRATE_CHANGE);
  go_on (self);
}

static void
meet_incident (FleetViewer *self, const Listener *listener)
{
  if (self->incident == MH_CALL_PAUSE)
    start_pause (self, listener);
  else if (self->incident == MH_CALL_BUFFER_START)
    start_rebuffering (self, listener);
  else if (self->incident == MH_CALL_SEEK_START)
    start_seek (self, listener);
  else if (self->incident == MH_CALL_ERROR)
    fail (self, listener);
  else
    change_bitrate (self, listener);
}

/* ---- items ---- */

static GVariant *
make_metadata (guint number)
{
  g_autofree char *show = g_strdup_printf ("Show %u", number / 10);
  g_autofree char *episode = g_strdup_printf ("%u", number % 10 + 1);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "a.media.show", show);
  g_variant_builder_add (&builder, "{ss}", "a.media.season", "1");
  g_variant_builder_add (&builder, "{ss}", "a.media.episode", episode);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static MhMedia *
choose_film (FleetViewer *self)
{
  guint number = fleet_random_below (&self->random, N_FILMS);
  MhMedia *media = mh_media_new ();

  media->id = g_strdup_printf ("film-%03u", number);
  media->name = g_strdup_printf ("Episode %u", number);
  media->length = 1200 + 12 * (number % 400);
  media->stream_type = g_strdup ("vod");
  media->metadata = make_metadata (number);
  self->position = 0;
  self->to_the_end = fleet_random_chance (&self->random, 40);
  self->stop_at = self->to_the_end
      ? media->length
      : fleet_random_between (&self->random, 0, media->length);
  return media;
}

static MhMedia *
choose_channel (FleetViewer *self)
{
  guint number = fleet_random_below (&self->random, N_CHANNELS);
  MhMedia *media = mh_media_new ();

  media->id = g_strdup_printf ("channel-%02u", number);
  media->name = g_strdup_printf ("Channel %u", number);
  media->length = 86400;
  media->stream_type = g_strdup ("live");
  self->position = self->day_second + mh_time_seconds (self->next_at);
  self->to_the_end = FALSE;
  self->stop_at = self->position + fleet_random_wait (&self->random, 2400);
  return media;
}

static void
start_item (FleetViewer *self, const Listener *listener)
{
  MhCall call = { MH_CALL_SESSION_START };
  MhMedia *media;

  self->live = fleet_random_chance (&self->random, 30);
  media = self->live ? choose_channel (self) : choose_film (self);
  media->media_type = g_strdup ("video");
  media->preroll_wait = MH_PREROLL_WAIT_DEFAULT;
  self->n_breaks = 0;
  self->break_at =
      !self->live && fleet_random_chance (&self->random, 50) ? 0 : G_MAXDOUBLE;
  call.media = media;
  make (listener, &call);
  mh_media_unref (media);
  make_qoe (
      self, listener, floor (fleet_random_between (&self->random, 200, 2500)));
  if (self->break_at <= 0)
    start_break (self, listener);
  else
    watch (self, listener);
}

static void
end_item (FleetViewer *self, const Listener *listener)
{
  make_plain (
      listener, self->to_the_end ? MH_CALL_COMPLETE : MH_CALL_SESSION_END);
  stay (self, FLEET_AWAY,
      fleet_random_chance (&self->random, 70)
          ? fleet_random_between (&self->random, 2, 30)
          : fleet_random_wait (&self->random, 1200));
}

static void
end_stretch (FleetViewer *self, const Listener *listener)
{
  self->position += self->stretch;
  if (self->position >= self->stop_at)
    end_item (self, listener);
  else if (self->position >= self->break_at)
    start_break (self, listener);
  else
    meet_incident (self, listener);
}

/* ---- from outside ---- */

void
fleet_viewer_init (
    FleetViewer *viewer, guint64 seed, MhTime first_at, double day_second)
{
  *viewer = (FleetViewer){
    .next_at = first_at, .random = seed, .day_second = day_second
  };
}

void
fleet_viewer_step (FleetViewer *self, FleetCallFunc call, gpointer user_data)
{
  const Listener listener = { call, user_data };

  switch (self->phase) {
    case FLEET_AWAY:
      start_item (self, &listener);
      return;
    case FLEET_AD:
      end_ad (self, &listener);
      return;
    case FLEET_WATCHING:
      end_stretch (self, &listener);
      return;
    case FLEET_REBUFFERING:
      make_plain (&listener, MH_CALL_BUFFER_COMPLETE);
      watch (self, &listener);
      return;
    case FLEET_SEEKING:
      make_plain (&listener, MH_CALL_SEEK_COMPLETE);
      watch (self, &listener);
      return;
    case FLEET_PAUSED:
      watch (self, &listener);
      return;
  }
  g_assert_not_reached ();
}

void
fleet_viewer_leave (FleetViewer *self, FleetCallFunc call, gpointer user_data)
{
  const Listener listener = { call, user_data };

  if (self->phase != FLEET_AWAY)
    make_plain (&listener, MH_CALL_SESSION_END);
  self->phase = FLEET_AWAY;
  self->next_at = MH_TIME_NEVER;
}
