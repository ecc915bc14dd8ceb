/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-crash.c: crashes of the helper and its workers.  Nobody else has their notes, so what finds no room is tried again. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/reports-private.h"

#include <fcntl.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/helper/crash-watch.h"
#include "client/helper/sealed.h"

#define RETRY_S    600    /* a disk may have room then */
#define MAX_UNKEPT 4

/* A crash of the helper's or a worker's; nobody else has its note. */
typedef struct
{
  int              note_fd;
  char            *program;
  guint32          owner_uid;
  GPtrArray       *lines;      /* of AditLogLine */
  AditCrashSettled settled;    /* (nullable) */
} Crash;

static void
crash_free (Crash *crash)
{
  if (crash->note_fd >= 0)
    close (crash->note_fd);
  g_free (crash->program);
  g_ptr_array_unref (crash->lines);
  g_free (crash);
}

/**
 * adit_reports_new_unkept:
 *
 * Returns: (transfer full): room for crashes whose reports find none on the disk
 */
GPtrArray *
adit_reports_new_unkept (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) crash_free);
}

/* Where nobody was connected, and one person alone uses Adit here, it is theirs: root opens no window. */
static guint32
find_owner (AditReports *self, guint32 owner_uid)
{
  GPtrArray *accounts = adit_vault_get_accounts (self->parts.vault);
  GPtrArray *profiles = adit_profiles_get_all (self->parts.profiles);
  guint32 found = ADIT_LOG_NOBODY;

  if (owner_uid != ADIT_LOG_NOBODY)
    return owner_uid;
  for (guint i = 0; i < accounts->len + profiles->len; i++)
    {
      guint32 uid = i < accounts->len ? ((AditAccount *) accounts->pdata[i])->owner_uid
                                      : ((AditProfile *) profiles->pdata[i - accounts->len])->owner_uid;

      if (found != ADIT_LOG_NOBODY && found != uid)
        return 0;
      found = uid;
    }
  return found != ADIT_LOG_NOBODY ? found : 0;
}

static void make_of_crash (AditReports *self, Crash *crash);

static gboolean
on_retry (gpointer user_data)
{
  AditReports *self = user_data;
  g_autoptr (GPtrArray) again = g_steal_pointer (&self->unkept);

  self->retry = 0;
  self->unkept = adit_reports_new_unkept ();
  while (again->len > 0)
    make_of_crash (self, g_ptr_array_steal_index (again, 0));
  return G_SOURCE_REMOVE;
}

static void
on_crash_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditReports *self = ADIT_REPORTS (source);
  Crash *crash = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = adit_reports_add_finish (self, result, &error);
  gboolean is_over;

  if (id == NULL && g_error_matches (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED) && self->gather != NULL &&
      self->unkept->len < MAX_UNKEPT)
    {
      g_warning ("a report of %s cannot be kept; it is tried again: %s", crash->program, error->message);
      g_ptr_array_add (self->unkept, crash);
      if (self->retry == 0)
        self->retry = g_timeout_add_seconds (RETRY_S, on_retry, self);
      return;
    }
  if (id == NULL)
    g_warning ("there is no report of %s: %s", crash->program, error->message);
  is_over = adit_reports_settle (self, crash->owner_uid, ADIT_SPOOL_CRASH, crash->program, error);
  if (is_over && crash->settled != NULL)
    crash->settled ();
  crash_free (crash);
}

/* Takes the crash. */
static void
make_of_crash (AditReports *self, Crash *crash)
{
  int note_fd = fcntl (crash->note_fd, F_DUPFD_CLOEXEC, 0);
  GTask *task = adit_reports_begin (self, crash->owner_uid, ADIT_SPOOL_CRASH, crash->program, note_fd, crash->lines,
                                    on_crash_made, crash);
  GError *error = NULL;

  if (note_fd >= 0 && adit_reports_get_spool (self, &error) != NULL)
    {
      adit_reports_make (self, task);
      return;
    }
  if (error == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_FAILED, "There are too many open files");
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* The bytes of the note, whatever they are, in a file of our own that can change no more. */
static int
copy_note (int note_fd)
{
  AditCrashNote note;
  g_autoptr (AditSecret) bytes = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  if (pread (note_fd, &note, sizeof note, 0) != (gssize) sizeof note)
    return -1;
  bytes = adit_secret_new (&note, sizeof note);
  fd = adit_sealed_new (bytes, &error);
  if (fd < 0)
    g_warning ("%s", error->message);
  return fd;
}

/* Who else used a helper that is no more nobody knows any longer, so of its log the owner gets their own lines alone. */
static void
drop_others (GPtrArray *lines, guint32 owner_uid)
{
  for (guint i = lines->len; i > 0; i--)
    if (((const AditLogLine *) lines->pdata[i - 1])->owner_uid != owner_uid)
      g_ptr_array_remove_index (lines, i - 1);
}

/**
 * adit_reports_take_crash:
 * @note_fd: of a dead process, lent
 * @program: which of ours
 * @owner_uid: whose connection there was, or %ADIT_LOG_NOBODY
 * @lines: the log until then
 * @settled: (nullable): called when a report is kept, or there will never be one
 * @reports: the reports
 *
 * Makes a report of a crash of the helper's or a worker's, unless there have been too many.
 */
void
adit_reports_take_crash (int note_fd, const char *program, guint32 owner_uid, GPtrArray *lines, AditCrashSettled settled,
                         gpointer reports)
{
  AditReports *self = reports;
  g_autoptr (GError) error = NULL;
  Crash *crash;

  owner_uid = find_owner (self, owner_uid);
  if (!adit_reports_may_make (self, owner_uid, ADIT_SPOOL_CRASH, program, &error))
    {
      g_message ("%s has crashed; of that no report is made, as its owner wants it, or after so many within an hour", program);
      if (settled != NULL)
        settled ();
      return;
    }
  crash = g_new0 (Crash, 1);
  crash->note_fd = copy_note (note_fd);
  crash->program = g_strdup (program);
  crash->owner_uid = owner_uid;
  crash->lines = g_ptr_array_ref (lines);
  if (owner_uid != 0 && g_str_equal (program, ADIT_CRASH_HELPER))
    drop_others (lines, owner_uid);
  crash->settled = settled;
  make_of_crash (self, crash);
}
