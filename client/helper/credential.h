/* SPDX-License-Identifier: GPL-2.0-or-later */
/* credential.h: takes a credential from a descriptor that a client passed: bounded in size and in time, wiped on the way. */
#pragma once

#include <gio/gio.h>
#include "client/base/secret.h"

G_BEGIN_DECLS

void        adit_credential_read_async  (int fd, GAsyncReadyCallback callback, gpointer user_data);
AditSecret *adit_credential_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
