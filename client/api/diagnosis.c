/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis.c: the cause first, then each thing that was looked at, then who else rules this computer's network, and what Adit
 * uses on it. */
#include "config.h"
#include "client/api/diagnosis.h"

#include <glib/gi18n-lib.h>

#include "client/api/local-node.h"
#include "client/api/shown.h"
#include "client/base/error.h"

#define KEY_WIDTH   18
#define TITLE_WIDTH 24

static void
check_free (AditDiagnosisCheck *check)
{
  g_free (check->blame);
  g_free (check);
}

static void
clear_conflict (AditDiagnosisConflict *conflict)
{
  g_free (conflict->by);
  g_free (conflict->what);
}

static void
add_check (AditDiagnosis *self, const char *nick, const char *title, AditVerdict verdict, const char *blame)
{
  AditDiagnosisCheck *check = g_new0 (AditDiagnosisCheck, 1);

  check->nick = nick;
  check->title = title;
  check->verdict = verdict;
  check->blame = g_strdup (blame);
  check->words = (AditExplanation) { "", "", "" };
  if (verdict == ADIT_VERDICT_BAD)
    adit_explain_cause (blame, &check->words);
  g_ptr_array_add (self->checks, check);
}

static AditDiagnosis *
diagnosis_new (const char *cause, const char *detail, GVariant *facts)
{
  AditDiagnosis *self = g_new0 (AditDiagnosis, 1);

  self->cause = g_strdup (cause);
  adit_explain_cause (cause, &self->words);
  self->detail = adit_shown_dup (detail, "");
  self->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) check_free);
  self->conflicts = g_array_new (FALSE, TRUE, sizeof (AditDiagnosisConflict));
  g_array_set_clear_func (self->conflicts, (GDestroyNotify) clear_conflict);
  self->facts = facts != NULL ? g_variant_ref (facts) : NULL;
  return self;
}

static void
add_helper (AditDiagnosis *self, AditCause cause)
{
  add_check (self, "helper", _("Adit’s helper"), cause == ADIT_CAUSE_NONE ? ADIT_VERDICT_GOOD : ADIT_VERDICT_BAD,
             adit_cause_get_nick (cause));
}

static void
add_checks (AditDiagnosis *self, GVariant *answer)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (answer, "checks", G_VARIANT_TYPE ("a(sss)"));
  const char *nick, *word, *blame;
  GVariantIter iter;

  if (list == NULL)
    return;
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &nick, &word, &blame))
    {
      AditVerdict verdict = ADIT_VERDICT_UNKNOWN;
      AditCheck check;

      if (adit_check_from_nick (nick, &check) && adit_verdict_from_nick (word, &verdict))    /* a newer helper's are left out */
        add_check (self, adit_check_get_nick (check), adit_explain_check (check), verdict, blame);
    }
}

static void
add_conflicts (AditDiagnosis *self, GVariant *answer)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (answer, "conflicts", G_VARIANT_TYPE ("a(sss)"));
  const char *kind, *by, *what;
  GVariantIter iter;

  if (list == NULL)
    return;
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &kind, &by, &what))
    {
      AditConflictKind known = ADIT_CONFLICT_REFUSES;
      AditDiagnosisConflict conflict = { adit_shown_dup (by, ""), adit_shown_dup (what, "") };

      (void) adit_conflict_from_nick (kind, &known);
      conflict.nick = adit_conflict_get_nick (known);
      adit_explain_conflict (known, &conflict.words);
      g_array_append_val (self->conflicts, conflict);
    }
}

/**
 * adit_diagnosis_new:
 * @answer: of GetDiagnostics, an a{sv}
 * @build_id: this program's own build
 *
 * Returns: (transfer full): what it says; that the helper is of another build comes before everything else
 */
AditDiagnosis *
adit_diagnosis_new (GVariant *answer, const char *build_id)
{
  const char *cause = "", *its_build = "";
  AditDiagnosis *self;
  gboolean is_old;

  g_variant_lookup (answer, "cause", "&s", &cause);
  g_variant_lookup (answer, "build_id", "&s", &its_build);
  is_old = !g_str_equal (its_build, build_id);
  self = diagnosis_new (is_old ? adit_cause_get_nick (ADIT_CAUSE_HELPER_OLD) : cause, "", answer);
  add_helper (self, is_old ? ADIT_CAUSE_HELPER_OLD : ADIT_CAUSE_NONE);
  add_checks (self, answer);
  add_conflicts (self, answer);
  return self;
}

/**
 * adit_diagnosis_new_for_error:
 * @error: why nothing was answered
 *
 * Returns: (transfer full) (nullable): what that says: nobody who could be asked is there, or who answers does not know the
 *   question; %NULL where it says nothing of what is wrong
 */
AditDiagnosis *
adit_diagnosis_new_for_error (const GError *error)
{
  AditDiagnosis *self;
  AditCause cause;

  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE))
    cause = ADIT_CAUSE_HELPER_MISSING;
  else if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION))
    cause = ADIT_CAUSE_HELPER_OLD;
  else
    return NULL;
  self = diagnosis_new (adit_cause_get_nick (cause), error->message, NULL);
  add_helper (self, cause);
  for (guint i = 0; i < ADIT_N_CHECKS; i++)
    add_check (self, adit_check_get_nick ((AditCheck) i), adit_explain_check ((AditCheck) i), ADIT_VERDICT_UNKNOWN, "");
  return self;
}

/**
 * adit_diagnosis_free:
 * @self: (nullable): a diagnosis
 */
void
adit_diagnosis_free (AditDiagnosis *self)
{
  if (self == NULL)
    return;
  g_free (self->cause);
  g_free (self->detail);
  g_ptr_array_unref (self->checks);
  g_array_unref (self->conflicts);
  g_clear_pointer (&self->facts, g_variant_unref);
  g_free (self);
}

/**
 * adit_diagnosis_blame:
 * @self: a diagnosis that blames nothing
 * @check: what this program has found out by itself to have failed
 * @cause: what is to blame
 */
void
adit_diagnosis_blame (AditDiagnosis *self, AditCheck check, AditCause cause)
{
  g_free (self->cause);
  self->cause = g_strdup (adit_cause_get_nick (cause));
  adit_explain_cause (self->cause, &self->words);
  for (guint i = 0; i < self->checks->len; i++)
    {
      AditDiagnosisCheck *one = self->checks->pdata[i];

      if (!g_str_equal (one->nick, adit_check_get_nick (check)))
        continue;
      one->verdict = ADIT_VERDICT_BAD;
      g_free (one->blame);
      one->blame = g_strdup (self->cause);
      one->words = self->words;
    }
}

/* --- As text --------------------------------------------------------------------------------------------------------------- */

/* Columns are of characters, not of bytes. */
static void
add_row (GString *text, const char *title, glong width, const char *value)
{
  glong missing = width - g_utf8_strlen (title, -1);

  g_string_append_printf (text, "  %s%*s %s\n", title, (int) MAX (missing, 0), "", value);
}

static char *
dup_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const char **texts = g_variant_get_strv (value, NULL);

      return g_strjoinv (", ", (char **) texts);
    }
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                              : g_variant_print (value, FALSE);
}

static void
add_conflict_rows (AditDiagnosis *self, GString *text)
{
  for (guint i = 0; i < self->conflicts->len; i++)
    {
      AditDiagnosisConflict *conflict = &g_array_index (self->conflicts, AditDiagnosisConflict, i);
      const char *comma = conflict->by[0] != '\0' ? ", " : "";
      g_autofree char *value = g_strdup_printf ("%s%s%s: %s %s", conflict->by, comma, conflict->what, conflict->words.what,
                                                conflict->words.remedy);

      add_row (text, conflict->nick, KEY_WIDTH, value);
      if (conflict->words.command[0] != '\0')
        add_row (text, "", KEY_WIDTH, conflict->words.command);
    }
}

/**
 * adit_diagnosis_dup_facts:
 * @self: a diagnosis
 *
 * Returns: (transfer full): who else rules this computer's network and what Adit uses on it, one a line, with the words that
 *   programs have for them; nothing of an account, or of where it is connected to, is among them
 */
char *
adit_diagnosis_dup_facts (AditDiagnosis *self)
{
  g_autofree char *node = adit_local_node_describe (ADIT_PROC);    /* what anybody sees who looks */
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (self->facts != NULL)
    {
      g_variant_iter_init (&iter, self->facts);
      while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
        {
          g_autofree char *plain = NULL, *shown = NULL;

          if (g_str_equal (key, "conflicts"))
            add_conflict_rows (self, text);
          if (g_str_equal (key, "cause") || g_str_equal (key, "checks") || g_str_equal (key, "conflicts"))
            continue;
          plain = dup_value (value);
          shown = adit_shown_dup (plain, "");
          add_row (text, key, KEY_WIDTH, shown[0] != '\0' ? shown : "-");
        }
    }
  add_row (text, "mysterium_node", KEY_WIDTH, node[0] != '\0' ? node : "-");
  return g_string_free (text, FALSE);
}

static void
add_check_row (AditDiagnosis *self, const AditDiagnosisCheck *check, GString *text)
{
  const char *word = adit_explain_verdict (check->verdict);
  gboolean is_cause = g_str_equal (check->blame, self->cause);    /* what can be done about it stands above */
  g_autofree char *value = NULL;

  if (check->verdict != ADIT_VERDICT_BAD)
    value = g_strdup (word);
  else
    /* Translators: that something failed, and what is wrong with it */
    value = g_strdup_printf (_("%s: %s"), word, check->words.what);
  add_row (text, check->title, TITLE_WIDTH, value);
  if (check->verdict == ADIT_VERDICT_BAD && !is_cause && check->words.remedy[0] != '\0')
    add_row (text, "", TITLE_WIDTH, check->words.remedy);
}

/**
 * adit_diagnosis_dup_text:
 * @self: a diagnosis
 *
 * Returns: (transfer full): all of it, in lines
 */
char *
adit_diagnosis_dup_text (AditDiagnosis *self)
{
  g_autofree char *facts = adit_diagnosis_dup_facts (self);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s%s%s\n", self->words.what, self->words.remedy[0] != '\0' ? " " : "", self->words.remedy);
  if (self->words.command[0] != '\0')
    g_string_append_printf (text, "  %s\n", self->words.command);
  if (self->detail[0] != '\0')
    g_string_append_printf (text, "  (%s)\n", self->detail);
  for (guint i = 0; i < self->checks->len; i++)
    add_check_row (self, self->checks->pdata[i], text);
  g_string_append (text, facts);
  return g_string_free (text, FALSE);
}
