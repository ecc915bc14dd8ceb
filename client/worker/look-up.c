/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look-up.c: asks a resolver over a TCP connection of the helper's.  The C library's own resolver would want files and sockets,
 * which a worker does not have. */
#include "client/worker/look-up.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/worker/dns-question.h"

#define LENGTH_BYTES 2       /* in front of each message over TCP: RFC 1035, section 4.2.2 */
#define TIME_MS      5000    /* as long as the C library's resolver waits (resolv.conf(5)) */

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, text);
  return FALSE;
}

/* Either sends or receives all of @bytes; the socket does not block. */
static gboolean
move (int socket, gboolean out, guint8 *bytes, gsize size, gint64 end_us, GError **error)
{
  for (gsize done = 0; done < size;)
    {
      struct pollfd wait = { .fd = socket, .events = out ? POLLOUT : POLLIN };
      gint64 left_ms = (end_us - g_get_monotonic_time ()) / 1000;
      int ready = left_ms > 0 ? poll (&wait, 1, (int) left_ms) : 0;
      gssize n;

      if (ready == 0)
        return fail (error, "The resolver did not answer in time");
      if (ready < 0)
        n = -1;
      else
        n = out ? send (socket, bytes + done, size - done, MSG_NOSIGNAL) : recv (socket, bytes + done, size - done, 0);
      if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        return fail (error, "The connection to the resolver broke off");
      done += n > 0 ? (gsize) n : 0;
    }
  return TRUE;
}

static gboolean
talk (int socket, const char *host, gint64 end_us, AditAddress *address, GError **error)
{
  guint8 question[LENGTH_BYTES + ADIT_DNS_QUESTION_MAX_BYTES], length[LENGTH_BYTES], answer[ADIT_DNS_ANSWER_MAX_BYTES];
  AditDnsQuestion asked = { .host = host, .family = ADIT_FAMILY_IPV4 };
  AditAddress addresses[ADIT_DNS_MAX_ADDRESSES];
  gsize question_bytes, answer_bytes;
  guint n_addresses;

  if (getentropy (&asked.id, sizeof asked.id) != 0)
    return fail (error, "There are no random numbers");
  question_bytes = adit_dns_question_encode (&asked, question + LENGTH_BYTES);
  if (question_bytes == 0)
    return fail (error, "The service's name is no host name");
  question[0] = (guint8) (question_bytes >> 8);
  question[1] = (guint8) question_bytes;
  if (!move (socket, TRUE, question, LENGTH_BYTES + question_bytes, end_us, error) ||
      !move (socket, FALSE, length, sizeof length, end_us, error))
    return FALSE;
  answer_bytes = (gsize) length[0] << 8 | length[1];
  if (answer_bytes > sizeof answer)
    return fail (error, "The resolver's answer is too long");
  if (!move (socket, FALSE, answer, answer_bytes, end_us, error) ||
      !adit_dns_answer_parse (&asked, answer, answer_bytes, addresses, &n_addresses, error))
    return FALSE;
  *address = addresses[0];
  return TRUE;
}

/**
 * adit_worker_look_up:
 * @self: a worker
 * @resolver: an address that the request lets it connect to
 * @host: a host name
 * @address: (out caller-allocates): its first public IPv4 address
 * @error: return location; %ADIT_ERROR_SERVICE_UNREACHABLE, %ADIT_ERROR_SERVICE_REFUSED or
 *   %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Blocks, for five seconds beyond the connecting at the most.
 *
 * Returns: %TRUE with an address
 */
gboolean
adit_worker_look_up (AditWorker *self, const AditEndpoint *resolver, const char *host, AditAddress *address, GError **error)
{
  int socket = adit_worker_connect (self, resolver, error);
  gboolean found;

  if (socket < 0)
    return FALSE;
  found = talk (socket, host, g_get_monotonic_time () + MIN (TIME_MS, adit_worker_get_left_ms (self)) * (gint64) 1000, address,
                error);
  close (socket);
  return found;
}
