/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.h: what the simulated resolver says to a question that came by HTTPS. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define RESOLVER_PATH "/dns-query"

void resolver_handle (SoupServerMessage *message);

G_END_DECLS
