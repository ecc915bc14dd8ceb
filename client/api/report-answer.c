/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-answer.c: reads what is told of reports; what is missing or of another type becomes "not told". */
#include "config.h"
#include "client/api/report-answer.h"

#include <glib/gi18n-lib.h>

#include "client/api/shown.h"
#include "client/base/error.h"

static const char *const state_nicks[ADIT_N_REPORT_STATES] = {
  [ADIT_REPORT_STATE_WAITING] = "waiting", [ADIT_REPORT_STATE_QUEUED] = "queued", [ADIT_REPORT_STATE_SENT] = "sent",
  [ADIT_REPORT_STATE_REFUSED] = "refused",
};

static const char *const consent_nicks[ADIT_N_REPORT_CONSENTS] = {
  [ADIT_REPORT_CONSENT_ASK] = "ask", [ADIT_REPORT_CONSENT_ALWAYS] = "always", [ADIT_REPORT_CONSENT_NEVER] = "never",
};

/* The first one, which is the careful one, for what is not known. */
static guint
find_nick (const char *const *nicks, guint n, GVariant *dict, const char *key)
{
  const char *nick = "";

  g_variant_lookup (dict, key, "&s", &nick);
  for (guint i = 0; i < n; i++)
    if (g_str_equal (nicks[i], nick))
      return i;
  return 0;
}

static char *
dup_word (GVariant *dict, const char *key)
{
  const char *word = "";

  g_variant_lookup (dict, key, "&s", &word);
  return adit_shown_dup (word, "");
}

/**
 * adit_report_state_get_nick:
 * @state: a state
 *
 * Returns: (transfer none): what it is called on the bus and at a terminal
 */
const char *
adit_report_state_get_nick (AditReportState state)
{
  g_return_val_if_fail (state < ADIT_N_REPORT_STATES, NULL);
  return state_nicks[state];
}

/**
 * adit_report_consent_get_nick:
 * @consent: what somebody has said to sending
 *
 * Returns: (transfer none): what it is called on the bus and at a terminal
 */
const char *
adit_report_consent_get_nick (AditReportConsent consent)
{
  g_return_val_if_fail (consent < ADIT_N_REPORT_CONSENTS, NULL);
  return consent_nicks[consent];
}

static AditReportRow *
report_row_new (GVariant *dict)
{
  AditReportRow *self = g_new0 (AditReportRow, 1);
  const char *kind = "";

  self->id = dup_word (dict, "id");
  self->program = dup_word (dict, "program");
  self->reason = dup_word (dict, "reason");
  g_variant_lookup (dict, "kind", "&s", &kind);
  self->is_problem = g_str_equal (kind, "problem");
  g_variant_lookup (dict, "day", "x", &self->day_s);
  g_variant_lookup (dict, "next_try", "x", &self->next_try_s);
  self->state = (AditReportState) find_nick (state_nicks, ADIT_N_REPORT_STATES, dict, "state");
  return self;
}

/**
 * adit_report_row_free:
 * @self: (transfer full): a report
 */
void
adit_report_row_free (AditReportRow *self)
{
  g_free (self->id);
  g_free (self->program);
  g_free (self->reason);
  g_free (self);
}

/**
 * adit_answer_read_reports:
 * @answer: of GetReports
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable) (element-type AditReportRow): the reports
 */
GPtrArray *
adit_answer_read_reports (GVariant *answer, GError **error)
{
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_report_row_free);
  g_autoptr (GVariant) rows = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv})")))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answered something else than reports");
      return NULL;
    }
  rows = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);

      g_ptr_array_add (reports, report_row_new (dict));
    }
  return g_steal_pointer (&reports);
}

/**
 * adit_report_server_answer_free:
 * @self: (transfer full): where reports go
 */
void
adit_report_server_answer_free (AditReportServerAnswer *self)
{
  g_free (self->host);
  g_free (self->name);
  g_free (self->problem);
  g_free (self);
}

/**
 * adit_answer_read_report_server:
 * @answer: of GetReportServer
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable): where reports go, and when
 */
AditReportServerAnswer *
adit_answer_read_report_server (GVariant *answer, GError **error)
{
  g_autoptr (GVariant) dict = NULL;
  AditReportServerAnswer *self;
  const char *set_by = "";

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION,
                           "The helper answered something else than a report server");
      return NULL;
    }
  dict = g_variant_get_child_value (answer, 0);
  self = g_new0 (AditReportServerAnswer, 1);
  self->host = dup_word (dict, "host");
  self->name = dup_word (dict, "server");
  self->problem = dup_word (dict, "problem");
  g_variant_lookup (dict, "pinned", "b", &self->is_pinned);
  g_variant_lookup (dict, "set_by", "&s", &set_by);
  self->is_own = g_str_equal (set_by, "person");
  self->consent = (AditReportConsent) find_nick (consent_nicks, ADIT_N_REPORT_CONSENTS, dict, "consent");
  return self;
}

/**
 * adit_report_row_get_title:
 * @self: a report
 *
 * Returns: (transfer none): what it is about, translated
 */
const char *
adit_report_row_get_title (const AditReportRow *self)
{
  static const struct { const char *program, *title; } titles[] = {
    { "aditd", N_("Adit’s helper crashed") },
    /* Translators: the worker is the part of the helper that talks with services and servers */
    { "adit-worker", N_("A worker of Adit’s helper crashed") },
    { "adit-gtk", N_("Adit’s window crashed") },
    /* Translators: "adit" is a command that somebody types */
    { "adit", N_("The command adit crashed") },
  };

  if (self->is_problem)
    return _("A problem that you described");
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].program, self->program))
      return _(titles[i].title);
  return _("A part of Adit crashed");
}

/**
 * adit_report_row_explain:
 * @self: a report
 *
 * Returns: (transfer none): what has become of it so far, a sentence, translated
 */
const char *
adit_report_row_explain (const AditReportRow *self)
{
  static const struct { AditReportState state; const char *reason, *words; } rows[] = {
    { ADIT_REPORT_STATE_WAITING, "server-changed", N_("It waits for you again, since it would go to another server now.") },
    { ADIT_REPORT_STATE_WAITING, NULL, N_("It waits for you. Nothing of it was sent.") },
    { ADIT_REPORT_STATE_QUEUED, "", N_("It is being sent.") },
    { ADIT_REPORT_STATE_QUEUED, "held", N_("It is sent as soon as you are connected, or have disconnected with lockdown off.") },
    { ADIT_REPORT_STATE_QUEUED, "offline", N_("It is sent as soon as this computer is online.") },
    { ADIT_REPORT_STATE_QUEUED, "asked-to-wait", N_("The server wants it later; Adit tries again by itself.") },
    { ADIT_REPORT_STATE_QUEUED, "unreachable", N_("The server cannot be reached; Adit tries again by itself.") },
    { ADIT_REPORT_STATE_QUEUED, "untrusted", N_("Something else answers in the server’s place. Nothing was sent; Adit tries "
                                                "again by itself.") },
    { ADIT_REPORT_STATE_QUEUED, NULL, N_("It will be sent.") },
    { ADIT_REPORT_STATE_SENT, NULL, N_("It was sent. Thank you.") },
    { ADIT_REPORT_STATE_REFUSED, "key", N_("The server does not know the key in its own address.") },
    { ADIT_REPORT_STATE_REFUSED, "too-large", N_("The server does not take reports of this length.") },
    { ADIT_REPORT_STATE_REFUSED, NULL, N_("The server did not take it.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].state == self->state && (rows[i].reason == NULL || g_str_equal (rows[i].reason, self->reason)))
      return _(rows[i].words);
  return "";    /* the last row of each state takes all that is left of it */
}
