/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-traffic.c: what changes all the time and is therefore not told by "changed": counts, and the age of the handshake. */
#include "config.h"
#include "ui/mirror-private.h"

static gpointer
read_status (GVariant *answer, GUnixFDList *fds, GError **error)
{
  g_autoptr (GVariant) dict = NULL;

  if (!adit_mirror_has_form (answer, "(a{sv})", error))
    return NULL;
  dict = g_variant_get_child_value (answer, 0);
  return adit_status_new_from_variant (dict);
}

/**
 * adit_mirror_get_traffic_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks for the status as it is now; nobody else is told of it.
 */
void
adit_mirror_get_traffic_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_traffic_async, callback, user_data), "GetStatus",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_status, (GDestroyNotify) adit_status_free);
}

/**
 * adit_mirror_get_traffic_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the status
 */
AditStatus *
adit_mirror_get_traffic_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
