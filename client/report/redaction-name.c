/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-name.c: names of hosts, servers and people elsewhere, which look like it, and paths below somebody's home. */
#include "client/report/redaction-match.h"

#define MOST_OF_A_NAME 512    /* a host's has 253 (RFC 1035), a mailbox 64 before the "@" (RFC 5321) */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"
#define URL_END " \t\n\"'<>`|\\^{}"

gsize
adit_redaction_find_url (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  static const char *const local[] = { "file://", "unix://", "resource://" };

  *kind = ADIT_REDACTED_URL;
  if (!adit_redaction_ends_with (place, "://"))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    if (adit_redaction_ends_with (place, local[i]))
      return 0;
  return strcspn (place->text + place->at, URL_END);
}

/* A byte of a host's name, other alphabets included. */
static gboolean
is_host_byte (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || (guint8) c >= 0x80;
}

static gsize
count_host (const char *at)
{
  gsize n = 0;

  while (n < MOST_OF_A_NAME && at[n] != '\0' && is_host_byte (at[n]))
    n++;
  while (n > 0 && (at[n - 1] == '.' || at[n - 1] == '-'))
    n--;
  return n;
}

/* Ends of files', units' and settings' names, of which some are countries' as well. */
static gboolean
is_file_ending (const char *label, gsize length)
{
  static const char *const endings[] = { "automount", "cc", "cfg", "cold", "conf", "crt", "css", "csv", "db", "deb", "desktop",
    "device", "gz", "html", "in", "isra", "journal", "js", "json", "key", "ko", "la", "link", "lock", "log", "md", "mo", "mount",
    "netdev", "network", "new", "nft", "ovpn", "part", "path", "pem", "pid", "pl", "po", "policy", "psk", "py", "rs", "rules",
    "scope", "service", "sh", "slice", "so", "sock", "socket", "sqlite", "ssid", "swap", "target", "timer", "toml", "txt", "ui",
    "xml", "xz", "zip", "zst" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (strlen (endings[i]) == length && strncmp (label, endings[i], length) == 0)
      return TRUE;
  return FALSE;
}

/* The last part of the name of a host: letters of one size, or one that everybody writes with a capital at a sentence's start. */
static gboolean
is_top_domain (const char *label, gsize length)
{
  static const char *const usual[] = { "com", "net", "org", "io", "info" };
  guint n_lower = 0, n_upper = 0;

  if (length < 2 || is_file_ending (label, length))
    return FALSE;
  if (length > 4 && g_ascii_strncasecmp (label, "xn--", 4) == 0)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalpha (label[i]) && (guint8) label[i] < 0x80)
        return FALSE;
      n_lower += g_ascii_islower (label[i]);
      n_upper += g_ascii_isupper (label[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (strlen (usual[i]) == length && g_ascii_strncasecmp (label, usual[i], length) == 0)
      return TRUE;
  return n_lower == 0 || n_upper == 0;
}

/* Names on D-Bus, ours among them, are hosts' names from behind. */
static gboolean
is_bus_name (const char *at)
{
  static const char *const known[] = { "org.aditvpn.", "org.freedesktop.", "org.gtk.", "org.gnome.", "org.a11y.", "org.kde.",
    "fi.w1." };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (at, known[i]))
      return TRUE;
  return FALSE;
}

gsize
adit_redaction_find_host (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  char before = adit_redaction_before (place);
  gsize n, start, last;
  gboolean is_code = FALSE;

  *kind = ADIT_REDACTED_HOST;
  if (!is_host_byte (*at) || (is_host_byte (before) && !adit_redaction_is_start (place)) || before == '.' || before == '-')
    return 0;
  n = count_host (at);
  start = strspn (at, ".-");
  if (n <= start || is_bus_name (at + start))
    return 0;
  for (last = n; last > start && at[last - 1] != '.'; last--)
    is_code |= at[last - 1] == '_';    /* names in programs have it, names of hosts only in front */
  for (gsize i = start + 1; i < last; i++)
    is_code |= at[i] == '_' && at[i - 1] != '.';
  return last > start + 1 && !is_code && is_top_domain (at + last, n - last) ? n : 0;
}

gsize
adit_redaction_find_email (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  gsize local = 0, host, last;

  *kind = ADIT_REDACTED_EMAIL;
  if (!adit_redaction_is_start (place))
    return 0;
  while (local < MOST_OF_A_NAME && (is_host_byte (at[local]) || (at[local] != '\0' && strchr ("+%~!#$&*", at[local]) != NULL)))
    local++;
  if (local == 0 || at[local] != '@')
    return 0;
  host = count_host (at + local + 1);
  for (last = host; last > 0 && at[local + last] != '.';)
    last--;
  return last > 1 && is_top_domain (at + local + 1 + last, host - last) ? local + 1 + host : 0;
}

/* Servers: "se-got-wg-001" and its kind of Mullvad's, "us-tx1" of IVPN's, "vpn12" of OVPN's with the city behind it. */
gsize
adit_redaction_find_server (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  gsize n, first, second, digits;

  *kind = ADIT_REDACTED_SERVER;
  if (!adit_redaction_is_start (place))
    return 0;
  first = strspn (at, LETTERS);
  if (first == 3 && g_ascii_strncasecmp (at, "vpn", 3) == 0 && (digits = strspn (at + 3, DIGITS)) >= 1 && digits <= 4 &&
      !g_ascii_isalnum (at[3 + digits]))
    {
      n = 3 + digits;
      if (g_str_has_prefix (at + n, " - ") && g_ascii_isupper (at[n + 3]))
        n += 3 + strspn (at + n + 3, LETTERS);
      return n;
    }
  if (first != 2 || at[2] != '-')
    return 0;
  n = 3 + (second = strspn (at + 3, LETTERS));
  digits = strspn (at + n, DIGITS);
  if (second >= 2 && second <= 4 && digits >= 1 && digits <= 3 && !g_ascii_isalnum (at[n + digits]) && at[n + digits] != '-')
    return g_str_has_prefix (at + 3, "ipv") ? 0 : n + digits;
  if (second != 3)
    return 0;
  /* Kinds of server, and then the number. */
  for (guint i = 0; i < 4 && at[n] == '-'; i++)
    {
      digits = strspn (at + n + 1, DIGITS);
      if (i > 0 && digits >= 2 && digits <= 4 && !g_ascii_isalnum (at[n + 1 + digits]))
        return n + 1 + digits;
      n += 1 + strspn (at + n + 1, LETTERS DIGITS);
    }
  return 0;
}

/* A path below somebody's home, with all that they called their files; up to the closing mark where it stands in quotes. */
static gsize
count_path (const AditRedactionPlace *place)
{
  const char *at = place->text + place->at;
  const char *close = adit_redaction_ends_with (place, "\"") ? "\"" : adit_redaction_ends_with (place, "'") ? "'"
                    : adit_redaction_ends_with (place, "“") ? "”" : adit_redaction_ends_with (place, "‘") ? "’" : NULL;
  gsize line = strcspn (at, "\n"), n = 0;

  if (close != NULL)
    {
      const char *end = memmem (at, MIN (line, MOST_OF_A_NAME * 8), close, strlen (close));

      if (end != NULL)
        return (gsize) (end - at);
    }
  while (n < line && (strchr (" \t\"'<>|,;:()", at[n]) == NULL || (at[n] == ' ' && at[n - 1] == '\\')))
    n++;
  return n;
}

gsize
adit_redaction_find_path (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  static const char *const homes[] = { "/home/", "/Users/", "/root/", "/media/", "/mnt/", "/run/user/", "~/" };
  const char *at = place->text + place->at;

  *kind = ADIT_REDACTED_PATH;
  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    if (g_str_has_prefix (at, homes[i]))
      return count_path (place);
  return adit_redaction_is_home (place) ? count_path (place) : 0;
}
