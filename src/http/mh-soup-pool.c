/* mh-soup-pool: libsoup's sessions, one for each set of CAs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-soup-pool.h"

#include <errno.h>
#include <sys/stat.h>

#include "mh-error.h"

#define USER_AGENT "gst-media-heartbeat/" MH_VERSION

/* Many sessions may go to many servers; one server is not to be crowded. */
#define MAX_CONNS 64
/* As many as the sender has in flight at most: the time-out counts from the
 * start, waiting for a connection included. */
#define MAX_CONNS_PER_HOST 32

typedef struct
{
  char *tls_database;
  SoupSession *session;
} Member;

struct _MhSoupPool
{
  const MhSoup *soup;
  guint timeout; /* s */
  SoupSession *session; /* for the system's CAs */
  GQueue members; /* Member, for files; the latest used first */
};

static SoupSession *
new_session (MhSoupPool *self)
{
  const MhSoup *soup = self->soup;
  SoupSession *session = soup->session_new_with_options ("max-conns", MAX_CONNS,
      "max-conns-per-host", MAX_CONNS_PER_HOST, "user-agent", USER_AGENT, NULL);

  /* An answer of 401 is a refusal, and no answer is worth decompressing: the
   * bound of its length would not hold. */
  soup->session_remove_feature_by_type (
      session, soup->auth_manager_get_type ());
  soup->session_remove_feature_by_type (
      session, soup->content_decoder_get_type ());
  /* For what the transport's own deadline does not see, as a connection that
   * hangs while it is being closed. */
  soup->session_set_timeout (session, self->timeout);
  return session;
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_object_unref (member->session);
  g_free (member->tls_database);
  g_free (member);
}

MhSoupPool *
mh_soup_pool_new (const MhSoup *soup, MhTime timeout)
{
  MhSoupPool *self = g_new0 (MhSoupPool, 1);

  self->soup = soup;
  self->timeout = (guint) CLAMP (timeout / MH_USEC_PER_SEC + 1, 1, G_MAXINT);
  self->session = new_session (self);
  return self;
}

void
mh_soup_pool_free (MhSoupPool *self)
{
  g_queue_clear_full (&self->members, member_free);
  g_object_unref (self->session);
  g_free (self);
}

/* ---- files of CAs ---- */

/* Before it is read: something else may have no end, or none to read from. */
static const char *
find_fault (const char *path)
{
  struct stat status;

  if (!g_path_is_absolute (path))
    return "not an absolute path";
  if (stat (path, &status) < 0)
    return g_strerror (errno);
  if (!S_ISREG (status.st_mode))
    return "not a file";
  if (status.st_size > MH_SOUP_POOL_MAX_BYTES)
    return "too long for a file of CAs";
  return NULL;
}

/* A database of no CAs would be no error. */
static GTlsDatabase *
load_file (const char *path, GError **error)
{
  GList *certificates = g_tls_certificate_list_new_from_file (path, error);

  if (!certificates) {
    if (error && !*error)
      g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
          "no certificate (PEM) in it");
    return NULL;
  }
  g_list_free_full (certificates, g_object_unref);
  return g_tls_file_database_new (path, error);
}

/* For people, on one line. */
static char *
display_name (const char *path)
{
  char *name = g_filename_display_name (path);

  for (char *p = name; *p; p++) {
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  }
  return name;
}

static GTlsDatabase *
open_database (const char *path, GError **error)
{
  const char *fault = find_fault (path);
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = NULL;
  GTlsDatabase *database = fault ? NULL : load_file (path, &cause);

  if (database)
    return database;
  name = display_name (path);
  g_set_error (error, MH_ERROR, MH_ERROR_CONFIG,
      "tls-database “%s” cannot be used: %s", name,
      fault ? fault : cause->message);
  return NULL;
}

static GList *
find_member (MhSoupPool *self, const char *tls_database)
{
  for (GList *link = self->members.head; link; link = link->next) {
    if (g_str_equal (((Member *) link->data)->tls_database, tls_database))
      return link;
  }
  return NULL;
}

static Member *
add_member (MhSoupPool *self, const char *tls_database, GError **error)
{
  g_autoptr (GTlsDatabase) database = open_database (tls_database, error);
  Member *member;

  if (!database)
    return NULL;
  member = g_new0 (Member, 1);
  member->tls_database = g_strdup (tls_database);
  member->session = new_session (self);
  g_object_set (member->session, "tls-database", database, NULL);
  g_queue_push_head (&self->members, member);
  if (self->members.length > MH_SOUP_POOL_MAX_FILES)
    member_free (g_queue_pop_tail (&self->members));
  return member;
}

SoupSession *
mh_soup_pool_get (MhSoupPool *self, const char *tls_database, GError **error)
{
  GList *link;
  Member *member;

  if (!tls_database)
    return g_object_ref (self->session);
  link = find_member (self, tls_database);
  if (link) {
    g_queue_unlink (&self->members, link);
    g_queue_push_head_link (&self->members, link);
    member = link->data;
  } else {
    member = add_member (self, tls_database, error);
  }
  return member ? g_object_ref (member->session) : NULL;
}

void
mh_soup_pool_doubt (MhSoupPool *self, SoupSession *session)
{
  for (GList *link = self->members.head; link; link = link->next) {
    Member *member = link->data;

    if (member->session == session) {
      g_queue_delete_link (&self->members, link);
      member_free (member);
      return;
    }
  }
}

void
mh_soup_pool_close (MhSoupPool *self)
{
  self->soup->session_abort (self->session);
  for (GList *link = self->members.head; link; link = link->next)
    self->soup->session_abort (((Member *) link->data)->session);
}
