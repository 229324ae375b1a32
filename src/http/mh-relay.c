/* mh-relay: what a process and the helper program say to each other.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For struct ucred, and O_PATH. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-relay.h"

#include "mh-own-files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "helper.sock"

/* Members that may be missing are maybes. Texts are bytes: they need not be UTF-8. */
#define REQUEST_TYPE "(uayayaymaybmaymay)"
#define ANSWER_TYPE "(uumaymaymaybmiay)"

/* ---- the socket ---- */

static int
fail (GError **error, const char *dir, const char *why)
{
  g_set_error (error, MH_ERROR, MH_ERROR_STORAGE,
      "the state directory “%s” cannot be used: %s", dir, why);
  return -1;
}

/* As the store does, which has files in there. */
int
mh_relay_open_dir (const char *dir, GError **error)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat status;
  const char *why = NULL;

  if (fd < 0 || fstat (fd, &status) < 0)
    why = g_strerror (errno);
  else
    why = mh_own_files_refuse_dir (&status);
  if (!why)
    return fd;
  if (fd >= 0)
    close (fd);
  return fail (error, dir, why);
}

/* By the descriptor: a path may be longer than an address. */
static void
fill_address (struct sockaddr_un *address, int dir_fd)
{
  memset (address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  g_snprintf (address->sun_path, sizeof address->sun_path,
      "/proc/self/fd/%d/" SOCKET_NAME, dir_fd);
}

static int
new_socket (void)
{
  return socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

gboolean
mh_relay_is_ours (int fd)
{
  struct ucred peer;
  socklen_t length = sizeof peer;

  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
      peer.uid == geteuid ();
}

int
mh_relay_connect (const char *dir)
{
  int dir_fd = mh_relay_open_dir (dir, NULL);
  int fd = dir_fd < 0 ? -1 : new_socket ();
  struct sockaddr_un address;

  fill_address (&address, dir_fd);
  if (fd >= 0 &&
      (connect (fd, (struct sockaddr *) &address, sizeof address) < 0 ||
          !mh_relay_is_ours (fd))) {
    close (fd);
    fd = -1;
  }
  if (dir_fd >= 0)
    close (dir_fd);
  return fd;
}

int
mh_relay_listen (int dir_fd, GError **error)
{
  int fd = new_socket ();
  struct sockaddr_un address;
  gboolean done;

  mh_relay_unlisten (dir_fd);
  fill_address (&address, dir_fd);
  done = fd >= 0 &&
      bind (fd, (struct sockaddr *) &address, sizeof address) == 0 &&
      listen (fd, SOMAXCONN) == 0;
  if (done)
    return fd;
  g_set_error (error, MH_ERROR, MH_ERROR_STORAGE,
      "there is no socket in the state directory: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

void
mh_relay_unlisten (int dir_fd)
{
  unlinkat (dir_fd, SOCKET_NAME, 0);
}

/* ---- frames ---- */

GBytes *
mh_relay_new_hello (guint32 version)
{
  return g_bytes_new (&version, sizeof version);
}

gboolean
mh_relay_check_hello (GBytes *bytes)
{
  g_autoptr (GBytes) wanted = mh_relay_new_hello (MH_RELAY_VERSION);

  return g_bytes_equal (bytes, wanted);
}

static GVariant *
new_body (GBytes *body)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, body, TRUE);
}

static GBytes *
encode (GVariant *variant)
{
  g_autoptr (GVariant) whole = g_variant_ref_sink (variant);

  return g_variant_get_data_as_bytes (whole);
}

/* Returns: (nullable) */
static GVariant *
decode (GBytes *bytes, const char *type)
{
  GVariant *variant = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));

  if (!g_variant_is_normal_form (variant))
    g_clear_pointer (&variant, g_variant_unref);
  return variant;
}

GBytes *
mh_relay_encode_request (guint32 number, const MhRequest *request)
{
  return encode (
      g_variant_new ("(u^ay^ay@aym^aybm^aym^ay)", number, request->method,
          request->uri, new_body (request->body), request->content_type,
          request->compressed, request->authorization, request->tls_database));
}

MhRequest *
mh_relay_decode_request (GBytes *bytes, guint32 *number)
{
  g_autoptr (GVariant) variant = decode (bytes, REQUEST_TYPE);
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GBytes) data = NULL;
  MhRequest *request;
  const char *method;
  char *uri;

  if (!variant)
    return NULL;
  g_variant_get_child (variant, 1, "^&ay", &method);
  g_variant_get_child (variant, 2, "^ay", &uri);
  body = g_variant_get_child_value (variant, 3);
  data = g_variant_get_data_as_bytes (body);
  request = mh_request_new (method, uri, data);
  g_variant_get_child (variant, 0, "u", number);
  g_variant_get_child (variant, 4, "m^ay", &request->content_type);
  g_variant_get_child (variant, 5, "b", &request->compressed);
  g_variant_get_child (variant, 6, "m^ay", &request->authorization);
  g_variant_get_child (variant, 7, "m^ay", &request->tls_database);
  return request;
}

GBytes *
mh_relay_encode_answer (guint32 number, const MhAnswer *answer)
{
  const GError *error = answer->error;

  return encode (g_variant_new ("(uum^aym^ay@maybmi^ay)", number,
      answer->status, answer->location, answer->retry_after,
      g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING,
          answer->body ? new_body (answer->body) : NULL),
      answer->unsent, error != NULL, error ? error->code : 0,
      error ? error->message : ""));
}

/* Codes are those of both sides: they are one version. */
static GError *
decode_error (GVariant *variant)
{
  const char *message;
  gboolean has_error = FALSE;
  gint32 code = 0;

  g_variant_get_child (variant, 6, "mi", &has_error, &code);
  g_variant_get_child (variant, 7, "^&ay", &message);
  return has_error ? g_error_new_literal (MH_ERROR, code, message) : NULL;
}

gboolean
mh_relay_decode_answer (
    GBytes *bytes, MhRelayAnswerFunc func, gpointer user_data)
{
  g_autoptr (GVariant) variant = decode (bytes, ANSWER_TYPE);
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GError) error = NULL;
  MhAnswer answer = { 0 };
  guint32 number;

  if (!variant)
    return FALSE;
  g_variant_get_child (variant, 0, "u", &number);
  g_variant_get_child (variant, 1, "u", &answer.status);
  g_variant_get_child (variant, 2, "m^&ay", &answer.location);
  g_variant_get_child (variant, 3, "m^&ay", &answer.retry_after);
  g_variant_get_child (variant, 4, "m@ay", &body);
  g_variant_get_child (variant, 5, "b", &answer.unsent);
  if (body)
    answer.body = data = g_variant_get_data_as_bytes (body);
  answer.error = error = decode_error (variant);
  func (number, &answer, user_data);
  return TRUE;
}
