/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look-up-https.c: a name's addresses, asked of the one resolver that the request names, over HTTPS (RFC 8484). */
#include "client/worker/look-up.h"

#include <string.h>

#include "client/provider/curl.h"
#include "client/provider/doh.h"
#include "client/worker/dns-question.h"
#include "client/worker/list-file.h"

#define TRUST_MAX_BYTES 65536    /* a few roots in PEM; one has 2 KiB */

G_STATIC_ASSERT (ADIT_DNS_MAX_ADDRESSES == ADIT_WIRE_MAX_LOOKED_UP);

typedef struct
{
  AditAddress addresses[ADIT_DNS_MAX_ADDRESSES];
  guint       n_addresses;
} Found;

static int
open_connection (const AditEndpoint *endpoint, gpointer user_data, GError **error)
{
  return adit_worker_connect (user_data, endpoint, error);
}

static gboolean
ask (AditWorker *worker, const char *roots, AditFamily family, Found *found, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  AditCurlRules rules = { .api = request->api, .n_api = request->n_api, .tls = { roots, NULL, TRUE, FALSE, TRUE },
                          .now_s = request->now_s, .timeout_ms = adit_worker_get_left_ms (worker), .open = open_connection,
                          .open_data = worker };
  /* RFC 8484, section 4.1: always number 0; that the answer is this question's, the connection says. */
  AditDnsQuestion question = { .host = request->look_up.host, .id = 0, .family = family };
  guint8 message[ADIT_DNS_QUESTION_MAX_BYTES];
  gsize length = adit_dns_question_encode (&question, message);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };

  if (length == 0)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is no host name");
      return FALSE;
    }
  adit_doh_fill_request (&http, request->look_up.resolver, message, length, ADIT_DNS_ANSWER_MAX_BYTES);
  return adit_curl_perform (&rules, &http, &answer, error) && adit_doh_check_answer (&answer, error) &&
         adit_dns_answer_parse (&question, answer.body->data, answer.body->len, found->addresses, &found->n_addresses, error);
}

/* A host that has one family says of the other that there is no address: only together is that a refusal.  Nonsense about one of
 * them is a reason to believe neither. */
static gboolean
ask_both (AditWorker *worker, const char *roots, Found *ipv4, Found *ipv6, GError **error)
{
  g_autoptr (GError) first = NULL, second = NULL;

  if (!ask (worker, roots, ADIT_FAMILY_IPV4, ipv4, &first) && !g_error_matches (first, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED))
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }
  if (ask (worker, roots, ADIT_FAMILY_IPV6, ipv6, &second))
    return TRUE;
  if (first == NULL && (g_error_matches (second, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED) ||
                        g_error_matches (second, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&second));
  return FALSE;
}

static void
add (AditWireAddresses *all, const Found *found, guint max)
{
  for (guint i = 0; i < found->n_addresses && all->n_addresses < max; i++)
    all->addresses[all->n_addresses++] = found->addresses[i];
}

/**
 * adit_worker_serve_look_up:
 * @self: a worker with such a request
 * @error: return location; %ADIT_ERROR_SERVICE_REFUSED: there is no such name, or no address; else as from adit_curl_perform()
 *   and adit_dns_answer_parse()
 *
 * Where both families are wanted and there are many of one, the other has a place.
 *
 * Returns: whether the answer is sent
 */
gboolean
adit_worker_serve_look_up (AditWorker *self, GError **error)
{
  AditFamily family = self->request.request.look_up.family;
  g_autofree char *roots = self->trust_fd >= 0 ? adit_list_file_read_trust (self->trust_fd, TRUST_MAX_BYTES, error)
                                               : adit_doh_dup_roots (error);
  Found ipv4 = { 0 }, ipv6 = { 0 };
  AditWireMessage message;

  if (roots == NULL)
    return FALSE;
  if (family == ADIT_FAMILY_NONE ? !ask_both (self, roots, &ipv4, &ipv6, error)
                                 : !ask (self, roots, family, family == ADIT_FAMILY_IPV6 ? &ipv6 : &ipv4, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_ADDRESSES, self->attempt);
  add (&message.addresses, &ipv4, ADIT_WIRE_MAX_LOOKED_UP - MIN (ipv6.n_addresses, ADIT_WIRE_MAX_LOOKED_UP / 2));
  add (&message.addresses, &ipv6, ADIT_WIRE_MAX_LOOKED_UP);
  return adit_worker_send (self, &message, -1, error);
}
