/* SPDX-License-Identifier: GPL-2.0-or-later */
/* installed.h: a machine on the lab's internet for the packages to be installed on, and who counts what it puts on its cable. */
#pragma once

#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"
#include "tests/package/machine.h"

G_BEGIN_DECLS

#define ADIT_INSTALLED_PHASE_US 1500000    /* how long the senders try in a phase that has no end of its own */

typedef struct
{
  AditWorld     *world;
  AditMachine   *machine;
  AditLeakwatch *watch;
  AditSenders   *senders;
} AditInstalled;

extern const char *const adit_installed_allowed[];

void     adit_installed_begin        (AditInstalled *self, const char *tree);
void     adit_installed_enter_phase  (AditInstalled *self, const char *phase, const char *const *may_leave);
void     adit_installed_expect_tight (AditInstalled *self, const char *phase);
gboolean adit_installed_has_lock     (void);

G_END_DECLS
