/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-leftover.h: what this person's programs wrote as they crashed, handed to the helper the next time one of them runs. */
#pragma once

#include "client/api/client.h"

G_BEGIN_DECLS

void     adit_crash_leftover_give_async  (AditClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean adit_crash_leftover_give_finish (AditClient *client, GAsyncResult *result, GError **error);

G_END_DECLS
