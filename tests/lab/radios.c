/* SPDX-License-Identifier: GPL-2.0-or-later */
/* radios.c: real access points (hostapd) and a real client (NetworkManager, wpa_supplicant) on radios that the kernel simulates.
 * What one of them sends all others on its channel receive, as frames of 802.11 with their real keys. */
#include "tests/lab/radios.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define DRIVER     "/mac80211_hwsim/"    /* in the path of a simulated radio below /sys/devices */
#define RADIOS     "/sys/class/ieee80211"
#define DIRECTORY  "/run/lab/radios"
#define CONTROL    DIRECTORY "/control"
#define LOG        "/run/lab/log"
#define PROFILES   "/etc/NetworkManager/system-connections"
#define RUN_MS     60000
#define JOIN_MS    120000    /* a scan goes through forty channels, with a tenth of a second for each that may not be asked on */
#define WAIT_US    50000
#define WAITS      600
#define CHANNEL_OF(number) ((number) == 0 ? 1 : 6)

static int   first_space = -1;    /* of the computer: where the radios are before and after */
static char *phys[RADIOS_N + 1];
static GPid  points[RADIOS_N];

static void
run (const char *space, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
run (const char *space, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  line = g_strdup_vprintf (format, list);
  va_end (list);
  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s", error->message);
}

static gboolean
has_programs (void)
{
  static const char *const programs[] = { "hostapd", "iw", "wpa_supplicant", "dnsmasq" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (path == NULL)
        {
          g_printerr ("SKIP: there is no %s\n", programs[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * radios_are_there:
 *
 * Call it before the lab is entered.  Real radios are left alone.
 *
 * Returns: whether there are enough simulated ones, and what works them; if not, why was said
 */
gboolean
radios_are_there (void)
{
  g_autoptr (GDir) folder = g_dir_open (RADIOS, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && n < G_N_ELEMENTS (phys) && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename (RADIOS, name, NULL);
      char path[PATH_MAX];

      if (realpath (link, path) != NULL && strstr (path, DRIVER) != NULL)
        phys[n++] = g_strdup (name);
    }
  if (n < G_N_ELEMENTS (phys))
    {
      g_printerr ("SKIP: the kernel simulates %u radios, and it takes %u (modprobe mac80211_hwsim radios=%u)\n", n,
                  (guint) G_N_ELEMENTS (phys), (guint) G_N_ELEMENTS (phys));
      return FALSE;
    }
  first_space = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  return first_space >= 0 && has_programs ();
}

/* Which device a radio has is told by the kernel's tree of the namespace that it is in. */
static char *
dup_device_of (const char *space, const char *phy)
{
  const char *const argv[] = { "iw", "dev", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (space, 0, RUN_MS, argv, NULL);
  /* "phy#2\n\tInterface wlan2\n" */
  g_autofree char *head = g_strdup_printf ("phy#%s\n\tInterface ", phy + strlen ("phy"));
  const char *at = result != NULL ? strstr (result->out, head) : NULL;

  if (at == NULL)
    g_error ("%s has no device: %s", phy, result != NULL ? result->out : "");
  at += strlen (head);
  return g_strndup (at, strcspn (at, "\n"));
}

static void
move (const char *phy, const char *space, const char *device)
{
  int back = open ("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  g_autofree char *now = NULL;

  if (back < 0 || setns (first_space, CLONE_NEWNET) != 0)
    g_error ("cannot enter the computer's own network: %s", g_strerror (errno));
  run (NULL, "iw phy %s set netns name %s", phy, space);
  adit_lab_switch_back (back);
  now = dup_device_of (space, phy);
  if (!g_str_equal (now, device))
    run (space, "ip link set %s name %s", now, device);
}

/* The kernel's tree as the client's network has it: NetworkManager tells a radio's device by it.  Read-only: there is no udev. */
static void
mount_tree (void)
{
  g_autoptr (GError) error = NULL;
  int back;

  if (!adit_lab_switch ("client", &back, &error))
    g_error ("%s", error->message);
  if (mount ("sysfs", "/sys", "sysfs", MS_RDONLY, NULL) != 0 || mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0)
    g_error ("cannot mount the client's /sys: %s", g_strerror (errno));
  adit_lab_switch_back (back);
}

/* Number 1 is a telephone's: it says what NetworkManager takes for "this costs something". */
static void
start_dhcp (guint number)
{
  g_autofree char *interface = g_strdup_printf ("--interface=air%u", number);
  g_autofree char *range = g_strdup_printf ("--dhcp-range=10.%u.0.50,10.%u.0.60,2m", 12 + number, 12 + number);
  g_autofree char *leases = g_strdup_printf ("--dhcp-leasefile=" DIRECTORY "/leases-%u", number);
  const char *const argv[] = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--bind-dynamic",
                               "--no-ping", "--user=root", "--pid-file=", "--dhcp-authoritative",
                               "--dhcp-option=6," ADIT_LAB_DNS_ADDRESS, interface, range, leases,
                               number == 1 ? "--dhcp-option-force=43,ANDROID_METERED" : NULL, NULL };
  g_autoptr (GError) error = NULL;

  if (adit_lab_spawn_logged ("router", 0, argv, LOG, NULL, &error) == 0)
    g_error ("%s", error->message);
}

/**
 * radios_set_up:
 * @world: a world with %ADIT_WORLD_NETWORKMANAGER, in which it does not run yet
 *
 * Gives the client its radio and the router its access points, which are silent.  Behind number N are the networks
 * 10.(12+N).0.0/24 and 2001:db8:(12+N)::/64 and, by the router, the internet.
 */
void
radios_set_up (AditWorld *world G_GNUC_UNUSED)
{
  static const char *const supplicant[] = { "wpa_supplicant", "-u", NULL };
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (DIRECTORY, 0755) != 0)
    g_error (DIRECTORY ": %s", g_strerror (errno));
  move (phys[0], "client", RADIOS_CLIENT);
  for (guint i = 0; i < RADIOS_N; i++)
    {
      g_autofree char *device = radios_dup_device (i);

      move (phys[1 + i], "router", device);
      start_dhcp (i);
    }
  mount_tree ();    /* last: iw finds a radio's number in the one of the computer */
  if (!adit_lab_masquerade ("router", "br-wan", "{ 10.12.0.0/24, 10.13.0.0/24 }", "{ 2001:db8:12::/64, 2001:db8:13::/64 }",
                            &error) ||
      adit_lab_spawn_logged ("client", 0, supplicant, LOG, NULL, &error) == 0)
    g_error ("%s", error->message);
}

/**
 * radios_dup_device:
 * @number: an access point's
 *
 * Returns: (transfer full): its device in the namespace "router", where a watcher sees what comes in by the air, deciphered
 */
char *
radios_dup_device (guint number)
{
  return g_strdup_printf ("air%u", number);
}

static gboolean
is_on_air (guint number)
{
  g_autofree char *device = radios_dup_device (number);
  const char *const argv[] = { "iw", "dev", device, "info", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("router", 0, RUN_MS, argv, NULL);

  return result != NULL && strstr (result->out, "\tssid ") != NULL;
}

/**
 * radios_begin:
 * @number: a silent access point's
 * @network: what it is from now on
 */
void
radios_begin (guint number, const RadiosNetwork *network)
{
  static char own[RADIOS_N][sizeof "02:00:00:00:00:00"];
  g_autofree char *device = radios_dup_device (number), *text = NULL, *path = g_strdup_printf (DIRECTORY "/%u.conf", number);
  g_autofree char *security = network->key != NULL
    ? g_strdup_printf ("wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase=%s\n", network->key) : g_strdup ("");
  const char *const argv[] = { "hostapd", path, NULL };
  g_autoptr (GError) error = NULL;

  if (own[number][0] == '\0')
    {
      const char *const show[] = { "ip", "-o", "link", "show", device, NULL };
      g_autoptr (AditLabResult) result = adit_lab_run ("router", 0, RUN_MS, show, NULL);

      g_strlcpy (own[number], strstr (result->out, "link/ether ") + strlen ("link/ether "), sizeof own[number]);
    }
  text = g_strdup_printf ("interface=%s\ndriver=nl80211\nctrl_interface=" CONTROL "\nhw_mode=g\nchannel=%d\nssid=%s\n%s",
                          device, CHANNEL_OF (number), network->name, security);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  run ("router", "ip link set %s down", device);
  run ("router", "ip link set %s address %s", device, network->hardware != NULL ? network->hardware : own[number]);
  points[number] = adit_lab_spawn_logged ("router", 0, argv, LOG, NULL, &error);
  if (points[number] == 0)
    g_error ("%s", error->message);
  for (guint i = 0; i < WAITS && !is_on_air (number); i++)
    g_usleep (WAIT_US);
  g_assert_true (is_on_air (number));
  run ("router", "ip addr replace 10.%u.0.1/24 dev %s", 12 + number, device);
  run ("router", "ip addr replace 2001:db8:%u::1/64 dev %s nodad", 12 + number, device);
}

/**
 * radios_claim_key:
 * @number: of an access point without a key, that somebody may have joined
 *
 * From now on its beacon says that it wants one (WPA2's; the element of IEEE 802.11, 9.4.2.24), and it goes on without.
 */
void
radios_claim_key (guint number)
{
  run ("router", "hostapd_cli -p " CONTROL " -i air%u set vendor_elements 30140100000fac040100000fac040100000fac020000", number);
  run ("router", "hostapd_cli -p " CONTROL " -i air%u update_beacon", number);
}

/**
 * radios_end:
 * @number: an access point's; a silent one stays so
 *
 * It says goodbye to whoever has joined it, as one that is switched off by its button does.
 */
void
radios_end (guint number)
{
  if (points[number] == 0)
    return;
  kill (points[number], SIGTERM);
  while (waitpid (points[number], NULL, 0) < 0 && errno == EINTR)
    ;
  points[number] = 0;
}

/**
 * radios_add_profile:
 * @world: a world with a running NetworkManager
 * @id: the profile's name
 * @number: the access point that it is for
 * @network: what its user knows of the network
 *
 * It is joined when somebody says so, and by itself where nothing better is there.
 */
void
radios_add_profile (AditWorld *world, const char *id, guint number, const RadiosNetwork *network)
{
  g_autofree char *path = g_strdup_printf (PROFILES "/%s.nmconnection", id);
  g_autofree char *security = network->key != NULL ? g_strdup_printf ("[wifi-security]\nkey-mgmt=wpa-psk\npsk=%s\n", network->key)
                                                   : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("[connection]\nid=%s\ntype=wifi\ninterface-name=" RADIOS_CLIENT "\n[wifi]\nssid=%s\n%s"
                                           "[ipv4]\nmethod=auto\ndhcp-timeout=15\n"
                                           "[ipv6]\nmethod=manual\naddress1=2001:db8:%u::2/64,2001:db8:%u::1\n",
                                           id, network->name, security, 12 + number, 12 + number);
  g_autoptr (AditLabResult) result = NULL;

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  result = adit_world_nmcli (world, "connection reload");
  g_assert_cmpint (result->status, ==, 0);
}

/**
 * radios_join:
 * @world: a world with a running NetworkManager
 * @id: of a profile, whose access point is on the air
 *
 * As a person does: looks around until the network is there, and joins it.
 */
void
radios_join (AditWorld *world, const char *id)
{
  g_autofree char *line = g_strdup_printf ("--wait 15 connection up %s", id);
  gint64 end = g_get_monotonic_time () + JOIN_MS * 1000L;

  for (;;)
    {
      g_autoptr (AditLabResult) up = adit_world_nmcli (world, line), again = NULL;

      if (up->status == 0)
        return;
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (world);
          g_error ("%s could not be joined: %s%s", id, up->out, up->err);
        }
      again = adit_world_nmcli (world, "device wifi rescan");
      g_usleep (10 * WAIT_US);
    }
}
