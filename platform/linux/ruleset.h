/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset.h: which packets may pass, as nftables text.  A pure function, so that every lock has a golden file. */
#pragma once

#include "client/model/lock-policy.h"
#include "client/model/portal-hole.h"
#include "platform/linux/links.h"

G_BEGIN_DECLS

/* Rules and sets that only some settings need; where they are not needed they are not there. */
typedef enum
{
  ADIT_RULESET_ALWAYS = 0,
  ADIT_RULESET_BESIDE = 1 << 0,    /* the local network, groups, guests, private resolvers */
  ADIT_RULESET_KEPT   = 1 << 1,    /* one connection from before the lock */
  ADIT_RULESET_NESTED = 1 << 2,    /* a tunnel in a tunnel */
  ADIT_RULESET_PORTAL = 1 << 3,    /* room for a hole of a few minutes */
} AditRulesetParts;

AditRulesetParts adit_ruleset_get_parts (const AditLockPolicy *policy);

char    *adit_ruleset_new             (const AditLockPolicy *policy, const AditLinks *links);
char    *adit_ruleset_refill          (const AditLockPolicy *policy, const AditLinks *links);
gboolean adit_ruleset_link_valid      (const char *name);

void     adit_ruleset_append_sets     (GString *text, const AditLockPolicy *policy, const char *table);
void     adit_ruleset_append_emptying (GString *text, const AditLockPolicy *policy);
char    *adit_ruleset_sets            (const AditLockPolicy *policy);
char    *adit_ruleset_members         (const AditLockPolicy *before, const AditLockPolicy *policy);

char    *adit_ruleset_portal          (const AditPortalHole *hole, guint seconds);

char    *adit_ruleset_outline         (const char *text);
gboolean adit_ruleset_outline_is_head (const char *line);
gboolean adit_ruleset_outline_kept    (const char *before, const char *now, const char *const *links);

G_END_DECLS
