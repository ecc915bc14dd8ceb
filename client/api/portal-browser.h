/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal-browser.h: the one program that shows a network's own page, while nothing else leaves this computer. */
#pragma once

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

char       **adit_portal_browser_make_command (const char *const *words, const char *page);
char        *adit_portal_browser_dup_page     (const char *gateway);
GUnixFDList *adit_portal_browser_wrap_process (gint64 pid, GError **error);
int          adit_portal_browser_become       (char **command);
gboolean     adit_portal_browser_start        (const char *option, GPid *pid, int *way, GError **error);
int          adit_portal_browser_wait         (int fd);

G_END_DECLS
