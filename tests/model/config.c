/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.c: a configuration as a number and as a line. */
#include "tests/model/machine.h"

/**
 * config_dup_text:
 * @config: a configuration
 *
 * Returns: (transfer full): it in one line
 */
char *
config_dup_text (const Config *config)
{
  static const char *const whys[N_WHYS] = {
    "", " (starting)", " (settings lost)", " (lasting)", " (passing)", " (lock failed)", " (offline)",
  };

  return g_strdup_printf ("%s%s, lock %s, device %s, routes %s, resolver %s, wanted %s%s",
                          config->alive ? adit_state_get_nick (config->state) : "no helper", whys[config->why],
                          adit_lock_get_nick (config->lock), config->parts & PART_DEVICE ? "set" : "-",
                          config->parts & PART_ROUTE ? "set" : "-", config->parts & PART_DNS ? "set" : "-",
                          config->asked_open ? "disconnected" : "connected",
                          config->asked_pause ? ", paused" : config->asked_lockdown ? ", lockdown" : "");
}

/**
 * config_pack:
 * @config: a configuration
 *
 * Returns: a number that no other configuration has
 */
guint64
config_pack (const Config *config)
{
  guint64 key = 0;

#define ADD(field, bits) key = key << (bits) | config->field
  ADD (alive, 1); ADD (state, 3); ADD (why, 3); ADD (wish, 1); ADD (lockdown, 1);
  ADD (stage, 3); ADD (cancelled, 1); ADD (timer, 2); ADD (shell, 1); ADD (lost, 1); ADD (refused, 1); ADD (paused, 1);
  ADD (lock, 2); ADD (peer, 1); ADD (parts, 3); ADD (stuck, 3); ADD (wish_file, 2); ADD (settings, 3);
  ADD (asked_open, 1); ADD (asked_lockdown, 1); ADD (pause_file, 1); ADD (asked_pause, 1);
#undef ADD
  return key;
}

/**
 * config_is_running:
 * @config: a configuration
 *
 * Returns: whether there is an attempt that has not said its last word
 */
gboolean
config_is_running (const Config *config)
{
  return config->stage == STAGE_OFFER || config->stage == STAGE_DEVICE || config->stage == STAGE_HANDSHAKE;
}

/**
 * config_forget_memory:
 * @config: a configuration
 *
 * What is left of it when the helper dies.
 */
void
config_forget_memory (Config *config)
{
  config->alive = config->state = config->why = config->wish = config->lockdown = 0;
  config->stage = config->cancelled = config->timer = config->shell = config->lost = config->refused = 0;
}
