/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab.h: a small internet in namespaces of one process's own; everything in it dies with that process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_LAB_SKIP           77                  /* what meson counts as skipped */
#define ADIT_LAB_ROUTER_ADDRESS "203.0.113.1"       /* what the web server sees of an unprotected client */
#define ADIT_LAB_EXIT_ADDRESS   "198.51.100.10"     /* what it sees of one behind the exit */
/* As the watcher calls them; each try may be by either. */
#define ADIT_LAB_EXIT_RELAY     "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", "udp:2001:db8:ff::110:51820"
#define ADIT_LAB_SILENT_RELAY   "udp:198.51.100.99:51820", "udp:2001:db8:ff::199:51820"
#define ADIT_LAB_EXIT_PORT      51820
#define ADIT_LAB_ENTRY_ADDRESS  "198.51.100.30"     /* another relay, in "entry", once it is added */
#define ADIT_LAB_OVPN_ADDRESS   "198.51.100.20"     /* the exit for OpenVPN (openvpn-exit.h), in "ovpn" */
#define ADIT_LAB_OVPN_ADDRESS6  "2001:db8:ff::120"
#define ADIT_LAB_IVPN_OVPN_ADDRESS "198.51.100.22"  /* IVPN's machines for OpenVPN, there too: Oslo; Stockholm and Zurich */
#define ADIT_LAB_IVPN_OVPN_OTHER   "198.51.100.21"
#define ADIT_LAB_API_ADDRESS    "192.0.2.10"
#define ADIT_LAB_DOH_ADDRESS    "192.0.2.11"        /* the same computer as a resolver that is asked by HTTPS */
#define ADIT_LAB_DOH_HOST       "dns.lab.example"
#define ADIT_LAB_DNS_ADDRESS    "192.0.2.53"
#define ADIT_LAB_WEB_ADDRESS    "203.0.113.80"
#define ADIT_LAB_GATEWAY        "10.64.0.1"         /* the exit inside the tunnel: ping and DNS */
#define ADIT_LAB_GATEWAY6       "fc00:bbbb:bbbb:bb01::1"
/* Other services' computers, and what each has for a resolver inside the tunnel (tests/simulator). */
#define ADIT_LAB_IVPN_ADDRESS      "192.0.2.12"
#define ADIT_LAB_IVPN_GATEWAY      "172.16.0.1"
#define ADIT_LAB_IVPN_GATEWAY6     "fd00:4956:504e:ffff::ac10:1"
#define ADIT_LAB_OVPNCOM_ADDRESS   "192.0.2.14"
#define ADIT_LAB_OVPNCOM_RESOLVER  "46.227.67.134"
#define ADIT_LAB_MYSTERIUM_ADDRESS "192.0.2.16"    /* it has Mullvad's gateway */
#define ADIT_LAB_REPORTS_ADDRESS   "192.0.2.18"    /* a server for reports (receiver.h), and one that is not ours (sidecar.h) */
#define ADIT_LAB_SIDECAR_ADDRESS   "192.0.2.19"

typedef struct
{
  int   status;    /* exit status; 128 + the signal's number if a signal ended it; -1 when its time was over */
  char *out;
  char *err;
} AditLabResult;

void           adit_lab_enter            (void);
void           adit_lab_add_user         (const char *name, guint uid);
gboolean       adit_lab_make_internet    (GError **error);
gboolean       adit_lab_masquerade       (const char *space, const char *device, const char *net4, const char *net6,
                                          GError **error);
gboolean       adit_lab_start_exit       (const char *dns_server_program, GError **error);
gboolean       adit_lab_add_services     (const char *dns_server_program, GError **error);
gboolean       adit_lab_add_entry        (GError **error);
char          *adit_lab_get_entry_key    (void);
char          *adit_lab_get_exit_key     (void);
gboolean       adit_lab_add_exit_peer    (const char *public_key, const char *addresses, GError **error);
gboolean       adit_lab_remove_exit_peer (const char *public_key, GError **error);
gboolean       adit_lab_switch           (const char *space, int *back_fd, GError **error);
void           adit_lab_switch_back      (int back_fd);
AditLabResult *adit_lab_run              (const char *space, guint uid, guint max_ms, const char *const *argv, GError **error);
gboolean       adit_lab_run_line         (const char *space, const char *line, GError **error);
GPid           adit_lab_spawn            (const char *space, guint uid, const char *const *argv, GError **error);
GPid           adit_lab_spawn_logged     (const char *space, guint uid, const char *const *argv, const char *log_file,
                                          int *out_fd, GError **error);
void           adit_lab_end              (GPid pid);
void           adit_lab_result_free      (AditLabResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLabResult, adit_lab_result_free)

G_END_DECLS
