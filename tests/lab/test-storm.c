/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-storm.c: a neighbour whose router advertisements never end changes the computer's routes without a pause; the helper
 * has more to do than to look at them. */
#include "tests/lab/world.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define STORM_MS 2000
#define LIMIT_MS 5000

static AditWorld *world;

/* Router, no router, router, ... (RFC 4861, 4.2) */
static void
storm (void)
{
  struct nd_router_advert advert = { .nd_ra_type = ND_ROUTER_ADVERT };
  struct sockaddr_in6 all_nodes = { .sin6_family = AF_INET6 };
  int fd = socket (AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6), hops = 255;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  inet_pton (AF_INET6, "ff02::1", &all_nodes.sin6_addr);
  all_nodes.sin6_scope_id = if_nametoindex ("eth0");
  if (setsockopt (fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) != 0)
    _exit (1);
  for (guint i = 0;; i++)
    {
      advert.nd_ra_router_lifetime = htons (i % 2 == 0 ? 1800 : 0);
      (void) sendto (fd, &advert, sizeof advert, 0, (const struct sockaddr *) &all_nodes, sizeof all_nodes);
    }
}

static pid_t
start_storm (void)
{
  g_autoptr (GError) error = NULL;
  pid_t pid = fork ();
  int back;

  if (pid > 0)
    return pid;
  if (!adit_lab_switch ("lan", &back, &error))
    _exit (1);
  storm ();
  _exit (0);
}

/* proc(5): user and system time, the 14th and 15th field; the second is a name in brackets without blanks. */
static gint64
read_helper_ms (void)
{
  g_autofree char *text = NULL;
  const char *const argv[] = { "pgrep", "-x", "aditd", NULL };
  g_autoptr (AditLabResult) pid = adit_lab_run (NULL, 0, LIMIT_MS, argv, NULL);
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", atoi (pid->out));
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (text, " ", 16);
  return (g_ascii_strtoll (fields[13], NULL, 10) + g_ascii_strtoll (fields[14], NULL, 10)) * 1000 / sysconf (_SC_CLK_TCK);
}

static void
test_advertisements (void)
{
  const char *const monitor[] = { "sh", "-c", "timeout 1 ip -6 monitor route | wc -l", NULL };
  g_autoptr (AditLabResult) heard = NULL;
  gint64 before_ms, used_ms;
  pid_t pid;

  adit_world_expect (world, 0, NULL, "settings set lan subnet", 0);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  pid = start_storm ();
  heard = adit_lab_run ("client", 0, LIMIT_MS, monitor, NULL);
  g_assert_cmpint (atoi (heard->out), >, 1000);    /* in a second */
  before_ms = read_helper_ms ();
  g_usleep (STORM_MS * 1000);
  used_ms = read_helper_ms () - before_ms;
  g_test_message ("%d changes of routes in a second; of %d ms the helper used %" G_GINT64_FORMAT, atoi (heard->out), STORM_MS,
                  used_ms);
  g_assert_cmpint (used_ms, <, STORM_MS / 2);
  adit_world_expect (world, 0, NULL, "settings set lan off", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_test_add_func ("/storm/advertisements", test_advertisements);
  return adit_world_end_test (world);
}
