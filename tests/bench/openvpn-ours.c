/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-ours.c: the active user of the same computer, who has imported the same files. */
#include "config.h"
#include "tests/bench/openvpn-ours.h"

#include <unistd.h>
#include "tests/bench/desk.h"

#define FOLDER "/run/ours"

/* What its person would have in the file instead of being asked. */
#define LOGIN "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n"

static void
import (AditWorld *world, const char *name, const AditLabOvpnServer *server, const char *lines)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", name), *line = g_strconcat ("import ", path, NULL);
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!adit_lab_ovpn_write_client (path, server, lines, &error))
    g_error ("%s", error->message);
  if (chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID) != 0)
    g_error ("%s cannot be hers", path);
  result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, line);
  if (result->status != 0)
    g_error ("%s: %d: %s", line, result->status, result->err);
}

/**
 * bench_openvpn_ours_set_up:
 * @desk: the computer
 *
 * Starts the helper and imports the files that the peers connect with.
 */
void
bench_openvpn_ours_set_up (BenchOpenvpn *desk)
{
  AditWorld *world = bench_openvpn_world (desk);
  g_autoptr (GError) error = NULL;

  if (!adit_world_start_helper (world, &error) || g_mkdir_with_parents (FOLDER, 0755) != 0)
    g_error ("%s", error != NULL ? error->message : FOLDER);
  import (world, "by-password", &bench_openvpn_by_password, LOGIN);
  import (world, "by-certificate", &bench_openvpn_by_certificate, "");
}

static double
connect_ms (const char *profile)
{
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "connect", "--profile", profile, "--wait", NULL };

  return bench_run_ms (&bench_desk_alice, argv);
}

static double
connect_by_password (BenchOpenvpn *desk)
{
  return connect_ms ("by-password");
}

static double
connect_by_certificate (BenchOpenvpn *desk)
{
  return connect_ms ("by-certificate");
}

static void
disconnect (BenchOpenvpn *desk)
{
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "disconnect", NULL };

  bench_run_ms (&bench_desk_alice, argv);
}

static double
sum_tree (BenchOpenvpn *desk, double (*read) (pid_t pid))
{
  g_autofree char *openvpn = g_find_program_in_path ("openvpn");
  const char *const programs[] = { ADIT_LIBEXECDIR "/aditd", ADIT_LIBEXECDIR "/adit-worker", openvpn, NULL };

  return bench_sum (programs, read);
}

static double
read_pss_mib (BenchOpenvpn *desk)
{
  return sum_tree (desk, bench_read_pss_mib);
}

static double
read_cpu_s (BenchOpenvpn *desk)
{
  return sum_tree (desk, bench_read_cpu_s);
}

const BenchOpenvpnWay bench_openvpn_ours_password = { "ours-password", connect_by_password, disconnect, read_pss_mib,
                                                      read_cpu_s };
const BenchOpenvpnWay bench_openvpn_ours_certificate = { "ours-certificate", connect_by_certificate, disconnect, read_pss_mib,
                                                         read_cpu_s };
