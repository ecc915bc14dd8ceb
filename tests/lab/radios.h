/* SPDX-License-Identifier: GPL-2.0-or-later */
/* radios.h: access points on simulated radios (mac80211_hwsim), each with a network of its own behind it, and the client's. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

#define RADIOS_CLIENT "wlan0"    /* the client's device */
#define RADIOS_N      2          /* access points; in the namespace "router" number N has the device "airN" */

typedef struct
{
  const char *name;      /* what it calls itself; UTF-8 */
  const char *key;       /* (nullable): what it is joined with (WPA2); NULL for whoever comes */
  const char *hardware;  /* (nullable): its hardware address, which is its router's too; NULL for its own */
} RadiosNetwork;

gboolean radios_are_there  (void);
void     radios_set_up     (AditWorld *world);
char    *radios_dup_device (guint number);
void     radios_begin      (guint number, const RadiosNetwork *network);
void     radios_claim_key  (guint number);
void     radios_end        (guint number);
void     radios_add_profile (AditWorld *world, const char *id, guint number, const RadiosNetwork *network);
void     radios_join       (AditWorld *world, const char *id);

G_END_DECLS
