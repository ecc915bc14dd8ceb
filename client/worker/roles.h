/* SPDX-License-Identifier: GPL-2.0-or-later */
/* roles.h: what a worker can be started as. */
#pragma once

#include "client/worker/worker.h"
#include "platform/sandbox.h"

G_BEGIN_DECLS

#define ADIT_WORKER_SOCKET 3    /* the descriptors that the helper leaves it */
#define ADIT_WORKER_NOTE   4    /* where its crash would be noted; need not be there */

typedef struct
{
  const char      *name;      /* --role NAME */
  AditSandboxRole  sandbox;
  void           (*init)  (void);                                 /* before the sandbox closes */
  gboolean       (*serve) (AditWorker *worker, GError **error);   /* after it, with the request */
} AditWorkerRole;

extern const AditWorkerRole adit_worker_provider_role, adit_worker_import_role, adit_worker_openvpn_role,
                            adit_worker_picture_role, adit_worker_report_role;

int adit_worker_main (int argc, char **argv);

G_END_DECLS
