/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names-asked.c: does whoever is to answer this computer's names answer at all?  Asked for the servers of the root zone, which
 * says nothing of anybody; the lock lets that out exactly where it lets out everybody's questions. */
#include "client/cli/cli.h"

#include <string.h>

#define PORT      53
#define WAIT_US   (1500 * 1000)    /* each time: twice is longer than a packet around the world and back */
#define TRIES     2

/* RFC 1035, section 4.1: one question, recursion desired; the name "", type NS, class IN. */
static const guint8 question[] = { 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1 };

static gboolean
ask_once (GSocket *socket)
{
  guint16 id = (guint16) g_random_int ();
  guint8 packet[sizeof question], answer[512];
  gint64 end_us = g_get_monotonic_time () + WAIT_US;

  memcpy (packet, question, sizeof packet);
  memcpy (packet, &id, sizeof id);
  if (g_socket_send (socket, (const char *) packet, sizeof packet, NULL, NULL) != sizeof packet)
    return FALSE;
  for (gint64 left_us = WAIT_US; left_us > 0; left_us = end_us - g_get_monotonic_time ())
    {
      gssize length;

      if (!g_socket_condition_timed_wait (socket, G_IO_IN, left_us, NULL, NULL))
        return FALSE;
      length = g_socket_receive (socket, (char *) answer, sizeof answer, NULL, NULL);
      if (length < 0)
        return FALSE;
      if (length >= 12 && memcmp (answer, &id, sizeof id) == 0 && (answer[2] & 0x80) != 0)
        return TRUE;    /* whatever it says: somebody is there */
    }
  return FALSE;
}

/**
 * adit_cli_answers_names:
 * @server: a resolver's address
 *
 * Waits up to three seconds.
 *
 * Returns: whether it answers
 */
gboolean
adit_cli_answers_names (const char *server)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (server, PORT);
  g_autoptr (GSocket) socket = NULL;

  if (address == NULL)
    return FALSE;
  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, NULL))
    return FALSE;
  g_socket_set_blocking (socket, FALSE);
  for (guint i = 0; i < TRIES; i++)
    if (ask_once (socket))
      return TRUE;
  return FALSE;
}
