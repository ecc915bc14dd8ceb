/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-words.c: sentences about a stranger's file; nothing of the file is in them but names, which are never read as markup. */
#include "config.h"
#include "ui/import-words.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"

/**
 * adit_import_words_dup_title:
 * @answer: what became of some files
 *
 * Returns: (transfer full): all of it in a sentence
 */
char *
adit_import_words_dup_title (const AditImportAnswer *answer)
{
  guint n_good = 0, n = answer->outcomes->len;

  for (guint i = 0; i < n; i++)
    n_good += ((const AditImportOutcome *) answer->outcomes->pdata[i])->profile >= 0;
  if (n_good == 0)
    return g_strdup (_("Nothing was imported"));
  if (n_good < n)
    return g_strdup_printf (ngettext ("%u of %u file was imported", "%u of %u files were imported", n), n_good, n);
  return g_strdup_printf (ngettext ("%u configuration was imported", "%u configurations were imported", n_good), n_good);
}

static const char *
name_of_kind (const AditProfileRow *profile)
{
  return profile->kind == ADIT_PROFILE_WIREGUARD ? "WireGuard" : profile->kind == ADIT_PROFILE_OPENVPN ? "OpenVPN" : "";
}

/**
 * adit_import_words_dup_detail:
 * @profile: an imported configuration
 *
 * Returns: (transfer full): what stands beside its name among the places of a service
 */
char *
adit_import_words_dup_detail (const AditProfileRow *profile)
{
  /* Translators: beside the name of an imported file: a kind of tunnel, OpenVPN or WireGuard */
  return g_strdup_printf (_("imported file, %s"), name_of_kind (profile));
}

/**
 * adit_import_words_dup_kind:
 * @profile: an imported configuration
 *
 * Returns: (transfer full): which kind of tunnel it makes, and to how many servers
 */
char *
adit_import_words_dup_kind (const AditProfileRow *profile)
{
  /* Translators: a kind of tunnel, and how many servers a file names */
  return g_strdup_printf (ngettext ("%s · %u server", "%s · %u servers", profile->n_servers), name_of_kind (profile),
                          profile->n_servers);
}

static gboolean
asks (const AditProfileRow *profile, const char *word)
{
  return g_strv_contains ((const char *const *) profile->asks, word);
}

/* What is said once and kept, unlike the answer to a question. */
static gboolean
is_of_login (const char *word)
{
  return !g_str_equal (word, "challenge");
}

/**
 * adit_import_words_needs_login:
 * @profile: an imported configuration
 *
 * Returns: whether it needs something that a person can say once and Adit keeps
 */
gboolean
adit_import_words_needs_login (const AditProfileRow *profile)
{
  for (char **word = profile->asks; *word != NULL; word++)
    if (is_of_login (*word))
      return TRUE;
  return FALSE;
}

/**
 * adit_import_words_takes_login:
 * @profile: an imported configuration
 *
 * Returns: whether a person can say such a thing, be it in the place of what the file holds
 */
gboolean
adit_import_words_takes_login (const AditProfileRow *profile)
{
  return profile->takes[0] != NULL;
}

static char *
dup_questions (const AditProfileRow *profile)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (char **word = profile->asks; *word != NULL; word++)
    if (is_of_login (*word))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", adit_explain_question (*word));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/**
 * adit_import_words_dup_facts:
 * @profile: an imported configuration
 *
 * Returns: (transfer full): a sentence for each thing that whoever connects with it should know
 */
char **
adit_import_words_dup_facts (const AditProfileRow *profile)
{
  g_autoptr (GStrvBuilder) facts = g_strv_builder_new ();
  g_autofree char *questions = dup_questions (profile), *login = NULL, *dns = NULL;

  if (asks (profile, "challenge"))
    g_strv_builder_add (facts, _("Its server asks a new question at each connection."));
  if (questions[0] != '\0')
    {
      /* Translators: a list such as "user name, password" */
      login = g_strdup_printf (_("Before it connects you are asked for: %s."), questions);
      g_strv_builder_add (facts, login);
    }
  if (profile->n_resolvers > 0)
    {
      dns = g_strdup_printf (ngettext ("It brings %u DNS server of its own.", "It brings %u DNS servers of its own.",
                                       profile->n_resolvers), profile->n_resolvers);
      g_strv_builder_add (facts, dns);
    }
  if (profile->needs_names)
    g_strv_builder_add (facts, _("Its server has a name, which Adit looks up by itself over an encrypted connection."));
  return g_strv_builder_end (facts);
}

/**
 * adit_import_words_dup_note:
 * @note: something about a line
 *
 * Returns: (transfer full): about which
 */
char *
adit_import_words_dup_note (const AditImportNote *note)
{
  if (note->line == 0)
    return g_strdup (note->option[0] != '\0' ? note->option : _("The file"));
  if (note->option[0] == '\0')
    return g_strdup_printf (_("Line %u"), note->line);
  /* Translators: a line's number, and an option of OpenVPN's or WireGuard's */
  return g_strdup_printf (_("Line %u: %s"), note->line, note->option);
}

/**
 * adit_import_words_get_sentence:
 * @note: something about a line
 *
 * Returns: (transfer none): what
 */
const char *
adit_import_words_get_sentence (const AditImportNote *note)
{
  return note->sentence[0] != '\0' ? _(note->sentence) : "";
}

/**
 * adit_import_words_get_wanted:
 * @wanted: a file that another one names
 *
 * Returns: (transfer none): what it means that it was not there, and what can be done
 */
const char *
adit_import_words_get_wanted (const AditImportWanted *wanted)
{
  return wanted->required ? _("This file is needed, and is not beside the configuration. Put it there, or choose both together.")
                          : _("This file was not opened. To take what is in it, choose it together with the configuration.");
}
