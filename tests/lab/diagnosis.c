/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis.c: each cause is named by its word and in a sentence that is the same for programs and people. */
#include "tests/lab/diagnosis.h"

#include <string.h>

#include "tests/lab/links.h"

#define WAIT_MS  60000
#define PIECE_MS 300

/**
 * diagnosis_ask:
 * @world: a world
 * @status: how the command line has to end
 *
 * Returns: (transfer full): what it says now
 */
json_t *
diagnosis_ask (AditWorld *world, int status)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "diagnose --json");
  json_t *root = json_loads (result->out, 0, NULL);

  if (root == NULL || result->status != status)
    {
      g_printerr ("%d %s %s\n", result->status, result->out, result->err);
      links_fail (world, "diagnose");
    }
  return root;
}

static const char *
get_text (json_t *root, const char *member)
{
  const char *text = json_string_value (json_object_get (root, member));

  return text != NULL ? text : "";
}

/* What is to blame is why one of the things that were looked at failed; where nothing is, none has. */
static gboolean
is_consistent (json_t *root)
{
  const char *cause = get_text (root, "cause");
  gboolean has_failed = FALSE, has_cause = FALSE;
  json_t *check;
  size_t i;

  json_array_foreach (json_object_get (root, "checks"), i, check)
    {
      has_failed |= g_str_equal (get_text (check, "result"), "failed");
      has_cause |= g_str_equal (get_text (check, "result"), "failed") && g_str_equal (get_text (check, "cause"), cause);
    }
  return i > 0 && (cause[0] != '\0' ? has_cause : !has_failed);
}

/* Returns: (transfer full) (nullable): the sentence, where that is what it says */
static char *
dup_sentence (AditWorld *world, const char *cause, char **last)
{
  json_t *root = diagnosis_ask (world, 0);
  gboolean is_so = g_str_equal (get_text (root, "cause"), cause);
  char *sentence = is_so ? g_strdup (get_text (root, "message")) : NULL;

  g_free (*last);
  *last = g_strdup_printf ("%s: %s", get_text (root, "cause"), get_text (root, "message"));
  g_assert_cmpstr (get_text (root, "message"), !=, "");
  if (!is_consistent (root))
    {
      g_autofree char *text = json_dumps (root, JSON_INDENT (1));

      g_printerr ("%s\n", text);
      links_fail (world, "cause and checks differ");
    }
  g_assert_true (cause[0] == '\0' || !is_so || get_text (root, "hint")[0] != '\0');
  json_decref (root);
  return sentence;
}

/* Without --json the sentence comes first.  Another try may have begun between the two questions. */
static gboolean
is_printed (AditWorld *world, const char *sentence)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "diagnose");

  return result->status == 0 && g_str_has_prefix (result->out, sentence);
}

/**
 * diagnosis_expect:
 * @world: a world
 * @cause: what is to be named; "": nothing is wrong
 * @sentence: (nullable): how, in words
 *
 * What is wrong is found out by the session in its own time.
 */
void
diagnosis_expect (AditWorld *world, const char *cause, const char *sentence)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_MS * 1000;
  g_autofree char *last = NULL;

  while (g_get_monotonic_time () < end_us)
    {
      g_autofree char *said = dup_sentence (world, cause, &last);

      if (said != NULL)
        {
          g_test_message ("%s", last);
          g_assert_true (sentence == NULL || g_str_equal (said, sentence));
          if (sentence == NULL || is_printed (world, sentence))
            return;
        }
      g_usleep (PIECE_MS * 1000);
    }
  g_printerr ("%s is expected, not %s\n", cause, last);
  links_fail (world, "another cause is named");
}

/**
 * diagnosis_expect_at_once:
 * @world: a world
 * @cause: what is to be named now
 */
void
diagnosis_expect_at_once (AditWorld *world, const char *cause)
{
  g_autofree char *last = NULL, *said = dup_sentence (world, cause, &last);

  if (said != NULL)
    return;
  g_printerr ("%s is expected, not %s\n", cause, last);
  links_fail (world, "another cause is named");
}

/**
 * diagnosis_expect_well:
 * @world: a world that is about to be connected
 */
void
diagnosis_expect_well (AditWorld *world)
{
  links_expect_connected (world);
  diagnosis_expect (world, "", "Nothing is known to be wrong.");
}

/**
 * diagnosis_expect_conflict:
 * @world: a world
 * @kind: of what is to be named, with words
 * @by: whose it is
 */
void
diagnosis_expect_conflict (AditWorld *world, const char *kind, const char *by)
{
  json_t *root = diagnosis_ask (world, 0), *list = json_object_get (root, "conflicts"), *row;
  gboolean found = FALSE;
  size_t i;

  json_array_foreach (list, i, row)
    found |= g_str_equal (get_text (row, "conflict"), kind) && g_str_equal (get_text (row, "by"), by) &&
             get_text (row, "message")[0] != '\0' && get_text (row, "hint")[0] != '\0';
  if (!found)
    {
      g_autofree char *text = json_dumps (root, JSON_INDENT (1));

      g_printerr ("%s\n", text);
      links_fail (world, kind);
    }
  json_decref (root);
}

/**
 * diagnosis_expect_notice:
 * @world: a world
 * @notice: of status
 * @is_told: whether it has to come, or to go
 */
void
diagnosis_expect_notice (AditWorld *world, const char *notice, gboolean is_told)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", notice);

  for (guint i = 0; i < WAIT_MS / PIECE_MS; i++)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

      if ((strstr (result->out, quoted) != NULL) == is_told)
        return;
      g_usleep (PIECE_MS * 1000);
    }
  links_fail (world, notice);
}

/**
 * diagnosis_let_fall:
 * @space: "exit", or "router" for what goes through it
 * @rule: (nullable): what falls there; %NULL: nothing any more
 */
void
diagnosis_let_fall (const char *space, const char *rule)
{
  const char *hook = g_str_equal (space, "exit") ? "input" : "forward";
  g_autofree char *line = g_strdup_printf ("nft 'table inet broken { chain f { type filter hook %s priority 0; %s; }; }'", hook,
                                           rule);

  links_run (space, rule != NULL ? line : "nft delete table inet broken");
}
