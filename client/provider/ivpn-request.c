/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-request.c: IVPN's account id as the service spells it, and the bodies of its calls.  All but one of their members are
 * secret, so they are put together in one place that is wiped, and not by a JSON library. */
#include "client/provider/ivpn.h"

#include <string.h>

#define GROUPED_BYTES    16      /* "i-ABCD-EFGH-IJKL" */
#define LEGACY_MIN_BYTES 11      /* "ivpn" and 7 or 8 more */
#define LEGACY_MAX_BYTES 12
#define ANSWER_MAX_BYTES 128     /* what a person types: a captcha's few letters, a code's six digits */
#define TOKEN_MAX_BYTES  1024    /* as the wire to the helper has it */
#define BODY_MAX_BYTES   12288   /* escaped, each of the bytes above may become six; so growing never leaves a copy behind */

G_STATIC_ASSERT (BODY_MAX_BYTES > 6 * (TOKEN_MAX_BYTES + 2 * ANSWER_MAX_BYTES + ADIT_QUESTION_MAX_BYTES) + 256);

static gboolean
are_alphanumeric (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]))
      return FALSE;
  return TRUE;
}

/* The whole of it is of one form or of the other: the service's own client lets through what only begins or ends like one. */
static gboolean
is_account (const char *text, gsize length)
{
  if (length == GROUPED_BYTES)
    return text[0] == 'i' && text[1] == '-' && are_alphanumeric (text + 2, 4) && text[6] == '-' &&
           are_alphanumeric (text + 7, 4) && text[11] == '-' && are_alphanumeric (text + 12, 4);
  return length >= LEGACY_MIN_BYTES && length <= LEGACY_MAX_BYTES && memcmp (text, "ivpn", 4) == 0 &&
         are_alphanumeric (text + 4, length - 4);
}

/**
 * adit_ivpn_read_account:
 * @typed: (nullable): what a person typed or pasted, with blanks of any kind
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * The form's own letters are sent in lower case however they were typed.  The case of the others is left alone: both occur in
 * the form, and whether the service minds is not known.
 *
 * Returns: (transfer full) (nullable): the account's id as the service spells it
 */
AditSecret *
adit_ivpn_read_account (AditSecret *typed, GError **error)
{
  gsize length = 0, n = 0;
  const char *text = typed != NULL ? (const char *) adit_secret_peek (typed, &length) : "";
  AditSecret *account = NULL;
  char id[GROUPED_BYTES];
  gboolean fits = g_utf8_validate (text, (gssize) length, NULL);

  for (const char *p = text; fits && p < text + length; p = g_utf8_next_char (p))
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        continue;
      if (n == sizeof id)
        fits = FALSE;
      else
        id[n++] = *p;    /* of a longer character the first byte, which is no letter or digit either */
    }
  for (gsize i = 0; fits && i < MIN (n, n == GROUPED_BYTES ? 1u : 4u); i++)
    id[i] = g_ascii_tolower (id[i]);
  if (fits && is_account (id, n))
    account = adit_secret_new (id, n);
  else
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED,
                         "An IVPN account ID is i-XXXX-XXXX-XXXX or ivpnXXXXXXXX, of letters and digits");
  adit_wipe (id, sizeof id);
  return account;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "The request has no proper %s", what);
  return FALSE;
}

static void
add_string (GString *body, const char *before, const char *text, gsize length, const char *after)
{
  g_string_append (body, before);
  for (gsize i = 0; i < length; i++)
    if (text[i] == '"' || text[i] == '\\')
      {
        g_string_append_c (body, '\\');
        g_string_append_c (body, text[i]);
      }
    else if ((guchar) text[i] < 0x20)
      g_string_append_printf (body, "\\u%04x", text[i]);    /* RFC 8259, section 7 */
    else
      g_string_append_c (body, text[i]);
  g_string_append (body, after);
}

static gboolean
add_secret (GString *body, const char *before, AditSecret *secret, gsize max_bytes, const char *what, GError **error)
{
  gsize length = 0;
  const char *text = secret != NULL ? (const char *) adit_secret_peek (secret, &length) : NULL;

  if (length == 0 || length >= max_bytes || !g_utf8_validate (text, (gssize) length, NULL))
    return refuse (error, what);
  add_string (body, before, text, length, "\"");
  return TRUE;
}

static void
add_key (GString *body, const char *before, const guint8 *key)
{
  g_autofree char *text = key != NULL ? g_base64_encode (key, ADIT_WG_KEY_BYTES) : g_strdup ("");

  add_string (body, before, text, strlen (text), "\"");
}

/* Without the blanks that people put in the middle of a code and at the ends of anything. */
static AditSecret *
dup_without_blanks (AditSecret *typed)
{
  gsize length, n = 0;
  const char *text = (const char *) adit_secret_peek (typed, &length);
  g_autofree char *copy = g_malloc (length + 1);
  AditSecret *result;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      copy[n++] = text[i];
  result = adit_secret_new (copy, n);
  adit_wipe (copy, length + 1);
  return result;
}

static gboolean
add_answers (GString *body, const AditProviderRequest *request, GError **error)
{
  const char *handle = request->captcha_handle;

  /* Either without the other answers nothing, and the service asks once more. */
  if (request->captcha != NULL && handle != NULL && handle[0] != '\0')
    {
      g_autoptr (AditSecret) captcha = dup_without_blanks (request->captcha);

      if (strlen (handle) >= ADIT_QUESTION_MAX_BYTES)
        return refuse (error, "question");
      add_string (body, ",\"captcha_id\":\"", handle, strlen (handle), "\"");
      if (!add_secret (body, ",\"captcha\":\"", captcha, ANSWER_MAX_BYTES, "answer", error))
        return FALSE;
    }
  if (request->code != NULL)
    {
      g_autoptr (AditSecret) code = dup_without_blanks (request->code);

      return add_secret (body, ",\"confirmation\":\"", code, ANSWER_MAX_BYTES, "code", error);
    }
  return TRUE;
}

static AditSecret *
end_body (GString *body, gboolean is_whole)
{
  AditSecret *secret;

  g_string_append_c (body, '}');
  secret = is_whole ? adit_secret_new (body->str, body->len) : NULL;
  adit_wipe (body->str, body->allocated_len);
  g_string_free (body, TRUE);
  return secret;
}

/**
 * adit_ivpn_write_log_in:
 * @account: as the service spells it
 * @request: with a public key; answers and is_forced where there are any
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Without keys for a preshared key that holds against quantum computers: that takes round-3 Kyber and Classic McEliece of liboqs,
 * which Debian 12 does not have; the service takes their absence for an older client.
 *
 * Returns: (transfer full) (nullable): the body
 */
AditSecret *
adit_ivpn_write_log_in (AditSecret *account, const AditProviderRequest *request, GError **error)
{
  GString *body = g_string_sized_new (BODY_MAX_BYTES);
  gboolean is_whole = add_secret (body, "{\"username\":\"", account, GROUPED_BYTES + 1, "account", error);

  g_string_append (body, request->is_forced ? ",\"force\":true" : ",\"force\":false");
  add_key (body, ",\"wg_public_key\":\"", request->public_key);
  return end_body (body, is_whole && add_answers (body, request, error));
}

/**
 * adit_ivpn_write_token:
 * @token: (nullable): of the session
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full) (nullable): the body of what is asked about a session
 */
AditSecret *
adit_ivpn_write_token (AditSecret *token, GError **error)
{
  GString *body = g_string_sized_new (BODY_MAX_BYTES);

  return end_body (body, add_secret (body, "{\"session_token\":\"", token, TOKEN_MAX_BYTES, "token", error));
}

/**
 * adit_ivpn_write_key:
 * @token: (nullable): of the session
 * @public_key: the new one
 * @connected_key: (nullable): the one that a tunnel is up with; without it the service forgets all others of the session
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full) (nullable): the body
 */
AditSecret *
adit_ivpn_write_key (AditSecret *token, const guint8 *public_key, const guint8 *connected_key, GError **error)
{
  GString *body = g_string_sized_new (BODY_MAX_BYTES);
  gboolean is_whole = add_secret (body, "{\"session_token\":\"", token, TOKEN_MAX_BYTES, "token", error);

  add_key (body, ",\"public_key\":\"", public_key);
  add_key (body, ",\"connected_public_key\":\"", connected_key);
  return end_body (body, is_whole);
}
