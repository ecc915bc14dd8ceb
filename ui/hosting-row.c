/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hosting-row.c: a row a company that the service's list names; what is set and is not in it is named as well. */
#include "config.h"
#include "ui/hosting-row.h"

#include <glib/gi18n.h>

typedef struct
{
  char           *company;
  guint           n_servers;
  AdwActionRow   *row;      /* owned by the expander */
  GtkCheckButton *check;
} Shown;

struct _AditHostingRow
{
  AdwExpanderRow parent_instance;
  AditMirror *mirror;
  GPtrArray  *shown;       /* of Shown, by name */
  gboolean    showing;     /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditHostingRow, adit_hosting_row, ADW_TYPE_EXPANDER_ROW)

static void
shown_free (gpointer data)
{
  Shown *self = data;

  g_free (self->company);
  g_free (self);
}

static gboolean
is_chosen (const AditServerFilter *filter, const char *company)
{
  for (guint i = 0; i < filter->n_hosting; i++)
    if (g_ascii_strcasecmp (filter->hosting[i], company) == 0)
      return TRUE;
  return FALSE;
}

/* --- What is set ----------------------------------------------------------------------------------------------------------- */

static void
show_company (const Shown *shown, const AditServerFilter *filter)
{
  gboolean is_on = is_chosen (filter, shown->company), is_full = filter->n_hosting == ADIT_FILTER_MAX_HOSTING;
  g_autofree char *servers = g_strdup_printf (ngettext ("%u server", "%u servers", shown->n_servers), shown->n_servers);
  g_autofree char *full = g_strdup_printf (_("No more than %d companies can be chosen"), ADIT_FILTER_MAX_HOSTING);

  gtk_check_button_set_active (shown->check, is_on);
  gtk_widget_set_sensitive (GTK_WIDGET (shown->check), is_on || !is_full);
  adw_action_row_set_subtitle (shown->row, is_on || !is_full ? servers : full);
}

static void
show (AditHostingRow *self)
{
  const AditServerFilter *filter = &adit_mirror_get_choice (self->mirror)->servers.filter;
  g_autoptr (GString) names = g_string_new (NULL);

  self->showing = TRUE;
  for (guint i = 0; i < self->shown->len; i++)
    show_company (self->shown->pdata[i], filter);
  self->showing = FALSE;
  for (guint i = 0; i < filter->n_hosting; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", filter->hosting[i]);
  /* Translators: of companies in whose houses servers stand: whichever */
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), names->len > 0 ? names->str : _("Any"));
  gtk_widget_set_visible (GTK_WIDGET (self), self->shown->len > 0 || filter->n_hosting > 0);
}

/* --- What the person wants ------------------------------------------------------------------------------------------------- */

static gboolean
is_shown (AditHostingRow *self, const char *company)
{
  for (guint i = 0; i < self->shown->len; i++)
    if (g_ascii_strcasecmp (((const Shown *) self->shown->pdata[i])->company, company) == 0)
      return TRUE;
  return FALSE;
}

/* What another service has stays chosen. */
static void
on_toggled (AditHostingRow *self)
{
  g_autofree AditServerFilter *filter = g_memdup2 (&adit_mirror_get_choice (self->mirror)->servers.filter, sizeof *filter);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();

  if (self->showing)
    return;
  for (guint i = 0; i < filter->n_hosting; i++)
    if (!is_shown (self, filter->hosting[i]))
      g_ptr_array_add (wanted, filter->hosting[i]);
  for (guint i = 0; i < self->shown->len; i++)
    {
      const Shown *shown = self->shown->pdata[i];

      if (gtk_check_button_get_active (shown->check))
        g_ptr_array_add (wanted, shown->company);
    }
  g_ptr_array_add (wanted, NULL);
  adit_mirror_set_hosting (self->mirror, (const char *const *) wanted->pdata);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static gint
compare_companies (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp ((*(const Shown *const *) a)->company, (*(const Shown *const *) b)->company);
}

/* Each once, with how many servers stand there. */
static GPtrArray *
list_companies (AditServerList *list)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *companies = g_ptr_array_new_with_free_func (shown_free);

  for (guint i = 0; list != NULL && i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;
      Shown *shown;

      adit_server_list_get_server (list, i, &server);
      if (server.provider[0] == '\0')
        continue;
      shown = g_hash_table_lookup (known, server.provider);
      if (shown == NULL)
        {
          shown = g_new0 (Shown, 1);
          shown->company = g_strdup (server.provider);
          g_hash_table_insert (known, shown->company, shown);
          g_ptr_array_add (companies, shown);
        }
      shown->n_servers++;
    }
  g_ptr_array_sort (companies, compare_companies);
  return companies;
}

static void
add_row (AditHostingRow *self, Shown *shown)
{
  shown->row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", shown->company, NULL);
  shown->check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (shown->check), GTK_ALIGN_CENTER);
  g_signal_connect_object (shown->check, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (shown->row, GTK_WIDGET (shown->check));
  adw_action_row_set_activatable_widget (shown->row, GTK_WIDGET (shown->check));    /* and names it by the row's title */
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (shown->row));
}

static void
make_rows (AditHostingRow *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), GTK_WIDGET (((Shown *) self->shown->pdata[i])->row));
  g_ptr_array_unref (self->shown);
  self->shown = list_companies (adit_mirror_get_list (self->mirror));
  for (guint i = 0; i < self->shown->len; i++)
    add_row (self, self->shown->pdata[i]);
  show (self);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------ */

static void
adit_hosting_row_dispose (GObject *object)
{
  g_clear_object (&ADIT_HOSTING_ROW (object)->mirror);
  G_OBJECT_CLASS (adit_hosting_row_parent_class)->dispose (object);
}

static void
adit_hosting_row_finalize (GObject *object)
{
  g_ptr_array_unref (ADIT_HOSTING_ROW (object)->shown);
  G_OBJECT_CLASS (adit_hosting_row_parent_class)->finalize (object);
}

static void
adit_hosting_row_class_init (AditHostingRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_hosting_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_hosting_row_finalize;
}

static void
adit_hosting_row_init (AditHostingRow *self)
{
  self->shown = g_ptr_array_new_with_free_func (shown_free);
}

/**
 * adit_hosting_row_set_mirror:
 * @self: a row
 * @mirror: whose list it is about, and where what is chosen goes, from now on and for good
 */
void
adit_hosting_row_set_mirror (AditHostingRow *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (make_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  make_rows (self);
}
