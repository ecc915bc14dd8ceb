/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-vault.c: accounts come back whole, readable by nobody else,
 * and a damaged or newer file is never overwritten or half read. */
#include "client/helper/vault.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "client/base/error.h"
#include "client/base/file.h"

typedef struct
{
  char        *directory;
  AditVault   *vault;
  AditAccount *account;
} Fixture;

static const guint8 key[ADIT_WG_KEY_BYTES] = { 1, 2, 3 };

static void
open_vault (Fixture *f)
{
  GError *error = NULL;

  g_clear_pointer (&f->vault, adit_vault_close);
  f->vault = adit_vault_open (f->directory, &error);
  g_assert_no_error (error);
}

static AditAccount *
make_account (guint32 uid)
{
  g_autoptr (AditSecret) credential = adit_secret_new ("1234567890123456", 16);
  g_autoptr (AditSecret) private_key = adit_secret_new (key, sizeof key);
  AditAccount *account = adit_account_new (adit_service_find ("mullvad"), uid, credential, private_key);

  account->token = adit_secret_new ("mva_token", 9);
  account->token_expires_at_s = 7;
  account->expires_at_s = 1893456000;
  g_strlcpy (account->device_id, "9b0e7a7a-3d6f-4a2d-8a3e-9f4f3b1a2c3d", sizeof account->device_id);
  g_strlcpy (account->device_name, "happy seagull", sizeof account->device_name);
  g_assert_true (adit_prefix_parse ("10.67.12.34/32", &account->addresses[0]));
  account->n_addresses = 1;
  return account;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_dir_make_tmp ("adit-vault-XXXXXX", NULL);

  f->directory = g_build_filename (root, "vault", NULL);
  open_vault (f);
  f->account = make_account (1000);
  g_assert_true (adit_vault_add (f->vault, f->account, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_path_get_dirname (f->directory);
  g_autoptr (GDir) entries = g_dir_open (f->directory, 0, NULL);
  const char *name;

  g_clear_pointer (&f->vault, adit_vault_close);
  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->directory);
  g_rmdir (root);
  g_free (f->directory);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autofree char *id = g_strdup (f->account->id);
  AditAccount *back;
  gsize length;

  open_vault (f);
  back = adit_vault_find (f->vault, id);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->owner_uid, ==, 1000);
  g_assert_cmpstr (back->device_name, ==, "happy seagull");
  g_assert_cmpint (back->expires_at_s, ==, 1893456000);
  g_assert_cmpuint (back->n_addresses, ==, 1);
  {
    const guint8 *credential = adit_secret_peek (back->credential, &length);

    g_assert_cmpmem (credential, length, "1234567890123456", 16);
  }
  {
    const guint8 *private_key = adit_secret_peek (back->private_key, &length);

    g_assert_cmpmem (private_key, length, key, sizeof key);
  }
  g_assert_true (adit_vault_find_for_owner (f->vault, 1000) == back);
  g_assert_null (adit_vault_find_for_owner (f->vault, 1001));
  g_assert_true (adit_vault_remove (f->vault, back, NULL));
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
}

/* A service may give a long token in the place of what was typed, and another login for OpenVPN. */
static void
test_all_fields (Fixture *f, gconstpointer data)
{
  g_autofree char *id = g_strdup (f->account->id), *token = g_strnfill (ADIT_CREDENTIAL_MAX_BYTES - 1, 'r');
  AditAccount *account = f->account;
  gsize length;
  const guint8 *bytes;

  adit_secret_unref (account->credential);
  account->credential = adit_secret_new (token, strlen (token));
  account->openvpn_username = adit_secret_new ("lab", 3);
  account->openvpn_password = adit_secret_new ("battery staple", 14);
  account->key_made_at_s = 1700000000;
  account->device_limit = 7;
  account->is_renewed = account->refuses_multihop = TRUE;
  g_strlcpy (account->plan, "Pro", sizeof account->plan);
  g_assert_true (adit_vault_save (f->vault, account, NULL));
  open_vault (f);
  account = adit_vault_find (f->vault, id);
  g_assert_nonnull (account);
  bytes = adit_secret_peek (account->credential, &length);
  g_assert_cmpmem (bytes, length, token, strlen (token));
  bytes = adit_secret_peek (account->openvpn_username, &length);
  g_assert_cmpmem (bytes, length, "lab", 3);
  bytes = adit_secret_peek (account->openvpn_password, &length);
  g_assert_cmpmem (bytes, length, "battery staple", 14);
  g_assert_cmpint (account->key_made_at_s, ==, 1700000000);
  g_assert_cmpuint (account->device_limit, ==, 7);
  g_assert_true (account->is_renewed && account->refuses_multihop && !account->is_inactive);
  g_assert_cmpstr (account->plan, ==, "Pro");
}

static void
test_modes (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, f->account->id, NULL);
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (stat (f->directory, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 07777, ==, 0700);
}

/* One flipped bit anywhere: the account is left out, and its file is left alone. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, f->account->id, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  bytes = adit_file_read (path, 1 << 20, &length, NULL);
  for (gsize at = 0; at < length; at += 97)
    {
      if (at >= 8 && at < 12)
        continue;    /* the format number; a newer one is another test */
      bytes[at] ^= 0x10;
      g_assert_true (adit_file_write (path, bytes, length, 0600, NULL));
      open_vault (f);
      g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
      g_assert_true (adit_file_exists (path));
      bytes[at] ^= 0x10;
    }
  g_assert_true (adit_file_write (path, bytes, length / 2, 0600, NULL));
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
  g_assert_true (adit_file_write (path, bytes, length, 0600, NULL));
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 1);
}

static void
test_newer (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, f->account->id, NULL);
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;

  bytes = adit_file_read (path, 1 << 20, &length, NULL);
  bytes[8] = 2;
  g_assert_true (adit_file_write (path, bytes, length, 0600, NULL));
  g_assert_null (adit_vault_open (f->directory, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
  g_clear_error (&error);
}

static void
test_strangers_files (Fixture *f, gconstpointer data)
{
  g_autofree char *other = g_build_filename (f->directory, "README", NULL);
  g_autofree char *renamed = g_build_filename (f->directory, "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11", NULL);
  g_autofree char *path = g_build_filename (f->directory, f->account->id, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  bytes = adit_file_read (path, 1 << 20, &length, NULL);
  g_assert_true (adit_file_write (other, "hello", 5, 0600, NULL));
  g_assert_true (adit_file_write (renamed, bytes, length, 0600, NULL));    /* a whole record under a name that is not its own */
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 1);
}

/* Longer than ours, or no file at all: one account less, not one helper less. */
static void
test_too_long (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, f->account->id, NULL);
  g_autofree char *longer = NULL;
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;

  bytes = adit_file_read (path, 1 << 20, &length, NULL);
  longer = g_malloc0 (1 << 20);
  memcpy (longer, bytes, length);
  g_assert_true (adit_file_write (path, longer, length + 100, 0600, NULL));
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
  g_assert_true (adit_file_write (path, longer, 1 << 20, 0600, NULL));
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
  longer[8] = 2;    /* a newer format's record may be longer, and is still told as newer */
  g_assert_true (adit_file_write (path, longer, length + 100, 0600, NULL));
  g_assert_null (adit_vault_open (f->directory, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
  g_clear_error (&error);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  open_vault (f);
  g_assert_cmpuint (adit_vault_get_accounts (f->vault)->len, ==, 0);
}

/* Among several the one that was chosen, also the next time; without a choice the latest. */
static void
test_chosen (Fixture *f, gconstpointer data)
{
  AditAccount *second = make_account (1000), *third = make_account (1001);
  g_autofree char *first = g_strdup (f->account->id);

  g_assert_true (adit_vault_add (f->vault, second, NULL));
  g_assert_true (adit_vault_add (f->vault, third, NULL));
  g_assert_true (adit_vault_find_for_owner (f->vault, 1000) == second);
  g_assert_true (adit_vault_choose (f->vault, third, NULL));
  g_assert_true (adit_vault_choose (f->vault, second, NULL));
  g_assert_true (adit_vault_choose (f->vault, f->account, NULL));
  g_assert_true (adit_vault_find_for_owner (f->vault, 1000) == f->account);
  open_vault (f);
  g_assert_cmpstr (adit_vault_find_for_owner (f->vault, 1000)->id, ==, first);
  g_assert_true (adit_vault_find_for_owner (f->vault, 1001)->is_chosen);    /* another person's choice is their own */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* each damaged file is also told in the log */
#define ADD(name, function) g_test_add ("/vault/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("chosen", test_chosen);
  ADD ("round-trip", test_round_trip);
  ADD ("all-fields", test_all_fields);
  ADD ("modes", test_modes);
  ADD ("damage", test_damage);
  ADD ("newer", test_newer);
  ADD ("too-long", test_too_long);
  ADD ("strangers-files", test_strangers_files);
  return g_test_run ();
}
