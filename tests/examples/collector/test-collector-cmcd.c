/* Tests of collector-cmcd: lines of structured fields.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-client.h"
#include "collector-cmcd.h"

#include <string.h>

static void
test_parse (void)
{
  g_autofree char *reason = NULL;
  g_autoptr (GHashTable) keys = collector_cmcd_parse (
      "bs,br=(3200;v 128;a),cid=\"a\\\"b,c=\\\\\",ec=(\"x)\" \"y\"),e=ps,v=2",
      &reason);

  g_assert_nonnull (keys);
  g_assert_cmpuint (g_hash_table_size (keys), ==, 6);
  g_assert_cmpstr (g_hash_table_lookup (keys, "bs"), ==, "?1");
  g_assert_cmpstr (g_hash_table_lookup (keys, "br"), ==, "(3200;v 128;a)");
  g_assert_cmpstr (g_hash_table_lookup (keys, "cid"), ==, "a\"b,c=\\");
  g_assert_cmpstr (g_hash_table_lookup (keys, "ec"), ==, "(\"x)\" \"y\")");
  g_assert_cmpstr (g_hash_table_lookup (keys, "e"), ==, "ps");
}

static void
test_parse_broken (void)
{
  static const char *const broken[] = { "", ",", "a=", "a=\"", "a=\"b\\",
    "a=(1", "a=(\"b)", "a=\"b\"c", "a,", "=1", "a=1,,b" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *reason = NULL;

    g_assert_null (collector_cmcd_parse (broken[i], &reason));
    g_assert_nonnull (reason);
  }
}

/* ---- requests ---- */

static void
on_report (const CollectorReport *report, gpointer user_data)
{
  CollectorClient *f = user_data;

  g_assert_cmpstr (report->protocol, ==, "cmcd");
  if (report->accepted)
    g_string_append_printf (f->reports, "%s%s:%s:%s ",
        report->repeated ? "repeated:" : "", report->session_id,
        json_object_get_string_member (report->event, "eventType"),
        collector_state_name (report->state));
  else
    g_string_append_printf (
        f->reports, "%u:%s ", report->status, report->reason);
}

static void
set_up (CollectorClient *f, gconstpointer data)
{
  collector_client_set_up (f, FALSE, NULL, on_report);
}

static guint
post (CollectorClient *f, const char *text)
{
  return collector_client_post_text (
      f, "/cmcd", "application/cmcd", text, NULL);
}

#define LINE(rest, sn, ts) rest ",sid=\"s\",sn=" sn ",ts=" ts ",v=2"

static void
test_session (CollectorClient *f, gconstpointer data)
{
  g_assert_cmpuint (
      post (f, LINE ("cid=\"c%C3%A4\",e=ps,sta=s", "0", "1000")), ==, 204);
  g_assert_cmpuint (
      post (f,
          LINE ("e=ps,sta=p", "1", "2000") "\n" LINE ("e=ps,sta=r", "2",
              "3000") "\n" LINE ("e=ps,sta=k", "3", "4000") "\n" LINE ("e=h",
              "4", "4500") "\n" LINE ("cen=\"chapterStart\",e=ce", "5",
              "5000") "\n" LINE ("e=m", "6", "6000") "\n" LINE ("e=ps,sta=q",
              "7", "7000") "\n"),
      ==, 204);
  g_assert_cmpstr (f->reports->str, ==,
      "s:sessionStart:start s:play:playing s:bufferStart:buffering "
      "s:pauseStart:paused s:chapterStart:paused s:stateStart:paused "
      "s:sessionEnd:ended ");
  /* What came before. */
  g_string_truncate (f->reports, 0);
  g_assert_cmpuint (post (f, LINE ("e=m", "6", "6000")), ==, 204);
  g_assert_cmpstr (f->reports->str, ==, "repeated:s:stateStart:ended ");
}

static void
note_event (const CollectorReport *report, gpointer user_data)
{
  collector_client_note (user_data, report, "");
}

static void
set_up_events (CollectorClient *f, gconstpointer data)
{
  collector_client_set_up (f, FALSE, NULL, note_event);
}

/* The first line has no playhead: the session may begin anywhere. */
static void
test_untold_playhead (CollectorClient *f, gconstpointer data)
{
  post (f,
      LINE ("e=ps,sta=s", "0", "1000") "\n" LINE (
          "e=ps,pt=5000,sta=p", "1", "2000"));
  collector_client_assert_reported (f,
      "{'playerTime':{'ts':1000},'eventType':'sessionStart','sn':0,"
      "'params':{'media.contentType':'vod'}}\n"
      "{'playerTime':{'playhead':5.0,'ts':2000},'eventType':'play','sn':1}\n");
}

static void
test_refused (CollectorClient *f, gconstpointer data)
{
  g_assert_cmpuint (post (f, LINE ("e=t", "0", "1000") "\ne=t,v=2"), ==, 400);
  g_assert_cmpuint (post (f, "e=t,sid=\"s\",sn=0,ts=1,v=1"), ==, 400);
  g_assert_cmpuint (post (f, "{}"), ==, 400);
  g_assert_cmpstr (f->reports->str, ==,
      "400:line 2: sid is missing 400:line 1: v must be 2 "
      "400:line 1: e is missing ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collector-cmcd/parse", test_parse);
  g_test_add_func ("/collector-cmcd/parse/broken", test_parse_broken);
  g_test_add ("/collector-cmcd/session", CollectorClient, NULL, set_up,
      test_session, collector_client_tear_down);
  g_test_add ("/collector-cmcd/playhead/untold", CollectorClient, NULL,
      set_up_events, test_untold_playhead, collector_client_tear_down);
  g_test_add ("/collector-cmcd/refused", CollectorClient, NULL, set_up,
      test_refused, collector_client_tear_down);
  return g_test_run ();
}
