/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk.h: a random walk over what can go wrong: what it has, and what its steps use. */
#pragma once

#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"

G_BEGIN_DECLS

#define WALK_RESOLV "/etc/resolv.conf"

typedef enum { WISH_UNKNOWN, WISH_CONNECTED, WISH_DISCONNECTED } WalkWish;

typedef struct
{
  AditWorld     *world;
  AditLeakwatch *watches[2];    /* the cable, and the second one that is plugged in at times */
  AditSenders   *senders;
  GRand         *dice;
  GSubprocess   *pending;       /* a command that was not waited for */
  gboolean       changes_key;   /* that command */
  WalkWish       wish;
  char          *resolv_expected;
  gboolean       second_is_in;
  guint          n_faults, n_keys;
} Walk;

extern Walk walk;

/* walk-events.c */
void walk_step          (guint number);
void walk_await_command (void);
void walk_repair_uplink (void);
void walk_pull_second   (void);

/* walk-computer.c */
void     walk_run                   (const char *space, const char *line);
void     walk_attempt               (const char *line);
void     walk_fail                  (const char *what, const char *detail) G_GNUC_NORETURN;
void     walk_expect                (const char *line);
void     walk_start_helper          (void);
char    *walk_read_resolv           (void);
gboolean walk_has_tables            (void);
void     walk_enter_phase           (const char *phase);
guint    walk_count_outside         (const char *phase);
void     walk_check_nothing_outside (const char *after);

G_END_DECLS
