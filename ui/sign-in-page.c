/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-page.c: what is typed is in the entry, out of swap, until it is handed over; nothing else has it. */
#include "config.h"
#include "ui/sign-in-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/explain.h"
#include "client/model/service.h"
#include "ui/password-row.h"

struct _AditSignInPage
{
  AdwBin       parent_instance;
  AditMirror  *mirror;
  AdwComboRow *service;
  GtkLabel    *hint;
  GtkEditable *name;      /* where a service wants a password besides */
  GtkEditable *number;
  GtkLabel    *problem;
  GtkButton   *button;
  GtkSpinner  *spinner;
  gboolean     busy;
};

G_DEFINE_FINAL_TYPE (AditSignInPage, adit_sign_in_page, ADW_TYPE_BIN)

static const AditService *
get_service (AditSignInPage *self)
{
  return adit_service_at (adw_combo_row_get_selected (self->service));
}

/* What each service wants to hear. */
static void
follow_service (AditSignInPage *self, AditSignIn sign_in)
{
  gtk_widget_set_visible (GTK_WIDGET (self->name), sign_in == ADIT_SIGN_IN_LOGIN);
  gtk_widget_set_visible (GTK_WIDGET (self->number), sign_in != ADIT_SIGN_IN_BROWSER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->number),
                                 sign_in == ADIT_SIGN_IN_LOGIN ? _("Password") : _("Account number"));
  if (sign_in == ADIT_SIGN_IN_BROWSER)
    gtk_label_set_label (self->hint, _("One signs in there with a browser. For now that begins in a terminal: "
                                      "adit login mysterium"));
  else
    gtk_label_set_label (self->hint, sign_in == ADIT_SIGN_IN_LOGIN
                                       ? _("User name and password are all it takes. They are kept for root alone.")
                                       : _("The account number is all it takes. It is kept for root alone."));
}

static void
refresh (AditSignInPage *self)
{
  gboolean here = self->mirror != NULL && adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_HERE;
  const AditService *service = get_service (self);
  AditSignIn sign_in = service != NULL ? service->sign_in : ADIT_SIGN_IN_NUMBER;
  gboolean named = sign_in != ADIT_SIGN_IN_LOGIN || gtk_editable_get_text (self->name)[0] != '\0';
  gboolean typed = gtk_editable_get_text (self->number)[0] != '\0' && named && sign_in != ADIT_SIGN_IN_BROWSER;

  follow_service (self, sign_in);
  gtk_widget_set_sensitive (GTK_WIDGET (self->name), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->service), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->number), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), here && typed && !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
}

static void
show_problem (AditSignInPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED))
    text = g_strdup_printf (_("The service asks for more than that. For now it is answered in a terminal: adit login %s"),
                            get_service (self)->id);
  else if (error != NULL)
    {
      AditExplanation words;

      adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
      text = g_strdup_printf ("%s %s", words.what, words.remedy);
    }
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;

  self->busy = FALSE;
  if (self->mirror == NULL)
    return;    /* the window has been closed */
  if (adit_mirror_log_in_finish (self->mirror, result, &error))
    {
      gtk_editable_set_text (self->number, "");
      gtk_editable_set_text (self->name, "");
    }
  show_problem (self, error);
  refresh (self);
  /* What was wrong is there to be mended. */
  if (error != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->number));
}

static AditSecret *
join_lines (const char *name, const char *password)
{
  char *text = g_strconcat (name, "\n", password, NULL);
  gsize length = strlen (text);
  AditSecret *both = adit_secret_new (text, length);

  adit_wipe (text, length);
  g_free (text);
  return both;
}

static void
on_sign_in (AditSignInPage *self)
{
  const AditService *service = get_service (self);
  const char *text = gtk_editable_get_text (self->number);
  g_autoptr (AditSecret) number = NULL;

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->button)) || service == NULL)
    return;
  if (service->sign_in == ADIT_SIGN_IN_LOGIN)
    number = join_lines (gtk_editable_get_text (self->name), text);
  else
    number = adit_secret_new (text, strlen (text));
  self->busy = TRUE;
  show_problem (self, NULL);
  refresh (self);
  adit_mirror_log_in_async (self->mirror, service->id, number, on_logged_in, g_object_ref (self));
}

static void
on_changed (AditSignInPage *self)
{
  refresh (self);
}

static void
adit_sign_in_page_dispose (GObject *object)
{
  g_clear_object (&ADIT_SIGN_IN_PAGE (object)->mirror);
  G_OBJECT_CLASS (adit_sign_in_page_parent_class)->dispose (object);
}

static void
adit_sign_in_page_class_init (AditSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_sign_in_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, service);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, hint);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, name);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, number);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, problem);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, button);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_in);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
adit_sign_in_page_init (AditSignInPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  adit_password_row_name_buttons (GTK_WIDGET (self->number), _("Show or hide the number"));
  for (guint i = 0; adit_service_at (i) != NULL; i++)
    gtk_string_list_append (names, adit_service_at (i)->name);
  adw_combo_row_set_model (self->service, G_LIST_MODEL (names));
  refresh (self);
}

/**
 * adit_sign_in_page_set_mirror:
 * @self: a page
 * @mirror: through which somebody signs in, from now on and for good
 */
void
adit_sign_in_page_set_mirror (AditSignInPage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
