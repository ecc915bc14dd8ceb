/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-login.h: what a person has typed for a profile that asks for it: kept beside it, and lent to one worker a try. */
#pragma once

#include "client/base/secret.h"

G_BEGIN_DECLS

typedef struct
{
  AditSecret *username, *password, *passphrase, *proxy_username, *proxy_password;    /* (nullable) each */
} AditLoginSecrets;

void     adit_login_secrets_clear  (AditLoginSecrets *self);
gboolean adit_login_secrets_parse  (AditLoginSecrets *self, AditSecret *lines, GError **error);
gboolean adit_profile_login_store  (const char *path, AditSecret *lines, GError **error);
gboolean adit_profile_login_load   (const char *path, AditLoginSecrets *login);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditLoginSecrets, adit_login_secrets_clear)

G_END_DECLS
