/* SPDX-License-Identifier: GPL-2.0-or-later */
/* caller.c: asks logind about the caller's session, and looks whether one of its ancestors lets people in over the network.
 *
 * Only to keep a person from locking themselves out: the answer never gives anybody a right, so a process id that is used again
 * meanwhile does no harm. */
#define G_LOG_DOMAIN "adit-caller"
#include "platform/caller.h"

#include <string.h>

#define LOGIND        "org.freedesktop.login1"
#define ANSWER_MS     2000    /* logind answers from memory */
#define MAX_ANCESTORS 64

/* As the kernel cuts names: 15 bytes (TASK_COMM_LEN).  sshd-session is what OpenSSH has from 9.8 on. */
static const char *const doors[] = { "sshd", "sshd-session", "dropbear", "mosh-server", "in.telnetd", "telnetd" };

/* The name and the parent of a process; proc_pid_stat(5): "PID (NAME) STATE PARENT ...", where NAME may hold anything. */
static char *
dup_name (guint32 pid, guint32 *parent)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/stat", pid), *text = NULL;
  const char *open, *close;
  guint64 number;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  open = strchr (text, '(');
  close = strrchr (text, ')');
  if (open == NULL || close == NULL || close < open || strlen (close) < 5)
    return NULL;
  number = g_ascii_strtoull (close + 4, NULL, 10);
  *parent = number <= G_MAXINT32 ? (guint32) number : 0;
  return g_strndup (open + 1, (gsize) (close - open - 1));
}

static gboolean
has_come_by_a_door (guint32 pid)
{
  for (guint i = 0; i < MAX_ANCESTORS && pid > 1; i++)
    {
      guint32 parent = 0;
      g_autofree char *name = dup_name (pid, &parent);

      if (name == NULL)
        return FALSE;
      for (gsize n = 0; n < G_N_ELEMENTS (doors); n++)
        if (g_str_equal (name, doors[n]))
          return TRUE;
      pid = parent;
    }
  return FALSE;
}

static void
ask (GTask *task, const char *name, const char *path, const char *interface, const char *method, GVariant *arguments,
     const char *type, GAsyncReadyCallback then)
{
  g_dbus_connection_call (g_task_get_source_object (task), name, path, interface, method, arguments, G_VARIANT_TYPE (type),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_MS, NULL, then, task);
}

static void
on_remote (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL), value = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);
  g_task_return_boolean (task, value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
                                 g_variant_get_boolean (value));
}

/* Without logind, or where the caller is in no session, the ancestors had the last word. */
static void
on_session (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *path;

  if (answer == NULL)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  g_variant_get (answer, "(&o)", &path);
  ask (g_steal_pointer (&task), LOGIND, path, "org.freedesktop.DBus.Properties", "Get",
       g_variant_new ("(ss)", LOGIND ".Session", "Remote"), "(v)", on_remote);
}

static void
on_pid (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  guint32 pid = 0;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &pid);
  if (answer == NULL || has_come_by_a_door (pid))
    {
      g_task_return_boolean (task, answer != NULL);
      return;
    }
  ask (g_steal_pointer (&task), LOGIND, "/org/freedesktop/login1", LOGIND ".Manager", "GetSessionByPID",
       g_variant_new ("(u)", pid), "(o)", on_session);
}

/**
 * adit_caller_find_remote_async:
 * @bus: the system bus
 * @sender: a caller's unique bus name
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whether somebody at another computer is behind this caller.
 */
void
adit_caller_find_remote_async (GDBusConnection *bus, const char *sender, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (bus, NULL, callback, user_data);

  g_task_set_source_tag (task, adit_caller_find_remote_async);
  ask (task, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
       g_variant_new ("(s)", sender), "(u)", on_pid);
}

/**
 * adit_caller_find_remote_finish:
 * @result: what the callback was given
 *
 * Returns: whether there is a sign of that; without one the caller is taken for local
 */
gboolean
adit_caller_find_remote_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
