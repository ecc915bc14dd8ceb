/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-facts.c: a row a fact; what a service does not say is said to be so where a person would look for it. */
#include "config.h"
#include "ui/account-facts.h"

#include "ui/account-words.h"
#include "ui/number-row.h"
#include "ui/page-opener.h"
#include "ui/service-offer.h"
#include "ui/wrapping.h"

struct _AditAccountFacts
{
  AdwPreferencesGroup parent_instance;
  GtkWidget     *again;
  AditNumberRow *number;
  AdwActionRow  *plan, *time, *device, *key, *key_problem, *checked, *manage;
  const AditServiceOffer *offer;
};

G_DEFINE_FINAL_TYPE (AditAccountFacts, adit_account_facts, ADW_TYPE_PREFERENCES_GROUP)

enum { SIGNAL_AGAIN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
show_fact (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), text[0] != '\0');
}

static void
show_time (AditAccountFacts *self, const AditAccountRow *account, gint64 now_s)
{
  g_autofree char *time = adit_account_words_dup_time (account, now_s), *until = adit_account_words_dup_until (account, now_s);
  g_autofree char *both = until[0] != '\0' ? g_strdup_printf ("%s · %s", time, until) : NULL;

  show_fact (self->time, both != NULL ? both : time);
}

/**
 * adit_account_facts_show:
 * @self: facts
 * @mirror: through which more is asked for
 * @account: whose
 * @now_s: UTC
 */
void
adit_account_facts_show (AditAccountFacts *self, AditMirror *mirror, const AditAccountRow *account, gint64 now_s)
{
  g_autoptr (GDateTime) checked = account->checked_at_s > 0 ? g_date_time_new_from_unix_local (account->checked_at_s) : NULL;
  g_autofree char *key = adit_account_words_dup_key (account), *key_problem = adit_account_words_dup_key_problem (account);
  g_autofree char *when = checked != NULL ? g_date_time_format (checked, "%c") : g_strdup ("");

  self->offer = adit_service_offer_find (account->service);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), account->service_name);
  adit_number_row_set_account (self->number, mirror, account);
  show_fact (self->plan, account->plan);
  show_time (self, account, now_s);
  show_fact (self->device, account->device_name);
  show_fact (self->key, key);
  show_fact (self->key_problem, key_problem);
  show_fact (self->checked, when);
  gtk_widget_set_visible (GTK_WIDGET (self->manage), self->offer->account_at != NULL);
}

/**
 * adit_account_facts_set_busy:
 * @self: facts
 * @busy: whether the service has been asked and says nothing yet
 */
void
adit_account_facts_set_busy (AditAccountFacts *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->again, !busy);
}

static void
on_again (AditAccountFacts *self)
{
  g_signal_emit (self, signals[SIGNAL_AGAIN], 0);
}

static void
on_manage (AditAccountFacts *self)
{
  adit_page_open (GTK_WIDGET (self), self->offer->account_at);
}

static void
adit_account_facts_class_init (AditAccountFactsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (ADIT_TYPE_NUMBER_ROW);
  signals[SIGNAL_AGAIN] = g_signal_new ("again", ADIT_TYPE_ACCOUNT_FACTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/account-facts.ui");
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, again);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, number);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, plan);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, time);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, device);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, key);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, key_problem);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, checked);
  gtk_widget_class_bind_template_child (widget_class, AditAccountFacts, manage);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_manage);
}

static void
adit_account_facts_init (AditAccountFacts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
