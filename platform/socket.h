/* SPDX-License-Identifier: GPL-2.0-or-later */
/* socket.h: what the kernel says of one TCP connection of this computer. */
#pragma once

#include <glib.h>
#include "client/model/flow.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_SOCKET_NONE = 0,
  ADIT_SOCKET_OTHER,    /* there is one, and it is not what the next line says */
  ADIT_SOCKET_SERVED,   /* root's, and accepted by a service that root has listening */
} AditSocketKind;

gboolean adit_socket_find (const AditFlow *flow, AditSocketKind *kind, GError **error);

G_END_DECLS
