/* SPDX-License-Identifier: GPL-2.0-or-later */
/* name-row.c: a name that the helper does not take is said, and stays to be mended. */
#include "config.h"
#include "ui/name-row.h"

#include <glib/gi18n.h>

#include "ui/entry-rows.h"
#include "ui/trouble.h"

struct _AditNameRow
{
  AdwEntryRow parent_instance;
  AditMirror *mirror;
  char       *profile;    /* its id */
};

G_DEFINE_FINAL_TYPE (AditNameRow, adit_name_row, ADW_TYPE_ENTRY_ROW)

static void
on_renamed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditNameRow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = adit_mirror_account_finish (ADIT_MIRROR (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;    /* closed meanwhile */
  if (!done)
    adit_trouble_tell (GTK_WIDGET (self), error);
  else if (ADW_IS_MESSAGE_DIALOG (root))
    gtk_window_close (GTK_WINDOW (root));    /* that asked for nothing else */
}

static void
on_apply (AditNameRow *self)
{
  adit_mirror_rename_profile_async (self->mirror, self->profile, gtk_editable_get_text (GTK_EDITABLE (self)), on_renamed,
                                    g_object_ref (self));
}

static void
adit_name_row_finalize (GObject *object)
{
  g_object_unref (ADIT_NAME_ROW (object)->mirror);
  g_free (ADIT_NAME_ROW (object)->profile);
  G_OBJECT_CLASS (adit_name_row_parent_class)->finalize (object);
}

static void
adit_name_row_class_init (AditNameRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_name_row_finalize;
}

static void
adit_name_row_init (AditNameRow *self)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Name"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), TRUE);
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (self), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_PRIVATE);
  g_signal_connect (self, "apply", G_CALLBACK (on_apply), NULL);
}

/**
 * adit_name_row_new:
 * @mirror: through which it is changed
 * @profile: whose name
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
adit_name_row_new (AditMirror *mirror, const AditProfileRow *profile)
{
  AditNameRow *self = g_object_new (ADIT_TYPE_NAME_ROW, NULL);

  adit_entry_rows_tell (GTK_WIDGET (self));    /* its labels hear of the title when it has been made */
  self->mirror = g_object_ref (mirror);
  self->profile = g_strdup (profile->id);
  gtk_editable_set_text (GTK_EDITABLE (self), profile->name);
  return GTK_WIDGET (self);
}
