/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remote.h: how a client says by which connection its person has come, as values and not as text. */
#pragma once

#include <gio/gio.h>
#include "client/model/flow.h"

G_BEGIN_DECLS

GVariant *adit_remote_to_variant   (const AditFlow *flow);
gboolean  adit_remote_from_variant (GVariant *value, AditFlow *flow);

G_END_DECLS
