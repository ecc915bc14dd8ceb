/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-notice.c: the most pressing of three: this computer is not known any more, no time is left, nobody answered. */
#include "config.h"
#include "ui/account-notice.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/account-words.h"
#include "ui/service-offer.h"
#include "ui/wrapping.h"

enum { SIGNAL_SIGN_IN, SIGNAL_ADD_TIME, SIGNAL_AGAIN, N_SIGNALS };
static guint signals[N_SIGNALS];

struct _AditAccountNotice
{
  AdwBin     parent_instance;
  GtkLabel  *what, *remedy;
  GtkButton *button;
  guint      way_out;    /* a signal */
};

G_DEFINE_FINAL_TYPE (AditAccountNotice, adit_account_notice, ADW_TYPE_BIN)

static void
tell (AditAccountNotice *self, const char *what, const char *remedy, const char *button, guint way_out)
{
  gtk_label_set_label (self->what, what);
  gtk_label_set_label (self->remedy, remedy);
  gtk_button_set_label (self->button, button);
  self->way_out = way_out;
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * adit_account_notice_show:
 * @self: a notice
 * @account: an account
 * @error: (nullable): why its service could not be asked about it, or what it said then
 * @now_s: UTC
 *
 * Says what is wrong; where nothing is, it is not seen.
 */
void
adit_account_notice_show (AditAccountNotice *self, const AditAccountRow *account, const GError *error, gint64 now_s)
{
  gboolean has_vouchers = adit_service_offer_find (account->service)->has_vouchers;
  AditExplanation words;

  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED) ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED))
    tell (self, _("The service no longer knows this computer."),
          _("It was removed from the account, perhaps on another device. To use the account here, sign in again."),
          _("Sign Out and In Again…"), SIGNAL_SIGN_IN);
  else if (adit_account_words_is_over (account, now_s))
    tell (self, _("Your account has no time left."),
          has_vouchers ? _("Add time on the service's site or by a voucher, then ask again.")
                       : _("Add time on the service's site, then ask again."),
          _("Add Time on the Site…"), SIGNAL_ADD_TIME);
  else if (error != NULL)
    {
      adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
      tell (self, words.what, words.remedy, _("Try Again"), SIGNAL_AGAIN);
    }
  else
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
on_clicked (AditAccountNotice *self)
{
  g_signal_emit (self, signals[self->way_out], 0);
}

static void
adit_account_notice_class_init (AditAccountNoticeClass *klass)
{
  static const char *const names[N_SIGNALS] = { "sign-in", "add-time", "again" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], ADIT_TYPE_ACCOUNT_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/account-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, AditAccountNotice, what);
  gtk_widget_class_bind_template_child (widget_class, AditAccountNotice, remedy);
  gtk_widget_class_bind_template_child (widget_class, AditAccountNotice, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
}

static void
adit_account_notice_init (AditAccountNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
