/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-networkmanager.c: the real NetworkManager rules the client's uplink, with an address from the router's DHCP server. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVICE  "org.freedesktop.NetworkManager"
#define CONF     "/etc/NetworkManager"
#define LEASES   ADIT_WORLD_DIRECTORY "/leases"
#define PLUGINS  ADIT_WORLD_DIRECTORY "/plugins"
#define LEASE_MS 60000    /* for a busy machine, and one that is emulated */

/* IPv6 is as the lab made it. */
static const char profile[] =
  "[connection]\nid=wired\nuuid=6a6f2b5c-1d5e-4b7e-9d2a-000000000001\ntype=ethernet\ninterface-name=eth0\n"
  "[ipv4]\nmethod=auto\ndhcp-timeout=15\n[ipv6]\nmethod=manual\naddress1=2001:db8:10::2/64,2001:db8:10::1\n";

static char *
dup_program (const char *path)
{
  return g_build_filename (adit_world_get_program ("ADIT_LAB_NETWORKMANAGER"), path, NULL);
}

/* env(1), because the lab gives its programs the test's own environment. */
static char *
dup_library_path (void)
{
  return g_strdup_printf ("LD_LIBRARY_PATH=%s/libraries", adit_world_get_program ("ADIT_LAB_NETWORKMANAGER"));
}

/**
 * adit_world_can_networkmanager:
 *
 * Returns: whether a world with %ADIT_WORLD_NETWORKMANAGER can be made here; if not, why was said
 */
gboolean
adit_world_can_networkmanager (void)
{
  const char *folder = g_getenv ("ADIT_LAB_NETWORKMANAGER");
  g_autofree char *complete = folder != NULL ? g_build_filename (folder, "complete", NULL) : NULL;
  g_autofree char *dnsmasq = g_find_program_in_path ("dnsmasq");

  if (complete == NULL || access (complete, F_OK) != 0)
    g_printerr ("SKIP: ADIT_LAB_NETWORKMANAGER names no unpacked NetworkManager\n");
  else if (dnsmasq == NULL)
    g_printerr ("SKIP: there is no dnsmasq to be the DHCP server\n");
  else
    return TRUE;
  return FALSE;
}

gboolean
adit_world_prepare_networkmanager (AditWorld *self, GError **error)
{
  const char *ours = adit_world_get_program ("ADIT_LAB_DATA");
  g_autofree char *unmanaged = g_build_filename (ours, "networkmanager.conf", NULL);

  /* A /sys that cannot be written to tells it that there is no udev to wait for. */
  if (mount (NULL, "/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make /sys read-only: %s", g_strerror (errno));
      return FALSE;
    }
  adit_world_make_directory ("/run/NetworkManager");
  adit_world_make_directory ("/var/lib/NetworkManager");
  adit_world_make_directory (CONF "/conf.d");
  adit_world_make_directory (CONF "/system-connections");
  /* An installation has it below /usr/lib, which is not the lab's own. */
  adit_world_copy_file (unmanaged, CONF "/conf.d/adit.conf", 0644);
  adit_world_write_file (CONF "/system-connections/wired.nmconnection", profile, 0600);
  adit_world_set_lease (self, ADIT_LAB_DNS_ADDRESS);
  return TRUE;
}

/**
 * adit_world_add_plugins:
 * @self: a world with %ADIT_WORLD_NETWORKMANAGER, in which it does not run yet
 *
 * NetworkManager has its Wi-Fi, modems and the like in libraries at one fixed place.  From now on what was unpacked is there.
 */
void
adit_world_add_plugins (AditWorld *self G_GNUC_UNUSED)
{
  g_autofree char *libraries = dup_program ("usr/lib"), *from = NULL, *to = NULL, *options = NULL;
  g_autoptr (GDir) folder = g_dir_open (libraries, 0, NULL);
  const char *triplet;

  while ((triplet = folder != NULL ? g_dir_read_name (folder) : NULL) != NULL && !g_str_has_suffix (triplet, "-linux-gnu"))
    ;
  if (triplet == NULL)
    g_error ("%s: there are no plugins", libraries);
  from = g_build_filename (libraries, triplet, "NetworkManager", NULL);
  to = g_build_filename ("/usr/lib", triplet, NULL);
  options = g_strdup_printf ("lowerdir=" PLUGINS ":%s", to);
  adit_world_make_directory (PLUGINS);
  if (symlink (from, PLUGINS "/NetworkManager") != 0 || mount ("overlay", to, "overlay", MS_RDONLY, options) != 0)
    g_error ("%s: %s", to, g_strerror (errno));
}

/**
 * adit_world_set_lease:
 * @self: a world with %ADIT_WORLD_NETWORKMANAGER
 * @resolver: the address that the router names as resolver from now on
 */
void
adit_world_set_lease (AditWorld *self, const char *resolver)
{
  const char *address = self->lease[0] != '\0' ? self->lease : "10.10.0.2";
  g_autofree char *option = g_strdup_printf ("--dhcp-option=6,%s", resolver);
  g_autofree char *range = g_strdup_printf ("--dhcp-range=%s,%s,2m", address, address);
  const char *const argv[] = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=br-lan",
                               "--bind-interfaces", "--no-ping", range,
                               "--dhcp-option=3,10.10.0.1", "--dhcp-leasefile=" LEASES, "--user=root", "--dhcp-authoritative",
                               "--pid-file=", option, NULL };
  g_autoptr (GError) error = NULL;

  if (self->dhcp_server != 0)
    adit_lab_end (self->dhcp_server);
  self->dhcp_server = adit_lab_spawn_logged ("router", 0, argv, ADIT_WORLD_LOG, NULL, &error);
  if (self->dhcp_server == 0)
    g_error ("%s", error->message);
}

/**
 * adit_world_set_lease_address:
 * @self: a world with %ADIT_WORLD_NETWORKMANAGER
 * @address: what the client's uplink is going to get at its next request, whatever it had before
 */
void
adit_world_set_lease_address (AditWorld *self, const char *address)
{
  g_strlcpy (self->lease, address, sizeof self->lease);
  adit_world_set_lease (self, ADIT_LAB_DNS_ADDRESS);
}

/**
 * adit_world_nmcli:
 * @self: a world with a running NetworkManager
 * @line: what is typed behind "nmcli"
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_world_nmcli (AditWorld *self, const char *line)
{
  g_autofree char *program = dup_program ("usr/bin/nmcli"), *libraries = dup_library_path ();
  g_autofree char *command = g_strdup_printf ("env %s %s %s", libraries, program, line);
  g_auto (GStrv) argv = g_strsplit (command, " ", -1);
  g_autoptr (GError) error = NULL;
  AditLabResult *result = adit_lab_run ("client", 0, LEASE_MS, (const char *const *) argv, &error);

  if (result == NULL)
    g_error ("nmcli %s: %s", line, error->message);
  return result;
}

static gboolean
is_connected (AditWorld *self)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (self, "-g GENERAL.STATE,GENERAL.CONNECTION device show eth0");

  /* NM_DEVICE_STATE_ACTIVATED, and not by an address that it found there. */
  return g_str_has_prefix (result->out, "100 ") && strstr (result->out, "\nwired\n") != NULL;
}

/**
 * adit_world_start_networkmanager:
 * @self: a world with %ADIT_WORLD_NETWORKMANAGER, in which it does not run
 * @dns: what it does with name servers: dns= of NetworkManager.conf(5)
 * @rc_manager: how it writes the resolver file: rc-manager= there
 *
 * Returns when the uplink has its lease.  An uplink that has an address already and is not known to it as its own is taken for
 * somebody else's: at the first start, and after a reboot, it has none.
 */
void
adit_world_start_networkmanager (AditWorld *self, const char *dns, const char *rc_manager)
{
  g_autofree char *program = dup_program ("usr/sbin/NetworkManager"), *libraries = dup_library_path ();
  g_autofree char *text = g_strdup_printf ("[main]\nplugins=keyfile\ndns=%s\nrc-manager=%s\nauth-polkit=root-only\n"
                                           "no-auto-default=*\n[keyfile]\nunmanaged-devices=interface-name:eth1\n",
                                           dns, rc_manager);
  const char *const argv[] = { "env", libraries, program, "--debug", "--log-level=INFO", NULL };
  g_autoptr (GError) error = NULL;
  gint64 end = g_get_monotonic_time () + LEASE_MS * 1000;

  adit_world_write_file (CONF "/NetworkManager.conf", text, 0644);
  if (access ("/run/NetworkManager/devices", F_OK) != 0 && !adit_lab_run_line ("client", "ip addr flush dev eth0", &error))
    g_error ("%s", error->message);
  self->networkmanager = adit_lab_spawn_logged ("client", 0, argv, ADIT_WORLD_LOG, NULL, &error);
  if (self->networkmanager == 0 || !adit_world_wait_owner (self, SERVICE, &error))
    g_error ("NetworkManager: %s", error->message);
  while (!is_connected (self))
    {
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (self);
          g_error ("NetworkManager got no lease");
        }
      g_usleep (20000);
    }
}

/**
 * adit_world_stop_networkmanager:
 * @self: a world with %ADIT_WORLD_NETWORKMANAGER; one that does not run is no error
 * @signal_number: how it ends
 */
void
adit_world_stop_networkmanager (AditWorld *self, int signal_number)
{
  if (self->networkmanager == 0)
    return;
  kill (self->networkmanager, signal_number);
  while (waitpid (self->networkmanager, NULL, 0) < 0 && errno == EINTR)
    ;
  self->networkmanager = 0;
}
