/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hotel.h: a network whose router lets nobody through who has not seen its page, and answers in everybody's place meanwhile. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hotel_start       (void);
void hotel_shut        (gboolean knows_tls);
void hotel_let_through (void);

G_END_DECLS
