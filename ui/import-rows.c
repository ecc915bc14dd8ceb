/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-rows.c: what stands in the way of a file, then what it is, then what was left out.  Names come from a stranger's file,
 * so no row reads markup. */
#include "config.h"
#include "ui/import-rows.h"

#include <glib/gi18n.h>

#include "ui/import-words.h"

#define SHOWN_AT_ONCE 3    /* so many lines that were left out are read at a glance; more are there for whoever wants them */

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

/* @list is a list box, or a row that opens. */
static void
append_row (GtkWidget *list, GtkWidget *row)
{
  if (ADW_IS_EXPANDER_ROW (list))
    adw_expander_row_add_row (ADW_EXPANDER_ROW (list), row);
  else
    gtk_list_box_append (GTK_LIST_BOX (list), row);
}

/**
 * adit_import_rows_add_expander:
 * @list: a list box, or a row that opens
 * @title: what is no markup
 *
 * Returns: (transfer none): a new row of @list, which opens
 */
AdwExpanderRow *
adit_import_rows_add_expander (GtkWidget *list, const char *title)
{
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  append_row (list, row);
  return ADW_EXPANDER_ROW (row);
}

/**
 * adit_import_rows_is_first_look:
 * @row: a row that opens
 *
 * Rows of a whole archive would be thousands: they are made for whoever looks.
 *
 * Returns: whether somebody has opened it, for the first time
 */
gboolean
adit_import_rows_is_first_look (AdwExpanderRow *row)
{
  if (!adw_expander_row_get_expanded (row) || g_object_get_data (G_OBJECT (row), "filled") != NULL)
    return FALSE;
  g_object_set_data (G_OBJECT (row), "filled", row);
  return TRUE;
}

/* --- What was said of a file ------------------------------------------------------------------------------------------------ */

typedef enum { NOTE_FATAL, NOTE_ABOUT_ALL, NOTE_LEFT_OUT } NoteKind;

/* What is said of the file as a whole is no line that was left out. */
static NoteKind
kind_of_note (const AditImportNote *note)
{
  return note->fatal ? NOTE_FATAL : note->line == 0 && note->option[0] == '\0' ? NOTE_ABOUT_ALL : NOTE_LEFT_OUT;
}

static guint
add_notes (GtkWidget *list, const AditImportReport *report, NoteKind kind)
{
  guint n = 0;

  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);
      const char *sentence = adit_import_words_get_sentence (note);
      g_autofree char *where = adit_import_words_dup_note (note);

      if (kind_of_note (note) != kind)
        continue;
      n++;
      if (list != NULL && kind == NOTE_ABOUT_ALL)
        append_row (list, new_row ("dialog-information-symbolic", sentence, ""));
      else if (list != NULL)
        append_row (list, new_row (kind == NOTE_FATAL ? "dialog-error-symbolic" : "edit-cut-symbolic", where, sentence));
    }
  return n;
}

static void
add_wanted (GtkWidget *list, const AditImportReport *report, gboolean required)
{
  for (guint i = 0; i < report->wanted->len; i++)
    {
      const AditImportWanted *wanted = &g_array_index (report->wanted, AditImportWanted, i);
      g_autofree char *title = wanted->option[0] != '\0' ? g_strdup_printf ("%s: %s", wanted->option, wanted->name)
                                                         : g_strdup (wanted->name);

      if (wanted->required == required)
        append_row (list, new_row (required ? "dialog-error-symbolic" : "text-x-generic-symbolic", title,
                                   adit_import_words_get_wanted (wanted)));
    }
}

static void
add_facts (GtkWidget *list, const AditProfileRow *profile)
{
  g_auto (GStrv) facts = adit_import_words_dup_facts (profile);

  for (char **fact = facts; *fact != NULL; fact++)
    append_row (list, new_row ("dialog-information-symbolic", *fact, ""));
}

static void
fill_left_out (AdwExpanderRow *row, GParamSpec *spec, const AditImportReport *report)
{
  if (adit_import_rows_is_first_look (row))
    add_notes (GTK_WIDGET (row), report, NOTE_LEFT_OUT);
}

static void
add_left_out (GtkWidget *list, const AditImportReport *report)
{
  guint n = add_notes (NULL, report, NOTE_LEFT_OUT) + report->n_more;
  g_autofree char *title = NULL;
  AdwExpanderRow *row;

  if (n == 0)
    return;
  title = g_strdup_printf (ngettext ("%u line was left out or changed", "%u lines were left out or changed", n), n);
  row = adit_import_rows_add_expander (list, title);
  g_signal_connect (row, "notify::expanded", G_CALLBACK (fill_left_out), (gpointer) report);
  adw_expander_row_set_expanded (row, n <= SHOWN_AT_ONCE);
}

/* --- All of it ------------------------------------------------------------------------------------------------------------- */

/**
 * adit_import_rows_fill:
 * @list: a list box, or a row that opens
 * @outcome: what became of a file; lives as long as @list
 * @profile: (nullable): what was made of it
 *
 * Adds a row for all that there is to say.
 */
void
adit_import_rows_fill (GtkWidget *list, const AditImportOutcome *outcome, const AditProfileRow *profile)
{
  const AditImportReport *report = outcome->report;

  add_notes (list, report, NOTE_FATAL);
  add_wanted (list, report, TRUE);
  add_notes (list, report, NOTE_ABOUT_ALL);
  if (profile != NULL)
    add_facts (list, profile);
  add_wanted (list, report, FALSE);
  add_left_out (list, report);
  if (profile != NULL && report->notes->len == 0 && report->wanted->len == 0)
    append_row (list, new_row ("emblem-ok-symbolic", _("All that is in it was understood."), ""));
}
