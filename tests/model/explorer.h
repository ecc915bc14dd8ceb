/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explorer.h: everything that can be reached, each configuration once, and the shortest path to what is wrong. */
#pragma once

#include "tests/model/machine.h"

G_BEGIN_DECLS

typedef struct
{
  guint       n_configs, n_transitions;
  const char *broken;    /* (nullable): the first promise that does not hold */
  char       *path;      /* (nullable): how it is broken, an event a line */
} Finding;

void explorer_explore (const Machine *machine, Finding *finding);
void finding_clear    (Finding *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Finding, finding_clear)

G_END_DECLS
