/* SPDX-License-Identifier: GPL-2.0-or-later */
/* book.c: accounts, tokens and devices, in memory.  Standard output tells what the exit has to know of them. */
#include "tests/simulator/book.h"

#define DAY_S          (24 * 3600)
#define SUBSCRIPTION_S (30 * DAY_S)
#define FULL_ACCOUNT   "5555666677778888"
#define FULL_DEVICES   5
#define FULL_NUMBER    60000    /* far from those that a run gives out */

typedef struct { char *account; gint64 until_us; } Token;

static const struct { const char *number; gint64 left_s; } first_accounts[] = {
  { "1234567890123456", SUBSCRIPTION_S },
  { "1111222233334444", -DAY_S },
  { FULL_ACCOUNT,       SUBSCRIPTION_S },
};

static GPtrArray *devices;               /* BookDevice */
static GHashTable *accounts, *tokens;    /* number -> gint64 in place, Unix time; text -> Token */
static guint next_number = 2;

static void
device_free (gpointer data)
{
  BookDevice *device = data;

  g_free (device->id);
  g_free (device->account);
  g_free (device->key);
  g_free (device);
}

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->account);
  g_free (token);
}

static gint64
get_time_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
insert_account (const char *number, gint64 left_s)
{
  gint64 *expiry_s = g_new (gint64, 1);

  *expiry_s = get_time_s () + left_s;
  g_hash_table_insert (accounts, g_strdup (number), expiry_s);
}

static BookDevice *
insert_device (const char *account, const char *key, guint number)
{
  BookDevice *device = g_new0 (BookDevice, 1);

  device->id = g_uuid_string_random ();
  device->account = g_strdup (account);
  device->key = g_strdup (key);
  device->number = number;
  device->created_s = get_time_s ();
  g_ptr_array_add (devices, device);
  return device;
}

/**
 * book_open:
 *
 * Three accounts: one with time left, one that ended yesterday, one whose devices are all taken.
 * Those devices are nobody's: they are not told to the exit.
 */
void
book_open (void)
{
  devices = g_ptr_array_new_with_free_func (device_free);
  accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, token_free);
  for (guint i = 0; i < G_N_ELEMENTS (first_accounts); i++)
    insert_account (first_accounts[i].number, first_accounts[i].left_s);
  for (guint8 i = 0; i < FULL_DEVICES; i++)
    {
      const guchar raw[32] = { 0xf0, i };
      g_autofree char *key = g_base64_encode (raw, sizeof raw);

      insert_device (FULL_ACCOUNT, key, FULL_NUMBER + i);
    }
}

/**
 * book_add_account:
 *
 * Returns: (transfer full): the number of a new account with time left
 */
char *
book_add_account (void)
{
  char *number = g_strdup_printf ("9%07u%08u", g_random_int_range (0, 10000000), g_random_int_range (0, 100000000));

  insert_account (number, SUBSCRIPTION_S);
  return number;
}

/**
 * book_has_account:
 * @account: (nullable): what somebody claims to be a number
 *
 * Returns: whether there is such an account
 */
gboolean
book_has_account (const char *account)
{
  return account != NULL && g_hash_table_contains (accounts, account);
}

/**
 * book_get_expiry_s:
 * @account: a number in the book
 *
 * Returns: until when it is paid, Unix time
 */
gint64
book_get_expiry_s (const char *account)
{
  return *(const gint64 *) g_hash_table_lookup (accounts, account);
}

/**
 * book_add_token:
 * @account: a number in the book
 * @lifetime_ms: how long the token is good
 *
 * Returns: (transfer full): a new token
 */
char *
book_add_token (const char *account, guint lifetime_ms)
{
  g_autofree char *id = g_uuid_string_random ();
  char *text = g_strconcat ("mva_", id, NULL);
  Token *token = g_new (Token, 1);

  token->account = g_strdup (account);
  token->until_us = g_get_monotonic_time () + lifetime_ms * 1000L;
  g_hash_table_insert (tokens, g_strdup (text), token);
  return text;
}

/**
 * book_find_token:
 * @token: what somebody claims to be one
 *
 * Returns: (transfer none) (nullable): whose it is; %NULL also when its time is over
 */
const char *
book_find_token (const char *token)
{
  const Token *found = g_hash_table_lookup (tokens, token);

  return found != NULL && g_get_monotonic_time () < found->until_us ? found->account : NULL;
}

/**
 * book_list_devices:
 * @account: a number
 *
 * Returns: (transfer container) (element-type BookDevice): those of this account
 */
GPtrArray *
book_list_devices (const char *account)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((BookDevice *) devices->pdata[i])->account, account))
      g_ptr_array_add (list, devices->pdata[i]);
  return list;
}

/**
 * book_has_key:
 * @key: in base64
 *
 * Returns: whether a device of any account has it
 */
gboolean
book_has_key (const char *key)
{
  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((BookDevice *) devices->pdata[i])->key, key))
      return TRUE;
  return FALSE;
}

static void
announce (const BookDevice *device)
{
  g_autofree char *address4 = book_dup_address4 (device), *address6 = book_dup_address6 (device);

  g_print ("peer add %s %s,%s\n", device->key, address4, address6);
}

/**
 * book_add_device:
 * @account: a number in the book
 * @key: in base64, and nobody's yet
 *
 * Returns: (transfer none): the new device
 */
BookDevice *
book_add_device (const char *account, const char *key)
{
  BookDevice *device = insert_device (account, key, next_number++);

  announce (device);
  return device;
}

/**
 * book_set_device_key:
 * @device: a device in the book
 * @key: in base64, and nobody's yet
 */
void
book_set_device_key (BookDevice *device, const char *key)
{
  g_print ("peer remove %s\n", device->key);
  g_free (device->key);
  device->key = g_strdup (key);
  announce (device);
}

/**
 * book_remove_device:
 * @device: (transfer full): a device in the book
 */
void
book_remove_device (BookDevice *device)
{
  g_print ("peer remove %s\n", device->key);
  g_ptr_array_remove (devices, device);
}

/**
 * book_remove_devices:
 *
 * Removes every account's devices, as a service does that cleans up.
 */
void
book_remove_devices (void)
{
  while (devices->len > 0)
    book_remove_device (devices->pdata[0]);
}

/**
 * book_dup_address4:
 * @device: a device in the book
 *
 * Returns: (transfer full): its IPv4 address inside the tunnel, with prefix
 */
char *
book_dup_address4 (const BookDevice *device)
{
  return g_strdup_printf ("10.67.%u.%u/32", device->number / 256, device->number % 256);
}

/**
 * book_dup_address6:
 * @device: a device in the book
 *
 * Returns: (transfer full): its IPv6 address inside the tunnel, with prefix
 */
char *
book_dup_address6 (const BookDevice *device)
{
  return g_strdup_printf ("fc00:bbbb:bbbb:bb01::%x/128", device->number + 0x100);
}
