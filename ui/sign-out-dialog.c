/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-out-dialog.c: a service that does not answer cannot keep somebody signed in: then the account is forgotten here alone, if
 * they want that. */
#include "config.h"
#include "ui/sign-out-dialog.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "client/model/service.h"
#include "ui/message-dialog.h"

typedef struct
{
  GtkWindow  *parent;
  AditMirror *mirror;
  char       *id, *service_name;
} Question;

static Question *
question_new (GtkWindow *parent, AditMirror *mirror, const char *id, const char *service_name)
{
  Question *self = g_new0 (Question, 1);

  self->parent = g_object_ref (parent);
  self->mirror = g_object_ref (mirror);
  self->id = g_strdup (id);
  self->service_name = g_strdup (service_name);
  return self;
}

static Question *
question_copy (const Question *self)
{
  return question_new (self->parent, self->mirror, self->id, self->service_name);
}

static void
question_free (Question *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->mirror);
  g_free (self->id);
  g_free (self->service_name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data);

static void
on_answered (AdwMessageDialog *dialog, const char *response, Question *self)
{
  if (!g_str_equal (response, "cancel"))
    adit_mirror_log_out_async (self->mirror, self->id, g_str_equal (response, "force"), on_signed_out, question_copy (self));
}

/* @self is freed with the dialog. */
static void
ask (Question *self, const char *heading, const char *body, const char *response, const char *label)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (self->parent, heading, body);

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (dialog, response, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "question", self, (GDestroyNotify) question_free);
  g_signal_connect (dialog, "response", G_CALLBACK (on_answered), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL, *body = NULL;
  AditExplanation words;

  if (adit_mirror_account_finish (ADIT_MIRROR (source), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  body = g_strdup_printf (_("%s If the account is forgotten here all the same, the service still counts this computer until it "
                            "is removed there."), words.what);
  heading = g_strdup_printf (_("%s has not signed this computer out"), self->service_name);
  ask (question_copy (self), heading, body, "force", _("_Forget It Here"));
}

static const char *
find_words (const AditService *service)
{
  switch (service != NULL ? service->sign_in : ADIT_SIGN_IN_NUMBER)
    {
    case ADIT_SIGN_IN_LOGIN:
      return _("This computer is removed from the account, and disconnected where it is in use. "
               "To sign in again you need the user name and the password.");
    case ADIT_SIGN_IN_BROWSER:
      return _("This computer is removed from the account, and disconnected where it is in use. "
               "To sign in again you need a browser that the service knows.");
    case ADIT_SIGN_IN_NUMBER:
    default:
      return _("This computer is removed from the account, and disconnected where it is in use. "
               "To sign in again you need the account number.");
    }
}

/**
 * adit_sign_out_ask:
 * @parent: the window
 * @mirror: through which somebody signs out
 * @account: of what
 */
void
adit_sign_out_ask (GtkWindow *parent, AditMirror *mirror, const AditAccountRow *account)
{
  /* Translators: a service's name */
  g_autofree char *heading = g_strdup_printf (_("Sign out of %s?"), account->service_name);

  ask (question_new (parent, mirror, account->id, account->service_name), heading,
       find_words (adit_service_find (account->service)), "sign-out", _("_Sign Out"));
}
