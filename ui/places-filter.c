/* SPDX-License-Identifier: GPL-2.0-or-later */
/* places-filter.c: what is set here is set for connections as well, so that nobody leaves by a server that is not in the list. */
#include "config.h"
#include "ui/places-filter.h"

#include <glib/gi18n.h>

#include "ui/hosting-row.h"
#include "ui/latency-row.h"
#include "ui/protocol-row.h"
#include "ui/wrapping.h"

struct _AditPlacesFilter
{
  AdwBin           parent_instance;
  AditMirror      *mirror;
  AdwPreferencesGroup *group;
  AdwComboRow     *service, *ownership;
  AditProtocolRow *protocol;
  AditHostingRow  *hosting;
  AditLatencyRow  *latency;
  GtkSwitch       *ipv6, *recent;
  GPtrArray       *accounts;    /* of ids, in the order of the row */
  gboolean         showing;     /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditPlacesFilter, adit_places_filter, ADW_TYPE_BIN)

/* --- What is set ----------------------------------------------------------------------------------------------------------- */

static gboolean
are_same_accounts (AditPlacesFilter *self, const GPtrArray *rows)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const AditAccountRow *row = rows->pdata[i];

      if (row->mine && (n == self->accounts->len || !g_str_equal (self->accounts->pdata[n++], row->id)))
        return FALSE;
    }
  return n == self->accounts->len;
}

static void
list_accounts (AditPlacesFilter *self, const GPtrArray *rows)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->accounts, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const AditAccountRow *row = rows->pdata[i];

      if (!row->mine)
        continue;
      gtk_string_list_append (words, row->service_name);
      g_ptr_array_add (self->accounts, g_strdup (row->id));
    }
  adw_combo_row_set_model (self->service, G_LIST_MODEL (words));
}

/* The places are those of the account that is used. */
static void
show_service (AditPlacesFilter *self)
{
  const GPtrArray *rows = adit_mirror_get_accounts (self->mirror);
  const AditAccountRow *current = adit_mirror_get_account (self->mirror);

  if (rows != NULL && !are_same_accounts (self, rows))
    list_accounts (self, rows);
  for (guint i = 0; current != NULL && i < self->accounts->len; i++)
    if (g_str_equal (self->accounts->pdata[i], current->id))
      adw_combo_row_set_selected (self->service, i);
  gtk_widget_set_visible (GTK_WIDGET (self->service), self->accounts->len > 1);
}

static void
refresh (AditPlacesFilter *self)
{
  const AditServerFilter *filter = &adit_mirror_get_choice (self->mirror)->servers.filter;

  self->showing = TRUE;
  show_service (self);
  adw_combo_row_set_selected (self->ownership, filter->ownership);
  gtk_switch_set_active (self->ipv6, filter->only_with_ipv6 != 0);
  gtk_switch_set_active (self->recent, adit_mirror_get_memory (self->mirror)->keeps_recent);
  self->showing = FALSE;
}

/**
 * adit_places_filter_show_left:
 * @self: a page
 * @sieve: (nullable): what is left
 *
 * Says how many servers fit.
 */
void
adit_places_filter_show_left (AditPlacesFilter *self, AditPlaceSieve *sieve)
{
  const AditPlaceRow all = { .kind = ADIT_PLACE_ANY };
  guint n = sieve != NULL ? adit_place_sieve_count (sieve, all) : 0;
  guint n_all = sieve != NULL ? adit_server_list_get_n_servers (adit_place_sieve_get_servers (sieve)) : 0;
  /* Translators: how many servers fit, of how many */
  g_autofree char *text = g_strdup_printf (_("%u of %u fit. What is asked of them here holds for connections, too."), n, n_all);

  adw_preferences_group_set_description (self->group, sieve != NULL ? text : NULL);
}

/**
 * adit_places_filter_dup_text:
 * @filter: what is asked of servers
 *
 * Returns: (transfer full): the same for people, such as "Only rented, with IPv6"; "" where nothing is asked
 */
char *
adit_places_filter_dup_text (const AditServerFilter *filter)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  if (filter->ownership == ADIT_OWNED_ONLY)
    g_ptr_array_add (parts, g_strdup (_("the service’s own")));
  else if (filter->ownership == ADIT_RENTED_ONLY)
    g_ptr_array_add (parts, g_strdup (_("rented")));
  for (guint i = 0; i < filter->n_hosting; i++)
    /* Translators: a company in whose house servers stand */
    g_ptr_array_add (parts, g_strdup_printf (_("at %s"), filter->hosting[i]));
  if (filter->only_with_ipv6)
    g_ptr_array_add (parts, g_strdup (_("with IPv6")));
  if (parts->len == 0)
    return g_strdup ("");
  g_ptr_array_add (parts, NULL);
  text = g_strjoinv (", ", (char **) parts->pdata);
  /* Translators: only servers that are this, such as "rented, with IPv6" */
  return g_strdup_printf (_("Only %s"), text);
}

/* --- What the person wants ------------------------------------------------------------------------------------------------- */

static void
on_service (AditPlacesFilter *self)
{
  guint which = adw_combo_row_get_selected (self->service);

  if (!self->showing && which < self->accounts->len)
    adit_mirror_use_account (self->mirror, self->accounts->pdata[which]);
}

static void
on_ownership (AditPlacesFilter *self)
{
  if (!self->showing)
    adit_mirror_set_ownership (self->mirror, adw_combo_row_get_selected (self->ownership));
}

static void
on_ipv6 (AditPlacesFilter *self)
{
  if (!self->showing)
    adit_mirror_set_with_ipv6 (self->mirror, gtk_switch_get_active (self->ipv6));
}

static void
on_recent (AditPlacesFilter *self)
{
  if (!self->showing)
    adit_mirror_set_keeps_recent (self->mirror, gtk_switch_get_active (self->recent));
}

static void
adit_places_filter_dispose (GObject *object)
{
  AditPlacesFilter *self = ADIT_PLACES_FILTER (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  G_OBJECT_CLASS (adit_places_filter_parent_class)->dispose (object);
}

static void
adit_places_filter_class_init (AditPlacesFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_places_filter_dispose;
  g_type_ensure (ADIT_TYPE_HOSTING_ROW);
  g_type_ensure (ADIT_TYPE_LATENCY_ROW);
  g_type_ensure (ADIT_TYPE_PROTOCOL_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/places-filter.ui");
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, group);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, service);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, ownership);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, protocol);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, hosting);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, latency);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, ipv6);
  gtk_widget_class_bind_template_child (widget_class, AditPlacesFilter, recent);
  gtk_widget_class_bind_template_callback (widget_class, on_service);
  gtk_widget_class_bind_template_callback (widget_class, on_ownership);
  gtk_widget_class_bind_template_callback (widget_class, on_ipv6);
  gtk_widget_class_bind_template_callback (widget_class, on_recent);
}

static void
adit_places_filter_init (AditPlacesFilter *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_free);
  self->showing = TRUE;    /* until it is known what is set */
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_places_filter_set_mirror:
 * @self: a page
 * @mirror: where what is set comes from and goes to, from now on and for good
 */
void
adit_places_filter_set_mirror (AditPlacesFilter *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_protocol_row_set_mirror (self->protocol, mirror);
  adit_hosting_row_set_mirror (self->hosting, mirror);
  adit_latency_row_set_mirror (self->latency, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
