/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-choice.c: what a person does with an account of theirs without its service: choose it, and see what stands for it. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#include "client/base/error.h"
#include "client/helper/sealed.h"

/* --- UseAccount ------------------------------------------------------------------------------------------------------------- */

static void
work_use_account (AditCall *call)
{
  GError *error = NULL;
  AditAccount *account = adit_call_find_account (call, &error);

  if (account == NULL || !adit_vault_choose (call->service->parts.vault, account, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_tell_accounts (call->service, account->owner_uid);
  adit_dbus_adit1_complete_use_account (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_use_account (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
                AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_use_account);

  call->text = g_strdup (account);
  adit_call_authorise (call, "UseAccount", adit_call_get_account_owner);
  return TRUE;
}

/* --- RevealAccount ---------------------------------------------------------------------------------------------------------- */

/* Never the password: who has forgotten it gets a new one at the service. */
static AditSecret *
dup_shown (AditAccount *account, GError **error)
{
  gsize length;
  const char *text = (const char *) adit_secret_peek (account->credential, &length);
  const char *end = memchr (text, '\n', length);

  if (account->service->sign_in == ADIT_SIGN_IN_NUMBER)
    return adit_secret_ref (account->credential);
  if (account->service->sign_in == ADIT_SIGN_IN_LOGIN && end != NULL)
    return adit_secret_new (text, (gsize) (end - text));
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED, "%s has given this computer nothing that could be shown",
               account->service->name);
  return NULL;
}

/* As with ExportProfile, an administrator's password lets nobody read another person's. */
static void
work_reveal_account (AditCall *call)
{
  GError *error = NULL;
  AditAccount *account = adit_call_find_account (call, &error);
  g_autoptr (AditSecret) shown = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = -1;

  if (account != NULL && call->uid != 0 && account->owner_uid != call->uid)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "The account belongs to another person");
  else if (account != NULL)
    shown = dup_shown (account, &error);
  if (shown != NULL)
    fd = adit_sealed_new (shown, &error);
  if (fd < 0)
    {
      adit_call_fail (call, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  adit_dbus_adit1_complete_reveal_account (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
}

static gboolean
on_reveal_account (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *account,
                   GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_reveal_account);

  call->text = g_strdup (account);
  adit_call_authorise (call, "RevealAccount", adit_call_get_account_owner);
  return TRUE;
}

/**
 * adit_service_connect_choice_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_choice_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-use-account", G_CALLBACK (on_use_account), service);
  g_signal_connect (service->skeleton, "handle-reveal-account", G_CALLBACK (on_reveal_account), service);
}
