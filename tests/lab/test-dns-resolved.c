/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-dns-resolved.c: the real systemd-resolved asks the tunnel's resolver and nobody else, through its restarts, and forgets it
 * afterwards.  The plain file is tried here where it is mounted over, which takes root. */
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "platform/linux/dns-file.h"
#include "platform/linux/dns-resolved.h"
#include "platform/linux/marks.h"
#include "platform/linux/resolved-client.h"
#include "tests/lab/desktop.h"

#define RESOLVED   "org.freedesktop.resolve1"
#define MANAGER    RESOLVED ".Manager"
#define LAN_SERVER "192.0.2.53"

static GDBusConnection *bus;
static const char *rig;
static GPid resolved_pid;
static int tun_fd = -1;
static guint n_put_back;

static void
start_resolved (void)
{
  g_autofree char *program = g_build_filename (rig, "lib/systemd/systemd-resolved", NULL);
  g_autofree char *find = g_strdup_printf ("/usr/bin/find %s -name libsystemd-shared-*.so", rig);
  g_autofree char *library = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  const char *argv[] = { program, NULL };
  const char *environment[] = { NULL, NULL };

  g_assert_true (g_spawn_command_line_sync (find, &library, NULL, NULL, NULL));
  directory = g_path_get_dirname (g_strstrip (library));
  path = g_strconcat ("LD_LIBRARY_PATH=", directory, NULL);
  environment[0] = path;
  resolved_pid = lab_desktop_spawn (argv, environment);
  g_assert_true (lab_desktop_wait_name (bus, RESOLVED, 10000));
}

static GVariant *
manager_call (const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (bus, RESOLVED, "/org/freedesktop/resolve1", MANAGER, method, arguments, NULL,
                                                  G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

static char *
link_property (const char *link, const char *name)
{
  g_autoptr (GVariant) object = manager_call ("GetLink", g_variant_new ("(i)", (int) if_nametoindex (link)));
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) value = NULL;
  const char *path;

  g_variant_get (object, "(&o)", &path);
  answer = g_dbus_connection_call_sync (bus, RESOLVED, path, "org.freedesktop.DBus.Properties", "Get",
                                        g_variant_new ("(ss)", RESOLVED ".Link", name), G_VARIANT_TYPE ("(v)"),
                                        G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
  g_assert_nonnull (answer);
  g_variant_get (answer, "(v)", &value);
  return g_variant_print (value, FALSE);
}

static void
assert_property (const char *link, const char *name, const char *wanted)
{
  g_autofree char *found = link_property (link, name);

  g_assert_cmpstr (found, ==, wanted);
}

/* Whether a look-up makes resolved send a query to @address into the tunnel. */
static gboolean
tunnel_is_asked (const char *name, guint32 address)
{
  guint8 packet[2048];
  gint64 end_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  g_dbus_connection_call (bus, RESOLVED, "/org/freedesktop/resolve1", MANAGER, "ResolveHostname",
                          g_variant_new ("(isit)", 0, name, 2, (guint64) 0), NULL, G_DBUS_CALL_FLAGS_NONE, 500, NULL, NULL, NULL);
  while (g_get_monotonic_time () < end_us)
    {
      struct pollfd wait = { .fd = tun_fd, .events = POLLIN };
      gssize length;

      g_main_context_iteration (NULL, FALSE);
      if (poll (&wait, 1, 50) <= 0)
        continue;
      length = read (tun_fd, packet, sizeof packet);
      /* IPv4, UDP, that address, port 53. */
      if (length > 28 && packet[0] == 0x45 && packet[9] == 17 && memcmp (packet + 16, &(guint32) { g_htonl (address) }, 4) == 0 &&
          packet[22] == 0 && packet[23] == 53)
        return TRUE;
    }
  return FALSE;
}

static void
set_lan_server (void)
{
  const guint8 bytes[] = { 192, 0, 2, 53 };
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(iay)"));
  g_variant_builder_add (&builder, "(i@ay)", AF_INET, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, 4, 1));
  g_variant_unref (manager_call ("SetLinkDNS", g_variant_new ("(ia(iay))", (int) if_nametoindex ("eth0"), &builder)));
}

static void
on_disturbed (AditDns *dns, gboolean put_back, gpointer user_data)
{
  if (put_back)
    n_put_back++;
}

static void
wait_put_back (guint at_least)
{
  for (guint i = 0; i < 60 && n_put_back < at_least; i++)
    lab_desktop_iterate (50);
  g_assert_cmpuint (n_put_back, >=, at_least);
}

static void
test_resolved (void)
{
  g_autoptr (AditJournal) journal = adit_journal_open ("/run/lab/journal", NULL);
  g_autoptr (AditDns) dns = adit_dns_resolved_new (bus, journal);
  g_autoptr (GError) error = NULL;
  AditAddress servers[2];
  guint seen;

  g_assert_true (adit_address_parse ("10.64.0.1", &servers[0]) && adit_address_parse ("fc00::1", &servers[1]));

  /* The file is still the host's own: resolved is there, but nobody asks it. */
  g_assert_false (adit_dns_probe (dns, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (unlink ("/etc/resolv.conf"), ==, 0);
  g_assert_cmpint (symlink ("/run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf"), ==, 0);
  adit_dns_probe (dns, &error);
  g_assert_no_error (error);

  set_lan_server ();
  assert_property ("eth0", "DefaultRoute", "true");
  g_assert_false (tunnel_is_asked ("before.example", 0x0a400001));

  g_signal_connect (dns, "disturbed", G_CALLBACK (on_disturbed), NULL);
  adit_dns_apply (dns, servers, 1, &error);
  g_assert_no_error (error);
  assert_property (ADIT_TUNNEL_DEVICE, "DNS", "[(2, [0x0a, 0x40, 0x00, 0x01])]");
  assert_property (ADIT_TUNNEL_DEVICE, "Domains", "[('.', true)]");
  assert_property (ADIT_TUNNEL_DEVICE, "LLMNR", "'no'");
  assert_property (ADIT_TUNNEL_DEVICE, "MulticastDNS", "'no'");
  assert_property (ADIT_TUNNEL_DEVICE, "DNSOverTLS", "'no'");
  assert_property ("eth0", "DefaultRoute", "false");
  g_assert_true (tunnel_is_asked ("inside.example", 0x0a400001));
  lab_desktop_iterate (500);
  g_assert_cmpuint (n_put_back, ==, 0);

  adit_dns_apply (dns, servers, 2, &error);
  g_assert_no_error (error);

  /* Another program takes ours away. */
  lab_desktop_iterate (500);
  seen = n_put_back;
  g_variant_unref (manager_call ("RevertLink", g_variant_new ("(i)", (int) if_nametoindex (ADIT_TUNNEL_DEVICE))));
  wait_put_back (seen + 1);
  assert_property (ADIT_TUNNEL_DEVICE, "Domains", "[('.', true)]");

  /* It restarts, and what it had saved is gone. */
  lab_desktop_iterate (500);
  seen = n_put_back;
  lab_desktop_end (resolved_pid);
  lab_desktop_run ("rm -rf /run/systemd/resolve/netif");
  start_resolved ();
  wait_put_back (seen + 1);
  assert_property (ADIT_TUNNEL_DEVICE, "Domains", "[('.', true)]");
  g_assert_true (tunnel_is_asked ("again.example", 0x0a400001));
  set_lan_server ();
  lab_desktop_iterate (500);
  assert_property ("eth0", "DefaultRoute", "false");

  /* A crash: the next helper has the journal and nothing else. */
  g_clear_object (&dns);
  g_clear_pointer (&journal, adit_journal_free);
  journal = adit_journal_open ("/run/lab/journal", NULL);
  dns = adit_dns_resolved_new (bus, journal);
  adit_dns_revert (dns, &error);
  g_assert_no_error (error);
  assert_property (ADIT_TUNNEL_DEVICE, "DNS", "[]");
  assert_property (ADIT_TUNNEL_DEVICE, "Domains", "[]");
  assert_property ("eth0", "DefaultRoute", "true");
  assert_property ("eth0", "DNS", "[(2, [0xc0, 0x00, 0x02, 0x35])]");
  g_assert_false (adit_journal_has (journal, "dns-resolved"));
  adit_dns_revert (dns, &error);
  g_assert_no_error (error);
  g_assert_false (tunnel_is_asked ("after.example", 0x0a400001));
}

/* resolved hangs: the helper must not hang with it, and must say so. */
/* The device goes at its own moment: between our look for it and the call, it may already be gone. */
static void
test_gone_link (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_resolved_revert_link (bus, 99999, &error));
  g_assert_no_error (error);
  g_assert_false (adit_resolved_call (bus, "RevertLink", g_variant_new ("(i)", 99999), &error));    /* it is an error there */
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
}

static void
test_hung (void)
{
  g_autoptr (AditJournal) journal = adit_journal_open ("/run/lab/journal", NULL);
  g_autoptr (AditDns) dns = adit_dns_resolved_new (bus, journal);
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  AditAddress server;

  g_assert_true (adit_address_parse ("10.64.0.1", &server));
  g_assert_cmpint (kill (resolved_pid, SIGSTOP), ==, 0);
  g_assert_false (adit_dns_apply (dns, &server, 1, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
  g_clear_error (&error);
  /* The way back is asked for at once, and does not wait a second time. */
  g_assert_false (adit_dns_revert (dns, &error));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 3 * G_USEC_PER_SEC);
  g_clear_error (&error);
  g_assert_cmpint (kill (resolved_pid, SIGCONT), ==, 0);
  lab_desktop_iterate (1200);
  adit_dns_revert (dns, &error);
  g_assert_no_error (error);
}

/* Containers mount their resolver file: it cannot be renamed. */
static void
test_mounted_file (void)
{
  g_autoptr (AditJournal) journal = adit_journal_open ("/run/lab/journal", NULL);
  g_autoptr (AditDns) dns = adit_dns_file_new (journal, "/etc/resolv.conf");
  g_autoptr (GError) error = NULL;
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;
  const char *former = "nameserver 192.0.2.53\noptions edns0\n# a long line that is longer than ours .......................\n";
  struct stat before_status, after_status;
  AditAddress server;

  g_assert_true (adit_address_parse ("10.64.0.1", &server));
  g_assert_cmpint (unlink ("/etc/resolv.conf"), ==, 0);
  g_assert_true (g_file_set_contents ("/etc/resolv.conf", "", 0, NULL));
  g_assert_true (g_file_set_contents ("/run/lab/resolv.conf", former, -1, NULL));
  g_assert_cmpint (mount ("/run/lab/resolv.conf", "/etc/resolv.conf", NULL, MS_BIND, NULL), ==, 0);
  g_assert_cmpint (stat ("/run/lab/resolv.conf", &before_status), ==, 0);

  g_signal_connect (dns, "disturbed", G_CALLBACK (on_disturbed), NULL);
  adit_dns_apply (dns, &server, 1, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents ("/run/lab/resolv.conf", &during, NULL, NULL));
  g_assert_nonnull (strstr (during, "nameserver 10.64.0.1\noptions edns0\n"));
  g_assert_null (strstr (during, "192.0.2.53"));
  lab_desktop_iterate (300);

  n_put_back = 0;
  {
    /* In place, as whoever mounted it would write it. */
    g_autofree char *now = NULL;
    int fd = open ("/run/lab/resolv.conf", O_WRONLY | O_TRUNC);

    g_assert_cmpint (write (fd, former, strlen (former)), ==, (gssize) strlen (former));
    close (fd);
    g_assert_cmpint (stat ("/run/lab/resolv.conf", &before_status), ==, 0);
    wait_put_back (1);
    g_assert_true (g_file_get_contents ("/run/lab/resolv.conf", &now, NULL, NULL));
    g_assert_cmpstr (now, ==, during);
  }

  adit_dns_revert (dns, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents ("/run/lab/resolv.conf", &after, NULL, NULL));
  g_assert_cmpstr (after, ==, former);
  g_assert_cmpint (stat ("/run/lab/resolv.conf", &after_status), ==, 0);
  g_assert_cmpint (after_status.st_mtim.tv_sec, ==, before_status.st_mtim.tv_sec);
  g_assert_cmpint (after_status.st_mtim.tv_nsec, ==, before_status.st_mtim.tv_nsec);
  g_assert_cmpint (access ("/etc/resolv.conf.before-adit", F_OK), !=, 0);
  g_assert_cmpint (umount ("/etc/resolv.conf"), ==, 0);
}

static void
open_tunnel (void)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };

  tun_fd = open ("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (tun_fd, >=, 0);
  g_strlcpy (request.ifr_name, ADIT_TUNNEL_DEVICE, sizeof request.ifr_name);
  g_assert_cmpint (ioctl (tun_fd, TUNSETIFF, &request), ==, 0);
  lab_desktop_run ("ip address add 10.64.0.2/24 dev " ADIT_TUNNEL_DEVICE);
  lab_desktop_run ("ip link set " ADIT_TUNNEL_DEVICE " up");
}

int
main (int argc, char **argv)
{
  const char *fetch = g_getenv ("ADIT_LAB_FETCH_RESOLVED");
  int status = 1;

  rig = g_getenv ("ADIT_LAB_RESOLVED");
  if (geteuid () == 0 && fetch != NULL && rig != NULL)
    {
      const char *fetch_argv[] = { fetch, rig, NULL };

      if (!g_spawn_sync (NULL, (char **) fetch_argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL))
        status = 1;
    }
  if (geteuid () == 0 && status != 0)
    {
      g_printerr ("skipped: systemd-resolved could not be fetched\n");
      return 77;
    }
  lab_desktop_enter ();
  g_test_init (&argc, &argv, NULL);
  adit_lab_add_user ("systemd-resolve", 990);
  lab_desktop_run ("ip link add eth0 type veth peer name peer0");
  lab_desktop_run ("ip address add 192.0.2.2/24 dev eth0");
  lab_desktop_run ("ip link set eth0 up");
  lab_desktop_run ("ip link set peer0 up");
  open_tunnel ();
  bus = lab_desktop_start_bus ("<policy context=\"default\"><allow own=\"*\"/><allow send_destination=\"*\"/></policy>");
  start_resolved ();

  g_test_add_func ("/dns-resolved/whole-way", test_resolved);
  g_test_add_func ("/dns-resolved/gone-link", test_gone_link);
  g_test_add_func ("/dns-resolved/hung", test_hung);
  g_test_add_func ("/dns-file/mounted", test_mounted_file);
  status = g_test_run ();
  lab_desktop_end (resolved_pid);
  return status;
}
