/* fuzz-answer: what a server may answer, through the protocol.
 *
 * Lines: the event's number and the status, Location, Retry-After ("-": there
 * is none); the rest is the body.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mh-protocol.h"

static const char *
header (const char *line)
{
  return line && strcmp (line, "-") != 0 ? line : NULL;
}

/* For people, in one line, and only where there is something to tell. */
static void
check (const MhOutcome *outcome, gboolean identifies)
{
  g_assert_cmpint (
      outcome->kind == MH_OUTCOME_ACCEPTED, ==, outcome->reason == NULL);
  g_assert_cmpint (outcome->retry_after, >=, 0);
  g_assert_cmpint (outcome->retry_after, <=, MH_TIME_FROM_SEC (24 * 60 * 60));
  if (outcome->kind == MH_OUTCOME_ACCEPTED && identifies)
    g_assert_true (mh_protocol_check_session_id (
        outcome->session_id, strlen (outcome->session_id)));
  else
    g_assert_null (outcome->session_id);
  g_assert_true (!outcome->hint || mh_protocol_check_hint (outcome->hint));
  for (const char *c = outcome->reason; c && *c; c++)
    g_assert_true (g_ascii_isprint (*c) || *c & 0x80);
}

static void
judge (const MhProtocol *protocol, MhEvent event, const MhAnswer *answer)
{
  g_auto (MhOutcome) outcome = { 0 };
  g_auto (MhOutcome) batch = { 0 };

  protocol->answer (event, answer, 1700000000, &outcome);
  check (&outcome, event == MH_EVENT_SESSION_START && !protocol->join);
  if (!protocol->batch_answer)
    return;
  protocol->batch_answer (answer, 1700000000, &batch);
  check (&batch, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *numbers = fuzz_take_line (&data, &size);
  g_autofree char *location = fuzz_take_line (&data, &size);
  g_autofree char *retry_after = fuzz_take_line (&data, &size);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  MhAnswer answer = { .location = header (location),
    .retry_after = header (retry_after),
    .body = body };
  char *end;
  MhEvent event;

  if (!numbers)
    return 0;
  event = (MhEvent) (strtoul (numbers, &end, 10) % MH_N_EVENTS);
  answer.status = (guint) (strtoul (end, NULL, 10) % 1000);
  if (answer.status < 100)
    answer.status = 0;
  for (guint i = 0; i < MH_N_PROTOCOLS; i++)
    judge (mh_protocol_get ((MhProtocolKind) i), event, &answer);
  return 0;
}
