/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-choice.c: what is set of servers, which the command line may change as well; asked anew with each status. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/base/error.h"

/* --- What is known --------------------------------------------------------------------------------------------------------- */

static void
read_choice (AditMirror *self)
{
  AditChoice choice = { 0 };

  for (const char *const *name = adit_choice_get_names (); *name != NULL; name++)
    {
      static const char *const on[] = { "on", NULL };
      g_autofree const char **texts = NULL;
      gboolean is_on;

      if (g_variant_lookup (self->settings, *name, "b", &is_on))
        (void) (is_on && adit_choice_set_texts (&choice, *name, on, NULL));
      else if (g_variant_lookup (self->settings, *name, "^a&s", &texts))
        (void) adit_choice_set_texts (&choice, *name, texts, NULL);
    }
  self->choice = choice;
}

/* What cannot be asked for now is asked for with the next status. */
static void
on_settings (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditMirror *self = ADIT_MIRROR (source);
  g_autoptr (GVariant) settings = adit_mirror_get_settings_finish (self, result, NULL);

  if (settings == self->settings || (settings != NULL && self->settings != NULL && g_variant_equal (self->settings, settings)))
    return;
  /* Without an answer nobody knows what is open. */
  g_clear_pointer (&self->settings, g_variant_unref);
  self->settings = g_steal_pointer (&settings);
  if (self->settings != NULL)
    read_choice (self);
  adit_mirror_tell_choice (self);
}

/**
 * adit_mirror_ask_settings:
 * @self: a mirror
 *
 * Asks the helper what is set.
 */
void
adit_mirror_ask_settings (AditMirror *self)
{
  adit_mirror_get_settings_async (self, on_settings, NULL);
}

/**
 * adit_mirror_get_settings:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): an a{sv}, as the helper told it last; %NULL until it has
 */
GVariant *
adit_mirror_get_settings (AditMirror *self)
{
  return self->settings;
}

/**
 * adit_mirror_dup_setting:
 * @self: a mirror
 * @name: of a setting that is texts
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): what it is set to; %NULL until that is known
 */
char **
adit_mirror_dup_setting (AditMirror *self, const char *name)
{
  char **texts = NULL;

  if (self->settings != NULL)
    g_variant_lookup (self->settings, name, "^as", &texts);
  return texts;
}

/**
 * adit_mirror_get_choice:
 * @self: a mirror
 *
 * Returns: (transfer none): what is set of servers; as the service has it until that is known
 */
const AditChoice *
adit_mirror_get_choice (AditMirror *self)
{
  return &self->choice;
}

/**
 * adit_mirror_get_favourites:
 * @self: a mirror
 * @places: (out caller-allocates) (array length=ADIT_CHOICE_MAX_FAVOURITES): those at the current account's service
 *
 * Returns: how many
 */
guint
adit_mirror_get_favourites (AditMirror *self, AditPlace *places)
{
  return adit_choice_get_favourites (&self->choice, self->list_service, places);
}

/**
 * adit_mirror_dup_blocks:
 * @self: a mirror
 * @names: (array zero-terminated=1): what the resolvers of the current account's service are to leave out
 *
 * Returns: (transfer full) (array zero-terminated=1): the setting "block" with them; other services' are in it as they are
 */
char **
adit_mirror_dup_blocks (AditMirror *self, const char *const *names)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  const AditChoice *choice = &self->choice;

  for (guint i = 0; i < choice->n_blocks; i++)
    if (!g_str_equal (choice->blocks[i].service, self->list_service))
      {
        g_autofree char *text = g_strconcat (choice->blocks[i].service, "/", choice->blocks[i].name, NULL);

        g_strv_builder_add (texts, text);
      }
  for (; *names != NULL; names++)
    {
      g_autofree char *text = g_strconcat (self->list_service, "/", *names, NULL);

      g_strv_builder_add (texts, text);
    }
  return g_strv_builder_end (texts);
}

/* A server is the same one also where its country was left out at the command line. */
static gboolean
is_same (const AditPlace *a, const AditPlace *b)
{
  return a->server[0] != '\0' ? g_str_equal (a->server, b->server) : adit_place_equal (a, b);
}

/**
 * adit_mirror_is_favourite:
 * @self: a mirror
 * @place: at the current account's service
 *
 * Returns: whether it is among the favourites itself
 */
gboolean
adit_mirror_is_favourite (AditMirror *self, const AditPlace *place)
{
  AditPlace places[ADIT_CHOICE_MAX_FAVOURITES];
  guint n = adit_mirror_get_favourites (self, places);

  for (guint i = 0; i < n; i++)
    if (is_same (&places[i], place))
      return TRUE;
  return FALSE;
}

/* --- What is wished -------------------------------------------------------------------------------------------------------- */

/* Whatever became of it: what is shown is what the helper has, also where it has refused. */
static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditMirror *self = ADIT_MIRROR (source);
  GError *error = NULL;

  if (!adit_mirror_account_finish (self, result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_error_free (error);
          return;    /* the window closes */
        }
      g_clear_pointer (&self->settings, g_variant_unref);    /* so that the answer is another one */
      adit_mirror_set_failure (self, error);
    }
  adit_mirror_ask_settings (self);
}

static void
set (AditMirror *self, const char *name)
{
  g_auto (GStrv) texts = adit_choice_dup_texts (&self->choice, name);
  gboolean is_switch = g_str_equal (name, "with-ipv6");

  adit_mirror_dismiss_failure (self);
  adit_mirror_set_setting_async (self, name, is_switch ? g_variant_new_boolean (g_str_equal (texts[0], "on"))
                                                       : g_variant_new_strv ((const char *const *) texts, -1), on_set, NULL);
  adit_mirror_tell_choice (self);
}

/**
 * adit_mirror_set_favourite:
 * @self: a mirror
 * @place: at the current account's service
 * @is_one: whether it is to be among the favourites
 *
 * What cannot be done, such as one too many, is told as a failure.
 */
void
adit_mirror_set_favourite (AditMirror *self, const AditPlace *place, gboolean is_one)
{
  AditChoice *choice = &self->choice;
  AditFavourite added = { .place = *place };
  guint n = 0;

  if (is_one == adit_mirror_is_favourite (self, place))
    return;
  if (is_one && choice->n_favourites == ADIT_CHOICE_MAX_FAVOURITES)
    {
      adit_mirror_set_failure (self, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There is room for %d favourites",
                                                  ADIT_CHOICE_MAX_FAVOURITES));
      adit_mirror_tell_choice (self);
      return;
    }
  g_strlcpy (added.service, self->list_service, sizeof added.service);
  for (guint i = 0; i < choice->n_favourites; i++)
    if (!g_str_equal (choice->favourites[i].service, added.service) || !is_same (&choice->favourites[i].place, place))
      choice->favourites[n++] = choice->favourites[i];
  choice->n_favourites = n;
  if (is_one)
    choice->favourites[choice->n_favourites++] = added;
  set (self, "favourites");
}

/**
 * adit_mirror_set_ownership:
 * @self: a mirror
 * @ownership: whose machines are taken, from the next connection on
 */
void
adit_mirror_set_ownership (AditMirror *self, AditOwnership ownership)
{
  self->choice.servers.filter.ownership = (guint8) ownership;
  set (self, "ownership");
}

/**
 * adit_mirror_set_with_ipv6:
 * @self: a mirror
 * @only: whether only servers are taken that IPv6 goes through, from the next connection on
 */
void
adit_mirror_set_with_ipv6 (AditMirror *self, gboolean only)
{
  self->choice.servers.filter.only_with_ipv6 = only ? 1 : 0;
  set (self, "with-ipv6");
}

/**
 * adit_mirror_set_hosting:
 * @self: a mirror
 * @companies: (array zero-terminated=1): in whose houses the servers may stand, from the next connection on; none: in anyone's
 */
void
adit_mirror_set_hosting (AditMirror *self, const char *const *companies)
{
  static const char *const any[] = { "any", NULL };

  (void) adit_choice_set_texts (&self->choice, "hosting", companies[0] != NULL ? companies : any, NULL);
  set (self, "hosting");
}

/**
 * adit_mirror_clear_filter:
 * @self: a mirror
 *
 * From the next connection on every server may be taken.
 */
void
adit_mirror_clear_filter (AditMirror *self)
{
  AditServerFilter *filter = &self->choice.servers.filter;
  AditFilterParts parts = adit_server_filter_get_parts (filter);

  if (parts & ADIT_FILTER_OWNERSHIP)
    adit_mirror_set_ownership (self, ADIT_OWNED_OR_RENTED);
  if (parts & ADIT_FILTER_IPV6)
    adit_mirror_set_with_ipv6 (self, FALSE);
  if (parts & ADIT_FILTER_HOSTING)
    adit_mirror_set_hosting (self, (const char *const[]) { NULL });
}
