/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-private.h: what the files of the world share with each other and with no test. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

#define ADIT_WORLD_DIRECTORY "/run/lab"
#define ADIT_WORLD_LOG       ADIT_WORLD_DIRECTORY "/log"
#define ADIT_WORLD_PKI       ADIT_WORLD_DIRECTORY "/pki"
#define ADIT_WORLD_DNS_LOG   "/run/adit-lab-dns.log"

#define ADIT_WORLD_SERVICES_FILE "/etc/adit/services.conf"
#define ADIT_WORLD_SERVICE(id, address) \
  "[" id "]\napi-endpoints=" address ":443\ntrust=/etc/adit/lab-ca.pem\n"
#define ADIT_WORLD_BY_OPENVPN "openvpn-trust=/etc/adit/lab-openvpn.pem\n"    /* openvpn-services.c, where it is wanted */
#define ADIT_WORLD_SERVICES \
  ADIT_WORLD_SERVICE ("mullvad", ADIT_LAB_API_ADDRESS) \
  ADIT_WORLD_SERVICE ("doh", ADIT_LAB_DOH_ADDRESS) "host=" ADIT_LAB_DOH_HOST "\n"

struct _AditWorld
{
  GDBusConnection *bus;
  GPid             helper, service, resolved, networkmanager, dhcp_server;
  char             lease[32];    /* the address that the DHCP server gives; "" for the lab's usual one */
  GThread         *peers;       /* tells the exit what the service says */
  int              peers_fd;
};

const char *adit_world_get_program    (const char *variable);
void        adit_world_make_directory (const char *path);
void        adit_world_write_file     (const char *path, const char *content, int mode);
void        adit_world_copy_file      (const char *from, const char *to, int mode);

gboolean    adit_world_make_pki       (GError **error);
gboolean    adit_world_wait_listening (const char *space, const char *address, guint16 port, GError **error);
gboolean    adit_world_wait_own_listener (const char *address, GError **error);
gboolean    adit_world_wait_owner     (AditWorld *self, const char *name, GError **error);
void        adit_world_wait_nobody    (AditWorld *self, const char *name);
gboolean    adit_world_prepare_networkmanager (AditWorld *self, GError **error);
gboolean    adit_world_start_desktop  (AditWorld *self, AditWorldFlags flags, GError **error);
gboolean    adit_world_make_sessions   (guint n, GError **error);

G_END_DECLS
