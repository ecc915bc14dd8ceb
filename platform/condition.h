/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition.h: what this computer's own network has and lacks; nothing is sent to learn it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean has_link;                 /* a cable or radio that carries */
  gboolean has_address;              /* on such a link, one that reaches further than it */
  gboolean is_manager_missing;       /* NetworkManager has run here and does not answer */
  gboolean is_resolver_missing;      /* names are asked of systemd-resolved, and it does not answer */
} AditCondition;

void adit_condition_read (GDBusConnection *bus, AditCondition *condition);

G_END_DECLS
