/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cause.h: the one thing that keeps a computer from what was asked for, out of everything that can be seen of it. */
#pragma once

#include "client/model/state.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_CAUSE_NONE = 0,
  ADIT_CAUSE_REASON,               /* why it is blocked says it: the reason's own word */
  ADIT_CAUSE_NO_LINK,
  ADIT_CAUSE_NO_ADDRESS,
  ADIT_CAUSE_NO_ROUTE,
  ADIT_CAUSE_MANAGER_MISSING,      /* and with it a link, address or route */
  ADIT_CAUSE_DNS_DEAD,
  ADIT_CAUSE_RESOLVER_MISSING,
  ADIT_CAUSE_SERVICE_BLOCKED,      /* somebody else answers in its place */
  ADIT_CAUSE_OTHER_RULES,          /* tenant.h says whose */
  ADIT_CAUSE_UDP_BLOCKED,          /* the service answers, and not one of several servers */
  ADIT_CAUSE_RELAY_SILENT,
  ADIT_CAUSE_MTU_BLACK_HOLE,
  ADIT_CAUSE_HELPER_MISSING,
  ADIT_CAUSE_HELPER_OLD,           /* or of another build */
  ADIT_N_CAUSES
} AditCause;

typedef struct
{
  AditState  state;
  AditReason reason;               /* why it is blocked, or why the last try of this wish failed */
  gboolean   is_untrusted;         /* what answered was not the service */
  gboolean   has_link, has_address, has_route;
  gboolean   is_manager_missing, is_resolver_missing;
  gboolean   has_other_rules;      /* that can stop a tunnel */
  gboolean   are_several_silent;
  gboolean   loses_long_packets, are_names_dead;
  gboolean   has_exit;             /* the service has told where one leaves */
} AditCauseFacts;

AditCause   adit_cause_find      (const AditCauseFacts *facts);
const char *adit_cause_get_nick  (AditCause cause);
gboolean    adit_cause_from_nick (const char *nick, AditCause *cause);

G_END_DECLS
