/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-words.c: what this computer and its owner are called, put in order so that a thousand people cost hardly more than
 * one: at each place a search narrows the sorted words down, character by character. */
#include "client/report/redaction-match.h"

#define LEAST_APART 4    /* a shorter name of a network counts only as a word of its own */
#define FOLDED_MAX  6    /* bytes that g_unichar_to_utf8() may write */

typedef struct
{
  char              *text;       /* folded */
  gsize              length;
  AditRedactionKind  kind;
  gboolean           is_apart;   /* counts only as a word of its own */
} Word;

struct _AditRedactionIndex
{
  GArray *names, *homes;    /* of Word, by text */
};

/* Capital and small letters of all alphabets are one. */
static gsize
fold (const char *at, char folded[FOLDED_MAX])
{
  if ((guint8) *at >= 0x80)
    return (gsize) g_unichar_to_utf8 (g_unichar_tolower (g_unichar_toupper (g_utf8_get_char (at))), folded);
  folded[0] = g_ascii_tolower (*at);
  return 1;
}

static void
clear_word (gpointer word)
{
  g_free (((Word *) word)->text);
}

static void
add (GArray *words, const char *name, gsize length, AditRedactionKind kind, gboolean is_apart)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  GString *plain = adit_redaction_take_plain (name, length, TRUE);
  Word word = { NULL, 0, kind, is_apart };

  for (const char *at = plain->str; *at != '\0'; at = g_utf8_next_char (at))
    {
      char bytes[FOLDED_MAX];

      g_string_append_len (folded, bytes, (gssize) fold (at, bytes));
    }
  g_string_free (plain, TRUE);
  word.length = folded->len;
  word.text = g_string_free (g_steal_pointer (&folded), FALSE);
  g_array_append_val (words, word);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Word *) a)->text, ((const Word *) b)->text);
}

/* Names that every computer has. */
static gboolean
is_common (const char *word)
{
  static const char *const common[] = { "root", "localhost", "localhost.localdomain", "adit", "aditd", "/", "/root" };

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    if (g_ascii_strcasecmp (word, common[i]) == 0)
      return TRUE;
  return strlen (word) < 2;
}

static void
fill (AditRedactionIndex *self, const AditRedactionWords *words)
{
  for (guint i = 0; words->host_names != NULL && words->host_names[i] != NULL; i++)
    {
      const char *name = words->host_names[i];
      gsize first = strcspn (name, ".");

      if (is_common (name))
        continue;
      add (self->names, name, strlen (name), ADIT_REDACTED_HOST, TRUE);
      if (first >= 2 && name[first] != '\0')
        add (self->names, name, first, ADIT_REDACTED_HOST, TRUE);
    }
  for (guint i = 0; words->network_names != NULL && words->network_names[i] != NULL; i++)
    {
      const char *name = words->network_names[i];

      if (name[0] != '\0')
        add (self->names, name, strlen (name), ADIT_REDACTED_NETWORK, strlen (name) < LEAST_APART);
    }
  for (guint i = 0; words->user_names != NULL && words->user_names[i] != NULL; i++)
    if (!is_common (words->user_names[i]))
      add (self->names, words->user_names[i], strlen (words->user_names[i]), ADIT_REDACTED_USER, TRUE);
  for (guint i = 0; words->home_paths != NULL && words->home_paths[i] != NULL; i++)
    if (words->home_paths[i][0] == '/' && !is_common (words->home_paths[i]))
      add (self->homes, words->home_paths[i], strlen (words->home_paths[i]), ADIT_REDACTED_PATH, FALSE);
}

/**
 * adit_redaction_index_new:
 * @words: what this computer and its owner are called; its own index is not looked at
 *
 * Returns: (transfer full): the same for many texts, as AditRedactionWords.index; to be freed with adit_redaction_index_free()
 */
AditRedactionIndex *
adit_redaction_index_new (const AditRedactionWords *words)
{
  AditRedactionIndex *self = g_new0 (AditRedactionIndex, 1);

  self->names = g_array_new (FALSE, FALSE, sizeof (Word));
  self->homes = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (self->names, clear_word);
  g_array_set_clear_func (self->homes, clear_word);
  fill (self, words);
  g_array_sort (self->names, compare);    /* keeps the order of what is the same: a host before a network before a person */
  g_array_sort (self->homes, compare);
  return self;
}

/**
 * adit_redaction_index_free:
 * @self: (transfer full): an index
 */
void
adit_redaction_index_free (AditRedactionIndex *self)
{
  g_array_unref (self->names);
  g_array_unref (self->homes);
  g_free (self);
}

/* Of sorted words that are alike before @depth, the first whose byte there is @byte or more. */
static gsize
find_bound (const GArray *words, gsize low, gsize high, gsize depth, guint byte)
{
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if ((guint8) g_array_index (words, Word, middle).text[depth] < byte)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The longest that stands there, in bytes of the text. */
static gsize
find_longest (const GArray *words, const char *at, gboolean is_start, AditRedactionKind *kind)
{
  gsize low = 0, high = words->len, depth = 0, n = 0, longest = 0;

  while (low < high && at[n] != '\0')
    {
      char folded[FOLDED_MAX];
      gsize size = fold (at + n, folded);

      n += (gsize) (g_utf8_next_char (at + n) - (at + n));
      for (gsize i = 0; i < size && low < high; i++, depth++)
        {
          low = find_bound (words, low, high, depth, (guint8) folded[i]);
          high = find_bound (words, low, high, depth, (guint8) folded[i] + 1u);
        }
      /* Those that end here come first. */
      for (; low < high && g_array_index (words, Word, low).length == depth; low++)
        {
          const Word *word = &g_array_index (words, Word, low);

          if (longest < n && (!word->is_apart || (is_start && !g_ascii_isalnum (at[n]))))
            {
              longest = n;
              *kind = word->kind;
            }
        }
    }
  return longest;
}

gsize
adit_redaction_find_word (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  if (place->index == NULL)
    return 0;
  return find_longest (place->index->names, place->text + place->at, adit_redaction_is_start (place), kind);
}

gboolean
adit_redaction_is_home (const AditRedactionPlace *place)
{
  AditRedactionKind kind;

  return place->index != NULL && place->text[place->at] == '/' &&
         find_longest (place->index->homes, place->text + place->at, TRUE, &kind) > 0;
}
