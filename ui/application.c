/* SPDX-License-Identifier: GPL-2.0-or-later */
/* application.c: one program a session; a second start raises the window of the first. */
#include "config.h"
#include "ui/application.h"

#include <glib/gi18n.h>

#include "build-id.h"
#include "ui/mirror.h"
#include "ui/notifier.h"
#include "ui/status-item.h"
#include "ui/window.h"

struct _AditApplication
{
  AdwApplication parent_instance;
  AditMirror    *mirror;
  AditNotifier  *notifier;
  AditStatusItem *item;
};

G_DEFINE_FINAL_TYPE (AditApplication, adit_application, ADW_TYPE_APPLICATION)

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));
  g_autofree char *facts = g_strdup_printf ("Adit %s\nBuild %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\n", ADIT_VERSION, ADIT_BUILD_ID,
                                            gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                                            adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version ());

  GtkWidget *about = g_object_new (ADW_TYPE_ABOUT_WINDOW, "transient-for", parent, "application-name", "Adit", "application-icon",
                                   "org.aditvpn.Adit", "version", ADIT_VERSION, "developer-name", _("The people who build Adit"),
                                   "license-type", GTK_LICENSE_GPL_2_0, "comments",
                                   _("Everything leaves through the tunnel, or does not leave."), "debug-info", facts, NULL);

  adw_about_window_add_legal_section (ADW_ABOUT_WINDOW (about), _("The map"), NULL, GTK_LICENSE_CUSTOM,
                                      _("Made with Natural Earth, which is in the public domain: naturalearthdata.com"));
  gtk_window_present (GTK_WINDOW (about));
}

/* In the order of what the window can be wanted to do. */
static const char *const wants[] = { "connect", "disconnect", "toggle" };

static void on_want (GSimpleAction *action, GVariant *parameter, gpointer user_data);

static void
on_show (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static const GActionEntry entries[] = {
  { "show", on_show },
  { "quit", on_quit }, { "about", on_about }, { "connect", on_want }, { "disconnect", on_want }, { "toggle", on_want },
};

static void
adit_application_startup (GApplication *application)
{
  static const char *const quit_keys[] = { "<Control>q", NULL };

  G_APPLICATION_CLASS (adit_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_window_set_default_icon_name ("org.aditvpn.Adit");
}

/* (nullable); what is asked above it is a window, too. */
static AditWindow *
find_window (AditApplication *self)
{
  for (GList *at = gtk_application_get_windows (GTK_APPLICATION (self)); at != NULL; at = at->next)
    if (ADIT_IS_WINDOW (at->data))
      return at->data;
  return NULL;
}

static void
adit_application_activate (GApplication *application)
{
  AditApplication *self = ADIT_APPLICATION (application);
  GtkWindow *window = (GtkWindow *) find_window (self);

  if (window == NULL)
    {
      self->mirror = adit_mirror_new ();
      self->notifier = adit_notifier_new (application, self->mirror);
      self->item = adit_status_item_new (application, self->mirror);
      adit_mirror_look (self->mirror);
      window = adit_window_new (ADW_APPLICATION (application), self->mirror);
    }
  gtk_window_present (window);
}

static AditWindowWant
find_want (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (wants); i++)
    if (g_str_equal (wants[i], name))
      return ADIT_WINDOW_WANT_CONNECTED + i;
  return ADIT_WINDOW_WANT_NOTHING;
}

/* A key of the desktop's does not raise a window that is there. */
static void
on_want (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AditApplication *self = ADIT_APPLICATION (user_data);

  if (find_window (self) == NULL)
    g_application_activate (G_APPLICATION (self));
  adit_window_want (find_window (self), find_want (g_action_get_name (G_ACTION (action))));
}

/* One of them, for the program that runs already, or for this one. */
static int
adit_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  const char *wanted = NULL;
  guint n = 0;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wants); i++)
    if (g_variant_dict_contains (options, wants[i]))
      {
        wanted = wants[i];
        n++;
      }
  if (n == 0)
    return -1;
  if (n > 1)
    {
      g_printerr (_("adit-gtk: say only one of --connect, --disconnect and --toggle\n"));
      return 2;
    }
  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("adit-gtk: %s\n", error->message);
      return 1;
    }
  g_action_group_activate_action (G_ACTION_GROUP (application), wanted, NULL);
  return g_application_get_is_remote (application) ? 0 : -1;
}

/* What a file manager, or somebody in a terminal, hands over; a program that runs already gets it. */
static void
adit_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        g_strv_builder_add (paths, path);
    }
  list = g_strv_builder_end (paths);
  g_application_activate (application);
  adit_window_import (find_window (ADIT_APPLICATION (application)), (const char *const *) list);
}

static void
adit_application_dispose (GObject *object)
{
  g_clear_object (&ADIT_APPLICATION (object)->item);
  g_clear_object (&ADIT_APPLICATION (object)->notifier);
  g_clear_object (&ADIT_APPLICATION (object)->mirror);
  G_OBJECT_CLASS (adit_application_parent_class)->dispose (object);
}

static void
adit_application_class_init (AditApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_application_dispose;
  G_APPLICATION_CLASS (klass)->startup = adit_application_startup;
  G_APPLICATION_CLASS (klass)->activate = adit_application_activate;
  G_APPLICATION_CLASS (klass)->open = adit_application_open;
  G_APPLICATION_CLASS (klass)->handle_local_options = adit_application_handle_local_options;
}

static void
adit_application_init (AditApplication *self)
{
}

/**
 * adit_application_new:
 *
 * Returns: (transfer full): the program
 */
AdwApplication *
adit_application_new (void)
{
  static const GOptionEntry options[] = {
    { "connect", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Connect, unless that is so or under way"), NULL },
    { "disconnect", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Disconnect"), NULL },
    { "toggle", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Disconnect or connect, whichever changes something"), NULL },
    { NULL }
  };
  AdwApplication *self = g_object_new (ADIT_TYPE_APPLICATION, "application-id", "org.aditvpn.Adit", "flags",
                                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/aditvpn/Adit", NULL);

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
  g_application_set_option_context_summary (G_APPLICATION (self), _("Adit's window; it imports files that it is given."));
  return self;
}
