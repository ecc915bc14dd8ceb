/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolved-client.c: org.freedesktop.resolve1 as documented in org.freedesktop.resolve1(5). */
#define G_LOG_DOMAIN "adit-dns"

#include "platform/linux/resolved-client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "platform/linux/bus-call.h"
#include "platform/linux/resolv-conf.h"

#define MANAGER_INTERFACE "org.freedesktop.resolve1.Manager"
#define LINK_INTERFACE    "org.freedesktop.resolve1.Link"
#define FILE_MAX_BYTES    (64 * 1024)

static gboolean
fail (GError **error, GError *cause, const char *method)
{
  g_dbus_error_strip_remote_error (cause);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "systemd-resolved refused %s: %s", method, cause->message);
  return FALSE;
}

/**
 * adit_resolved_is_there:
 * @bus: the system bus
 * @or_activatable: whether one that the bus would start counts
 *
 * Returns: whether somebody answers to its name
 */
gboolean
adit_resolved_is_there (GDBusConnection *bus, gboolean or_activatable)
{
  return adit_bus_has_name (bus, ADIT_RESOLVED_NAME, or_activatable);
}

/**
 * adit_resolved_rules_file:
 * @path: "/etc/resolv.conf"
 *
 * Programs that read the file themselves reach resolved only if it is one of resolved's own (as a link or mounted there), has
 * their bytes, which resolved's own ResolvConfMode compares in the same way, or names nobody but its stub: NetworkManager writes
 * such a one where it tells resolved and there is no link.
 *
 * Returns: whether the file leads to resolved
 */
gboolean
adit_resolved_rules_file (const char *path)
{
  static const char *const own[] = { ADIT_RESOLVED_DIRECTORY "/stub-resolv.conf", ADIT_RESOLVED_DIRECTORY "/resolv.conf",
                                     "/usr/lib/systemd/resolv.conf", "/lib/systemd/resolv.conf" };
  static const char *const stubs[] = { "127.0.0.53", "127.0.0.54" };    /* systemd-resolved.service(8) */
  g_autofree char *text = NULL, *real = NULL;
  AditAddress addresses[G_N_ELEMENTS (stubs)];
  struct stat status, other;

  if (stat (path, &status) < 0)
    return FALSE;
  /* Behind all links, since they are not followed when it is read. */
  real = realpath (path, NULL);
  text = real != NULL ? adit_file_read (real, FILE_MAX_BYTES, NULL, NULL) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autofree char *own_text = NULL;

      if (stat (own[i], &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino)
        return TRUE;
      own_text = text != NULL ? adit_file_read (own[i], FILE_MAX_BYTES, NULL, NULL) : NULL;
      if (own_text != NULL && strcmp (own_text, text) == 0 && strstr (text, "nameserver") != NULL)
        return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (stubs); i++)
    (void) adit_address_parse (stubs[i], &addresses[i]);
  return text != NULL && adit_resolv_conf_names_only (text, addresses, G_N_ELEMENTS (addresses));
}

static GVariant *
call (GDBusConnection *bus, const char *path, const char *interface, const char *method, GVariant *arguments,
      const GVariantType *type, GError **error)
{
  static AditBusPeer peer = { .name = ADIT_RESOLVED_NAME };

  return adit_bus_call (bus, &peer, path, interface, method, arguments, type, G_DBUS_CALL_FLAGS_NONE, error);
}

/**
 * adit_resolved_call:
 * @bus: the system bus
 * @method: a method of the manager that answers nothing
 * @arguments: (nullable) (transfer floating): its arguments
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: whether it was done
 */
gboolean
adit_resolved_call (GDBusConnection *bus, const char *method, GVariant *arguments, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) answer = call (bus, ADIT_RESOLVED_PATH, MANAGER_INTERFACE, method, arguments, NULL, &local);

  return answer != NULL || fail (error, local, method);
}

/**
 * adit_resolved_revert_link:
 * @bus: the system bus
 * @link: a device's number
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: whether nothing set by us is left on @link; a device that has just gone, or come, and is not known there has nothing
 */
gboolean
adit_resolved_revert_link (GDBusConnection *bus, int link, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) answer = call (bus, ADIT_RESOLVED_PATH, MANAGER_INTERFACE, "RevertLink", g_variant_new ("(i)", link), NULL,
                                      &local);
  g_autofree char *name = local != NULL ? g_dbus_error_get_remote_error (local) : NULL;

  return answer != NULL || g_strcmp0 (name, "org.freedesktop.resolve1.NoSuchLink") == 0 || fail (error, local, "RevertLink");
}

/**
 * adit_resolved_call_optional:
 * @bus: the system bus
 * @method: a method that older versions do not have
 * @arguments: (nullable) (transfer floating): its arguments
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: whether it was done, or this version cannot do it
 */
gboolean
adit_resolved_call_optional (GDBusConnection *bus, const char *method, GVariant *arguments, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) answer = call (bus, ADIT_RESOLVED_PATH, MANAGER_INTERFACE, method, arguments, NULL, &local);

  if (answer != NULL)
    return TRUE;
  /* NOT_SUPPORTED: built without that protocol. */
  if (g_error_matches (local, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
      g_error_matches (local, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED))
    {
      g_debug ("this systemd-resolved has no %s", method);
      return TRUE;
    }
  return fail (error, local, method);
}

static GVariant *
servers_to_variant (const AditAddress *servers, guint n_servers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(iay)"));
  for (guint i = 0; i < n_servers; i++)
    {
      gboolean is_ipv4 = servers[i].family == ADIT_FAMILY_IPV4;

      g_variant_builder_add (&builder, "(i@ay)", is_ipv4 ? AF_INET : AF_INET6,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, servers[i].bytes, is_ipv4 ? 4 : 16, 1));
    }
  return g_variant_builder_end (&builder);
}

/**
 * adit_resolved_set_servers:
 * @bus: the system bus
 * @link: interface index
 * @servers: (array length=n_servers): resolvers
 * @n_servers: how many
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Makes @servers those of @link, and @link the one that every name is asked through ("~.": org.freedesktop.resolve1(5)).
 *
 * Returns: whether it was done
 */
gboolean
adit_resolved_set_servers (GDBusConnection *bus, int link, const AditAddress *servers, guint n_servers, GError **error)
{
  return adit_resolved_call (bus, "SetLinkDNS", g_variant_new ("(i@a(iay))", link, servers_to_variant (servers, n_servers)),
                             error) &&
         adit_resolved_call (bus, "SetLinkDomains",
                             g_variant_new ("(i@a(sb))", link, g_variant_new_parsed ("[('.', true)]")), error);
}

static GVariant *
get_property (GDBusConnection *bus, int link, const char *name, const GVariantType *type, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) object = call (bus, ADIT_RESOLVED_PATH, MANAGER_INTERFACE, "GetLink", g_variant_new ("(i)", link),
                                      G_VARIANT_TYPE ("(o)"), &local);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) value = NULL;
  const char *path;

  if (object != NULL)
    {
      g_variant_get (object, "(&o)", &path);
      answer = call (bus, path, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", LINK_INTERFACE, name),
                     G_VARIANT_TYPE ("(v)"), &local);
    }
  if (answer == NULL)
    {
      fail (error, local, name);
      return NULL;
    }
  g_variant_get (answer, "(v)", &value);
  if (g_variant_is_of_type (value, type))
    return g_steal_pointer (&value);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "systemd-resolved answered %s in a form that is not its own", name);
  return NULL;
}

/**
 * adit_resolved_has_servers:
 * @bus: the system bus
 * @link: interface index
 * @servers: (array length=n_servers): resolvers
 * @n_servers: how many
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Reads back what adit_resolved_set_servers() did.
 *
 * Returns: whether @link has exactly @servers and is asked for every name
 */
gboolean
adit_resolved_has_servers (GDBusConnection *bus, int link, const AditAddress *servers, guint n_servers, GError **error)
{
  g_autoptr (GVariant) wanted = g_variant_ref_sink (servers_to_variant (servers, n_servers));
  g_autoptr (GVariant) domains_wanted = g_variant_ref_sink (g_variant_new_parsed ("[('.', true)]"));
  g_autoptr (GVariant) found = get_property (bus, link, "DNS", G_VARIANT_TYPE ("a(iay)"), error);
  g_autoptr (GVariant) domains = NULL;

  if (found == NULL)
    return FALSE;
  domains = get_property (bus, link, "Domains", G_VARIANT_TYPE ("a(sb)"), error);
  if (domains == NULL)
    return FALSE;
  if (g_variant_equal (wanted, found) && g_variant_equal (domains_wanted, domains))
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "systemd-resolved does not hold the tunnel's resolvers");
  return FALSE;
}

/**
 * adit_resolved_get_default_route:
 * @bus: the system bus
 * @link: interface index
 * @is_default: (out): whether it is asked for names that belong to no link
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: whether it could be read
 */
gboolean
adit_resolved_get_default_route (GDBusConnection *bus, int link, gboolean *is_default, GError **error)
{
  g_autoptr (GVariant) value = get_property (bus, link, "DefaultRoute", G_VARIANT_TYPE_BOOLEAN, error);

  if (value == NULL)
    return FALSE;
  *is_default = g_variant_get_boolean (value);
  return TRUE;
}

/**
 * adit_resolved_get_domains:
 * @bus: the system bus
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: (transfer full) (nullable): a(isb): link or 0, domain, whether it only says who is asked; "." stands for every name
 */
GVariant *
adit_resolved_get_domains (GDBusConnection *bus, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) answer = call (bus, ADIT_RESOLVED_PATH, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", MANAGER_INTERFACE, "Domains"), G_VARIANT_TYPE ("(v)"), &local);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    {
      fail (error, local, "Domains");
      return NULL;
    }
  g_variant_get (answer, "(v)", &value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a(isb)")))
    return g_steal_pointer (&value);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "systemd-resolved answered Domains in a form that is not its own");
  return NULL;
}
