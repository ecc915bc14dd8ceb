/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-facts.h: what helper and clients have to know of a profile that they do not read themselves. */
#pragma once

#include "client/model/openvpn-profile.h"
#include "client/model/place.h"
#include "client/model/wireguard-profile.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_PROFILE_NONE = 0,
  ADIT_PROFILE_WIREGUARD,
  ADIT_PROFILE_OPENVPN,
  ADIT_N_PROFILE_KINDS
} AditProfileKind;

/* Of a user's name and a password, at a server or at a proxy. */
typedef enum
{
  ADIT_PROFILE_LOGIN_NONE = 0,       /* there is none */
  ADIT_PROFILE_LOGIN_ASK_BOTH,
  ADIT_PROFILE_LOGIN_ASK_PASSWORD,   /* the name is kept with the profile */
  ADIT_PROFILE_LOGIN_KEPT,           /* so are both */
  ADIT_N_PROFILE_LOGINS
} AditProfileLogin;

/* No holes, and what is not used is zero: it travels as it is. */
typedef struct
{
  guint32 kind;                  /* AditProfileKind */
  guint32 n_servers;             /* of OpenVPN's, to be tried in turn; of WireGuard's peers, all at once */
  guint32 n_dns;
  char    name[ADIT_NAME_MAX_BYTES];    /* what the file was called, or its first server */
  guint8  login, proxy_login;    /* AditProfileLogin */
  guint8  has_proxy;             /* 0 or 1, as all that follow */
  guint8  needs_passphrase;      /* of the key */
  guint8  needs_names;           /* a host's name has to be looked up before a connection */
  guint8  challenge_echo;        /* what is typed may be seen */
  guint8  is_random;             /* servers are tried in any order */
  guint8  is_whole;              /* everything goes inside; else only the networks that a WireGuard file names */
  char    challenge[ADIT_OPENVPN_TEXT_MAX_BYTES];    /* what is asked beside the password; "": nothing */
} AditProfileFacts;

gboolean    adit_profile_facts_is_valid      (const AditProfileFacts *self);
void        adit_profile_facts_set_name      (AditProfileFacts *self, const char *file_name, const AditHost *server);
void        adit_profile_facts_of_openvpn    (AditProfileFacts *self, const AditOpenvpnProfile *profile, const char *file_name);
void        adit_profile_facts_of_wireguard  (AditProfileFacts *self, const AditWireguardProfile *profile, const char *file_name);
const char *adit_profile_kind_get_name       (AditProfileKind kind);
AditProfileKind adit_profile_kind_find       (const char *name);

G_END_DECLS
