/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-dns.h: resolvers that are only remembered; for unit tests only. */
#pragma once

#include "platform/dns.h"
#include "platform/fake/fake-calls.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_DNS (adit_fake_dns_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeDns, adit_fake_dns, ADIT, FAKE_DNS, GObject)

AditFakeDns       *adit_fake_dns_new         (GPtrArray *log);
const AditAddress *adit_fake_dns_get_servers (AditFakeDns *self, guint *n_servers);
void               adit_fake_dns_fail_next   (AditFakeDns *self, const char *call, const GError *error);

G_END_DECLS
