/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bound.c: starts wireguard-go, sets it over its socket, gives the device an address and one route, and pings.  No lock, no DNS,
 * no question to anybody, no other program. */
#include "tests/bench/bound.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "tests/bench/bench.h"
#include "tests/bench/wg-quick.h"
#include "tests/lab/lab.h"

#define DEVICE   "bound0"
#define SOCKET   "/run/wireguard/" DEVICE ".sock"
#define ADDRESS  "10.64.78.2"    /* beside those of the simulated service and of wg-quick */
#define AGAIN_US 50
#define MAX_MS   5000

struct _BenchBound
{
  char *settings;    /* what wireguard-go is told */
  int   fd;          /* in the client's namespace */
  pid_t pid;
};

static char *
dup_hex (const char *base64)
{
  gsize length;
  g_autofree guchar *key = g_base64_decode (base64, &length);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", key[i]);
  return g_string_free (text, FALSE);
}

/**
 * bench_bound_new:
 *
 * Makes a key that the lab's exit knows.  After adit_world_new().
 *
 * Returns: (transfer full): a bound that is not connected
 */
BenchBound *
bench_bound_new (void)
{
  g_autofree char *key = wg_quick_ask_wg ("genkey", ""), *public_key = wg_quick_ask_wg ("pubkey", key);
  g_autofree char *exit_key = adit_lab_get_exit_key (), *key_hex = dup_hex (key), *exit_key_hex = dup_hex (exit_key);
  BenchBound *self = g_new0 (BenchBound, 1);
  g_autoptr (GError) error = NULL;
  int back;

  self->settings = g_strdup_printf ("set=1\nprivate_key=%s\npublic_key=%s\nendpoint=" ADIT_LAB_EXIT_ADDRESS ":%d\n"
                                    "allowed_ip=0.0.0.0/0\n\n", key_hex, exit_key_hex, ADIT_LAB_EXIT_PORT);
  if (!adit_lab_add_exit_peer (public_key, ADDRESS "/32", &error) || !adit_lab_switch ("client", &back, &error))
    g_error ("%s", error->message);
  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back);
  return self;
}

/**
 * bench_bound_free:
 * @self: (nullable) (transfer full): a bound that is not connected
 */
void
bench_bound_free (BenchBound *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self->settings);
  g_free (self);
}

static int
connect_to_socket (gint64 start_us)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  while (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      if (bench_get_ms_since (start_us) > MAX_MS)
        g_error ("wireguard-go has no socket: %s", g_strerror (errno));
      g_usleep (AGAIN_US);
    }
  return fd;
}

static void
ask_kernel (BenchBound *self, gulong what, gpointer request)
{
  if (ioctl (self->fd, what, request) != 0)
    g_error ("the kernel refuses %#lx: %s", what, g_strerror (errno));
}

static void
set_address (struct sockaddr *place, const char *text)
{
  struct sockaddr_in address = { .sin_family = AF_INET };

  g_assert_cmpint (inet_pton (AF_INET, text, &address.sin_addr), ==, 1);
  memcpy (place, &address, sizeof address);
}

static void
set_up_device (BenchBound *self)
{
  struct ifreq request = { .ifr_name = DEVICE };
  struct rtentry route = { .rt_flags = RTF_UP | RTF_HOST, .rt_dev = (char *) DEVICE };

  set_address (&request.ifr_addr, ADDRESS);
  ask_kernel (self, SIOCSIFADDR, &request);
  set_address (&request.ifr_netmask, "255.255.255.255");
  ask_kernel (self, SIOCSIFNETMASK, &request);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  ask_kernel (self, SIOCSIFFLAGS, &request);
  set_address (&route.rt_dst, ADIT_LAB_GATEWAY);
  ask_kernel (self, SIOCADDRT, &route);
}

static void
give_settings (BenchBound *self, int fd)
{
  gssize length = (gssize) strlen (self->settings);
  char answer[64] = "";

  if (write (fd, self->settings, (gsize) length) != length || read (fd, answer, sizeof answer - 1) <= 0 ||
      !g_str_equal (answer, "errno=0\n\n"))
    g_error ("wireguard-go does not take its settings: \"%s\"", answer);
}

/**
 * bench_bound_connect_ms:
 * @self: a bound that is not connected, on a client that is not either
 * @ping_fd: from bench_ping_open() in the client
 *
 * Returns: milliseconds from the start of wireguard-go to the first ping through it
 */
double
bench_bound_connect_ms (BenchBound *self, int ping_fd)
{
  const char *const argv[] = { "wireguard-go", "--foreground", DEVICE, NULL };
  const BenchCaller root = { .space = "client" };
  BenchChild child = bench_prepare (&root, argv);
  gint64 start_us = g_get_monotonic_time ();
  double ms;
  int fd;

  bench_release (&child);
  fd = connect_to_socket (start_us);
  set_up_device (self);    /* before the settings: a packet for a peer of a device that is down is lost */
  give_settings (self, fd);
  if (!bench_ping (ping_fd, ADIT_LAB_GATEWAY, MAX_MS))
    g_error ("no ping came back through wireguard-go alone");
  ms = bench_get_ms_since (start_us);
  self->pid = child.pid;
  close (fd);
  return ms;
}

/**
 * bench_bound_disconnect_ms:
 * @self: a connected bound
 *
 * Returns: milliseconds from the signal to wireguard-go until its device is gone, and with it all that stood on it
 */
double
bench_bound_disconnect_ms (BenchBound *self)
{
  struct ifreq request = { .ifr_name = DEVICE };
  gint64 start_us = g_get_monotonic_time ();
  double ms;

  if (kill (self->pid, SIGTERM) != 0)
    g_error ("wireguard-go is gone already");
  while (ioctl (self->fd, SIOCGIFINDEX, &request) == 0)
    {
      if (bench_get_ms_since (start_us) > MAX_MS)
        g_error ("wireguard-go stays");
      g_usleep (AGAIN_US);
    }
  ms = bench_get_ms_since (start_us);
  bench_finish (self->pid, "wireguard-go");
  return ms;
}
