/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-monitor.h: rings when firewall rules, network devices or routes have changed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditNftMonitor AditNftMonitor;

/* @by: "nft[123]", or ""; @links: whether devices or routes have changed, and not rules. */
typedef void (*AditNftChanged) (const char *by, gboolean links, gpointer user_data);

AditNftMonitor *adit_nft_monitor_new  (AditNftChanged changed, gpointer user_data, GError **error);
void            adit_nft_monitor_free (AditNftMonitor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditNftMonitor, adit_nft_monitor_free)

G_END_DECLS
