/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taken-openvpn.h: where the openvpn that was taken over says what it got. */
#pragma once

#define TAKEN_OPENVPN_SOCKET   "/run/lab-taken.sock"    /* lines "DOOR open", "DOOR why not", "ways NUMBER" */
