/* SPDX-License-Identifier: GPL-2.0-or-later */
/* block-list.c: what goes together is a switch each; where a service has a resolver for each list, one of them is chosen. */
#include "config.h"
#include "ui/block-list.h"

#include <glib/gi18n.h>

#include "ui/trouble.h"
#include "ui/words.h"
#include "ui/wrapping.h"

struct _AditBlockList
{
  AdwPreferencesGroup parent_instance;
  AditMirror     *mirror;
  AditServerList *list;        /* (nullable): that the rows are of */
  GPtrArray      *switches;    /* of GtkSwitch, one each */
  GPtrArray      *rows;        /* of GtkWidget, owned by the group */
  AdwComboRow    *one;         /* (nullable): of those that go with no other */
  gboolean        showing;     /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditBlockList, adit_block_list, ADW_TYPE_PREFERENCES_GROUP)

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditBlockList) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_account_finish (ADIT_MIRROR (source), result, &error) && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
  if (self->mirror != NULL)
    adit_mirror_ask_settings (self->mirror);
}

static void
set (AditBlockList *self, const char *const *names)
{
  g_auto (GStrv) texts = adit_mirror_dup_blocks (self->mirror, names);

  adit_mirror_set_setting_async (self->mirror, "block", g_variant_new_strv ((const char *const *) texts, -1), on_set,
                                 g_object_ref (self));
}

static void
on_switched (AditBlockList *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (self->showing)
    return;
  for (guint i = 0; i < self->switches->len; i++)
    if (gtk_switch_get_active (self->switches->pdata[i]))
      g_ptr_array_add (names, g_object_get_data (self->switches->pdata[i], "name"));
  g_ptr_array_add (names, NULL);
  set (self, (const char *const *) names->pdata);
}

static void
on_chosen (AditBlockList *self)
{
  const AditServerListHead *head = adit_server_list_get_head (self->list);
  guint which = adw_combo_row_get_selected (self->one);
  const char *const names[] = { which > 0 && which <= head->n_blocks ? head->blocks[which - 1].name : NULL, NULL };

  if (!self->showing)
    set (self, names);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static void
add_row (AditBlockList *self, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
add_switch (AditBlockList *self, const AditBlock *block)
{
  g_autofree char *title = adit_words_dup_block (block->name);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, NULL);
  GtkWidget *control = gtk_switch_new ();

  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (control), "name", g_strdup (block->name), g_free);
  g_signal_connect_object (control, "notify::active", G_CALLBACK (on_switched), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  g_ptr_array_add (self->switches, control);
  add_row (self, row);
}

static void
add_choice (AditBlockList *self, const AditServerListHead *head)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new ((const char *[]) { _("Nothing"), NULL });

  for (guint i = 0; i < head->n_blocks; i++)
    {
      g_autofree char *word = adit_words_dup_block (head->blocks[i].name);

      gtk_string_list_append (words, word);
    }
  self->one = g_object_new (ADW_TYPE_COMBO_ROW, "use-markup", FALSE, "title", _("List"), "model", words, NULL);
  adit_wrap_texts (GTK_WIDGET (self->one));
  g_signal_connect_object (self->one, "notify::selected", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  add_row (self, GTK_WIDGET (self->one));
}

static void
make_rows (AditBlockList *self, const AditServerListHead *head)
{
  gboolean go_together = head != NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->switches, 0);
  self->one = NULL;
  for (guint i = 0; head != NULL && i < head->n_blocks; i++)
    go_together = go_together && head->blocks[i].bits != 0;
  for (guint i = 0; go_together && i < head->n_blocks; i++)
    add_switch (self, &head->blocks[i]);
  if (head != NULL && !go_together)
    add_choice (self, head);
}

/* Why there is nothing to choose, or what it is about. */
static void
describe (AditBlockList *self, const AditServerListHead *head)
{
  g_auto (GStrv) dns = adit_mirror_dup_setting (self->mirror, "dns");
  gboolean is_own = dns != NULL && dns[0] != NULL && !g_str_equal (dns[0], "service");
  const char *text = _("The service’s resolver says that what is switched on here does not exist.");

  if (head == NULL)
    text = _("Sign in to a service to see what its resolvers can leave out.");
  else if (head->n_blocks == 0)
    text = _("This service’s resolvers leave nothing out.");
  else if (is_own)
    text = _("Your own resolvers are asked instead, whatever the service’s would leave out.");
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
  /* Of a switch in a grey row GTK 4.8 tells no screen reader that it is grey. */
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_sensitive (self->rows->pdata[i], !is_own);
  for (guint i = 0; i < self->switches->len; i++)
    gtk_widget_set_sensitive (self->switches->pdata[i], !is_own);
}

static gboolean
has_name (char names[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES], guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (names[i], name))
      return TRUE;
  return FALSE;
}

static void
refresh (AditBlockList *self)
{
  AditServerList *list = adit_mirror_get_list (self->mirror);
  const AditServerListHead *head = list != NULL ? adit_server_list_get_head (list) : NULL;
  char names[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];
  guint n = adit_choice_get_blocks (adit_mirror_get_choice (self->mirror), head != NULL ? head->service : "", names);

  self->showing = TRUE;
  if (list != self->list)
    {
      g_clear_pointer (&self->list, adit_server_list_unref);
      self->list = list != NULL ? adit_server_list_ref (list) : NULL;
      make_rows (self, head);
    }
  for (guint i = 0; i < self->switches->len; i++)
    gtk_switch_set_active (self->switches->pdata[i], has_name (names, n, g_object_get_data (self->switches->pdata[i], "name")));
  if (self->one != NULL)
    {
      guint which = 0;

      for (guint i = 0; i < head->n_blocks; i++)
        which = has_name (names, n, head->blocks[i].name) ? i + 1 : which;
      adw_combo_row_set_selected (self->one, which);
    }
  describe (self, head);
  self->showing = FALSE;
}

static void
adit_block_list_dispose (GObject *object)
{
  AditBlockList *self = ADIT_BLOCK_LIST (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->list, adit_server_list_unref);
  g_clear_pointer (&self->switches, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (adit_block_list_parent_class)->dispose (object);
}

static void
adit_block_list_class_init (AditBlockListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_block_list_dispose;
}

static void
adit_block_list_init (AditBlockList *self)
{
  self->switches = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
}

/**
 * adit_block_list_set_mirror:
 * @self: a group
 * @mirror: knows what there is and what is chosen, from now on and for good
 */
void
adit_block_list_set_mirror (AditBlockList *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
