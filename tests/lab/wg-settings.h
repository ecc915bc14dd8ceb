/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-settings.h: what wg and wg-quick take from a file, and what our profile says that they should. */
#pragma once

#include <glib.h>
#include "client/model/wireguard-profile.h"

G_BEGIN_DECLS

#define WG_SETTINGS_FIRST_HOST 100    /* of 192.0.2.0/24: what the first name of wg_settings_hosts is looked up as */

extern const char *const wg_settings_hosts[];

void  wg_settings_begin      (void);
char *wg_settings_ask        (const char *text, gsize length, char **said);
char *wg_settings_ask_quick  (const char *text, gsize length);
char *wg_settings_expect     (const AditWireguardProfile *profile);
char *wg_settings_expect_quick (const AditWireguardProfile *profile);
char *wg_settings_drop_mute  (const char *settings);

G_END_DECLS
