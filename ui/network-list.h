/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network-list.h: a group with a row for each known network, and for new ones of each kind. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NETWORK_LIST (adit_network_list_get_type ())
G_DECLARE_FINAL_TYPE (AditNetworkList, adit_network_list, ADIT, NETWORK_LIST, AdwPreferencesGroup)

void adit_network_list_set_mirror (AditNetworkList *self, AditMirror *mirror);
void adit_network_list_reload     (AditNetworkList *self);

G_END_DECLS
