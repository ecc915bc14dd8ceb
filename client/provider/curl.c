/* SPDX-License-Identifier: GPL-2.0-or-later */
/* curl.c: one request, one connection, no memory of any other: no cookie, cache, session, proxy, redirect, netrc or resolver. */
#include "client/provider/curl.h"

#include <string.h>

#include "client/base/error.h"
#include "client/provider/curl-library.h"

#define DEFAULT_PORT       443      /* RFC 9110, 4.2.2; it is left out of the Host header, as libcurl does */
#define CONNECT_TIMEOUT_MS 5000L    /* TCP and TLS; the same as the services' own clients */
#define HEADERS_MAX_BYTES  32768    /* all of an answer's header lines together */
#define HEADER_MAX_BYTES   256      /* one value that we keep */
#define LIMITS_MAX_BYTES   4096     /* a server's limits, which can be many: all of its lines together */

#define TLS_RECORD_LAST 24    /* heartbeat, RFC 6520, section 6; the first is change_cipher_spec, 20, RFC 8446, appendix B.1 */

typedef struct
{
  const AditCurlRules   *rules;
  const AditHttpRequest *request;
  const AditEndpoint    *endpoint;
  AditHttpAnswer        *answer;
  gint64                 end_us;        /* monotonic: when the time is over */
  gint64                 connect_us;    /* so long may it take until there is a safe connection */
  GError                *error;         /* of a callback: says more than libcurl's code */
  gsize                  headers_bytes;
  gboolean               is_too_long;
  gboolean               has_opened;
  gboolean               got_alert;
  gboolean               got_no_tls;    /* what answers speaks something else */
  gboolean               was_safe;      /* there was a safe connection, so the service may have heard us */
  long                   verdict;       /* OpenSSL's on the certificates: X509_V_* */
} Transfer;

static const AditCurlLibrary *curl_library;

#define TLS(function) curl_library->tls.function
#define APP_DATA 0    /* SSL_CTX_set_app_data() in openssl/ssl.h */

static gboolean
load (GError **error)
{
  const char *reason;

  if (curl_library == NULL)
    curl_library = adit_curl_library_load (&reason);
  if (curl_library == NULL)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, reason);
  return curl_library != NULL;
}

/**
 * adit_curl_init:
 *
 * Once, before the sandbox closes: all that libcurl and OpenSSL read from files or keep for later.
 */
void
adit_curl_init (void)
{
  unsigned char byte;

  /* Fails only without libcurl, memory or random numbers, and every transfer then fails too. */
  if (!load (NULL))
    return;
  (void) curl_library->global_init (CURL_GLOBAL_DEFAULT);
  (void) TLS (OPENSSL_init_ssl) (OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
  (void) TLS (RAND_bytes) (&byte, 1);
}

/* The name that is checked is not the name that is shown: the certificate's is compared (twice: by libcurl, and by OpenSSL
 * while it verifies the chain), and the extension that would show it is taken out before the first message is built. */
static void
on_tls_info (const SSL *ssl, int where, int value)
{
  Transfer *transfer = TLS (SSL_CTX_get_ex_data) (TLS (SSL_get_SSL_CTX) (ssl), APP_DATA);

  /* OpenSSL 3.5 has an alert also for one that has hung up in the middle. */
  if ((where & SSL_CB_ALERT) && ERR_GET_REASON (TLS (ERR_peek_last_error) ()) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
    transfer->got_alert = TRUE;
  if ((where & SSL_CB_HANDSHAKE_START) && !transfer->rules->tls.send_server_name)
    TLS (SSL_ctrl) ((SSL *) ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, NULL);
}

/* A web page in plain text, say. */
static void
on_tls_bytes (int is_ours, int version, int type, const void *bytes, size_t length, SSL *ssl, void *data)
{
  Transfer *transfer = data;
  guint8 record = length > 0 ? *(const guint8 *) bytes : 0;

  if (type == SSL3_RT_HEADER && !is_ours)
    transfer->got_no_tls |= record < SSL3_RT_CHANGE_CIPHER_SPEC || record > TLS_RECORD_LAST;
}

/* What RFC 7469, 2.4 calls a pin: the digest of the public key with its algorithm, so that a certificate may be renewed. */
static gboolean
is_pinned (X509 *certificate, const char *const *pins)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  g_autofree char *text = NULL;
  guchar *der = NULL;
  int length = TLS (i2d_X509_PUBKEY) (TLS (X509_get_X509_PUBKEY) (certificate), &der);
  guint digest_bytes = 0;
  gboolean is_digested = length > 0 &&
                         TLS (EVP_Digest) (der, (gsize) length, digest, &digest_bytes, TLS (EVP_sha256) (), NULL) == 1;

  TLS (CRYPTO_free) (der, OPENSSL_FILE, OPENSSL_LINE);
  if (!is_digested)
    return FALSE;
  text = g_base64_encode (digest, digest_bytes);
  return g_strv_contains (pins, text);
}

/* The chain is the one that was verified, from leaf to root: a certificate that the server shows beside it proves nothing.  All
 * of this comes before the first byte of the request, since nothing is sent to a server whose certificate was not taken. */
static int
on_verify (X509_STORE_CTX *store, void *data)
{
  Transfer *transfer = data;
  const OPENSSL_STACK *chain;

  /* The handshake proves that it has the key. */
  if (transfer->rules->tls.pin_is_enough && is_pinned (TLS (X509_STORE_CTX_get0_cert) (store), transfer->rules->tls.pins))
    return 1;
  if (TLS (X509_verify_cert) (store) != 1)
    return 0;
  chain = (const OPENSSL_STACK *) TLS (X509_STORE_CTX_get0_chain) (store);
  for (int i = 0; i < TLS (OPENSSL_sk_num) (chain); i++)
    if (is_pinned (TLS (OPENSSL_sk_value) (chain, i), transfer->rules->tls.pins))
      return 1;
  TLS (X509_STORE_CTX_set_error) (store, X509_V_ERR_APPLICATION_VERIFICATION);
  g_clear_error (&transfer->error);
  g_set_error_literal (&transfer->error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED,
                       "None of the service's certificates has a key that it is known by");
  return 0;
}

static CURLcode
on_tls_context (CURL *curl, void *context, void *data)
{
  Transfer *transfer = data;
  X509_VERIFY_PARAM *rules = TLS (SSL_CTX_get0_param) (context);

  if (!TLS (SSL_CTX_set_ex_data) (context, APP_DATA, transfer) ||
      !TLS (X509_VERIFY_PARAM_set1_host) (rules, transfer->request->host, 0))
    return CURLE_OUT_OF_MEMORY;
  TLS (X509_VERIFY_PARAM_set_time) (rules, (time_t) transfer->rules->now_s);
  TLS (X509_VERIFY_PARAM_set_hostflags) (rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  TLS (SSL_CTX_set_info_callback) (context, on_tls_info);
  TLS (SSL_CTX_set_msg_callback) (context, on_tls_bytes);
  TLS (SSL_CTX_ctrl) (context, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, transfer);
  if (transfer->rules->tls.pins != NULL)
    TLS (SSL_CTX_set_cert_verify_callback) (context, on_verify, transfer);
  return CURLE_OK;
}

static curl_socket_t
on_open_socket (void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Transfer *transfer = data;

  /* One transfer, one connection: libcurl opens another when the server closes at once, and we would not know why. */
  if (purpose != CURLSOCKTYPE_IPCXN || transfer->has_opened)
    return CURL_SOCKET_BAD;
  transfer->has_opened = TRUE;
  return transfer->rules->open (transfer->endpoint, transfer->rules->open_data, &transfer->error);
}

static int
on_socket_options (void *data, curl_socket_t socket, curlsocktype purpose)
{
  return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* NULL where that is no text. */
static char *
dup_value (const char *line, gsize length)
{
  g_autofree char *value = g_strstrip (g_strndup (line, length));

  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return NULL;
  return g_steal_pointer (&value);
}

static void
keep_header (char **where, const char *line, gsize length)
{
  char *value = length <= HEADER_MAX_BYTES ? dup_value (line, length) : g_strdup ("");

  if (value == NULL)
    return;
  g_free (*where);
  *where = value;
}

/* RFC 9110, 5.3: lines of one name are one list.  A line for which there is no room is left out. */
static void
join_header (char **where, const char *line, gsize length)
{
  g_autofree char *value = dup_value (line, length), *before = *where;

  if (value != NULL && strlen (before) + strlen (",") + strlen (value) <= LIMITS_MAX_BYTES)
    *where = before[0] != '\0' ? g_strconcat (before, ",", value, NULL) : g_steal_pointer (&value);
  else
    g_steal_pointer (&before);
}

static gint64
read_date (const char *line, gsize length)
{
  g_autofree char *value = length <= HEADER_MAX_BYTES ? g_strndup (line, length) : g_strdup ("");

  return MAX (curl_library->getdate (value, NULL), 0);
}

static gsize
on_header (char *line, size_t size, size_t n, void *data)
{
  Transfer *transfer = data;
  gsize length = size * n;

  transfer->headers_bytes += length;
  transfer->is_too_long |= transfer->headers_bytes > HEADERS_MAX_BYTES;
  if (transfer->is_too_long)
    return 0;
  if (length > 13 && g_ascii_strncasecmp (line, "content-type:", 13) == 0)
    keep_header (&transfer->answer->content_type, line + 13, length - 13);
  else if (length > 5 && g_ascii_strncasecmp (line, "etag:", 5) == 0)
    keep_header (&transfer->answer->etag, line + 5, length - 5);
  else if (length > 5 && g_ascii_strncasecmp (line, "date:", 5) == 0)
    transfer->answer->date_s = read_date (line + 5, length - 5);
  else if (length > 12 && g_ascii_strncasecmp (line, "retry-after:", 12) == 0)
    {
      keep_header (&transfer->answer->retry_after, line + 12, length - 12);
      transfer->answer->retry_at_s = read_date (line + 12, length - 12);
    }
  else if (length > 21 && g_ascii_strncasecmp (line, "x-sentry-rate-limits:", 21) == 0)
    join_header (&transfer->answer->rate_limits, line + 21, length - 21);
  return length;
}

static gsize
on_body (char *bytes, size_t size, size_t n, void *data)
{
  Transfer *transfer = data;
  gsize length = size * n;

  transfer->is_too_long |= length > transfer->request->answer_max_bytes - transfer->answer->body->len;
  if (transfer->is_too_long)
    return 0;
  g_byte_array_append (transfer->answer->body, (const guint8 *) bytes, (guint) length);
  return length;
}

/* Every option is one that this build of libcurl must know: a rule that cannot be set is a transfer that is not made. */
#define SET(option, value) \
  G_STMT_START { if (curl_library->easy_setopt (curl, option, value) != CURLE_OK) return FALSE; } G_STMT_END

static gboolean
set_tls (CURL *curl, Transfer *transfer)
{
  const AditTlsRules *tls = &transfer->rules->tls;
  struct curl_blob roots = { (void *) tls->roots_pem, tls->roots_pem != NULL ? strlen (tls->roots_pem) : 0, CURL_BLOB_NOCOPY };

  if (tls->roots_pem == NULL && (tls->pins == NULL || !tls->pin_is_enough))
    return FALSE;
  if (tls->roots_pem != NULL)
    SET (CURLOPT_CAINFO_BLOB, &roots);
  SET (CURLOPT_CAINFO, NULL);
  SET (CURLOPT_CAPATH, NULL);
  SET (CURLOPT_SSL_VERIFYPEER, 1L);
  SET (CURLOPT_SSL_VERIFYHOST, 2L);
  SET (CURLOPT_SSLVERSION, (long) (tls->only_tls_1_3 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2));
  SET (CURLOPT_SSL_ENABLE_ALPN, tls->offer_http_2 ? 1L : 0L);
  SET (CURLOPT_SSL_SESSIONID_CACHE, 0L);
  SET (CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
  SET (CURLOPT_SSL_CTX_DATA, transfer);
  return TRUE;
}

static gboolean
set_connection (CURL *curl, Transfer *transfer, struct curl_slist *resolve)
{
  long timeout_ms = (long) ((transfer->end_us - g_get_monotonic_time ()) / 1000);

  SET (CURLOPT_NOSIGNAL, 1L);
  SET (CURLOPT_PROTOCOLS_STR, "https");
  SET (CURLOPT_HTTP_VERSION, (long) (transfer->rules->tls.offer_http_2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  SET (CURLOPT_HTTP09_ALLOWED, 0L);
  SET (CURLOPT_FOLLOWLOCATION, 0L);
  SET (CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
  SET (CURLOPT_PROXY, "");
  SET (CURLOPT_NOPROXY, "*");
  SET (CURLOPT_RESOLVE, resolve);
  SET (CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  SET (CURLOPT_OPENSOCKETDATA, transfer);
  SET (CURLOPT_SOCKOPTFUNCTION, on_socket_options);
  /* libcurl 7.88 does not look at a socket that is said to be connected before this time is over: 200 ms unless told. */
  SET (CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, 1L);
  SET (CURLOPT_FORBID_REUSE, 1L);
  SET (CURLOPT_FRESH_CONNECT, 1L);
  SET (CURLOPT_TIMEOUT_MS, MAX (timeout_ms, 1L));    /* 0 would mean for ever */
  SET (CURLOPT_CONNECTTIMEOUT_MS, CLAMP (MIN (timeout_ms, (long) (transfer->connect_us / 1000)), 1L, CONNECT_TIMEOUT_MS));
  return TRUE;
}

static gboolean
set_request (CURL *curl, Transfer *transfer, const char *url, struct curl_slist *headers)
{
  const AditHttpRequest *request = transfer->request;
  static const char *const methods[] = { "GET", "POST", "PUT", "DELETE" };
  gsize length;

  SET (CURLOPT_URL, url);
  SET (CURLOPT_PATH_AS_IS, 1L);
  SET (CURLOPT_HTTPHEADER, headers);
  if (request->body != NULL)
    {
      SET (CURLOPT_POSTFIELDS, (const char *) adit_secret_peek (request->body, &length));
      SET (CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) length);
    }
  else
    SET (CURLOPT_HTTPGET, 1L);
  SET (CURLOPT_CUSTOMREQUEST, methods[request->method]);
  SET (CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) request->answer_max_bytes);
  SET (CURLOPT_HEADERFUNCTION, on_header);
  SET (CURLOPT_HEADERDATA, transfer);
  SET (CURLOPT_WRITEFUNCTION, on_body);
  SET (CURLOPT_WRITEDATA, transfer);
  return TRUE;
}

static struct curl_slist *
add_line (struct curl_slist *lines, const char *line)
{
  struct curl_slist *longer = curl_library->slist_append (lines, line);

  if (longer == NULL)
    g_error ("no memory for a header line");
  return longer;
}

static struct curl_slist *
make_headers (const AditHttpRequest *request)
{
  struct curl_slist *headers = NULL;

  for (guint i = 0; request->headers[i] != NULL; i++)
    headers = add_line (headers, request->headers[i]);
  /* What libcurl would add of its own. */
  headers = add_line (headers, "Expect:");
  if (request->bearer != NULL)
    {
      gsize length;
      const char *token = (const char *) adit_secret_peek (request->bearer, &length);
      g_autofree char *line = g_strdup_printf ("Authorization: Bearer %.*s", (int) length, token);

      headers = add_line (headers, line);
      adit_wipe (line, strlen (line));
    }
  return headers;
}

/* A header may hold the token. */
static void
free_headers (struct curl_slist *headers)
{
  for (struct curl_slist *line = headers; line != NULL; line = line->next)
    adit_wipe (line->data, strlen (line->data));
  curl_library->slist_free_all (headers);
}

static gboolean
fail (GError **error, AditError code, const char *text, CURLcode result)
{
  g_set_error (error, ADIT_ERROR, code, "%s (%s)", text, curl_library->easy_strerror (result));
  return FALSE;
}

/* The service's root has signed for it, and the name is right; a clock that is far off says the same of a certificate that is
 * good. Whose fault it is cannot be known, so what both say is told. */
static gboolean
fail_clock (Transfer *transfer, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (transfer->rules->now_s);
  g_autofree char *date = now != NULL ? g_date_time_format (now, "%Y-%m-%d %H:%M UTC") : g_strdup ("?");

  g_set_error (error, ADIT_ERROR, ADIT_ERROR_WRONG_CLOCK, "By this computer's clock (%s) the service's certificate %s", date,
               transfer->verdict == X509_V_ERR_CERT_HAS_EXPIRED ? "has expired" : "is not valid yet");
  return FALSE;
}

static gboolean
explain (Transfer *transfer, CURLcode result, GError **error)
{
  if (transfer->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&transfer->error));
      return FALSE;
    }
  if (transfer->is_too_long)
    return fail (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is too long", CURLE_FILESIZE_EXCEEDED);
  switch (result)
    {
    case CURLE_OK:
      return TRUE;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      if (transfer->verdict == X509_V_ERR_CERT_HAS_EXPIRED || transfer->verdict == X509_V_ERR_CERT_NOT_YET_VALID)
        return fail_clock (transfer, error);
      return fail (error, ADIT_ERROR_SERVICE_UNTRUSTED, "The service did not prove that it is itself", result);
    case CURLE_SSL_CACERT_BADFILE:
      return fail (error, ADIT_ERROR_TRUST_UNUSABLE, "There is no root certificate in the file of them", result);
    case CURLE_SSL_CONNECT_ERROR:
      /* An alert is the other end's word (or ours to it) about TLS; without one the connection just broke off. */
      if (transfer->got_alert || transfer->got_no_tls)
        return fail (error, ADIT_ERROR_SERVICE_UNTRUSTED, "The service could not agree on a safe connection", result);
      return fail (error, ADIT_ERROR_SERVICE_UNREACHABLE, "The connection to the service broke off", result);
    case CURLE_FILESIZE_EXCEEDED:
      return fail (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is too long", result);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
      return fail (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is not HTTP", result);
    case CURLE_OPERATION_TIMEDOUT:
      return fail (error, ADIT_ERROR_SERVICE_UNREACHABLE, "The service did not answer in time", result);
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return fail (error, ADIT_ERROR_SERVICE_UNREACHABLE, "The connection to the service broke off", result);
    default:
      return fail (error, ADIT_ERROR_FAILED, "The request to the service could not be made", result);
    }
}

static CURLcode
perform (Transfer *transfer)
{
  guint port = transfer->request->port != 0 ? transfer->request->port : DEFAULT_PORT;
  g_autofree char *address_of = port != DEFAULT_PORT ? g_strdup_printf ("%s:%u", transfer->request->host, port)
                                                     : g_strdup (transfer->request->host);
  g_autofree char *url = g_strconcat ("https://", address_of, transfer->request->path, NULL);
  /* Never connected to: the callback brings a socket that is.  It only keeps libcurl from asking a resolver. */
  g_autofree char *address = g_strdup_printf ("%s:%u:192.0.2.1", transfer->request->host, port);
  struct curl_slist *resolve = add_line (NULL, address), *headers = make_headers (transfer->request);
  CURL *curl = curl_library->easy_init ();
  CURLcode result = CURLE_FAILED_INIT;
  curl_off_t length = -1, safe_us = 0;
  long status = 0;

  if (curl != NULL && set_tls (curl, transfer) && set_connection (curl, transfer, resolve) &&
      set_request (curl, transfer, url, headers))
    result = curl_library->easy_perform (curl);
  if (result == CURLE_OK)
    {
      curl_library->easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
      curl_library->easy_getinfo (curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
      transfer->answer->status = (guint) status;
      transfer->answer->has_length = length > 0;
    }
  curl_library->easy_getinfo (curl, CURLINFO_SSL_VERIFYRESULT, &transfer->verdict);
  curl_library->easy_getinfo (curl, CURLINFO_APPCONNECT_TIME_T, &safe_us);
  transfer->was_safe = safe_us > 0 || result == CURLE_OK;
  curl_library->easy_cleanup (curl);
  free_headers (headers);
  curl_library->slist_free_all (resolve);
  return result;
}

/* What says nothing of the service itself, only of how one gets there. */
static gboolean
is_about_way (const GError *problem)
{
  return g_error_matches (problem, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE) ||
         g_error_matches (problem, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
}

/* That somebody else has answered says more than that nobody has. */
static void
keep_worst (GError **worst, GError *problem)
{
  if (g_error_matches (*worst, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED) &&
      g_error_matches (problem, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE))
    {
      g_error_free (problem);
      return;
    }
  g_clear_error (worst);
  g_propagate_error (worst, problem);
}

/**
 * adit_curl_perform:
 * @rules: where to, and how careful
 * @request: what to ask
 * @answer: (out caller-allocates): what came back, any status; clear it afterwards, also after an error
 * @error: return location; %ADIT_ERROR_SERVICE_UNREACHABLE (also: not in time, or cut), %ADIT_ERROR_SERVICE_UNTRUSTED,
 *   %ADIT_ERROR_WRONG_CLOCK, %ADIT_ERROR_SERVICE_NONSENSE (not HTTP, or too long), or what @open raised for the last address
 *
 * Blocks.  The next address is tried as long as there was no safe connection: after that, the service may have heard us.  A
 * network that blocks a service lets TCP through as often as not, and breaks it off when it sees whose certificate is wanted.
 *
 * Returns: %TRUE with a whole answer
 */
gboolean
adit_curl_perform (const AditCurlRules *rules, const AditHttpRequest *request, AditHttpAnswer *answer, GError **error)
{
  g_autoptr (GError) last = NULL;
  gint64 end_us = g_get_monotonic_time () + (gint64) rules->timeout_ms * 1000;
  guint first = rules->good != NULL ? *rules->good : 0;

  adit_http_answer_init (answer, request->answer_max_bytes);
  if (!load (error))
    return FALSE;
  for (guint i = 0; i < rules->n_api; i++)
    {
      gint64 now_us = g_get_monotonic_time ();
      guint which = (first + i) % rules->n_api;
      Transfer transfer = { .rules = rules, .request = request, .endpoint = &rules->api[which], .answer = answer,
                            .end_us = MIN (end_us, now_us + (gint64) request->timeout_ms * 1000),
                            .connect_us = (end_us - now_us) / (rules->n_api - i) };
      CURLcode result = perform (&transfer);
      GError *problem = NULL;
      gboolean is_last;

      if (transfer.was_safe && rules->good != NULL)
        *rules->good = which;
      if (explain (&transfer, result, &problem))
        return TRUE;
      is_last = transfer.was_safe || (result != CURLE_COULDNT_CONNECT && !is_about_way (problem));
      keep_worst (&last, problem);
      if (is_last)
        break;
    }
  if (last == NULL)
    g_set_error_literal (&last, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "There is no address to reach the service at");
  g_propagate_error (error, g_steal_pointer (&last));
  return FALSE;
}
