/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status-item.c: a StatusNotifierItem (freedesktop.org), as small as hosts take it: an icon with words and a menu, which raises
 * the window.  Where nobody shows it nothing of it is on the bus. */
#include "config.h"
#include "ui/status-item.h"

#include "ui/look.h"
#include "ui/status-menu.h"

#define WATCHER      "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"
#define ITEM         "org.kde.StatusNotifierItem"
#define ITEM_PATH    "/StatusNotifierItem"

static const char introspection[] =
  "<node><interface name='" ITEM "'>"
  "<property name='Category' type='s' access='read'/><property name='Id' type='s' access='read'/>"
  "<property name='Title' type='s' access='read'/><property name='Status' type='s' access='read'/>"
  "<property name='IconName' type='s' access='read'/><property name='ItemIsMenu' type='b' access='read'/>"
  "<property name='Menu' type='o' access='read'/>"
  "<property name='ToolTip' type='(sa(iiay)ss)' access='read'/>"
  "<method name='Activate'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<method name='SecondaryActivate'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<method name='ContextMenu'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<method name='Scroll'><arg type='i' direction='in'/><arg type='s' direction='in'/></method>"
  "<signal name='NewIcon'/><signal name='NewTitle'/><signal name='NewToolTip'/>"
  "</interface></node>";

struct _AditStatusItem
{
  GObject          parent_instance;
  GApplication    *application;    /* which owns this */
  AditMirror      *mirror;
  GDBusConnection *bus;            /* (nullable): the session's */
  GDBusNodeInfo   *node;
  AditStatusMenu  *menu;
  AditLook         look;           /* that was told last */
  guint            watch, object;
};

G_DEFINE_FINAL_TYPE (AditStatusItem, adit_status_item, G_TYPE_OBJECT)

static void
find_look (AditStatusItem *self, AditLook *look)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  const AditProfileRow *used = status != NULL ? adit_mirror_find_profile (self->mirror, status->account) : NULL;

  adit_look_find (adit_mirror_get_presence (self->mirror), status, used == NULL || used->is_whole, look);
}

static GVariant *
on_get (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *property, GError **error,
        gpointer user_data)
{
  AditStatusItem *self = user_data;

  if (g_str_equal (property, "Category"))
    return g_variant_new_string ("SystemServices");
  if (g_str_equal (property, "Id"))
    return g_variant_new_string ("org.aditvpn.Adit");
  if (g_str_equal (property, "Status"))
    return g_variant_new_string ("Active");
  if (g_str_equal (property, "IconName"))
    return g_variant_new_string (self->look.icon_name);
  if (g_str_equal (property, "ItemIsMenu"))
    return g_variant_new_boolean (FALSE);
  if (g_str_equal (property, "Menu"))
    return g_variant_new_object_path (ADIT_STATUS_MENU_PATH);
  if (g_str_equal (property, "ToolTip"))
    return g_variant_new ("(s@a(iiay)ss)", self->look.icon_name, g_variant_new ("a(iiay)", NULL), self->look.word,
                          self->look.sentence);
  return g_variant_new_take_string (g_strdup_printf ("Adit: %s", self->look.word));    /* Title: some hosts show nothing else */
}

/* Where it is pressed, and with what, makes no difference; to be scrolled over is nothing. */
static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  AditStatusItem *self = user_data;

  if (!g_str_equal (method, "Scroll"))
    g_application_activate (self->application);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
follow (AditStatusItem *self)
{
  static const char *const told[] = { "NewIcon", "NewTitle", "NewToolTip" };
  AditLook look;

  find_look (self, &look);
  adit_status_menu_show (self->menu, &look);
  if (g_strcmp0 (look.word, self->look.word) == 0 && g_strcmp0 (look.sentence, self->look.sentence) == 0)
    return;
  self->look = look;
  for (gsize i = 0; self->object != 0 && i < G_N_ELEMENTS (told); i++)
    (void) g_dbus_connection_emit_signal (self->bus, NULL, ITEM_PATH, ITEM, told[i], NULL, NULL);
}

static void
on_watcher (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  static const GDBusInterfaceVTable table = { on_call, on_get, NULL, { NULL } };
  AditStatusItem *self = user_data;

  adit_status_menu_export (self->menu, bus);    /* before the item that names it */
  if (self->object == 0)
    self->object = g_dbus_connection_register_object (bus, ITEM_PATH, self->node->interfaces[0], &table, self, NULL, NULL);
  if (self->object != 0)
    g_dbus_connection_call (bus, WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem",
                            g_variant_new ("(s)", g_dbus_connection_get_unique_name (bus)), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                            -1, NULL, NULL, NULL);
}

static void
on_no_watcher (GDBusConnection *bus, const char *name, gpointer user_data)
{
  AditStatusItem *self = user_data;

  if (self->object != 0)
    g_dbus_connection_unregister_object (self->bus, self->object);
  self->object = 0;
  if (self->menu != NULL)
    adit_status_menu_hide (self->menu);
}

static void
adit_status_item_dispose (GObject *object)
{
  AditStatusItem *self = ADIT_STATUS_ITEM (object);

  if (self->watch != 0)
    g_bus_unwatch_name (self->watch);
  self->watch = 0;
  on_no_watcher (NULL, NULL, self);
  g_clear_object (&self->menu);
  g_clear_object (&self->bus);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->node, g_dbus_node_info_unref);
  G_OBJECT_CLASS (adit_status_item_parent_class)->dispose (object);
}

static void
adit_status_item_class_init (AditStatusItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_status_item_dispose;
}

static void
adit_status_item_init (AditStatusItem *self)
{
  self->node = g_dbus_node_info_new_for_xml (introspection, NULL);
}

/**
 * adit_status_item_new:
 * @application: the program, registered, which outlives the result
 * @mirror: what is shown
 *
 * Returns: (transfer full): an item that is there wherever somebody shows it
 */
AditStatusItem *
adit_status_item_new (GApplication *application, AditMirror *mirror)
{
  AditStatusItem *self = g_object_new (ADIT_TYPE_STATUS_ITEM, NULL);
  GDBusConnection *bus = g_application_get_dbus_connection (application);

  self->application = application;
  self->mirror = g_object_ref (mirror);
  self->menu = adit_status_menu_new (application, mirror);
  find_look (self, &self->look);
  adit_status_menu_show (self->menu, &self->look);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  if (bus == NULL)
    return self;
  self->bus = g_object_ref (bus);
  self->watch = g_bus_watch_name_on_connection (bus, WATCHER, G_BUS_NAME_WATCHER_FLAGS_NONE, on_watcher, on_no_watcher, self,
                                                NULL);
  return self;
}
