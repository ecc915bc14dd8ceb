/* SPDX-License-Identifier: GPL-2.0-or-later */
/* polkit.h: the authority of a Linux desktop. */
#pragma once

#include "platform/authority.h"

G_BEGIN_DECLS

#define ADIT_TYPE_POLKIT (adit_polkit_get_type ())
G_DECLARE_FINAL_TYPE (AditPolkit, adit_polkit, ADIT, POLKIT, GObject)

AditAuthority *adit_polkit_new (GDBusConnection *bus);

G_END_DECLS
