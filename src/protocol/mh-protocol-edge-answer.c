/* mh-protocol-edge-answer: what the Media Edge API's answers mean
 * (docs/design/wire-media-edge.md#answers).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <string.h>

#include "mh-json.h"

/* ---- reading ---- */

/* Whether @root has an error whose type ends in @code. The beginnings of the
 * types differ. */
static gboolean
has_error (JsonObject *root, const char *code)
{
  JsonArray *errors = mh_json_get_array (root, "errors");

  for (guint i = 0; i < mh_json_count (errors); i++) {
    const char *type = mh_json_get_text (
        mh_json_get_element (errors, i), "type");

    if (type && g_str_has_suffix (type, code))
      return TRUE;
  }
  return FALSE;
}

/* The member @name of the first item of @handle that is fit for @fits. */
static char *
find_payload (JsonObject *handle, const char *scope, const char *name,
    gboolean (*fits) (const char *text))
{
  JsonArray *payload = mh_json_get_array (handle, "payload");

  for (guint i = 0; i < mh_json_count (payload); i++) {
    JsonObject *item = mh_json_get_element (payload, i);
    const char *text = mh_json_get_text (item, name);

    if (text && fits (text) &&
        (!scope || g_strcmp0 (mh_json_get_text (item, "scope"), scope) == 0))
      return g_strdup (text);
  }
  return NULL;
}

static char *
find_handle (JsonObject *root, const char *type, const char *scope,
    const char *name, gboolean (*fits) (const char *text))
{
  JsonArray *handles = mh_json_get_array (root, "handle");
  char *found = NULL;

  for (guint i = 0; i < mh_json_count (handles) && !found; i++) {
    JsonObject *handle = mh_json_get_element (handles, i);

    if (g_strcmp0 (mh_json_get_text (handle, "type"), type) == 0)
      found = find_payload (handle, scope, name, fits);
  }
  return found;
}

static gboolean
is_session_id (const char *text)
{
  return mh_protocol_check_session_id (text, strlen (text));
}

/* ---- judging ---- */

static gboolean
is_internal (guint status)
{
  return status == 500 || status == 501 || status == 505;
}

/* The server's own failures are not repeated for ever, as the API says that they
 * are not worth it: but for as long as it takes nothing else, it is away. */
static gboolean
server_failed (const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  if (!mh_protocol_status_outcome (answer, utc_now, outcome))
    return FALSE;
  if (is_internal (answer->status))
    outcome->kind = MH_OUTCOME_DOUBT;
  return TRUE;
}

static void
judge_start (const MhAnswer *answer, MhOutcome *outcome)
{
  g_autoptr (JsonObject) root = mh_json_parse (answer->body);

  outcome->session_id = find_handle (
      root, "media-analytics:new-session", NULL, "sessionId", is_session_id);
  if (outcome->session_id) {
    outcome->hint = find_handle (root, "locationHint:result", "EdgeNetwork",
        "hint", mh_protocol_check_hint);
    return;
  }
  /* Media Analytics is not enabled, or no consent has been given; or what has
   * answered is not the API. */
  outcome->reason = mh_protocol_describe (
      answer, "an answer without a usable session ID");
  if (has_error (root, "0400-400")) {
    outcome->kind = MH_OUTCOME_REFUSED;
    return;
  }
  outcome->kind = MH_OUTCOME_RETRY;
  outcome->tries = MH_PROTOCOL_TRIES;
}

static void
judge_event (const MhAnswer *answer, MhOutcome *outcome)
{
  g_autoptr (JsonObject) root = mh_json_parse (answer->body);

  if (has_error (root, "0404-404"))
    outcome->kind = MH_OUTCOME_EXPIRED;
  else if (has_error (root, "0400-400"))
    outcome->kind = MH_OUTCOME_REFUSED;
  else
    return;
  outcome->repeated = TRUE;
  outcome->reason = mh_protocol_describe (answer, "an error");
}

void
mh_protocol_edge_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  gboolean starts = event == MH_EVENT_SESSION_START;

  if (server_failed (answer, utc_now, outcome)) {
    if (!starts && outcome->kind == MH_OUTCOME_REFUSED)
      mh_protocol_refine_event_refusal (answer, outcome);
    return;
  }
  if (starts)
    judge_start (answer, outcome);
  else
    judge_event (answer, outcome);
}

void
mh_protocol_edge_batch_answer (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  g_autoptr (JsonObject) root = NULL;

  if (server_failed (answer, utc_now, outcome))
    return;
  root = mh_json_parse (answer->body);
  if (!has_error (root, "0400-400"))
    return;
  outcome->kind = MH_OUTCOME_REFUSED;
  outcome->reason = mh_protocol_describe (answer, "an error");
}
