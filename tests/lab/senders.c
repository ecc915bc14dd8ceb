/* SPDX-License-Identifier: GPL-2.0-or-later */
/* senders.c: one thread in the client's namespace and a table of ways out.  The addresses are those of internet.c. */
#include "tests/lab/senders.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/lab.h"

#define CABLE         "eth0"
#define OWN4          "10.10.0.2"
#define OWN6          "2001:db8:10::2"
#define GATEWAY4      "10.10.0.1"
#define WEB6          "2001:db8:ff::80"
#define DNS6          "2001:db8:ff::53"
#define API6          "2001:db8:ff::10"
#define EXIT6         "2001:db8:ff::110"
#define LAN4          "10.10.0.3"
#define LAN6          "2001:db8:10::3"
#define OTHER_DNS4    "198.51.100.53"
#define ROUND_US      10000
#define MAX_TRIES     10000000    /* a walk of a hundred thousand steps; a lab that takes longer has failed anyway */
#define MAGIC_BYTES   (sizeof ADIT_SENDERS_MAGIC - 1)
#define PACKET_BYTES  128
#define DISCARD_PORT  9          /* RFC 863 */

typedef enum { WAY_UDP, WAY_DEVICE_UDP, WAY_TCP, WAY_DNS, WAY_ECHO, WAY_RAW, WAY_FRAME } WayKind;

typedef struct { WayKind kind; const char *address; guint16 port; } Way;

static const Way ways[] = {
  { WAY_UDP,        ADIT_LAB_WEB_ADDRESS,  DISCARD_PORT },
  { WAY_UDP,        WEB6,                  DISCARD_PORT },
  { WAY_DEVICE_UDP, ADIT_LAB_WEB_ADDRESS,  DISCARD_PORT },
  { WAY_DEVICE_UDP, WEB6,                  DISCARD_PORT },
  { WAY_TCP,        ADIT_LAB_WEB_ADDRESS,  80 },
  { WAY_TCP,        WEB6,                  80 },
  { WAY_ECHO,       ADIT_LAB_WEB_ADDRESS,  0 },
  { WAY_ECHO,       WEB6,                  0 },
  { WAY_RAW,        ADIT_LAB_WEB_ADDRESS,  DISCARD_PORT },
  { WAY_RAW,        WEB6,                  DISCARD_PORT },
  { WAY_FRAME,      ADIT_LAB_WEB_ADDRESS,  DISCARD_PORT },
  { WAY_FRAME,      WEB6,                  DISCARD_PORT },
  { WAY_DNS,        ADIT_LAB_DNS_ADDRESS,  53 },
  { WAY_DNS,        DNS6,                  53 },
  { WAY_DNS,        OTHER_DNS4,            53 },
  { WAY_DNS,        LAN4,                  53 },
  { WAY_DNS,        LAN6,                  53 },
  { WAY_TCP,        ADIT_LAB_DNS_ADDRESS,  53 },
  { WAY_TCP,        DNS6,                  53 },
  { WAY_TCP,        OTHER_DNS4,            53 },
  { WAY_TCP,        LAN4,                  53 },
  { WAY_TCP,        LAN6,                  53 },
  { WAY_TCP,        ADIT_LAB_DNS_ADDRESS,  853 },
  { WAY_TCP,        DNS6,                  853 },
  /* The lock opens these two for marked sockets only; a program that merely knows the addresses has no mark. */
  { WAY_UDP,        ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT },
  { WAY_UDP,        EXIT6,                 ADIT_LAB_EXIT_PORT },
  { WAY_FRAME,      ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT },
  { WAY_TCP,        ADIT_LAB_API_ADDRESS,  443 },
  { WAY_TCP,        API6,                  443 },
  { WAY_UDP,        LAN4,                  DISCARD_PORT },
  { WAY_UDP,        LAN6,                  DISCARD_PORT },
  { WAY_UDP,        "10.10.0.255",         DISCARD_PORT },
  { WAY_UDP,        "224.0.0.251",         5353 },    /* mDNS: RFC 6762, section 3 */
  { WAY_UDP,        "ff02::fb",            5353 },
  { WAY_UDP,        "239.255.255.250",     1900 },    /* SSDP */
};

struct _AditSenders
{
  char       *space;
  char        device[IF_NAMESIZE];    /* the cable, or what there is in its place */
  GThread    *thread;
  gint        stopping;
  guint       n_tried;    /* the thread's own, as are the two below */
  guint       index;      /* of @device */
  guint16     tcp_port;
  GMutex      lock;       /* guards all below */
  GHashTable *tried;      /* phase -> guint in place */
  guint      *now;        /* (nullable): lies in @tried */
};

static gboolean
is_v6 (const char *address)
{
  return strchr (address, ':') != NULL;
}

static socklen_t
fill (struct sockaddr_storage *storage, const char *address, guint16 port, guint index)
{
  struct sockaddr_in *v4 = (struct sockaddr_in *) storage;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) storage;

  memset (storage, 0, sizeof *storage);
  if (!is_v6 (address))
    {
      v4->sin_family = AF_INET;
      v4->sin_port = htons (port);
      inet_pton (AF_INET, address, &v4->sin_addr);
      return sizeof *v4;
    }
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons (port);
  inet_pton (AF_INET6, address, &v6->sin6_addr);
  if (IN6_IS_ADDR_LINKLOCAL (&v6->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL (&v6->sin6_addr))
    v6->sin6_scope_id = index;
  return sizeof *v6;
}

static guint16
sum_words (guint32 sum, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum += i % 2 == 0 ? (guint32) bytes[i] << 8 : bytes[i];
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return (guint16) sum;
}

static void
put16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

/* A whole IP packet with a UDP header and the magic, both checksums right: what gets out is to be answered. */
static gsize
make_packet (guint8 *ip, const char *to, guint16 port)
{
  gboolean v6 = is_v6 (to);
  guint8 *udp = ip + (v6 ? 40 : 20), *addresses = ip + (v6 ? 8 : 12);
  gsize udp_bytes = 8 + MAGIC_BYTES, address_bytes = v6 ? 32 : 8;
  guint16 sum;

  memset (ip, 0, PACKET_BYTES);
  inet_pton (v6 ? AF_INET6 : AF_INET, v6 ? OWN6 : OWN4, addresses);
  inet_pton (v6 ? AF_INET6 : AF_INET, to, addresses + address_bytes / 2);
  put16 (udp, DISCARD_PORT);
  put16 (udp + 2, port);
  put16 (udp + 4, (guint) udp_bytes);
  memcpy (udp + 8, ADIT_SENDERS_MAGIC, MAGIC_BYTES);
  sum = sum_words ((guint32) udp_bytes + IPPROTO_UDP, addresses, address_bytes);
  sum = (guint16) ~sum_words (sum, udp, udp_bytes);
  put16 (udp + 6, sum != 0 ? sum : 0xffff);
  if (v6)
    {
      ip[0] = 0x60;
      put16 (ip + 4, (guint) udp_bytes);
      ip[6] = IPPROTO_UDP;
      ip[7] = 64;
      return 40 + udp_bytes;
    }
  ip[0] = 0x45;
  put16 (ip + 2, (guint) (20 + udp_bytes));
  ip[8] = 64;
  ip[9] = IPPROTO_UDP;
  put16 (ip + 10, (guint16) ~sum_words (0, ip, 20));
  return 20 + udp_bytes;
}

/* An A question for a name that nobody has. */
static gsize
make_question (guint8 *packet)
{
  static const guint8 head[12] = { 0xad, 0x17, 0x01, 0x00, 0, 1 },
                      tail[] = { 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1 };

  memcpy (packet, head, sizeof head);
  packet[12] = MAGIC_BYTES;
  memcpy (packet + 13, ADIT_SENDERS_MAGIC, MAGIC_BYTES);
  memcpy (packet + 13 + MAGIC_BYTES, tail, sizeof tail);
  return 13 + MAGIC_BYTES + sizeof tail;
}

static gsize
make_echo (guint8 *packet, gboolean v6)
{
  memset (packet, 0, 8);
  packet[0] = v6 ? 128 : 8;
  memcpy (packet + 8, ADIT_SENDERS_MAGIC, MAGIC_BYTES);
  if (!v6)    /* the kernel fills in ICMPv6's: RFC 3542, section 3.1 */
    put16 (packet + 2, (guint16) ~sum_words (0, packet, 8 + MAGIC_BYTES));
  return 8 + MAGIC_BYTES;
}

static void
send_datagram (AditSenders *self, const Way *way)
{
  gboolean v6 = is_v6 (way->address), raw = way->kind == WAY_ECHO || way->kind == WAY_RAW;
  int protocol = way->kind == WAY_RAW ? IPPROTO_RAW : way->kind != WAY_ECHO ? 0 : v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
  int fd = socket (v6 ? AF_INET6 : AF_INET, (raw ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), one = 1;
  struct ip_mreqn mreq = { .imr_ifindex = (int) self->index };
  int index = (int) self->index;
  struct sockaddr_storage to;
  socklen_t to_bytes = fill (&to, way->address, raw ? 0 : way->port, self->index);
  guint8 packet[PACKET_BYTES];
  gsize n = MAGIC_BYTES;

  if (fd < 0)
    return;
  memcpy (packet, ADIT_SENDERS_MAGIC, MAGIC_BYTES);
  if (way->kind == WAY_RAW)
    n = make_packet (packet, way->address, way->port);
  else if (way->kind == WAY_ECHO)
    n = make_echo (packet, v6);
  else if (way->kind == WAY_DNS)
    n = make_question (packet);
  if (way->kind == WAY_DEVICE_UDP)
    setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, self->device, (socklen_t) strlen (self->device));
  setsockopt (fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
  /* As programs that announce themselves do: a default route elsewhere does not change where the group is. */
  setsockopt (fd, IPPROTO_IP, IP_MULTICAST_IF, &mreq, sizeof mreq);
  setsockopt (fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
  sendto (fd, packet, n, 0, (struct sockaddr *) &to, to_bytes);
  close (fd);
}

static void
begin_stream (AditSenders *self, const Way *way)
{
  int fd = socket (is_v6 (way->address) ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
  struct linger at_once = { .l_onoff = 1 };    /* no FIN, no TIME_WAIT: the port is free again */
  struct sockaddr_storage from, to;
  socklen_t bytes = fill (&from, is_v6 (way->address) ? "::" : "0.0.0.0", self->tcp_port, 0);

  self->tcp_port = self->tcp_port < ADIT_SENDERS_TCP_LAST ? self->tcp_port + 1 : ADIT_SENDERS_TCP_FIRST;
  if (fd < 0)
    return;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fill (&to, way->address, way->port, self->index);
  /* Without its own port it would be taken for the worker's: better not sent. */
  if (bind (fd, (struct sockaddr *) &from, bytes) == 0)
    (void) !connect (fd, (struct sockaddr *) &to, bytes);
  close (fd);
}

/* The gateway's hardware address if the kernel knows it; a frame to everyone shows on the cable too,
 * but no router takes it on. */
static void
find_gateway (AditSenders *self, int fd, guint8 *mac)
{
  struct arpreq request = { 0 };
  struct sockaddr_in *gateway = (struct sockaddr_in *) &request.arp_pa;

  memcpy (request.arp_dev, self->device, sizeof request.arp_dev);
  gateway->sin_family = AF_INET;
  inet_pton (AF_INET, GATEWAY4, &gateway->sin_addr);
  if (ioctl (fd, SIOCGARP, &request) == 0 && (request.arp_flags & ATF_COM) != 0)
    memcpy (mac, request.arp_ha.sa_data, ETH_ALEN);
  else
    memset (mac, 0xff, ETH_ALEN);
}

static void
send_frame (AditSenders *self, const Way *way)
{
  struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = (int) self->index, .sll_halen = ETH_ALEN };
  int fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
      other_fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  guint8 frame[ETH_HLEN + PACKET_BYTES] = { 0 };
  struct ifreq request = { 0 };
  gsize n = ETH_HLEN + make_packet (frame + ETH_HLEN, way->address, way->port);

  memcpy (request.ifr_name, self->device, sizeof request.ifr_name);
  if (ioctl (other_fd, SIOCGIFHWADDR, &request) == 0)
    memcpy (frame + ETH_ALEN, request.ifr_hwaddr.sa_data, ETH_ALEN);
  find_gateway (self, other_fd, frame);
  put16 (frame + 12, is_v6 (way->address) ? ETH_P_IPV6 : ETH_P_IP);
  sendto (fd, frame, n, 0, (struct sockaddr *) &to, sizeof to);
  if (fd >= 0)
    close (fd);
  if (other_fd >= 0)
    close (other_fd);
}

static void
try_way (AditSenders *self, const Way *way)
{
  gboolean resting;

  g_mutex_lock (&self->lock);
  resting = self->now == NULL;
  if (!resting)
    (*self->now)++;
  g_mutex_unlock (&self->lock);
  if (resting)
    return;
  self->n_tried++;
  if (way->kind == WAY_TCP)
    begin_stream (self, way);
  else if (way->kind == WAY_FRAME)
    send_frame (self, way);
  else
    send_datagram (self, way);
}

static gpointer
send_all (gpointer data)
{
  AditSenders *self = data;
  int back_fd;

  if (!adit_lab_switch (self->space, &back_fd, NULL))
    g_error ("the namespace %s has gone", self->space);
  close (back_fd);    /* this thread ends there */
  while (!g_atomic_int_get (&self->stopping) && self->n_tried < MAX_TRIES)
    {
      self->index = if_nametoindex (self->device);    /* a test may have made it anew */
      for (guint i = 0; i < G_N_ELEMENTS (ways) && !g_atomic_int_get (&self->stopping); i++)
        try_way (self, &ways[i]);
      g_usleep (ROUND_US);
    }
  return NULL;
}

/**
 * adit_senders_start:
 * @space: the client's namespace
 * @error: return location
 *
 * Starts a thread that tries every way out, IPv4 and IPv6, about a hundred times a second: UDP, TCP, echo requests, DNS, port
 * 853, what the lock opens for marked sockets but without the mark, neighbours and multicast, sockets bound to the cable, and
 * packets and frames made by hand.  Nothing waits for an answer.  After %MAX_TRIES tries it rests.
 *
 * Returns: (transfer full): senders that rest until they are given a phase
 */
AditSenders *
adit_senders_start (const char *space, GError **error)
{
  return adit_senders_start_on (space, CABLE, error);
}

/**
 * adit_senders_start_on:
 * @space: the client's namespace
 * @device: what leads out of it in place of the cable
 * @error: return location
 *
 * As adit_senders_start().
 *
 * Returns: (transfer full): senders that rest until they are given a phase
 */
AditSenders *
adit_senders_start_on (const char *space, const char *device, GError **error)
{
  AditSenders *self;
  int back_fd;

  if (!adit_lab_switch (space, &back_fd, error))    /* so that the thread cannot fail there */
    return NULL;
  adit_lab_switch_back (back_fd);
  self = g_new0 (AditSenders, 1);
  self->space = g_strdup (space);
  g_strlcpy (self->device, device, sizeof self->device);
  self->tcp_port = ADIT_SENDERS_TCP_FIRST;
  g_mutex_init (&self->lock);
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->thread = g_thread_new ("senders", send_all, self);
  return self;
}

/**
 * adit_senders_set_phase:
 * @self: senders
 * @phase: a name; one used before goes on counting, "" is a rest
 *
 * What is tried from now on counts for @phase.
 */
void
adit_senders_set_phase (AditSenders *self, const char *phase)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->now = g_hash_table_lookup (self->tried, phase);
  if (self->now != NULL || *phase == '\0')
    return;
  self->now = g_new0 (guint, 1);
  g_hash_table_insert (self->tried, g_strdup (phase), self->now);
}

/**
 * adit_senders_get_tried:
 * @self: senders
 * @phase: a name
 *
 * Returns: how often something was tried in @phase, whether or not the kernel refused it at once
 */
guint
adit_senders_get_tried (AditSenders *self, const char *phase)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const guint *tried = g_hash_table_lookup (self->tried, phase);

  return tried != NULL ? *tried : 0;
}

/**
 * adit_senders_stop:
 * @self: (transfer full): senders
 *
 * Waits until the round at hand is broken off.
 */
void
adit_senders_stop (AditSenders *self)
{
  g_atomic_int_set (&self->stopping, 1);
  g_thread_join (self->thread);
  g_hash_table_unref (self->tried);
  g_mutex_clear (&self->lock);
  g_free (self->space);
  g_free (self);
}
