/* SPDX-License-Identifier: GPL-2.0-or-later */
/* promises.c: asks the table nothing: what is expected of a state is written here a second time, as SECURITY.md tells it. */
#include "tests/model/promises.h"

static gboolean
wants_lock (const Config *config)
{
  return (!config->asked_open || config->asked_lockdown) && !config->asked_pause;
}

/* A lock that the kernel refused, or that another program took for good, is told; and disconnecting keeps what is in force until
 * an attempt has said its last word, so the lock may still be lacking there. */
static gboolean
is_told (const Config *config)
{
  return (config->state == ADIT_STATE_BLOCKED && config->why == WHY_LOCK_FAILED) ||
         (config->state == ADIT_STATE_DISCONNECTING && config->cancelled);
}

static const char *
check_lock (const Run *run, guint next)
{
  const Config *config = &run->config;

  if (next != ADIT_LOCK_OFF || config->lock == ADIT_LOCK_OFF)
    return NULL;
  if (wants_lock (config))
    return config->asked_lockdown ? PROMISE_LOCKDOWN : PROMISE_ONLY_USER_OPENS;
  /* A device without address and route may stay a moment longer; what would not go was told, and the user asked. */
  return (config->parts & ~config->stuck & (PART_ROUTE | PART_DNS)) != 0 ? PROMISE_LOCK_LAST : NULL;
}

static const char *
check_undo (Run *run)
{
  if (run->config.lock != ADIT_LOCK_OFF || !wants_lock (&run->config))
    return NULL;
  /* `recover --open` is asked to open, and does so last. */
  if (run->recovering == RECOVERING_OPEN)
    return NULL;
  return run->starting ? PROMISE_START_LOCKS_FIRST : PROMISE_UNDO_IS_LOCKED;
}

/**
 * promises_check_effect:
 * @run: as it is before the effect
 * @effect: what is about to be done and will succeed
 * @value: the lock, or the part
 *
 * Notes in @run the first promise that this breaks.
 */
void
promises_check_effect (Run *run, Effect effect, guint value)
{
  const char *broken = NULL;

  if (effect == EFFECT_LOCK)
    broken = check_lock (run, value);
  else if (effect == EFFECT_SET_UP && (run->config.lock != ADIT_LOCK_PEER || !run->config.peer))
    broken = PROMISE_LOCK_FIRST;
  else if (effect == EFFECT_UNDO && (run->config.parts & value) != 0)
    broken = check_undo (run);
  if (run->broken == NULL)
    run->broken = broken;
}

static gboolean
lock_fits (const Config *config)
{
  if (is_told (config))
    return TRUE;
  switch ((AditState) config->state)
    {
    case ADIT_STATE_BLOCKED:
      return config->lock == ADIT_LOCK_ALL;
    case ADIT_STATE_CONNECTING:
      return config->lock == ADIT_LOCK_PEER;
    case ADIT_STATE_CONNECTED:
      return config->lock == ADIT_LOCK_TUNNEL && config->peer;
    case ADIT_STATE_DISCONNECTING:
      return config->lock != ADIT_LOCK_OFF || !wants_lock (config);
    case ADIT_STATE_DISCONNECTED:
      return config->lock == (config->lockdown && !config->paused ? ADIT_LOCK_ALL : ADIT_LOCK_OFF);
    case ADIT_N_STATES:
    default:
      return FALSE;
    }
}

/**
 * promises_has_hope:
 * @machine: whose session it is
 * @config: a configuration between two events
 *
 * Returns: whether it is blocked by something for which the user need do nothing
 */
gboolean
promises_has_hope (const Machine *machine, const Config *config)
{
  return config->alive && config->wish && !config->paused && config->state == ADIT_STATE_BLOCKED &&
         (config->why == WHY_PASSING || config->why == WHY_LOCK_FAILED || config->why == WHY_OFFLINE);
}

/**
 * promises_check_rest:
 * @machine: whose session it is
 * @config: a configuration between two events
 *
 * Returns: (nullable): the promise that it breaks
 */
const char *
promises_check_rest (const Machine *machine, const Config *config)
{
  if (!config->alive)
    return NULL;
  if (config->lock == ADIT_LOCK_OFF && wants_lock (config) && !is_told (config))
    return config->asked_lockdown ? PROMISE_LOCKDOWN : PROMISE_ONLY_USER_OPENS;
  if (!lock_fits (config))
    return PROMISE_STATE_HAS_LOCK;
  if (config->state == ADIT_STATE_CONNECTED &&
      (config->stage != STAGE_UP || config->parts != (PART_DEVICE | PART_ROUTE | PART_DNS)))
    return PROMISE_CONNECTED_IS_UP;
  if (promises_has_hope (machine, config) && config->why != WHY_OFFLINE && config->timer != TIMER_RETRY && !config->cancelled)
    return PROMISE_RETRIES;
  return NULL;
}
