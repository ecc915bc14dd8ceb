/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-call.h: one question to another service of this computer, bounded in time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;             /* on the bus */
  gint64      deaf_until_us;    /* it has just not answered, and is not asked before then */
} AditBusPeer;

gboolean  adit_bus_has_name (GDBusConnection *bus, const char *name, gboolean or_activatable);
GVariant *adit_bus_call     (GDBusConnection *bus, AditBusPeer *peer, const char *path, const char *interface, const char *method,
                             GVariant *arguments, const GVariantType *type, GDBusCallFlags flags, GError **error);
GVariant *adit_bus_get      (GDBusConnection *bus, AditBusPeer *peer, const char *path, const char *interface, const char *name,
                             const char *type);

G_END_DECLS
