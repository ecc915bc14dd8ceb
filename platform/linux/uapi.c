/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uapi.c: builds "set=1" requests and reads the answers of a process that parses strangers' packets, so of one that may lie.
 *
 * The protocol: https://www.wireguard.com/xplatform/ .  A lying answer can invent counters and a handshake, which its sender
 * could also simply not have made; it can not make us read past its end, store more peers than there is room for or loop. */
#include "platform/linux/uapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "client/base/error.h"
#include "client/model/tunnel-peers.h"

#define MAX_REQUEST_BYTES 24576    /* eight peers with 256 allowed IPs among them take 16 kB */
#define MAX_LINE_BYTES     256
#define NS_PER_S   G_GINT64_CONSTANT (1000000000)

typedef struct { char text[MAX_REQUEST_BYTES]; gsize length; gboolean overflow; } Request;

static void G_GNUC_PRINTF (2, 3)
request_add (Request *request, const char *format, ...)
{
  va_list arguments;
  int n;

  va_start (arguments, format);
  n = vsnprintf (request->text + request->length, sizeof request->text - request->length, format, arguments);
  va_end (arguments);
  if (n < 0 || (gsize) n >= sizeof request->text - request->length)
    request->overflow = TRUE;
  else
    request->length += n;
}

static void
request_add_key (Request *request, const char *name, const guint8 *key)
{
  static const char digits[] = "0123456789abcdef";

  request_add (request, "%s=", name);
  /* By hand: printf would leave the digits in its own buffer. */
  if (sizeof request->text - request->length <= 2 * ADIT_WG_KEY_BYTES + 1)
    {
      request->overflow = TRUE;
      return;
    }
  for (guint i = 0; i < ADIT_WG_KEY_BYTES; i++)
    {
      request->text[request->length++] = digits[key[i] >> 4];
      request->text[request->length++] = digits[key[i] & 15];
    }
  request->text[request->length++] = '\n';
}

static void
request_add_peer (Request *request, const AditTunnelSpec *spec, const AditTunnelPeer *peer, guint first,
                  AditSecret *preshared_key)
{
  g_autofree char *endpoint = adit_endpoint_dup_text (&peer->endpoint);

  request_add_key (request, "public_key", peer->key);
  if (preshared_key != NULL)
    request_add_key (request, "preshared_key", adit_secret_peek (preshared_key, NULL));
  request_add (request, "endpoint=%s\npersistent_keepalive_interval=%u\nreplace_allowed_ips=true\n", endpoint,
               peer->keepalive_s);
  for (guint i = first; i < first + peer->n_allowed_ips; i++)
    {
      g_autofree char *prefix = adit_prefix_dup_text (&spec->allowed_ips[i]);

      request_add (request, "allowed_ip=%s\n", prefix);
    }
}

/**
 * adit_uapi_new_set_request:
 * @spec: the wanted tunnel
 * @secrets: WireGuard's keys
 * @fwmark: mark of the tunnel's own packets
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Replaces all peers by those of @spec.
 *
 * Returns: (transfer full): the text to send, wiped when freed
 */
AditSecret *
adit_uapi_new_set_request (const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, guint32 fwmark, GError **error)
{
  Request request = { 0 };
  AditSecret *result = NULL;
  AditTunnelPeer peer;
  guint first;

  if (!adit_tunnel_spec_is_valid (spec, error) || !adit_tunnel_secrets_are_of_wireguard (secrets, error))
    return NULL;

  request_add (&request, "set=1\n");
  request_add_key (&request, "private_key", adit_secret_peek (secrets->private_key, NULL));
  request_add (&request, "fwmark=%u\nlisten_port=0\nreplace_peers=true\n", fwmark);
  for (guint i = 0; adit_tunnel_spec_get_peer (spec, i, &peer, &first); i++)
    request_add_peer (&request, spec, &peer, first, adit_tunnel_secrets_get_preshared_key (secrets, i));
  request_add (&request, "\n");

  if (request.overflow)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel's configuration is too long");
  else
    result = adit_secret_new (request.text, request.length);
  adit_wipe (&request, sizeof request);
  return result;
}

/**
 * adit_uapi_is_complete:
 * @answer: what has arrived
 * @length: its bytes
 *
 * Returns: whether it ends in the empty line that ends an answer
 */
gboolean
adit_uapi_is_complete (const char *answer, gsize length)
{
  return length >= 2 && answer[length - 1] == '\n' && answer[length - 2] == '\n';
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process answered nonsense: %s", what);
  return FALSE;
}

/* Decimal digits and nothing else: no sign, no blank, no leading zero, no number beyond @max. */
static gboolean
parse_number (const char *text, guint64 max, guint64 *number)
{
  guint64 value = 0;

  if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      guint64 digit = (guint8) *text - '0';

      if (*text < '0' || *text > '9' || value > (max - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  *number = value;
  return value <= max;
}

static gboolean
parse_key (const char *text, guint8 key[ADIT_WG_KEY_BYTES])
{
  if (strlen (text) != 2 * ADIT_WG_KEY_BYTES)
    return FALSE;
  for (guint i = 0; i < ADIT_WG_KEY_BYTES; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]), low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      key[i] = high << 4 | low;
    }
  return TRUE;
}

/* Cuts the next "name=value" line out of the answer into @line; FALSE at the empty line, or on nonsense with @bad set. */
static gboolean
next_line (const char **rest, const char *end, char line[MAX_LINE_BYTES], char **value, gboolean *bad)
{
  const char *newline = memchr (*rest, '\n', end - *rest);
  gsize length = newline != NULL ? (gsize) (newline - *rest) : 0;

  *bad = newline == NULL || length >= MAX_LINE_BYTES || memchr (*rest, '\0', length) != NULL;
  if (*bad || length == 0)
    {
      *bad = *bad || newline + 1 != end;    /* nothing may follow the empty line */
      return FALSE;
    }
  memcpy (line, *rest, length);
  line[length] = '\0';
  *rest = newline + 1;
  *value = strchr (line, '=');
  if (*value == NULL || *value == line)
    {
      *bad = TRUE;
      return FALSE;
    }
  *(*value)++ = '\0';
  return TRUE;
}

/* errno=0, or errno=-N as wireguard-go writes it, or N as the protocol says; always the last line. */
static gboolean
check_errno (const char *value, GError **error)
{
  guint64 number;

  if (!parse_number (value[0] == '-' ? value + 1 : value, 4095, &number))
    return fail (error, "errno");
  if (number == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process refused: %s", g_strerror ((int) number));
  return FALSE;
}

/**
 * adit_uapi_check_set_answer:
 * @answer: what was answered to a set request
 * @length: its bytes
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether it was taken
 */
gboolean
adit_uapi_check_set_answer (const char *answer, gsize length, GError **error)
{
  char line[MAX_LINE_BYTES], *value;
  const char *rest = answer, *end = answer + length;
  gboolean bad, taken;

  if (length > ADIT_UAPI_MAX_ANSWER_BYTES || !next_line (&rest, end, line, &value, &bad) || strcmp (line, "errno") != 0)
    return fail (error, "no errno");
  taken = check_errno (value, error);
  if (taken && (next_line (&rest, end, line, &value, &bad) || bad))
    return fail (error, "something follows errno");
  return taken;
}

static gboolean
take_line (AditUapiStatus *status, const char *name, const char *value, GError **error)
{
  AditWgPeerStatus *peer = status->n_peers > 0 ? &status->peers[status->n_peers - 1] : NULL;
  guint64 number = 0;
  guint8 unused[ADIT_WG_KEY_BYTES];
  gboolean valid = TRUE;

  if (strcmp (name, "public_key") == 0)
    {
      if (status->n_peers == ADIT_TUNNEL_MAX_PEERS)
        return fail (error, "more peers than we have");
      valid = parse_key (value, status->peers[status->n_peers++].key);
    }
  else if (strcmp (name, "private_key") == 0)
    {
      valid = parse_key (value, unused);
      adit_wipe (unused, sizeof unused);
    }
  else if (strcmp (name, "listen_port") == 0)
    {
      valid = parse_number (value, G_MAXUINT16, &number);
      status->listen_port = number;
    }
  else if (strcmp (name, "fwmark") == 0)
    {
      valid = parse_number (value, G_MAXUINT32, &number);
      status->fwmark = number;
    }
  else if (strcmp (name, "last_handshake_time_sec") == 0)
    {
      valid = peer != NULL && parse_number (value, G_MAXINT64, &number);
      if (valid)
        peer->handshake_s = (gint64) number;
    }
  else if (strcmp (name, "last_handshake_time_nsec") == 0)
    {
      valid = peer != NULL && parse_number (value, NS_PER_S - 1, &number);
      if (valid)
        peer->handshake_ns = (gint64) number;
    }
  else if (strcmp (name, "rx_bytes") == 0)
    valid = peer != NULL && parse_number (value, G_MAXUINT64, &peer->received_bytes);
  else if (strcmp (name, "tx_bytes") == 0)
    valid = peer != NULL && parse_number (value, G_MAXUINT64, &peer->sent_bytes);
  /* What else a version tells (endpoint, allowed_ip, protocol_version, ...) has the form of a line, and that is enough. */

  return valid || fail (error, name);
}

/**
 * adit_uapi_parse_get_answer:
 * @answer: what was answered to %ADIT_UAPI_GET; the caller wipes it, it holds the private key
 * @length: its bytes
 * @status: (out caller-allocates): what it says
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether it was well-formed and without error
 */
gboolean
adit_uapi_parse_get_answer (const char *answer, gsize length, AditUapiStatus *status, GError **error)
{
  char line[MAX_LINE_BYTES], *value;
  const char *rest = answer, *end = answer + length;
  gboolean bad = FALSE, taken = TRUE, finished = FALSE;

  memset (status, 0, sizeof *status);
  if (length > ADIT_UAPI_MAX_ANSWER_BYTES)
    return fail (error, "too long");
  while (taken && next_line (&rest, end, line, &value, &bad))
    if (finished)
      taken = fail (error, "something follows errno");
    else if (strcmp (line, "errno") == 0)
      finished = taken = check_errno (value, error);
    else
      taken = take_line (status, line, value, error);
  adit_wipe (line, sizeof line);
  if (taken && (bad || !finished))
    taken = fail (error, "cut short or malformed");
  if (!taken)
    memset (status, 0, sizeof *status);
  return taken;
}
