/* mh-bitrate: which bitrate the media has, by what its pipeline tells.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-bitrate.h"

void
mh_bitrate_reset (MhBitrate *self)
{
  *self = (MhBitrate){ .adaptive = FALSE };
}

void
mh_bitrate_next_item (MhBitrate *self, MhTime since)
{
  MhBitrate before = *self;

  mh_bitrate_reset (self);
  self->variant = before.next;
  self->adaptive = before.next_adaptive;
  /* The first of several sinks may get there before the pipeline says so. */
  for (guint i = 0; i < before.n_streams; i++) {
    if (before.told_at[i] >= since)
      mh_bitrate_tell (self, &before.streams[i], before.told_at[i]);
  }
}

/* What is not told this time is as it was. */
static void
take (MhBitrateReport *known, const MhBitrateReport *report)
{
  known->origin = report->origin;
  known->source = report->source;
  if (report->bitrate > 0)
    known->bitrate = report->bitrate;
  if (report->nominal > 0)
    known->nominal = report->nominal;
}

static void
tell_stream (MhBitrate *self, const MhBitrateReport *report, MhTime at)
{
  guint i = 0;

  while (i < self->n_streams && self->streams[i].source != report->source)
    i++;
  if (i == MH_BITRATE_STREAMS)
    return;
  if (i == self->n_streams)
    self->streams[self->n_streams++] = (MhBitrateReport){ report->origin };
  take (&self->streams[i], report);
  self->told_at[i] = at;
}

static void
tell_variant (MhBitrate *self, const MhBitrateReport *report)
{
  if (self->adaptive && report->source != self->variant.source) {
    if (!self->next_adaptive || report->source != self->next.source)
      self->next = *report;
    self->next_adaptive = TRUE;
    take (&self->next, report);
    return;
  }
  self->adaptive = TRUE;
  take (&self->variant, report);
}

void
mh_bitrate_tell (MhBitrate *self, const MhBitrateReport *report, MhTime at)
{
  switch (report->origin) {
    case MH_BITRATE_VARIANT:
      tell_variant (self, report);
      break;
    case MH_BITRATE_CONTAINER:
      take (&self->container, report);
      break;
    case MH_BITRATE_STREAM:
      tell_stream (self, report, at);
      break;
    case MH_BITRATE_PAD:
      take (&self->pad, report);
      break;
  }
}

/* A parser counts from the start, and takes a while to notice a switch that the
 * nominal bitrate shows at once. Without switches the nominal one is what an
 * encoder was told, if anything: a header of a variable bitrate says the most
 * that there can be. */
static double
read_tags (const MhBitrate *self, const MhBitrateReport *report)
{
  double first = self->adaptive ? report->nominal : report->bitrate;

  return first > 0 ? first : MAX (report->nominal, report->bitrate);
}

double
mh_bitrate_get (const MhBitrate *self, gboolean dark)
{
  double sum = 0, largest = 0;

  if (self->variant.bitrate > 0)
    return self->variant.bitrate;
  if (self->container.bitrate > 0 || self->container.nominal > 0)
    return read_tags (self, &self->container);
  if (dark)
    return read_tags (self, &self->pad);
  for (guint i = 0; i < self->n_streams; i++) {
    double bitrate = read_tags (self, &self->streams[i]);

    if (bitrate <= 0)
      return 0;
    sum += bitrate;
    largest = MAX (largest, bitrate);
  }
  return self->adaptive ? largest : sum;
}

gboolean
mh_bitrate_is_exact (const MhBitrate *self)
{
  return self->variant.bitrate > 0;
}
