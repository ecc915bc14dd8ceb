/* SPDX-License-Identifier: GPL-2.0-or-later */
/* send-answer.c: reads what a report server answers.  Of all that a stranger can say only this gets out: one of three words, and
 * for how long we are to be quiet, which is at most a day. */
#include "client/worker/send-answer.h"

#include <string.h>

#include "client/base/error.h"

#define DEFAULT_PAUSE_S 60    /* what Sentry's own clients take where a server is busy and does not say for how long */

/* "60", and also "60.5", which is rounded up.  What is no number is 0, and so is what is negative. */
static guint
read_seconds (const char *text, gsize length)
{
  guint64 seconds = 0;
  gsize i = 0;

  for (; i < length && g_ascii_isdigit (text[i]); i++)
    seconds = MIN (seconds * 10 + (guint64) (text[i] - '0'), ADIT_WIRE_RETRY_MAX_S);
  if (i > 0 && i < length && text[i] == '.')
    {
      gsize end = i + 1;

      while (end < length && g_ascii_isdigit (text[end]))
        end++;
      seconds += strspn (text + i + 1, "0") < end - i - 1 ? 1 : 0;
      i = end;
    }
  return i == length ? (guint) MIN (seconds, ADIT_WIRE_RETRY_MAX_S) : 0;
}

/* An event with an exception counts as "error", one with words as "default"; no category means each. */
static gboolean
is_about_events (const char *categories, gsize length)
{
  g_autofree char *text = g_ascii_strdown (categories, (gssize) length);
  g_auto (GStrv) each = g_strsplit (text, ";", -1);

  return length == 0 || g_strv_contains ((const char *const *) each, "error") ||
         g_strv_contains ((const char *const *) each, "default");
}

/* "60:error;transaction:organization:reason, 2700::organization": the longest that is about us. */
static guint
read_limits (const char *text)
{
  g_auto (GStrv) limits = g_strsplit (text, ",", -1);
  guint longest = 0;

  for (guint i = 0; limits[i] != NULL; i++)
    {
      const char *limit = g_strstrip (limits[i]), *categories = strchr (limit, ':');
      gsize n = categories != NULL ? strcspn (categories + 1, ":") : 0;

      if (categories != NULL && is_about_events (categories + 1, n))
        longest = MAX (longest, read_seconds (limit, (gsize) (categories - limit)));
    }
  return longest;
}

/* RFC 9110, 10.2.3: seconds or a date. */
static guint
read_retry (const AditSendHeaders *headers, gint64 now_s)
{
  guint seconds = read_seconds (headers->retry_after, strlen (headers->retry_after));

  if (seconds > 0 || headers->retry_after[0] == '\0' || g_ascii_isdigit (headers->retry_after[0]))
    return seconds;
  return (guint) CLAMP (headers->retry_at_s - now_s, 0, ADIT_WIRE_RETRY_MAX_S);
}

static AditWireSend
judge (guint status)
{
  if (status >= 200 && status < 300)
    return ADIT_WIRE_SEND_DONE;
  /* Too slow, too early, too many, or a fault of its own: another time it may take what it does not take now. */
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return ADIT_WIRE_SEND_LATER;
  return ADIT_WIRE_SEND_REFUSED;    /* also where it sends us elsewhere: whoever chose this server did not choose that one */
}

/**
 * adit_send_answer_read:
 * @headers: what came back
 * @now_s: the helper's clock
 * @reported: (inout): a message, begun; outcome, status and pause are filled in
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE for a status that there is not
 *
 * A server may also say with a yes that it wants to be left alone from now on
 * (https://develop.sentry.dev/sdk/expected-features/rate-limiting/).  Its own header is believed before the general one.
 *
 * Returns: whether it is an answer
 */
gboolean
adit_send_answer_read (const AditSendHeaders *headers, gint64 now_s, AditWireReported *reported, GError **error)
{
  if (headers->status < 200 || headers->status > 599)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The report server's answer has no status");
      return FALSE;
    }
  reported->status = headers->status;
  reported->outcome = judge (headers->status);
  reported->retry_after_s = headers->rate_limits[0] != '\0' ? read_limits (headers->rate_limits) : read_retry (headers, now_s);
  if (headers->status == 429 && reported->retry_after_s == 0)
    reported->retry_after_s = DEFAULT_PAUSE_S;
  if (reported->outcome == ADIT_WIRE_SEND_REFUSED)
    reported->retry_after_s = 0;
  return TRUE;
}
