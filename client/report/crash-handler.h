/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-handler.h: what a program asks for so that its death is noted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_crash_handler_install  (const char *program, const char *build, int fd, GError **error);
void     adit_crash_handler_set_note (int fd);
void     adit_crash_handler_set_opener (int (*open_note) (void));

G_END_DECLS
