/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-accounts.c: signing in, the accounts, and signing out. */
#include "config.h"
#include "ui/window-private.h"

#include "ui/sign-out-dialog.h"

/* Whoever has added an account to others sees it among them. */
static void
on_signed_in (AditWindow *self)
{
  self->wants_sign_in = FALSE;
  adit_window_show_page (self);
}

/**
 * adit_window_show_sign_in:
 * @self: a window
 *
 * Shows the page to sign in.
 */
void
adit_window_show_sign_in (AditWindow *self)
{
  if (self->sign_in == NULL)
    {
      self->sign_in = g_object_new (ADIT_TYPE_SIGN_IN_PAGE, NULL);
      adit_sign_in_page_set_mirror (self->sign_in, self->mirror);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->sign_in), "sign-in");
      g_signal_connect_object (self->sign_in, "done", G_CALLBACK (on_signed_in), self, G_CONNECT_SWAPPED);
    }
  gtk_stack_set_visible_child_name (self->stack, "sign-in");
}

/**
 * adit_window_show_accounts:
 * @self: a window
 *
 * Shows the page with the accounts.
 */
void
adit_window_show_accounts (AditWindow *self)
{
  if (self->accounts == NULL)
    {
      self->accounts = g_object_new (ADIT_TYPE_ACCOUNTS_PAGE, NULL);
      adit_accounts_page_set_mirror (self->accounts, self->mirror);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->accounts), "accounts");
    }
  gtk_stack_set_visible_child_name (self->stack, "accounts");
}

/**
 * adit_window_open_accounts:
 * @self: a window
 *
 * The person wants to see the accounts.
 */
void
adit_window_open_accounts (AditWindow *self)
{
  self->wants_accounts = TRUE;
  self->wants_sign_in = FALSE;
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  adit_window_show_page (self);
}

/**
 * adit_window_add_account:
 * @self: a window
 *
 * The person wants to sign in, although there may be something to connect with.
 */
void
adit_window_add_account (AditWindow *self)
{
  self->wants_sign_in = TRUE;
  self->n_accounts = adit_mirror_count_accounts (self->mirror);
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  adit_window_show_page (self);
}

typedef struct
{
  AditWindow *window;
  char       *service;
} Again;

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Again *again = user_data;
  g_autoptr (AditWindow) self = again->window;
  g_autofree char *service = again->service;
  g_autoptr (GError) error = NULL;

  if (self->mirror == NULL)
    return;
  /* The account is not waited for: it leaves the list when the helper says so. */
  if (adit_mirror_account_finish (ADIT_MIRROR (source), result, &error))
    {
      adit_window_add_account (self);
      adit_window_show_sign_in (self);
      adit_sign_in_page_choose (self->sign_in, service);
    }
  else
    adit_window_open_accounts (self);
}

/**
 * adit_window_sign_in_again:
 * @self: a window
 * @id: an account whose service no longer knows this computer
 *
 * Forgets it here, which is all that is left of it, and lets the person sign in at the same service.
 */
void
adit_window_sign_in_again (AditWindow *self, const char *id)
{
  const AditAccountRow *account = adit_mirror_find_account (self->mirror, id);
  Again *again;

  if (account == NULL)
    return;
  again = g_new0 (Again, 1);
  again->window = g_object_ref (self);
  again->service = g_strdup (account->service);
  adit_mirror_log_out_async (self->mirror, id, TRUE, on_signed_out, again);
}

/**
 * adit_window_sign_out:
 * @self: a window
 *
 * Signs out of the current account, if the person says so.
 */
void
adit_window_sign_out (AditWindow *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);

  if (account != NULL)
    adit_sign_out_ask (GTK_WINDOW (self), self->mirror, account);
}
