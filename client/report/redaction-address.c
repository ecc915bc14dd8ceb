/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-address.c: addresses of hosts and of network cards, in all the ways in which programs write them, and UUIDs. */
#include "client/report/redaction-match.h"

#define LEAST_GROUPS  6    /* joined by single colons: a card's address has 6, a host's 8, a time of day 3 */
#define LEAST_NIBBLES 8    /* of a reversed address; nobody numbers versions that deep */

/* Digits from here on, and whether they are a part of an IPv4 address. */
static gsize
count_part (const char *at, gboolean *is_part)
{
  gsize n = strspn (at, "0123456789");
  guint value = 0;

  for (gsize i = 0; i < MIN (n, 3); i++)
    value = value * 10 + (guint) (at[i] - '0');
  *is_part = n >= 1 && n <= 3 && value <= 255;
  return n;
}

/* Four numbers joined by one character; the last may have anything behind it. */
static gsize
count_quad (const char *at, char between)
{
  gsize n = 0;

  for (guint i = 0; i < 4; i++)
    {
      gboolean is_part;
      gsize digits = g_ascii_isdigit (at[n]) ? count_part (at + n, &is_part) : 0;

      if (digits == 0 || (i < 3 && (!is_part || at[n + digits] != between)))
        return 0;
      n += digits + (i < 3 ? 1 : 0);
    }
  return n;
}

/* Names of this computer to itself, which every computer has. */
static gboolean
is_everyones (const char *at, gsize n)
{
  return (n == 7 && memcmp (at, "0.0.0.0", n) == 0) || (n >= 4 && memcmp (at, "127.", 4) == 0);
}

gsize
adit_redaction_find_ipv4 (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  char before = adit_redaction_before (place);
  gsize n, whole;

  *kind = ADIT_REDACTED_ADDRESS;
  if (!g_ascii_isdigit (*at) || g_ascii_isdigit (before))
    return 0;
  n = count_quad (at, '-');
  if (n > 0 && at[n] != '-')
    return n;
  n = count_quad (at, '.');
  if (n == 0)
    return 0;
  for (whole = n; at[whole] == '.' && g_ascii_isdigit (at[whole + 1]);)
    whole += 1 + strspn (at + whole + 1, "0123456789");
  if (whole == n && is_everyones (at, n) && before != '.' && !g_ascii_isalpha (at[n]))
    return 0;
  return whole + (g_str_has_prefix (at + whole, ".in-addr.arpa") ? strlen (".in-addr.arpa") : 0);
}

/* Groups of hexadecimal digits joined by colons. */
static gsize
count_colons (const char *at, guint *n_groups, gboolean *has_gap, gboolean *has_digit)
{
  gsize n = 0;

  *n_groups = 0;
  *has_gap = *has_digit = FALSE;
  while (TRUE)
    {
      gsize digits = strspn (at + n, "0123456789abcdefABCDEF");

      if (digits > 4)
        return n > 0 && at[n - 1] == ':' ? n : 0;
      for (gsize i = 0; i < digits; i++)
        *has_digit |= g_ascii_isdigit (at[n + i]);
      *n_groups += digits > 0;
      n += digits;
      if (at[n] == '.' && g_ascii_isdigit (at[n + 1]) && digits > 0)
        n += strspn (at + n, "0123456789.");    /* a mapped one ends like IPv4 */
      if (at[n] != ':')
        break;
      if (at[n + 1] == ':')
        {
          *has_gap = TRUE;
          n += 2;
        }
      else if (g_ascii_isxdigit (at[n + 1]) && (digits > 0 || *has_gap))
        n++;
      else
        break;
    }
  return n;
}

static gsize
count_ipv6 (const AditRedactionPlace *place, const char *at)
{
  guint n_groups;
  gboolean has_gap, has_digit;
  gsize n = count_colons (at, &n_groups, &has_gap, &has_digit);

  if (n_groups < LEAST_GROUPS && (!has_gap || n_groups == 0))
    return 0;
  /* In the middle of a word two colons join names, of another language. */
  if (n_groups < LEAST_GROUPS && !has_digit && g_ascii_isalpha (adit_redaction_before (place)))
    return 0;
  if (n == 3 && memcmp (at, "::1", n) == 0)
    return 0;
  if (at[n] == '%')
    n += 1 + strspn (at + n + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
  return n;
}

/* In the middle of a long row of colons nothing begins that did not begin before. */
gsize
adit_redaction_find_ipv6 (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  char before = adit_redaction_before (place);
  gsize n;

  *kind = ADIT_REDACTED_ADDRESS;
  if (*at == '[' && (g_ascii_isxdigit (at[1]) || at[1] == ':'))
    {
      n = count_ipv6 (place, at + 1);
      return n > 0 && at[1 + n] == ']' ? n + 2 : 0;
    }
  if (g_ascii_isxdigit (*at) ? g_ascii_isxdigit (before) : *at != ':' || at[1] != ':' || before == ':')
    return 0;
  return count_ipv6 (place, at);
}

/* Groups of so many hexadecimal digits, joined by one of these characters, always the same. */
static gsize
count_groups (const char *at, const guint8 *sizes, guint n_sizes, const char *joints)
{
  gsize n = 0;
  char joint;

  for (guint i = 0; i < sizes[0]; i++)
    if (!g_ascii_isxdigit (at[i]))
      return 0;
  joint = at[sizes[0]];
  if (joint == '\0' || strchr (joints, joint) == NULL)
    return 0;
  for (guint i = 0; i < n_sizes; i++)
    {
      for (guint j = 0; j < sizes[i]; j++, n++)
        if (!g_ascii_isxdigit (at[n]))
          return 0;
      if (i + 1 < n_sizes && at[n++] != joint)
        return 0;
    }
  return g_ascii_isxdigit (at[n]) ? 0 : n;
}

static gsize
count_nibbles (const char *at)
{
  gsize n = 0;
  guint n_nibbles = 0;

  while (g_ascii_isxdigit (at[n]) && at[n + 1] == '.')
    {
      n += 2;
      n_nibbles++;
    }
  if (n_nibbles < LEAST_NIBBLES)
    return 0;
  if (g_str_has_prefix (at + n, "ip6.arpa"))
    return n + strlen ("ip6.arpa");
  return g_ascii_isxdigit (at[n]) && !g_ascii_isalnum (at[n + 1]) ? n + 1 : n - 1;
}

/* systemd names a card after its address where it knows nothing better: systemd.net-naming-scheme(7). */
static gsize
count_named_card (const char *at)
{
  gsize n = 3;

  if (!g_str_has_prefix (at, "enx") && !g_str_has_prefix (at, "wlx") && !g_str_has_prefix (at, "wwx"))
    return 0;
  n += strspn (at + n, "0123456789abcdefABCDEF");
  return n == 15 ? n : 0;
}

gsize
adit_redaction_find_hardware (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  static const guint8 uuid[] = { 8, 4, 4, 4, 12 }, card[] = { 2, 2, 2, 2, 2, 2 }, dotted[] = { 4, 4, 4 };
  const char *at = place->text + place->at;
  char before = adit_redaction_before (place);
  AditRedactionKind other;
  gsize n;

  if (g_ascii_isxdigit (*at) && !g_ascii_isxdigit (before))
    {
      *kind = ADIT_REDACTED_UUID;
      if ((n = count_groups (at, uuid, G_N_ELEMENTS (uuid), "-_")) > 0)
        return n;
      *kind = ADIT_REDACTED_HARDWARE;
      if ((n = count_groups (at, card, G_N_ELEMENTS (card), ":-")) > 0 && (at[n] != ':' || !g_ascii_isxdigit (at[n + 1])))
        return adit_redaction_find_digits (place, &other) > n ? 0 : n;    /* it is the first digits of somebody's number */
      if ((n = count_groups (at, dotted, G_N_ELEMENTS (dotted), ".")) > 0)
        return adit_redaction_find_digits (place, &other) > n ? 0 : n;
      *kind = ADIT_REDACTED_ADDRESS;
      if (!g_ascii_isalnum (before) && (n = count_nibbles (at)) > 0)
        return n;
    }
  *kind = ADIT_REDACTED_HARDWARE;
  return adit_redaction_is_start (place) ? count_named_card (at) : 0;
}
