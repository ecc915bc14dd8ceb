/* SPDX-License-Identifier: GPL-2.0-or-later */
/* places-page.c: choosing a place connects to it; that is what people do in a list of places. */
#include "config.h"
#include "ui/places-page.h"

#include <glib/gi18n.h>

#include "ui/place-cell.h"
#include "ui/place-list.h"
#include "ui/profile-item.h"

struct _AditPlacesPage
{
  AdwBin             parent_instance;
  AditMirror        *mirror;
  GListStore        *profiles;  /* of AditProfileItem: what was imported, as the search leaves it */
  AditPlaceList     *places;    /* (nullable): of the service's places, likewise */
  gboolean           folded;
  AdwHeaderBar      *header;
  GtkWidget         *back, *stack;
  GtkSearchEntry    *search;
  GtkListView       *view;
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

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, AditPlacesPage *self)
{
  adit_place_cell_set_row (ADIT_PLACE_CELL (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item, AditPlacesPage *self)
{
  adit_place_cell_set_row (ADIT_PLACE_CELL (gtk_list_item_get_child (list_item)), NULL);
}

static GListModel *
create_parts (gpointer item, gpointer user_data)
{
  AditPlaceList *parts = ADIT_IS_PLACE_ITEM (item) ? adit_place_list_new_parts (ADIT_PLACE_ITEM (item)) : NULL;

  return parts != NULL ? G_LIST_MODEL (parts) : NULL;
}

static void
choose (AditPlacesPage *self, guint position)
{
  GListModel *rows = G_LIST_MODEL (gtk_list_view_get_model (self->view));
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, position);
  g_autoptr (GObject) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
  AditPlace place;

  if (item == NULL)
    return;
  if (ADIT_IS_PROFILE_ITEM (item))
    adit_mirror_set_profile (self->mirror, adit_profile_item_get_id (ADIT_PROFILE_ITEM (item)));
  else
    {
      adit_place_item_get_place (ADIT_PLACE_ITEM (item), &place);
      adit_mirror_set_place (self->mirror, &place);
    }
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-home", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static void
on_activated (AditPlacesPage *self, guint position)
{
  choose (self, position);
}

/* --- Searching ------------------------------------------------------------------------------------------------------------- */

static void
show_list (AditPlacesPage *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->profiles)) > 0 ||
                 (self->places != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->places)) > 0);
  gboolean waits = self->places == NULL && self->mirror != NULL && adit_mirror_get_account (self->mirror) != NULL;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), any ? "list" : waits ? "waiting" : "none");
}

/* What was imported stands above a service's places: it is little, and somebody's own. */
static void
find_profiles (AditPlacesPage *self)
{
  const GPtrArray *rows = adit_mirror_get_profiles (self->mirror);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autoptr (AditProfileItem) item = adit_profile_item_new (rows->pdata[i]);

      if (adit_profile_item_matches (item, text))
        g_ptr_array_add (found, g_steal_pointer (&item));
    }
  g_list_store_splice (self->profiles, 0, g_list_model_get_n_items (G_LIST_MODEL (self->profiles)), found->pdata, found->len);
}

static void
on_search_changed (AditPlacesPage *self)
{
  find_profiles (self);
  if (self->places != NULL)
    adit_place_list_search (self->places, gtk_editable_get_text (GTK_EDITABLE (self->search)));
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

static void
on_list_changed (AditMirror *mirror, AditPlacesPage *self)
{
  AditServerList *servers = adit_mirror_get_list (mirror);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  GtkFlattenListModel *rows;
  GtkTreeListModel *tree;

  gtk_list_view_set_model (self->view, NULL);
  g_clear_object (&self->places);
  g_list_store_append (parts, self->profiles);
  if (servers != NULL)
    {
      self->places = adit_place_list_new (servers);
      g_list_store_append (parts, self->places);
    }
  rows = gtk_flatten_list_model_new (G_LIST_MODEL (parts));
  tree = gtk_tree_list_model_new (G_LIST_MODEL (rows), FALSE, FALSE, create_parts, NULL, NULL);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (tree))));
  g_object_unref (gtk_list_view_get_model (self->view));
  on_search_changed (self);
}

/* Without an account there is no country to look for. */
static void
on_mirror_changed (AditMirror *mirror, AditPlacesPage *self)
{
  gboolean signed_in = adit_mirror_get_account (mirror) != NULL;

  g_object_set (self->search, "placeholder-text", signed_in ? _("Country, city or server") : _("Imported file"), NULL);
}

static void
on_profiles_changed (AditMirror *mirror, AditPlacesPage *self)
{
  find_profiles (self);
  show_list (self);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------ */

static void
set_folded (AditPlacesPage *self, gboolean folded)
{
  self->folded = folded;
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

  g_clear_object (&self->places);
  g_clear_object (&self->profiles);
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
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, header);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, back);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, search);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesPage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
}

static void
adit_places_page_init (AditPlacesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->profiles = g_list_store_new (ADIT_TYPE_PROFILE_ITEM);
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
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (on_list_changed), self, 0);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (on_mirror_changed), self, 0);
  g_signal_connect_object (mirror, "profiles-changed", G_CALLBACK (on_profiles_changed), self, 0);
  on_list_changed (mirror, self);
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
