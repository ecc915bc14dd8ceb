/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-form.c: what is typed is in the entries, out of swap, until somebody is signed in; nothing else has it. */
#include "config.h"
#include "ui/sign-in-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/base/error.h"
#include "ui/account-words.h"
#include "ui/entry-rows.h"
#include "ui/password-row.h"
#include "ui/service-offer.h"
#include "ui/wrapping.h"

struct _AditSignInForm
{
  AdwBin       parent_instance;
  AdwComboRow *service;
  GtkLabel    *hint;
  AdwEntryRow *name;      /* where a service wants a password besides */
  AdwEntryRow *number;
  GtkLabel    *problem;
  GtkButton   *button, *create, *scan;
  GtkSpinner  *spinner;
  gboolean     here, busy;
};

G_DEFINE_FINAL_TYPE (AditSignInForm, adit_sign_in_form, ADW_TYPE_BIN)

enum { SIGNAL_SIGN_IN, SIGNAL_CREATE, SIGNAL_SCAN, N_SIGNALS };
static guint signals[N_SIGNALS];

/**
 * adit_sign_in_form_get_service:
 * @self: a form
 *
 * Returns: (transfer none): the chosen one
 */
const AditService *
adit_sign_in_form_get_service (AditSignInForm *self)
{
  const AditService *service = adit_service_at (adw_combo_row_get_selected (self->service));

  return service != NULL ? service : adit_service_at (0);
}

/* What each service wants to hear. */
static void
follow_service (AditSignInForm *self, const AditService *service)
{
  const AditServiceOffer *offer = adit_service_offer_find (service->id);
  gboolean by_browser = service->sign_in == ADIT_SIGN_IN_BROWSER;

  gtk_widget_set_visible (GTK_WIDGET (self->name), service->sign_in == ADIT_SIGN_IN_LOGIN);
  gtk_widget_set_visible (GTK_WIDGET (self->number), !by_browser);
  gtk_widget_set_visible (GTK_WIDGET (self->scan), service->sign_in == ADIT_SIGN_IN_NUMBER);
  if (offer->field != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->number), _(offer->field));
  gtk_label_set_label (self->hint, _(offer->hint));
  gtk_button_set_label (self->button, by_browser ? _("Sign In With the Browser") : _("Sign In"));
  gtk_button_set_label (self->create, offer->makes_accounts ? _("Create an Account") : _("Create an Account on Its Site…"));
}

static gboolean
is_whole (AditSignInForm *self, const AditService *service)
{
  gboolean has_name = gtk_editable_get_text (GTK_EDITABLE (self->name))[0] != '\0';
  gboolean has_number = gtk_editable_get_text (GTK_EDITABLE (self->number))[0] != '\0';

  if (service->sign_in == ADIT_SIGN_IN_BROWSER)
    return TRUE;
  return has_number && (has_name || service->sign_in != ADIT_SIGN_IN_LOGIN);
}

static void
refresh (AditSignInForm *self)
{
  const AditService *service = adit_sign_in_form_get_service (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->name), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->service), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->number), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->here && is_whole (self, service) && !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->create), self->here && !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scan), self->here && !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
}

static void
mark_wrong (GtkWidget *row, gboolean is_wrong)
{
  if (is_wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/**
 * adit_sign_in_form_show_problem:
 * @self: a form
 * @error: (nullable): why the person is not signed in
 *
 * Says it at the field, in which all stays to be mended.
 */
void
adit_sign_in_form_show_problem (AditSignInForm *self, const GError *error)
{
  const AditService *service = adit_sign_in_form_get_service (self);
  g_autofree char *text = error != NULL ? adit_account_words_dup_problem (service, error) : NULL;
  gboolean is_typed = g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED) ||
                      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED);

  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
  mark_wrong (GTK_WIDGET (self->number), is_typed);
  mark_wrong (GTK_WIDGET (self->name), is_typed);
  if (error != NULL)
    gtk_widget_grab_focus (service->sign_in != ADIT_SIGN_IN_BROWSER ? GTK_WIDGET (self->number) : GTK_WIDGET (self->button));
}

static void
on_changed (AditSignInForm *self)
{
  adit_sign_in_form_show_problem (self, NULL);
  refresh (self);
}

static void
on_service_changed (AditSignInForm *self)
{
  follow_service (self, adit_sign_in_form_get_service (self));
  on_changed (self);
}

static void
on_sign_in (AditSignInForm *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->button)))
    g_signal_emit (self, signals[SIGNAL_SIGN_IN], 0);
}

static void
on_create (AditSignInForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CREATE], 0);
}

static void
on_scan (AditSignInForm *self)
{
  g_signal_emit (self, signals[SIGNAL_SCAN], 0);
}

static void
adit_sign_in_form_class_init (AditSignInFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_SIGN_IN] = g_signal_new ("sign-in", ADIT_TYPE_SIGN_IN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                          0);
  signals[SIGNAL_CREATE] = g_signal_new ("create", ADIT_TYPE_SIGN_IN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                         0);
  signals[SIGNAL_SCAN] = g_signal_new ("scan", ADIT_TYPE_SIGN_IN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/sign-in-form.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, service);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, hint);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, name);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, number);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, problem);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, button);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, create);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, scan);
  gtk_widget_class_bind_template_child (widget_class, AditSignInForm, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_in);
  gtk_widget_class_bind_template_callback (widget_class, on_create);
  gtk_widget_class_bind_template_callback (widget_class, on_scan);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_service_changed);
}

static void
adit_sign_in_form_init (AditSignInForm *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  adit_entry_rows_tell (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
  adit_password_row_name_buttons (GTK_WIDGET (self->number), _("Show or hide what is typed"));
  for (guint i = 0; adit_service_at (i) != NULL; i++)
    gtk_string_list_append (names, adit_service_at (i)->name);
  adw_combo_row_set_model (self->service, G_LIST_MODEL (names));
  on_service_changed (self);
}

/**
 * adit_sign_in_form_choose:
 * @self: a form
 * @service: a service's id
 */
void
adit_sign_in_form_choose (AditSignInForm *self, const char *service)
{
  for (guint i = 0; adit_service_at (i) != NULL; i++)
    if (g_str_equal (adit_service_at (i)->id, service))
      adw_combo_row_set_selected (self->service, i);
}

/**
 * adit_sign_in_form_fill:
 * @self: a form
 * @number: what the person would have typed
 */
void
adit_sign_in_form_fill (AditSignInForm *self, const char *number)
{
  gtk_editable_set_text (GTK_EDITABLE (self->number), number);
}

/**
 * adit_sign_in_form_dup_credential:
 * @self: a form
 *
 * Returns: (transfer full): what was typed: a number, or user name and password, one a line; something that nobody reads where
 * one signs in with a browser
 */
AditSecret *
adit_sign_in_form_dup_credential (AditSignInForm *self)
{
  const AditService *service = adit_sign_in_form_get_service (self);
  const char *number = gtk_editable_get_text (GTK_EDITABLE (self->number));
  AditSecret *both;
  gsize length;
  char *text;

  if (service->sign_in == ADIT_SIGN_IN_BROWSER)
    return adit_secret_new ("-", 1);
  if (service->sign_in == ADIT_SIGN_IN_NUMBER)
    return adit_secret_new (number, strlen (number));
  text = g_strconcat (gtk_editable_get_text (GTK_EDITABLE (self->name)), "\n", number, NULL);
  length = strlen (text);
  both = adit_secret_new (text, length);
  adit_wipe (text, length);
  g_free (text);
  return both;
}

/**
 * adit_sign_in_form_set_state:
 * @self: a form
 * @here: whether there is a helper
 * @busy: whether it has been asked and not yet answered
 */
void
adit_sign_in_form_set_state (AditSignInForm *self, gboolean here, gboolean busy)
{
  self->here = here;
  self->busy = busy;
  refresh (self);
}

/**
 * adit_sign_in_form_clear:
 * @self: a form
 *
 * Forgets what was typed.
 */
void
adit_sign_in_form_clear (AditSignInForm *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->number), "");
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
}
