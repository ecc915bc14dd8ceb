/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number-row.c: the helper asks the person each time; what it gives is shown for a while, or copied, and not kept. */
#include "config.h"
#include "ui/number-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/explain.h"
#include "ui/account-words.h"
#include "ui/secret-copy.h"
#include "ui/service-offer.h"

#define SHOWN_S 30    /* long enough to write it down */

struct _AditNumberRow
{
  AdwActionRow parent_instance;
  AditMirror  *mirror;
  char        *account, *service;    /* (nullable) */
  GtkButton   *show, *copy;
  gboolean     copies, shown;        /* what the number is wanted for, and whether it can be read */
  guint        timer, n_asked;
};

G_DEFINE_FINAL_TYPE (AditNumberRow, adit_number_row, ADW_TYPE_ACTION_ROW)

typedef struct { AditNumberRow *row; guint n_asked; } Asked;

static void
name_button (GtkButton *button, const char *icon_name, const char *name)
{
  gtk_button_set_icon_name (button, icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
hide (AditNumberRow *self, const char *words)
{
  g_autofree char *name = g_strdup_printf (_("Show: %s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));

  g_clear_handle_id (&self->timer, g_source_remove);
  self->shown = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words);
  name_button (self->show, "view-reveal-symbolic", name);
}

static gboolean
on_over (gpointer user_data)
{
  AditNumberRow *self = user_data;

  self->timer = 0;
  hide (self, _("Hidden"));
  return G_SOURCE_REMOVE;
}

static void
show (AditNumberRow *self, const char *text)
{
  g_autofree char *name = g_strdup_printf (_("Hide: %s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));

  self->shown = TRUE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  name_button (self->show, "view-conceal-symbolic", name);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (SHOWN_S, on_over, self);
}

static void
set_busy (AditNumberRow *self, gboolean busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->show), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy), !busy);
}

static void
on_number (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (AditNumberRow) self = asked->row;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) number = adit_mirror_number_finish (ADIT_MIRROR (source), result, &error);
  g_autofree char *text = NULL, *shown = NULL;
  const char *bytes;
  AditExplanation words;
  gsize length;

  if (self->mirror == NULL || asked->n_asked != self->n_asked)
    return;
  set_busy (self, FALSE);
  if (number == NULL)
    {
      adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
      hide (self, words.what);
      return;
    }
  bytes = (const char *) adit_secret_peek (number, &length);
  text = g_strndup (bytes, length);
  shown = adit_account_words_dup_number (adit_service_find (self->service), text);
  if (!self->copies && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show (self, shown);
  else if (self->copies)
    {
      adit_secret_copy (GTK_WIDGET (self), text);
      hide (self, _("Copied; it leaves the clipboard after a minute"));
    }
  adit_wipe (text, length);
  adit_wipe (shown, strlen (shown));
}

static void
ask (AditNumberRow *self, gboolean copies)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->row = g_object_ref (self);
  asked->n_asked = ++self->n_asked;
  self->copies = copies;
  set_busy (self, TRUE);
  adit_mirror_reveal_account_async (self->mirror, self->account, on_number, asked);
}

static void
on_show (AditNumberRow *self)
{
  if (self->shown)
    hide (self, _("Hidden"));
  else if (self->mirror != NULL)
    ask (self, FALSE);
}

static void
on_copy (AditNumberRow *self)
{
  if (self->mirror != NULL)
    ask (self, TRUE);
}

/* Whoever looks at another page does not look at it any more. */
static void
adit_number_row_unmap (GtkWidget *widget)
{
  hide (ADIT_NUMBER_ROW (widget), _("Hidden"));
  GTK_WIDGET_CLASS (adit_number_row_parent_class)->unmap (widget);
}

static void
adit_number_row_dispose (GObject *object)
{
  AditNumberRow *self = ADIT_NUMBER_ROW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->service, g_free);
  G_OBJECT_CLASS (adit_number_row_parent_class)->dispose (object);
}

static void
adit_number_row_class_init (AditNumberRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_number_row_dispose;
  widget_class->unmap = adit_number_row_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/number-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AditNumberRow, show);
  gtk_widget_class_bind_template_child (widget_class, AditNumberRow, copy);
  gtk_widget_class_bind_template_callback (widget_class, on_show);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
adit_number_row_init (AditNumberRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * adit_number_row_set_account:
 * @self: a row
 * @mirror: through which it is asked for
 * @account: whose number it shows when it is asked for; it is not seen where nothing stands for the account
 */
void
adit_number_row_set_account (AditNumberRow *self, AditMirror *mirror, const AditAccountRow *account)
{
  const char *title = adit_service_offer_find (account->service)->number;
  g_autofree char *copy = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), title != NULL);
  if (title == NULL || g_strcmp0 (account->id, self->account) == 0)
    return;
  self->n_asked++;
  g_set_object (&self->mirror, mirror);
  g_free (self->account);
  g_free (self->service);
  self->account = g_strdup (account->id);
  self->service = g_strdup (account->service);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(title));
  copy = g_strdup_printf (_("Copy: %s"), _(title));
  name_button (self->copy, "edit-copy-symbolic", copy);
  set_busy (self, FALSE);
  hide (self, _("Hidden"));
}
