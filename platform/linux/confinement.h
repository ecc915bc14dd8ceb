/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confinement.h: what a child may still do, made ready before the fork so that the child only has to step into it. */
#pragma once

#include <linux/filter.h>
#include "platform/process.h"

G_BEGIN_DECLS

/* The program itself is passed to execveat() under this number.  It lies above the child's limit of descriptors, so after exec
 * has closed it nobody can open it again, and the one exec that the filter allows has happened. */
#define ADIT_CONFINEMENT_EXEC_FD     200
#define ADIT_CONFINEMENT_MAX_FILES   128

typedef struct
{
  guint64            capabilities;      /* bit set; permitted, inheritable and ambient in the child */
  guint              max_files;         /* RLIMIT_NOFILE; 0: as the parent's */
  int                landlock_fd;       /* -1: none */
  const struct sock_fprog *filter;      /* (nullable): lives as long as the program */
} AditConfinementPlan;

AditConfinementPlan *adit_confinement_plan_new  (AditConfinement confinement, const char *program, guint16 tcp_port,
                                                 GError **error);
void                 adit_confinement_plan_free (AditConfinementPlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditConfinementPlan, adit_confinement_plan_free)

G_END_DECLS
