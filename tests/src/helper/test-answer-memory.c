/* Tests of mh-answer-memory: nothing that was sent for a process is sent again as a leftover,
 * and nothing else is held back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-answer-memory.h"

#include "mh-test-server.h"

typedef struct
{
  MhTestServer server;
  MhAnswerMemory *memory;
  MhTransport *transport;
  MhRequest *request;
  guint n_sent; /* answers to the process */
  guint n_left; /* answers to what was left */
  guint n_again; /* how often that is sent once more, at once */
  guint status;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  mh_test_server_start (&f->server, mh_test_server_created);
  f->memory = mh_answer_memory_new ();
  f->transport = mh_answer_memory_new_transport (f->memory);
  f->request = mh_request_new (
      "POST", data ? g_strdup (data) : mh_test_server_uri (&f->server), body);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_transport_close (f->transport);
  g_object_unref (f->transport);
  mh_answer_memory_free (f->memory);
  mh_request_free (f->request);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mh_test_server_stop (&f->server);
}

static void
on_sent (const MhAnswer *answer, gpointer user_data)
{
  ((Fixture *) user_data)->n_sent++;
}

static void
on_left (const MhAnswer *answer, gpointer user_data)
{
  Fixture *f = user_data;

  f->n_left++;
  f->status = answer->status;
  if (f->n_left <= f->n_again)
    mh_transport_send (f->transport, f->request, on_left, f);
}

static void
send_left (Fixture *f, guint n_answers)
{
  mh_transport_send (f->transport, f->request, on_left, f);
  while (f->n_left < n_answers)
    g_main_context_iteration (NULL, TRUE);
}

/* The process has had its answer, and may have died before it noted that. */
static void
test_answered (Fixture *f, gconstpointer data)
{
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  while (f->n_sent == 0)
    g_main_context_iteration (NULL, TRUE);
  send_left (f, 1);
  g_assert_cmpuint (f->status, ==, 201);
  g_assert_cmpuint (f->server.n_requests, ==, 1);
  send_left (f, 2);
  g_assert_cmpuint (f->server.n_requests, ==, 2);
}

/* It is gone, and its request is under way. */
static void
test_under_way (Fixture *f, gconstpointer data)
{
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  send_left (f, 1);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_cmpuint (f->status, ==, 201);
  g_assert_cmpuint (f->server.n_requests, ==, 1);
}

/* The same once more, from within the answer, is another request. */
static void
test_again (Fixture *f, gconstpointer data)
{
  f->n_again = 2;
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  send_left (f, 3);
  g_assert_cmpuint (f->server.n_requests, ==, 3);
}

/* An attempt that has failed is one for both; the next is made. */
static void
test_failed (Fixture *f, gconstpointer data)
{
  f->n_again = 1;
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  send_left (f, 2);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_cmpuint (f->status, ==, 0);
}

/* An opt-out: what has not been written is not sent, and no answer is remembered. */
static void
test_give_up (Fixture *f, gconstpointer data)
{
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  mh_answer_memory_give_up (f->memory);
  g_assert_cmpuint (f->n_sent, ==, 1);
  send_left (f, 1);
  g_assert_cmpuint (f->status, ==, 201);
  g_assert_cmpuint (f->server.n_requests, ==, 1);
  mh_answer_memory_send (f->memory, f->request, on_sent, f);
  while (f->n_sent == 1)
    g_main_context_iteration (NULL, TRUE);
  mh_answer_memory_give_up (f->memory);
  send_left (f, 2);
  g_assert_cmpuint (f->server.n_requests, ==, 3);
}

#define TEST(name, data, function) \
  g_test_add ( \
      "/answer-memory/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("answered", NULL, test_answered);
  TEST ("under-way", NULL, test_under_way);
  TEST ("again", NULL, test_again);
  TEST ("failed", "http://127.0.0.1:9/", test_failed);
  TEST ("give-up", NULL, test_give_up);
  return g_test_run ();
}
