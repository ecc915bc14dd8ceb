/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-canaries.c: thousands of words that point at somebody, in what people write, what they and their things are called
 * and what is in their files: none of them arrives at the server. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/world-private.h"
#include "tests/simulator/known.h"

#define REPORTS     8           /* of problems; an hour has ten */
#define WORDS_BYTES 15000       /* of each; 16 KiB are the most */
#define IMPORTS     12
#define HOMES       "/" "home" "/"
#define PIECE       8           /* random characters in a row that nobody has by chance */
#define HARMLESS    "That is all of it."

static AditWorld *world;
static GRand *chance;
static GPtrArray *planted;    /* of char * */
static const char *person;

static guint
pick (guint n)
{
  return (guint) g_rand_int_range (chance, 0, (gint32) n);
}

/* What is left of a canary that was taken out in part: in @form, # are the characters that are somebody's own.  As few of them as
 * are enough to know it again, a run or groups of them, make a secret of their own. */
static void
plant_pieces (const char *form, const char *text)
{
  gsize start = 0, n = 0;

  for (gsize i = 0; form[i] != '\0'; i++)
    {
      if (form[i] != '#')
        continue;
      if (n++ == 0)
        start = i;
      if (n < PIECE)
        continue;
      g_ptr_array_add (planted, g_strndup (text + start, i + 1 - start));
      n = 0;
    }
}

static char *
make_digits (const char *form, const char *digits)
{
  char *text = g_strdup (form);

  for (char *at = text; *at != '\0'; at++)
    if (*at == '#')
      *at = digits[pick ((guint) strlen (digits))];
  plant_pieces (form, text);
  return text;
}

static char *
make_key (void)
{
  static const char form[] = "############################################";    /* of 32 bytes */
  guint8 bytes[32];
  char *text;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) pick (256);
  text = g_base64_encode (bytes, sizeof bytes);
  plant_pieces (form, text);
  return text;
}

/* What stands for somebody, and what of it has to be gone: where a port or a word around it may stay, that is less than all. */
static char *
make_canary (guint kind, char **secret)
{
  static const char *const forms[] = {
    "################", "#### #### #### ####", "####-####-####-####",                      /* accounts */
    "198.51.1##.1##", "10.1##.1##.1##", "[2001:db8:####:####::####]:443", "fd##:####:####::1",
    "::ffff:198.51.1##.1##", "52:54:00:##:##:##", "52-54-00-##-##-##",
    "########-####-4###-8###-############", "https://h########.example/p?q=########", "h########.lan.example",
    "u########@mail.example", HOMES "u########/file", "Bearer ################################", "se-got-wg-1##",
  };
  gboolean is_decimal = kind < 5 || kind == 7 || kind == G_N_ELEMENTS (forms) - 1;
  const char *digits = is_decimal ? "0123456789" : "0123456789abcdef";
  char *text;

  if (kind == G_N_ELEMENTS (forms))
    {
      text = make_key ();
      *secret = g_strdup (text);
      return text;
    }
  text = make_digits (forms[kind], digits);
  *secret = g_strdup (text);
  if (g_str_has_prefix (text, "["))
    {
      g_free (*secret);
      *secret = g_strndup (text + 1, strlen (text) - strlen ("[]:443"));
    }
  else if (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "Bearer "))
    {
      g_free (*secret);
      *secret = g_strdup (strchr (text, text[0] == 'h' ? '/' : ' ') + (text[0] == 'h' ? 2 : 1));
    }
  return text;
}

#define KINDS 18

static char *
plant (guint kind)
{
  char *secret, *text = make_canary (kind, &secret);

  g_ptr_array_add (planted, secret);
  return text;
}

/* Somebody who has an account on the computer, and a home at a place of their own. */
static void
add_person (void)
{
  g_autofree char *passwd = NULL, *more = NULL, *name = make_digits ("p########", "0123456789abcdef");

  g_assert_true (g_file_get_contents ("/etc/passwd", &passwd, NULL, NULL));
  more = g_strdup_printf ("%s%s:x:2000:2000::/srv/%s:/bin/sh\n", passwd, name, name);
  adit_world_write_file ("/etc/passwd", more, 0644);
  person = name;
  g_ptr_array_add (planted, g_steal_pointer (&name));
}

static char *
make_words (void)
{
  GString *words = g_string_new (NULL);

  g_string_append_printf (words, "I am %s and saw:", person);
  while (words->len < WORDS_BYTES)
    {
      g_autofree char *canary = plant (pick (KINDS));

      g_string_append_printf (words, "%s%s", pick (4) == 0 ? "\n" : " then ", canary);
    }
  g_string_append (words, "\n" HARMLESS);
  return g_string_free (words, FALSE);
}

/* As somebody's files are: names, keys and addresses of their own, which the helper has then read, kept and logged about. */
static void
import_files (void)
{
  for (guint i = 0; i < IMPORTS; i++)
    {
      g_autofree char *key = plant (17), *peer = plant (17), *address = plant (4), *endpoint = plant (3);
      g_autofree char *name = NULL, *text = NULL, *file = NULL, *line = NULL;

      name = make_digits ("n########", "0123456789abcdef");
      g_ptr_array_add (planted, g_strdup (name));
      file = g_strdup_printf (ADIT_WORLD_DIRECTORY "/%s.conf", name);
      text = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = %s/32\n[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0\n"
                              "Endpoint = %s:51820\n", key, address, peer, endpoint);
      adit_world_write_file (file, text, 0644);
      line = g_strdup_printf ("import %s", file);
      adit_world_expect (world, 0, NULL, line, 0);
    }
}

static guint
count_planted (const char *bytes, gsize length)
{
  guint found = 0;

  for (guint i = 0; i < planted->len; i++)
    found += memmem (bytes, length, planted->pdata[i], strlen (planted->pdata[i])) != NULL;
  return found;
}

/* What comes from somebody who takes nothing out is seen, each and every one, by the same look. */
static void
expect_all_in_forged (const char *words)
{
  g_autofree char *path = adit_receiver_dup_path (ADIT_RECEIVER_FORGED_ID), *bytes = NULL;
  gsize length;

  (void) adit_receiver_forge (words);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (count_planted (bytes, length), ==, planted->len);
}

/* Nothing that was planted has arrived, and the words around it have. */
static void
expect_none (const char *where, const char *bytes, gsize length, const char *harmless)
{
  guint found = count_planted (bytes, length);

  if (memmem (bytes, length, harmless, strlen (harmless)) == NULL)
    g_error ("\"%s\" is not in %s", harmless, where);
  if (found == 0)
    return;

  for (guint i = 0; i < planted->len; i++)
    {
      const char *canary = planted->pdata[i];

      if (memmem (bytes, length, canary, strlen (canary)) != NULL)
        g_printerr ("%s has \"%s\"\n", where, canary);
    }
  g_error ("%u of %u canaries are in %s", found, planted->len, where);
}

static void
send_and_look (const char *id, const char *harmless)
{
  g_autofree char *path = adit_receiver_dup_path (id), *bytes = NULL;
  json_t *received;
  char *text;
  gsize length;

  report_client_send (id);
  report_client_expect (id, "sent", "");
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  expect_none ("what arrived", bytes, length, harmless);
  /* The same without what JSON does to a text, and with the request's headers; that it comes from the exit is no part of it. */
  received = adit_receiver_load (id);
  json_object_del (received, "peer");
  text = json_dumps (received, JSON_INDENT (0));
  expect_none ("what was read of it", text, strlen (text), harmless);
  free (text);
  json_decref (received);
}

static void
test_words (void)
{
  add_person ();
  for (guint i = 0; i < REPORTS; i++)
    {
      g_autofree char *words = make_words (), *id = report_client_add_problem (words, "");

      if (i == 0)
        expect_all_in_forged (words);
      send_and_look (id, HARMLESS);
      report_client_delete (id);
    }
  g_test_message ("%u planted", planted->len);
  g_assert_cmpuint (planted->len, >, 5000);
}

/* All that was planted is in the helper's files and memory by now. */
static void
test_names (void)
{
  g_autofree char *id = NULL;
  guint before = planted->len;

  adit_world_expect (world, 0, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  g_ptr_array_add (planted, g_strdup (KNOWN_MULLVAD_ACCOUNT));
  import_files ();
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  g_ptr_array_add (planted, g_strdup (ADIT_LAB_EXIT_ADDRESS));
  id = report_client_add_problem ("It is slow.", "");
  send_and_look (id, "It is slow.");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  g_test_message ("%u planted more", planted->len - before);
}

int
main (int argc, char **argv)
{
  int failed;

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  chance = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  planted = g_ptr_array_new_with_free_func (g_free);
  adit_receiver_begin ();
  report_client_open (world);
  g_test_add_func ("/report-canaries/words", test_words);
  g_test_add_func ("/report-canaries/names", test_names);
  failed = adit_world_end_test (world);
  report_client_close ();
  g_ptr_array_unref (planted);
  g_rand_free (chance);
  return failed;
}
