/* SPDX-License-Identifier: GPL-2.0-or-later */
/* own-files.h: our own programs, lent to whoever gives names to the places in a crash. */
#pragma once

#include "client/wire/wire.h"

G_BEGIN_DECLS

void adit_own_files_open (const char *worker, const AditWireModule *module, int *program, int *debug);

G_END_DECLS
