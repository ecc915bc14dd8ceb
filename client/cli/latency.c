/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latency.c: how long a packet takes to a city and back: one ICMP echo to one server of each, the nearest first.
 *
 * It is the person's own program that asks, without a right or a mark, so whatever lock there is holds for it as for any other;
 * and it asks only while the helper says that there is none, since an echo tells the network which service somebody looks at. */
#include "client/cli/cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/base/error.h"

/* As the services' own programs: OVPN's waits a second for each and has sixteen on their way, IVPN's ends after four. */
#define WAIT_MS    1000
#define TOTAL_MS   4000
#define IN_FLIGHT  16
#define ECHO_BYTES sizeof (struct icmphdr)

typedef struct
{
  guint       city;
  guint32     distance_m;
  AditAddress address;
  gint64      sent_us;       /* 0: not yet */
  gboolean    is_over;
} Probe;

static gint
compare_probes (gconstpointer a, gconstpointer b)
{
  const Probe *one = a, *other = b;

  return one->distance_m < other->distance_m ? -1 : one->distance_m > other->distance_m;
}

static gboolean
find_address (AditServerList *list, const AditServerListCity *city, AditAddress *address)
{
  for (guint i = 0; i < city->n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, city->first_server + i, &server);
      *address = server.ipv4.family == ADIT_FAMILY_IPV4 ? server.ipv4 : server.openvpn_ipv4;
      if (address->family == ADIT_FAMILY_IPV4)
        return TRUE;
    }
  return FALSE;
}

static GArray *
list_probes (AditServerList *list, const AditPosition *near)
{
  GArray *probes = g_array_new (FALSE, FALSE, sizeof (Probe));

  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      Probe probe = { .city = i };
      AditServerListCity city;
      AditPosition there;

      adit_server_list_get_city (list, i, &city);
      there = (AditPosition) { city.latitude_e6, city.longitude_e6 };
      probe.distance_m = near != NULL ? adit_position_measure_m (near, &there) : 0;
      if (find_address (list, &city, &probe.address))
        g_array_append_val (probes, probe);
    }
  g_array_sort (probes, compare_probes);
  return probes;
}

/* The kernel fills in the identifier, and lets in only what answers to it. */
static gboolean
send_echo (int fd, Probe *probe, guint16 sequence)
{
  struct icmphdr echo = { .type = ICMP_ECHO, .un.echo.sequence = g_htons (sequence) };
  struct sockaddr_in to = { .sin_family = AF_INET };

  memcpy (&to.sin_addr, probe->address.bytes, sizeof to.sin_addr);
  probe->sent_us = g_get_monotonic_time ();
  return sendto (fd, &echo, ECHO_BYTES, MSG_DONTWAIT, (struct sockaddr *) &to, sizeof to) == (gssize) ECHO_BYTES;
}

static void
take_answers (int fd, GArray *probes, gint32 *times_ms)
{
  guint8 packet[256];
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  gssize got;

  while ((got = recvfrom (fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *) &from, &length)) >= 0)
    {
      struct icmphdr answer;
      Probe *probe;
      guint sequence;

      length = sizeof from;
      if (got < (gssize) ECHO_BYTES)
        continue;
      memcpy (&answer, packet, ECHO_BYTES);
      sequence = g_ntohs (answer.un.echo.sequence);
      if (answer.type != ICMP_ECHOREPLY || sequence >= probes->len)
        continue;
      probe = &g_array_index (probes, Probe, sequence);
      if (probe->is_over || memcmp (&from.sin_addr, probe->address.bytes, sizeof from.sin_addr) != 0)
        continue;
      probe->is_over = TRUE;
      times_ms[probe->city] = (gint32) ((g_get_monotonic_time () - probe->sent_us) / 1000);
    }
}

/* Sends what may be on its way beside the others.  Returns: how many are. */
static guint
go_on (int fd, GArray *probes)
{
  gint64 now_us = g_get_monotonic_time ();
  guint n_waiting = 0;

  for (guint i = 0; i < probes->len && n_waiting < IN_FLIGHT; i++)
    {
      Probe *probe = &g_array_index (probes, Probe, i);

      if (!probe->is_over && probe->sent_us != 0)
        probe->is_over = now_us - probe->sent_us >= WAIT_MS * G_TIME_SPAN_MILLISECOND;
      else if (!probe->is_over)
        probe->is_over = !send_echo (fd, probe, (guint16) i);
      n_waiting += !probe->is_over;
    }
  return n_waiting;
}

/* Whether there is nothing that an echo would be stopped by, or get past. */
static gboolean
is_open (AditCli *cli, GError **error)
{
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetStatus", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)),
                                               NULL, NULL, error);
  g_autoptr (GVariant) dict = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
  const char *lock = "";

  if (dict == NULL)
    return FALSE;
  g_variant_lookup (dict, "lock", "&s", &lock);
  if (!g_str_equal (lock, "off"))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, _("While the lock is closed no server is asked how far it is"));
  return g_str_equal (lock, "off");
}

/**
 * adit_cli_measure:
 * @cli: this run
 * @list: a service's servers
 * @near: (nullable): where this computer is; those that are nearer are asked earlier
 * @times_ms: (out caller-allocates): of each city of the list, -1 where nothing came back
 * @error: return location; %ADIT_ERROR_BUSY while there is a lock, %ADIT_ERROR_NOT_ALLOWED where this computer lets no person ask
 *
 * Returns: whether they were asked
 */
gboolean
adit_cli_measure (AditCli *cli, AditServerList *list, const AditPosition *near, gint32 *times_ms, GError **error)
{
  g_autoptr (GArray) probes = list_probes (list, near);
  gint64 end_us = g_get_monotonic_time () + TOTAL_MS * G_TIME_SPAN_MILLISECOND;
  int fd;

  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    times_ms[i] = -1;
  if (!is_open (cli, error))
    return FALSE;
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, _("This computer lets nobody ask how far a server is "
                   "(net.ipv4.ping_group_range): %s"), g_strerror (errno));
      return FALSE;
    }
  while (go_on (fd, probes) > 0 && g_get_monotonic_time () < end_us)
    {
      struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

      if (poll (&poll_fd, 1, 50) > 0)
        take_answers (fd, probes, times_ms);
    }
  close (fd);
  return TRUE;
}

static gboolean
has_fitting (AditServerList *list, const AditServerListCity *city, const AditServerFilter *filter)
{
  for (guint i = 0; i < city->n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, city->first_server + i, &server);
      if (adit_server_filter_passes (filter, &server, ADIT_FILTER_ALL))
        return TRUE;
    }
  return FALSE;
}

/**
 * adit_cli_pick_fastest:
 * @cli: this run; with "fastest" as what it picks, which is "service" afterwards, or "nearest" where nobody was to be asked
 * @list: a service's servers
 * @near: (nullable): where this computer is
 * @filter: what is asked of a server
 * @place: (inout): where one of them is to be; afterwards the city in it from which an answer came first
 *
 * Says where it could not be found out, and why.
 */
void
adit_cli_pick_fastest (AditCli *cli, AditServerList *list, const AditPosition *near, const AditServerFilter *filter,
                       AditPlace *place)
{
  g_autofree gint32 *times_ms = g_new (gint32, adit_server_list_get_n_cities (list));
  g_autoptr (GError) error = NULL;
  const AditPlace within = *place;
  gint32 best_ms = G_MAXINT32;

  if (!adit_cli_measure (cli, list, near, times_ms, &error))
    g_printerr (_("adit: the nearest instead of the fastest: %s\n"), error->message);
  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_city (list, i, &city);
      adit_server_list_get_country (list, city.country, &country);
      if (times_ms[i] < 0 || times_ms[i] >= best_ms || !has_fitting (list, &city, filter) ||
          (within.country[0] != '\0' && !g_str_equal (within.country, country.code)) ||
          (within.city[0] != '\0' && !g_str_equal (within.city, city.code)))
        continue;
      best_ms = times_ms[i];
      (void) adit_place_set (place, country.code, city.code, within.server);
    }
  g_free (cli->pick);
  cli->pick = g_strdup (best_ms < G_MAXINT32 ? "service" : "nearest");
}
