/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status-menu.c: com.canonical.dbusmenu, which is how a StatusNotifierItem's host asks for its menu.  The one library for it,
 * libdbusmenu-glib, has had no release since 2016 and would bring a second model of menus; one flat menu is these few answers. */
#include "config.h"
#include "ui/status-menu.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#define MENU    "com.canonical.dbusmenu"
#define VERSION 3    /* of that interface */

static const char introspection[] =
  "<node><interface name='" MENU "'>"
  "<property name='Version' type='u' access='read'/><property name='Status' type='s' access='read'/>"
  "<property name='TextDirection' type='s' access='read'/><property name='IconThemePath' type='as' access='read'/>"
  "<method name='GetLayout'><arg type='i' direction='in'/><arg type='i' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='u' direction='out'/><arg type='(ia{sv}av)' direction='out'/></method>"
  "<method name='GetGroupProperties'><arg type='ai' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='a(ia{sv})' direction='out'/></method>"
  "<method name='GetProperty'><arg type='i' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='v' direction='out'/></method>"
  "<method name='Event'><arg type='i' direction='in'/><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "<arg type='u' direction='in'/></method>"
  "<method name='EventGroup'><arg type='a(isvu)' direction='in'/><arg type='ai' direction='out'/></method>"
  "<method name='AboutToShow'><arg type='i' direction='in'/><arg type='b' direction='out'/></method>"
  "<method name='AboutToShowGroup'><arg type='ai' direction='in'/><arg type='ai' direction='out'/>"
  "<arg type='ai' direction='out'/></method>"
  "<signal name='LayoutUpdated'><arg type='u'/><arg type='i'/></signal>"
  "<signal name='ItemsPropertiesUpdated'><arg type='a(ia{sv})'/><arg type='a(ias)'/></signal>"
  "</interface></node>";

/* By their numbers on the bus, on which 0 is the menu itself. */
typedef enum
{
  ROW_MENU = 0,
  ROW_STATE,
  ROW_BUTTON,
  ROW_BEFORE_PAUSE,
  ROW_PAUSE_5,
  ROW_PAUSE_30,
  ROW_PAUSE_60,
  ROW_BEFORE_WINDOW,
  ROW_WINDOW,
  ROW_QUIT,
  N_ROWS
} Row;

struct _AditStatusMenu
{
  GObject          parent_instance;
  GApplication    *application;    /* which owns this, by way of the item */
  AditMirror      *mirror;
  GDBusConnection *bus;            /* (nullable): while somebody shows it */
  GDBusNodeInfo   *node;
  AditLook         look;
  GVariant        *rows;           /* av, as they were told last */
  guint            object, revision;
};

G_DEFINE_FINAL_TYPE (AditStatusMenu, adit_status_menu, G_TYPE_OBJECT)

static const guint pause_s[N_ROWS] = { [ROW_PAUSE_5] = 300, [ROW_PAUSE_30] = 1800, [ROW_PAUSE_60] = 3600 };

static gboolean
can_pause (AditStatusMenu *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  return status != NULL && (status->pause_left_s > 0 || (status->state != ADIT_STATE_DISCONNECTED &&
                                                         status->state != ADIT_STATE_DISCONNECTING));
}

/* The words are those of the window. */
static const char *
find_label (AditStatusMenu *self, Row row)
{
  switch (row)
    {
    case ROW_STATE:     return self->look.word;
    case ROW_BUTTON:    return self->look.button;
    case ROW_PAUSE_5:   return _("Pause for _5 Minutes");
    case ROW_PAUSE_30:  return _("Pause for _30 Minutes");
    case ROW_PAUSE_60:  return _("Pause for _1 Hour");
    case ROW_WINDOW:    return _("_Show the Window");
    case ROW_QUIT:      return _("_Quit");
    case ROW_MENU: case ROW_BEFORE_PAUSE: case ROW_BEFORE_WINDOW: case N_ROWS: default: return NULL;
    }
}

/* What is as the interface has it anyway is left out. */
static GVariant *
describe (AditStatusMenu *self, Row row)
{
  const char *label = find_label (self, row);
  gboolean is_of_pause = row >= ROW_BEFORE_PAUSE && row <= ROW_PAUSE_60;
  gboolean is_enabled = row != ROW_STATE && (row != ROW_BUTTON || self->look.action_name != NULL);
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  if (row == ROW_MENU)
    g_variant_builder_add (&dict, "{sv}", "children-display", g_variant_new_string ("submenu"));
  else if (label == NULL)
    g_variant_builder_add (&dict, "{sv}", "type", g_variant_new_string ("separator"));
  else
    g_variant_builder_add (&dict, "{sv}", "label", g_variant_new_string (label));
  if (!is_enabled)
    g_variant_builder_add (&dict, "{sv}", "enabled", g_variant_new_boolean (FALSE));
  if (is_of_pause && !can_pause (self))
    g_variant_builder_add (&dict, "{sv}", "visible", g_variant_new_boolean (FALSE));
  return g_variant_builder_end (&dict);
}

static GVariant *
describe_rows (AditStatusMenu *self)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("av"));
  for (guint i = ROW_MENU + 1; i < N_ROWS; i++)
    g_variant_builder_add (&rows, "v", g_variant_new ("(i@a{sv}av)", (gint32) i, describe (self, (Row) i), NULL));
  return g_variant_builder_end (&rows);
}

/* --- What is chosen -------------------------------------------------------------------------------------------------------- */

/* What may have to be asked first is asked in the window. */
static void
press_button (AditStatusMenu *self)
{
  const char *action = self->look.action_name;

  if (g_strcmp0 (action, "win.disconnect") == 0)
    adit_mirror_disconnect (self->mirror);
  else if (g_strcmp0 (action, "win.resume") == 0)
    adit_mirror_resume (self->mirror);
  else if (g_strcmp0 (action, "win.look-again") == 0)
    adit_mirror_look (self->mirror);
  else if (g_strcmp0 (action, "win.connect") == 0)
    g_action_group_activate_action (G_ACTION_GROUP (self->application), "connect", NULL);
}

static void
choose (AditStatusMenu *self, gint32 row)
{
  if (row == ROW_BUTTON)
    press_button (self);
  else if (row >= ROW_PAUSE_5 && row <= ROW_PAUSE_60 && can_pause (self))
    adit_mirror_pause (self->mirror, pause_s[row]);
  else if (row == ROW_WINDOW)
    g_application_activate (self->application);
  else if (row == ROW_QUIT)
    g_action_group_activate_action (G_ACTION_GROUP (self->application), "quit", NULL);
}

static gboolean
is_row (gint32 row)
{
  return row >= ROW_MENU && row < N_ROWS;
}

/* --- On the bus ------------------------------------------------------------------------------------------------------------ */

static GVariant *
answer_layout (AditStatusMenu *self, gint32 parent, gint32 depth)
{
  GVariant *rows = parent == ROW_MENU && depth != 0 ? self->rows : g_variant_new ("av", NULL);

  return g_variant_new ("(u(i@a{sv}@av))", self->revision, parent, describe (self, (Row) parent), rows);
}

/* Without any all are meant. */
static GVariant *
answer_properties (AditStatusMenu *self, GVariant *ids)
{
  gboolean wants_all = g_variant_n_children (ids) == 0;
  GVariantBuilder answer;

  g_variant_builder_init (&answer, G_VARIANT_TYPE ("a(ia{sv})"));
  for (gint32 row = ROW_MENU; wants_all && row < N_ROWS; row++)
    g_variant_builder_add (&answer, "(i@a{sv})", row, describe (self, (Row) row));
  for (gsize i = 0; i < g_variant_n_children (ids); i++)
    {
      gint32 row;

      g_variant_get_child (ids, i, "i", &row);
      if (is_row (row))
        g_variant_builder_add (&answer, "(i@a{sv})", row, describe (self, (Row) row));
    }
  return g_variant_new ("(@a(ia{sv}))", g_variant_builder_end (&answer));
}

static void
take_event (AditStatusMenu *self, gint32 row, const char *event)
{
  if (g_str_equal (event, "clicked"))
    choose (self, row);
}

static GVariant *
take_events (AditStatusMenu *self, GVariant *events)
{
  GVariantBuilder unknown;

  g_variant_builder_init (&unknown, G_VARIANT_TYPE ("ai"));
  for (gsize i = 0; i < g_variant_n_children (events); i++)
    {
      const char *event;
      gint32 row;

      g_variant_get_child (events, i, "(i&svu)", &row, &event, NULL, NULL);
      if (is_row (row))
        take_event (self, row, event);
      else
        g_variant_builder_add (&unknown, "i", row);
    }
  return g_variant_new ("(ai)", &unknown);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  AditStatusMenu *self = user_data;
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0);
  gint32 row = g_variant_is_of_type (first, G_VARIANT_TYPE_INT32) ? g_variant_get_int32 (first) : ROW_MENU;
  GVariant *answer = NULL;

  if (!is_row (row))
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS, "There is no row %d", row);
      return;
    }
  if (g_str_equal (method, "GetLayout"))
    {
      gint32 depth;

      g_variant_get_child (parameters, 1, "i", &depth);
      answer = answer_layout (self, row, depth);
    }
  else if (g_str_equal (method, "GetGroupProperties"))
    answer = answer_properties (self, first);
  else if (g_str_equal (method, "GetProperty"))
    {
      g_autoptr (GVariant) dict = g_variant_ref_sink (describe (self, (Row) row)), value = NULL;
      const char *name;

      g_variant_get_child (parameters, 1, "&s", &name);
      value = g_variant_lookup_value (dict, name, NULL);
      if (value != NULL)
        answer = g_variant_new ("(v)", value);
    }
  else if (g_str_equal (method, "Event"))
    {
      const char *event;

      g_variant_get_child (parameters, 1, "&s", &event);
      g_dbus_method_invocation_return_value (invocation, NULL);    /* first: it may end the program */
      take_event (self, row, event);
      return;
    }
  else if (g_str_equal (method, "EventGroup"))
    answer = take_events (self, first);
  else if (g_str_equal (method, "AboutToShow"))
    answer = g_variant_new ("(b)", FALSE);    /* what is told is how it is */
  else if (g_str_equal (method, "AboutToShowGroup"))
    answer = g_variant_new ("(aiai)", NULL, NULL);
  if (answer != NULL)
    g_dbus_method_invocation_return_value (invocation, answer);
  else
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS, "The row has no such property");
}

static GVariant *
on_get (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *property, GError **error,
        gpointer user_data)
{
  if (g_str_equal (property, "Version"))
    return g_variant_new_uint32 (VERSION);
  if (g_str_equal (property, "Status"))
    return g_variant_new_string ("normal");
  if (g_str_equal (property, "TextDirection"))
    return g_variant_new_string (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL ? "rtl" : "ltr");
  return g_variant_new_strv (NULL, 0);    /* IconThemePath: it has no icons */
}

/* --- The object ------------------------------------------------------------------------------------------------------------ */

static void
adit_status_menu_dispose (GObject *object)
{
  AditStatusMenu *self = ADIT_STATUS_MENU (object);

  adit_status_menu_hide (self);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->rows, g_variant_unref);
  g_clear_pointer (&self->node, g_dbus_node_info_unref);
  G_OBJECT_CLASS (adit_status_menu_parent_class)->dispose (object);
}

static void
adit_status_menu_class_init (AditStatusMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_status_menu_dispose;
}

static void
adit_status_menu_init (AditStatusMenu *self)
{
  self->node = g_dbus_node_info_new_for_xml (introspection, NULL);
}

/**
 * adit_status_menu_new:
 * @application: the program, which outlives the result
 * @mirror: what is shown, and where wishes go
 *
 * Returns: (transfer full): a menu, of nothing before adit_status_menu_show()
 */
AditStatusMenu *
adit_status_menu_new (GApplication *application, AditMirror *mirror)
{
  AditStatusMenu *self = g_object_new (ADIT_TYPE_STATUS_MENU, NULL);

  self->application = application;
  self->mirror = g_object_ref (mirror);
  return self;
}

/**
 * adit_status_menu_show:
 * @self: a menu
 * @look: the state, and what can be done about it
 *
 * Tells whoever shows it where it is another menu than before.
 */
void
adit_status_menu_show (AditStatusMenu *self, const AditLook *look)
{
  g_autoptr (GVariant) rows = NULL;

  self->look = *look;
  rows = g_variant_ref_sink (describe_rows (self));
  if (self->rows != NULL && g_variant_equal (rows, self->rows))
    return;
  g_clear_pointer (&self->rows, g_variant_unref);
  self->rows = g_steal_pointer (&rows);
  self->revision++;
  if (self->object != 0)
    (void) g_dbus_connection_emit_signal (self->bus, NULL, ADIT_STATUS_MENU_PATH, MENU, "LayoutUpdated",
                                          g_variant_new ("(ui)", self->revision, ROW_MENU), NULL);
}

/**
 * adit_status_menu_export:
 * @self: a menu that has been shown something
 * @bus: the session's
 *
 * From now on hosts find it at %ADIT_STATUS_MENU_PATH.
 */
void
adit_status_menu_export (AditStatusMenu *self, GDBusConnection *bus)
{
  static const GDBusInterfaceVTable table = { on_call, on_get, NULL, { NULL } };

  if (self->object != 0)
    return;
  self->bus = g_object_ref (bus);
  self->object = g_dbus_connection_register_object (bus, ADIT_STATUS_MENU_PATH, self->node->interfaces[0], &table, self, NULL,
                                                    NULL);
}

/**
 * adit_status_menu_hide:
 * @self: a menu
 *
 * Nobody finds it any more.
 */
void
adit_status_menu_hide (AditStatusMenu *self)
{
  if (self->object != 0)
    g_dbus_connection_unregister_object (self->bus, self->object);
  self->object = 0;
  g_clear_object (&self->bus);
}
