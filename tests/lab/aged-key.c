/* SPDX-License-Identifier: GPL-2.0-or-later */
/* aged-key.c: changes the vault behind the helper's back, while none runs. */
#include "config.h"
#include "tests/lab/aged-key.h"

#include <string.h>
#include "client/helper/run-files.h"
#include "client/helper/vault.h"
#include "platform/keys.h"

#define DAY_S 86400

/**
 * adit_world_change_key:
 * @self: the world; its helper is killed, and another one started
 * @service: where somebody is signed in
 * @days: by how much the account's key is older afterwards
 * @is_other: whether it is another one than the service knows
 */
void
adit_world_change_key (AditWorld *self, const char *service, guint days, gboolean is_other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditVault) vault = NULL;
  GPtrArray *accounts;

  adit_world_kill_helper (self);
  vault = adit_vault_open (ADIT_STATE_DIRECTORY "/vault", &error);
  g_assert_no_error (error);
  accounts = adit_vault_get_accounts (vault);
  for (guint i = 0; i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];

      if (!g_str_equal (account->service->id, service))
        continue;
      account->key_made_at_s -= days * (gint64) DAY_S;
      if (is_other)
        {
          adit_secret_unref (account->private_key);
          account->private_key = adit_keys_generate ();
        }
      adit_vault_save (vault, account, &error);
      g_assert_no_error (error);
      adit_world_expect_helper (self);
      return;
    }
  g_error ("nobody is signed in at %s", service);
}

/**
 * adit_world_dup_own_address:
 *
 * Returns: (transfer full): the tunnel's own IPv4 address; "" without a tunnel
 */
char *
adit_world_dup_own_address (void)
{
  const char *const argv[] = { "ip", "-4", "-oneline", "address", "show", "dev", "adit0", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);
  const char *at = result != NULL ? strstr (result->out, "inet ") : NULL;

  return at != NULL ? g_strndup (at + strlen ("inet "), strcspn (at + strlen ("inet "), "/ ")) : g_strdup ("");
}

/**
 * adit_world_count_in_log:
 * @self: the world
 * @words: what is looked for
 *
 * Returns: how often helper, workers and servers have said it
 */
guint
adit_world_count_in_log (AditWorld *self, const char *words)
{
  g_autofree char *log = adit_world_dup_log (self);
  guint n = 0;

  for (const char *at = strstr (log, words); at != NULL; at = strstr (at + 1, words))
    n++;
  return n;
}
