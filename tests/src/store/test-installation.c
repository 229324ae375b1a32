/* Tests of mh-installation: one id for one installation.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-installation.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *root;
  char *dir; /* below root, does not exist yet */
  char *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->root = g_dir_make_tmp ("mh-installation-XXXXXX", &error);
  g_assert_no_error (error);
  f->dir = g_build_filename (f->root, "state", "here", NULL);
  f->file = g_build_filename (f->dir, "installation-id", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *state = g_path_get_dirname (f->dir);

  g_unlink (f->file);
  g_rmdir (f->dir);
  g_rmdir (state);
  g_rmdir (f->root);
  g_free (f->root);
  g_free (f->dir);
  g_free (f->file);
}

static char *
get (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *id = mh_installation_dup_id (f->dir, &error);

  g_assert_no_error (error);
  g_assert_true (g_uuid_string_is_valid (id));
  return id;
}

static void
assert_mode (const char *path, guint mode)
{
  GStatBuf buffer;

  g_assert_cmpint (g_stat (path, &buffer), ==, 0);
  g_assert_cmpuint (buffer.st_mode & 0777, ==, mode);
}

static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *first = get (f);
  g_autofree char *second = get (f);

  g_assert_cmpstr (first, ==, second);
  assert_mode (f->file, 0600);
  assert_mode (f->dir, 0700);
}

static void
test_broken_is_replaced (Fixture *f, gconstpointer data)
{
  g_autofree char *first = get (f);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  g_assert_true (g_file_set_contents (f->file, "not an id", -1, NULL));
  second = get (f);
  g_assert_cmpstr (first, !=, second);
  third = get (f);
  g_assert_cmpstr (second, ==, third);
}

static gpointer
get_in_thread (gpointer data)
{
  return get (data);
}

static void
test_at_once (Fixture *f, gconstpointer data)
{
  GThread *threads[8];
  g_autofree char *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_in_thread, f);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    char *id = g_thread_join (threads[i]);

    if (first)
      g_assert_cmpstr (first, ==, id);
    else
      first = g_strdup (id);
    g_free (id);
  }
}

static void
test_no_directory (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = mh_installation_dup_id ("/dev/null/state", &error);

  g_assert_null (id);
  g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "/dev/null/state"));
}

/* Asks for the id, which is not to be had, and says why it is not. */
static void
assert_none (Fixture *f, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = mh_installation_dup_id (f->dir, &error);

  g_assert_null (id);
  g_assert_error (error, MH_ERROR, MH_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, why));
}

/* What is in there may be another user's, and what is made may be replaced. */
static void
test_directory_of_everybody (Fixture *f, gconstpointer data)
{
  g_autofree char *id = get (f);

  g_assert_cmpint (g_chmod (f->dir, 0777), ==, 0);
  assert_none (f, "everybody may write into it");
}

static void
test_directory_of_another (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (g_mkdir_with_parents (f->dir, 0700), ==, 0);
  if (chown (f->dir, 65534, (gid_t) -1) < 0) {
    g_test_skip ("only root can give a directory away");
    return;
  }
  assert_none (f, "another user");
  g_assert_false (g_file_test (f->file, G_FILE_TEST_EXISTS));
}

/* To read a pipe that nobody writes into has no end. */
static void
test_pipe_is_replaced (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpint (g_mkdir_with_parents (f->dir, 0700), ==, 0);
  g_assert_cmpint (mkfifo (f->file, 0600), ==, 0);
  first = get (f);
  second = get (f);
  g_assert_cmpstr (first, ==, second);
  assert_mode (f->file, 0600);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add (
      "/installation/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/installation/broken-is-replaced", Fixture, NULL, set_up,
      test_broken_is_replaced, tear_down);
  g_test_add (
      "/installation/at-once", Fixture, NULL, set_up, test_at_once, tear_down);
  g_test_add ("/installation/pipe-is-replaced", Fixture, NULL, set_up,
      test_pipe_is_replaced, tear_down);
  g_test_add ("/installation/directory/everybody", Fixture, NULL, set_up,
      test_directory_of_everybody, tear_down);
  g_test_add ("/installation/directory/another", Fixture, NULL, set_up,
      test_directory_of_another, tear_down);
  g_test_add ("/installation/no-directory", Fixture, NULL, set_up,
      test_no_directory, tear_down);
  return g_test_run ();
}
