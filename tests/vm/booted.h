/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted.h: the machine of test-booted, its world, the watcher on its cable, and what the cases ask of them. */
#pragma once

#include "tests/lab/leakwatch.h"
#include "tests/lab/world.h"
#include "tests/vm/emulated.h"

G_BEGIN_DECLS

/* While a phase lasts that has no end of its own it is watched for so long. */
#define BOOTED_PHASE_US 3000000

typedef struct
{
  AditWorld     *world;
  AditMachine   *machine;
  AditLeakwatch *watch;
  const char    *packages;    /* a folder in the machine */
} Booted;

extern Booted booted;
/* What may leave while it connects, or is connected: the relay, the service, the resolver over HTTPS. */
extern const char *const booted_holes[];

void    booted_do           (const char *line);
void    booted_expect_said  (const char *line, const char *part);
void    booted_wait_said    (const char *line, const char *part);
void    booted_expect_refused (int status, const char *part, const char *line);
void    booted_add_user     (const char *name);
void    booted_expect_web   (const char *address);
void    booted_expect_names (const char *resolver);
guint64 booted_count_tried  (void);
void    booted_enter        (const char *phase, const char *const *may_leave);
void    booted_expect_open  (const char *phase, const char *key);
void    booted_expect_tight (const char *phase);
void    booted_expect_back  (const char *phase);
void    booted_expect_undenied (void);
double  booted_get_start_s  (const char *unit);

/* The cases, in the order in which they have to come. */
void    booted_add_network  (void);
void    booted_add_openvpn  (void);
void    booted_add_roles    (void);
void    booted_add_people   (void);
void    booted_add_faults   (void);
void    booted_add_timing   (void);
void    booted_add_boots    (void);

G_END_DECLS
