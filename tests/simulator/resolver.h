/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.h: what the simulated resolver says to a question that came by HTTPS. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RESOLVER_PATH "/dns-query"
#define RESOLVER_TYPE "application/dns-message"

GBytes *resolver_answer  (const guint8 *question, gsize length);
GBytes *resolver_from_64 (const char *text);

G_END_DECLS
