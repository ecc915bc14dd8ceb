/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-ways.h: the ways in which the child of a test dies, each in a function of its own name. */
#pragma once

#include <glib.h>

#include "client/report/crash-note.h"

#define CRASH_CROWD 80    /* threads beside the one that crashes: more than are asked */

typedef struct
{
  const char     *name;
  void          (*crash) (void);
  int             signal;
  AditCrashReason reason;
  const char     *function;    /* which has to be among the frames */
  guint           at_most;     /* how far from the top it may be */
  const char     *thread;      /* where it is not the first */
  gboolean        cut;         /* the walk does not come to the beginning */
  const char     *module;      /* of the innermost frame, where it is not the program */
} CrashWay;

extern const CrashWay crash_ways[];
extern const guint    n_crash_ways;

void crash_die (const char *name, int fd);
