/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-ivpn.c: IVPN's API: sessions and the one or two keys that each has.  HTTP's status is 200, if nothing else is said.
 * Its own faults:
 *   http-status N     of every answer, whatever the JSON says
 *   session-expired   no session is good
 *   expired           the account has ended, which its sessions are told
 *   no-ports          the list has no port for WireGuard
 *   no-wireguard      a new session or key gets no address;  bad-address: what it gets is none
 *   one-cipher        one of the two ciphers comes, which nobody asked for */
#include "tests/simulator/service.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/ivpn.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define HOST        "api.ivpn.net"
#define DEVICE_NAME "Quiet Heron"

static const char *key_of_exit;

static char *
dup_address (const BookDevice *device)
{
  return g_strdup_printf ("172.23.%u.%u", device->number / 256, device->number % 256);
}

/* The one for IPv6 is made by the client: a prefix and the other one. */
static char *
dup_addresses (const BookDevice *device)
{
  g_autofree char *v4 = dup_address (device);

  return g_strdup_printf ("%s/32," KNOWN_IVPN_PREFIX6 "ac17:%x/128", v4, device->number);
}

static void
open_service (const char *exit_key)
{
  key_of_exit = exit_key;
  book_open (dup_addresses);
  ivpn_accounts_open ();
}

/**
 * ivpn_reply:
 * @message: the request
 * @status: of HTTP, which nobody may rely on
 * @body: (transfer full): the answer
 */
void
ivpn_reply (SoupServerMessage *message, guint status, json_t *body)
{
  (void) fault_is_on ("http-status", request_get_path (message), &status);
  reply_json (message, status, body);
}

static json_t *
describe_status (guint status)
{
  static const struct { guint status; const char *text; } texts[] = {
    { IVPN_BAD_REQUEST, "The request is not valid" }, { IVPN_BAD_CREDENTIALS, "Invalid account ID" },
    { IVPN_NO_SUCH_KEY, "WireGuard public key not found" }, { IVPN_NO_SESSION, "Session not found" },
    { IVPN_SESSION_LIMIT, "You have reached the session limit" }, { IVPN_NOT_ACTIVE, "Account is not active" },
    { IVPN_CAPTCHA_WANTED, "Captcha required" }, { IVPN_CAPTCHA_WRONG, "Captcha is not valid" },
    { IVPN_TOTP_WANTED, "Two-factor authentication required" }, { IVPN_TOTP_WRONG, "Two-factor code is not valid" },
  };
  const char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].status == status)
      text = texts[i].text;
  return text != NULL ? json_pack ("{s:i,s:s}", "status", status, "message", text) : json_pack ("{s:i}", "status", status);
}

static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  reply_json (message, status, json_pack ("{s:i,s:s}", "status", status, "message", code));
}

/* Gives the key to the session and says so in @reply. */
static void
add_key (SoupServerMessage *message, const char *token, const char *key, json_t *reply)
{
  g_autofree char *address = NULL;

  if (!request_is_key (key) || book_find_key (key) != NULL)
    {
      json_object_set_new (reply, "status", json_integer (IVPN_BAD_REQUEST));
      json_object_set_new (reply, "message", json_string ("The public key cannot be used"));
      return;
    }
  address = dup_address (book_add_device (token, key));
  json_object_set_new (reply, "status", json_integer (IVPN_OK));
  json_object_set_new (reply, "message", json_string (""));
  if (request_has_fault (message, "bad-address"))
    json_object_set_new (reply, "ip_address", json_string ("172.23.0.999"));
  else if (!request_has_fault (message, "no-wireguard"))
    json_object_set_new (reply, "ip_address", json_string (address));
  if (request_has_fault (message, "one-cipher"))
    json_object_set_new (reply, "kem_cipher1", json_string ("bGFi"));
}

static void
end_session (const char *token)
{
  book_remove_devices_of (token);
  book_remove_token (token);
}

static void
give_session (SoupServerMessage *message, const IvpnAccount *account, const char *key)
{
  g_autofree char *token = book_add_token ("ivt_", account->name, G_MAXINT);
  json_t *wireguard = json_object ();
  gboolean ended = account->ended || request_has_fault (message, "expired");

  add_key (message, token, key, wireguard);
  ivpn_reply (message, 200, json_pack ("{s:i,s:s,s:s,s:s,s:s,s:o,s:o}", "status", IVPN_OK, "token", token, "vpn_username",
                                       KNOWN_OPENVPN_USER, "vpn_password", KNOWN_OPENVPN_PASSWORD, "device_name", DEVICE_NAME,
                                       "service_status", ivpn_accounts_describe (account, ended), "wireguard", wireguard));
}

static void
handle_new (SoupServerMessage *message, json_t *request)
{
  const IvpnAccount *account = ivpn_accounts_find (json_string_value (json_object_get (request, "username")));
  const char *key = json_string_value (json_object_get (request, "wg_public_key"));
  json_t *force = json_object_get (request, "force"), *reply;
  g_autoptr (GPtrArray) sessions = NULL;
  guint status = IVPN_OK;

  /* These two are sent always. */
  if (!json_is_boolean (force) || key == NULL)
    status = IVPN_BAD_REQUEST;
  else if (account == NULL)
    status = IVPN_BAD_CREDENTIALS;
  else if ((status = ivpn_accounts_check (account, request)) == IVPN_OK && account->closed)
    status = IVPN_NOT_ACTIVE;
  else if (status == IVPN_OK)
    {
      sessions = book_list_tokens (account->name);
      if (json_is_true (force))
        for (guint i = 0; i < sessions->len; i++)
          end_session (sessions->pdata[i]);
      else if (sessions->len >= account->limit)
        status = IVPN_SESSION_LIMIT;
    }
  if (status == IVPN_OK)
    {
      give_session (message, account, key);
      return;
    }
  reply = describe_status (status);
  if (status == IVPN_SESSION_LIMIT)
    json_object_set_new (reply, "data", ivpn_accounts_describe (account, account->ended));
  if (status == IVPN_CAPTCHA_WANTED || status == IVPN_CAPTCHA_WRONG)
    ivpn_accounts_ask (reply);
  ivpn_reply (message, 200, reply);
}

static void
handle_status (SoupServerMessage *message, const IvpnAccount *account)
{
  gboolean ended = account->ended || request_has_fault (message, "expired");

  if (ended)
    ivpn_reply (message, 200, describe_status (IVPN_NOT_ACTIVE));
  else
    ivpn_reply (message, 200, json_pack ("{s:i,s:o,s:s}", "status", IVPN_OK, "service_status",
                                         ivpn_accounts_describe (account, FALSE), "device_name", DEVICE_NAME));
}

/* Who says with which key he is connected keeps that one; who says nothing has none any more but the new one. */
static void
handle_key (SoupServerMessage *message, const char *token, json_t *request)
{
  const char *key = json_string_value (json_object_get (request, "public_key"));
  const char *connected = json_string_value (json_object_get (request, "connected_public_key"));
  const BookDevice *device = book_find_key (connected);
  json_t *reply;

  if (key == NULL || connected == NULL)
    {
      ivpn_reply (message, 200, describe_status (IVPN_BAD_REQUEST));
      return;
    }
  if (*connected == '\0')
    book_remove_devices_of (token);
  else if (device == NULL || !g_str_equal (device->owner, token))
    {
      ivpn_reply (message, 200, describe_status (IVPN_NO_SUCH_KEY));
      return;
    }
  reply = json_object ();
  add_key (message, token, key, reply);
  ivpn_reply (message, 200, reply);
}

static void
handle_session (SoupServerMessage *message, const char *what)
{
  json_t *request = request_read_json (message);
  const char *token = json_string_value (json_object_get (request, "session_token"));
  const char *owner = request_has_fault (message, "session-expired") ? NULL : book_find_token (token);
  const IvpnAccount *account = ivpn_accounts_find (owner);

  if (request == NULL)
    ivpn_reply (message, 200, describe_status (IVPN_BAD_REQUEST));
  else if (g_str_equal (what, "new"))
    handle_new (message, request);
  else if (account == NULL)
    ivpn_reply (message, 200, describe_status (IVPN_NO_SESSION));
  else if (g_str_equal (what, "status"))
    handle_status (message, account);
  else if (g_str_equal (what, "wg/set"))
    handle_key (message, token, request);
  else if (g_str_equal (what, "delete"))
    {
      end_session (token);
      ivpn_reply (message, 200, describe_status (IVPN_OK));
    }
  else
    refuse (message, 404, "Not found");
  json_decref (request);
}

static void
handle_where (SoupServerMessage *message)
{
  static const char *const exits[] = { KNOWN_EXIT, KNOWN_EXIT6, KNOWN_IVPN_OPENVPN, KNOWN_IVPN_OPENVPN_OTHER, NULL };
  g_autofree char *peer = request_dup_peer (message);

  ivpn_reply (message, 200, json_pack ("{s:s,s:s,s:s,s:s,s:s,s:s,s:f,s:f,s:b}", "ip_address", peer, "isp", "Lab", "organization",
                                       "Lab Ltd", "country", "Norway", "country_code", "NO", "city", "Oslo", "latitude", 59.91,
                                       "longitude", 10.75, "isIvpnServer", g_strv_contains (exits, peer)));
}

static void
handle (SoupServerMessage *message)
{
  const char *path = request_get_path (message);

  if (!request_is_for (message, HOST))
    refuse (message, 421, "This is " HOST);
  else if (request_has_method (message, "POST") && g_str_has_prefix (path, "/v4/session/"))
    handle_session (message, path + strlen ("/v4/session/"));
  else if (request_is (message, "GET", "/v4/geo-lookup"))
    handle_where (message);
  else if (request_is (message, "GET", "/v5/servers.json"))
    ivpn_servers_handle (message, key_of_exit);
  else
    refuse (message, 404, "Not found");
}

const Service service_ivpn = { "ivpn", open_service, handle, refuse, g_strdup };
