/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn.h: the parts of the simulated IVPN: its accounts, what it asks of them besides, and its servers. */
#pragma once

#include <jansson.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The JSON's own, which say more than HTTP's. */
enum
{
  IVPN_OK              = 200,
  IVPN_BAD_REQUEST     = 400,
  IVPN_BAD_CREDENTIALS = 401,
  IVPN_NO_SUCH_KEY     = 424,
  IVPN_NO_SESSION      = 601,
  IVPN_SESSION_LIMIT   = 602,
  IVPN_NOT_ACTIVE      = 702,
  IVPN_CAPTCHA_WANTED  = 70001,
  IVPN_CAPTCHA_WRONG   = 70002,
  IVPN_TOTP_WANTED     = 70011,
  IVPN_TOTP_WRONG      = 70012,
};

typedef struct
{
  const char *name, *plan;
  gboolean    ended;         /* its sessions are told so when they ask */
  gboolean    closed;        /* it gets none */
  gboolean    captcha, totp;
  guint       strangers;     /* sessions of others that it begins with */
  guint       limit;         /* sessions */
} IvpnAccount;

void               ivpn_accounts_open     (void);
const IvpnAccount *ivpn_accounts_find     (const char *name);
json_t            *ivpn_accounts_describe (const IvpnAccount *account, gboolean ended);
guint              ivpn_accounts_check    (const IvpnAccount *account, json_t *request);
void               ivpn_accounts_ask      (json_t *reply);

void               ivpn_reply             (SoupServerMessage *message, guint status, json_t *body);
void               ivpn_servers_handle    (SoupServerMessage *message, const char *exit_key);

G_END_DECLS
