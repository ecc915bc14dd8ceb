/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-template.c: the service hands out a WireGuard file with a gap for the private key.  Nothing ever runs or stores it:
 * what a tunnel needs is taken out, one spelling each, and whatever else stands there refuses all of it. */
#include "client/provider/mysterium.h"

#include <string.h>

#define NAME_MAX_BYTES   20
#define KEY_BASE64_BYTES 44    /* of 32 bytes */
#define PRIVATE_KEY_GAP  "%private_key%"
/* Where the file does not say: WireGuard over IPv4 costs 60 bytes of 1500; the same again is left for a tunnel or PPPoE below. */
#define MTU_BYTES        1380

enum { IN_INTERFACE = 1, IN_PEER = 2, MANY = 4 };

typedef struct _Reader Reader;
typedef struct
{
  const char *name;
  guint       flags;
  const char *(*take) (Reader *self, char *value);    /* why not, or NULL */
} Key;

struct _Reader
{
  AditTunnelSpec *spec;
  AditSecret     *preshared_key;
  guint           line, section, sections_seen, keys_seen;
};

static gboolean
refuse (GError **error, guint line, const char *name, const char *why)
{
  g_autofree char *where = NULL;

  if (line > 0)
    where = name != NULL ? g_strdup_printf ("line %u (%s): ", line, name) : g_strdup_printf ("line %u: ", line);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The tunnel that the service offers is refused: %s%s",
               where != NULL ? where : "", why);
  return FALSE;
}

static gboolean
parse_number (const char *text, guint64 min, guint64 max, guint16 *value)
{
  guint64 number;

  if ((text[0] == '0' && text[1] != '\0') || !g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return FALSE;
  *value = (guint16) number;
  return TRUE;
}

/* One spelling only, and not the key of nobody. */
static gboolean
parse_key (const char *text, guint8 *key)
{
  static const guint8 no_key[ADIT_WG_KEY_BYTES] = { 0 };
  gsize length = 0;
  guchar *bytes;
  char *again;
  gboolean good;

  if (strlen (text) != KEY_BASE64_BYTES)
    return FALSE;
  bytes = g_base64_decode (text, &length);
  again = g_base64_encode (bytes, length);
  good = length == ADIT_WG_KEY_BYTES && strcmp (again, text) == 0 && memcmp (bytes, no_key, length) != 0;
  if (good)
    memcpy (key, bytes, ADIT_WG_KEY_BYTES);
  adit_wipe (bytes, length);
  adit_wipe (again, strlen (again));
  g_free (bytes);
  g_free (again);
  return good;
}

static const char *
take_list (Reader *self, char *value, const char *(*take) (Reader *self, const char *item))
{
  g_auto (GStrv) items = g_strsplit (value, ",", -1);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      const char *why = take (self, g_strstrip (items[i]));

      if (why != NULL)
        return why;
    }
  return NULL;
}

static const char *
take_private_key (Reader *self, char *value)
{
  return strcmp (value, PRIVATE_KEY_GAP) == 0 ? NULL : "the private key is ours, and none of the service's";
}

/* A net here would be a route of its own, past the tunnel's: the one address is all that this computer needs. */
static const char *
add_address (Reader *self, const char *item)
{
  AditTunnelSpec *spec = self->spec;
  AditPrefix prefix;

  if (!adit_prefix_parse (item, &prefix) || !adit_address_is_unicast (&prefix.address))
    return "that is no address for this computer";
  if (adit_tunnel_spec_has_family (spec, (AditFamily) prefix.address.family))
    return "there are two addresses of one family";
  prefix.prefix_bits = prefix.address.family == ADIT_FAMILY_IPV4 ? 32 : 128;
  spec->addresses[spec->n_addresses++] = prefix;
  return NULL;
}

static const char *
take_address (Reader *self, char *value)
{
  return take_list (self, value, add_address);
}

static const char *
add_dns (Reader *self, const char *item)
{
  AditAddress address;

  if (!adit_address_parse (item, &address) || !adit_address_is_unicast (&address))
    return "that is no resolver's address";
  if (self->spec->n_dns == ADIT_TUNNEL_MAX_DNS)
    return "there are too many resolvers";
  self->spec->dns[self->spec->n_dns++] = address;
  return NULL;
}

static const char *
take_dns (Reader *self, char *value)
{
  return take_list (self, value, add_dns);
}

static const char *
take_mtu (Reader *self, char *value)
{
  return parse_number (value, ADIT_TUNNEL_MTU_MIN_BYTES, ADIT_TUNNEL_MTU_MAX_BYTES, &self->spec->mtu_bytes)
           ? NULL : "the packet size is out of bounds";
}

static const char *
take_public_key (Reader *self, char *value)
{
  return parse_key (value, self->spec->peer_key) ? NULL : "that is no key";
}

static const char *
take_preshared_key (Reader *self, char *value)
{
  guint8 key[ADIT_WG_KEY_BYTES];

  if (!parse_key (value, key))
    return "that is no key";
  self->preshared_key = adit_secret_new (key, sizeof key);
  adit_wipe (key, sizeof key);
  return NULL;
}

/* A name would be looked up where everybody can see it, and an address that is not public is this computer's or a neighbour's. */
static const char *
take_endpoint (Reader *self, char *value)
{
  if (!adit_endpoint_parse (value, &self->spec->peer))
    return "that is no address with a port";
  return adit_address_is_public (&self->spec->peer.address) ? NULL : "that is no public address";
}

/* All or nothing: a tunnel for a part would leave the rest without a way. */
static const char *
add_allowed_ip (Reader *self, const char *item)
{
  AditTunnelSpec *spec = self->spec;
  AditPrefix prefix;

  if (!adit_prefix_parse (item, &prefix) || prefix.prefix_bits != 0)
    return "a tunnel takes everything of a family or nothing";
  for (guint i = 0; i < spec->n_allowed_ips; i++)
    if (adit_prefix_equal (&spec->allowed_ips[i], &prefix))
      return "the same is there twice";
  spec->allowed_ips[spec->n_allowed_ips++] = prefix;
  return NULL;
}

static const char *
take_allowed_ips (Reader *self, char *value)
{
  return take_list (self, value, add_allowed_ip);
}

static const char *
take_keepalive (Reader *self, char *value)
{
  return parse_number (value, 0, G_MAXUINT16, &self->spec->keepalive_s) ? NULL : "that is no number of seconds";
}

static const Key keys[] = {
  { "PrivateKey", IN_INTERFACE, take_private_key },
  { "Address", IN_INTERFACE | MANY, take_address },
  { "DNS", IN_INTERFACE | MANY, take_dns },
  { "MTU", IN_INTERFACE, take_mtu },
  { "PublicKey", IN_PEER, take_public_key },
  { "PresharedKey", IN_PEER, take_preshared_key },
  { "Endpoint", IN_PEER, take_endpoint },
  { "AllowedIPs", IN_PEER | MANY, take_allowed_ips },
  { "PersistentKeepalive", IN_PEER, take_keepalive },
};

static gboolean
begin_section (Reader *self, const char *name, GError **error)
{
  self->section = strcmp (name, "[Interface]") == 0 ? IN_INTERFACE : strcmp (name, "[Peer]") == 0 ? IN_PEER : 0;
  if (self->section == 0)
    return refuse (error, self->line, NULL, "there is no such section");
  if ((self->sections_seen & self->section) != 0)
    return refuse (error, self->line, NULL, "there are two of this section");
  self->sections_seen |= self->section;
  return TRUE;
}

static gboolean
take_pair (Reader *self, const char *name, char *value, GError **error)
{
  gboolean is_name = strlen (name) <= NAME_MAX_BYTES && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) == strlen (name);
  const char *why;
  gsize i = 0;

  while (i < G_N_ELEMENTS (keys) && strcmp (keys[i].name, name) != 0)
    i++;
  /* What cannot be a name may be half of a key. */
  if (i == G_N_ELEMENTS (keys))
    return refuse (error, self->line, is_name && name[0] != '\0' ? name : NULL, "a service has no business saying this");
  if ((keys[i].flags & self->section) == 0)
    return refuse (error, self->line, name, "this is not where it belongs");
  if ((keys[i].flags & MANY) == 0 && (self->keys_seen & 1u << i) != 0)
    return refuse (error, self->line, name, "there are two of it");
  if (value[0] == '\0')
    return refuse (error, self->line, name, "there is nothing behind it");
  self->keys_seen |= 1u << i;
  why = keys[i].take (self, value);
  return why == NULL || refuse (error, self->line, name, why);
}

static gboolean
take_line (Reader *self, char *line, GError **error)
{
  char *equals;

  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '#')
    return TRUE;
  if (line[0] == '[')
    return begin_section (self, line, error);
  equals = strchr (line, '=');
  if (equals == NULL)
    return refuse (error, self->line, NULL, "that is neither a section nor a name with its value");
  *equals = '\0';
  return take_pair (self, g_strchomp (line), g_strchug (equals + 1), error);
}

static gboolean
check_whole (Reader *self, GError **error)
{
  const AditTunnelSpec *spec = self->spec;
  gboolean has_ipv4 = FALSE;
  g_autoptr (GError) problem = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gboolean is_needed = !g_str_equal (keys[i].name, "MTU") && !g_str_equal (keys[i].name, "PresharedKey") &&
                           !g_str_equal (keys[i].name, "PersistentKeepalive");

      if (is_needed && (self->keys_seen & 1u << i) == 0)
        {
          g_autofree char *why = g_strdup_printf ("there is no %s", keys[i].name);

          return refuse (error, 0, NULL, why);
        }
    }
  for (guint i = 0; i < spec->n_allowed_ips; i++)
    has_ipv4 |= spec->allowed_ips[i].address.family == ADIT_FAMILY_IPV4;
  if (!has_ipv4 || !adit_tunnel_spec_has_family (spec, ADIT_FAMILY_IPV4))
    return refuse (error, 0, NULL, "IPv4 does not go through it");
  for (guint i = 0; i < spec->n_addresses; i++)
    if (adit_address_equal (&spec->addresses[i].address, &spec->peer.address))
      return refuse (error, 0, NULL, "this computer and the server have the same address");
  return adit_tunnel_spec_can_start (spec, &problem) || refuse (error, 0, NULL, problem->message);
}

/* Whatever another reader could take for a blank or for the end of a line. */
static gboolean
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text) && *text != '\n' && *text != '\t' && (*text != '\r' || text[1] != '\n'))
      return FALSE;
  return TRUE;
}

/**
 * adit_mysterium_read_template:
 * @text: a WireGuard file with a gap for the private key
 * @spec: (out caller-allocates): the tunnel, without its location
 * @preshared_key: (out) (nullable): its preshared key, yours to free; %NULL where there is none
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE with the line and what is wrong with it, never a value
 *
 * Returns: %TRUE with a tunnel that can be started
 */
gboolean
adit_mysterium_read_template (const char *text, AditTunnelSpec *spec, AditSecret **preshared_key, GError **error)
{
  Reader self = { .spec = spec };
  gsize length = strlen (text);
  char *copy;
  gboolean good = TRUE;

  *preshared_key = NULL;
  memset (spec, 0, sizeof *spec);
  spec->kind = ADIT_TUNNEL_WIREGUARD;
  spec->mtu_bytes = MTU_BYTES;
  if (!is_plain (text))
    return refuse (error, 0, NULL, "there is a character in it that has no place there");
  copy = g_memdup2 (text, length + 1);
  for (char *at = copy, *end; good && at != NULL; at = end)
    {
      end = strchr (at, '\n');
      if (end != NULL)
        *end++ = '\0';
      self.line++;
      good = take_line (&self, at, error);
    }
  adit_wipe (copy, length);
  g_free (copy);
  if (good && check_whole (&self, error))
    {
      *preshared_key = self.preshared_key;
      return TRUE;
    }
  g_clear_pointer (&self.preshared_key, adit_secret_unref);
  return FALSE;
}
