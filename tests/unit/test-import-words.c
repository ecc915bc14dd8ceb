/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import-words.c: what became of imported files, in sentences, and what is found by typing. */
#include "ui/import-words.h"
#include "ui/profile-item.h"

static AditProfileRow *
new_profile (const char *name, AditProfileKind kind, const char *asks)
{
  AditProfileRow *row = g_new0 (AditProfileRow, 1);

  row->id = g_strdup ("one");
  row->name = g_strdup (name);
  row->kind = kind;
  row->n_servers = 1;
  row->asks = g_strsplit (asks, " ", -1);
  row->takes = g_strsplit (asks, " ", -1);
  return row;
}

static void
test_title (void)
{
  static const struct { guint n_good, n_bad; const char *title; } rows[] = {
    { 0, 0, "Nothing was imported" }, { 0, 2, "Nothing was imported" }, { 1, 0, "1 configuration was imported" },
    { 2, 0, "2 configurations were imported" }, { 1, 1, "1 of 2 files were imported" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditImportAnswer) answer = adit_import_answer_new ();
      g_autofree char *title = NULL;

      for (guint j = 0; j < rows[i].n_good + rows[i].n_bad; j++)
        {
          AditImportOutcome *outcome = adit_import_outcome_new ("a.conf");

          outcome->profile = j < rows[i].n_good ? (int) j : -1;
          g_ptr_array_add (answer->outcomes, outcome);
        }
      title = adit_import_words_dup_title (answer);
      g_assert_cmpstr (title, ==, rows[i].title);
    }
}

static void
test_facts (void)
{
  static const struct { const char *asks; guint n_facts; gboolean login; const char *first; } rows[] = {
    { "", 0, FALSE, NULL },
    { "username password", 1, TRUE, "Before it connects you are asked for: user name, password." },
    { "passphrase", 1, TRUE, "Before it connects you are asked for: passphrase of the key." },
    { "proxy-username proxy-password", 1, TRUE,
      "Before it connects you are asked for: user name at the proxy, password at the proxy." },
    { "username password challenge", 2, TRUE, "Its server asks a new question at each connection." },
    { "challenge", 1, FALSE, "Its server asks a new question at each connection." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditProfileRow) row = new_profile ("a", ADIT_PROFILE_OPENVPN, rows[i].asks);
      g_auto (GStrv) facts = adit_import_words_dup_facts (row);

      g_assert_cmpuint (g_strv_length (facts), ==, rows[i].n_facts);
      g_assert_cmpint (adit_import_words_needs_login (row), ==, rows[i].login);
      if (rows[i].first != NULL)
        g_assert_cmpstr (facts[0], ==, rows[i].first);
    }
}

/* Names of a stranger's file go through as they are; what reads them reads no markup. */
static void
test_notes (void)
{
  static const struct { guint line; const char *option, *text; } rows[] = {
    { 5, "plugin", "Line 5: plugin" }, { 7, "", "Line 7" }, { 0, "", "The file" }, { 0, "<ca>", "<ca>" },
    { 3, "<b>", "Line 3: <b>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditImportNote note = { .line = rows[i].line, .sentence = "" };
      g_autofree char *text = NULL;

      g_strlcpy (note.option, rows[i].option, sizeof note.option);
      text = adit_import_words_dup_note (&note);
      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_cmpstr (adit_import_words_get_sentence (&note), ==, "");    /* and not the catalogue's header */
    }
}

static void
test_search (void)
{
  g_autoptr (AditProfileRow) row = new_profile ("Büro Nord", ADIT_PROFILE_WIREGUARD, "");
  g_autoptr (AditProfileItem) item = adit_profile_item_new (row);

  g_assert_cmpstr (adit_profile_item_get_detail (item), ==, "imported file, WireGuard");
  g_assert_true (adit_profile_item_matches (item, ""));
  g_assert_true (adit_profile_item_matches (item, "nord buro"));
  g_assert_false (adit_profile_item_matches (item, "nord west"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-words/title", test_title);
  g_test_add_func ("/import-words/facts", test_facts);
  g_test_add_func ("/import-words/notes", test_notes);
  g_test_add_func ("/import-words/search", test_search);
  return g_test_run ();
}
