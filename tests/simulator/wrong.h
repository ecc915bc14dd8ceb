/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong.h: answers that are wrong whatever was asked, and whomever. */
#pragma once

#include "tests/simulator/service.h"

G_BEGIN_DECLS

const char *wrong_answer      (const Service *service, SoupServerMessage *message);
gboolean    wrong_lose_answer (SoupServerMessage *message);

G_END_DECLS
