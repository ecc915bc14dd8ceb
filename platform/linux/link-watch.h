/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link-watch.h: tells when one network device is gone, renamed or moved away; and removes a device by name. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditLinkWatch AditLinkWatch;
typedef void (*AditLinkGone) (gpointer user_data);

AditLinkWatch *adit_link_watch_new  (const char *name, AditLinkGone gone, gpointer user_data, GError **error);
void           adit_link_watch_free (AditLinkWatch *self);
gboolean       adit_link_remove     (const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLinkWatch, adit_link_watch_free)

G_END_DECLS
