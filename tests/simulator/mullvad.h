/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad.h: the parts of the simulated Mullvad: its accounts and its relays. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void     mullvad_accounts_open         (void);
char    *mullvad_accounts_add          (void);
gboolean mullvad_accounts_has          (const char *number);
gint64   mullvad_accounts_get_expiry_s (const char *number);
gint64   mullvad_accounts_add_time     (const char *number);
void     mullvad_accounts_remove       (const char *number);

void     mullvad_relays_handle         (SoupServerMessage *message, const char *exit_key);

G_END_DECLS
