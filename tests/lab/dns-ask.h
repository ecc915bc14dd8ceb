/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-ask.h: one question to one name server, without this computer's resolver. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *adit_lab_ask_for_web (const char *server);
char *adit_lab_ask_for     (const char *server, const char *name);

G_END_DECLS
