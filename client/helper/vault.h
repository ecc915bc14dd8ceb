/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vault.h: the accounts of this computer with their secrets.
 * What is in here is lent to one worker at a time and to nobody else. */
#pragma once

#include <gio/gio.h>
#include "client/base/secret.h"
#include "client/model/service.h"
#include "client/model/settings.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_DEVICE_ID_MAX_BYTES 64    /* as on the wire: a UUID and its end fit */

#define ADIT_CREDENTIAL_MAX_BYTES 600    /* as on the wire: a refresh token and its end fit */

/* One account: a credential at a service, and the device that this computer is there. */
typedef struct
{
  char               id[ADIT_ACCOUNT_ID_MAX_BYTES];    /* a random UUID of this computer; says nothing outside it */
  const AditService *service;
  guint32            owner_uid;
  char               device_id[ADIT_DEVICE_ID_MAX_BYTES];
  char               device_name[ADIT_NAME_MAX_BYTES];
  AditPrefix         addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint              n_addresses;
  gint64             expires_at_s;          /* UTC; 0: not known */
  gint64             checked_at_s;          /* UTC; when the service said so */
  gint64             token_expires_at_s;    /* UTC */
  gint64             key_made_at_s;         /* UTC; 0: as long as the account is here */
  char               plan[ADIT_NAME_MAX_BYTES];    /* as the service calls it; "": it does not say */
  guint              device_limit;          /* 0: it does not say */
  gboolean           is_inactive;           /* it ended, or was never paid */
  gboolean           is_renewed;            /* it goes on by itself */
  gboolean           refuses_multihop;      /* the plan does not have it */
  gboolean           is_chosen;             /* by its owner, among several of theirs */
  gboolean           is_leaving;            /* it is being signed out, so nothing new begins with it; not kept */
  AditSecret        *credential;            /* less than ADIT_CREDENTIAL_MAX_BYTES; where it has two parts, one a line */
  AditSecret        *openvpn_username, *openvpn_password;    /* (nullable) at its OpenVPN servers: others than the account's */
  AditSecret        *token;                 /* (nullable) */
  AditSecret        *private_key;
} AditAccount;

AditAccount *adit_account_new  (const AditService *service, guint32 owner_uid, AditSecret *credential, AditSecret *private_key);
void         adit_account_free (AditAccount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditAccount, adit_account_free)

typedef struct _AditVault AditVault;

AditVault   *adit_vault_open   (const char *directory, GError **error);
void         adit_vault_close  (AditVault *self);
GPtrArray   *adit_vault_get_accounts (AditVault *self);    /* of AditAccount, borrowed */
AditAccount *adit_vault_find   (AditVault *self, const char *id);
AditAccount *adit_vault_find_for_owner (AditVault *self, guint32 owner_uid);
gboolean     adit_vault_save   (AditVault *self, AditAccount *account, GError **error);
gboolean     adit_vault_add    (AditVault *self, AditAccount *account, GError **error);
gboolean     adit_vault_choose (AditVault *self, AditAccount *account, GError **error);
gboolean     adit_vault_remove (AditVault *self, AditAccount *account, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditVault, adit_vault_close)

G_END_DECLS
