/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delay.c: a box with two sockets on the cable between a computer and the router, because not every kernel has netem.  A frame
 * that the kernel saw arrive at one end leaves at the other when its time has come; one that finds the queue full is dropped, as
 * by any router, and where that is wanted so many of a thousand are, by a die that is thrown alike in every run. */
#include "tests/bench/delay.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/lab.h"

#define BOX         "delay"      /* the box's own namespace */
#define NEAR        "near"       /* its end towards the computer */
#define FAR         "far"        /* its end towards the router */
#define FRAME_BYTES 1514         /* a veth's 1500 and the Ethernet header */
#define MAX_FRAMES  2048         /* some 250 Mbit/s at 10 ms */
#define MAX_BYTES   (2 << 20)
#define TURN_FRAMES 64           /* taken at once, before others are let go */
#define DIE_SEED    4711
#define NS_PER_S    G_GINT64_CONSTANT (1000000000)

typedef struct { gint64 due_ns; guint length; guint8 bytes[FRAME_BYTES]; } Frame;

/* One way through the box. */
typedef struct
{
  int    in_fd, out_fd, timer_fd;
  Frame *frames;    /* a ring */
  guint  first, n_frames, n_bytes;
} Way;

struct _BenchDelay
{
  GThread *thread;
  int      near_fd, far_fd, stop_fd, poll_fd;
  gint64   delay_ns;                /* these five read and written atomically */
  guint    lost_per_mille;
  guint64  n_carried, n_dropped, n_lost;
  GRand   *die;                     /* the thread's own */
  Way      ways[2];
};

static gint64
get_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);    /* the clock of the kernel's stamps */
  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* --- The cable -------------------------------------------------------------------------------------------------------------- */

static gboolean run (const char *space, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
run (const char *space, GError **error, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  line = g_strdup_vprintf (format, list);
  va_end (list);
  return adit_lab_run_line (space, line, error);
}

/* A sender leaves checksums and the cutting of large packets to its device, and a veth passes both on undone. */
static gboolean
stop_offloads (const char *space, const char *device, GError **error)
{
  static const guint commands[] = { ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_STXCSUM };
  gboolean ok = TRUE;
  int back, fd;

  if (!adit_lab_switch (space, &back, error))
    return FALSE;
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (guint i = 0; ok && i < G_N_ELEMENTS (commands); i++)
    {
      struct ethtool_value value = { .cmd = commands[i], .data = 0 };
      struct ifreq request = { .ifr_data = (char *) &value };

      g_strlcpy (request.ifr_name, device, sizeof request.ifr_name);
      ok = ioctl (fd, SIOCETHTOOL, &request) == 0;
    }
  if (!ok)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s keeps its offloads: %s", device, g_strerror (errno));
  close (fd);
  adit_lab_switch_back (back);
  return ok;
}

/* The router's end of the cable goes to the box, and the router gets an end of the same name that leads there. */
static gboolean
lay_cable (const char *space, GError **error)
{
  g_autofree char *device = g_strconcat ("to-", space, NULL);

  return run (NULL, error, "ip netns add " BOX)
         && run (BOX, error, "sysctl -qw net.ipv6.conf.default.disable_ipv6=1")    /* the box says nothing of its own */
         && run (NULL, error, "ip -n router link set %s nomaster netns " BOX " name " NEAR, device)
         && run (NULL, error, "ip -n router link add %s type veth peer name " FAR " netns " BOX, device)
         && run (NULL, error, "ip -n router link set %s master br-lan up", device)
         && run (BOX, error, "ip link set " NEAR " up")
         && run (BOX, error, "ip link set " FAR " up")
         && stop_offloads (space, "eth0", error)
         && stop_offloads ("router", device, error);
}

static int
open_end (const char *device)
{
  const int on = 1, buffer_bytes = MAX_BYTES;
  struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = g_htons (ETH_P_ALL) };
  struct packet_mreq all = { .mr_type = PACKET_MR_PROMISC };
  int back, fd;

  if (!adit_lab_switch (BOX, &back, NULL))
    return -1;
  fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  address.sll_ifindex = all.mr_ifindex = (int) if_nametoindex (device);
  if (fd < 0 || setsockopt (fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0 ||
      setsockopt (fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) != 0 ||
      setsockopt (fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
      bind (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("no end of the cable at %s: %s", device, g_strerror (errno));
  adit_lab_switch_back (back);
  return fd;
}

/* --- The frames ------------------------------------------------------------------------------------------------------------- */

/* When the frame arrived.  What cannot be handed on as it is ends the program: such a cable would be measured wrongly. */
static gint64
read_stamp (struct msghdr *message)
{
  gint64 ns = get_now_ns ();

  for (struct cmsghdr *part = CMSG_FIRSTHDR (message); part != NULL; part = CMSG_NXTHDR (message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS)
      {
        struct timespec stamp;

        memcpy (&stamp, CMSG_DATA (part), sizeof stamp);
        ns = stamp.tv_sec * NS_PER_S + stamp.tv_nsec;
      }
    else if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA)
      {
        struct tpacket_auxdata data;

        memcpy (&data, CMSG_DATA (part), sizeof data);
        if (data.tp_status & TP_STATUS_CSUMNOTREADY)
          g_error ("a frame came without its checksum: the sender's device still has offloads");
      }
  if (message->msg_flags & MSG_TRUNC)
    g_error ("a frame came larger than the cable's: the sender's device still has offloads");
  return ns;
}

/* From the cable into the queue; FALSE when nothing is there. */
static gboolean
take_frame (BenchDelay *self, Way *way)
{
  static guint8 nowhere[FRAME_BYTES];
  gboolean has_room = way->n_frames < MAX_FRAMES && way->n_bytes + FRAME_BYTES <= MAX_BYTES;
  Frame *frame = &way->frames[(way->first + way->n_frames) % MAX_FRAMES];
  union { struct cmsghdr header; char bytes[256]; } control;
  struct iovec iov = { .iov_base = has_room ? frame->bytes : nowhere, .iov_len = FRAME_BYTES };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
  gssize got = recvmsg (way->in_fd, &message, 0);
  gint64 arrived_ns;

  if (got <= 0)
    return FALSE;
  arrived_ns = read_stamp (&message);
  if (g_rand_int_range (self->die, 0, 1000) < (gint) __atomic_load_n (&self->lost_per_mille, __ATOMIC_RELAXED))
    {
      __atomic_add_fetch (&self->n_lost, 1, __ATOMIC_RELAXED);
      return TRUE;
    }
  if (!has_room)
    {
      __atomic_add_fetch (&self->n_dropped, 1, __ATOMIC_RELAXED);
      return TRUE;
    }
  frame->due_ns = arrived_ns + __atomic_load_n (&self->delay_ns, __ATOMIC_RELAXED);
  frame->length = (guint) got;
  way->n_frames++;
  way->n_bytes += frame->length;
  return TRUE;
}

/* All that are due leave, and the timer is set for the next one. */
static void
let_go (BenchDelay *self, Way *way)
{
  struct itimerspec next = { 0 };

  while (way->n_frames > 0 && way->frames[way->first].due_ns <= get_now_ns ())
    {
      Frame *frame = &way->frames[way->first];

      if (send (way->out_fd, frame->bytes, frame->length, 0) == (gssize) frame->length)
        __atomic_add_fetch (&self->n_carried, 1, __ATOMIC_RELAXED);
      else
        __atomic_add_fetch (&self->n_dropped, 1, __ATOMIC_RELAXED);
      way->first = (way->first + 1) % MAX_FRAMES;
      way->n_frames--;
      way->n_bytes -= frame->length;
    }
  if (way->n_frames > 0)
    {
      next.it_value.tv_sec = way->frames[way->first].due_ns / NS_PER_S;
      next.it_value.tv_nsec = way->frames[way->first].due_ns % NS_PER_S;
    }
  if (timerfd_settime (way->timer_fd, TFD_TIMER_ABSTIME, &next, NULL) != 0)
    g_error ("the timer cannot be set: %s", g_strerror (errno));
}

static gpointer
carry (gpointer user_data)
{
  BenchDelay *self = user_data;
  struct epoll_event event;

  for (;;)
    {
      if (epoll_wait (self->poll_fd, &event, 1, -1) != 1)
        continue;
      if (event.data.fd == self->stop_fd)
        return NULL;
      for (guint i = 0; i < G_N_ELEMENTS (self->ways); i++)
        {
          for (guint n = 0; n < TURN_FRAMES && take_frame (self, &self->ways[i]); n++)
            ;
          let_go (self, &self->ways[i]);
        }
    }
}

static void
watch (BenchDelay *self, int fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

  if (fd < 0 || epoll_ctl (self->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("cannot wait for the cable: %s", g_strerror (errno));
}

static void
open_way (BenchDelay *self, Way *way, int in_fd, int out_fd)
{
  way->in_fd = in_fd;
  way->out_fd = out_fd;
  way->timer_fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  way->frames = g_new (Frame, MAX_FRAMES);    /* all of it touched here, and not while something is measured */
  memset (way->frames, 0, sizeof (Frame) * MAX_FRAMES);
  watch (self, way->in_fd);
  watch (self, way->timer_fd);
}

/**
 * bench_delay_new:
 * @space: a computer of the lab's that is behind the router, "client" or "lan"
 * @one_way_us: how much later each frame arrives, in microseconds
 * @error: return location
 *
 * Puts the box into that computer's cable.  Once in a program, after adit_lab_make_internet(); the cable is dead for a moment.
 *
 * Returns: (transfer full) (nullable): the box, at work
 */
BenchDelay *
bench_delay_new (const char *space, guint one_way_us, GError **error)
{
  BenchDelay *self;

  if (!lay_cable (space, error))
    return NULL;
  self = g_new0 (BenchDelay, 1);
  self->delay_ns = one_way_us * G_GINT64_CONSTANT (1000);
  self->die = g_rand_new_with_seed (DIE_SEED);
  self->poll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->stop_fd = eventfd (0, EFD_CLOEXEC);
  self->near_fd = open_end (NEAR);
  self->far_fd = open_end (FAR);
  watch (self, self->stop_fd);
  open_way (self, &self->ways[0], self->near_fd, self->far_fd);
  open_way (self, &self->ways[1], self->far_fd, self->near_fd);
  self->thread = g_thread_new (BOX, carry, self);
  return self;
}

/**
 * bench_delay_set_way:
 * @self: a box
 * @one_way_us: how much later each frame arrives that comes from now on, in microseconds; never before one that is on its way
 */
void
bench_delay_set_way (BenchDelay *self, guint one_way_us)
{
  __atomic_store_n (&self->delay_ns, one_way_us * G_GINT64_CONSTANT (1000), __ATOMIC_RELAXED);
}

/**
 * bench_delay_set_loss:
 * @self: a box
 * @per_mille: of a thousand frames that come from now on so many are lost, in either direction; 0: none
 */
void
bench_delay_set_loss (BenchDelay *self, guint per_mille)
{
  __atomic_store_n (&self->lost_per_mille, per_mille, __ATOMIC_RELAXED);
}

/**
 * bench_delay_get_count:
 * @self: a box
 *
 * Returns: how many frames it has handed on, how many it had no room for, and how many it has lost on purpose
 */
BenchDelayCount
bench_delay_get_count (BenchDelay *self)
{
  return (BenchDelayCount) { .n_carried = __atomic_load_n (&self->n_carried, __ATOMIC_RELAXED),
                             .n_dropped = __atomic_load_n (&self->n_dropped, __ATOMIC_RELAXED),
                             .n_lost = __atomic_load_n (&self->n_lost, __ATOMIC_RELAXED) };
}

/**
 * bench_delay_free:
 * @self: (nullable) (transfer full): the box; its cable is cut
 */
void
bench_delay_free (BenchDelay *self)
{
  if (self == NULL)
    return;
  if (eventfd_write (self->stop_fd, 1) != 0)
    g_error ("the box cannot be stopped: %s", g_strerror (errno));
  g_thread_join (self->thread);
  for (guint i = 0; i < G_N_ELEMENTS (self->ways); i++)
    {
      close (self->ways[i].timer_fd);
      g_free (self->ways[i].frames);
    }
  close (self->near_fd);
  close (self->far_fd);
  close (self->stop_fd);
  close (self->poll_fd);
  g_rand_free (self->die);
  g_free (self);
}
