/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.c: a question for the root's name servers, made as long as the packet has to be.  That an answer came is all that is
 * looked at; what it says is thrown away unread with its socket. */
#include "platform/path.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib-unix.h>

#define TRIES        3
#define TRY_MS     700    /* more than the round trip around the world, by satellite too */
#define DNS_PORT    53
#define IPV4_BYTES  28    /* of a packet that are not the question: RFC 791, RFC 768 */
#define IPV6_BYTES  48    /* RFC 8200, RFC 768 */
#define MAX_BYTES 9000

/* RFC 1035, 4.1: a header with one question and one additional record; the name of no labels, type NS, class IN.  RFC 6891,
 * 6.1.2: the record OPT, which takes answers of 1232 bytes.  RFC 7830, 3: its option 12 is padding. */
static const guint8 question[] = { 0x41, 0x44, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1,
                                   0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0 };
#define OPT_LENGTH_AT 26    /* of all its options */
#define PAD_LENGTH_AT 30

struct _AditPathProbe
{
  int          fd;
  guint        source, timer, n_sent;
  guint8       bytes[MAX_BYTES];
  gsize        length;
  AditPathTold told;
  gpointer     user_data;
};

static void
write_number (guint8 *bytes, guint number)
{
  bytes[0] = (guint8) (number >> 8);
  bytes[1] = (guint8) number;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  AditPathProbe *self = user_data;
  char nothing;

  /* A refusal by the kernel, of this computer's or the resolver's, is an error here and no answer. */
  if (recv (fd, &nothing, 1, MSG_DONTWAIT) < 0)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  self->told (TRUE, self->user_data);    /* may free us */
  return G_SOURCE_REMOVE;
}

static gboolean
on_try (gpointer user_data)
{
  AditPathProbe *self = user_data;

  if (self->n_sent++ < TRIES)
    {
      (void) send (self->fd, self->bytes, self->length, MSG_DONTWAIT | MSG_NOSIGNAL);
      return G_SOURCE_CONTINUE;
    }
  self->timer = 0;
  self->told (FALSE, self->user_data);    /* may free us */
  return G_SOURCE_REMOVE;
}

static int
open_socket (const AditAddress *resolver)
{
  gboolean is_ipv4 = resolver->family == ADIT_FAMILY_IPV4;
  struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons (DNS_PORT) };
  struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons (DNS_PORT) };
  /* Never in pieces, and never shorter because of what an earlier one has met. */
  const int whole4 = IP_PMTUDISC_PROBE, whole6 = IPV6_PMTUDISC_PROBE;
  int fd = socket (is_ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  memcpy (&to4.sin_addr, resolver->bytes, sizeof to4.sin_addr);
  memcpy (&to6.sin6_addr, resolver->bytes, sizeof to6.sin6_addr);
  if (fd >= 0 &&
      ((is_ipv4 ? setsockopt (fd, IPPROTO_IP, IP_MTU_DISCOVER, &whole4, sizeof whole4)
                : setsockopt (fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &whole6, sizeof whole6)) != 0 ||
       (is_ipv4 ? connect (fd, (struct sockaddr *) &to4, sizeof to4)
                : connect (fd, (struct sockaddr *) &to6, sizeof to6)) != 0))
    {
      close (fd);
      return -1;
    }
  return fd;
}

/**
 * adit_path_probe_new:
 * @resolver: who answers names inside the tunnel
 * @packet_bytes: how long the packet is, with its headers; what is too short for a question is made as short as one can be
 * @told: called once from the main loop: whether an answer came; may free the probe
 * @user_data: for @told
 *
 * Returns: (transfer full) (nullable): a probe; %NULL where nothing can be sent
 */
AditPathProbe *
adit_path_probe_new (const AditAddress *resolver, guint packet_bytes, AditPathTold told, gpointer user_data)
{
  guint headers = resolver->family == ADIT_FAMILY_IPV4 ? IPV4_BYTES : IPV6_BYTES;
  AditPathProbe *self;
  int fd = open_socket (resolver);

  if (fd < 0)
    return NULL;
  self = g_new0 (AditPathProbe, 1);
  self->fd = fd;
  self->told = told;
  self->user_data = user_data;
  self->length = CLAMP (packet_bytes, headers + sizeof question, headers + MAX_BYTES) - headers;
  memcpy (self->bytes, question, sizeof question);
  write_number (self->bytes + OPT_LENGTH_AT, (guint) (self->length - OPT_LENGTH_AT - 2));
  write_number (self->bytes + PAD_LENGTH_AT, (guint) (self->length - sizeof question));
  self->source = g_unix_fd_add (fd, G_IO_IN | G_IO_ERR, on_readable, self);
  (void) on_try (self);
  self->timer = g_timeout_add (TRY_MS, on_try, self);
  return self;
}

/**
 * adit_path_probe_free:
 * @self: (nullable): a probe, which says nothing any more
 */
void
adit_path_probe_free (AditPathProbe *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->timer, g_source_remove);
  close (self->fd);
  g_free (self);
}
