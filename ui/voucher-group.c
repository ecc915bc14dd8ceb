/* SPDX-License-Identifier: GPL-2.0-or-later */
/* voucher-group.c: what was typed stays until the service has taken it. */
#include "config.h"
#include "ui/voucher-group.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/account-words.h"
#include "ui/entry-rows.h"
#include "ui/service-offer.h"
#include "ui/wrapping.h"

struct _AditVoucherGroup
{
  AdwPreferencesGroup parent_instance;
  AditMirror *mirror;
  char       *account;    /* (nullable) */
  GtkWidget  *entry, *add;
};

G_DEFINE_FINAL_TYPE (AditVoucherGroup, adit_voucher_group, ADW_TYPE_PREFERENCES_GROUP)

enum { SIGNAL_ADDED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Above the field, so that it is seen where the field is. */
static void
say (AditVoucherGroup *self, const char *text, gboolean is_wrong)
{
  const char *words = text[0] != '\0' ? text : _("It adds time to this account.");

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (is_wrong)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
}

typedef struct { AditVoucherGroup *group; char *account; } Asked;

static void
asked_free (Asked *self)
{
  g_object_unref (self->group);
  g_free (self->account);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  AditVoucherGroup *self = asked->group;
  g_autoptr (GError) error = NULL;
  g_autofree char *day = NULL, *text = NULL;
  gint64 expires_at_s;
  gboolean added = adit_mirror_add_voucher_finish (ADIT_MIRROR (source), result, &expires_at_s, &error);

  if (self->mirror == NULL || !g_str_equal (asked->account, self->account))
    return;    /* the window has been closed, or another account is looked at by now */
  gtk_widget_set_sensitive (self->entry, TRUE);
  if (!added)
    {
      text = adit_account_words_dup_voucher_problem (error);
      say (self, text, TRUE);
      gtk_widget_grab_focus (self->entry);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  day = adit_account_words_dup_day (expires_at_s);
  text = day[0] != '\0' ? g_strdup_printf (_("The account goes until %s now."), day)
                        : g_strdup (_("The service has taken the voucher."));
  say (self, text, FALSE);
  g_signal_emit (self, signals[SIGNAL_ADDED], 0);
}

static void
on_add (AditVoucherGroup *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (AditSecret) voucher = adit_secret_new (text, strlen (text));
  Asked *asked;

  if (self->mirror == NULL || text[0] == '\0')
    return;
  say (self, "", FALSE);
  gtk_widget_set_sensitive (self->entry, FALSE);
  asked = g_new0 (Asked, 1);
  asked->group = g_object_ref (self);
  asked->account = g_strdup (self->account);
  adit_mirror_add_voucher_async (self->mirror, self->account, voucher, on_added, asked);
}

static void
on_changed (AditVoucherGroup *self)
{
  gtk_widget_set_sensitive (self->add, gtk_editable_get_text (GTK_EDITABLE (self->entry))[0] != '\0');
  say (self, "", FALSE);
}

static void
adit_voucher_group_dispose (GObject *object)
{
  AditVoucherGroup *self = ADIT_VOUCHER_GROUP (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->account, g_free);
  G_OBJECT_CLASS (adit_voucher_group_parent_class)->dispose (object);
}

static void
adit_voucher_group_class_init (AditVoucherGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_voucher_group_dispose;
  signals[SIGNAL_ADDED] = g_signal_new ("added", ADIT_TYPE_VOUCHER_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/voucher-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AditVoucherGroup, entry);
  gtk_widget_class_bind_template_child (widget_class, AditVoucherGroup, add);
  gtk_widget_class_bind_template_callback (widget_class, on_add);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
adit_voucher_group_init (AditVoucherGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_entry_rows_tell (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_voucher_group_set_account:
 * @self: a group
 * @mirror: through which a voucher is added
 * @account: to what; the group is not seen where the service has none
 */
void
adit_voucher_group_set_account (AditVoucherGroup *self, AditMirror *mirror, const AditAccountRow *account)
{
  gtk_widget_set_visible (GTK_WIDGET (self), adit_service_offer_find (account->service)->has_vouchers);
  if (g_strcmp0 (account->id, self->account) == 0)
    return;
  g_set_object (&self->mirror, mirror);
  g_free (self->account);
  self->account = g_strdup (account->id);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_set_sensitive (self->entry, TRUE);
  say (self, "", FALSE);
}
