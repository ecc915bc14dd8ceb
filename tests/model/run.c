/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c: the effects of one event, each of which may go well, fail, or never come because the helper is killed before it. */
#include "tests/model/machine.h"

#include "tests/model/promises.h"

/**
 * run_choose:
 * @run: an event that is under way
 * @limit: how many ways there are
 *
 * Returns: the script's next word; what it does not say is the first of what may be
 */
guint
run_choose (Run *run, guint limit)
{
  guint at = run->n_choices;

  if (at == MAX_CHOICES)
    {
      run->broken = run->broken != NULL ? run->broken : PROMISE_ENDS;
      return CHOICE_DIES;
    }
  run->n_choices++;
  if (at >= run->n_scripted)
    run->script[at] = 0;
  run->limit[at] = limit;
  return run->script[at];
}

/**
 * run_tell:
 * @run: an event that is under way
 * @format: what happens, where anybody wants to know
 */
void
run_tell (Run *run, const char *format, ...)
{
  va_list args;

  if (run->story == NULL || run->died)
    return;
  va_start (args, format);
  g_string_append (run->story, run->story->len > 0 ? "; " : "");
  g_string_append_vprintf (run->story, format, args);
  va_end (args);
}

static void
do_effect (Config *config, Effect effect, guint value)
{
  switch (effect)
    {
    case EFFECT_LOCK: config->lock = value & ~LOCK_HAS_PEER; config->peer = (value & LOCK_HAS_PEER) != 0; break;
    case EFFECT_SET_UP: config->parts |= value; config->stuck &= ~value; break;
    case EFFECT_UNDO: config->parts &= ~value; config->stuck &= ~value; break;
    case EFFECT_SAVE_WISH: config->wish_file = value; break;
    case EFFECT_SAVE_SETTINGS: config->settings = value; break;
    default: g_assert_not_reached ();
    }
}

static char *
dup_effect_text (Effect effect, guint value)
{
  static const char *const wishes[] = { "absent", "disconnected", "connected", "corrupt" };
  static const char *const parts[] = { [PART_DEVICE] = "device", [PART_ROUTE] = "routes", [PART_DNS] = "resolver" };

  switch (effect)
    {
    case EFFECT_LOCK:
      return g_strconcat ("lock ", adit_lock_get_nick (value & ~LOCK_HAS_PEER), value & LOCK_HAS_PEER ? " with peer" : "", NULL);
    case EFFECT_SET_UP: return g_strconcat ("set up ", parts[value], NULL);
    case EFFECT_UNDO: return g_strconcat ("undo ", parts[value], NULL);
    case EFFECT_SAVE_WISH: return g_strconcat ("save wish ", wishes[value], NULL);
    case EFFECT_SAVE_SETTINGS: return g_strdup_printf ("save lockdown %s", value == SETTINGS_ON ? "on" : "off");
    default: return g_strdup ("?");
    }
}

/**
 * run_effect:
 * @run: an event that is under way
 * @what: the kind
 * @value: the lock with or without %LOCK_HAS_PEER, the part, or what is written
 *
 * The only way in which anything outside of the helper's memory changes by our doing.
 *
 * Returns: whether it took
 */
gboolean
run_effect (Run *run, Effect what, guint value)
{
  g_autofree char *text = run->story != NULL ? dup_effect_text (what, value) : NULL;
  guint choice;

  if (run->died)
    return FALSE;
  if (what == EFFECT_UNDO && (run->config.parts & value) == 0)
    return TRUE;    /* there is nothing of it */
  choice = run_choose (run, 3);
  if (choice == CHOICE_DIES)
    {
      run_tell (run, "KILLED before: %s", text);
      run->at_death = run->config;
      run->died = TRUE;
      run->smooth = FALSE;
      return FALSE;
    }
  if (choice == CHOICE_OTHER)
    {
      run_tell (run, "%s FAILS", text);
      run->smooth = FALSE;
      if (what == EFFECT_UNDO)
        run->config.stuck |= value;
      if (what == EFFECT_SET_UP)    /* half of it may be there: the worse case */
        do_effect (&run->config, what, value);
      return FALSE;
    }
  promises_check_effect (run, what, value);
  run_tell (run, "%s", text);
  do_effect (&run->config, what, value);
  return TRUE;
}

/**
 * run_next_script:
 * @run: one that has just been run
 *
 * Returns: whether there is another script; it is in @run then
 */
gboolean
run_next_script (Run *run)
{
  guint n = run->n_choices;

  while (n > 0 && run->script[n - 1] + 1u >= run->limit[n - 1])
    n--;
  if (n > 0)
    run->script[n - 1]++;
  run->n_scripted = n;
  return n > 0;
}
