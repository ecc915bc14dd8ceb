/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-demo-exit.c: what can be asked of the demo, and that all else is refused with a sentence. */
#include "tests/lab/demo-exit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/lab/demo-keys.h"

static const struct { const char *service, *tunnel, *config, *found; } rows[] = {
  { NULL, NULL, NULL, "wireguard" },
  { "mullvad", "wireguard", NULL, "wireguard" },
  { "file", NULL, NULL, "openvpn-udp" },
  { "file", "openvpn", NULL, "openvpn-udp" },
  { "file", "openvpn-udp", NULL, "openvpn-udp" },
  { "file", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "file", "openvpn-tcp", "/etc/passwd", "openvpn-tcp" },
  { "file", NULL, "/etc/passwd", "openvpn-udp" },
  { "file", "wireguard", NULL, NULL },
  { "mullvad", "openvpn", NULL, NULL },
  { NULL, "openvpn-tcp", NULL, NULL },
  { "ivpn", NULL, NULL, "wireguard" },
  { "ivpn", "wireguard", NULL, "wireguard" },
  { "ivpn", "openvpn", NULL, "openvpn-udp" },
  { "ivpn", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "ovpn", "openvpn-udp", NULL, "openvpn-udp" },
  { "ovpn", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "ovpn", NULL, NULL, "wireguard" },
  { "ovpn", "wireguard", NULL, "wireguard" },
  { "mysterium", NULL, NULL, "wireguard" },
  { "mysterium", "wireguard", NULL, "wireguard" },
  { "mysterium", "openvpn", NULL, NULL },
  { "ivpn", NULL, "/etc/passwd", NULL },
  { "nobody", NULL, NULL, NULL },
  { "file", "ipsec", NULL, NULL },
  { "", "", NULL, NULL },
  { "mullvad", NULL, "/etc/passwd", NULL },
  { "file", NULL, "/nothing/here.ovpn", NULL },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *why = NULL;
      const DemoExit *found = demo_exit_find (rows[i].service, rows[i].tunnel, rows[i].config, &why);

      g_assert_cmpstr (found != NULL ? found->tunnel : NULL, ==, rows[i].found);
      g_assert_true ((why == NULL) == (found != NULL));
    }
}

/* Each service is another one: a way in of its own, and a place that can be shown. */
static void
test_services (void)
{
  static const char *const services[] = { "mullvad", "ivpn", "ovpn", "mysterium" };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree char *why = NULL;
      const DemoExit *found = demo_exit_find (services[i], NULL, NULL, &why);

      g_assert_cmpstr (found->service, ==, services[i]);
      g_assert_true (demo_exit_is_usual (found) == (i == 0));
      g_assert_false (demo_exit_is_file (found));
      g_assert_true (found->place != NULL && found->city != NULL && found->signed_in_with != NULL);
      for (gsize j = 0; j < i; j++)
        g_assert_cmpstr (found->blocked[0], !=, demo_exit_find (services[j], NULL, NULL, &why)->blocked[0]);
    }
}

static void
expect_remotes (const char *configuration, gboolean connecting, const char *expected)
{
  g_auto (GStrv) found = demo_exit_dup_remotes (configuration, connecting);
  g_autofree char *all = g_strjoinv (" ", found);

  g_assert_cmpstr (all, ==, expected);
}

/* What an exported file says of servers and proxies, as the watcher writes it; a name is asked for before there is a tunnel. */
static void
test_remotes (void)
{
  const char *addresses = "client\nremote 192.0.2.1 1194 udp\nremote 2001:DB8:0::1 1195 udp6\nhttp-proxy 192.0.2.9 3128\n"
                          "remote-cert-tls server\n";
  const char *named = "remote Alias.example 443 tcp\nremote four.example 1194 udp\nremote nobody.example 1194 udp\n";

  expect_remotes (addresses, FALSE, "udp:192.0.2.1:1194 udp:2001:db8::1:1195 tcp:192.0.2.9:3128");
  expect_remotes (addresses, TRUE, "udp:192.0.2.1:1194 udp:2001:db8::1:1195 tcp:192.0.2.9:3128");
  expect_remotes (named, FALSE, "tcp:" ADIT_LAB_OVPN_ADDRESS ":443 tcp:" ADIT_LAB_OVPN_ADDRESS6 ":443 udp:"
                  ADIT_LAB_EXIT_ADDRESS ":1194");
  expect_remotes (named, TRUE, "tcp:" ADIT_LAB_OVPN_ADDRESS ":443 tcp:" ADIT_LAB_OVPN_ADDRESS6 ":443 udp:"
                  ADIT_LAB_EXIT_ADDRESS ":1194 tcp:" ADIT_LAB_DOH_ADDRESS ":443");
  expect_remotes ("", TRUE, "");
  g_assert_true (demo_exit_is_of_openvpn (addresses) && demo_exit_is_of_openvpn (named));
  g_assert_false (demo_exit_is_of_openvpn ("[Interface]\n[Peer]\nEndpoint = 192.0.2.1:51820\n"));
}

/* What the computer lacks is not the file's fault. */
static void
test_blame (void)
{
  for (int status = 0; status < 256; status++)
    g_assert_true (demo_exit_blames_file (status) == (status == 6 || status == 10 || status == 12));
}

static void
expect_folder (const char *folder, const char *why)
{
  g_autofree char *said = NULL;

  g_assert_true (demo_keys_check (folder, &said) == (why == NULL));
  g_test_message ("%s", said != NULL ? said : "fit");
  g_assert_true (why == NULL ? said == NULL : strstr (said, why) != NULL);
}

/* Nobody else may have a hand in the folder of the keys, nor in the keys; and what a link leads to is left alone. */
static void
test_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_dir_make_tmp ("adit-keys-XXXXXX", &error), *folder = g_build_filename (base, "folder", NULL);
  g_autofree char *keys = g_build_filename (folder, "keys", NULL), *file = g_build_filename (folder, "demo.ovpn", NULL);
  g_autofree char *from = g_build_filename (base, "from", NULL), *key = g_build_filename (from, "ca.key", NULL);
  g_autofree char *kept_key = g_build_filename (keys, "ca.key", NULL), *victim = g_build_filename (base, "victim", NULL);
  g_autofree char *link = g_build_filename (base, "link", NULL), *text = NULL, *other = NULL;
  const char *const remove[] = { "rm", "-r", "--", base, NULL };
  g_autoptr (GDir) dir = NULL;
  const char *name;

  expect_folder (folder, "There is no folder");
  g_assert_true (g_mkdir (folder, 0755) == 0 && g_mkdir (from, 0700) == 0 && symlink (folder, link) == 0);
  expect_folder (folder, NULL);
  expect_folder (link, "is a link");
  g_assert_true (g_chmod (folder, 0775) == 0);
  expect_folder (folder, "others can write");
  g_assert_true (g_chmod (folder, 0757) == 0);
  expect_folder (folder, "others can write");
  g_assert_true (g_chmod (folder, 0755) == 0 && symlink (from, keys) == 0);
  expect_folder (folder, "/keys\" is a link");
  g_assert_true (g_unlink (keys) == 0 && g_file_set_contents (key, "key", -1, NULL));
  g_assert_true (g_file_set_contents (victim, "old", -1, NULL));
  g_assert_true (symlink (victim, file) == 0);
  g_assert_true (demo_keys_keep (folder, from, key, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (victim, &text, NULL, NULL) && g_file_get_contents (kept_key, &other, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpstr (other, ==, "key");
  g_assert_false (g_file_test (file, G_FILE_TEST_IS_SYMLINK));
  expect_folder (folder, NULL);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "keys") || g_str_equal (name, "demo.ovpn"));    /* nothing unfinished */
  if (getuid () == 0)
    {
      g_assert_true (chown (keys, 65534, 65534) == 0);
      expect_folder (folder, "/keys\"");
      g_assert_true (chown (folder, 65534, 65534) == 0);
      expect_folder (folder, "others can write");
      g_setenv ("SUDO_UID", "65534", TRUE);
      expect_folder (folder, NULL);
      g_unsetenv ("SUDO_UID");
    }
  g_assert_true (g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-exit/rows", test_rows);
  g_test_add_func ("/demo-exit/services", test_services);
  g_test_add_func ("/demo-exit/remotes", test_remotes);
  g_test_add_func ("/demo-exit/blame", test_blame);
  g_test_add_func ("/demo-exit/keys", test_keys);
  return g_test_run ();
}
