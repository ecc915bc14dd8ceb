/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-random.c: every field on its own, from nothing to its largest; a seed makes the same again. */
#include "tests/lab/wg-random.h"

#include <string.h>
#include "tests/lab/wg-settings.h"

static void
fill (GRand *rand, guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) g_rand_int (rand);
}

static AditSecret *
make_key (GRand *rand)
{
  guint8 key[ADIT_WG_KEY_BYTES];

  fill (rand, key, sizeof key);
  return adit_secret_new (key, sizeof key);
}

/* Anywhere but here: 10.x and fd00:x. */
static AditAddress
make_address (GRand *rand, gboolean ipv6)
{
  AditAddress address = { .family = ipv6 ? ADIT_FAMILY_IPV6 : ADIT_FAMILY_IPV4 };

  fill (rand, address.bytes, ipv6 ? 16 : 4);
  address.bytes[0] = ipv6 ? 0xfd : 10;
  return address;
}

static AditPrefix
make_network (GRand *rand)
{
  AditPrefix prefix = { .address = make_address (rand, g_rand_boolean (rand)) };

  prefix.address.bytes[0] = (guint8) g_rand_int_range (rand, 0, 256);
  prefix.prefix_bits = (guint8) g_rand_int_range (rand, 0, prefix.address.family == ADIT_FAMILY_IPV4 ? 33 : 129);
  return adit_prefix_mask (&prefix);
}

static gboolean
has_network (const AditWireguardProfile *profile, const AditPrefix *network)
{
  for (guint i = 0; i < profile->n_peers; i++)
    for (guint j = 0; j < profile->peers[i].n_allowed_ips; j++)
      if (adit_prefix_equal (&profile->peers[i].allowed_ips[j], network))
        return TRUE;
  return !adit_prefix_is_valid (network);
}

static void
add_peer (GRand *rand, AditWireguardProfile *profile, guint max_networks)
{
  AditWireguardPeer *peer = &profile->peers[profile->n_peers++];
  guint16 port = (guint16) g_rand_int_range (rand, 1, 65536);
  guint n = (guint) g_rand_int_range (rand, 1, (gint32) max_networks + 1);

  fill (rand, peer->public_key, sizeof peer->public_key);
  if (g_rand_boolean (rand))
    peer->preshared_key = make_key (rand);
  if (g_rand_int_range (rand, 0, 3) == 0)
    g_assert_true (adit_host_set (&peer->endpoint, wg_settings_hosts[g_rand_int_range (rand, 0, 8)], port));
  else
    peer->endpoint = (AditHost) { .address = make_address (rand, g_rand_boolean (rand)), .port = port };
  peer->keepalive_s = (guint16) (g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 65536) : 0);
  while (peer->n_allowed_ips < n)
    {
      AditPrefix network = make_network (rand);

      if (!has_network (profile, &network))
        peer->allowed_ips[peer->n_allowed_ips++] = network;
    }
}

/**
 * wg_random_make:
 * @rand: chance
 *
 * Returns: (transfer full): a valid profile
 */
AditWireguardProfile *
wg_random_make (GRand *rand)
{
  AditWireguardProfile *profile = adit_wireguard_profile_new ();
  guint families = (guint) g_rand_int_range (rand, 1, 4);
  guint n_peers = (guint) g_rand_int_range (rand, 1, ADIT_WIREGUARD_MAX_PEERS + 1);

  profile->private_key = make_key (rand);
  for (guint i = 0; i < 2; i++)
    if (families & 1u << i)
      {
        AditPrefix *own = &profile->addresses[profile->n_addresses++];

        own->address = make_address (rand, i == 1);
        own->prefix_bits = (guint8) g_rand_int_range (rand, 8, i == 1 ? 129 : 33);
      }
  for (guint n = (guint) g_rand_int_range (rand, 0, ADIT_TUNNEL_MAX_DNS + 1); n > 0; n--)
    profile->dns[profile->n_dns++] = make_address (rand, g_rand_boolean (rand));
  for (guint n = (guint) g_rand_int_range (rand, 0, 3); n > 0; n--)
    g_strlcpy (profile->search[profile->n_search++], wg_settings_hosts[n], ADIT_HOST_NAME_MAX_BYTES);
  if (g_rand_boolean (rand))
    profile->mtu_bytes = (guint16) g_rand_int_range (rand, ADIT_TUNNEL_MTU_MIN_BYTES, ADIT_TUNNEL_MTU_MAX_BYTES + 1);
  for (guint i = 0; i < n_peers; i++)
    add_peer (rand, profile, i == 0 && g_rand_int_range (rand, 0, 8) == 0 ? 200 : 8);
  return profile;
}

static void
append_name (GRand *rand, GString *out, const char *name, gsize length)
{
  for (gsize i = 0; i < length; i++)
    g_string_append_c (out, g_rand_int_range (rand, 0, 4) > 0 ? name[i] : g_rand_boolean (rand) ? g_ascii_toupper (name[i])
                                                                                                : g_ascii_tolower (name[i]));
}

/**
 * wg_random_dress:
 * @rand: chance
 * @text: a file as we write it
 *
 * Returns: (transfer full): the same in other words: blanks, cases, comments, line ends
 */
char *
wg_random_dress (GRand *rand, const char *text)
{
  static const char *const blanks[] = { "", " ", "\t", "  ", " \t " };
  const char *end = g_rand_boolean (rand) ? "\r\n" : "\n";
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

#define BLANK blanks[g_rand_int_range (rand, 0, G_N_ELEMENTS (blanks))]
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *equals = strstr (lines[i], " = ");

      g_string_append (out, BLANK);
      append_name (rand, out, lines[i], equals != NULL ? (gsize) (equals - lines[i]) : strlen (lines[i]));
      if (equals != NULL)
        {
          g_string_append_printf (out, "%s=", BLANK);
          g_string_append_printf (out, "%s%s", BLANK, equals + 3);
        }
      g_string_append (out, BLANK);
      if (g_rand_int_range (rand, 0, 5) == 0)
        g_string_append (out, "# Endpoint = 127.0.0.1:1");
      if (lines[i + 1] != NULL || g_rand_boolean (rand))
        g_string_append (out, end);
    }
#undef BLANK
  return g_string_free (out, FALSE);
}

/**
 * wg_random_spoil:
 * @rand: chance
 * @text: a file
 * @length: (out): of the answer, which may have zeroes in it
 *
 * Returns: (transfer full): the file with a byte, a line or a word changed
 */
char *
wg_random_spoil (GRand *rand, const char *text, gsize *length)
{
  static const char bytes[] = "[]=#,:/;.-+ \t\n\r\f\vaZ09\0\x7f\xff";
  static const char *const words[] = {
    "PersistentKeepalive = 65536", "PersistentKeepalive = -1", "PersistentKeepalive = 1 2", "AllowedIPs = 10.0.0.0/33",
    "AllowedIPs = 10.0.0.0/8,", "AllowedIPs =", "AllowedIPs = +10.1.0.0/16", "Endpoint = a.example", "Endpoint = a.example:0",
    "Endpoint = a.example:65536", "Endpoint = :1", "Endpoint = [10.0.0.1]:1", "Endpoint = fd00::1:1", "PublicKey = x",
    "PresharedKey = 0", "PrivateKey = x", "FwMark = x", "ListenPort = 65536", "SaveConfig = maybe", "Table = x", "MTU = x",
    "Jc = 4", "[Peer]", "[Interface]", "[Peers]", "PublicKey", "= x", "\xef\xbb\xbf", "PostUp = true", "I1 = <b 0x00>",
  };
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint at = (guint) g_rand_int_range (rand, 0, (gint32) g_strv_length (lines));
  char *out;

  if (g_rand_int_range (rand, 0, 3) > 0)
    {
      const char *word = words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))];
      char *line = g_rand_boolean (rand) ? g_strdup (word) : g_strdup_printf ("%s\n%s", lines[at], word);

      g_free (lines[at]);
      lines[at] = line;
      out = g_strjoinv ("\n", lines);
      *length = strlen (out);
      return out;
    }
  out = g_strdup (text);
  *length = strlen (out);
  out[g_rand_int_range (rand, 0, (gint32) *length)] = bytes[g_rand_int_range (rand, 0, sizeof bytes - 1)];
  return out;
}
