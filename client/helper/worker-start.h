/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-start.h: a worker's process and the helper's end of its socket; one can be started ahead of its request. */
#pragma once

#include "platform/process.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_WORKER_ROLE_PROVIDER = 0,
  ADIT_WORKER_ROLE_IMPORT,
  ADIT_WORKER_ROLE_OPENVPN,
  ADIT_WORKER_ROLE_REPORT,
  ADIT_WORKER_ROLE_PICTURE,
  ADIT_N_WORKER_ROLES
} AditWorkerRoleName;

typedef struct _AditWorkerStart AditWorkerStart;

AditWorkerStart *adit_worker_start_new     (const char *program, AditWorkerRoleName role);
void             adit_worker_start_free    (AditWorkerStart *self);
void             adit_worker_start_prepare (AditWorkerStart *self);
void             adit_worker_start_dismiss (AditWorkerStart *self);
AditProcess     *adit_worker_start_take    (AditWorkerStart *self, int *socket, GError **error);
AditProcess     *adit_worker_start_role    (const char *program, AditWorkerRoleName role, gboolean is_ahead, int *socket,
                                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditWorkerStart, adit_worker_start_free)

G_END_DECLS
