/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-proxies.c: OpenVPN by way of a proxy of each kind, which are real programs in another namespace: the lock is open to the
 * proxy's address and port alone. */
#include "config.h"

#include <string.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"

#define FOLDER         "/run/lab/files"
#define PROXY_ADDRESS  ADIT_LAB_EXIT_ADDRESS
#define PROXY_NAME     "four.example"    /* tests/simulator/names.c: that address */
#define PROXY_USER     "proxylab"
#define PROXY_PASSWORD "correcthorse"
#define HTTP_PORT      "3128"
#define SOCKS_PORT     "1080"
#define START_MS       5000

static AditWorld *world;
static AditLabOvpn *server;
static GPid http_proxy, socks_proxy;
static const AditLabOvpnServer tcp = { .transport = ADIT_LAB_OVPN_TCP };

static void
import (const char *name, const char *lines)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", name), *command = g_strdup_printf ("import %s", path);
  g_autofree char *text = g_strconcat ("<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD
                                       "\n</auth-user-pass>\n", lines, NULL);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &tcp, text, &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, command, 0);
}

static void
expect_status (const char *words)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

  if (strstr (result->out, words) == NULL)
    g_error ("no %s in %s", words, result->out);
}

/* Connected by way of @hole and no other, with everybody trying; and that the watcher would have seen them. */
static void
expect_only (const char *connect, const char *hole)
{
  const char *const holes[] = { hole, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);
  g_autofree char *keys = NULL;

  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, connect, 0);
  adit_leakwatch_set_phase (watcher, "connected", holes);
  adit_senders_set_phase (senders, "connected");
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  g_usleep (300000);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "connected");
  g_test_message ("%u tried, %u outside %s", adit_senders_get_tried (senders, "connected"),
                  adit_leakwatch_get_outside (watcher, "connected"), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, "connected"), >, 10);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "connected"), ==, 0);

  /* The same carrier is seen by a watcher that was not told of its proxy. */
  adit_leakwatch_set_phase (watcher, "not-told", NULL);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "not-told"), >, 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
test_http (void)
{
  import ("http", "http-proxy " PROXY_ADDRESS " " HTTP_PORT " stdin basic\n");
  adit_world_expect (world, 0, NULL, "connect --profile http --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, "\n\n\n" PROXY_USER "\nwrong\n", "profiles login http", 0);
  adit_world_expect (world, 0, NULL, "connect --profile http --wait", 6);
  expect_status ("\"login-refused\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, "\n\n\n" PROXY_USER "\n" PROXY_PASSWORD "\n", "profiles login http", 0);
  expect_only ("connect --profile http --wait", "tcp:" PROXY_ADDRESS ":" HTTP_PORT);
}

static void
test_socks (void)
{
  import ("socks", "socks-proxy " PROXY_ADDRESS " " SOCKS_PORT " stdin\n");
  adit_world_expect (world, 0, "\n\n\n" PROXY_USER "\nwrong\n", "profiles login socks", 0);
  adit_world_expect (world, 0, NULL, "connect --profile socks --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, "\n\n\n" PROXY_USER "\n" PROXY_PASSWORD "\n", "profiles login socks", 0);
  expect_only ("connect --profile socks --wait", "tcp:" PROXY_ADDRESS ":" SOCKS_PORT);
}

/* With the proxy's login in the file nobody has to say it. */
static void
test_in_file (void)
{
  import ("whole", "socks-proxy " PROXY_ADDRESS " " SOCKS_PORT " stdin\n<socks-proxy-user-pass>\n" PROXY_USER "\n" PROXY_PASSWORD
          "\n</socks-proxy-user-pass>\n");
  expect_only ("connect --profile whole --wait", "tcp:" PROXY_ADDRESS ":" SOCKS_PORT);
}

/* A proxy that the file has by its name is looked up by us, as a server would be, and not by anybody of this network. */
static void
test_named (void)
{
  g_autofree char *log = NULL;

  import ("named", "socks-proxy " PROXY_NAME " " SOCKS_PORT " stdin\n<socks-proxy-user-pass>\n" PROXY_USER "\n" PROXY_PASSWORD
          "\n</socks-proxy-user-pass>\n");
  g_free (adit_world_dup_dns_log (world));
  expect_only ("connect --profile named --wait", "tcp:" PROXY_ADDRESS ":" SOCKS_PORT);
  log = adit_world_dup_dns_log (world);
  g_assert_null (strstr (log, PROXY_NAME));
}

/* A proxy that is gone is waited for behind the lock, as a server is. */
static void
test_gone (void)
{
  adit_lab_end (socks_proxy);
  adit_world_expect (world, 0, NULL, "connect --profile socks --wait --timeout 60", 10);
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
wait_for (const char *port)
{
  g_autofree char *line = g_strdup_printf ("ss -Hltn sport = :%s", port);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  gint64 end_us = g_get_monotonic_time () + START_MS * 1000;
  g_autoptr (GError) error = NULL;

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("exit", 0, START_MS, (const char *const *) argv, &error);

      g_assert_no_error (error);
      if (result->out[0] != '\0')
        return;
      g_usleep (10000);
    }
  g_error ("no proxy at %s", port);
}

static void
start_proxies (void)
{
  static const char *const http[] = { "tinyproxy", "-d", "-c", FOLDER "/tinyproxy.conf", NULL };
  static const char *const socks[] = { "microsocks", "-i", PROXY_ADDRESS, "-p", SOCKS_PORT, "-u", PROXY_USER, "-P",
                                       PROXY_PASSWORD, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (FOLDER "/tinyproxy.conf", "Port " HTTP_PORT "\nListen " PROXY_ADDRESS "\nTimeout 600\n"
                                      "MaxClients 20\nBasicAuth " PROXY_USER " " PROXY_PASSWORD "\nConnectPort 443\n", -1,
                                      &error));
  http_proxy = adit_lab_spawn ("exit", 65534, http, &error);
  g_assert_no_error (error);
  socks_proxy = adit_lab_spawn ("exit", 65534, socks, &error);
  g_assert_no_error (error);
  wait_for (HTTP_PORT);
  wait_for (SOCKS_PORT);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  server = adit_lab_ovpn_new (&tcp, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  start_proxies ();
  adit_world_expect_helper (world);
}

int
main (int argc, char **argv)
{
  int status;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/proxies/http", test_http);
  g_test_add_func ("/proxies/socks", test_socks);
  g_test_add_func ("/proxies/in-file", test_in_file);
  g_test_add_func ("/proxies/named", test_named);
  g_test_add_func ("/proxies/gone", test_gone);
  status = g_test_run ();
  adit_lab_end (http_proxy);
  adit_lab_ovpn_free (server);
  adit_world_free (world);
  return status;
}
