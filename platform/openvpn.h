/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn.h: openvpn as a child of ours: its device, its process, and the one connection that it makes back to us. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_TYPE_OPENVPN (adit_openvpn_get_type ())
G_DECLARE_FINAL_TYPE (AditOpenvpn, adit_openvpn, ADIT, OPENVPN, GObject)

/* Signal "lost" (const GError *reason): the process or the device is gone without our doing; at most once a start. */

AditOpenvpn *adit_openvpn_new             (void);
gboolean     adit_openvpn_probe           (guint32 *uid, GError **error);
const char  *adit_openvpn_get_device      (void);
const char  *adit_openvpn_get_socket_path (void);

gboolean     adit_openvpn_prepare         (AditOpenvpn *self, GError **error);
void         adit_openvpn_dismiss         (AditOpenvpn *self);
void         adit_openvpn_start_async     (AditOpenvpn *self, int configuration_fd, guint16 tcp_port, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
int          adit_openvpn_start_finish    (AditOpenvpn *self, GAsyncResult *result, GError **error);
void         adit_openvpn_kill            (AditOpenvpn *self);
gboolean     adit_openvpn_stop            (AditOpenvpn *self, GError **error);

G_END_DECLS
