/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-services.h: the OpenVPN servers of those services that have some. */
#pragma once

#include "tests/lab/openvpn-exit.h"

G_BEGIN_DECLS

/* What they are known by, made for this run; services.conf names it (world-service.c). */
#define ADIT_LAB_OVPN_TRUST_FILE "/etc/adit/lab-openvpn.pem"

gboolean adit_lab_ovpn_add_services (const char *dns_server_program, const char *verify_program, GError **error);

G_END_DECLS
