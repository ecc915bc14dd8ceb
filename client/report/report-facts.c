/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-facts.c: a text each, one behind the other: a letter that says what it is, the text, and a zero byte.  The helper packs
 * and a worker unpacks; what is in them may be anybody's words. */
#include "config.h"
#include "client/report/report-facts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/base/error.h"
#include "client/report/report.h"

#define LINE_MAX_BYTES 4096    /* no line of ours is so long; one cut before it is redacted could keep half a number */

enum { ID, SYSTEM, WORDS, CONTACT, N_SINGLE, DIAGNOSTICS = N_SINGLE, LOG, BACK_ENDS, HOSTS, USERS, HOMES, NETWORKS, N_PARTS };

static const char letters[] = "iswcdlbhupn";    /* of the parts, in their order */

G_STATIC_ASSERT (sizeof letters == N_PARTS + 1);

typedef struct
{
  AditReportFacts facts;    /* first: it is what others have */
  GBytes         *bytes;
  GPtrArray      *lists[N_PARTS];
  AditRedactionIndex *index;
} Unpacked;

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, sentence);
  return FALSE;
}

static void
add (GString *all, guint part, const char *text)
{
  if (text == NULL)
    return;
  if (part != WORDS && strlen (text) > LINE_MAX_BYTES)
    text = adit_redaction_kind_get_word (ADIT_REDACTED_TEXT);
  g_string_append_c (all, letters[part]);
  g_string_append (all, text);
  g_string_append_c (all, '\0');
}

static void
add_all (GString *all, guint part, const char *const *texts, guint max)
{
  guint n = texts != NULL ? g_strv_length ((char **) texts) : 0;

  /* The last ones: of a log they are what came before. */
  for (guint i = n > max ? n - max : 0; i < n; i++)
    add (all, part, texts[i]);
}

/**
 * adit_report_facts_pack:
 * @facts: what a report is made of; its descriptor is not packed
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT where somebody wrote more than fits, or there is too much of all
 *
 * Returns: (transfer full) (nullable): all of it, for adit_report_facts_unpack()
 */
GBytes *
adit_report_facts_pack (const AditReportFacts *facts, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);

  if (facts->words != NULL && strlen (facts->words) > ADIT_REPORT_MAX_WORDS_BYTES)
    {
      refuse (error, N_ ("What was written about the problem is too long for a report; some 16,000 characters fit."));
      return NULL;
    }
  add (all, ID, facts->id);
  add (all, SYSTEM, facts->system);
  add (all, WORDS, facts->words);
  add (all, CONTACT, facts->contact);
  add_all (all, DIAGNOSTICS, facts->diagnostics, ADIT_REPORT_MAX_DIAGNOSTICS);
  add_all (all, LOG, facts->log, ADIT_REPORT_MAX_LOG_LINES);
  add_all (all, BACK_ENDS, facts->back_ends, ADIT_REPORT_MAX_BACK_ENDS);
  add_all (all, HOSTS, facts->redact.host_names, G_MAXUINT);
  add_all (all, USERS, facts->redact.user_names, G_MAXUINT);
  add_all (all, HOMES, facts->redact.home_paths, G_MAXUINT);
  add_all (all, NETWORKS, facts->redact.network_names, G_MAXUINT);
  /* Cutting would take the words away that have to be redacted. */
  if (all->len > ADIT_REPORT_FACTS_MAX_BYTES)
    {
      refuse (error, "A report would be made of too much");
      return NULL;
    }
  return g_string_free_to_bytes (g_steal_pointer (&all));
}

static const char *const *
get_list (Unpacked *self, guint part)
{
  g_ptr_array_add (self->lists[part], NULL);
  return (const char *const *) self->lists[part]->pdata;
}

static const char *
get_single (Unpacked *self, guint part)
{
  return self->lists[part]->len > 0 ? self->lists[part]->pdata[0] : NULL;
}

static void
fill (Unpacked *self)
{
  self->facts = (AditReportFacts) {
    .id = get_single (self, ID), .note_fd = -1, .words = get_single (self, WORDS), .contact = get_single (self, CONTACT),
    .diagnostics = get_list (self, DIAGNOSTICS), .log = get_list (self, LOG), .back_ends = get_list (self, BACK_ENDS),
    .system = get_single (self, SYSTEM),
    .redact = { get_list (self, HOSTS), get_list (self, USERS), get_list (self, HOMES), get_list (self, NETWORKS) },
  };
  self->index = adit_redaction_index_new (&self->facts.redact);
  self->facts.redact.index = self->index;
}

/**
 * adit_report_facts_unpack:
 * @bytes: what adit_report_facts_pack() made
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full) (nullable): what a report is made of, without a descriptor
 */
AditReportFacts *
adit_report_facts_unpack (GBytes *bytes, GError **error)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length), *end = at + length;
  Unpacked *self = g_new0 (Unpacked, 1);
  gboolean is_whole = length > 0 && length <= ADIT_REPORT_FACTS_MAX_BYTES && end[-1] == '\0';

  self->bytes = g_bytes_ref (bytes);
  for (guint i = 0; i < N_PARTS; i++)
    self->lists[i] = g_ptr_array_new ();
  while (is_whole && at < end)
    {
      const char *letter = *at != '\0' ? strchr (letters, *at) : NULL;
      guint part = letter != NULL ? (guint) (letter - letters) : N_PARTS;

      is_whole = part < N_PARTS && (part >= N_SINGLE || self->lists[part]->len == 0);
      if (is_whole)
        g_ptr_array_add (self->lists[part], (char *) at + 1);
      at += strlen (at) + 1;
    }
  if (is_whole && self->lists[ID]->len == 1 && self->lists[SYSTEM]->len == 1)
    {
      fill (self);
      return &self->facts;
    }
  refuse (error, "What a report is made of is malformed");
  adit_report_facts_free (&self->facts);
  return NULL;
}

/**
 * adit_report_facts_free:
 * @self: what adit_report_facts_unpack() answered
 */
void
adit_report_facts_free (AditReportFacts *self)
{
  Unpacked *unpacked = (Unpacked *) self;

  g_clear_pointer (&unpacked->index, adit_redaction_index_free);
  for (guint i = 0; i < N_PARTS; i++)
    g_ptr_array_unref (unpacked->lists[i]);
  g_bytes_unref (unpacked->bytes);
  g_free (unpacked);
}
