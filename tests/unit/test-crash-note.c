/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-crash-note.c: a note comes back as it was written, and whatever is not quite one is refused. */
#include "client/report/crash-note.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"

static void
fill (AditCrashNote *note)
{
  adit_crash_note_init (note, "aditd", "1.0-abc");
  memcpy (note->thread, "pool-aditd", sizeof "pool-aditd");
  note->signal = SIGSEGV;
  note->reason = ADIT_CRASH_FAULT;
  note->n_modules = 1;
  memcpy (note->modules[0].name, "libc.so.6", sizeof "libc.so.6");
  note->modules[0].build_id_size = 20;
  memset (note->modules[0].build_id, 0xab, 20);
  note->n_frames = 2;
  note->frames[0].offset = 0x1234;
  note->frames[1].module = ADIT_CRASH_NO_MODULE;
  note->n_others = 2;
  memcpy (note->others[0].name, "gmain", sizeof "gmain");
  note->others[0].n_frames = 1;
  note->others[0].cut = 1;
  note->others[0].frames[0].offset = 0x5678;
  note->others[1].silent = 1;
  note->n_more = 3;
}

static AditCrashNote *
carry (const void *bytes, gsize size, GError **error)
{
  int fd = memfd_create ("note", 0);
  AditCrashNote *read;

  g_assert_cmpint (write (fd, bytes, size), ==, (gssize) size);
  read = adit_crash_note_read (fd, error);
  close (fd);
  return read;
}

static void
test_there_and_back (void)
{
  AditCrashNote note;
  g_autofree AditCrashNote *read = NULL;
  g_autoptr (GError) error = NULL;
  int fd = memfd_create ("note", 0);

  fill (&note);
  g_assert_true (adit_crash_note_write (&note, fd));
  read = adit_crash_note_read (fd, &error);
  close (fd);
  g_assert_false (adit_crash_note_write (&note, fd));
  g_assert_no_error (error);
  g_assert_cmpmem (read, sizeof *read, &note, sizeof note);
}

static void
test_size (void)
{
  struct { AditCrashNote note; char more; } both = { .more = 0 };
  static const gsize sizes[] = { 0, 1, 8, sizeof (AditCrashNote) - 1, sizeof (AditCrashNote) + 1 };

  fill (&both.note);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (carry (&both, sizes[i], &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

/* Each of these bytes is set to something that it may not be. */
static void
test_fields (void)
{
#define AT(field) G_STRUCT_OFFSET (AditCrashNote, field)
  static const struct { gsize at; guint8 value; } wrong[] = {
    { AT (magic), 'X' }, { AT (version), 1 }, { AT (size), 1 }, { AT (program), 0 }, { AT (program), '/' },
    { AT (program[15]), 'a' },
    { AT (program[9]), 'a' }, { AT (build[3]), '\n' }, { AT (thread), ' ' }, { AT (thread[2]), 0xc3 }, { AT (signal), SIGKILL },
    { AT (signal), 0 }, { AT (reason), ADIT_CRASH_N_REASONS }, { AT (reason) + 3, 1 }, { AT (detail), 1 }, { AT (cut), 2 },
    { AT (zero[4]), 1 }, { AT (n_modules), 0 }, { AT (n_modules), 2 }, { AT (n_modules), ADIT_CRASH_MAX_MODULES + 1 },
    { AT (n_frames), 1 }, { AT (n_frames), ADIT_CRASH_MAX_FRAMES + 1 }, { AT (modules[0].name), 0 },
    { AT (modules[0].name), '/' },
    { AT (modules[0].name[63]), 1 }, { AT (modules[0].build_id_size), 21 }, { AT (modules[0].build_id_size), 19 },
    { AT (modules[0].zero[2]), 1 }, { AT (modules[1].name), 'a' }, { AT (modules[31].build_id[4]), 1 },
    { AT (frames[0].module), 1 },
    { AT (frames[0].zero[1]), 1 }, { AT (frames[1].offset), 1 }, { AT (frames[2].offset), 1 }, { AT (frames[95].zero[1]), 1 },
    { AT (n_others), 1 }, { AT (n_others), ADIT_CRASH_MAX_OTHERS + 1 }, { AT (others[0].name), '\x1b' },
    { AT (others[0].name[15]), 'a' }, { AT (others[0].cut), 2 }, { AT (others[0].silent), 1 }, { AT (others[0].zero[3]), 1 },
    { AT (others[0].n_frames), 0 }, { AT (others[0].n_frames), ADIT_CRASH_OTHER_MAX_FRAMES + 1 },
    { AT (others[0].frames[0].module), 1 }, { AT (others[0].frames[0].zero[0]), 1 }, { AT (others[0].frames[1].offset), 1 },
    { AT (others[1].silent), 2 }, { AT (others[1].name), 'a' }, { AT (others[1].cut), 1 }, { AT (others[1].n_frames), 1 },
    { AT (others[2].silent), 1 }, { AT (others[14].frames[31].zero[1]), 1 },
  };
#undef AT
  AditCrashNote note;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      fill (&note);
      g_assert_true (adit_crash_note_check (&note, sizeof note, NULL));
      ((guint8 *) &note)[wrong[i].at] = wrong[i].value;
      if (adit_crash_note_check (&note, sizeof note, &error))
        g_error ("byte %" G_GSIZE_FORMAT " may be %u", wrong[i].at, wrong[i].value);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_words (void)
{
  g_assert_cmpstr (adit_crash_signal_get_name (SIGSYS), ==, "SIGSYS");
  g_assert_null (adit_crash_signal_get_name (SIGTERM));
  for (guint i = 0; i < ADIT_CRASH_N_REASONS; i++)
    g_assert_nonnull (adit_crash_reason_describe (i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash-note/there-and-back", test_there_and_back);
  g_test_add_func ("/crash-note/size", test_size);
  g_test_add_func ("/crash-note/fields", test_fields);
  g_test_add_func ("/crash-note/words", test_words);
  return g_test_run ();
}
