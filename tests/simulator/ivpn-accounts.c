/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-accounts.c: IVPN's accounts, and the picture and the number that some of them have to give besides. */
#include "tests/simulator/ivpn.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"

#define DAY_S      (24 * 3600)
#define STANDARD   "IVPN Standard"
#define PRO        "IVPN Pro"
/* A picture of KNOWN_IVPN_CAPTCHA, 100 x 36. */
#define PICTURE    "data:image/png;base64," \
  "iVBORw0KGgoAAAANSUhEUgAAAGQAAAAkAQAAAABXwaKVAAAARklEQVR42p3RsRHAMAhDUW2g/bf8Gyg4NCkjGzevAHSH8nnovwhIyJE7edrZ34" \
  "hZ6wudIZPXrXh1EnSa1Ku401YiGl3e7wF/RZGMlYorgQAAAABJRU5ErkJggg=="

static const IvpnAccount accounts[] = {
  { KNOWN_IVPN_ACCOUNT, PRO, .limit = 7 },
  { KNOWN_IVPN_OLD, STANDARD, .limit = 2 },
  { KNOWN_IVPN_ENDED, PRO, .ended = TRUE, .limit = 7 },
  { KNOWN_IVPN_CLOSED, STANDARD, .closed = TRUE, .limit = 2 },
  { KNOWN_IVPN_FULL, STANDARD, .strangers = 2, .limit = 2 },
  { KNOWN_IVPN_ROBOT, PRO, .captcha = TRUE, .limit = 7 },
  { KNOWN_IVPN_TOTP, PRO, .totp = TRUE, .limit = 7 },
  { KNOWN_IVPN_BOTH, PRO, .captcha = TRUE, .totp = TRUE, .limit = 7 },
};

static GHashTable *pictures;    /* ids of captchas that were shown and are not used up */

/**
 * ivpn_accounts_open:
 *
 * The accounts of known.h; one has given all its sessions to strangers.
 */
void
ivpn_accounts_open (void)
{
  pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    for (guint j = 0; j < accounts[i].strangers; j++)
      {
        g_autofree char *token = book_add_token ("stranger-", accounts[i].name, G_MAXINT);

        book_add_stranger (token, (guint8) j);
      }
}

/**
 * ivpn_accounts_find:
 * @name: (nullable): what somebody claims to be one's ID
 *
 * Returns: (transfer none) (nullable): the account
 */
const IvpnAccount *
ivpn_accounts_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    if (g_strcmp0 (accounts[i].name, name) == 0)
      return &accounts[i];
  return NULL;
}

/**
 * ivpn_accounts_describe:
 * @account: an account
 * @ended: it is not paid for any more
 *
 * Returns: (transfer full): "service_status"
 */
json_t *
ivpn_accounts_describe (const IvpnAccount *account, gboolean ended)
{
  gboolean pro = g_str_equal (account->plan, PRO), legacy = g_str_has_prefix (account->name, "ivpn");
  json_int_t until_s = reply_get_now_s () + (ended ? -DAY_S : 30 * DAY_S);
  json_t *object = json_pack ("{s:b,s:I,s:s,s:s,s:b,s:b,s:b}", "is_active", !ended, "active_until", until_s, "current_plan",
                              account->plan, "payment_method", "prepaid", "is_renewable", 1, "will_auto_rebill", 0,
                              "is_on_free_trial", 0);

  json_object_set_new (object, "capabilities", pro ? json_pack ("[s]", "MultiHop") : json_array ());    /* any case will do */
  json_object_set_new (object, "upgradable", json_boolean (!pro));
  json_object_set_new (object, "upgrade_to_plan", json_string (pro ? "" : PRO));
  json_object_set_new (object, "upgrade_to_url", json_string (pro ? "" : "https://www.ivpn.net/account/upgrade"));
  json_object_set_new (object, "device_management", json_boolean (!legacy));
  json_object_set_new (object, "device_management_url", json_string ("https://www.ivpn.net/account/devices"));
  json_object_set_new (object, "limit", json_integer (account->limit));
  return object;
}

/**
 * ivpn_accounts_check:
 * @account: whose session is wanted
 * @request: what was sent
 *
 * Returns: %IVPN_OK, or what is wanted besides or was wrong
 */
guint
ivpn_accounts_check (const IvpnAccount *account, json_t *request)
{
  const char *id = json_string_value (json_object_get (request, "captcha_id"));
  const char *text = json_string_value (json_object_get (request, "captcha"));
  const char *code = json_string_value (json_object_get (request, "confirmation"));

  if (account->captcha && (id == NULL || *id == '\0'))
    return IVPN_CAPTCHA_WANTED;
  if (account->captcha && (!g_hash_table_contains (pictures, id) || g_strcmp0 (text, KNOWN_IVPN_CAPTCHA) != 0))
    {
      g_hash_table_remove (pictures, id);    /* one guess each */
      return IVPN_CAPTCHA_WRONG;
    }
  if (account->totp && (code == NULL || *code == '\0'))
    return IVPN_TOTP_WANTED;
  if (account->totp && !g_str_equal (code, KNOWN_IVPN_CODE))
    return IVPN_TOTP_WRONG;
  if (account->captcha)
    g_hash_table_remove (pictures, id);
  return IVPN_OK;
}

/**
 * ivpn_accounts_ask:
 * @reply: to who has to read a picture; that is added
 */
void
ivpn_accounts_ask (json_t *reply)
{
  g_autofree char *id = g_uuid_string_random ();

  json_object_set_new (reply, "captcha_id", json_string (id));
  json_object_set_new (reply, "captcha_image", json_string (PICTURE));
  g_hash_table_add (pictures, g_steal_pointer (&id));
}
