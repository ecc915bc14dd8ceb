/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-firewall.c: records "firewall.probe", "firewall.apply all|peer|tunnel|off". */
#include "platform/fake/fake-firewall.h"

struct _AditFakeFirewall
{
  GObject parent_instance;

  AditFakeCalls  calls;
  AditLockPolicy policy;     /* the last that was taken */
  gboolean       present;
};

static void adit_fake_firewall_iface_init (AditFirewallInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeFirewall, adit_fake_firewall, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_FIREWALL, adit_fake_firewall_iface_init))

static const char *
fake_get_name (AditFirewall *firewall)
{
  return "fake";
}

static gboolean
fake_probe (AditFirewall *firewall, GError **error)
{
  return adit_fake_calls_record (&ADIT_FAKE_FIREWALL (firewall)->calls, "probe", NULL, error);
}

static gboolean
fake_apply (AditFirewall *firewall, const AditLockPolicy *policy, GError **error)
{
  AditFakeFirewall *self = ADIT_FAKE_FIREWALL (firewall);

  /* Like the real one: what could not be set leaves the former lock in force. */
  if (!adit_fake_calls_record (&self->calls, "apply", adit_lock_get_nick (policy->lock), error))
    return FALSE;
  self->policy = *policy;
  self->present = policy->lock != ADIT_LOCK_OFF;
  return TRUE;
}

static gboolean
fake_is_present (AditFirewall *firewall)
{
  return ADIT_FAKE_FIREWALL (firewall)->present;
}

static gboolean
fake_open_portal (AditFirewall *firewall, const AditPortalHole *hole, guint seconds, GError **error)
{
  return adit_fake_calls_record (&ADIT_FAKE_FIREWALL (firewall)->calls, "portal", NULL, error);
}

static void
adit_fake_firewall_iface_init (AditFirewallInterface *iface)
{
  iface->open_portal = fake_open_portal;
  iface->get_name = fake_get_name;
  iface->probe = fake_probe;
  iface->apply = fake_apply;
  iface->is_present = fake_is_present;
}

static void
adit_fake_firewall_finalize (GObject *object)
{
  adit_fake_calls_clear (&ADIT_FAKE_FIREWALL (object)->calls);
  G_OBJECT_CLASS (adit_fake_firewall_parent_class)->finalize (object);
}

static void
adit_fake_firewall_class_init (AditFakeFirewallClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_fake_firewall_finalize;
}

static void
adit_fake_firewall_init (AditFakeFirewall *self)
{
  self->policy.lock = ADIT_LOCK_OFF;
}

/**
 * adit_fake_firewall_new:
 * @log: the shared log
 *
 * Returns: (transfer full): a firewall without rules
 */
AditFakeFirewall *
adit_fake_firewall_new (GPtrArray *log)
{
  AditFakeFirewall *self = g_object_new (ADIT_TYPE_FAKE_FIREWALL, NULL);

  adit_fake_calls_init (&self->calls, "firewall", log);
  return self;
}

/**
 * adit_fake_firewall_get_policy:
 * @self: a fake
 *
 * Returns: (transfer none): the policy in force
 */
const AditLockPolicy *
adit_fake_firewall_get_policy (AditFakeFirewall *self)
{
  return &self->policy;
}

/**
 * adit_fake_firewall_get_lock:
 * @self: a fake
 *
 * Returns: the lock in force
 */
AditLock
adit_fake_firewall_get_lock (AditFakeFirewall *self)
{
  return self->policy.lock;
}

/**
 * adit_fake_firewall_set_present:
 * @self: a fake
 * @present: whether rules of an earlier helper are there
 */
void
adit_fake_firewall_set_present (AditFakeFirewall *self, gboolean present)
{
  self->present = present;
  self->policy.lock = present ? ADIT_LOCK_ALL : ADIT_LOCK_OFF;
}

/**
 * adit_fake_firewall_fail_next:
 * @self: a fake
 * @call: "probe" or "apply"
 * @error: (nullable): the answer of its next call
 */
void
adit_fake_firewall_fail_next (AditFakeFirewall *self, const char *call, const GError *error)
{
  adit_fake_calls_fail_next (&self->calls, call, error);
}
