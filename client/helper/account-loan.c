/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-loan.c: the vault's side of a worker's question, of its answer, and of the tunnel that comes of it. */
#define G_LOG_DOMAIN "adit-source"

#include "client/helper/account-loan.h"

#include <string.h>

#include "client/base/error.h"
#include "platform/keys.h"
#include "platform/openvpn.h"

/* What goes along beside credential and token, as wire-request.c allows it.  RemoveDevice names another computer's. */
static const gboolean lends_device[ADIT_N_WIRE_WANTS] = {
  [ADIT_WIRE_WANT_ACCOUNT] = TRUE, [ADIT_WIRE_WANT_LOG_OUT] = TRUE, [ADIT_WIRE_WANT_ROTATE] = TRUE,
};
static const gboolean lends_key[ADIT_N_WIRE_WANTS] = {
  [ADIT_WIRE_WANT_LOG_IN] = TRUE, [ADIT_WIRE_WANT_LOG_OUT] = TRUE, [ADIT_WIRE_WANT_CHOOSE] = TRUE,
  [ADIT_WIRE_WANT_ACCOUNT] = TRUE,
};

/**
 * adit_account_lend:
 * @account: whose secrets are lent
 * @request: (inout): all zero before but for what the want itself needs; wiped by the proxy
 * @want: what for
 *
 * Fills in what every question about an account needs.
 */
void
adit_account_lend (AditAccount *account, AditWireRequest *request, AditWireWant want)
{
  request->want = want;
  adit_secret_copy_to (account->credential, request->credential, sizeof request->credential - 1);
  adit_secret_copy_to (account->token, request->token, sizeof request->token - 1);
  request->token_expires_at_s = account->token != NULL ? account->token_expires_at_s : 0;
  if (lends_device[want])
    g_strlcpy (request->device_id, account->device_id, sizeof request->device_id);
  if (lends_key[want])
    adit_keys_to_public (account->private_key, request->public_key);
}

/**
 * adit_account_lend_for_key:
 * @account: whose key is to be changed
 * @request: (inout): all zero before; wiped by the proxy
 * @new_key: (transfer none): the private key to be; its public half is lent
 * @is_connected: whether a tunnel has the old one
 */
void
adit_account_lend_for_key (AditAccount *account, AditWireRequest *request, AditSecret *new_key, gboolean is_connected)
{
  adit_account_lend (account, request, ADIT_WIRE_WANT_ROTATE);
  adit_keys_to_public (new_key, request->public_key);
  adit_keys_to_public (account->private_key, request->answers.old_public_key);
  request->answers.is_connected = is_connected ? 1 : 0;
}

/**
 * adit_account_lend_to_list:
 * @account: (nullable): somebody's account at the service whose list is wanted
 * @request: (inout): a request for a list
 *
 * A list is anybody's, and asked for without a name, but where a service shows its places to its customers alone.
 */
void
adit_account_lend_to_list (AditAccount *account, AditWireRequest *request)
{
  if (account != NULL && account->service->makes_tunnels)
    adit_account_lend (account, request, ADIT_WIRE_WANT_LIST);
}

static void
replace (AditSecret **secret, const char *text)
{
  if (text[0] == '\0')
    return;
  g_clear_pointer (secret, adit_secret_unref);
  *secret = adit_secret_new (text, strlen (text));
}

static void
take_plan (AditAccount *account, const AditWirePlan *plan)
{
  g_strlcpy (account->plan, plan->name, sizeof account->plan);
  if (plan->device_limit > 0)    /* otherwise it does not say, as where a voucher is taken: it is what it was */
    account->device_limit = plan->device_limit;
  account->is_inactive = plan->is_inactive != 0;
  account->is_renewed = plan->is_renewed != 0;
  account->refuses_multihop = plan->refuses_multihop != 0;
}

static void
take_addresses (AditAccount *account, const AditPrefix *addresses, guint n_addresses)
{
  account->n_addresses = n_addresses;
  memcpy (account->addresses, addresses, n_addresses * sizeof *addresses);
}

static void
take_device (AditAccount *account, const AditWireDevice *device, gint64 now_s)
{
  g_strlcpy (account->device_id, device->device_id, sizeof account->device_id);
  take_addresses (account, device->addresses, device->n_addresses);
  account->key_made_at_s = now_s;
}

static void
replace_key (AditAccount *account, AditSecret *private_key)
{
  adit_secret_unref (account->private_key);
  account->private_key = adit_secret_ref (private_key);
}

/**
 * adit_account_take_key:
 * @account: an account
 * @new_key: (transfer none): the private key that the service knows this computer by from now on
 * @answer: what it said to that
 *
 * What else it says of the account is not an answer to what was asked.
 */
void
adit_account_take_key (AditAccount *account, AditSecret *new_key, const AditWorkerAnswer *answer)
{
  replace_key (account, new_key);
  take_device (account, &answer->last.device, g_get_real_time () / G_USEC_PER_SEC);
}

/**
 * adit_account_wipe_key:
 * @account: an account whose key the service has dropped, or may have
 *
 * In its place comes one that nobody knows yet: there are no addresses for it.
 */
void
adit_account_wipe_key (AditAccount *account)
{
  g_autoptr (AditSecret) nobodys = adit_keys_generate ();

  replace_key (account, nobodys);
  account->n_addresses = 0;
  account->key_made_at_s = 0;
}

/**
 * adit_account_needs_key:
 * @account: an account
 *
 * Returns: whether the service has to be told of a key before there can be a tunnel of WireGuard
 */
gboolean
adit_account_needs_key (const AditAccount *account)
{
  return account->service->keys.days > 0 && account->n_addresses == 0;
}

/**
 * adit_account_take_answer:
 * @account: an account
 * @answer: what a worker said; with DEVICE, ACCOUNT, anything else or nothing as its last word
 *
 * Takes over what an answer tells about an account: token, credential, device, expiry, addresses.
 *
 * Returns: whether there was anything of it
 */
gboolean
adit_account_take_answer (AditAccount *account, const AditWorkerAnswer *answer)
{
  const AditWireMessage *last = &answer->last;
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  if (answer->has_token)
    {
      replace (&account->token, answer->token.token);
      account->token_expires_at_s = answer->token.expires_at_s;
    }
  if (answer->has_login)
    {
      replace (&account->credential, answer->login.credential);
      replace (&account->openvpn_username, answer->login.username);
      replace (&account->openvpn_password, answer->login.password);
    }
  if (last->header.op == ADIT_WIRE_DEVICE)
    {
      take_device (account, &last->device, now_s);
      g_strlcpy (account->device_name, last->device.device_name, sizeof account->device_name);
      account->expires_at_s = last->device.account_expires_at_s;
      account->checked_at_s = now_s;
      take_plan (account, &last->device.plan);
      return TRUE;
    }
  if (last->header.op == ADIT_WIRE_ACCOUNT)
    {
      account->expires_at_s = last->account.account_expires_at_s;
      account->checked_at_s = now_s;
      if (last->account.n_addresses > 0)    /* otherwise the service does not say them again */
        take_addresses (account, last->account.addresses, last->account.n_addresses);
      take_plan (account, &last->account.plan);
      return TRUE;
    }
  return answer->has_token || answer->has_login;
}

/**
 * adit_account_store_answer:
 * @vault: the vault
 * @account: one of its accounts
 * @answer: (nullable): what a worker said; %NULL where nobody was asked
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * adit_account_take_answer(), and keeps it.
 *
 * Returns: whether it is on disk
 */
gboolean
adit_account_store_answer (AditVault *vault, AditAccount *account, const AditWorkerAnswer *answer, GError **error)
{
  return answer == NULL || !adit_account_take_answer (account, answer) || adit_vault_save (vault, account, error);
}

/**
 * adit_account_keep_words:
 * @vault: the vault
 * @account: (nullable): who was asked about; one that is not in the vault yet has no file
 * @words: (nullable): what a worker said, also one that has failed: the service may have forgotten the credential before this one
 *
 * As adit_account_store_answer(), where a full disk is no reason to stop.
 */
void
adit_account_keep_words (AditVault *vault, AditAccount *account, const AditWorkerAnswer *words)
{
  g_autoptr (GError) error = NULL;

  if (account == NULL || words == NULL)
    return;
  if (adit_vault_find (vault, account->id) == NULL)
    (void) adit_account_take_answer (account, words);
  else if (!adit_account_store_answer (vault, account, words, &error))
    g_warning ("%s", error->message);
}

static gboolean
goes_inside (const AditTunnelSpec *spec, AditFamily family)
{
  for (guint i = 0; i < spec->n_allowed_ips; i++)
    if (spec->allowed_ips[i].address.family == family)
      return TRUE;
  return FALSE;
}

/* An address of a family that the relay takes nothing of would only make programs try. */
static void
fill_addresses (AditTunnelSpec *spec, const AditPrefix *addresses, guint n_addresses)
{
  for (guint i = 0; i < n_addresses; i++)
    if (goes_inside (spec, (AditFamily) addresses[i].address.family))
      spec->addresses[spec->n_addresses++] = addresses[i];
}

/* The first server is sent nothing but what is for the second: that does not hang on anybody's word. */
static void
fill_nested (AditTunnelSpec *spec, const AditWireTunnel *tunnel)
{
  AditTunnelPeer *inner = &spec->more_peers[0];

  spec->allowed_ips[spec->n_allowed_ips++] = (AditPrefix) {
    tunnel->inner_peer.address, tunnel->inner_peer.address.family == ADIT_FAMILY_IPV4 ? 32 : 128
  };
  inner->endpoint = tunnel->inner_peer;
  memcpy (inner->key, tunnel->inner_peer_key, sizeof inner->key);
  inner->n_allowed_ips = (guint16) tunnel->n_allowed_ips;
  spec->n_more_peers = 1;
  spec->is_nested = TRUE;
}

/**
 * adit_account_fill_resolvers:
 * @resolvers: (out caller-allocates): whom the tunnel asks for names
 * @tunnel: what a worker said
 */
void
adit_account_fill_resolvers (AditResolvers *resolvers, const AditWireTunnel *tunnel)
{
  memcpy (resolvers->dns, tunnel->dns, sizeof resolvers->dns);
  resolvers->n_dns = tunnel->n_dns;
  memcpy (resolvers->blocks, tunnel->blocks, sizeof resolvers->blocks);
  resolvers->n_blocks = tunnel->n_blocks;
}

static void
fill_wireguard (AditTunnelOffer *offer, AditAccount *account, const AditWireTunnel *tunnel)
{
  AditTunnelSpec *spec = &offer->spec;
  static const guint8 no_key[ADIT_WG_KEY_BYTES];
  AditResolvers resolvers;

  memcpy (spec->peer_key, tunnel->peer_key, sizeof spec->peer_key);
  if (tunnel->inner_peer.port != 0)
    fill_nested (spec, tunnel);
  memcpy (spec->allowed_ips + spec->n_allowed_ips, tunnel->allowed_ips, sizeof tunnel->allowed_ips);
  spec->n_allowed_ips += tunnel->n_allowed_ips;
  if (tunnel->n_addresses > 0)
    fill_addresses (spec, tunnel->addresses, tunnel->n_addresses);
  else
    fill_addresses (spec, account->addresses, account->n_addresses);
  adit_account_fill_resolvers (&resolvers, tunnel);
  adit_tunnel_spec_set_resolvers (spec, &resolvers);
  spec->mtu_bytes = (guint16) tunnel->mtu_bytes;
  spec->keepalive_s = (guint16) tunnel->keepalive_s;
  offer->secrets.private_key = adit_secret_ref (account->private_key);
  if (memcmp (tunnel->preshared_key, no_key, sizeof no_key) != 0)
    offer->secrets.preshared_key = adit_secret_new (tunnel->preshared_key, sizeof tunnel->preshared_key);
}

/* Where a service has no other login for OpenVPN, it is the account's: its name in the first line, its password in the second. */
static void
split_credential (AditAccount *account, AditTunnelSecrets *secrets)
{
  gsize length;
  const char *text = (const char *) adit_secret_peek (account->credential, &length);
  const char *end = memchr (text, '\n', length);

  if (end == NULL || end == text || end + 1 == text + length)
    return;
  secrets->username = adit_secret_new (text, (gsize) (end - text));
  secrets->password = adit_secret_new (end + 1, length - (gsize) (end + 1 - text));
}

static gboolean
fill_openvpn (AditTunnelOffer *offer, AditAccount *account, const AditWorkerAnswer *answer, GError **error)
{
  AditTunnelSecrets *secrets = &offer->secrets;
  AditResolvers resolvers;

  offer->spec.kind = ADIT_TUNNEL_OPENVPN;
  adit_account_fill_resolvers (&resolvers, &answer->last.tunnel);
  if (resolvers.n_blocks > 0)    /* else the server says whom to ask */
    adit_tunnel_spec_set_resolvers (&offer->spec, &resolvers);
  offer->spec.transport = answer->last.tunnel.protocol == ADIT_PROTOCOL_OPENVPN_TCP ? ADIT_TRANSPORT_TCP : ADIT_TRANSPORT_UDP;
  if (account->openvpn_username != NULL && account->openvpn_password != NULL)
    {
      secrets->username = adit_secret_ref (account->openvpn_username);
      secrets->password = adit_secret_ref (account->openvpn_password);
    }
  else
    split_credential (account, secrets);
  if (secrets->username == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOGIN_REFUSED, "%s has given this account no login for OpenVPN",
                   account->service->name);
      return FALSE;
    }
  secrets->profile = adit_secret_ref (answer->profile);
  offer->has_others = TRUE;
  return adit_openvpn_probe (&offer->spec.carrier_uid, error);
}

/**
 * adit_account_make_offer:
 * @account: whose tunnel it is to be
 * @answer: what a worker said, with TUNNEL as its last word
 * @error: return location; %ADIT_ERROR_LOGIN_REFUSED, or that there is no openvpn
 *
 * Returns: (transfer full) (nullable): the tunnel
 */
AditTunnelOffer *
adit_account_make_offer (AditAccount *account, const AditWorkerAnswer *answer, GError **error)
{
  g_autoptr (AditTunnelOffer) offer = g_new0 (AditTunnelOffer, 1);
  const AditWireTunnel *tunnel = &answer->last.tunnel;

  offer->spec.peer = tunnel->peer;
  offer->spec.location = tunnel->location;
  offer->spec.entry = tunnel->entry;
  if (tunnel->protocol == ADIT_PROTOCOL_WIREGUARD)
    fill_wireguard (offer, account, tunnel);
  else if (!fill_openvpn (offer, account, answer, error))
    return NULL;
  return g_steal_pointer (&offer);
}
