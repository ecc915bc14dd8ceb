/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-sign-in.c: by a browser that says yes meanwhile, by a link in a mail, and by a token that is for getting tokens. */
#include "tests/simulator/mysterium.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define ACTIVATION MYSTERIUM_API "/auth/activation"
#define TOKEN_MS   3600000
#define APP_HOST   "app.mysteriumvpn.com"
#define ACCESS     "mya_"
#define REFRESH    "myr_"

static GHashTable *activations;    /* id -> who has said yes in the browser, "" for nobody yet */
static char *mail_user, *mail_challenge;    /* the last mail that was asked for and not used */

/**
 * mysterium_sign_in_open:
 *
 * Nobody has signed in.
 */
void
mysterium_sign_in_open (void)
{
  activations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static json_t *
make_tokens (SoupServerMessage *message, const char *user)
{
  guint lifetime_ms = TOKEN_MS;
  g_autofree char *access = NULL, *refresh = book_add_token (REFRESH, user, G_MAXINT);

  (void) fault_is_on ("short-token", request_get_path (message), &lifetime_ms);
  access = book_add_token (ACCESS, user, lifetime_ms);
  return json_pack ("{s:s,s:s,s:s,s:i,s:o,s:b}", "access_token", access, "refresh_token", refresh, "token_type", "bearer",
                    "expires_in", lifetime_ms / 1000, "user_id", json_sprintf ("user-%u", g_str_hash (user)), "first_time",
                    *mysterium_users_find (user)->email == '\0');
}

static void
add_activation (SoupServerMessage *message)
{
  g_autofree char *id = request_dup_text (message, "id");

  if (id == NULL || !g_uuid_string_is_valid (id) || id[14] != '4')    /* a random one, by RFC 4122 */
    {
      mysterium_refuse (message, 400, "validation_failed");
      return;
    }
  g_hash_table_insert (activations, g_steal_pointer (&id), g_strdup (""));
  reply_nothing (message, 204);
}

static void
poll_activation (SoupServerMessage *message, const char *id)
{
  const char *user = g_hash_table_lookup (activations, id);
  gboolean valid = !request_has_fault (message, "reject");
  json_t *object;

  if (user == NULL)
    {
      mysterium_refuse (message, 404, "not_found");
      return;
    }
  object = json_pack ("{s:s,s:b}", "id", id, "valid", valid);
  if (valid && *user != '\0')
    json_object_set_new (object, "token", make_tokens (message, user));
  reply_json (message, 200, object);
}

/* The page on which somebody says yes; whoever opens it has. */
static void
handle_browser (SoupServerMessage *message)
{
  g_autofree char *type = request_dup_query (message, "response_type"), *client = request_dup_query (message, "client_id");
  g_autofree char *id = request_dup_query (message, "request_id"), *email = request_dup_query (message, "email");

  if (g_strcmp0 (type, "activation_none") != 0 || client == NULL || *client == '\0' || id == NULL
      || !g_hash_table_contains (activations, id))
    {
      reply_text (message, 400, "text/html", "<html><body>This link is not valid</body></html>");
      return;
    }
  g_hash_table_insert (activations, g_strdup (id), g_strdup (email != NULL ? email : KNOWN_MYSTERIUM_USER));
  reply_text (message, 200, "text/html", "<html><body>You can close this page</body></html>");
}

static void
handle_mail (SoupServerMessage *message)
{
  g_autofree char *email = request_dup_text (message, "email"), *client = request_dup_text (message, "client_id");
  g_autofree char *challenge = request_dup_text (message, "code_challenge"), *target = request_dup_text (message, "continue_to");
  g_autofree char *method = request_dup_text (message, "code_challenge_method");
  json_t *object;

  if (email == NULL || strchr (email, '@') == NULL || client == NULL || target == NULL || g_strcmp0 (method, "S256") != 0
      || challenge == NULL || strlen (challenge) != 43)    /* SHA-256 in base64url */
    {
      mysterium_refuse (message, 400, "validation_failed");
      return;
    }
  object = json_pack ("{s:b}", "first_time", *mysterium_users_find (email)->email == '\0');
  if (request_has_fault (message, "code-in-reply"))
    json_object_set_new (object, "code", json_string (KNOWN_MYSTERIUM_MAIL));
  g_free (mail_user);
  g_free (mail_challenge);
  mail_user = g_steal_pointer (&email);
  mail_challenge = g_steal_pointer (&challenge);
  reply_json (message, 200, object);
}

/* RFC 7636, section 4.6: BASE64URL (SHA256 (verifier)), without padding. */
static gboolean
fits_challenge (const char *verifier, const char *challenge)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *text = NULL;

  if (verifier == NULL || challenge == NULL || strlen (verifier) < 43 || strlen (verifier) > 128)
    return FALSE;
  g_checksum_update (sum, (const guchar *) verifier, (gssize) strlen (verifier));
  g_checksum_get_digest (sum, digest, &length);
  text = g_base64_encode (digest, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return g_str_equal (text, challenge);
}

static void
use_mail (SoupServerMessage *message)
{
  g_autofree char *code = request_dup_text (message, "code"), *verifier = request_dup_text (message, "code_verifier");
  g_autofree char *user = g_steal_pointer (&mail_user), *challenge = g_steal_pointer (&mail_challenge);    /* one try each */

  if (user == NULL || g_strcmp0 (code, KNOWN_MYSTERIUM_MAIL) != 0 || !fits_challenge (verifier, challenge))
    mysterium_refuse (message, 400, "invalid_grant");
  else
    reply_json (message, 200, make_tokens (message, user));
}

static void
use_refresh (SoupServerMessage *message)
{
  g_autofree char *token = request_dup_text (message, "refresh_token");
  const char *user = token != NULL && g_str_has_prefix (token, REFRESH) && !request_has_fault (message, "session-expired")
                     ? book_find_token (token) : NULL;
  json_t *tokens;

  if (user == NULL)
    {
      mysterium_refuse (message, 401, "shall_not_pass");
      return;
    }
  tokens = make_tokens (message, user);
  book_remove_token (token);    /* the new one stands for it */
  reply_json (message, 200, tokens);
}

static void
handle_token (SoupServerMessage *message)
{
  g_autofree char *grant = request_dup_text (message, "grant_type");

  if (g_strcmp0 (grant, "authorization_code") == 0)
    use_mail (message);
  else if (g_strcmp0 (grant, "refresh_token") == 0)
    use_refresh (message);
  else
    mysterium_refuse (message, 400, "unsupported_grant_type");
}

/**
 * mysterium_sign_in_handle:
 * @message: a request
 *
 * Returns: whether it was one that needs no token; otherwise nothing is answered
 */
gboolean
mysterium_sign_in_handle (SoupServerMessage *message)
{
  const char *path = request_get_path (message);

  if (request_is (message, "GET", "/oauth/authorize") && request_is_for (message, APP_HOST))
    handle_browser (message);
  else if (request_is (message, "POST", ACTIVATION))
    add_activation (message);
  else if (request_has_method (message, "GET") && g_str_has_prefix (path, ACTIVATION "/"))
    poll_activation (message, path + strlen (ACTIVATION "/"));
  else if (request_is (message, "POST", MYSTERIUM_API "/magic-link"))
    handle_mail (message);
  else if (request_is (message, "POST", MYSTERIUM_API "/oauth/token"))
    handle_token (message);
  else
    return FALSE;
  return TRUE;
}
