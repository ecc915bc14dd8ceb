/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-exit.h: which of the lab's exits the demo connects to, and how it gets there. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

typedef struct
{
  const char *service, *tunnel;       /* as they are asked for */
  const char *exit_address, *resolver;
  const char *place, *city;           /* (nullable): where it is, as the service and as a person calls it */
  const char *signed_in_with;         /* (nullable): what the service wants of a person */
  const char *credential;             /* (nullable): that, or it is given on a page of the service's own */
  const char *carrier[4];             /* what the watcher lets through while connected, ended by NULL */
  const char *connecting[4];          /* the same while there is no tunnel */
  const char *blocked[2];             /* the same while nobody is to connect */
} DemoExit;

const DemoExit *demo_exit_find     (const char *service, const char *tunnel, const char *config, char **why);
gboolean        demo_exit_is_file  (const DemoExit *self);
gboolean        demo_exit_is_openvpn (const DemoExit *self);
gboolean        demo_exit_is_usual (const DemoExit *self);
gboolean        demo_exit_start    (const DemoExit *self, GError **error);
char           *demo_exit_dup_file (const DemoExit *self, const char *keys, GError **error);
char          **demo_exit_dup_remotes (const char *configuration, gboolean connecting);
gboolean        demo_exit_is_of_openvpn (const char *configuration);
gboolean        demo_exit_blames_file (int status);

G_END_DECLS
