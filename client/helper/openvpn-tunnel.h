/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-tunnel.h: the back end "openvpn": a device, a process that carries it, and a worker that talks to that process. */
#pragma once

#include "client/helper/answers.h"

G_BEGIN_DECLS

#define ADIT_TYPE_OPENVPN_TUNNEL (adit_openvpn_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (AditOpenvpnTunnel, adit_openvpn_tunnel, ADIT, OPENVPN_TUNNEL, GObject)

AditTunnel *adit_openvpn_tunnel_new (const char *worker_program, AditAnswers *answers);

G_END_DECLS
