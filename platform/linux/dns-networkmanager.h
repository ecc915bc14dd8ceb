/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-networkmanager.h: name resolution where NetworkManager writes the resolver file. */
#pragma once

#include "client/base/journal.h"
#include "platform/dns.h"

G_BEGIN_DECLS

#define ADIT_TYPE_DNS_NETWORKMANAGER (adit_dns_networkmanager_get_type ())
G_DECLARE_FINAL_TYPE (AditDnsNetworkmanager, adit_dns_networkmanager, ADIT, DNS_NETWORKMANAGER, GObject)

AditDns *adit_dns_networkmanager_new (GDBusConnection *bus, AditJournal *journal, const char *path);

G_END_DECLS
