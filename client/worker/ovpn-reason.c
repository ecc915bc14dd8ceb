/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-reason.c: tables from what openvpn 2.6 says to what Adit says.  Its own text goes nowhere: half of it can be a stranger's.
 * A service's servers have no file that a person knows of; "the file's own" is said of a certificate for this computer alone,
 * which no service gives.  Everything is compared from its beginning, so that a name in a certificate cannot pose as a
 * message. */
#include "client/worker/ovpn-reason.h"

#include <string.h>

typedef struct { const char *beginning; AditOvpnReason reason; } Row;

/* "VERIFY ERROR: depth=N, error=WORDS: ...": the words are OpenSSL's (x509_txt.c). */
static const Row certificates[] = {
  { "certificate has expired", { ADIT_ERROR_WRONG_CLOCK, "By this computer's clock the server's certificate has expired" } },
  { "certificate is not yet valid",
    { ADIT_ERROR_WRONG_CLOCK, "By this computer's clock the server's certificate is not valid yet" } },
  { "certificate revoked", { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate has been revoked" } },
  { "CRL has expired", { ADIT_ERROR_SERVICE_UNTRUSTED, "The list of revoked certificates is too old" } },
  { "self-signed certificate",
    { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate does not end in one that is trusted for it" } },
  { "unable to get",
    { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate does not end in one that is trusted for it" } },
  { "CA md too weak", { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate is signed with a broken digest" } },
  { "EE certificate key too weak", { ADIT_ERROR_SERVICE_UNTRUSTED, "The key of the server's certificate is too short" } },
  { "", { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate is not one to trust" } },
};

/* What OpenSSL says behind "OpenSSL: error:NUMBER:SSL routines::". */
static const Row tls[] = {
  { "unsupported protocol", { ADIT_ERROR_TUNNEL_FAILED, "The server takes no version of TLS that is allowed for it" } },
  { "tlsv1 alert protocol version",
    { ADIT_ERROR_TUNNEL_FAILED, "The server takes no version of TLS that is allowed for it" } },
  { "no protocols available", { ADIT_ERROR_TUNNEL_FAILED, "The server takes no version of TLS that is allowed for it" } },
  { "no shared cipher", { ADIT_ERROR_TUNNEL_FAILED, "The server takes no cipher for TLS that is allowed for it" } },
  { "sslv3 alert handshake failure",
    { ADIT_ERROR_TUNNEL_FAILED, "The server takes no cipher for TLS that is allowed for it" } },
  { "sslv3 alert certificate expired",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The server says that the file's own certificate has expired" } },
  { "sslv3 alert certificate revoked",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The server says that the file's own certificate was revoked" } },
  { "tlsv1 alert unknown ca", { ADIT_ERROR_CREDENTIAL_REFUSED, "The server does not trust the file's own certificate" } },
  { "tlsv13 alert certificate required",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The server wants a certificate, and the file has none" } },
};

static const Row log_rows[] = {
  { "VERIFY X509NAME ERROR: ",
    { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate bears another name than it should" } },
  { "VERIFY KU ERROR", { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate is not one for a server" } },
  { "VERIFY EKU ERROR", { ADIT_ERROR_SERVICE_UNTRUSTED, "The server's certificate is not one for a server" } },
  { "OPTIONS ERROR: failed to negotiate cipher",
    { ADIT_ERROR_TUNNEL_FAILED, "The server takes no cipher that is allowed for it" } },
  { "TLS Error: TLS key negotiation failed",
    { ADIT_ERROR_NO_HANDSHAKE, "The server did not answer, or not with its keys" } },
  { ADIT_OVPN_REASON_MISTAKEN,
    { ADIT_ERROR_NO_HANDSHAKE, "The server takes this computer for one that was connected a moment ago" } },
  { "tls-crypt unwrap error",
    { ADIT_ERROR_NO_HANDSHAKE, "What answers in the server's place does not have its key" } },
  { "TLS Error: cannot locate HMAC",
    { ADIT_ERROR_NO_HANDSHAKE, "What answers in the server's place does not have its key" } },
  { "Authenticate/Decrypt packet error",
    { ADIT_ERROR_NO_HANDSHAKE, "What answers in the server's place does not have its key" } },
  { "TCP: connect to ", { ADIT_ERROR_NO_HANDSHAKE, "The server cannot be reached" } },
  { "read UDPv", { ADIT_ERROR_NO_HANDSHAKE, "The server cannot be reached" } },
  /* RFC 9110 has 407 for it (the next line but one); tinyproxy says it with the servers' own number. */
  { "HTTP proxy returned: 'HTTP/1.0 401 ",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The proxy wants a user name and a password, or others" } },
  { "HTTP proxy returned: 'HTTP/1.1 401 ",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The proxy wants a user name and a password, or others" } },
  { "HTTP proxy returned bad status", { ADIT_ERROR_NO_HANDSHAKE, "The proxy refused" } },
  { "Proxy requires authentication", { ADIT_ERROR_CREDENTIAL_REFUSED, "The proxy wants a user name and a password, or others" } },
  { "socks_username_password_auth: server refused", { ADIT_ERROR_CREDENTIAL_REFUSED,
    "The proxy wants a user name and a password, or others" } },
  { "SOCKS failed to get username", { ADIT_ERROR_CREDENTIAL_REFUSED, "The proxy wants a user name and a password, or others" } },
  { "Cannot ioctl TUNSETIFF", { ADIT_ERROR_TUNNEL_FAILED, "openvpn cannot open the tunnel's device" } },
  { "ERROR: Cannot open TUN/TAP dev", { ADIT_ERROR_TUNNEL_FAILED, "openvpn cannot open the tunnel's device" } },
  { "ERROR: Cannot ioctl TUNSETIFF", { ADIT_ERROR_TUNNEL_FAILED, "openvpn cannot open the tunnel's device" } },
  { "Error: private key password verification failed",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The passphrase of the private key is wrong" } },
  { "Cannot load private key",
    { ADIT_ERROR_CREDENTIAL_REFUSED, "The private key cannot be read, or does not belong to the certificate" } },
  { "Cannot load inline certificate", { ADIT_ERROR_CREDENTIAL_REFUSED, "The file's own certificate cannot be used" } },
  { "Cannot load CA certificate",
    { ADIT_ERROR_SERVICE_UNTRUSTED, "The certificates that are trusted for the server cannot be used" } },
};

/* What follows the state RECONNECTING or EXITING (sig.c and where signals are registered). */
static const Row signals[] = {
  { "tls-error", { ADIT_ERROR_NO_HANDSHAKE, "The server did not answer, or not as it should" } },
  { "ping-restart", { ADIT_ERROR_NO_HANDSHAKE, "The server stopped answering" } },
  { "ping-exit", { ADIT_ERROR_NO_HANDSHAKE, "The server stopped answering" } },
  { "connection-reset", { ADIT_ERROR_NO_HANDSHAKE, "The connection to the server was cut" } },
  { "connection-failed", { ADIT_ERROR_NO_HANDSHAKE, "The server cannot be reached" } },
  { "HTTP proxy error", { ADIT_ERROR_NO_HANDSHAKE, "The proxy refused" } },
  { "socks-error", { ADIT_ERROR_NO_HANDSHAKE, "The proxy refused" } },
  { "server_poll", { ADIT_ERROR_NO_HANDSHAKE, "The server did not answer" } },
  { "init_instance", { ADIT_ERROR_NO_HANDSHAKE, "The server cannot be reached" } },
  { "server-pushed-connection-reset", { ADIT_ERROR_SERVICE_REFUSED, "The server asked to connect anew" } },
  { "server-pushed-halt", { ADIT_ERROR_SERVICE_REFUSED, "The server ended the connection" } },
  { "remote-exit", { ADIT_ERROR_SERVICE_REFUSED, "The server ended the connection" } },
  { "exit-with-notification", { ADIT_ERROR_SERVICE_REFUSED, "The connection was ended" } },
  { "inactive", { ADIT_ERROR_SERVICE_REFUSED, "The server ends connections that carry nothing" } },
  { "session-timeout", { ADIT_ERROR_SERVICE_REFUSED, "The server ends connections after a time" } },
  { "auth-temp-failure", { ADIT_ERROR_SERVICE_REFUSED, "The server cannot check the password at present" } },
  { "auth-failure", { ADIT_ERROR_CREDENTIAL_REFUSED, "The server does not take the user name and password" } },
  { "private-key-password-failure", { ADIT_ERROR_CREDENTIAL_REFUSED, "The passphrase of the private key is wrong" } },
  { "decryption-error", { ADIT_ERROR_NO_HANDSHAKE, "What came from the server cannot be decrypted" } },
  { "process-push-msg-failed", { ADIT_ERROR_SERVICE_NONSENSE, "What the server told cannot be used" } },
  { "", { ADIT_ERROR_TUNNEL_FAILED, "openvpn gave up" } },
};

/* What comes in brackets behind "Verification Failed: 'Auth'". */
static const Row denials[] = {
  { "Data channel cipher negotiation failed",
    { ADIT_ERROR_TUNNEL_FAILED, "The server takes no cipher that is allowed for it" } },
  { "TEMP", { ADIT_ERROR_SERVICE_REFUSED, "The server cannot check the password at present" } },
};

static const AditOvpnReason *
find (const Row *rows, gsize n, const char *text)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_prefix (text, rows[i].beginning))
      return &rows[i].reason;
  return NULL;
}

/**
 * adit_ovpn_reason_find_in_log:
 * @message: a line of openvpn's log, without its time and flags
 *
 * Some of these lines anybody can provoke who sends packets in the server's name, so they may explain an end but not make one.
 *
 * Returns: (nullable): the reason that it is, or %NULL
 */
const AditOvpnReason *
adit_ovpn_reason_find_in_log (const char *message)
{
  static const char verify[] = "VERIFY ERROR: depth=", openssl[] = "OpenSSL: error:", routines[] = ":SSL routines::";

  if (g_str_has_prefix (message, verify))
    {
      const char *words = message + strlen (verify);

      words += strspn (words, "0123456789");
      return g_str_has_prefix (words, ", error=") ? find (certificates, G_N_ELEMENTS (certificates), words + strlen (", error="))
                                                  : NULL;
    }
  if (g_str_has_prefix (message, openssl))
    {
      const char *words = message + strlen (openssl);

      words += strspn (words, "0123456789ABCDEF");
      return g_str_has_prefix (words, routines) ? find (tls, G_N_ELEMENTS (tls), words + strlen (routines)) : NULL;
    }
  return find (log_rows, G_N_ELEMENTS (log_rows), message);
}

/**
 * adit_ovpn_reason_find_fatal:
 * @message: what openvpn says before it ends by itself
 *
 * Returns: the reason that it is
 */
const AditOvpnReason *
adit_ovpn_reason_find_fatal (const char *message)
{
  static const AditOvpnReason any = { ADIT_ERROR_TUNNEL_FAILED, "openvpn could not go on" };
  const AditOvpnReason *reason = adit_ovpn_reason_find_in_log (message);

  return reason != NULL ? reason : &any;
}

/**
 * adit_ovpn_reason_find_signal:
 * @word: what openvpn says of its restart or end
 *
 * Returns: the reason that it is
 */
const AditOvpnReason *
adit_ovpn_reason_find_signal (const char *word)
{
  return find (signals, G_N_ELEMENTS (signals), word);
}

/**
 * adit_ovpn_reason_find_denial:
 * @text: why the server does not let somebody in
 *
 * Returns: the reason that it is; mostly that name and password are not right
 */
const AditOvpnReason *
adit_ovpn_reason_find_denial (const char *text)
{
  const AditOvpnReason *reason = find (denials, G_N_ELEMENTS (denials), text);

  return reason != NULL ? reason : adit_ovpn_reason_find_signal ("auth-failure");
}
