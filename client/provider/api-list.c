/* SPDX-License-Identifier: GPL-2.0-or-later */
/* api-list.c: the further addresses of its API that a service tells. */
#include "client/provider/api-list.h"

static gboolean
read_endpoint (AditJson *text, gboolean has_port, AditEndpoint *endpoint)
{
  if (!adit_json_is (text, ADIT_JSON_STRING))
    return FALSE;
  *endpoint = (AditEndpoint) { .port = ADIT_SERVICE_API_PORT };
  return (has_port ? adit_endpoint_parse (adit_json_peek_text (text), endpoint)
                   : adit_address_parse (adit_json_peek_text (text), &endpoint->address)) &&
         adit_service_may_tell_api (endpoint);
}

static gboolean
is_known (const AditProviderApi *api, const AditEndpoint *endpoint)
{
  for (guint i = 0; i < api->n; i++)
    if (adit_endpoint_equal (&api->endpoints[i], endpoint))
      return TRUE;
  return FALSE;
}

/**
 * adit_api_list_read:
 * @texts: an array of addresses
 * @have_ports: each with a port behind it
 * @api: (inout): to which they are added, as many as fit
 *
 * What is none, or none at which a service may say that it is, is left out.
 */
void
adit_api_list_read (AditJson *texts, gboolean have_ports, AditProviderApi *api)
{
  AditJson *text;

  ADIT_JSON_FOREACH (texts, text)
    {
      AditEndpoint endpoint;

      if (api->n < ADIT_SERVICE_MAX_API && read_endpoint (text, have_ports, &endpoint) && !is_known (api, &endpoint))
        api->endpoints[api->n++] = endpoint;
    }
}
