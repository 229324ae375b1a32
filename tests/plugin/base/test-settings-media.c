/* Tests of mh-settings-media.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-settings-media.h"
#include "mh-text.h"

static void
count_warning (const char *message, gpointer user_data)
{
  g_assert_null (strchr (message, '\n'));
  g_ptr_array_add (user_data, g_strdup (message));
}

/* Takes the settings. What is complained about. */
static GPtrArray *
check (MhSettings *settings)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);

  mh_settings_check (settings, count_warning, warnings);
  mh_settings_unref (settings);
  return warnings;
}

static void
assert_warns (MhSettings *settings, const char *about)
{
  g_autoptr (GPtrArray) warnings = check (settings);

  g_assert_cmpuint (warnings->len, ==, about ? 1 : 0);
  if (about)
    g_assert_nonnull (strstr (warnings->pdata[0], about));
}

static MhSettings *
make (const char *server)
{
  MhSettings *settings = mh_settings_new ();

  settings->config->collection_server = g_strdup (server);
  return settings;
}

static void
test_defaults (void)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();

  g_assert_null (settings->media_id);
  g_assert_cmpfloat (settings->media_length, ==, -1);
  g_assert_cmpint (settings->media_type, ==, MH_MEDIA_TYPE_AUTO);
  g_assert_cmpuint (settings->preroll_wait, ==, 250);
  g_assert_cmpuint (settings->stall_threshold, ==, 2000);
  g_assert_cmpint (settings->privacy, ==, MH_PRIVACY_OPT_IN);
  g_assert_cmpuint (settings->flush_timeout, ==, 500);
  g_assert_true (settings->post_messages);
  g_assert_true (settings->auto_metadata);
}

static void
test_copy (void)
{
  g_autoptr (MhSettings) settings = make ("https://a.example");
  g_autoptr (MhSettings) copy = NULL;

  settings->media_id = g_strdup ("id");
  settings->metadata = g_variant_ref_sink (g_variant_new_parsed ("{'a': 'b'}"));
  copy = mh_settings_copy (mh_settings_ref (settings));
  mh_settings_unref (settings);
  g_free (copy->media_id);
  copy->media_id = g_strdup ("other");
  g_free (copy->config->collection_server);
  copy->config->collection_server = NULL;
  g_assert_cmpstr (settings->media_id, ==, "id");
  g_assert_cmpstr (
      settings->config->collection_server, ==, "https://a.example");
  g_assert_true (copy->metadata == settings->metadata);
}

/* What happens now has no place to come back to, nor has what is not named. */
static void
test_remembers (void)
{
  g_autoptr (MhSettings) settings = make (NULL);
  MhStreamInfo info = { .fallback_id = (char *) "pipeline0", .duration = -1 };
  const struct
  {
    const char *uri, *media_id, *content_type;
    gboolean live, remember;
    MhPrivacy privacy;
    gboolean wanted;
  } cases[] = {
    { "file:///a", NULL, NULL, FALSE, TRUE, MH_PRIVACY_OPT_IN, TRUE },
    { NULL, "id", NULL, FALSE, TRUE, MH_PRIVACY_OPT_IN, TRUE },
    { NULL, "id", "podcast", FALSE, TRUE, MH_PRIVACY_OPT_IN, TRUE },
    { NULL, NULL, NULL, FALSE, TRUE, MH_PRIVACY_OPT_IN, FALSE },
    { NULL, "id", NULL, FALSE, FALSE, MH_PRIVACY_OPT_IN, FALSE },
    { NULL, "id", NULL, TRUE, TRUE, MH_PRIVACY_OPT_IN, FALSE },
    { NULL, "id", "live", FALSE, TRUE, MH_PRIVACY_OPT_IN, FALSE },
    { NULL, "id", "linear", FALSE, TRUE, MH_PRIVACY_OPT_IN, FALSE },
    { NULL, "id", NULL, FALSE, TRUE, MH_PRIVACY_OPT_OUT, FALSE },
    { NULL, "id", NULL, FALSE, TRUE, MH_PRIVACY_UNKNOWN, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (MhSettings) copy = mh_settings_copy (settings);
    g_autoptr (MhMedia) media = NULL;

    copy->media_id = g_strdup (cases[i].media_id);
    copy->content_type = g_strdup (cases[i].content_type);
    copy->remember = cases[i].remember;
    copy->privacy = cases[i].privacy;
    info.uri = (char *) cases[i].uri;
    info.live = cases[i].live;
    media = mh_settings_make_media (copy, &info);
    g_assert_cmpint (media->remember, ==, cases[i].wanted);
  }
}

static void
test_check (void)
{
  MhSettings *settings;

  assert_warns (make (NULL), NULL);
  assert_warns (make ("http://127.0.0.1:8080"), NULL);
  assert_warns (make ("https://a.example"), "tracking-server");
  assert_warns (make ("http://a.example"), "nothing is sent");
  settings = make ("https://a.example");
  settings->config->tracking_server = g_strdup ("t");
  settings->config->report_suite = g_strdup ("r");
  settings->config->org_id = g_strdup ("o");
  assert_warns (settings, NULL);
  settings = make (NULL);
  settings->privacy = MH_PRIVACY_OPT_OUT;
  assert_warns (settings, NULL);
  settings = make (NULL);
  settings->privacy = MH_PRIVACY_UNKNOWN;
  assert_warns (settings, NULL);
  settings = make (NULL);
  settings->config->customer_ids = g_variant_ref_sink (
      g_variant_new_parsed ("{'crm': 'secret,1'}"));
  assert_warns (settings, NULL);
}

/* Each that is none is named, and what it says is not repeated. */
static void
test_check_customer_ids (void)
{
  static const char *const named[] = { "customer-ids: “one” is not",
    "customer-ids: “three” is not" };
  MhSettings *settings = make (NULL);
  g_autoptr (GPtrArray) warnings = NULL;

  settings->config->customer_ids = g_variant_ref_sink (g_variant_new_parsed (
      "{'one': 'secret', 'two': 'secret,1', 'three': 'secret,4'}"));
  warnings = check (settings);
  g_assert_cmpuint (warnings->len, ==, G_N_ELEMENTS (named));
  for (guint i = 0; i < G_N_ELEMENTS (named); i++) {
    g_assert_true (g_str_has_prefix (warnings->pdata[i], named[i]));
    g_assert_null (strstr (warnings->pdata[i], "secret"));
  }
}

/* ---- what a session goes by ---- */

static void
assert_server (MhSettings *settings, const char *server)
{
  g_autoptr (MhConfig) config = mh_settings_dup_config (settings);

  g_assert_cmpstr (config->collection_server, ==, server);
  mh_settings_unref (settings);
}

static void
test_config_server (void)
{
  MhSettings *settings;

  assert_server (make (NULL), NULL);
  assert_server (make ("https://a.example"), "https://a.example");
  assert_server (make ("http://localhost:1"), "http://localhost:1");
  assert_server (make ("http://a.example"), NULL);
  assert_server (make ("https://user:secret@a.example"), NULL);
  settings = make ("https://a.example");
  settings->privacy = MH_PRIVACY_UNKNOWN;
  assert_server (settings, "https://a.example");
  settings = make ("https://a.example");
  settings->privacy = MH_PRIVACY_OPT_OUT;
  assert_server (settings, NULL);
}

static gboolean
waits_for_consent (MhPrivacy privacy)
{
  g_autoptr (MhSettings) settings = make ("https://a.example");
  g_autoptr (MhConfig) config = NULL;

  settings->privacy = privacy;
  config = mh_settings_dup_config (settings);
  return config->consent_pending;
}

static void
test_config_consent (void)
{
  g_assert_false (waits_for_consent (MH_PRIVACY_OPT_IN));
  g_assert_true (waits_for_consent (MH_PRIVACY_UNKNOWN));
}

/* Required parameters are there, the application's own stay. */
static void
test_config_required (void)
{
  g_autoptr (MhSettings) settings = make (NULL);
  g_autoptr (MhConfig) config = NULL;

  settings->config->channel = g_strdup ("mine");
  config = mh_settings_dup_config (settings);
  g_assert_cmpstr (config->channel, ==, "mine");
  g_assert_cmpstr (config->player_name, ==, g_get_prgname ());
  g_assert_cmpstr (config->org_id, ==, "");
  g_assert_null (settings->config->org_id);
}

static void
collect_warning (const char *message, gpointer user_data)
{
  g_string_append_printf (user_data, "%s|", message);
}

/* What the Media Edge API takes nothing without has no default; Adobe's other
 * settings are not asked for. */
static void
test_config_edge (void)
{
  g_autoptr (MhSettings) settings = make ("https://edge.example");
  g_autoptr (GString) warnings = g_string_new (NULL);
  g_autoptr (MhConfig) config = NULL;

  settings->config->protocol = MH_PROTOCOL_MEDIA_EDGE;
  settings->config->channel = g_strdup ("kiosk");
  mh_settings_check (settings, collect_warning, warnings);
  g_assert_cmpstr (warnings->str, ==,
      "protocol=media-edge needs channel, player-name and datastream-id; not "
      "set: player-name, datastream-id; nothing is sent|");
  config = mh_settings_dup_config (settings);
  g_assert_null (config->collection_server);
  settings->config->player_name = g_strdup ("p");
  settings->config->datastream_id = g_strdup ("d");
  g_string_truncate (warnings, 0);
  mh_settings_check (settings, collect_warning, warnings);
  g_assert_cmpstr (warnings->str, ==, "");
  g_clear_pointer (&config, mh_config_unref);
  config = mh_settings_dup_config (settings);
  g_assert_cmpstr (config->collection_server, ==, "https://edge.example");
}

/* To one's own back end: nothing of Adobe's is asked for, the URI is used with
 * its query, and what is not known is left out. */
static void
test_config_events (void)
{
  g_autoptr (MhSettings) settings = make ("https://h.example/?query=x");
  g_autoptr (GString) warnings = g_string_new (NULL);
  g_autoptr (MhConfig) config = NULL;

  settings->config->protocol = MH_PROTOCOL_EVENTS;
  mh_settings_check (settings, collect_warning, warnings);
  g_assert_cmpstr (warnings->str, ==, "");
  config = mh_settings_dup_config (settings);
  g_assert_cmpstr (config->collection_server, ==, "https://h.example/?query=x");
  g_assert_null (config->channel);
  /* One line, and it is not repeated. */
  settings->config->authorization = g_strdup ("Bearer secret\r\nX: y");
  mh_settings_check (settings, collect_warning, warnings);
  g_assert_cmpstr (warnings->str, ==,
      "authorization must be printable ASCII characters; nothing is sent|");
  g_clear_pointer (&config, mh_config_unref);
  config = mh_settings_dup_config (settings);
  g_assert_null (config->collection_server);
}

/* What is no media type is named, and is no reason to send nothing. */
static void
test_config_content_type (void)
{
  static const char *const right[] = { "text/plain", "application/json",
    "application/vnd.a+json; charset=\"utf-8\"" };

  for (guint i = 0; i < G_N_ELEMENTS (right); i++) {
    MhSettings *settings = make ("https://h.example");

    settings->config->protocol = MH_PROTOCOL_EVENTS;
    settings->config->body_type = g_strdup (right[i]);
    assert_warns (settings, NULL);
  }
  {
    g_autoptr (MhSettings) settings = make ("https://h.example");
    g_autoptr (MhConfig) config = NULL;
    g_autoptr (GString) warnings = g_string_new (NULL);

    settings->config->protocol = MH_PROTOCOL_EVENTS;
    settings->config->body_type = g_strdup ("plain\n");
    mh_settings_check (settings, collect_warning, warnings);
    g_assert_cmpstr (warnings->str, ==,
        "body-content-type: “plain\\n” is not a media type such as "
        "\"application/json\"; that of the framing is used|");
    config = mh_settings_dup_config (settings);
    g_assert_cmpstr (config->collection_server, ==, "https://h.example");
  }
}

/* Adobe's APIs have no such header: it is not sent, and is no reason to send
 * nothing. */
static void
test_config_authorization (void)
{
  static const MhProtocolKind protocols[] = { MH_PROTOCOL_MEDIA_COLLECTION,
    MH_PROTOCOL_MEDIA_EDGE };

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++) {
    g_autoptr (MhSettings) settings = make ("http://127.0.0.1:80");
    g_autoptr (MhConfig) config = NULL;
    g_autoptr (GString) warnings = g_string_new (NULL);

    settings->config->protocol = protocols[i];
    settings->config->channel = g_strdup ("c");
    settings->config->player_name = g_strdup ("p");
    settings->config->datastream_id = g_strdup ("d");
    settings->config->authorization = g_strdup ("Bearer\nsecret");
    mh_settings_check (settings, collect_warning, warnings);
    g_assert_cmpstr (warnings->str, ==,
        "authorization is not sent: protocol=events and cmcd have it|");
    config = mh_settings_dup_config (settings);
    g_assert_nonnull (config->collection_server);
  }
}

/* ---- what is played ---- */

static MhMedia *
make_media (MhSettings *settings, const char *uri, const char *title,
    const char *fallback)
{
  const MhStreamInfo info = { .uri = (char *) uri,
    .title = (char *) title,
    .fallback_id = (char *) fallback,
    .duration = -1 };
  g_autoptr (GError) error = NULL;
  MhMedia *media = mh_settings_make_media (settings, &info);

  g_assert_true (mh_media_check (media, &error));
  g_assert_no_error (error);
  return media;
}

/* Nothing set: what it is called after what was found. */
static void
test_media_found (void)
{
  static const struct
  {
    const char *uri, *title, *fallback, *id, *name;
  } cases[] = {
    { NULL, NULL, NULL, "unknown", "unknown" },
    { NULL, NULL, "pipeline0", "pipeline0", "pipeline0" },
    { NULL, "Title", "pipeline0", "pipeline0", "Title" },
    { "file:///a/clip%20one.ogg", NULL, "p", "file:///a/clip%20one.ogg",
        "clip one.ogg" },
    { "https://u:p@h/a/b.m3u8?token=1#t", "Title", "p", "https://h/a/b.m3u8",
        "Title" },
    { "https://h/a/b/?x", NULL, "p", "https://h/a/b/", "b" },
    { "https://h/a/%FF", NULL, "p", "https://h/a/%FF", "https://h/a/%FF" },
    { "", "", "", "unknown", "unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (MhSettings) settings = mh_settings_new ();
    g_autoptr (MhMedia) media = make_media (
        settings, cases[i].uri, cases[i].title, cases[i].fallback);

    g_assert_cmpstr (media->id, ==, cases[i].id);
    g_assert_cmpstr (media->name, ==, cases[i].name);
    g_assert_cmpstr (media->stream_type, ==, "vod");
    g_assert_cmpstr (media->media_type, ==, "video");
    g_assert_cmpfloat (media->length, ==, 86400);
  }
}

static void
test_media_set (void)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();
  g_autoptr (MhMedia) media = NULL;

  settings->media_id = g_strdup ("id");
  settings->media_name = g_strdup ("name");
  settings->media_length = 12.5;
  settings->content_type = g_strdup ("podcast");
  settings->media_type = MH_MEDIA_TYPE_AUDIO;
  settings->resumed = TRUE;
  settings->granular_ads = TRUE;
  settings->downloaded = TRUE;
  settings->preroll_wait = 0;
  settings->metadata = g_variant_ref_sink (g_variant_new_parsed ("{'a': 'b'}"));
  media = make_media (settings, "file:///a", "Title", NULL);
  g_assert_cmpstr (media->id, ==, "id");
  g_assert_cmpstr (media->name, ==, "name");
  g_assert_cmpfloat (media->length, ==, 12.5);
  g_assert_cmpstr (media->stream_type, ==, "podcast");
  g_assert_cmpstr (media->media_type, ==, "audio");
  g_assert_true (media->resumed && media->granular_ads && media->downloaded);
  g_assert_cmpfloat (media->preroll_wait, ==, 0);
  g_assert_true (media->metadata == settings->metadata);
}

static void
test_media_stream (void)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();
  MhStreamInfo info = { .duration = 60.02, .media_type = MH_MEDIA_TYPE_AUDIO };
  MhMedia *media = mh_settings_make_media (settings, &info);

  g_assert_cmpfloat (media->length, ==, 60.02);
  g_assert_cmpstr (media->media_type, ==, "audio");
  mh_media_unref (media);
  /* A window's length is not that of what is live. */
  info.live = TRUE;
  media = mh_settings_make_media (settings, &info);
  g_assert_cmpfloat (media->length, ==, 86400);
  g_assert_cmpstr (media->stream_type, ==, "live");
  mh_media_unref (media);
}

/* Too long and not UTF-8: made fit, in whole characters. */
static void
test_media_bounded (void)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();
  g_autoptr (GString) title = g_string_new (NULL);
  g_autoptr (MhMedia) media = NULL;

  while (title->len <= MH_TEXT_MAX)
    g_string_append (title, "a€");
  media = make_media (settings, NULL, title->str, "\xff");
  g_assert_cmpuint (strlen (media->name), <=, MH_TEXT_MAX);
  g_assert_cmpuint (strlen (media->name), >, MH_TEXT_MAX - 4);
  g_assert_true (g_utf8_validate (media->name, -1, NULL));
  g_assert_true (g_utf8_validate (media->id, -1, NULL));
}

/* ---- metadata ---- */

/* Takes the texts of `a{ss}`, either of which may be NULL. */
static void
assert_metadata (
    gboolean automatic, const char *set, const char *tags, const char *expected)
{
  g_autoptr (MhSettings) settings = mh_settings_new ();
  g_auto (MhStreamInfo) info = { 0 };
  g_autoptr (MhMedia) media = NULL;
  g_autofree char *text = NULL;

  settings->auto_metadata = automatic;
  if (set)
    settings->metadata = g_variant_ref_sink (g_variant_new_parsed (set));
  if (tags)
    info.metadata = g_variant_ref_sink (g_variant_new_parsed (tags));
  info.title = g_strdup ("title");
  media = mh_settings_make_media (settings, &info);
  if (media->metadata)
    text = g_variant_print (media->metadata, FALSE);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (media->name, ==, automatic ? "title" : "unknown");
}

/* What the application says wins, key by key, by whichever name. */
static void
test_metadata (void)
{
  const char tags[] = "{'a.media.artist': 'tag', 'a.media.format': 'tag'}";

  assert_metadata (TRUE, NULL, NULL, NULL);
  assert_metadata (
      TRUE, NULL, tags, "{'a.media.artist': 'tag', 'a.media.format': 'tag'}");
  assert_metadata (TRUE, "{'own': 'x'}", NULL, "{'own': 'x'}");
  assert_metadata (TRUE, "{'own': 'x', 'a.media.artist': 'app'}", tags,
      "{'own': 'x', 'a.media.artist': 'app', 'a.media.format': 'tag'}");
  assert_metadata (TRUE, "{'media.streamFormat': 'HD', 'media.artist': ''}",
      tags, "{'media.streamFormat': 'HD', 'media.artist': ''}");
}

static void
test_metadata_off (void)
{
  const char tags[] = "{'a.media.artist': 'tag'}";

  assert_metadata (FALSE, NULL, tags, NULL);
  assert_metadata (FALSE, "{'own': 'x'}", tags, "{'own': 'x'}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/copy", test_copy);
  g_test_add_func ("/settings/remembers", test_remembers);
  g_test_add_func ("/settings/check", test_check);
  g_test_add_func ("/settings/check/customer-ids", test_check_customer_ids);
  g_test_add_func ("/settings/config/server", test_config_server);
  g_test_add_func ("/settings/config/consent", test_config_consent);
  g_test_add_func ("/settings/config/required", test_config_required);
  g_test_add_func ("/settings/config/edge", test_config_edge);
  g_test_add_func ("/settings/config/events", test_config_events);
  g_test_add_func ("/settings/config/content-type", test_config_content_type);
  g_test_add_func ("/settings/config/authorization", test_config_authorization);
  g_test_add_func ("/settings/media/found", test_media_found);
  g_test_add_func ("/settings/media/set", test_media_set);
  g_test_add_func ("/settings/media/stream", test_media_stream);
  g_test_add_func ("/settings/media/bounded", test_media_bounded);
  g_test_add_func ("/settings/metadata", test_metadata);
  g_test_add_func ("/settings/metadata/off", test_metadata_off);
  return g_test_run ();
}
