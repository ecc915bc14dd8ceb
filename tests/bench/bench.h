/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.h: what every benchmark does: run a program and take its time, wait for a ping, write the figures down. */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

#define BENCH_SKIP   77    /* what meson counts as skipped */
#define BENCH_ROUNDS 12

typedef struct _BenchResult BenchResult;

typedef enum
{
  BENCH_GOAL_RATIO,     /* ours to the peer's, the median of the rounds */
  BENCH_GOAL_NEAR,      /* the same ratio, and how far it may be from 1 on either side */
  BENCH_GOAL_FIGURE,    /* ours alone, in the result's unit */
  BENCH_GOAL_NONE,      /* nothing that is wanted: the figures alone */
} BenchGoal;

/* Who runs a program, and where; all zero is root in the benchmark's own namespace and environment. */
typedef struct
{
  const char *space;     /* a network namespace of `ip netns` */
  const char *scope;     /* a control group's folder */
  guint       uid;
  char      **environment;
} BenchCaller;

/* A program that is about to start. */
typedef struct { pid_t pid; int gate_fd; } BenchChild;

BenchResult *bench_result_new       (const char *name, const char *unit, BenchGoal kind, double goal);
void         bench_result_free      (BenchResult *self);
void         bench_result_add_ours  (BenchResult *self, double value);
void         bench_result_add_peer  (BenchResult *self, double value);
void         bench_result_add_bound (BenchResult *self, double value);
void         bench_result_write     (BenchResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchResult, bench_result_free)

double     bench_get_ms_since (gint64 start_us);
BenchChild bench_prepare      (const BenchCaller *caller, const char *const *argv);
void       bench_release      (const BenchChild *child);
void       bench_finish       (pid_t pid, const char *name);
double     bench_run_ms       (const BenchCaller *caller, const char *const *argv);
double     bench_read_pss_mib (pid_t pid);
double     bench_read_cpu_s   (pid_t pid);
gboolean   bench_runs         (const char *program);
double     bench_sum          (const char *const *programs, double (*read) (pid_t pid));

int      bench_ping_open (const char *space);
gboolean bench_ping      (int fd, const char *address, guint max_ms);

G_END_DECLS
