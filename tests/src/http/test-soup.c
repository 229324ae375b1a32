/* Tests of mh-soup-load, and of what comes of it where libsoup cannot be loaded.
 *
 * This program is not linked to libsoup, as the plugin is not: it has a
 * dlopen() of its own, under which another library, or none, stands in for a
 * version of libsoup.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For RTLD_NEXT. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-soup-load.h"

#include <dlfcn.h>
#include <gio/gio.h>
#include <gmodule.h>
#include <string.h>

#include "mh-error.h"
#include "mh-service.h"
#include "mh-transport-soup.h"

#define LIBSOUP_3 "libsoup-3.0.so.0"
#define LIBSOUP_2 "libsoup-2.4.so.1"
/* Is in the process, and is no libsoup. */
#define ANOTHER "libgio-2.0.so.0"
#define NOT_THERE "libmediaheartbeat-not-there.so"

#define LONG MH_TIME_FROM_SEC (3600)

/* ---- the stand-ins ---- */

static const char *soup_3 = LIBSOUP_3;
static const char *soup_2 = LIBSOUP_2;

/* libsoup's constructor takes GModule's lock. Whoever loads it has it by then,
 * or waits for one who has, and who waits for the loader's. */
static gboolean in_g_module_open;

GModule *
g_module_open (const char *file, GModuleFlags flags)
{
  static GModule *(*real) (const char *file, GModuleFlags flags);
  GModule *module;

  if (!real)
    *(void **) &real = dlsym (RTLD_NEXT, "g_module_open");
  in_g_module_open = TRUE;
  module = real (file, flags);
  in_g_module_open = FALSE;
  return module;
}

void *
dlopen (const char *file, int mode)
{
  static void *(*real) (const char *file, int mode);

  if (!real)
    *(void **) &real = dlsym (RTLD_NEXT, "dlopen");
  if (g_strcmp0 (file, LIBSOUP_3) == 0) {
    g_assert_true (in_g_module_open || (mode & RTLD_NOLOAD));
    file = soup_3;
  }
  if (g_strcmp0 (file, LIBSOUP_2) == 0)
    file = soup_2;
  return real (file, mode);
}

static gboolean
is_loaded (void)
{
  void *handle = dlopen (LIBSOUP_3, RTLD_LAZY | RTLD_NOLOAD);

  if (handle)
    dlclose (handle);
  return handle != NULL;
}

/* ---- not loaded ---- */

static void
assert_fails (const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mh_soup_load (&error));
  g_assert_error (error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_nonnull (strstr (error->message, message));
  g_assert_null (strchr (error->message, '\n'));
  g_clear_error (&error);
  g_assert_null (mh_transport_soup_new (LONG, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_TRANSPORT);
}

static void
test_soup_2 (void)
{
  soup_2 = ANOTHER;
  assert_fails ("libsoup 2 is in this process");
  soup_2 = LIBSOUP_2;
  g_assert_false (is_loaded ());
}

static void
test_not_installed (void)
{
  soup_3 = NOT_THERE;
  assert_fails ("libsoup 3 cannot be loaded: " NOT_THERE);
  soup_3 = LIBSOUP_3;
}

static void
test_no_function (void)
{
  soup_3 = ANOTHER;
  assert_fails ("it has no soup_");
  soup_3 = LIBSOUP_3;
}

/* ---- the process's service ---- */

static void
hear_session_id (gint64 session, const char *id, gpointer user_data)
{
}

static void
hear_sent (gint64 session, MhEvent event, gpointer user_data)
{
}

static void
hear_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
}

static void
hear_why (gint64 session, const char *reason, gpointer user_data)
{
}

static void
hear_problem (const char *message, gpointer user_data)
{
  g_test_message ("%s", message);
  g_assert_not_reached ();
}

static const MhDelivery delivery = { hear_session_id, hear_sent, hear_dropped,
  hear_why, hear_why, hear_why, hear_problem };

typedef struct
{
  MhService *service;
  char *server;
  char *error;
  const char *way;
} Deliver;

static void
deliver (gpointer data)
{
  Deliver *what = data;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (MhConfig) config = mh_config_new ();
  gint64 now = g_get_real_time () / 1000;
  const GError *error;
  gint64 session;

  config->collection_server = g_strdup (what->server);
  session = mh_service_open (what->service, config, FALSE, &delivery, what);
  error = mh_service_get_error (what->service);
  what->error = g_strdup (error ? error->message : NULL);
  what->way = mh_service_get_delivery (what->service);
  mh_service_enqueue (
      what->service, session, MH_EVENT_SESSION_START, now, body);
  mh_service_enqueue (
      what->service, session, MH_EVENT_SESSION_END, now + 1, body);
}

static void
forget (gpointer data)
{
  Deliver *what = data;

  mh_service_forget (what->service, what);
}

static void
go_on (gpointer data)
{
  mh_service_go_on (data);
}

/* Players that send nothing come and go without it. Where it cannot be loaded, and
 * the helper program is not there, what they would send is kept, and nobody waits
 * for that; a later service looks again, and sends it. */
static void
test_service (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  Deliver what = { .server = NULL };
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  what.server = g_strdup_printf ("http://127.0.0.1:%u", port);
  mh_service_release (mh_service_acquire (NULL));
  mh_service_end_for_test (LONG);
  g_assert_false (is_loaded ());

  soup_2 = ANOTHER;
  g_setenv ("MEDIAHEARTBEAT_HELPER", NOT_THERE, TRUE);
  what.service = mh_service_acquire (NULL);
  mh_worker_invoke (mh_service_get_worker (what.service), deliver, &what, NULL);
  mh_worker_invoke (mh_service_get_worker (what.service), forget, &what, NULL);
  mh_service_release (what.service);
  mh_service_end_for_test (LONG);
  g_assert_null (what.error);
  g_assert_cmpstr (what.way, ==, "helper");
  g_assert_false (is_loaded ());

  soup_2 = LIBSOUP_2;
  what.service = mh_service_acquire (NULL);
  mh_worker_invoke (
      mh_service_get_worker (what.service), go_on, what.service, NULL);
  connection = g_socket_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_loaded ());
  mh_service_release (what.service);
  mh_service_end_for_test (0);
  g_free (what.server);
  g_free (what.error);
}

/* ---- loaded ---- */

static gpointer
load (gpointer data)
{
  return (gpointer) mh_soup_load (NULL);
}

static void
test_threads (void)
{
  GThread *threads[4];
  const MhSoup *soup;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, load, NULL);
  soup = mh_soup_load (NULL);
  g_assert_nonnull (soup);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == soup);
}

/* A libsoup 2 that comes later changes nothing any more. */
static void
test_stays (void)
{
  const MhSoup *soup = mh_soup_load (NULL);

  soup_2 = ANOTHER;
  soup_3 = NOT_THERE;
  g_assert_true (mh_soup_load (NULL) == soup);
  soup_2 = LIBSOUP_2;
  soup_3 = LIBSOUP_3;
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  /* Or nothing of this says anything. */
  g_assert_false (is_loaded ());
  /* In this order: what is loaded stays. */
  g_test_add_func ("/soup/libsoup-2", test_soup_2);
  g_test_add_func ("/soup/not-installed", test_not_installed);
  g_test_add_func ("/soup/no-function", test_no_function);
  g_test_add_func ("/soup/service", test_service);
  g_test_add_func ("/soup/threads", test_threads);
  g_test_add_func ("/soup/stays", test_stays);
  return g_test_run ();
}
