/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-dialog.c: a file a block, with its name, what it is, and its rows; of many files a row each, which opens. */
#include "config.h"
#include "ui/import-dialog.h"

#include <glib/gi18n.h>

#include "ui/import-rows.h"
#include "ui/import-words.h"
#include "ui/name-row.h"
#include "ui/profile-test.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

#define MANY          8    /* files, of which nobody reads all that there is to say */

struct _AditImportDialog
{
  AdwWindow         parent_instance;
  AditImportAnswer *answer;    /* (nullable) */
  GtkSpinner       *spinner;
  GtkLabel         *heading;
  GtkBox           *results;
  GtkWidget        *done_button, *test_button, *connect_button;
  GtkLabel         *tested;
  AditMirror       *mirror;
  GCancellable     *cancellable;    /* of a test that somebody waits for */
};

G_DEFINE_FINAL_TYPE (AditImportDialog, adit_import_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_CONNECT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_connect_clicked (AditImportDialog *self)
{
  /* In this order: a window that is closed has nobody left who listens to it. */
  g_signal_emit (self, signals[SIGNAL_CONNECT], 0, self->answer->profiles->pdata[0]);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- Whether it works ------------------------------------------------------------------------------------------------------ */

static void
show_testing (AditImportDialog *self, gboolean is_testing)
{
  gtk_spinner_set_spinning (self->spinner, is_testing);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_testing);
  gtk_widget_set_sensitive (self->test_button, !is_testing);
  gtk_widget_set_sensitive (self->connect_button, !is_testing);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean works = adit_profile_test_finish (ADIT_MIRROR (source), result, &error);
  g_autofree char *failed = works ? NULL : g_strdup_printf (_("It does not work: %s"), error->message);

  if (self->tested == NULL)
    return;    /* closed meanwhile */
  show_testing (self, FALSE);
  gtk_widget_grab_focus (works ? self->connect_button : self->done_button);
  gtk_label_set_label (self->tested, works ? _("It works: it was connected, and is disconnected again.") : failed);
}

/* What asks first cannot be tried alone, and neither a connection nor a pause, which ends by itself, is given up for it. */
static gboolean
can_test (AditImportDialog *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  return self->answer->profiles->len == 1 && status != NULL && status->state == ADIT_STATE_DISCONNECTED &&
         status->pause_left_s == 0 && ((const AditProfileRow *) self->answer->profiles->pdata[0])->asks[0] == NULL;
}

static void
on_test_clicked (AditImportDialog *self)
{
  const AditProfileRow *profile = self->answer->profiles->pdata[0];

  if (!can_test (self))    /* somebody has connected since, or paused */
    {
      gtk_widget_set_visible (self->test_button, FALSE);
      return;
    }
  show_testing (self, TRUE);
  gtk_label_set_label (self->tested, _("Connecting, to see whether it works…"));
  gtk_widget_set_visible (GTK_WIDGET (self->tested), TRUE);
  adit_profile_test_async (self->mirror, profile->id, self->cancellable, on_tested, g_object_ref (self));
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
new_list (void)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

/* --- A file ---------------------------------------------------------------------------------------------------------------- */

static const AditProfileRow *
find_profile (AditImportDialog *self, const AditImportOutcome *outcome)
{
  GPtrArray *profiles = self->answer->profiles;

  return outcome->profile >= 0 && (guint) outcome->profile < profiles->len ? profiles->pdata[outcome->profile] : NULL;
}

static char *
dup_kind (AditImportDialog *self, const AditImportOutcome *outcome)
{
  const AditProfileRow *profile = find_profile (self, outcome);

  return profile != NULL ? adit_import_words_dup_kind (profile) : g_strdup (_("Not imported; nothing of it is kept"));
}

static const char *
get_name (AditImportDialog *self, const AditImportOutcome *outcome)
{
  const AditProfileRow *profile = find_profile (self, outcome);

  return profile != NULL ? profile->name : outcome->file;
}

static void
add_file (AditImportDialog *self, const AditImportOutcome *outcome)
{
  const AditProfileRow *profile = find_profile (self, outcome);
  g_autofree char *kind = dup_kind (self, outcome);
  GtkWidget *block = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = new_list ();

  gtk_box_append (GTK_BOX (block), new_label (get_name (self, outcome), "heading"));
  gtk_box_append (GTK_BOX (block), new_label (kind, "dim-label"));
  if (profile != NULL)
    gtk_list_box_append (GTK_LIST_BOX (list), adit_name_row_new (self->mirror, profile));
  adit_import_rows_fill (list, outcome, profile);
  gtk_box_append (GTK_BOX (block), list);
  gtk_box_append (self->results, block);
}

static void
on_file_expanded (AdwExpanderRow *row, GParamSpec *spec, AditImportDialog *self)
{
  const AditImportOutcome *outcome = g_object_get_data (G_OBJECT (row), "outcome");

  if (adit_import_rows_is_first_look (row))
    adit_import_rows_fill (GTK_WIDGET (row), outcome, find_profile (self, outcome));
}

/* A row each, that opens; what was refused first. */
static void
add_many (AditImportDialog *self, gboolean imported)
{
  const GPtrArray *outcomes = self->answer->outcomes;
  GtkWidget *list = NULL;

  for (guint i = 0; i < outcomes->len; i++)
    {
      AditImportOutcome *outcome = outcomes->pdata[i];
      g_autofree char *kind = dup_kind (self, outcome);
      AdwExpanderRow *row;

      if ((find_profile (self, outcome) != NULL) != imported)
        continue;
      if (list == NULL)
        {
          list = new_list ();
          gtk_box_append (self->results, list);
        }
      row = adit_import_rows_add_expander (list, get_name (self, outcome));
      adw_expander_row_set_subtitle (row, kind);
      g_object_set_data (G_OBJECT (row), "outcome", outcome);
      g_signal_connect_object (row, "notify::expanded", G_CALLBACK (on_file_expanded), self, 0);
    }
}

static void
adit_import_dialog_dispose (GObject *object)
{
  g_cancellable_cancel (ADIT_IMPORT_DIALOG (object)->cancellable);
  g_clear_object (&ADIT_IMPORT_DIALOG (object)->mirror);
  G_OBJECT_CLASS (adit_import_dialog_parent_class)->dispose (object);
}

static void
adit_import_dialog_finalize (GObject *object)
{
  g_object_unref (ADIT_IMPORT_DIALOG (object)->cancellable);
  g_clear_pointer (&ADIT_IMPORT_DIALOG (object)->answer, adit_import_answer_free);
  G_OBJECT_CLASS (adit_import_dialog_parent_class)->finalize (object);
}

static void
adit_import_dialog_class_init (AditImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_import_dialog_finalize;
  signals[SIGNAL_CONNECT] = g_signal_new ("connect", ADIT_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, results);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, done_button);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, tested);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, test_button);
  gtk_widget_class_bind_template_child (widget_class, AditImportDialog, connect_button);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
adit_import_dialog_init (AditImportDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_import_dialog_new:
 * @parent: the window it belongs to
 * @mirror: by which what was imported is tried
 *
 * Returns: (transfer none): a window that says that the file is being read
 */
AditImportDialog *
adit_import_dialog_new (GtkWindow *parent, AditMirror *mirror)
{
  AditImportDialog *self = g_object_new (ADIT_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);

  self->mirror = g_object_ref (mirror);
  return self;
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
  g_autofree char *title = NULL;
  gboolean one = answer->profiles->len == 1;

  g_assert (self->answer == NULL);
  self->answer = answer;
  if (self->heading == NULL)
    return;    /* closed meanwhile */
  title = adit_import_words_dup_title (answer);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_label_set_label (self->heading, title);
  for (guint i = 0; i < answer->outcomes->len && answer->outcomes->len < MANY; i++)
    add_file (self, answer->outcomes->pdata[i]);
  if (answer->outcomes->len >= MANY)
    {
      add_many (self, FALSE);
      add_many (self, TRUE);
    }
  gtk_widget_set_visible (self->connect_button, one);
  gtk_widget_set_visible (self->test_button, can_test (self));
  gtk_widget_grab_focus (one ? self->connect_button : self->done_button);
}
