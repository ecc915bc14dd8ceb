/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-fixture.c: a session among recording fakes, and how it comes to be connected. */
#include "tests/unit/session-fixture.h"

#include <string.h>

/* --- A source that answers at the next turn of the main loop, or fails --------------------------------------------------- */

static void test_source_iface_init (AditTunnelSourceInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource, test_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL_SOURCE, test_source_iface_init))

/* By way of another server, 198.51.100.30. */
static void
nest (AditTunnelSpec *spec)
{
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 2 };
  AditTunnelPeer *inner = &spec->more_peers[0];

  inner->endpoint = spec->peer;
  memcpy (inner->key, spec->peer_key, sizeof inner->key);
  inner->n_allowed_ips = 1;
  spec->n_more_peers = 1;
  spec->is_nested = TRUE;
  g_assert_true (adit_endpoint_parse ("198.51.100.30:53", &spec->peer));
  memcpy (spec->peer_key, key, sizeof key);
  spec->allowed_ips[1] = spec->allowed_ips[0];
  spec->allowed_ips[0] = (AditPrefix) { inner->endpoint.address, 32 };
  spec->n_allowed_ips = 2;
  g_assert_true (adit_place_set (&spec->entry.place, "nl", "ams", "nl-ams-wg-001"));
}

static AditTunnelOffer *
make_offer (AditTunnelKind kind)
{
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  AditTunnelOffer *offer = g_new0 (AditTunnelOffer, 1);
  AditTunnelSpec *spec = &offer->spec;

  g_assert_true (adit_endpoint_parse ("198.51.100.10:51820", &spec->peer));
  memcpy (spec->peer_key, key, sizeof key);
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &spec->addresses[0]));
  spec->n_addresses = 1;
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &spec->allowed_ips[0]));
  spec->n_allowed_ips = 1;
  g_assert_true (adit_address_parse ("10.64.0.1", &spec->dns[0]));
  spec->n_dns = 1;
  spec->mtu_bytes = 1380;
  g_assert_true (adit_place_set (&spec->location.place, "se", "got", "se-got-wg-001"));
  if (kind == ADIT_TUNNEL_OPENVPN)
    {
      spec->kind = kind;
      spec->transport = ADIT_TRANSPORT_TCP;
      spec->carrier_uid = 61003;
      spec->n_addresses = spec->n_allowed_ips = spec->n_dns = spec->mtu_bytes = 0;
      return offer;
    }
  offer->secrets.private_key = adit_secret_new (key, sizeof key);
  return offer;
}

static void
test_source_offer_async (AditTunnelSource *source, const AditWish *wish, const char *avoid, guint try_number,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_asked++;
  g_strlcpy (self->avoid, avoid, sizeof self->avoid);
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    {
      AditTunnelOffer *offer = make_offer (self->kind);
      AditResolvers resolvers = { .n_dns = 1, .n_blocks = 1, .blocks = { "ads" } };

      if (self->blocking != NULL && adit_address_parse (self->blocking, &resolvers.dns[0]))
        adit_tunnel_spec_set_resolvers (&offer->spec, &resolvers);

      if (self->is_nested)
        nest (&offer->spec);
      offer->is_untrusted = self->is_untrusted;
      g_task_return_pointer (task, offer, (GDestroyNotify) adit_tunnel_offer_free);
    }
}

static AditTunnelOffer *
test_source_offer_finish (AditTunnelSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static AditTunnelKind
test_source_guess_kind (AditTunnelSource *source, const AditWish *wish)
{
  return TEST_SOURCE (source)->kind;
}

static gboolean
test_source_foresee (AditTunnelSource *source, const AditWish *wish, AditTunnelSpec *spec, AditTunnelSecrets *secrets)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (AditTunnelOffer) offer = make_offer (self->kind);

  *spec = offer->spec;
  return self->foresees;
}

static void
test_source_iface_init (AditTunnelSourceInterface *iface)
{
  iface->guess_kind = test_source_guess_kind;
  iface->offer_async = test_source_offer_async;
  iface->offer_finish = test_source_offer_finish;
  iface->foresee = test_source_foresee;
}

static void
test_source_finalize (GObject *object)
{
  g_clear_error (&TEST_SOURCE (object)->error);
  G_OBJECT_CLASS (test_source_parent_class)->finalize (object);
}

static void
test_source_class_init (TestSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_source_finalize;
}

static void
test_source_init (TestSource *self)
{
}

/* --- Fixture ------------------------------------------------------------------------------------------------------------- */

const AditWish session_nothing;
const AditWish session_wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" };

void
session_set_up (Fixture *f, gconstpointer data)
{
  AditEndpoint api;

  f->log = adit_fake_log_new ();
  f->firewall = adit_fake_firewall_new (f->log);
  f->route = adit_fake_route_new (f->log);
  f->network = adit_fake_network_new ();
  f->tunnel = adit_fake_tunnel_new (f->log);
  f->dns = adit_fake_dns_new (f->log);
  f->source = g_object_new (TEST_TYPE_SOURCE, NULL);
  f->platform = (AditPlatform) { .firewall = ADIT_FIREWALL (f->firewall), .route = ADIT_ROUTE (f->route),
                                 .network = ADIT_NETWORK (f->network), .tunnels = { ADIT_TUNNEL (f->tunnel) },
                                 .n_tunnels = 1, .dns = { ADIT_DNS (f->dns) }, .n_dns = 1 };
  f->session = adit_session_new (&f->platform, ADIT_TUNNEL_SOURCE (f->source));
  g_assert_true (adit_endpoint_parse ("45.83.223.196:443", &api));
  g_assert_true (adit_session_set_api (f->session, &api, 1, NULL));
}

void
session_tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->source);
  g_clear_object (&f->dns);
  g_clear_object (&f->tunnel);
  g_clear_object (&f->route);
  g_clear_object (&f->network);
  g_clear_object (&f->firewall);
  g_ptr_array_unref (f->log);
}

void
session_shake_hands (Fixture *f)
{
  AditTunnelProgress progress = { .handshake_age_ms = 0, .received_bytes = 92, .sent_bytes = 148 };

  adit_fake_tunnel_set_progress (f->tunnel, &progress);
}

static gboolean
on_too_late (gpointer user_data)
{
  g_error ("the session did not get there in time");
  return G_SOURCE_REMOVE;
}

void
session_wait_for (Fixture *f, AditState state)
{
  guint limit = g_timeout_add_seconds (20, on_too_late, NULL);

  while (adit_session_get_state (f->session) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

void
session_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Are these lines in the log, in this order, with anything between them? */
void
session_assert_order (Fixture *f, const char *const *lines)
{
  guint at = 0;

  for (; *lines != NULL; lines++)
    {
      while (at < f->log->len && !g_str_has_prefix (f->log->pdata[at], *lines))
        at++;
      if (at++ >= f->log->len)
        {
          g_autofree char *text = adit_fake_log_dup_text (f->log);

          g_error ("\"%s\" is missing or out of order in:\n%s", *lines, text);
        }
    }
}

void
session_start_disconnected (Fixture *f)
{
  adit_session_start (f->session, ADIT_REASON_STARTING, &session_nothing, FALSE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

void
session_start_connected_again (Fixture *f)
{
  GError *error = NULL;

  session_shake_hands (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &session_wish, &error));
  g_assert_no_error (error);
  session_wait_for (f, ADIT_STATE_CONNECTED);
}

void
session_start_connected (Fixture *f)
{
  session_start_disconnected (f);
  session_start_connected_again (f);
}

void
session_wait_for_offers (Fixture *f, guint n)
{
  guint limit = g_timeout_add_seconds (20, on_too_late, NULL);

  while (f->source->n_asked < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

/* OpenVPN's far end says only then what is inside: the lock opens to it alone, and inside only what it has assigned. */
void
session_start_openvpn (Fixture *f, const char *address, const char *resolver)
{
  AditTunnelSpec assigned = { .kind = ADIT_TUNNEL_OPENVPN, .n_addresses = 1, .n_allowed_ips = 1, .mtu_bytes = 1500 };

  g_assert_true (adit_prefix_parse (address, &assigned.addresses[0]));
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &assigned.allowed_ips[0]));
  if (resolver != NULL)
    g_assert_true (adit_address_parse (resolver, &assigned.dns[assigned.n_dns++]));
  adit_fake_tunnel_set_assigned (f->tunnel, &assigned);
  f->source->kind = ADIT_TUNNEL_OPENVPN;
  session_start_disconnected (f);
  session_shake_hands (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
}
