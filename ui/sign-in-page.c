/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-page.c: one step after the other: the form, what the service asks then, too many devices, a new account's number. */
#include "config.h"
#include "ui/sign-in-page-private.h"

#include <glib/gi18n.h>

#include "ui/account-words.h"

G_DEFINE_FINAL_TYPE (AditSignInPage, adit_sign_in_page, ADW_TYPE_BIN)

enum { SIGNAL_DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

/**
 * adit_sign_in_page_is_at:
 * @self: a page
 * @step: one of its steps
 *
 * Returns: whether that is the one which is seen
 */
gboolean
adit_sign_in_page_is_at (AditSignInPage *self, gpointer step)
{
  return adw_bin_get_child (self->step) == step;
}

/* Whoever has nothing to connect with is new here. */
static void
show_promise (AditSignInPage *self)
{
  const GPtrArray *profiles = self->mirror != NULL ? adit_mirror_get_profiles (self->mirror) : NULL;
  gboolean is_new = self->mirror != NULL && adit_mirror_has_accounts (self->mirror) &&
                    adit_mirror_count_accounts (self->mirror) == 0 && profiles->len == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->promise), is_new && adit_sign_in_page_is_at (self, self->form));
}

/**
 * adit_sign_in_page_go_to:
 * @self: a page
 * @step: one of its steps
 */
void
adit_sign_in_page_go_to (AditSignInPage *self, gpointer step)
{
  if (!adit_sign_in_page_is_at (self, step))
    adw_bin_set_child (self->step, step);
  show_promise (self);
}

static void
refresh (AditSignInPage *self)
{
  gboolean here = self->mirror != NULL && adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_HERE;

  adit_sign_in_form_set_state (self->form, here, self->busy);
  show_promise (self);
}

/**
 * adit_sign_in_page_set_busy:
 * @self: a page
 * @busy: whether the helper has been asked and says nothing yet
 */
void
adit_sign_in_page_set_busy (AditSignInPage *self, gboolean busy)
{
  self->busy = busy;
  adit_sign_in_asker_set_busy (self->asker, busy);
  adit_sign_in_full_set_busy (self->full, busy);
  refresh (self);
}

/**
 * adit_sign_in_page_give_up:
 * @self: a page
 *
 * Goes back to the form, in which all is as it was typed.
 */
void
adit_sign_in_page_give_up (AditSignInPage *self)
{
  self->attempt++;
  g_clear_handle_id (&self->poll, g_source_remove);
  adit_new_number_clear (self->number);
  adit_sign_in_page_go_to (self, self->form);
  adit_sign_in_page_set_busy (self, FALSE);
}

/**
 * adit_sign_in_page_show_problem:
 * @self: a page
 * @error: why somebody is not signed in
 *
 * Says it where it can be mended.
 */
void
adit_sign_in_page_show_problem (AditSignInPage *self, const GError *error)
{
  const AditService *service = adit_sign_in_form_get_service (self->form);
  g_autofree char *text = adit_account_words_dup_problem (service, error);

  /* Where the service could not be asked, its question still stands. */
  if (adit_sign_in_page_is_at (self, self->asker) && (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE) ||
                                    g_error_matches (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT)))
    {
      adit_sign_in_asker_show_problem (self->asker, text);
      return;
    }
  adit_sign_in_page_give_up (self);
  adit_sign_in_form_show_problem (self->form, error);
}

/**
 * adit_sign_in_page_finish:
 * @self: a page
 *
 * Somebody is signed in: what was typed is forgotten.
 */
void
adit_sign_in_page_finish (AditSignInPage *self)
{
  adit_sign_in_page_give_up (self);
  adit_sign_in_form_clear (self->form);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

/* --- What the person wants ------------------------------------------------------------------------------------------------- */

static void
on_begin (AditSignInPage *self)
{
  adit_sign_in_page_begin (self, FALSE);
}

static void
on_all (AditSignInPage *self)
{
  adit_sign_in_page_begin (self, TRUE);
}

/* In the form it stays where the service does not answer. */
static void
on_use (AditSignInPage *self)
{
  adit_sign_in_form_fill (self->form, adit_new_number_get (self->number));
  adit_sign_in_page_give_up (self);
  adit_sign_in_page_begin (self, FALSE);
}

/* --- The page -------------------------------------------------------------------------------------------------------------- */

static void
adit_sign_in_page_dispose (GObject *object)
{
  AditSignInPage *self = ADIT_SIGN_IN_PAGE (object);

  g_clear_handle_id (&self->poll, g_source_remove);
  g_clear_object (&self->mirror);
  g_clear_object (&self->form);
  g_clear_object (&self->asker);
  g_clear_object (&self->full);
  g_clear_object (&self->number);
  G_OBJECT_CLASS (adit_sign_in_page_parent_class)->dispose (object);
}

static void
adit_sign_in_page_class_init (AditSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_sign_in_page_dispose;
  signals[SIGNAL_DONE] = g_signal_new ("done", ADIT_TYPE_SIGN_IN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, step);
  gtk_widget_class_bind_template_child (widget_class, AditSignInPage, promise);
}

static void
adit_sign_in_page_init (AditSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_label (self->promise, _("Connected, everything leaves through the tunnel or not at all, also when it fails. "
                                        "Disconnected, it leaves as usual, unless lockdown is on."));
  self->form = g_object_ref_sink (g_object_new (ADIT_TYPE_SIGN_IN_FORM, NULL));
  self->asker = g_object_ref_sink (g_object_new (ADIT_TYPE_SIGN_IN_ASKER, NULL));
  self->full = g_object_ref_sink (g_object_new (ADIT_TYPE_SIGN_IN_FULL, NULL));
  self->number = g_object_ref_sink (g_object_new (ADIT_TYPE_NEW_NUMBER, NULL));
  g_signal_connect_object (self->form, "sign-in", G_CALLBACK (on_begin), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "create", G_CALLBACK (adit_sign_in_page_create), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "scan", G_CALLBACK (adit_sign_in_page_scan), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->asker, "answer", G_CALLBACK (adit_sign_in_page_answer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->asker, "again", G_CALLBACK (on_begin), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->asker, "cancel", G_CALLBACK (adit_sign_in_page_give_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->full, "again", G_CALLBACK (on_begin), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->full, "all", G_CALLBACK (on_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->full, "cancel", G_CALLBACK (adit_sign_in_page_give_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->number, "use", G_CALLBACK (on_use), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->number, "cancel", G_CALLBACK (adit_sign_in_page_give_up), self, G_CONNECT_SWAPPED);
  adit_sign_in_page_go_to (self, self->form);
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

/**
 * adit_sign_in_page_choose:
 * @self: a page
 * @service: where the person is likely to sign in
 */
void
adit_sign_in_page_choose (AditSignInPage *self, const char *service)
{
  adit_sign_in_page_give_up (self);
  adit_sign_in_form_choose (self->form, service);
}
