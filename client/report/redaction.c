/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction.c: goes through a text, asks each finder at each place, and puts a word in brackets where one finds something.
 *
 * When in doubt it takes out: a developer who misses a word asks, a published address stays published.  What was taken out may
 * stand beside what then looks different, so it is done again until nothing changes; redacting twice is as redacting once. */
#include "client/report/redaction-match.h"

#define MAX_PASSES 8         /* texts that people and programs write need two */
#define NEXT_LINE  0x0085    /* the end of a line in ISO 6429 */

/* ASCII from "!" to "~" as wide as a Chinese character, in Unicode's block "Halfwidth and Fullwidth Forms". */
#define FULLWIDTH_FIRST 0xff01
#define FULLWIDTH_LAST  0xff5e

static const char *const kind_words[ADIT_N_REDACTED] = {
  [ADIT_REDACTED_ACCOUNT] = "[account number]",
  [ADIT_REDACTED_KEY] = "[key]",
  [ADIT_REDACTED_TOKEN] = "[token]",
  [ADIT_REDACTED_ADDRESS] = "[address]",
  [ADIT_REDACTED_HARDWARE] = "[hardware address]",
  [ADIT_REDACTED_UUID] = "[UUID]",
  [ADIT_REDACTED_HOST] = "[host name]",
  [ADIT_REDACTED_USER] = "[user name]",
  [ADIT_REDACTED_PATH] = "[path]",
  [ADIT_REDACTED_NETWORK] = "[network name]",
  [ADIT_REDACTED_EMAIL] = "[e-mail]",
  [ADIT_REDACTED_SERVER] = "[server]",
  [ADIT_REDACTED_URL] = "[web address]",
  [ADIT_REDACTED_TEXT] = "[text]",
};

/* The order decides where two would take the same: the one that takes more, or says better what it was, comes first. */
static const AditRedactionFind finders[] = {
  adit_redaction_find_pem, adit_redaction_find_labelled, adit_redaction_find_url, adit_redaction_find_email,
  adit_redaction_find_word, adit_redaction_find_path, adit_redaction_find_hardware, adit_redaction_find_ipv6,
  adit_redaction_find_ipv4, adit_redaction_find_digits, adit_redaction_find_ivpn, adit_redaction_find_host,
  adit_redaction_find_server, adit_redaction_find_run,
};

/* A word of ours that stands there already. */
static gsize
find_own (const char *at, AditRedactionKind *kind)
{
  for (guint i = 0; *at == '[' && i < ADIT_N_REDACTED; i++)
    if (g_str_has_prefix (at, kind_words[i]))
      {
        *kind = i;
        return strlen (kind_words[i]);
      }
  return 0;
}

/* Whether a byte is not the first of its character: nothing begins there and nothing ends before it. */
static gboolean
is_continuation (char c)
{
  return ((guint8) c & 0xc0) == 0x80;
}

static GString *
go_through (const GString *text, const AditRedactionIndex *index, GArray *spans)
{
  GString *out = g_string_sized_new (text->len + 64);
  AditRedactionPlace place = { .text = text->str, .length = text->len, .out = out, .index = index };

  g_array_set_size (spans, 0);
  while (place.at < place.length)
    {
      AditRedactionKind kind = ADIT_REDACTED_TEXT;
      gsize taken = find_own (place.text + place.at, &kind);
      gboolean is_within = is_continuation (place.text[place.at]);

      for (guint i = 0; !is_within && taken == 0 && i < G_N_ELEMENTS (finders); i++)
        taken = finders[i] (&place, &kind);
      if (taken == 0)
        {
          g_string_append_c (out, place.text[place.at++]);
          continue;
        }
      while (is_continuation (place.text[place.at + taken]))
        taken++;
      g_array_append_vals (spans, &(AditRedactionSpan) { out->len, strlen (kind_words[kind]), kind }, 1);
      g_string_append (out, kind_words[kind]);
      place.at += taken;
    }
  return out;
}

/* Text that can be shown anywhere: UTF-8 without anything that moves a cursor or turns the direction of writing, and with one way
 * only to end a line. */
GString *
adit_redaction_take_plain (const char *text, gsize length, gboolean with_ascii)
{
  GString *plain = g_string_sized_new (length);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      GUnicodeType type = g_unichar_type (c);

      if (c == NEXT_LINE || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_c (plain, '\n');
      else if ((type == G_UNICODE_CONTROL && c != '\n' && c != '\t') || type == G_UNICODE_FORMAT)
        g_string_append_c (plain, ' ');
      else if (with_ascii && type == G_UNICODE_DECIMAL_NUMBER)
        g_string_append_c (plain, (char) ('0' + g_unichar_digit_value (c)));
      else if (with_ascii && c >= FULLWIDTH_FIRST && c <= FULLWIDTH_LAST)
        g_string_append_c (plain, (char) (c - FULLWIDTH_FIRST + '!'));
      else
        g_string_append_unichar (plain, c);
    }
  return plain;
}

/**
 * adit_redact:
 * @text: any bytes
 * @length: how many; beyond %ADIT_REDACTION_MAX_BYTES nothing is taken over
 * @words: (nullable): what this computer and its owner are called
 * @spans: (out) (optional) (element-type AditRedactionSpan) (transfer full): where in the answer something stands for what was
 *   taken out, in order; to be freed with g_array_unref()
 *
 * Does nothing but this: the answer depends on the arguments alone.  It takes time and memory in proportion to @length.
 *
 * Returns: (transfer full): UTF-8 without control characters other than the end of a line and the tab; digits of other scripts
 *   and wide letters are there as those of ASCII
 */
char *
adit_redact (const char *text, gsize length, const AditRedactionWords *words, GArray **spans)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AditRedactionSpan));
  g_autoptr (AditRedactionIndex) made = words != NULL && words->index == NULL ? adit_redaction_index_new (words) : NULL;
  const AditRedactionIndex *index = words != NULL && words->index != NULL ? words->index : made;
  GString *now = adit_redaction_take_plain (text, MIN (length, ADIT_REDACTION_MAX_BYTES), TRUE);
  gboolean changed = TRUE;

  for (guint i = 0; changed && i < MAX_PASSES; i++)
    {
      GString *next = go_through (now, index, found);

      changed = !g_string_equal (next, now);
      g_string_free (now, TRUE);
      now = next;
    }
  /* Somebody has made a text for us.  Nothing of it is worth the risk. */
  if (changed)
    {
      g_string_assign (now, kind_words[ADIT_REDACTED_TEXT]);
      g_array_set_size (found, 0);
      g_array_append_vals (found, &(AditRedactionSpan) { 0, now->len, ADIT_REDACTED_TEXT }, 1);
    }
  if (spans != NULL)
    *spans = g_steal_pointer (&found);
  return g_string_free (now, FALSE);
}

/**
 * adit_redaction_dup_plain:
 * @text: any bytes
 * @length: how many; beyond %ADIT_REDACTION_MAX_BYTES nothing is taken over
 *
 * Takes nothing out but what could not be shown as it is.
 *
 * Returns: (transfer full): UTF-8 without control characters other than the end of a line and the tab
 */
char *
adit_redaction_dup_plain (const char *text, gsize length)
{
  return g_string_free (adit_redaction_take_plain (text, MIN (length, ADIT_REDACTION_MAX_BYTES), FALSE), FALSE);
}

/**
 * adit_redaction_kind_get_word:
 * @kind: a kind
 *
 * Returns: (transfer none): what stands for it in a redacted text
 */
const char *
adit_redaction_kind_get_word (AditRedactionKind kind)
{
  g_return_val_if_fail (kind < ADIT_N_REDACTED, "");
  return kind_words[kind];
}
