/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network-linux.h: links and addresses by rtnetlink. */
#pragma once

#include "platform/network.h"

G_BEGIN_DECLS

#define ADIT_TYPE_LINUX_NETWORK (adit_linux_network_get_type ())
G_DECLARE_FINAL_TYPE (AditLinuxNetwork, adit_linux_network, ADIT, LINUX_NETWORK, GObject)

AditNetwork *adit_linux_network_new (GDBusConnection *bus);

G_END_DECLS
