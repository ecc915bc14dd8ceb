/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bad-worker.h: how the test tells the worker that was put in the real one's place what to do. */
#pragma once

#define ADIT_BAD_WORKER_FILE "/run/lab/bad-worker"
#define ADIT_BAD_WORKER_REAL "/run/lab/real-worker"    /* a copy of the real one, for questions that are not the exit's */
