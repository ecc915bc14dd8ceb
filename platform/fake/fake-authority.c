/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-authority.c: records "authority.check ACTION UID"; allows what was not denied,
 * and answers from an idle as a real one would. */
#include "platform/fake/fake-authority.h"

#include "client/base/error.h"

struct _AditFakeAuthority
{
  GObject parent_instance;

  AditFakeCalls calls;
  GHashTable   *denied;     /* of action ids */
};

static void adit_fake_authority_iface_init (AditAuthorityInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeAuthority, adit_fake_authority, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_AUTHORITY, adit_fake_authority_iface_init))

static gboolean
on_answer (gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
fake_check_async (AditAuthority *authority, const char *sender, guint32 uid, const char *action, gboolean may_ask,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  AditFakeAuthority *self = ADIT_FAKE_AUTHORITY (authority);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *detail = g_strdup_printf ("%s %u", action, uid);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, fake_check_async);
  if (adit_fake_calls_record (&self->calls, "check", detail, &error) && g_hash_table_contains (self->denied, action))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "The test does not allow %s", action);
  if (error != NULL)
    g_task_set_task_data (task, g_steal_pointer (&error), (GDestroyNotify) g_error_free);
  g_idle_add (on_answer, g_steal_pointer (&task));
}

static gboolean
fake_check_finish (AditAuthority *authority, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
adit_fake_authority_iface_init (AditAuthorityInterface *iface)
{
  iface->check_async = fake_check_async;
  iface->check_finish = fake_check_finish;
}

static void
adit_fake_authority_finalize (GObject *object)
{
  AditFakeAuthority *self = ADIT_FAKE_AUTHORITY (object);

  adit_fake_calls_clear (&self->calls);
  g_hash_table_unref (self->denied);
  G_OBJECT_CLASS (adit_fake_authority_parent_class)->finalize (object);
}

static void
adit_fake_authority_class_init (AditFakeAuthorityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_fake_authority_finalize;
}

static void
adit_fake_authority_init (AditFakeAuthority *self)
{
  self->denied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * adit_fake_authority_new:
 * @log: the shared log
 *
 * Returns: (transfer full): an authority that says yes to everything
 */
AditFakeAuthority *
adit_fake_authority_new (GPtrArray *log)
{
  AditFakeAuthority *self = g_object_new (ADIT_TYPE_FAKE_AUTHORITY, NULL);

  adit_fake_calls_init (&self->calls, "authority", log);
  return self;
}

/**
 * adit_fake_authority_deny:
 * @self: a fake
 * @action: an action id that is refused from now on
 */
void
adit_fake_authority_deny (AditFakeAuthority *self, const char *action)
{
  g_hash_table_add (self->denied, g_strdup (action));
}

/**
 * adit_fake_authority_allow:
 * @self: a fake
 * @action: an action id that is allowed again
 */
void
adit_fake_authority_allow (AditFakeAuthority *self, const char *action)
{
  g_hash_table_remove (self->denied, action);
}

/**
 * adit_fake_authority_fail_next:
 * @self: a fake
 * @call: "check"
 * @error: (nullable): the answer of its next call
 */
void
adit_fake_authority_fail_next (AditFakeAuthority *self, const char *call, const GError *error)
{
  adit_fake_calls_fail_next (&self->calls, call, error);
}
