/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-work.c: finds the configurations among a person's files, reads each, and writes down what is kept of it.  Pure: bytes
 * in, texts out. */
#include "config.h"
#include "client/worker/import-work.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/model/import-files.h"
#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write-file.h"
#include "client/worker/wg-read.h"
#include "client/worker/wg-write.h"
#include "client/worker/zip-read.h"

#define MARK "\xef\xbb\xbf"    /* of byte order, where Windows begins a file */

static void
profile_free (gpointer data)
{
  AditImportProfile *profile = data;

  g_clear_pointer (&profile->text, adit_secret_unref);
  g_free (profile);
}

/* The first line that is no comment: a section begins a WireGuard file, whatever it is called, and no OpenVPN file. */
static AditProfileKind
guess_kind (const AditImportFile *file)
{
  const char *at = (const char *) file->bytes, *end = at + file->length;

  if (file->length >= strlen (MARK) && memcmp (at, MARK, strlen (MARK)) == 0)
    at += strlen (MARK);
  while (at < end)
    {
      const char *line_end;

      if (strchr (" \t\r\n", *at) != NULL && *at != '\0')
        {
          at++;
          continue;
        }
      if (*at != '#' && *at != ';')
        return *at == '[' ? ADIT_PROFILE_WIREGUARD : ADIT_PROFILE_OPENVPN;
      line_end = memchr (at, '\n', (gsize) (end - at));
      at = line_end != NULL ? line_end + 1 : end;
    }
  return ADIT_PROFILE_OPENVPN;
}

/* What is written must be read as what it was written from: it is all that stays of the file. */
static void
refuse_text (AditImportOutcome *outcome)
{
  adit_import_report_add (outcome->report, 0, NULL, ADIT_IMPORT_UNSUPPORTED, TRUE,
                          N_("Adit cannot write down what it read in this file."));
}

static AditSecret *
work_openvpn (AditImportOutcome *outcome, const AditImportFile *file, const AditImportFile *others, guint n_others,
              AditProfileFacts *facts)
{
  g_autoptr (AditOpenvpnProfile) profile = adit_ovpn_read (file, others, n_others, outcome->report), again = NULL;
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditSecret) text = profile != NULL ? adit_ovpn_write_file (profile, NULL) : NULL;
  AditImportFile kept = { .name = file->name };

  if (text != NULL)
    {
      kept.bytes = adit_secret_peek (text, &kept.length);
      again = adit_ovpn_read (&kept, NULL, 0, report);
    }
  if (again == NULL || !adit_openvpn_profile_equal (profile, again))
    {
      if (profile != NULL)
        refuse_text (outcome);
      return NULL;
    }
  adit_profile_facts_of_openvpn (facts, profile, file->name);
  return g_steal_pointer (&text);
}

static AditSecret *
work_wireguard (AditImportOutcome *outcome, const AditImportFile *file, AditProfileFacts *facts)
{
  g_autoptr (AditWireguardProfile) profile = adit_wg_read (file, outcome->report), again = NULL;
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditSecret) text = profile != NULL ? adit_wg_write (profile, NULL) : NULL;
  AditImportFile kept = { .name = file->name };

  if (text != NULL)
    {
      kept.bytes = adit_secret_peek (text, &kept.length);
      again = adit_wg_read (&kept, report);
    }
  if (again == NULL || !adit_wireguard_profile_equal (profile, again))
    {
      if (profile != NULL)
        refuse_text (outcome);
      return NULL;
    }
  adit_profile_facts_of_wireguard (facts, profile, file->name);
  return g_steal_pointer (&text);
}

static void
work_file (AditImportResult *self, const AditImportFile *file, const AditImportFile *others, guint n_others)
{
  g_autoptr (AditImportOutcome) outcome = adit_import_outcome_new (file->name);
  AditProfileFacts facts;
  AditSecret *text;

  outcome->kind = guess_kind (file);
  text = outcome->kind == ADIT_PROFILE_WIREGUARD ? work_wireguard (outcome, file, &facts)
                                                 : work_openvpn (outcome, file, others, n_others, &facts);
  if (text != NULL)
    {
      AditImportProfile *profile = g_new0 (AditImportProfile, 1);

      profile->facts = facts;
      profile->text = text;
      outcome->profile = (int) self->profiles->len;
      g_ptr_array_add (self->profiles, profile);
    }
  adit_import_lines_add (self->lines, outcome);
}

static void
refuse (AditImportResult *self, const char *name, AditImportReason reason, const char *sentence)
{
  g_autoptr (AditImportOutcome) outcome = adit_import_outcome_new (name);

  adit_import_report_add (outcome->report, 0, NULL, reason, TRUE, sentence);
  adit_import_lines_add (self->lines, outcome);
}

static gboolean
is_configuration (const char *name)
{
  gsize length = strlen (name);

  return length > 5 && (g_ascii_strcasecmp (name + length - 5, ".conf") == 0 ||
                        g_ascii_strcasecmp (name + length - 5, ".ovpn") == 0);
}

/* A file of an archive names others by where they lie beside it. */
static void
work_entry (AditImportResult *self, const GPtrArray *entries, const AditZipEntry *entry)
{
  const AditImportFile file = { entry->name, entry->bytes, entry->length };
  g_autofree AditImportFile *others = g_new0 (AditImportFile, entries->len);
  guint n_others = 0;

  if (entry->bytes == NULL)
    {
      refuse (self, entry->name, ADIT_IMPORT_UNSUPPORTED,
              N_("This file is empty, longer than a configuration is, or a link."));
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const AditZipEntry *other = entries->pdata[i];

      if (other != entry && other->bytes != NULL && !other->is_renamed && strcmp (other->folder, entry->folder) == 0)
        others[n_others++] = (AditImportFile) { other->name, other->bytes, other->length };
    }
  work_file (self, &file, others, n_others);
}

static void
work_archive (AditImportResult *self, const AditImportFile *file)
{
  const char *sentence;
  g_autoptr (GPtrArray) entries = adit_zip_read (file->bytes, file->length, &sentence);
  guint n = 0;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    n += is_configuration (((const AditZipEntry *) entries->pdata[i])->name) ? 1 : 0;
  if (entries == NULL)
    refuse (self, file->name, ADIT_IMPORT_MALFORMED, sentence);
  else if (n == 0)
    refuse (self, file->name, ADIT_IMPORT_UNSUPPORTED,
            N_("There is no file in this archive whose name ends in .conf or .ovpn."));
  else if (n > ADIT_IMPORT_MAX_PROFILES)
    refuse (self, file->name, ADIT_IMPORT_UNSUPPORTED,
            N_("There are more configurations in this archive than Adit takes at once; unpack it and choose."));
  else
    for (guint i = 0; i < entries->len; i++)
      if (is_configuration (((const AditZipEntry *) entries->pdata[i])->name))
        work_entry (self, entries, entries->pdata[i]);
}

/**
 * adit_import_work:
 * @files: (array length=n_files): the file that a person named, which may be an archive, and those that it names
 * @n_files: how many, at least one
 *
 * Returns: (transfer full): what became of it
 */
AditImportResult *
adit_import_work (const AditImportFile *files, guint n_files)
{
  AditImportResult *self = g_new0 (AditImportResult, 1);

  self->profiles = g_ptr_array_new_with_free_func (profile_free);
  self->lines = g_string_new (NULL);
  adit_import_lines_begin (self->lines);
  if (adit_zip_is_one (files[0].bytes, files[0].length))
    work_archive (self, &files[0]);
  else
    work_file (self, &files[0], files + 1, n_files - 1);
  return self;
}

/**
 * adit_import_result_free:
 * @self: a result; its secrets are wiped
 */
void
adit_import_result_free (AditImportResult *self)
{
  g_ptr_array_unref (self->profiles);
  g_string_free (self->lines, TRUE);
  g_free (self);
}
