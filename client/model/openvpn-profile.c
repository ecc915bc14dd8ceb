/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-profile.c: the last check before a profile is written out for openvpn, whoever read it. */
#include "client/model/openvpn-profile.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/field.h"
#include "client/model/openvpn-words.h"

/**
 * adit_openvpn_profile_new:
 *
 * Returns: (transfer full): a profile with nothing in it
 */
AditOpenvpnProfile *
adit_openvpn_profile_new (void)
{
  AditOpenvpnProfile *self = g_new0 (AditOpenvpnProfile, 1);

  self->key_direction = -1;
  self->tls_minor_min = 2;
  return self;
}

/**
 * adit_openvpn_profile_free:
 * @self: a profile; its secrets are wiped
 */
void
adit_openvpn_profile_free (AditOpenvpnProfile *self)
{
  AditSecret *secrets[] = {
    self->wrap_key, self->key, self->username, self->password, self->proxy_username, self->proxy_password,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_clear_pointer (&secrets[i], adit_secret_unref);
  g_free (self->ca);
  g_free (self->certificate);
  g_free (self->extra_certificates);
  g_free (self->revoked);
  g_free (self);
}

/**
 * adit_openvpn_profile_get_number:
 * @self: a profile
 * @number: which option
 * @value: (out): its number; untouched where it is not set
 *
 * Returns: whether the file set it
 */
gboolean
adit_openvpn_profile_get_number (const AditOpenvpnProfile *self, AditOpenvpnNumber number, guint32 *value)
{
  if ((self->numbers_set & (1u << number)) == 0)
    return FALSE;
  *value = self->numbers[number];
  return TRUE;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The profile cannot be used: %s", what);
  return FALSE;
}

/* What is written as one line of OpenVPN's must fit into it. */
static gboolean
host_is_valid (const AditHost *host)
{
  return adit_host_is_valid (host) && strlen (host->name) < ADIT_OPENVPN_TEXT_MAX_BYTES;
}

static gboolean
remotes_are_valid (const AditOpenvpnProfile *self, GError **error)
{
  if (self->n_remotes == 0 || self->n_remotes > ADIT_OPENVPN_MAX_REMOTES)
    return refuse (error, "it names no server, or too many");
  for (guint i = 0; i < self->n_remotes; i++)
    {
      const AditOpenvpnRemote *remote = &self->remotes[i];

      if (!host_is_valid (&remote->host) || !adit_host_is_elsewhere (&remote->host))
        return refuse (error, "a server is not another computer");
      if (remote->transport != ADIT_OPENVPN_UDP && remote->transport != ADIT_OPENVPN_TCP)
        return refuse (error, "a server has no protocol");
      /* One for the web carries none; one of SOCKS names another address for it, to which no lock is open. */
      if (self->proxy != ADIT_OPENVPN_NO_PROXY && remote->transport != ADIT_OPENVPN_TCP)
        return refuse (error, "a server behind a proxy is not reached by TCP");
      if (remote->family != ADIT_FAMILY_NONE && remote->family != ADIT_FAMILY_IPV4 && remote->family != ADIT_FAMILY_IPV6)
        return refuse (error, "a server has no family");
      if (remote->family != ADIT_FAMILY_NONE && remote->host.address.family != ADIT_FAMILY_NONE &&
          remote->family != remote->host.address.family)
        return refuse (error, "a server's address is not of its family");
    }
  if (self->proxy > ADIT_OPENVPN_SOCKS_PROXY)
    return refuse (error, "its proxy is none");
  if (self->proxy != ADIT_OPENVPN_NO_PROXY && !host_is_valid (&self->proxy_host))
    return refuse (error, "its proxy has no address");
  return TRUE;
}

static gboolean
credential_is_valid (AditSecret *secret)
{
  return secret == NULL || adit_openvpn_credential_is_plain ((const char *) adit_secret_peek (secret, NULL),
                                                             adit_secret_get_size (secret));
}

/* A password comes with a name, and either only where it is asked for. */
static gboolean
credentials_are_valid (const AditOpenvpnProfile *self, GError **error)
{
  if (!credential_is_valid (self->username) || !credential_is_valid (self->password) ||
      !credential_is_valid (self->proxy_username) || !credential_is_valid (self->proxy_password))
    return refuse (error, "a name or password cannot be written down");
  if ((self->username == NULL && self->password != NULL) || (self->username != NULL && !self->credentials_needed) ||
      (self->proxy_username == NULL && self->proxy_password != NULL) ||
      (self->proxy_username != NULL && !self->proxy_credentials_needed) ||
      (self->proxy == ADIT_OPENVPN_NO_PROXY && self->proxy_credentials_needed))
    return refuse (error, "a name or password is for nothing");
  return TRUE;
}

static gsize
get_size (const char *text)
{
  return text != NULL ? strlen (text) : 0;
}

/* Of all names, each but the first behind a colon. */
static gsize
get_ciphers_bytes (const AditOpenvpnProfile *self)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < self->n_ciphers; i++)
    n_bytes += (i > 0) + strlen (adit_openvpn_cipher_get_name (self->ciphers[i]));
  return n_bytes;
}

static gboolean
crypto_is_valid (const AditOpenvpnProfile *self, GError **error)
{
  gsize wrap_bytes = adit_secret_get_size (self->wrap_key);

  if (self->n_ciphers == 0 || self->n_ciphers > ADIT_OPENVPN_MAX_CIPHERS)
    return refuse (error, "it names no cipher, or too many");
  for (guint i = 0; i < self->n_ciphers; i++)
    if (adit_openvpn_cipher_get_name (self->ciphers[i]) == NULL)
      return refuse (error, "a cipher is unknown");
    else if (memchr (self->ciphers, self->ciphers[i], i) != NULL)
      return refuse (error, "it names a cipher twice");
  if (get_ciphers_bytes (self) > ADIT_OPENVPN_CIPHERS_MAX_BYTES)
    return refuse (error, "its ciphers are more than openvpn takes");
  if (self->fallback_cipher >= ADIT_OPENVPN_N_CIPHERS || self->digest >= ADIT_OPENVPN_N_DIGESTS)
    return refuse (error, "a cipher or digest is unknown");
  if (self->tls_minor_min < 2 || self->tls_minor_min > 3 || self->cert_profile >= ADIT_OPENVPN_N_CERT_PROFILES)
    return refuse (error, "its demands on TLS are unknown");
  if ((self->tls_ciphers[0] != '\0' && !adit_openvpn_tls_ciphers_are_valid (self->tls_ciphers)) ||
      (self->tls_suites[0] != '\0' && !adit_openvpn_tls_suites_are_valid (self->tls_suites)))
    return refuse (error, "a cipher of TLS is unknown");
  if (self->wrap > ADIT_OPENVPN_TLS_CRYPT_V2 || (self->wrap == ADIT_OPENVPN_NO_WRAP) != (self->wrap_key == NULL))
    return refuse (error, "its key for the handshake is missing");
  if ((self->wrap == ADIT_OPENVPN_TLS_AUTH || self->wrap == ADIT_OPENVPN_TLS_CRYPT) &&
      wrap_bytes != ADIT_OPENVPN_STATIC_KEY_BYTES)
    return refuse (error, "its key for the handshake has not the length of one");
  if (self->key_direction < -1 || self->key_direction > 1)
    return refuse (error, "its key has no such direction");
  if (self->ca == NULL)
    return refuse (error, "it has no certificate of the service");
  if ((self->certificate == NULL) != (self->key == NULL))
    return refuse (error, "certificate and key belong together");
  if (self->certificate == NULL && !self->credentials_needed)
    return refuse (error, "it has neither a certificate nor a password");
  if (get_size (self->ca) + get_size (self->certificate) + get_size (self->extra_certificates) + get_size (self->revoked) +
      adit_secret_get_size (self->key) > ADIT_OPENVPN_MAX_ALL_PEM_BYTES)
    return refuse (error, "its certificates are too long");
  return TRUE;
}

static gboolean
text_is_valid (const char *text, gsize size, gboolean ascii)
{
  return adit_field_is_terminated (text, size) && (text[0] == '\0' || adit_openvpn_text_is_plain (text, ascii));
}

/**
 * adit_openvpn_profile_is_valid:
 * @self: a profile, perhaps from a stranger
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what is wrong
 *
 * Returns: whether a configuration may be written from it
 */
gboolean
adit_openvpn_profile_is_valid (const AditOpenvpnProfile *self, GError **error)
{
  if (!remotes_are_valid (self, error) || !crypto_is_valid (self, error) || !credentials_are_valid (self, error))
    return FALSE;
  if (!text_is_valid (self->challenge, sizeof self->challenge, FALSE) ||
      !text_is_valid (self->server_name, sizeof self->server_name, TRUE) ||
      !text_is_valid (self->extended_usage, sizeof self->extended_usage, TRUE))
    return refuse (error, "a text cannot be written down");
  if (self->server_name_type >= ADIT_OPENVPN_N_NAME_TYPES ||
      (self->server_name_type == ADIT_OPENVPN_NO_NAME) != (self->server_name[0] == '\0'))
    return refuse (error, "the server's name is of no kind");
  if (self->compression >= ADIT_OPENVPN_N_COMPRESSIONS || self->mssfix_mode > ADIT_OPENVPN_MTU_FIXED ||
      self->fragment_mode > ADIT_OPENVPN_MTU_WHOLE || self->n_usages > ADIT_OPENVPN_MAX_USAGES)
    return refuse (error, "a value is out of bounds");
  if (self->numbers_set >= 1u << ADIT_OPENVPN_N_NUMBERS)
    return refuse (error, "a number is unknown");
  for (AditOpenvpnNumber i = 0; i < ADIT_OPENVPN_N_NUMBERS; i++)
    if ((self->numbers_set & (1u << i)) != 0 && !adit_openvpn_number_fits (i, self->numbers[i]))
      return refuse (error, "a number is out of bounds");
  if (self->n_dns > ADIT_OPENVPN_MAX_DNS || self->n_search > ADIT_OPENVPN_MAX_SEARCH)
    return refuse (error, "it names too many resolvers");
  for (guint i = 0; i < self->n_dns; i++)
    if (!adit_address_is_valid (&self->dns[i]))
      return refuse (error, "a resolver has no address");
  for (guint i = 0; i < self->n_search; i++)
    if (!adit_host_name_is_valid (self->search[i]) || strlen (self->search[i]) >= ADIT_OPENVPN_TEXT_MAX_BYTES)
      return refuse (error, "a search domain is none");
  return TRUE;
}

/**
 * adit_openvpn_profile_add_cipher:
 * @self: a profile
 * @cipher: one that is to be offered behind those that it has; one of them is not added again
 *
 * Returns: whether it is among them; %FALSE where openvpn would refuse so long a list, which is as it was then
 */
gboolean
adit_openvpn_profile_add_cipher (AditOpenvpnProfile *self, AditOpenvpnCipher cipher)
{
  if (memchr (self->ciphers, (int) cipher, self->n_ciphers) != NULL)
    return TRUE;
  if (self->n_ciphers == ADIT_OPENVPN_MAX_CIPHERS ||
      get_ciphers_bytes (self) + strlen (":") + strlen (adit_openvpn_cipher_get_name (cipher)) > ADIT_OPENVPN_CIPHERS_MAX_BYTES)
    return FALSE;
  self->ciphers[self->n_ciphers++] = (guint8) cipher;
  return TRUE;
}

static gboolean
lists_are_equal (const AditOpenvpnProfile *a, const AditOpenvpnProfile *b)
{
  if (a->n_remotes != b->n_remotes || a->n_ciphers != b->n_ciphers || a->n_usages != b->n_usages || a->n_dns != b->n_dns ||
      a->n_search != b->n_search || a->numbers_set != b->numbers_set)
    return FALSE;
  for (guint i = 0; i < a->n_remotes; i++)
    if (!adit_host_equal (&a->remotes[i].host, &b->remotes[i].host) || a->remotes[i].transport != b->remotes[i].transport ||
        a->remotes[i].family != b->remotes[i].family)
      return FALSE;
  for (guint i = 0; i < ADIT_OPENVPN_N_NUMBERS; i++)
    if ((a->numbers_set & 1u << i) != 0 && a->numbers[i] != b->numbers[i])
      return FALSE;
  for (guint i = 0; i < a->n_dns; i++)
    if (!adit_address_equal (&a->dns[i], &b->dns[i]))
      return FALSE;
  for (guint i = 0; i < a->n_search; i++)
    if (strcmp (a->search[i], b->search[i]) != 0)
      return FALSE;
  return memcmp (a->ciphers, b->ciphers, a->n_ciphers) == 0 &&
         memcmp (a->usages, b->usages, a->n_usages * sizeof a->usages[0]) == 0;
}

static gboolean
secrets_are_equal (const AditOpenvpnProfile *a, const AditOpenvpnProfile *b)
{
  return g_strcmp0 (a->ca, b->ca) == 0 && g_strcmp0 (a->certificate, b->certificate) == 0 &&
         g_strcmp0 (a->extra_certificates, b->extra_certificates) == 0 && g_strcmp0 (a->revoked, b->revoked) == 0 &&
         adit_secret_equal (a->key, b->key) && adit_secret_equal (a->wrap_key, b->wrap_key) &&
         adit_secret_equal (a->username, b->username) && adit_secret_equal (a->password, b->password) &&
         adit_secret_equal (a->proxy_username, b->proxy_username) && adit_secret_equal (a->proxy_password, b->proxy_password);
}

/**
 * adit_openvpn_profile_equal:
 * @a: a profile
 * @b: another
 *
 * Returns: whether each of their values is the same, secrets among them
 */
gboolean
adit_openvpn_profile_equal (const AditOpenvpnProfile *a, const AditOpenvpnProfile *b)
{
  return lists_are_equal (a, b) && secrets_are_equal (a, b) && a->remote_random == b->remote_random &&
         a->fallback_cipher == b->fallback_cipher && a->digest == b->digest && a->tls_minor_min == b->tls_minor_min &&
         a->cert_profile == b->cert_profile && strcmp (a->tls_ciphers, b->tls_ciphers) == 0 &&
         strcmp (a->tls_suites, b->tls_suites) == 0 && a->wrap == b->wrap && a->key_direction == b->key_direction &&
         a->passphrase_needed == b->passphrase_needed && a->credentials_needed == b->credentials_needed &&
         strcmp (a->challenge, b->challenge) == 0 && a->challenge_echo == b->challenge_echo &&
         a->server_name_type == b->server_name_type && strcmp (a->server_name, b->server_name) == 0 &&
         a->server_certificate == b->server_certificate && strcmp (a->extended_usage, b->extended_usage) == 0 &&
         a->compression == b->compression && a->receive_compressed == b->receive_compressed &&
         a->mssfix_mode == b->mssfix_mode && a->fragment_mode == b->fragment_mode && a->proxy == b->proxy &&
         (a->proxy == ADIT_OPENVPN_NO_PROXY || adit_host_equal (&a->proxy_host, &b->proxy_host)) &&
         a->proxy_credentials_needed == b->proxy_credentials_needed && a->block_ipv6 == b->block_ipv6;
}
