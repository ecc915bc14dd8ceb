/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-settings.c: what holds for every connection, asked for and changed; what cannot be done is told to the caller. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/base/error.h"
#include "client/model/known-network.h"

static gpointer
read_first (GVariant *answer, GUnixFDList *fds, GError **error)
{
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv})")) || adit_mirror_has_form (answer, "(a{sv})", error))
    return g_variant_get_child_value (answer, 0);
  return NULL;
}

/**
 * adit_mirror_get_settings_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_get_settings_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_settings_async, callback, user_data), "GetSettings",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_first, (GDestroyNotify) g_variant_unref);
}

/**
 * adit_mirror_get_settings_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): an a{sv} of all settings
 */
GVariant *
adit_mirror_get_settings_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * adit_mirror_get_diagnostics_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_get_diagnostics_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_diagnostics_async, callback, user_data), "GetDiagnostics",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_first, (GDestroyNotify) g_variant_unref);
}

/**
 * adit_mirror_get_diagnostics_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): an a{sv}, as the interface describes it
 */
GVariant *
adit_mirror_get_diagnostics_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * adit_mirror_set_setting_async:
 * @self: a mirror
 * @name: a setting's name
 * @value: (transfer floating): its value, in the form of adit_mirror_get_settings_finish()
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 *
 * The helper asks the person where more may pass than now.
 */
void
adit_mirror_set_setting_async (AditMirror *self, const char *name, GVariant *value, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = adit_mirror_task_new (self, adit_mirror_set_setting_async, callback, user_data);

  if (g_str_equal (name, "lockdown"))
    adit_mirror_ask (self, task, "SetLockdown", g_variant_new ("(@b@a{sv})", value, adit_mirror_no_options ()), NULL, NULL, NULL);
  else
    adit_mirror_ask (self, task, "SetSetting", g_variant_new ("(sv@a{sv})", name, value, adit_mirror_no_options ()), NULL, NULL,
                     NULL);
}

/**
 * adit_mirror_get_networks_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_get_networks_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_networks_async, callback, user_data), "GetNetworks",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_first, (GDestroyNotify) g_variant_unref);
}

/**
 * adit_mirror_get_networks_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): an aa{sv} of networks, as the interface describes them
 */
GVariant *
adit_mirror_get_networks_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * adit_mirror_set_network_async:
 * @self: a mirror
 * @network: an id, or a kind for new ones of it
 * @trust: "trusted", "untrusted" or "unknown"
 * @action: "connect", "disconnect", "ask" or "lockdown"
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 *
 * A network of which nothing is said any more is a new one again.
 */
void
adit_mirror_set_network_async (AditMirror *self, const char *network, const char *trust, const char *action,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = adit_mirror_task_new (self, adit_mirror_set_network_async, callback, user_data);
  AditLinkKind kind;
  gboolean is_kind = adit_link_kind_from_nick (network, &kind);

  if (g_str_equal (trust, "unknown") && g_str_equal (action, "ask") && !is_kind)
    adit_mirror_ask (self, task, "ForgetNetwork", g_variant_new ("(s@a{sv})", network, adit_mirror_no_options ()), NULL, NULL,
                     NULL);
  else
    adit_mirror_ask (self, task, "SetNetwork", g_variant_new ("(sss@a{sv})", network, is_kind ? "unknown" : trust, action,
                                                              adit_mirror_no_options ()), NULL, NULL, NULL);
}
