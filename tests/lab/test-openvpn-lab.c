/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-openvpn-lab.c: the lab's servers of openvpn, without Adit: the real client comes through, or is refused, or warned. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/dns-ask.h"
#include "tests/lab/openvpn-evil.h"

#define PROFILE     "/run/client.ovpn"
#define CREDENTIALS "/run/client.user"
#define LOG         "/run/client.log"
#define SCRIPT      "/run/client.up"
#define WEB         "http://" ADIT_LAB_WEB_ADDRESS "/"
#define WEB6        "http://[2001:db8:ff::80]/"
#define PATIENCE_MS 10000
#define END_MS      1000
#define UP          "Initialization Sequence Completed"

static const char *verify;

static char *
read_log (void)
{
  char *text = NULL;

  return g_file_get_contents (LOG, &text, NULL, NULL) ? text : g_strdup ("");
}

/* An address is not used until the kernel has got round to it, and a connection that is made meanwhile keeps the wrong one. */
static void
wait_for_address (void)
{
  const char *const argv[] = { "ip", "-6", "address", "show", "tentative", NULL };

  for (guint i = 0; i < PATIENCE_MS / 10; i++)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, PATIENCE_MS, argv, NULL);

      g_assert_nonnull (result);
      if (result->out[0] == '\0')
        return;
      g_usleep (10000);
    }
  g_error ("an IPv6 address stays tentative");
}

/* The bare client, for as long as it takes to say @words. */
static GPid
start_client (const AditLabOvpnServer *server, const char *user, const char *password, const char *lines, const char *words)
{
  const char *const argv[] = { "openvpn", "--config", PROFILE, NULL };
  g_autofree char *credentials = g_strdup_printf ("%s\n%s\n", user, password), *log = NULL;
  g_autofree char *all_lines = g_strconcat ("auth-user-pass " CREDENTIALS "\n", lines, NULL);
  gint64 end_us = g_get_monotonic_time () + PATIENCE_MS * 1000;
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_assert_true (g_file_set_contents (CREDENTIALS, credentials, -1, NULL));
  adit_lab_ovpn_write_client (PROFILE, server, server->proof != ADIT_LAB_OVPN_BY_CERTIFICATE ? all_lines : lines, &error);
  g_assert_no_error (error);
  (void) unlink (LOG);
  pid = adit_lab_spawn_logged ("client", 0, argv, LOG, NULL, &error);
  g_assert_no_error (error);
  while ((log = read_log ()) == NULL || strstr (log, words) == NULL)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the client did not say \"%s\":\n%s", words, log);
      g_clear_pointer (&log, g_free);
      g_usleep (2000);
    }
  wait_for_address ();
  return pid;
}

/* As SIGTERM ends it, it takes its routes away.  An evil one may not let it end. */
static void
end_client (GPid pid)
{
  kill (pid, SIGTERM);
  for (guint i = 0; i < END_MS; i++)
    {
      if (waitpid (pid, NULL, WNOHANG) == pid)
        return;
      g_usleep (1000);
    }
  adit_lab_end (pid);
}

static char *
ask_web (const char *url, const char *max_s)
{
  const char *const argv[] = { "curl", "-s", "--max-time", max_s, url, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, PATIENCE_MS, argv, NULL);

  g_assert_nonnull (result);
  return g_strdup (g_strstrip (result->out));
}

static void
expect_through (void)
{
  g_autofree char *seen4 = ask_web (WEB, "5"), *seen6 = ask_web (WEB6, "5");
  g_autofree char *asked = adit_lab_ask_for_web (ADIT_LAB_OVPN_RESOLVER);

  g_assert_cmpstr (seen4, ==, ADIT_LAB_OVPN_ADDRESS);
  g_assert_cmpstr (seen6, ==, ADIT_LAB_OVPN_ADDRESS6);
  g_assert_cmpstr (asked, ==, ADIT_LAB_WEB_ADDRESS);
}

static AditLabOvpn *
start_server (const AditLabOvpnServer *server)
{
  g_autoptr (GError) error = NULL;
  AditLabOvpn *ovpn = adit_lab_ovpn_new (server, verify, &error);

  g_assert_no_error (error);
  return ovpn;
}

/* --- Good ones ------------------------------------------------------------------------------------------------------------ */

static void
test_ways (void)
{
  static const AditLabOvpnServer servers[] = {
    { .transport = ADIT_LAB_OVPN_UDP, .wrap = ADIT_LAB_OVPN_TLS_CRYPT },
    { .transport = ADIT_LAB_OVPN_TCP, .wrap = ADIT_LAB_OVPN_TLS_CRYPT },
    { .transport = ADIT_LAB_OVPN_UDP, .wrap = ADIT_LAB_OVPN_TLS_AUTH, .port = 1195, .proof = ADIT_LAB_OVPN_BY_BOTH },
    { .transport = ADIT_LAB_OVPN_TCP, .wrap = ADIT_LAB_OVPN_TLS_CRYPT_V2, .port = 8443 },
    { .transport = ADIT_LAB_OVPN_UDP, .wrap = ADIT_LAB_OVPN_PLAIN_TLS, .port = 5060, .proof = ADIT_LAB_OVPN_BY_CERTIFICATE },
  };
  AditLabOvpn *running[G_N_ELEMENTS (servers)];
  g_autofree char *outside = ask_web (WEB, "5");

  g_assert_cmpstr (outside, ==, ADIT_LAB_ROUTER_ADDRESS);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    running[i] = start_server (&servers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      GPid client = start_client (&servers[i], ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP);
      g_autofree char *log = adit_lab_ovpn_dup_log (running[i]);

      g_assert_nonnull (strstr (log, "Peer Connection Initiated"));    /* and with this one of the five */
      expect_through ();
      end_client (client);
    }
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    adit_lab_ovpn_free (running[i]);
}

static void
test_ipv6 (void)
{
  const AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  GPid client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD,
                              "<connection>\nremote " ADIT_LAB_OVPN_ADDRESS6 " 1194 udp6\n</connection>\n", UP);

  expect_through ();
  end_client (client);
}

static void
test_codes (void)
{
  const AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  g_autofree char *password64 = g_base64_encode ((const guchar *) ADIT_LAB_OVPN_PASSWORD, strlen (ADIT_LAB_OVPN_PASSWORD));
  g_autofree char *code64 = g_base64_encode ((const guchar *) ADIT_LAB_OVPN_CODE, strlen (ADIT_LAB_OVPN_CODE));
  g_autofree char *good = g_strdup_printf ("SCRV1:%s:%s", password64, code64);
  g_autofree char *bad = g_strdup_printf ("SCRV1:%s:%s", password64, password64);
  g_autofree char *user64 = g_base64_encode ((const guchar *) ADIT_LAB_OVPN_DYNAMIC, strlen (ADIT_LAB_OVPN_DYNAMIC));
  g_autofree char *question = g_strdup_printf ("AUTH_FAILED,CRV1:R,E:state77:%s:Enter the code", user64);

  end_client (start_client (&server, ADIT_LAB_OVPN_STATIC, good, NULL, UP));
  end_client (start_client (&server, ADIT_LAB_OVPN_STATIC, bad, NULL, "AUTH_FAILED"));
  end_client (start_client (&server, ADIT_LAB_OVPN_STATIC, ADIT_LAB_OVPN_PASSWORD, NULL, "AUTH_FAILED"));
  end_client (start_client (&server, ADIT_LAB_OVPN_DYNAMIC, ADIT_LAB_OVPN_PASSWORD, NULL, question));
  end_client (start_client (&server, ADIT_LAB_OVPN_DYNAMIC, "CRV1::state77::" ADIT_LAB_OVPN_CODE, NULL, UP));
}

/* --- Refused -------------------------------------------------------------------------------------------------------------- */

static void
test_refused (void)
{
  const AditLabOvpnServer server = { 0 }, unwrapped = { .wrap = ADIT_LAB_OVPN_PLAIN_TLS };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  g_autofree char *log = NULL;

  end_client (start_client (&server, ADIT_LAB_OVPN_USER, "guess", NULL, "AUTH: Received control message: AUTH_FAILED"));
  end_client (start_client (&server, "nobody", ADIT_LAB_OVPN_PASSWORD, NULL, "AUTH: Received control message: AUTH_FAILED"));
  end_client (start_client (&server, ADIT_LAB_OVPN_EXPIRED, ADIT_LAB_OVPN_PASSWORD, NULL,
                            "AUTH_FAILED,Your account has expired"));
  end_client (start_client (&server, ADIT_LAB_OVPN_BUSY, ADIT_LAB_OVPN_PASSWORD, NULL,
                            "AUTH_FAILED,TEMP[backoff 7,advance no]"));
  end_client (start_client (&unwrapped, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "hand-window 1\ntls-exit\n",
                            "TLS key negotiation failed"));
  log = adit_lab_ovpn_dup_log (ovpn);
  g_assert_null (strstr (log, "PUSH_REPLY"));
}

static void
test_impostors (void)
{
  static const struct { AditLabOvpnIdentity identity; const char *words; } rows[] = {
    { ADIT_LAB_OVPN_IS_OTHER,    "VERIFY X509NAME ERROR" },
    { ADIT_LAB_OVPN_IS_CUSTOMER, "VERIFY EKU ERROR" },
    { ADIT_LAB_OVPN_IS_STRANGER, "VERIFY ERROR" },
  };
  AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *log = NULL;
      GPid client;

      server.identity = rows[i].identity;
      adit_lab_ovpn_change (ovpn, &server, &error);
      g_assert_no_error (error);
      client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "tls-exit\n", "TLS handshake failed");
      end_client (client);
      log = read_log ();
      if (strstr (log, rows[i].words) == NULL || strstr (log, UP) != NULL)
        g_error ("impostor %u: not \"%s\":\n%s", i, rows[i].words, log);
    }
}

/* --- Bad ones ------------------------------------------------------------------------------------------------------------- */

static void
test_pushes (void)
{
  static const char *const pushes[] = { "dhcp-option DOMAIN $(reboot)", "setenv PATH \"/tmp\\\\x\"", NULL };
  AditLabOvpnServer server = { .is_silent = TRUE };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  end_client (start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP));
  before = read_log ();
  g_assert_nonnull (strstr (before, "PUSH: Received control message: 'PUSH_REPLY,"));
  g_assert_null (strstr (before, "redirect-gateway"));
  g_assert_null (strstr (before, "dhcp-option"));
  server.pushes = pushes;
  adit_lab_ovpn_change (ovpn, &server, &error);
  g_assert_no_error (error);
  end_client (start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP));
  after = read_log ();
  g_assert_nonnull (strstr (after, "PUSH_REPLY,dhcp-option DOMAIN $(reboot),setenv PATH \"/tmp\\\\x\","));
}

/* The way out is asked for more than once: a packet of a busy computer may be late. */
static char *
ask_expecting (const char *url, const char *expected)
{
  char *seen = ask_web (url, "0.5");

  for (guint i = 0; i < 5 && expected != NULL && !g_str_equal (seen, expected); i++)
    {
      g_free (seen);
      seen = ask_web (url, "1");
    }
  return seen;
}

/* The outcome of each evil without protection. */
static void
test_evils (void)
{
  AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);

  for (const AditLabOvpnEvil *evil = adit_lab_ovpn_evils; evil->name != NULL; evil++)
    {
      const char *expected4 = evil->way_out != NULL ? evil->way_out : ADIT_LAB_OVPN_ADDRESS;
      const char *expected6 = evil->way_out6 != NULL ? evil->way_out6 : ADIT_LAB_OVPN_ADDRESS6;
      g_autofree char *seen4 = NULL, *seen6 = NULL;
      g_autoptr (GError) error = NULL;
      GPid client;

      adit_lab_ovpn_evil_apply (evil, &server);
      adit_lab_ovpn_change (ovpn, &server, &error);
      g_assert_no_error (error);
      client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "connect-retry-max 1\n",
                             evil->refusal != NULL ? evil->refusal : UP);
      seen4 = ask_expecting (WEB, evil->refusal == NULL ? expected4 : NULL);
      seen6 = ask_expecting (WEB6, evil->refusal == NULL ? expected6 : NULL);
      end_client (client);
      g_test_message ("%s: \"%s\" \"%s\"", evil->name, seen4, seen6);
      if (evil->refusal != NULL)
        continue;
      g_assert_cmpstr (seen4, ==, expected4);
      g_assert_cmpstr (seen6, ==, expected6);
    }
}

static const AditLabOvpnEvil *
find_evil (const char *name)
{
  const AditLabOvpnEvil *evil = adit_lab_ovpn_evils;

  while (!g_str_equal (evil->name, name))
    evil++;
  return evil;
}

/* The server is honest, and the file is not. */
static void
test_evil_file (void)
{
  const AditLabOvpnEvil *evil = find_evil ("route-around");
  const AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  g_autofree char *lines = adit_lab_ovpn_evil_dup_lines (evil), *seen = NULL;
  GPid client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, lines, UP);

  seen = ask_web (WEB, "5");
  end_client (client);
  g_assert_cmpstr (seen, ==, evil->way_out);
}

/* A text of a server's is run where a script makes something of it, as many do; and not by openvpn alone. */
static void
test_script (void)
{
  static const char script[] = "#!/bin/sh\neval \"echo $foreign_option_2\"\n";    /* the first one is the resolver */
  AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = NULL;

  adit_lab_ovpn_evil_apply (find_evil ("shell"), &server);
  ovpn = start_server (&server);
  end_client (start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP));
  g_assert_cmpint (access (ADIT_LAB_OVPN_RAN, F_OK), !=, 0);
  g_assert_true (g_file_set_contents_full (SCRIPT, script, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
  end_client (start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "script-security 2\nup " SCRIPT "\n", UP));
  g_assert_cmpint (access (ADIT_LAB_OVPN_RAN, F_OK), ==, 0);
}

static void
test_compression (void)
{
  const AditLabOvpnServer server = { .lines = ADIT_LAB_OVPN_COMPRESSES };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  GPid client;

  end_client (start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "allow-compression no\n",
                            "server pushed compression settings that are not allowed"));
  client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "allow-compression asym\n", UP);
  expect_through ();
  end_client (client);
}

static void
test_leaving (void)
{
  const AditLabOvpnServer server = { 0 };
  g_autoptr (AditLabOvpn) ovpn = start_server (&server);
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL, *log = NULL;
  GPid client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP);
  int status;

  adit_lab_ovpn_stop (ovpn, SIGKILL);
  seen = ask_web (WEB, "0.5");
  g_assert_cmpstr (seen, ==, "");
  adit_lab_ovpn_start (ovpn, &error);
  g_assert_no_error (error);
  end_client (client);
  client = start_client (&server, ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, NULL, UP);
  expect_through ();
  g_assert_cmpuint (adit_lab_ovpn_dismiss (ovpn, "HALT,the service closes", &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (waitpid (client, &status, 0), ==, client);    /* the client has to end by itself */
  log = read_log ();
  if (strstr (log, "the service closes") == NULL)
    g_error ("the client does not say why it ends:\n%s", log);
}

int
main (int argc, char **argv)
{
  const char *const web[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  g_autoptr (GError) error = NULL;
  guint64 start_us;

  adit_lab_enter ();
  g_test_init (&argc, &argv, NULL);
  verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  g_assert_true (web[0] != NULL && verify != NULL);
  adit_lab_make_internet (&error);
  g_assert_no_error (error);
  adit_lab_spawn ("web", 0, web, &error);
  g_assert_no_error (error);
  start_us = g_get_monotonic_time ();
  adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  g_test_message ("keys and the rest in %.0f ms", (g_get_monotonic_time () - start_us) / 1000.0);
  g_test_add_func ("/openvpn-lab/ways", test_ways);
  g_test_add_func ("/openvpn-lab/ipv6", test_ipv6);
  g_test_add_func ("/openvpn-lab/codes", test_codes);
  g_test_add_func ("/openvpn-lab/refused", test_refused);
  g_test_add_func ("/openvpn-lab/impostors", test_impostors);
  g_test_add_func ("/openvpn-lab/pushes", test_pushes);
  g_test_add_func ("/openvpn-lab/evils", test_evils);
  g_test_add_func ("/openvpn-lab/evil-file", test_evil_file);
  g_test_add_func ("/openvpn-lab/script", test_script);
  g_test_add_func ("/openvpn-lab/compression", test_compression);
  g_test_add_func ("/openvpn-lab/leaving", test_leaving);
  return g_test_run ();
}
