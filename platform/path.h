/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.h: does a packet of this length get through a tunnel?  Asked of whoever answers names there. */
#pragma once

#include <gio/gio.h>
#include "client/model/address.h"

G_BEGIN_DECLS

typedef struct _AditPathProbe AditPathProbe;

typedef void (*AditPathTold) (gboolean is_through, gpointer user_data);

AditPathProbe *adit_path_probe_new  (const AditAddress *resolver, guint packet_bytes, AditPathTold told, gpointer user_data);
void           adit_path_probe_free (AditPathProbe *self);

G_END_DECLS
