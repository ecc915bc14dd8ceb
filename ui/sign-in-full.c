/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-full.c: a service that lists devices lets one of them be removed; another signs all of them out; the rest have a
 * page. */
#include "config.h"
#include "ui/sign-in-full.h"

#include <glib/gi18n.h>

#include "ui/device-list.h"
#include "ui/message-dialog.h"
#include "ui/page-opener.h"
#include "ui/service-offer.h"
#include "ui/wrapping.h"

struct _AditSignInFull
{
  AdwBin          parent_instance;
  GtkLabel       *sentence, *problem;
  AditDeviceList *devices;
  GtkWidget      *again, *all;
  GtkSpinner     *spinner;
  const AditServiceOffer *offer;
};

G_DEFINE_FINAL_TYPE (AditSignInFull, adit_sign_in_full, ADW_TYPE_BIN)

enum { SIGNAL_AGAIN, SIGNAL_ALL, SIGNAL_CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
find_sentence (const AditServiceOffer *offer)
{
  if (offer->has_devices)
    return _("The account is used on as many devices as it allows. Remove one of them, then sign in again.");
  if (offer->signs_all_out)
    return _("The account is used on as many devices as it allows. Sign out on one of them, or sign all of them out from here.");
  return _("The account is used on as many devices as it allows. Remove one on the service's site, then sign in again.");
}

/**
 * adit_sign_in_full_tell:
 * @self: a page
 * @mirror: through which devices are asked for
 * @service: where somebody signs in
 * @error: what it said
 */
void
adit_sign_in_full_tell (AditSignInFull *self, AditMirror *mirror, const AditService *service, const GError *error)
{
  gboolean again = gtk_widget_get_mapped (GTK_WIDGET (self));

  self->offer = adit_service_offer_find (service->id);
  gtk_label_set_label (self->sentence, find_sentence (self->offer));
  /* The first time that is what this page says; the next time it is news. */
  gtk_label_set_label (self->problem, again ? _("The service still counts too many devices.") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), again);
  gtk_widget_set_visible (self->all, self->offer->signs_all_out);
  gtk_widget_set_visible (GTK_WIDGET (self->devices), self->offer->has_devices);
  if (self->offer->has_devices)
    adit_device_list_set_account (self->devices, mirror, "", 0);
  adit_sign_in_full_set_busy (self, FALSE);
}

/**
 * adit_sign_in_full_set_busy:
 * @self: a page
 * @busy: whether the service has been asked again
 */
void
adit_sign_in_full_set_busy (AditSignInFull *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->again, !busy);
  gtk_widget_set_sensitive (self->all, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->devices), !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
on_again (AditSignInFull *self)
{
  g_signal_emit (self, signals[SIGNAL_AGAIN], 0);
}

static void
on_all_answered (AditSignInFull *self, const char *response)
{
  if (g_str_equal (response, "all"))
    g_signal_emit (self, signals[SIGNAL_ALL], 0);
}

static void
on_all (AditSignInFull *self)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                      _("Sign all other devices out?"), NULL);

  adw_message_dialog_set_body (dialog, _("Each of them is disconnected, and somebody has to sign in there to use it again."));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "all", _("_Sign All Out"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "all", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_all_answered), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_manage (AditSignInFull *self)
{
  adit_page_open (GTK_WIDGET (self), self->offer->devices_at);
}

static void
on_cancel (AditSignInFull *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
adit_sign_in_full_class_init (AditSignInFullClass *klass)
{
  static const char *const names[N_SIGNALS] = { "again", "all", "cancel" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (ADIT_TYPE_DEVICE_LIST);
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], ADIT_TYPE_SIGN_IN_FULL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/sign-in-full.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, sentence);
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, problem);
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, devices);
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, again);
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, all);
  gtk_widget_class_bind_template_child (widget_class, AditSignInFull, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_all);
  gtk_widget_class_bind_template_callback (widget_class, on_manage);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
adit_sign_in_full_init (AditSignInFull *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
