/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: adit-worker, the program that touches strangers' bytes so that root need not. */
#include "client/worker/roles.h"

int
main (int argc, char **argv)
{
  return adit_worker_main (argc, argv);
}
