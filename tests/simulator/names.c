/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.c: the few names that there are. */
#include "tests/simulator/names.h"

static const KnownName names[] = {
  { "vpn.example",   NULL,          "198.51.100.20", "2001:db8:ff::120" },
  { "alias.example", "vpn.example", NULL,            NULL },
  { "four.example",  NULL,          "198.51.100.10", NULL },
  { "www.ovpn.com",  NULL,          "192.0.2.14",    NULL },    /* no address of its API is known for good */
  { "api.mysteriumvpn.com", NULL,   "192.0.2.16",    NULL },    /* nor for this one */
  { "api.mullvad.net", NULL,        "192.0.2.10",    NULL },    /* where none of the known ones lead to it */
  { "api.ivpn.net",  NULL,          "192.0.2.12",    NULL },
  { "reports.lab.example", NULL,    "192.0.2.18",    NULL },
  { "sidecar.lab.example", NULL,    "192.0.2.19",    NULL },
};

/**
 * names_find:
 * @name: in small letters
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const KnownName *
names_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name))
      return &names[i];
  return NULL;
}
