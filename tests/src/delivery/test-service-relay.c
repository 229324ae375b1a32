/* Tests of mh-service in a process that holds libsoup 2: it has its requests sent.
 * This program looks like one, and is the other end, too.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mh-relay-link.h"
#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-turn.h"
#include "mh-transport-soup.h"

/* What libsoup 2 has, and libsoup 3 has not. */
void *soup_uri_new (const char *uri);

__attribute__ ((visibility ("default"))) void *
soup_uri_new (const char *uri)
{
  return NULL;
}

typedef struct
{
  MhTestClock clock;
  char *dir;
  int dir_fd;
  int listener;
  MhConfig *config;
  MhService *service;
  MhRelayLink *link;
  guint n_requests;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  /* It starts, and does not listen. */
  g_setenv ("MEDIAHEARTBEAT_HELPER", "/bin/true", TRUE);
  f->dir = mh_test_dir_new ();
  f->dir_fd = mh_relay_open_dir (f->dir, NULL);
  f->config = mh_config_new ();
  f->config->collection_server = g_strdup ("https://a.example");
  f->config->state_dir = g_strdup (f->dir);
  mh_test_clock_init (&f->clock);
  f->service = mh_service_new_for_test (&f->clock.clock, NULL);
  mh_service_set_durable_for_test (f->service);
  mh_service_set_transport_func_for_test (f->service, mh_transport_soup_new);
  f->listener = -1;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_service_free_for_test (f->service);
  mh_relay_link_free (f->link);
  close (f->listener);
  close (f->dir_fd);
  mh_config_unref (f->config);
  mh_test_dir_free (f->dir);
}

static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* ---- the other end ---- */

static void
on_frame (MhRelayType type, GBytes *contents, gpointer user_data)
{
  ((Fixture *) user_data)->n_requests += type == MH_RELAY_REQUEST;
}

static void
on_closed (gpointer user_data)
{
  g_clear_pointer (&((Fixture *) user_data)->link, mh_relay_link_free);
}

static void
welcome (Fixture *f, int fd)
{
  static const MhRelayLinkFuncs funcs = { on_frame, on_closed };
  g_autoptr (GBytes) hello = mh_relay_new_hello (MH_RELAY_VERSION);

  g_assert_null (f->link);
  f->link = mh_relay_link_new (fd, g_main_context_default (), &funcs, f);
  mh_relay_link_send (f->link, MH_RELAY_HELLO, hello);
}

/* Takes requests until there is one, or for longer than one needs to come. */
static void
serve (Fixture *f)
{
  for (guint i = 0; i < 30 && f->n_requests == 0; i++) {
    struct pollfd poll_fd = { f->listener, POLLIN, 0 };

    if (poll (&poll_fd, 1, 10) > 0)
      welcome (f, accept (f->listener, NULL, NULL));
    turn (f);
  }
}

/* ---- an opt-out ---- */

static void
play (Fixture *f)
{
  static const MhDelivery delivery = { 0 };
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 session = mh_service_open (f->service, f->config, FALSE, &delivery, f);

  mh_service_enqueue (f->service, session, MH_EVENT_SESSION_START,
      mh_clock_utc (&f->clock.clock) / MH_USEC_PER_MSEC, body);
  turn (f);
  g_assert_cmpstr (mh_service_get_delivery (f->service), ==, "helper");
}

static void
test_sends (Fixture *f, gconstpointer data)
{
  play (f);
  f->listener = mh_relay_listen (f->dir_fd, NULL);
  serve (f);
  g_assert_cmpuint (f->n_requests, ==, 1);
}

/* A request that waits for the helper program to listen is none any more. */
static void
test_opt_out (Fixture *f, gconstpointer data)
{
  play (f);
  mh_service_forget_visitor (f->service, f->config, "privacy=opt-out");
  f->listener = mh_relay_listen (f->dir_fd, NULL);
  serve (f);
  g_assert_cmpuint (f->n_requests, ==, 0);
}

#define TEST(name, function) \
  g_test_add ( \
      "/service-relay/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("sends", test_sends);
  TEST ("opt-out", test_opt_out);
  return g_test_run ();
}
