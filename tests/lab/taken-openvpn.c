/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taken-openvpn.c: an openvpn whose bytes are an attacker's, at the place of the real one: it tries doors and ways out, and says
 * what came of each at TAKEN_OPENVPN_SOCKET, since its confinement leaves it no file to write to.  Then it does not connect to
 * its management socket, so that somebody else can try.  With --doors, --ways or --carrier it tries these, once, as whoever runs
 * it, and says so on standard output. */
#include "tests/lab/taken-openvpn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>

#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"

#define ROUND_US 100000

static gboolean once;
static int out = -1;

static void
tell (const char *name, const char *what)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = TAKEN_OPENVPN_SOCKET };
  char line[128];
  int length = snprintf (line, sizeof line, "%s %s\n", name, what);

  if (once)
    {
      (void) !write (STDOUT_FILENO, line, (size_t) length);
      return;
    }
  if (out < 0)
    out = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  (void) sendto (out, line, (size_t) length, 0, (struct sockaddr *) &address, sizeof address);
}

/* --- Doors ----------------------------------------------------------------------------------------------------------------- */

static long door_netfilter (void) { return socket (AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER); }
static long door_route (void)     { return socket (AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }
static long door_packet (void)    { return socket (AF_PACKET, SOCK_RAW, 0); }
static long door_raw (void)       { return socket (AF_INET, SOCK_RAW, IPPROTO_UDP); }
static long door_raw6 (void)      { return socket (AF_INET6, SOCK_RAW, IPPROTO_ICMPV6); }
static long door_vault (void)     { return open ("/var/lib/adit/vault", O_RDONLY | O_DIRECTORY); }
static long door_profiles (void)  { return open ("/var/lib/adit/profiles", O_RDONLY | O_DIRECTORY); }
static long door_resolver (void)  { return open ("/etc/resolv.conf", O_WRONLY | O_APPEND); }
static long door_users (void)     { return open ("/etc/passwd", O_RDONLY); }
static long door_drop (void)      { return open ("/tmp/adit-dropped", O_WRONLY | O_CREAT, 0600); }
static long door_signal (void)    { return kill (getppid (), 0); }
static long door_root (void)      { return setresuid (0, 0, 0); }
static long door_unshare (void)   { return unshare (CLONE_NEWUTS); }
static long door_listen (void)    { return listen (socket (AF_INET, SOCK_STREAM, 0), 1); }

static long
door_ring (void)
{
  char parameters[128] = { 0 };    /* struct io_uring_params has 120 bytes */
  long result = syscall (SYS_io_uring_setup, 1, parameters);

  return result < 0 && errno != EPERM && errno != EACCES ? 0 : result;    /* a kernel without it has let us ask */
}

static long
door_mark (void)
{
  int mark = 1;

  return setsockopt (socket (AF_INET, SOCK_DGRAM, 0), SOL_SOCKET, SO_MARK, &mark, sizeof mark);
}

/* The same as they are. */
static long
door_link (void)
{
  struct ifreq request = { .ifr_name = "eth0" };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  return ioctl (fd, SIOCGIFFLAGS, &request) != 0 ? -1 : ioctl (fd, SIOCSIFFLAGS, &request);
}

static long
make_tun (const char *name, gboolean lasting)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  int fd = open ("/dev/net/tun", O_RDWR | O_CLOEXEC);

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  return fd < 0 || ioctl (fd, TUNSETIFF, &request) != 0 ? -1 : lasting ? ioctl (fd, TUNSETPERSIST, 0) : 0;
}

static long door_device (void)  { return make_tun ("evil0", FALSE); }
static long door_persist (void) { return make_tun ("adit0", TRUE); }

static long
door_memory (void)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/%d/mem", (int) getppid ());
  return open (path, O_RDONLY | O_CLOEXEC);
}

static long
door_read_memory (void)
{
  char byte;
  struct iovec to = { &byte, 1 }, from = { (void *) 4096, 1 };
  long result = process_vm_readv (getppid (), &to, 1, &from, 1, 0);

  return result < 0 && errno == EFAULT ? 0 : result;    /* nothing lies there, but it was let in */
}

static long
door_trace (void)
{
  int pid = getppid ();
  long result = ptrace (PTRACE_SEIZE, pid, 0, 0);

  if (result == 0 && ptrace (PTRACE_INTERRUPT, pid, 0, 0) == 0)
    {
      waitpid (pid, NULL, __WALL);
      ptrace (PTRACE_DETACH, pid, 0, 0);
    }
  return result;
}

/* Where even a fork is refused, in place: if that succeeds nothing more is heard of us. */
static long
door_program (void)
{
  char *const argv[] = { "true", NULL };
  int status = 0;
  pid_t pid = fork ();

  if (pid <= 0)
    {
      execv ("/bin/true", argv);
      if (pid == 0)
        _exit (1);
      return -1;
    }
  waitpid (pid, &status, 0);
  return status == 0 ? 0 : -1;
}

static const struct { const char *name; long (*try) (void); } doors[] = {
  { "netfilter", door_netfilter }, { "route", door_route },       { "packet", door_packet },
  { "raw", door_raw },             { "raw6", door_raw6 },         { "vault", door_vault },
  { "profiles", door_profiles },   { "resolver", door_resolver }, { "users", door_users },
  { "drop", door_drop },           { "signal", door_signal },     { "unshare", door_unshare },
  { "listen", door_listen },       { "ring", door_ring },         { "mark", door_mark },
  { "link", door_link },           { "device", door_device },     { "persist", door_persist },
  { "memory", door_memory },       { "read-memory", door_read_memory },
  { "trace", door_trace },         { "root", door_root },         { "program", door_program },
};

static void
try_doors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      errno = 0;
      tell (doors[i].name, doors[i].try () >= 0 ? "open" : strerror (errno));
    }
}

/* --- Ways out -------------------------------------------------------------------------------------------------------------- */

/* The tunnel's own, and everything beside it. */
static const struct { int type; const char *to; guint16 port; } ways[] = {
  { SOCK_DGRAM, ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_UDP_PORT },
  { SOCK_DGRAM, ADIT_LAB_WEB_ADDRESS, 9999 },
  { SOCK_DGRAM, ADIT_LAB_WEB_ADDRESS, ADIT_LAB_OVPN_UDP_PORT },
  { SOCK_DGRAM, ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_UDP_PORT + 1 },
  { SOCK_DGRAM, ADIT_LAB_DNS_ADDRESS, 53 },
  { SOCK_DGRAM, ADIT_LAB_API_ADDRESS, 443 },
  { SOCK_DGRAM, ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT },
  { SOCK_DGRAM, "10.10.0.1", 53 },
  { SOCK_DGRAM, "2001:db8:ff::80", 9999 },
  { SOCK_DGRAM, ADIT_LAB_OVPN_ADDRESS6, ADIT_LAB_OVPN_UDP_PORT },
  { SOCK_STREAM, ADIT_LAB_WEB_ADDRESS, 80 },
  { SOCK_STREAM, ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_UDP_PORT },
  { SOCK_STREAM, ADIT_LAB_OVPN_ADDRESS, 443 },
  { SOCK_STREAM, ADIT_LAB_API_ADDRESS, 443 },
  { SOCK_STREAM, "2001:db8:ff::80", 80 },
};

static gboolean
fill (struct sockaddr_storage *address, const char *to, guint16 port)
{
  struct sockaddr_in *four = (struct sockaddr_in *) address;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *) address;

  memset (address, 0, sizeof *address);
  if (strchr (to, ':') == NULL)
    {
      four->sin_family = AF_INET;
      four->sin_port = htons (port);
      return inet_pton (AF_INET, to, &four->sin_addr) == 1;
    }
  six->sin6_family = AF_INET6;
  six->sin6_port = htons (port);
  return inet_pton (AF_INET6, to, &six->sin6_addr) == 1;
}

/* By routing, then bound to the cable, which is free to everybody. */
static void
try_way (gsize number, gboolean bound)
{
  static guint n_streams;
  struct sockaddr_storage address, from;
  int fd;

  fill (&address, ways[number].to, ways[number].port);
  fd = socket (address.ss_family, ways[number].type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (bound)
    (void) setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, "eth0", sizeof "eth0");
  if (ways[number].type == SOCK_STREAM)
    {
      fill (&from, address.ss_family == AF_INET ? "0.0.0.0" : "::",
            ADIT_SENDERS_TCP_FIRST + n_streams++ % (ADIT_SENDERS_TCP_LAST - ADIT_SENDERS_TCP_FIRST + 1));
      (void) bind (fd, (struct sockaddr *) &from, sizeof from);
      (void) connect (fd, (struct sockaddr *) &address, sizeof address);
      g_usleep (5000);    /* a SYN is on the wire long before */
    }
  else
    (void) sendto (fd, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC, 0, (struct sockaddr *) &address, sizeof address);
  close (fd);
}

static void
try_ways (gsize from, gsize to)
{
  char count[16];

  for (gsize i = from; i < to; i++)
    for (guint bound = 0; bound < 2; bound++)
      try_way (i, bound);
  snprintf (count, sizeof count, "%zu", 2 * (to - from));
  tell ("ways", count);
}

int
main (int argc, char **argv)
{
  once = argc == 2;
  if (!once || strcmp (argv[1], "--doors") == 0)
    try_doors ();
  if (!once || strcmp (argv[1], "--ways") == 0)
    try_ways (1, G_N_ELEMENTS (ways));
  if (once && strcmp (argv[1], "--carrier") == 0)
    try_ways (0, 1);
  while (!once)    /* until the helper ends us */
    {
      g_usleep (ROUND_US);
      try_ways (1, G_N_ELEMENTS (ways));
    }
  return 0;
}
