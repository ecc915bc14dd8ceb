/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-account-key.c: what a change of a key lends, what it takes over, and what it leaves alone. */
#include "client/helper/account-loan.h"

#include <string.h>

#include "platform/keys.h"

static AditAccount *
make_account (const char *service)
{
  g_autoptr (AditSecret) credential = adit_secret_new ("1234567890123456", 16), key = adit_keys_generate ();
  AditAccount *account = adit_account_new (adit_service_find (service), 1000, credential, key);

  g_strlcpy (account->device_id, "first", sizeof account->device_id);
  g_strlcpy (account->device_name, "Quiet Otter", sizeof account->device_name);
  g_strlcpy (account->plan, "Pro", sizeof account->plan);
  account->expires_at_s = 1900000000;
  account->checked_at_s = 1800000000;
  account->n_addresses = 1;
  g_assert_true (adit_prefix_parse ("10.67.0.2/32", &account->addresses[0]));
  account->key_made_at_s = 1700000000;
  return account;
}

static gboolean
has_public (const guint8 key[ADIT_WG_KEY_BYTES], AditSecret *private_key)
{
  guint8 wanted[ADIT_WG_KEY_BYTES];

  adit_keys_to_public (private_key, wanted);
  return memcmp (key, wanted, sizeof wanted) == 0;
}

static void
test_lent (void)
{
  g_autoptr (AditAccount) account = make_account ("ivpn");
  g_autoptr (AditSecret) new_key = adit_keys_generate ();

  for (guint is_connected = 0; is_connected <= 1; is_connected++)
    {
      AditWireRequest request = { 0 };

      adit_account_lend_for_key (account, &request, new_key, is_connected != 0);
      g_assert_cmpuint (request.want, ==, ADIT_WIRE_WANT_ROTATE);
      g_assert_true (has_public (request.public_key, new_key));
      g_assert_true (has_public (request.answers.old_public_key, account->private_key));
      g_assert_cmpuint (request.answers.is_connected, ==, is_connected);
      g_assert_cmpstr (request.device_id, ==, "first");
    }
}

static void
test_taken (void)
{
  g_autoptr (AditAccount) account = make_account ("mullvad");
  g_autoptr (AditSecret) new_key = adit_keys_generate ();
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  guint8 public_key[ADIT_WG_KEY_BYTES];

  answer->last.header.op = ADIT_WIRE_DEVICE;
  strcpy (answer->last.device.device_id, "second");
  g_assert_true (adit_prefix_parse ("10.67.0.9/32", &answer->last.device.addresses[0]));
  answer->last.device.n_addresses = 1;
  adit_account_take_key (account, new_key, answer);
  adit_keys_to_public (account->private_key, public_key);
  g_assert_true (has_public (public_key, new_key));
  g_assert_cmpstr (account->device_id, ==, "second");
  g_assert_cmpint (account->addresses[0].address.bytes[3], ==, 9);
  g_assert_cmpint (account->key_made_at_s, >=, now_s);
  g_assert_false (adit_account_needs_key (account));
  /* Nobody asked about these, so that nothing is said of them means nothing. */
  g_assert_cmpint (account->expires_at_s, ==, 1900000000);
  g_assert_cmpint (account->checked_at_s, ==, 1800000000);
  g_assert_cmpstr (account->device_name, ==, "Quiet Otter");
  g_assert_cmpstr (account->plan, ==, "Pro");
}

static void
test_wiped (void)
{
  static const struct { const char *service; gboolean needs_key; } rows[] = {
    { "mullvad", TRUE }, { "ivpn", TRUE }, { "ovpn", TRUE }, { "mysterium", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditAccount) account = make_account (rows[i].service);
      g_autoptr (AditSecret) old_key = adit_secret_ref (account->private_key);
      guint8 public_key[ADIT_WG_KEY_BYTES];

      g_assert_false (adit_account_needs_key (account));
      adit_account_wipe_key (account);
      adit_keys_to_public (account->private_key, public_key);
      g_assert_false (has_public (public_key, old_key));
      g_assert_cmpuint (account->n_addresses, ==, 0);
      g_assert_cmpint (account->key_made_at_s, ==, 0);
      g_assert_true (adit_account_needs_key (account) == rows[i].needs_key);
    }
}

/* As the answer to a voucher has it: until when, and not on how many devices. */
static void
test_limit (void)
{
  g_autoptr (AditAccount) account = make_account ("mullvad");
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();

  answer->last.header.op = ADIT_WIRE_ACCOUNT;
  answer->last.account.account_expires_at_s = 1910000000;
  answer->last.account.plan.device_limit = 5;
  g_assert_true (adit_account_take_answer (account, answer));
  g_assert_cmpuint (account->device_limit, ==, 5);
  answer->last.account.account_expires_at_s = 1920000000;
  answer->last.account.plan.device_limit = 0;
  g_assert_true (adit_account_take_answer (account, answer));
  g_assert_cmpint (account->expires_at_s, ==, 1920000000);
  g_assert_cmpuint (account->device_limit, ==, 5);
  answer->last.account.plan.device_limit = 2;
  g_assert_true (adit_account_take_answer (account, answer));
  g_assert_cmpuint (account->device_limit, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-key/lent", test_lent);
  g_test_add_func ("/account-key/taken", test_taken);
  g_test_add_func ("/account-key/wiped", test_wiped);
  g_test_add_func ("/account-key/limit", test_limit);
  return g_test_run ();
}
