/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn.h: the part of the simulated OVPN that needs no login: its datacenters. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void     ovpn_places_handle        (SoupServerMessage *message, const char *exit_key);
gboolean ovpn_places_handle_health (SoupServerMessage *message, const char *slug);

G_END_DECLS
