/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-resolved.h: name resolution by systemd-resolved. */
#pragma once

#include "client/base/journal.h"
#include "platform/dns.h"

G_BEGIN_DECLS

#define ADIT_TYPE_DNS_RESOLVED (adit_dns_resolved_get_type ())
G_DECLARE_FINAL_TYPE (AditDnsResolved, adit_dns_resolved, ADIT, DNS_RESOLVED, GObject)

AditDns *adit_dns_resolved_new (GDBusConnection *bus, AditJournal *journal);

G_END_DECLS
