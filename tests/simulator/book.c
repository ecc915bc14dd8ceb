/* SPDX-License-Identifier: GPL-2.0-or-later */
/* book.c: tokens and devices, in memory.  Standard output tells what the exit has to know of them. */
#include "tests/simulator/book.h"

#define SPREAD_MS       500      /* until an exit has heard of a key that was changed; the answer to that is there before */
#define STRANGER_NUMBER 60000    /* far from those that a run gives out */

typedef struct { char *owner; gint64 until_us; } Token;

static GPtrArray *devices;     /* BookDevice */
static GHashTable *tokens;     /* text -> Token */
static BookAddresses addresses;
static guint next_number = 2;

static void
device_free (gpointer data)
{
  BookDevice *device = data;

  g_free (device->id);
  g_free (device->owner);
  g_free (device->key);
  g_free (device->told_key);
  g_free (device);
}

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->owner);
  g_free (token);
}

/**
 * book_open:
 * @dup_addresses: what addresses the service gives to a device
 *
 * An empty book.
 */
void
book_open (BookAddresses dup_addresses)
{
  devices = g_ptr_array_new_with_free_func (device_free);
  tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, token_free);
  addresses = dup_addresses;
}

/**
 * book_add_token:
 * @prefix: what the service's tokens begin with
 * @owner: who may do what with it
 * @lifetime_ms: how long the token is good
 *
 * Returns: (transfer full): a new token
 */
char *
book_add_token (const char *prefix, const char *owner, guint lifetime_ms)
{
  g_autofree char *id = g_uuid_string_random ();
  char *text = g_strconcat (prefix, id, NULL);
  Token *token = g_new (Token, 1);

  token->owner = g_strdup (owner);
  token->until_us = g_get_monotonic_time () + lifetime_ms * 1000L;
  g_hash_table_insert (tokens, g_strdup (text), token);
  return text;
}

/**
 * book_find_token:
 * @token: (nullable): what somebody claims to be one
 *
 * Returns: (transfer none) (nullable): whose it is; %NULL also when its time is over
 */
const char *
book_find_token (const char *token)
{
  const Token *found = token != NULL ? g_hash_table_lookup (tokens, token) : NULL;

  return found != NULL && g_get_monotonic_time () < found->until_us ? found->owner : NULL;
}

/**
 * book_list_tokens:
 * @owner: somebody
 *
 * Returns: (transfer full) (element-type utf8): whose they are, also those whose time is over
 */
GPtrArray *
book_list_tokens (const char *owner)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter each;
  gpointer text, token;

  g_hash_table_iter_init (&each, tokens);
  while (g_hash_table_iter_next (&each, &text, &token))
    if (g_str_equal (((Token *) token)->owner, owner))
      g_ptr_array_add (list, g_strdup (text));
  return list;
}

/**
 * book_remove_token:
 * @token: one in the book
 */
void
book_remove_token (const char *token)
{
  g_hash_table_remove (tokens, token);
}

/**
 * book_remove_tokens:
 * @owner: whose tokens end
 */
void
book_remove_tokens (const char *owner)
{
  GHashTableIter each;
  gpointer token;

  g_hash_table_iter_init (&each, tokens);
  while (g_hash_table_iter_next (&each, NULL, &token))
    if (g_str_equal (((Token *) token)->owner, owner))
      g_hash_table_iter_remove (&each);
}

/**
 * book_list_devices:
 * @owner: somebody
 *
 * Returns: (transfer container) (element-type BookDevice): whose they are
 */
GPtrArray *
book_list_devices (const char *owner)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((BookDevice *) devices->pdata[i])->owner, owner))
      g_ptr_array_add (list, devices->pdata[i]);
  return list;
}

/**
 * book_find_key:
 * @key: (nullable): in base64
 *
 * Returns: (transfer none) (nullable): the device that has it, whosever that is
 */
BookDevice *
book_find_key (const char *key)
{
  for (guint i = 0; i < devices->len; i++)
    if (g_strcmp0 (((BookDevice *) devices->pdata[i])->key, key) == 0)
      return devices->pdata[i];
  return NULL;
}

static BookDevice *
insert (const char *owner, const char *key, guint number)
{
  BookDevice *device = g_new0 (BookDevice, 1);

  device->id = g_uuid_string_random ();
  device->owner = g_strdup (owner);
  device->key = g_strdup (key);
  device->number = number;
  device->created_s = g_get_real_time () / G_USEC_PER_SEC;
  g_ptr_array_add (devices, device);
  return device;
}

static void
renounce (BookDevice *device)
{
  g_clear_handle_id (&device->spread_source, g_source_remove);
  if (device->told_key != NULL)
    g_print ("peer remove %s\n", device->told_key);
  g_clear_pointer (&device->told_key, g_free);
}

static void
announce (BookDevice *device)
{
  g_autofree char *text = addresses (device);

  device->told_key = g_strdup (device->key);
  g_print ("peer add %s %s\n", device->key, text);
}

/**
 * book_add_device:
 * @owner: whose it is
 * @key: in base64, and nobody's yet
 *
 * Returns: (transfer none): the new device
 */
BookDevice *
book_add_device (const char *owner, const char *key)
{
  BookDevice *device = insert (owner, key, next_number++);

  announce (device);
  return device;
}

/**
 * book_add_stranger:
 * @owner: whose it is
 * @number: unlike that of any other stranger
 *
 * Adds a device that takes room and that nobody uses: it is not told to the exit.
 */
void
book_add_stranger (const char *owner, guint8 number)
{
  const guchar raw[32] = { 0xf0, number };
  g_autofree char *key = g_base64_encode (raw, sizeof raw);

  insert (owner, key, STRANGER_NUMBER + number);
}

static gboolean
on_spread (gpointer user_data)
{
  BookDevice *device = user_data;

  device->spread_source = 0;
  renounce (device);
  announce (device);
  return G_SOURCE_REMOVE;
}

/**
 * book_set_device_key:
 * @device: a device in the book
 * @key: in base64, and nobody's yet
 *
 * The exit hears of it a little later, as relays do.
 */
void
book_set_device_key (BookDevice *device, const char *key)
{
  g_free (device->key);
  device->key = g_strdup (key);
  if (device->spread_source == 0)
    device->spread_source = g_timeout_add (SPREAD_MS, on_spread, device);
}

/**
 * book_remove_device:
 * @device: (transfer full): a device in the book
 */
void
book_remove_device (BookDevice *device)
{
  renounce (device);
  g_ptr_array_remove (devices, device);
}

/**
 * book_remove_devices_of:
 * @owner: who loses all devices
 */
void
book_remove_devices_of (const char *owner)
{
  g_autoptr (GPtrArray) own = book_list_devices (owner);

  for (guint i = 0; i < own->len; i++)
    book_remove_device (own->pdata[i]);
}

/**
 * book_remove_devices:
 *
 * Removes everybody's devices, as a service does that cleans up.
 */
void
book_remove_devices (void)
{
  while (devices->len > 0)
    book_remove_device (devices->pdata[0]);
}
