/* SPDX-License-Identifier: GPL-2.0-or-later */
/* key-age.c: a key's birthday is kept by the calendar, which survives a restart, and is read once; from then on its age is
 * counted by the boot clock, which goes on during sleep and which nobody can set.  A step of the clock while we run changes
 * nothing; after one that made the birthday lie ahead, the key counts as new, so that it is late by one period at most. */
#include "client/core/key-age.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/**
 * adit_key_age_begin:
 * @self: (out caller-allocates): the age of a key that was not looked at before
 * @made_at_s: when it was made, UTC; 0: not known
 * @now_s: UTC
 * @now_us: by the boot clock
 */
void
adit_key_age_begin (AditKeyAge *self, gint64 made_at_s, gint64 now_s, gint64 now_us)
{
  gint64 age_s = CLAMP (now_s - made_at_s, 0, G_MAXINT32);

  *self = (AditKeyAge) { .made_us = now_us - age_s * G_USEC_PER_SEC, .is_unknown = made_at_s <= 0 };
}

/**
 * adit_key_age_get_s:
 * @self: a key's age
 * @now_us: by the boot clock
 *
 * Returns: in seconds; -1 where nobody knows
 */
gint64
adit_key_age_get_s (const AditKeyAge *self, gint64 now_us)
{
  return self->is_unknown ? -1 : MAX (now_us - self->made_us, 0) / G_USEC_PER_SEC;
}

/**
 * adit_key_age_get_days:
 * @rules: a service's
 * @days: what the user has set; 0: as the service has it
 *
 * Returns: how many days a key is used, 0 where none is registered
 */
guint
adit_key_age_get_days (const AditKeyRules *rules, guint days)
{
  return days == 0 ? rules->days : MIN (days, rules->max_days);
}

static gint64
get_due_us (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us)
{
  return self->is_unknown ? now_us : self->made_us + adit_key_age_get_days (rules, days) * DAY_US;
}

/**
 * adit_key_age_is_due:
 * @self: a key's age
 * @rules: its service's
 * @days: what the user has set; 0: as the service has it
 * @now_us: by the boot clock
 *
 * Returns: whether there should be a new one by now, whether or not that has been tried
 */
gboolean
adit_key_age_is_due (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us)
{
  return rules->days > 0 && now_us >= get_due_us (self, rules, days, now_us);
}

/**
 * adit_key_age_get_next_us:
 * @self: a key's age
 * @rules: its service's
 * @days: what the user has set; 0: as the service has it
 * @now_us: by the boot clock
 *
 * Returns: when it is to be changed, by the boot clock, or tried again; the past: now.  %ADIT_KEY_AGE_NEVER where none is
 * registered
 */
gint64
adit_key_age_get_next_us (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us)
{
  gint64 next_us = get_due_us (self, rules, days, now_us);
  gint64 pause_s = MIN ((gint64) self->n_failures * rules->retry_s, rules->retry_max_s);

  if (rules->days == 0)
    return ADIT_KEY_AGE_NEVER;
  return self->n_failures > 0 ? MAX (next_us, self->failed_us + pause_s * G_USEC_PER_SEC) : next_us;
}

/**
 * adit_key_age_is_over:
 * @self: a key's age
 * @rules: its service's
 * @days: what the user has set; 0: as the service has it
 * @now_us: by the boot clock
 *
 * Returns: whether the service lets nobody connect with it any more, although it may still work
 */
gboolean
adit_key_age_is_over (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us)
{
  return rules->grace_days > 0 &&
         (self->is_unknown || now_us >= get_due_us (self, rules, days, now_us) + rules->grace_days * DAY_US);
}
