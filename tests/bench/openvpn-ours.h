/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-ours.h: Adit as one more who connects by OpenVPN. */
#pragma once

#include "tests/bench/openvpn-peers.h"

G_BEGIN_DECLS

extern const BenchOpenvpnWay bench_openvpn_ours_password, bench_openvpn_ours_certificate;

void bench_openvpn_ours_set_up (BenchOpenvpn *desk);

G_END_DECLS
