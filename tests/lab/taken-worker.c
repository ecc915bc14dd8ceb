/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taken-worker.c: a worker whose bytes are an attacker's: it shuts itself in as the real one does, then tries the one door that
 * ADIT_BAD_WORKER_FILE names, at the process that stands beside it there.  What came of it goes to standard error, where the
 * helper lets a worker speak.  With --free it tries the same without a sandbox. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/sandbox.h"
#include "tests/lab/bad-worker.h"

static int other;    /* the process beside the door's name */

static long
open_of (const char *what, int flags)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", other, what);

  return open (path, flags | O_CLOEXEC);
}

static long door_vault (void)       { return open ("/var/lib/adit/vault", O_RDONLY | O_DIRECTORY); }
static long door_settings (void)    { return open ("/var/lib/adit/settings", O_RDONLY); }
static long door_journal (void)     { return open ("/run/adit/journal", O_RDWR | O_CREAT, 0600); }
static long door_services (void)    { return open ("/etc/adit/services.conf", O_WRONLY | O_APPEND); }
static long door_password (void)    { return open ("/etc/shadow", O_RDONLY); }
static long door_uapi (void)        { return open ("/run/wireguard", O_RDONLY | O_DIRECTORY); }
static long door_drop (void)        { return open ("/tmp/adit-dropped", O_WRONLY | O_CREAT, 0600); }
static long door_memory (void)      { return open_of ("mem", O_RDONLY); }
static long door_maps (void)        { return open_of ("maps", O_RDONLY); }
static long door_environment (void) { return open_of ("environ", O_RDONLY); }
static long door_descriptors (void) { return open_of ("fd", O_RDONLY | O_DIRECTORY); }
static long door_internet (void)    { return socket (AF_INET, SOCK_STREAM, 0); }
static long door_datagram (void)    { return socket (AF_INET6, SOCK_DGRAM, 0); }
static long door_packet (void)      { return socket (AF_PACKET, SOCK_RAW, 0); }
static long door_netlink (void)     { return socket (AF_NETLINK, SOCK_RAW, 12 /* NETLINK_NETFILTER */); }
static long door_signal (void)      { return kill (other, 0); }

static long
door_bus (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket" };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  return fd < 0 ? -1 : connect (fd, (struct sockaddr *) &address, sizeof address);
}

static long
door_read_memory (void)
{
  char byte;
  struct iovec to = { &byte, 1 }, from = { (void *) 4096, 1 };
  long result = process_vm_readv (other, &to, 1, &from, 1, 0);

  return result < 0 && errno == EFAULT ? 0 : result;    /* nothing lies there, but it was let in */
}

static long
door_pidfd (void)
{
  return syscall (SYS_pidfd_getfd, syscall (SYS_pidfd_open, other, 0), 0, 0);
}

static long
door_trace (void)
{
  long result = ptrace (PTRACE_ATTACH, other, 0, 0);

  if (result == 0)
    {
      waitpid (other, NULL, __WALL);
      ptrace (PTRACE_DETACH, other, 0, 0);
    }
  return result;
}

static const struct { const char *name; long (*try) (void); } doors[] = {
  { "vault", door_vault },             { "settings", door_settings },         { "journal", door_journal },
  { "services", door_services },       { "password", door_password },         { "uapi", door_uapi },
  { "drop", door_drop },               { "memory", door_memory },             { "maps", door_maps },
  { "environment", door_environment }, { "descriptors", door_descriptors },   { "internet", door_internet },
  { "datagram", door_datagram },       { "packet", door_packet },             { "netlink", door_netlink },
  { "signal", door_signal },           { "bus", door_bus },                   { "read-memory", door_read_memory },
  { "pidfd", door_pidfd },             { "trace", door_trace },
};

static void
tell (const char *name, const char *what)
{
  g_autofree char *line = g_strdup_printf ("taken: %s %d %s\n", name, other, what);

  if (write (STDERR_FILENO, line, strlen (line)) < 0)
    exit (3);
}

int
main (int argc, char **argv)
{
  gboolean is_free = argc > 1 && g_str_equal (argv[1], "--free");
  AditSandboxReport report;
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents (ADIT_BAD_WORKER_FILE, &text, NULL, NULL))
    return 2;
  words = g_strsplit (text, " ", 2);
  other = words[1] != NULL ? atoi (words[1]) : getppid ();
  if (!is_free && !adit_sandbox_enter (ADIT_SANDBOX_PROVIDER, &report, NULL))
    return 2;
  for (gsize i = 0; i < G_N_ELEMENTS (doors); i++)
    if (g_str_equal (doors[i].name, words[0]))
      {
        tell (words[0], "trying");
        errno = 0;
        tell (words[0], doors[i].try () >= 0 ? "open" : g_strerror (errno));
        return 0;
      }
  return 2;
}
