/* SPDX-License-Identifier: GPL-2.0-or-later */
/* source.c: account, then relay.  The account is asked about only where there is a doubt, so that a connection with a cached list
 * needs no word from the service at all. */
#define G_LOG_DOMAIN "adit-source"

#include "client/helper/source.h"

#include <string.h>

#include "client/api/time-zone.h"
#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "platform/transport.h"

/* The try at which a relay's silence may be the account's fault; the third, as in Mullvad's client. */
#define TRY_OF_DOUBT 2

#define NAMES_A_TRY 3    /* each takes seconds where nobody answers; the next try goes on behind them */

/* A relay refuses a handshake whose time is not after the last one's (WireGuard's paper, 5.4.2), so a clock that was set back
 * is refused for as long as it is behind.  An answer on its way makes less of a difference than this. */
#define BEHIND_S 60

struct _AditSource
{
  GObject          parent_instance;
  AditVault       *vault;
  AditWorkerProxy *proxy;
  AditRotation    *rotation;    /* (nullable) */
  AditProfileOffers profiles;
  const AditChoice *choice;
  guint             step;             /* of the ladder of ports, addresses and relays, since this wish was said or came true */
  char             profile[ADIT_ACCOUNT_ID_MAX_BYTES];    /* that was asked for last */
  guint            server_number;    /* in @order; each try takes the next, since nobody knows which one answers */
  guint8           order[ADIT_OPENVPN_MAX_REMOTES];    /* of its servers: the file's, or by chance where that says so */
};

typedef struct
{
  AditWish wish;
  char     avoid[ADIT_SERVER_MAX_BYTES];
  guint    try_number, step;
  gboolean is_untrusted;
  guint    n_names;    /* of a profile's servers, that led nowhere in this try */
  GError  *refusal;    /* (nullable): the service has made no tunnel; the account is asked why */
} Search;

static void adit_source_iface_init (AditTunnelSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditSource, adit_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL_SOURCE, adit_source_iface_init))

static void on_account_checked (GObject *source, GAsyncResult *result, gpointer user_data);

static void
search_free (Search *search)
{
  g_clear_error (&search->refusal);
  g_free (search);
}

/* Takes the task. */
static void
check_account (GTask *task, AditAccount *account)
{
  AditSource *self = g_task_get_source_object (task);
  AditWireRequest request = { 0 };

  adit_account_lend (account, &request, ADIT_WIRE_WANT_ACCOUNT);
  adit_worker_proxy_ask_async (self->proxy, account->service, &request, g_task_get_cancellable (task), on_account_checked, task);
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditSource *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AditAccount *account = adit_vault_find (self->vault, search->wish.account);
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  AditTunnelOffer *offer = NULL;

  adit_account_keep_words (self->vault, account, adit_worker_proxy_peek_words (result));
  if (answer != NULL && account == NULL)
    g_set_error_literal (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
  else if (answer != NULL)
    offer = adit_account_make_offer (account, answer, &error);
  else if (account != NULL && account->service->makes_tunnels && g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED))
    {
      search->refusal = error;
      check_account (g_steal_pointer (&task), account);
      return;
    }
  if (offer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  offer->is_untrusted = search->is_untrusted;
  g_task_return_pointer (task, offer, (GDestroyNotify) adit_tunnel_offer_free);
}

/* What was said with this wish, or else what is set. */
static void
fill_choice (AditSource *self, const Search *search, const AditService *service, AditWireChoice *choice)
{
  const AditServerWish *servers = search->wish.has_servers ? &search->wish.servers : &self->choice->servers;
  AditPosition near = self->choice->near;

  choice->protocol = (guint8) search->wish.protocol;
  choice->entry = search->wish.entry;
  choice->has_entry = search->wish.has_entry ? 1 : 0;
  choice->filter = servers->filter;
  choice->filter.n_blocks = adit_choice_get_blocks (self->choice, service->id, choice->filter.blocks);
  choice->pick = (guint8) servers->pick;
  choice->has_ipv6_outside = adit_transport_has_way (ADIT_FAMILY_IPV6) ? 1 : 0;
  if (servers->pick == ADIT_PICK_NEAREST &&
      (self->choice->has_near || adit_time_zone_find_position (ADIT_LOCAL_TIME, ADIT_TIME_ZONES, &near)))
    {
      choice->has_near = 1;
      choice->near = near;
    }
}

static void
choose (GTask *task)
{
  AditSource *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AditAccount *account = adit_vault_find (self->vault, search->wish.account);
  AditWireRequest request = { .want = ADIT_WIRE_WANT_CHOOSE, .try_number = search->step, .place = search->wish.place,
                              .has_ipv6 = TRUE };

  if (account == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
      g_object_unref (task);
      return;
    }
  if (search->wish.from_favourites)
    request.choice.n_places = adit_choice_get_favourites (self->choice, account->service->id, request.choice.places);
  if (search->wish.from_favourites && request.choice.n_places == 0)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_FILTERED, "No favourite is a place of %s", account->service->name);
      g_object_unref (task);
      return;
    }
  /* Nobody else needs to know who wants a tunnel: the list has all of it. */
  if (account->service->makes_tunnels)
    adit_account_lend (account, &request, ADIT_WIRE_WANT_CHOOSE);
  fill_choice (self, search, account->service, &request.choice);
  g_strlcpy (request.avoid, search->avoid, sizeof request.avoid);
  adit_worker_proxy_ask_async (self->proxy, account->service, &request, g_task_get_cancellable (task), on_chosen, task);
}

static void
on_key_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (adit_rotation_prepare_finish (ADIT_ROTATION (source), result, &error))
    choose (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/* Takes the task.  A tunnel of WireGuard needs a key that the service knows. */
static void
prepare_key (GTask *task, AditAccount *account, gboolean is_doubted)
{
  AditSource *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);

  if (self->rotation == NULL || search->wish.protocol != ADIT_PROTOCOL_WIREGUARD || account->service->keys.days == 0)
    choose (task);
  else
    adit_rotation_prepare_async (self->rotation, account, is_doubted, g_task_get_cancellable (task), on_key_ready, task);
}

/* Nobody answers: is it the key?  Where the service does not say which one it knows, it may be. */
static gboolean
is_doubtful (const Search *search, const AditAccount *account, const AditWireAccount *answer)
{
  return search->try_number == TRY_OF_DOUBT && (answer->key_is_other != 0 || !account->service->keys.is_told);
}

static gboolean
is_behind (const AditWireAccount *account, gint64 now_s)
{
  return account->service_time_s > now_s + BEHIND_S;
}

/* By the calendar, whoever has last said until when. */
static gboolean
is_past_end (const AditAccount *account, gint64 now_s)
{
  return account->expires_at_s != 0 && account->expires_at_s <= now_s;
}

static void
on_account_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditSource *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AditAccount *account = adit_vault_find (self->vault, search->wish.account);
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  adit_account_keep_words (self->vault, account, adit_worker_proxy_peek_words (result));
  if (account == NULL)
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
           g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED) ||
           g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SIGN_IN_ENDED) ||
           g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED) ||
           g_error_matches (error, ADIT_ERROR, ADIT_ERROR_WRONG_CLOCK))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (answer != NULL && !answer->last.account.device_is_known && !answer->last.account.key_is_other)
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED, "The service no longer knows this computer");
  else if (answer != NULL && search->try_number == TRY_OF_DOUBT && is_behind (&answer->last.account, now_s))
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_WRONG_CLOCK, "This computer's clock is %" G_GINT64_FORMAT
                             " seconds behind the service's, and the relay does not answer",
                             answer->last.account.service_time_s - now_s);
  else
    {
      /* That it is not active was perhaps true last time: where nobody can be asked, the relay may know better. */
      if (is_past_end (account, now_s) || (answer != NULL && account->is_inactive))
        g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_ACCOUNT_EXPIRED, "The account has no time left");
      else if (search->refusal != NULL)
        g_task_return_error (task, g_steal_pointer (&search->refusal));
      else    /* also where the service did not answer: the relay may */
        {
          search->is_untrusted = g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
          prepare_key (g_steal_pointer (&task), account, answer != NULL && is_doubtful (search, account, &answer->last.account));
        }
    }
}

static gboolean
is_about_name (const GError *error)
{
  return error->domain == ADIT_ERROR &&
         (error->code == ADIT_ERROR_SERVICE_REFUSED || error->code == ADIT_ERROR_SERVICE_NONSENSE ||
          error->code == ADIT_ERROR_SERVICE_UNREACHABLE || error->code == ADIT_ERROR_SERVICE_UNTRUSTED);
}

static guint
get_server (AditSource *self, const AditProfile *profile)
{
  return self->order[self->server_number % profile->facts.n_servers];
}

/* A name that leads nowhere says nothing of the file's other servers.  And what leads nowhere today may tomorrow. */
static void
on_profile_offer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditSource *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AditProfile *profile = adit_profiles_find (self->profiles.profiles, search->wish.account);
  GError *error = NULL;
  AditTunnelOffer *offer = adit_profile_offer_finish (result, &error);

  if (offer != NULL)
    {
      g_task_return_pointer (task, offer, (GDestroyNotify) adit_tunnel_offer_free);
      return;
    }
  if (profile != NULL && is_about_name (error))
    {
      self->server_number++;
      if (++search->n_names < MIN (profile->facts.n_servers, NAMES_A_TRY))
        {
          g_debug ("on to the next server: %s", error->message);
          g_error_free (error);
          adit_profile_offer_async (&self->profiles, profile->id, get_server (self, profile), g_task_get_cancellable (task),
                                    on_profile_offer, g_steal_pointer (&task));
          return;
        }
      error->code = ADIT_ERROR_SERVICE_UNREACHABLE;
    }
  g_task_return_error (task, error);
}

/* As openvpn does it: a list that is drawn, and then gone through from one end to the other. */
static void
draw_order (AditSource *self, const AditProfileFacts *facts)
{
  self->server_number = 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->order); i++)
    self->order[i] = (guint8) i;
  for (guint i = 0; facts->is_random && i + 1 < facts->n_servers; i++)
    {
      guint j = (guint) g_random_int_range ((gint32) i, facts->n_servers);
      guint8 drawn = self->order[j];

      self->order[j] = self->order[i];
      self->order[i] = drawn;
    }
}

static void
offer_profile (AditSource *self, const AditProfile *profile, guint try_number, GTask *task)
{
  if (!g_str_equal (self->profile, profile->id) || (try_number == 0 && profile->facts.is_random))
    {
      g_strlcpy (self->profile, profile->id, sizeof self->profile);
      draw_order (self, &profile->facts);
    }
  else if (try_number > 0)
    self->server_number++;
  adit_profile_offer_async (&self->profiles, profile->id, get_server (self, profile), g_task_get_cancellable (task),
                            on_profile_offer, task);
}

static AditTunnelKind
adit_source_guess_kind (AditTunnelSource *source, const AditWish *wish)
{
  AditProfile *profile = adit_profiles_find (ADIT_SOURCE (source)->profiles.profiles, wish->account);
  gboolean is_openvpn = profile != NULL ? profile->facts.kind == ADIT_PROFILE_OPENVPN
                                        : wish->protocol != ADIT_PROTOCOL_WIREGUARD;

  return is_openvpn ? ADIT_TUNNEL_OPENVPN : ADIT_TUNNEL_WIREGUARD;
}

static void
adit_source_offer_async (AditTunnelSource *source, const AditWish *wish, const char *avoid, guint try_number,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  AditSource *self = ADIT_SOURCE (source);
  AditAccount *account = adit_vault_find (self->vault, wish->account);
  AditProfile *profile = adit_profiles_find (self->profiles.profiles, wish->account);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, adit_source_offer_async);
  search->wish = *wish;
  g_strlcpy (search->avoid, avoid, sizeof search->avoid);
  search->try_number = try_number;
  /* There is one to avoid from the first failure to a new wish or a connection: also when the tries are counted anew. */
  self->step = avoid[0] != '\0' ? self->step + 1 : 0;
  search->step = self->step;
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  if (profile != NULL)
    {
      offer_profile (self, profile, try_number, task);
      return;
    }
  if (account == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "Nobody is signed in");
      g_object_unref (task);
      return;
    }
  if (try_number != TRY_OF_DOUBT && !account->is_inactive && !is_past_end (account, g_get_real_time () / G_USEC_PER_SEC))
    {
      if (try_number == 0)
        prepare_key (task, account, FALSE);
      else
        choose (task);
      return;
    }
  check_account (task, account);
}

static AditTunnelOffer *
adit_source_offer_finish (AditTunnelSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
adit_source_foresee (AditTunnelSource *source, const AditWish *wish, AditTunnelSpec *spec, AditTunnelSecrets *secrets)
{
  AditSource *self = ADIT_SOURCE (source);
  AditProfile *profile = adit_profiles_find (self->profiles.profiles, wish->account);

  return profile != NULL && adit_profile_offer_foresee (&self->profiles, profile, get_server (self, profile), spec, secrets);
}

static void
adit_source_iface_init (AditTunnelSourceInterface *iface)
{
  iface->guess_kind = adit_source_guess_kind;
  iface->offer_async = adit_source_offer_async;
  iface->offer_finish = adit_source_offer_finish;
  iface->foresee = adit_source_foresee;
}

static void
adit_source_dispose (GObject *object)
{
  AditSource *self = ADIT_SOURCE (object);

  g_clear_object (&self->rotation);
  g_clear_object (&self->proxy);
  G_OBJECT_CLASS (adit_source_parent_class)->dispose (object);
}

static void
adit_source_class_init (AditSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_source_dispose;
}

static void
adit_source_init (AditSource *self)
{
}

/**
 * adit_source_new:
 * @vault: outlives the source
 * @proxy: asks the workers
 * @profiles: what people have imported, and who reads it; both outlive the source
 * @choice: which server is wanted, and what its resolver is to leave out; looked at anew at each try
 *
 * Returns: (transfer full): a source of tunnels
 */
AditSource *
adit_source_new (AditVault *vault, AditWorkerProxy *proxy, const AditProfileOffers *profiles, const AditChoice *choice)
{
  AditSource *self = g_object_new (ADIT_TYPE_SOURCE, NULL);

  self->vault = vault;
  self->profiles = *profiles;
  self->choice = choice;
  self->proxy = g_object_ref (proxy);
  return self;
}

static void
on_resolvers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  AditResolvers *resolvers;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  resolvers = g_new0 (AditResolvers, 1);
  adit_account_fill_resolvers (resolvers, &answer->last.tunnel);
  g_task_return_pointer (task, resolvers, g_free);
}

/**
 * adit_source_ask_resolvers_async:
 * @self: a source
 * @wish: the one that has come true, of an account
 * @spec: the tunnel that is up
 * @callback: called with whom that one asks for names, as it is set now
 * @user_data: for @callback
 *
 * The list says it: the service hears nothing of it.
 */
void
adit_source_ask_resolvers_async (AditSource *self, const AditWish *wish, const AditTunnelSpec *spec,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  AditAccount *account = adit_vault_find (self->vault, wish->account);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  AditWireRequest request = { .want = ADIT_WIRE_WANT_CHOOSE, .place = spec->location.place };

  g_task_set_source_tag (task, adit_source_ask_resolvers_async);
  if (account == NULL || account->service->makes_tunnels)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "This tunnel is of no account that has a list");
      g_object_unref (task);
      return;
    }
  request.has_ipv6 = adit_tunnel_spec_has_family (spec, ADIT_FAMILY_IPV6);
  request.choice.protocol = (guint8) wish->protocol;
  request.choice.filter.n_blocks = adit_choice_get_blocks (self->choice, account->service->id, request.choice.filter.blocks);
  adit_worker_proxy_ask_async (self->proxy, account->service, &request, NULL, on_resolvers, task);
}

/**
 * adit_source_ask_resolvers_finish:
 * @self: a source
 * @result: what the callback was given
 * @resolvers: (out caller-allocates): them, with what they leave out
 * @error: return location; %ADIT_ERROR_NO_ACCOUNT, or what a worker said
 *
 * Returns: whether they are known
 */
gboolean
adit_source_ask_resolvers_finish (AditSource *self, GAsyncResult *result, AditResolvers *resolvers, GError **error)
{
  g_autofree AditResolvers *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found != NULL)
    *resolvers = *found;
  return found != NULL;
}

/**
 * adit_source_set_rotation:
 * @self: a source
 * @rotation: who changes keys; without one they stay as they are
 */
void
adit_source_set_rotation (AditSource *self, AditRotation *rotation)
{
  g_set_object (&self->rotation, rotation);
}
