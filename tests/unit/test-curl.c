/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-curl.c: the libcurl wrapper against a real TLS server on the loopback that behaves well or badly. */
#include "client/provider/curl.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/base/error.h"

#define HOST "api.example.net"
#define FIFTY "01234567890123456789012345678901234567890123456789"
#define LONG_LIMIT FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY

typedef enum
{
  GOOD,
  OTHER_ROOT,
  OTHER_NAME,
  TLS_1_2,
  REDIRECT,
  SILENT,
  CUT_BODY,
  CUT_HANDSHAKE,
  HANG,
  LONG_DECLARED,
  LONG_CHUNKED,
  LONG_HEADERS,
  NO_HTTP,
  NO_TLS,
  NOT_FOUND,
  HTTP_2,
  BUSY,
} Behaviour;

typedef struct
{
  EVP_PKEY *key;
  X509     *certificate;
} Identity;

typedef struct
{
  Identity      root, other_root, leaf, other_leaf;
  char         *roots_pem;
  int           listener;
  AditEndpoint  endpoint;
  Behaviour     behaviour;
  GThread      *thread;
  gboolean      saw_name, saw_http_2, offers_http_2;
  char          request[4096];
  gint64        now_s;
  guint         n_connections, n_opened;
  gboolean      first_is_dead, last_is_dead;
  guint         n_bad;          /* so many connections, then it is good; 0: all */
  guint         good;           /* which address the next request begins with */
  const char   *pins[3];        /* none: whatever the root signs for will do */
  gboolean      pin_is_enough;
  guint16       port;           /* that the request names; 0: none */
} Fixture;

static void
add_extension (X509 *certificate, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  X509_add_ext (certificate, extension, -1);
  X509_EXTENSION_free (extension);
}

static Identity
make_identity (const char *name, const Identity *issuer)
{
  Identity self = { EVP_EC_gen ("P-256"), X509_new () };
  X509_NAME *subject = X509_get_subject_name (self.certificate);
  static long serial = 1;

  X509_set_version (self.certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (self.certificate), serial++);
  X509_gmtime_adj (X509_getm_notBefore (self.certificate), -3600);
  X509_gmtime_adj (X509_getm_notAfter (self.certificate), 3600);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_ASC, (const guchar *) name, -1, -1, 0);
  X509_set_issuer_name (self.certificate, issuer != NULL ? X509_get_subject_name (issuer->certificate) : subject);
  X509_set_pubkey (self.certificate, self.key);
  add_extension (self.certificate, issuer != NULL ? issuer->certificate : self.certificate, NID_basic_constraints,
                 issuer != NULL ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (issuer != NULL)
    {
      g_autofree char *value = g_strconcat ("DNS:", name, NULL);

      add_extension (self.certificate, issuer->certificate, NID_subject_alt_name, value);
    }
  g_assert_cmpint (X509_sign (self.certificate, issuer != NULL ? issuer->key : self.key, EVP_sha256 ()), >, 0);
  return self;
}

static void
clear_identity (Identity *self)
{
  EVP_PKEY_free (self->key);
  X509_free (self->certificate);
}

static char *
dup_pem (X509 *certificate)
{
  BIO *memory = BIO_new (BIO_s_mem ());
  char *text, *copy;
  long length;

  PEM_write_bio_X509 (memory, certificate);
  length = BIO_get_mem_data (memory, &text);
  copy = g_strndup (text, (gsize) length);
  BIO_free (memory);
  return copy;
}

static void
say (SSL *ssl, const char *text)
{
  SSL_write (ssl, text, (int) strlen (text));
}

static void
speak (Fixture *f, SSL *ssl)
{
  static const char filler[1024] = { [0 ... 1022] = 'x', [1023] = '\n' };

  switch (f->behaviour)
    {
    case REDIRECT:
      say (ssl, "HTTP/1.1 302 Found\r\nLocation: https://" HOST "/elsewhere\r\nContent-Length: 0\r\n\r\n");
      break;
    case BUSY:
      say (ssl, "HTTP/1.1 429 Too Many Requests\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                "X-Sentry-Rate-Limits:  60:error:organization \r\nx-sentry-rate-limits: 5:session:");
      say (ssl, LONG_LIMIT "\r\nX-SENTRY-RATE-LIMITS: 70::key\r\nX-Sentry-Rate-Limits: 80::");
      for (guint i = 0; i < 5; i++)
        SSL_write (ssl, filler, sizeof filler - 1);
      say (ssl, "\r\nContent-Length: 0\r\n\r\n");
      break;
    case SILENT:
      g_usleep (900000);
      break;
    case CUT_BODY:
      say (ssl, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
      break;
    case LONG_DECLARED:
      say (ssl, "HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n");
      break;
    case LONG_CHUNKED:
      say (ssl, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (guint i = 0; i < 200; i++)
        {
          say (ssl, "400\r\n");
          SSL_write (ssl, filler, sizeof filler);
          say (ssl, "\r\n");
        }
      break;
    case LONG_HEADERS:
      say (ssl, "HTTP/1.1 200 OK\r\n");
      for (guint i = 0; i < 70; i++)
        {
          say (ssl, "X-Filler: ");
          SSL_write (ssl, filler, sizeof filler);
        }
      say (ssl, "Content-Length: 2\r\n\r\nok");
      break;
    case NO_HTTP:
      say (ssl, "SSH-2.0-hello\r\n");
      break;
    case NOT_FOUND:
      say (ssl, "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      break;
    case GOOD:
    case OTHER_ROOT:
    case OTHER_NAME:
    case TLS_1_2:
    case CUT_HANDSHAKE:
    case HTTP_2:
    default:
      say (ssl, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: W/\"a-1\"\r\nSet-Cookie: a=b\r\n"
                "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                "Content-Length: 4\r\n\r\ngood");
      break;
    }
}

/* Whoever chooses has seen what is offered. */
static int
on_protocols (SSL *ssl, const guchar **chosen, guchar *length, const guchar *offered, guint offered_length, void *data)
{
  static const guchar h2[] = "\2h2", http[] = "\x8http/1.1";
  Fixture *f = data;
  const guchar *wanted = f->behaviour == HTTP_2 ? h2 : http;

  f->saw_http_2 = memmem (offered, offered_length, h2, sizeof h2 - 1) != NULL;
  *chosen = wanted + 1;
  *length = wanted[0];
  return memmem (offered, offered_length, wanted, 1 + (gsize) wanted[0]) != NULL ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/* RFC 9113, 3.4, 4.1 and 6; RFC 7541, 6.1 and 6.2.2: once the request is here, HEADERS and four bytes of DATA.  What comes
 * behind it is read too, since what is left unread would break the connection off. */
static void
speak_http_2 (SSL *ssl)
{
  static const guint8 answer[] = "\0\0\0\4\0\0\0\0\0" "\0\0\0\4\1\0\0\0\0" "\0\0\x14\1\4\0\0\0\1"
                                 "\x88\x0f\x10\x10" "application/json" "\0\0\4\0\1\0\0\0\1" "good";
  guint8 frame[16384];
  gboolean is_whole = FALSE;

  g_assert_cmpint (SSL_read (ssl, frame, 24), ==, 24);
  g_assert_cmpmem (frame, 24, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
  while (!is_whole)
    {
      gsize length;

      for (int got = 0; got < 9; got++)
        g_assert_cmpint (SSL_read (ssl, frame + got, 1), ==, 1);
      length = (gsize) frame[0] << 16 | (gsize) frame[1] << 8 | frame[2];
      is_whole = frame[3] == 0 && (frame[4] & 1) != 0;
      for (gsize got = 0; got < length; got++)
        g_assert_cmpint (SSL_read (ssl, frame, 1), ==, 1);
    }
  SSL_write (ssl, answer, sizeof answer - 1);
  while (SSL_read (ssl, frame, sizeof frame) > 0)
    ;
}

static gpointer
serve (gpointer data)
{
  Fixture *f = data;
  sigset_t broken_pipe;

  /* A client that refuses hangs up while this end still writes.  In this thread alone: libcurl's own must do without. */
  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, NULL);
  for (;;)
    {
      const Identity *leaf;
      SSL_CTX *context;
      SSL *ssl;
      int connection = accept (f->listener, NULL, NULL);

      if (connection < 0)
        return NULL;
      f->n_connections++;
      if (f->n_bad > 0 && f->n_connections > f->n_bad)
        f->behaviour = GOOD;
      if (f->behaviour == HANG)
        g_usleep (400000);
      if (f->behaviour == CUT_HANDSHAKE || f->behaviour == HANG)
        {
          close (connection);
          continue;
        }
      if (f->behaviour == NO_TLS)
        {
          static const char page[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nTalk HTTP to this port.";
          char hello[4096];

          g_assert_cmpint (read (connection, hello, sizeof hello), >, 0);
          g_assert_cmpint (write (connection, page, strlen (page)), ==, (int) strlen (page));
          close (connection);
          continue;
        }
      leaf = f->behaviour == OTHER_NAME ? &f->other_leaf : &f->leaf;
      context = SSL_CTX_new (TLS_server_method ());
      SSL_CTX_use_certificate (context, leaf->certificate);
      SSL_CTX_use_PrivateKey (context, leaf->key);
      if (f->behaviour == TLS_1_2)
        SSL_CTX_set_max_proto_version (context, TLS1_2_VERSION);
      SSL_CTX_set_alpn_select_cb (context, on_protocols, f);
      ssl = SSL_new (context);
      SSL_set_fd (ssl, connection);
      if (SSL_accept (ssl) == 1 && f->behaviour == HTTP_2 && f->saw_http_2)
        speak_http_2 (ssl);
      else if (SSL_is_init_finished (ssl))
        {
          int got = SSL_read (ssl, f->request, sizeof f->request - 1);

          f->saw_name = SSL_get_servername (ssl, TLSEXT_NAMETYPE_host_name) != NULL;
          f->request[MAX (got, 0)] = '\0';
          speak (f, ssl);
          SSL_shutdown (ssl);
        }
      SSL_free (ssl);
      SSL_CTX_free (context);
      close (connection);
    }
}

static void
set_up (Fixture *f, gconstpointer data)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  f->behaviour = (Behaviour) GPOINTER_TO_UINT (data);
  f->now_s = g_get_real_time () / G_USEC_PER_SEC;
  f->root = make_identity ("Test Root", NULL);
  f->other_root = make_identity ("Other Root", NULL);
  f->leaf = make_identity (HOST, &f->root);
  f->other_leaf = make_identity ("other.example.net", &f->root);
  f->roots_pem = dup_pem (f->behaviour == OTHER_ROOT ? f->other_root.certificate : f->root.certificate);

  f->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (f->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (f->listener, 8), ==, 0);
  g_assert_cmpint (getsockname (f->listener, (struct sockaddr *) &address, &length), ==, 0);
  g_assert_true (adit_address_parse ("127.0.0.1", &f->endpoint.address));
  f->endpoint.port = ntohs (address.sin_port);
  f->thread = g_thread_new ("server", serve, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  shutdown (f->listener, SHUT_RDWR);
  g_thread_join (f->thread);
  close (f->listener);
  clear_identity (&f->root);
  clear_identity (&f->other_root);
  clear_identity (&f->leaf);
  clear_identity (&f->other_leaf);
  g_free (f->roots_pem);
}

/* As the helper does it: not blocking, waited for, and never asked a second time, so that libcurl's own connect() succeeds. */
static int
open_connection (const AditEndpoint *endpoint, gpointer data, GError **error)
{
  Fixture *f = data;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (endpoint->port) };
  struct pollfd wait = { .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), .events = POLLOUT };

  f->n_opened++;
  if ((f->first_is_dead && f->n_opened == 1) || (f->last_is_dead && f->n_opened == 2))
    {
      close (wait.fd);
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "dead");
      return -1;
    }
  memcpy (&address.sin_addr, endpoint->address.bytes, 4);
  (void) connect (wait.fd, (struct sockaddr *) &address, sizeof address);
  g_assert_cmpint (poll (&wait, 1, 5000), ==, 1);
  return wait.fd;
}

static gboolean
ask_over (Fixture *f, const AditEndpoint *api, guint n_api, AditHttpRequest *request, AditHttpAnswer *answer, GError **error)
{
  AditCurlRules rules = { .api = api, .n_api = n_api,
                          .tls = { f->roots_pem, f->pins[0] != NULL ? f->pins : NULL, FALSE, TRUE, f->offers_http_2,
                                   f->pin_is_enough },
                          .now_s = f->now_s, .timeout_ms = n_api > 1 ? 1200 : 600, .open = open_connection, .open_data = f,
                          .good = &f->good };

  request->host = HOST;
  request->port = f->port;
  if (request->path == NULL)
    request->path = g_strdup ("/a/../b");
  request->answer_max_bytes = 100 * 1024;
  request->timeout_ms = 10000;
  return adit_curl_perform (&rules, request, answer, error);
}

static gboolean
ask (Fixture *f, AditHttpAnswer *answer, GError **error)
{
  g_auto (AditHttpRequest) request = { 0 };

  return ask_over (f, &f->endpoint, 1, &request, answer, error);
}

/* What names no root is a mistake of who wrote it down, and says nothing of who answers. */
static void
test_no_roots (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_free (f->roots_pem);
  f->roots_pem = g_strdup ("nothing in it\n");
  g_assert_false (ask (f, &answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE);
}

static void
test_good (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpRequest) request = { .method = ADIT_HTTP_POST };
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  request.bearer = adit_secret_new ("tok", 3);
  request.body = adit_secret_new ("{\"n\":1}", 7);
  adit_http_request_add_header (&request, "User-Agent", "test");
  g_assert_true (ask_over (f, &f->endpoint, 1, &request, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (answer.status, ==, 200);
  g_assert_true (answer.has_length);
  g_assert_cmpstr (answer.content_type, ==, "application/json");
  g_assert_cmpstr (answer.etag, ==, "W/\"a-1\"");
  g_assert_cmpint (answer.date_s, ==, 784111777);    /* the example of RFC 9110, 5.6.7 */
  g_assert_cmpmem (answer.body->data, answer.body->len, "good", 4);
  g_assert_true (g_str_has_prefix (f->request, "POST /a/../b HTTP/1.1\r\nHost: " HOST "\r\n"));
  g_assert_nonnull (strstr (f->request, "\r\nAuthorization: Bearer tok\r\n"));
  g_assert_nonnull (strstr (f->request, "\r\nContent-Length: 7\r\n"));
  g_assert_nonnull (strstr (f->request, "\r\n\r\n{\"n\":1}"));
  g_assert_null (strstr (f->request, "Cookie"));
  g_assert_null (strstr (f->request, "Proxy"));
  g_assert_false (f->saw_name);    /* no SNI */
}

/* A form goes with it, which libcurl sends only where it is told to. */
static void
test_delete (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpRequest) request = { .method = ADIT_HTTP_DELETE };
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  request.body = adit_secret_new ("key=a%3D", 8);
  adit_http_request_add_header (&request, "Content-Type", "application/x-www-form-urlencoded");
  g_assert_true (ask_over (f, &f->endpoint, 1, &request, &answer, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (f->request, "DELETE /a/../b HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (f->request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  g_assert_nonnull (strstr (f->request, "\r\nContent-Length: 8\r\n"));
  g_assert_true (g_str_has_suffix (f->request, "\r\n\r\nkey=a%3D"));
}

static void
test_server_name (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpRequest) request = { .host = HOST, .path = g_strdup ("/"), .answer_max_bytes = 100, .timeout_ms = 1000 };
  g_auto (AditHttpAnswer) answer = { 0 };
  AditCurlRules rules = { .api = &f->endpoint, .n_api = 1, .tls = { f->roots_pem, NULL, TRUE, TRUE }, .now_s = f->now_s,
                          .timeout_ms = 600, .open = open_connection, .open_data = f };

  g_assert_true (adit_curl_perform (&rules, &request, &answer, NULL));
  g_assert_true (f->saw_name);
}

/* What only some servers ask for is offered to those alone, and the other one is still good enough. */
static void
test_http_2 (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (AditHttpRequest) request = { .method = ADIT_HTTP_POST, .path = g_strdup ("/dns-query") };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      f->offers_http_2 = i == 1;
      request.body = adit_secret_new ("question", 8);
      g_assert_true (ask_over (f, &f->endpoint, 1, &request, &answer, &error));
      g_assert_no_error (error);
      g_assert_true (f->saw_http_2 == f->offers_http_2);
      g_assert_cmpuint (answer.status, ==, 200);
      g_assert_cmpstr (answer.content_type, ==, "application/json");
      g_assert_cmpmem (answer.body->data, answer.body->len, "good", 4);
    }
}

static void
test_not_found (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (ask (f, &answer, NULL));
  g_assert_cmpuint (answer.status, ==, 404);
}

static void
test_redirect (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (ask (f, &answer, NULL));
  g_assert_cmpuint (answer.status, ==, 302);
  g_assert_false (answer.has_length);
  g_assert_cmpuint (f->n_connections, ==, 1);
}

static void
refuses (Fixture *f, int code)
{
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (ask (f, &answer, &error));
  g_assert_error (error, ADIT_ERROR, code);
  g_assert_cmpuint (f->n_opened, ==, 1);
}

static void
test_untrusted (Fixture *f, gconstpointer data)
{
  refuses (f, ADIT_ERROR_SERVICE_UNTRUSTED);
  g_assert_cmpstr (f->request, ==, "");    /* nothing was said to it */
}

/* As RFC 7469, 2.4 has it, put together by another way than the wrapper's. */
static char *
dup_pin (const Identity *identity)
{
  BIO *memory = BIO_new (BIO_s_mem ());
  char *der;
  long length;
  guint8 digest[32];
  gsize digest_bytes = sizeof digest;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_assert_cmpint (i2d_PUBKEY_bio (memory, identity->key), ==, 1);
  length = BIO_get_mem_data (memory, &der);
  g_checksum_update (checksum, (const guchar *) der, length);
  g_checksum_get_digest (checksum, digest, &digest_bytes);
  BIO_free (memory);
  return g_base64_encode (digest, digest_bytes);
}

/* The key of any certificate from the leaf to the root will do, and one pin of many; the root has signed in every row. */
static void
test_pins (Fixture *f, gconstpointer data)
{
  g_autofree char *root = dup_pin (&f->root), *other_root = dup_pin (&f->other_root), *leaf = dup_pin (&f->leaf);
  g_autofree char *other_leaf = dup_pin (&f->other_leaf), *cut = g_strndup (leaf, strlen (leaf) - 1);
  /* Of nothing: no key has it. */
  const char *nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const struct { const char *pins[2]; gboolean taken; } rows[] = {
    { { leaf }, TRUE }, { { root }, TRUE }, { { nothing, leaf }, TRUE }, { { root, other_leaf }, TRUE }, { { leaf, root }, TRUE },
    { { other_leaf }, FALSE }, { { other_root }, FALSE }, { { nothing }, FALSE }, { { "" }, FALSE }, { { cut }, FALSE },
    { { other_root, other_leaf }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      memset (f->request, 0, sizeof f->request);
      f->n_opened = 0;
      f->pins[0] = rows[i].pins[0];
      f->pins[1] = rows[i].pins[1];
      if (rows[i].taken)
        {
          g_auto (AditHttpAnswer) answer = { 0 };
          g_autoptr (GError) error = NULL;

          g_assert_true (ask (f, &answer, &error));
          g_assert_no_error (error);
          g_assert_cmpmem (answer.body->data, answer.body->len, "good", 4);
        }
      else
        {
          refuses (f, ADIT_ERROR_SERVICE_UNTRUSTED);
          g_assert_cmpstr (f->request, ==, "");    /* nothing was said to it */
        }
    }
}

/* A pin takes nothing away from what else is asked of a certificate. */
static void
test_pins_and_trust (Fixture *f, gconstpointer data)
{
  g_autofree char *pin = dup_pin (f->behaviour == OTHER_NAME ? &f->other_leaf : &f->leaf);

  f->pins[0] = pin;
  refuses (f, f->behaviour == GOOD ? ADIT_ERROR_WRONG_CLOCK : ADIT_ERROR_SERVICE_UNTRUSTED);
  g_assert_cmpstr (f->request, ==, "");
}

/* Where it is enough nobody has to sign, and no clock is asked; the name still has to be right, and the key still the leaf's. */
static void
test_pin_alone (Fixture *f, gconstpointer data)
{
  g_autofree char *leaf = dup_pin (&f->leaf), *root = dup_pin (&f->root), *other_leaf = dup_pin (&f->other_leaf);
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->pin_is_enough = TRUE;
  f->now_s += 400 * 86400;
  if (f->behaviour == OTHER_ROOT)
    g_clear_pointer (&f->roots_pem, g_free);
  f->pins[0] = f->behaviour == OTHER_NAME ? other_leaf : leaf;
  if (f->behaviour == OTHER_NAME)
    {
      refuses (f, ADIT_ERROR_SERVICE_UNTRUSTED);
      g_assert_cmpstr (f->request, ==, "");
      return;
    }
  g_assert_true (ask (f, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (answer.body->data, answer.body->len, "good", 4);
  memset (f->request, 0, sizeof f->request);
  for (guint i = 0; i < 2; i++)
    {
      /* Of any other key the clock is asked as ever, and who signed. */
      f->n_opened = 0;
      f->pins[0] = i == 0 ? other_leaf : root;
      refuses (f, f->behaviour == OTHER_ROOT ? ADIT_ERROR_SERVICE_UNTRUSTED : ADIT_ERROR_WRONG_CLOCK);
    }
  f->now_s -= 400 * 86400;
  f->n_opened = 0;
  f->pins[0] = other_leaf;
  refuses (f, ADIT_ERROR_SERVICE_UNTRUSTED);
  g_assert_cmpstr (f->request, ==, "");
}

/* A server beside the usual one is asked for by its port, in the line that tells a front which it is. */
static void
test_port (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->port = 8443;
  g_assert_true (ask (f, &answer, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (f->request, "\r\nHost: " HOST ":8443\r\n"));
}

static void
test_retry (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (ask (f, &answer, &error));
  g_assert_cmpuint (answer.status, ==, 429);
  g_assert_cmpstr (answer.retry_after, ==, "Sun, 06 Nov 1994 08:49:37 GMT");
  g_assert_cmpint (answer.retry_at_s, ==, 784111777);
  /* The last line is longer than all of them may be. */
  g_assert_cmpstr (answer.rate_limits, ==, "60:error:organization,5:session:" LONG_LIMIT ",70::key");
}

static void
test_pins_and_clock (Fixture *f, gconstpointer data)
{
  f->now_s += 400 * 86400;
  test_pins_and_trust (f, data);
}

/* By the helper's clock, which the worker is told: not by what the kernel says. */
static void
test_wrong_clock (Fixture *f, gconstpointer data)
{
  static const gint64 off_s[] = { -400 * 86400, 400 * 86400 };
  gint64 now_s = f->now_s;

  for (guint i = 0; i < G_N_ELEMENTS (off_s); i++)
    {
      f->n_opened = 0;
      f->now_s = now_s + off_s[i];
      refuses (f, f->behaviour == GOOD ? ADIT_ERROR_WRONG_CLOCK : ADIT_ERROR_SERVICE_UNTRUSTED);
      g_assert_cmpstr (f->request, ==, "");
    }
}

static void
test_unreachable (Fixture *f, gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();

  refuses (f, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
}

static void
test_nonsense (Fixture *f, gconstpointer data)
{
  refuses (f, ADIT_ERROR_SERVICE_NONSENSE);
}

static void
test_next_address (Fixture *f, gconstpointer data)
{
  AditEndpoint two[2] = { f->endpoint, f->endpoint };
  g_auto (AditHttpRequest) request = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->first_is_dead = TRUE;
  g_assert_true (ask_over (f, two, 2, &request, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (f->n_opened, ==, 2);
}

static void
test_all_dead (Fixture *f, gconstpointer data)
{
  f->first_is_dead = TRUE;
  refuses (f, ADIT_ERROR_SERVICE_UNREACHABLE);
}

/* TCP goes through, and then the network breaks it off, says nothing more, or answers itself: the next address is tried, and is
 * the first one from then on. */
static void
test_blocked_way (Fixture *f, gconstpointer data)
{
  AditEndpoint two[2] = { f->endpoint, f->endpoint };
  g_auto (AditHttpRequest) request = { 0 }, again = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 }, second = { 0 };
  g_autoptr (GError) error = NULL;

  f->n_bad = 1;
  g_assert_true (ask_over (f, two, 2, &request, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (f->n_opened, ==, 2);
  g_assert_cmpuint (f->good, ==, 1);
  g_assert_true (ask_over (f, two, 2, &again, &second, &error));
  g_assert_cmpuint (f->n_opened, ==, 3);
  g_assert_cmpuint (f->good, ==, 1);
}

/* What the service may have heard is not said again elsewhere. */
static void
test_heard (Fixture *f, gconstpointer data)
{
  AditEndpoint two[2] = { f->endpoint, f->endpoint };
  g_auto (AditHttpRequest) request = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (ask_over (f, two, 2, &request, &answer, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (f->n_opened, ==, 1);
}

/* Somebody else at one address, nobody at the other: that somebody is there is what the person has to know. */
static void
test_worst (Fixture *f, gconstpointer data)
{
  AditEndpoint two[2] = { f->endpoint, f->endpoint };
  g_auto (AditHttpRequest) request = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->last_is_dead = TRUE;
  g_assert_false (ask_over (f, two, 2, &request, &answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
  g_assert_cmpuint (f->n_opened, ==, 2);
}

/* A proxy in the environment would see every name, and get our connection. */
static void
test_environment (Fixture *f, gconstpointer data)
{
  g_auto (AditHttpAnswer) answer = { 0 };

  g_setenv ("https_proxy", "http://127.0.0.1:9", TRUE);
  g_setenv ("ALL_PROXY", "socks5h://127.0.0.1:9", TRUE);
  g_setenv ("SSL_CERT_FILE", "/nonexistent", TRUE);
  g_assert_true (ask (f, &answer, NULL));
  g_unsetenv ("https_proxy");
  g_unsetenv ("ALL_PROXY");
  g_unsetenv ("SSL_CERT_FILE");
}

#define ADD(path, behaviour, test) g_test_add ("/curl/" path, Fixture, GUINT_TO_POINTER (behaviour), set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adit_curl_init ();
  ADD ("good", GOOD, test_good);
  ADD ("no-roots", GOOD, test_no_roots);
  ADD ("delete", GOOD, test_delete);
  ADD ("server-name", GOOD, test_server_name);
  ADD ("not-found", NOT_FOUND, test_not_found);
  ADD ("redirect", REDIRECT, test_redirect);
  ADD ("other-root", OTHER_ROOT, test_untrusted);
  ADD ("other-name", OTHER_NAME, test_untrusted);
  ADD ("pins", GOOD, test_pins);
  ADD ("pins-other-root", OTHER_ROOT, test_pins_and_trust);
  ADD ("pins-other-name", OTHER_NAME, test_pins_and_trust);
  ADD ("pins-wrong-clock", GOOD, test_pins_and_clock);
  ADD ("pin-alone", GOOD, test_pin_alone);
  ADD ("pin-alone-other-root", OTHER_ROOT, test_pin_alone);
  ADD ("pin-alone-other-name", OTHER_NAME, test_pin_alone);
  ADD ("port", GOOD, test_port);
  ADD ("retry", BUSY, test_retry);
  ADD ("wrong-clock", GOOD, test_wrong_clock);
  ADD ("wrong-clock-and-root", OTHER_ROOT, test_wrong_clock);
  ADD ("wrong-clock-and-name", OTHER_NAME, test_wrong_clock);
  ADD ("tls-1.2", TLS_1_2, test_untrusted);
  ADD ("no-tls", NO_TLS, test_untrusted);
  ADD ("silent", SILENT, test_unreachable);
  ADD ("cut-body", CUT_BODY, test_unreachable);
  ADD ("cut-handshake", CUT_HANDSHAKE, test_unreachable);
  ADD ("long-declared", LONG_DECLARED, test_nonsense);
  ADD ("long-chunked", LONG_CHUNKED, test_nonsense);
  ADD ("long-headers", LONG_HEADERS, test_nonsense);
  ADD ("no-http", NO_HTTP, test_nonsense);
  ADD ("next-address", GOOD, test_next_address);
  ADD ("all-dead", GOOD, test_all_dead);
  ADD ("blocked-cut", CUT_HANDSHAKE, test_blocked_way);
  ADD ("blocked-hang", HANG, test_blocked_way);
  ADD ("blocked-other", OTHER_NAME, test_blocked_way);
  ADD ("heard-cut", CUT_BODY, test_heard);
  ADD ("heard-no-http", NO_HTTP, test_heard);
  ADD ("worst", OTHER_NAME, test_worst);
  ADD ("http-2", HTTP_2, test_http_2);
  ADD ("http-2-refused", GOOD, test_http_2);
  ADD ("environment", GOOD, test_environment);
  return g_test_run ();
}
