/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-request.c: what a helper says: what is wanted, with what that needs and nothing else. */
#include "client/wire/wire-check.h"

#include <string.h>

/* What a question lends; what is not named is not lent. */
enum
{
  CREDENTIAL = 1 << 0, MAY_CREDENTIAL = 1 << 1, TOKEN = 1 << 2, DEVICE = 1 << 3, KEY = 1 << 4, MAY_KEY = 1 << 5, OLD_KEY = 1 << 6,
  ANSWERS = 1 << 7, VOUCHER = 1 << 8, PLACE = 1 << 9,
};

static const guint lends[ADIT_N_WIRE_WANTS] = {
  [ADIT_WIRE_WANT_LOG_IN]        = MAY_CREDENTIAL | TOKEN | KEY | ANSWERS,
  [ADIT_WIRE_WANT_ACCOUNT]       = CREDENTIAL | TOKEN | DEVICE | MAY_KEY,
  [ADIT_WIRE_WANT_LIST]          = MAY_CREDENTIAL | TOKEN,
  [ADIT_WIRE_WANT_CHOOSE]        = MAY_CREDENTIAL | TOKEN | MAY_KEY | PLACE,
  [ADIT_WIRE_WANT_LOG_OUT]       = CREDENTIAL | TOKEN | DEVICE | MAY_KEY,
  [ADIT_WIRE_WANT_OPENVPN]       = TOKEN,
  [ADIT_WIRE_WANT_VOUCHER]       = CREDENTIAL | TOKEN | VOUCHER,
  [ADIT_WIRE_WANT_DEVICES]       = CREDENTIAL | TOKEN,
  [ADIT_WIRE_WANT_REMOVE_DEVICE] = CREDENTIAL | TOKEN | DEVICE,
  [ADIT_WIRE_WANT_ROTATE]        = CREDENTIAL | TOKEN | DEVICE | KEY | OLD_KEY,
};

static gboolean
check_request_credentials (const AditWireRequest *m, GError **error)
{
  guint may = lends[m->want];
  gboolean has_key = !adit_field_is_zero (m->public_key, sizeof m->public_key);

  /* The credential is as a person typed it: only its adapter knows what it may look like, and has its own error for it. */
  CHECK (adit_wire_is_text (m->credential, sizeof m->credential, adit_wire_is_anything), "credential");
  CHECK (adit_wire_is_text (m->device_id, sizeof m->device_id, adit_wire_is_identifier), "device id");
  CHECK (adit_wire_is_text (m->token, sizeof m->token, adit_wire_is_graph), "token");
  CHECK (adit_wire_is_time (m->token_expires_at_s) && (m->token[0] != '\0' || m->token_expires_at_s == 0), "token's end");
  CHECK (m->credential[0] != '\0' ? (may & (CREDENTIAL | MAY_CREDENTIAL)) != 0 : (may & CREDENTIAL) == 0, "credential");
  CHECK ((m->device_id[0] != '\0') == ((may & DEVICE) != 0), "device id");
  CHECK (m->token[0] == '\0' || (may & TOKEN) != 0, "token");
  CHECK (m->token_expires_at_s == 0 || m->want != ADIT_WIRE_WANT_OPENVPN, "token's end");
  CHECK (has_key ? (may & (KEY | MAY_KEY)) != 0 : (may & KEY) == 0, "public key");
  return TRUE;
}

static gboolean
check_answers (const AditWireAnswers *m, guint may, GError **error)
{
  CHECK (adit_wire_is_text (m->captcha, sizeof m->captcha, adit_wire_is_anything), "captcha");
  CHECK (adit_wire_is_text (m->code, sizeof m->code, adit_wire_is_anything), "code");
  CHECK (adit_wire_is_text (m->handle, sizeof m->handle, adit_wire_is_graph), "question's handle");
  CHECK (adit_wire_is_text (m->voucher, sizeof m->voucher, adit_wire_is_anything), "voucher");
  CHECK (m->is_forced <= 1 && m->is_connected <= 1, "flags");
  CHECK ((may & ANSWERS) != 0 || (m->captcha[0] == '\0' && m->code[0] == '\0' && m->handle[0] == '\0' && m->is_forced == 0),
         "answers");
  CHECK ((m->voucher[0] != '\0') == ((may & VOUCHER) != 0), "voucher");
  CHECK (adit_field_is_zero (m->old_public_key, sizeof m->old_public_key) == ((may & OLD_KEY) == 0), "old key");
  CHECK (m->is_connected == 0 || (may & OLD_KEY) != 0, "flags");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_choice (const AditWireChoice *m, guint may, GError **error)
{
  CHECK ((may & PLACE) != 0 || adit_field_is_zero (m, sizeof *m), "choice");
  CHECK (m->has_entry <= 1 && adit_place_is_valid (&m->entry), "entry");
  CHECK (m->has_entry == 1 || adit_field_is_zero (&m->entry, sizeof m->entry), "entry");
  CHECK (m->protocol < ADIT_N_PROTOCOLS, "protocol");
  CHECK (adit_server_filter_is_valid (&m->filter), "filter");
  CHECK (m->pick < ADIT_N_PICKS, "pick");
  CHECK (m->has_near <= 1 && m->has_ipv6_outside <= 1, "flags");
  CHECK (m->has_near == 1 ? adit_position_is_valid (&m->near) : adit_field_is_zero (&m->near, sizeof m->near), "position");
  CHECK (m->n_places <= ADIT_CHOICE_MAX_FAVOURITES, "number of places");
  for (guint32 i = 0; i < ADIT_CHOICE_MAX_FAVOURITES; i++)
    CHECK (i < m->n_places ? adit_place_is_valid (&m->places[i]) && !adit_place_is_any (&m->places[i])
                           : adit_field_is_zero (&m->places[i], sizeof m->places[i]), "place");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
is_endpoint_or_none (const AditEndpoint *endpoint)
{
  return adit_wire_is_no_endpoint (endpoint) || adit_endpoint_is_valid (endpoint);
}

static gboolean
check_openvpn (const AditWireOpenvpn *m, GError **error)
{
  const char *const secrets[] = { m->username, m->password, m->answer, m->passphrase, m->proxy_username, m->proxy_password };

  CHECK (adit_endpoint_is_valid (&m->remote), "server's address");
  CHECK (is_endpoint_or_none (&m->proxy), "proxy's address");
  CHECK (m->over_tcp == 1 || (m->over_tcp == 0 && m->proxy.port == 0), "protocol");
  CHECK (adit_wire_is_text (m->device, sizeof m->device, adit_wire_is_identifier) && m->device[0] != '\0', "device");
  CHECK (adit_wire_is_text (m->management_path, sizeof m->management_path, adit_wire_is_graph) &&
         m->management_path[0] == '/', "socket's path");
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    CHECK (adit_wire_is_text (secrets[i], ADIT_WIRE_CREDENTIAL_MAX_BYTES, adit_wire_is_anything), "credential");
  CHECK (adit_wire_is_text (m->question, sizeof m->question, adit_wire_is_graph) &&
         (m->question[0] == '\0' || m->answer[0] != '\0'), "question");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved) && adit_field_is_zero (m->reserved2, sizeof m->reserved2),
         "reserved");
  return TRUE;
}

static gboolean
check_look_up (const AditWireLookUp *m, GError **error)
{
  CHECK (adit_wire_is_host_name (m->host, sizeof m->host), "name");
  CHECK (adit_wire_is_host_name (m->resolver, sizeof m->resolver), "resolver's name");
  CHECK (m->family == ADIT_FAMILY_NONE || m->family == ADIT_FAMILY_IPV4 || m->family == ADIT_FAMILY_IPV6, "family");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

/**
 * adit_wire_check_request:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_request (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireRequest *m = &message->request;
  gboolean chooses = m->want == ADIT_WIRE_WANT_CHOOSE, serves = m->want == ADIT_WIRE_WANT_SERVER;
  gboolean reports = m->want == ADIT_WIRE_WANT_REPORT, sends = m->want == ADIT_WIRE_WANT_SEND;
  /* Files, and nothing else. */
  gboolean imports = m->want == ADIT_WIRE_WANT_IMPORT || m->want == ADIT_WIRE_WANT_PICTURE || serves || reports;
  gboolean runs = m->want == ADIT_WIRE_WANT_OPENVPN;

  CHECK (adit_wire_is_text (m->build_id, sizeof m->build_id, adit_wire_is_graph) && m->build_id[0] != '\0', "build id");
  CHECK (m->want > ADIT_WIRE_WANT_NOTHING && m->want < ADIT_N_WIRE_WANTS, "want");
  CHECK (adit_wire_is_text (m->service, sizeof m->service, adit_wire_is_identifier), "service");
  CHECK (runs || (m->service[0] == '\0') == (imports || sends), "service");
  CHECK (m->now_s > 0 && adit_wire_is_time (m->now_s), "time");
  if (!check_request_credentials (m, error) || !check_answers (&m->answers, lends[m->want], error) ||
      !check_choice (&m->choice, lends[m->want], error))
    return FALSE;

  CHECK (adit_place_is_valid (&m->place), "place");
  CHECK (adit_field_is_terminated (m->avoid, sizeof m->avoid) && (m->avoid[0] == '\0' || adit_server_is_valid (m->avoid)),
         "avoid");
  CHECK (chooses || (adit_field_is_zero (&m->place, sizeof m->place) && m->avoid[0] == '\0'), "place");
  CHECK (chooses || m->try_number == 0 || (serves && m->try_number < ADIT_OPENVPN_MAX_REMOTES), "try");

  CHECK (m->has_list <= 1 && m->has_trust < ADIT_N_WIRE_TRUSTS && m->has_ipv6 <= 1, "flags");
  CHECK (!(imports || sends) || (m->has_trust == 0 && m->has_ipv6 == 0), "flags");
  CHECK (m->has_list == 0 || chooses || m->want == ADIT_WIRE_WANT_LIST, "list");
  CHECK (!runs || (m->has_trust == 0 && m->has_ipv6 == 0), "flags");
  CHECK (m->has_openvpn_trust == 0 || (m->has_openvpn_trust == 1 && chooses && m->choice.protocol != ADIT_PROTOCOL_WIREGUARD),
         "flags");
  if (!adit_wire_check_report_task (m, error))
    return FALSE;
  CHECK (n_fds == (guint) m->has_list + (m->has_trust != 0) + m->has_openvpn_trust + (runs || imports || sends ? 1 : 0) +
                  m->report.has_note, "number of descriptors");

  CHECK (m->n_api <= ADIT_SERVICE_MAX_API && (m->n_api > 0 || runs || imports || (chooses && m->has_list)),
         "number of API addresses");
  CHECK (!(runs || imports) || m->n_api == 0, "number of API addresses");
  for (guint32 i = 0; i < ADIT_SERVICE_MAX_API; i++)
    CHECK (i < m->n_api ? adit_endpoint_is_valid (&m->api[i]) : adit_wire_is_no_endpoint (&m->api[i]), "API address");
  for (guint32 i = 0; sends && i < m->n_api; i++)
    CHECK (m->api[i].port == m->report.port, "report server's port");
  CHECK (m->want != ADIT_WIRE_WANT_EXIT || (m->n_api == 1 && m->api[0].port == ADIT_WIRE_RESOLVER_PORT), "resolver");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  CHECK (runs || adit_field_is_zero (&m->openvpn, sizeof m->openvpn), "openvpn");
  if (m->want == ADIT_WIRE_WANT_LOOK_UP)
    return check_look_up (&m->look_up, error);
  CHECK (adit_field_is_zero (&m->look_up, sizeof m->look_up), "name");
  return !runs || check_openvpn (&m->openvpn, error);
}

/**
 * adit_wire_check_connected:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_connected (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireConnected *m = &message->connected;

  CHECK (m->error <= ADIT_N_ERRORS, "error");
  CHECK (n_fds == (m->error == 0 ? 1 : 0), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}
