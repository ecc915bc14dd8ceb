/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shown.h: what strangers have written, as a person may see it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *adit_shown_dup (const char *text, const char *also);

G_END_DECLS
