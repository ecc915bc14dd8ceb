/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desktop.h: a private corner of this computer with a message bus, for tests against the real desktop services. */
#pragma once

#include <gio/gio.h>
#include "tests/lab/lab.h"

G_BEGIN_DECLS

/* Own mount and network namespaces, an /etc that may be written (overlay), an empty /run, loopback up.  Call it first in main(),
 * before GLib has threads.  Exits with 77 where that cannot be had. */
void             lab_desktop_enter      (void);
/* transfer full; XML elements for the bus's configuration */
GDBusConnection *lab_desktop_start_bus  (const char *extra_policy);
GPid             lab_desktop_spawn      (const char *const *argv, const char *const *environment);
void             lab_desktop_end        (GPid pid);
gboolean         lab_desktop_wait_name  (GDBusConnection *bus, const char *name, guint max_ms);
void             lab_desktop_run        (const char *command);         /* must succeed */
void             lab_desktop_iterate    (guint ms);

G_END_DECLS
