/* SPDX-License-Identifier: GPL-2.0-or-later */
/* places-page.c: choosing a place connects to it; that is what people do in a list of places. */
#include "config.h"
#include "ui/places-page.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/place-cell.h"
#include "ui/place-groups.h"
#include "ui/place-list.h"
#include "ui/places-filter.h"
#include "ui/profile-item.h"

#define WIDTH       320
#define WIDTH_ALONE 2000    /* wider than any window in which it is alone */

struct _AditPlacesPage
{
  AdwBin             parent_instance;
  AditMirror        *mirror;
  AditPlaceGroups   *groups;    /* (nullable): while there is a mirror */
  gboolean           folded;
  AdwClamp          *clamp;
  AdwHeaderBar      *header;
  GtkWidget         *back, *stack;
  GtkSearchEntry    *search;
  GtkListView       *view;
  GtkWidget         *hops;
  GtkToggleButton   *entry, *exit;    /* which of the two places is chosen now */
  GtkLabel          *entry_name, *exit_name, *summary_text;
  AdwStatusPage     *none, *failed;
  GtkWidget         *summary;
  GtkToggleButton   *filter_button;
  AditPlacesFilter  *filter;    /* (nullable): made when it is opened first */
};

G_DEFINE_FINAL_TYPE (AditPlacesPage, adit_places_page, ADW_TYPE_BIN)

enum { PROP_0, PROP_FOLDED, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, AditPlacesPage *self)
{
  gtk_list_item_set_child (list_item, adit_place_cell_new (self->mirror));
}

static gboolean
is_choosing_entry (AditPlacesPage *self)
{
  return gtk_widget_get_visible (self->hops) && gtk_toggle_button_get_active (self->entry);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, AditPlacesPage *self)
{
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);
  g_autoptr (GObject) item = gtk_tree_list_row_get_item (row);

  adit_place_cell_set_row (ADIT_PLACE_CELL (gtk_list_item_get_child (list_item)), row, is_choosing_entry (self));
  gtk_list_item_set_activatable (list_item, !GTK_IS_STRING_OBJECT (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item, AditPlacesPage *self)
{
  adit_place_cell_set_row (ADIT_PLACE_CELL (gtk_list_item_get_child (list_item)), NULL, FALSE);
}

/* Where it goes in is half a wish: the other half is next, unless it is connected, where the change is meant now. */
static void
choose_entry (AditPlacesPage *self, const AditPlace *place)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  gboolean is_wished = status != NULL && (status->state == ADIT_STATE_CONNECTED || status->state == ADIT_STATE_CONNECTING);

  adit_mirror_set_entry (self->mirror, place);
  gtk_toggle_button_set_active (self->exit, TRUE);
  if (is_wished)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static void
choose (AditPlacesPage *self, guint position)
{
  GListModel *rows = adit_place_groups_get_rows (self->groups);
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, position);
  g_autoptr (GObject) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
  AditPlace place;

  if (ADIT_IS_PROFILE_ITEM (item))
    adit_mirror_set_profile (self->mirror, adit_profile_item_get_id (ADIT_PROFILE_ITEM (item)));
  else if (ADIT_IS_PLACE_ITEM (item))
    {
      adit_place_item_get_place (ADIT_PLACE_ITEM (item), &place);
      if (is_choosing_entry (self))
        {
          choose_entry (self, &place);
          return;
        }
      adit_mirror_set_place (self->mirror, &place);
    }
  else
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-home", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static void
on_activated (AditPlacesPage *self, guint position)
{
  choose (self, position);
}

/* --- Searching ------------------------------------------------------------------------------------------------------------- */

/* Is it what is looked for, or what is asked of servers? */
static void
describe_nothing (AditPlacesPage *self)
{
  gboolean is_sifted = self->groups != NULL && gtk_widget_get_visible (self->summary);

  adw_status_page_set_title (self->none, is_sifted ? _("No server fits") : _("No such place"));
  adw_status_page_set_description (self->none, is_sifted ? _("Ask less of servers, or look for another place.")
                                                         : _("Look for another country, city or server."));
}

static void
describe_failure (AditPlacesPage *self, const GError *error)
{
  AditExplanation words;
  g_autofree char *text = NULL;

  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  text = g_strdup_printf ("%s %s", words.what, words.remedy);
  adw_status_page_set_description (self->failed, g_strstrip (text));
}

static void
show_left (AditPlacesPage *self)
{
  if (self->filter != NULL)
    adit_places_filter_show_left (self->filter, adit_place_groups_get_sieve (self->groups));
}

static void
make_filter (AditPlacesPage *self)
{
  self->filter = g_object_new (ADIT_TYPE_PLACES_FILTER, NULL);
  adit_places_filter_set_mirror (self->filter, self->mirror);
  gtk_stack_add_named (GTK_STACK (self->stack), GTK_WIDGET (self->filter), "filter");
  show_left (self);
}

static void
show_list (AditPlacesPage *self)
{
  gboolean has_list = self->mirror != NULL && adit_mirror_get_list (self->mirror) != NULL;
  gboolean waits = !has_list && self->mirror != NULL && adit_mirror_get_account (self->mirror) != NULL;
  const GError *error = waits ? adit_mirror_get_list_error (self->mirror) : NULL;
  gboolean is_empty = self->groups == NULL || adit_place_groups_is_empty (self->groups);

  if (self->filter == NULL && self->mirror != NULL && gtk_toggle_button_get_active (self->filter_button))
    make_filter (self);
  describe_nothing (self);
  if (error != NULL)
    describe_failure (self, error);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), gtk_toggle_button_get_active (self->filter_button) ? "filter"
                                                             : !is_empty ? "list" : error != NULL ? "failed"
                                                             : waits ? "waiting" : "none");
}

static void
on_search_changed (AditPlacesPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (self->groups == NULL)
    return;
  if (text[0] != '\0')
    gtk_toggle_button_set_active (self->filter_button, FALSE);
  adit_place_groups_search (self->groups, text);
  show_list (self);
}

/* Return takes the first of what was found. */
static void
on_search_activated (AditPlacesPage *self)
{
  /* "search-changed" comes late, after a pause in typing; Return may come sooner. */
  on_search_changed (self);
  if (gtk_editable_get_text (GTK_EDITABLE (self->search))[0] != '\0')
    choose (self, 0);
}

static void
on_search_stopped (AditPlacesPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* --- What the mirror has --------------------------------------------------------------------------------------------------- */

static void
show_hop (GtkToggleButton *button, GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static char *
dup_place_name (AditPlacesPage *self, const AditPlace *place)
{
  AditServerList *servers = adit_mirror_get_list (self->mirror);
  char *name = servers != NULL ? adit_place_list_dup_name (servers, place) : NULL;

  return name != NULL ? name : g_strdup (_("Any place"));
}

/* Two places to choose, and which one it is now. */
static void
show_hops (AditPlacesPage *self)
{
  g_autofree char *entry = dup_place_name (self, adit_mirror_get_entry (self->mirror)), *exit = NULL;
  g_autofree char *in = g_strdup_printf (_("In: %s"), entry), *out = NULL;
  AditTunnelOffer offer;

  exit = dup_place_name (self, adit_mirror_get_place (self->mirror));
  out = g_strdup_printf (_("Out: %s"), exit);
  adit_mirror_find_offer (self->mirror, &offer);
  show_hop (self->entry, self->entry_name, in);
  show_hop (self->exit, self->exit_name, out);
  gtk_widget_set_visible (self->hops, offer.multihop);
  if (!offer.multihop)
    gtk_toggle_button_set_active (self->exit, TRUE);
}

/* What is not in the list, and why. */
static void
show_summary (AditPlacesPage *self)
{
  g_autofree char *text = adit_places_filter_dup_text (&adit_mirror_get_choice (self->mirror)->servers.filter);

  gtk_label_set_label (self->summary_text, text);
  gtk_widget_set_visible (self->summary, text[0] != '\0' && adit_mirror_get_list (self->mirror) != NULL);
  show_left (self);
}

static void
update (AditPlacesPage *self)
{
  show_hops (self);
  adit_place_groups_update (self->groups);
  show_summary (self);
  show_list (self);
}

static void
on_hop (AditPlacesPage *self)
{
  if (self->groups != NULL)
    adit_place_groups_set_entry (self->groups, is_choosing_entry (self));
}

static void
on_show_all (AditPlacesPage *self)
{
  adit_mirror_clear_filter (self->mirror);
}

static void
on_try_again (AditPlacesPage *self)
{
  adit_mirror_ask_list (self->mirror);
}

/* What was asked for on the other page is in the list. */
static void
on_show_list (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_toggle_button_set_active (ADIT_PLACES_PAGE (widget)->filter_button, FALSE);
}

/* Without an account there is no country to look for. */
static void
on_mirror_changed (AditMirror *mirror, AditPlacesPage *self)
{
  gboolean signed_in = adit_mirror_get_account (mirror) != NULL;

  g_object_set (self->search, "placeholder-text", signed_in ? _("Country, city or server") : _("Imported file"), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->filter_button), signed_in);
  if (!signed_in)
    gtk_toggle_button_set_active (self->filter_button, FALSE);
  show_hops (self);
  show_list (self);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------ */

/* Beside another page it is no wider for what is in it, which may be long; alone it has all there is. */
static void
set_folded (AditPlacesPage *self, gboolean folded)
{
  int width = folded ? WIDTH_ALONE : WIDTH;

  self->folded = folded;
  adw_clamp_set_maximum_size (self->clamp, width);
  adw_clamp_set_tightening_threshold (self->clamp, width);
  gtk_widget_set_visible (self->back, folded);
  adw_header_bar_set_show_end_title_buttons (self->header, folded);
}

static void
adit_places_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_FOLDED)
    set_folded (ADIT_PLACES_PAGE (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
adit_places_page_dispose (GObject *object)
{
  AditPlacesPage *self = ADIT_PLACES_PAGE (object);

  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  g_clear_pointer (&self->groups, adit_place_groups_free);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (adit_places_page_parent_class)->dispose (object);
}

static void
adit_places_page_class_init (AditPlacesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = adit_places_page_dispose;
  object_class->set_property = adit_places_page_set_property;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/places-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, clamp);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, header);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, back);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, search);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, view);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, hops);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, entry);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, exit);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, entry_name);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, exit_name);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, none);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, failed);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, summary);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, summary_text);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, filter_button);
  gtk_widget_class_install_action (widget_class, "places.show-list", NULL, on_show_list);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
  gtk_widget_class_bind_template_callback (widget_class, show_list);
  gtk_widget_class_bind_template_callback (widget_class, on_hop);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again);
}

static void
adit_places_page_init (AditPlacesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Whoever types in the list searches. */
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self->view));
  set_folded (self, FALSE);
}

/**
 * adit_places_page_set_mirror:
 * @self: a page
 * @mirror: what it shows and where its wishes go, from now on and for good
 */
void
adit_places_page_set_mirror (AditPlacesPage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  self->groups = adit_place_groups_new (mirror);
  gtk_list_view_set_model (self->view,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (adit_place_groups_get_rows (self->groups)))));
  g_object_unref (gtk_list_view_get_model (self->view));
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "profiles-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (on_mirror_changed), self, 0);
  update (self);
  on_mirror_changed (mirror, self);
}

/**
 * adit_places_page_search:
 * @self: a page
 *
 * Puts the cursor where one types.
 */
void
adit_places_page_search (AditPlacesPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/**
 * adit_places_page_set_text:
 * @self: a page
 * @text: what is looked for, as if somebody had typed it
 */
void
adit_places_page_set_text (AditPlacesPage *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), text);
  gtk_editable_set_position (GTK_EDITABLE (self->search), -1);
}
