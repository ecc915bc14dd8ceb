/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.c: the object on the bus, and what follows when the session changes. */
#define G_LOG_DOMAIN "adit-service"

#include "config.h"
#include "client/helper/service.h"

#include "build-id.h"
#include "client/api/names.h"
#include "client/base/log.h"
#include "client/helper/call-rate.h"
#include "client/helper/call.h"

static gboolean
is_inside (AditBusService *service)
{
  return adit_session_get_state (service->parts.session) == ADIT_STATE_CONNECTED;
}

/**
 * adit_service_answer_disconnects:
 * @service: the service
 *
 * Answers everybody who waits for a disconnect, once it is over: whichever way it ended, the status says how.
 */
void
adit_service_answer_disconnects (AditBusService *service)
{
  if (adit_session_get_state (service->parts.session) == ADIT_STATE_DISCONNECTING)
    return;
  for (guint i = 0; i < service->disconnecting->len; i++)
    adit_dbus_adit1_complete_disconnect (service->skeleton, service->disconnecting->pdata[i]);
  g_ptr_array_set_size (service->disconnecting, 0);
}

/* The wish goes before the connection does: while that is undone, its place is still its owner's business alone. */
static void
remember_owner (AditBusService *service)
{
  const AditWish *wish = adit_session_get_wish (service->parts.session);
  guint32 owner_uid = adit_service_find_owner (service, wish->account);

  if (owner_uid != ADIT_NO_OWNER)
    service->status_owner_uid = owner_uid;
  else if (wish->account[0] == '\0' && adit_session_get_spec (service->parts.session) == NULL)
    service->status_owner_uid = ADIT_NO_OWNER;
  else if (service->status_owner_uid == ADIT_NO_OWNER)
    service->status_owner_uid = 0;    /* of an account that is gone: root's */
  adit_log_ring_set_owner (adit_log_keep (), service->status_owner_uid);
}

static void
on_session_changed (AditSession *session, AditBusService *service)
{
  gboolean inside = is_inside (service), is_open = adit_session_get_lock (session) == ADIT_LOCK_OFF;
  gboolean is_leaving = adit_session_get_state (session) == ADIT_STATE_DISCONNECTING;

  adit_kept_follow (service->parts.kept);
  adit_service_follow_pause (service);
  adit_portal_follow (service->parts.portal);
  remember_owner (service);
  adit_exit_address_follow (service->exit_address);    /* before anybody is told: what was true of the last tunnel is not now */

  adit_dbus_adit1_set_state (service->skeleton, adit_state_get_nick (adit_session_get_state (session)));
  adit_service_look_for_others (service);
  adit_service_tell_subscribers (service);
  adit_service_answer_disconnects (service);
  adit_service_answer_portal (service);
  adit_service_follow_account (service);
  adit_rotation_follow (service->parts.rotation);
  if (adit_session_get_state (session) == ADIT_STATE_DISCONNECTED)
    g_hash_table_remove_all (service->changed_relays);    /* it has been told */
  if (!inside)
    adit_service_leave_list (service);
  /* A connection from before a lock gets no answer through it, as one that was opened beside a tunnel gets none inside.  While a
   * tunnel is being taken down there is no way at all. */
  if (!is_leaving && (inside != service->was_inside || (service->was_open && !is_open) || service->was_leaving))
    adit_worker_proxy_way_changed (service->parts.proxy);
  if (!is_leaving)
    {
      service->was_inside = inside;
      service->was_open = is_open;
    }
  service->was_leaving = is_leaving;
  if (inside)
    {
      AditAccount *account = adit_vault_find (service->parts.vault, adit_session_get_wish (session)->account);

      if (account != NULL)
        adit_service_refresh_list (service, account, FALSE);
    }
}

static void
on_exit_address_found (AditExitAddress *exit_address, AditBusService *service)
{
  adit_service_tell_subscribers (service);
}

/**
 * adit_bus_service_new:
 * @parts: what the service works with; copied, and outlives the service
 * @error: return location; %G_IO_ERROR
 *
 * Puts the object on the bus; the name is the caller's to own.
 *
 * Returns: (transfer full) (nullable): the service
 */
AditBusService *
adit_bus_service_new (const AditServiceParts *parts, GError **error)
{
  g_autoptr (AditBusService) self = g_new0 (AditBusService, 1);

  self->parts = *parts;
  self->skeleton = adit_dbus_adit1_skeleton_new ();
  self->disconnecting = g_ptr_array_new ();
  self->refreshed_at = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->changed_relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->owners = g_hash_table_new (NULL, NULL);
  self->logging_in = g_ptr_array_new ();
  self->sign_ins = adit_sign_ins_new ();
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->status_owner_uid = ADIT_NO_OWNER;
  self->exit_address = adit_exit_address_new (parts->session, parts->vault, parts->proxy);
  g_signal_connect (self->exit_address, "found", G_CALLBACK (on_exit_address_found), self);
  adit_dbus_adit1_set_version (self->skeleton, ADIT_VERSION);
  adit_dbus_adit1_set_build_id (self->skeleton, ADIT_BUILD_ID);
  adit_dbus_adit1_set_state (self->skeleton, adit_state_get_nick (adit_session_get_state (parts->session)));
  adit_service_connect_status_methods (self);
  adit_service_connect_log_methods (self);
  adit_service_connect_session_methods (self);
  adit_service_connect_sign_in_methods (self);
  adit_service_connect_device_methods (self);
  adit_service_connect_choice_methods (self);
  adit_service_connect_account_methods (self);
  adit_service_connect_key_methods (self);
  adit_service_connect_confirm_methods (self);
  adit_service_connect_pause_methods (self);
  adit_service_connect_settings_methods (self);
  adit_service_connect_picture_methods (self);
  adit_service_connect_profile_methods (self);
  adit_service_connect_network_methods (self);
  adit_service_connect_portal_methods (self);
  adit_service_connect_report_methods (self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), parts->bus, ADIT_DBUS_PATH, error))
    return NULL;
  self->rate_filter = adit_call_rate_guard (parts->bus);
  g_signal_connect (parts->session, "changed", G_CALLBACK (on_session_changed), self);
  g_signal_connect_swapped (parts->session, "wished", G_CALLBACK (remember_owner), self);    /* what is logged of it is theirs */
  return g_steal_pointer (&self);
}

/**
 * adit_bus_service_free:
 * @self: (nullable): the service; taken off the bus
 */
void
adit_bus_service_free (AditBusService *self)
{
  if (self == NULL)
    return;
  g_dbus_connection_remove_filter (self->parts.bus, self->rate_filter);
  adit_portal_watch (self->parts.portal, NULL, NULL);
  g_signal_handlers_disconnect_by_data (self->parts.session, self);
  g_signal_handlers_disconnect_by_data (self->exit_address, self);
  g_signal_handlers_disconnect_by_data (self->parts.rotation, self);
  g_signal_handlers_disconnect_by_data (self->parts.reports, self);
  g_clear_pointer (&self->look_alarm, adit_alarm_free);
  g_clear_handle_id (&self->hindrance_source, g_source_remove);
  g_object_run_dispose (G_OBJECT (self->exit_address));    /* a question under way holds it, and must not outlive the session */
  g_clear_object (&self->exit_address);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  g_clear_pointer (&self->subscribers, g_hash_table_unref);
  g_clear_pointer (&self->disconnecting, g_ptr_array_unref);
  g_clear_pointer (&self->opening, adit_call_free);
  g_clear_pointer (&self->refreshed_at, g_hash_table_unref);
  g_clear_object (&self->unneeded);
  g_clear_pointer (&self->changed_relays, g_hash_table_unref);
  g_hash_table_unref (self->owners);
  g_clear_pointer (&self->logging_in, g_ptr_array_unref);
  g_clear_pointer (&self->sign_ins, adit_sign_ins_free);
  g_clear_pointer (&self->calls, g_hash_table_unref);
  g_free (self);
}
