/* mh-test-state: a state directory for each test program, linked into it.
 *
 * What one program leaves behind is not sent by the next, nor by one that runs
 * beside it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <glib/gstdio.h>

static char *top;

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_all (child);
  }
  g_remove (path);
}

__attribute__ ((constructor)) static void
set_up (void)
{
  top = g_dir_make_tmp ("mh-state-XXXXXX", NULL);
  if (top)
    g_setenv ("XDG_STATE_HOME", top, TRUE);
}

__attribute__ ((destructor)) static void
tear_down (void)
{
  if (top)
    remove_all (top);
  g_clear_pointer (&top, g_free);
}
