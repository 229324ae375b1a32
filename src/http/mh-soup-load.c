/* mh-soup-load: libsoup 3, loaded when it is first needed, not linked to.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For RTLD_DEFAULT. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-soup-load.h"

#include <dlfcn.h>
#include <gmodule.h>

#include "mh-error.h"

#define LIBSOUP_3 "libsoup-3.0.so.0"
#define LIBSOUP_2 "libsoup-2.4.so.1"

static GMutex load_lock;
static MhSoup functions; /* load_lock; does not change once it is loaded */
static gboolean loaded; /* load_lock */

static gboolean
is_in_process (const char *library)
{
  void *handle = dlopen (library, RTLD_LAZY | RTLD_NOLOAD);

  if (handle)
    dlclose (handle);
  return handle != NULL;
}

/* Looks for libsoup 2 by its name, wherever it was loaded from; and, as libsoup 3
 * itself does, by a function that only libsoup 2 has: it may be linked into the
 * program, or have another name. */
static gboolean
has_soup_2 (void)
{
  return is_in_process (LIBSOUP_2) || dlsym (RTLD_DEFAULT, "soup_uri_new");
}

static gboolean
find_functions (GModule *library, MhSoup *found, GError **error)
{
  const struct
  {
    const char *name;
    gpointer *to; /* a pointer to a function, as POSIX has it filled in */
  } wanted[] = {
#define WANTED(name) { "soup_" #name, (gpointer *) &found->name },
    MH_SOUP_FUNCTIONS (WANTED)
#undef WANTED
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    if (!g_module_symbol (library, wanted[i].name, wanted[i].to)) {
      g_set_error (error, MH_ERROR, MH_ERROR_TRANSPORT,
          "libsoup 3 cannot be used, it has no %s", wanted[i].name);
      return FALSE;
    }
  }
  return TRUE;
}

/* If the application has got libsoup 3 already, that has gone well. */
gboolean
mh_soup_is_shut_out (void)
{
  return !is_in_process (LIBSOUP_3) && has_soup_2 ();
}

static gboolean
load_locked (GError **error)
{
  MhSoup found;
  GModule *library;

  if (mh_soup_is_shut_out ()) {
    g_set_error_literal (error, MH_ERROR, MH_ERROR_TRANSPORT,
        "libsoup 2 is in this process, which libsoup 3 cannot share");
    return FALSE;
  }
  /* Not with dlopen(), which has a lock: libsoup's constructor takes GModule's
   * then, which another thread that looks a symbol up through GModule has while it
   * waits for the lock of dlopen(). */
  library = g_module_open (LIBSOUP_3, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (!library) {
    g_set_error (error, MH_ERROR, MH_ERROR_TRANSPORT,
        "libsoup 3 cannot be loaded: %s", g_module_error ());
    return FALSE;
  }
  if (!find_functions (library, &found, error)) {
    g_module_close (library);
    return FALSE;
  }
  /* libsoup registers types, which stay: so must the library. */
  g_module_make_resident (library);
  functions = found;
  return TRUE;
}

const MhSoup *
mh_soup_load (GError **error)
{
  gboolean usable;

  g_mutex_lock (&load_lock);
  if (!loaded)
    loaded = load_locked (error);
  usable = loaded;
  g_mutex_unlock (&load_lock);
  return usable ? &functions : NULL;
}
