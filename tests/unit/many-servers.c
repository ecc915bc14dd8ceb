/* SPDX-License-Identifier: GPL-2.0-or-later */
/* many-servers.c: far more servers than any service has. */
#include "tests/unit/many-servers.h"

#include "client/model/server-list-writer.h"

/**
 * many_servers_new:
 * @n_servers: how many
 *
 * Returns: (transfer full): a list of as many servers, in one city of each of 676 countries; each %MANY_SERVERS_OWNED-th is the
 *   service's own
 */
AditServerList *
many_servers_new (guint n_servers)
{
  AditServerListHead head = { .service = "mullvad", .fetched_at_s = 1800000000, .ports = { { 53, 53 } }, .n_dns = 1,
                              .mtu_bytes = 1380, .n_ports = 1 };
  AditServerListServer server = { .provider = "Example", .in_country = TRUE, .weight = 100, .key = { 1 } };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  AditServerList *list;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  writer = adit_server_list_writer_new (&head);
  for (guint i = 0; i < n_servers; i++)
    {
      char country[3] = { (char) ('a' + i / 26 % 26), (char) ('a' + i % 26), '\0' }, name[32];
      AditLocation location = { 0 };

      g_snprintf (name, sizeof name, "%s-cit-wg-%05u", country, i);
      g_assert_true (adit_place_set (&location.place, country, "cit", name));
      g_snprintf (location.country_name, sizeof location.country_name, "Country %s", country);
      g_strlcpy (location.city_name, "City", sizeof location.city_name);
      server.name = name;
      server.owned = i % MANY_SERVERS_OWNED == 0;
      g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
    }
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, &error);
  g_assert_no_error (error);
  return list;
}
