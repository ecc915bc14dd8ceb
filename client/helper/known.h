/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known.h: the rules for networks, where this computer is, and the moment at which it comes into another one. */
#pragma once

#include <gio/gio.h>
#include "client/model/known-network.h"
#include "platform/network.h"

G_BEGIN_DECLS

typedef struct _AditKnown AditKnown;

/* @rule is what holds in the network that this computer has just come into.  Returns: %FALSE where that is to be done later. */
typedef gboolean (*AditKnownArrived) (const AditNetworkRule *rule, gpointer user_data);

AditKnown        *adit_known_new        (const char *path, const char *here_path, AditNetwork *network);
void              adit_known_free       (AditKnown *self);
void              adit_known_watch      (AditKnown *self, AditKnownArrived arrived, gpointer user_data);
void              adit_known_end_delay  (AditKnown *self, gboolean is_dropped);

AditNetworkRules *adit_known_get_rules  (AditKnown *self);
gboolean          adit_known_save       (AditKnown *self, const AditNetworkRules *rules, GError **error);
guint             adit_known_list_here  (AditKnown *self, AditNetworkFacts *facts, guint max);
AditMetered       adit_known_find_metered (AditKnown *self);
GBytes           *adit_known_get_name   (AditKnown *self, const char *id);
gboolean          adit_known_asks       (AditKnown *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditKnown, adit_known_free)

G_END_DECLS
