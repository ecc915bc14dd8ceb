/* SPDX-License-Identifier: GPL-2.0-or-later */
/* repeats.h: does a service say back what was sent to it? */
#pragma once

#include "client/base/secret.h"

G_BEGIN_DECLS

gboolean adit_repeats_secret (const char *text, AditSecret *secret);

G_END_DECLS
