/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trouble.c: the words of an error, and of what was typed wrongly those of whoever refused it. */
#include "config.h"
#include "ui/trouble.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/message-dialog.h"

/**
 * adit_trouble_say:
 * @widget: where something was changed
 * @what: what became of it
 * @body: what can be done
 *
 * Says so in a window before that one.
 */
void
adit_trouble_say (GtkWidget *widget, const char *what, const char *body)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), what, body);

  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * adit_trouble_tell:
 * @widget: where something was changed
 * @error: why it did not come about
 *
 * Says so in a window before that one.
 */
void
adit_trouble_tell (GtkWidget *widget, const GError *error)
{
  AditExplanation words = { _("That cannot be set."), "", "" };    /* what was typed is wrong: the helper says what of it */
  g_autofree char *body = NULL;
  const char *detail;

  if (!g_error_matches (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT))
    adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  detail = error->message[0] != '\0' ? _(error->message) : "";    /* some of the helper's sentences are a window's as well */
  body = words.remedy[0] != '\0' ? g_strdup_printf ("%s\n\n%s", words.remedy, detail) : g_strdup (detail);
  adit_trouble_say (widget, words.what, body);
}
