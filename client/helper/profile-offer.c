/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-offer.c: asks a worker which server is next, and what a WireGuard tunnel needs; OpenVPN's text is lent on.  What the
 * worker names is one address, port and protocol, or those of each WireGuard peer: the lock opens to them and nothing else. */
#define G_LOG_DOMAIN "adit-source"

#include "client/helper/profile-offer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/helper/profile-login.h"
#include "platform/openvpn.h"

typedef struct
{
  AditProfileOffers offers;
  char              id[ADIT_ACCOUNT_ID_MAX_BYTES];
  guint             number;
  AditSecret       *text;
  AditLoginSecrets  login;
  AditTunnelSecrets answers;       /* of these: answer, question, token */
  AditProfileServer *found;    /* once it is known; a name goes when its address has come */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_clear_pointer (&search->text, adit_secret_unref);
  adit_login_secrets_clear (&search->login);
  adit_tunnel_secrets_clear (&search->answers);
  g_clear_pointer (&search->found, adit_profile_server_free);
  g_free (search);
}

/* The text into memory that is wiped, for the worker that will stand beside openvpn. */
static AditSecret *
read_text (int fd, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length);
  gssize got = pread (fd, bytes, length, 0);
  AditSecret *text = got == (gssize) length ? adit_secret_new (bytes, length) : NULL;

  adit_wipe (bytes, length);
  return text;
}

static gboolean
fill_openvpn (AditTunnelSpec *spec, const AditWireServer *server, GError **error)
{
  const AditEndpoint far = { .address = server->address, .port = server->port };
  const AditEndpoint proxy = { .address = server->proxy_address, .port = server->proxy_port };
  gboolean by_proxy = server->proxy_port != 0;

  spec->kind = ADIT_TUNNEL_OPENVPN;
  spec->transport = server->over_tcp ? ADIT_TRANSPORT_TCP : ADIT_TRANSPORT_UDP;
  spec->peer = by_proxy ? proxy : far;
  if (by_proxy)
    spec->behind = far;
  return adit_openvpn_probe (&spec->carrier_uid, error);
}

static void
add_peer (AditTunnelOffer *offer, const AditWirePeer *peer, guint n)
{
  AditTunnelSpec *spec = &offer->spec;
  AditTunnelPeer found = { .endpoint = { .address = peer->address, .port = peer->port }, .n_allowed_ips = peer->n_allowed_ips,
                           .keepalive_s = peer->keepalive_s };

  memcpy (found.key, peer->key, sizeof found.key);
  spec->n_allowed_ips += found.n_allowed_ips;
  if (n > 0)
    spec->more_peers[spec->n_more_peers++] = found;
  else
    {
      spec->peer = found.endpoint;
      memcpy (spec->peer_key, found.key, sizeof spec->peer_key);
      spec->keepalive_s = found.keepalive_s;
    }
  if (peer->has_preshared_key)
    *(n > 0 ? &offer->secrets.more_preshared_keys[n - 1] : &offer->secrets.preshared_key) =
      adit_secret_new (peer->preshared_key, sizeof peer->preshared_key);
}

static void
fill_wireguard (AditTunnelOffer *offer, const AditProfileServer *found)
{
  const AditWirePeers *peers = &found->peers;
  AditTunnelSpec *spec = &offer->spec;

  spec->n_addresses = peers->n_addresses;
  memcpy (spec->addresses, peers->addresses, sizeof spec->addresses);
  memcpy (spec->allowed_ips, peers->allowed_ips, sizeof spec->allowed_ips);
  spec->n_dns = peers->n_dns;
  memcpy (spec->dns, peers->dns, sizeof spec->dns);
  spec->mtu_bytes = peers->mtu_bytes;
  offer->secrets.private_key = adit_secret_new (peers->private_key, sizeof peers->private_key);
  for (guint i = 0; i < peers->n_peers; i++)
    add_peer (offer, &peers->peers[i], i);
}

static void
lend_secrets (Search *search, AditTunnelSecrets *secrets)
{
  *secrets = search->answers;
  search->answers = (AditTunnelSecrets) { NULL };
  secrets->profile = g_steal_pointer (&search->text);
  secrets->remote = search->number;
  secrets->username = g_steal_pointer (&search->login.username);
  secrets->password = g_steal_pointer (&search->login.password);
  secrets->passphrase = g_steal_pointer (&search->login.passphrase);
  secrets->proxy_username = g_steal_pointer (&search->login.proxy_username);
  secrets->proxy_password = g_steal_pointer (&search->login.proxy_password);
}

static void find_names (GTask *task);

/* A host whose address is not known yet. */
typedef struct { char *name; AditAddress *address; AditFamily family; } Unknown;

static gboolean
find_unknown (AditProfileServer *found, Unknown *unknown)
{
  AditWireServer *server = &found->server;

  *unknown = (Unknown) { NULL };
  for (guint i = 0; unknown->name == NULL && found->is_wireguard && i < found->peers.n_peers; i++)
    if (found->peers.peers[i].name[0] != '\0')
      *unknown = (Unknown) { found->peers.peers[i].name, &found->peers.peers[i].address, ADIT_FAMILY_NONE };
  if (!found->is_wireguard && server->name[0] != '\0')
    *unknown = (Unknown) { server->name, &server->address, (AditFamily) server->family };
  else if (!found->is_wireguard && server->proxy_name[0] != '\0')
    *unknown = (Unknown) { server->proxy_name, &server->proxy_address, ADIT_FAMILY_NONE };
  return unknown->name != NULL;
}

static void
on_name_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditProfileServer *found = ((Search *) g_task_get_task_data (task))->found;
  GError *error = NULL;
  AditNamesAnswer answer;
  Unknown asked;

  if (!adit_names_find_finish (ADIT_NAMES (source), result, &answer, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (find_unknown (found, &asked))
    {
      *asked.address = answer.addresses[0];
      asked.name[0] = '\0';
    }
  find_names (g_steal_pointer (&task));
}

/* Takes the task.  A name is looked up only now, when the session has decided for this server, and never by openvpn. */
static void
find_names (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (AditTunnelOffer) offer = NULL;
  GError *error = NULL;
  Unknown unknown;

  if (find_unknown (search->found, &unknown))
    {
      adit_names_find_async (search->offers.names, unknown.name, search->id, unknown.family, g_task_get_cancellable (task),
                             on_name_found, task);
      return;
    }
  offer = g_new0 (AditTunnelOffer, 1);
  if (search->found->is_wireguard)
    fill_wireguard (offer, search->found);
  else if (!fill_openvpn (&offer->spec, &search->found->server, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (offer->spec.kind == ADIT_TUNNEL_OPENVPN)
    {
      lend_secrets (search, &offer->secrets);
      offer->has_others = search->found->server.n_servers > 1;
    }
  g_task_return_pointer (task, g_steal_pointer (&offer), (GDestroyNotify) adit_tunnel_offer_free);
  g_object_unref (task);
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;

  search->found = adit_importer_find_server_finish (ADIT_IMPORTER (source), result, &error);
  if (search->found != NULL && adit_profiles_find (search->offers.profiles, search->id) == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The profile was removed meanwhile");
  if (error != NULL)
    g_task_return_error (task, error);
  else
    find_names (g_steal_pointer (&task));
}

static gboolean
asks_for (guint8 login)
{
  return login == ADIT_PROFILE_LOGIN_ASK_BOTH || login == ADIT_PROFILE_LOGIN_ASK_PASSWORD;
}

/* Asked for before anybody is called: a server that gets no password, or no key, counts that against the account. */
static gboolean
has_login (Search *search, const AditProfile *profile, GError **error)
{
  const AditProfileFacts *facts = &profile->facts;
  g_autofree char *path = adit_profiles_dup_login_path (search->offers.profiles, profile);
  gboolean can_answer = adit_answers_lend (search->offers.answers, &search->answers);

  (void) adit_profile_login_load (path, &search->login);
  if ((asks_for (facts->login) && search->login.password == NULL) ||
      (facts->needs_passphrase && search->login.passphrase == NULL) ||
      (asks_for (facts->proxy_login) && search->login.proxy_password == NULL))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOGIN_REFUSED, "The server asks for what the file does not hold; say it with: "
                 "adit profiles login");
  else if (facts->challenge[0] != '\0' && !can_answer)
    {
      adit_answers_ask (search->offers.answers, facts->challenge, facts->challenge_echo != 0, NULL);
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED, "The server asks for an answer at each connection; give it with: "
                   "adit reconnect --answer");
    }
  else
    return TRUE;
  return FALSE;
}

/* Returns: a descriptor of the text, which is read, too; or -1. */
static int
load (Search *search, const AditProfile *profile, guint number, GError **error)
{
  int fd = has_login (search, profile, error) ? adit_profiles_lend (search->offers.profiles, profile, error) : -1;

  search->number = profile->facts.kind == ADIT_PROFILE_OPENVPN ? number % profile->facts.n_servers : 0;
  if (fd < 0 || (search->text = read_text (fd, profile->text_bytes)) != NULL)
    return fd;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "The profile cannot be read: %s", g_strerror (errno));
  close (fd);
  return -1;
}

/**
 * adit_profile_offer_async:
 * @self: where profiles are, and who reads them
 * @id: one of them
 * @number: which of its servers, counted on and on
 * @cancellable: (nullable): ends the search
 * @callback: called with the offer
 * @user_data: for @callback
 *
 * Looks for the tunnel to that server.
 */
void
adit_profile_offer_async (const AditProfileOffers *self, const char *id, guint number, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  AditProfile *profile = adit_profiles_find (self->profiles, id);
  Search *search = g_new0 (Search, 1);
  GError *error = NULL;
  int fd = -1;

  g_task_set_source_tag (task, adit_profile_offer_async);
  g_task_set_task_data (task, search, search_free);
  search->offers = *self;
  g_strlcpy (search->id, id, sizeof search->id);
  if (profile == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "There is no such profile any more");
  else
    fd = load (search, profile, number, &error);
  if (fd < 0)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  adit_importer_find_server_async (self->importer, search->id, fd, search->number, cancellable, on_server, task);
}

/**
 * adit_profile_offer_foresee:
 * @self: where profiles are, and who reads them
 * @profile: one of them, whose offer has just been asked for
 * @number: which of its servers, counted on and on
 * @spec: whom the lock is going to open to
 * @secrets: what the tunnel is made with, as in the offer
 *
 * Returns: whether that is known without a worker and without a look-up
 */
gboolean
adit_profile_offer_foresee (const AditProfileOffers *self, const AditProfile *profile, guint number, AditTunnelSpec *spec,
                            AditTunnelSecrets *secrets)
{
  const AditWireServer *server = NULL;
  Search *search;
  int fd = -1;

  if (profile->facts.kind == ADIT_PROFILE_OPENVPN)
    server = adit_importer_get_known (self->importer, profile->id, number % profile->facts.n_servers);
  if (server == NULL || server->name[0] != '\0' || server->proxy_name[0] != '\0' || !fill_openvpn (spec, server, NULL))
    return FALSE;
  search = g_new0 (Search, 1);
  search->offers = *self;
  fd = load (search, profile, number, NULL);
  if (fd >= 0)
    {
      lend_secrets (search, secrets);
      close (fd);
    }
  search_free (search);
  return fd >= 0;
}

/**
 * adit_profile_offer_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the tunnel
 */
AditTunnelOffer *
adit_profile_offer_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
