/* SPDX-License-Identifier: GPL-2.0-or-later */
/* distort.h: true answers, made wrong in one respect before they are sent. */
#pragma once

#include <jansson.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

void distort_list (SoupServerMessage *message, json_t *list);
void distort_body (SoupServerMessage *message, json_t *body);

G_END_DECLS
