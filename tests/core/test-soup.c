/* Tests of mh-soup.
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

#include "mh-soup.h"

#include <dlfcn.h>
#include <string.h>

#include "mh-error.h"
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

void *
dlopen (const char *file, int mode)
{
  static void *(*real) (const char *file, int mode);

  if (!real)
    *(void **) &real = dlsym (RTLD_NEXT, "dlopen");
  if (g_strcmp0 (file, LIBSOUP_3) == 0)
    file = soup_3;
  else if (g_strcmp0 (file, LIBSOUP_2) == 0)
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
  g_test_add_func ("/soup/threads", test_threads);
  g_test_add_func ("/soup/stays", test_stays);
  return g_test_run ();
}
