/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-scan.c: an account number out of a picture of its QR code, as if it had been typed. */
#include "config.h"
#include "ui/sign-in-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) words = adit_mirror_read_picture_finish (ADIT_MIRROR (source), result, &error);
  gsize length;
  char *text;

  if (self->mirror == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (words == NULL)
    {
      adit_sign_in_form_show_problem (self->form, error);
      return;
    }
  g_bytes_get_data (words, &length);
  text = g_strndup (g_bytes_get_data (words, NULL), length);
  g_strstrip (text);
  adit_sign_in_form_fill (self->form, text);
  adit_wipe (text, strlen (text));
  g_free (text);
}

static void
on_chosen (GtkNativeDialog *chooser, int response, AditSignInPage *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL && self->mirror != NULL)
    adit_mirror_read_picture_async (self->mirror, path, on_read, g_object_ref (self));
  g_object_unref (chooser);
}

/**
 * adit_sign_in_page_scan:
 * @self: a page
 *
 * Lets the person choose the picture.
 */
void
adit_sign_in_page_scan (AditSignInPage *self)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Scan from a Picture"),
                                                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Scan"), _("_Cancel"));
  g_autoptr (GtkFileFilter) pictures = gtk_file_filter_new ();

  gtk_file_filter_add_mime_type (pictures, "image/png");
  gtk_file_filter_add_mime_type (pictures, "image/jpeg");
  gtk_file_filter_set_name (pictures, _("Pictures of a QR code"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), pictures);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
