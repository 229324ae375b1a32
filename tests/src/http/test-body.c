/* Tests of mh-body.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-body.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#define MOST (64 * 1024)

/* ---- a stream that notes how much it is asked for ---- */

#define TEST_TYPE_STREAM (test_stream_get_type ())
G_DECLARE_FINAL_TYPE (TestStream, test_stream, TEST, STREAM, GInputStream)

struct _TestStream
{
  GInputStream parent;

  gsize left; /* bytes until the end */
  gsize asked_for; /* at most, in one call */
};

static void test_stream_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStream, test_stream, G_TYPE_INPUT_STREAM,
    G_IMPLEMENT_INTERFACE (
        G_TYPE_POLLABLE_INPUT_STREAM, test_stream_pollable_init))

static gboolean
test_stream_is_readable (GPollableInputStream *stream)
{
  return TRUE;
}

static void
test_stream_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = test_stream_is_readable;
}

static gssize
test_stream_read (GInputStream *stream, void *room, gsize size,
    GCancellable *cancellable, GError **error)
{
  TestStream *self = TEST_STREAM (stream);
  gsize n = MIN (size, self->left);

  self->asked_for = MAX (self->asked_for, size);
  memset (room, 'x', n);
  self->left -= n;
  return (gssize) n;
}

static void
test_stream_class_init (TestStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = test_stream_read;
}

static void
test_stream_init (TestStream *self)
{
}

/* ---- the tests ---- */

typedef struct
{
  GBytes *body;
  GError *error;
  guint n_done;
} Result;

static void
on_done (GBytes *body, const GError *error, gpointer user_data)
{
  Result *result = user_data;

  result->body = body ? g_bytes_ref (body) : NULL;
  result->error = error ? g_error_copy (error) : NULL;
  result->n_done++;
}

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
wait_for (const Result *result)
{
  while (result->n_done == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_body (const Result *result, const char *text, gsize length)
{
  g_assert_no_error (result->error);
  g_assert_cmpuint (result->n_done, ==, 1);
  g_assert_cmpmem (g_bytes_get_data (result->body, NULL),
      g_bytes_get_size (result->body), text, length);
}

/* No turn of the main loop is needed for it. */
static void
test_at_hand (void)
{
  g_autofree char *text = g_strnfill (10000, 'y');
  g_autoptr (GInputStream)
      stream = g_memory_input_stream_new_from_data (text, 10000, NULL);
  g_auto (Result) result = { 0 };

  mh_body_read (stream, MOST, NULL, on_done, &result);
  assert_body (&result, text, 10000);
}

static void
test_none (void)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();
  g_auto (Result) result = { 0 };

  mh_body_read (stream, MOST, NULL, on_done, &result);
  assert_body (&result, "", 0);
}

/* Returns: (transfer full): what is written to @end can be read there. */
static GInputStream *
make_pipe (int *end)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  *end = ends[1];
  return g_unix_input_stream_new (ends[0], TRUE);
}

/* What comes later is waited for. */
static void
test_later (void)
{
  int end;
  g_autoptr (GInputStream) stream = make_pipe (&end);
  g_auto (Result) result = { 0 };

  g_assert_cmpint (write (end, "so", 2), ==, 2);
  mh_body_read (stream, MOST, NULL, on_done, &result);
  g_assert_cmpuint (result.n_done, ==, 0);
  g_assert_cmpint (write (end, "on", 2), ==, 2);
  close (end);
  wait_for (&result);
  assert_body (&result, "soon", 4);
}

/* No room is made for what hardly ever comes. */
static void
test_parts (void)
{
  g_autoptr (TestStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);
  g_autofree char *text = g_strnfill (30000, 'x');
  g_auto (Result) result = { 0 };

  stream->left = 30000;
  mh_body_read (G_INPUT_STREAM (stream), MOST, NULL, on_done, &result);
  assert_body (&result, text, 30000);
  g_assert_cmpuint (stream->asked_for, <=, 4096);
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (30000, 'y');
  g_autoptr (GInputStream)
      stream = g_memory_input_stream_new_from_data (text, 30000, NULL);
  g_auto (Result) result = { 0 };

  mh_body_read (stream, 5000, NULL, on_done, &result);
  assert_body (&result, text, 5000);
}

/* A stream without an end, whose reader has had enough. */
static void
test_cancelled (void)
{
  int end;
  g_autoptr (GInputStream) stream = make_pipe (&end);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Result) result = { 0 };

  mh_body_read (stream, MOST, cancellable, on_done, &result);
  g_cancellable_cancel (cancellable);
  wait_for (&result);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (result.body);
  g_assert_cmpuint (result.n_done, ==, 1);
  close (end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body/at-hand", test_at_hand);
  g_test_add_func ("/body/none", test_none);
  g_test_add_func ("/body/later", test_later);
  g_test_add_func ("/body/parts", test_parts);
  g_test_add_func ("/body/too-long", test_too_long);
  g_test_add_func ("/body/cancelled", test_cancelled);
  return g_test_run ();
}
