/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-note.h: all that a dying process says of itself: numbers, and names of files and threads.  No word of it comes from the
 * heap, a stack or a register. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_CRASH_NOTE_MAX_BYTES 8192          /* of any form of it; for who keeps one unread */
#define ADIT_CRASH_MAX_MODULES   32
#define ADIT_CRASH_MAX_FRAMES    96             /* of the thread that crashed */
#define ADIT_CRASH_MAX_OTHERS    15             /* threads beside that one */
#define ADIT_CRASH_OTHER_MAX_FRAMES 32          /* of each of them */
#define ADIT_CRASH_NO_MODULE     G_MAXUINT16    /* a frame outside of all modules: a jump into nowhere */
#define ADIT_CRASH_ID_MAX_BYTES  20             /* SHA-1, which is what ld makes by itself: --build-id in ld(1) */

typedef enum
{
  ADIT_CRASH_NO_REASON,
  ADIT_CRASH_FAULT,             /* memory that is not there or not ours */
  ADIT_CRASH_NO_POINTER,        /* within the first page: a pointer that was never set */
  ADIT_CRASH_STACK_OVERFLOW,    /* beside this thread's stack */
  ADIT_CRASH_ABORT,             /* the process gave itself up: an assertion, or the C library about its heap */
  ADIT_CRASH_TRAP,              /* g_error, or a trap of the compiler's */
  ADIT_CRASH_SYSTEM_CALL,       /* one that the sandbox does not allow; detail is its number */
  ADIT_CRASH_SENT,              /* the signal came from another process */
  ADIT_CRASH_N_REASONS
} AditCrashReason;

typedef struct
{
  guint32 offset;     /* as the module's file counts; for a caller an address inside of its call, not behind it */
  guint16 module;     /* which of the modules, or ADIT_CRASH_NO_MODULE and then offset is 0 */
  guint8  zero[2];
} AditCrashFrame;

/* One that did not crash. */
typedef struct
{
  char           name[16];
  guint16        n_frames;
  guint8         cut;         /* 1: as for the one that crashed, or it was not through with its walk in time */
  guint8         silent;      /* 1: it did not answer, and there is nothing else */
  guint8         zero[4];
  AditCrashFrame frames[ADIT_CRASH_OTHER_MAX_FRAMES];
} AditCrashThread;

typedef struct
{
  char   name[64];    /* without its folder */
  guint8 build_id[ADIT_CRASH_ID_MAX_BYTES];
  guint8 build_id_size;    /* 0 where the file has none */
  guint8 zero[3];
} AditCrashModule;

/* One form, of one size, written by one call. */
typedef struct
{
  char            magic[8];
  guint32         version, size;    /* of this form */
  char            program[16], build[40], thread[16];
  gint32          signal;
  guint32         reason;           /* AditCrashReason */
  guint32         detail;           /* number of a system call, else 0 */
  guint16         n_modules, n_frames;
  guint8          cut;              /* 1: there were more frames than this, or the walk itself came to a fault */
  guint8          n_others;
  guint8          n_more;           /* threads for which there was no room; 255 stands for more, too */
  guint8          zero[5];
  AditCrashModule modules[ADIT_CRASH_MAX_MODULES];
  AditCrashFrame  frames[ADIT_CRASH_MAX_FRAMES];
  AditCrashThread others[ADIT_CRASH_MAX_OTHERS];
} AditCrashNote;

void           adit_crash_note_init      (AditCrashNote *self, const char *program, const char *build);
gboolean       adit_crash_note_write     (const AditCrashNote *self, int fd);
AditCrashNote *adit_crash_note_read      (int fd, GError **error);
gboolean       adit_crash_note_check     (const AditCrashNote *self, gsize size, GError **error);
const char    *adit_crash_reason_describe (AditCrashReason reason);
const char    *adit_crash_signal_get_name (int number);

G_END_DECLS
