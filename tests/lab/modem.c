/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modem.c: no kernel of Debian's simulates a modem, and ModemManager wants to speak with one.  We stand in for ModemManager on
 * the bus, with the objects of its D-Bus documentation that NetworkManager asks for; the rest is real: NetworkManager makes the
 * device, joins by a profile of its own, and gives the data port the addresses that the operator names. */
#include "tests/lab/modem.h"

#include <string.h>

#define BUS     "unix:path=/run/dbus/system_bus_socket"
#define NAME    "org.freedesktop.ModemManager1"
#define ROOT    "/org/freedesktop/ModemManager1"
#define MODEM   ROOT "/Modem/0"
#define SIM     ROOT "/SIM/0"
#define BEARER  ROOT "/Bearer/0"
#define WAIT_MS 60000    /* for a busy machine */
#define WAIT_US 20000
#define NET     "10.15.0.0/24"
#define NET6    "2001:db8:15::/64"

/* MMModemState, MMModemStateChangeReason, MMModemCapability, MMModemLock, MMModemPowerState, MMBearerIpFamily, MMBearerIpMethod
 * and MMModem3gppRegistrationState: ModemManager-enums.h. */
enum { DISABLED = 3, SEARCHING = 7, REGISTERED = 8, CONNECTED = 11 };
enum { BY_USER = 1, BY_FAILURE = 3 };
enum { CAN_LTE = 1 << 3, UNLOCKED = 1, POWERED = 3, IPV4V6 = 1 << 2, METHOD_STATIC = 2, AT_HOME = 1 };

static const char xml[] =
  "<node>"
  "<interface name='org.freedesktop.DBus.ObjectManager'>"
  "<method name='GetManagedObjects'><arg type='a{oa{sa{sv}}}' direction='out'/></method></interface>"
  "<interface name='" NAME ".Modem'>"
  "<method name='Enable'><arg type='b' direction='in'/></method>"
  "<property name='Sim' type='o' access='read'/><property name='Device' type='s' access='read'/>"
  "<property name='Drivers' type='as' access='read'/><property name='PrimaryPort' type='s' access='read'/>"
  "<property name='DeviceIdentifier' type='s' access='read'/><property name='State' type='i' access='read'/>"
  "<property name='AccessTechnologies' type='u' access='read'/><property name='CurrentCapabilities' type='u' access='read'/>"
  "<property name='SupportedIpFamilies' type='u' access='read'/><property name='UnlockRequired' type='u' access='read'/>"
  "<property name='PowerState' type='u' access='read'/></interface>"
  "<interface name='" NAME ".Modem.Simple'>"
  "<method name='Connect'><arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
  "<method name='Disconnect'><arg type='o' direction='in'/></method></interface>"
  "<interface name='" NAME ".Modem.Modem3gpp'>"
  "<property name='OperatorCode' type='s' access='read'/><property name='RegistrationState' type='u' access='read'/></interface>"
  "<interface name='" NAME ".Sim'>"
  "<property name='SimIdentifier' type='s' access='read'/></interface>"
  "<interface name='" NAME ".Bearer'>"
  "<property name='Interface' type='s' access='read'/><property name='Connected' type='b' access='read'/>"
  "<property name='Ip4Config' type='a{sv}' access='read'/><property name='Ip6Config' type='a{sv}' access='read'/></interface>"
  "</node>";

static const struct { const char *path, *interface; } objects[] = {
  { ROOT, "org.freedesktop.DBus.ObjectManager" }, { MODEM, NAME ".Modem" }, { MODEM, NAME ".Modem.Simple" },
  { MODEM, NAME ".Modem.Modem3gpp" }, { SIM, NAME ".Sim" }, { BEARER, NAME ".Bearer" },
};

struct _Modem
{
  AditWorld       *world;
  GDBusConnection *bus;
  GDBusNodeInfo   *info;
  GThread         *thread;
  GMainLoop       *loop;         /* in that thread */
  GMutex           mutex;        /* of the rest */
  gboolean         is_plugged, is_covered;
  gint32           state;
  ModemCarrier     carrier;
  GDBusMethodInvocation *waiting;    /* (nullable): who wants to join, until the operator is heard */
};

/* --- What it says ----------------------------------------------------------------------------------------------------------- */

static GVariant *
get_modem (Modem *self, const char *name)
{
  static const char *const drivers[] = { "cdc_mbim" };

  if (g_str_equal (name, "Sim"))
    return g_variant_new_object_path (SIM);
  if (g_str_equal (name, "Drivers"))
    return g_variant_new_strv (drivers, G_N_ELEMENTS (drivers));
  if (g_str_equal (name, "State"))
    return g_variant_new_int32 (self->state);
  if (g_str_equal (name, "AccessTechnologies"))
    return g_variant_new_uint32 (self->carrier.technology);
  if (g_str_equal (name, "CurrentCapabilities"))
    return g_variant_new_uint32 (CAN_LTE);
  if (g_str_equal (name, "SupportedIpFamilies"))
    return g_variant_new_uint32 (IPV4V6);
  if (g_str_equal (name, "UnlockRequired"))
    return g_variant_new_uint32 (UNLOCKED);
  if (g_str_equal (name, "PowerState"))
    return g_variant_new_uint32 (POWERED);
  return g_variant_new_string (g_str_equal (name, "PrimaryPort") ? MODEM_PORT : "lab-modem");
}

static GVariant *
get_addresses (const char *address, guint32 prefix, const char *gateway, const char *resolver)
{
  GVariantBuilder config;

  g_variant_builder_init (&config, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&config, "{sv}", "method", g_variant_new_uint32 (METHOD_STATIC));
  g_variant_builder_add (&config, "{sv}", "address", g_variant_new_string (address));
  g_variant_builder_add (&config, "{sv}", "prefix", g_variant_new_uint32 (prefix));
  g_variant_builder_add (&config, "{sv}", "gateway", g_variant_new_string (gateway));
  if (resolver != NULL)
    g_variant_builder_add (&config, "{sv}", "dns1", g_variant_new_string (resolver));
  return g_variant_builder_end (&config);
}

static GVariant *
get_bearer (Modem *self, const char *name)
{
  if (g_str_equal (name, "Interface"))
    return g_variant_new_string (MODEM_CLIENT);
  if (g_str_equal (name, "Connected"))
    return g_variant_new_boolean (self->state == CONNECTED);
  return g_str_equal (name, "Ip4Config") ? get_addresses ("10.15.0.2", 24, "10.15.0.1", ADIT_LAB_DNS_ADDRESS)
                                         : get_addresses ("2001:db8:15::2", 64, "2001:db8:15::1", NULL);
}

static GVariant *
get_property (Modem *self, const char *interface, const char *name)
{
  if (g_str_equal (interface, NAME ".Modem"))
    return get_modem (self, name);
  if (g_str_equal (interface, NAME ".Bearer"))
    return get_bearer (self, name);
  if (g_str_equal (name, "RegistrationState"))
    return g_variant_new_uint32 (AT_HOME);
  return g_variant_new_string (g_str_equal (name, "SimIdentifier") ? self->carrier.sim : self->carrier.operator);
}

static GVariant *
on_get (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name, GError **error,
        gpointer user_data)
{
  Modem *self = user_data;
  GVariant *value;

  g_mutex_lock (&self->mutex);
  value = get_property (self, interface, name);
  g_mutex_unlock (&self->mutex);
  return value;
}

/* All that the modem's object has, as the object manager hands it out: a{sa{sv}}. */
static GVariant *
get_interfaces (Modem *self)
{
  GVariantBuilder all, one;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{sa{sv}}"));
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      GDBusInterfaceInfo *info = g_dbus_node_info_lookup_interface (self->info, objects[i].interface);

      if (!g_str_equal (objects[i].path, MODEM))
        continue;
      g_variant_builder_init (&one, G_VARIANT_TYPE_VARDICT);
      for (guint j = 0; info->properties != NULL && info->properties[j] != NULL; j++)
        g_variant_builder_add (&one, "{sv}", info->properties[j]->name,
                               get_property (self, objects[i].interface, info->properties[j]->name));
      g_variant_builder_add (&all, "{sa{sv}}", objects[i].interface, &one);
    }
  return g_variant_builder_end (&all);
}

static GVariant *
get_objects (Modem *self)
{
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  if (self->is_plugged)
    g_variant_builder_add (&all, "{o@a{sa{sv}}}", MODEM, get_interfaces (self));
  return g_variant_new ("(a{oa{sa{sv}}})", &all);
}

/* --- What it does ----------------------------------------------------------------------------------------------------------- */

static void
tell (Modem *self, const char *path, const char *interface, const char *signal, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->bus, NULL, path, interface, signal, arguments, &error);
  g_assert_no_error (error);
}

static void
tell_changed (Modem *self, const char *path, const char *interface, const char *name)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", name, get_property (self, interface, name));
  tell (self, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        g_variant_new ("(sa{sv}as)", interface, &changed, NULL));
}

static void
run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s: %s", line, error->message);
}

/* Its port has a carrier while it has joined, as that of a real one. */
static void
set_state (Modem *self, gint32 state, guint32 reason)
{
  gint32 before = self->state;

  if (before == state)
    return;
  self->state = state;
  if (state == CONNECTED)
    run (NULL, "ip -n router link set " MODEM_CARRIER " up");
  else if (before == CONNECTED)
    run (NULL, "ip -n router link set " MODEM_CARRIER " down");
  tell_changed (self, MODEM, NAME ".Modem", "State");
  if (before == CONNECTED || state == CONNECTED)
    tell_changed (self, BEARER, NAME ".Bearer", "Connected");
  tell (self, MODEM, NAME ".Modem", "StateChanged", g_variant_new ("(iiu)", before, state, reason));
}

static void
join (Modem *self, GDBusMethodInvocation *call)
{
  set_state (self, CONNECTED, BY_USER);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", BEARER));
}

static void
give_up (Modem *self)
{
  if (self->waiting != NULL)
    g_dbus_method_invocation_return_dbus_error (g_steal_pointer (&self->waiting), NAME ".Error.Core.Cancelled", "Given up");
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *arguments, GDBusMethodInvocation *call, gpointer user_data)
{
  Modem *self = user_data;
  gboolean enable;

  g_mutex_lock (&self->mutex);
  if (g_str_equal (method, "GetManagedObjects"))
    g_dbus_method_invocation_return_value (call, get_objects (self));
  else if (g_str_equal (method, "Connect"))
    {
      give_up (self);
      if (self->is_covered)
        join (self, call);
      else
        self->waiting = call;
    }
  else
    {
      if (g_str_equal (method, "Enable"))
        {
          g_variant_get (arguments, "(b)", &enable);
          set_state (self, !enable ? DISABLED : self->is_covered ? REGISTERED : SEARCHING, BY_USER);
        }
      else
        {
          give_up (self);
          set_state (self, MIN (self->state, REGISTERED), BY_USER);
        }
      g_dbus_method_invocation_return_value (call, NULL);
    }
  g_mutex_unlock (&self->mutex);
}

/* Who asks waits for the answer, so it comes from another thread. */
static gpointer
stand_in (gpointer user_data)
{
  static const GDBusInterfaceVTable calls = { .method_call = on_call, .get_property = on_get };
  Modem *self = user_data;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (g_main_loop_get_context (self->loop));
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_dbus_connection_register_object (self->bus, objects[i].path,
                                         g_dbus_node_info_lookup_interface (self->info, objects[i].interface), &calls, self,
                                         NULL, &error);
      g_assert_no_error (error);
    }
  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", NAME, 4u), NULL, G_DBUS_CALL_FLAGS_NONE, WAIT_MS, NULL, &error);
  g_assert_no_error (error);
  g_main_loop_run (self->loop);
  return NULL;
}

/**
 * modem_new:
 * @world: a world with %ADIT_WORLD_NETWORKMANAGER, in which it does not run yet
 *
 * Gives the client the data port, and the router its other end, behind which are 10.15.0.0/24, 2001:db8:15::/64 and the internet.
 *
 * Returns: (transfer full): a modem that is not plugged in, within reach of its operators
 */
Modem *
modem_new (AditWorld *world)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  Modem *self = g_new0 (Modem, 1);

  self->world = world;
  self->is_covered = TRUE;
  self->info = g_dbus_node_info_new_for_xml (xml, NULL);
  self->loop = g_main_loop_new (context, FALSE);
  g_mutex_init (&self->mutex);
  adit_world_add_plugins (world);
  run (NULL, "ip -n client link add " MODEM_CLIENT " type veth peer name " MODEM_CARRIER " netns router");
  run ("router", "sysctl -qw net.ipv6.conf." MODEM_CARRIER ".keep_addr_on_down=1");
  run (NULL, "ip -n router addr add 10.15.0.1/24 dev " MODEM_CARRIER);
  run (NULL, "ip -n router addr add 2001:db8:15::1/64 dev " MODEM_CARRIER " nodad");
  self->bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                      G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  if (self->bus == NULL || !adit_lab_masquerade ("router", "br-wan", NET, NET6, &error))
    g_error ("%s", error->message);
  self->thread = g_thread_new ("modem", stand_in, self);
  return self;
}

/**
 * modem_free:
 * @self: a modem, plugged in or not
 */
void
modem_free (Modem *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_object_unref (self->bus);
  g_main_loop_unref (self->loop);
  g_dbus_node_info_unref (self->info);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * modem_add_profile:
 * @self: a modem, in a world with a running NetworkManager
 *
 * The profile "mobile" of %MODEM_APN, which NetworkManager joins by itself once the modem is there.
 */
void
modem_add_profile (Modem *self)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (self->world, "connection add type gsm con-name mobile ifname " MODEM_PORT
                                                       " apn " MODEM_APN " ipv4.method auto ipv6.method auto");

  if (result->status != 0)
    g_error ("%s", result->err);
}

/**
 * modem_plug_in:
 * @self: a modem that is not plugged in
 * @carrier: what card is in it, and whose network it joins
 */
void
modem_plug_in (Modem *self, const ModemCarrier *carrier)
{
  g_mutex_lock (&self->mutex);
  self->carrier = *carrier;
  self->is_plugged = TRUE;
  self->state = DISABLED;
  tell (self, ROOT, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded",
        g_variant_new ("(o@a{sa{sv}})", MODEM, get_interfaces (self)));
  g_mutex_unlock (&self->mutex);
}

/**
 * modem_take_out:
 * @self: a modem that is plugged in
 */
void
modem_take_out (Modem *self)
{
  static const char *const interfaces[] = { NAME ".Modem", NAME ".Modem.Simple", NAME ".Modem.Modem3gpp", NULL };

  g_mutex_lock (&self->mutex);
  give_up (self);
  set_state (self, DISABLED, BY_FAILURE);
  self->is_plugged = FALSE;
  tell (self, ROOT, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", g_variant_new ("(o^as)", MODEM, interfaces));
  g_mutex_unlock (&self->mutex);
  modem_wait_active (self, FALSE);
}

/**
 * modem_set_covered:
 * @self: a modem that is plugged in
 * @is_covered: whether its operator is heard where it is
 */
void
modem_set_covered (Modem *self, gboolean is_covered)
{
  g_mutex_lock (&self->mutex);
  self->is_covered = is_covered;
  set_state (self, is_covered ? REGISTERED : SEARCHING, BY_FAILURE);
  if (is_covered && self->waiting != NULL)
    join (self, g_steal_pointer (&self->waiting));
  g_mutex_unlock (&self->mutex);
}

/**
 * modem_set_technology:
 * @self: a modem that is plugged in
 * @technology: how it has joined from now on; it stays joined
 */
void
modem_set_technology (Modem *self, guint32 technology)
{
  g_mutex_lock (&self->mutex);
  self->carrier.technology = technology;
  tell_changed (self, MODEM, NAME ".Modem", "AccessTechnologies");
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_active (Modem *self)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (self->world, "-g GENERAL.TYPE,GENERAL.STATE,GENERAL.IP-IFACE device show "
                                                       MODEM_PORT);

  return g_str_has_prefix (result->out, "gsm\n100 ") && strstr (result->out, "\n" MODEM_CLIENT "\n") != NULL;
}

/**
 * modem_wait_active:
 * @self: a modem
 * @wanted: whether NetworkManager has its device in use
 *
 * Returns when that is so.
 */
void
modem_wait_active (Modem *self, gboolean wanted)
{
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000L;

  while (is_active (self) != wanted)
    {
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (self->world);
          g_error ("NetworkManager's modem is%s in use", wanted ? " not" : "");
        }
      g_usleep (WAIT_US);
    }
}
