/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-hear.c: the one place where root takes bytes from a worker. */
#define G_LOG_DOMAIN "adit-worker"

#include "client/helper/worker-hear.h"

#include <string.h>
#include <unistd.h>

#include "client/base/secret.h"
#include "client/wire/channel.h"

/**
 * adit_worker_hear:
 * @socket: to the worker
 * @attempt: which one it was asked for
 * @message: (out): what it said; wipe it afterwards, as it may hold secrets
 * @fds: (out): room for %ADIT_WIRE_MAX_FDS: the descriptors that came along; yours to close
 * @n_fds: (out): how many
 * @wrong: (out): where it ended or lied, what it did, behind "The worker ..."; none of the rest is set then
 *
 * Does not wait.
 */
AditWorkerHeard
adit_worker_hear (int socket, guint32 attempt, AditWireMessage *message, int *fds, guint *n_fds, const char **wrong)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  *n_fds = 0;
  if (!adit_channel_receive (socket, message, &length, fds, n_fds, &error))
    {
      if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN))
        return ADIT_WORKER_IS_SILENT;
      *wrong = error != NULL ? "sent what cannot be read" : "ended without an answer";
      return error != NULL ? ADIT_WORKER_LIED : ADIT_WORKER_ENDED;
    }
  if (!adit_wire_check_from_worker (message, length, *n_fds, &error))
    {
      g_warning ("a worker's message is refused: %s", error->message);
      *wrong = "sent a malformed message";
    }
  else if (message->header.attempt != attempt)
    *wrong = "answered for another attempt";
  else
    return ADIT_WORKER_SAID;
  for (; *n_fds > 0; (*n_fds)--)
    close (fds[*n_fds - 1]);
  adit_wipe (message, sizeof *message);
  return ADIT_WORKER_LIED;
}
