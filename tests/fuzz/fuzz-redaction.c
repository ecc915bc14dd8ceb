/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-redaction.c: hides canaries of every kind in any text and fails if one comes through, or if a second time changes
 * anything.  In an ordinary run the bytes are only the seed, and there are thousands of canaries for each. */
#include "client/report/redaction.h"

#include <string.h>

#define MAX_CANARIES 8      /* in one text */
#define ROUNDS       400    /* texts for each input */

#define BASE64    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define ALNUM     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define LOWER     "abcdefghijklmnopqrstuvwxyz"
#define HEX       "0123456789abcdef"
#define CAPITALS  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS    "0123456789"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static guint n_canaries;

/* "{43B}" is 43 characters of base64, "{3o}" a number of at most three digits that an address may have; all else is itself. */
static const char *const forms[] = {
  "{16d}", "{4d} {4d} {4d} {4d}", "{4d}-{4d}-{4d}-{4d}", "{8d} {8d}", "i-{4A}-{4A}-{4A}", "ivpn{8A}", "{43B}=",
  "-----BEGIN PRIVATE KEY-----\n{64B}\n{20B}\n-----END PRIVATE KEY-----", "eyJ{20U}.{40U}.{43U}", "bearer {24U}", "{32x}",
  "{64x}", "0x{40x}",
  "{1o}.{2o}.{2o}.{2o}", "[2001:db8:{4x}:{4x}::{4x}]", "fe80::{4x}:{4x}:{4x}:{4x}", "::ffff:{1o}.{2o}.{2o}.{2o}",
  "{2o}.{2o}.{2o}.{1o}.in-addr.arpa", "{2x}:{2x}:{2x}:{2x}:{2x}:{2x}", "{2x}-{2x}-{2x}-{2x}-{2x}-{2x}",
  "{8x}-{4x}-{4x}-{4x}-{12x}",
  "{9l}.example.org", "{7l}-laptop", "{8l}", "/home/{8l}/{8l}", "{6l} {6l}", "{6l}.{6l}@{6l}.net", "{2l}-{3l}-wg-{3d}",
  "{2l}-{3l}-ovpn-{3d}",
  "https://{8l}.com/{8l}?q={8l}", "password={12A}", "{43U}",
  "{4d}\n{4d}\n{4d}\n{4d}", "{4d}:{4d}:{4d}:{4d}", "{4d}, {4d}|{4d}.{4d}", "{4d} -  - {4d} {4d} {4d}", "{4d}.{4d}.{4d}.{4d}",
  "i{4C}{4C}{4C}", "i{4C}-{4C}-{4C}", "password = \"{6l} {6l} {6l}\"", "\"token\" :  \"{6l} {6l}\"", "'pwd': '{6l} {6l}'",
  "X-API-Key: {8l}", "private key: {9l}", "ESSID:\"{6l} {6l}\"", "SSID: {6l} {6l}", "{6l} \xc3\xa9{7l}",
};
/* Known of this computer, not told by how they look. */
enum { OWN_HOST = 22, OWN_USER = 23, OWN_NETWORK = 25, OWN_PERSON = G_N_ELEMENTS (forms) - 1 };

#define TAIL 5    /* bytes: what is left of something of which only the beginning goes */

/* Only what programs put beside such a thing; right beside a letter nobody could tell where it begins. */
static const char *const around[] = { " ", "\n", "\"", "'", "(", ")", ",", ";", "<", ">", "\t", "|", "{", "}", " = ", ": " };

static char *
make_canary (const char *form, GRand *chance)
{
  GString *canary = g_string_new (NULL);

  while (*form != '\0')
    {
      guint n;
      const char *set;

      if (*form != '{')
        {
          g_string_append_c (canary, *form++);
          continue;
        }
      n = (guint) g_ascii_strtoull (form + 1, (char **) &form, 10);
      set = *form == 'd' ? DIGITS : *form == 'A' ? ALNUM : *form == 'B' ? BASE64 : *form == 'U' ? BASE64URL
          : *form == 'x' ? HEX : *form == 'C' ? CAPITALS : LOWER;
      if (*form == 'o')
        g_string_append_printf (canary, "%d", g_rand_int_range (chance, n == 1 ? 128 : 10, n == 1 ? 224 : 256));
      else
        for (guint i = 0; i < n; i++)
          g_string_append_c (canary, set[g_rand_int_range (chance, 0, (gint32) strlen (set))]);
      form = strchr (form, '}') + 1;
    }
  return g_string_free (canary, FALSE);
}

static void
add_noise (GString *text, GRand *chance, const guint8 *data, gsize size)
{
  static const char *const words[] = { "aditd:", "session", "client/core/session.c:391", "failed", "adit_session_enter", "0x7f00",
    "and", "org.aditvpn.Adit1", "ADIT_ERROR_FAILED", "17", "[key]", "::", "=", "%3A", "\\n", "é" };
  gsize start = size > 0 ? (gsize) g_rand_int_range (chance, 0, (gint32) size) : 0;

  if (g_rand_boolean (chance))
    g_string_append_len (text, (const char *) data + start, (gssize) MIN (size - start, 40));
  for (gint32 i = g_rand_int_range (chance, 0, 6); i > 0; i--)
    {
      g_string_append (text, words[g_rand_int_range (chance, 0, G_N_ELEMENTS (words))]);
      g_string_append_c (text, (char) g_rand_int_range (chance, 32, 127));
    }
}

/* As somebody may type it elsewhere: all of a person's name in capitals, digits of another script. */
static void
add_canary (GString *text, const char *canary, gint32 form, GRand *chance)
{
  static const gunichar zeros[] = { '0', '0', 0xff10, 0x660, 0x6f0 };
  g_autofree char *capitals = form == OWN_PERSON && g_rand_boolean (chance) ? g_utf8_strup (canary, -1) : NULL;
  gunichar zero = zeros[g_rand_int_range (chance, 0, G_N_ELEMENTS (zeros))];

  for (const char *at = capitals != NULL ? capitals : canary; *at != '\0'; at = g_utf8_next_char (at))
    g_string_append_unichar (text, g_ascii_isdigit (*at) ? zero + (gunichar) g_ascii_digit_value (*at) : g_utf8_get_char (at));
}

/* Whether a piece that only a canary had is still there. */
static gboolean
has_left (const char *text, const char *once, const char *piece)
{
  const char *in_text = strstr (text, piece);

  return strstr (once, piece) != NULL && (in_text == NULL || strstr (in_text + 1, piece) == NULL);
}

static void
try_text (GRand *chance, const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) canaries = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) alone = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *once = NULL, *twice = NULL, *small = NULL;
  g_autofree char *first = NULL;
  const char *known[3][4] = { { NULL } };
  const AditRedactionWords words = { .host_names = known[0], .user_names = known[1], .network_names = known[2] };

  for (gint32 i = g_rand_int_range (chance, 1, MAX_CANARIES); i > 0; i--)
    {
      gint32 form = g_rand_int_range (chance, 0, G_N_ELEMENTS (forms));
      const char **word = form == OWN_HOST ? known[0] : form == OWN_USER ? known[1] : form == OWN_NETWORK ? known[2]
                        : form == OWN_PERSON ? known[1] + 1 : NULL;
      gboolean is_alone;
      char *canary;

      if ((word != NULL && *word != NULL) || (form == OWN_PERSON && known[1][0] == NULL))
        continue;    /* one of them in a text, a person's behind the user's, since a list ends at a gap */
      canary = make_canary (forms[form], chance);
      g_ptr_array_add (canaries, canary);
      n_canaries++;
      if (word != NULL)
        *word = canary;
      if (form == OWN_PERSON)
        {
          word[0] = first = g_strndup (canary, strcspn (canary, " "));    /* the shorter one comes first, as from passwd(5) */
          word[1] = canary;
        }
      add_noise (text, chance, data, size);
      is_alone = g_rand_boolean (chance);
      if (is_alone)
        g_ptr_array_add (alone, canary);
      g_string_append (text, is_alone ? "\n" : around[g_rand_int_range (chance, 0, G_N_ELEMENTS (around))]);
      add_canary (text, canary, form, chance);
      g_string_append (text, is_alone ? "\n" : around[g_rand_int_range (chance, 0, G_N_ELEMENTS (around))]);
    }
  add_noise (text, chance, data, size);

  once = adit_redact (text->str, text->len, &words, NULL);
  twice = adit_redact (once, strlen (once), &words, NULL);
  if (strcmp (once, twice) != 0)
    g_error ("twice is not as once:\n%s\n%s\n%s", text->str, once, twice);
  small = g_utf8_strdown (once, -1);
  for (guint i = 0; i < canaries->len; i++)
    if (strstr (once, g_ptr_array_index (canaries, i)) != NULL)
      g_error ("%s came through:\n%s\n%s", (const char *) g_ptr_array_index (canaries, i), text->str, once);
  /* On a line of its own, where noise cannot be taken for its beginning, nothing of it may stay. */
  for (guint i = 0; i < alone->len; i++)
    {
      const char *tail = (const char *) alone->pdata[i] + strlen (alone->pdata[i]) - TAIL;

      if (has_left (text->str, once, tail) || has_left (text->str, small, tail))
        g_error ("\"%s\" of %s came through:\n%s\n%s", tail, (const char *) alone->pdata[i], text->str, once);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint32 seed = 0;
  GRand *chance;
  g_autofree char *once = adit_redact ((const char *) data, size, NULL, NULL);
  g_autofree char *twice = adit_redact (once, strlen (once), NULL, NULL);

  g_assert_cmpstr (once, ==, twice);
  for (gsize i = 0; i < size; i++)
    seed = seed * 31 + data[i];
  chance = g_rand_new_with_seed (seed);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  try_text (chance, data, size);
#else
  for (guint i = 0; i < ROUNDS; i++)
    try_text (chance, data, size);
  g_print ("%u canaries so far\n", n_canaries);
#endif
  g_rand_free (chance);
  return 0;
}
