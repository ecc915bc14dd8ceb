/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authorizer.c: asks the bus who it is, looks the call up, asks polkit.
 * Asking takes a person's time and holds up nobody else. */
#define G_LOG_DOMAIN "adit-authorizer"

#include "client/helper/authorizer.h"

#include "client/api/names.h"
#include "client/base/error.h"

#define BUS_TIMEOUT_MS 5000    /* the bus daemon answers this one itself, at once */
#define MAX_KNOWN      64      /* callers; all are forgotten then */

static const AditAuthorizerRow rows[] = {
  { "LogIn",           ADIT_ACTION_ACCOUNT },
  { "GetSignInQuestion", ADIT_ACTION_ACCOUNT },
  { "AnswerSignIn",    ADIT_ACTION_ACCOUNT },
  { "CreateAccount",   ADIT_ACTION_ACCOUNT },
  { "AddVoucher",      ADIT_ACTION_ACCOUNT },
  { "GetDevices",      ADIT_ACTION_READ },
  { "RemoveDevice",    ADIT_ACTION_ACCOUNT },
  { "RotateKey",       ADIT_ACTION_ACCOUNT },
  { "LogOut",          ADIT_ACTION_ACCOUNT },
  { "UseAccount",      ADIT_ACTION_ACCOUNT },
  { "RevealAccount",   ADIT_ACTION_REVEAL },
  { "GetAccounts",     ADIT_ACTION_READ },
  { "RefreshAccount",  ADIT_ACTION_READ },
  { "GetLocations",    ADIT_ACTION_READ },
  { "Import",          ADIT_ACTION_ACCOUNT },
  { "ReadPicture",     ADIT_ACTION_ACCOUNT },
  { "GetProfiles",     ADIT_ACTION_READ },
  { "RenameProfile",   ADIT_ACTION_ACCOUNT },
  { "RemoveProfile",   ADIT_ACTION_ACCOUNT },
  { "SetProfileLogin", ADIT_ACTION_ACCOUNT },
  { "ExportProfile",   ADIT_ACTION_EXPORT },
  { "Connect",         ADIT_ACTION_CONNECT },
  { "Disconnect",      ADIT_ACTION_CONNECT },
  { "Reconnect",       ADIT_ACTION_CONNECT },
  { "Connect:keep",    ADIT_ACTION_KEEP },
  { "Reconnect:keep",  ADIT_ACTION_KEEP },
  { "SetLockdown:keep", ADIT_ACTION_KEEP },
  { "Confirm",         ADIT_ACTION_CONNECT },
  { "Pause",           ADIT_ACTION_CONNECT },
  { "Pause:lockdown",  ADIT_ACTION_LOWER },
  { "Resume",          ADIT_ACTION_CONNECT },
  { "SetLockdown:on",  ADIT_ACTION_RAISE },
  { "SetLockdown:off", ADIT_ACTION_LOWER },
  { "GetSettings",     ADIT_ACTION_READ },
  { "SetSetting:wider",    ADIT_ACTION_WIDEN },
  { "SetSetting:narrower", ADIT_ACTION_RAISE },
  { "OpenPortal",      ADIT_ACTION_WIDEN },
  { "ClosePortal",     ADIT_ACTION_RAISE },
  { "GetNetworks",     ADIT_ACTION_READ },
  { "SetNetwork:wider",    ADIT_ACTION_WIDEN },
  { "SetNetwork:narrower", ADIT_ACTION_RAISE },
  { "ForgetNetwork:wider", ADIT_ACTION_WIDEN },
  { "ForgetNetwork:narrower", ADIT_ACTION_RAISE },
  { "GetStatus",       NULL },
  { "Subscribe",       NULL },
  { "Unsubscribe",     NULL },
  { "GetDiagnostics",  ADIT_ACTION_READ },
  { "GetLog",          ADIT_ACTION_READ },
  { "GetReports",      ADIT_ACTION_READ },
  { "GetReport",       ADIT_ACTION_READ },
  { "GetReportServer", ADIT_ACTION_READ },
  { "AddCrash",        ADIT_ACTION_REPORT },
  { "AddProblem",      ADIT_ACTION_REPORT },
  { "SendReport",      ADIT_ACTION_REPORT },
  { "DeleteReport",    ADIT_ACTION_REPORT },
  { "SetReportServer", ADIT_ACTION_REPORT },
  { "SetReportConsent", ADIT_ACTION_REPORT },
};

struct _AditAuthorizer
{
  GDBusConnection    *bus;
  AditAuthority      *authority;
  AditAuthorizerAsked asked;    /* (nullable) */
  gpointer            asked_data;
  GHashTable         *known;        /* a unique name, which the bus gives to nobody else later, to its uid */
};

typedef struct
{
  AditAuthorizer          *authorizer;
  char                    *sender;
  const AditAuthorizerRow *row;
  guint32                  owner_uid, uid;
  gboolean                 may_ask;
} Check;

static void
check_free (Check *check)
{
  g_free (check->sender);
  g_free (check);
}

/**
 * adit_authorizer_new:
 * @bus: the system bus
 * @authority: polkit, or what stands for it
 *
 * Returns: (transfer full): an authorizer
 */
AditAuthorizer *
adit_authorizer_new (GDBusConnection *bus, AditAuthority *authority)
{
  AditAuthorizer *self = g_new0 (AditAuthorizer, 1);

  self->bus = g_object_ref (bus);
  self->authority = g_object_ref (authority);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/**
 * adit_authorizer_free:
 * @self: (nullable): an authorizer with no check under way
 */
void
adit_authorizer_free (AditAuthorizer *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->bus);
  g_object_unref (self->authority);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_free (self);
}

/**
 * adit_authorizer_set_asked:
 * @self: an authorizer
 * @asked: called when the authority has just been asked, with the call's name; the answer is open
 * @user_data: for @asked; outlives every check
 *
 * What takes time and gives nothing away can be got ready while it thinks.
 */
void
adit_authorizer_set_asked (AditAuthorizer *self, AditAuthorizerAsked asked, gpointer user_data)
{
  self->asked = asked;
  self->asked_data = user_data;
}

/**
 * adit_authorizer_find:
 * @call: what a call comes down to
 *
 * Returns: (transfer none) (nullable): its row; %NULL means refused
 */
const AditAuthorizerRow *
adit_authorizer_find (const char *call)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].call, call))
      return &rows[i];
  return NULL;
}

static void
on_uid (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 *uid;

  if (answer == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "The bus does not know the caller: %s", error->message);
      return;
    }
  uid = g_new (guint32, 1);
  g_variant_get (answer, "(u)", uid);
  g_task_return_pointer (task, uid, g_free);
}

/**
 * adit_authorizer_identify_async:
 * @self: an authorizer
 * @sender: a caller's unique bus name
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks the bus which user it is, unless that is known: the answer stands in line behind whatever others call meanwhile.
 */
void
adit_authorizer_identify_async (AditAuthorizer *self, const char *sender, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->bus, NULL, callback, user_data);
  gpointer uid;

  g_task_set_source_tag (task, adit_authorizer_identify_async);
  g_task_set_task_data (task, g_strdup (sender), g_free);
  if (g_hash_table_lookup_extended (self->known, sender, NULL, &uid))
    {
      guint32 known_uid = GPOINTER_TO_UINT (uid);

      g_task_return_pointer (task, g_memdup2 (&known_uid, sizeof known_uid), g_free);
      g_object_unref (task);
      return;
    }
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "GetConnectionUnixUser",
                          g_variant_new ("(s)", sender), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, BUS_TIMEOUT_MS,
                          NULL, on_uid, task);
}

/**
 * adit_authorizer_identify_finish:
 * @self: an authorizer
 * @result: what the callback was given
 * @uid: (out): the caller's user
 * @error: return location; %ADIT_ERROR_NOT_ALLOWED for a caller that has left
 *
 * Returns: whether the bus knows
 */
gboolean
adit_authorizer_identify_finish (AditAuthorizer *self, GAsyncResult *result, guint32 *uid, GError **error)
{
  g_autofree guint32 *answer = g_task_propagate_pointer (G_TASK (result), error);

  if (answer == NULL)
    return FALSE;
  *uid = *answer;
  if (g_hash_table_size (self->known) >= MAX_KNOWN)
    g_hash_table_remove_all (self->known);
  g_hash_table_replace (self->known, g_strdup (g_task_get_task_data (G_TASK (result))), GUINT_TO_POINTER (*answer));
  return TRUE;
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (adit_authority_check_finish (ADIT_AUTHORITY (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_identified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  AditAuthorizer *self = check->authorizer;
  const AditAuthorizerRow *row = check->row;
  const char *action = row->action;
  GError *error = NULL;

  if (!adit_authorizer_identify_finish (self, result, &check->uid, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (check->owner_uid != ADIT_NO_OWNER && check->uid != check->owner_uid)
    action = ADIT_ACTION_OTHERS;
  if (action == NULL || check->uid == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  adit_authority_check_async (self->authority, check->sender, check->uid, action, check->may_ask, NULL, on_checked,
                              g_steal_pointer (&task));
  if (self->asked != NULL)
    self->asked (row->call, self->asked_data);
}

/**
 * adit_authorizer_check_async:
 * @self: an authorizer
 * @sender: the caller's unique bus name
 * @call: what the call comes down to
 * @owner_uid: whose account it touches, or ADIT_NO_OWNER
 * @may_ask: whether polkit may ask the person
 * @callback: called with the decision
 * @user_data: for @callback
 *
 * Decides whether the caller may.
 */
void
adit_authorizer_check_async (AditAuthorizer *self, const char *sender, const char *call, guint32 owner_uid, gboolean may_ask,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->bus, NULL, callback, user_data);
  Check *check = g_new0 (Check, 1);

  g_task_set_source_tag (task, adit_authorizer_check_async);
  check->authorizer = self;
  check->sender = g_strdup (sender);
  check->row = adit_authorizer_find (call);
  check->owner_uid = owner_uid;
  check->uid = ADIT_NO_OWNER;
  check->may_ask = may_ask;
  g_task_set_task_data (task, check, (GDestroyNotify) check_free);
  if (check->row == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "%s is open to nobody", call);
      g_object_unref (task);
      return;
    }
  adit_authorizer_identify_async (self, sender, on_identified, task);
}

/**
 * adit_authorizer_check_finish:
 * @self: an authorizer
 * @result: what the callback was given
 * @uid: (out) (optional): the caller's user
 * @error: return location; %ADIT_ERROR_NOT_ALLOWED
 *
 * Returns: whether the caller may
 */
gboolean
adit_authorizer_check_finish (AditAuthorizer *self, GAsyncResult *result, guint32 *uid, GError **error)
{
  Check *check = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (uid != NULL)
    *uid = check->uid;
  return TRUE;
}
