/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-peers.h: who else connects by OpenVPN, from the same computer to the same servers: bare openvpn, and NetworkManager. */
#pragma once

#include "tests/bench/bench.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/world.h"

G_BEGIN_DECLS

typedef struct _BenchOpenvpn BenchOpenvpn;

/* One that connects and disconnects; openvpn-ours.h has one more. */
typedef struct
{
  const char *name;
  double    (*connect_ms)   (BenchOpenvpn *desk);    /* from the exec until it says itself that the tunnel is up */
  void      (*disconnect)   (BenchOpenvpn *desk);
  double    (*read_pss_mib) (BenchOpenvpn *desk);    /* of everything that is there for this tunnel, while it is up */
  double    (*read_cpu_s)   (BenchOpenvpn *desk);    /* the same; NULL where nobody asks */
} BenchOpenvpnWay;

/* Where all connect. */
extern const AditLabOvpnServer bench_openvpn_by_password, bench_openvpn_by_certificate;

extern const BenchOpenvpnWay bench_openvpn_bare, bench_openvpn_nm_password, bench_openvpn_nm_certificate;

gboolean      bench_openvpn_fetch (void);
BenchOpenvpn *bench_openvpn_new   (guint one_way_us);
AditWorld    *bench_openvpn_world (BenchOpenvpn *self);

G_END_DECLS
