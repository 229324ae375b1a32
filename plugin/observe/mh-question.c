/* mh-question: what a pipeline is asked at a time, and its answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-question.h"

MhQuestion *
mh_question_new (guint asks)
{
  MhQuestion *self = g_new0 (MhQuestion, 1);

  self->asks = asks;
  self->position = -1;
  self->position_at = MH_TIME_NONE;
  self->position_end = -1;
  self->percent = -1;
  self->info_at = MH_TIME_NONE;
  return self;
}

void
mh_question_free (MhQuestion *self)
{
  mh_stream_info_clear (&self->info);
  g_free (self->uri);
  g_free (self);
}
