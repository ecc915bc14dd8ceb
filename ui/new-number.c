/* SPDX-License-Identifier: GPL-2.0-or-later */
/* new-number.c: shown once, and forgotten when the person goes on. */
#include "config.h"
#include "ui/new-number.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/account-words.h"
#include "ui/copy.h"
#include "ui/secret-copy.h"
#include "ui/wrapping.h"

struct _AditNewNumber
{
  AdwBin    parent_instance;
  GtkLabel *number;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (AditNewNumber, adit_new_number, ADW_TYPE_BIN)

enum { SIGNAL_USE, SIGNAL_CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

/**
 * adit_new_number_tell:
 * @self: a page
 * @service: which has made the account
 * @number: what it is
 */
void
adit_new_number_tell (AditNewNumber *self, const AditService *service, AditSecret *number)
{
  gsize length;
  const char *bytes = (const char *) adit_secret_peek (number, &length);
  g_autofree char *text = g_strndup (bytes, length), *shown = adit_account_words_dup_number (service, text);

  gtk_label_set_label (self->number, shown);
  adit_wipe (text, length);
  adit_wipe (shown, strlen (shown));
  gtk_widget_grab_focus (self->copy);
}

/**
 * adit_new_number_get:
 * @self: a page
 *
 * Returns: (transfer none): what it shows
 */
const char *
adit_new_number_get (AditNewNumber *self)
{
  return gtk_label_get_label (self->number);
}

/**
 * adit_new_number_clear:
 * @self: a page
 *
 * Forgets it.
 */
void
adit_new_number_clear (AditNewNumber *self)
{
  gtk_label_set_label (self->number, "");
}

static void
on_copy (AditNewNumber *self, GtkButton *button)
{
  adit_secret_copy (GTK_WIDGET (self), gtk_label_get_label (self->number));
  adit_copy_tell (button);
}

static void
on_use (AditNewNumber *self)
{
  g_signal_emit (self, signals[SIGNAL_USE], 0);
}

static void
on_cancel (AditNewNumber *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
adit_new_number_class_init (AditNewNumberClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_USE] = g_signal_new ("use", ADIT_TYPE_NEW_NUMBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", ADIT_TYPE_NEW_NUMBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                         0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/new-number.ui");
  gtk_widget_class_bind_template_child (widget_class, AditNewNumber, number);
  gtk_widget_class_bind_template_child (widget_class, AditNewNumber, copy);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_use);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
adit_new_number_init (AditNewNumber *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
