/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-material.c: facts about this computer, and the words by which it and its people would be known. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/report-material.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "client/base/file.h"
#include "client/report/report.h"

#define FIRST_PERSON   1000     /* UID_MIN in login.defs(5) */
#define NOBODY         65534    /* whom each computer has */
#define LEAST_LETTERS  3        /* of a part of a name; initials and "de" are in too many words */
#define FILE_MAX_BYTES 16384    /* of /etc/os-release; Debian's has 300 */

/**
 * adit_report_material_new:
 *
 * Returns: (transfer full): nothing gathered yet
 */
AditReportMaterial *
adit_report_material_new (void)
{
  AditReportMaterial *self = g_new0 (AditReportMaterial, 1);

  for (guint i = 0; i < ADIT_N_MATERIALS; i++)
    self->lines[i] = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  return self;
}

/**
 * adit_report_material_free:
 * @self: (transfer full): what was gathered
 */
void
adit_report_material_free (AditReportMaterial *self)
{
  for (guint i = 0; i < ADIT_N_MATERIALS; i++)
    g_ptr_array_unref (self->lines[i]);
  g_free (self->system);
  g_free (self->words);
  g_free (self->contact);
  g_free (self);
}

/**
 * adit_report_material_add:
 * @self: what was gathered
 * @kind: what kind of line
 * @text: (nullable): one, or nothing; of the log only the last ones stay
 */
void
adit_report_material_add (AditReportMaterial *self, AditMaterialKind kind, const char *text)
{
  if (text == NULL || text[0] == '\0')
    return;
  g_ptr_array_add (self->lines[kind], g_utf8_make_valid (text, -1));
  if (kind == ADIT_MATERIAL_LOG && self->lines[kind]->len > ADIT_REPORT_MAX_LOG_LINES)
    g_ptr_array_remove_index (self->lines[kind], 0);
}

/**
 * adit_report_material_add_dict:
 * @self: what was gathered
 * @dict: what a method answers, an a{sv}
 * @left_out: keys that are not to be told
 *
 * A line of diagnostics a key.
 */
void
adit_report_material_add_dict (AditReportMaterial *self, GVariant *dict, const char *const *left_out)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autofree char *text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                                                  : g_variant_print (value, FALSE);
      g_autofree char *line = g_strdup_printf ("%s: %s", key, text);

      if (!g_strv_contains (left_out, key))
        adit_report_material_add (self, ADIT_MATERIAL_DIAGNOSTICS, line);
      g_variant_unref (value);
    }
}

/* What the distribution calls itself (os-release(5)); a link in each of them, and root's. */
static char *
dup_distribution (void)
{
  g_autofree char *bytes = adit_file_read ("/usr/lib/os-release", FILE_MAX_BYTES, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (bytes != NULL ? bytes : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "PRETTY_NAME="))
      {
        char *name = lines[i] + strlen ("PRETTY_NAME=");

        if (name[0] == '"' && name[1] != '\0' && g_str_has_suffix (name, "\""))
          {
            name[strlen (name) - 1] = '\0';
            name++;
          }
        return g_strdup (name);
      }
  return g_strdup ("Linux");
}

/**
 * adit_report_material_add_computer:
 * @self: what was gathered
 *
 * Adds what runs here, and by which names the computer goes.
 */
void
adit_report_material_add_computer (AditReportMaterial *self)
{
  g_autofree char *distribution = dup_distribution (), *machine = NULL;
  struct utsname name;

  if (uname (&name) != 0)
    return;
  g_free (self->system);
  self->system = g_strdup_printf ("%s, Linux %s %s", distribution, name.release, name.machine);
  adit_report_material_add (self, ADIT_MATERIAL_HOSTS, name.nodename);
  if (!g_str_equal (name.domainname, "(none)"))    /* what the kernel says where nobody has set it */
    adit_report_material_add (self, ADIT_MATERIAL_HOSTS, name.domainname);
  machine = adit_file_read ("/etc/machine-id", FILE_MAX_BYTES, NULL, NULL);
  if (machine != NULL)
    adit_report_material_add (self, ADIT_MATERIAL_HOSTS, g_strstrip (machine));
}

/* Who is called by one name only is the same person.  What installers write where nobody gave a name is a word of its own in
 * any report. */
static void
add_full_name (AditReportMaterial *self, const char *name)
{
  static const char *const general[] = { "account", "admin", "administrator", "debian", "default", "guest", "linux", "live",
    "system", "test", "ubuntu", "user", NULL };
  g_auto (GStrv) parts = g_strsplit_set (name, " \t", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (parts[i], -1), *small = g_utf8_strdown (valid, -1);

      if (g_utf8_strlen (valid, -1) >= LEAST_LETTERS && !g_strv_contains (general, small))
        adit_report_material_add (self, ADIT_MATERIAL_USERS, valid);
    }
}

/**
 * adit_report_material_add_people:
 * @self: what was gathered
 * @passwd_path: /etc/passwd
 *
 * Adds what people here are called, and where they live.  Read as a file: modules that ask a directory for users are another's
 * code, and this is root.
 */
void
adit_report_material_add_people (AditReportMaterial *self, const char *passwd_path)
{
  FILE *file = fopen (passwd_path, "re");
  struct passwd *entry;

  while (file != NULL && (entry = fgetpwent (file)) != NULL)
    {
      g_auto (GStrv) gecos = NULL;

      if (entry->pw_uid < FIRST_PERSON || entry->pw_uid == NOBODY)
        continue;
      adit_report_material_add (self, ADIT_MATERIAL_USERS, entry->pw_name);
      adit_report_material_add (self, ADIT_MATERIAL_HOMES, entry->pw_dir);
      gecos = g_strsplit (entry->pw_gecos != NULL ? entry->pw_gecos : "", ",", -1);    /* a name, then a room and telephones */
      for (guint i = 0; gecos[i] != NULL; i++)
        adit_report_material_add (self, ADIT_MATERIAL_USERS, gecos[i]);
      if (gecos[0] != NULL)
        add_full_name (self, gecos[0]);
    }
  if (file != NULL)
    (void) fclose (file);
}

static const char *const *
peek (AditReportMaterial *self, AditMaterialKind kind)
{
  return (const char *const *) self->lines[kind]->pdata;
}

/**
 * adit_report_material_get_facts:
 * @self: what was gathered; outlives @facts
 * @id: of the report
 * @note_fd: of a crash, or -1
 * @facts: (out caller-allocates): the same for a worker
 */
void
adit_report_material_get_facts (AditReportMaterial *self, const char *id, int note_fd, AditReportFacts *facts)
{
  *facts = (AditReportFacts) { .id = id, .note_fd = note_fd, .words = self->words, .contact = self->contact };
  facts->diagnostics = peek (self, ADIT_MATERIAL_DIAGNOSTICS);
  facts->log = peek (self, ADIT_MATERIAL_LOG);
  facts->back_ends = peek (self, ADIT_MATERIAL_BACK_ENDS);
  facts->system = self->system != NULL ? self->system : "Linux";
  facts->redact = (AditRedactionWords) { peek (self, ADIT_MATERIAL_HOSTS), peek (self, ADIT_MATERIAL_USERS),
                                         peek (self, ADIT_MATERIAL_HOMES), peek (self, ADIT_MATERIAL_NETWORKS) };
}
