/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-route.c: records "route.apply", "route.set-reach" and "route.revert". */
#include "platform/fake/fake-route.h"

struct _AditFakeRoute
{
  GObject parent_instance;

  AditFakeCalls  calls;
  AditTunnelSpec spec;
  AditReach      reach;
  gboolean       applied;
};

static void adit_fake_route_iface_init (AditRouteInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeRoute, adit_fake_route, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_ROUTE, adit_fake_route_iface_init))

static gboolean
fake_apply (AditRoute *route, const AditTunnelSpec *spec, GError **error)
{
  AditFakeRoute *self = ADIT_FAKE_ROUTE (route);

  if (!adit_fake_calls_record (&self->calls, "apply", NULL, error))
    return FALSE;
  self->spec = *spec;
  self->applied = TRUE;
  return TRUE;
}

static gboolean
fake_revert (AditRoute *route, GError **error)
{
  AditFakeRoute *self = ADIT_FAKE_ROUTE (route);

  if (!adit_fake_calls_record (&self->calls, "revert", NULL, error))
    return FALSE;
  self->applied = FALSE;
  return TRUE;
}

/* Only where it matters to a tunnel that is up is it a call worth recording. */
static gboolean
fake_set_reach (AditRoute *route, const AditReach *reach, GError **error)
{
  AditFakeRoute *self = ADIT_FAKE_ROUTE (route);

  if (self->applied && !adit_reach_equal (&self->reach, reach) &&
      !adit_fake_calls_record (&self->calls, "set-reach", NULL, error))
    return FALSE;
  self->reach = *reach;
  return TRUE;
}

static void
adit_fake_route_iface_init (AditRouteInterface *iface)
{
  iface->set_reach = fake_set_reach;
  iface->apply = fake_apply;
  iface->revert = fake_revert;
}

static void
adit_fake_route_finalize (GObject *object)
{
  adit_fake_calls_clear (&ADIT_FAKE_ROUTE (object)->calls);
  G_OBJECT_CLASS (adit_fake_route_parent_class)->finalize (object);
}

static void
adit_fake_route_class_init (AditFakeRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_fake_route_finalize;
}

static void
adit_fake_route_init (AditFakeRoute *self)
{
}

/**
 * adit_fake_route_new:
 * @log: the shared log
 *
 * Returns: (transfer full): a fake with nothing applied
 */
AditFakeRoute *
adit_fake_route_new (GPtrArray *log)
{
  AditFakeRoute *self = g_object_new (ADIT_TYPE_FAKE_ROUTE, NULL);

  adit_fake_calls_init (&self->calls, "route", log);
  return self;
}

/**
 * adit_fake_route_get_spec:
 * @self: a fake
 *
 * Returns: (transfer none) (nullable): what is applied now; %NULL after a revert
 */
const AditTunnelSpec *
adit_fake_route_get_spec (AditFakeRoute *self)
{
  return self->applied ? &self->spec : NULL;
}

/**
 * adit_fake_route_get_reach:
 * @self: a fake
 *
 * Returns: (transfer none): what may be reached beside the tunnel
 */
const AditReach *
adit_fake_route_get_reach (AditFakeRoute *self)
{
  return &self->reach;
}

/**
 * adit_fake_route_fail_next:
 * @self: a fake
 * @call: "apply" or "revert"
 * @error: (nullable): the answer of its next call
 */
void
adit_fake_route_fail_next (AditFakeRoute *self, const char *call, const GError *error)
{
  adit_fake_calls_fail_next (&self->calls, call, error);
}
