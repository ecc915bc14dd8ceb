/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-relays.h: Mullvad's relay list, read into our own flat form. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

#define ADIT_MULLVAD_RELAYS_MAX_BYTES (16 * 1024 * 1024)    /* some 600 relays are below half a MiB; 20,000 have 10 */

GBytes *adit_mullvad_read_relays (const void *bytes, gsize length, const char *etag, gint64 now_s, GError **error);

G_END_DECLS
