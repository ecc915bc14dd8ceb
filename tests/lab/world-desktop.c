/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-desktop.c: what a desktop has running: the system bus, polkit, and systemd-resolved where it is wished for. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUS      "unix:path=/run/dbus/system_bus_socket"
#define BUS_CONF ADIT_WORLD_DIRECTORY "/bus.conf"

static const char bus_configuration[] =
  "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
  "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
  "<busconfig><type>system</type><listen>" BUS "</listen><auth>EXTERNAL</auth>\n"
  "<policy context=\"default\"><allow user=\"*\"/><deny own=\"*\"/><deny send_type=\"method_call\"/><allow send_type=\"signal\"/>"
  "<allow send_requested_reply=\"true\" send_type=\"method_return\"/><allow send_requested_reply=\"true\" send_type=\"error\"/>"
  "<allow receive_type=\"method_call\"/><allow receive_type=\"method_return\"/><allow receive_type=\"error\"/>"
  "<allow receive_type=\"signal\"/><allow send_destination=\"org.freedesktop.DBus\" send_interface=\"org.freedesktop.DBus\"/>"
  "</policy><policy user=\"root\"><allow own=\"*\"/><allow send_destination=\"*\"/></policy>\n"
  "<includedir>/usr/share/dbus-1/system.d</includedir><include>%s/org.aditvpn.Adit1.conf</include>%s</busconfig>\n";

static gboolean
has_owner (AditWorld *self, const char *name)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                                             "NameHasOwner", g_variant_new ("(s)", name), G_VARIANT_TYPE ("(b)"),
                                                             G_DBUS_CALL_FLAGS_NONE, 1000, NULL, NULL);
  gboolean has = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &has);
  return has;
}

gboolean
adit_world_wait_owner (AditWorld *self, const char *name, GError **error)
{
  for (guint i = 0; i < 2000; i++)
    {
      if (has_owner (self, name))
        return TRUE;
      g_usleep (5000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not come up on the bus", name);
  return FALSE;
}

/* A helper that was killed a moment ago is still on the bus for that moment, and would be taken for the next one. */
void
adit_world_wait_nobody (AditWorld *self, const char *name)
{
  for (guint i = 0; i < 1000 && has_owner (self, name); i++)
    g_usleep (1000);
}

static gboolean
start_bus (AditWorld *self, AditWorldFlags flags, GError **error)
{
  const char *const argv[] = { "/usr/bin/dbus-daemon", "--config-file=" BUS_CONF, "--nofork", "--nopidfile", NULL };
  g_autofree char *resolved = flags & ADIT_WORLD_RESOLVED
    ? g_strdup_printf ("<include>%s/usr/share/dbus-1/system.d/org.freedesktop.resolve1.conf</include>",
                       adit_world_get_program ("ADIT_LAB_RESOLVED"))
    : g_strdup ("");
  g_autofree char *text = g_strdup_printf (bus_configuration, adit_world_get_program ("ADIT_LAB_DATA"), resolved);

  adit_world_write_file (BUS_CONF, text, 0644);
  if (adit_lab_spawn_logged (NULL, 0, argv, ADIT_WORLD_LOG, NULL, error) == 0)
    return FALSE;
  for (guint i = 0; i < 1000 && self->bus == NULL; i++)
    {
      g_usleep (5000);
      g_clear_error (error);
      self->bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, error);
    }
  return self->bus != NULL;
}

/**
 * adit_world_can_resolved:
 *
 * Returns: whether a world with %ADIT_WORLD_RESOLVED can be made here; if not, why was said
 */
gboolean
adit_world_can_resolved (void)
{
  const char *folder = g_getenv ("ADIT_LAB_RESOLVED");
  g_autofree char *complete = folder != NULL ? g_build_filename (folder, "complete", NULL) : NULL;

  if (complete != NULL && access (complete, F_OK) == 0)
    return TRUE;
  g_printerr ("SKIP: ADIT_LAB_RESOLVED names no unpacked systemd-resolved\n");
  return FALSE;
}

static gboolean
spawn_resolved (AditWorld *self, const char *multicast, GError **error)
{
  g_autofree char *path = g_build_filename (adit_world_get_program ("ADIT_LAB_RESOLVED"), "lib/systemd/systemd-resolved", NULL);
  g_autofree char *text = g_strdup_printf ("[Resolve]\nFallbackDNS=\nLLMNR=%s\nMulticastDNS=%s\n", multicast, multicast);
  const char *const argv[] = { path, NULL };

  adit_world_make_directory ("/run/systemd/resolve");
  g_assert_cmpint (chown ("/run/systemd/resolve", 61013, 61013), ==, 0);
  adit_world_write_file ("/etc/systemd/resolved.conf", text, 0644);
  self->resolved = adit_lab_spawn_logged ("client", 0, argv, ADIT_WORLD_LOG, NULL, error);
  return self->resolved != 0 && adit_world_wait_owner (self, "org.freedesktop.resolve1", error);
}

static gboolean
start_resolved (AditWorld *self, GError **error)
{
  if (unlink ("/etc/resolv.conf") != 0 || symlink ("/run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf") != 0)
    g_error ("cannot link /etc/resolv.conf: %s", g_strerror (errno));
  return spawn_resolved (self, "no", error);
}

/* As DHCP would: the uplink's resolver, known to resolved. */
static gboolean
give_link_dns (AditWorld *self, GError **error)
{
  g_autofree char *line = NULL;
  g_autoptr (GVariant) answer = NULL;
  const guint8 address[] = { 192, 0, 2, 53 };
  GVariantBuilder servers;
  guint index;
  int back;

  if (!adit_lab_switch ("client", &back, error))
    return FALSE;
  index = if_nametoindex ("eth0");
  adit_lab_switch_back (back);
  g_variant_builder_init (&servers, G_VARIANT_TYPE ("a(iay)"));
  g_variant_builder_add (&servers, "(i@ay)", AF_INET, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, address, 4, 1));
  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.resolve1", "/org/freedesktop/resolve1",
                                        "org.freedesktop.resolve1.Manager", "SetLinkDNS",
                                        g_variant_new ("(ia(iay))", (gint) index, &servers), NULL, G_DBUS_CALL_FLAGS_NONE, 5000,
                                        NULL, error);
  return answer != NULL;
}

/**
 * adit_world_restart_resolved:
 * @self: a world with %ADIT_WORLD_RESOLVED
 * @multicast: "yes" or "no": whether it also asks the link's neighbours (LLMNR, multicast DNS)
 * @reboot: whether it has forgotten everything, as at the computer's next start; the uplink's resolver is told to it again
 */
void
adit_world_restart_resolved (AditWorld *self, const char *multicast, gboolean reboot)
{
  g_autoptr (GError) error = NULL;

  kill (self->resolved, SIGTERM);
  while (waitpid (self->resolved, NULL, 0) < 0 && errno == EINTR)
    ;
  if ((reboot && !adit_lab_run_line (NULL, "rm -rf /run/systemd/resolve", &error)) || !spawn_resolved (self, multicast, &error) ||
      (reboot && !give_link_dns (self, &error)))
    g_error ("%s", error->message);
}

static gboolean
start_polkit (AditWorld *self, GError **error)
{
  const char *const argv[] = { "/usr/lib/polkit-1/polkitd", "--no-debug", NULL };

  return adit_lab_spawn_logged (NULL, 0, argv, ADIT_WORLD_LOG, NULL, error) != 0 &&
         adit_world_wait_owner (self, "org.freedesktop.PolicyKit1", error);
}

/* It finds the sessions as an earlier one would have left them. */
static gboolean
start_logind (AditWorld *self, GError **error)
{
  const char *const argv[] = { "/lib/systemd/systemd-logind", NULL };

  return adit_lab_spawn_logged (NULL, 0, argv, ADIT_WORLD_LOG, NULL, error) != 0 &&
         adit_world_wait_owner (self, "org.freedesktop.login1", error);
}

gboolean
adit_world_start_desktop (AditWorld *self, AditWorldFlags flags, GError **error)
{
  if (!start_bus (self, flags, error))
    return FALSE;
  if ((flags & ADIT_WORLD_POLKIT) &&
      (!adit_world_make_sessions (flags & ADIT_WORLD_PEOPLE ? ADIT_WORLD_N_SESSIONS : 1, error) ||
       ((flags & ADIT_WORLD_LOGIND) && !start_logind (self, error)) || !start_polkit (self, error)))
    return FALSE;
  if ((flags & ADIT_WORLD_NETWORKMANAGER) && !adit_world_prepare_networkmanager (self, error))
    return FALSE;
  return !(flags & ADIT_WORLD_RESOLVED) || (start_resolved (self, error) && give_link_dns (self, error));
}
