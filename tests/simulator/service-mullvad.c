/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-mullvad.c: Mullvad's API: tokens, accounts, devices, and who asks.
 * Its own faults: "problem", errors come as application/problem+json; "traversal", a relay's name is a path. */
#include "tests/simulator/service.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/known.h"
#include "tests/simulator/mullvad.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define DEVICES   "/accounts/v1/devices"
#define ME        "/accounts/v1/accounts/me"
#define TOKEN_MS  3600000
#define DAY_S     86400
#define EXIT_HOST "ipv4.am.i.mullvad.net"

static const char *key_of_exit;

static char *
dup_address4 (const BookDevice *device)
{
  return g_strdup_printf ("10.67.%u.%u/32", device->number / 256, device->number % 256);
}

static char *
dup_address6 (const BookDevice *device)
{
  return g_strdup_printf ("fc00:bbbb:bbbb:bb01::%x/128", device->number + 0x100);
}

static char *
dup_addresses (const BookDevice *device)
{
  g_autofree char *v4 = dup_address4 (device), *v6 = dup_address6 (device);

  return g_strjoin (",", v4, v6, NULL);
}

static void
open_service (const char *exit_key)
{
  key_of_exit = exit_key;
  book_open (dup_addresses);
  mullvad_accounts_open ();
}

static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  if (request_has_fault (message, "problem"))
    reply_json_as (message, status, "application/problem+json",
                   json_pack ("{s:s,s:s}", "type", code, "title", "It cannot be done"));
  else
    reply_json (message, status, json_pack ("{s:s}", "code", code));
}

/* Whose token came with the request; otherwise the refusal is already written. */
static const char *
get_account (SoupServerMessage *message)
{
  const char *account = request_has_fault (message, "token-expired") ? NULL : book_find_token (request_get_bearer (message));

  if (account == NULL)
    refuse (message, 401, "INVALID_ACCESS_TOKEN");
  return account;
}

static json_t *
describe_device (const BookDevice *device)
{
  g_autofree char *v4 = dup_address4 (device), *v6 = dup_address6 (device), *created = reply_dup_time (device->created_s);

  return json_pack ("{s:s,s:s,s:s,s:b,s:s,s:s,s:s}", "id", device->id, "name", "quiet otter", "pubkey", device->key,
                    "hijack_dns", 0, "ipv4_address", v4, "ipv6_address", v6, "created", created);
}

/* A key that can be registered: 32 bytes in base64 and nobody's yet.  Otherwise the refusal is already written. */
static gboolean
check_key (SoupServerMessage *message, const char *key)
{
  if (!request_is_key (key))
    refuse (message, 400, "INVALID_PUBKEY");
  else if (book_find_key (key) != NULL)
    refuse (message, 400, "PUBKEY_IN_USE");
  else
    return TRUE;
  return FALSE;
}

static void
handle_device (SoupServerMessage *message, BookDevice *device, const char *rest)
{
  g_autofree char *key = request_dup_text (message, "pubkey");

  if (*rest == '\0' && request_has_method (message, "GET"))
    reply_json (message, 200, describe_device (device));
  else if (*rest == '\0' && request_has_method (message, "DELETE"))
    {
      book_remove_device (device);
      reply_nothing (message, 204);
    }
  else if (*rest != '\0' && request_has_method (message, "PUT"))
    {
      if (!check_key (message, key))
        return;
      book_set_device_key (device, key);
      reply_json (message, 200, describe_device (device));
    }
  else
    refuse (message, 405, "METHOD_NOT_ALLOWED");
}

static void
add_device (SoupServerMessage *message, const char *account, guint n_devices)
{
  g_autofree char *key = request_dup_text (message, "pubkey");

  if (!check_key (message, key))
    return;
  if (n_devices >= KNOWN_MULLVAD_DEVICES)
    refuse (message, 400, "MAX_DEVICES_REACHED");
  else
    reply_json (message, 201, describe_device (book_add_device (account, key)));
}

/* @rest is the path after "devices". */
static void
handle_devices (SoupServerMessage *message, const char *rest)
{
  const char *account = get_account (message);
  g_autoptr (GPtrArray) own = NULL;

  if (account == NULL)
    return;
  own = book_list_devices (account);
  for (guint i = 0; *rest == '/' && i < own->len; i++)
    {
      BookDevice *device = own->pdata[i];
      const char *after = rest + 1 + strlen (device->id);

      if (g_str_has_prefix (rest + 1, device->id) && (*after == '\0' || g_str_equal (after, "/pubkey")))
        {
          handle_device (message, device, after);
          return;
        }
    }
  if (*rest == '/')
    refuse (message, 404, "DEVICE_NOT_FOUND");
  else if (request_has_method (message, "POST"))
    add_device (message, account, own->len);
  else if (!request_has_method (message, "GET"))
    refuse (message, 405, "METHOD_NOT_ALLOWED");
  else
    {
      json_t *list = json_array ();

      for (guint i = 0; i < own->len; i++)
        json_array_append_new (list, describe_device (own->pdata[i]));
      reply_json (message, 200, list);
    }
}

static void
handle_token (SoupServerMessage *message)
{
  g_autofree char *number = request_dup_text (message, "account_number"), *until = NULL, *token = NULL;
  guint lifetime_ms = TOKEN_MS;

  if (!mullvad_accounts_has (number))
    {
      refuse (message, 400, "INVALID_ACCOUNT");
      return;
    }
  fault_is_on ("short-token", request_get_path (message), &lifetime_ms);
  token = book_add_token ("mva_", number, lifetime_ms);
  until = reply_dup_time (reply_get_now_s () + lifetime_ms / 1000);
  reply_json (message, 200, json_pack ("{s:s,s:s}", "access_token", token, "expiry", until));
}

static void
handle_me (SoupServerMessage *message)
{
  const char *account = get_account (message);
  g_autofree char *until = NULL;

  if (account == NULL)
    return;
  until = reply_dup_time (request_has_fault (message, "expired") ? reply_get_now_s () - DAY_S
                          : mullvad_accounts_get_expiry_s (account));
  reply_json (message, 200, json_pack ("{s:s,s:s}", "id", "5f3c1f2e-0d5e-4c44-9c2b-7f0f6d1c0c11", "expiry", until));
}

static void
remove_account (SoupServerMessage *message)
{
  const char *account = get_account (message);
  const char *said = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Mullvad-Account-Number");
  g_autofree char *number = g_strdup (account);    /* its tokens go with it */

  if (account == NULL)
    return;
  if (g_strcmp0 (account, said) != 0)
    {
      refuse (message, 400, "INVALID_ACCOUNT");
      return;
    }
  mullvad_accounts_remove (number);
  reply_nothing (message, 204);
}

static void
handle_voucher (SoupServerMessage *message)
{
  static gboolean spent;
  const char *account = get_account (message);
  g_autofree char *code = request_dup_text (message, "voucher_code"), *until = NULL;
  gint64 added_s;

  if (account == NULL)
    return;
  if (g_strcmp0 (code, KNOWN_MULLVAD_USED) == 0 || (spent && g_strcmp0 (code, KNOWN_MULLVAD_VOUCHER) == 0))
    refuse (message, 400, "VOUCHER_USED");
  else if (g_strcmp0 (code, KNOWN_MULLVAD_VOUCHER) != 0)
    refuse (message, 400, "INVALID_VOUCHER");
  else
    {
      spent = TRUE;
      added_s = mullvad_accounts_add_time (account);
      until = reply_dup_time (mullvad_accounts_get_expiry_s (account));
      reply_json (message, 200, json_pack ("{s:I,s:s}", "time_added", (json_int_t) added_s, "new_expiry", until));
    }
}

/* A token for the web page where one pays. */
static void
handle_web_token (SoupServerMessage *message)
{
  g_autofree char *token = g_uuid_string_random ();

  if (get_account (message) != NULL)
    reply_json (message, 200, json_pack ("{s:s}", "auth_token", token));
}

/* What address it is that asks; the place is the same for all. */
static void
handle_exit (SoupServerMessage *message)
{
  g_autofree char *text = request_dup_peer (message);

  reply_json (message, 200, json_pack ("{s:s,s:s,s:s,s:f,s:f,s:b}", "ip", text, "country", "Sweden", "city", "Gothenburg",
                                       "latitude", 57.7, "longitude", 11.97, "mullvad_exit_ip", 1));
}

static void
handle (SoupServerMessage *message)
{
  const char *path = request_get_path (message);

  if (request_is (message, "POST", "/auth/v1/token"))
    handle_token (message);
  else if (request_is (message, "POST", "/accounts/v1/accounts"))
    {
      g_autofree char *number = mullvad_accounts_add ();

      reply_json (message, 201, json_pack ("{s:s}", "number", number));
    }
  else if (request_is (message, "DELETE", ME))
    remove_account (message);
  else if (request_is (message, "POST", "/app/v1/submit-voucher"))
    handle_voucher (message);
  else if (request_is (message, "POST", "/app/v1/www-auth-token"))
    handle_web_token (message);
  else if (g_str_equal (path, ME))
    handle_me (message);
  else if (g_str_equal (path, DEVICES) || g_str_has_prefix (path, DEVICES "/"))
    handle_devices (message, path + strlen (DEVICES));
  else if (g_str_equal (path, "/app/v1/relays"))
    mullvad_relays_handle (message, key_of_exit);
  else if (request_is (message, "GET", "/json")
           && g_str_equal (g_uri_get_host (soup_server_message_get_uri (message)), EXIT_HOST))
    handle_exit (message);
  else if (g_str_equal (path, "/app/v1/api-addrs"))
    reply_json (message, 200, request_has_fault (message, "api-anywhere")
                              ? json_pack ("[s,s,s,s]", "10.0.0.1:443", "127.0.0.1:443", "192.0.2.10:22", "192.0.2.10:443")
                              : json_pack ("[s]", "192.0.2.10:443"));
  else
    refuse (message, 404, "NOT_FOUND");
}

/* A device's id is its owner's business. */
static char *
dup_loggable_path (const char *path)
{
  gboolean device = g_str_has_prefix (path, DEVICES "/");

  return g_strconcat (device ? DEVICES "/ID" : path, device && g_str_has_suffix (path, "/pubkey") ? "/pubkey" : "", NULL);
}

const Service service_mullvad = { "mullvad", open_service, handle, refuse, dup_loggable_path };
