/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-network.c: a list that is told as it stands; each change of it is an event. */
#include "platform/fake/fake-network.h"

struct _AditFakeNetwork
{
  GObject parent_instance;

  AditNearby nearby[ADIT_REACH_MAX_NEARBY];
  guint      n_nearby;
  gboolean   watched;
  gboolean   is_offline;
  AditWay    way;
  AditNetworkFacts facts[ADIT_NETWORKS_MAX_HERE];
  guint      n_facts;
};

static void adit_fake_network_iface_init (AditNetworkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeNetwork, adit_fake_network, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_NETWORK, adit_fake_network_iface_init))

static guint
fake_list (AditNetwork *network, AditNearby *nearby, guint max)
{
  AditFakeNetwork *self = ADIT_FAKE_NETWORK (network);
  guint n = MIN (max, self->n_nearby);

  for (guint i = 0; i < n; i++)
    nearby[i] = self->nearby[i];
  return n;
}

static gboolean
fake_watch (AditNetwork *network, GError **error)
{
  ADIT_FAKE_NETWORK (network)->watched = TRUE;
  return TRUE;
}

static gboolean
fake_find_way (AditNetwork *network, const AditAddress *to, AditWay *way)
{
  AditFakeNetwork *self = ADIT_FAKE_NETWORK (network);

  *way = self->way;
  return !self->is_offline;
}

static guint
fake_identify (AditNetwork *network, AditNetworkFacts *facts, guint max)
{
  AditFakeNetwork *self = ADIT_FAKE_NETWORK (network);
  guint n = MIN (max, self->n_facts);

  for (guint i = 0; i < n; i++)
    facts[i] = self->facts[i];
  return n;
}

static void
adit_fake_network_iface_init (AditNetworkInterface *iface)
{
  iface->identify = fake_identify;
  iface->find_way = fake_find_way;
  iface->list = fake_list;
  iface->watch = fake_watch;
}

static void
adit_fake_network_class_init (AditFakeNetworkClass *klass)
{
}

static void
adit_fake_network_init (AditFakeNetwork *self)
{
}

/**
 * adit_fake_network_new:
 *
 * Returns: (transfer full): a computer without a link
 */
AditFakeNetwork *
adit_fake_network_new (void)
{
  return g_object_new (ADIT_TYPE_FAKE_NETWORK, NULL);
}

static void
tell (AditFakeNetwork *self)
{
  if (self->watched)
    adit_network_emit_changed (ADIT_NETWORK (self));
}

/**
 * adit_fake_network_add:
 * @self: a fake
 * @link: the name of a link
 * @address: its address with the length of its network
 * @is_guests: whether guests are behind it
 */
void
adit_fake_network_add (AditFakeNetwork *self, const char *link, const char *address, gboolean is_guests)
{
  AditNearby *nearby = &self->nearby[self->n_nearby];

  g_assert (self->n_nearby < ADIT_REACH_MAX_NEARBY && adit_prefix_parse (address, &nearby->address));
  g_strlcpy (nearby->link, link, sizeof nearby->link);
  nearby->is_guests = is_guests;
  self->n_nearby++;
  tell (self);
}

/**
 * adit_fake_network_clear:
 * @self: a fake; every link goes
 */
void
adit_fake_network_clear (AditFakeNetwork *self)
{
  self->n_nearby = 0;
  tell (self);
}

/**
 * adit_fake_network_set_way:
 * @self: a fake
 * @link: the number of the link that leads out; 0: none does
 */
void
adit_fake_network_set_way (AditFakeNetwork *self, guint link)
{
  self->way.link = link;
  self->is_offline = link == 0;
  tell (self);
}

/**
 * adit_fake_network_set_here:
 * @self: a fake
 * @facts: (array length=n_facts) (nullable): the networks that the computer is in from now on
 * @n_facts: how many
 */
void
adit_fake_network_set_here (AditFakeNetwork *self, const AditNetworkFacts *facts, guint n_facts)
{
  g_assert (n_facts <= ADIT_NETWORKS_MAX_HERE);
  for (guint i = 0; i < n_facts; i++)
    self->facts[i] = facts[i];
  self->n_facts = n_facts;
  tell (self);
}
