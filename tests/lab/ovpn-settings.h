/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-settings.h: what openvpn itself says that it read. */
#pragma once

#include <glib.h>
#include "client/worker/ovpn-write.h"

G_BEGIN_DECLS

#define OVPN_SETTINGS_SOCKET "/run/nobody-listens-here"

GHashTable *ovpn_settings_ask    (const char *text, gsize length, char **said);
void        ovpn_settings_expect (GHashTable *settings, const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch);
guint       ovpn_settings_differ (GHashTable *a, GHashTable *b, const char *const *keys);

G_END_DECLS
