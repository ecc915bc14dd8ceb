/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answer.c: reads the answers that have a form of their own; what is missing or of another type becomes "not told". */
#include "client/api/answer.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"

static char *
dup_word (GVariant *dict, const char *key)
{
  const char *word = "";

  g_variant_lookup (dict, key, "&s", &word);
  return g_strdup (word);
}

/**
 * adit_account_row_new_from_variant:
 * @dict: an a{sv} as GetAccounts and RefreshAccount answer it
 *
 * Returns: (transfer full): the account
 */
AditAccountRow *
adit_account_row_new_from_variant (GVariant *dict)
{
  AditAccountRow *self = g_new0 (AditAccountRow, 1);

  self->id = dup_word (dict, "id");
  self->service = dup_word (dict, "service");
  self->service_name = dup_word (dict, "service_name");
  self->device_name = dup_word (dict, "device_name");
  self->plan = dup_word (dict, "plan");
  g_variant_lookup (dict, "device_limit", "u", &self->device_limit);
  g_variant_lookup (dict, "inactive", "b", &self->is_inactive);
  g_variant_lookup (dict, "renews", "b", &self->is_renewed);
  g_variant_lookup (dict, "current", "b", &self->current);
  g_variant_lookup (dict, "mine", "b", &self->mine);
  g_variant_lookup (dict, "expires_at", "x", &self->expires_at_s);
  g_variant_lookup (dict, "checked_at", "x", &self->checked_at_s);
  self->has_multihop = TRUE;
  g_variant_lookup (dict, "multihop", "b", &self->has_multihop);
  self->key_age_s = -1;
  g_variant_lookup (dict, "key_age", "x", &self->key_age_s);
  g_variant_lookup (dict, "key_changes_at", "x", &self->key_changes_at_s);
  self->key_error = dup_word (dict, "key_error");
  return self;
}

/**
 * adit_account_row_free:
 * @self: (transfer full): an account
 */
void
adit_account_row_free (AditAccountRow *self)
{
  g_free (self->id);
  g_free (self->service);
  g_free (self->service_name);
  g_free (self->device_name);
  g_free (self->plan);
  g_free (self->key_error);
  g_free (self);
}

/**
 * adit_answer_read_accounts:
 * @answer: what GetAccounts, or RefreshAccount, answered
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable) (element-type AditAccountRow): the accounts
 */
GPtrArray *
adit_answer_read_accounts (GVariant *answer, GError **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_account_row_free);
  g_autoptr (GVariant) value = NULL;

  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    {
      value = g_variant_get_child_value (answer, 0);
      g_ptr_array_add (accounts, adit_account_row_new_from_variant (value));
      return g_steal_pointer (&accounts);
    }
  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv})")))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answered something else than accounts");
      return NULL;
    }
  value = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (value, i);

      g_ptr_array_add (accounts, adit_account_row_new_from_variant (dict));
    }
  return g_steal_pointer (&accounts);
}

static AditProfileRow *
profile_row_new (GVariant *dict)
{
  AditProfileRow *self = g_new0 (AditProfileRow, 1);
  g_autofree char *kind = dup_word (dict, "kind");

  self->id = dup_word (dict, "id");
  self->name = dup_word (dict, "name");
  self->kind = adit_profile_kind_find (kind);
  g_variant_lookup (dict, "servers", "u", &self->n_servers);
  g_variant_lookup (dict, "resolvers", "u", &self->n_resolvers);
  if (!g_variant_lookup (dict, "asks", "^as", &self->asks))
    self->asks = g_new0 (char *, 1);
  if (!g_variant_lookup (dict, "takes", "^as", &self->takes))
    self->takes = g_new0 (char *, 1);
  g_variant_lookup (dict, "needs_names", "b", &self->needs_names);
  g_variant_lookup (dict, "whole", "b", &self->is_whole);
  g_variant_lookup (dict, "mine", "b", &self->mine);
  g_variant_lookup (dict, "imported_at", "x", &self->imported_at_s);
  return self;
}

/**
 * adit_profile_row_free:
 * @self: (transfer full): a profile
 */
void
adit_profile_row_free (AditProfileRow *self)
{
  g_free (self->id);
  g_free (self->name);
  g_strfreev (self->asks);
  g_strfreev (self->takes);
  g_free (self);
}

/**
 * adit_answer_read_profiles:
 * @answer: what GetProfiles, or Import, answered
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable) (element-type AditProfileRow): the profiles
 */
GPtrArray *
adit_answer_read_profiles (GVariant *answer, GError **error)
{
  g_autoptr (GPtrArray) profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_profile_row_free);
  g_autoptr (GVariant) value = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv})")) && !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv}h)")))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answered something else than profiles");
      return NULL;
    }
  value = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (value, i);

      g_ptr_array_add (profiles, profile_row_new (dict));
    }
  return g_steal_pointer (&profiles);
}

typedef struct { guint8 *bytes; gsize length; } Content;

static void
content_free (gpointer data)
{
  Content *content = data;

  adit_wipe (content->bytes, content->length);
  g_free (content->bytes);
  g_free (content);
}

static GBytes *
read_whole (int fd, gsize max_bytes)
{
  struct stat status;
  Content *content;
  gsize length = 0;

  if (fstat (fd, &status) != 0 || status.st_size < 0 || (guint64) status.st_size > max_bytes)
    return NULL;
  content = g_new0 (Content, 1);
  content->length = (gsize) status.st_size;
  content->bytes = g_malloc (content->length + 1);
  while (length < content->length)
    {
      gssize got = pread (fd, content->bytes + length, content->length - length, (off_t) length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      length += (gsize) got;
    }
  if (length == content->length)
    return g_bytes_new_with_free_func (content->bytes, content->length, content_free, content);
  content_free (content);
  return NULL;
}

/**
 * adit_answer_read_file:
 * @answer: what the helper answered
 * @child: which of its values is a handle
 * @fds: (nullable): the descriptors that came with it
 * @max_bytes: how long the file may be
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable): what is in the file, wiped when it is freed
 */
GBytes *
adit_answer_read_file (GVariant *answer, guint child, GUnixFDList *fds, gsize max_bytes, GError **error)
{
  g_autoptr (GVariant) value = child < g_variant_n_children (answer) ? g_variant_get_child_value (answer, child) : NULL;
  gint32 handle = value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE) ? g_variant_get_handle (value) : -1;
  GBytes *bytes = NULL;
  int fd = -1;

  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    fd = g_unix_fd_list_get (fds, handle, NULL);
  if (fd >= 0)
    {
      bytes = read_whole (fd, max_bytes);
      close (fd);
    }
  if (bytes == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper sent no file");
  return bytes;
}

/**
 * adit_answer_open_list:
 * @answer: what GetLocations answered
 * @fds: (nullable): the descriptors that came with it
 * @error: return location; %ADIT_ERROR_OTHER_VERSION, or what is wrong with the list
 *
 * Returns: (transfer full) (nullable): the service's servers, mapped
 */
AditServerList *
adit_answer_open_list (GVariant *answer, GUnixFDList *fds, GError **error)
{
  AditServerList *list;
  gint32 handle = -1;
  int fd = -1;

  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(h)")))
    g_variant_get (answer, "(h)", &handle);
  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    fd = g_unix_fd_list_get (fds, handle, NULL);
  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper sent no list");
      return NULL;
    }
  list = adit_server_list_new_for_fd (fd, error);
  close (fd);
  return list;
}
