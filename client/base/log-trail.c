/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-trail.c: lines of one size, each at the place of its number, so that what is full forgets its oldest as the ring does.
 * They are written and not mapped: a disk that is full then costs a line, and not the program. */
#include "client/base/log-trail.h"

#include <string.h>
#include <unistd.h>

#define MAGIC "AditLog1"

typedef struct
{
  char    magic[8];
  guint32 owner_uid;
  guint32 record_bytes;
} Head;

typedef struct
{
  guint64 number;
  gint64  time_us;
  guint32 level, owner_uid;
  char    topic[24], text[ADIT_LOG_LINE_MAX_BYTES + 8];
} Record;

G_STATIC_ASSERT (sizeof (Head) == 16 && sizeof (Record) == 296);

static off_t
get_place (guint64 number)
{
  return (off_t) (sizeof (Head) + number % ADIT_LOG_RING_MAX_LINES * sizeof (Record));
}

/**
 * adit_log_trail_put_owner:
 * @fd: a file
 * @owner_uid: whose business what is going on is, or %ADIT_LOG_NOBODY
 *
 * Also what makes a trail of an empty file.
 */
void
adit_log_trail_put_owner (int fd, guint32 owner_uid)
{
  const Head head = { .magic = MAGIC, .owner_uid = owner_uid, .record_bytes = sizeof (Record) };

  (void) !pwrite (fd, &head, sizeof head, 0);
}

/**
 * adit_log_trail_put_line:
 * @fd: a file
 * @line: a line as the ring has it
 *
 * What cannot be written is missing later, and that is all.
 */
void
adit_log_trail_put_line (int fd, const AditLogLine *line)
{
  Record record = { .number = line->number, .time_us = line->time_us, .level = line->level, .owner_uid = line->owner_uid };

  g_strlcpy (record.topic, line->topic, sizeof record.topic);
  g_strlcpy (record.text, line->text, sizeof record.text);
  (void) !pwrite (fd, &record, sizeof record, get_place (line->number));
}

static gboolean
is_text (const char *field, gsize size_bytes)
{
  return memchr (field, '\0', size_bytes) != NULL && g_utf8_validate (field, -1, NULL);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  guint64 first = (*(AditLogLine *const *) a)->number, second = (*(AditLogLine *const *) b)->number;

  return first < second ? -1 : first > second;
}

/**
 * adit_log_trail_read:
 * @fd: a file that a program has left
 * @owner_uid: (out): whose business it was in the end; %ADIT_LOG_NOBODY where that is not told
 *
 * A line that was not written whole is left out.
 *
 * Returns: (transfer full) (element-type AditLogLine): the lines, the oldest first; none of what is no trail of this build's form
 */
GPtrArray *
adit_log_trail_read (int fd, guint32 *owner_uid)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);
  Head head;

  *owner_uid = ADIT_LOG_NOBODY;
  if (pread (fd, &head, sizeof head, 0) != sizeof head || memcmp (head.magic, MAGIC, sizeof head.magic) != 0 ||
      head.record_bytes != sizeof (Record))
    return lines;
  *owner_uid = head.owner_uid;
  for (guint64 place = 0; place < ADIT_LOG_RING_MAX_LINES; place++)
    {
      AditLogLine *line;
      Record record;

      if (pread (fd, &record, sizeof record, get_place (place)) != sizeof record || record.number == 0 ||
          record.number % ADIT_LOG_RING_MAX_LINES != place || record.level >= ADIT_N_LOG_LEVELS ||
          !is_text (record.topic, sizeof record.topic) || !is_text (record.text, sizeof record.text))
        continue;
      line = g_new0 (AditLogLine, 1);
      line->number = record.number;
      line->time_us = record.time_us;
      line->level = (AditLogLevel) record.level;
      line->owner_uid = record.owner_uid;
      line->topic = g_strdup (record.topic);
      line->text = g_strdup (record.text);
      g_ptr_array_add (lines, line);
    }
  g_ptr_array_sort (lines, compare_lines);
  return lines;
}
