/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sock-destroy.h: ends the connections that are bound to an address which is about to go. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

void adit_sock_destroy (const AditAddress *source);

G_END_DECLS
