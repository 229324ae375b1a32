/* mh-network: tells when the machine may have got a network.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-network.h"

#include <errno.h>
#include <glib-unix.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel tells of much, such as that an address is valid for longer: what it
 * tells is a reason to look, nothing more. */
struct _MhNetwork
{
  int fd;
  GSource *source;
  GHashTable *addresses; /* set of strings: what there was at the last look */
  MhNetworkFunc changed;
  gpointer user_data;
};

static GBytes *
name_address (const struct ifaddrs *entry)
{
  g_autoptr (GByteArray) name = g_byte_array_new ();
  const guint8 *address = (const guint8 *) entry->ifa_addr;

  g_byte_array_append (name, (const guint8 *) entry->ifa_name,
      (guint) strlen (entry->ifa_name) + 1);
  if (entry->ifa_addr->sa_family == AF_INET)
    g_byte_array_append (name,
        address + offsetof (struct sockaddr_in, sin_addr),
        sizeof (struct in_addr));
  else
    g_byte_array_append (name,
        address + offsetof (struct sockaddr_in6, sin6_addr),
        sizeof (struct in6_addr));
  return g_byte_array_free_to_bytes (g_steal_pointer (&name));
}

static gboolean
is_usable (const struct ifaddrs *entry)
{
  const guint wanted = IFF_UP | IFF_RUNNING;

  return (entry->ifa_flags & wanted) == wanted && entry->ifa_addr &&
      (entry->ifa_addr->sa_family == AF_INET ||
          entry->ifa_addr->sa_family == AF_INET6);
}

/* From the kernel, which has it at hand. Returns: whether there is any that was
 * not there before. */
static gboolean
network_look (MhNetwork *self)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (
      g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  struct ifaddrs *entries;
  gboolean is_new = FALSE;

  if (getifaddrs (&entries) < 0)
    return FALSE;
  for (struct ifaddrs *entry = entries; entry; entry = entry->ifa_next) {
    GBytes *name;

    if (!is_usable (entry))
      continue;
    name = name_address (entry);
    is_new |= !g_hash_table_contains (self->addresses, name);
    g_hash_table_add (found, name);
  }
  freeifaddrs (entries);
  g_hash_table_unref (self->addresses);
  self->addresses = g_steal_pointer (&found);
  return is_new;
}

static gboolean
network_on_told (int fd, GIOCondition condition, gpointer user_data)
{
  MhNetwork *self = user_data;
  char message[4096];
  gssize length;

  /* What the messages say does not matter, nor whether some were lost (ENOBUFS): the
   * addresses are looked at anew. */
  do
    length = recv (fd, message, sizeof message, MSG_DONTWAIT);
  while (length > 0 || (length < 0 && (errno == ENOBUFS || errno == EINTR)));
  if (network_look (self))
    self->changed (self->user_data);
  return G_SOURCE_CONTINUE;
}

static int
open_socket (void)
{
  const struct sockaddr_nl address = {
    .nl_family = AF_NETLINK,
    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
  };
  int fd = socket (
      AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

  if (fd >= 0 &&
      bind (fd, (const struct sockaddr *) &address, sizeof address) < 0) {
    close (fd);
    fd = -1;
  }
  return fd;
}

MhNetwork *
mh_network_new (
    GMainContext *context, MhNetworkFunc changed, gpointer user_data)
{
  int fd = open_socket ();
  MhNetwork *self;

  if (fd < 0)
    return NULL;
  self = g_new0 (MhNetwork, 1);
  self->fd = fd;
  self->changed = changed;
  self->user_data = user_data;
  self->addresses = g_hash_table_new_full (
      g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  /* After the socket is open: nothing is missed in between. */
  network_look (self);
  self->source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (
      self->source, G_SOURCE_FUNC (network_on_told), self, NULL);
  g_source_attach (self->source, context);
  return self;
}

void
mh_network_free (MhNetwork *self)
{
  if (!self)
    return;
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->fd);
  g_hash_table_unref (self->addresses);
  g_free (self);
}
