/* SPDX-License-Identifier: GPL-2.0-or-later */
/* marks.h: every number and name by which the kernel knows what is ours.  Fixed, so that a helper that starts after a crash, and
 * `adit recover`, find everything without a record of it.  Marks are always compared under their mask: others OR bits in. */
#pragma once

/* Packet mark.  Bits 8 to 11 are free of the known users of marks on a desktop: Tailscale masks 0xff0000, Kubernetes sets 0x4000
 * and 0x8000, Docker's swarm uses 0x1.  wg-quick (0xca6c) and Mullvad (0x6d6f6c65) use whole numbers: under our mask these are
 * 0xa00 and 0xc00, so the value must be neither of them. */
#define ADIT_MARK       0x00000500u
#define ADIT_MARK_MASK  0x00000f00u

/* Conntrack mark: its own three values in the same free bits.  OUTSIDE is the tunnel's carrier and the API; INSIDE is what this
 * computer itself sent into the tunnel; BESIDE is what it sent to the local network, a guest or a private resolver. */
#define ADIT_CT_MARK_OUTSIDE  0x00000500u
#define ADIT_CT_MARK_INSIDE   0x00000600u
#define ADIT_CT_MARK_BESIDE   0x00000700u
#define ADIT_CT_MARK_MASK     0x00000f00u

/* Routing table.  0 and 253 to 255 are the kernel's; Tailscale has 52, wg-quick 51820, systemd-networkd's VRFs small numbers. */
#define ADIT_ROUTE_TABLE  44356u

/* Routing rules, one block: after "local" (0) and before Tailscale's (5210 to 5270), "main" (32766) and wg-quick's (32764). */
#define ADIT_RULE_FORMER       4400u    /* from an address of a tunnel that is gone: prohibited */
#define ADIT_RULE_KEPT         4405u    /* one connection from before the lock, exactly: main */
#define ADIT_RULE_NESTED       4407u    /* our mark, to the second peer of a tunnel in a tunnel: own table */
#define ADIT_RULE_MARKED       4410u    /* our mark: main */
#define ADIT_RULE_CARRIER      4415u    /* the user whose packets carry the tunnel, to the peer: main */
#define ADIT_RULE_CARRIER_LOST 4416u    /* the same, where main has no way: unreachable */
#define ADIT_RULE_FROM_TUNNEL  4420u    /* what came in by the tunnel: main, no default */
#define ADIT_RULE_RESOLVERS    4430u    /* the tunnel's resolvers: own table */
#define ADIT_RULE_OUTSIDE      4440u    /* a private resolver: main, no default */
#define ADIT_RULE_LAN          4450u    /* each range of the local network: main, no default */
#define ADIT_RULE_GUESTS       4460u    /* each named guest's network: main, no default */
#define ADIT_RULE_GROUPS       4470u    /* each group that neighbours are found by: main */
#define ADIT_RULE_ALL          4490u    /* everything unmarked: own table */
#define ADIT_RULE_FIRST        4400u
#define ADIT_RULE_LAST         4499u

/* The protocol number that systemd-networkd takes for the kernel's own work; rules of any other it deletes as foreign whenever it
 * starts (networkd.conf(5), ManageForeignRoutingPolicyRules=). */
#define ADIT_RULE_PROTOCOL RTPROT_KERNEL

#define ADIT_TUNNEL_DEVICE  "adit0"

#define ADIT_NFT_TABLE  "adit"
