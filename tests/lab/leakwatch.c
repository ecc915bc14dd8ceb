/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leakwatch.c: a packet socket on the router's end of the client's cable.  What no list names is outside. */
#include "tests/lab/leakwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/lab.h"
#include "tests/lab/senders.h"

#define BUFFER_BYTES (8 << 20)    /* so that a burst is not lost while this thread waits for a processor */
#define SETTLE_US    150000       /* frames on their way when a phase ends still belong to it */

typedef struct { guint allowed, outside; GHashTable *keys; } Phase;

struct _AditLeakwatch
{
  int         fd;
  GThread    *thread;
  gint        stopping;
  GMutex      lock;       /* guards all below */
  GHashTable *phases;     /* name -> Phase */
  Phase      *now, *before;
  char      **allowed, **allowed_before;
  gint64      since_us;   /* real time at which @now began */
};

static void
phase_free (gpointer data)
{
  Phase *phase = data;

  g_hash_table_unref (phase->keys);
  g_free (phase);
}

static const char *
name_protocol (guint8 protocol)
{
  return protocol == IPPROTO_TCP ? "tcp" : protocol == IPPROTO_UDP ? "udp" : protocol == IPPROTO_ICMP ? "icmp"
         : protocol == IPPROTO_ICMPV6 ? "icmp6" : "ip";
}

/* Whether the first @bits of @address are those of @prefix. */
static gboolean
is_within (const guint8 *address, const char *prefix, guint bits)
{
  guint8 bytes[16];

  inet_pton (AF_INET6, prefix, bytes);
  for (guint i = 0; i < bits; i++)
    if (((address[i / 8] ^ bytes[i / 8]) & (0x80 >> i % 8)) != 0)
      return FALSE;
  return TRUE;
}

/* RFC 3810, 5.2: every group of a report is one of neighbour solicitation. */
static gboolean
names_only_solicited (const guint8 *report, gsize n)
{
  gsize at = 8;

  for (guint left = n >= 8 ? report[6] << 8 | report[7] : 1; left > 0; left--)
    {
      if (at + 20 > n || !is_within (report + at + 4, "ff02::1:ff00:0", 104))
        return FALSE;
      at += 20 + 16u * (report[at + 2] << 8 | report[at + 3]) + 4u * report[at + 1];
    }
  return TRUE;
}

/* The forms without which a link does not work, in every state, and not one more: SECURITY.md has the same list in words.  DHCP's
 * client side, neighbour discovery of this link (hop limit 255: never forwarded), MLD reports. */
static gboolean
is_link_upkeep (gboolean v6, guint8 protocol, const guint8 *ip, const guint8 *upper, gsize n)
{
  static const guint8 everyone[] = { 255, 255, 255, 255 };
  const guint8 *from = ip + 8, *to = ip + 24;
  gboolean link_local = v6 && is_within (to, "fe80::", 10);

  if (protocol == IPPROTO_UDP && n >= 4)
    {
      guint from_port = upper[0] << 8 | upper[1], to_port = upper[2] << 8 | upper[3];

      if (!v6)
        return memcmp (ip + 16, everyone, sizeof everyone) == 0 && from_port == 68 && to_port == 67;
      return is_within (from, "fe80::", 10) && (is_within (to, "ff02::1:2", 128) || is_within (to, "ff05::1:3", 128))
             && from_port == 546 && to_port == 547;
    }
  if (!v6 || protocol != IPPROTO_ICMPV6 || n < 2)
    return FALSE;
  if (upper[0] == 143)
    return is_within (to, "ff02::16", 128) && ip[7] == 1 && names_only_solicited (upper, n);
  if (ip[7] != 255 || upper[1] != 0)
    return FALSE;
  return (upper[0] == 133 && is_within (to, "ff02::2", 128))
         || (upper[0] == 135 && (link_local || is_within (to, "ff02::1:ff00:0", 104)))
         || (upper[0] == 136 && (link_local || is_within (to, "ff02::1", 128)));
}

/* Frames by which a cable works at all: ARP, and logging in to it. */
static gboolean
is_cable_upkeep (guint16 type)
{
  return type == ETH_P_ARP || type == ETH_P_PAE || type == ETH_P_PPP_DISC;
}

/* What senders.c made.  Inside the tunnel it is enciphered, so wherever this is seen, a program got past the tunnel. */
static gboolean
is_senders (const guint8 *frame, gsize length, guint8 protocol, const guint8 *upper, gsize n)
{
  guint from_port = n >= 2 ? upper[0] << 8 | upper[1] : 0;

  return (protocol == IPPROTO_TCP && from_port >= ADIT_SENDERS_TCP_FIRST && from_port <= ADIT_SENDERS_TCP_LAST)
         || memmem (frame, length, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC - 1) != NULL;
}

/* "protocol:address:port" (ICMP: its type) of a frame, or NULL for what is always allowed.  "rogue:" stands before what
 * senders.c sent: no list names that. */
static char *
describe (const guint8 *frame, gsize length)
{
  guint16 type = length >= ETH_HLEN ? frame[12] << 8 | frame[13] : 0;
  const guint8 *ip = frame + ETH_HLEN;
  gsize n = length >= ETH_HLEN ? length - ETH_HLEN : 0, header;
  char address[INET6_ADDRSTRLEN];
  gboolean v6 = type == ETH_P_IPV6;
  gboolean rogue;
  guint8 protocol;
  guint port = 0;

  if (is_cable_upkeep (type))
    return NULL;
  if ((type != ETH_P_IP && !v6) || n < (v6 ? 40 : 20))
    return g_strdup_printf ("eth:%04x", type);
  header = v6 ? 40 : (ip[0] & 15) * 4u;
  protocol = v6 ? ip[6] : ip[9];
  if (v6 && protocol == IPPROTO_HOPOPTS && n >= header + 8)    /* MLD carries a router alert there */
    {
      protocol = ip[header];
      header += 8 + ip[header + 1] * 8u;
    }
  header = MIN (header, n);
  rogue = is_senders (frame, length, protocol, ip + header, n - header);
  if (!rogue && is_link_upkeep (v6, protocol, ip, ip + header, n - header))
    return NULL;
  inet_ntop (v6 ? AF_INET6 : AF_INET, v6 ? ip + 24 : ip + 16, address, sizeof address);
  if ((protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) && n >= header + 4)
    port = ip[header + 2] << 8 | ip[header + 3];
  else if (n > header)
    port = ip[header];
  return g_strdup_printf ("%s%s:%s:%u", rogue ? "rogue:" : "", name_protocol (protocol), address, port);
}

/* A frame belongs to the phase in which the kernel saw it, not to the one in which this thread got to read it. */
static void
count (AditLeakwatch *self, const guint8 *frame, gsize length, gint64 seen_us)
{
  g_autofree char *key = describe (frame, length);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Phase *phase = seen_us < self->since_us ? self->before : self->now;
  char **allowed = seen_us < self->since_us ? self->allowed_before : self->allowed;

  if (key == NULL || (allowed != NULL && g_strv_contains ((const char *const *) allowed, key)))
    {
      phase->allowed++;
      return;
    }
  phase->outside++;
  g_hash_table_add (phase->keys, g_steal_pointer (&key));
}

static gint64
get_time_us (struct msghdr *message)
{
  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL; control = CMSG_NXTHDR (message, control))
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS)
      {
        struct timespec time;

        memcpy (&time, CMSG_DATA (control), sizeof time);
        return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
      }
  return g_get_real_time ();
}

static gpointer
watch (gpointer data)
{
  AditLeakwatch *self = data;

  while (!g_atomic_int_get (&self->stopping))
    {
      struct pollfd poll_fd = { .fd = self->fd, .events = POLLIN };
      struct sockaddr_ll from;
      guint8 frame[2048];
      char control[CMSG_SPACE (sizeof (struct timespec))];
      struct iovec part = { frame, sizeof frame };
      struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1,
                                .msg_control = control, .msg_controllen = sizeof control };
      gssize n;

      if (poll (&poll_fd, 1, 50) <= 0)
        continue;
      n = recvmsg (self->fd, &message, 0);
      if (n > 0 && from.sll_pkttype != PACKET_OUTGOING)    /* outgoing is towards the client */
        count (self, frame, (gsize) n, get_time_us (&message));
    }
  return NULL;
}

static Phase *
get_phase (AditLeakwatch *self, const char *name)
{
  Phase *phase = g_hash_table_lookup (self->phases, name);

  if (phase == NULL)
    {
      phase = g_new0 (Phase, 1);
      phase->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->phases, g_strdup (name), phase);
    }
  return phase;
}

/**
 * adit_leakwatch_start:
 * @space: the router's namespace
 * @device: its end of the client's cable
 * @error: return location
 *
 * Returns: (transfer full): a watcher that counts already, in the phase "start", in which nothing but link upkeep is allowed
 */
AditLeakwatch *
adit_leakwatch_start (const char *space, const char *device, GError **error)
{
  struct sockaddr_ll own = { .sll_family = AF_PACKET, .sll_protocol = htons (ETH_P_ALL) };
  int back_fd, fd, saved, bytes = BUFFER_BYTES, on = 1;
  AditLeakwatch *self;
  gboolean ok;

  if (!adit_lab_switch (space, &back_fd, error))
    return NULL;
  fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons (ETH_P_ALL));
  own.sll_ifindex = (int) if_nametoindex (device);
  ok = fd >= 0 && own.sll_ifindex > 0 && bind (fd, (struct sockaddr *) &own, sizeof own) == 0;
  saved = errno;
  adit_lab_switch_back (back_fd);
  if (!ok)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "cannot watch %s: %s", device, g_strerror (saved));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  self = g_new0 (AditLeakwatch, 1);
  self->fd = fd;
  g_mutex_init (&self->lock);
  self->phases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, phase_free);
  self->now = self->before = get_phase (self, "start");
  self->thread = g_thread_new ("leakwatch", watch, self);
  return self;
}

/**
 * adit_leakwatch_set_phase:
 * @self: a watcher
 * @phase: a name; one used before goes on counting
 * @allowed: (nullable): keys such as "udp:198.51.100.10:51820"; link upkeep is always allowed, and what
 *   senders.c sent never is
 *
 * Waits a moment first, so that frames on their way count where they belong.
 */
void
adit_leakwatch_set_phase (AditLeakwatch *self, const char *phase, const char *const *allowed)
{
  g_usleep (SETTLE_US);
  g_mutex_lock (&self->lock);
  g_strfreev (self->allowed_before);
  self->allowed_before = self->allowed;
  self->before = self->now;
  self->since_us = g_get_real_time ();
  self->now = get_phase (self, phase);
  self->allowed = g_strdupv ((char **) allowed);
  g_mutex_unlock (&self->lock);
}

/**
 * adit_leakwatch_get_allowed:
 * @self: a watcher
 * @phase: a name
 *
 * Returns: frames from the client that the phase allows
 */
guint
adit_leakwatch_get_allowed (AditLeakwatch *self, const char *phase)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return get_phase (self, phase)->allowed;
}

/**
 * adit_leakwatch_get_outside:
 * @self: a watcher
 * @phase: a name
 *
 * Returns: frames from the client that the phase does not allow
 */
guint
adit_leakwatch_get_outside (AditLeakwatch *self, const char *phase)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return get_phase (self, phase)->outside;
}

/**
 * adit_leakwatch_dup_keys:
 * @self: a watcher
 * @phase: a name
 *
 * Returns: (transfer full): what was outside, each key once, separated by spaces
 */
char *
adit_leakwatch_dup_keys (AditLeakwatch *self, const char *phase)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char **keys = (char **) g_hash_table_get_keys_as_array (get_phase (self, phase)->keys, NULL);

  return g_strjoinv (" ", keys);
}

/**
 * adit_leakwatch_stop:
 * @self: (transfer full): a watcher
 */
void
adit_leakwatch_stop (AditLeakwatch *self)
{
  g_atomic_int_set (&self->stopping, 1);
  g_thread_join (self->thread);
  close (self->fd);
  g_hash_table_unref (self->phases);
  g_strfreev (self->allowed);
  g_strfreev (self->allowed_before);
  g_mutex_clear (&self->lock);
  g_free (self);
}
