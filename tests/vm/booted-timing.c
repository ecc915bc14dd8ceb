/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-timing.c: how long it takes to be connected, beside what a person would use instead: same machine, same relay. */
#include "config.h"
#include "tests/vm/booted.h"

#include <stdlib.h>

#define CLOCK         "/run/clock"
#define CONFIGURATION "/etc/wireguard/wgpeer.conf"
#define IMPORTED      "/etc/wireguard/wgmanager.conf"    /* the same with a device of its own */
#define ADDRESSES     "10.64.77.2/32,fc00:bbbb:bbbb:bb01::4d02/128"    /* beside those that the simulated service gives away */
#define N_TIMES       3

/* Until the program says that it is done, and until the first page has come; by the machine's own clock. */
static const char clock_program[] =
  "began=${EPOCHREALTIME/./}\n"
  "\"$@\" >/run/clock.said 2>&1 || { cat /run/clock.said >&2; exit 1; }\n"
  "done=${EPOCHREALTIME/./}\n"
  "ask='exec 3<>/dev/tcp/" ADIT_LAB_WEB_ADDRESS "/80 && printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3 && tail -n 1 <&3'\n"
  "for i in {1..5}; do\n"
  "  seen=$(timeout 10 bash -c \"$ask\")\n"
  "  [ \"$seen\" != " ADIT_LAB_EXIT_ADDRESS " ] || break\n"
  "done\n"
  "echo $((done - began)) $((${EPOCHREALTIME/./} - began)) $seen\n";

static const struct { const char *name, *up, *down; } ways[] = {
  { "adit connect --wait", "adit connect se-got --wait --timeout 180", "adit disconnect" },
  { "wg-quick up", "wg-quick up wgpeer", "wg-quick down wgpeer" },
  { "nmcli connection up", "nmcli connection up wgmanager", "nmcli connection down wgmanager" },
};

static int
compare (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
measure (const char *name, const char *up, const char *down)
{
  double done_ms[N_TIMES], web_ms[N_TIMES];

  for (guint i = 0; i < N_TIMES; i++)
    {
      g_autofree char *said = adit_machine_expect (booted.machine, 0, "bash " CLOCK " %s", up);
      g_auto (GStrv) words = g_strsplit (g_strstrip (said), " ", -1);

      g_assert_cmpuint (g_strv_length (words), ==, 3);
      g_assert_cmpstr (words[2], ==, ADIT_LAB_EXIT_ADDRESS);
      done_ms[i] = g_ascii_strtod (words[0], NULL) / 1000;
      web_ms[i] = g_ascii_strtod (words[1], NULL) / 1000;
      booted_do (down);
    }
  qsort (done_ms, N_TIMES, sizeof done_ms[0], compare);
  qsort (web_ms, N_TIMES, sizeof web_ms[0], compare);
  g_test_message ("%s: done after %.0f ms, the first page after %.0f ms (medians of %d)", name, done_ms[N_TIMES / 2],
                  web_ms[N_TIMES / 2], N_TIMES);
}

static void
prepare (void)
{
  g_autofree char *key = adit_machine_expect (booted.machine, 0, "wg genkey"), *exit_key = adit_lab_get_exit_key ();
  g_autofree char *public_key = adit_machine_expect (booted.machine, 0, "sh -c 'echo %s | wg pubkey'", g_strstrip (key));
  g_autofree char *configuration = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = " ADDRESSES "\n"
                                                    "DNS = " ADIT_LAB_GATEWAY "\n[Peer]\nPublicKey = %s\n"
                                                    "AllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = " ADIT_LAB_EXIT_ADDRESS ":%d\n",
                                                    key, exit_key, ADIT_LAB_EXIT_PORT);
  g_autoptr (GError) error = NULL;

  adit_lab_add_exit_peer (g_strstrip (public_key), ADDRESSES, &error);
  g_assert_no_error (error);
  adit_machine_write (booted.machine, CLOCK, clock_program);
  adit_machine_write (booted.machine, CONFIGURATION, configuration);
  booted_do ("chmod 600 " CONFIGURATION);
  booted_do ("cp -p " CONFIGURATION " " IMPORTED);
  booted_do ("nmcli connection import type wireguard file " IMPORTED);
  booted_do ("nmcli connection modify wgmanager connection.autoconnect no");
  booted_do ("sh -c 'nmcli connection down wgmanager || :'");    /* it may be up by itself */
}

/* A measurement: nothing is demanded of it but that each of them gets there. */
static void
test_timing (void)
{
  booted_do ("adit disconnect");
  booted_enter ("timing", NULL);    /* two of the three lock nothing */
  prepare ();
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    measure (ways[i].name, ways[i].up, ways[i].down);
  booted_do ("nmcli connection delete wgmanager");
  booted_do ("rm " CONFIGURATION " " IMPORTED " " CLOCK);
  booted_do ("adit connect se-got --wait --timeout 180");
  booted_enter ("connected again", booted_holes);
  booted_expect_back ("connected again");
}

void
booted_add_timing (void)
{
  g_test_add_func ("/booted/timing", test_timing);
}
