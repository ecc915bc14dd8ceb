/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-ask.c: a question by UDP (RFC 1035), and its answer. */
#include "tests/lab/dns-ask.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/lab.h"

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
  static const guint8 question[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\3web\7example\0\0\1\0";
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (53) };
  struct timeval limit = { .tv_sec = 3 };
  guint8 packet[512];
  char text[INET_ADDRSTRLEN] = "";
  int back_fd, fd;
  gssize n;

  memcpy (packet, question, sizeof question);
  packet[sizeof question - 1] = 1;    /* class IN, in the place of the string's own end */
  inet_pton (AF_INET, server, &to.sin_addr);
  g_assert_true (adit_lab_switch ("client", &back_fd, NULL));
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back_fd);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sendto (fd, packet, sizeof question, 0, (struct sockaddr *) &to, sizeof to);
  n = recv (fd, packet, sizeof packet, 0);
  close (fd);
  if (n > (gssize) sizeof question + 4)    /* the last four bytes are the address */
    inet_ntop (AF_INET, packet + n - 4, text, sizeof text);
  return g_strdup (text);
}
