/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-calls.c: the wishes of the person at the window about the session and accounts, one call to the helper each. */
#include "config.h"
#include "ui/mirror-private.h"

/**
 * adit_mirror_has_form:
 * @answer: what the helper has answered
 * @form: the type that it has to have
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: whether it has it
 */
gboolean
adit_mirror_has_form (GVariant *answer, const char *form, GError **error)
{
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE (form)))
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answers in another form");
  return FALSE;
}

/**
 * adit_mirror_no_options:
 *
 * Returns: (transfer floating): what a method without options is given
 */
GVariant *
adit_mirror_no_options (void)
{
  return g_variant_new ("a{sv}", NULL);
}

/**
 * adit_mirror_set_failure:
 * @self: a mirror
 * @error: (transfer full) (nullable): why a wish was refused
 */
void
adit_mirror_set_failure (AditMirror *self, GError *error)
{
  g_clear_error (&self->failure);
  self->failure = error;
  adit_mirror_tell (self);
}

/**
 * adit_mirror_finish:
 * @self: a mirror
 * @source: the client
 * @result: what the callback was given
 * @fds: (out) (optional): descriptors that came along
 *
 * Returns: (transfer full) (nullable): the answer's tuple, or %NULL with the failure told; giving up because the window closes
 * is none
 */
GVariant *
adit_mirror_finish (AditMirror *self, GObject *source, GAsyncResult *result, GUnixFDList **fds)
{
  GError *error = NULL;
  GVariant *answer = adit_client_call_finish (ADIT_CLIENT (source), result, fds, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  if (error != NULL)
    adit_mirror_set_failure (self, error);
  return answer;
}

/**
 * adit_mirror_call:
 * @self: a mirror
 * @method: a method of the helper
 * @arguments: (transfer floating): its arguments
 * @callback: ends it by adit_mirror_finish(), and is given a reference to @self
 *
 * Calls the helper; without one nothing happens, since its absence has been told.
 */
void
adit_mirror_call (AditMirror *self, const char *method, GVariant *arguments, GAsyncReadyCallback callback)
{
  if (self->client == NULL)
    {
      g_variant_unref (g_variant_ref_sink (arguments));
      return;
    }
  adit_client_call_async (self->client, method, arguments, NULL, self->cancellable, callback, g_object_ref (self));
}

/* What becomes of it is told by the status. */
static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, NULL);
}

/**
 * adit_mirror_wish:
 * @self: a mirror
 * @method: a method of the helper that answers nothing of interest
 * @arguments: (transfer floating): its arguments
 */
void
adit_mirror_wish (AditMirror *self, const char *method, GVariant *arguments)
{
  adit_mirror_dismiss_failure (self);
  adit_mirror_call (self, method, arguments, on_done);
}

/**
 * adit_mirror_dismiss_failure:
 * @self: a mirror
 */
void
adit_mirror_dismiss_failure (AditMirror *self)
{
  if (self->failure != NULL)
    adit_mirror_set_failure (self, NULL);
}

static void
connect_profile (AditMirror *self, const char *id, GVariant *options)
{
  GVariantBuilder place;

  g_variant_builder_init (&place, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&place, "{sv}", "account", g_variant_new_string (id));
  adit_mirror_wish (self, "Connect", g_variant_new ("(a{sv}@a{sv})", &place, options));
}

/**
 * adit_mirror_try_profile:
 * @self: a mirror
 * @id: what was imported
 * @seconds: until it is as before again by itself, also where this window has gone; 10 to 3600
 *
 * Connects to it; that is not where it was last for auto-connect.
 */
void
adit_mirror_try_profile (AditMirror *self, const char *id, guint32 seconds)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "confirm_within", g_variant_new_uint32 (seconds));
  connect_profile (self, id, g_variant_builder_end (&options));
}

/**
 * adit_mirror_connect:
 * @self: a mirror
 *
 * Connects to adit_mirror_get_profile_id() or, without one, to adit_mirror_get_place(), from wherever the session is.
 */
void
adit_mirror_connect (AditMirror *self)
{
  const char *id = adit_mirror_get_profile_id (self);
  GVariantBuilder place;

  if (id != NULL)
    {
      connect_profile (self, id, adit_mirror_no_options ());
      return;
    }
  g_variant_builder_init (&place, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&place, "{sv}", "country", g_variant_new_string (self->place.country));
  g_variant_builder_add (&place, "{sv}", "city", g_variant_new_string (self->place.city));
  g_variant_builder_add (&place, "{sv}", "server", g_variant_new_string (self->place.server));
  adit_mirror_add_tunnel (self, &place);
  adit_mirror_add_recent (self);
  adit_mirror_wish (self, "Connect", g_variant_new ("(a{sv}@a{sv})", &place, adit_mirror_no_options ()));
}

/**
 * adit_mirror_disconnect:
 * @self: a mirror
 */
void
adit_mirror_disconnect (AditMirror *self)
{
  adit_mirror_wish (self, "Disconnect", g_variant_new ("(@a{sv})", adit_mirror_no_options ()));
}

/**
 * adit_mirror_reconnect:
 * @self: a mirror
 */
void
adit_mirror_reconnect (AditMirror *self)
{
  adit_mirror_wish (self, "Reconnect", g_variant_new ("(@a{sv})", adit_mirror_no_options ()));
}

/**
 * adit_mirror_pause:
 * @self: a mirror
 * @seconds: how long everything may leave this computer, up to a day; the helper asks where that opens lockdown
 */
void
adit_mirror_pause (AditMirror *self, guint seconds)
{
  adit_mirror_wish (self, "Pause", g_variant_new ("(u@a{sv})", seconds, adit_mirror_no_options ()));
}

/**
 * adit_mirror_resume:
 * @self: a mirror
 *
 * Ends a pause before its time.
 */
void
adit_mirror_resume (AditMirror *self)
{
  adit_mirror_wish (self, "Resume", g_variant_new ("(@a{sv})", adit_mirror_no_options ()));
}

/**
 * adit_mirror_set_lockdown:
 * @self: a mirror
 * @on: whether nothing may leave while disconnected; the helper asks before it is switched off
 */
void
adit_mirror_set_lockdown (AditMirror *self, gboolean on)
{
  adit_mirror_wish (self, "SetLockdown", g_variant_new ("(b@a{sv})", on, adit_mirror_no_options ()));
}

/* --- Accounts and places --------------------------------------------------------------------------------------------------- */

/* Of the service that was asked last. */
static gboolean
has_list (AditMirror *self)
{
  return self->list != NULL && g_str_equal (adit_server_list_get_head (self->list)->service, self->list_service);
}

static void
on_list (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, &fds);
  gboolean is_last = --self->n_list_calls == 0;    /* else a failure may be of a service that nobody wants any more */
  AditServerList *list;
  GError *error = NULL;

  if (answer == NULL)
    {
      if (!is_last || has_list (self))
        return;
      self->list_service[0] = '\0';    /* asked again with the next account */
      if (self->list == NULL && self->failure != NULL)
        adit_mirror_take_list (self, NULL, g_error_copy (self->failure));
      return;
    }
  list = adit_answer_open_list (answer, fds, &error);
  if (list == NULL && !is_last)
    g_error_free (error);
  else if (list == NULL)
    {
      adit_mirror_take_list (self, NULL, g_error_copy (error));
      adit_mirror_set_failure (self, error);
    }
  else if (g_str_equal (adit_server_list_get_head (list)->service, self->list_service))
    adit_mirror_take_list (self, list, NULL);
  else
    adit_server_list_unref (list);    /* somebody has gone over to another one meanwhile */
}

/**
 * adit_mirror_ask_list:
 * @self: a mirror with an account
 *
 * Asks for the places of its service, which is asked where the helper has none.
 */
void
adit_mirror_ask_list (AditMirror *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self);

  if (account == NULL)
    return;
  g_strlcpy (self->list_service, account->service, sizeof self->list_service);
  if (self->list_error != NULL)
    {
      if (self->failure != NULL && g_str_equal (self->failure->message, self->list_error->message))
        adit_mirror_dismiss_failure (self);    /* no other one */
      adit_mirror_take_list (self, NULL, NULL);
    }
  self->n_list_calls += self->client != NULL;
  adit_mirror_call (self, "GetLocations", g_variant_new ("(s@a{sv})", account->service, adit_mirror_no_options ()), on_list);
}

/* Another account's service has other places, and whoever signs in wants to use it. */
static void
follow_account (AditMirror *self)
{
  const AditAccountRow *account = adit_mirror_get_account (self);
  const char *service = account != NULL ? account->service : "";
  static const AditPlace anywhere;

  if (g_str_equal (service, self->list_service))
    return;
  g_strlcpy (self->list_service, service, sizeof self->list_service);
  self->place = anywhere;
  g_clear_pointer (&self->profile, g_free);
  adit_mirror_follow_wish (self);
  if (account == NULL || self->list != NULL)
    adit_mirror_take_list (self, NULL, NULL);    /* the former service's */
  adit_mirror_ask_list (self);
}

static void
on_accounts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, NULL);
  GPtrArray *accounts;
  GError *error = NULL;

  if (answer == NULL)
    return;
  accounts = adit_answer_read_accounts (answer, &error);
  if (accounts == NULL)
    {
      adit_mirror_set_failure (self, error);
      return;
    }
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  self->accounts = accounts;
  follow_account (self);
  adit_mirror_tell (self);
}

/**
 * adit_mirror_ask_accounts:
 * @self: a mirror
 *
 * Asks the helper who is signed in, and what is imported; no service is asked.
 */
void
adit_mirror_ask_accounts (AditMirror *self)
{
  adit_mirror_call (self, "GetAccounts", g_variant_new ("(@a{sv})", adit_mirror_no_options ()), on_accounts);
  adit_mirror_ask_profiles (self);
}
