/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-person.c: one small file a person, and the administrator's /etc/adit/report.conf.  What cannot be read sends nothing. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/report-person.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/base/hex.h"

#define GROUP          "report"
#define FORMAT         1
#define FILE_MAX_BYTES 4096
#define PIN_PREFIX     "sha256//"

static const char *const consents[ADIT_N_CONSENTS] = {
  [ADIT_CONSENT_ASK] = "ask", [ADIT_CONSENT_ALWAYS] = "always", [ADIT_CONSENT_NEVER] = "never",
};

/**
 * adit_consent_get_nick:
 * @consent: a consent
 *
 * Returns: (transfer none): its word
 */
const char *
adit_consent_get_nick (AditConsent consent)
{
  return consents[(guint) consent < ADIT_N_CONSENTS ? consent : ADIT_CONSENT_ASK];
}

/**
 * adit_consent_from_nick:
 * @nick: perhaps a word for one
 * @consent: (out): which; untouched on failure
 *
 * Returns: whether it is one
 */
gboolean
adit_consent_from_nick (const char *nick, AditConsent *consent)
{
  for (guint i = 0; i < ADIT_N_CONSENTS; i++)
    if (g_str_equal (consents[i], nick))
      {
        *consent = (AditConsent) i;
        return TRUE;
      }
  return FALSE;
}

/* Of somebody who has said no, by the path of their file: it holds also where no disk keeps it. */
static GHashTable *held;

static char *
dup_path (const char *directory, guint32 uid)
{
  return g_strdup_printf ("%s/%u.person", directory, uid);
}

/* Takes a file apart; FALSE where any of it is not as we write it. */
static gboolean
parse (const char *bytes, gsize length, AditReportPerson *person)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *consent = NULL, *consented = NULL, *dsn = NULL, *pin = NULL;

  if (!g_key_file_load_from_data (file, bytes, length, G_KEY_FILE_NONE, NULL) ||
      g_key_file_get_integer (file, GROUP, "format", NULL) != FORMAT)
    return FALSE;
  consent = g_key_file_get_string (file, GROUP, "consent", NULL);
  consented = g_key_file_get_string (file, GROUP, "consented", NULL);
  if (consent == NULL || !adit_consent_from_nick (consent, &person->consent) ||
      (person->consent == ADIT_CONSENT_ALWAYS && !adit_hex_read (consented, person->consented, sizeof person->consented)))
    return FALSE;
  if (!g_key_file_has_key (file, GROUP, "dsn", NULL))
    return TRUE;
  dsn = g_key_file_get_string (file, GROUP, "dsn", NULL);
  pin = g_key_file_get_string (file, GROUP, "pin", NULL);
  if (dsn == NULL || pin == NULL)
    return FALSE;
  return adit_report_person_set_server (person, dsn[0] != '\0' ? dsn : "none", pin, NULL);
}

/**
 * adit_report_person_load:
 * @directory: that of the spool
 * @uid: who
 * @person: (out caller-allocates): what they have said
 *
 * Of somebody whose file cannot be read nothing is sent, since nobody knows where they wanted it to go.
 */
void
adit_report_person_load (const char *directory, guint32 uid, AditReportPerson *person)
{
  g_autofree char *path = dup_path (directory, uid), *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (held != NULL && g_hash_table_contains (held, path))
    {
      *person = *(const AditReportPerson *) g_hash_table_lookup (held, path);
      return;
    }
  *person = (AditReportPerson) { ADIT_CONSENT_ASK };
  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, &error);
  if (bytes == NULL && error == NULL)
    return;
  if (bytes != NULL && parse (bytes, length, person))
    return;
  g_warning ("%s: no report of this person's is sent until they have said again where to", error != NULL ? error->message : path);
  *person = (AditReportPerson) { ADIT_CONSENT_ASK, .has_own = TRUE };
}

/**
 * adit_report_person_hold:
 * @directory: that of the spool
 * @uid: who
 * @person: what they have said, which is a no
 *
 * As long as this process lives, or until adit_report_person_save(), adit_report_person_load() answers it, whatever is on disk.
 */
void
adit_report_person_hold (const char *directory, guint32 uid, const AditReportPerson *person)
{
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (held, dup_path (directory, uid), g_memdup2 (person, sizeof *person));
}

/**
 * adit_report_person_save:
 * @directory: that of the spool, which is there
 * @uid: who
 * @person: what they have said
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it is as before, or, of what is held, as if nothing had been said
 *
 * Returns: whether it is on disk
 */
gboolean
adit_report_person_save (const char *directory, guint32 uid, const AditReportPerson *person, GError **error)
{
  g_autofree char *path = dup_path (directory, uid), *bytes = NULL;
  g_autofree char *consented = adit_hex_dup (person->consented, sizeof person->consented);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gsize length;

  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  g_key_file_set_string (file, GROUP, "consent", adit_consent_get_nick (person->consent));
  if (person->consent == ADIT_CONSENT_ALWAYS)
    g_key_file_set_string (file, GROUP, "consented", consented);
  if (person->has_own)
    {
      g_key_file_set_string (file, GROUP, "dsn", person->dsn);
      g_key_file_set_string (file, GROUP, "pin", person->pin);
    }
  bytes = g_key_file_to_data (file, &length, NULL);
  if (held == NULL || !g_hash_table_contains (held, path))
    return adit_file_write (path, bytes, length, 0600, error);
  /* A full disk must not bring back the yes that stood there before: to forget it needs no room, and even makes some. */
  if (!adit_file_write (path, bytes, length, 0600, NULL) &&
      (!adit_file_remove (path, error) || !adit_file_write (path, bytes, length, 0600, error)))
    return FALSE;
  g_hash_table_remove (held, path);
  return TRUE;
}

/* As curl's --pinnedpubkey has it, or the BASE64 alone. */
static const char *
skip_prefix (const char *pin)
{
  return g_str_has_prefix (pin, PIN_PREFIX) ? pin + strlen (PIN_PREFIX) : pin;
}

static gboolean
check_server (const char *dsn, const char *pin, AditDsn *parsed, GError **error)
{
  if (adit_dsn_parse (dsn, parsed, error) && (pin[0] == '\0' || adit_dsn_pin_is_valid (pin, error)))
    return TRUE;
  if (error != NULL && *error != NULL && (*error)->domain == ADIT_ERROR)
    (*error)->code = ADIT_ERROR_REPORT_SERVER_MALFORMED;    /* whichever part of it is wrong, that is what a person can mend */
  return FALSE;
}

/**
 * adit_report_person_set_server:
 * @person: a person; untouched on failure
 * @dsn: their own server, "" for the administrator's, "none" for none
 * @pin: its certificate's, or ""
 * @error: return location; %ADIT_ERROR_REPORT_SERVER_MALFORMED
 *
 * Returns: whether it can be one
 */
gboolean
adit_report_person_set_server (AditReportPerson *person, const char *dsn, const char *pin, GError **error)
{
  gboolean is_one = dsn[0] != '\0' && !g_str_equal (dsn, "none");
  AditDsn parsed;

  pin = skip_prefix (pin);
  if (!is_one && pin[0] != '\0')
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_REPORT_SERVER_MALFORMED, "A pin is said with a server");
      return FALSE;
    }
  if (is_one && !check_server (dsn, pin, &parsed, error))
    return FALSE;
  person->has_own = dsn[0] != '\0';
  memset (person->dsn, 0, sizeof person->dsn);
  memset (person->pin, 0, sizeof person->pin);
  if (is_one)
    {
      g_strlcpy (person->dsn, dsn, sizeof person->dsn);    /* they fit: that is part of being valid */
      g_strlcpy (person->pin, pin, sizeof person->pin);
    }
  return TRUE;
}

/**
 * adit_report_person_get_consent:
 * @person: a person
 * @server: where their reports go now
 *
 * Returns: what holds: an "always" that was said of another server asks again
 */
AditConsent
adit_report_person_get_consent (const AditReportPerson *person, const AditReportServer *server)
{
  if (person->consent == ADIT_CONSENT_ALWAYS &&
      (!server->is_set || memcmp (person->consented, server->digest, sizeof server->digest) != 0))
    return ADIT_CONSENT_ASK;
  return person->consent;
}

/* --- Where to --------------------------------------------------------------------------------------------------------------- */

/* All that decides who gets a report. */
static void
digest_server (AditReportServer *self)
{
  g_autofree char *dsn = adit_dsn_dup_text (&self->dsn);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = sizeof self->digest;

  g_checksum_update (checksum, (const guchar *) dsn, (gssize) strlen (dsn) + 1);
  g_checksum_update (checksum, (const guchar *) self->pin, (gssize) strlen (self->pin) + 1);
  g_checksum_get_digest (checksum, self->digest, &length);
}

static gboolean
set (AditReportServer *self, const char *dsn, const char *pin, GError **error)
{
  pin = skip_prefix (pin);
  if (!check_server (dsn, pin, &self->dsn, error))
    return FALSE;
  g_strlcpy (self->pin, pin, sizeof self->pin);
  self->is_set = TRUE;
  digest_server (self);
  return TRUE;
}

static gboolean
read_administrators (AditReportServer *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *bytes = NULL, *dsn = NULL, *pin = NULL;
  gsize length;

  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, error);
  if (bytes == NULL || length == 0)
    return FALSE;
  if (!g_key_file_load_from_data (file, bytes, length, G_KEY_FILE_NONE, error))
    return FALSE;
  dsn = g_key_file_get_string (file, GROUP, "dsn", NULL);
  pin = g_key_file_get_string (file, GROUP, "pin", NULL);
  if (dsn == NULL || dsn[0] == '\0')
    {
      if (pin != NULL)
        g_set_error (error, ADIT_ERROR, ADIT_ERROR_REPORT_SERVER_MALFORMED, "A pin is said with a server");
      return FALSE;
    }
  return set (self, dsn, pin != NULL ? pin : "", error);
}

/**
 * adit_report_server_find:
 * @self: (out caller-allocates): where reports go; to be cleared
 * @path: the administrator's file, which may be absent
 * @person: whose reports
 */
void
adit_report_server_find (AditReportServer *self, const char *path, const AditReportPerson *person)
{
  g_autoptr (GError) error = NULL;

  *self = (AditReportServer) { .is_own = person->has_own };
  if (person->has_own)
    {
      if (person->dsn[0] != '\0')
        (void) set (self, person->dsn, person->pin, NULL);    /* it was looked at when it was set */
      return;
    }
  if (read_administrators (self, path, &error) || error == NULL)
    return;
  self->problem = g_strdup_printf ("%s: %s", path, error->message);
}

/**
 * adit_report_server_dup_name:
 * @self: a server
 *
 * Returns: (transfer full): what tells it from all others, and from the same one with another pin; "" where none is set
 */
char *
adit_report_server_dup_name (const AditReportServer *self)
{
  return self->is_set ? adit_hex_dup (self->digest, sizeof self->digest) : g_strdup ("");
}

/**
 * adit_report_server_clear:
 * @self: a server
 */
void
adit_report_server_clear (AditReportServer *self)
{
  g_clear_pointer (&self->problem, g_free);
}
