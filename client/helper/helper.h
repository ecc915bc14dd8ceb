/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper.h: all of aditd put together, from an empty process to an object on the bus. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int adit_helper_run (void);

G_END_DECLS
