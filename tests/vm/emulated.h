/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emulated.h: what a machine that is emulated can besides (tests/package/machine.h). */
#pragma once

#include "tests/package/machine.h"

G_BEGIN_DECLS

void adit_machine_shut_down (AditMachine *self);
void adit_machine_set_cable (AditMachine *self, gboolean plugged);
void adit_machine_sleep     (AditMachine *self);
void adit_machine_wake      (AditMachine *self);

G_END_DECLS
