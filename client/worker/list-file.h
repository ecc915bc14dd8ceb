/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list-file.h: a server list on its way to the helper, and other small files on their way from it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int   adit_list_file_seal (GBytes *list, GError **error);
char *adit_list_file_read_text (int fd, gsize max_bytes, GError **error);

G_END_DECLS
