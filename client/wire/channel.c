/* SPDX-License-Identifier: GPL-2.0-or-later */
/* channel.c: one packet, one message.  SOCK_SEQPACKET keeps the borders, so there is no framing to get wrong. */
#include "client/wire/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/base/secret.h"

static gboolean
fail (GError **error, int code, const char *what)
{
  g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return FALSE;
}

/* The one byte that the compiler leaves free in front of a port. */
static void
clear_hole (AditEndpoint *endpoint)
{
  AditEndpoint clean;

  memset (&clean, 0, sizeof clean);
  clean.address = endpoint->address;
  clean.port = endpoint->port;
  memcpy (endpoint, &clean, sizeof clean);
}

static void
clear_holes (AditWireMessage *message)
{
  if (message->header.op == ADIT_WIRE_REQUEST)
    {
      for (guint i = 0; i < ADIT_SERVICE_MAX_API; i++)
        clear_hole (&message->request.api[i]);
      clear_hole (&message->request.openvpn.remote);
      clear_hole (&message->request.openvpn.proxy);
    }
  else if (message->header.op == ADIT_WIRE_API)
    for (guint i = 0; i < ADIT_SERVICE_MAX_API; i++)
      clear_hole (&message->api.endpoints[i]);
  else if (message->header.op == ADIT_WIRE_CONNECT)
    clear_hole (&message->connect.endpoint);
  else if (message->header.op == ADIT_WIRE_TUNNEL)
    clear_hole (&message->tunnel.peer);
}

/**
 * adit_channel_send:
 * @socket: one end of a SOCK_SEQPACKET pair
 * @message: begun with adit_wire_begin(), whose header says how long it is
 * @fds: (array length=n_fds) (nullable): descriptors to pass along; they stay the caller's
 * @n_fds: how many, at most %ADIT_WIRE_MAX_FDS
 * @error: return location; a #GFileError code
 *
 * Sends one message.  A receiver that is gone is an error, never a signal.
 *
 * Returns: %TRUE once the kernel has all of it
 */
gboolean
adit_channel_send (int socket, const AditWireMessage *message, const int *fds, guint n_fds, GError **error)
{
  gsize size = adit_wire_op_size (message->header.op);
  union { struct cmsghdr align; char bytes[CMSG_SPACE (sizeof (int) * ADIT_WIRE_MAX_FDS)]; } control = { 0 };
  AditWireMessage clean;
  struct iovec part = { &clean, size };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
  gssize sent;
  int code;

  if (size == 0 || message->header.size_bytes != size || n_fds > ADIT_WIRE_MAX_FDS)
    return fail (error, EINVAL, "Cannot send a message to the other process");
  if (n_fds > 0)
    {
      packet.msg_control = control.bytes;
      packet.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
      control.align.cmsg_level = SOL_SOCKET;
      control.align.cmsg_type = SCM_RIGHTS;
      control.align.cmsg_len = CMSG_LEN (sizeof (int) * n_fds);
      memcpy (CMSG_DATA (&control.align), fds, sizeof (int) * n_fds);
    }

  memset (&clean, 0, sizeof clean);
  memcpy (&clean, message, size);
  clear_holes (&clean);
  do
    sent = sendmsg (socket, &packet, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  code = sent < 0 ? errno : EMSGSIZE;
  adit_wipe (&clean, sizeof clean);
  if (sent != (gssize) size)
    return fail (error, code, "Cannot send a message to the other process");
  return TRUE;
}

/* Takes every descriptor that came, however many and in however many control messages, so that none stays open unseen. */
static guint
take_descriptors (struct msghdr *packet, int *fds, guint room, gboolean *is_clean)
{
  guint taken = 0;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (packet); part != NULL; part = CMSG_NXTHDR (packet, part))
    {
      gsize n;

      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
        {
          *is_clean = FALSE;
          continue;
        }
      n = (part->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      for (gsize i = 0; i < n; i++)
        {
          int fd;

          memcpy (&fd, CMSG_DATA (part) + i * sizeof (int), sizeof fd);
          if (taken < room)
            fds[taken++] = fd;
          else
            {
              *is_clean = FALSE;
              close (fd);
            }
        }
    }
  return taken;
}

/**
 * adit_channel_receive:
 * @socket: one end of a SOCK_SEQPACKET pair
 * @message: (out): the message; all zero behind its end
 * @length: (out): the packet's length in bytes
 * @fds: (out): room for %ADIT_WIRE_MAX_FDS descriptors, close-on-exec and yours to close; -1 where there is none
 * @n_fds: (out): how many came
 * @error: return location; a #GFileError code
 *
 * Receives one message and checks nothing in it but its length: call adit_wire_check_from_worker() or
 * adit_wire_check_from_helper() next.
 *
 * Returns: %TRUE with a message; %FALSE with @error set, or with @error unset when the other end is closed
 */
gboolean
adit_channel_receive (int socket, AditWireMessage *message, gsize *length, int *fds, guint *n_fds, GError **error)
{
  /* Room for more than may come: what the kernel would cut off (MSG_CTRUNC) it closes itself, but an honest count is better. */
  union { struct cmsghdr align; char bytes[CMSG_SPACE (sizeof (int) * (ADIT_WIRE_MAX_FDS + 2))]; } control;
  struct iovec part = { message, sizeof *message };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control };
  gboolean is_clean = TRUE;
  gssize received;

  memset (&control, 0, sizeof control);
  memset (message, 0, sizeof *message);
  *length = 0;
  *n_fds = 0;
  for (guint i = 0; i < ADIT_WIRE_MAX_FDS; i++)
    fds[i] = -1;

  do
    received = recvmsg (socket, &packet, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received < 0)
    return fail (error, errno, "Cannot receive a message from the other process");

  *n_fds = take_descriptors (&packet, fds, ADIT_WIRE_MAX_FDS, &is_clean);
  /* A packet of no bytes cannot be told from the end of the stream, and no message is empty. */
  if (received > 0 && is_clean && (packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0)
    {
      *length = (gsize) received;
      return TRUE;
    }

  for (guint i = 0; i < *n_fds; i++)
    {
      close (fds[i]);
      fds[i] = -1;
    }
  *n_fds = 0;
  adit_wipe (message, sizeof *message);
  if (received == 0)
    return FALSE;
  return fail (error, EMSGSIZE, "A message from the other process is too long or carries too much");
}
