/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tls-speaker.c: one thread, one connection at a time: reads a request whole, says what it was told to say, hangs up. */
#include "tests/lab/tls-speaker.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIFETIME_S 3600

struct _TlsSpeaker
{
  int       listener;
  guint16   port;
  EVP_PKEY *key;
  X509     *certificate;
  char     *pin;
  GThread  *thread;
  GMutex    mutex;             /* over what is below */
  char     *answer;            /* NULL: it hangs up without a word */
  guint     n_repeats, n_connections;
  GString  *request;
};

static void
make_certificate (TlsSpeaker *self, const char *name)
{
  g_autofree char *names = g_strconcat ("DNS:", name, NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_bytes = sizeof digest;
  guchar *der = NULL;
  int der_bytes;
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, names);

  self->key = EVP_EC_gen ("P-256");
  self->certificate = X509_new ();
  X509_set_version (self->certificate, X509_VERSION_3);
  X509_gmtime_adj (X509_getm_notBefore (self->certificate), -LIFETIME_S);
  X509_gmtime_adj (X509_getm_notAfter (self->certificate), LIFETIME_S);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (self->certificate), "CN", MBSTRING_ASC, (const guchar *) name, -1, -1, 0);
  X509_set_issuer_name (self->certificate, X509_get_subject_name (self->certificate));
  X509_set_pubkey (self->certificate, self->key);
  X509_add_ext (self->certificate, extension, -1);
  X509_EXTENSION_free (extension);
  g_assert_cmpint (X509_sign (self->certificate, self->key, EVP_sha256 ()), >, 0);
  der_bytes = i2d_PUBKEY (self->key, &der);
  g_checksum_update (sum, der, der_bytes);
  g_checksum_get_digest (sum, digest, &digest_bytes);
  self->pin = g_base64_encode (digest, digest_bytes);
  OPENSSL_free (der);
}

/* Up to the end of the body that its header announces. */
static void
read_request (SSL *ssl, GString *request)
{
  char bytes[16384];
  gsize whole = G_MAXSIZE;
  int got;

  while (request->len < whole && (got = SSL_read (ssl, bytes, sizeof bytes)) > 0)
    {
      const char *end, *length;

      g_string_append_len (request, bytes, got);
      end = strstr (request->str, "\r\n\r\n");
      length = strstr (request->str, "\r\nContent-Length: ");
      if (end != NULL)
        whole = (gsize) (end + 4 - request->str) + (length != NULL && length < end ? strtoul (length + 18, NULL, 10) : 0);
    }
}

static void
talk (TlsSpeaker *self, SSL *ssl)
{
  g_autoptr (GString) request = g_string_new (NULL);
  g_autofree char *answer = NULL;
  guint n_repeats;

  read_request (ssl, request);
  g_mutex_lock (&self->mutex);
  g_string_append_len (self->request, request->str, (gssize) request->len);
  answer = g_strdup (self->answer);
  n_repeats = self->n_repeats;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; answer != NULL && i <= n_repeats; i++)
    if (SSL_write (ssl, answer, (int) strlen (answer)) <= 0)
      return;
  if (answer != NULL)
    SSL_shutdown (ssl);
}

static gpointer
serve (gpointer data)
{
  TlsSpeaker *self = data;
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  sigset_t broken_pipe;
  int connection;

  /* Who refuses hangs up while this end still writes. */
  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, NULL);
  SSL_CTX_use_certificate (context, self->certificate);
  SSL_CTX_use_PrivateKey (context, self->key);
  while ((connection = accept (self->listener, NULL, NULL)) >= 0)
    {
      SSL *ssl = SSL_new (context);

      g_mutex_lock (&self->mutex);
      self->n_connections++;
      g_mutex_unlock (&self->mutex);
      SSL_set_fd (ssl, connection);
      if (SSL_accept (ssl) == 1)
        talk (self, ssl);
      SSL_free (ssl);
      close (connection);
    }
  SSL_CTX_free (context);
  return NULL;
}

/**
 * tls_speaker_new:
 * @name: what its certificate says that it is called; nobody has signed for it but itself
 *
 * Returns: (transfer full): a server that listens on 127.0.0.1 and hangs up until it is told what to say
 */
TlsSpeaker *
tls_speaker_new (const char *name)
{
  TlsSpeaker *self = g_new0 (TlsSpeaker, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  g_mutex_init (&self->mutex);
  self->request = g_string_new (NULL);
  make_certificate (self, name);
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->listener, 8), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *) &address, &length), ==, 0);
  self->port = ntohs (address.sin_port);
  self->thread = g_thread_new ("speaker", serve, self);
  return self;
}

/**
 * tls_speaker_free:
 * @self: a server
 */
void
tls_speaker_free (TlsSpeaker *self)
{
  shutdown (self->listener, SHUT_RDWR);
  g_thread_join (self->thread);
  close (self->listener);
  EVP_PKEY_free (self->key);
  X509_free (self->certificate);
  g_string_free (self->request, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self->answer);
  g_free (self->pin);
  g_free (self);
}

/**
 * tls_speaker_get_port:
 * @self: a server
 *
 * Returns: where it listens
 */
guint16
tls_speaker_get_port (TlsSpeaker *self)
{
  return self->port;
}

/**
 * tls_speaker_get_pin:
 * @self: a server
 *
 * Returns: (transfer none): base64 of the SHA-256 of its public key
 */
const char *
tls_speaker_get_pin (TlsSpeaker *self)
{
  return self->pin;
}

/**
 * tls_speaker_set_answer:
 * @self: a server
 * @answer: (nullable): what to say to the next requests; %NULL: it hangs up
 * @n_repeats: how often to say it again
 */
void
tls_speaker_set_answer (TlsSpeaker *self, const char *answer, guint n_repeats)
{
  g_mutex_lock (&self->mutex);
  g_free (self->answer);
  self->answer = g_strdup (answer);
  self->n_repeats = n_repeats;
  g_mutex_unlock (&self->mutex);
}

/**
 * tls_speaker_take_request:
 * @self: a server
 * @n_connections: (out): how many connections there were since the last time
 *
 * Returns: (transfer full): all that was said to it since then
 */
char *
tls_speaker_take_request (TlsSpeaker *self, guint *n_connections)
{
  char *request;

  g_mutex_lock (&self->mutex);
  request = g_strdup (self->request->str);
  g_string_truncate (self->request, 0);
  *n_connections = self->n_connections;
  self->n_connections = 0;
  g_mutex_unlock (&self->mutex);
  return request;
}
