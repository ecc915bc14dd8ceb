/* SPDX-License-Identifier: GPL-2.0-or-later */
/* channel.h: sends and receives wire messages and their descriptors over one socket. */
#pragma once

#include "client/wire/wire.h"

G_BEGIN_DECLS

/* Both are blocking when the socket is, and wipe nothing: the caller owns @message and wipes it.  Descriptors are received
 * close-on-exec into @fds (at least ADIT_WIRE_MAX_FDS of them) and belong to the caller; too many, or a truncated packet, is
 * an error and leaks none.  receive answers FALSE with @error unset at the end of the stream, and G_FILE_ERROR_AGAIN when
 * the socket does not block and has nothing. */
gboolean adit_channel_send    (int socket, const AditWireMessage *message, const int *fds, guint n_fds, GError **error);
gboolean adit_channel_receive (int socket, AditWireMessage *message, gsize *length, int *fds, guint *n_fds, GError **error);

G_END_DECLS
