/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-test.h: whether what was imported connects, without staying connected. */
#pragma once

#include "ui/mirror.h"

G_BEGIN_DECLS

void     adit_profile_test_async  (AditMirror *mirror, const char *profile, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_profile_test_finish (AditMirror *mirror, GAsyncResult *result, GError **error);

G_END_DECLS
