/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.c: one resolver after the other, each by a worker over a connection of ours; then what was answered last time.
 *
 * What is kept stands in for a resolver that cannot be asked, and for nothing else: where one has answered that there is no such
 * name, or what cannot be true, an old address is no better. */
#define G_LOG_DOMAIN "adit-names"

#include "client/helper/names.h"

#include <string.h>

#include "client/model/host.h"

G_STATIC_ASSERT (ADIT_NAME_MAX_ADDRESSES == ADIT_WIRE_MAX_LOOKED_UP);

struct _AditNames
{
  GObject          parent_instance;
  AditStore       *store;    /* outlives us */
  AditWorkerProxy *proxy;
  AditKeptNames   *kept;
};

typedef struct
{
  char       host[ADIT_HOST_NAME_MAX_BYTES], profile[ADIT_ACCOUNT_ID_MAX_BYTES];
  AditFamily family;
  guint      position;        /* of the resolver that is being asked */
  gboolean   has_answered;    /* one of them has, if not with addresses */
  GError    *error;           /* of the one that has, or else of the first */
} Search;

G_DEFINE_FINAL_TYPE (AditNames, adit_names, G_TYPE_OBJECT)

static void
search_free (Search *search)
{
  g_clear_error (&search->error);
  g_free (search);
}

static void
adit_names_finalize (GObject *object)
{
  AditNames *self = ADIT_NAMES (object);

  g_clear_object (&self->proxy);
  g_clear_pointer (&self->kept, adit_kept_names_free);
  G_OBJECT_CLASS (adit_names_parent_class)->finalize (object);
}

static void
adit_names_class_init (AditNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_names_finalize;
}

static void
adit_names_init (AditNames *self)
{
}

/**
 * adit_names_new:
 * @path: the file of what is kept
 * @store: says whom to ask; outlives it
 * @proxy: asks the workers
 *
 * Returns: (transfer full): names
 */
AditNames *
adit_names_new (const char *path, AditStore *store, AditWorkerProxy *proxy)
{
  AditNames *self = g_object_new (ADIT_TYPE_NAMES, NULL);

  self->store = store;
  self->proxy = g_object_ref (proxy);
  self->kept = adit_kept_names_open (path);
  return self;
}

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void ask_next (GTask *task);

/* Nobody has it.  Takes the task. */
static void
give_up (GTask *task)
{
  AditNames *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AditNamesAnswer *answer = g_new0 (AditNamesAnswer, 1);

  if (!search->has_answered)
    answer->n_addresses = adit_kept_names_find (self->kept, search->host, search->family, get_now_s (), answer->addresses);
  if (answer->n_addresses > 0)
    {
      g_autoptr (GError) unkept = NULL;

      if (!adit_kept_names_use (self->kept, search->host, search->profile, &unkept))
        g_warning ("%s", unkept->message);
      answer->is_kept = TRUE;
      g_task_return_pointer (task, g_steal_pointer (&answer), g_free);
    }
  else if (search->error != NULL)
    g_task_return_error (task, g_steal_pointer (&search->error));
  else
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "There is nobody to ask for the server's address");
  g_free (answer);
  g_object_unref (task);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  AditNames *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *said = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  gboolean has_answered = g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED) ||
                          g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);

  if (said != NULL)
    {
      const AditWireAddresses *found = &said->last.addresses;
      AditNamesAnswer *answer = g_new0 (AditNamesAnswer, 1);
      g_autoptr (GError) unkept = NULL;

      memcpy (answer->addresses, found->addresses, sizeof answer->addresses);
      answer->n_addresses = found->n_addresses;
      if (!adit_kept_names_put (self->kept, search->host, search->profile, search->family, get_now_s (), found->addresses,
                                found->n_addresses, &unkept))
        g_warning ("%s", unkept->message);    /* a full disk keeps nobody from connecting */
      g_task_return_pointer (task, answer, g_free);
      g_object_unref (task);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  g_debug ("a resolver did not help: %s", error->message);
  if (search->error == NULL || (has_answered && !search->has_answered))
    {
      g_clear_error (&search->error);
      search->error = g_steal_pointer (&error);
    }
  search->has_answered = search->has_answered || has_answered;
  ask_next (task);
}

/* Takes the task. */
static void
ask_next (GTask *task)
{
  AditNames *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  const AditService *resolver;
  AditEndpoint api;

  while ((resolver = adit_store_get_resolver (self->store, search->position++)) != NULL)
    {
      AditWireRequest request = { .want = ADIT_WIRE_WANT_LOOK_UP };

      if (adit_store_get_api (self->store, resolver, &api, 1) == 0)    /* the administrator wants none */
        continue;
      g_strlcpy (request.look_up.host, search->host, sizeof request.look_up.host);
      request.look_up.family = (guint8) search->family;
      adit_worker_proxy_ask_async (self->proxy, resolver, &request, g_task_get_cancellable (task), on_answer, task);
      return;
    }
  give_up (task);
}

/**
 * adit_names_find_async:
 * @self: names
 * @host: a host's name, as a person's file has it
 * @profile: that person's profile's id, with which the name goes again
 * @family: of which family its addresses are wanted; %ADIT_FAMILY_NONE: of both
 * @cancellable: (nullable): ends it
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Looks a name up.  To be called by what has decided to connect there: whom one is about to visit is somebody's secret.
 */
void
adit_names_find_async (AditNames *self, const char *host, const char *profile, AditFamily family, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);
  AditHost checked;

  g_task_set_source_tag (task, adit_names_find_async);
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  if (!adit_host_set (&checked, host, 0) || checked.name[0] == '\0' || !adit_host_is_elsewhere (&checked))
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is no name of another computer");
      g_object_unref (task);
      return;
    }
  g_strlcpy (search->host, checked.name, sizeof search->host);
  g_strlcpy (search->profile, profile, sizeof search->profile);
  search->family = family;
  ask_next (task);
}

/**
 * adit_names_find_finish:
 * @self: names
 * @result: what the callback was given
 * @answer: (out caller-allocates): the addresses; untouched on failure
 * @error: return location; %ADIT_ERROR_SERVICE_REFUSED: there is no such name, or no address of that family;
 *   %ADIT_ERROR_SERVICE_NONSENSE: what was answered may not be used; %ADIT_ERROR_INVALID_ARGUMENT; or why nobody could be asked
 *
 * Returns: %TRUE with addresses
 */
gboolean
adit_names_find_finish (AditNames *self, GAsyncResult *result, AditNamesAnswer *answer, GError **error)
{
  g_autofree AditNamesAnswer *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return FALSE;
  *answer = *found;
  return TRUE;
}

/**
 * adit_names_forget:
 * @self: names
 * @profile: the id of one that is being removed
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * No file names its computers any more, but for those of another profile.
 *
 * Returns: whether nothing of it is kept
 */
gboolean
adit_names_forget (AditNames *self, const char *profile, GError **error)
{
  return adit_kept_names_forget (self->kept, profile, error);
}
