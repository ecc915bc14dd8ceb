/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-grammar.h: all that openvpn may ever be told, said once more and apart from what writes it. */
#pragma once

#include <glib.h>

#define OVPN_GRAMMAR_DEVICE "adit0"
#define OVPN_GRAMMAR_SOCKET "/run/adit/openvpn/socket"

char *ovpn_grammar_find_fault (const char *text, gsize length);
