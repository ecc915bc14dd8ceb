/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-note.c: writes a note where nothing may be called that could wait, and reads one as if a stranger had written it. */
#include "client/report/crash-note.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/field.h"

#define MAGIC   "AditDown"
#define VERSION 2

G_STATIC_ASSERT (sizeof (AditCrashNote) <= ADIT_CRASH_NOTE_MAX_BYTES);
G_STATIC_ASSERT (sizeof (AditCrashFrame) == 8 && sizeof (AditCrashModule) == 88);

static const struct { int number; const char *name; } signals[] = {
  { SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" }, { SIGABRT, "SIGABRT" }, { SIGTRAP, "SIGTRAP" }, { SIGILL, "SIGILL" },
  { SIGFPE, "SIGFPE" }, { SIGSYS, "SIGSYS" },
};

static const char *const reasons[ADIT_CRASH_N_REASONS] = {
  [ADIT_CRASH_NO_REASON] = "unknown",
  [ADIT_CRASH_FAULT] = "memory that is not there",
  [ADIT_CRASH_NO_POINTER] = "a pointer to nothing",
  [ADIT_CRASH_STACK_OVERFLOW] = "stack overflow",
  [ADIT_CRASH_ABORT] = "gave itself up",
  [ADIT_CRASH_TRAP] = "ran into a trap",
  [ADIT_CRASH_SYSTEM_CALL] = "system call that is not allowed",
  [ADIT_CRASH_SENT] = "sent by another process",
};

/**
 * adit_crash_note_init:
 * @self: (out): the note
 * @program: the program's name; cut where it is longer than its field
 * @build: which build it is from; cut the same
 *
 * Prepares a note while all is well.
 */
void
adit_crash_note_init (AditCrashNote *self, const char *program, const char *build)
{
  memset (self, 0, sizeof *self);
  memcpy (self->magic, MAGIC, sizeof self->magic);
  self->version = VERSION;
  self->size = sizeof *self;
  g_strlcpy (self->program, program, sizeof self->program);
  g_strlcpy (self->build, build, sizeof self->build);
}

/**
 * adit_crash_note_write:
 * @self: a note
 * @fd: a file
 *
 * May be called in a signal handler.  Waits only as long as @fd makes a writer wait.
 *
 * Returns: whether the whole note was taken
 */
gboolean
adit_crash_note_write (const AditCrashNote *self, int fd)
{
  const char *bytes = (const char *) self;
  size_t left = sizeof *self;

  while (left > 0)
    {
      ssize_t put = write (fd, bytes, left);

      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        return FALSE;
      bytes += put;
      left -= (size_t) put;
    }
  return TRUE;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "This is no crash note of ours: %s", why);
  return FALSE;
}

/* Names of our own files and threads, which are shown and sent: letters, digits and what else is in a file's name. */
static gboolean
is_name (const char *field, gsize size_bytes)
{
  if (!adit_field_is_terminated (field, size_bytes))
    return FALSE;
  for (; *field != '\0'; field++)
    if (!g_ascii_isalnum (*field) && strchr ("._-+[]:", *field) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
check_modules (const AditCrashNote *self)
{
  for (guint i = 0; i < ADIT_CRASH_MAX_MODULES; i++)
    {
      const AditCrashModule *module = &self->modules[i];

      if (i >= self->n_modules && !adit_field_is_zero (module, sizeof *module))
        return FALSE;
      if (i < self->n_modules && module->name[0] == '\0')
        return FALSE;
      if (!is_name (module->name, sizeof module->name) || module->build_id_size > ADIT_CRASH_ID_MAX_BYTES ||
          !adit_field_is_zero (module->build_id + module->build_id_size, ADIT_CRASH_ID_MAX_BYTES - module->build_id_size) ||
          !adit_field_is_zero (module->zero, sizeof module->zero))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_frames (const AditCrashNote *self, const AditCrashFrame *frames, guint n, guint max)
{
  if (n > max || !adit_field_is_zero (frames + n, (max - n) * sizeof *frames))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if ((frames[i].module == ADIT_CRASH_NO_MODULE ? frames[i].offset != 0 : frames[i].module >= self->n_modules) ||
        !adit_field_is_zero (frames[i].zero, sizeof frames[i].zero))
      return FALSE;
  return TRUE;
}

static gboolean
check_others (const AditCrashNote *self)
{
  if (self->n_others > ADIT_CRASH_MAX_OTHERS ||
      !adit_field_is_zero (self->others + self->n_others, (ADIT_CRASH_MAX_OTHERS - self->n_others) * sizeof self->others[0]))
    return FALSE;
  for (guint i = 0; i < self->n_others; i++)
    {
      const AditCrashThread *other = &self->others[i];

      if (!is_name (other->name, sizeof other->name) || other->cut > 1 || other->silent > 1 ||
          !adit_field_is_zero (other->zero, sizeof other->zero) ||
          !check_frames (self, other->frames, other->n_frames, ADIT_CRASH_OTHER_MAX_FRAMES) ||
          (other->silent && (other->name[0] != '\0' || other->n_frames > 0 || other->cut)))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_crash_note_check:
 * @self: what is said to be a note; only read where @size is that of one
 * @size: how many bytes there are
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Looks at every byte: nothing can be carried in what is not used.
 *
 * Returns: whether it is one
 */
gboolean
adit_crash_note_check (const AditCrashNote *self, gsize size, GError **error)
{
  if (size != sizeof *self)
    return refuse (error, size < sizeof *self ? "it is too short" : "it is too long");
  if (memcmp (self->magic, MAGIC, sizeof self->magic) != 0 || self->version != VERSION || self->size != sizeof *self)
    return refuse (error, "it is of another form");
  if (!is_name (self->program, sizeof self->program) || !is_name (self->build, sizeof self->build) ||
      !is_name (self->thread, sizeof self->thread) || self->program[0] == '\0')
    return refuse (error, "a name in it is none");
  if (adit_crash_signal_get_name (self->signal) == NULL || self->reason >= ADIT_CRASH_N_REASONS || self->cut > 1 ||
      (self->reason != ADIT_CRASH_SYSTEM_CALL && self->detail != 0) || !adit_field_is_zero (self->zero, sizeof self->zero))
    return refuse (error, "it names no signal or reason that there is");
  if (self->n_modules > ADIT_CRASH_MAX_MODULES || !check_modules (self) ||
      !check_frames (self, self->frames, self->n_frames, ADIT_CRASH_MAX_FRAMES) || !check_others (self))
    return refuse (error, "its frames and modules do not fit together");
  return TRUE;
}

/**
 * adit_crash_note_read:
 * @fd: a file that a note was written to, wherever its writer has left it
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT, or %ADIT_ERROR_STORE_FAILED where it cannot be read
 *
 * Reads up to the end of @fd, and never more than one byte beyond a note.
 *
 * Returns: (transfer full) (nullable): the note, to be freed with g_free()
 */
AditCrashNote *
adit_crash_note_read (int fd, GError **error)
{
  g_autofree char *bytes = g_malloc (sizeof (AditCrashNote) + 1);
  gsize have = 0;

  while (have <= sizeof (AditCrashNote))
    {
      gssize got = pread (fd, bytes + have, sizeof (AditCrashNote) + 1 - have, (off_t) have);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not read a crash note: %s", g_strerror (errno));
          return NULL;
        }
      if (got == 0)
        break;
      have += (gsize) got;
    }
  if (!adit_crash_note_check ((const AditCrashNote *) bytes, have, error))
    return NULL;
  return (AditCrashNote *) g_steal_pointer (&bytes);
}

/**
 * adit_crash_reason_describe:
 * @reason: a reason
 *
 * Returns: (transfer none): words for a developer
 */
const char *
adit_crash_reason_describe (AditCrashReason reason)
{
  g_return_val_if_fail (reason < ADIT_CRASH_N_REASONS, reasons[ADIT_CRASH_NO_REASON]);
  return reasons[reason];
}

/**
 * adit_crash_signal_get_name:
 * @number: a signal
 *
 * Returns: (transfer none) (nullable): its name; %NULL for one that notes are not written of
 */
const char *
adit_crash_signal_get_name (int number)
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signals[i].number == number)
      return signals[i].name;
  return NULL;
}
