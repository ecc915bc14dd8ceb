/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wish-file.c: each part by its name; one that is not there is as it was before there was that part. */
#include "client/helper/wish-file.h"

static void
add_place (GKeyFile *file, const char *group, const char *before, const AditPlace *place)
{
  const struct { const char *name, *value; } parts[] = {
    { "country", place->country }, { "city", place->city }, { "server", place->server },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *key = g_strconcat (before, parts[i].name, NULL);

      g_key_file_set_string (file, group, key, parts[i].value);
    }
}

/* As the settings write them. */
static void
add_servers (GKeyFile *file, const char *group, const AditServerWish *servers)
{
  const char *const *names = adit_choice_get_names ();
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);

  choice->servers = *servers;
  for (guint i = 0; i < adit_choice_get_n_server_names (); i++)
    {
      g_auto (GStrv) texts = adit_choice_dup_texts (choice, names[i]);

      g_key_file_set_string_list (file, group, names[i], (const char *const *) texts, g_strv_length (texts));
    }
}

static gboolean
take_servers (GKeyFile *file, const char *group, AditWish *wish)
{
  const char *const *names = adit_choice_get_names ();
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);

  for (guint i = 0; i < adit_choice_get_n_server_names (); i++)
    {
      g_auto (GStrv) texts = g_key_file_get_string_list (file, group, names[i], NULL, NULL);

      if (texts == NULL)
        continue;
      if (!adit_choice_set_texts (choice, names[i], (const char *const *) texts, NULL))
        return FALSE;
      wish->has_servers = TRUE;
    }
  wish->servers = choice->servers;
  return TRUE;
}

/**
 * adit_wish_file_add:
 * @file: a file to be written
 * @group: where in it
 * @wish: what is wanted; of a wish to be disconnected nothing but that is kept
 */
void
adit_wish_file_add (GKeyFile *file, const char *group, const AditWish *wish)
{
  g_key_file_set_boolean (file, group, "connected", wish->connected);
  if (!wish->connected)
    return;
  g_key_file_set_string (file, group, "account", wish->account);
  add_place (file, group, "", &wish->place);
  if (wish->has_entry)
    add_place (file, group, "entry-", &wish->entry);
  g_key_file_set_string (file, group, "tunnel", adit_protocol_to_name (wish->protocol));
  if (wish->from_favourites)
    g_key_file_set_boolean (file, group, "from-favourites", TRUE);
  if (wish->has_servers)
    add_servers (file, group, &wish->servers);
}

static gboolean
take_place (GKeyFile *file, const char *group, const char *before, AditPlace *place)
{
  char *const parts[] = { place->country, place->city, place->server };
  static const struct { const char *name; gsize size; } names[] = {
    { "country", ADIT_CODE_MAX_BYTES }, { "city", ADIT_CODE_MAX_BYTES }, { "server", ADIT_SERVER_MAX_BYTES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *key = g_strconcat (before, names[i].name, NULL);
      g_autofree char *value = g_key_file_get_string (file, group, key, NULL);

      g_strlcpy (parts[i], value != NULL ? value : "", names[i].size);
    }
  return adit_place_is_valid (place);
}

/**
 * adit_wish_file_take:
 * @file: a file that was read
 * @group: where in it
 * @wish: (out caller-allocates): what is wanted; all zero with %FALSE
 *
 * Returns: whether it says so, and is a wish
 */
gboolean
adit_wish_file_take (GKeyFile *file, const char *group, AditWish *wish)
{
  g_autofree char *account = g_key_file_get_string (file, group, "account", NULL);
  g_autofree char *tunnel = g_key_file_get_string (file, group, "tunnel", NULL);
  g_autoptr (GError) error = NULL;
  AditWish read = { .connected = g_key_file_get_boolean (file, group, "connected", &error) };

  *wish = (AditWish) { 0 };
  if (error != NULL)
    return FALSE;
  if (!read.connected)
    return TRUE;
  read.has_entry = g_key_file_has_key (file, group, "entry-country", NULL);
  if (account == NULL || !g_uuid_string_is_valid (account) || !take_place (file, group, "", &read.place) ||
      (read.has_entry && !take_place (file, group, "entry-", &read.entry)) ||
      (tunnel != NULL && !adit_protocol_from_name (tunnel, &read.protocol)) || !take_servers (file, group, &read))
    return FALSE;
  read.from_favourites = g_key_file_get_boolean (file, group, "from-favourites", NULL);
  g_strlcpy (read.account, account, sizeof read.account);
  *wish = read;
  return TRUE;
}
