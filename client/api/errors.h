/* SPDX-License-Identifier: GPL-2.0-or-later */
/* errors.h: the bus names of our errors. */
#pragma once

#include <gio/gio.h>
#include "client/base/error.h"

G_BEGIN_DECLS

void        adit_errors_register (void);
const char *adit_error_get_name  (const GError *error);
const char *adit_error_get_nick  (AditError code);
gboolean    adit_error_from_nick (const char *nick, AditError *code);

G_END_DECLS
