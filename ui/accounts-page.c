/* SPDX-License-Identifier: GPL-2.0-or-later */
/* accounts-page.c: the service is asked when the page comes up, when another account is chosen, and when the person wants it. */
#include "config.h"
#include "ui/accounts-page.h"

#include "ui/account-facts.h"
#include "ui/account-list.h"
#include "ui/account-notice.h"
#include "ui/device-list.h"
#include "ui/page-opener.h"
#include "ui/service-offer.h"
#include "ui/voucher-group.h"
#include "ui/wrapping.h"

struct _AditAccountsPage
{
  AdwBin             parent_instance;
  AditMirror        *mirror;
  GtkScrolledWindow *scroll;
  AditAccountNotice *notice;
  AditAccountList   *list;
  AditAccountFacts  *facts;
  AditVoucherGroup  *voucher;
  AditDeviceList    *devices;
  GtkWidget         *sites_devices;
  char              *asked;      /* (nullable): the account that was asked about last */
  guint              n_asked;
  gboolean           asking;
  GError            *error;      /* (nullable): what came of it */
};

G_DEFINE_FINAL_TYPE (AditAccountsPage, adit_accounts_page, ADW_TYPE_BIN)

typedef struct { AditAccountsPage *page; guint n_asked; } Asked;

/* What the session has learned of it counts as well. */
static const GError *
find_error (AditAccountsPage *self, const AditAccountRow *account, GError **revoked)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  if (status != NULL && status->state == ADIT_STATE_BLOCKED && status->reason == ADIT_REASON_DEVICE_REVOKED &&
      g_str_equal (status->account, account->id))
    g_set_error (revoked, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED, "The session was told so");
  return *revoked != NULL ? *revoked : self->error;
}

static void
show (AditAccountsPage *self, const AditAccountRow *account)
{
  const AditServiceOffer *offer = adit_service_offer_find (account->service);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) revoked = NULL;
  const GError *error = find_error (self, account, &revoked);
  gboolean was_noticed = gtk_widget_get_visible (GTK_WIDGET (self->notice));

  adit_account_notice_show (self->notice, account, error, now_s);
  if (!was_noticed && gtk_widget_get_visible (GTK_WIDGET (self->notice)))    /* it is to be seen wherever somebody reads */
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroll), 0);
  adit_account_facts_show (self->facts, self->mirror, account, now_s);
  adit_account_facts_set_busy (self->facts, self->asking);
  adit_voucher_group_set_account (self->voucher, self->mirror, account);
  gtk_widget_set_visible (GTK_WIDGET (self->devices), offer->has_devices);
  gtk_widget_set_visible (self->sites_devices, !offer->has_devices && offer->devices_at != NULL);
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (AditAccountsPage) self = asked->page;
  GError *error = NULL;
  const AditAccountRow *account;

  (void) adit_mirror_account_finish (ADIT_MIRROR (source), result, &error);
  if (self->mirror == NULL || asked->n_asked != self->n_asked)
    {
      g_clear_error (&error);
      return;
    }
  self->asking = FALSE;
  g_clear_error (&self->error);
  self->error = error;
  account = adit_mirror_get_account (self->mirror);
  if (account != NULL)
    show (self, account);
}

static void
ask (AditAccountsPage *self, const AditAccountRow *account)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->page = g_object_ref (self);
  asked->n_asked = ++self->n_asked;
  self->asking = TRUE;
  g_clear_error (&self->error);
  g_free (self->asked);
  self->asked = g_strdup (account->id);
  adit_mirror_refresh_account_async (self->mirror, account->id, on_refreshed, asked);
  if (adit_service_offer_find (account->service)->has_devices)
    adit_device_list_set_account (self->devices, self->mirror, account->id, account->device_limit);
}

static void
refresh (AditAccountsPage *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);

  if (account == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (g_strcmp0 (account->id, self->asked) != 0 && adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_HERE)
    ask (self, account);
  show (self, account);
}

static void
on_again (AditAccountsPage *self)
{
  g_clear_pointer (&self->asked, g_free);
  refresh (self);
}

static void
on_add_time (AditAccountsPage *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);

  if (account != NULL && adit_service_offer_find (account->service)->account_at != NULL)
    adit_page_open (GTK_WIDGET (self), adit_service_offer_find (account->service)->account_at);
}

static void
on_manage_devices (AditAccountsPage *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);

  if (account != NULL && adit_service_offer_find (account->service)->devices_at != NULL)
    adit_page_open (GTK_WIDGET (self), adit_service_offer_find (account->service)->devices_at);
}

static void
on_sign_in (AditAccountsPage *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);

  if (account != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.sign-in-again", "s", account->id);
}

static void
adit_accounts_page_map (GtkWidget *widget)
{
  AditAccountsPage *self = ADIT_ACCOUNTS_PAGE (widget);

  GTK_WIDGET_CLASS (adit_accounts_page_parent_class)->map (widget);
  g_clear_pointer (&self->asked, g_free);
  refresh (self);
}

static void
adit_accounts_page_dispose (GObject *object)
{
  AditAccountsPage *self = ADIT_ACCOUNTS_PAGE (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->asked, g_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (adit_accounts_page_parent_class)->dispose (object);
}

static void
adit_accounts_page_class_init (AditAccountsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_accounts_page_dispose;
  widget_class->map = adit_accounts_page_map;
  g_type_ensure (ADIT_TYPE_ACCOUNT_NOTICE);
  g_type_ensure (ADIT_TYPE_ACCOUNT_LIST);
  g_type_ensure (ADIT_TYPE_ACCOUNT_FACTS);
  g_type_ensure (ADIT_TYPE_VOUCHER_GROUP);
  g_type_ensure (ADIT_TYPE_DEVICE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/accounts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, scroll);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, notice);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, list);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, facts);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, voucher);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, devices);
  gtk_widget_class_bind_template_child (widget_class, AditAccountsPage, sites_devices);
  gtk_widget_class_bind_template_callback (widget_class, on_manage_devices);
}

static void
adit_accounts_page_init (AditAccountsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
  g_signal_connect_object (self->notice, "sign-in", G_CALLBACK (on_sign_in), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notice, "add-time", G_CALLBACK (on_add_time), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notice, "again", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->facts, "again", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->voucher, "added", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
}

/**
 * adit_accounts_page_set_mirror:
 * @self: a page
 * @mirror: what it shows, from now on and for good
 */
void
adit_accounts_page_set_mirror (AditAccountsPage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_account_list_set_mirror (self->list, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
