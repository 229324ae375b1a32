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
update_report (MhBitrateReport *known, const MhBitrateReport *report)
{
  known->origin = report->origin;
  known->source = report->source;
  known->stream = report->stream;
  if (report->bitrate > 0)
    known->bitrate = report->bitrate;
  if (report->nominal > 0)
    known->nominal = report->nominal;
}

/* One sink has one stream, and a stream may have several sinks. */
static gboolean
is_same (const MhBitrateReport *known, const MhBitrateReport *report)
{
  return known->source == report->source ||
      (report->stream != 0 && known->stream == report->stream);
}

static void
tell_stream (MhBitrate *self, const MhBitrateReport *report, MhTime at)
{
  guint i = 0;

  while (i < self->n_streams && !is_same (&self->streams[i], report))
    i++;
  if (i == MH_BITRATE_STREAMS)
    return;
  if (i == self->n_streams)
    self->streams[self->n_streams++] = (MhBitrateReport){ report->origin };
  update_report (&self->streams[i], report);
  self->told_at[i] = at;
}

static void
tell_variant (MhBitrate *self, const MhBitrateReport *report)
{
  if (self->adaptive && report->source != self->variant.source) {
    if (!self->next_adaptive || report->source != self->next.source)
      self->next = *report;
    self->next_adaptive = TRUE;
    update_report (&self->next, report);
    return;
  }
  self->adaptive = TRUE;
  update_report (&self->variant, report);
}

void
mh_bitrate_tell (MhBitrate *self, const MhBitrateReport *report, MhTime at)
{
  switch (report->origin) {
    case MH_BITRATE_VARIANT:
      tell_variant (self, report);
      break;
    case MH_BITRATE_CONTAINER:
      update_report (&self->container, report);
      break;
    case MH_BITRATE_STREAM:
      tell_stream (self, report, at);
      break;
    case MH_BITRATE_PAD:
      update_report (&self->pad, report);
      break;
  }
}

/* The nominal one is what an encoder was told, if anything: a header of a
 * variable bitrate says the most that there can be. */
static double
read_tags (const MhBitrateReport *report)
{
  return report->bitrate > 0 ? report->bitrate : report->nominal;
}

/* Demuxers of adaptive streams count each fragment, of all the streams that are
 * in it, and call that nominal. A parser takes half a minute to notice what has
 * changed there at once. */
static double
largest_fragment (const MhBitrate *self)
{
  double largest = 0;

  for (guint i = 0; i < self->n_streams && self->adaptive; i++)
    largest = MAX (largest, self->streams[i].nominal);
  return largest;
}

static double
sum_of_streams (const MhBitrate *self)
{
  double sum = 0;

  for (guint i = 0; i < self->n_streams; i++) {
    double bitrate = read_tags (&self->streams[i]);

    if (bitrate <= 0)
      return 0;
    sum += bitrate;
  }
  return sum;
}

double
mh_bitrate_get (const MhBitrate *self, gboolean bus_is_hidden)
{
  double bitrate = self->variant.bitrate;

  if (bitrate <= 0)
    bitrate = read_tags (&self->container);
  if (bitrate <= 0 && bus_is_hidden)
    return read_tags (&self->pad);
  if (bitrate <= 0)
    bitrate = largest_fragment (self);
  return bitrate > 0 ? bitrate : sum_of_streams (self);
}

gboolean
mh_bitrate_is_exact (const MhBitrate *self)
{
  return self->variant.bitrate > 0;
}
