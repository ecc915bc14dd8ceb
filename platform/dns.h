/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns.h: one way of telling the computer whom to ask. */
#pragma once

#include <gio/gio.h>
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_TYPE_DNS (adit_dns_get_type ())
G_DECLARE_INTERFACE (AditDns, adit_dns, ADIT, DNS, GObject)

/* Signal "disturbed" (gboolean put_back): another program changed what we had set. */
struct _AditDnsInterface
{
  GTypeInterface parent;

  const char *(*get_name) (AditDns *self);    /* "resolved", "file (written by resolvconf)": shown in diagnostics */
  gboolean    (*probe)    (AditDns *self, GError **error);    /* does it rule this computer's names now? */
  gboolean    (*apply)    (AditDns *self, const AditAddress *servers, guint n_servers, GError **error);
  gboolean    (*revert)   (AditDns *self, GError **error);    /* byte for byte; also the way back after a crash */
};

const char *adit_dns_get_name (AditDns *self);
gboolean    adit_dns_probe    (AditDns *self, GError **error);
gboolean    adit_dns_apply    (AditDns *self, const AditAddress *servers, guint n_servers, GError **error);
gboolean    adit_dns_revert   (AditDns *self, GError **error);
void        adit_dns_emit_disturbed (AditDns *self, gboolean put_back);

G_END_DECLS
