/* SPDX-License-Identifier: GPL-2.0-or-later */
/* without-nftables.c: runs a program, and whatever that starts, as on a kernel that was built without nfnetlink, which nftables
 * needs: socket() says that it does not know the protocol.  usage: without-nftables PROGRAM [ARGUMENT]... */
#include <errno.h>
#include <linux/netlink.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int problem;

  if (argc < 2 || filter == NULL)
    return 2;
  /* What root starts keeps its rights. */
  problem = seccomp_attr_set (filter, SCMP_FLTATR_CTL_NNP, 0);
  if (problem == 0)
    problem = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPROTONOSUPPORT), SCMP_SYS (socket), 2,
                                SCMP_A0_32 (SCMP_CMP_EQ, AF_NETLINK, 0), SCMP_A2_32 (SCMP_CMP_EQ, NETLINK_NETFILTER, 0));
  if (problem == 0)
    problem = seccomp_load (filter);
  seccomp_release (filter);
  if (problem != 0)
    {
      fprintf (stderr, "without-nftables: %s\n", strerror (-problem));
      return 2;
    }
  execvp (argv[1], argv + 1);
  fprintf (stderr, "without-nftables: %s: %s\n", argv[1], strerror (errno));
  return 127;
}
