/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tell-loaded.c: a library that somebody has slipped in: preloaded, as a module of GIO or as a provider of OpenSSL, it writes
 * down who has loaded it. */
#include <fcntl.h>
#include <unistd.h>

__attribute__ ((constructor)) static void
tell (void)
{
  char program[512];
  ssize_t length = readlink ("/proc/self/exe", program, sizeof program - 1);
  int fd = open ("/run/lab/loaded", O_WRONLY | O_APPEND | O_CLOEXEC);

  if (length > 0 && fd >= 0)
    {
      program[length] = '\n';
      (void) !write (fd, program, (size_t) length + 1);
    }
  if (fd >= 0)
    close (fd);
}
