/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-dns.c: records "dns.probe", "dns.apply" with the servers, "dns.revert". */
#include "platform/fake/fake-dns.h"

#include <string.h>

struct _AditFakeDns
{
  GObject parent_instance;

  AditFakeCalls calls;
  AditAddress   servers[ADIT_TUNNEL_MAX_DNS];
  guint         n_servers;
};

static void adit_fake_dns_iface_init (AditDnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeDns, adit_fake_dns, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_DNS, adit_fake_dns_iface_init))

static const char *
fake_get_name (AditDns *dns)
{
  return "fake";
}

static gboolean
fake_probe (AditDns *dns, GError **error)
{
  return adit_fake_calls_record (&ADIT_FAKE_DNS (dns)->calls, "probe", NULL, error);
}

static gboolean
fake_apply (AditDns *dns, const AditAddress *servers, guint n_servers, GError **error)
{
  AditFakeDns *self = ADIT_FAKE_DNS (dns);
  g_autoptr (GString) detail = g_string_new (NULL);

  for (guint i = 0; i < n_servers; i++)
    {
      g_autofree char *text = adit_address_dup_text (&servers[i]);

      g_string_append_printf (detail, "%s%s", i > 0 ? " " : "", text);
    }
  if (!adit_fake_calls_record (&self->calls, "apply", detail->str, error))
    return FALSE;
  memcpy (self->servers, servers, n_servers * sizeof *servers);
  self->n_servers = n_servers;
  return TRUE;
}

static gboolean
fake_revert (AditDns *dns, GError **error)
{
  AditFakeDns *self = ADIT_FAKE_DNS (dns);

  if (!adit_fake_calls_record (&self->calls, "revert", NULL, error))
    return FALSE;
  self->n_servers = 0;
  return TRUE;
}

static void
adit_fake_dns_iface_init (AditDnsInterface *iface)
{
  iface->get_name = fake_get_name;
  iface->probe = fake_probe;
  iface->apply = fake_apply;
  iface->revert = fake_revert;
}

static void
adit_fake_dns_finalize (GObject *object)
{
  adit_fake_calls_clear (&ADIT_FAKE_DNS (object)->calls);
  G_OBJECT_CLASS (adit_fake_dns_parent_class)->finalize (object);
}

static void
adit_fake_dns_class_init (AditFakeDnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_fake_dns_finalize;
}

static void
adit_fake_dns_init (AditFakeDns *self)
{
}

/**
 * adit_fake_dns_new:
 * @log: the shared log
 *
 * Returns: (transfer full): a fake with nothing applied; adit_dns_emit_disturbed() on it plays the other program
 */
AditFakeDns *
adit_fake_dns_new (GPtrArray *log)
{
  AditFakeDns *self = g_object_new (ADIT_TYPE_FAKE_DNS, NULL);

  adit_fake_calls_init (&self->calls, "dns", log);
  return self;
}

/**
 * adit_fake_dns_get_servers:
 * @self: a fake
 * @n_servers: (out): how many; 0 after a revert
 *
 * Returns: (transfer none) (array length=n_servers): what is applied now
 */
const AditAddress *
adit_fake_dns_get_servers (AditFakeDns *self, guint *n_servers)
{
  *n_servers = self->n_servers;
  return self->servers;
}

/**
 * adit_fake_dns_fail_next:
 * @self: a fake
 * @call: "probe", "apply" or "revert"
 * @error: (nullable): the answer of its next call
 */
void
adit_fake_dns_fail_next (AditFakeDns *self, const char *call, const GError *error)
{
  adit_fake_calls_fail_next (&self->calls, call, error);
}
