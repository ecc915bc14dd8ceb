/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flow.c: compares flows and tells whether one can be. */
#include "client/model/flow.h"

/**
 * adit_flow_is_valid:
 * @self: a flow, perhaps from a stranger
 *
 * Returns: whether both of its ends are addresses of one family with a port
 */
gboolean
adit_flow_is_valid (const AditFlow *self)
{
  return adit_endpoint_is_valid (&self->local) && adit_endpoint_is_valid (&self->remote) &&
         self->local.address.family == self->remote.address.family;
}

/**
 * adit_flow_equal:
 * @a: a flow
 * @b: another
 *
 * Returns: whether they are the same connection, or both none
 */
gboolean
adit_flow_equal (const AditFlow *a, const AditFlow *b)
{
  return adit_endpoint_equal (&a->local, &b->local) && adit_endpoint_equal (&a->remote, &b->remote);
}
