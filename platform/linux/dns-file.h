/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-file.h: name resolution by the plain file, where no manager decides. */
#pragma once

#include "client/base/journal.h"
#include "platform/dns.h"

G_BEGIN_DECLS

#define ADIT_TYPE_DNS_FILE (adit_dns_file_get_type ())
G_DECLARE_FINAL_TYPE (AditDnsFile, adit_dns_file, ADIT, DNS_FILE, GObject)

AditDns *adit_dns_file_new (AditJournal *journal, const char *path);

G_END_DECLS
