/* Tests of mh-protocol: what holds for every HTTP back end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"

#include <string.h>

#include "mh-protocol-private.h"

/* 2026-11-06 08:49:37 UTC */
#define UTC_NOW 1793954977

static void
test_get (void)
{
  g_assert_true (mh_protocol_get (MH_PROTOCOL_MEDIA_COLLECTION) ==
      &mh_protocol_collection);
  g_assert_true (mh_protocol_get (MH_PROTOCOL_MEDIA_EDGE) == &mh_protocol_edge);
}

static void
test_join (void)
{
  static const char *const servers[] = { "https://a.example/x",
    "https://a.example/x/", "https://a.example/x//" };

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autofree char *uri = mh_protocol_join (servers[i], "api/v1");

    g_assert_cmpstr (uri, ==, "https://a.example/x/api/v1");
  }
}

static gboolean
check_id (const char *id)
{
  return mh_protocol_check_session_id (id, strlen (id));
}

static void
test_session_id (void)
{
  g_autofree char *longest = g_strnfill (MH_SESSION_ID_MAX, 'a');
  g_autofree char *too_long = g_strnfill (MH_SESSION_ID_MAX + 1, 'a');

  g_assert_true (check_id ("azAZ09_-"));
  g_assert_true (check_id (longest));
  g_assert_false (check_id (too_long));
  g_assert_false (check_id (""));
  g_assert_false (check_id ("a/b"));
  g_assert_false (check_id (".."));
  g_assert_false (check_id ("a b"));
  g_assert_false (check_id ("a%2fb"));
  g_assert_false (check_id ("\xc3\xa9"));
  g_assert_false (mh_protocol_check_session_id ("a\0b", 3));
}

/* What a bare answer with a status is: the server's own word, or perhaps that
 * of what is in between. */
static gboolean
is_refusal (guint status)
{
  switch (status) {
    case 400:
    case 404:
    case 410:
    case 413:
    case 414:
    case 415:
    case 422:
    case 431:
      return TRUE;
    default:
      return FALSE;
  }
}

static void
test_status_kinds (void)
{
  for (guint status = 0; status < 700; status++) {
    g_auto (MhOutcome) outcome = { 0 };
    gboolean handled = mh_protocol_status_outcome (
        &(MhAnswer){ .status = status }, UTC_NOW, &outcome);
    gboolean refused = is_refusal (status);

    g_assert_cmpint (handled, ==, status / 100 != 2);
    if (!handled)
      continue;
    g_assert_cmpint (
        outcome.kind, ==, refused ? MH_OUTCOME_REFUSED : MH_OUTCOME_RETRY);
    g_assert_cmpint (outcome.retry_after, ==, 0);
    g_assert_null (outcome.session_id);
    g_assert_nonnull (outcome.reason);
  }
}

static gint64
retry_after (guint status, const char *header)
{
  g_auto (MhOutcome) outcome = { 0 };

  g_assert_true (mh_protocol_status_outcome (
      &(MhAnswer){ .status = status, .retry_after = header }, UTC_NOW,
      &outcome));
  g_assert_cmpint (outcome.retry_after % MH_USEC_PER_SEC, ==, 0);
  return outcome.retry_after / MH_USEC_PER_SEC;
}

static void
test_retry_after_seconds (void)
{
  g_assert_cmpint (retry_after (503, "120"), ==, 120);
  g_assert_cmpint (retry_after (429, " 7 "), ==, 7);
  g_assert_cmpint (retry_after (503, "0"), ==, 0);
  g_assert_cmpint (retry_after (503, "86401"), ==, 86400);
  g_assert_cmpint (retry_after (503, "99999999999999999999999"), ==, 86400);
  g_assert_cmpint (retry_after (400, "120"), ==, 0);
}

static void
test_retry_after_date (void)
{
  g_assert_cmpint (retry_after (503, "Fri, 06 Nov 2026 08:50:37 GMT"), ==, 60);
  g_assert_cmpint (retry_after (503, "Friday, 06-Nov-26 08:50:37 GMT"), ==, 60);
  g_assert_cmpint (retry_after (503, "Fri Nov  6 08:50:37 2026"), ==, 60);
  /* Gone by, and too far off. */
  g_assert_cmpint (retry_after (503, "Sun, 06 Nov 1994 08:49:37 GMT"), ==, 0);
  g_assert_cmpint (
      retry_after (503, "Fri, 06 Nov 2099 08:49:37 GMT"), ==, 86400);
}

static void
test_retry_after_garbage (void)
{
  static const char *const headers[] = { "", " ", "-5", "+5", "1.5", "5s",
    "0x10", "5 6", "soon", "Fri, 32 Nov 2026 08:50:37 GMT",
    "Fri, 06 Foo 2026 08:50:37 GMT", "Fri, 06 Nov 2026 28:50:37 GMT",
    "Fri, 06 Nov 2026", "Fri, 06 Nov -026 08:50:37 GMT", "\xff\xfe" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    g_assert_cmpint (retry_after (503, headers[i]), ==, 0);
}

/* The reason for a 400 with that body. */
static char *
reason_for (const char *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_auto (MhOutcome) outcome = { 0 };

  g_assert_true (mh_protocol_status_outcome (
      &(MhAnswer){ .status = 400, .body = body }, UTC_NOW, &outcome));
  g_assert_cmpuint (strlen (outcome.reason), <=, 200);
  g_assert_true (g_utf8_validate (outcome.reason, -1, NULL));
  return g_steal_pointer (&outcome.reason);
}

static void
assert_reason (const char *text, const char *wanted)
{
  g_autofree char *reason = reason_for (text, strlen (text));

  g_assert_cmpstr (reason, ==, wanted);
}

static void
test_reason (void)
{
  g_autofree char *binary = reason_for ("a\0b", 3);

  g_assert_cmpstr (binary, ==, "HTTP 400");
  assert_reason ("", "HTTP 400");
  assert_reason (" \n", "HTTP 400");
  assert_reason ("no media.id", "HTTP 400: no media.id");
  assert_reason ("\r\na\t\nb\x1b[31m\n", "HTTP 400: a b [31m");
  /* A line separator and a right-to-left override. */
  assert_reason ("a\xe2\x80\xa8"
                 "b\xe2\x80\xae"
                 "c",
      "HTTP 400: a b c");
  assert_reason ("caf\xe9", "HTTP 400");
}

static void
test_reason_long (void)
{
  /* At each offset the cut falls elsewhere into a character. */
  for (guint offset = 0; offset < 4; offset++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *reason = NULL;

    for (guint i = 0; i < offset; i++)
      g_string_append_c (text, 'x');
    for (guint i = 0; i < 20000; i++)
      g_string_append (text, "🎬");
    reason = reason_for (text->str, text->len);
    g_assert_cmpuint (strlen (reason), >, 140);
    g_assert_true (g_str_has_suffix (reason, "🎬"));
  }
}

static void
test_reason_error (void)
{
  g_autoptr (GError) error = g_error_new_literal (
      MH_ERROR, MH_ERROR_TRANSPORT, "connection\nrefused");
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_status_outcome (&(MhAnswer){ .error = error }, UTC_NOW, &outcome);
  g_assert_cmpstr (outcome.reason, ==, "no answer: connection refused");
}

/* What people have set is told as it is, and whole. */
static void
test_reason_config (void)
{
  g_autofree char *message = g_strnfill (1000, 'x');
  g_autoptr (GError)
      error = g_error_new_literal (MH_ERROR, MH_ERROR_CONFIG, message);
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_status_outcome (&(MhAnswer){ .error = error }, UTC_NOW, &outcome);
  g_assert_cmpint (outcome.kind, ==, MH_OUTCOME_RETRY);
  g_assert_cmpstr (outcome.reason, ==, message);
}

static void
test_status_json (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static (" {\"title\": \"no\"}", 16);

  for (guint status = 400; status < 500; status++) {
    g_auto (MhOutcome) outcome = { 0 };
    gboolean refused = status != 407 && status != 408 && status != 425 &&
        status != 429;

    g_assert_true (mh_protocol_status_outcome (
        &(MhAnswer){ .status = status, .body = body }, UTC_NOW, &outcome));
    g_assert_cmpint (
        outcome.kind, ==, refused ? MH_OUTCOME_REFUSED : MH_OUTCOME_RETRY);
  }
}

/* A gateway that gives up may have handed the request on. */
static void
test_status_untaken (void)
{
  static const guint taken[] = { 0, 500, 502, 504 };
  static const guint untaken[] = { 302, 403, 407, 429, 503, 511 };
  g_auto (MhOutcome) outcome = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    mh_protocol_status_outcome (
        &(MhAnswer){ .status = taken[i] }, UTC_NOW, &outcome);
    g_assert_false (outcome.untaken);
    mh_outcome_clear (&outcome);
  }
  for (guint i = 0; i < G_N_ELEMENTS (untaken); i++) {
    mh_protocol_status_outcome (
        &(MhAnswer){ .status = untaken[i] }, UTC_NOW, &outcome);
    g_assert_true (outcome.untaken);
    mh_outcome_clear (&outcome);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/get", test_get);
  g_test_add_func ("/protocol/join", test_join);
  g_test_add_func ("/protocol/session-id", test_session_id);
  g_test_add_func ("/protocol/status/kinds", test_status_kinds);
  g_test_add_func ("/protocol/status/json", test_status_json);
  g_test_add_func ("/protocol/status/untaken", test_status_untaken);
  g_test_add_func ("/protocol/retry-after/seconds", test_retry_after_seconds);
  g_test_add_func ("/protocol/retry-after/date", test_retry_after_date);
  g_test_add_func ("/protocol/retry-after/garbage", test_retry_after_garbage);
  g_test_add_func ("/protocol/reason", test_reason);
  g_test_add_func ("/protocol/reason/long", test_reason_long);
  g_test_add_func ("/protocol/reason/error", test_reason_error);
  g_test_add_func ("/protocol/reason/config", test_reason_config);
  return g_test_run ();
}
