/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session.c: the walk through the table with recording fakes: what is called in which order,
 * and which lock is in force then. */
#include "client/core/session.h"

#include <string.h>

#include "client/base/error.h"
#include "platform/fake/fake-dns.h"
#include "platform/fake/fake-firewall.h"
#include "platform/fake/fake-network.h"
#include "platform/fake/fake-route.h"
#include "platform/fake/fake-tunnel.h"

/* --- A source that answers at the next turn of the main loop, or fails --------------------------------------------------- */

#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject  parent_instance;
  GError  *error;
  guint    n_asked;
  AditTunnelKind kind;
  gboolean is_nested;
  const char *blocking;    /* (nullable): the resolver that leaves out what is to be left out */
  char     avoid[ADIT_SERVER_MAX_BYTES];
};

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
      g_task_return_pointer (task, offer, (GDestroyNotify) adit_tunnel_offer_free);
    }
}

static AditTunnelOffer *
test_source_offer_finish (AditTunnelSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_source_iface_init (AditTunnelSourceInterface *iface)
{
  iface->offer_async = test_source_offer_async;
  iface->offer_finish = test_source_offer_finish;
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

typedef struct
{
  GPtrArray        *log;
  AditFakeFirewall *firewall;
  AditFakeRoute    *route;
  AditFakeNetwork  *network;
  AditFakeTunnel   *tunnel;
  AditFakeDns      *dns;
  TestSource       *source;
  AditPlatform      platform;
  AditSession      *session;
} Fixture;

static const AditWish nothing;
static const AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" };

static void
set_up (Fixture *f, gconstpointer data)
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

static void
tear_down (Fixture *f, gconstpointer data)
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

static void
shake_hands (Fixture *f)
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

static void
wait_for (Fixture *f, AditState state)
{
  guint limit = g_timeout_add_seconds (20, on_too_late, NULL);

  while (adit_session_get_state (f->session) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Are these lines in the log, in this order, with anything between them? */
static void
assert_order (Fixture *f, const char *const *lines)
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

#define ASSERT_ORDER(f, ...) assert_order (f, (const char *const[]) { __VA_ARGS__, NULL })

static void
start_disconnected (Fixture *f)
{
  adit_session_start (f->session, ADIT_REASON_STARTING, &nothing, FALSE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

static void
start_connected_again (Fixture *f)
{
  GError *error = NULL;

  shake_hands (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &wish, &error));
  g_assert_no_error (error);
  wait_for (f, ADIT_STATE_CONNECTED);
}

static void
start_connected (Fixture *f)
{
  start_disconnected (f);
  start_connected_again (f);
}

/* --- Tests --------------------------------------------------------------------------------------------------------------- */

static void
test_quiet_start (Fixture *f, gconstpointer data)
{
  start_disconnected (f);
  for (guint i = 0; i < f->log->len; i++)
    g_assert_false (g_str_has_prefix (f->log->pdata[i], "firewall.apply"));
}

static void
test_connect_order (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  start_connected (f);
  ASSERT_ORDER (f, "firewall.apply peer", "firewall.apply peer", "tunnel.start", "route.apply", "dns.apply",
                "firewall.apply tunnel");
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpint (policy->lock, ==, ADIT_LOCK_TUNNEL);
  g_assert_cmpuint (policy->peer.port, ==, 51820);
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_cmpuint (policy->n_tunnel_addresses, ==, 1);
  g_assert_cmpint (adit_session_get_since_s (f->session), >, 0);
}

static void
test_nested (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  f->source->is_nested = TRUE;
  start_connected (f);
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->peer.port, ==, 53);
  g_assert_cmpuint (policy->n_more_peers, ==, 0);    /* the second is nobody's on the wire */
  g_assert_cmpuint (policy->inner_peer.port, ==, 51820);
  adit_session_disconnect (f->session);
  wait_for (f, ADIT_STATE_DISCONNECTED);
  f->source->is_nested = FALSE;
  start_connected_again (f);
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->inner_peer.port, ==, 0);
}

/* Which of the two is silent is said, and that one is avoided. */
static void
test_nested_silence (Fixture *f, gconstpointer data)
{
  static const struct { guint64 of_entry_bytes; const char *said, *avoided; } rows[] = {
    { 0, "to enter by did not answer", "nl-ams-wg-001" }, { 92, "to leave by did not answer", "se-got-wg-001" },
  };

  f->source->is_nested = TRUE;
  start_disconnected (f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelProgress silence = { .handshake_age_ms = -1, .sent_bytes = 148, .others_received_bytes = rows[i].of_entry_bytes };
      guint n_asked = f->source->n_asked, limit = g_timeout_add_seconds (20, on_too_late, NULL);

      adit_fake_tunnel_set_progress (f->tunnel, &silence);
      g_assert_true (adit_session_connect (f->session, &wish, NULL));
      while (f->source->n_asked < n_asked + 2)
        g_main_context_iteration (NULL, TRUE);
      g_source_remove (limit);
      g_assert_cmpstr (f->source->avoid, ==, rows[i].avoided);
      g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE);
      g_assert_nonnull (strstr (adit_session_get_error (f->session)->message, rows[i].said));
      adit_session_disconnect (f->session);
      wait_for (f, ADIT_STATE_DISCONNECTED);
    }
}

/* OpenVPN's far end says only then what is inside: the lock opens to it alone, and inside only what it has assigned. */
static void
start_openvpn (Fixture *f, const char *address, const char *resolver)
{
  AditTunnelSpec assigned = { .kind = ADIT_TUNNEL_OPENVPN, .n_addresses = 1, .n_allowed_ips = 1, .mtu_bytes = 1500 };

  g_assert_true (adit_prefix_parse (address, &assigned.addresses[0]));
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &assigned.allowed_ips[0]));
  if (resolver != NULL)
    g_assert_true (adit_address_parse (resolver, &assigned.dns[assigned.n_dns++]));
  adit_fake_tunnel_set_assigned (f->tunnel, &assigned);
  f->source->kind = ADIT_TUNNEL_OPENVPN;
  start_disconnected (f);
  shake_hands (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
}

static void
test_openvpn (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  start_openvpn (f, "10.65.0.2/24", "10.65.0.1");
  wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply peer", "firewall.apply peer", "tunnel.start", "firewall.apply peer", "route.apply",
                "dns.apply", "firewall.apply tunnel");
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->carrier_uid, ==, 61003);
  g_assert_cmpint (policy->transport, ==, ADIT_TRANSPORT_TCP);
  g_assert_cmpuint (policy->n_tunnel_addresses, ==, 1);
  g_assert_cmpuint (policy->n_dns, ==, 1);
}

/* What it assigns can be a lie. */
static void
test_openvpn_refused (Fixture *f, gconstpointer data)
{
  static const struct { const char *address, *resolver; AditReason reason; } lies[] = {
    { "127.0.0.1/8", "10.65.0.1", ADIT_REASON_TUNNEL_FAILED }, { "10.65.0.2/24", "127.0.0.53", ADIT_REASON_TUNNEL_FAILED },
    { "224.0.0.1/24", "10.65.0.1", ADIT_REASON_TUNNEL_FAILED }, { "10.65.0.2/24", NULL, ADIT_REASON_DNS_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      start_openvpn (f, lies[i].address, lies[i].resolver);
      wait_for (f, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, lies[i].reason);
      g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
      for (guint n = 0; n < f->log->len; n++)
        g_assert_false (g_str_has_prefix (f->log->pdata[n], "route.apply"));
      adit_session_disconnect (f->session);
      settle ();
    }
}

static void
test_disconnect_order (Fixture *f, gconstpointer data)
{
  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  ASSERT_ORDER (f, "dns.revert", "route.revert", "firewall.apply off");
  g_assert_cmpint (adit_session_get_since_s (f->session), ==, 0);
  g_assert_null (adit_session_get_spec (f->session));
  /* What is left of the device after the routes are gone lets nothing out, and nobody waits for its end. */
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  settle ();
  ASSERT_ORDER (f, "firewall.apply off", "tunnel.stop");
}

/* A device that may still have its address or be up goes before the lock does. */
static void
test_disconnect_with_routes_that_stay (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "on purpose");

  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_fake_route_fail_next (f->route, "revert", error);
  adit_session_disconnect (f->session);
  ASSERT_ORDER (f, "route.revert", "tunnel.stop", "firewall.apply off");
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

/* Whoever connects again at once does not meet the device of before. */
static void
test_connect_after_disconnect (Fixture *f, gconstpointer data)
{
  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply off", "firewall.apply peer", "tunnel.stop", "tunnel.start", "firewall.apply tunnel");
  g_ptr_array_set_size (f->log, 0);
  settle ();
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
}

static void
test_shell_that_stays_is_told (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "on purpose");

  start_connected (f);
  adit_fake_tunnel_fail_next (f->tunnel, "stop", error);
  adit_session_disconnect (f->session);
  g_assert_no_error (adit_session_get_error (f->session));
  settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

static void
test_disconnect_into_lockdown (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, &error));
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_set_lockdown (f->session, FALSE, &error));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
}

/* Lockdown's lock too; and what is wanted is still known.  The lock is there again before anything else. */
static void
test_pause (Fixture *f, gconstpointer data)
{
  start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  g_assert_true (adit_session_is_paused (f->session) && adit_session_get_wish (f->session)->connected);
  g_ptr_array_set_size (f->log, 0);
  adit_session_resume (f->session);
  g_assert_false (adit_session_is_paused (f->session));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply peer", "tunnel.start", "firewall.apply tunnel");
  adit_session_resume (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

/* Disconnected for good, more protection, or another wish: each ends it, and none leaves anything open that it would not. */
static void
test_pause_that_is_ended (Fixture *f, gconstpointer data)
{
  start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_true (adit_session_pause (f->session, NULL));
  adit_session_disconnect (f->session);
  g_assert_false (adit_session_is_paused (f->session));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));    /* of lockdown alone */
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  adit_session_resume (f->session);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_session_is_paused (f->session));
}

/* A computer that cannot be locked when it is over is told of, and tried again. */
static void
test_pause_without_lock_after (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  start_connected (f);
  g_assert_true (adit_session_pause (f->session, NULL));
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_resume (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
}

/* A helper that starts in the middle of one neither connects nor locks; without one it does. */
static void
test_start_in_pause (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, GPOINTER_TO_INT (data));
  shake_hands (f);
  adit_session_start_paused (f->session, &wish, TRUE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  adit_session_resume (f->session);
  wait_for (f, ADIT_STATE_CONNECTED);
}

static void
test_switch_never_opens (Fixture *f, gconstpointer data)
{
  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
  ASSERT_ORDER (f, "firewall.apply peer", "tunnel.stop", "firewall.apply peer", "tunnel.start", "firewall.apply tunnel");
}

/* While a start is held back, the user changes their mind: nothing is undone before the start has said its last word. */
static void
test_disconnect_during_start (Fixture *f, gconstpointer data)
{
  start_disconnected (f);
  adit_fake_tunnel_hold_start (f->tunnel, TRUE);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  settle ();
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTING);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  g_assert_true (adit_fake_tunnel_release_start (f->tunnel));
  wait_for (f, ADIT_STATE_DISCONNECTED);
  settle ();
  g_assert_false (adit_fake_log_has (f->log, "route.apply"));
  ASSERT_ORDER (f, "route.revert", "firewall.apply off", "tunnel.stop");
}

static void
test_reconnect_during_start_makes_one_attempt (Fixture *f, gconstpointer data)
{
  start_disconnected (f);
  shake_hands (f);
  adit_fake_tunnel_hold_start (f->tunnel, TRUE);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  settle ();
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  settle ();
  g_assert_cmpuint (f->source->n_asked, ==, 1);
  adit_fake_tunnel_hold_start (f->tunnel, FALSE);
  g_assert_true (adit_fake_tunnel_release_start (f->tunnel));
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpuint (f->source->n_asked, ==, 2);
}

static void
test_no_account_blocks (Fixture *f, gconstpointer data)
{
  f->source->error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "nobody");
  start_disconnected (f);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_NO_ACCOUNT);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

/* A step that fails leaves the computer blocked, undone and told why, whichever step it is. */
static void
test_failing_steps (Fixture *f, gconstpointer data)
{
  static const struct { const char *what; AditError code; AditReason reason; } steps[] = {
    { "tunnel", ADIT_ERROR_TUNNEL_FAILED, ADIT_REASON_TUNNEL_FAILED },
    { "route", ADIT_ERROR_TUNNEL_FAILED, ADIT_REASON_TUNNEL_FAILED },
    { "dns", ADIT_ERROR_DNS_FAILED, ADIT_REASON_DNS_FAILED },
  };

  start_disconnected (f);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = g_error_new (ADIT_ERROR, (gint) steps[i].code, "%s on purpose", steps[i].what);

      g_ptr_array_set_size (f->log, 0);
      if (i == 0)
        adit_fake_tunnel_fail_next (f->tunnel, "start", error);
      else if (i == 1)
        adit_fake_route_fail_next (f->route, "apply", error);
      else
        adit_fake_dns_fail_next (f->dns, "apply", error);
      g_assert_true (adit_session_connect (f->session, &wish, NULL));
      wait_for (f, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, steps[i].reason);
      g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
      ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
      g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
    }
}

static void
test_lock_that_fails (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  GError *probe_error = NULL;

  start_disconnected (f);
  /* A computer that cannot be locked is left as it is. */
  adit_fake_firewall_fail_next (f->firewall, "probe", error);
  g_assert_false (adit_session_connect (f->session, &wish, &probe_error));
  g_assert_error (probe_error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  g_clear_error (&probe_error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);

  /* A lock that fails on the way is an error that blocks, and nothing was built behind it. */
  g_ptr_array_set_size (f->log, 0);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.start"));
}

static void
test_opening_that_fails_stays_locked (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  start_connected (f);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

static void
test_lost_tunnel_reconnects (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "the process is gone");

  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_tunnel_emit_lost (ADIT_TUNNEL (f->tunnel), error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

static void
test_disturbed_firewall (Fixture *f, gconstpointer data)
{
  start_connected (f);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), TRUE, 700, "nft[1]");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
}

/* Without a lock the routes into the tunnel are all that keeps packets in, so they stay until there is one; however often it is
 * refused. */
static void
test_lock_that_is_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  start_connected (f);
  for (guint i = 0; i < 2; i++)
    {
      g_ptr_array_set_size (f->log, 0);
      adit_fake_firewall_fail_next (f->firewall, "apply", error);
      adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
      g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
      settle ();
      g_assert_false (adit_fake_log_has (f->log, "route.revert"));
      g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
    }
  wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply all", "route.revert", "firewall.apply tunnel");
}

/* Whoever disconnects wants their network, lock or no lock; but nobody is told of a lock that may not be there. */
static void
test_disconnect_without_a_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  start_connected (f);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_TUNNEL);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  ASSERT_ORDER (f, "dns.revert", "route.revert", "firewall.apply off");
}

/* What is there goes as soon as there is a lock; where the wish is lost nothing else does, and that is told again. */
static void
test_lost_wish_without_a_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  gint64 end_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &nothing, FALSE);
  g_ptr_array_set_size (f->log, 0);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  settle ();
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_false (adit_fake_log_has (f->log, "route.revert"));
  while (adit_session_get_reason (f->session) == ADIT_REASON_LOCK_FAILED && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  ASSERT_ORDER (f, "firewall.apply all", "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

/* One refusal at the start is made good at once; it must not hide for good that the wish is lost. */
static void
test_lost_wish_refused_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  gint64 end_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  adit_fake_firewall_set_present (f->firewall, TRUE);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &nothing, FALSE);
  while (adit_session_get_reason (f->session) != ADIT_REASON_SETTINGS_LOST && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
}

/* Lockdown without a connection is a promise too. */
static void
test_lockdown_that_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_start (f->session, ADIT_REASON_STARTING, &nothing, TRUE);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  wait_for (f, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
}

static void
test_disturbed_resolver (Fixture *f, gconstpointer data)
{
  start_connected (f);
  adit_dns_emit_disturbed (ADIT_DNS (f->dns), FALSE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_DNS_FAILED);
}

static void
test_start_after_crash (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, TRUE);
  shake_hands (f);
  adit_session_start (f->session, ADIT_REASON_STARTING, &wish, FALSE);
  ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

static void
test_start_after_crash_in_disconnect (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, TRUE);
  adit_session_start (f->session, ADIT_REASON_STARTING, &nothing, FALSE);
  ASSERT_ORDER (f, "firewall.apply all", "tunnel.stop", "firewall.apply off");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

static void
test_start_with_lost_settings (Fixture *f, gconstpointer data)
{
  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &nothing, TRUE);
  settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
}

static void
test_undo_that_fails_still_opens (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "on purpose");

  start_connected (f);
  adit_fake_dns_fail_next (f->dns, "revert", error);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
}

static void
set_reach (Fixture *f, const AditReachSettings *settings)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (f->log, 0);
  adit_session_set_reach (f->session, settings, &error);
  g_assert_no_error (error);
}

static guint
count_nets (Fixture *f)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);

  g_assert_true (adit_reach_equal (&policy->reach, adit_fake_route_get_reach (f->route)));
  return policy->reach.n_nets;
}

/* The lock first, then the routes, for more as for less; and as links come and go. */
static void
test_lan_while_connected (Fixture *f, gconstpointer data)
{
  static const AditReachSettings off, lan = { .lan = ADIT_LAN_SUBNET };

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  start_connected (f);
  g_assert_cmpuint (count_nets (f), ==, 0);
  set_reach (f, &lan);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach");
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_cmpuint (adit_fake_firewall_get_policy (f->firewall)->n_dns, ==, 1);
  adit_fake_network_add (f->network, "wlan0", "192.168.2.5/24", FALSE);
  g_assert_cmpuint (count_nets (f), ==, 2);
  adit_fake_network_clear (f->network);
  g_assert_cmpuint (count_nets (f), ==, 0);
  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  set_reach (f, &off);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach");
  g_assert_cmpuint (count_nets (f), ==, 0);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

/* Set before the start, it holds in each lock, and the one that opens has nothing of it. */
static void
test_lan_in_each_lock (Fixture *f, gconstpointer data)
{
  static const AditReachSettings lan = { .lan = ADIT_LAN_SUBNET };

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  g_assert_true (adit_session_set_reach (f->session, &lan, NULL));
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply"));
  start_connected (f);
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_true (adit_session_set_lockdown (f->session, FALSE, NULL));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  g_assert_cmpuint (count_nets (f), ==, 0);
}

static void
expect_resolver (Fixture *f, const char *text)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);
  const AditAddress *told;
  AditAddress wanted;
  guint n_told;

  g_assert_true (adit_address_parse (text, &wanted));
  told = adit_fake_dns_get_servers (f->dns, &n_told);
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_true (adit_address_equal (&told[0], &wanted));
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_true (adit_address_equal (&policy->dns[0], &wanted));
  g_assert_cmpint (policy->lock, ==, ADIT_LOCK_TUNNEL);
}

/* The lock first, and it stays the tunnel's; one that is refused leaves all as it was; own resolvers are asked all the same. */
static void
test_other_resolvers (Fixture *f, gconstpointer data)
{
  AditResolvers resolvers = { .n_dns = 1, .n_blocks = 1, .blocks = { "ads" } };
  AditReachSettings own = { .n_dns = 1 };
  g_autoptr (GError) refused = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose"), error = NULL;

  g_assert_true (adit_address_parse ("100.64.0.1", &resolvers.dns[0]));
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));    /* there is none: nothing to do */
  start_connected (f);
  expect_resolver (f, "10.64.0.1");
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.apply", "dns.apply");
  expect_resolver (f, "100.64.0.1");
  g_assert_cmpstr (adit_session_get_spec (f->session)->blocks[0], ==, "ads");
  resolvers.dns[0].bytes[3] = 5;
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  g_assert_false (adit_session_set_tunnel_resolvers (f->session, &resolvers, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  expect_resolver (f, "100.64.0.1");
  g_assert_true (adit_address_parse ("9.9.9.9", &own.dns[0]));
  g_assert_true (adit_session_set_reach (f->session, &own, NULL));
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));
  expect_resolver (f, "9.9.9.9");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

static void
test_lan_that_is_refused (Fixture *f, gconstpointer data)
{
  static const AditReachSettings lan = { .lan = ADIT_LAN_SUBNET };
  g_autoptr (GError) refused = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose"), error = NULL;

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  start_connected (f);
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  g_assert_false (adit_session_set_reach (f->session, &lan, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  g_assert_cmpint (adit_session_get_reach (f->session)->lan, ==, ADIT_LAN_OFF);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_cmpuint (count_nets (f), ==, 0);
  /* What follows a link that comes is no wish that could be refused: the computer is blocked. */
  set_reach (f, &lan);
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  adit_fake_network_clear (f->network);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
}

static void
test_own_resolvers (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);
  AditReachSettings settings = { .n_dns = 2 };
  static const AditReachSettings service;
  guint n_resolvers;

  g_assert_true (adit_address_parse ("9.9.9.9", &settings.dns[0]));
  g_assert_true (adit_address_parse ("192.168.1.1", &settings.dns[1]));
  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  start_connected (f);
  ASSERT_ORDER (f, "dns.apply 10.64.0.1");
  set_reach (f, &settings);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach", "dns.apply 9.9.9.9 192.168.1.1");
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_true (adit_address_equal (&policy->dns[0], &settings.dns[0]));
  g_assert_cmpuint (policy->reach.n_resolvers, ==, 2);
  g_assert_cmpuint (policy->reach.n_nets, ==, 0);
  g_assert_true (adit_address_equal (adit_session_get_inside_resolver (f->session), &settings.dns[0]));
  adit_session_get_resolvers (f->session, &n_resolvers);
  g_assert_cmpuint (n_resolvers, ==, 2);
  settings.dns[0] = settings.dns[1];
  settings.n_dns = 1;
  set_reach (f, &settings);
  g_assert_cmpuint (policy->n_dns, ==, 0);
  g_assert_null (adit_session_get_inside_resolver (f->session));
  /* A new attempt begins with them. */
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "dns.apply 192.168.1.1");
  g_assert_cmpuint (policy->reach.n_resolvers, ==, 2);
  set_reach (f, &service);
  ASSERT_ORDER (f, "firewall.apply tunnel", "dns.apply 10.64.0.1");
  g_assert_cmpuint (policy->n_dns, ==, 1);
}

/* --- Links and sleep ----------------------------------------------------------------------------------------------------- */

#define CABLE 7
#define RADIO 8

static void
start_on_cable (Fixture *f)
{
  adit_fake_network_set_way (f->network, CABLE);
  start_connected (f);
  g_ptr_array_set_size (f->log, 0);
}

static gboolean
on_waited (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_waited, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Blocked, and at once connected again, without any of the pauses that failures bring. */
static void
test_offline (Fixture *f, gconstpointer data)
{
  gint64 began;

  start_on_cable (f);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  began = g_get_monotonic_time ();
  adit_fake_network_set_way (f->network, CABLE);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 900 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpstr (f->source->avoid, ==, "");
}

static void
test_connect_while_offline (Fixture *f, gconstpointer data)
{
  adit_fake_network_set_way (f->network, 0);
  start_disconnected (f);
  shake_hands (f);
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.start"));
  adit_fake_network_set_way (f->network, RADIO);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpstr (f->source->avoid, ==, "");    /* the same one first */
}

/* What failed because there was no network is said to be that; and when one comes, it is tried at once. */
static void
test_offline_while_blocked (Fixture *f, gconstpointer data)
{
  adit_fake_network_set_way (f->network, CABLE);
  start_disconnected (f);
  shake_hands (f);
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "on purpose");
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SERVICE_UNREACHABLE);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_clear_error (&f->source->error);
  adit_fake_network_set_way (f->network, CABLE);
  wait_for (f, ADIT_STATE_CONNECTED);

  /* A reason that does not pass stays said. */
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_ACCOUNT_EXPIRED, "on purpose");
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_BLOCKED);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_ACCOUNT_EXPIRED);
  g_clear_error (&f->source->error);
}

/* Nothing is tried under a program that shows the network's page, and all is taken up again when it is over; where nothing is in
 * the way there is no hole. */
static void
test_portal (Fixture *f, gconstpointer data)
{
  static const AditPortalHole hole;
  g_autoptr (GError) error = NULL;

  adit_fake_network_set_way (f->network, CABLE);
  start_disconnected (f);
  g_assert_false (adit_session_open_portal (f->session, &hole, 300, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED, "on purpose");
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  g_assert_true (adit_session_open_portal (f->session, &hole, 300, &error));    /* while connecting */
  g_assert_no_error (error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_fake_log_has (f->log, "firewall.portal"));
  g_assert_true (adit_fake_firewall_get_policy (f->firewall)->reach.has_portal);
  settle ();
  g_clear_error (&f->source->error);
  shake_hands (f);
  adit_fake_network_set_way (f->network, RADIO);
  adit_session_wake (f->session);
  settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  adit_session_close_portal (f->session);
  g_assert_false (adit_fake_firewall_get_policy (f->firewall)->reach.has_portal);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_session_open_portal (f->session, &hole, 300, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
}

/* A cable that is put back, and another way out: the tunnel stays, and proves itself. */
static void
test_other_way (Fixture *f, gconstpointer data)
{
  start_on_cable (f);
  adit_fake_network_set_way (f->network, 0);
  run_for (300);
  adit_fake_network_set_way (f->network, CABLE);
  ASSERT_ORDER (f, "tunnel.renew");
  shake_hands (f);
  run_for (1200);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  g_ptr_array_set_size (f->log, 0);
  adit_fake_network_set_way (f->network, RADIO);
  ASSERT_ORDER (f, "tunnel.renew");
  shake_hands (f);
  run_for (300);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  g_ptr_array_set_size (f->log, 0);
  adit_fake_network_set_way (f->network, RADIO);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.renew"));
}

/* Where no proof comes within three seconds it goes on to another server, and does not pause before. */
static void
test_no_proof (Fixture *f, gconstpointer data)
{
  gint64 began;

  start_on_cable (f);
  began = g_get_monotonic_time ();
  adit_fake_network_set_way (f->network, RADIO);
  wait_for (f, ADIT_STATE_CONNECTING);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 2900 * G_TIME_SPAN_MILLISECOND);
  began = g_get_monotonic_time ();
  g_assert_cmpstr (f->source->avoid, ==, "se-got-wg-001");
  shake_hands (f);
  wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 900 * G_TIME_SPAN_MILLISECOND);
}

static void
test_sleep (Fixture *f, gconstpointer data)
{
  start_on_cable (f);
  adit_session_sleep (f->session);
  adit_fake_network_set_way (f->network, 0);
  run_for (1200);    /* the links go, and nobody minds */
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  adit_fake_network_set_way (f->network, CABLE);
  g_assert_cmpuint (f->log->len, ==, 0);
  adit_session_wake (f->session);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.apply", "dns.apply", "tunnel.renew");
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_TUNNEL);
  shake_hands (f);
  run_for (300);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  /* Whoever was blocked by something passing does not wait for the end of a pause that began before. */
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "on purpose");
  g_assert_true (adit_session_connect (f->session, &wish, NULL));
  wait_for (f, ADIT_STATE_BLOCKED);
  g_clear_error (&f->source->error);
  adit_session_sleep (f->session);
  adit_session_wake (f->session);
  wait_for (f, ADIT_STATE_CONNECTED);

  /* A disconnected computer sleeps, too. */
  adit_session_disconnect (f->session);
  settle ();
  g_ptr_array_set_size (f->log, 0);
  adit_session_sleep (f->session);
  adit_session_wake (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpuint (f->log->len, ==, 0);
}

/* OpenVPN's server names whom it names to everybody, and is not listened to where something is to be left out. */
static void
test_blocks_over_openvpn (Fixture *f, gconstpointer data)
{
  f->source->blocking = "10.0.254.4";
  start_openvpn (f, "10.65.0.2/24", "10.65.0.1");
  wait_for (f, ADIT_STATE_CONNECTED);
  expect_resolver (f, "10.0.254.4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("quiet-start", test_quiet_start);
  ADD ("connect-order", test_connect_order);
  ADD ("nested", test_nested);
  ADD ("nested-silence", test_nested_silence);
  ADD ("openvpn", test_openvpn);
  ADD ("openvpn-refused", test_openvpn_refused);
  ADD ("disconnect-order", test_disconnect_order);
  ADD ("disconnect-with-routes-that-stay", test_disconnect_with_routes_that_stay);
  ADD ("connect-after-disconnect", test_connect_after_disconnect);
  ADD ("shell-that-stays-is-told", test_shell_that_stays_is_told);
  ADD ("disconnect-into-lockdown", test_disconnect_into_lockdown);
  ADD ("pause", test_pause);
  ADD ("pause-that-is-ended", test_pause_that_is_ended);
  ADD ("pause-without-lock-after", test_pause_without_lock_after);
  ADD ("start-in-pause", test_start_in_pause);
  ADD ("switch-never-opens", test_switch_never_opens);
  ADD ("disconnect-during-start", test_disconnect_during_start);
  ADD ("reconnect-during-start-makes-one-attempt", test_reconnect_during_start_makes_one_attempt);
  ADD ("no-account-blocks", test_no_account_blocks);
  ADD ("failing-steps", test_failing_steps);
  ADD ("lock-that-fails", test_lock_that_fails);
  ADD ("opening-that-fails-stays-locked", test_opening_that_fails_stays_locked);
  ADD ("lost-tunnel-reconnects", test_lost_tunnel_reconnects);
  ADD ("disturbed-firewall", test_disturbed_firewall);
  ADD ("lock-that-is-gone", test_lock_that_is_gone);
  ADD ("disconnect-without-a-lock", test_disconnect_without_a_lock);
  ADD ("lost-wish-without-a-lock", test_lost_wish_without_a_lock);
  ADD ("lost-wish-refused-once", test_lost_wish_refused_once);
  ADD ("lockdown-that-is-refused", test_lockdown_that_is_refused);
  ADD ("disturbed-resolver", test_disturbed_resolver);
  ADD ("start-after-crash", test_start_after_crash);
  ADD ("start-after-crash-in-disconnect", test_start_after_crash_in_disconnect);
  ADD ("start-with-lost-settings", test_start_with_lost_settings);
  ADD ("undo-that-fails-still-opens", test_undo_that_fails_still_opens);
  ADD ("lan-while-connected", test_lan_while_connected);
  ADD ("lan-in-each-lock", test_lan_in_each_lock);
  ADD ("lan-that-is-refused", test_lan_that_is_refused);
  ADD ("other-resolvers", test_other_resolvers);
  ADD ("blocks-over-openvpn", test_blocks_over_openvpn);
  ADD ("own-resolvers", test_own_resolvers);
  ADD ("offline", test_offline);
  ADD ("connect-while-offline", test_connect_while_offline);
  ADD ("offline-while-blocked", test_offline_while_blocked);
  ADD ("portal", test_portal);
  ADD ("other-way", test_other_way);
  ADD ("no-proof", test_no_proof);
  ADD ("sleep", test_sleep);
  return g_test_run ();
}
