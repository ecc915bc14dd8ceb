/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-stand-in.h: another service of this computer, played on a bus of its own. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char           *name;          /* on the bus */
  const char           *interfaces;    /* as introspection has them, in a node */
  const char *const    *paths;         /* of the objects: one for each interface, in their order */
  GDBusInterfaceVTable  table;         /* answers; called in another thread */
} BusStandIn;

GDBusConnection *bus_stand_in_start (const BusStandIn *self);
void             bus_stand_in_stop  (void);
