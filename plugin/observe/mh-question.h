/* mh-question: what a pipeline is asked at a time, and its answers.
 *
 * The worker fills in what is asked, and hands the question to the query thread,
 * which fills in the answers and hands it back: one thread has it at a time.
 *
 * May touch: mh-controls' view, mh-settings-media, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-controls.h"
#include "mh-settings-media.h"
#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhAsk:
 *
 * What the pipeline may be asked at the same time.
 */
typedef enum
{
  MH_ASK_POSITION = 1 << 0,
  MH_ASK_PERCENT = 1 << 1,
  MH_ASK_INFO = 1 << 2,
  MH_ASK_URI = 1 << 3,
  MH_ASK_CONTROLS = 1 << 4,
} MhAsk;

/**
 * MhQuestion:
 * @asks: #MhAsk: what is asked
 * @id: of the question
 * @changes: how often the pipeline had changed: after another change it is not
 *   asked for its position
 * @group: of the streams that the answer is to be about
 * @controls_at: since when the controls may show what they show
 * @position: answer: ns, or -1
 * @position_at: when that was so; %MH_TIME_NONE: the answer took too long to tell
 * @position_end: stream time of the end of the last buffer seen then, ns, or -1
 * @percent: answer: how full the peer's buffer is, or -1
 * @info: answer: what is played
 * @info_at: when it was asked; %MH_TIME_NONE: it was not
 * @uri: (nullable): answer: where the media comes from
 * @view: answer: what the controls show
 */
typedef struct
{
  guint asks;
  guint id;
  int changes;
  guint group;
  MhTime controls_at;

  gint64 position;
  MhTime position_at;
  gint64 position_end;
  int percent;
  MhStreamInfo info;
  MhTime info_at;
  char *uri;
  MhControlsView view;
} MhQuestion;

/**
 * mh_question_new:
 * @asks: #MhAsk
 *
 * Returns: (transfer full): a question that has not been asked.
 */
MhQuestion *mh_question_new (guint asks);
void mh_question_free (MhQuestion *question);

G_END_DECLS
