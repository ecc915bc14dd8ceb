/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home-page.c: shows what the mirror has, and keeps nothing but what is on screen. */
#include "config.h"
#include "ui/home-page.h"

#include <glib/gi18n.h>

#include "client/api/place-names.h"
#include "ui/chip-box.h"
#include "ui/copy.h"
#include "ui/facts-row.h"
#include "ui/home-layout.h"
#include "ui/look.h"
#include "ui/map-view.h"
#include "ui/place-list.h"
#include "ui/traffic-view.h"
#include "ui/words.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

#define MEASURE_EVERY_S 2    /* often enough to be seen moving, and seldom enough to cost nothing that is felt */

struct _AditHomePage
{
  GtkWidget     parent_instance;
  AditMirror   *mirror;
  AditMapView  *map;
  AditChipBox  *chips;
  AditTrafficView *traffic;
  AditFactsRow *details;
  GtkWidget    *traffic_row;
  GtkInscription *since;           /* whose text changes every second without the page being laid out anew */
  GtkImage     *emblem;
  GtkLabel     *word, *sentence, *account;
  GtkWidget    *account_button;
  GtkButton    *button;
  AdwActionRow *place_row, *entry_row, *exit_row, *pause_row, *since_row;
  GtkWidget    *facts, *copy_button, *more;
  guint32       pause_revision;    /* of the status that told of a pause */
  gint64        pause_end_s;       /* by this computer's clock; 0: there is none */
  const char   *style_class;
  GdkSurface   *surface;           /* (nullable): of the window, while it is mapped */
  guint         tick, n_ticks;
  gboolean      is_measuring;
};

G_DEFINE_FINAL_TYPE (AditHomePage, adit_home_page, GTK_TYPE_WIDGET)

static void
on_copy_clicked (AditHomePage *self)
{
  adit_copy (GTK_BUTTON (self->copy_button), adw_action_row_get_subtitle (self->exit_row));
}

/* --- What each part shows -------------------------------------------------------------------------------------------------- */

/* Those who hear the window are told of a new state without asking: by GTK 4.8 through the name of a label whose role is that of
 * a state, later by words of their own. */
static void
tell_word (AditHomePage *self, const char *word)
{
  if (g_str_equal (gtk_label_get_label (self->word), word))
    return;
  gtk_label_set_label (self->word, word);
#if GTK_CHECK_VERSION (4, 14, 0)
  gtk_accessible_announce (GTK_ACCESSIBLE (self->word), word, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#endif
}

static void
show_look (AditHomePage *self, const AditStatus *status)
{
  const AditProfileRow *used = status != NULL ? adit_mirror_find_profile (self->mirror, status->account) : NULL;
  AditLook look;

  adit_look_find (adit_mirror_get_presence (self->mirror), status, used == NULL || used->is_whole, &look);
  gtk_image_set_from_icon_name (self->emblem, look.icon_name);
  if (self->style_class != look.style_class)
    {
      if (self->style_class != NULL)
        gtk_widget_remove_css_class (GTK_WIDGET (self->emblem), self->style_class);
      gtk_widget_add_css_class (GTK_WIDGET (self->emblem), look.style_class);
      self->style_class = look.style_class;
    }
  tell_word (self, look.word);
  gtk_label_set_label (self->sentence, look.sentence);
  gtk_button_set_label (self->button, look.button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), look.action_name);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), look.action_name != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->button), look.button[0] != '\0');
  if (look.suggested)
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "suggested-action");
}

/* Where the session is, or where the next one goes. */
static void
show_place (AditHomePage *self, const AditStatus *status)
{
  AditServerList *list = adit_mirror_get_list (self->mirror);
  const AditProfileRow *profile = adit_mirror_get_profile (self->mirror);
  g_autofree char *name = NULL;

  if (status != NULL && status->city_name[0] != '\0')
    name = adit_words_dup_place (status->city_name, adit_place_names_get_country (status->country, status->country_name),
                                 status->server);
  else if (profile != NULL)
    name = g_strdup (profile->name);
  else if (list != NULL)
    name = adit_place_list_dup_name (list, adit_mirror_get_place (self->mirror));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->place_row), profile != NULL ? _("Imported file") : _("Place"));
  adw_action_row_set_subtitle (self->place_row, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->facts), name != NULL);
}

/* Of a way by two servers, the first. */
static void
show_entry (AditHomePage *self, const AditStatus *status)
{
  gboolean has_entry = status != NULL && status->entry_city_name[0] != '\0';
  g_autofree char *name = NULL;

  if (has_entry)
    name = adit_words_dup_place (status->entry_city_name, adit_place_names_get_country (status->entry_country,
                                                                                       status->entry_country_name),
                                 status->entry_server);
  adw_action_row_set_subtitle (self->entry_row, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->entry_row), has_entry);
}

static void
show_duration (AditHomePage *self, const AditStatus *status)
{
  g_autofree char *text = adit_words_dup_duration (g_get_real_time () / G_USEC_PER_SEC - status->since_s);

  gtk_inscription_set_text (self->since, text);
}

static void
show_connection (AditHomePage *self, const AditStatus *status)
{
  gboolean connected = status != NULL && status->state == ADIT_STATE_CONNECTED && status->since_s > 0;
  gboolean known = connected && status->exit_address[0] != '\0';

  /* Services tell where one leaves; for what was imported there is nobody to ask. */
  gtk_widget_set_visible (GTK_WIDGET (self->exit_row), connected && (known || status->profile[0] == '\0'));
  gtk_widget_set_visible (GTK_WIDGET (self->since_row), connected);
  gtk_widget_set_visible (self->copy_button, known);
  gtk_widget_set_visible (self->traffic_row, connected);
  gtk_widget_set_visible (GTK_WIDGET (self->details), connected);
  if (!connected)
    {
      adit_traffic_view_clear (self->traffic);
      return;
    }
  adit_facts_row_show (self->details, status);
  adw_action_row_set_subtitle (self->exit_row, known ? status->exit_address : _("Not yet known"));
  show_duration (self, status);
}

static void
show_pause_left (AditHomePage *self)
{
  g_autofree char *text = adit_words_dup_duration (self->pause_end_s - g_get_real_time () / G_USEC_PER_SEC);

  adw_action_row_set_subtitle (self->pause_row, text);
}

/* The helper says how much was left when something changed; from there it is counted here. */
static void
show_pause (AditHomePage *self, const AditStatus *status)
{
  gboolean paused = status != NULL && status->pause_left_s > 0;

  if (!paused)
    self->pause_end_s = 0;
  else if (self->pause_end_s == 0 || self->pause_revision != status->revision)
    {
      self->pause_end_s = g_get_real_time () / G_USEC_PER_SEC + status->pause_left_s;
      self->pause_revision = status->revision;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->pause_row), paused);
  if (paused)
    show_pause_left (self);
  gtk_widget_set_visible (self->more, paused || (status != NULL && status->state != ADIT_STATE_DISCONNECTED &&
                                                 status->state != ADIT_STATE_DISCONNECTING));
}

static void
show_account (AditHomePage *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);
  g_autofree char *text = account != NULL ? adit_words_dup_account (account, g_get_real_time () / G_USEC_PER_SEC) : NULL;

  gtk_label_set_label (self->account, text != NULL ? text : "");
  gtk_widget_set_visible (self->account_button, text != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->account_button), GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "",
                                  -1);    /* GTK 4.8 takes no button's name from the label in it */
}

/* --- Time ------------------------------------------------------------------------------------------------------------------ */

static void
on_measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditHomePage) self = user_data;
  g_autoptr (AditStatus) status = adit_mirror_get_traffic_finish (ADIT_MIRROR (source), result, NULL);

  self->is_measuring = FALSE;
  if (self->mirror == NULL || status == NULL || status->state != ADIT_STATE_CONNECTED)
    return;    /* that it has gone is told by itself */
  adit_traffic_view_add (self->traffic, status);
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self->details)))
    adit_facts_row_show (self->details, status);
}

static void
measure (AditHomePage *self)
{
  if (self->is_measuring)
    return;
  self->is_measuring = TRUE;
  adit_mirror_get_traffic_async (self->mirror, on_measured, g_object_ref (self));
}

static gboolean
is_connected (AditHomePage *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  return status != NULL && status->state == ADIT_STATE_CONNECTED && status->since_s > 0;
}

static gboolean
on_tick (gpointer user_data)
{
  AditHomePage *self = user_data;

  if (is_connected (self))
    {
      show_duration (self, adit_mirror_get_status (self->mirror));
      if (self->n_ticks++ % MEASURE_EVERY_S == 0)
        measure (self);
    }
  if (self->pause_end_s > 0)
    show_pause_left (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
can_be_seen (AditHomePage *self)
{
  return self->surface != NULL && (gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) == 0;
}

/* The clock runs only while it can be seen. */
static void
set_ticking (AditHomePage *self)
{
  gboolean ticking = self->mirror != NULL && can_be_seen (self) && (is_connected (self) || self->pause_end_s > 0);

  if (ticking && self->tick == 0)
    {
      self->tick = g_timeout_add_seconds (1, on_tick, self);
      on_tick (self);
    }
  else if (!ticking && self->tick != 0)
    g_clear_handle_id (&self->tick, g_source_remove);
}

static void
refresh (AditHomePage *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  show_look (self, status);
  show_place (self, status);
  show_entry (self, status);
  show_connection (self, status);
  show_pause (self, status);
  show_account (self);
  set_ticking (self);
}

static void
adit_home_page_map (GtkWidget *widget)
{
  AditHomePage *self = ADIT_HOME_PAGE (widget);

  GTK_WIDGET_CLASS (adit_home_page_parent_class)->map (widget);
  self->surface = g_object_ref (gtk_native_get_surface (gtk_widget_get_native (widget)));
  g_signal_connect_swapped (self->surface, "notify::state", G_CALLBACK (set_ticking), self);
  if (self->mirror != NULL)
    refresh (self);
}

static void
adit_home_page_unmap (GtkWidget *widget)
{
  AditHomePage *self = ADIT_HOME_PAGE (widget);

  g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->surface);
  set_ticking (self);
  GTK_WIDGET_CLASS (adit_home_page_parent_class)->unmap (widget);
}

static void
adit_home_page_dispose (GObject *object)
{
  AditHomePage *self = ADIT_HOME_PAGE (object);
  GtkWidget *child;

  g_clear_object (&self->mirror);
  set_ticking (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (adit_home_page_parent_class)->dispose (object);
}

static void
adit_home_page_class_init (AditHomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_home_page_dispose;
  widget_class->map = adit_home_page_map;
  widget_class->unmap = adit_home_page_unmap;
  g_type_ensure (ADIT_TYPE_CHIP_BOX);
  g_type_ensure (ADIT_TYPE_FACTS_ROW);
  g_type_ensure (ADIT_TYPE_HOME_LAYOUT);
  g_type_ensure (ADIT_TYPE_MAP_VIEW);
  g_type_ensure (ADIT_TYPE_TRAFFIC_VIEW);
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, ADIT_TYPE_HOME_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, map);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, chips);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, traffic);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, traffic_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, details);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, emblem);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, word);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, sentence);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, account);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, account_button);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, button);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, facts);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, place_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, entry_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, exit_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, pause_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, since_row);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, since);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, more);
  gtk_widget_class_bind_template_child (widget_class, AditHomePage, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
adit_home_page_init (AditHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_home_page_set_mirror:
 * @self: a home page
 * @mirror: what it shows, from now on and for good
 */
void
adit_home_page_set_mirror (AditHomePage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_map_view_set_mirror (self->map, mirror);
  adit_chip_box_set_mirror (self->chips, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
