/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-account.c: what services give their customers: Mullvad's numbers and vouchers, IVPN's two forms.  Those of OVPN are
 * names that somebody chose and come with the words of this computer; Mysterium's are tokens and e-mail. */
#include "client/report/redaction-match.h"

#define LEAST_DIGITS   10    /* old numbers of Mullvad's have as many, today's 16; times in seconds go with them */
#define LEAST_SPREAD   16    /* in groups with something between */
#define MOST_BETWEEN    8    /* bytes of what separates groups: " -  - " */
#define GROUP           4    /* characters of a group, as services print them */
#define BETWEEN         " \t-._+/"
#define BETWEEN_FOURS   BETWEEN "\n:,|"    /* also between other numbers, so only where all groups are of four */

/* One of these characters, also those of typographers (U+00A0, U+2000 to U+206F), and a blank in an address of the web. */
static gsize
count_between (const char *at, const char *characters)
{
  if (*at != '\0' && strchr (characters, *at) != NULL)
    return 1;
  if (g_str_has_prefix (at, "%20"))
    return 3;
  if (g_str_has_prefix (at, "\xc2\xa0"))
    return 2;
  return (guint8) at[0] == 0xe2 && ((guint8) at[1] == 0x80 || (guint8) at[1] == 0x81) && at[2] != '\0' ? 3 : 0;
}

gsize
adit_redaction_find_digits (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  gsize n = 0, n_digits, digits, end = 0;
  gboolean are_fours, need_fours = FALSE;

  *kind = ADIT_REDACTED_ACCOUNT;
  if (!g_ascii_isdigit (*at) || g_ascii_isdigit (adit_redaction_before (place)))
    return 0;
  n = strspn (at, "0123456789");
  if (n >= LEAST_DIGITS && !g_ascii_isxdigit (at[n]))
    end = n;
  if (n >= LEAST_SPREAD)
    return end;
  /* Each group further is bounded.  Those behind a whole number go as well: what stands before the first one may be another. */
  are_fours = n == GROUP;
  for (n_digits = digits = n; TRUE;)
    {
      const char *characters = digits == GROUP && (are_fours || n_digits >= LEAST_SPREAD) ? BETWEEN_FOURS : BETWEEN;
      gsize between = 0, more;

      while (between < MOST_BETWEEN && (more = count_between (at + n + between, characters)) > 0)
        {
          need_fours |= count_between (at + n + between, BETWEEN) == 0;
          between += more;
        }
      digits = between > 0 ? strspn (at + n + between, "0123456789") : 0;
      are_fours &= digits == GROUP;
      if (digits == 0 || (need_fours && digits != GROUP))
        return end;
      n += between + digits;
      n_digits += digits;
      if (n_digits >= LEAST_SPREAD && !g_ascii_isxdigit (at[n]))
        end = n;
    }
}

/* Whether this many letters and digits stand here. */
static gboolean
is_group (const char *at, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (at[i]))
      return FALSE;
  return TRUE;
}

/* Some groups of four, with the same between all of them.  With blanks between, words of a sentence look the same: then there has
 * to be something in it that words have not. */
static gsize
count_fours (const char *at, guint n_groups)
{
  gsize n = 0, between = 0;
  gboolean is_word = TRUE, has_hyphen = FALSE;

  for (guint i = 0; i < n_groups; i++)
    {
      if (!is_group (at + n, 4))
        return 0;
      for (guint j = 0; j < 4; j++)
        is_word &= g_ascii_islower (at[n + j]) || (j == 0 && g_ascii_isupper (at[n]));
      n += 4;
      if (i + 1 == n_groups)
        break;
      between = count_between (at + n, BETWEEN);
      has_hyphen |= at[n] == '-' || at[n] == '_';
      if (between == 0)
        return 0;
      n += between;
    }
  if (g_ascii_isalnum (at[n]))
    return 0;
  return has_hyphen || !is_word ? n : 0;
}

/* More of them, each with a digit: where a word of four letters comes before a number, the groups were counted from the word on,
 * and the number's last ones are behind. */
static gsize
count_more_fours (const char *at)
{
  gsize n = 0, between;

  while ((between = count_between (at + n, BETWEEN)) > 0 && is_group (at + n + between, 4) &&
         !g_ascii_isalnum (at[n + between + 4]) && strcspn (at + n + between, "0123456789") < 4)
    n += between + 4;
  return n;
}

/* Three groups of four, with what separates them left out here or there.  Words are as long: there has to be no
 * small letter in it, or a letter behind a digit. */
static gsize
count_unparted (const char *at)
{
  gsize n = 0;
  gboolean has_lower = FALSE, has_break = FALSE;

  for (guint i = 0; i < 3; i++)
    {
      if (!is_group (at + n, GROUP))
        return 0;
      for (gsize j = 0; j < GROUP; j++, n++)
        {
          has_lower |= g_ascii_islower (at[n]);
          has_break |= g_ascii_isalpha (at[n]) && n > 0 && g_ascii_isdigit (at[n - 1]);
        }
      n += i < 2 ? count_between (at + n, BETWEEN) : 0;
    }
  return g_ascii_isalnum (at[n]) || (has_lower && !has_break) ? 0 : n;
}

gsize
adit_redaction_find_ivpn (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  gsize n = 0;

  *kind = ADIT_REDACTED_ACCOUNT;
  if (!g_ascii_isalnum (*at) || !adit_redaction_is_start (place))
    return 0;
  if (*at == 'i' || *at == 'I')
    {
      gsize fours = (n = count_between (at + 1, BETWEEN)) > 0 ? count_fours (at + 1 + n, 3) : 0;

      if (fours > 0)
        return 1 + n + fours + count_more_fours (at + 1 + n + fours);
      /* A small one in front of capitals is no word's; a capital may be. */
      if ((fours = count_unparted (at + 1 + n)) > 0 && (*at == 'i' || n > 0 || strcspn (at + 1, "0123456789") < fours))
        return 1 + n + fours;
    }
  if (g_ascii_strncasecmp (at, "ivpn", 4) == 0)
    {
      for (n = 4; g_ascii_isalnum (at[n]) && n <= 12;)
        n++;
      if (n == 11 || n == 12)    /* 7 or 8 behind the name */
        return n;
    }
  /* A voucher: four groups, and never four words. */
  n = count_fours (at, 4);
  for (gsize i = 0; i < n; i++)
    if (g_ascii_isdigit (at[i]))
      return n + count_more_fours (at + n);
  return n > 0 && g_ascii_isupper (at[1]) && g_ascii_isupper (at[n - 1]) ? n : 0;
}
