/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.c: begins messages and checks foreign ones field by field.  What is not named here as allowed is refused. */
#include "client/wire/wire.h"

#include <string.h>

#include "build-id.h"
#include "client/base/field.h"

#define LAST_SECOND         G_GINT64_CONSTANT (253402300799)    /* the end of the year 9999, where RFC 3339 ends */
#define LIST_MIN_BYTES      64                                  /* less cannot hold a list's head */
#define KEEPALIVE_MAX_S     G_MAXUINT16                         /* WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL is 16 bits wide */

/* No hole anywhere but the one byte in front of a port, which adit_channel_send() clears: a hole would carry bytes of the
 * sender's stack, and the helper is root. */
#define END_OF(type, field) (G_STRUCT_OFFSET (type, field) + sizeof ((type *) NULL)->field)
G_STATIC_ASSERT (sizeof (AditWireHeader) == 16);
G_STATIC_ASSERT (sizeof (AditEndpoint) == 20 && sizeof (AditPrefix) == 18 && sizeof (AditAddress) == 17);
G_STATIC_ASSERT (sizeof (AditPlace) == 96 && sizeof (AditLocation) == 288);
G_STATIC_ASSERT (sizeof (AditWireRequest) == 16 + 64 + 8 + 16 + 128 + 64 + 1024 + 16 + 32 + 96 + 64 + 8 * 20 + 4 + 3 + 9 +
                 sizeof (AditWireOpenvpn) + sizeof (AditWireLookUp));
G_STATIC_ASSERT (sizeof (AditWireOpenvpn) == 2 * 20 + 2 + 6 + 16 + 108 + 6 * 128 + 192 + 4);
G_STATIC_ASSERT (sizeof (AditWireLookUp) == 2 * 254 + 1 + 3);
G_STATIC_ASSERT (END_OF (AditWireRequest, look_up) == sizeof (AditWireRequest));
G_STATIC_ASSERT (sizeof (AditWireConnect) == 16 + 20);
G_STATIC_ASSERT (sizeof (AditWireConnected) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireToken) == 16 + 1024 + 8);
G_STATIC_ASSERT (sizeof (AditWireList) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireDevice) == 16 + 64 + 96 + 2 * 18 + 12 + 8);
G_STATIC_ASSERT (sizeof (AditWireAccount) == 16 + 8 + 8 + 8 + 2 * 18 + 12);
G_STATIC_ASSERT (sizeof (AditWireTunnel) == 16 + 20 + 32 + 8 * 18 + 4 + 4 * 17 + 12 + 288);
G_STATIC_ASSERT (sizeof (AditWireDone) == 16);
G_STATIC_ASSERT (sizeof (AditWireFailed) == 16 + 4 + 256 + 4);
G_STATIC_ASSERT (sizeof (AditWireExit) == 16 + 17 + 3);
G_STATIC_ASSERT (sizeof (AditWireConfiguration) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireManagement) == 16 && sizeof (AditWireRunning) == 16);
G_STATIC_ASSERT (sizeof (AditWireAssigned) == 16 + 2 * 18 + 4 + 4 * 17 + 8);
G_STATIC_ASSERT (sizeof (AditWireProgress) == 16 + 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireQuestion) == 16 + 192 + 192 + 8 && sizeof (AditWireAuthToken) == 16 + 1024);
G_STATIC_ASSERT (sizeof (AditProfileFacts) == 12 + 96 + 8 + 192);
G_STATIC_ASSERT (sizeof (AditWireProfile) == 16 + 4 + 308);
G_STATIC_ASSERT (sizeof (AditWireImported) == 16 + 16);
G_STATIC_ASSERT (sizeof (AditWirePeer) == 2 * 32 + 254 + 17 + 1 + 3 * 2);
G_STATIC_ASSERT (sizeof (AditWirePeers) == 16 + 32 + 2 * 18 + 4 + 256 * 18 + 4 * 17 + 4 + 8 * 342 + 4 + 4);
G_STATIC_ASSERT (sizeof (AditWireServer) == 16 + 2 * 254 + 2 * 17 + 2 * 2 + 6);
G_STATIC_ASSERT (sizeof (AditWireAddresses) == 16 + 4 * 17 + 4);
G_STATIC_ASSERT (sizeof (AditWireRequest) <= ADIT_WIRE_MESSAGE_MAX_BYTES);
G_STATIC_ASSERT (sizeof (AditWireMessage) == ADIT_WIRE_MESSAGE_MAX_BYTES);
G_STATIC_ASSERT (sizeof ADIT_BUILD_ID <= ADIT_WIRE_BUILD_ID_MAX_BYTES);

static const gsize sizes[ADIT_N_WIRE_OPS] = {
  [ADIT_WIRE_REQUEST]   = sizeof (AditWireRequest),
  [ADIT_WIRE_CONNECTED] = sizeof (AditWireConnected),
  [ADIT_WIRE_CONNECT]   = sizeof (AditWireConnect),
  [ADIT_WIRE_TOKEN]     = sizeof (AditWireToken),
  [ADIT_WIRE_LIST]      = sizeof (AditWireList),
  [ADIT_WIRE_DEVICE]    = sizeof (AditWireDevice),
  [ADIT_WIRE_ACCOUNT]   = sizeof (AditWireAccount),
  [ADIT_WIRE_TUNNEL]    = sizeof (AditWireTunnel),
  [ADIT_WIRE_DONE]      = sizeof (AditWireDone),
  [ADIT_WIRE_FAILED]    = sizeof (AditWireFailed),
  [ADIT_WIRE_EXIT]      = sizeof (AditWireExit),
  [ADIT_WIRE_CONFIGURATION] = sizeof (AditWireConfiguration),
  [ADIT_WIRE_MANAGEMENT]    = sizeof (AditWireManagement),
  [ADIT_WIRE_ASSIGNED]      = sizeof (AditWireAssigned),
  [ADIT_WIRE_RUNNING]       = sizeof (AditWireRunning),
  [ADIT_WIRE_PROGRESS]      = sizeof (AditWireProgress),
  [ADIT_WIRE_QUESTION]      = sizeof (AditWireQuestion),
  [ADIT_WIRE_AUTH_TOKEN]    = sizeof (AditWireAuthToken),
  [ADIT_WIRE_IMPORTED]  = sizeof (AditWireImported),
  [ADIT_WIRE_PROFILE]   = sizeof (AditWireProfile),
  [ADIT_WIRE_SERVER]    = sizeof (AditWireServer),
  [ADIT_WIRE_PEERS]     = sizeof (AditWirePeers),
  [ADIT_WIRE_ADDRESSES]     = sizeof (AditWireAddresses),
};

/* Who says what after what while openvpn runs; NONE is the request itself.  What is no row is not said. */
static const struct { AditWireOp before, op; } openvpn_order[] = {
  { ADIT_WIRE_NONE,          ADIT_WIRE_CONFIGURATION },    /* worker */
  { ADIT_WIRE_CONFIGURATION, ADIT_WIRE_MANAGEMENT },       /* helper */
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_ASSIGNED },         /* worker, from here on */
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_RUNNING },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_PROGRESS },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_PROGRESS },
  { ADIT_WIRE_NONE,          ADIT_WIRE_FAILED },
  { ADIT_WIRE_CONFIGURATION, ADIT_WIRE_FAILED },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_FAILED },
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_FAILED },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_FAILED },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_FAILED },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_QUESTION },         /* aside, as are these: what comes next is as if they were not there */
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_QUESTION },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_QUESTION },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_QUESTION },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_AUTH_TOKEN },
};

typedef gboolean (*CharacterCheck) (guchar c);

static gboolean
is_graph (guchar c)
{
  return c > 0x20 && c < 0x7f;
}

static gboolean
is_identifier (guchar c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

static gboolean
is_anything (guchar c)
{
  return c != 0;
}

static gboolean
is_text (const char *text, gsize size, CharacterCheck check)
{
  if (!adit_field_is_terminated (text, size))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!check ((guchar) *text))
      return FALSE;
  return TRUE;
}

static gboolean
is_line (const char *text, gsize size)
{
  if (!adit_field_is_terminated (text, size) || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      GUnicodeType type = g_unichar_type (c);

      /* Format characters print nothing and turn the writing direction; separators break the line. */
      if (!g_unichar_isprint (c) || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_time (gint64 seconds)
{
  return seconds >= 0 && seconds <= LAST_SECOND;
}

static gboolean
is_no_endpoint (const AditEndpoint *endpoint)
{
  return endpoint->port == 0 && adit_field_is_zero (&endpoint->address, sizeof endpoint->address);
}

/* This computer's own addresses in a tunnel: single ones, at most one a family. */
static gboolean
are_host_addresses (const AditPrefix *addresses, guint32 n)
{
  if (n > ADIT_TUNNEL_MAX_ADDRESSES || !adit_field_is_zero (addresses + n, (ADIT_TUNNEL_MAX_ADDRESSES - n) * sizeof *addresses))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      const AditPrefix *one = &addresses[i];

      if (!adit_address_is_valid (&one->address) || one->prefix_bits != (one->address.family == ADIT_FAMILY_IPV4 ? 32 : 128))
        return FALSE;
      for (guint32 j = 0; j < i; j++)
        if (addresses[j].address.family == one->address.family)
          return FALSE;
    }
  return TRUE;
}

static gboolean
refuse (GError **error, const char *field)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "A message between helper and worker is malformed: %s", field);
  return FALSE;
}

#define CHECK(condition, field) G_STMT_START { if (!(condition)) return refuse (error, field); } G_STMT_END

static gboolean
check_request_credentials (const AditWireRequest *m, GError **error)
{
  gboolean lends = m->want == ADIT_WIRE_WANT_LOG_IN || m->want == ADIT_WIRE_WANT_ACCOUNT || m->want == ADIT_WIRE_WANT_LOG_OUT;
  gboolean lends_token = lends || m->want == ADIT_WIRE_WANT_OPENVPN;
  gboolean names_device = m->want == ADIT_WIRE_WANT_ACCOUNT || m->want == ADIT_WIRE_WANT_LOG_OUT;

  /* The credential is as a person typed it: only its adapter knows what it may look like, and has its own error for it. */
  CHECK (is_text (m->credential, sizeof m->credential, is_anything), "credential");
  CHECK (is_text (m->device_id, sizeof m->device_id, is_identifier), "device id");
  CHECK (is_text (m->token, sizeof m->token, is_graph), "token");
  CHECK (is_time (m->token_expires_at_s) && (m->token[0] != '\0' || m->token_expires_at_s == 0), "token's end");
  CHECK (lends == (m->credential[0] != '\0'), "credential");
  CHECK (names_device == (m->device_id[0] != '\0'), "device id");
  CHECK (lends_token || m->token[0] == '\0', "token");
  CHECK (lends || m->token_expires_at_s == 0, "token's end");
  CHECK (m->want != ADIT_WIRE_WANT_LOG_IN || !adit_field_is_zero (m->public_key, sizeof m->public_key), "public key");
  CHECK (lends || adit_field_is_zero (m->public_key, sizeof m->public_key), "public key");
  return TRUE;
}

static gboolean
is_endpoint_or_none (const AditEndpoint *endpoint)
{
  return is_no_endpoint (endpoint) || adit_endpoint_is_valid (endpoint);
}

static gboolean
check_openvpn (const AditWireOpenvpn *m, GError **error)
{
  const char *const secrets[] = { m->username, m->password, m->answer, m->passphrase, m->proxy_username, m->proxy_password };

  CHECK (adit_endpoint_is_valid (&m->remote), "server's address");
  CHECK (is_endpoint_or_none (&m->proxy), "proxy's address");
  CHECK (m->over_tcp == 1 || (m->over_tcp == 0 && m->proxy.port == 0), "protocol");
  CHECK (is_text (m->device, sizeof m->device, is_identifier) && m->device[0] != '\0', "device");
  CHECK (is_text (m->management_path, sizeof m->management_path, is_graph) && m->management_path[0] == '/', "socket's path");
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    CHECK (is_text (secrets[i], ADIT_WIRE_CREDENTIAL_MAX_BYTES, is_anything), "credential");
  CHECK (is_text (m->question, sizeof m->question, is_graph) && (m->question[0] == '\0' || m->answer[0] != '\0'), "question");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved) && adit_field_is_zero (m->reserved2, sizeof m->reserved2),
         "reserved");
  return TRUE;
}

static gboolean
is_host_name (const char *name, gsize size)
{
  return adit_field_is_terminated (name, size) && adit_host_name_is_valid (name);
}

static gboolean
check_look_up (const AditWireLookUp *m, GError **error)
{
  CHECK (is_host_name (m->host, sizeof m->host), "name");
  CHECK (is_host_name (m->resolver, sizeof m->resolver), "resolver's name");
  CHECK (m->family == ADIT_FAMILY_NONE || m->family == ADIT_FAMILY_IPV4 || m->family == ADIT_FAMILY_IPV6, "family");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_request (const AditWireRequest *m, guint n_fds, GError **error)
{
  gboolean chooses = m->want == ADIT_WIRE_WANT_CHOOSE, serves = m->want == ADIT_WIRE_WANT_SERVER;
  gboolean imports = m->want == ADIT_WIRE_WANT_IMPORT || serves;    /* a file, and nothing else */
  gboolean runs = m->want == ADIT_WIRE_WANT_OPENVPN;

  CHECK (is_text (m->build_id, sizeof m->build_id, is_graph) && m->build_id[0] != '\0', "build id");
  CHECK (m->want > ADIT_WIRE_WANT_NOTHING && m->want < ADIT_N_WIRE_WANTS, "want");
  CHECK (is_text (m->service, sizeof m->service, is_identifier), "service");
  CHECK (runs || (m->service[0] == '\0') == imports, "service");
  CHECK (m->now_s > 0 && is_time (m->now_s), "time");
  if (!check_request_credentials (m, error))
    return FALSE;

  CHECK (adit_place_is_valid (&m->place), "place");
  CHECK (adit_field_is_terminated (m->avoid, sizeof m->avoid) && (m->avoid[0] == '\0' || adit_server_is_valid (m->avoid)),
         "avoid");
  CHECK (chooses || (adit_field_is_zero (&m->place, sizeof m->place) && m->avoid[0] == '\0'), "place");
  CHECK (chooses || m->try_number == 0 || (serves && m->try_number < ADIT_OPENVPN_MAX_REMOTES), "try");

  CHECK (m->has_list <= 1 && m->has_trust <= 1 && m->has_ipv6 <= 1, "flags");
  CHECK (!imports || (m->has_trust == 0 && m->has_ipv6 == 0), "flags");
  CHECK (m->has_list == 0 || chooses || m->want == ADIT_WIRE_WANT_LIST, "list");
  CHECK (!runs || (m->has_trust == 0 && m->has_ipv6 == 0), "flags");
  CHECK (n_fds == (guint) m->has_list + m->has_trust + (runs || imports ? 1 : 0), "number of descriptors");

  CHECK (m->n_api <= ADIT_SERVICE_MAX_API && (m->n_api > 0 || runs || imports || (chooses && m->has_list)),
         "number of API addresses");
  CHECK (!(runs || imports) || m->n_api == 0, "number of API addresses");
  for (guint32 i = 0; i < ADIT_SERVICE_MAX_API; i++)
    CHECK (i < m->n_api ? adit_endpoint_is_valid (&m->api[i]) : is_no_endpoint (&m->api[i]), "API address");
  CHECK (m->want != ADIT_WIRE_WANT_EXIT || (m->n_api == 1 && m->api[0].port == ADIT_WIRE_RESOLVER_PORT), "resolver");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  CHECK (runs || adit_field_is_zero (&m->openvpn, sizeof m->openvpn), "openvpn");
  if (m->want == ADIT_WIRE_WANT_LOOK_UP)
    return check_look_up (&m->look_up, error);
  CHECK (adit_field_is_zero (&m->look_up, sizeof m->look_up), "name");
  return !runs || check_openvpn (&m->openvpn, error);
}

static gboolean
check_connected (const AditWireConnected *m, guint n_fds, GError **error)
{
  CHECK (m->error <= ADIT_N_ERRORS, "error");
  CHECK (n_fds == (m->error == 0 ? 1 : 0), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

static gboolean
check_list (const AditWireList *m, guint n_fds, GError **error)
{
  CHECK (m->size_list_bytes == 0 || m->size_list_bytes >= LIST_MIN_BYTES, "list's size");
  CHECK (m->size_list_bytes <= ADIT_WIRE_LIST_MAX_BYTES, "list's size");
  CHECK (n_fds == (m->size_list_bytes > 0 ? 1 : 0), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

static gboolean
check_device (const AditWireDevice *m, GError **error)
{
  CHECK (is_text (m->device_id, sizeof m->device_id, is_identifier) && m->device_id[0] != '\0', "device id");
  CHECK (adit_field_is_terminated (m->device_name, sizeof m->device_name), "device name");
  CHECK (m->device_name[0] == '\0' || adit_name_is_valid (m->device_name), "device name");
  CHECK (m->n_addresses > 0 && are_host_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (is_time (m->account_expires_at_s), "account's end");
  CHECK (m->reserved == 0 && m->reserved2 == 0, "reserved");
  return TRUE;
}

static gboolean
check_account (const AditWireAccount *m, GError **error)
{
  CHECK (is_time (m->account_expires_at_s), "account's end");
  CHECK (is_time (m->service_time_s), "service's time");
  CHECK (m->device_is_known <= 1, "device is known");
  CHECK ((m->device_is_known != 0) == (m->n_addresses > 0), "number of addresses");
  CHECK (are_host_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (m->reserved == 0 && m->reserved2 == 0 && m->reserved3 == 0, "reserved");
  return TRUE;
}

static gboolean
check_tunnel (const AditWireTunnel *m, GError **error)
{
  CHECK (adit_endpoint_is_valid (&m->peer), "relay's address");
  CHECK (!adit_field_is_zero (m->peer_key, sizeof m->peer_key), "relay's key");
  CHECK (m->n_allowed_ips > 0 && m->n_allowed_ips <= ADIT_WIRE_MAX_ALLOWED_IPS, "number of allowed addresses");
  for (guint32 i = 0; i < ADIT_WIRE_MAX_ALLOWED_IPS; i++)
    CHECK (i < m->n_allowed_ips ? adit_prefix_is_valid (&m->allowed_ips[i])
                                : adit_field_is_zero (&m->allowed_ips[i], sizeof m->allowed_ips[i]), "allowed addresses");
  CHECK (m->n_dns > 0 && m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_valid (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  CHECK (m->keepalive_s <= KEEPALIVE_MAX_S, "keepalive");
  CHECK (adit_location_is_valid (&m->location), "location");
  return TRUE;
}

static gboolean
check_failed (const AditWireFailed *m, GError **error)
{
  CHECK (m->error < ADIT_N_ERRORS, "error");
  CHECK (is_line (m->detail, sizeof m->detail), "detail");
  CHECK (m->pause_s <= ADIT_WIRE_PAUSE_MAX_S, "pause");
  return TRUE;
}

static gboolean
check_question (const AditWireQuestion *m, GError **error)
{
  CHECK (is_line (m->text, sizeof m->text), "question");
  CHECK (is_text (m->handle, sizeof m->handle, is_graph), "question's handle");
  CHECK (m->echo <= 1, "flags");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_exit (const AditWireExit *m, GError **error)
{
  CHECK (m->address.family == ADIT_FAMILY_IPV4 && adit_address_is_public (&m->address), "exit's address");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_configuration (const AditWireConfiguration *m, guint n_fds, GError **error)
{
  CHECK (m->size_bytes > 0 && m->size_bytes <= ADIT_WIRE_TEXT_MAX_BYTES, "configuration's size");
  CHECK (n_fds == 1, "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/* The server's own words: what could be anybody's address, but never loopback, a group's, or one that holds on one link alone. */
static gboolean
check_assigned (const AditWireAssigned *m, GError **error)
{
  CHECK (m->n_addresses > 0 && are_host_addresses (m->addresses, m->n_addresses), "addresses inside");
  for (guint32 i = 0; i < m->n_addresses; i++)
    CHECK (adit_address_is_unicast (&m->addresses[i].address), "addresses inside");
  CHECK (m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_unicast (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  return TRUE;
}

static gboolean
check_profile (const AditWireProfile *m, GError **error)
{
  CHECK (m->size_text_bytes > 0 && m->size_text_bytes <= ADIT_IMPORT_FILE_MAX_BYTES, "text's size");
  CHECK (adit_profile_facts_is_valid (&m->facts), "profile's facts");
  return TRUE;
}

static gboolean
check_progress (const AditWireProgress *m, GError **error)
{
  CHECK (m->received_bytes <= G_MAXINT64 && m->sent_bytes <= G_MAXINT64, "number of bytes");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

static gboolean
is_host (const char *name, const AditAddress *address, guint16 port)
{
  if (!adit_field_is_terminated (name, ADIT_HOST_NAME_MAX_BYTES) || port == 0)
    return FALSE;
  return name[0] == '\0' ? adit_address_is_valid (address)
                         : adit_host_name_is_valid (name) && adit_field_is_zero (address, sizeof *address);
}

static gboolean
check_server (const AditWireServer *m, GError **error)
{
  CHECK (is_host (m->name, &m->address, m->port), "server");
  CHECK (m->proxy_port != 0 ? is_host (m->proxy_name, &m->proxy_address, m->proxy_port)
                            : adit_field_is_zero (m->proxy_name, sizeof m->proxy_name) &&
                              adit_field_is_zero (&m->proxy_address, sizeof m->proxy_address), "proxy");
  CHECK (m->over_tcp == 1 || (m->over_tcp == 0 && m->proxy_port == 0), "protocol");
  CHECK (m->family == ADIT_FAMILY_NONE || m->family == ADIT_FAMILY_IPV4 || m->family == ADIT_FAMILY_IPV6, "family");
  CHECK (m->n_servers > 0 && m->n_servers <= ADIT_OPENVPN_MAX_REMOTES, "number of servers");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_peer (const AditWirePeer *m, GError **error)
{
  CHECK (!adit_field_is_zero (m->key, sizeof m->key), "peer's key");
  CHECK (m->has_preshared_key <= 1, "flags");
  CHECK (m->has_preshared_key == 1 || adit_field_is_zero (m->preshared_key, sizeof m->preshared_key), "shared key");
  CHECK (is_host (m->name, &m->address, m->port), "peer");
  CHECK (m->n_allowed_ips > 0 && m->n_allowed_ips <= ADIT_TUNNEL_MAX_ALLOWED_IPS, "number of networks");
  return TRUE;
}

static gboolean
check_peers (const AditWirePeers *m, GError **error)
{
  guint n_networks = 0;

  CHECK (!adit_field_is_zero (m->private_key, sizeof m->private_key), "key");
  CHECK (m->n_peers > 0 && m->n_peers <= ADIT_TUNNEL_MAX_PEERS, "number of peers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_PEERS; i++)
    {
      if (i >= m->n_peers)
        CHECK (adit_field_is_zero (&m->peers[i], sizeof m->peers[i]), "peer");
      else if (!check_peer (&m->peers[i], error))
        return FALSE;
      n_networks += m->peers[i].n_allowed_ips;
    }
  CHECK (m->n_addresses > 0 && are_host_addresses (m->addresses, m->n_addresses), "addresses inside");
  CHECK (n_networks <= ADIT_TUNNEL_MAX_ALLOWED_IPS, "number of networks");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_ALLOWED_IPS; i++)
    CHECK (i < n_networks ? adit_prefix_is_valid (&m->allowed_ips[i])
                          : adit_field_is_zero (&m->allowed_ips[i], sizeof m->allowed_ips[i]), "network");
  CHECK (m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_unicast (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

static gboolean
check_imported (const AditWireImported *m, guint n_fds, GError **error)
{
  CHECK (m->n_profiles <= ADIT_IMPORT_MAX_PROFILES, "number of profiles");
  CHECK (m->size_texts_bytes >= m->n_profiles && m->size_texts_bytes <= ADIT_WIRE_TEXTS_MAX_BYTES, "texts' size");
  CHECK ((m->n_profiles == 0) == (m->size_texts_bytes == 0), "texts' size");
  CHECK (m->size_lines_bytes > 0 && m->size_lines_bytes <= ADIT_IMPORT_LINES_MAX_BYTES, "lines' size");
  CHECK (n_fds == (m->n_profiles > 0 ? 2 : 1), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

static gboolean
check_addresses (const AditWireAddresses *m, GError **error)
{
  CHECK (m->n_addresses > 0 && m->n_addresses <= ADIT_WIRE_MAX_LOOKED_UP, "number of addresses");
  for (guint32 i = 0; i < ADIT_WIRE_MAX_LOOKED_UP; i++)
    {
      CHECK (i < m->n_addresses ? adit_address_is_public (&m->addresses[i])
                                : adit_field_is_zero (&m->addresses[i], sizeof m->addresses[i]), "address");
      for (guint32 j = 0; j < MIN (i, m->n_addresses); j++)
        CHECK (!adit_address_equal (&m->addresses[i], &m->addresses[j]), "address");
    }
  return TRUE;
}

static gboolean
check_header (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  CHECK (length >= sizeof (AditWireHeader) && length <= ADIT_WIRE_MESSAGE_MAX_BYTES, "length");
  CHECK (message->header.magic == ADIT_WIRE_MAGIC, "magic");
  CHECK (message->header.op > ADIT_WIRE_NONE && message->header.op < ADIT_N_WIRE_OPS, "op");
  CHECK (message->header.size_bytes == length && length == sizes[message->header.op], "size");
  CHECK (n_fds <= ADIT_WIRE_MAX_FDS, "number of descriptors");
  return TRUE;
}

/**
 * adit_wire_op_size:
 * @op: a message's kind
 *
 * Returns: the one length in bytes that such a message has, 0 for a kind that does not exist
 */
gsize
adit_wire_op_size (AditWireOp op)
{
  return (guint) op < ADIT_N_WIRE_OPS ? sizes[op] : 0;
}

/**
 * adit_wire_begin:
 * @message: memory for a message; all of it is set to zero first
 * @op: what it will be
 * @attempt: the helper's number for the request that it belongs to
 *
 * Writes the header; into a REQUEST also the build id of this program.
 */
void
adit_wire_begin (AditWireMessage *message, AditWireOp op, guint32 attempt)
{
  memset (message, 0, sizeof *message);
  message->header.magic = ADIT_WIRE_MAGIC;
  message->header.op = op;
  message->header.size_bytes = (guint32) adit_wire_op_size (op);
  message->header.attempt = attempt;
  if (op == ADIT_WIRE_REQUEST)
    g_strlcpy (message->request.build_id, ADIT_BUILD_ID, sizeof message->request.build_id);
}

/**
 * adit_wire_may_follow:
 * @want: what the worker was asked for
 * @before: the last message of either side, %ADIT_WIRE_NONE behind the request
 * @op: the next one
 *
 * For openvpn, whose talk is longer than a question and its answers.
 *
 * Returns: whether it is @op's turn
 */
gboolean
adit_wire_may_follow (AditWireWant want, AditWireOp before, AditWireOp op)
{
  for (gsize i = 0; want == ADIT_WIRE_WANT_OPENVPN && i < G_N_ELEMENTS (openvpn_order); i++)
    if (openvpn_order[i].before == before && openvpn_order[i].op == op)
      return TRUE;
  return FALSE;
}

/**
 * adit_wire_is_aside:
 * @op: of a message that may come now
 *
 * Returns: whether whose turn it is stays as it was
 */
gboolean
adit_wire_is_aside (AditWireOp op)
{
  return op == ADIT_WIRE_QUESTION || op == ADIT_WIRE_AUTH_TOKEN;
}

/**
 * adit_wire_is_of_this_build:
 * @message: what was received, checked or not
 * @length: how many bytes of it were
 *
 * Asked before anything else in a REQUEST is believed: header and build id have had the same place in every version, the rest
 * need not have.
 *
 * Returns: %FALSE if this is a REQUEST from another build of Adit, %TRUE otherwise, also for what is no REQUEST at all
 */
gboolean
adit_wire_is_of_this_build (const AditWireMessage *message, gsize length)
{
  if (length < END_OF (AditWireRequest, build_id) || message->header.magic != ADIT_WIRE_MAGIC ||
      message->header.op != ADIT_WIRE_REQUEST)
    return TRUE;
  return strncmp (message->request.build_id, ADIT_BUILD_ID, sizeof message->request.build_id) == 0;
}

/**
 * adit_wire_check_from_worker:
 * @message: what a worker sent
 * @length: the packet's length in bytes
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED naming the field, never its value
 *
 * Whether the attempt's number is the one asked for, and an API address one of ours, is the caller's to compare.
 *
 * Returns: %TRUE if every field of it is as it may be
 */
gboolean
adit_wire_check_from_worker (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  if (!check_header (message, length, n_fds, error))
    return FALSE;
  if (message->header.op == ADIT_WIRE_LIST)
    return check_list (&message->list, n_fds, error);
  if (message->header.op == ADIT_WIRE_CONFIGURATION)
    return check_configuration (&message->configuration, n_fds, error);
  if (message->header.op == ADIT_WIRE_IMPORTED)
    return check_imported (&message->imported, n_fds, error);
  CHECK (n_fds == 0, "number of descriptors");

  switch ((AditWireOp) message->header.op)
    {
    case ADIT_WIRE_CONNECT:
      CHECK (adit_endpoint_is_valid (&message->connect.endpoint), "API address");
      return TRUE;
    case ADIT_WIRE_TOKEN:
      CHECK (is_text (message->token.token, sizeof message->token.token, is_graph) && message->token.token[0] != '\0', "token");
      CHECK (message->token.expires_at_s > 0 && is_time (message->token.expires_at_s), "token's end");
      return TRUE;
    case ADIT_WIRE_DEVICE:
      return check_device (&message->device, error);
    case ADIT_WIRE_ACCOUNT:
      return check_account (&message->account, error);
    case ADIT_WIRE_TUNNEL:
      return check_tunnel (&message->tunnel, error);
    case ADIT_WIRE_DONE:
      return TRUE;
    case ADIT_WIRE_FAILED:
      return check_failed (&message->failed, error);
    case ADIT_WIRE_EXIT:
      return check_exit (&message->exit, error);
    case ADIT_WIRE_ASSIGNED:
      return check_assigned (&message->assigned, error);
    case ADIT_WIRE_RUNNING:
      return TRUE;
    case ADIT_WIRE_PROGRESS:
      return check_progress (&message->progress, error);
    case ADIT_WIRE_QUESTION:
      return check_question (&message->question, error);
    case ADIT_WIRE_AUTH_TOKEN:
      CHECK (is_text (message->auth_token.token, sizeof message->auth_token.token, is_graph) &&
             message->auth_token.token[0] != '\0', "token");
      return TRUE;
    case ADIT_WIRE_ADDRESSES:
      return check_addresses (&message->addresses, error);
    case ADIT_WIRE_PROFILE:
      return check_profile (&message->profile, error);
    case ADIT_WIRE_SERVER:
      return check_server (&message->server, error);
    case ADIT_WIRE_PEERS:
      return check_peers (&message->peers, error);
    case ADIT_WIRE_CONFIGURATION:
    case ADIT_WIRE_MANAGEMENT:
    case ADIT_WIRE_NONE:
    case ADIT_WIRE_REQUEST:
    case ADIT_WIRE_CONNECTED:
    case ADIT_WIRE_LIST:
    case ADIT_WIRE_IMPORTED:
    case ADIT_N_WIRE_OPS:
    default:
      return refuse (error, "op");
    }
}

/**
 * adit_wire_check_from_helper:
 * @message: what the helper sent
 * @length: the packet's length in bytes
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED naming the field, never its value
 *
 * Returns: %TRUE if every field of it is as it may be
 */
gboolean
adit_wire_check_from_helper (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  if (!check_header (message, length, n_fds, error))
    return FALSE;
  if (message->header.op == ADIT_WIRE_REQUEST)
    return check_request (&message->request, n_fds, error);
  if (message->header.op == ADIT_WIRE_CONNECTED)
    return check_connected (&message->connected, n_fds, error);
  if (message->header.op == ADIT_WIRE_MANAGEMENT)
    {
      CHECK (n_fds == 1, "number of descriptors");
      return TRUE;
    }
  return refuse (error, "op");
}
