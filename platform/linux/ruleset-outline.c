/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset-outline.c: brings what was written and what nft lists to one form, so that a word that the kernel lost is seen. */
#include "platform/linux/ruleset.h"

#include <string.h>

/* A line in the making: its words stand in @text, one blank apart, in the order in which they came. */
typedef struct { gsize start, length; } Word;
typedef struct { GString *text; GArray *words; } Line;

static int
compare_words (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Word *left = a, *right = b;
  const char *text = ((const Line *) user_data)->text->str;
  int order = memcmp (text + left->start, text + right->start, MIN (left->length, right->length));

  return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
}

/* "0x00000500" and "1280" are one number. */
static void
add_word (Line *line, const char *word, gsize length)
{
  char *end = NULL;
  guint64 number = g_str_has_prefix (word, "0x") ? g_ascii_strtoull (word, &end, 16) : 0;
  Word added;

  if (line->words->len > 0)
    g_string_append_c (line->text, ' ');
  added.start = line->text->len;
  if (end == word + length)
    g_string_append_printf (line->text, "%" G_GUINT64_FORMAT, number);
  else
    g_string_append_len (line->text, word, (gssize) length);
  added.length = line->text->len - added.start;
  g_array_append_val (line->words, added);
}

/* The words from @from on become one: a member of a set. */
static void
join_words (GArray *words, guint from)
{
  Word *first, *last;

  if (words->len < from + 2)
    return;
  first = &g_array_index (words, Word, from);
  last = &g_array_index (words, Word, words->len - 1);
  first->length = last->start + last->length - first->start;
  g_array_set_size (words, from + 1);
}

/* Words between blanks; the members of a set in alphabetic order, since nft lists them in its own.  Later versions of nft may put
 * round brackets around an expression.  What stands between quotes is one word. */
static void
split_words (Line *line, const char *text)
{
  GArray *words = line->words;
  guint set_from = 0, member_from = 0;

  g_string_truncate (line->text, 0);
  g_array_set_size (words, 0);
  for (const char *at = text; *at != '\0';)
    {
      gsize length;

      if (set_from > 0 && (*at == ',' || *at == '}'))
        {
          join_words (words, member_from);
          member_from = words->len;
        }
      if (strchr (" \t,;()", *at) != NULL)
        {
          at++;
          continue;
        }
      if (*at == '{' || *at == '}')
        {
          if (*at == '}' && set_from > 0)
            g_qsort_with_data (&g_array_index (words, Word, set_from), (int) (words->len - set_from), sizeof (Word),
                               compare_words, line);
          add_word (line, at, 1);
          set_from = member_from = *at == '{' ? words->len : 0;
          at++;
          continue;
        }
      length = *at == '"' ? 1 + strcspn (at + 1, "\"") + 1 : strcspn (at, " \t,;(){}");
      length = strnlen (at, length);
      add_word (line, at, length);
      at += length;
    }
}

static void
append_line (GString *outline, const Line *line)
{
  for (guint i = 0; i < line->words->len; i++)
    {
      const Word *word = &g_array_index (line->words, Word, i);

      if (i > 0)
        g_string_append_c (outline, ' ');
      g_string_append_len (outline, line->text->str + word->start, (gssize) word->length);
    }
  g_string_append_c (outline, '\n');
}

/**
 * adit_ruleset_outline:
 * @text: what adit_ruleset_new() wrote, or what nft lists stateless, with everything numeric
 *
 * One line for each table, set, chain, hook and rule, in order and with every word.  If the outline of what was read back differs
 * from that of what was set then a rule, or a part of one, is missing, changed or a stranger's.  nft 1.0.6 and 1.1.3 list alike.
 *
 * Returns: (transfer full): the outline
 */
char *
adit_ruleset_outline (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) words_text = g_string_new (NULL);
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (Word));
  Line words_of_line = { words_text, words };
  GString *outline = g_string_sized_new (strlen (text));
  gboolean in_portal = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      g_autofree char *whole = NULL;

      /* "table inet adit" and "delete table" only make room: nft lists neither. */
      if (*line == '\0' || *line == '}' || g_str_has_prefix (line, "delete table ") ||
          (g_str_has_prefix (line, "table ") && strchr (line, '{') == NULL))
        continue;
      /* nft breaks the line between the members of a set. */
      if (g_str_has_prefix (line, "elements "))
        while (strchr (line, '}') == NULL && lines[i + 1] != NULL)
          {
            char *longer = g_strconcat (line, " ", g_strstrip (lines[++i]), NULL);

            g_free (whole);
            line = whole = longer;
          }
      /* A portal's members come and go by the kernel's clock. */
      if (g_str_has_prefix (line, "set "))
        in_portal = g_str_has_prefix (line, "set portal");
      if (in_portal && g_str_has_prefix (line, "elements "))
        continue;
      split_words (&words_of_line, line);
      append_line (outline, &words_of_line);
    }
  return g_string_free (outline, FALSE);
}

/**
 * adit_ruleset_outline_is_head:
 * @line: a line of an outline
 *
 * Returns: whether it names a table, a set, a chain or a chain's hook, and is neither rule nor member
 */
gboolean
adit_ruleset_outline_is_head (const char *line)
{
  return g_str_has_prefix (line, "table ") || g_str_has_prefix (line, "set ") || g_str_has_prefix (line, "chain ") ||
         g_str_has_prefix (line, "type filter hook ");
}

/* The lines of each chain and set, by "table ..." and its name. */
static GHashTable *
split_parts (const char *outline)
{
  GHashTable *parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (outline, "\n", -1);
  g_autofree char *table = g_strdup (""), *key = NULL;
  g_autoptr (GString) body = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean is_table = g_str_has_prefix (lines[i], "table ");
      gboolean is_part = g_str_has_prefix (lines[i], "chain ") || g_str_has_prefix (lines[i], "set ");

      if (!is_table && !is_part)
        {
          if (*lines[i] != '\0')
            g_string_append_printf (body, "%s\n", lines[i]);
          continue;
        }
      if (key != NULL)
        g_hash_table_replace (parts, g_steal_pointer (&key), g_strdup (body->str));
      g_string_truncate (body, 0);
      if (is_table)
        {
          g_free (table);
          table = g_strdup (lines[i]);
        }
      else
        key = g_strconcat (table, lines[i], NULL);
    }
  if (key != NULL)
    g_hash_table_replace (parts, g_steal_pointer (&key), g_strdup (body->str));
  return parts;
}

static gboolean
is_of_gone_link (const char *body, const char *const *links)
{
  const char *name = strstr (body, "device \"");
  g_autofree char *link = NULL;

  if (name == NULL)
    return FALSE;
  name += strlen ("device \"");
  link = g_strndup (name, strcspn (name, "\""));
  return links != NULL && !g_strv_contains (links, link);
}

/**
 * adit_ruleset_outline_kept:
 * @before: the outline when the lock was whole
 * @now: the outline now
 * @links: (array zero-terminated=1): the links that exist now
 *
 * A link that goes takes its own egress chain along (all kernels before 6.16 or so; later ones keep it without its device), which
 * is nobody's doing.  Any other difference is.
 *
 * Returns: whether nothing is missing or new but the chains of links that are gone
 */
gboolean
adit_ruleset_outline_kept (const char *before, const char *now, const char *const *links)
{
  g_autoptr (GHashTable) old = split_parts (before), new = split_parts (now);
  GHashTableIter iter;
  gpointer key, body;

  g_hash_table_iter_init (&iter, old);
  while (g_hash_table_iter_next (&iter, &key, &body))
    if (g_strcmp0 (body, g_hash_table_lookup (new, key)) != 0 && !is_of_gone_link (body, links))
      return FALSE;
  g_hash_table_iter_init (&iter, new);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (old, key))
      return FALSE;
  return TRUE;
}
