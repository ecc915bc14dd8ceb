/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store-api.c: where a service can be reached: as it ships with Adit, as it has told itself, as its name leads to, or as the
 * administrator says in /etc/adit/services.conf, and then nowhere else. */
#define G_LOG_DOMAIN "adit-store"

#include <string.h>

#include "client/helper/store-private.h"
#include "client/helper/told-api.h"
#include "client/model/host.h"
#include "client/model/resolver.h"
#include "platform/transport.h"

#define HTTPS_PORT 443
#define MAX_FURTHER 2    /* addresses of a service that ships with some, found by its name */
#define MAX_TOLD    2    /* and that it has told itself */

/**
 * adit_store_is_overridden:
 * @self: a store
 * @service: a service
 *
 * Returns: whether the administrator has replaced its addresses or its roots
 */
gboolean
adit_store_is_overridden (AditStore *self, const AditService *service)
{
  return self->overrides != NULL && g_key_file_has_group (self->overrides, service->id);
}

/**
 * adit_store_has_own_api:
 * @self: a store
 * @service: a service
 *
 * Returns: whether the administrator says at which addresses it is, and no others are asked then
 */
gboolean
adit_store_has_own_api (AditStore *self, const AditService *service)
{
  return adit_store_is_overridden (self, service) && g_key_file_has_key (self->overrides, service->id, "api-endpoints", NULL);
}

static gboolean
is_among (const AditEndpoint *api, guint n_api, const AditEndpoint *endpoint)
{
  for (guint i = 0; i < n_api; i++)
    if (adit_endpoint_equal (&api[i], endpoint))
      return TRUE;
  return FALSE;
}

/* Behind those that ship with Adit, and then a few: each one is a hole in the lock, which has room for so many. */
static guint
add_found_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  GArray *found = g_hash_table_lookup (self->found_api, service->id);

  if (n_api > 0)
    max_api = MIN (max_api, n_api + MAX_FURTHER);
  for (guint i = 0; found != NULL && i < found->len && n_api < max_api; i++)
    if (!is_among (api, n_api, &g_array_index (found, AditEndpoint, i)))
      api[n_api++] = g_array_index (found, AditEndpoint, i);
  return n_api;
}

static gboolean
are_equal (GArray *one, GArray *other)
{
  for (guint i = 0; i < MIN (one->len, other->len); i++)
    if (!adit_endpoint_equal (&g_array_index (one, AditEndpoint, i), &g_array_index (other, AditEndpoint, i)))
      return FALSE;
  return one->len == other->len;
}

static char *
dup_told_path (AditStore *self, const AditService *service)
{
  g_autofree char *name = g_strconcat (service->id, ".api", NULL);

  return g_build_filename (self->cache, name, NULL);
}

static GArray *
ensure_told (AditStore *self, const AditService *service)
{
  GArray *told = g_hash_table_lookup (self->told_api, service->id);
  AditEndpoint api[ADIT_SERVICE_MAX_API];
  g_autofree char *path = NULL;

  if (told != NULL)
    return told;
  path = dup_told_path (self, service);
  told = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));
  if (service->tells_api)
    g_array_append_vals (told, api, adit_told_api_load (path, api, G_N_ELEMENTS (api)));
  g_hash_table_insert (self->told_api, (gpointer) service->id, told);
  return told;
}

/* A few, for the same reason.  This computer itself is none, whatever address it has got since. */
static guint
add_told_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  GArray *told = ensure_told (self, service);

  max_api = MIN (max_api, n_api + MAX_TOLD);
  for (guint i = 0; i < told->len && n_api < max_api; i++)
    {
      const AditEndpoint *endpoint = &g_array_index (told, AditEndpoint, i);

      if (!is_among (api, n_api, endpoint) && !adit_transport_is_own (&endpoint->address))
        api[n_api++] = *endpoint;
    }
  return n_api;
}

/* To the front, where it is still one of them. */
static void
prefer_good_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api)
{
  const AditEndpoint *good = g_hash_table_lookup (self->good_api, service->id);
  guint i = 0;

  while (good != NULL && i < n_api && !adit_endpoint_equal (&api[i], good))
    i++;
  if (good == NULL || i == n_api)
    return;
  memmove (&api[1], &api[0], i * sizeof *api);
  api[0] = *good;
}

/**
 * adit_store_prefer_api:
 * @self: a store
 * @service: a service
 * @endpoint: where it was reached
 *
 * Until this process ends, adit_store_get_api() has it first.
 */
void
adit_store_prefer_api (AditStore *self, const AditService *service, const AditEndpoint *endpoint)
{
  g_hash_table_replace (self->good_api, (gpointer) service->id, g_memdup2 (endpoint, sizeof *endpoint));
}

/**
 * adit_store_get_api:
 * @self: a store
 * @service: a service
 * @api: (out caller-allocates) (array length=max_api): the addresses of its API, best first
 * @max_api: how many fit
 *
 * Returns: how many there are
 */
guint
adit_store_get_api (AditStore *self, const AditService *service, AditEndpoint *api, guint max_api)
{
  g_auto (GStrv) ours = NULL;
  const char *const *texts = (const char *const *) service->api_endpoints;
  guint n_api = 0;

  if (adit_store_is_overridden (self, service))
    ours = g_key_file_get_string_list (self->overrides, service->id, "api-endpoints", NULL, NULL);
  if (ours != NULL)
    texts = (const char *const *) ours;
  for (; *texts != NULL && n_api < max_api; texts++)
    {
      if (adit_endpoint_parse (*texts, &api[n_api]))
        n_api++;
      else
        g_warning ("%s: \"%s\" is no address with a port", self->overrides_path, *texts);
    }
  if (ours == NULL)
    {
      n_api = add_told_api (self, service, api, n_api, max_api);
      n_api = add_found_api (self, service, api, n_api, max_api);
    }
  prefer_good_api (self, service, api, n_api);
  return n_api;
}

/**
 * adit_store_set_found_api:
 * @self: a store
 * @service: a service
 * @addresses: (array length=n_addresses): what the name leads to now
 * @n_addresses: how many there are
 *
 * Until this process ends; adit_store_get_api() has them from now on.
 */
void
adit_store_set_found_api (AditStore *self, const AditService *service, const AditAddress *addresses, guint n_addresses)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));

  for (guint i = 0; i < n_addresses; i++)
    {
      const AditEndpoint endpoint = { .address = addresses[i], .port = HTTPS_PORT };

      g_array_append_val (found, endpoint);
    }
  g_hash_table_replace (self->found_api, (gpointer) service->id, found);
}

/**
 * adit_store_set_told_api:
 * @self: a store
 * @service: a service
 * @api: (array length=n_api): where it says that its API is
 * @n_api: how many there are
 *
 * It has said it over a connection that proved who it is.  What it has said before counts no more; what it may not name is left
 * out, and where the administrator says where it is, all of it.  A full disk costs only that the next helper does not know it.
 *
 * Returns: whether adit_store_get_api() may answer otherwise than before
 */
gboolean
adit_store_set_told_api (AditStore *self, const AditService *service, const AditEndpoint *api, guint n_api)
{
  GArray *before = ensure_told (self, service), *told;
  g_autofree char *path = dup_told_path (self, service);
  g_autoptr (GError) error = NULL;

  if (!service->tells_api || adit_store_has_own_api (self, service))
    return FALSE;
  told = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));
  for (guint i = 0; i < n_api; i++)
    if (adit_service_may_tell_api (&api[i]))
      g_array_append_val (told, api[i]);
  if (are_equal (told, before))
    {
      g_array_unref (told);
      return FALSE;
    }
  if (!adit_told_api_save (path, (const AditEndpoint *) (gpointer) told->data, told->len, &error))
    g_warning ("%s", error->message);
  g_hash_table_replace (self->told_api, (gpointer) service->id, told);
  return TRUE;
}

/**
 * adit_store_get_resolver:
 * @self: a store
 * @position: how many have been asked before
 *
 * Returns: (transfer none) (nullable): whom to ask next for a name; the administrator's is the only one
 */
const AditService *
adit_store_get_resolver (AditStore *self, guint position)
{
  const AditService *resolver = adit_resolver_at (position);

  return position > 0 && resolver != NULL && adit_store_is_overridden (self, resolver) ? NULL : resolver;
}

/**
 * adit_store_dup_api_host:
 * @self: a store
 * @service: a resolver
 *
 * Returns: (transfer full): the name that its certificate must carry
 */
char *
adit_store_dup_api_host (AditStore *self, const AditService *service)
{
  g_autofree char *ours = NULL;

  if (adit_store_is_overridden (self, service))
    ours = g_key_file_get_string (self->overrides, service->id, "host", NULL);
  if (ours != NULL && adit_host_name_is_valid (ours))
    return g_steal_pointer (&ours);
  if (ours != NULL)
    g_warning ("%s: \"%s\" is no host's name", self->overrides_path, ours);
  return g_strdup (service->api_host);
}

/* Two may be at one address, which the kernel's set has once. */
static guint
add_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  AditEndpoint own[ADIT_SERVICE_MAX_API];
  guint n_own = adit_store_get_api (self, service, own, ADIT_SERVICE_MAX_API);

  for (guint i = 0; i < n_own && n_api < max_api; i++)
    {
      if (!is_among (api, n_api, &own[i]))
        api[n_api++] = own[i];
    }
  return n_api;
}

/**
 * adit_store_get_all_api:
 * @self: a store
 * @api: (out caller-allocates) (array length=max_api): where workers' marked connections may go to while locked
 * @max_api: how many fit
 *
 * Of every resolver, without whom no other can be found, and of every service, since signing in to one must work while locked by
 * another.
 *
 * Returns: how many there are
 */
guint
adit_store_get_all_api (AditStore *self, AditEndpoint *api, guint max_api)
{
  const AditService *service;
  guint n_api = 0;

  for (guint i = 0; (service = adit_store_get_resolver (self, i)) != NULL; i++)
    n_api = add_api (self, service, api, n_api, max_api);
  for (guint i = 0; (service = adit_service_at (i)) != NULL; i++)
    n_api = add_api (self, service, api, n_api, max_api);
  return n_api;
}
