/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard.h: nobody who has come over the network is cut off by a call of their own without having said how they stay in. */
#pragma once

#include "client/helper/call.h"

G_BEGIN_DECLS

const char *adit_guard_name     (AditCall *call, const char *name);
gboolean adit_guard_read_options (AditCall *call, GError **error);
void     adit_guard_look         (AditCall *call);
void     adit_guard_forget       (AditCall *call);
void     adit_guard_call         (AditCall *call, AditCallWork then);

gboolean adit_guard_begin        (AditCall *call, GError **error);
void     adit_guard_done         (AditCall *call, gboolean wish, gboolean lockdown);

G_END_DECLS
