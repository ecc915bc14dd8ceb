/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-services.c: whoever gets a key registered at a simulated service reaches the web by the exit, as its list says. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/dns-ask.h"
#include "tests/lab/lab.h"
#include "tests/simulator/known.h"

#define DEVICE   "wgtest"
#define SOCKET   "/run/wireguard/" DEVICE ".sock"
#define KEY_FILE "/run/client.key"
#define WEB      "http://" ADIT_LAB_WEB_ADDRESS "/"
#define ID       "0b4bb7a3-6a2c-4e0f-9d0e-6f6a3c1d2e4f"
#define MYST     "https://" ADIT_LAB_MYSTERIUM_ADDRESS

static FILE *said;    /* the simulator's standard output */

static char *
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, &error);

  g_assert_no_error (error);
  if (result->status != 0)
    g_error ("%s: %d %s", argv[0], result->status, result->err);
  return g_strdup (g_strstrip (result->out));
}

static void
must_run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  adit_lab_run_line (space, line, &error);
  g_assert_no_error (error);
}

/* What the service at @url says to @body; a form or JSON, or NULL for GET. */
static char *
ask (const char *url, const char *token, const char *body)
{
  g_autofree char *bearer = g_strconcat ("Authorization: Bearer ", token, NULL);
  const char *const get[] = { "curl", "-sk", "--max-time", "5", "-H", bearer, url, NULL };
  const char *const post[] = { "curl", "-sk", "--max-time", "5", "-H", bearer, "--data-binary", body, url, NULL };

  return run (body != NULL ? post : get);
}

static char *
find_member (const char *text, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":\"", name);
  const char *found = strstr (text, start);

  if (found == NULL)
    g_error ("no %s in %s", name, text);
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\""));
}

static char *
register_ivpn (const char *key)
{
  g_autofree char *body = g_strdup_printf ("{\"username\":\"" KNOWN_IVPN_ACCOUNT "\",\"force\":false,"
                                           "\"wg_public_key\":\"%s\"}", key);
  g_autofree char *answer = ask ("https://" ADIT_LAB_IVPN_ADDRESS "/v4/session/new", "", body);

  return find_member (answer, "ip_address");
}

static char *
register_ovpn (const char *key)
{
  g_autofree char *quoted = g_uri_escape_string (key, NULL, FALSE);
  g_autofree char *body = g_strdup_printf ("username=" KNOWN_OVPN_USER "&password=battery+staple&new_key=%s", quoted);
  g_autofree char *answer = ask ("https://" ADIT_LAB_OVPNCOM_ADDRESS "/v4/api/keys", "", body);

  return find_member (answer, "ipv4");
}

static char *
register_mysterium (const char *key)
{
  g_autofree char *body = g_strdup_printf ("{\"public_key\":\"%s\",\"country\":\"SE\",\"os_type\":\"linux\"}", key);
  g_autofree char *asked = ask (MYST "/api/v1/auth/activation", "", "{\"id\":\"" ID "\"}");
  g_autofree char *page = ask (MYST "/oauth/authorize?response_type=activation_none&client_id=cli&request_id=" ID, "", NULL);
  g_autofree char *tokens = ask (MYST "/api/v1/auth/activation/" ID, "", NULL), *token = find_member (tokens, "access_token");
  g_autofree char *answer = ask (MYST "/api/v1/connection/connect", token, body), *config = find_member (answer, "wg_config");
  const char *address = strstr (config, "Address = ");

  g_assert_nonnull (address);
  address += strlen ("Address = ");
  return g_strndup (address, strcspn (address, "/"));
}

static const struct
{
  const char *name, *address, *gateway;
  guint16     ports[3];    /* as many as it has: the usual one, and for who goes in at one place and out at another */
  char     *(*add) (const char *key);
  const char *who, *yes;    /* where it says whether one is protected */
  const char *host;         /* of its API */
} services[] = {
  { "ivpn", ADIT_LAB_IVPN_ADDRESS, ADIT_LAB_IVPN_GATEWAY, { 2049, 51820, 21000 }, register_ivpn,
    "https://" ADIT_LAB_IVPN_ADDRESS "/v4/geo-lookup", "\"isIvpnServer\":true", "api.ivpn.net" },
  { "ovpn", ADIT_LAB_OVPNCOM_ADDRESS, ADIT_LAB_OVPNCOM_RESOLVER, { 9929, 30010 }, register_ovpn,
    "https://" ADIT_LAB_OVPNCOM_ADDRESS "/v2/api/client/ptr", "\"success\":true", "www.ovpn.com" },
  { "mysterium", ADIT_LAB_MYSTERIUM_ADDRESS, ADIT_LAB_GATEWAY, { 51820 }, register_mysterium, NULL, NULL,
    "api.mysteriumvpn.com" },
};

static void
start_simulator (const char *name, const char *address)
{
  g_autofree char *key = adit_lab_get_exit_key ();
  const char *const argv[] = { g_getenv ("ADIT_SIMULATOR"), "--service", name, "--address", address, "443", "/run/cert.pem",
                               "/run/cert.key", "/run/control", key, NULL };
  g_autoptr (GError) error = NULL;
  int fd;

  adit_lab_spawn_logged ("api", 0, argv, "/run/simulator.log", &fd, &error);
  g_assert_no_error (error);
  said = fdopen (fd, "r");
  g_usleep (300000);    /* until it listens */
}

/* A device with a key of its own; its process. */
static GPid
start_device (char **key)
{
  const char *const go[] = { "wireguard-go", "--foreground", DEVICE, NULL }, *const genkey[] = { "wg", "genkey", NULL };
  const char *const show[] = { "wg", "show", DEVICE, "public-key", NULL };
  g_autofree char *private_key = run (genkey);
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_assert_true (g_file_set_contents (KEY_FILE, private_key, -1, NULL));
  (void) unlink (SOCKET);    /* of one that was killed */
  pid = adit_lab_spawn_logged ("client", 0, go, "/run/wireguard.log", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 500 && access (SOCKET, F_OK) != 0; i++)
    g_usleep (10000);
  must_run ("client", "wg set " DEVICE " fwmark 7 private-key " KEY_FILE);
  *key = run (show);
  return pid;
}

/* The exit learns what the service says; returns the first address, with prefix. */
static char *
tell_exit (const char *key)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL, addresses = NULL;
  char line[256];

  g_assert_nonnull (fgets (line, sizeof line, said));
  words = g_strsplit (g_strchomp (line), " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 4);
  g_assert_cmpstr (words[1], ==, "add");
  g_assert_cmpstr (words[2], ==, key);
  adit_lab_add_exit_peer (words[2], words[3], &error);
  g_assert_no_error (error);
  addresses = g_strsplit (words[3], ",", -1);
  return g_strdup (addresses[0]);
}

static void
connect_to (guint16 port)
{
  g_autofree char *exit_key = adit_lab_get_exit_key ();
  g_autofree char *line = g_strdup_printf ("wg set " DEVICE " peer %s endpoint " ADIT_LAB_EXIT_ADDRESS ":%u"
                                           " allowed-ips 0.0.0.0/0", exit_key, port);
  g_autofree char *gone = g_strdup_printf ("wg set " DEVICE " peer %s remove", exit_key);

  must_run ("client", gone);
  must_run ("client", line);
}

static void
test_service (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const char *const web[] = { "curl", "-s", "--max-time", "5", WEB, NULL };
  g_autofree char *key = NULL, *address = NULL, *told = NULL, *wanted = NULL, *line = NULL, *ping = NULL;
  g_autofree char *found = adit_lab_ask_for (ADIT_LAB_DNS_ADDRESS, services[i].host);
  GPid pid;

  g_assert_cmpstr (found, ==, services[i].address);
  start_simulator (services[i].name, services[i].address);
  pid = start_device (&key);
  address = services[i].add (key);
  told = tell_exit (key);
  wanted = g_strconcat (address, "/32", NULL);
  g_assert_cmpstr (told, ==, wanted);    /* the exit and the customer hear the same */
  line = g_strdup_printf ("ip -n client addr add %s dev " DEVICE, told);
  must_run (NULL, line);
  must_run (NULL, "ip -n client link set " DEVICE " up mtu 1320");
  must_run (NULL, "ip -n client route add default dev " DEVICE " table 77");
  /* The exit may answer a first handshake only when it is tried again, after five seconds (WireGuard's Rekey-Timeout). */
  ping = g_strdup_printf ("ping -c 1 -w 9 %s", services[i].gateway);
  for (guint j = 0; j < G_N_ELEMENTS (services[i].ports) && services[i].ports[j] != 0; j++)
    {
      g_autofree char *seen = NULL, *asked = NULL;

      connect_to (services[i].ports[j]);
      must_run ("client", ping);
      seen = run (web);
      asked = adit_lab_ask_for_web (services[i].gateway);
      g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
      g_assert_cmpstr (asked, ==, ADIT_LAB_WEB_ADDRESS);
    }
  if (services[i].who != NULL)
    {
      g_autofree char *answer = ask (services[i].who, "", NULL);

      g_assert_nonnull (strstr (answer, services[i].yes));
    }
  adit_lab_end (pid);
  fclose (said);
}

int
main (int argc, char **argv)
{
  const char *const web[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  const char *const everywhere[] = { g_getenv ("ADIT_SIMULATOR"), "443", "/run/cert.pem", "/run/cert.key", "/run/control", "key",
                                     NULL };
  g_autoptr (GError) error = NULL;

  adit_lab_enter ();
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (web[0]);
  adit_lab_make_internet (&error);
  g_assert_no_error (error);
  adit_lab_start_exit (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  adit_lab_add_services (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  adit_lab_spawn ("web", 0, web, &error);
  g_assert_no_error (error);
  must_run (NULL, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /run/cert.key -out /run/cert.pem"
                  " -days 2 -subj /CN=lab");
  must_run (NULL, "ip -n client rule add not fwmark 7 table 77");
  /* Mullvad's, which listens at all addresses, does not stand in the way of the others. */
  adit_lab_spawn_logged ("api", 0, everywhere, "/run/simulator.log", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree char *path = g_strconcat ("/services/", services[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_service);
    }
  return g_test_run ();
}
