/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-firewall.h: a lock that holds nothing and remembers everything; for unit tests only. */
#pragma once

#include "platform/fake/fake-calls.h"
#include "platform/firewall.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_FIREWALL (adit_fake_firewall_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeFirewall, adit_fake_firewall, ADIT, FAKE_FIREWALL, GObject)

AditFakeFirewall     *adit_fake_firewall_new         (GPtrArray *log);
const AditLockPolicy *adit_fake_firewall_get_policy  (AditFakeFirewall *self);
AditLock              adit_fake_firewall_get_lock    (AditFakeFirewall *self);
void                  adit_fake_firewall_set_present (AditFakeFirewall *self, gboolean present);
void                  adit_fake_firewall_fail_next   (AditFakeFirewall *self, const char *call, const GError *error);

G_END_DECLS
