/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-accounts.c: the account numbers that Mullvad has given out, and until when each is paid. */
#include "tests/simulator/mullvad.h"

#include "tests/simulator/book.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"

#define DAY_S          (24 * 3600)
#define SUBSCRIPTION_S (30 * DAY_S)

static const struct { const char *number; gint64 left_s; } first_accounts[] = {
  { KNOWN_MULLVAD_ACCOUNT, SUBSCRIPTION_S },
  { KNOWN_MULLVAD_EXPIRED, -DAY_S },
  { KNOWN_MULLVAD_FULL,    SUBSCRIPTION_S },
};

static GHashTable *accounts;    /* number -> gint64 in place, Unix time */

static void
insert (const char *number, gint64 left_s)
{
  gint64 *expiry_s = g_new (gint64, 1);

  *expiry_s = reply_get_now_s () + left_s;
  g_hash_table_insert (accounts, g_strdup (number), expiry_s);
}

/**
 * mullvad_accounts_open:
 *
 * Three accounts: one with time left, one that ended yesterday, one whose devices are all taken.
 */
void
mullvad_accounts_open (void)
{
  accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (first_accounts); i++)
    insert (first_accounts[i].number, first_accounts[i].left_s);
  for (guint8 i = 0; i < KNOWN_MULLVAD_DEVICES; i++)
    book_add_stranger (KNOWN_MULLVAD_FULL, i);
}

/**
 * mullvad_accounts_add:
 *
 * Returns: (transfer full): the number of a new account with time left
 */
char *
mullvad_accounts_add (void)
{
  char *number = g_strdup_printf ("9%07u%08u", g_random_int_range (0, 10000000), g_random_int_range (0, 100000000));

  insert (number, SUBSCRIPTION_S);
  return number;
}

/**
 * mullvad_accounts_has:
 * @number: (nullable): what somebody claims to be one
 *
 * Returns: whether there is such an account
 */
gboolean
mullvad_accounts_has (const char *number)
{
  return number != NULL && g_hash_table_contains (accounts, number);
}

/**
 * mullvad_accounts_get_expiry_s:
 * @number: of an account
 *
 * Returns: until when it is paid, Unix time
 */
gint64
mullvad_accounts_get_expiry_s (const char *number)
{
  return *(const gint64 *) g_hash_table_lookup (accounts, number);
}

/**
 * mullvad_accounts_add_time:
 * @number: of an account
 *
 * Returns: how much was added, in seconds, from now on or from when the account would have ended
 */
gint64
mullvad_accounts_add_time (const char *number)
{
  gint64 *expiry_s = g_hash_table_lookup (accounts, number);

  *expiry_s = MAX (*expiry_s, reply_get_now_s ()) + SUBSCRIPTION_S;
  return SUBSCRIPTION_S;
}

/**
 * mullvad_accounts_remove:
 * @number: of an account, which ends with all that it had
 */
void
mullvad_accounts_remove (const char *number)
{
  book_remove_devices_of (number);
  book_remove_tokens (number);
  g_hash_table_remove (accounts, number);
}
