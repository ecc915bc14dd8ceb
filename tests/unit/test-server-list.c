/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-server-list.c: the flat form there and back, and with every byte of it wrong in turn. */
#include "client/model/server-list-keys.h"
#include "client/model/server-list-writer.h"

#include <string.h>
#include <unistd.h>

#include "client/base/error.h"

static AditServerListHead
make_head (void)
{
  AditServerListHead head = { .service = "mullvad", .etag = "W/\"x\"", .fetched_at_s = 1800000000,
                              .ports = { { 53, 53 }, { 4000, 33433 } }, .n_dns = 2, .mtu_bytes = 1380, .n_ports = 2,
                              .blocks = { { "ads", { 0 }, 1 } }, .n_blocks = 1 };

  adit_address_parse ("100.64.0.0", &head.blocks[0].resolver);
  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("fc00:bbbb:bbbb:bb01::1", &head.dns[1]);
  return head;
}

static gboolean
add (AditServerListWriter *writer, const char *country, const char *country_name, const char *city, const char *city_name,
     const char *name)
{
  AditServerListServer server = { .name = name, .provider = "Example", .owned = TRUE, .in_country = TRUE, .weight = 100,
                                  .load = 7, .has_ipv6_inside = TRUE, .wireguard_exit_port = 30052, .openvpn_exit_port = 20052 };
  AditLocation location = { 0 };

  if (!adit_place_set (&location.place, country, city, name))
    return FALSE;
  g_strlcpy (location.country_name, country_name, sizeof location.country_name);
  g_strlcpy (location.city_name, city_name, sizeof location.city_name);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  adit_address_parse ("192.0.2.9", &server.openvpn_ipv4);
  server.key[0] = 1;
  return adit_server_list_writer_add (writer, &location, 57708870, 11974560, &server);
}

static GBytes *
make_small (void)
{
  AditServerListHead head = make_head ();
  AditServerListWriter *writer = adit_server_list_writer_new (&head);

  g_assert_true (add (writer, "us", "USA", "nyc", "New York, NY", "us-nyc-wg-2"));
  g_assert_true (add (writer, "se", "Sweden", "sto", "Stockholm", "se-sto-wg-1"));
  g_assert_true (add (writer, "us", "USA", "nyc", "New York, NY", "us-nyc-wg-1"));
  g_assert_true (add (writer, "se", "Sweden", "got", "Gothenburg", "se-got-wg-1"));
  g_assert_false (add (writer, "se", "Sweden", "got", "Gothenburg", "se-got-wg-1"));    /* twice */
  g_assert_false (add (writer, "se", "Swe\x1b" "den", "got", "Gothenburg", "se-got-wg-3"));
  return adit_server_list_writer_finish (writer);
}

static void
test_round_trip (void)
{
  g_autoptr (GBytes) bytes = make_small ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (bytes, &error);
  AditServerListCountry country;
  AditServerListCity city;
  AditServerListServer server;

  g_assert_no_error (error);
  g_assert_cmpuint (adit_server_list_get_n_countries (list), ==, 2);
  g_assert_cmpuint (adit_server_list_get_n_cities (list), ==, 3);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 4);
  g_assert_cmpstr (adit_server_list_get_head (list)->etag, ==, "W/\"x\"");
  g_assert_cmpuint (adit_server_list_get_head (list)->ports[1].last, ==, 33433);
  adit_server_list_get_country (list, 1, &country);
  g_assert_cmpstr (country.code, ==, "us");
  adit_server_list_get_city (list, country.first_city, &city);
  g_assert_cmpstr (city.name, ==, "New York, NY");
  g_assert_cmpuint (city.n_servers, ==, 2);
  g_assert_cmpint (city.latitude_e6, ==, 57708870);
  adit_server_list_get_server (list, city.first_server, &server);
  g_assert_cmpstr (server.name, ==, "us-nyc-wg-1");
  g_assert_cmpstr (server.provider, ==, "Example");
  g_assert_cmpuint (server.weight, ==, 100);
  g_assert_true (server.owned && server.in_country);
  g_assert_cmpint (server.ipv4.bytes[3], ==, 7);
  g_assert_cmpint (server.ipv6.family, ==, ADIT_FAMILY_NONE);
  g_assert_cmpuint (server.load, ==, 7);
  g_assert_cmpint (server.openvpn_ipv4.bytes[3], ==, 9);
  g_assert_cmpuint (server.wireguard_exit_port, ==, 30052);
  g_assert_cmpuint (server.openvpn_exit_port, ==, 20052);
  g_assert_true (server.has_ipv6_inside);
  g_assert_nonnull (adit_server_list_find_block (list, "ads"));
  g_assert_null (adit_server_list_find_block (list, "no"));
}

static void
test_has_place (void)
{
  static const struct { const char *country, *city, *server; gboolean has; } rows[] = {
    { NULL, NULL, NULL, TRUE }, { "se", NULL, NULL, TRUE }, { "no", NULL, NULL, FALSE }, { "se", "got", NULL, TRUE },
    { "us", "got", NULL, FALSE }, { NULL, NULL, "se-got-wg-1", TRUE }, { "us", NULL, "se-got-wg-1", FALSE },
    { NULL, NULL, "se-got-wg-9", FALSE },
  };
  g_autoptr (GBytes) bytes = make_small ();
  g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (bytes, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditPlace place;

      g_assert_true (adit_place_set (&place, rows[i].country, rows[i].city, rows[i].server));
      g_assert_true (adit_server_list_has_place (list, &place) == rows[i].has);
    }
}

/* Walks all that a client could ask for; under ASan a look-up that leaves the bytes ends the test. */
static void
read_all (AditServerList *list)
{
  gsize sum = 0;

  for (guint i = 0; i < adit_server_list_get_n_countries (list); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (list, i, &country);
      sum += strlen (country.code) + strlen (country.name);
      g_assert_cmpuint (country.first_city + country.n_cities, <=, adit_server_list_get_n_cities (list));
    }
  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      AditServerListCity city;

      adit_server_list_get_city (list, i, &city);
      sum += strlen (city.code) + strlen (city.name);
      g_assert_cmpuint (city.country, <, adit_server_list_get_n_countries (list));
      g_assert_cmpuint (city.first_server + city.n_servers, <=, adit_server_list_get_n_servers (list));
    }
  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, i, &server);
      sum += strlen (server.name) + strlen (server.provider);
      g_assert_cmpuint (server.city, <, adit_server_list_get_n_cities (list));
    }
  g_assert_cmpuint (sum, >, 0);
}

static void
test_hostile (void)
{
  static const guint8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
  g_autoptr (GBytes) bytes = make_small ();
  gsize length;
  const guint8 *good = g_bytes_get_data (bytes, &length);
  guint n_refused = 0;

  for (gsize i = 0; i < length; i++)
    for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
      {
        guint8 *bad = g_memdup2 (good, length);
        g_autoptr (GBytes) spoilt = NULL;
        g_autoptr (AditServerList) list = NULL;

        bad[i] = values[v];
        spoilt = g_bytes_new_take (bad, length);
        list = adit_server_list_new_for_bytes (spoilt, NULL);
        if (list != NULL)
          read_all (list);
        else
          n_refused++;
      }
  g_assert_cmpuint (n_refused, >, length);
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GBytes) spoilt = g_bytes_new (good, cut);
      g_autoptr (GError) error = NULL;

      g_assert_null (adit_server_list_new_for_bytes (spoilt, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FAILED);
    }
}

static void
test_versions (void)
{
  g_autoptr (GBytes) bytes = make_small ();
  gsize length;
  guint32 *words = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
  g_autoptr (GBytes) newer = NULL;
  g_autoptr (GError) error = NULL;

  words[1]++;
  newer = g_bytes_new_take (words, length);
  g_assert_null (adit_server_list_new_for_bytes (newer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
}

static void
test_unaligned (void)
{
  g_autoptr (GBytes) bytes = make_small ();
  gsize length = g_bytes_get_size (bytes);
  guint8 *longer = g_malloc (length + 1);
  g_autoptr (GBytes) whole = NULL, part = NULL;
  g_autoptr (AditServerList) list = NULL;

  memcpy (longer + 1, g_bytes_get_data (bytes, NULL), length);
  whole = g_bytes_new_take (longer, length + 1);
  part = g_bytes_new_from_bytes (whole, 1, length);
  list = adit_server_list_new_for_bytes (part, NULL);
  g_assert_nonnull (list);
  read_all (list);
}

static void
test_wrong_heads (void)
{
  AditServerListHead head = make_head ();

  head.n_ports = 0;
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.ports[0].first = 54;    /* and last 53 */
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  strcpy (head.etag, "a\r\nX: y");
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  memset (&head.dns[1], 0, sizeof head.dns[1]);
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.n_dns = 0;
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.mtu_bytes = 100;
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.ports[1].protocol = ADIT_N_PROTOCOLS;
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.blocks[1] = head.blocks[0];    /* twice */
  head.n_blocks = 2;
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.blocks[0].resolver.bytes[3] = 1;    /* to which bits cannot be added */
  g_assert_null (adit_server_list_writer_new (&head));
  head = make_head ();
  head.service[0] = '\0';
  g_assert_null (adit_server_list_writer_new (&head));
}

static AditServerListServer
make_place (const char *name)
{
  return (AditServerListServer) { .name = name, .provider = "", .weight = 3, .load = ADIT_LOAD_UNKNOWN };
}

static gboolean
add_place (AditServerListWriter *writer, const AditServerListServer *server)
{
  AditLocation location = { .place = { "se", "got", "" }, .country_name = "Sweden", .city_name = "Gothenburg" };

  g_strlcpy (location.place.server, server->name, sizeof location.place.server);
  return adit_server_list_writer_add (writer, &location, 0, 0, server);
}

/* What a tunnel needs is either all in the list or all the service's to say; there is nothing in between. */
static void
test_makes_tunnels (void)
{
  AditServerListHead head = { .service = "somebody", .fetched_at_s = 1, .makes_tunnels = TRUE }, usual = make_head ();
  AditServerListWriter *writer = adit_server_list_writer_new (&head);
  AditServerListServer server = make_place ("se-got");
  g_autoptr (AditServerListWriter) other = adit_server_list_writer_new (&usual);
  g_autoptr (GBytes) bytes = NULL, spoilt = NULL;
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;
  AditServerListServer bad[6];
  gsize length;
  guint8 *raw;

  g_assert_false (add_place (other, &server));
  g_assert_true (add_place (writer, &server));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    bad[i] = make_place ("se-sto");
  bad[0].key[31] = 1;
  adit_address_parse ("192.0.2.7", &bad[1].ipv4);
  adit_address_parse ("2001:db8::7", &bad[2].ipv6);
  adit_address_parse ("192.0.2.7", &bad[3].openvpn_ipv4);
  bad[4].wireguard_exit_port = 7;
  bad[5].openvpn_exit_port = 7;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (add_place (writer, &bad[i]));
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_true (adit_server_list_get_head (list)->makes_tunnels);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 1);
  read_all (list);

  /* The same bytes without the flag, and with one that is neither yes nor no. */
  length = g_bytes_get_size (bytes);
  for (guint16 flag = 0; flag <= 2; flag += 2)
    {
      gsize n_changed = 0;

      raw = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
      for (gsize at = 380; at < 420; at += 2)    /* behind the resolvers, where nothing else is set */
        if (*(guint16 *) (gpointer) (raw + at) == 1)
          {
            *(guint16 *) (gpointer) (raw + at) = flag;
            n_changed++;
          }
      g_assert_cmpuint (n_changed, ==, 1);
      g_clear_pointer (&spoilt, g_bytes_unref);
      spoilt = g_bytes_new_take (raw, length);
      g_assert_null (adit_server_list_new_for_bytes (spoilt, NULL));
    }
}

static void
test_heads_of_makers (void)
{
  AditServerListHead good = { .service = "somebody", .makes_tunnels = TRUE }, bad[6];

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    bad[i] = good;
  bad[0].n_dns = 1;
  adit_address_parse ("10.64.0.1", &bad[0].dns[0]);
  bad[1].n_ports = 1;
  bad[1].ports[0] = (AditPortRange) { 53, 53, ADIT_PROTOCOL_WIREGUARD };
  bad[2].mtu_bytes = 1380;
  bad[3].keepalive_s = 25;
  bad[4].n_blocks = 1;
  bad[4].blocks[0] = make_head ().blocks[0];
  bad[5].picks_first_port = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (adit_server_list_writer_new (&bad[i]));
}

static void
test_large (void)
{
  AditServerListHead head = make_head ();
  AditServerListWriter *writer = adit_server_list_writer_new (&head);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;
  int fd;
  gint64 start_us;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("se-c%u-wg-%05u", i % 300, i), *city = g_strdup_printf ("c%u", i % 300);

      g_assert_true (add (writer, "se", "Sweden", city, city, name));
    }
  bytes = adit_server_list_writer_finish (writer);
  fd = g_file_open_tmp ("adit-list-XXXXXX", &path, &error);
  g_assert_no_error (error);
  unlink (path);
  g_assert_cmpint (write (fd, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)), ==, (gssize) g_bytes_get_size (bytes));
  start_us = g_get_monotonic_time ();
  list = adit_server_list_new_for_fd (fd, &error);
  g_test_message ("20000 servers, %u bytes, opened in %d us", (guint) g_bytes_get_size (bytes),
                  (int) (g_get_monotonic_time () - start_us));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 200000);    /* some milliseconds; slow under a sanitizer */
  g_assert_no_error (error);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 20000);
  close (fd);
  read_all (list);
}

/* The file of another could be endless; the writer stops before the reader would refuse. */
static void
test_full (void)
{
  AditServerListHead head = make_head ();
  AditServerListWriter *writer = adit_server_list_writer_new (&head);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AditServerList) list = NULL;
  guint n = 0;

  for (guint i = 0; i < 60000; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u", i);

      n += add (writer, "se", "Sweden", "got", "Gothenburg", name) ? 1 : 0;
    }
  g_assert_cmpuint (n, <, 60000);
  g_assert_cmpuint (n, >, 20000);
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, NULL);
  g_assert_nonnull (list);
}

static GBytes *
make_keys (const char *const *names, const guint8 *keys)
{
  AditServerListHead head = make_head ();
  AditServerListWriter *writer = adit_server_list_writer_new (&head);

  for (guint i = 0; names[i] != NULL; i++)
    {
      AditServerListServer server = { .name = names[i], .provider = "", .weight = 1, .load = ADIT_LOAD_UNKNOWN };
      AditLocation location = { .country_name = "Sweden", .city_name = "Gothenburg" };

      g_assert_true (adit_place_set (&location.place, "se", "got", names[i]));
      adit_address_parse ("192.0.2.9", &server.openvpn_ipv4);
      server.key[31] = keys[i];
      if (keys[i] != 0)
        adit_address_parse ("192.0.2.7", &server.ipv4);
      g_assert_true (adit_server_list_writer_add (writer, &location, 57708870, 11974560, &server));
    }
  return adit_server_list_writer_finish (writer);
}

/* One that is new or gone, or takes no WireGuard, has not changed its key, wherever it stands in the list. */
static void
test_changed_keys (void)
{
  static const char *const before_names[] = { "a", "b", "c", "gone", "openvpn", "later", NULL };
  static const char *const now_names[] = { "new", "openvpn", "c", "later", "b", "a", NULL };
  static const guint8 before_keys[] = { 1, 2, 3, 4, 0, 5 }, now_keys[] = { 9, 7, 3, 0, 8, 1 };
  g_autoptr (GBytes) before_bytes = make_keys (before_names, before_keys), now_bytes = make_keys (now_names, now_keys);
  g_autoptr (AditServerList) before = adit_server_list_new_for_bytes (before_bytes, NULL);
  g_autoptr (AditServerList) now = adit_server_list_new_for_bytes (now_bytes, NULL);
  char first[ADIT_SERVER_MAX_BYTES];

  g_assert_true (before != NULL && now != NULL);
  g_assert_cmpuint (adit_server_list_count_changed_keys (before, now, first), ==, 1);
  g_assert_cmpstr (first, ==, "b");
  g_assert_cmpuint (adit_server_list_count_changed_keys (now, before, first), ==, 1);
  g_assert_cmpuint (adit_server_list_count_changed_keys (before, before, first), ==, 0);
  g_assert_cmpstr (first, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-list/round-trip", test_round_trip);
  g_test_add_func ("/server-list/has-place", test_has_place);
  g_test_add_func ("/server-list/hostile", test_hostile);
  g_test_add_func ("/server-list/versions", test_versions);
  g_test_add_func ("/server-list/unaligned", test_unaligned);
  g_test_add_func ("/server-list/wrong-heads", test_wrong_heads);
  g_test_add_func ("/server-list/makes-tunnels", test_makes_tunnels);
  g_test_add_func ("/server-list/heads-of-makers", test_heads_of_makers);
  g_test_add_func ("/server-list/large", test_large);
  g_test_add_func ("/server-list/full", test_full);
  g_test_add_func ("/server-list/changed-keys", test_changed_keys);
  return g_test_run ();
}
