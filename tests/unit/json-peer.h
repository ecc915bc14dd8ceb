/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-peer.h: what a well-kept library reads in the same text, for comparison. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *json_peer_dup_values (const char *text, gsize length);

G_END_DECLS
