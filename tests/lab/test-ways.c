/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ways.c: the ways in which a server of OpenVPN can be set up, each from its file to traffic through it: the real command
 * line, helper, workers, openvpn and server. */
#include "config.h"

#include <string.h>
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/world.h"

#define FOLDER     "/run/lab/files"
#define DRAWS      20    /* all alike is as likely as one in half a million */
#define PASSPHRASE "only for the key"
#define LOGIN      "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n"

typedef struct
{
  const char       *name;
  AditLabOvpnServer server;
  const char       *lines;      /* of the client's file besides */
  int               status;     /* what a connection ends with */
  const char       *says;       /* (nullable): the status then has it */
} Way;

static const Way ways[] = {
  { "tls-auth", { .wrap = ADIT_LAB_OVPN_TLS_AUTH, .proof = ADIT_LAB_OVPN_BY_BOTH }, LOGIN },
  { "tls-crypt-v2", { .wrap = ADIT_LAB_OVPN_TLS_CRYPT_V2 }, LOGIN },
  { "tls-crypt-v2-tcp", { .transport = ADIT_LAB_OVPN_TCP, .wrap = ADIT_LAB_OVPN_TLS_CRYPT_V2, .port = 8443 }, LOGIN },
  { "plain", { .wrap = ADIT_LAB_OVPN_PLAIN_TLS, .proof = ADIT_LAB_OVPN_BY_CERTIFICATE, .port = 5060 }, "" },
  { "certificate-tcp", { .transport = ADIT_LAB_OVPN_TCP, .proof = ADIT_LAB_OVPN_BY_CERTIFICATE }, "" },
  { "chacha", { .lines = "data-ciphers CHACHA20-POLY1305\n" }, LOGIN },
  { "no-cipher", { .lines = "data-ciphers AES-128-GCM\n" }, LOGIN, 10, "no cipher that is allowed" },
  { "receives-compressed", { .lines = ADIT_LAB_OVPN_COMPRESSES }, LOGIN "allow-compression asym\n" },
  { "mtu", { .lines = "tun-mtu 1400\n" }, LOGIN "tun-mtu 1400\nmssfix 1300\n" },
  { "random", { .transport = ADIT_LAB_OVPN_TCP, .port = 8444 },
    LOGIN "remote-random\nremote " ADIT_LAB_OVPN_ADDRESS " 1 tcp\nremote " ADIT_LAB_OVPN_ADDRESS " 2 tcp\n" },
  { "ipv6", { .port = 1198 }, LOGIN "remote " ADIT_LAB_OVPN_ADDRESS6 " 1198 udp6\n" },
};

static AditWorld *world;

static AditLabOvpn *
start (const AditLabOvpnServer *server)
{
  g_autoptr (GError) error = NULL;
  AditLabOvpn *ovpn = adit_lab_ovpn_new (server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);

  g_assert_no_error (error);
  return ovpn;
}

static void
run (int status, const char *format, const char *name)
{
  /* Only here: each is written above. */
  g_autoptr (GString) line = g_string_new (format);

  g_string_replace (line, "NAME", name, 0);
  adit_world_expect (world, 0, NULL, line->str, status);
}

static void
expect_through (const char *name)
{
  g_autofree char *seen = NULL;

  run (0, "connect --profile NAME --wait", name);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  seen = adit_world_ask_web (world, TRUE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_OVPN_ADDRESS6);
}

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", way->name);
  AditLabOvpn *server = start (&way->server);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &way->server, way->lines, &error);
  g_assert_no_error (error);
  run (0, "import " FOLDER "/NAME.ovpn", way->name);
  if (way->status != 0)
    {
      g_autoptr (AditLabResult) status = NULL;

      run (way->status, "connect --profile NAME --wait --timeout 60", way->name);
      status = adit_world_adit (world, 0, NULL, "status --json");
      g_assert_nonnull (strstr (status->out, "\"lock\":\"all\""));
      g_assert_nonnull (strstr (status->out, way->says));
    }
  else
    expect_through (way->name);
  if (strcmp (way->name, "mtu") == 0)
    {
      const char *const argv[] = { "ip", "link", "show", "adit0", NULL };
      g_autoptr (AditLabResult) link = adit_world_run (world, 0, argv);

      g_assert_nonnull (strstr (link->out, "mtu 1400"));
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  run (0, "profiles remove NAME", way->name);
  adit_lab_ovpn_free (server);
}

/* Both answer; which one comes first is drawn anew for each connection. */
static void
test_drawn (void)
{
  static const AditLabOvpnServer first = { 0 }, second = { .transport = ADIT_LAB_OVPN_TCP, .port = 8444 };
  AditLabOvpn *running[] = { start (&first), start (&second) };
  g_autoptr (GError) error = NULL;
  guint n_first = 0;

  adit_lab_ovpn_write_client (FOLDER "/drawn.ovpn", &first, LOGIN "remote-random\nremote " ADIT_LAB_OVPN_ADDRESS " 8444 tcp\n",
                              &error);
  g_assert_no_error (error);
  run (0, "import " FOLDER "/NAME.ovpn", "drawn");
  for (guint i = 0; i < DRAWS; i++)
    {
      g_autoptr (AditLabResult) status = NULL;

      run (0, "connect --profile NAME --wait", "drawn");
      status = adit_world_adit (world, 0, NULL, "status --json");
      n_first += strstr (status->out, "openvpn-udp") != NULL ? 1 : 0;
      adit_world_expect (world, 0, NULL, "disconnect", 0);
    }
  g_test_message ("the first of two: %u of %d times", n_first, DRAWS);
  g_assert_cmpuint (n_first, >, 0);
  g_assert_cmpuint (n_first, <, DRAWS);
  for (gsize i = 0; i < G_N_ELEMENTS (running); i++)
    adit_lab_ovpn_free (running[i]);
}

/* As pfSense and others hand them out: the file names others that lie beside it, and the key has a passphrase. */
static void
test_separate_files (void)
{
  static const AditLabOvpnServer server = { .proof = ADIT_LAB_OVPN_BY_CERTIFICATE, .wrap = ADIT_LAB_OVPN_TLS_AUTH };
  static const char text[] = "client\r\ndev tun\r\nproto udp\r\nremote " ADIT_LAB_OVPN_ADDRESS " 1194\r\n"
    "remote-cert-tls server\r\nca ca.pem\r\ncert client.pem\r\nkey locked.key\r\ntls-auth tls-auth.key 1\r\n";
  static const char *const copies[] = { "ca.pem", "client.pem", "tls-auth.key" };
  AditLabOvpn *running = start (&server);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      g_autofree char *line = g_strdup_printf ("cp " ADIT_LAB_OVPN_DIRECTORY "/%s " FOLDER "/%s", copies[i], copies[i]);

      g_assert_true (adit_lab_run_line (NULL, line, &error));
    }
  g_assert_true (adit_lab_run_line (NULL, "openssl pkey -aes256 -passout 'pass:" PASSPHRASE "' -in " ADIT_LAB_OVPN_DIRECTORY
                                    "/client.key -out " FOLDER "/locked.key", &error));
  g_assert_true (g_file_set_contents (FOLDER "/apart.ovpn", text, -1, &error));
  run (0, "import " FOLDER "/NAME.ovpn", "apart");
  run (6, "connect --profile NAME --wait", "apart");
  adit_world_expect (world, 0, "\n\nwrong\n", "profiles login apart", 0);
  run (6, "connect --profile NAME --wait", "apart");
  adit_world_expect (world, 0, "\n\n" PASSPHRASE "\n", "profiles login apart", 0);
  expect_through ("apart");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_lab_ovpn_free (running);
}

/* The file has the name, the person the password. */
static void
test_half_login (void)
{
  static const AditLabOvpnServer server = { 0 };
  AditLabOvpn *running = start (&server);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (FOLDER "/half.ovpn", &server, "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n</auth-user-pass>\n",
                              &error);
  g_assert_no_error (error);
  run (0, "import " FOLDER "/NAME.ovpn", "half");
  run (6, "connect --profile NAME --wait", "half");
  adit_world_expect (world, 0, "\n" ADIT_LAB_OVPN_PASSWORD "\n", "profiles login half", 0);
  expect_through ("half");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_lab_ovpn_free (running);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  adit_world_expect_helper (world);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *name = g_strconcat ("/ways/", ways[i].name, NULL);

      g_test_add_data_func (name, &ways[i], test_way);
    }
  g_test_add_func ("/ways/drawn", test_drawn);
  g_test_add_func ("/ways/separate-files", test_separate_files);
  g_test_add_func ("/ways/half-login", test_half_login);
  return adit_world_end_test (world);
}
