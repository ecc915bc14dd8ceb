/* SPDX-License-Identifier: GPL-2.0-or-later */
/* own-files.c: opens our programs by where they were installed, and what was split off from them by a number of twenty bytes.
 * Only what everybody may read is lent, so that whoever asks gets nothing by it that any program on this computer has not. */
#include "config.h"
#include "client/helper/own-files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/report/debug-path.h"

static int
open_public (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;

  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && (status.st_mode & S_IROTH) != 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * adit_own_files_open:
 * @worker: where the worker is that this helper starts
 * @module: a checked message: which program, and how it is numbered
 * @program: (out): the program, yours to close; -1 where there is none
 * @debug: (out): what was split off from it, yours to close; -1 where there is none, or no program
 *
 * A number that is another program's brings that one's file: whoever asks compares.
 */
void
adit_own_files_open (const char *worker, const AditWireModule *module, int *program, int *debug)
{
  const char *const paths[ADIT_N_WIRE_PROGRAMS] = {
    [ADIT_WIRE_PROGRAM_HELPER] = ADIT_LIBEXECDIR "/aditd", [ADIT_WIRE_PROGRAM_WORKER] = worker,
    [ADIT_WIRE_PROGRAM_COMMAND] = ADIT_BINDIR "/adit", [ADIT_WIRE_PROGRAM_WINDOW] = ADIT_BINDIR "/adit-gtk",
  };
  g_autofree char *path = adit_debug_path_dup (module->build_number, sizeof module->build_number);

  *program = open_public (paths[module->program]);
  *debug = *program >= 0 ? open_public (path) : -1;
}
