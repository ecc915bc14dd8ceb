/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wire.c: every field of every message, once as it may be and then in each way that it may not. */
#include "client/wire/wire.h"

#include <string.h>

static AditEndpoint
endpoint (const char *text)
{
  AditEndpoint result;

  g_assert_true (adit_endpoint_parse (text, &result));
  return result;
}

static AditPrefix
prefix (const char *text)
{
  AditPrefix result;

  g_assert_true (adit_prefix_parse (text, &result));
  return result;
}

static gboolean
is_from_helper (AditWireOp op)
{
  return op == ADIT_WIRE_REQUEST || op == ADIT_WIRE_CONNECTED || op == ADIT_WIRE_MANAGEMENT || op == ADIT_WIRE_MODULE_FILES;
}

static gboolean
check (const AditWireMessage *m, guint n_fds)
{
  gboolean from_helper = is_from_helper (m->header.op);
  g_autoptr (GError) error = NULL;
  gboolean ok = from_helper ? adit_wire_check_from_helper (m, m->header.size_bytes, n_fds, &error)
                            : adit_wire_check_from_worker (m, m->header.size_bytes, n_fds, &error);

  /* Nobody speaks for the other side. */
  g_assert_false (from_helper ? adit_wire_check_from_worker (m, m->header.size_bytes, n_fds, NULL)
                              : adit_wire_check_from_helper (m, m->header.size_bytes, n_fds, NULL));
  g_assert_true (ok == (error == NULL));
  if (!ok)
    g_assert_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED);
  return ok;
}

static AditWireMessage
good (AditWireOp op)
{
  AditWireMessage m;

  adit_wire_begin (&m, op, 7);
  switch (op)
    {
    case ADIT_WIRE_REQUEST:
      m.request.want = ADIT_WIRE_WANT_LOG_IN;
      strcpy (m.request.service, "mullvad");
      strcpy (m.request.credential, "1234 5678 9012 3456");
      m.request.public_key[0] = 1;
      m.request.now_s = 1800000000;
      m.request.api[0] = endpoint ("192.0.2.1:443");
      m.request.n_api = 1;
      break;
    case ADIT_WIRE_CONNECT:
      m.connect.endpoint = endpoint ("192.0.2.1:443");
      break;
    case ADIT_WIRE_TOKEN:
      strcpy (m.token.token, "mva_x");
      m.token.expires_at_s = 1800000000;
      break;
    case ADIT_WIRE_LIST:
      m.list.size_list_bytes = 4096;
      break;
    case ADIT_WIRE_DEVICE:
      strcpy (m.device.device_id, "9b0e7a7a-3d6f");
      strcpy (m.device.device_name, "Happy Seagull");
      m.device.addresses[0] = prefix ("10.67.12.34/32");
      m.device.addresses[1] = prefix ("fc00:bbbb::1/128");
      m.device.n_addresses = 2;
      break;
    case ADIT_WIRE_ACCOUNT:
      m.account.account_expires_at_s = 1800000000;
      m.account.device_is_known = 1;
      m.account.addresses[0] = prefix ("10.67.12.34/32");
      m.account.n_addresses = 1;
      break;
    case ADIT_WIRE_TUNNEL:
      m.tunnel.peer = endpoint ("198.51.100.7:51820");
      m.tunnel.peer_key[31] = 1;
      m.tunnel.allowed_ips[0] = prefix ("0.0.0.0/0");
      m.tunnel.n_allowed_ips = 1;
      adit_address_parse ("10.64.0.1", &m.tunnel.dns[0]);
      m.tunnel.n_dns = 1;
      m.tunnel.mtu_bytes = 1380;
      adit_place_set (&m.tunnel.location.place, "se", "got", "se-got-wg-001");
      strcpy (m.tunnel.location.country_name, "Sweden");
      strcpy (m.tunnel.location.city_name, "Göteborg");
      break;
    case ADIT_WIRE_FAILED:
      m.failed.error = ADIT_ERROR_SERVICE_NONSENSE;
      strcpy (m.failed.detail, "The answer is no JSON — really");
      break;
    case ADIT_WIRE_EXIT:
      adit_address_parse ("198.51.100.9", &m.exit.address);
      break;
    case ADIT_WIRE_CONFIGURATION:
      m.configuration.size_bytes = 4096;
      break;
    case ADIT_WIRE_ASSIGNED:
      m.assigned.addresses[0] = prefix ("10.65.0.2/32");
      m.assigned.addresses[1] = prefix ("fd65::1000/128");
      m.assigned.n_addresses = 2;
      adit_address_parse ("10.65.0.1", &m.assigned.dns[0]);
      m.assigned.n_dns = 1;
      m.assigned.mtu_bytes = 1500;
      break;
    case ADIT_WIRE_ADDRESSES:
      adit_address_parse ("198.51.100.20", &m.addresses.addresses[0]);
      adit_address_parse ("2001:db8:ff::120", &m.addresses.addresses[1]);
      m.addresses.n_addresses = 2;
      break;
    case ADIT_WIRE_PROGRESS:
      m.progress.received_bytes = G_GUINT64_CONSTANT (9999999999);
      m.progress.sent_bytes = 1;
      m.progress.age_ms = 5000;
      break;
    case ADIT_WIRE_QUESTION:
      strcpy (m.question.text, "Wie heißt Du?");
      strcpy (m.question.handle, "Om01u7Fh4LrGBS7uh0SWmzwabUiGiW6l");
      m.question.echo = 1;
      break;
    case ADIT_WIRE_LOGIN:
      strcpy (m.login.credential, "refresh-token");
      strcpy (m.login.username, "ivpn3hKq8s7d");
      strcpy (m.login.password, "p w");
      break;
    case ADIT_WIRE_API:
      m.api.endpoints[0] = endpoint ("45.83.223.196:443");
      m.api.endpoints[1] = endpoint ("[2001:db8::1]:443");
      m.api.n_endpoints = 2;
      break;
    case ADIT_WIRE_DEVICE_ROW:
      strcpy (m.device_row.id, "9b0e7a7a-3d6f");
      strcpy (m.device_row.name, "Quiet Heron");
      m.device_row.is_ours = 1;
      break;
    case ADIT_WIRE_AUTH_TOKEN:
      strcpy (m.auth_token.token, "SESS_ID_AT_0123+/=");
      break;
    case ADIT_WIRE_IMPORTED:
      m.imported.n_profiles = 2;
      m.imported.size_texts_bytes = 2000;
      m.imported.size_lines_bytes = 14;
      break;
    case ADIT_WIRE_PEERS:
      m.peers.private_key[0] = m.peers.peers[0].key[31] = m.peers.peers[0].preshared_key[5] = m.peers.peers[1].key[0] = 1;
      m.peers.n_peers = 2;
      m.peers.peers[0].has_preshared_key = 1;
      adit_address_parse ("192.0.2.9", &m.peers.peers[0].address);
      m.peers.peers[0].port = m.peers.peers[1].port = 51820;
      strcpy (m.peers.peers[1].name, "office.example.org");
      m.peers.addresses[0] = prefix ("10.64.0.2/32");
      m.peers.n_addresses = 1;
      m.peers.allowed_ips[0] = (AditPrefix) { .address.family = ADIT_FAMILY_IPV4 };
      m.peers.allowed_ips[1] = prefix ("10.9.0.0/16");
      m.peers.allowed_ips[2] = prefix ("2001:db8:9::/48");
      m.peers.peers[0].n_allowed_ips = 1;
      m.peers.peers[1].n_allowed_ips = 2;
      adit_address_parse ("10.64.0.1", &m.peers.dns[0]);
      m.peers.n_dns = 1;
      m.peers.mtu_bytes = 1420;
      m.peers.peers[0].keepalive_s = 25;
      break;
    case ADIT_WIRE_SERVER:
      strcpy (m.server.name, "vpn.example.org");
      adit_address_parse ("192.0.2.9", &m.server.proxy_address);
      m.server.port = 1194;
      m.server.proxy_port = 3128;
      m.server.over_tcp = 1;
      m.server.n_servers = 3;
      break;
    case ADIT_WIRE_PROFILE:
      m.profile.size_text_bytes = 1000;
      m.profile.facts.kind = ADIT_PROFILE_OPENVPN;
      m.profile.facts.n_servers = 3;
      m.profile.facts.login = ADIT_PROFILE_LOGIN_ASK_BOTH;
      m.profile.facts.is_whole = 1;
      strcpy (m.profile.facts.name, "Büro");
      strcpy (m.profile.facts.challenge, "What's that?");
      break;
    case ADIT_WIRE_MODULE:
      m.module.program = ADIT_WIRE_PROGRAM_WINDOW;
      memset (m.module.build_number, 0xab, sizeof m.module.build_number);
      break;
    case ADIT_WIRE_MODULE_FILES:
      m.module_files.has_program = m.module_files.has_debug = 1;
      break;
    case ADIT_WIRE_REPORT:
      memset (m.report.key, 'f', ADIT_WIRE_REPORT_KEY_LENGTH);
      m.report.size_text_bytes = 2000;
      break;
    case ADIT_WIRE_REPORTED:
      m.reported.outcome = ADIT_WIRE_SEND_LATER;
      m.reported.status = 429;
      m.reported.retry_after_s = 60;
      break;
    default:
      break;
    }
  return m;
}

static guint
good_fds (AditWireOp op)
{
  if (op == ADIT_WIRE_IMPORTED || op == ADIT_WIRE_MODULE_FILES)
    return 2;
  return op == ADIT_WIRE_REPORT || op == ADIT_WIRE_LIST || op == ADIT_WIRE_CONNECTED || op == ADIT_WIRE_CONFIGURATION ||
         op == ADIT_WIRE_MANAGEMENT;
}

static void
test_good (void)
{
  for (AditWireOp op = ADIT_WIRE_REQUEST; op < ADIT_N_WIRE_OPS; op++)
    {
      AditWireMessage m = good (op);

      g_assert_true (check (&m, good_fds (op)));
      g_assert_false (check (&m, good_fds (op) + 1));
      g_assert_false (check (&m, G_MAXUINT));
      if (good_fds (op) > 0)
        g_assert_false (check (&m, 0));
    }
}

static void
test_header (void)
{
  for (AditWireOp op = ADIT_WIRE_REQUEST; op < ADIT_N_WIRE_OPS; op++)
    {
      gboolean (*side) (const AditWireMessage *, gsize, guint, GError **) =
        is_from_helper (op) ? adit_wire_check_from_helper : adit_wire_check_from_worker;
      AditWireMessage m = good (op);
      gsize size = m.header.size_bytes;

      g_assert_cmpuint (size, ==, adit_wire_op_size (op));
      for (gsize length = 0; length <= sizeof m; length++)
        g_assert_true (side (&m, length, good_fds (op), NULL) == (length == size));
      m.header.size_bytes++;
      g_assert_false (side (&m, size, good_fds (op), NULL));
      g_assert_false (side (&m, size + 1, good_fds (op), NULL));
      m = good (op);
      m.header.magic ^= 1;
      g_assert_false (side (&m, size, good_fds (op), NULL));
      m = good (op);
      m.header.op = ADIT_N_WIRE_OPS;
      g_assert_false (check (&m, good_fds (op)));
      m.header.op = ADIT_WIRE_NONE;
      g_assert_false (check (&m, good_fds (op)));
    }
  g_assert_cmpuint (adit_wire_op_size ((AditWireOp) -1), ==, 0);
  g_assert_cmpuint (adit_wire_op_size (ADIT_N_WIRE_OPS), ==, 0);
}

/* Each line spoils one thing.  @code sees the good message as m and the right number of descriptors as n. */
#define SPOILT(op, code) G_STMT_START { \
    AditWireMessage m = good (op); guint n = good_fds (op); code; \
    if (check (&m, n)) g_error ("let through: %s", #code); } G_STMT_END
#define FINE(op, code) G_STMT_START { \
    AditWireMessage m = good (op); guint n = good_fds (op); code; \
    if (!check (&m, n)) g_error ("refused: %s", #code); } G_STMT_END

static void
test_request (void)
{
  AditWireRequest *none = NULL;

  SPOILT (ADIT_WIRE_REQUEST, m.request.build_id[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, memset (m.request.build_id, 'a', sizeof none->build_id));
  SPOILT (ADIT_WIRE_REQUEST, m.request.want = ADIT_WIRE_WANT_NOTHING);
  SPOILT (ADIT_WIRE_REQUEST, m.request.want = ADIT_N_WIRE_WANTS);
  SPOILT (ADIT_WIRE_REQUEST, m.request.service[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.service, "../x"));
  SPOILT (ADIT_WIRE_REQUEST, m.request.service[15] = 'x');
  SPOILT (ADIT_WIRE_REQUEST, m.request.credential[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, memset (m.request.credential, '1', sizeof none->credential));
  SPOILT (ADIT_WIRE_REQUEST, m.request.credential[100] = '1');
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.device_id, "id"));
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.token, "a b"));
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.token, "a\nb"));
  SPOILT (ADIT_WIRE_REQUEST, m.request.token_expires_at_s = 5);
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.token, "ab"); m.request.token_expires_at_s = -1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.now_s = 0);
  SPOILT (ADIT_WIRE_REQUEST, m.request.now_s = G_MAXINT64);
  SPOILT (ADIT_WIRE_REQUEST, m.request.public_key[0] = 0);
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.place.country, "se"));
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.avoid, "se-got-wg-001"));
  SPOILT (ADIT_WIRE_REQUEST, m.request.try_number = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.n_api = 0);
  SPOILT (ADIT_WIRE_REQUEST, m.request.n_api = 2);
  SPOILT (ADIT_WIRE_REQUEST, m.request.n_api = ADIT_SERVICE_MAX_API + 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.n_api = G_MAXUINT32);
  SPOILT (ADIT_WIRE_REQUEST, m.request.api[0].port = 0);
  SPOILT (ADIT_WIRE_REQUEST, m.request.api[0].address.family = 5);
  SPOILT (ADIT_WIRE_REQUEST, m.request.api[7].port = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_list = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_trust = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_trust = 2; n = 2);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_ipv6 = 2);
  for (gsize i = 0; i < sizeof none->reserved; i++)
    SPOILT (ADIT_WIRE_REQUEST, m.request.reserved[i] = 1);
  FINE (ADIT_WIRE_REQUEST, m.request.has_trust = 1; n = 1);
  FINE (ADIT_WIRE_REQUEST, m.request.has_trust = 2; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_trust = 3; n = 1);
  FINE (ADIT_WIRE_REQUEST, strcpy (m.request.token, "ab"); m.request.token_expires_at_s = 5);
  FINE (ADIT_WIRE_REQUEST, m.request.has_ipv6 = 1);
}

static void
make_look_up (AditWireMessage *m)
{
  m->request.want = ADIT_WIRE_WANT_LOOK_UP;
  memset (m->request.credential, 0, sizeof m->request.credential);
  memset (m->request.public_key, 0, sizeof m->request.public_key);
  strcpy (m->request.look_up.host, "vpn.example.net");
  strcpy (m->request.look_up.resolver, "dns.example.net");
}

static void
test_look_up (void)
{
  AditWireLookUp *none = NULL;

  FINE (ADIT_WIRE_REQUEST, make_look_up (&m));
  FINE (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.family = 4);
  FINE (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.family = 6);
  FINE (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.has_trust = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.family = 5);
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.host[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.resolver[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); strcpy (m.request.look_up.host, "192.0.2.1"));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); strcpy (m.request.look_up.host, "a_b.example"));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); strcpy (m.request.look_up.resolver, "dns.example/x"));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); memset (m.request.look_up.host, 'a', sizeof none->host));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); memset (m.request.look_up.resolver, 'a', sizeof none->resolver));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.host[100] = 'a');
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.resolver[100] = 'a');
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.n_api = 0);
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.has_list = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); strcpy (m.request.credential, "1234567890"));
  SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.openvpn.over_tcp = 1);
  for (gsize i = 0; i < sizeof none->reserved; i++)
    SPOILT (ADIT_WIRE_REQUEST, make_look_up (&m); m.request.look_up.reserved[i] = 1);
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.look_up.host, "vpn.example.net"));    /* of a log in */
}

static void
test_addresses (void)
{
  static const char *const not_public[] = { "10.0.0.1", "127.0.0.1", "192.168.1.1", "169.254.1.1", "224.0.0.1", "100.64.0.1",
                                            "::1", "fd00::1", "fe80::1", "::ffff:192.0.2.1" };

  for (guint i = 0; i < G_N_ELEMENTS (not_public); i++)
    {
      SPOILT (ADIT_WIRE_ADDRESSES, adit_address_parse (not_public[i], &m.addresses.addresses[0]));
      SPOILT (ADIT_WIRE_ADDRESSES, adit_address_parse (not_public[i], &m.addresses.addresses[1]));
    }
  FINE (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 1; memset (&m.addresses.addresses[1], 0, sizeof (AditAddress)));
  FINE (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 4; adit_address_parse ("198.51.100.21", &m.addresses.addresses[2]);
        adit_address_parse ("198.51.100.22", &m.addresses.addresses[3]));
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 0);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 1);    /* and something behind it */
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 3);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = 5);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.n_addresses = G_MAXUINT32);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.addresses[1] = m.addresses.addresses[0]);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.addresses[0].family = 5);
  SPOILT (ADIT_WIRE_ADDRESSES, m.addresses.addresses[0].bytes[9] = 1);
  SPOILT (ADIT_WIRE_ADDRESSES, memset (&m.addresses.addresses[0], 0, sizeof (AditAddress)));
}

static void
make_choose (AditWireMessage *m)
{
  m->request.want = ADIT_WIRE_WANT_CHOOSE;
  memset (m->request.credential, 0, sizeof m->request.credential);
  memset (m->request.public_key, 0, sizeof m->request.public_key);
  adit_place_set (&m->request.place, "se", "got", NULL);
}

static void
by_openvpn (AditWireMessage *m, guint8 has_trust)
{
  m->request.choice.protocol = ADIT_PROTOCOL_OPENVPN_UDP;
  m->request.has_openvpn_trust = has_trust;
}

static void
test_choose (void)
{
  FINE (ADIT_WIRE_REQUEST, make_choose (&m));
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.has_list = 1; m.request.has_trust = 1; n = 2);
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.try_number = 9; strcpy (m.request.avoid, "se-got-wg-001"));
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.credential, "refresh"); strcpy (m.request.token, "t");
        m.request.public_key[3] = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.answers.old_public_key[3] = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.device_id, "id"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.avoid, "../../etc"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.place.country, "SE"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.place.country[0] = '\0');
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.place.server[63] = 'a');
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.has_list = 1);
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); by_openvpn (&m, 1); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); by_openvpn (&m, 1); m.request.has_list = 1; m.request.has_trust = 1; n = 3);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); by_openvpn (&m, 1));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); by_openvpn (&m, 0); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); by_openvpn (&m, 2); n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.has_openvpn_trust = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.has_openvpn_trust = 1; n = 1);
}

/* Of the servers at a place: which of them. */
static void
test_choice (void)
{
  AditWireChoice *none = NULL;

  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.protocol = ADIT_PROTOCOL_OPENVPN_TCP);
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_entry = 1);
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_entry = 1; strcpy (m.request.choice.entry.country, "no"));
  FINE (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.filter.n_blocks = 1;
        strcpy (m.request.choice.filter.blocks[0], "ads"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.choice.entry.country, "no"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_entry = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_entry = 1; strcpy (m.request.choice.entry.country, "NO"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.protocol = ADIT_N_PROTOCOLS);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.filter.ownership = ADIT_N_OWNERSHIPS);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.filter.n_blocks = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.choice.filter.blocks[0], "ads"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.filter.n_hosting = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.filter.n_blocks = 1;
          strcpy (m.request.choice.filter.blocks[0], "../x"));
  for (gsize i = 0; i < sizeof none->reserved; i++)
    SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.reserved[i] = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.pick = ADIT_N_PICKS);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_near = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_ipv6_outside = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.near.latitude_e6 = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_near = 1; m.request.choice.near.latitude_e6 = 90000001);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.has_near = 1; m.request.choice.near.longitude_e6 = G_MININT32);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.n_places = 1);    /* of nowhere */
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.n_places = ADIT_CHOICE_MAX_FAVOURITES + 1);
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); strcpy (m.request.choice.places[0].country, "se"));
  SPOILT (ADIT_WIRE_REQUEST, make_choose (&m); m.request.choice.n_places = 1; strcpy (m.request.choice.places[0].country, "SE"));
  SPOILT (ADIT_WIRE_REQUEST, m.request.choice.protocol = 1);    /* of a log in */
}

/* What each question lends, and nothing else. */
static void
test_lent (void)
{
  static const struct { AditWireWant want; gboolean credential, token, device, key, old_key, answers, voucher; } rows[] = {
    { ADIT_WIRE_WANT_LOG_IN,        TRUE,  TRUE,  FALSE, TRUE,  FALSE, TRUE,  FALSE },
    { ADIT_WIRE_WANT_ACCOUNT,       TRUE,  TRUE,  TRUE,  TRUE,  FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_LIST,          TRUE,  TRUE,  FALSE, FALSE, FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_LOG_OUT,       TRUE,  TRUE,  TRUE,  TRUE,  FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_CREATE,        FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_VOUCHER,       TRUE,  TRUE,  FALSE, FALSE, FALSE, FALSE, TRUE },
    { ADIT_WIRE_WANT_DEVICES,       TRUE,  TRUE,  FALSE, FALSE, FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_REMOVE_DEVICE, TRUE,  TRUE,  TRUE,  FALSE, FALSE, FALSE, FALSE },
    { ADIT_WIRE_WANT_ROTATE,        TRUE,  TRUE,  TRUE,  TRUE,  TRUE,  FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint spoil = 0; spoil < 8; spoil++)
      {
        AditWireMessage m = good (ADIT_WIRE_REQUEST);
        AditWireRequest *request = &m.request;
        const gboolean wanted[] = { rows[i].credential, rows[i].token, rows[i].device, rows[i].key, rows[i].old_key,
                                    rows[i].answers, rows[i].voucher, FALSE };
        gboolean lent[8], is_may = FALSE;

        memcpy (lent, wanted, sizeof lent);
        if (spoil < 7)
          lent[spoil] = !lent[spoil];
        request->want = rows[i].want;
        memset (request->credential, 0, sizeof request->credential);
        memset (request->public_key, 0, sizeof request->public_key);
        if (lent[0])
          strcpy (request->credential, "1234567890");
        if (lent[1])
          strcpy (request->token, "t");
        if (lent[2])
          strcpy (request->device_id, "id");
        request->public_key[1] = lent[3];
        request->answers.old_public_key[1] = request->answers.is_connected = lent[4];
        if (lent[5])
          strcpy (request->answers.code, "123456");
        if (lent[6])
          strcpy (request->answers.voucher, "GIFT");
        /* What may be left out: a token, an answer, and where a person has no credential yet, or none is needed. */
        is_may = spoil < 7 && wanted[spoil] &&
                 (spoil == 1 || spoil == 5 || (spoil == 0 && (i == 0 || i == 2)) || (spoil == 3 && (i == 1 || i == 3)));
        if (check (&m, 0) != (spoil == 7 || is_may))
          g_error ("want %u, spoilt in %u", rows[i].want, spoil);
      }
}

static void
test_from_helper (void)
{
  SPOILT (ADIT_WIRE_CONNECTED, m.connected.error = 1);
  SPOILT (ADIT_WIRE_CONNECTED, m.connected.error = ADIT_N_ERRORS + 1; n = 0);
  SPOILT (ADIT_WIRE_CONNECTED, m.connected.reserved = 1);
  FINE (ADIT_WIRE_CONNECTED, m.connected.error = 1 + ADIT_ERROR_SERVICE_UNREACHABLE; n = 0);
  FINE (ADIT_WIRE_CONNECTED, m.connected.error = ADIT_N_ERRORS; n = 0);
}

static void
test_from_worker (void)
{
  SPOILT (ADIT_WIRE_CONNECT, m.connect.endpoint.port = 0);
  SPOILT (ADIT_WIRE_CONNECT, memset (&m.connect.endpoint.address, 0, 17));
  SPOILT (ADIT_WIRE_CONNECT, m.connect.endpoint.address.bytes[9] = 1);
  SPOILT (ADIT_WIRE_TOKEN, m.token.token[0] = '\0');
  SPOILT (ADIT_WIRE_TOKEN, m.token.token[1] = ' ');
  SPOILT (ADIT_WIRE_TOKEN, m.token.token[1] = '\x7f');
  SPOILT (ADIT_WIRE_TOKEN, m.token.token[1] = '\xc3');
  SPOILT (ADIT_WIRE_TOKEN, m.token.token[900] = 'x');
  SPOILT (ADIT_WIRE_TOKEN, memset (m.token.token, 'x', sizeof m.token.token));
  SPOILT (ADIT_WIRE_TOKEN, m.token.expires_at_s = 0);
  SPOILT (ADIT_WIRE_TOKEN, m.token.expires_at_s = G_MININT64);
  SPOILT (ADIT_WIRE_LIST, m.list.size_list_bytes = 0);
  SPOILT (ADIT_WIRE_LIST, m.list.size_list_bytes = 1);
  SPOILT (ADIT_WIRE_LIST, m.list.size_list_bytes = ADIT_WIRE_LIST_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_LIST, m.list.n_changed_keys = 1);
  SPOILT (ADIT_WIRE_LIST, strcpy (m.list.changed_server, "se-got-wg-001"));
  SPOILT (ADIT_WIRE_LIST, m.list.n_changed_keys = 1; strcpy (m.list.changed_server, "../etc"));
  SPOILT (ADIT_WIRE_LIST, m.list.n_changed_keys = 1; memset (m.list.changed_server, 'a', sizeof m.list.changed_server));
  SPOILT (ADIT_WIRE_LIST, m.list.n_changed_keys = 1; strcpy (m.list.changed_server, "a"); m.list.size_list_bytes = 0; n = 0);
  FINE (ADIT_WIRE_LIST, m.list.n_changed_keys = 9; strcpy (m.list.changed_server, "se-got-wg-001"));
  FINE (ADIT_WIRE_LIST, m.list.size_list_bytes = 0; n = 0);
  SPOILT (ADIT_WIRE_DEVICE, m.device.device_id[0] = '\0');
  SPOILT (ADIT_WIRE_DEVICE, strcpy (m.device.device_id, "a/b"));
  SPOILT (ADIT_WIRE_DEVICE, m.device.device_id[63] = 'a');
  SPOILT (ADIT_WIRE_DEVICE, strcpy (m.device.device_name, "a\x1b[2Jb"));
  SPOILT (ADIT_WIRE_DEVICE, strcpy (m.device.device_name, "a\xff"));
  SPOILT (ADIT_WIRE_DEVICE, m.device.n_addresses = 0);
  SPOILT (ADIT_WIRE_DEVICE, m.device.n_addresses = 1);
  SPOILT (ADIT_WIRE_DEVICE, m.device.n_addresses = 3);
  SPOILT (ADIT_WIRE_DEVICE, m.device.addresses[0].prefix_bits = 8);
  SPOILT (ADIT_WIRE_DEVICE, m.device.addresses[1] = m.device.addresses[0]);
  SPOILT (ADIT_WIRE_DEVICE, m.device.addresses[0] = prefix ("0.0.0.0/0"));
  SPOILT (ADIT_WIRE_DEVICE, m.device.account_expires_at_s = -1);
  SPOILT (ADIT_WIRE_DEVICE, m.device.reserved = 1);
  SPOILT (ADIT_WIRE_DEVICE, m.device.reserved2 = 1);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.device_is_known = 2);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.device_is_known = 0);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.key_is_other = 1);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.device_is_known = m.account.n_addresses = 0; m.account.key_is_other = 2);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.n_addresses = 0);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.account_expires_at_s = G_MAXINT64);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.service_time_s = -1);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.reserved2 = 1);
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.reserved3 = 1);
  SPOILT (ADIT_WIRE_FAILED, m.failed.error = ADIT_N_ERRORS);
  SPOILT (ADIT_WIRE_FAILED, m.failed.detail[3] = '\n');
  SPOILT (ADIT_WIRE_FAILED, m.failed.detail[3] = '\xff');
  SPOILT (ADIT_WIRE_FAILED, strcpy (m.failed.detail, "a\xe2\x80\xae" "b"));    /* right-to-left override */
  SPOILT (ADIT_WIRE_FAILED, memset (m.failed.detail, 'a', sizeof m.failed.detail));
  SPOILT (ADIT_WIRE_FAILED, m.failed.detail[200] = 'a');
  SPOILT (ADIT_WIRE_FAILED, m.failed.pause_s = ADIT_WIRE_PAUSE_MAX_S + 1);
  FINE (ADIT_WIRE_FAILED, m.failed.pause_s = 300);
  SPOILT (ADIT_WIRE_REQUEST, m.request.openvpn.over_tcp = 1);
  SPOILT (ADIT_WIRE_REQUEST, strcpy (m.request.openvpn.password, "x"));
}

static void
test_tunnel (void)
{
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.peer.port = 0);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.peer.address.family = 0);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.peer_key[31] = 0);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_allowed_ips = 0);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_allowed_ips = 2);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_allowed_ips = 9);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.allowed_ips[0].prefix_bits = 33);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.allowed_ips[0].address.bytes[0] = 1);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.allowed_ips[7].prefix_bits = 1);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_dns = 0);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_dns = 5);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.dns[0].family = 9);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.dns[3].family = ADIT_FAMILY_IPV4);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.mtu_bytes = ADIT_TUNNEL_MTU_MIN_BYTES - 1);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.mtu_bytes = ADIT_TUNNEL_MTU_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.keepalive_s = 65536);
  SPOILT (ADIT_WIRE_TUNNEL, strcpy (m.tunnel.location.place.server, "../../etc"));
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.location.place.server[0] = '\0');
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.location.city_name[90] = 'x');
  SPOILT (ADIT_WIRE_TUNNEL, strcpy (m.tunnel.location.country_name, "Swe\nden"));
  FINE (ADIT_WIRE_TUNNEL, m.tunnel.keepalive_s = 25);
  FINE (ADIT_WIRE_TUNNEL, m.tunnel.entry = m.tunnel.location);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.entry.city_name[3] = 'x');
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.entry = m.tunnel.location; strcpy (m.tunnel.entry.place.server, "../../etc"));
#define NESTED m.tunnel.entry = m.tunnel.location; m.tunnel.inner_peer = endpoint ("198.51.100.8:51820"); \
               m.tunnel.inner_peer_key[0] = 1
  FINE (ADIT_WIRE_TUNNEL, NESTED);
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; memset (&m.tunnel.entry, 0, sizeof m.tunnel.entry));
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; m.tunnel.inner_peer.port = 0);
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; m.tunnel.inner_peer.address = m.tunnel.peer.address);
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; m.tunnel.inner_peer_key[0] = 0);
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; memcpy (m.tunnel.inner_peer_key, m.tunnel.peer_key, 32));
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.inner_peer_key[0] = 1);
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; memset (&m.tunnel.inner_peer, 0, sizeof m.tunnel.inner_peer));
  SPOILT (ADIT_WIRE_TUNNEL, NESTED; m.tunnel.protocol = ADIT_PROTOCOL_OPENVPN_UDP; m.tunnel.size_profile_bytes = 100; n = 1;
          memset (m.tunnel.peer_key, 0, 32));
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.protocol = ADIT_N_PROTOCOLS);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.protocol = ADIT_PROTOCOL_OPENVPN_UDP);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.size_profile_bytes = 100);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.size_profile_bytes = 100; n = 1);
  SPOILT (ADIT_WIRE_TUNNEL, m.tunnel.n_addresses = 1);
  FINE (ADIT_WIRE_TUNNEL, m.tunnel.n_addresses = 1; m.tunnel.addresses[0] = prefix ("10.0.0.2/32"));
  FINE (ADIT_WIRE_TUNNEL, m.tunnel.preshared_key[0] = 1);
#define OF_OPENVPN m.tunnel.protocol = ADIT_PROTOCOL_OPENVPN_TCP; m.tunnel.size_profile_bytes = 2000; n = 1; \
                   memset (m.tunnel.peer_key, 0, sizeof m.tunnel.peer_key)
  FINE (ADIT_WIRE_TUNNEL, OF_OPENVPN);
  SPOILT (ADIT_WIRE_TUNNEL, OF_OPENVPN; m.tunnel.peer_key[0] = 1);
  SPOILT (ADIT_WIRE_TUNNEL, OF_OPENVPN; m.tunnel.preshared_key[0] = 1);
  SPOILT (ADIT_WIRE_TUNNEL, OF_OPENVPN; n = 0);
  SPOILT (ADIT_WIRE_TUNNEL, OF_OPENVPN; m.tunnel.size_profile_bytes = ADIT_IMPORT_FILE_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_TUNNEL, OF_OPENVPN; m.tunnel.n_addresses = 1; m.tunnel.addresses[0] = prefix ("10.0.0.2/32"));
  FINE (ADIT_WIRE_TUNNEL, m.tunnel.peer = endpoint ("[2001:db8::1]:51820"));
}

static void
make_exit_question (AditWireMessage *m)
{
  m->request.want = ADIT_WIRE_WANT_EXIT;
  memset (m->request.credential, 0, sizeof m->request.credential);
  memset (m->request.public_key, 0, sizeof m->request.public_key);
  m->request.api[0] = endpoint ("10.64.0.1:53");
}

static void
test_exit (void)
{
  AditWireExit *none = NULL;

  FINE (ADIT_WIRE_REQUEST, make_exit_question (&m));
  FINE (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.api[0] = endpoint ("[fc00::1]:53"));
  FINE (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.has_trust = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.api[0].port = 443);
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.n_api = 0);
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.n_api = 0; m.request.api[0] = (AditEndpoint) { 0 });
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.n_api = 2; m.request.api[1] = endpoint ("10.64.0.1:53"));
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.has_list = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); strcpy (m.request.credential, "1234567890"));
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); strcpy (m.request.device_id, "id"));
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); strcpy (m.request.token, "t"));
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.public_key[3] = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); strcpy (m.request.place.country, "se"));
  SPOILT (ADIT_WIRE_REQUEST, make_exit_question (&m); m.request.try_number = 1);

  SPOILT (ADIT_WIRE_EXIT, m.exit.address.family = ADIT_FAMILY_NONE);
  SPOILT (ADIT_WIRE_EXIT, m.exit.address.bytes[4] = 1);
  SPOILT (ADIT_WIRE_EXIT, memset (m.exit.address.bytes, 0, 16));
  SPOILT (ADIT_WIRE_EXIT, adit_address_parse ("10.10.0.2", &m.exit.address));
  SPOILT (ADIT_WIRE_EXIT, adit_address_parse ("127.0.0.1", &m.exit.address));
  SPOILT (ADIT_WIRE_EXIT, adit_address_parse ("224.0.0.1", &m.exit.address));
  SPOILT (ADIT_WIRE_EXIT, adit_address_parse ("2001:db8::1", &m.exit.address));
  for (gsize i = 0; i < sizeof none->reserved; i++)
    SPOILT (ADIT_WIRE_EXIT, m.exit.reserved[i] = 1);
}

static void
make_openvpn (AditWireMessage *m)
{
  m->request.want = ADIT_WIRE_WANT_OPENVPN;
  memset (m->request.credential, 0, sizeof m->request.credential);
  memset (m->request.public_key, 0, sizeof m->request.public_key);
  memset (m->request.api, 0, sizeof m->request.api);
  m->request.n_api = 0;
  m->request.openvpn.remote = endpoint ("198.51.100.7:1194");
  strcpy (m->request.openvpn.device, "adit0");
  strcpy (m->request.openvpn.management_path, "/run/adit/openvpn/management");
  strcpy (m->request.openvpn.username, "some body");
  strcpy (m->request.openvpn.password, "p\"\xc3\xa9");
}

/* Each line spoils one thing of a good request. */
#define SPOILT_RUN(code) SPOILT (ADIT_WIRE_REQUEST, make_openvpn (&m); n = 1; code)
#define FINE_RUN(code)   FINE (ADIT_WIRE_REQUEST, make_openvpn (&m); n = 1; code)

static void
test_openvpn (void)
{
  AditWireOpenvpn *none = NULL;

  FINE_RUN ();
  FINE_RUN (memset (m.request.service, 0, sizeof m.request.service));
  FINE_RUN (m.request.openvpn.proxy = endpoint ("192.0.2.9:3128"); m.request.openvpn.over_tcp = 1);
  FINE_RUN (m.request.openvpn.remote = endpoint ("[2001:db8::1]:443"));
  FINE_RUN (m.request.openvpn.remote_number = 63);
  SPOILT_RUN (n = 0);
  SPOILT_RUN (n = 2);
  SPOILT_RUN (m.request.has_list = 1; n = 2);
  SPOILT_RUN (m.request.has_trust = 1; n = 2);
  SPOILT_RUN (m.request.has_ipv6 = 1);
  SPOILT_RUN (m.request.n_api = 1; m.request.api[0] = endpoint ("192.0.2.1:443"));
  SPOILT_RUN (strcpy (m.request.credential, "1234"));
  FINE_RUN (strcpy (m.request.token, "SESS_ID_AT_0123+/="));
  SPOILT_RUN (strcpy (m.request.token, "t t"));
  SPOILT_RUN (strcpy (m.request.token, "t"); m.request.token_expires_at_s = 1800000000);
  FINE_RUN (strcpy (m.request.openvpn.answer, "42"); strcpy (m.request.openvpn.question, "state:7"));
  SPOILT_RUN (strcpy (m.request.openvpn.question, "state:7"));
  SPOILT_RUN (strcpy (m.request.openvpn.answer, "42"); strcpy (m.request.openvpn.question, "state 7"));
  SPOILT_RUN (strcpy (m.request.openvpn.answer, "42"); memset (m.request.openvpn.question, 'a', sizeof none->question));
  SPOILT_RUN (strcpy (m.request.device_id, "id"));
  SPOILT_RUN (m.request.public_key[0] = 1);
  SPOILT_RUN (strcpy (m.request.place.country, "se"));
  SPOILT_RUN (m.request.try_number = 1);
  SPOILT_RUN (m.request.openvpn.remote.port = 0);
  SPOILT_RUN (m.request.openvpn.remote.address.family = 5);
  SPOILT_RUN (memset (&m.request.openvpn.remote, 0, sizeof none->remote));
  SPOILT_RUN (m.request.openvpn.proxy.port = 1);
  SPOILT_RUN (m.request.openvpn.over_tcp = 2);
  SPOILT_RUN (m.request.openvpn.proxy = endpoint ("192.0.2.9:3128"));
  SPOILT_RUN (m.request.openvpn.device[0] = '\0');
  SPOILT_RUN (strcpy (m.request.openvpn.device, "../x"));
  SPOILT_RUN (memset (m.request.openvpn.device, 'a', sizeof none->device));
  SPOILT_RUN (strcpy (m.request.openvpn.management_path, "run/x"));
  SPOILT_RUN (strcpy (m.request.openvpn.management_path, "/run/a b"));
  SPOILT_RUN (strcpy (m.request.openvpn.management_path, "/run/a\nb"));
  SPOILT_RUN (memset (m.request.openvpn.management_path, '/', sizeof none->management_path));
  SPOILT_RUN (memset (m.request.openvpn.username, 'a', sizeof none->username));
  SPOILT_RUN (m.request.openvpn.password[100] = 'a');
  SPOILT_RUN (memset (m.request.openvpn.answer, 'a', sizeof none->answer));
  SPOILT_RUN (m.request.openvpn.passphrase[2] = 'a');
  SPOILT_RUN (m.request.openvpn.proxy_username[127] = 'a');
  SPOILT_RUN (m.request.openvpn.proxy_password[127] = 'a');
  for (gsize i = 0; i < sizeof none->reserved; i++)
    SPOILT_RUN (m.request.openvpn.reserved[i] = 1);
  for (gsize i = 0; i < sizeof none->reserved2; i++)
    SPOILT_RUN (m.request.openvpn.reserved2[i] = 1);

  SPOILT (ADIT_WIRE_CONFIGURATION, m.configuration.size_bytes = 0);
  SPOILT (ADIT_WIRE_CONFIGURATION, m.configuration.size_bytes = ADIT_WIRE_TEXT_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_CONFIGURATION, m.configuration.reserved = 1);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_addresses = 0);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_addresses = 1);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_addresses = 3);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[0].prefix_bits = 16);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[0] = prefix ("127.0.0.1/32"));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[0] = prefix ("224.0.0.1/32"));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[0] = prefix ("169.254.0.1/32"));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[1] = prefix ("fe80::1/128"));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.addresses[1] = prefix ("10.65.0.3/32"));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_dns = 2);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_dns = ADIT_TUNNEL_MAX_DNS + 1);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.n_dns = 0);
  SPOILT (ADIT_WIRE_ASSIGNED, adit_address_parse ("127.0.0.53", &m.assigned.dns[0]));
  SPOILT (ADIT_WIRE_ASSIGNED, adit_address_parse ("ff02::fb", &m.assigned.dns[0]));
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.mtu_bytes = ADIT_TUNNEL_MTU_MIN_BYTES - 1);
  SPOILT (ADIT_WIRE_ASSIGNED, m.assigned.mtu_bytes = ADIT_TUNNEL_MTU_MAX_BYTES + 1);
  FINE (ADIT_WIRE_ASSIGNED, m.assigned.n_dns = 0; memset (m.assigned.dns, 0, sizeof m.assigned.dns));
  SPOILT (ADIT_WIRE_PROGRESS, m.progress.received_bytes = G_MAXUINT64);
  SPOILT (ADIT_WIRE_PROGRESS, m.progress.sent_bytes = G_MAXUINT64);
  SPOILT (ADIT_WIRE_PROGRESS, m.progress.reserved = 1);
}

/* The lock opens to what is told. */
static void
test_api (void)
{
  static const char *const not_told[] = { "10.0.0.1:443", "127.0.0.1:443", "192.168.1.1:443", "169.254.1.1:443", "224.0.0.1:443",
                                          "255.255.255.255:443", "0.0.0.1:443", "192.0.2.1:22", "192.0.2.1:80", "[::1]:443",
                                          "[fe80::1]:443", "[fc00::1]:443", "[ff02::1]:443", "[::ffff:10.0.0.1]:443" };

  SPOILT (ADIT_WIRE_API, m.api.n_endpoints = 0; memset (m.api.endpoints, 0, sizeof m.api.endpoints));
  SPOILT (ADIT_WIRE_API, m.api.n_endpoints = 1);
  SPOILT (ADIT_WIRE_API, m.api.n_endpoints = 3);
  SPOILT (ADIT_WIRE_API, m.api.n_endpoints = ADIT_SERVICE_MAX_API + 1);
  SPOILT (ADIT_WIRE_API, m.api.endpoints[7].port = 1);
  SPOILT (ADIT_WIRE_API, m.api.endpoints[1] = m.api.endpoints[0]);
  SPOILT (ADIT_WIRE_API, n = 1);
  for (gsize i = 0; i < G_N_ELEMENTS (not_told); i++)
    SPOILT (ADIT_WIRE_API, m.api.endpoints[1] = endpoint (not_told[i]));
}

static void
test_question (void)
{
  AditWireQuestion *none = NULL;

  FINE (ADIT_WIRE_QUESTION, memset (m.question.text, 0, sizeof none->text));
  FINE (ADIT_WIRE_QUESTION, memset (m.question.handle, 0, sizeof none->handle));
  SPOILT (ADIT_WIRE_QUESTION, memset (m.question.text, 'a', sizeof none->text));
  SPOILT (ADIT_WIRE_QUESTION, strcpy (m.question.text, "two\nlines"));
  SPOILT (ADIT_WIRE_QUESTION, strcpy (m.question.text, "\xe2\x80\xae turned"));
  SPOILT (ADIT_WIRE_QUESTION, strcpy (m.question.text, "\xff"));
  SPOILT (ADIT_WIRE_QUESTION, strcpy (m.question.text, "\033[2J"));
  SPOILT (ADIT_WIRE_QUESTION, memset (m.question.handle, 'a', sizeof none->handle));
  SPOILT (ADIT_WIRE_QUESTION, strcpy (m.question.handle, "a b"));
  SPOILT (ADIT_WIRE_QUESTION, m.question.echo = 2);
  SPOILT (ADIT_WIRE_QUESTION, m.question.was_wrong = 2);
  SPOILT (ADIT_WIRE_QUESTION, m.question.kind = ADIT_N_WIRE_ASKS);
  SPOILT (ADIT_WIRE_QUESTION, m.question.size_picture_bytes = 100; n = 1);
  FINE (ADIT_WIRE_QUESTION, m.question.kind = ADIT_WIRE_ASKS_CAPTCHA; m.question.size_picture_bytes = 100; n = 1);
  SPOILT (ADIT_WIRE_QUESTION, m.question.kind = ADIT_WIRE_ASKS_CAPTCHA; m.question.size_picture_bytes = 100);
  SPOILT (ADIT_WIRE_QUESTION, m.question.kind = ADIT_WIRE_ASKS_CAPTCHA;
          m.question.size_picture_bytes = ADIT_WIRE_PICTURE_MAX_BYTES + 1; n = 1);
  SPOILT (ADIT_WIRE_QUESTION, m.question.reserved = 1);
  SPOILT (ADIT_WIRE_LOGIN, strcpy (m.login.credential, "a b"));
  SPOILT (ADIT_WIRE_LOGIN, memset (m.login.credential, 'a', sizeof m.login.credential));
  SPOILT (ADIT_WIRE_LOGIN, memset (m.login.password, 'a', sizeof m.login.password));
  SPOILT (ADIT_WIRE_DEVICE_ROW, m.device_row.id[0] = '\0');
  SPOILT (ADIT_WIRE_DEVICE_ROW, strcpy (m.device_row.id, "a/b"));
  SPOILT (ADIT_WIRE_DEVICE_ROW, strcpy (m.device_row.name, "a\nb"));
  SPOILT (ADIT_WIRE_DEVICE_ROW, m.device_row.created_at_s = -1);
  SPOILT (ADIT_WIRE_DEVICE_ROW, m.device_row.is_ours = 2);
  SPOILT (ADIT_WIRE_DEVICE_ROW, m.device_row.reserved = 1);
  SPOILT (ADIT_WIRE_DEVICE, m.device.plan.is_inactive = 2);
  SPOILT (ADIT_WIRE_DEVICE, m.device.plan.reserved = 1);
  SPOILT (ADIT_WIRE_DEVICE, strcpy (m.device.plan.name, "a\nb"));
  SPOILT (ADIT_WIRE_ACCOUNT, m.account.plan.refuses_multihop = 2);
  SPOILT (ADIT_WIRE_AUTH_TOKEN, memset (m.auth_token.token, 0, sizeof m.auth_token.token));
  SPOILT (ADIT_WIRE_AUTH_TOKEN, memset (m.auth_token.token, 'a', sizeof m.auth_token.token));
  SPOILT (ADIT_WIRE_AUTH_TOKEN, strcpy (m.auth_token.token, "a\nb"));
}

/* Each message after each other: these turns, and no other. */
static void
test_order (void)
{
  static const AditWireOp order[] = {
    ADIT_WIRE_NONE, ADIT_WIRE_CONFIGURATION, ADIT_WIRE_MANAGEMENT, ADIT_WIRE_ASSIGNED, ADIT_WIRE_RUNNING, ADIT_WIRE_PROGRESS,
    ADIT_WIRE_PROGRESS,
  };
  guint n_allowed = 0;

  for (AditWireOp before = ADIT_WIRE_NONE; before <= ADIT_N_WIRE_OPS; before++)
    for (AditWireOp op = ADIT_WIRE_NONE; op <= ADIT_N_WIRE_OPS; op++)
      {
        n_allowed += adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, before, op);
        g_assert_false (adit_wire_may_follow (ADIT_WIRE_WANT_CHOOSE, before, op));
        g_assert_false (op == ADIT_WIRE_NONE && adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, before, op));
      }
  for (gsize i = 1; i < G_N_ELEMENTS (order); i++)
    {
      g_assert_true (adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, order[i - 1], order[i]));
      g_assert_true (adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, order[i], ADIT_WIRE_FAILED));
    }
  for (gsize i = 1; i < G_N_ELEMENTS (order); i++)
    {
      gboolean has_begun = order[i - 1] != ADIT_WIRE_NONE && order[i - 1] != ADIT_WIRE_CONFIGURATION;

      g_assert_cmpint (adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, order[i - 1], ADIT_WIRE_QUESTION), ==, has_begun);
      g_assert_cmpint (adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, order[i - 1], ADIT_WIRE_AUTH_TOKEN), ==, has_begun);
    }
  g_assert_true (adit_wire_is_aside (ADIT_WIRE_QUESTION) && adit_wire_is_aside (ADIT_WIRE_AUTH_TOKEN));
  g_assert_false (adit_wire_is_aside (ADIT_WIRE_PROGRESS));
  g_assert_cmpuint (n_allowed, ==, 6 + 6 + 2 * 4);
}

static void
make_import (AditWireMessage *m)
{
  m->request.want = ADIT_WIRE_WANT_IMPORT;
  memset (m->request.service, 0, sizeof m->request.service);
  memset (m->request.credential, 0, sizeof m->request.credential);
  memset (m->request.public_key, 0, sizeof m->request.public_key);
  m->request.api[0] = (AditEndpoint) { 0 };
  m->request.n_api = 0;
}

/* Whoever reads a person's file is told of nothing else, and lent nothing. */
static void
test_import (void)
{
  FINE (ADIT_WIRE_REQUEST, make_import (&m); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.want = ADIT_WIRE_WANT_PICTURE);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); m.request.want = ADIT_WIRE_WANT_PICTURE);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.want = ADIT_WIRE_WANT_PICTURE; m.request.try_number = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; strcpy (m.request.service, "mullvad"));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; strcpy (m.request.credential, "1234"));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; strcpy (m.request.device_id, "id"));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; strcpy (m.request.token, "t"));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.public_key[3] = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; strcpy (m.request.place.country, "se"));
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.try_number = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.api[0] = endpoint ("192.0.2.1:443"); m.request.n_api = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 2; m.request.has_list = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 2; m.request.has_trust = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); n = 1; m.request.has_ipv6 = 1);
  SPOILT (ADIT_WIRE_REQUEST, m.request.service[0] = '\0');

  FINE (ADIT_WIRE_IMPORTED, m.imported.n_profiles = 0; m.imported.size_texts_bytes = 0; n = 1);
  SPOILT (ADIT_WIRE_IMPORTED, n = 1);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.n_profiles = 0);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.n_profiles = 0; m.imported.size_texts_bytes = 0);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.n_profiles = ADIT_IMPORT_MAX_PROFILES + 1);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.n_profiles = G_MAXUINT32);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.size_texts_bytes = 1);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.size_texts_bytes = ADIT_WIRE_TEXTS_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.size_lines_bytes = 0);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.size_lines_bytes = ADIT_IMPORT_LINES_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_IMPORTED, m.imported.reserved = 1);
}

static void
make_report (AditWireMessage *m)
{
  make_import (m);
  m->request.want = ADIT_WIRE_WANT_REPORT;
  strcpy (m->request.report.id, "0123456789abcdef0123456789abcdef");
}

/* What a report is made of, and what comes of it. */
static void
test_report (void)
{
  FINE (ADIT_WIRE_REQUEST, make_report (&m); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.has_note = 1; n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); n = 0);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.has_note = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.has_note = 2; n = 3);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.id[31] = '\0'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.id[0] = '\0'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.id[0] = 'A'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.id[32] = 'a'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.report.host, "example.org"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.report.folder, "/a"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.report.key, "a"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.report.project, "1"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.report.pin, "a"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.port = 443; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.report.reserved[1] = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.service, "mullvad"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); strcpy (m.request.credential, "1"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.has_trust = ADIT_WIRE_TRUST_SYSTEM; n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_report (&m); m.request.api[0] = endpoint ("192.0.2.1:443"); m.request.n_api = 1; n = 1);
  /* Nobody else is told of one. */
  SPOILT (ADIT_WIRE_REQUEST, m.request.report.id[0] = '0');
  SPOILT (ADIT_WIRE_REQUEST, m.request.report.has_note = 1; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_import (&m); strcpy (m.request.report.host, "example.org"); n = 1);

  SPOILT (ADIT_WIRE_MODULE, m.module.program = ADIT_N_WIRE_PROGRAMS);
  FINE (ADIT_WIRE_MODULE_FILES, m.module_files.has_debug = 0; n = 1);
  FINE (ADIT_WIRE_MODULE_FILES, m.module_files.has_program = m.module_files.has_debug = 0; n = 0);
  SPOILT (ADIT_WIRE_MODULE_FILES, m.module_files.has_program = 0; n = 1);
  SPOILT (ADIT_WIRE_MODULE_FILES, n = 1);
  SPOILT (ADIT_WIRE_MODULE_FILES, m.module_files.has_program = 2; n = 3);
  SPOILT (ADIT_WIRE_MODULE_FILES, m.module_files.reserved[5] = 1);
  SPOILT (ADIT_WIRE_REPORT, m.report.key[0] = 'g');
  SPOILT (ADIT_WIRE_REPORT, m.report.key[63] = '\0');
  SPOILT (ADIT_WIRE_REPORT, m.report.key[64] = 'f');
  SPOILT (ADIT_WIRE_REPORT, m.report.reserved[0] = 1);
  SPOILT (ADIT_WIRE_REPORT, m.report.size_text_bytes = 0);
  SPOILT (ADIT_WIRE_REPORT, m.report.size_text_bytes = ADIT_WIRE_REPORT_MAX_BYTES + 1);
}

static void
make_send (AditWireMessage *m)
{
  make_report (m);
  m->request.want = ADIT_WIRE_WANT_SEND;
  strcpy (m->request.report.host, "reports.example.org");
  strcpy (m->request.report.folder, "/sentry/in-2.0");
  strcpy (m->request.report.key, "b7f9a1e1");
  strcpy (m->request.report.project, "42");
  strcpy (m->request.report.pin, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  m->request.report.port = 8443;
  m->request.api[0] = endpoint ("192.0.2.1:8443");
  m->request.api[1] = endpoint ("[2001:db8::1]:8443");
  m->request.n_api = 2;
}

/* Where it goes, and what is said there. */
static void
test_send (void)
{
  FINE (ADIT_WIRE_REQUEST, make_send (&m); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.folder[0] = '\0'; memset (m.request.report.folder, 0, 65); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_send (&m); memset (m.request.report.pin, 0, 45); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); n = 0);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.has_note = 1; n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.host[0] = '\0'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.host, "192.0.2.1"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.host, "a b"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.key[0] = '\0'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.key, "a,b"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.key, "a\nb"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.key[20] = 'x'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.project, "4x"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.project[0] = '\0'; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "sentry"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/a/"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/a//b"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/../b"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/a?b"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.folder, "/%2e"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.report.pin, "47DEQpj8HBSa"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); memset (m.request.report.pin, 'A', 45); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.port = 0; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.port = 443; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.api[1].port = 443; n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.n_api = 0; memset (m.request.api, 0, sizeof m.request.api); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.service, "mullvad"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.has_trust = ADIT_WIRE_TRUST_REPLACED; n = 2);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); strcpy (m.request.token, "t"); n = 1);
  SPOILT (ADIT_WIRE_REQUEST, make_send (&m); m.request.report.reserved[0] = 1; n = 1);

  FINE (ADIT_WIRE_REPORTED, m.reported.outcome = ADIT_WIRE_SEND_DONE; m.reported.status = 200);
  FINE (ADIT_WIRE_REPORTED, m.reported.outcome = ADIT_WIRE_SEND_REFUSED; m.reported.status = 302; m.reported.retry_after_s = 0);
  FINE (ADIT_WIRE_REPORTED, m.reported.retry_after_s = ADIT_WIRE_RETRY_MAX_S);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.retry_after_s = ADIT_WIRE_RETRY_MAX_S + 1);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.outcome = ADIT_N_WIRE_SENDS);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.outcome = ADIT_WIRE_SEND_DONE);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.status = 200);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.status = 99);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.status = 600);
  SPOILT (ADIT_WIRE_REPORTED, m.reported.reserved = 1);
}

static void
make_server (AditWireMessage *m)
{
  make_import (m);
  m->request.want = ADIT_WIRE_WANT_SERVER;
}

static void
test_server (void)
{
  FINE (ADIT_WIRE_REQUEST, make_server (&m); n = 1);
  FINE (ADIT_WIRE_REQUEST, make_server (&m); n = 1; m.request.try_number = ADIT_OPENVPN_MAX_REMOTES - 1);
  SPOILT (ADIT_WIRE_REQUEST, make_server (&m); n = 1; m.request.try_number = ADIT_OPENVPN_MAX_REMOTES);
  SPOILT (ADIT_WIRE_REQUEST, make_server (&m));
  SPOILT (ADIT_WIRE_REQUEST, make_server (&m); n = 1; strcpy (m.request.service, "mullvad"));
  SPOILT (ADIT_WIRE_REQUEST, make_server (&m); n = 1; strcpy (m.request.credential, "1234"));
  SPOILT (ADIT_WIRE_REQUEST, make_server (&m); n = 1; m.request.api[0] = endpoint ("192.0.2.1:443"); m.request.n_api = 1);

  FINE (ADIT_WIRE_SERVER, memset (m.server.name, 0, 254); adit_address_parse ("2001:db8::1", &m.server.address));
  FINE (ADIT_WIRE_SERVER, m.server.proxy_port = 0; memset (&m.server.proxy_address, 0, sizeof m.server.proxy_address));
  FINE (ADIT_WIRE_SERVER, m.server.family = ADIT_FAMILY_IPV6);
  SPOILT (ADIT_WIRE_SERVER, memset (m.server.name, 0, 254));
  SPOILT (ADIT_WIRE_SERVER, adit_address_parse ("192.0.2.1", &m.server.address));
  SPOILT (ADIT_WIRE_SERVER, strcpy (m.server.name, "vpn example"));
  SPOILT (ADIT_WIRE_SERVER, strcpy (m.server.name, "vpn\nremote"));
  SPOILT (ADIT_WIRE_SERVER, memset (m.server.name, 'a', 254));
  SPOILT (ADIT_WIRE_SERVER, m.server.name[200] = 'a');
  SPOILT (ADIT_WIRE_SERVER, m.server.port = 0);
  SPOILT (ADIT_WIRE_SERVER, m.server.proxy_port = 0);
  SPOILT (ADIT_WIRE_SERVER, memset (&m.server.proxy_address, 0, sizeof m.server.proxy_address));
  SPOILT (ADIT_WIRE_SERVER, strcpy (m.server.proxy_name, "proxy.example"));
  SPOILT (ADIT_WIRE_SERVER, m.server.over_tcp = 2);
  SPOILT (ADIT_WIRE_SERVER, m.server.family = 3);
  SPOILT (ADIT_WIRE_SERVER, m.server.n_servers = 0);
  SPOILT (ADIT_WIRE_SERVER, m.server.n_servers = ADIT_OPENVPN_MAX_REMOTES + 1);
  for (gsize i = 0; i < 3; i++)
    SPOILT (ADIT_WIRE_SERVER, m.server.reserved[i] = 1);
}

static void
test_peers (void)
{
  FINE (ADIT_WIRE_PEERS, m.peers.peers[0].has_preshared_key = 0; memset (m.peers.peers[0].preshared_key, 0, 32));
  FINE (ADIT_WIRE_PEERS, m.peers.n_dns = 0; memset (m.peers.dns, 0, sizeof m.peers.dns));
  FINE (ADIT_WIRE_PEERS, m.peers.n_peers = 1; memset (&m.peers.peers[1], 0, sizeof m.peers.peers[1]);
        memset (&m.peers.allowed_ips[1], 0, 2 * sizeof m.peers.allowed_ips[1]));
  SPOILT (ADIT_WIRE_PEERS, memset (m.peers.private_key, 0, 32));
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_peers = 0);
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_peers = 1);    /* and another behind it */
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_peers = 3);
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_peers = ADIT_TUNNEL_MAX_PEERS + 1);
  SPOILT (ADIT_WIRE_PEERS, m.peers.peers[7].keepalive_s = 1);
  for (guint i = 0; i < 2; i++)
    {
      SPOILT (ADIT_WIRE_PEERS, memset (m.peers.peers[i].key, 0, 32));
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].has_preshared_key = 0; m.peers.peers[i].preshared_key[9] = 1);
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].has_preshared_key = 2);
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].port = 0);
      SPOILT (ADIT_WIRE_PEERS, memset (m.peers.peers[i].name, 0, 254); m.peers.peers[i].address.family = 0);
      SPOILT (ADIT_WIRE_PEERS, strcpy (m.peers.peers[i].name, "a.example");
              adit_address_parse ("192.0.2.9", &m.peers.peers[i].address));
      SPOILT (ADIT_WIRE_PEERS, strcpy (m.peers.peers[i].name, "a\nb"));
      SPOILT (ADIT_WIRE_PEERS, memset (m.peers.peers[i].name, 'a', 254));
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].n_allowed_ips = 0);
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].n_allowed_ips++);
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].n_allowed_ips = ADIT_TUNNEL_MAX_ALLOWED_IPS);
      SPOILT (ADIT_WIRE_PEERS, m.peers.peers[i].n_allowed_ips = G_MAXUINT16);
      SPOILT (ADIT_WIRE_PEERS, m.peers.allowed_ips[i].prefix_bits = 33);
    }
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_addresses = 0);
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_addresses = 2);
  SPOILT (ADIT_WIRE_PEERS, m.peers.addresses[0].prefix_bits = 24);
  SPOILT (ADIT_WIRE_PEERS, m.peers.allowed_ips[3].prefix_bits = 1);
  SPOILT (ADIT_WIRE_PEERS, m.peers.allowed_ips[ADIT_TUNNEL_MAX_ALLOWED_IPS - 1].prefix_bits = 1);
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_dns = 0);
  SPOILT (ADIT_WIRE_PEERS, m.peers.n_dns = ADIT_TUNNEL_MAX_DNS + 1);
  SPOILT (ADIT_WIRE_PEERS, adit_address_parse ("127.0.0.1", &m.peers.dns[0]));
  SPOILT (ADIT_WIRE_PEERS, m.peers.mtu_bytes = 100);
  SPOILT (ADIT_WIRE_PEERS, m.peers.mtu_bytes = 9001);
  SPOILT (ADIT_WIRE_PEERS, m.peers.reserved = 1);
}

static void
make_wireguard (AditWireMessage *m)
{
  m->profile.facts.kind = ADIT_PROFILE_WIREGUARD;
  m->profile.facts.login = ADIT_PROFILE_LOGIN_NONE;
  memset (m->profile.facts.challenge, 0, sizeof m->profile.facts.challenge);
}

static void
test_profile (void)
{
  FINE (ADIT_WIRE_PROFILE, m.profile.facts.challenge_echo = 1);
  FINE (ADIT_WIRE_PROFILE, m.profile.facts.has_proxy = 1; m.profile.facts.proxy_login = ADIT_PROFILE_LOGIN_KEPT);
  FINE (ADIT_WIRE_PROFILE, make_wireguard (&m));
  FINE (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.is_whole = 0);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.size_text_bytes = 0);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.size_text_bytes = ADIT_IMPORT_FILE_MAX_BYTES + 1);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.kind = ADIT_PROFILE_NONE);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.kind = ADIT_N_PROFILE_KINDS);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.n_servers = 0);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.n_servers = ADIT_OPENVPN_MAX_REMOTES + 1);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.n_dns = ADIT_TUNNEL_MAX_DNS + 1);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.name[0] = '\0');
  SPOILT (ADIT_WIRE_PROFILE, strcpy (m.profile.facts.name, "a\nb"));
  SPOILT (ADIT_WIRE_PROFILE, strcpy (m.profile.facts.name, "a\xff"));
  SPOILT (ADIT_WIRE_PROFILE, strcpy (m.profile.facts.name, "a\xe2\x80\xae" "b"));
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.name[90] = 'x');
  SPOILT (ADIT_WIRE_PROFILE, memset (m.profile.facts.name, 'x', sizeof m.profile.facts.name));
  SPOILT (ADIT_WIRE_PROFILE, strcpy (m.profile.facts.challenge, "a\"b"));
  SPOILT (ADIT_WIRE_PROFILE, strcpy (m.profile.facts.challenge, "a\x1b[2J"));
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.challenge[190] = 'x');
  SPOILT (ADIT_WIRE_PROFILE, memset (m.profile.facts.challenge, 'x', sizeof m.profile.facts.challenge));
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.challenge[0] = '\0'; m.profile.facts.challenge_echo = 1);
  SPOILT (ADIT_WIRE_PROFILE, memset (m.profile.facts.challenge, 0, 190); m.profile.facts.challenge_echo = 1);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.login = ADIT_N_PROFILE_LOGINS);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.login = ADIT_PROFILE_LOGIN_NONE);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.proxy_login = ADIT_PROFILE_LOGIN_KEPT);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.has_proxy = 1; m.profile.facts.proxy_login = ADIT_N_PROFILE_LOGINS);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.has_proxy = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.needs_passphrase = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.needs_names = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.challenge_echo = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.is_random = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.is_whole = 2);
  SPOILT (ADIT_WIRE_PROFILE, m.profile.facts.is_whole = 0);
  SPOILT (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.n_servers = ADIT_WIREGUARD_MAX_PEERS + 1);
  SPOILT (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.login = ADIT_PROFILE_LOGIN_KEPT);
  SPOILT (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.has_proxy = 1);
  SPOILT (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.needs_passphrase = 1);
  SPOILT (ADIT_WIRE_PROFILE, make_wireguard (&m); m.profile.facts.is_random = 1);
}

static void
test_build (void)
{
  AditWireMessage m = good (ADIT_WIRE_REQUEST);

  g_assert_true (adit_wire_is_of_this_build (&m, sizeof m.request));
  m.request.build_id[0] ^= 1;
  g_assert_false (adit_wire_is_of_this_build (&m, sizeof m.request));
  g_assert_false (adit_wire_is_of_this_build (&m, 100));    /* another build's request may be shorter */
  m = good (ADIT_WIRE_DONE);
  g_assert_true (adit_wire_is_of_this_build (&m, sizeof m.done));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/good", test_good);
  g_test_add_func ("/wire/header", test_header);
  g_test_add_func ("/wire/request", test_request);
  g_test_add_func ("/wire/choose", test_choose);
  g_test_add_func ("/wire/look-up", test_look_up);
  g_test_add_func ("/wire/addresses", test_addresses);
  g_test_add_func ("/wire/from-helper", test_from_helper);
  g_test_add_func ("/wire/from-worker", test_from_worker);
  g_test_add_func ("/wire/tunnel", test_tunnel);
  g_test_add_func ("/wire/exit", test_exit);
  g_test_add_func ("/wire/openvpn", test_openvpn);
  g_test_add_func ("/wire/question", test_question);
  g_test_add_func ("/wire/api", test_api);
  g_test_add_func ("/wire/choice", test_choice);
  g_test_add_func ("/wire/lent", test_lent);
  g_test_add_func ("/wire/order", test_order);
  g_test_add_func ("/wire/import", test_import);
  g_test_add_func ("/wire/profile", test_profile);
  g_test_add_func ("/wire/server", test_server);
  g_test_add_func ("/wire/peer", test_peers);
  g_test_add_func ("/wire/report", test_report);
  g_test_add_func ("/wire/send", test_send);
  g_test_add_func ("/wire/build", test_build);
  return g_test_run ();
}
