/* Tests of mh-protocol-redate: a hit of a wrong wall clock is as it would have been
 * encoded with the right one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"

#include <math.h>
#include <string.h>

/* Five minutes after 1970 began, and 2026-11-28T20:00:00Z, in ms. */
#define WRONG G_GINT64_CONSTANT (300250)
#define RIGHT G_GINT64_CONSTANT (1795896000125)

#define LIVE (-1)

static const struct
{
  const char *name;
  MhProtocolKind kind;
  MhFraming framing;
} forms[] = {
  { "media-collection", MH_PROTOCOL_MEDIA_COLLECTION, MH_FRAMING_ROWS },
  { "media-edge", MH_PROTOCOL_MEDIA_EDGE, MH_FRAMING_ROWS },
  { "events", MH_PROTOCOL_EVENTS, MH_FRAMING_ROWS },
  { "cloudevents", MH_PROTOCOL_EVENTS, MH_FRAMING_CLOUDEVENTS },
  { "cmcd", MH_PROTOCOL_CMCD, MH_FRAMING_ROWS },
};

static MhConfig *
new_config (guint form)
{
  MhConfig *config = mh_config_new ();

  config->protocol = forms[form].kind;
  config->framing = forms[form].framing;
  config->collection_server = g_strdup ("https://h.example");
  config->player_name = g_strdup ("p\",\"ts\":7,\"timestamp\":\"7\",ts=7,pt=7");
  config->channel = g_strdup ("\"time\":\"7\",\"playhead\":7");
  config->app_installation_id = g_strdup ("\"time\":\"7");
  return config;
}

static GVariant *
new_metadata (void)
{
  return g_variant_new_parsed (
      "{'ts': '7', 'time': '7', 'timestamp': '7', 'playhead': '7'}");
}

/* @playhead: seconds, or %LIVE: the second of the day. */
static GBytes *
encode (guint form, MhEvent event, double playhead, gint64 ts)
{
  g_autoptr (MhConfig) config = new_config (form);
  double second = fmod ((double) ts / 1000, 86400);
  GVariant *params = event == MH_EVENT_SESSION_START
      ? g_variant_new_parsed ("{'media.id': <'a,ts=1,pt=1'>, 'media.length': "
                              "<86400.0>, 'media.contentType': <'live'>}")
      : NULL;
  g_autoptr (MhHit) hit = mh_hit_new (event, 0,
      playhead == LIVE ? second : playhead, 0, params, new_metadata (), NULL);
  MhSessionTrail trail = { .seq = 2, .session = "s", .id = "i" };

  hit->ts = ts;
  g_strlcpy (trail.content, "a,ts=1,pt=1", sizeof trail.content);
  return mh_protocol_get (forms[form].kind)->encode (config, hit, &trail);
}

static void
assert_redated (guint form, MhEvent event, double playhead, gint64 from,
    gint64 to, gboolean changed)
{
  g_autoptr (GBytes) before = encode (form, event, playhead, from);
  g_autoptr (GBytes) wanted = encode (form, event, playhead, to);
  g_autoptr (GBytes) after = mh_protocol_redate (
      mh_protocol_get (forms[form].kind)->clocks, before, to - from);
  gsize length, wanted_length;
  const char *text = g_bytes_get_data (after, &length);
  const char *wanted_text = g_bytes_get_data (wanted, &wanted_length);
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *wanted_copy = g_strndup (wanted_text, wanted_length);

  g_assert_cmpstr (copy, ==, wanted_copy);
  g_assert_true (g_bytes_equal (before, after) != changed);
}

static void
test_form (gconstpointer data)
{
  guint form = GPOINTER_TO_UINT (data);
  static const MhEvent events[] = { MH_EVENT_SESSION_START, MH_EVENT_PING,
    MH_EVENT_AD_START, MH_EVENT_SESSION_END };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    assert_redated (form, events[i], 12.5, WRONG, RIGHT, TRUE);
    assert_redated (form, events[i], 0, WRONG, RIGHT, TRUE);
    assert_redated (form, events[i], LIVE, WRONG, RIGHT, TRUE);
    assert_redated (form, events[i], LIVE, RIGHT, WRONG, TRUE);
    assert_redated (form, events[i], LIVE, RIGHT, RIGHT, FALSE);
  }
}

/* What has been stored may be anything. */
static void
test_damaged (gconstpointer data)
{
  guint form = GPOINTER_TO_UINT (data);
  static const char *const texts[] = { "", "{", "{}", "{\"ts\":", "{\"ts\":x",
    "{\"ts\":99999999999999999999}", "{\"timestamp\":\"\"",
    "{\"timestamp\":\"2026-99-99T20:00:00.000Z\"",
    "{\"specversion\"\"time\":\"", "{\"id\"\"ts\":-", ",ts=", ",pt=,ts=-" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) body = g_bytes_new (texts[i], strlen (texts[i]));
    g_autoptr (GBytes) after = mh_protocol_redate (
        mh_protocol_get (forms[form].kind)->clocks, body, 5000);

    g_assert_true (g_bytes_equal (body, after));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *path = g_strdup_printf ("/redate/%s", forms[i].name);
    g_autofree char *damaged = g_strdup_printf ("%s/damaged", path);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_form);
    g_test_add_data_func (damaged, GUINT_TO_POINTER (i), test_damaged);
  }
  return g_test_run ();
}
