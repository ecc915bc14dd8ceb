/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-users.c: Mysterium's users and what they have subscribed to. */
#include "tests/simulator/mysterium.h"

#include "tests/simulator/book.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define DAY_S (24 * 3600)

static const MysteriumUser users[] = {
  { KNOWN_MYSTERIUM_USER, .active = TRUE, .residential = TRUE, .limit = 6 },
  { KNOWN_MYSTERIUM_BASIC, .active = TRUE, .limit = 1 },
  { KNOWN_MYSTERIUM_FULL, .active = TRUE, .limit = 2, .strangers = 2 },
  { KNOWN_MYSTERIUM_EXPIRED, .limit = 6 },
  { KNOWN_MYSTERIUM_PAUSED, .paused = TRUE, .limit = 6 },
};
static const MysteriumUser newcomer = { "" };

/**
 * mysterium_users_open:
 *
 * The users of known.h; one has all devices already.
 */
void
mysterium_users_open (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    for (guint8 j = 0; j < users[i].strangers; j++)
      book_add_stranger (users[i].email, j);
}

/**
 * mysterium_users_find:
 * @email: whose
 *
 * Returns: (transfer none): what he has; somebody unknown has nothing
 */
const MysteriumUser *
mysterium_users_find (const char *email)
{
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    if (g_str_equal (users[i].email, email))
      return &users[i];
  return &newcomer;
}

static json_t *
describe_subscription (const MysteriumUser *user, gboolean active)
{
  gint64 now_s = reply_get_now_s ();
  g_autofree char *until = reply_dup_time (now_s + (active || user->paused ? 30 : -1) * DAY_S);
  g_autofree char *start = reply_dup_time (now_s - 31 * DAY_S), *from = reply_dup_time (now_s - DAY_S);
  g_autofree char *back = reply_dup_time (now_s + 7 * DAY_S);
  json_t *object = json_pack ("{s:b,s:s,s:s,s:b,s:b,s:b,s:s,s:s,s:s,s:s}", "active", active, "active_until", until,
                              "period_start", start, "paused", user->paused,
                              "expired", !active && !user->paused, "recurring", active,
                              "subscription_id", "sub-lab", "plan_id", "plan-lab", "gateway", "stripe", "portal_url",
                              "https://app.mysteriumvpn.com/portal");

  if (user->paused)
    {
      json_object_set_new (object, "paused_from", json_string (from));
      json_object_set_new (object, "paused_until", json_string (back));
    }
  return object;
}

/**
 * mysterium_users_handle:
 * @message: a request for a subscription
 * @email: whose
 * @plan: only what it allows
 */
void
mysterium_users_handle (SoupServerMessage *message, const char *email, gboolean plan)
{
  const MysteriumUser *user = mysterium_users_find (email);

  if (user == &newcomer)
    mysterium_refuse (message, 404, "not_found");
  else if (plan)
    reply_json (message, 200, json_pack ("{s:s,s:{s:i,s:b,s:b,s:b}}", "id", "plan-lab", "metadata", "allowed_devices_limit",
                                         user->limit, "residential_ips_allowed", user->residential,
                                         "location_targeting_allowed", 1, "malware_blocking_allowed", 1));
  else
    reply_json (message, 200, describe_subscription (user, user->active && !request_has_fault (message, "expired")));
}
