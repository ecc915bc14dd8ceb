/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-secret.c: keys, tokens and passwords: by the word before them, by their frame, and by how they look. */
#include "client/report/redaction-match.h"

#define KEY_CHARACTERS   43    /* 32 bytes in base64 without the "=": wg(8) */
#define LEAST_HEX        16    /* 64 bits; a pointer is shorter, so is how git cuts a commit */
#define LEAST_RANDOM     20
#define LEAST_LONG       32
#define LEAST_PADDED     16
#define LEAST_MULLVAD     8    /* with what its tokens begin with */
#define MOST_OF_A_RUN  4096    /* no path and no name is longer */
#define MOST_OF_A_LABEL  32
#define MOST_BETWEEN     48    /* quotation marks, a colon, blanks: nmcli(1) writes all values in one column, the 41st */
#define JWT_PARTS         5    /* RFC 7516, section 9; a signed one has 3 */

#define PEM_BEGIN "-----BEGIN "
#define PEM_END   "-----END "
#define PEM_CLOSE "-----"

#define WORD_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define RUN_CHARACTERS  WORD_CHARACTERS "+/"
#define BETWEEN         "=: \t\"'\\>"    /* a name and its value; a backslash where a quotation mark is quoted itself */
#define SIGNS           "=:>"
#define VALUE_END       " \n\t\"'&,;)}<"

gsize
adit_redaction_find_pem (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at, *end, *close;
  gsize left = place->length - place->at;

  if (!g_str_has_prefix (at, PEM_BEGIN))
    return 0;
  *kind = ADIT_REDACTED_KEY;
  end = memmem (at, left, PEM_END, strlen (PEM_END));
  if (end == NULL)
    return left;    /* it was cut off, and nobody knows where it would have ended */
  end += strlen (PEM_END);
  close = memmem (end, strcspn (end, "\n"), PEM_CLOSE, strlen (PEM_CLOSE));
  return (gsize) (end - at) + (close != NULL ? (gsize) (close - end) + strlen (PEM_CLOSE) : strcspn (end, "\n"));
}

/* The name before a value, in small letters, with a hyphen for what joins the words of it, and what stands between. */
static gboolean
find_label (const AditRedactionPlace *place, char label[MOST_OF_A_LABEL + 1], gboolean *is_blank, gboolean *has_sign)
{
  const char *out = place->out->str;
  gsize n = place->out->len, end, length = 0;

  *is_blank = TRUE;
  *has_sign = FALSE;
  for (end = n; end > 0 && n - end < MOST_BETWEEN && strchr (BETWEEN, out[end - 1]) != NULL; end--)
    {
      *is_blank &= out[end - 1] == ' ';
      *has_sign |= strchr (SIGNS, out[end - 1]) != NULL;
    }
  if (end == n)
    return FALSE;
  if (end > 0 && out[end] == '>' && out[end - 1] == '-')
    end--;
  /* "private key": what kind of key it is says the word before. */
  while (length < MIN (end, MOST_OF_A_LABEL) &&
         (g_ascii_isalpha (out[end - length - 1]) || strchr ("-_", out[end - length - 1]) != NULL ||
          (length == 3 && out[end - 4] == ' ' && g_ascii_strncasecmp (out + end - 3, "key", 3) == 0)))
    length++;
  for (gsize i = 0; i < length; i++)
    label[i] = strchr ("_ ", out[end - length + i]) != NULL ? '-' : g_ascii_tolower (out[end - length + i]);
  label[length] = '\0';
  return length > 0;
}

/* Up to the quotation mark that closes, or to the end of the line where none does: of a value that was cut nobody knows more. */
static gsize
count_quoted (const AditRedactionPlace *place)
{
  const char *at = place->text + place->at;
  gboolean is_escaped = adit_redaction_ends_with (place, "\\\"") || adit_redaction_ends_with (place, "\\'");
  char quote = adit_redaction_before (place);
  gsize n = 0;

  while (at[n] != '\0' && at[n] != '\n' && (at[n] != quote || g_ascii_isalnum (at[n + 1])))
    n += !is_escaped && at[n] == '\\' && at[n + 1] != '\0' && at[n + 1] != '\n' ? 2 : 1;
  return is_escaped && n > 1 && at[n] == quote && at[n - 1] == '\\' ? n - 1 : n;
}

static gsize
count_value (const AditRedactionPlace *place)
{
  char before = adit_redaction_before (place);

  return before == '"' || before == '\'' ? count_quoted (place) : strcspn (place->text + place->at, VALUE_END);
}

static gboolean
has_ending (const char *label, const char *const *endings)
{
  for (guint i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (label, endings[i]))
      return TRUE;
  return FALSE;
}

/* These name what follows them.  What an account or a user is called is only told from a sentence where an "=" or quotes are. */
gsize
adit_redaction_find_labelled (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  static const char *const always[] = { "password", "passwd", "pwd", "passphrase", "secret", "token", "psk", "privatekey",
    "private-key", "sharedkey", "shared-key", "secretkey", "secret-key", "accesskey", "access-key", "apikey", "api-key",
    "code-verifier", "voucher", "sessionid", "session-id", "pin", "otp", NULL };
  static const char *const assigned[] = { "username", "user", "account", "account-number", "login", "code", "hostname",
    "device-name", "pass", "session", NULL };
  static const char *const networks[] = { "ssid", "essid", NULL };
  static const char *const to_the_end[] = { "authorization", "cookie", NULL };
  const char *at = place->text + place->at;
  char label[MOST_OF_A_LABEL + 1], before = adit_redaction_before (place);
  gboolean is_blank, has_sign, is_quoted = before == '"' || before == '\'', is_apart = before == ' ' || before == '\t';

  if (*at == '\0' || strchr (BETWEEN "\n,;&)", *at) != NULL || before == '\0' || before == '\\' ||
      strchr (BETWEEN, before) == NULL ||
      !find_label (place, label, &is_blank, &has_sign))
    return 0;
  *kind = ADIT_REDACTED_TOKEN;
  if (g_str_equal (label, "bearer"))
    return strcspn (at, " \n\t\"',;");
  if (is_blank)
    return 0;
  if (has_ending (label, to_the_end))
    return strcspn (at, "\n");
  if (has_ending (label, always) || (!is_apart && g_strv_contains (assigned, label)))
    return count_value (place);
  if (!g_strv_contains (networks, label) || (is_apart && !has_sign))
    return 0;
  *kind = ADIT_REDACTED_NETWORK;
  /* iw(8) writes it with its blanks, last of a line. */
  return is_apart && !is_quoted ? strcspn (at, "\n") : count_value (place);
}

typedef struct { guint n_lower, n_upper, n_digits, n_breaks; gboolean is_hex; } Looks;

/* A break is where a capital or a digit begins behind a small letter, or a letter behind a digit: names have few. */
static Looks
look (const char *at, gsize size)
{
  Looks looks = { .is_hex = TRUE };
  char before = '\0';

  for (gsize i = 0; i < size; i++)
    {
      char now = g_ascii_islower (at[i]) ? 'a' : g_ascii_isupper (at[i]) ? 'A' : g_ascii_isdigit (at[i]) ? '0' : '-';

      looks.n_lower += now == 'a';
      looks.n_upper += now == 'A';
      looks.n_digits += now == '0';
      looks.n_breaks += before != '\0' && before != now && before != '-' && now != '-' && !(before == 'A' && now == 'a');
      looks.is_hex &= g_ascii_isxdigit (at[i]);
      before = now;
    }
  return looks;
}

/* Between two of "/" and "+": a part of a path, or of base64. */
static gboolean
is_secret_piece (const char *at, gsize size)
{
  Looks whole = look (at, size);

  if ((size >= LEAST_MULLVAD && g_str_has_prefix (at, "mva_")) || (size >= LEAST_HEX && g_str_has_prefix (at, "eyJ")))
    return TRUE;    /* an access token of Mullvad's; a JWT: its first part begins with '{"' (RFC 7519) */
  if (size >= LEAST_RANDOM && whole.n_lower > 0 && whole.n_upper > 0 &&
      (whole.n_digits > 0 || whole.n_breaks * 8 > size ||
       (whole.n_breaks * 16 > size && whole.n_lower * 3 > size && whole.n_upper * 3 > size)))
    return TRUE;
  for (gsize start = 0, n; start < size; start += n + 1)
    {
      Looks looks;
      gboolean is_number;

      for (n = 0; start + n < size && g_ascii_isalnum (at[start + n]);)
        n++;
      is_number = n >= 2 && at[start] == '0' && at[start + 1] == 'x';
      if (is_number)
        {
          start += 2;
          n -= 2;
        }
      looks = look (at + start, n);
      /* Digits alone are an account's, or a count. */
      if (looks.n_digits > 0 && (looks.n_digits < n || is_number) &&
          ((n >= LEAST_HEX && looks.is_hex) || (n >= LEAST_RANDOM && !is_number)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_secret_run (const char *at, gsize size)
{
  Looks whole = look (at, size);

  if (size >= LEAST_LONG && whole.n_lower > 0 && whole.n_upper > 0 && whole.n_digits > 0 && whole.n_breaks * 5 > size)
    return TRUE;
  for (gsize start = 0, n; start < size; start += n + 1)
    {
      for (n = 0; start + n < size && at[start + n] != '/' && at[start + n] != '+';)
        n++;
      if (is_secret_piece (at + start, n))
        return TRUE;
    }
  return FALSE;
}

/* All of a run goes when a part of it has to: base64 has "/" and "+", and half a key is still half a key. */
gsize
adit_redaction_find_run (const AditRedactionPlace *place, AditRedactionKind *kind)
{
  const char *at = place->text + place->at;
  char before = adit_redaction_before (place);
  gboolean is_inside = before != '\0' && strchr (RUN_CHARACTERS, before) != NULL;
  gsize n, padding;

  if (is_inside && (!adit_redaction_is_start (place) || strchr ("-_+/", before) != NULL))
    return 0;    /* it was looked at from its beginning */
  n = strspn (at, RUN_CHARACTERS);
  if (n < LEAST_HEX && (n < LEAST_MULLVAD || !g_str_has_prefix (at, "mva_")))
    return 0;
  padding = MIN (strspn (at + n, "="), 2);
  *kind = ADIT_REDACTED_TOKEN;
  if (n > MOST_OF_A_RUN)
    return n + padding;
  *kind = ADIT_REDACTED_KEY;
  if (n == KEY_CHARACTERS && padding > 0)
    return n + 1;
  if (n >= LEAST_PADDED && padding > 0 && !g_ascii_isalnum (at[n + padding]))
    {
      Looks looks = look (at, n);

      if (looks.n_lower > 0 && looks.n_upper > 0 && (looks.n_digits > 0 || looks.n_breaks * 5 > n))
        return n + padding;
    }
  *kind = ADIT_REDACTED_TOKEN;
  if (!is_secret_run (at, n))
    return 0;
  n += padding;
  for (guint i = 1; i < JWT_PARTS && g_str_has_prefix (at, "eyJ") && at[n] == '.' && at[n + 1] != '\0' &&
       strchr (WORD_CHARACTERS, at[n + 1]) != NULL; i++)
    n += 1 + strspn (at + n + 1, WORD_CHARACTERS);
  return n;
}
