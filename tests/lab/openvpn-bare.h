/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-bare.h: openvpn as anybody would start it, with a file and nothing in between: what Adit is compared with. */
#pragma once

#include "tests/lab/openvpn-exit.h"

G_BEGIN_DECLS

#define ADIT_LAB_OVPN_IS_UP "Initialization Sequence Completed"    /* what it says when it is connected */

void adit_lab_ovpn_put_file   (const char *path, const AditLabOvpnServer *server, const char *lines);
GPid adit_lab_ovpn_start_bare (const char *path, const char *words);
void adit_lab_ovpn_end_bare   (GPid pid);

G_END_DECLS
