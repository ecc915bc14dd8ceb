/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-mysterium.c: the API of Mysterium's hosted service: who may ask for what.
 * Its own faults:
 *   plain-message     errors are {"message":...} and no more
 *   session-expired   neither tokens nor those for getting tokens are good
 *   reject            who was asked in the browser has said no
 *   code-in-reply     the code of the mail comes at once, too
 *   limit             limit_exceeded for whoever connects
 *   hostile-config [N]    a configuration has a line that it must not have (mysterium-connection.c counts them from 0)
 *   no-placeholder    a configuration has a private key
 * ADIT_SIMULATOR_OVPN names the file that is given to who connects by OpenVPN. */
#include "tests/simulator/service.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/mysterium.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define HOST       "api.mysteriumvpn.com"
#define CONNECTION MYSTERIUM_API "/connection/"
#define ACTIVATION MYSTERIUM_API "/auth/activation/"
#define ERROR_TYPE "application/vnd.mysterium.error+json"

static const char *key_of_exit;

static char *
dup_addresses (const BookDevice *device)
{
  return g_strdup_printf ("10.68.%u.%u/32", device->number / 256, device->number % 256);
}

static void
open_service (const char *exit_key)
{
  key_of_exit = exit_key;
  book_open (dup_addresses);
  mysterium_users_open ();
  mysterium_sign_in_open ();
}

/**
 * mysterium_refuse:
 * @message: the request
 * @status: of HTTP
 * @code: what clients look at
 */
void
mysterium_refuse (SoupServerMessage *message, guint status, const char *code)
{
  g_autofree char *small = status == 503 ? g_strdup ("unavailable") : status >= 500 ? g_strdup ("internal")
                           : g_ascii_strdown (code, -1);

  if (request_has_fault (message, "plain-message"))
    reply_json (message, status, json_pack ("{s:s}", "message", "It cannot be done"));
  else
    reply_json_as (message, status, ERROR_TYPE, json_pack ("{s:{s:s,s:s},s:i,s:s}", "error", "code", small, "message",
                                                           "It cannot be done", "status", status, "path",
                                                           request_get_path (message)));
}

/**
 * mysterium_get_user:
 * @message: a request
 *
 * Returns: (transfer none) (nullable): whose token came with it; otherwise the refusal is already written
 */
const char *
mysterium_get_user (SoupServerMessage *message)
{
  const char *token = request_get_bearer (message), *user = NULL;

  if (token != NULL && g_str_has_prefix (token, "mya_") && !request_has_fault (message, "token-expired")
      && !request_has_fault (message, "session-expired"))
    user = book_find_token (token);
  if (user == NULL)
    mysterium_refuse (message, 401, "shall_not_pass");
  return user;
}

static void
handle (SoupServerMessage *message)
{
  const char *path = request_get_path (message), *user;

  if (mysterium_sign_in_handle (message))
    return;
  if (!request_is_for (message, HOST))
    {
      mysterium_refuse (message, 404, "not_found");
      return;
    }
  user = mysterium_get_user (message);
  if (user == NULL)
    return;
  if (request_is (message, "GET", MYSTERIUM_API "/auth/check"))
    reply_json (message, 200, json_pack ("{s:s,s:o}", "username", user, "user_id", json_sprintf ("user-%u", g_str_hash (user))));
  else if (request_is (message, "POST", MYSTERIUM_API "/auth/logout"))
    {
      g_autofree char *gone = g_strdup (user);

      book_remove_tokens (gone);
      reply_nothing (message, 204);
    }
  else if (request_is (message, "GET", MYSTERIUM_API "/subscription"))
    mysterium_users_handle (message, user, FALSE);
  else if (request_is (message, "GET", MYSTERIUM_API "/subscription/plan"))
    mysterium_users_handle (message, user, TRUE);
  else if (!g_str_has_prefix (path, CONNECTION)
           || !mysterium_connection_handle (message, path + strlen (CONNECTION), user, key_of_exit))
    mysterium_refuse (message, 404, "not_found");
}

/* Who knows an activation's id gets its tokens. */
static char *
dup_loggable_path (const char *path)
{
  return g_strdup (g_str_has_prefix (path, ACTIVATION) ? ACTIVATION "ID" : path);
}

const Service service_mysterium = { "mysterium", open_service, handle, mysterium_refuse, dup_loggable_path };
