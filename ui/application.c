/* SPDX-License-Identifier: GPL-2.0-or-later */
/* application.c: one program a session; a second start raises the window of the first.  Without a window it runs in the
 * background, where the person wants that, or for a moment, while the desktop searches. */
#include "config.h"
#include "ui/application.h"

#include <glib/gi18n.h>

#include "ui/about.h"
#include "ui/mirror.h"
#include "ui/notifier.h"
#include "ui/search-provider.h"
#include "ui/status-item.h"
#include "ui/window.h"

struct _AditApplication
{
  AdwApplication parent_instance;
  AditMirror         *mirror;        /* (nullable): until something has to be known */
  AditNotifier       *notifier;      /* (nullable): while there is a window, or it runs in the background */
  AditStatusItem     *item;          /* (nullable): likewise */
  AditSearchProvider *provider;
  gboolean            is_background; /* it was started to be there, and nobody has said otherwise since */
  gboolean            is_remembered; /* that it is to be there */
  gboolean            is_quiet;      /* and that start is not yet over, which would show a window */
  gboolean            is_held;       /* it stays without a window */
};

#define STAY_MS 10000    /* after the last search: somebody who still types asks sooner */

G_DEFINE_FINAL_TYPE (AditApplication, adit_application, ADW_TYPE_APPLICATION)

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adit_about_show (gtk_application_get_active_window (GTK_APPLICATION (user_data)));
}

/* In the order of what the window can be wanted to do. */
static const char *const wants[] = { "connect", "disconnect", "toggle" };

static void on_want (GSimpleAction *action, GVariant *parameter, gpointer user_data);

static void
on_show (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static void on_show_report (GSimpleAction *action, GVariant *id, gpointer user_data);

static const GActionEntry entries[] = {
  { "show", on_show }, { "show-report", on_show_report, "s" },
  { "quit", on_quit }, { "about", on_about }, { "connect", on_want }, { "disconnect", on_want }, { "toggle", on_want },
};

static void
adit_application_startup (GApplication *application)
{
  static const char *const quit_keys[] = { "<Control>q", NULL };

  G_APPLICATION_CLASS (adit_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_window_set_default_icon_name ("org.aditvpn.Adit-window");    /* the same in points: data/icons/make-window-icon */
  if (g_application_get_flags (application) & G_APPLICATION_IS_SERVICE)
    g_application_set_inactivity_timeout (application, STAY_MS);
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
follow_memory (AditApplication *self)
{
  gboolean is_remembered = adit_mirror_get_memory (self->mirror)->background, stays;

  if (self->is_remembered && !is_remembered)
    self->is_background = FALSE;
  self->is_remembered = is_remembered;
  stays = self->is_background || is_remembered;
  if (stays && !self->is_held)
    g_application_hold (G_APPLICATION (self));
  else if (!stays && self->is_held)
    g_application_release (G_APPLICATION (self));
  self->is_held = stays;
}

static AditMirror *
get_mirror (AditApplication *self)
{
  if (self->mirror == NULL)
    {
      self->mirror = adit_mirror_new ();
      adit_search_provider_set_mirror (self->provider, self->mirror);
    }
  return self->mirror;
}

/* What is there for a person who does not look at the window. */
static void
begin_telling (AditApplication *self)
{
  if (self->notifier != NULL)
    return;
  self->notifier = adit_notifier_new (G_APPLICATION (self), get_mirror (self));
  self->item = adit_status_item_new (G_APPLICATION (self), self->mirror);
  g_signal_connect_object (self->mirror, "choice-changed", G_CALLBACK (follow_memory), self, G_CONNECT_SWAPPED);
  follow_memory (self);
  adit_mirror_look (self->mirror);
}

static void
end_telling (AditApplication *self)
{
  if (self->mirror != NULL)
    g_signal_handlers_disconnect_by_func (self->mirror, follow_memory, self);
  g_clear_object (&self->item);
  g_clear_object (&self->notifier);
}

static void
adit_application_activate (GApplication *application)
{
  AditApplication *self = ADIT_APPLICATION (application);
  GtkWidget *window = (GtkWidget *) find_window (self);

  begin_telling (self);
  if (self->is_quiet)
    {
      self->is_quiet = FALSE;    /* the next time a window is wanted */
      return;
    }
  if (window == NULL)
    window = GTK_WIDGET (adit_window_new (ADW_APPLICATION (application), self->mirror));
  gtk_window_present (GTK_WINDOW (window));
}

static void
adit_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  AditApplication *self = ADIT_APPLICATION (application);

  GTK_APPLICATION_CLASS (adit_application_parent_class)->window_removed (application, window);
  if (ADIT_IS_WINDOW (window) && !self->is_held)
    end_telling (self);
}

static AditWindowWant
find_want (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (wants); i++)
    if (g_str_equal (wants[i], name))
      return ADIT_WINDOW_WANT_CONNECTED + i;
  return ADIT_WINDOW_WANT_NOTHING;
}

static AditWindow *
raise_window (AditApplication *self)
{
  self->is_quiet = FALSE;
  g_application_activate (G_APPLICATION (self));
  return find_window (self);
}

static void
on_show_report (GSimpleAction *action, GVariant *id, gpointer user_data)
{
  adit_window_show_report (raise_window (ADIT_APPLICATION (user_data)), g_variant_get_string (id, NULL));
}

/* A key of the desktop's does not raise a window that is there. */
static void
on_want (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AditApplication *self = ADIT_APPLICATION (user_data);
  AditWindow *window = find_window (self);

  adit_window_want (window != NULL ? window : raise_window (self), find_want (g_action_get_name (G_ACTION (action))));
}

/* --- Searching ------------------------------------------------------------------------------------------------------------- */

static void
on_needed (AditApplication *self)
{
  adit_mirror_look (get_mirror (self));
}

static void
on_place_chosen (AditSearchProvider *provider, const AditPlace *place, AditApplication *self)
{
  adit_window_go (raise_window (self), place);
}

static void
on_launched (AditSearchProvider *provider, const char *text, AditApplication *self)
{
  adit_window_search (raise_window (self), text);
}

/* Before the name is owned: whoever starts it by that name asks at once. */
static gboolean
adit_application_dbus_register (GApplication *application, GDBusConnection *bus, const char *path, GError **error)
{
  return G_APPLICATION_CLASS (adit_application_parent_class)->dbus_register (application, bus, path, error) &&
         adit_search_provider_export (ADIT_APPLICATION (application)->provider, bus, error);
}

static void
adit_application_dbus_unregister (GApplication *application, GDBusConnection *bus, const char *path)
{
  if (ADIT_APPLICATION (application)->provider != NULL)
    adit_search_provider_unexport (ADIT_APPLICATION (application)->provider);
  G_APPLICATION_CLASS (adit_application_parent_class)->dbus_unregister (application, bus, path);
}

/* --- The program ----------------------------------------------------------------------------------------------------------- */

/* One of them, for the program that runs already, or for this one. */
static int
adit_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  AditApplication *self = ADIT_APPLICATION (application);
  const char *wanted = NULL;
  guint n = 0;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wants); i++)
    if (g_variant_dict_contains (options, wants[i]))
      {
        wanted = wants[i];
        n++;
      }
  if (n == 0 && !g_variant_dict_contains (options, "background"))
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
  self->is_background = self->is_quiet = n == 0 && !g_application_get_is_remote (application);
  if (n > 0)
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
  adit_window_import (raise_window (ADIT_APPLICATION (application)), (const char *const *) list);
}

static void
adit_application_dispose (GObject *object)
{
  AditApplication *self = ADIT_APPLICATION (object);

  end_telling (self);
  g_clear_object (&self->provider);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (adit_application_parent_class)->dispose (object);
}

static void
adit_application_class_init (AditApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_application_dispose;
  G_APPLICATION_CLASS (klass)->startup = adit_application_startup;
  G_APPLICATION_CLASS (klass)->activate = adit_application_activate;
  G_APPLICATION_CLASS (klass)->open = adit_application_open;
  G_APPLICATION_CLASS (klass)->dbus_register = adit_application_dbus_register;
  G_APPLICATION_CLASS (klass)->dbus_unregister = adit_application_dbus_unregister;
  GTK_APPLICATION_CLASS (klass)->window_removed = adit_application_window_removed;
  G_APPLICATION_CLASS (klass)->handle_local_options = adit_application_handle_local_options;
}

static void
adit_application_init (AditApplication *self)
{
  self->provider = adit_search_provider_new (G_APPLICATION (self));
  g_signal_connect_object (self->provider, "needed", G_CALLBACK (on_needed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->provider, "chosen", G_CALLBACK (on_place_chosen), self, 0);
  g_signal_connect_object (self->provider, "launched", G_CALLBACK (on_launched), self, 0);
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
    { "background", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Run without a window: notifications, and the icon beside the clock"),
      NULL },
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
