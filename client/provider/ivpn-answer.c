/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-answer.c: what IVPN says of accounts: what it refuses in the user's words, what it asks, and what it grants. */
#include "client/provider/ivpn.h"

#include <string.h>

#include "client/provider/json-place.h"
#include "client/provider/words.h"

#define LAST_SECOND        G_GINT64_CONSTANT (253402300799)    /* the end of the year 9999, where RFC 3339 ends */
#define MESSAGE_MAX_BYTES  4096     /* what is read of the service's words */
#define WORDS_MAX_BYTES    160      /* what is shown of them: with our own, an error on the wire has 256 */
#define PICTURE_MAX_BYTES  (128 * 1024)    /* a captcha of a few letters has some 10 KiB */
#define BASE64_MAX_BYTES   (PICTURE_MAX_BYTES / 3 * 4 + 64)    /* with "data:image/png;base64," before it */
#define DEVICES_MAX        1000     /* plans have 2 to 7 */

/* The service's own numbers, whatever HTTP says.  Questions are no errors where they can be asked. */
static const struct { gint64 status; AditError code; const char *text; } refusals[] = {
  { 401, ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not take this account" },
  /* Its own client does nothing about it but to go on with another key at the next time. */
  { 424, ADIT_ERROR_KEY_REFUSED, "The service does not know this computer's key, which needs a new one" },
  { 601, ADIT_ERROR_DEVICE_REVOKED, "The service has signed this computer out" },
  { 602, ADIT_ERROR_TOO_MANY_DEVICES, "The account is in use on as many devices as it may have" },
  { 702, ADIT_ERROR_ACCOUNT_EXPIRED, "The account is not active" },
};

/* A message that is missing, or no text, is no reason to hide the number. */
static char *
dup_message (AditJson *root)
{
  const char *message = adit_json_get_string (root, "message", MESSAGE_MAX_BYTES, NULL);

  return adit_words_dup (message != NULL ? message : "", WORDS_MAX_BYTES);
}

static gint64
get_limit (AditJson *service)
{
  gint64 limit;

  return adit_json_get_integer (service, "limit", 1, DEVICES_MAX, &limit, NULL) ? limit : 0;
}

/**
 * adit_ivpn_refuse:
 * @root: an answer
 * @status: its status, which is not 200
 * @error: return location
 *
 * Returns: %FALSE, and the error that it stands for, with the number and the service's own words
 */
gboolean
adit_ivpn_refuse (AditJson *root, gint64 status, GError **error)
{
  g_autofree char *message = dup_message (root), *limit = g_strdup ("");
  const char *text = "The service answered with an error", *colon = message[0] != '\0' ? ": " : "";
  AditError code = status >= 400 && status <= 599 ? adit_provider_get_error ((guint) status) : ADIT_ERROR_SERVICE_REFUSED;

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].status == status)
      {
        code = refusals[i].code;
        text = refusals[i].text;
      }
  if (code == ADIT_ERROR_TOO_MANY_DEVICES && get_limit (adit_json_find (root, "data")) > 0)
    {
      g_free (limit);
      limit = g_strdup_printf (", which is %" G_GINT64_FORMAT, get_limit (adit_json_find (root, "data")));
    }
  g_set_error (error, ADIT_ERROR, (int) code, "%s%s (%" G_GINT64_FORMAT "%s%s)", text, limit, status, colon, message);
  return FALSE;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: %s", what);
  return FALSE;
}

/* Inference: "data:image/png;base64,..." (RFC 2397), since its own client shows it as it is.  Base64 alone is taken as well. */
static const char *
skip_head (const char *text)
{
  static const char *const heads[] = { "data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64," };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    if (g_ascii_strncasecmp (text, heads[i], strlen (heads[i])) == 0)
      return text + strlen (heads[i]);
  return text;
}

/* Nobody here looks at what is in it. */
static GBytes *
read_picture (AditJson *root)
{
  const char *text = adit_json_get_string (root, "captcha_image", BASE64_MAX_BYTES, NULL);
  g_autofree guchar *bytes = NULL;
  g_autofree char *again = NULL;
  gsize length = 0;

  if (text == NULL)
    return NULL;
  text = skip_head (text);
  bytes = g_base64_decode (text, &length);
  again = g_base64_encode (bytes, length);
  /* The decoder skips what it does not know, so only the way back tells whether anything was skipped. */
  if (length == 0 || length > PICTURE_MAX_BYTES || !g_str_equal (again, text))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/**
 * adit_ivpn_read_question:
 * @root: an answer
 * @kind: what its status asks for
 * @was_wrong: whether the status says that the last answer was
 * @question: (out): all zero
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it can be asked
 */
gboolean
adit_ivpn_read_question (AditJson *root, AditQuestionKind kind, gboolean was_wrong, AditProviderQuestion *question,
                         GError **error)
{
  g_autofree char *message = dup_message (root);

  if (kind == ADIT_QUESTION_CAPTCHA)
    {
      const char *handle = adit_json_get_string (root, "captcha_id", sizeof question->handle, error);

      if (handle == NULL)
        return FALSE;
      for (const char *p = handle; *p != '\0'; p++)
        if (!g_ascii_isgraph (*p))
          return refuse (error, "\"captcha_id\" is none");
      if (handle[0] == '\0')
        return refuse (error, "\"captcha_id\" is empty");
      question->picture = read_picture (root);
      if (question->picture == NULL)
        return refuse (error, "\"captcha_image\" is no picture");
      g_strlcpy (question->handle, handle, sizeof question->handle);
    }
  question->kind = kind;
  question->was_wrong = was_wrong;
  g_strlcpy (question->text, message, sizeof question->text);
  return TRUE;
}

/* The one that matters here; without the list, the account may do all. */
static gboolean
lacks_multihop (AditJson *service)
{
  AditJson *capabilities = adit_json_find (service, "capabilities"), *row;

  ADIT_JSON_FOREACH (capabilities, row)
    if (adit_json_is (row, ADIT_JSON_STRING) && g_ascii_strcasecmp (adit_json_peek_text (row), "multihop") == 0)
      return FALSE;
  return adit_json_is (capabilities, ADIT_JSON_ARRAY);
}

/**
 * adit_ivpn_read_plan:
 * @root: an answer with "service_status"
 * @result: (inout): what it tells of account and device goes there
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it says at least until when the account is paid
 */
gboolean
adit_ivpn_read_plan (AditJson *root, AditProviderResult *result, GError **error)
{
  AditJson *service = adit_json_get_object (root, "service_status", error);
  gboolean is_active, is_renewed = FALSE;
  gint64 until_s;

  if (service == NULL || !adit_json_get_boolean (service, "is_active", &is_active, error) ||
      !adit_json_get_integer (service, "active_until", 0, LAST_SECOND, &until_s, error))
    return FALSE;
  (void) adit_json_get_boolean (service, "will_auto_rebill", &is_renewed, NULL);
  result->account_expires_at_s = until_s;
  result->plan = (AditProviderPlan) { .device_limit = (guint) get_limit (service), .is_inactive = !is_active,
                                      .is_renewed = is_renewed, .refuses_multihop = lacks_multihop (service) };
  /* Only told, so a form that we do not know hides them and nothing else. */
  (void) adit_json_copy_name (service, "current_plan", result->plan.plan);
  (void) adit_json_copy_name (root, "device_name", result->device_name);
  return TRUE;
}

/**
 * adit_ivpn_read_address:
 * @object: (nullable): what has "ip_address"
 * @result: (inout): its addresses: that one, and the one of IPv6 that it makes
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether there is one
 */
gboolean
adit_ivpn_read_address (AditJson *object, AditProviderResult *result, GError **error)
{
  const char *text = adit_json_get_string (object, "ip_address", ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditAddress ipv4, ipv6;

  if (text == NULL)
    return FALSE;
  if (!adit_address_parse (text, &ipv4) || ipv4.family != ADIT_FAMILY_IPV4 || !adit_address_is_unicast (&ipv4))
    return refuse (error, "\"ip_address\" is no address of IPv4");
  adit_address_parse (ADIT_IVPN_IPV6_PREFIX, &ipv6);
  memcpy (ipv6.bytes + 12, ipv4.bytes, 4);
  result->addresses[0] = (AditPrefix) { ipv4, 32 };
  result->addresses[1] = (AditPrefix) { ipv6, 128 };
  result->n_addresses = 2;
  return TRUE;
}

/**
 * adit_ivpn_read_secret:
 * @root: an answer
 * @field: a key
 * @max_bytes: how long it may be, its end included
 * @is_header: it goes into one of HTTP: visible ASCII; otherwise anything on one line will do
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: (transfer full) (nullable): what is there
 */
AditSecret *
adit_ivpn_read_secret (AditJson *root, const char *field, gsize max_bytes, gboolean is_header, GError **error)
{
  const char *text = adit_json_get_string (root, field, max_bytes, error);

  if (text == NULL)
    return NULL;
  for (const char *p = text; *p != '\0'; p++)
    if (is_header ? !g_ascii_isgraph (*p) : g_ascii_iscntrl (*p))
      {
        g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"%s\" is none", field);
        return NULL;
      }
  if (text[0] == '\0')
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"%s\" is empty", field);
      return NULL;
    }
  return adit_secret_new (text, strlen (text));
}
