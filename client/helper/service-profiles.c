/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-profiles.c: the methods about what people import: import, list, rename, remove, export. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <string.h>
#include <unistd.h>
#include <gio/gunixfdlist.h>

#include "client/base/error.h"
#include "client/helper/credential.h"
#include "client/helper/profile-login.h"

static void
add_login (GVariantBuilder *words, AditProfileLogin login, gboolean with_kept, const char *username, const char *password)
{
  gboolean both = login == ADIT_PROFILE_LOGIN_ASK_BOTH || (with_kept && login == ADIT_PROFILE_LOGIN_KEPT);

  if (both)
    g_variant_builder_add (words, "s", username);
  if (both || login == ADIT_PROFILE_LOGIN_ASK_PASSWORD)
    g_variant_builder_add (words, "s", password);
}

/* What a person says once; @with_kept: also in the place of what the file holds, for a server may not take that. */
static void
add_logins (GVariantBuilder *words, const AditProfileFacts *facts, gboolean with_kept)
{
  g_variant_builder_init (words, G_VARIANT_TYPE_STRING_ARRAY);
  add_login (words, facts->login, with_kept, "username", "password");
  if (facts->needs_passphrase)
    g_variant_builder_add (words, "s", "passphrase");
  add_login (words, facts->proxy_login, with_kept, "proxy-username", "proxy-password");
}

static GVariant *
profile_asks (const AditProfileFacts *facts)
{
  GVariantBuilder asks;

  add_logins (&asks, facts, FALSE);
  if (facts->challenge[0] != '\0')
    g_variant_builder_add (&asks, "s", "challenge");
  return g_variant_builder_end (&asks);
}

static GVariant *
profile_takes (const AditProfileFacts *facts)
{
  GVariantBuilder takes;

  add_logins (&takes, facts, TRUE);
  return g_variant_builder_end (&takes);
}

static GVariant *
profile_row (const AditProfile *profile, guint32 uid)
{
  const AditProfileFacts *facts = &profile->facts;
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (profile->id));
  g_variant_builder_add (&row, "{sv}", "kind", g_variant_new_string (adit_profile_kind_get_name (facts->kind)));
  g_variant_builder_add (&row, "{sv}", "name", g_variant_new_string (facts->name));
  g_variant_builder_add (&row, "{sv}", "servers", g_variant_new_uint32 (facts->n_servers));
  g_variant_builder_add (&row, "{sv}", "resolvers", g_variant_new_uint32 (facts->n_dns));
  g_variant_builder_add (&row, "{sv}", "asks", profile_asks (facts));
  g_variant_builder_add (&row, "{sv}", "takes", profile_takes (facts));
  g_variant_builder_add (&row, "{sv}", "challenge", g_variant_new_string (facts->challenge));
  g_variant_builder_add (&row, "{sv}", "challenge_echo", g_variant_new_boolean (facts->challenge_echo));
  g_variant_builder_add (&row, "{sv}", "needs_names", g_variant_new_boolean (facts->needs_names));
  g_variant_builder_add (&row, "{sv}", "whole", g_variant_new_boolean (facts->is_whole));
  g_variant_builder_add (&row, "{sv}", "imported_at", g_variant_new_int64 (profile->imported_at_s));
  g_variant_builder_add (&row, "{sv}", "mine", g_variant_new_boolean (profile->owner_uid == uid));
  return g_variant_builder_end (&row);
}

/* --- Import ----------------------------------------------------------------------------------------------------------------- */

/* All of them or, where the disk is full, none. */
static gboolean
keep (AditCall *call, const AditImported *imported, GPtrArray *added, GError **error)
{
  AditProfiles *profiles = call->service->parts.profiles;
  gsize at = 0;

  for (guint i = 0; i < imported->n_profiles; i++)
    {
      AditProfile *profile = adit_profiles_add (profiles, call->uid, &imported->facts[i], imported->texts + at,
                                                imported->text_bytes[i], error);

      if (profile == NULL)
        {
          for (guint j = 0; j < added->len; j++)
            (void) adit_profiles_remove (profiles, added->pdata[j], NULL);
          return FALSE;
        }
      g_ptr_array_add (added, profile);
      at += imported->text_bytes[i];
    }
  return TRUE;
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  g_autoptr (AditImported) imported = adit_importer_ask_finish (ADIT_IMPORTER (source), result, &error);
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  g_autoptr (GUnixFDList) fds = NULL;
  GVariantBuilder rows;

  if (imported == NULL || !keep (call, imported, added, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < added->len; i++)
    g_variant_builder_add_value (&rows, profile_row (added->pdata[i], call->uid));
  fds = g_unix_fd_list_new_from_array (&imported->lines_fd, 1);
  imported->lines_fd = -1;
  if (added->len > 0)
    adit_service_tell_accounts (call->service, call->uid);
  adit_dbus_adit1_complete_import (call->service->skeleton, call->invocation, fds, g_variant_builder_end (&rows),
                                   g_variant_new_handle (0));
  adit_call_free (call);
}

static void
work_import (AditCall *call)
{
  int fd = call->fd;

  call->fd = -1;
  adit_importer_ask_async (call->service->parts.importer, fd, on_imported, call);
}

static gboolean
on_import (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *files, GVariant *options,
           AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_import);

  if (adit_call_take_fd (call, fds, files))
    adit_call_authorise (call, "Import", NULL);
  return TRUE;
}

/* --- GetProfiles ------------------------------------------------------------------------------------------------------------ */

static void
work_get_profiles (AditCall *call)
{
  GPtrArray *profiles = adit_profiles_get_all (call->service->parts.profiles);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < profiles->len; i++)
    {
      const AditProfile *profile = profiles->pdata[i];

      if (call->uid == 0 || profile->owner_uid == call->uid)
        g_variant_builder_add_value (&rows, profile_row (profile, call->uid));
    }
  adit_dbus_adit1_complete_get_profiles (call->service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static gboolean
on_get_profiles (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_profiles), "GetProfiles", NULL);
  return TRUE;
}

/* --- RenameProfile, RemoveProfile ------------------------------------------------------------------------------------------- */

static AditProfile *
find_profile (AditCall *call, GError **error)
{
  AditProfile *profile = adit_profiles_find (call->service->parts.profiles, call->text);

  if (profile == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There is no such profile");
  return profile;
}

static guint32
profile_owner (AditCall *call)
{
  AditProfile *profile = adit_profiles_find (call->service->parts.profiles, call->text);

  return profile != NULL ? profile->owner_uid : ADIT_NO_OWNER;
}

static void
work_rename_profile (AditCall *call)
{
  GError *error = NULL;
  AditProfile *profile = find_profile (call, &error);

  if (profile == NULL ||
      !adit_profiles_rename (call->service->parts.profiles, profile, g_variant_get_string (call->value, NULL), &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_tell_accounts (call->service, profile->owner_uid);
  if (g_str_equal (adit_session_get_wish (call->service->parts.session)->account, profile->id))
    adit_service_tell_subscribers (call->service);    /* the status has its name */
  adit_dbus_adit1_complete_rename_profile (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_rename_profile (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *profile, const char *name,
                   GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_rename_profile);

  call->text = g_strdup (profile);
  call->value = g_variant_ref_sink (g_variant_new_string (name));
  adit_call_authorise (call, "RenameProfile", profile_owner);
  return TRUE;
}

static void
work_remove_profile (AditCall *call)
{
  GError *error = NULL;
  AditProfile *profile = find_profile (call, &error);
  guint32 owner_uid = profile != NULL ? profile->owner_uid : ADIT_NO_OWNER;

  if (profile != NULL && g_str_equal (adit_session_get_wish (call->service->parts.session)->account, profile->id))
    {
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The profile is in use; disconnect first");
      profile = NULL;
    }
  /* The names first: what fails can be asked for again as long as the profile is there. */
  if (profile == NULL || !adit_names_forget (call->service->parts.names, profile->id, &error) ||
      !adit_profiles_remove (call->service->parts.profiles, profile, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_importer_forget (call->service->parts.importer, call->text);
  adit_store_forget_last (call->service->parts.store, call->text, adit_session_get_wish (call->service->parts.session));
  adit_service_tell_accounts (call->service, owner_uid);
  adit_dbus_adit1_complete_remove_profile (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_remove_profile (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *profile, GVariant *options,
                   AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_remove_profile);

  call->text = g_strdup (profile);
  adit_call_authorise (call, "RemoveProfile", profile_owner);
  return TRUE;
}

/* --- SetProfileLogin -------------------------------------------------------------------------------------------------------- */

static void
on_login (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditProfiles *profiles = call->service->parts.profiles;
  g_auto (AditLoginSecrets) login = { NULL };
  g_autofree char *path = NULL;
  GError *error = NULL;
  AditProfile *profile;

  call->credential = adit_credential_read_finish (result, &error);
  profile = call->credential != NULL ? find_profile (call, &error) : NULL;
  if (profile != NULL)
    path = adit_profiles_dup_login_path (profiles, profile);
  if (path == NULL || !adit_login_secrets_parse (&login, call->credential, &error) ||
      !adit_profile_login_store (path, call->credential, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_set_profile_login (call->service->skeleton, call->invocation, NULL);
  adit_call_free (call);
}

static void
work_set_profile_login (AditCall *call)
{
  int fd = call->fd;

  call->fd = -1;
  adit_credential_read_async (fd, on_login, call);
}

static gboolean
on_set_profile_login (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *profile,
                      GVariant *login, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_profile_login);

  call->text = g_strdup (profile);
  if (adit_call_take_fd (call, fds, login))
    adit_call_authorise (call, "SetProfileLogin", profile_owner);
  return TRUE;
}

/* --- ExportProfile ---------------------------------------------------------------------------------------------------------- */

/* An administrator's password lets nobody read another person's keys by way of this method; root needs no method for it. */
static void
work_export_profile (AditCall *call)
{
  GError *error = NULL;
  AditProfile *profile = find_profile (call, &error);
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = -1;

  if (profile != NULL && call->uid != 0 && profile->owner_uid != call->uid)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "The profile belongs to another person");
  else if (profile != NULL)
    fd = adit_profiles_lend (call->service->parts.profiles, profile, &error);
  if (fd < 0)
    {
      adit_call_fail (call, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  adit_dbus_adit1_complete_export_profile (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
}

static gboolean
on_export_profile (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *profile,
                   GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_export_profile);

  call->text = g_strdup (profile);
  adit_call_authorise (call, "ExportProfile", profile_owner);
  return TRUE;
}

/**
 * adit_service_connect_profile_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_profile_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-import", G_CALLBACK (on_import), service);
  g_signal_connect (service->skeleton, "handle-get-profiles", G_CALLBACK (on_get_profiles), service);
  g_signal_connect (service->skeleton, "handle-rename-profile", G_CALLBACK (on_rename_profile), service);
  g_signal_connect (service->skeleton, "handle-remove-profile", G_CALLBACK (on_remove_profile), service);
  g_signal_connect (service->skeleton, "handle-set-profile-login", G_CALLBACK (on_set_profile_login), service);
  g_signal_connect (service->skeleton, "handle-export-profile", G_CALLBACK (on_export_profile), service);
}
