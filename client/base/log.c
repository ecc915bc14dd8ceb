/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c: one line a message on standard error, with the topic in front; under systemd the journal adds the rest. */
#include "client/base/log.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "adit-"

static const char *program_name = "adit";
static char      **debug_topics;
static AditLogRing *ring;    /* (nullable): once lines are kept */

static gboolean
is_topic_wanted (const char *domain)
{
  if (debug_topics == NULL || domain == NULL || !g_str_has_prefix (domain, PREFIX))
    return FALSE;
  return g_strv_contains ((const char *const *) debug_topics, "all") ||
         g_strv_contains ((const char *const *) debug_topics, domain + strlen (PREFIX));
}

static AditLogLevel
find_level (GLogLevelFlags level)
{
  return level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR) ? ADIT_LOG_WARNING
       : level & G_LOG_LEVEL_MESSAGE ? ADIT_LOG_NOTICE : level & G_LOG_LEVEL_INFO ? ADIT_LOG_INFO : ADIT_LOG_DEBUG;
}

/* Our own topics alone: of what a library says nobody knows what is in it. */
static void
keep_line (GLogLevelFlags level, const char *domain, const char *message, gsize length)
{
  g_autofree char *text = NULL;

  if (ring == NULL || domain == NULL || !g_str_has_prefix (domain, PREFIX) ||
      (level & G_LOG_LEVEL_DEBUG && !is_topic_wanted (domain)))
    return;
  text = g_strndup (message, length);
  adit_log_ring_add (ring, g_get_real_time (), find_level (level), domain + strlen (PREFIX), text);
}

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *message = "", *domain = NULL, *word = "";
  gsize length = 0;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        {
          message = fields[i].value;
          length = fields[i].length < 0 ? strlen (message) : (gsize) fields[i].length;
        }
      else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
        domain = fields[i].value;
    }

  keep_line (level, domain, message, length);
  if (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO))
    {
      if (!is_topic_wanted (domain))
        return G_LOG_WRITER_HANDLED;
    }
  else if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    word = "warning: ";

  fprintf (stderr, "%s: %s%s%s%.*s\n", program_name, word,
           domain != NULL && g_str_has_prefix (domain, PREFIX) ? domain + strlen (PREFIX) : "",
           domain != NULL && g_str_has_prefix (domain, PREFIX) ? ": " : "", (int) length, message);
  return G_LOG_WRITER_HANDLED;
}

/**
 * adit_log_init:
 * @program: the program's name, a literal
 *
 * Sends all of GLib's structured log to standard error.  Called once, first thing in main().
 */
void
adit_log_init (const char *program)
{
  const char *topics = g_getenv ("ADIT_DEBUG");

  program_name = program;
  if (topics != NULL && topics[0] != '\0')
    debug_topics = g_strsplit_set (topics, ", ", -1);
  g_log_set_writer_func (write_line, NULL, NULL);
}

/**
 * adit_log_keep:
 *
 * From now on the last lines stay in memory, those of level "info" too.
 *
 * Returns: (transfer none): where; for as long as the program runs
 */
AditLogRing *
adit_log_keep (void)
{
  if (ring == NULL)
    ring = adit_log_ring_new ();
  return ring;
}
