/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tun.h: a TUN device as a descriptor: it lives as long as someone holds it open; or as one that another may open. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_TUN_PACKET_INFO = 0,    /* four bytes before each packet */
  ADIT_TUN_OFFLOAD,            /* the virtio header, which carries many packets in one read */
} AditTunForm;

gboolean adit_tun_is_there (GError **error);
gboolean adit_tun_make_for (const char *name, guint owner, GError **error);
int      adit_tun_open     (const char *name, AditTunForm form, gboolean persistent, GError **error);

G_END_DECLS
