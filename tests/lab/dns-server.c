/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-server.c: answers A and AAAA of the lab's names and writes down who asked.  usage: lab-dns-server ADDRESS LOG-FILE
 * One line a question: the server's address, the asker's, the name, the type; the root has no name and no line.  By UDP and by
 * TCP; no answer here is long.
 * Every name below OWN_SUFFIX has the server's own address, and may be kept for five minutes: so an answer tells who gave it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib.h>

#define HEADER_BYTES 12    /* RFC 1035, section 4.1.1 */
#define TYPE_A       1
#define TYPE_AAAA    28    /* RFC 3596, section 2.1 */
#define ASK_MAX_S    2     /* how long one that asks by TCP may keep the others waiting */
#define RCODE_NAME   3     /* RFC 1035, section 4.1.1: no such name */
#define OWN_SUFFIX   ".kept.example"
#define KEPT_S       300

static const struct { const char *name, *address4, *address6; } names[] = {
  { "web.example",           "203.0.113.80", "2001:db8:ff::80" },
  { "lan.example",           "10.10.0.3",    "2001:db8:10::3" },
  { "ipv4.am.i.mullvad.net", "192.0.2.10",   "2001:db8:ff::10" },    /* the service's own page, on its API's computer */
  { "api.ivpn.net",          "192.0.2.12",   "2001:db8:ff::12" },
  { "www.ovpn.com",          "192.0.2.14",   NULL },
  { "status.ovpn.com",       "192.0.2.14",   NULL },
  { "api.mysteriumvpn.com",  "192.0.2.16",   NULL },
  { "app.mysteriumvpn.com",  "192.0.2.16",   NULL },
  { "reports.lab.example",   "192.0.2.18",   NULL },    /* servers for reports */
  { "sidecar.lab.example",   "192.0.2.19",   NULL },
  { "pool-1.prd.no.oslo.ovpn.com", "198.51.100.20", NULL },    /* where that service's list says that OpenVPN is */
  { "pool-2.prd.no.oslo.ovpn.com", "198.51.100.20", NULL },
};

static int log_fd;
static const char *own_text;

/* The question's name in dotted small letters; the offset after it, or 0 if the packet is no plain question. */
static gsize
read_name (const guint8 *packet, gsize length, char *name, gsize size)
{
  gsize at = HEADER_BYTES, used = 0;

  while (at < length && packet[at] != 0)
    {
      guint8 label = packet[at++];

      if (label > 63 || at + label > length || used + label + 2 > size)
        return 0;
      if (used > 0)
        name[used++] = '.';
      for (; label > 0; label--, at++)
        name[used++] = isgraph (packet[at]) ? (char) tolower (packet[at]) : '?';
    }
  name[used] = '\0';
  return at + 5 <= length ? at + 1 : 0;
}

/* Turns the question in @packet into its answer; returns the answer's length, 0 for none. */
static gsize
answer (guint8 *packet, gsize length, gsize size, char *name, gsize name_size, guint *type)
{
  gsize at = length >= HEADER_BYTES ? read_name (packet, length, name, name_size) : 0;
  const char *address4 = NULL, *address6 = NULL;

  if (at == 0 || (packet[2] & 0x80) != 0 || packet[4] != 0 || packet[5] != 1)
    return 0;
  *type = packet[at] << 8 | packet[at + 1];
  at += 4;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].name, name) == 0)
      {
        address4 = names[i].address4;
        address6 = names[i].address6;
      }
  if (g_str_has_suffix (name, OWN_SUFFIX))
    address4 = own_text;
  packet[2] = 0x84 | (packet[2] & 1);
  packet[3] = address4 != NULL ? 0x80 : 0x80 | RCODE_NAME;
  memset (packet + 6, 0, 6);
  if ((*type == TYPE_A && address4 != NULL) || (*type == TYPE_AAAA && address6 != NULL))
    {
      gboolean v6 = *type == TYPE_AAAA;
      guint ttl_s = address4 == own_text ? KEPT_S : 0;
      const guint8 record[12] = { 0xc0, HEADER_BYTES, 0, (guint8) *type, 0, 1, 0, 0, (guint8) (ttl_s >> 8), (guint8) ttl_s, 0,
                                  v6 ? 16 : 4 };

      if (at + sizeof record + record[11] > size)
        return 0;
      packet[7] = 1;
      memcpy (packet + at, record, sizeof record);
      inet_pton (v6 ? AF_INET6 : AF_INET, v6 ? address6 : address4, packet + at + sizeof record);
      at += sizeof record + record[11];
    }
  return at;
}

static void
write_down (const struct sockaddr_in *peer, const char *name, guint type)
{
  char from[INET_ADDRSTRLEN];

  if (name[0] == '\0')
    return;
  inet_ntop (AF_INET, &peer->sin_addr, from, sizeof from);
  dprintf (log_fd, "%s %s %s %u\n", own_text, from, name, type);
}

static void
serve_udp (int fd)
{
  guint8 packet[1500];
  char name[256] = "";
  struct sockaddr_in peer;
  socklen_t peer_bytes = sizeof peer;
  gssize n = recvfrom (fd, packet, 512, 0, (struct sockaddr *) &peer, &peer_bytes);
  guint type = 0;
  gsize reply = n > 0 ? answer (packet, (gsize) n, sizeof packet, name, sizeof name, &type) : 0;

  if (reply == 0)
    return;
  write_down (&peer, name, type);
  sendto (fd, packet, reply, 0, (struct sockaddr *) &peer, peer_bytes);
}

/* One question, with its length in front (RFC 1035, section 4.2.2), and the end. */
static void
serve_tcp (int listener)
{
  guint8 packet[2 + 1500];
  char name[256] = "";
  struct sockaddr_in peer;
  socklen_t peer_bytes = sizeof peer;
  struct timeval patience = { .tv_sec = ASK_MAX_S };
  int fd = accept4 (listener, (struct sockaddr *) &peer, &peer_bytes, SOCK_CLOEXEC);
  guint type = 0;
  gsize length, reply = 0;

  if (fd < 0)
    return;
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (recv (fd, packet, 2, MSG_WAITALL) == 2 && (length = packet[0] << 8 | packet[1]) <= 512 &&
      recv (fd, packet + 2, length, MSG_WAITALL) == (gssize) length)
    reply = answer (packet + 2, length, sizeof packet - 2, name, sizeof name, &type);
  if (reply > 0)
    {
      write_down (&peer, name, type);
      packet[0] = (guint8) (reply >> 8);
      packet[1] = (guint8) reply;
      send (fd, packet, 2 + reply, MSG_NOSIGNAL);
    }
  close (fd);
}

int
main (int argc, char **argv)
{
  struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons (53) };
  struct pollfd fds[] = { { .fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), .events = POLLIN },
                          { .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .events = POLLIN } };
  int yes = 1;

  log_fd = argc == 3 ? open (argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;

  if (argc != 3 || inet_pton (AF_INET, argv[1], &own.sin_addr) != 1)
    {
      fprintf (stderr, "usage: lab-dns-server ADDRESS LOG-FILE\n");
      return 2;
    }
  own_text = argv[1];
  setsockopt (fds[1].fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (log_fd < 0 || bind (fds[0].fd, (struct sockaddr *) &own, sizeof own) != 0 ||
      bind (fds[1].fd, (struct sockaddr *) &own, sizeof own) != 0 || listen (fds[1].fd, 16) != 0)
    {
      perror ("lab-dns-server");
      return 1;
    }
  for (;;)
    {
      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
        continue;
      if (fds[0].revents != 0)
        serve_udp (fds[0].fd);
      if (fds[1].revents != 0)
        serve_tcp (fds[1].fd);
    }
}
