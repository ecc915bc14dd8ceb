/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child.h: what a forked child does until exec, over what its parent laid ready. */
#pragma once

#include <sys/types.h>
#include "platform/linux/confinement.h"
#include "platform/process.h"

G_BEGIN_DECLS

#define ADIT_CHILD_ERROR_FD    (ADIT_CONFINEMENT_EXEC_FD + 1)
#define ADIT_CHILD_LANDLOCK_FD (ADIT_CONFINEMENT_EXEC_FD + 2)

/* Everything by number, so that the child has nothing to look up.  Nothing here is the child's own. */
typedef struct
{
  char *const               *argv;
  char *const               *envp;
  AditConfinementPlan       *plan;
  uid_t                      uid;
  gid_t                      gid;
  pid_t                      parent;
  int                        exec_fd, null_fd, error_fd;
  gboolean                   keep_stderr;
  struct { int from, to; }   fds[ADIT_PROCESS_MAX_FDS];
  guint                      n_fds;
  int                        keep[ADIT_PROCESS_MAX_FDS + 3];    /* every number above 2 that stays until exec, ascending */
  guint                      n_keep;
} AditChild;

/* What comes through @error_fd when a step fails. */
typedef struct { int step, error; } AditChildFailure;

void        adit_child_run           (const AditChild *self) G_GNUC_NORETURN;
const char *adit_child_describe_step (int              step);

G_END_DECLS
