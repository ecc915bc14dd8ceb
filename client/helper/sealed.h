/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sealed.h: bytes that go to another process by a descriptor, and that nobody can change any more. */
#pragma once

#include "client/base/secret.h"

G_BEGIN_DECLS

int      adit_sealed_new (AditSecret *secret, GError **error);
gboolean adit_sealed_is  (int fd, gsize size_bytes);

G_END_DECLS
