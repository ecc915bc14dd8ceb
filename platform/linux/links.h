/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.h: the links by which a packet could leave this computer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char   **adit_links_list               (GError **error);
char    *adit_links_dup_stamp          (void);
gboolean adit_links_silence_unwritable (GError **error);

G_END_DECLS
