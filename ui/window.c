/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window.c: which page is shown, and which problem above it. */
#include "config.h"
#include "ui/window-private.h"

#include "ui/wrapping.h"

G_DEFINE_FINAL_TYPE (AditWindow, adit_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * adit_window_show_problem:
 * @self: a window
 *
 * Shows the most pressing problem, or none.
 */
void
adit_window_show_problem (AditWindow *self)
{
  AditProblemFacts facts = {
    .presence = adit_mirror_get_presence (self->mirror),
    .absence = adit_mirror_get_absence (self->mirror),
    .failure = adit_mirror_get_failure (self->mirror),
    .status = adit_mirror_get_status (self->mirror),
    .account = self->wants_accounts ? NULL : adit_mirror_get_account (self->mirror),    /* that page says it itself */
    .profile = adit_mirror_get_profile (self->mirror),
    .online = adit_mirror_is_online (self->mirror),
    .other_build = adit_mirror_is_other_build (self->mirror),
    .now_s = g_get_real_time () / G_USEC_PER_SEC,
  };
  gboolean is_on_page = self->wants_diagnosis || adit_mirror_get_lock_trace (self->mirror) != ADIT_LOCK_TRACE_NONE;
  AditProblem problem;

  adit_banner_show_problem (self->banner, !is_on_page && adit_problem_find (&facts, &problem) ? &problem : NULL);
}

/**
 * adit_window_show_page:
 * @self: a window
 *
 * Somebody who has to sign in or to import sees nothing else to do.  Until it is known, the home page is shown, since it is for
 * most.
 */
void
adit_window_show_page (AditWindow *self)
{
  gboolean signed_in = adit_mirror_get_account (self->mirror) != NULL;
  const GPtrArray *profiles = adit_mirror_get_profiles (self->mirror);
  gboolean has_place = signed_in || (profiles != NULL && profiles->len > 0);
  gboolean is_known = adit_mirror_has_accounts (self->mirror);

  if (adit_mirror_count_accounts (self->mirror) > self->n_accounts || !has_place)
    self->wants_sign_in = FALSE;    /* it is done, perhaps at the command line; or it is no wish but all that there is to do */
  self->wants_accounts = self->wants_accounts && signed_in;
  if (self->wants_reports && adit_mirror_get_lock_trace (self->mirror) == ADIT_LOCK_TRACE_NONE)
    adit_window_show_reports (self);
  else if (self->wants_diagnosis)
    adit_window_show_diagnosis (self);
  else if (adit_mirror_get_lock_trace (self->mirror) != ADIT_LOCK_TRACE_NONE)
    adit_window_show_way_out (self);
  else if (is_known && (self->wants_sign_in || !has_place))
    adit_window_show_sign_in (self);
  else if (self->wants_accounts)
    adit_window_show_accounts (self);
  else
    gtk_stack_set_visible_child_name (self->stack, "home");
  gtk_widget_set_visible (self->back, self->wants_reports || self->wants_diagnosis || self->wants_sign_in ||
                                      self->wants_accounts);
  gtk_widget_set_visible (GTK_WIDGET (self->places), has_place);
  gtk_widget_set_visible (self->separator, has_place);
  if (!has_place)
    adw_leaflet_set_visible_child_name (self->leaflet, "main");
}

static void
refresh (AditWindow *self)
{
  adit_window_show_page (self);
  adit_window_show_problem (self);
  adit_window_enable_actions (self);
  adit_window_import_wanted (self);
  adit_window_follow_login (self);
  adit_window_follow_want (self);
}

static void
lay_out_again (gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;

  gtk_widget_queue_resize (page);
}

/* There is one set of window buttons, at the end of what is rightmost.  The leaflet tells while it is being laid out, when what
 * the places then want of their width is not heard. */
static void
on_folded (AditWindow *self)
{
  gboolean beside = gtk_widget_get_visible (GTK_WIDGET (self->places)) && !adw_leaflet_get_folded (self->leaflet);

  g_idle_add_once (lay_out_again, g_object_ref (self->places));
  g_object_set (self->places, "folded", adw_leaflet_get_folded (self->leaflet), NULL);
  adw_header_bar_set_show_start_title_buttons (self->header, !beside);
}

static void
adit_window_dispose (GObject *object)
{
  AditWindow *self = ADIT_WINDOW (object);

  g_clear_handle_id (&self->want_source, g_source_remove);
  g_clear_object (&self->mirror);
  g_clear_weak_pointer (&self->report);
  g_clear_pointer (&self->wanted_report, g_free);
  g_clear_pointer (&self->wanted_files, g_strfreev);
  g_clear_pointer (&self->login_profile, g_free);
  G_OBJECT_CLASS (adit_window_parent_class)->dispose (object);
}

static void
adit_window_class_init (AditWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_window_dispose;
  g_type_ensure (ADIT_TYPE_BANNER);
  g_type_ensure (ADIT_TYPE_HOME_PAGE);
  g_type_ensure (ADIT_TYPE_PLACES_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/window.ui");
  gtk_widget_class_bind_template_child (widget_class, AditWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, places);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, separator);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, header);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, back);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AditWindow, home);
  adit_window_install_actions (widget_class);
}

static void
adit_window_init (AditWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self->header));
  adit_window_enable_drop (self);
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (on_folded), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->places, "notify::visible", G_CALLBACK (on_folded), self, G_CONNECT_SWAPPED);
}

/**
 * adit_window_new:
 * @application: the program
 * @mirror: what it shows, and where its wishes go
 *
 * Returns: (transfer none): the window, not yet presented
 */
GtkWindow *
adit_window_new (AdwApplication *application, AditMirror *mirror)
{
  AditWindow *self = g_object_new (ADIT_TYPE_WINDOW, "application", application, NULL);

  self->mirror = g_object_ref (mirror);
  adit_home_page_set_mirror (self->home, mirror);
  adit_places_page_set_mirror (self->places, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (adit_window_follow_want), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "reports-changed", G_CALLBACK (adit_window_follow_reports), self, G_CONNECT_SWAPPED);
  on_folded (self);
  refresh (self);
  adit_window_follow_reports (self);
  return GTK_WINDOW (self);
}
