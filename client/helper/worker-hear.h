/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-hear.h: the next word of a worker, which is believed only after it was looked at. */
#pragma once

#include "client/wire/wire.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_WORKER_IS_SILENT,    /* nothing is there now */
  ADIT_WORKER_SAID,         /* a message that is of its form and for this attempt */
  ADIT_WORKER_ENDED,
  ADIT_WORKER_LIED          /* what no worker of ours says: nothing more is to be heard of it */
} AditWorkerHeard;

AditWorkerHeard adit_worker_hear (int socket, guint32 attempt, AditWireMessage *message, int *fds, guint *n_fds,
                                  const char **wrong);

G_END_DECLS
