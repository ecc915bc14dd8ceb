/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-check.h: what the files that check foreign messages share.  For the wire-*.c files alone. */
#pragma once

#include "client/base/field.h"
#include "client/wire/wire.h"

G_BEGIN_DECLS

#define ADIT_WIRE_KEEPALIVE_MAX_S G_MAXUINT16    /* WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL is 16 bits wide */

/* The field is named, never its value. */
#define CHECK(condition, field) G_STMT_START { if (!(condition)) return adit_wire_refuse (error, field); } G_STMT_END

typedef gboolean (*AditWireCharacters) (guchar c);
typedef gboolean (*AditWireCheck) (const AditWireMessage *message, guint n_fds, GError **error);

gboolean adit_wire_refuse           (GError **error, const char *field);
gboolean adit_wire_is_graph         (guchar c);
gboolean adit_wire_is_identifier    (guchar c);
gboolean adit_wire_is_anything      (guchar c);
gboolean adit_wire_is_text          (const char *text, gsize size, AditWireCharacters characters);
gboolean adit_wire_is_line          (const char *text, gsize size);
gboolean adit_wire_is_time          (gint64 seconds);
gboolean adit_wire_is_mtu           (guint32 bytes);
gboolean adit_wire_is_no_endpoint   (const AditEndpoint *endpoint);
gboolean adit_wire_is_host_name     (const char *name, gsize size);
gboolean adit_wire_are_own_addresses (const AditPrefix *addresses, guint32 n);
gboolean adit_wire_are_resolvers    (const AditAddress *dns, guint32 n);
gboolean adit_wire_are_networks     (const AditPrefix *networks, guint32 n, guint32 max);

/* A kind of message each: whether it is as it may be, header apart. */
gboolean adit_wire_check_request       (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_connected     (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_list          (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_token         (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_connect       (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_device        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_account       (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_tunnel        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_failed        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_question      (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_login         (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_device_row    (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_exit          (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_addresses     (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_api           (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_configuration (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_assigned      (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_progress      (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_auth_token    (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_profile       (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_server        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_peers         (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_imported      (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_module        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_module_files  (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_report        (const AditWireMessage *message, guint n_fds, GError **error);
gboolean adit_wire_check_reported      (const AditWireMessage *message, guint n_fds, GError **error);
/* A part of a request. */
gboolean adit_wire_check_report_task   (const AditWireRequest *request, GError **error);

G_END_DECLS
