/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flow.h: one TCP connection by its four numbers, as this computer sees it.  All zero is "none". */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

typedef struct
{
  AditEndpoint local, remote;
} AditFlow;

gboolean adit_flow_is_valid (const AditFlow *self);
gboolean adit_flow_equal    (const AditFlow *a, const AditFlow *b);

G_END_DECLS
