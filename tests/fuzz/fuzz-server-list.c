/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-server-list.c: any bytes as a list; one that is taken is read from end to end. */
#include "client/model/server-list.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (bytes, NULL);
  AditPlace place = { 0 };

  if (list == NULL)
    return 0;
  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_server (list, i, &server);
      adit_server_list_get_city (list, server.city, &city);
      adit_server_list_get_country (list, city.country, &country);
      g_assert_true (adit_place_set (&place, country.code, city.code, server.name));
      g_assert_true (adit_server_list_has_place (list, &place));
    }
  return 0;
}
