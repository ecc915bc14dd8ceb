/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-quick.c: wireguard-tools' own script in the lab's computer, with wireguard-go, and openresolv for its DNS line. */
#include "tests/bench/wg-quick.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/lab.h"

#define CONFIGURATION "/etc/wireguard/wgpeer.conf"
#define PATH          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define ADDRESSES     "10.64.77.2/32,fc00:bbbb:bbbb:bb01::4d02/128"    /* beside those that the simulated service gives away */

/* As a DHCP client does it, so that there is something to go back to. */
#define UPLINK_FILE   "/run/wgpeer-uplink"
#define UPLINK_RECORD "nameserver " ADIT_LAB_DNS_ADDRESS "\n"

static const char *
get_openresolv (void)
{
  const char *folder = g_getenv ("ADIT_BENCH_OPENRESOLV");

  if (folder == NULL)
    g_error ("ADIT_BENCH_OPENRESOLV has to name a folder; run this through meson test --benchmark");
  return folder;
}

/**
 * wg_quick_fetch:
 *
 * Unpacks openresolv into the build folder, unless that was done before.  It is not installed, because it would rule the real
 * computer's /etc/resolv.conf.  Call it before the lab is entered, which has no way to the package mirror.
 *
 * Returns: whether the peer can run; if not, why was said
 */
gboolean
wg_quick_fetch (void)
{
  const char *const argv[] = { g_getenv ("ADIT_BENCH_FETCH"), get_openresolv (), NULL };
  g_autofree char *script = g_find_program_in_path ("wg-quick"), *go = g_find_program_in_path ("wireguard-go");
  g_autoptr (GError) error = NULL;
  int status = -1;

  if (script == NULL || go == NULL)
    g_printerr ("SKIP: wg-quick and wireguard-go are needed to compare with\n");
  else if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error) || status != 0)
    g_printerr ("SKIP: openresolv could not be unpacked: %s\n", error != NULL ? error->message : "see above");
  return script != NULL && go != NULL && status == 0;
}

/**
 * wg_quick_ask_wg:
 * @word: a command of wg(8)
 * @input: what it reads
 *
 * Returns: (transfer full): what it says, without blanks around
 */
char *
wg_quick_ask_wg (const char *word, const char *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                      "wg", word, NULL);
  char *output = NULL;

  if (process == NULL || !g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error) ||
      !g_subprocess_get_successful (process))
    g_error ("wg %s: %s", word, error != NULL ? error->message : "failed");
  return g_strstrip (output);
}

static void
write_file (const char *path, const char *content, mode_t mode)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0755) != 0 || !g_file_set_contents (path, content, -1, &error) || chmod (path, mode) != 0)
    g_error ("%s: %s", path, error != NULL ? error->message : g_strerror (errno));
}

/* The script names the folder of its parts; it is ours here.  Nothing else of it is changed. */
static void
install_openresolv (void)
{
  g_autofree char *source = g_build_filename (get_openresolv (), "sbin/resolvconf", NULL), *text = NULL;
  g_autofree char *parts = g_strdup_printf ("\nLIBEXECDIR=%s/lib/resolvconf\n", get_openresolv ());
  g_autofree char *settings = g_build_filename (get_openresolv (), "etc/resolvconf.conf", NULL), *settings_text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) script = NULL;

  if (!g_file_get_contents (source, &text, NULL, &error) || !g_file_get_contents (settings, &settings_text, NULL, &error))
    g_error ("%s", error->message);
  script = g_string_new (text);
  g_assert_cmpuint (g_string_replace (script, "\nLIBEXECDIR=/lib/resolvconf\n", parts, 1), ==, 1);
  write_file ("/usr/local/sbin/resolvconf", script->str, 0755);
  write_file ("/etc/resolvconf.conf", settings_text, 0644);
  write_file (UPLINK_FILE, UPLINK_RECORD, 0644);
}

/**
 * wg_quick_set_up:
 *
 * Gives the lab's exit one more peer and the lab's computer a configuration for it.  After adit_world_new().
 */
void
wg_quick_set_up (void)
{
  g_autofree char *key = wg_quick_ask_wg ("genkey", ""), *public_key = wg_quick_ask_wg ("pubkey", key);
  g_autofree char *exit_key = adit_lab_get_exit_key ();
  g_autofree char *configuration = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = " ADDRESSES "\n"
                                                    "DNS = " ADIT_LAB_GATEWAY "\n"
                                                    "[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0, ::/0\n"
                                                    "Endpoint = " ADIT_LAB_EXIT_ADDRESS ":%d\n", key, exit_key,
                                                    ADIT_LAB_EXIT_PORT);
  g_autoptr (GError) error = NULL;

  g_setenv ("PATH", PATH, TRUE);
  install_openresolv ();
  write_file (CONFIGURATION, configuration, 0600);
  if (!adit_lab_add_exit_peer (public_key, ADDRESSES, &error) ||
      !adit_lab_run_line ("client", "sh -c 'resolvconf -a eth0 < " UPLINK_FILE "'", &error))
    g_error ("%s", error->message);
}
