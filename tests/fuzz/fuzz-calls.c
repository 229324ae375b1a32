/* fuzz-calls: any calls at any times, through the session and the protocol.
 *
 * Lines: milliseconds since the one before, the call's name, and its arguments
 * in GVariant's text format.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mh-protocol.h"
#include "mh-session.h"

#define MAX_HITS 5000

typedef struct
{
  MhConfig *config;
  MhTime at;
  guint session;
  guint hits;
} State;

/* Times and sessions do not go back, and what is made is JSON. */
static void
on_hit (MhHit *hit, gpointer user_data)
{
  State *state = user_data;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpint (hit->at, >=, state->at);
  g_assert_cmpuint (hit->session, >=, state->session);
  g_assert_true (isfinite (hit->playhead));
  state->at = hit->at;
  state->session = hit->session;
  state->hits++;
  text = mh_protocol_collection_event_text (state->config, hit, TRUE);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  mh_hit_free (hit);
}

static void
play_line (MhSession *session, const State *state, char *line, MhTime *now)
{
  char *name = NULL;
  char *details;
  long gap = strtol (line, &name, 10);
  g_autoptr (GVariant) arguments = NULL;
  g_autoptr (MhCall) call = NULL;

  *now += MH_TIME_FROM_MSEC (CLAMP (gap, 0, 100000));
  g_strchug (name);
  details = strchr (name, ' ');
  /* GVariant's texts are UTF-8, and so is what mh-structure makes. */
  if (details && g_utf8_validate (details, -1, NULL)) {
    *details++ = '\0';
    arguments = g_variant_parse (
        G_VARIANT_TYPE_VARDICT, details, NULL, NULL, NULL);
  }
  call = mh_call_parse (name, arguments, NULL);
  if (call)
    mh_session_call (session, call, *now, NULL);
  else
    mh_session_advance (session, *now);
  g_assert_cmpint (mh_session_next_deadline (session), >, *now);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const MhSessionListener listener = { .hit = on_hit };
  State state = { mh_config_new (), 0, 0, 0 };
  MhSession *session = mh_session_new (&listener, &state);
  MhTime now = 0;
  char *line;

  while (state.hits < MAX_HITS && (line = fuzz_take_line (&data, &size))) {
    play_line (session, &state, line, &now);
    g_free (line);
  }
  mh_session_free (session);
  mh_config_unref (state.config);
  return 0;
}
