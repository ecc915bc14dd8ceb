/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-sample.h: WireGuard files as services, routers and other programs hand them out, with keys that are made anew each time. */
#pragma once

#include <glib.h>

#define WG_SAMPLE_N_KEYS 8
#define WG_SAMPLE_ME   "[Interface]\nPrivateKey = @KEY1@\nAddress = 10.64.0.2/32, 2001:db8:1::2/128\n"
#define WG_SAMPLE_PEER "[Peer]\nPublicKey = @KEY2@\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = 192.0.2.10:51820\n"

typedef struct
{
  const char *name;
  const char *text;     /* with @KEY1@ to @KEY8@ in it */
  const char *notes;    /* the options that have a note, in their order; - for one of the file */
  guint       n_peers;
} WgService;

extern const WgService wg_services[];
extern const guint n_wg_services;

const char *wg_sample_get_key (guint n);
char       *wg_sample_fill    (const char *text);
