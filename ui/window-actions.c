/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-actions.c: what menus, buttons and keys do, one row each, and when each of them can be done. */
#include "config.h"
#include "ui/window-private.h"

/* --- The helper ------------------------------------------------------------------------------------------------------------ */

static void
do_connect (AditWindow *self)
{
  adit_window_connect (self);
}

static void
do_disconnect (AditWindow *self)
{
  adit_mirror_disconnect (self->mirror);
}

static void
do_reconnect (AditWindow *self)
{
  adit_mirror_reconnect (self->mirror);
}

static void
do_resume (AditWindow *self)
{
  adit_mirror_resume (self->mirror);
}

static void
do_look_again (AditWindow *self)
{
  adit_mirror_look (self->mirror);
}

static void
do_dismiss (AditWindow *self)
{
  adit_mirror_dismiss_failure (self->mirror);
}

static void
do_refresh_account (AditWindow *self)
{
  adit_mirror_refresh_account (self->mirror);
}

static void
do_lockdown_off (AditWindow *self)
{
  adit_mirror_set_lockdown (self->mirror, FALSE);
}

static void
do_lockdown (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  adit_mirror_set_lockdown (self->mirror, status != NULL && !status->lockdown);
}

/* --- The window ------------------------------------------------------------------------------------------------------------ */

static void
do_show_places (AditWindow *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "places");
  adit_places_page_search (self->places);
}

static void
do_show_home (AditWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  if (self->wants_reports)
    self->wants_reports = FALSE;    /* and back to what is wrong, where somebody has come from there */
  else if (self->wants_diagnosis)
    self->wants_diagnosis = FALSE;
  else if (self->wants_sign_in)
    self->wants_sign_in = FALSE;    /* and back to the accounts, where somebody has come from there */
  else
    self->wants_accounts = FALSE;
  adit_window_show_page (self);
  adit_window_show_problem (self);
}

static void
do_show_settings (AditWindow *self)
{
  gtk_window_present (adit_settings_window_new (GTK_WINDOW (self), self->mirror));
}

/* --- When ------------------------------------------------------------------------------------------------------------------ */

static gboolean
when_always (AditWindow *self, const AditStatus *status)
{
  return TRUE;
}

static gboolean
when_signed_in (AditWindow *self, const AditStatus *status)
{
  return adit_mirror_get_account (self->mirror) != NULL;
}

static gboolean
when_can_ask (AditWindow *self, const AditStatus *status)
{
  return status != NULL && when_signed_in (self, status);
}

static gboolean
when_has_place (AditWindow *self, const AditStatus *status)
{
  const GPtrArray *profiles = adit_mirror_get_profiles (self->mirror);

  return when_signed_in (self, status) || (profiles != NULL && profiles->len > 0);
}

static gboolean
when_can_connect (AditWindow *self, const AditStatus *status)
{
  return status != NULL && when_has_place (self, status);
}

static gboolean
when_can_sign_in (AditWindow *self, const AditStatus *status)
{
  return status != NULL && adit_mirror_has_accounts (self->mirror) && !when_signed_in (self, status) && !self->wants_sign_in &&
         when_has_place (self, status);
}

static gboolean
when_here (AditWindow *self, const AditStatus *status)
{
  return status != NULL;
}

static gboolean
when_wished (AditWindow *self, const AditStatus *status)
{
  return status != NULL && status->state != ADIT_STATE_DISCONNECTED && status->state != ADIT_STATE_DISCONNECTING;
}

static gboolean
when_paused (AditWindow *self, const AditStatus *status)
{
  return status != NULL && status->pause_left_s > 0;
}

/* Made when it is wanted, and not by GTK when the window is.  A window that waits to be shown ends this program: to a screen
 * reader that asks for a window which has just been closed GTK 4.8 gives the last one there is, and fails where that has no
 * address yet. */
static void
do_show_shortcuts (AditWindow *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/aditvpn/Adit/help-overlay.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (self));
  gtk_window_present (shortcuts);
}

/* A pause is made shorter or longer by another one, and a disconnect ends it for good. */
static gboolean
when_wished_or_paused (AditWindow *self, const AditStatus *status)
{
  return when_wished (self, status) || when_paused (self, status);
}

static const struct
{
  const char *name;
  void      (*run) (AditWindow *self);
  gboolean  (*can) (AditWindow *self, const AditStatus *status);
  guint       key;
  GdkModifierType modifiers;
} actions[] = {
  { "win.connect", do_connect, when_can_connect, GDK_KEY_Return, GDK_CONTROL_MASK },
  { "win.disconnect", do_disconnect, when_wished_or_paused, GDK_KEY_d, GDK_CONTROL_MASK },
  { "win.reconnect", do_reconnect, when_wished, GDK_KEY_r, GDK_CONTROL_MASK },
  { "win.resume", do_resume, when_paused, 0, 0 },
  { "win.look-again", do_look_again, when_always, 0, 0 },
  { "win.dismiss", do_dismiss, when_always, 0, 0 },
  { "win.refresh-account", do_refresh_account, when_can_ask, 0, 0 },
  { "win.lockdown-off", do_lockdown_off, when_here, 0, 0 },
  { "win.show-places", do_show_places, when_has_place, GDK_KEY_f, GDK_CONTROL_MASK },
  { "win.show-home", do_show_home, when_always, GDK_KEY_Left, GDK_ALT_MASK },
  { "win.show-settings", do_show_settings, when_here, GDK_KEY_comma, GDK_CONTROL_MASK },
  { "win.show-help-overlay", do_show_shortcuts, when_always, GDK_KEY_question, GDK_CONTROL_MASK },
  { "win.show-diagnosis", adit_window_open_diagnosis, when_always, GDK_KEY_i, GDK_CONTROL_MASK },
  { "win.show-reports", adit_window_open_reports, when_here, 0, 0 },
  { "win.report-problem", adit_window_report_problem, when_here, 0, 0 },
  { "win.show-portal", adit_window_show_portal, when_here, 0, 0 },
  { "win.import", adit_window_choose_files, when_here, GDK_KEY_o, GDK_CONTROL_MASK },
  { "win.paste", adit_window_paste, when_here, GDK_KEY_v, GDK_CONTROL_MASK },
  { "win.log-in", adit_window_log_in, when_here, 0, 0 },
  { "win.answer", adit_window_answer, when_here, 0, 0 },
  { "win.sign-in", adit_window_add_account, when_can_sign_in, 0, 0 },
  { "win.add-account", adit_window_add_account, when_here, 0, 0 },
  { "win.show-accounts", adit_window_open_accounts, when_signed_in, 0, 0 },
  { "win.sign-out", adit_window_sign_out, when_can_ask, 0, 0 },
};

/* About one profile, whose id goes along; the helper says where one cannot be done. */
static const char *const profile_actions[] = {
  "win.profile-login", "win.profile-rename", "win.profile-export", "win.profile-remove",
};

static void
on_profile_action (GtkWidget *widget, const char *name, GVariant *id)
{
  adit_window_do_with_profile (ADIT_WINDOW (widget), name, g_variant_get_string (id, NULL));
}

static void
on_sign_in_again (GtkWidget *widget, const char *name, GVariant *id)
{
  adit_window_sign_in_again (ADIT_WINDOW (widget), g_variant_get_string (id, NULL));
}

static void
on_show_report (GtkWidget *widget, const char *name, GVariant *id)
{
  adit_window_show_report (ADIT_WINDOW (widget), g_variant_get_string (id, NULL));
}

static void
on_pause (GtkWidget *widget, const char *name, GVariant *seconds)
{
  adit_mirror_pause (ADIT_WINDOW (widget)->mirror, g_variant_get_uint32 (seconds));
}

static void
on_show_setting (GtkWidget *widget, const char *action, GVariant *name)
{
  GtkWindow *settings = adit_settings_window_new (GTK_WINDOW (widget), ADIT_WINDOW (widget)->mirror);

  adit_settings_window_show (ADIT_SETTINGS_WINDOW (settings), g_variant_get_string (name, NULL));
  gtk_window_present (settings);
}

static void
on_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      actions[i].run (ADIT_WINDOW (widget));
}

/**
 * adit_window_install_actions:
 * @widget_class: the window's class
 */
void
adit_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, GDK_CONTROL_MASK, "win.show-help-overlay", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, on_action);
      if (actions[i].key != 0)
        gtk_widget_class_add_binding_action (widget_class, actions[i].key, actions[i].modifiers, actions[i].name, NULL);
    }
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (profile_actions); i++)
    gtk_widget_class_install_action (widget_class, profile_actions[i], "s", on_profile_action);
  gtk_widget_class_install_action (widget_class, "win.sign-in-again", "s", on_sign_in_again);
  gtk_widget_class_install_action (widget_class, "win.show-report", "s", on_show_report);
  gtk_widget_class_install_action (widget_class, "win.pause", "u", on_pause);
  gtk_widget_class_install_action (widget_class, "win.show-setting", "s", on_show_setting);
}

static void
on_lockdown (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  do_lockdown (ADIT_WINDOW (user_data));    /* the state follows what the helper says */
}

/* Lockdown is the one action with a state; its check mark is what the helper told. */
static void
show_lockdown (AditWindow *self, const AditStatus *status)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "lockdown");

  if (action == NULL)
    {
      g_autoptr (GSimpleAction) made = g_simple_action_new_stateful ("lockdown", NULL, g_variant_new_boolean (FALSE));

      g_signal_connect_object (made, "change-state", G_CALLBACK (on_lockdown), self, 0);
      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (made));
      action = G_ACTION (made);
    }
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), status != NULL);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (status != NULL && status->lockdown));
}

/**
 * adit_window_enable_actions:
 * @self: a window
 *
 * Makes each action possible exactly when it can be done.
 */
void
adit_window_enable_actions (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name, actions[i].can (self, status));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-setting", status != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.pause", when_wished_or_paused (self, status));
  show_lockdown (self, status);
}
