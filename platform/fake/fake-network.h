/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-network.h: links and addresses as a test says; for unit tests only. */
#pragma once

#include "platform/network.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_NETWORK (adit_fake_network_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeNetwork, adit_fake_network, ADIT, FAKE_NETWORK, GObject)

AditFakeNetwork *adit_fake_network_new   (void);
void             adit_fake_network_add   (AditFakeNetwork *self, const char *link, const char *address, gboolean is_guests);
void             adit_fake_network_clear (AditFakeNetwork *self);
void             adit_fake_network_set_way (AditFakeNetwork *self, guint link);
void             adit_fake_network_set_here (AditFakeNetwork *self, const AditNetworkFacts *facts, guint n_facts);

G_END_DECLS
