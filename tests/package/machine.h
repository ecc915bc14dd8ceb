/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.h: a whole Debian on the lab's cable, with systemd or less as its process 1: in namespaces of its own (machine.c), or
 * on emulated processors with a kernel of its own (tests/vm/emulated.c). */
#pragma once

#include "tests/lab/lab.h"

G_BEGIN_DECLS

typedef struct _AditMachine AditMachine;

AditMachine   *adit_machine_new     (const char *tree);
void           adit_machine_free    (AditMachine *self);
void           adit_machine_write   (AditMachine *self, const char *path, const char *content);
void           adit_machine_boot    (AditMachine *self);
void           adit_machine_cut     (AditMachine *self);
guint          adit_machine_get_connect_ms (AditMachine *self);
AditLabResult *adit_machine_run     (AditMachine *self, const char *line);
char          *adit_machine_expect  (AditMachine *self, int status, const char *format, ...) G_GNUC_PRINTF (3, 4);
gboolean       adit_machine_is_running (AditMachine *self);
void           adit_machine_wait_connected (AditMachine *self);
void           adit_machine_install (AditMachine *self, const char *packages, const char *folder);
void           adit_machine_expect_of_service (AditMachine *self, const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditMachine, adit_machine_free)

G_END_DECLS
