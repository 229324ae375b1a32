/* fleet-link: the transport of one player of a fleet.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet-link.h"

struct _FleetLink
{
  GObject parent;

  FleetShared *shared;
  FleetPlayer *player;
};

static void
fleet_link_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  FleetLink *self = FLEET_LINK (transport);

  self->shared->ask (
      self->player, request, done, user_data, self->shared->user_data);
}

static void
fleet_link_close (MhTransport *transport)
{
}

static void
fleet_link_iface_init (MhTransportInterface *iface)
{
  iface->send = fleet_link_send;
  iface->close = fleet_link_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FleetLink, fleet_link, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, fleet_link_iface_init))

static void
fleet_link_class_init (FleetLinkClass *klass)
{
}

static void
fleet_link_init (FleetLink *self)
{
}

MhTransport *
fleet_link_new (FleetShared *shared, FleetPlayer *player)
{
  FleetLink *self = g_object_new (FLEET_TYPE_LINK, NULL);

  self->shared = shared;
  self->player = player;
  return MH_TRANSPORT (self);
}
