/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-look.c: every state has words, an icon and a way on; none claims more than the helper told. */
#include "client/api/explain.h"
#include "ui/look.h"

static void
find (AditPresence presence, AditState state, gboolean lockdown, AditLook *look)
{
  AditStatus status = { .state = state, .lockdown = lockdown };

  adit_look_find (presence, &status, TRUE, look);
}

static void
test_whole (void)
{
  for (gint presence = 0; presence < ADIT_N_PRESENCES; presence++)
    for (gint state = 0; state < ADIT_N_STATES; state++)
      for (gint lockdown = 0; lockdown < 2; lockdown++)
        {
          AditLook look;

          find ((AditPresence) presence, (AditState) state, lockdown, &look);
          g_assert_cmpstr (look.word, !=, "");
          g_assert_cmpstr (look.sentence, !=, "");
          g_assert_cmpstr (look.icon_name, !=, "");
          g_assert_cmpstr (look.style_class, !=, "");
          /* A button without a word, or a word that cannot be pressed for ever, is no way on. */
          if (look.action_name != NULL)
            g_assert_cmpstr (look.button, !=, "");
          else
            g_assert_true (presence == ADIT_PRESENCE_LOOKING || state == ADIT_STATE_DISCONNECTING);
        }
}

static void
test_word_is_the_command_lines (void)
{
  for (gint state = 0; state < ADIT_N_STATES; state++)
    {
      AditLook look;

      find (ADIT_PRESENCE_HERE, (AditState) state, FALSE, &look);
      g_assert_cmpstr (look.word, ==, adit_explain_state ((AditState) state, FALSE));
    }
}

/* What leads to some networks alone is not said to carry everything. */
static void
test_partly (void)
{
  AditStatus status = { .state = ADIT_STATE_CONNECTED };
  AditLook whole, partly;

  adit_look_find (ADIT_PRESENCE_HERE, &status, TRUE, &whole);
  adit_look_find (ADIT_PRESENCE_HERE, &status, FALSE, &partly);
  g_assert_cmpstr (whole.word, ==, partly.word);
  g_assert_cmpstr (whole.sentence, !=, partly.sentence);
  status.state = ADIT_STATE_DISCONNECTED;
  adit_look_find (ADIT_PRESENCE_HERE, &status, TRUE, &whole);
  adit_look_find (ADIT_PRESENCE_HERE, &status, FALSE, &partly);
  g_assert_cmpstr (whole.sentence, ==, partly.sentence);
}

/* Without the helper's word nobody is told "connected", and not "not protected" either. */
static void
test_away (void)
{
  AditLook away, looking, untold;

  find (ADIT_PRESENCE_AWAY, ADIT_STATE_CONNECTED, FALSE, &away);
  find (ADIT_PRESENCE_LOOKING, ADIT_STATE_CONNECTED, FALSE, &looking);
  adit_look_find (ADIT_PRESENCE_HERE, NULL, TRUE, &untold);
  for (gint state = 0; state < ADIT_N_STATES; state++)
    {
      const char *word = adit_explain_state ((AditState) state, FALSE);

      g_assert_cmpstr (away.word, !=, word);
      g_assert_cmpstr (looking.word, !=, word);
      g_assert_cmpstr (untold.word, !=, word);
    }
  g_assert_cmpstr (away.action_name, ==, "win.look-again");
}

/* Open, whatever lockdown says, and it says so. */
static void
test_pause (void)
{
  const AditStatus status = { .state = ADIT_STATE_DISCONNECTED, .lockdown = TRUE, .pause_left_s = 60 };
  AditLook look;

  adit_look_find (ADIT_PRESENCE_HERE, &status, TRUE, &look);
  g_assert_cmpstr (look.word, ==, "Paused, not protected");
  g_assert_cmpstr (look.action_name, ==, "win.resume");
  g_assert_cmpstr (look.style_class, ==, "disconnected");
}

static void
test_actions (void)
{
  static const struct { AditState state; gboolean lockdown; const char *action, *style_class; } rows[] = {
    { ADIT_STATE_BLOCKED, FALSE, "win.disconnect", "blocked" },
    { ADIT_STATE_CONNECTING, FALSE, "win.disconnect", "connecting" },
    { ADIT_STATE_CONNECTED, FALSE, "win.disconnect", "connected" },
    { ADIT_STATE_CONNECTED, TRUE, "win.disconnect", "connected" },
    { ADIT_STATE_DISCONNECTED, FALSE, "win.connect", "disconnected" },
    { ADIT_STATE_DISCONNECTED, TRUE, "win.connect", "blocked" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditLook look;

      find (ADIT_PRESENCE_HERE, rows[i].state, rows[i].lockdown, &look);
      g_assert_cmpstr (look.action_name, ==, rows[i].action);
      g_assert_cmpstr (look.style_class, ==, rows[i].style_class);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/whole", test_whole);
  g_test_add_func ("/look/word-is-the-command-lines", test_word_is_the_command_lines);
  g_test_add_func ("/look/partly", test_partly);
  g_test_add_func ("/look/away", test_away);
  g_test_add_func ("/look/actions", test_actions);
  g_test_add_func ("/look/pause", test_pause);
  return g_test_run ();
}
