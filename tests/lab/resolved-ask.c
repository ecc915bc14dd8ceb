/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolved-ask.c: org.freedesktop.resolve1 from outside the product, so no test believes the product's own reading. */
#include "tests/lab/resolved-ask.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include "tests/lab/lab.h"

#define BUS     "unix:path=/run/dbus/system_bus_socket"
#define NAME    "org.freedesktop.resolve1"
#define ROOT    "/org/freedesktop/resolve1"
#define WAIT_MS 10000    /* for what it answers by itself */

struct _ResolvedAsk { GDBusConnection *bus; };

/**
 * resolved_ask_new:
 *
 * Returns: (transfer full): to be used once there is a world; it goes to the bus when it is first used
 */
ResolvedAsk *
resolved_ask_new (void)
{
  return g_new0 (ResolvedAsk, 1);
}

/**
 * resolved_ask_free:
 * @self: (transfer full): from resolved_ask_new()
 */
void
resolved_ask_free (ResolvedAsk *self)
{
  g_clear_object (&self->bus);
  g_free (self);
}

static GVariant *
call (ResolvedAsk *self, const char *path, const char *interface, const char *method, GVariant *arguments, guint max_ms,
      GError **error)
{
  if (self->bus == NULL)
    self->bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                        G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, error);
  if (self->bus == NULL)
    return NULL;
  return g_dbus_connection_call_sync (self->bus, NAME, path, interface, method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE,
                                      (int) max_ms, NULL, error);
}

/* The link's number where resolved is, not where the test is. */
static int
get_index (const char *link)
{
  g_autoptr (GError) error = NULL;
  int back, index;

  if (!adit_lab_switch ("client", &back, &error))
    g_error ("%s", error->message);
  index = (int) if_nametoindex (link);
  adit_lab_switch_back (back);
  if (index == 0)
    g_error ("there is no link %s", link);
  return index;
}

/**
 * resolved_ask_name:
 * @self: the asker
 * @link: (nullable): the only link to ask by
 * @name: a name
 * @max_ms: how long at the most
 *
 * Asks for an IPv4 address by the bus, as nss-resolve and desktop programs do.
 *
 * Returns: (transfer full): the answer as GVariant text, or why there is none
 */
char *
resolved_ask_name (ResolvedAsk *self, const char *link, const char *name, guint max_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, ROOT, NAME ".Manager", "ResolveHostname",
                                      g_variant_new ("(isit)", link != NULL ? get_index (link) : 0, name, AF_INET, (guint64) 0),
                                      max_ms, &error);

  return answer != NULL ? g_variant_print (answer, FALSE) : g_strdup (error->message);
}

/**
 * resolved_ask_set_link:
 * @self: the asker
 * @method: a method of the manager whose arguments are a link's number and a value
 * @link: a link
 * @value: (transfer floating): the value
 */
void
resolved_ask_set_link (ResolvedAsk *self, const char *method, const char *link, GVariant *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, ROOT, NAME ".Manager", method, g_variant_new ("(i@*)", get_index (link), value),
                                      WAIT_MS, &error);

  if (answer == NULL)
    g_error ("%s %s: %s", method, link, error->message);
}

/**
 * resolved_ask_set_servers:
 * @self: the asker
 * @link: a link
 * @servers: (array zero-terminated=1): addresses
 */
void
resolved_ask_set_servers (ResolvedAsk *self, const char *link, const char *const *servers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(iay)"));
  for (guint i = 0; servers[i] != NULL; i++)
    {
      gboolean v6 = strchr (servers[i], ':') != NULL;
      guint8 bytes[16];

      g_assert_cmpint (inet_pton (v6 ? AF_INET6 : AF_INET, servers[i], bytes), ==, 1);
      g_variant_builder_add (&builder, "(i@ay)", v6 ? AF_INET6 : AF_INET,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, v6 ? 16 : 4, 1));
    }
  resolved_ask_set_link (self, "SetLinkDNS", link, g_variant_builder_end (&builder));
}

/**
 * resolved_ask_revert:
 * @self: the asker
 * @link: a link, which is as new afterwards
 */
void
resolved_ask_revert (ResolvedAsk *self, const char *link)
{
  g_autoptr (GVariant) answer = call (self, ROOT, NAME ".Manager", "RevertLink", g_variant_new ("(i)", get_index (link)), WAIT_MS,
                                      NULL);
}

static GVariant *
get_property (ResolvedAsk *self, const char *link, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) object = call (self, ROOT, NAME ".Manager", "GetLink", g_variant_new ("(i)", get_index (link)), WAIT_MS,
                                      &error);
  g_autoptr (GVariant) answer = NULL;
  GVariant *value;
  const char *path;

  if (object == NULL)
    g_error ("%s: %s", link, error->message);
  g_variant_get (object, "(&o)", &path);
  answer = call (self, path, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", NAME ".Link", name), WAIT_MS,
                 &error);
  if (answer == NULL)
    g_error ("%s of %s: %s", name, link, error->message);
  g_variant_get (answer, "(v)", &value);
  return value;
}

/**
 * resolved_ask_dup_servers:
 * @self: the asker
 * @link: a link
 *
 * Returns: (transfer full): its resolvers, in order, separated by blanks
 */
char *
resolved_ask_dup_servers (ResolvedAsk *self, const char *link)
{
  g_autoptr (GVariant) servers = get_property (self, link, "DNS");
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    {
      g_autoptr (GVariant) bytes = NULL;
      char address[INET6_ADDRSTRLEN];
      gsize n;
      int family;

      g_variant_get_child (servers, i, "(i@ay)", &family, &bytes);
      inet_ntop (family, g_variant_get_fixed_array (bytes, &n, 1), address, sizeof address);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", address);
    }
  return g_string_free (text, FALSE);
}

/**
 * resolved_ask_is_default:
 * @self: the asker
 * @link: a link
 *
 * Returns: whether it is asked for names that belong to no link
 */
gboolean
resolved_ask_is_default (ResolvedAsk *self, const char *link)
{
  g_autoptr (GVariant) value = get_property (self, link, "DefaultRoute");

  return g_variant_get_boolean (value);
}
