/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host-name.h: what may stand where a host's name belongs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_HOST_NAME_MAX_BYTES 254    /* 253 letters and its end: RFC 1035, 2.3.4 */

gboolean adit_host_name_is_valid (const char *name);

G_END_DECLS
