/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known.h: what a test may count on: who has an account at the simulated services, and where their exits are. */
#pragma once

/* The lab's addresses (tests/lab/lab.h has them, too). */
#define KNOWN_EXIT           "198.51.100.10"       /* WireGuard, with the key that the simulator is started with */
#define KNOWN_EXIT6          "2001:db8:ff::110"
#define KNOWN_EXIT_APART     "198.51.100.13"       /* the same computer, where the list is asked for with the fault "apart" */
#define KNOWN_EXIT_APART6    "2001:db8:ff::113"
#define KNOWN_EXIT_PORT      51820
#define KNOWN_ENTRY          "198.51.100.30"       /* Mullvad's second relay, where the simulator is told its key as well */
#define KNOWN_ENTRY6         "2001:db8:ff::130"
#define KNOWN_NOBODY         "198.51.100.99"       /* nothing answers there */
#define KNOWN_NOBODY6        "2001:db8:ff::199"
#define KNOWN_NOBODY_KEY     "ZGVhZCBkZWFkIGRlYWQgZGVhZCBkZWFkIGRlYWQgZGU="
#define KNOWN_OVPN_EXIT      "198.51.100.20"       /* OpenVPN: UDP 1194, TCP 443 */
#define KNOWN_OVPN_EXIT6     "2001:db8:ff::120"
#define KNOWN_IVPN_OPENVPN       "198.51.100.22"   /* IVPN's own: Oslo, UDP 1194, TCP 443 */
#define KNOWN_IVPN_OPENVPN_OTHER "198.51.100.21"   /* Stockholm and Zurich, the same */
#define KNOWN_OPENVPN_USER     "lab"             /* whom it lets in */
#define KNOWN_OPENVPN_PASSWORD "battery staple"

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

/* IVPN: account IDs. */
#define KNOWN_IVPN_ACCOUNT   "i-ABCD-EFGH-IJKL"    /* Pro: multihop, 7 sessions */
#define KNOWN_IVPN_OLD       "ivpnLab12345"        /* of the old kind, Standard: no multihop, 2 sessions */
#define KNOWN_IVPN_ENDED     "i-ENDE-ENDE-ENDE"    /* gets a session, and is told that it has ended */
#define KNOWN_IVPN_CLOSED    "i-CLOS-CLOS-CLOS"    /* gets no session: 702 */
#define KNOWN_IVPN_FULL      "i-FULL-FULL-FULL"    /* has all its sessions already: 602 */
#define KNOWN_IVPN_ROBOT     "i-ROBO-ROBO-ROBO"    /* has to read a picture: */
#define KNOWN_IVPN_CAPTCHA   "K7PQ"
#define KNOWN_IVPN_TOTP      "i-TOTP-TOTP-TOTP"    /* has to give a number besides: */
#define KNOWN_IVPN_CODE      "424242"
#define KNOWN_IVPN_BOTH      "i-BOTH-BOTH-BOTH"    /* has to do both */
#define KNOWN_IVPN_API       "192.0.2.12"          /* where the list says that the API is */
#define KNOWN_IVPN_API_OTHER "192.0.2.13"
#define KNOWN_IVPN_API6      "2001:db8:ff::12"
#define KNOWN_IVPN_GATEWAY   "172.16.0.1"          /* inside the tunnel */
#define KNOWN_IVPN_PREFIX6   "fd00:4956:504e:ffff::"

/* Mysterium's hosted service: e-mail addresses.  Anybody else can sign in, too, and has no subscription. */
#define KNOWN_MYSTERIUM_USER    "lab@lab.example"        /* everything, 6 devices */
#define KNOWN_MYSTERIUM_BASIC   "basic@lab.example"      /* no residential addresses, 1 device */
#define KNOWN_MYSTERIUM_FULL    "full@lab.example"       /* has all its devices already */
#define KNOWN_MYSTERIUM_EXPIRED "expired@lab.example"
#define KNOWN_MYSTERIUM_PAUSED  "paused@lab.example"
#define KNOWN_MYSTERIUM_MAIL    "the-code-in-the-mail"   /* what the link in a mail has, once for each that is asked for */

/* A server for reports: its DSN is https://KEY@HOST/PROJECT. */
#define KNOWN_REPORTS_HOST    "reports.lab.example"
#define KNOWN_REPORTS_KEY     "0123456789abcdef0123456789abcdef"
#define KNOWN_REPORTS_PROJECT "7"
