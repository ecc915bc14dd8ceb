/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search-provider.h: places found in the search of GNOME Shell. */
#pragma once

#include <gio/gio.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_SEARCH_PROVIDER_PATH "/org/aditvpn/Adit/SearchProvider"    /* as in data/org.aditvpn.Adit.search-provider.ini */

#define ADIT_TYPE_SEARCH_PROVIDER (adit_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (AditSearchProvider, adit_search_provider, ADIT, SEARCH_PROVIDER, GObject)

/* Signal "needed": somebody searches; adit_search_provider_set_mirror() is due unless that was called.
 * Signal "chosen" (AditPlace *): somebody wants to leave from there.
 * Signal "launched" (char *): somebody wants to see more of what that text finds. */

AditSearchProvider *adit_search_provider_new        (GApplication *application);
void                adit_search_provider_set_mirror (AditSearchProvider *self, AditMirror *mirror);
gboolean            adit_search_provider_export     (AditSearchProvider *self, GDBusConnection *bus, GError **error);
void                adit_search_provider_unexport   (AditSearchProvider *self);

G_END_DECLS
