/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-dialog.c: a file a block: its name, what it is, then what stands in the way, then what was left out.  Names come from a
 * stranger's file, so no row reads markup. */
#include "config.h"
#include "ui/import-dialog.h"

#include <glib/gi18n.h>

#include "ui/import-words.h"

#define SHOWN_AT_ONCE 3    /* so many lines that were left out are read at a glance; more are there for whoever wants them */

struct _AditImportDialog
{
  AdwWindow         parent_instance;
  AditImportAnswer *answer;    /* (nullable) */
  GtkSpinner       *spinner;
  GtkLabel         *heading;
  GtkBox           *results;
  GtkWidget        *done_button, *connect_button;
};

G_DEFINE_FINAL_TYPE (AditImportDialog, adit_import_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_CONNECT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_connect_clicked (AditImportDialog *self)
{
  g_object_ref (self);
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[SIGNAL_CONNECT], 0, self->answer->profiles->pdata[0]);
  g_object_unref (self);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static GtkWidget *
new_label (const char *text, const char *style_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style_class);
  return label;
}

static GtkWidget *
new_row (const char *icon_name, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

/* A list in a frame, which is only there when something is in it. */
static GtkWidget *
get_list (GtkWidget **list, GtkBox *block)
{
  if (*list == NULL)
    {
      *list = gtk_list_box_new ();
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (*list), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (*list, "boxed-list");
      gtk_box_append (block, *list);
    }
  return *list;
}

/* What is said of the file as a whole is no line that was left out. */
static gboolean
is_about_all (const AditImportNote *note)
{
  return !note->fatal && note->line == 0 && note->option[0] == '\0';
}

static void
add_facts (GtkWidget **list, GtkBox *block, const AditProfileRow *profile, const AditImportReport *report)
{
  g_auto (GStrv) facts = adit_import_words_dup_facts (profile);

  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      if (is_about_all (note))
        gtk_list_box_append (GTK_LIST_BOX (get_list (list, block)),
                             new_row ("dialog-information-symbolic", adit_import_words_get_sentence (note), ""));
    }

  for (char **fact = facts; *fact != NULL; fact++)
    gtk_list_box_append (GTK_LIST_BOX (get_list (list, block)), new_row ("dialog-information-symbolic", *fact, ""));
}

static GtkWidget *
new_note (const AditImportNote *note)
{
  g_autofree char *where = adit_import_words_dup_note (note);

  return new_row (note->fatal ? "dialog-error-symbolic" : "edit-cut-symbolic", where, adit_import_words_get_sentence (note));
}

static void
add_wanted (GtkWidget **list, GtkBox *block, const AditImportReport *report, gboolean required)
{
  for (guint i = 0; i < report->wanted->len; i++)
    {
      const AditImportWanted *wanted = &g_array_index (report->wanted, AditImportWanted, i);
      g_autofree char *title = wanted->option[0] != '\0' ? g_strdup_printf ("%s: %s", wanted->option, wanted->name)
                                                         : g_strdup (wanted->name);

      if (wanted->required == required)
        gtk_list_box_append (GTK_LIST_BOX (get_list (list, block)),
                             new_row (required ? "dialog-error-symbolic" : "text-x-generic-symbolic", title,
                                      adit_import_words_get_wanted (wanted)));
    }
}

/* --- What was left out ----------------------------------------------------------------------------------------------------- */

/* Rows of a whole archive would be thousands: they are made for whoever looks. */
static void
fill_left_out (AdwExpanderRow *row, GParamSpec *spec, const AditImportReport *report)
{
  if (!adw_expander_row_get_expanded (row) || g_object_get_data (G_OBJECT (row), "filled") != NULL)
    return;
  g_object_set_data (G_OBJECT (row), "filled", row);
  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      if (!note->fatal && !is_about_all (note))
        adw_expander_row_add_row (row, new_note (note));
    }
}

static void
add_left_out (GtkWidget **list, GtkBox *block, const AditImportReport *report)
{
  g_autofree char *title = NULL;
  GtkWidget *row;
  guint n = report->n_more;

  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      n += !note->fatal && !is_about_all (note);
    }
  if (n == 0)
    return;
  title = g_strdup_printf (ngettext ("%u line was left out or changed", "%u lines were left out or changed", n), n);
  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  g_signal_connect (row, "notify::expanded", G_CALLBACK (fill_left_out), (gpointer) report);
  gtk_list_box_append (GTK_LIST_BOX (get_list (list, block)), row);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), n <= SHOWN_AT_ONCE);
}

/* --- A file ---------------------------------------------------------------------------------------------------------------- */

static void
add_file (AditImportDialog *self, const AditImportOutcome *outcome)
{
  GPtrArray *profiles = self->answer->profiles;
  const AditProfileRow *profile = outcome->profile >= 0 && (guint) outcome->profile < profiles->len
                                  ? profiles->pdata[outcome->profile] : NULL;
  g_autofree char *kind = profile != NULL ? adit_import_words_dup_kind (profile) : NULL;
  GtkWidget *block = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = NULL;

  gtk_box_append (GTK_BOX (block), new_label (profile != NULL ? profile->name : outcome->file, "heading"));
  gtk_box_append (GTK_BOX (block), new_label (kind != NULL ? kind : _("Not imported; nothing of it is kept"), "dim-label"));
  for (guint i = 0; i < outcome->report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (outcome->report->notes, AditImportNote, i);

      if (note->fatal)
        gtk_list_box_append (GTK_LIST_BOX (get_list (&list, GTK_BOX (block))), new_note (note));
    }
  add_wanted (&list, GTK_BOX (block), outcome->report, TRUE);
  if (profile != NULL)
    add_facts (&list, GTK_BOX (block), profile, outcome->report);
  add_wanted (&list, GTK_BOX (block), outcome->report, FALSE);
  add_left_out (&list, GTK_BOX (block), outcome->report);
  if (profile != NULL && outcome->report->notes->len == 0 && outcome->report->wanted->len == 0)
    gtk_list_box_append (GTK_LIST_BOX (get_list (&list, GTK_BOX (block))),
                         new_row ("emblem-ok-symbolic", _("All that is in it was understood."), ""));
  gtk_box_append (self->results, block);
}

static void
adit_import_dialog_finalize (GObject *object)
{
  g_clear_pointer (&ADIT_IMPORT_DIALOG (object)->answer, adit_import_answer_free);
  G_OBJECT_CLASS (adit_import_dialog_parent_class)->finalize (object);
}

static void
adit_import_dialog_class_init (AditImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = adit_import_dialog_finalize;
  signals[SIGNAL_CONNECT] = g_signal_new ("connect", ADIT_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, results);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, done_button);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, connect_button);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
adit_import_dialog_init (AditImportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * adit_import_dialog_new:
 * @parent: the window it belongs to
 *
 * Returns: (transfer none): a window that says that the file is being read
 */
AditImportDialog *
adit_import_dialog_new (GtkWindow *parent)
{
  return g_object_new (ADIT_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
}

/**
 * adit_import_dialog_show:
 * @self: a window
 * @answer: (transfer full): what became of the files
 *
 * Says it; once.
 */
void
adit_import_dialog_show (AditImportDialog *self, AditImportAnswer *answer)
{
  g_autofree char *title = adit_import_words_dup_title (answer);
  gboolean one = answer->profiles->len == 1 && adit_import_words_can_connect (answer->profiles->pdata[0]);

  g_assert (self->answer == NULL);
  self->answer = answer;
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_label_set_label (self->heading, title);
  for (guint i = 0; i < answer->outcomes->len; i++)
    add_file (self, answer->outcomes->pdata[i]);
  gtk_widget_set_visible (self->connect_button, one);
  gtk_widget_grab_focus (one ? self->connect_button : self->done_button);
}
