/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-ring.c: what is full forgets its oldest line.  Whatever a line should not hold, and might through another program's words,
 * is taken out before it is kept. */
#include "client/base/log-ring.h"

#include <string.h>

#include "client/base/log-trail.h"

#define NUMBER_MIN_DIGITS 12    /* the shortest account number has more; of times in microseconds none that is worth a line */
#define KEY_MIN_BYTES     40    /* a WireGuard key is 44 in base64 */

struct _AditLogRing
{
  GMutex  mutex;    /* a library's thread may log */
  GQueue  lines;    /* (element-type AditLogLine): the oldest first */
  guint64 last_number;
  guint32 owner_uid;
  int     trail;          /* a file, or -1 */
  guint64 n_in_trail;
};

static const char *const nicks[ADIT_N_LOG_LEVELS] = {
  [ADIT_LOG_WARNING] = "warning", [ADIT_LOG_NOTICE] = "notice", [ADIT_LOG_INFO] = "info", [ADIT_LOG_DEBUG] = "debug",
};

/**
 * adit_log_level_get_nick:
 * @level: how pressing a line is
 *
 * Returns: (transfer none): the word for it, in the log and on the bus
 */
const char *
adit_log_level_get_nick (AditLogLevel level)
{
  return nicks[level];
}

/**
 * adit_log_level_from_nick:
 * @nick: a word
 * @level: (out): what it stands for
 *
 * Returns: whether it stands for a level
 */
gboolean
adit_log_level_from_nick (const char *nick, AditLogLevel *level)
{
  for (guint i = 0; i < ADIT_N_LOG_LEVELS; i++)
    if (g_str_equal (nicks[i], nick))
      {
        *level = (AditLogLevel) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * adit_log_line_free:
 * @self: (nullable): a line
 */
void
adit_log_line_free (AditLogLine *self)
{
  if (self == NULL)
    return;
  g_free (self->topic);
  g_free (self->text);
  g_free (self);
}

/* --- What is taken out ----------------------------------------------------------------------------------------------------- */

static gsize
measure (const char *text, const char *also)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || (text[n] != '\0' && strchr (also, text[n]) != NULL))
    n++;
  return n;
}

/* An IPv4 address, with a port or not; or anything with two colons in it and nothing but what an IPv6 address is made of. */
static gboolean
is_address (const char *word, gsize length)
{
  guint dots = 0, colons = 0, letters = 0;

  for (gsize i = 0; i < length; i++)
    if (word[i] == '.')
      dots++;
    else if (word[i] == ':')
      colons++;
    else if (!g_ascii_isxdigit (word[i]))
      return FALSE;
    else
      letters += g_ascii_isalpha (word[i]) != 0;
  return colons >= 2 || (dots == 3 && letters == 0);
}

/* Digits as people group them: "1234 5678 9012 3456". */
static gsize
measure_number (const char *text)
{
  gsize n = 0, end = 0;
  guint digits = 0;

  while (g_ascii_isdigit (text[n]) || ((text[n] == ' ' || text[n] == '-') && n > 0 && g_ascii_isdigit (text[n + 1]) &&
                                       g_ascii_isdigit (text[n - 1])))
    {
      digits += g_ascii_isdigit (text[n]) != 0;
      end = ++n;
    }
  return digits >= NUMBER_MIN_DIGITS ? end : 0;
}

/**
 * adit_log_dup_scrubbed:
 * @text: a line, in UTF-8
 *
 * Returns: (transfer full): the same without addresses, long numbers, and what looks like a key
 */
char *
adit_log_dup_scrubbed (const char *text)
{
  GString *kept = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize key = measure (text, "+/="), word = measure (text, ".:"), number = measure_number (text);

      /* The stop at the end of a sentence is none of the word's. */
      while (word > 0 && (text[word - 1] == '.' || (text[word - 1] == ':' && (word < 2 || text[word - 2] != ':'))))
        word--;
      if (key >= KEY_MIN_BYTES)
        g_string_append (kept, "[key]");
      else if (number > 0)
        g_string_append (kept, "[number]");
      else if (is_address (text, word))
        g_string_append (kept, "[address]");
      else
        {
          gsize plain = MAX (measure (text, ""), 1);    /* what is behind a colon or a stop is looked at for itself */

          g_string_append_len (kept, text, (gssize) plain);
          text += plain;
          continue;
        }
      text += key >= KEY_MIN_BYTES ? key : number > 0 ? number : word;
    }
  return g_string_free (kept, FALSE);
}

/* --- The ring -------------------------------------------------------------------------------------------------------------- */

/**
 * adit_log_ring_new:
 *
 * Returns: (transfer full): a ring without a line, of nobody
 */
AditLogRing *
adit_log_ring_new (void)
{
  AditLogRing *self = g_new0 (AditLogRing, 1);

  g_mutex_init (&self->mutex);
  g_queue_init (&self->lines);
  self->owner_uid = ADIT_LOG_NOBODY;
  self->trail = -1;
  return self;
}

/**
 * adit_log_ring_free:
 * @self: (nullable): a ring that nobody adds to any more
 */
void
adit_log_ring_free (AditLogRing *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->lines, (GDestroyNotify) adit_log_line_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * adit_log_ring_set_trail:
 * @self: a ring
 * @fd: an empty file, which stays the caller's; -1 for none
 *
 * What the ring has, and each line from now on, is written there as well (log-trail.h).
 */
void
adit_log_ring_set_trail (AditLogRing *self, int fd)
{
  g_mutex_lock (&self->mutex);
  self->trail = fd;
  if (fd >= 0)
    adit_log_trail_put_owner (fd, self->owner_uid);
  for (GList *at = self->lines.head; fd >= 0 && at != NULL; at = at->next)
    adit_log_trail_put_line (fd, self->n_in_trail++, at->data);
  g_mutex_unlock (&self->mutex);
}

/**
 * adit_log_ring_set_owner:
 * @self: a ring
 * @owner_uid: whose business the lines are from now on, or %ADIT_LOG_NOBODY
 */
void
adit_log_ring_set_owner (AditLogRing *self, guint32 owner_uid)
{
  g_mutex_lock (&self->mutex);
  if (self->trail >= 0 && owner_uid != self->owner_uid)
    adit_log_trail_put_owner (self->trail, owner_uid);
  self->owner_uid = owner_uid;
  g_mutex_unlock (&self->mutex);
}

/**
 * adit_log_ring_get_owner:
 * @self: a ring
 *
 * Returns: whose business the next line would be, or %ADIT_LOG_NOBODY
 */
guint32
adit_log_ring_get_owner (AditLogRing *self)
{
  guint32 owner_uid;

  g_mutex_lock (&self->mutex);
  owner_uid = self->owner_uid;
  g_mutex_unlock (&self->mutex);
  return owner_uid;
}

/**
 * adit_log_ring_add:
 * @self: a ring
 * @time_us: when, in microseconds of UTC
 * @level: how pressing it is
 * @topic: of what part of the program
 * @text: what happened; of more than %ADIT_LOG_LINE_MAX_BYTES the rest is not kept
 */
void
adit_log_ring_add (AditLogRing *self, gint64 time_us, AditLogLevel level, const char *topic, const char *text)
{
  AditLogLine *line = g_new0 (AditLogLine, 1);
  g_autofree char *valid = g_utf8_make_valid (text, -1), *scrubbed = adit_log_dup_scrubbed (valid);
  gsize length = strlen (scrubbed);

  if (length > ADIT_LOG_LINE_MAX_BYTES)
    length = (gsize) (g_utf8_find_prev_char (scrubbed, scrubbed + ADIT_LOG_LINE_MAX_BYTES + 1) - scrubbed);
  line->time_us = time_us;
  line->level = level;
  line->topic = g_strdup (topic);
  line->text = g_strndup (scrubbed, length);
  g_mutex_lock (&self->mutex);
  line->number = self->last_number = MAX (self->last_number + 1, (guint64) g_get_monotonic_time ());
  line->owner_uid = self->owner_uid;
  g_queue_push_tail (&self->lines, line);
  if (self->trail >= 0)
    adit_log_trail_put_line (self->trail, self->n_in_trail++, line);
  if (self->lines.length > ADIT_LOG_RING_MAX_LINES)
    adit_log_line_free (g_queue_pop_head (&self->lines));
  g_mutex_unlock (&self->mutex);
}

/**
 * adit_log_ring_dup_lines:
 * @self: a ring
 * @after: the number of the last line that is known already; 0: none is
 *
 * Returns: (transfer full) (element-type AditLogLine): copies of those after it, the oldest first
 */
GPtrArray *
adit_log_ring_dup_lines (AditLogRing *self, guint64 after)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);

  g_mutex_lock (&self->mutex);
  for (GList *at = self->lines.head; at != NULL; at = at->next)
    {
      const AditLogLine *line = at->data;
      AditLogLine *copy;

      if (line->number <= after)
        continue;
      copy = g_memdup2 (line, sizeof *line);
      copy->topic = g_strdup (line->topic);
      copy->text = g_strdup (line->text);
      g_ptr_array_add (lines, copy);
    }
  g_mutex_unlock (&self->mutex);
  return lines;
}
