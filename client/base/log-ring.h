/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-ring.h: the last lines of a program's own log, in memory alone, for whoever may read them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_LOG_RING_MAX_LINES 256    /* a day of one person's: a connection writes about ten */
#define ADIT_LOG_LINE_MAX_BYTES 240
#define ADIT_LOG_NOBODY         G_MAXUINT32    /* nobody's: uid -1 is no user (POSIX chown) */

/* The most pressing one first, as a journal counts them. */
typedef enum
{
  ADIT_LOG_WARNING = 0,
  ADIT_LOG_NOTICE,
  ADIT_LOG_INFO,
  ADIT_LOG_DEBUG,
  ADIT_N_LOG_LEVELS
} AditLogLevel;

typedef struct
{
  guint64      number;       /* from 1, one more with each line */
  gint64       time_us;      /* UTC */
  AditLogLevel level;
  guint32      owner_uid;    /* whose connection there was, or ADIT_LOG_NOBODY */
  char        *topic, *text;
} AditLogLine;

typedef struct _AditLogRing AditLogRing;

AditLogRing *adit_log_ring_new       (void);
void         adit_log_ring_free      (AditLogRing *self);
void         adit_log_ring_set_trail (AditLogRing *self, int fd);
void         adit_log_ring_set_owner (AditLogRing *self, guint32 owner_uid);
guint32      adit_log_ring_get_owner (AditLogRing *self);
void         adit_log_ring_add       (AditLogRing *self, gint64 time_us, AditLogLevel level, const char *topic, const char *text);
GPtrArray   *adit_log_ring_dup_lines (AditLogRing *self, guint64 after);

void         adit_log_line_free      (AditLogLine *self);
char        *adit_log_dup_scrubbed   (const char *text);
const char  *adit_log_level_get_nick (AditLogLevel level);
gboolean     adit_log_level_from_nick (const char *nick, AditLogLevel *level);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLogRing, adit_log_ring_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLogLine, adit_log_line_free)

G_END_DECLS
