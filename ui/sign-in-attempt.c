/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-attempt.c: asks the helper to sign in, and again with each answer, until somebody is signed in or gives up.  An answer
 * to an attempt that the person has left is dropped. */
#include "config.h"
#include "ui/sign-in-page-private.h"

#include "ui/page-opener.h"
#include "ui/service-offer.h"

#define POLL_S    10    /* as the helper wants it, and the service */
#define MAX_POLLS 30    /* five minutes: then the page is worth nothing any more */

typedef struct
{
  AditSignInPage *page;
  guint           attempt;
} Attempt;

static void
attempt_free (Attempt *self)
{
  g_object_unref (self->page);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

static Attempt *
attempt_new (AditSignInPage *page)
{
  Attempt *self = g_new0 (Attempt, 1);

  self->page = g_object_ref (page);
  self->attempt = page->attempt;
  return self;
}

/* Whether somebody still waits for its answer. */
static gboolean
is_wanted (const Attempt *self)
{
  return self->page->mirror != NULL && self->attempt == self->page->attempt;
}

/* --- Questions ------------------------------------------------------------------------------------------------------------- */

static void on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data);

static gboolean
on_poll (gpointer user_data)
{
  AditSignInPage *self = user_data;

  self->poll = 0;
  self->n_polls++;
  adit_mirror_answer_sign_in_async (self->mirror, NULL, self->force, on_signed_in, attempt_new (self));
  return G_SOURCE_REMOVE;
}

static void
wait_for_browser (AditSignInPage *self)
{
  g_autoptr (GError) late = g_error_new (ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED, "Nobody has signed in");

  if (self->n_polls >= MAX_POLLS)
    adit_sign_in_page_show_problem (self, late);
  else if (self->poll == 0)
    self->poll = g_timeout_add_seconds (POLL_S, on_poll, self);
}

/* Only to a page of the service's own, as the helper has seen to already. */
static gboolean
is_fine (const AditSignInQuestion *question, const AditService *service)
{
  if (question->kind == ADIT_SIGN_IN_ASKS_BROWSER)
    return service->sign_in_at != NULL && g_str_has_prefix (question->text, service->sign_in_at);
  return question->kind != ADIT_SIGN_IN_ASKS_NOTHING;
}

static void
on_question (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  AditSignInPage *self = attempt->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSignInQuestion) question = adit_mirror_get_question_finish (ADIT_MIRROR (source), result, &error);
  const AditService *service;

  if (!is_wanted (attempt))
    return;
  service = adit_sign_in_form_get_service (self->form);
  adit_sign_in_page_set_busy (self, FALSE);
  if (question != NULL && !is_fine (question, service))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "A question that this window does not know");
  if (error != NULL)
    {
      adit_sign_in_page_show_problem (self, error);
      return;
    }
  if (question->kind == ADIT_SIGN_IN_ASKS_BROWSER && adit_sign_in_page_is_at (self, self->asker))
    {
      wait_for_browser (self);    /* the same page: somebody may be typing there */
      return;
    }
  adit_sign_in_page_go_to (self, self->asker);
  adit_sign_in_asker_ask (self->asker, question, service);
  if (question->kind != ADIT_SIGN_IN_ASKS_BROWSER)
    return;
  self->n_polls = 0;
  adit_sign_in_asker_open (self->asker);
  wait_for_browser (self);
}

/* --- Signing in ------------------------------------------------------------------------------------------------------------ */

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  AditSignInPage *self = attempt->page;
  g_autoptr (GError) error = NULL;
  gboolean signed_in = adit_mirror_sign_in_finish (ADIT_MIRROR (source), result, &error);

  if (!is_wanted (attempt))
    return;
  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED))
    {
      adit_mirror_get_question_async (self->mirror, on_question, attempt_new (self));
      return;
    }
  adit_sign_in_page_set_busy (self, FALSE);
  if (signed_in)
    adit_sign_in_page_finish (self);
  else if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_DEVICES))
    {
      adit_sign_in_full_tell (self->full, self->mirror, adit_sign_in_form_get_service (self->form), error);
      adit_sign_in_page_go_to (self, self->full);
    }
  else if (self->n_polls > 0 && adit_sign_in_page_is_at (self, self->asker) &&
           g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE))
    wait_for_browser (self);    /* the network may come back before the page is worth nothing */
  else
    adit_sign_in_page_show_problem (self, error);
}

/**
 * adit_sign_in_page_begin:
 * @self: a page
 * @force: whether all other devices are signed out for it
 *
 * Signs in with what is in the form.
 */
void
adit_sign_in_page_begin (AditSignInPage *self, gboolean force)
{
  g_autoptr (AditSecret) credential = adit_sign_in_form_dup_credential (self->form);

  self->attempt++;
  self->force = force;
  self->n_polls = 0;
  g_clear_handle_id (&self->poll, g_source_remove);
  adit_sign_in_form_show_problem (self->form, NULL);
  adit_sign_in_page_set_busy (self, TRUE);
  adit_mirror_log_in_async (self->mirror, adit_sign_in_form_get_service (self->form)->id, credential, force, on_signed_in,
                            attempt_new (self));
}

/**
 * adit_sign_in_page_answer:
 * @self: a page at a question
 *
 * Answers it with what was typed.
 */
void
adit_sign_in_page_answer (AditSignInPage *self)
{
  g_autoptr (AditSecret) answer = adit_sign_in_asker_dup_answer (self->asker);

  adit_sign_in_asker_show_problem (self->asker, "");
  adit_sign_in_page_set_busy (self, TRUE);
  adit_mirror_answer_sign_in_async (self->mirror, answer, self->force, on_signed_in, attempt_new (self));
}

/* --- A new account --------------------------------------------------------------------------------------------------------- */

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  AditSignInPage *self = attempt->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) number = adit_mirror_number_finish (ADIT_MIRROR (source), result, &error);

  if (!is_wanted (attempt))
    return;
  adit_sign_in_page_set_busy (self, FALSE);
  if (number == NULL)
    {
      adit_sign_in_page_show_problem (self, error);
      return;
    }
  adit_sign_in_page_go_to (self, self->number);
  adit_new_number_tell (self->number, adit_sign_in_form_get_service (self->form), number);
}

/**
 * adit_sign_in_page_create:
 * @self: a page
 *
 * Makes a new account where that is one call, and opens the service's page otherwise.
 */
void
adit_sign_in_page_create (AditSignInPage *self)
{
  const AditService *service = adit_sign_in_form_get_service (self->form);
  const AditServiceOffer *offer = adit_service_offer_find (service->id);

  if (!offer->makes_accounts)
    {
      adit_page_open (GTK_WIDGET (self), offer->sign_up_at);
      return;
    }
  self->attempt++;
  adit_sign_in_form_show_problem (self->form, NULL);
  adit_sign_in_page_set_busy (self, TRUE);
  adit_mirror_create_account_async (self->mirror, service->id, on_created, attempt_new (self));
}
