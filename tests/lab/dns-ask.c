/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-ask.c: a question by UDP (RFC 1035), and its answer. */
#include "tests/lab/dns-ask.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/lab.h"

/* Number 0x1234, recursion wanted, one question: type A, class IN. */
static gsize
write_question (guint8 *packet, const char *name)
{
  static const guint8 head[] = { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, tail[] = { 0, 0, 1, 0, 1 };
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  gsize at = sizeof head;

  memcpy (packet, head, sizeof head);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      packet[at] = (guint8) strlen (labels[i]);
      memcpy (packet + at + 1, labels[i], packet[at]);
      at += 1 + (gsize) packet[at];
    }
  memcpy (packet + at, tail, sizeof tail);
  return at + sizeof tail;
}

/**
 * adit_lab_ask_for_web:
 * @server: a name server's IPv4 address
 *
 * Asks from the client for the address of web.example.
 *
 * Returns: (transfer full): the answer; "" if there was none
 */
char *
adit_lab_ask_for_web (const char *server)
{
  return adit_lab_ask_for (server, "web.example");
}

/**
 * adit_lab_ask_for:
 * @server: a name server's IPv4 address
 * @name: a name of at most 200 letters
 *
 * Asks from the client for the name's address.
 *
 * Returns: (transfer full): the answer; "" if there was none
 */
char *
adit_lab_ask_for (const char *server, const char *name)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (53) };
  struct timeval limit = { .tv_sec = 3 };
  guint8 packet[512];
  char text[INET_ADDRSTRLEN] = "";
  int back_fd, fd;
  gsize length;
  gssize n;

  g_assert_cmpuint (strlen (name), <=, 200);
  length = write_question (packet, name);
  inet_pton (AF_INET, server, &to.sin_addr);
  g_assert_true (adit_lab_switch ("client", &back_fd, NULL));
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back_fd);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sendto (fd, packet, length, 0, (struct sockaddr *) &to, sizeof to);
  n = recv (fd, packet, sizeof packet, 0);
  close (fd);
  if (n > (gssize) length + 4)    /* the last four bytes are the address */
    inet_ntop (AF_INET, packet + n - 4, text, sizeof text);
  return g_strdup (text);
}
