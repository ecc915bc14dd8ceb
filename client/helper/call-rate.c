/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call-rate.c: whoever calls faster than can be answered makes nobody else wait.
 *
 * All calls stand in one line, and each takes its turn in the main loop.  What one program calls too often is refused in the
 * thread that reads the bus, before it stands there; an answer costs the bus and us as much as the call, so not all get one. */
#include "client/helper/call-rate.h"

#include <string.h>

#include "client/base/error.h"

#define MAX_SENDERS  64    /* the bus gives a user 256 connections; who opens others all the time pays more for that than we do */
#define SENDER_BYTES 32    /* ":1.4294967295" is far shorter */

/* until_us: when all that was taken would be through at the rate that is allowed; refused_until_us: the same of refusals. */
typedef struct
{
  char   sender[SENDER_BYTES];
  gint64 until_us, refused_until_us;
} Caller;

struct _AditCallRate
{
  Caller callers[MAX_SENDERS];
};

/**
 * adit_call_rate_new:
 *
 * Returns: (transfer full): nobody has called yet
 */
AditCallRate *
adit_call_rate_new (void)
{
  return g_new0 (AditCallRate, 1);
}

/**
 * adit_call_rate_free:
 * @self: a rate
 */
void
adit_call_rate_free (AditCallRate *self)
{
  g_free (self);
}

/* The one of that name, or the one that has been quiet for longest. */
static Caller *
find_caller (AditCallRate *self, const char *sender)
{
  Caller *quietest = &self->callers[0];

  for (guint i = 0; i < MAX_SENDERS; i++)
    {
      Caller *caller = &self->callers[i];

      if (strncmp (caller->sender, sender, SENDER_BYTES - 1) == 0)
        return caller;
      if (caller->until_us < quietest->until_us)
        quietest = caller;
    }
  g_strlcpy (quietest->sender, sender, SENDER_BYTES);
  quietest->until_us = quietest->refused_until_us = 0;
  return quietest;
}

/* One more, where that is not too much. */
static gboolean
take (gint64 *until_us, gint64 now_us, guint per_second, guint burst)
{
  gint64 each_us = G_USEC_PER_SEC / per_second, next_us = MAX (*until_us, now_us) + each_us;

  if (next_us > now_us + burst * each_us)
    return FALSE;
  *until_us = next_us;
  return TRUE;
}

/**
 * adit_call_rate_take:
 * @self: a rate
 * @sender: a caller's unique bus name
 * @now_us: monotonic
 *
 * Counts a call.
 *
 * Returns: what becomes of it
 */
AditCallFate
adit_call_rate_take (AditCallRate *self, const char *sender, gint64 now_us)
{
  Caller *caller = find_caller (self, sender);

  if (take (&caller->until_us, now_us, ADIT_CALL_RATE_PER_SECOND, ADIT_CALL_RATE_BURST))
    return ADIT_CALL_TAKEN;
  return take (&caller->refused_until_us, now_us, ADIT_CALL_RATE_REFUSALS, ADIT_CALL_RATE_REFUSALS) ? ADIT_CALL_REFUSED
                                                                                                    : ADIT_CALL_IGNORED;
}

static void
refuse (GDBusConnection *bus, GDBusMessage *message)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_BUSY, "Too many calls in a second");
  g_autofree char *name = g_dbus_error_encode_gerror (error);
  g_autoptr (GDBusMessage) answer = g_dbus_message_new_method_error_literal (message, name, error->message);

  (void) g_dbus_connection_send_message (bus, answer, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

/* In GDBus's own thread, which is one for all. */
static GDBusMessage *
on_message (GDBusConnection *bus, GDBusMessage *message, gboolean is_incoming, gpointer user_data)
{
  const char *sender = g_dbus_message_get_sender (message);
  AditCallFate fate;

  if (!is_incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL || sender == NULL)
    return message;
  fate = adit_call_rate_take (user_data, sender, g_get_monotonic_time ());
  if (fate == ADIT_CALL_TAKEN)
    return message;
  if (fate == ADIT_CALL_REFUSED && (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED) == 0)
    refuse (bus, message);
  g_object_unref (message);
  return NULL;
}

/**
 * adit_call_rate_guard:
 * @bus: the system bus
 *
 * Refuses what is called too often, as %ADIT_ERROR_BUSY.
 *
 * Returns: for g_dbus_connection_remove_filter()
 */
guint
adit_call_rate_guard (GDBusConnection *bus)
{
  return g_dbus_connection_add_filter (bus, on_message, adit_call_rate_new (), (GDestroyNotify) adit_call_rate_free);
}
