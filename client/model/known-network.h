/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known-network.h: which network this computer is in, what its user thinks of it, and what follows from that. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_NETWORKS_MAX_HERE  4     /* ways out at the same time */
#define ADIT_NETWORKS_MAX_RULES 64
#define ADIT_NETWORK_ID_BYTES   33    /* half of a SHA-256 in hexadecimal, and its end */
#define ADIT_NETWORK_SALT_BYTES 32    /* as long as the hash: RFC 2104, 3 */
#define ADIT_NETWORK_NAME_MAX_BYTES 32    /* of a Wi-Fi network: IEEE 802.11-2020, 9.4.2.2 */
#define ADIT_HARDWARE_BYTES     6

typedef enum
{
  ADIT_LINK_KIND_OTHER = 0,    /* or not known */
  ADIT_LINK_KIND_WIRED,
  ADIT_LINK_KIND_WIFI,
  ADIT_LINK_KIND_MOBILE,
  ADIT_N_LINK_KINDS
} AditLinkKind;

/* Whether its owner pays by the byte. */
typedef enum
{
  ADIT_METERED_UNKNOWN = 0,    /* nobody here can tell */
  ADIT_METERED_NO,
  ADIT_METERED_YES,
  ADIT_N_METERED
} AditMetered;

typedef enum
{
  ADIT_TRUST_UNKNOWN = 0,
  ADIT_TRUST_UNTRUSTED,
  ADIT_TRUST_TRUSTED,
  ADIT_N_TRUSTS
} AditTrust;

typedef enum
{
  ADIT_NETWORK_ASK = 0,       /* nothing is changed; a person is told */
  ADIT_NETWORK_CONNECT,
  ADIT_NETWORK_DISCONNECT,    /* of a trusted network alone */
  ADIT_NETWORK_LOCKDOWN,
  ADIT_N_NETWORK_ACTIONS
} AditNetworkAction;

/* What can be seen of a network without sending a packet.  The name is bytes of strangers: compared and shown, never read. */
typedef struct
{
  AditLinkKind kind;
  guint        link;                  /* the system's number of it */
  guint8       name[ADIT_NETWORK_NAME_MAX_BYTES];    /* of a mobile network the access point's */
  guint        name_bytes;
  gboolean     is_protected;          /* a Wi-Fi network that has proved to know a key, a mobile one that knows the card's */
  gboolean     is_settled;            /* whoever sets the link up has done so */
  AditAddress  router;
  gboolean     has_hardware;
  guint8       hardware[ADIT_HARDWARE_BYTES];    /* of the router */
  gboolean     has_card;              /* a mobile network, of which card, operator and access point are known */
  guint8       lease[32];             /* a digest of these, or of what a DHCP server says of itself; zero: there is none */
  AditMetered  metered;               /* told of it; no part of what it is recognised by */
} AditNetworkFacts;

/* Zero is a network that nobody has said anything of. */
typedef struct
{
  char              id[ADIT_NETWORK_ID_BYTES];    /* "": what holds for all networks of that kind that have no rule */
  AditLinkKind      kind;
  gboolean          is_protected;
  AditTrust         trust;
  AditNetworkAction action;
  guint32           owner_uid;
} AditNetworkRule;

typedef struct
{
  guint8          salt[ADIT_NETWORK_SALT_BYTES];
  AditNetworkRule rules[ADIT_NETWORKS_MAX_RULES];
  guint           n_rules;
  AditNetworkRule defaults[ADIT_N_LINK_KINDS];
} AditNetworkRules;

gboolean               adit_network_facts_are_whole (const AditNetworkFacts *facts);
void                   adit_network_facts_get_id    (const AditNetworkFacts *facts, const guint8 *salt, char *id);

guint                  adit_network_action_get_strength (AditNetworkAction action);
gboolean               adit_network_rule_check    (const AditNetworkRule *rule, GError **error);
AditNetworkRule       *adit_network_rules_find_id (AditNetworkRules *self, const char *id);
AditNetworkRule        adit_network_rules_find    (AditNetworkRules *self, const AditNetworkFacts *facts);
AditNetworkRule        adit_network_rules_decide  (AditNetworkRules *self, const AditNetworkFacts *facts, guint n_facts);
gboolean               adit_network_rules_are_set (const AditNetworkRules *self);
AditNetworkRule        adit_network_rules_get_now (AditNetworkRules *self, const AditNetworkRule *rule);
gboolean               adit_network_rules_put     (AditNetworkRules *self, const AditNetworkRule *rule, GError **error);
gboolean               adit_network_rules_remove  (AditNetworkRules *self, const char *id);

const char *adit_link_kind_get_nick        (AditLinkKind kind);
const char *adit_metered_get_nick          (AditMetered metered);
const char *adit_trust_get_nick            (AditTrust trust);
const char *adit_network_action_get_nick   (AditNetworkAction action);
gboolean    adit_link_kind_from_nick       (const char *nick, AditLinkKind *kind);
gboolean    adit_trust_from_nick           (const char *nick, AditTrust *trust);
gboolean    adit_network_action_from_nick  (const char *nick, AditNetworkAction *action);

G_END_DECLS
