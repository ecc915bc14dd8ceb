/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-handler.h: what a program asks for so that its death is noted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_crash_handler_install (const char *program, const char *build, int fd, GError **error);

G_END_DECLS
