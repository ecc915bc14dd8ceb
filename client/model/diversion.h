/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diversion.h: what a network tries with routes that it pushes.  It changes nothing, but the user is told. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_DIVERSION_NONE   = 0,
  ADIT_DIVERSION_ROUTES = 1 << 0,    /* public addresses past the tunnel (TunnelVision, CVE-2024-3661) */
  ADIT_DIVERSION_PEER   = 1 << 1,    /* the tunnel's own packets by another way */
} AditDiversions;

G_END_DECLS
