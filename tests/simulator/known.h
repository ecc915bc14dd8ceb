/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known.h: what a test may count on: who has an account at the simulated services, and where their exits are. */
#pragma once

/* The lab's addresses (tests/lab/lab.h has them, too). */
#define KNOWN_EXIT           "198.51.100.10"       /* WireGuard, with the key that the simulator is started with */
#define KNOWN_EXIT6          "2001:db8:ff::110"
#define KNOWN_EXIT_PORT      51820
#define KNOWN_NOBODY         "198.51.100.99"       /* nothing answers there */
#define KNOWN_NOBODY6        "2001:db8:ff::199"
#define KNOWN_NOBODY_KEY     "ZGVhZCBkZWFkIGRlYWQgZGVhZCBkZWFkIGRlYWQgZGU="
#define KNOWN_OVPN_EXIT      "198.51.100.20"       /* OpenVPN: UDP 1194, TCP 443 */
#define KNOWN_OVPN_EXIT6     "2001:db8:ff::120"

/* Mullvad: account numbers. */
#define KNOWN_MULLVAD_ACCOUNT "1234567890123456"    /* 30 days are left */
#define KNOWN_MULLVAD_EXPIRED "1111222233334444"    /* ended yesterday */
#define KNOWN_MULLVAD_FULL    "5555666677778888"    /* has all its devices already */
#define KNOWN_MULLVAD_DEVICES 5                     /* so many each */
#define KNOWN_MULLVAD_VOUCHER "GOOD-GOOD-GOOD-GOOD" /* 30 days, once */
#define KNOWN_MULLVAD_USED    "USED-USED-USED-USED"

/* OVPN: users and passwords, the first of which openvpn-verify.c knows, too. */
#define KNOWN_OVPN_USER     "lab"
#define KNOWN_OVPN_PASSWORD "battery staple"    /* of all of them */
#define KNOWN_OVPN_FULL     "lab-full"          /* has all its keys already */
#define KNOWN_OVPN_BUSY     "lab-busy"          /* has changed its keys too often */
#define KNOWN_OVPN_BANNED   "lab-banned"        /* 403 instead of 401 */
#define KNOWN_OVPN_KEYS     5                   /* so many each; the true number is not known */
