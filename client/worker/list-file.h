/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list-file.h: a server list on its way to the helper, and other small files on their way from it. */
#pragma once

#include "client/base/secret.h"

G_BEGIN_DECLS

int   adit_list_file_seal (GBytes *list, GError **error);
int   adit_list_file_seal_secret (AditSecret *text, GError **error);
char *adit_list_file_read_text  (int fd, gsize max_bytes, GError **error);
char *adit_list_file_read_trust (int fd, gsize max_bytes, GError **error);

G_END_DECLS
