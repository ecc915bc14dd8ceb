/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard.c: a lock that is about to close ends every connection from outside, the caller's own too.  Whether there is one is found
 * out by platform/caller.h; what the client says of it can only make this stricter. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/guard.h"

#include "client/api/remote.h"
#include "client/base/error.h"
#include "platform/caller.h"

struct _AditGuardLook
{
  AditCall    *call;    /* (nullable): that waits for it */
  AditCallWork then;
  gboolean     is_done, is_remote;
};

static AditBefore
get_now (AditBusService *service)
{
  AditSession *session = service->parts.session;

  return (AditBefore) { *adit_session_get_wish (session), adit_session_get_lockdown (session) };
}

/* Who is in already stays in; a lock that goes by itself again is not yet one to rely on. */
static gboolean
may_cut_off (AditBusService *service)
{
  return adit_session_get_lock (service->parts.session) == ADIT_LOCK_OFF || adit_confirm_get_left_s (service->parts.confirm) > 0;
}

static void
refuse (AditCall *call)
{
  adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_WOULD_CUT_OFF,
                                     "You have come over the network, and the lock would end your connection"));
}

/**
 * adit_guard_read_options:
 * @call: a call that may close the lock
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Reads how the caller stays in.
 *
 * Returns: whether it can be understood
 */
gboolean
adit_guard_read_options (AditCall *call, GError **error)
{
  g_autoptr (GVariant) remote = g_variant_lookup_value (call->options, "remote", NULL);

  call->is_guarded = TRUE;
  call->keeps = adit_call_has_option (call, "keep_session");
  call->says_remote = remote != NULL;
  if (remote != NULL)
    (void) adit_remote_from_variant (remote, &call->flow);
  if (call->keeps && !adit_flow_is_valid (&call->flow))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "It is not known by which connection you have come");
      return FALSE;
    }
  if (!g_variant_lookup (call->options, "confirm_within", "u", &call->confirm_s) ||
      (call->confirm_s >= ADIT_CONFIRM_MIN_S && call->confirm_s <= ADIT_CONFIRM_MAX_S))
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "It can go back by itself after %d to %d seconds",
               ADIT_CONFIRM_MIN_S, ADIT_CONFIRM_MAX_S);
  return FALSE;
}

/**
 * adit_guard_name:
 * @call: a call whose options are read
 * @name: what it comes down to otherwise
 *
 * To keep a connection outside of the tunnel is more than to connect.
 *
 * Returns: (transfer none): its row in the authorizer's table
 */
const char *
adit_guard_name (AditCall *call, const char *name)
{
  static const struct { const char *plain, *keeping; } rows[] = {
    { "Connect", "Connect:keep" }, { "Reconnect", "Reconnect:keep" }, { "SetLockdown:on", "SetLockdown:keep" },
  };

  for (gsize i = 0; call->keeps && i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].plain, name))
      return rows[i].keeping;
  return name;
}

static void
decide (AditCall *call, AditCallWork then)
{
  if (call->look->is_remote)
    refuse (call);
  else
    then (call);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditGuardLook *look = user_data;

  look->is_done = TRUE;
  look->is_remote = adit_caller_find_remote_finish (result);
  if (look->call != NULL)
    decide (look->call, look->then);
  g_rc_box_release (look);
}

/* Whether the lock is about to close on whoever has come over the network. */
static gboolean
is_in_danger (AditCall *call)
{
  return call->is_guarded && !call->keeps && call->confirm_s == 0 && may_cut_off (call->service);
}

/**
 * adit_guard_look:
 * @call: a call whose options are read
 *
 * Begins to find out what adit_guard_call() is going to need, so that it can be known when other things are.
 */
void
adit_guard_look (AditCall *call)
{
  if (call->look != NULL || call->says_remote || !is_in_danger (call))
    return;
  call->look = g_rc_box_new0 (AditGuardLook);
  adit_caller_find_remote_async (call->service->parts.bus, call->sender, on_found, g_rc_box_acquire (call->look));
}

/**
 * adit_guard_forget:
 * @call: a call that ends
 *
 * Whatever is still being looked for is nobody's business any more.
 */
void
adit_guard_forget (AditCall *call)
{
  if (call->look == NULL)
    return;
  call->look->call = NULL;
  g_clear_pointer (&call->look, g_rc_box_release);
}

/**
 * adit_guard_call:
 * @call: (transfer full): a call
 * @then: how it goes on
 *
 * Answers with %ADIT_ERROR_WOULD_CUT_OFF where that is so.
 */
void
adit_guard_call (AditCall *call, AditCallWork then)
{
  if (!is_in_danger (call))
    {
      then (call);
      return;
    }
  if (call->says_remote)
    {
      refuse (call);
      return;
    }
  adit_guard_look (call);
  if (call->look->is_done)
    {
      decide (call, then);
      return;
    }
  call->look->call = call;
  call->look->then = then;
}

/**
 * adit_guard_begin:
 * @call: an authorised call that is about to close the lock
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_WOULD_CUT_OFF for a connection that cannot be kept
 *
 * Keeps the caller's connection, and makes the way back, where these are wanted.
 *
 * Returns: whether the call may go on
 */
gboolean
adit_guard_begin (AditCall *call, GError **error)
{
  AditBefore now = get_now (call->service);

  /* To what it would go back is a lock that has just been opened. */
  if (call->confirm_s > 0 && adit_session_is_paused (call->service->parts.session))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "It is paused; disconnect or resume first");
      return FALSE;
    }
  return (!call->keeps || adit_kept_begin (call->service->parts.kept, &call->flow, error)) &&
         (call->confirm_s == 0 || adit_confirm_begin (call->service->parts.confirm, &now, call->confirm_s, error));
}

/**
 * adit_guard_done:
 * @call: a call that has done what it was to do, or could not
 * @wish: whether its caller has just said what connection is wanted
 * @lockdown: whether its caller has just said it of lockdown
 *
 * What was said without a time is confirmed by that.
 */
void
adit_guard_done (AditCall *call, gboolean wish, gboolean lockdown)
{
  AditBefore now = get_now (call->service);

  adit_kept_follow (call->service->parts.kept);
  adit_confirm_settle (call->service->parts.confirm, &now, wish && call->confirm_s == 0, lockdown && call->confirm_s == 0);
}
