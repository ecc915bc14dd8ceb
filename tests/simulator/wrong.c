/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong.c: what stands between a service and its customers, and what goes wrong at any of them, if the control file says so. */
#include "tests/simulator/wrong.h"

#include <string.h>

#include "tests/simulator/fault.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define BIG_BYTES (50u << 20)
#define CUT_BYTES 1000    /* promised; half of them come */
#define DEPTH     100000
#define RETRY_S   60
#define ELSEWHERE "https://elsewhere.example"
#define PORTAL    "<html><head><title>Welcome to the hotel</title></head><body><form action=\"http://portal.example/login\">" \
                  "Your room: <input name=room></form></body></html>"

/* Takes the connection away from libsoup, which would not lie about a length. */
static void
hang_up (SoupServerMessage *message, const char *last_words)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), last_words, strlen (last_words), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
cut (SoupServerMessage *message)
{
  g_autofree char *half = g_strnfill (CUT_BYTES / 2, ' ');
  g_autofree char *words = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: " REPLY_JSON "\r\nContent-Length: %d\r\n\r\n%s",
                                            CUT_BYTES, half);

  hang_up (message, words);
}

static void
reply_deep (SoupServerMessage *message, guint depth)
{
  g_autofree char *open = g_strnfill (depth, '['), *close = g_strnfill (depth, ']'), *text = g_strconcat (open, close, NULL);

  reply_text (message, 200, REPLY_JSON, text);
}

static void
throttle (const Service *service, SoupServerMessage *message, guint wait_s)
{
  g_autofree char *text = g_strdup_printf ("%u", wait_s);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", text);
  service->refuse (message, 429, "THROTTLED");
}

static void
send_away (SoupServerMessage *message, guint status)
{
  g_autofree char *target = g_strconcat (ELSEWHERE, request_get_path (message), NULL);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", target);
  reply_text (message, status, "text/html", "<html><body>Not here</body></html>");
}

static gboolean
reply_by_fault (const Service *service, SoupServerMessage *message)
{
  const char *path = request_get_path (message);
  guint status = 500, elsewhere = 302, wait_s = RETRY_S, depth = DEPTH;

  if (fault_is_on ("error", path, &status))
    service->refuse (message, status, "INTERNAL_ERROR");
  else if (fault_is_on ("throttle", path, &wait_s))
    throttle (service, message, wait_s);
  else if (fault_is_on ("deep", path, &depth))
    reply_deep (message, depth);
  else if (fault_is_on ("redirect", path, &elsewhere))
    send_away (message, elsewhere);
  else if (request_has_fault (message, "portal"))    /* RFC 6585, section 6 */
    reply_text (message, 511, "text/html", PORTAL);
  else if (request_has_fault (message, "empty"))
    reply_nothing (message, 204);
  else if (request_has_fault (message, "big"))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, REPLY_JSON, SOUP_MEMORY_TAKE, g_strnfill (BIG_BYTES, ' '), BIG_BYTES);
    }
  else if (request_has_fault (message, "html"))
    reply_text (message, 200, "text/html", "<html><body>Welcome</body></html>");
  else if (request_has_fault (message, "half"))
    reply_text (message, 200, REPLY_JSON, "{\"access_token\":\"mv");
  else
    return FALSE;
  return TRUE;
}

/**
 * wrong_answer:
 * @service: who is asked
 * @message: the request
 *
 * Returns: (nullable): %NULL if nothing was answered, as no fault is on that is a whole answer; "" if the answer has a status
 *   that can be logged; otherwise what happened to the connection, and @message is over
 */
const char *
wrong_answer (const Service *service, SoupServerMessage *message)
{
  if (request_has_fault (message, "refuse"))
    {
      hang_up (message, "");
      return "refused";
    }
  if (request_has_fault (message, "cut"))
    {
      cut (message);
      return "cut";
    }
  return reply_by_fault (service, message) ? "" : NULL;
}

/**
 * wrong_lose_answer:
 * @message: the request, after the service has done what it asks for
 *
 * Returns: whether nobody shall hear of it: the connection ended, and @message is over
 */
gboolean
wrong_lose_answer (SoupServerMessage *message)
{
  if (!request_has_fault (message, "lost"))
    return FALSE;
  hang_up (message, "");
  return TRUE;
}
