/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset-case.h: the locks, policies and links of which the tests of the rules are made. */
#pragma once

#include "platform/linux/ruleset.h"

G_BEGIN_DECLS

#define RULESET_N_LOCKS 6

typedef enum { RULESET_ONE_FAMILY, RULESET_BOTH_FAMILIES, RULESET_N_FAMILIES } RulesetFamilies;    /* of the tunnel */
typedef struct { const char *name; guint lock; gboolean has_peer; } RulesetLock;

/* Each lock there is, and one that nobody knows. */
extern const RulesetLock      ruleset_locks[RULESET_N_LOCKS];
extern const AditLinks *const ruleset_two_links, *const ruleset_no_links;

AditLockPolicy ruleset_new_policy  (guint lock, gboolean has_peer, RulesetFamilies families);
void           ruleset_add_reach   (AditLockPolicy *policy);
void           ruleset_add_nested  (AditLockPolicy *policy, const char *exit);
void           ruleset_add_parts   (AditLockPolicy *policy, AditRulesetParts parts);
guint          ruleset_count       (const char *text, const char *words);

G_END_DECLS
